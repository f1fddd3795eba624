"""What a figure printed with a qualifier says: the interval its words allow.

Two readings stand side by side. What the words *guarantee* is one-sided: "more than 60%" says no
more than that the share lies above 60. How far the other side *reasonably reaches* is a convention
of this project: a writer who prints "more than 60%" would have found a better word at 70%.

============  ===========================  =====================================================
word          guaranteed                   reading
============  ===========================  =====================================================
exact         the rounding of the figure   half a unit of the last printed digit, either side
about         nothing                      half a round step either side (5 for 40, 2.5 for 45,
                                           1 for any other figure)
over          above                        up to the next round figure: 10 more for 60, else 5
at_least      this or more                 as for `over`
under         below                        down to the round figure before: 10 less, else 5
at_most       this or less                 as for `under`
nearly        below                        closer to the figure than to the round one before:
                                           5 less for 70, else 2.5
============  ===========================  =====================================================
"""

from __future__ import annotations

import pandas as pd

from ..errors import DataError, unknown
from ..rounding import last_digit

WORDS = ("exact", "about", "over", "at_least", "under", "at_most", "nearly")
STRICT = ("over", "under", "nearly")  # the figure itself is excluded
_UP, _DOWN = ("over", "at_least"), ("under", "at_most", "nearly")


def reading(value: float, bound: str) -> tuple[float, float]:
    """Return the interval in which a printed share reasonably lies, in percent.

    Parameters
    ----------
    value : float
        The printed share, 0 to 100.
    bound : str
        One of :data:`WORDS`.

    Raises
    ------
    DataError
        If the word is not known.

    Examples
    --------
    >>> reading(70, "nearly"), reading(60, "over"), reading(43.6, "exact"), reading(95, "over")
    ((65.0, 70.0), (60.0, 70.0), (43.55, 43.65), (95.0, 100.0))
    """
    step = 10.0 if value % 10 == 0 else 5.0
    if bound == "exact":
        below = above = last_digit(value) / 2
    elif bound == "about":
        below = above = step / 2 if value % 5 == 0 else 1.0
    elif bound in _UP:
        below, above = 0.0, step
    elif bound == "nearly":
        below, above = step / 2, 0.0
    elif bound in _DOWN:
        below, above = step, 0.0
    else:
        raise DataError(unknown("qualifier", bound, WORDS))
    return round(max(0.0, value - below), 9), round(min(100.0, value + above), 9)


def guaranteed(value: float, bound: str) -> tuple[float, float]:
    """Return what the words alone guarantee, in percent; the open side runs to 0 or 100.

    Examples
    --------
    >>> guaranteed(70, "nearly"), guaranteed(60, "over"), guaranteed(50, "about")
    ((0.0, 70.0), (60.0, 100.0), (0.0, 100.0))
    """
    if bound == "about":
        return 0.0, 100.0
    low, high = reading(value, bound)
    return (low, 100.0) if bound in _UP else (0.0, high) if bound in _DOWN else (low, high)


def with_bounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what each share guarantees and how it is read.

    Parameters
    ----------
    rows : DataFrame
        `value` in percent and `bound`, as in the table `survey_responses`.

    Returns
    -------
    DataFrame
        The rows that have a value, with `low_said`, `high_said` (guaranteed) and `low`, `high`
        (reading), in percent.
    """
    kept = rows.dropna(subset=["value"]).copy()
    pairs = list(zip(kept["value"].astype(float), kept["bound"].astype(str), strict=True))
    said = [guaranteed(*pair) for pair in pairs]
    read = [reading(*pair) for pair in pairs]
    kept["low_said"], kept["high_said"] = [a for a, _ in said], [b for _, b in said]
    kept["low"], kept["high"] = [a for a, _ in read], [b for _, b in read]
    return kept
