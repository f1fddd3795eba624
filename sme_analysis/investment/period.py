"""What the modules of this package share: the measures, and choosing years."""

from __future__ import annotations

import pandas as pd

from ..errors import ParameterError, unknown

MEASURES = ("flow", "stock")


def check_measure(measure: str) -> None:
    """Refuse a measure that is neither flow nor stock."""
    if measure not in MEASURES:
        raise ParameterError(unknown("measure", measure, MEASURES))


def between(years: pd.Series, first: int | None, last: int | None) -> pd.Series:
    """Say which years lie in a period; None leaves an end open."""
    keep = pd.Series(True, index=years.index)
    if first is not None:
        keep &= years >= first
    if last is not None:
        keep &= years <= last
    return keep
