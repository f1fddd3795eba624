"""Descriptive statistics of investment data: growth, shares, concentration, contributions, ranks.

Pure functions. Results carry the index (and columns) of what came in: a Series gives a Series, a
DataFrame a DataFrame worked out column by column, anything else a NumPy array. A missing value is
never read as zero, and an infinite one is refused. Growth, shares, concentration ratios and
contributions are in percent or percentage points; nothing is rounded.
"""

from __future__ import annotations

from .change import cagr, cagr_of, contribution_to_growth, growth
from .concentration import concentration_ratio, effective_number, herfindahl, herfindahl_by
from .structure import rank, shares, top_n

__all__ = [
    "cagr",
    "cagr_of",
    "concentration_ratio",
    "contribution_to_growth",
    "effective_number",
    "growth",
    "herfindahl",
    "herfindahl_by",
    "rank",
    "shares",
    "top_n",
]
