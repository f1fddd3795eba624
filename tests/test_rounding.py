"""Written numbers: half up on the printed decimals, thousands separated, a true minus."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sme_analysis.rounding import MINUS, fixed, plain

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)


def read(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(MINUS, "-"))


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (46.05, 1, "46.1"),
        (2.675, 2, "2.68"),
        (0.125, 2, "0.13"),
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0.0"),
        (-0.05, 1, "−0.1"),
        (-0.0, 2, "0.00"),
        (0, 1, "0.0"),
        (999.95, 1, "1,000.0"),
        (1234567.891, 1, "1,234,567.9"),
        (1e15, 0, "1,000,000,000,000,000"),
        (1e-12, 2, "0.00"),
        (np.float64(46.05), 1, "46.1"),
        (np.int64(58000), 0, "58,000"),
        (7, 0, "7"),
    ],
)
def test_fixed(value, decimals, text):
    assert fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (192.2, "192.2"),
        (52000.0, "52,000"),
        (-0.021, "−0.021"),
        (3.40, "3.4"),
        (0, "0"),
        (1234567.5, "1,234,567.5"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_plain(value, text):
    assert plain(value) == text


@given(NUMBERS, st.integers(0, 6))
def test_fixed_rounds_what_is_printed_half_up(value, decimals):
    exact = Decimal(repr(value))
    expected = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = fixed(value, decimals)
    assert read(text) == expected
    assert len(text.partition(".")[2]) == decimals
    assert "-" not in text
    assert (MINUS in text) == (expected < 0)


@given(NUMBERS)
def test_plain_loses_nothing_that_a_source_prints(value):
    kept = float(f"{value:.6g}")
    assert math.isclose(float(read(plain(kept))), kept)
    assert "-" not in plain(kept).replace("e-", "")
