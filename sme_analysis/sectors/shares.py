"""What investment consists of: shares by sector and period, and how concentrated they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from .. import statistics
from ..errors import ParameterError
from ..statistics.numbers import column_names


def in_periods(years: pd.Series, starts: Sequence[int], end: int | None = None) -> pd.Series:
    """Name the period of each year.

    Parameters
    ----------
    years : Series of int
    starts : first year of each period, ascending
    end : last year of the last period; by default the last year of the data

    Returns
    -------
    Series of str
        Such as "2005-2009"; missing outside all periods.

    Raises
    ------
    ParameterError
        If no start is given, or the years do not ascend.

    Examples
    --------
    >>> in_periods(pd.Series([2004, 2009, 2010, 2012]), [2005, 2010]).to_list()
    [nan, '2005-2009', '2010-2012', '2010-2012']
    """
    last = end if end is not None else int(years.max()) if len(years) else 0
    edges = [*starts, last + 1]
    if not starts or any(left >= right for left, right in pairwise(edges)):
        raise ParameterError(f"periods must start in ascending years up to {last}: {[*starts]}.")
    pairs = [(left, right - 1) for left, right in pairwise(edges)]
    names = [f"{left}-{right}" if left < right else str(left) for left, right in pairs]
    return pd.cut(years, edges, right=False, labels=names).astype("object").astype("str")


def mix(
    frame: pd.DataFrame, value: str, *, sector: str = "analysis_sector", period: str = "period"
) -> pd.DataFrame:
    """Shares of the sectors in each period.

    A sector that a period does not name has nothing there when the source lists every transaction;
    it is then shown with zero, so that every period has the same sectors.

    Parameters
    ----------
    frame : DataFrame, rows of any detail (they are added up)
    value : column of counts or amounts, in one unit; missing values are left out
    sector, period : columns of the labels

    Returns
    -------
    DataFrame
        `period`, `sector`, value, `share` (percent of the period), `rank` (1 is the largest),
        sorted by period and rank.

    Raises
    ------
    ParameterError
        If a column does not exist.

    Examples
    --------
    >>> deals = pd.DataFrame({"period": [1, 1, 2], "sector": ["A", "B", "A"], "deals": [3, 1, 2]})
    >>> mix(deals, "deals", sector="sector")["share"].to_list()
    [75.0, 25.0, 100.0, 0.0]
    """
    column_names(frame, [period, sector], value)
    sums = frame.pivot_table(index=period, columns=sector, values=value, aggfunc="sum")
    table = sums.fillna(0.0).reset_index().melt(period, var_name=sector, value_name=value)
    table["share"] = statistics.shares(table[value], by=table[period])
    table["rank"] = table.groupby(period)[value].rank(ascending=False, method="min").astype("int64")
    return table.sort_values([period, "rank", sector], ignore_index=True)


def concentration(
    frame: pd.DataFrame,
    value: str,
    *,
    sector: str = "analysis_sector",
    period: str = "period",
    k: int = 3,
) -> pd.DataFrame:
    """How concentrated the sectors are, period by period.

    Parameters
    ----------
    frame, value, sector, period : as in :func:`mix`; negative values are refused
    k : how many of the largest sectors count towards `top`

    Returns
    -------
    DataFrame
        Indexed by period: `total`, `sectors` (those above zero), `herfindahl` (0 to 1),
        `effective_number` (equal sectors of the same index: Adelman 1969), `top` (percent).
    """
    column_names(frame, [period, sector], value)
    sums = frame.pivot_table(index=period, columns=sector, values=value, aggfunc="sum").fillna(0.0)
    return pd.DataFrame(
        {
            "total": sums.sum(axis=1),
            "sectors": (sums > 0).sum(axis=1),
            "herfindahl": statistics.herfindahl(sums, axis=1),
            "effective_number": statistics.effective_number(sums, axis=1),
            "top": statistics.concentration_ratio(sums, k, axis=1),
        }
    )
