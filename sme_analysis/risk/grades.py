"""Grades of risk, given only as finely as the interval of a rank allows."""

from __future__ import annotations

import numpy as np
import pandas as pd

GRADES = ("low", "moderately low", "moderate", "moderately high", "high")


def grade(rank: float, of: int) -> str:
    """Grade of a rank: the fifth of the ranked economies in which it lies, 1 being least risk.

    Cut-offs are at 20, 40, 60 and 80 percent of (rank - 1/2) / of.

    Examples
    --------
    >>> grade(1, 10), grade(3, 10), grade(10, 10)
    ('low', 'moderately low', 'high')
    """
    return GRADES[_fifth(rank, of)]


def span(low: float, high: float, of: int) -> str:
    """Grade of an interval of ranks: one grade if both ends lie in it, else the two it spans.

    Examples
    --------
    >>> span(1, 2, 10), span(1, 5, 10)
    ('low', 'low to moderate')
    """
    ends = _fifth(low, of), _fifth(high, of)
    return GRADES[ends[0]] if ends[0] == ends[1] else f"{GRADES[ends[0]]} to {GRADES[ends[1]]}"


def spans(low: pd.Series, high: pd.Series, of: int) -> list[str]:
    """Grades of many intervals."""
    return [span(a, b, of) for a, b in zip(low, high, strict=True)]


def _fifth(rank: float, of: int) -> int:
    return int(np.clip(np.floor(5 * (rank - 0.5) / of), 0, 4))
