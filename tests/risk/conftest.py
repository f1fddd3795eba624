"""A small world in which every figure of the index can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis.risk import tables as risk_tables


@pytest.fixture(scope="session")
def shipped() -> dict[str, pd.DataFrame]:
    return {name: sme.load(name) for name in risk_tables.NAMES}


@pytest.fixture(scope="session")
def scores() -> pd.DataFrame:
    return sme.risk.score()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)
