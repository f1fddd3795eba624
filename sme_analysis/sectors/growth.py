"""Sectors on the rise between two periods, with caution where counts are small."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal

import numpy as np
import pandas as pd

from ..errors import ParameterError, unknown
from ..statistics.numbers import column_names, floats, one_of, positive_integer
from .intervals import rate_ratio


def emerging(
    frame: pd.DataFrame,
    count: str,
    first: Hashable,
    last: Hashable,
    *,
    sector: str = "analysis_sector",
    period: str = "period",
    relative_to: Literal["all", "years"] = "all",
    years: tuple[float, float] | None = None,
    min_count: int = 5,
    level: float = 0.95,
) -> pd.DataFrame:
    """Growth of the sectors' counts between two periods, and whether chance could explain it.

    Counts are compared before amounts, because one large deal can make a sector's amount. The
    interval is the exact one of :func:`rate_ratio`. It takes deals as independent events; where
    one investor's deals come in series it is too narrow.

    Parameters
    ----------
    frame : DataFrame, rows of any detail (they are added up)
    count : column of counts
    first, last : the two periods compared
    sector, period : columns of the labels
    relative_to : "all" or "years"
        "all": has the sector grown more than everything together, that is, has its share risen?
        "years": have there been more per year? This needs `years`, the length of both periods.
    years : lengths of the first and the last period in years
    min_count : fewest deals in the last period for a sector to be called emerging
    level : coverage of the intervals

    Returns
    -------
    DataFrame
        `sector`, `before`, `after` (counts), `share_before`, `share_after` (percent), `ratio`,
        `low`, `high`, `p_value`, `judgement`: "emerging" (the whole interval above one and
        `min_count` reached), "receding" (the whole interval below one), "no clear change", or "too
        few" (fewer than `min_count` in both periods). Largest lower end first.

    Raises
    ------
    ParameterError
        If a column or a period does not exist, or `years` is missing where it is needed.
    """
    column_names(frame, [period, sector], count)
    one_of("relative_to", relative_to, ("all", "years"))
    positive_integer("min_count", min_count)
    for chosen in (first, last):
        if chosen not in set(frame[period]):
            raise ParameterError(unknown("period", chosen, map(str, frame[period].unique())))
    wide = frame.pivot_table(index=sector, columns=period, values=count, aggfunc="sum").fillna(0)
    before, after = floats(wide[first]), floats(wide[last])
    totals = before.sum(), after.sum()
    if relative_to == "years" and years is None:
        raise ParameterError("relative_to='years' needs years=(length of first, length of last).")
    exposure = totals if years is None or relative_to == "all" else years
    compared = rate_ratio(before, after, *exposure, level=level).set_index(wide.index)
    shares = {"share_before": 100 * before / totals[0], "share_after": 100 * after / totals[1]}
    table = pd.DataFrame({"before": before, "after": after, **shares}, index=wide.index)
    table = table.join(compared)
    table["judgement"] = np.select(
        [
            (before < min_count) & (after < min_count),
            (table["low"] > 1) & (after >= min_count),
            table["high"] < 1,
        ],
        ["too few", "emerging", "receding"],
        "no clear change",
    )
    return table.sort_values(["low", "after"], ascending=False).reset_index()
