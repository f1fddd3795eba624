"""What China and an economy have agreed, by year."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

# Not states that sign such treaties or join the Belt and Road: what does not apply stays blank.
NOT_APPLICABLE = ("HKG", "MAC", "TWN")


def in_force(table: pd.DataFrame, economies: Iterable[str], years: Iterable[int]) -> pd.DataFrame:
    """Whether a treaty or agreement was in force in a year.

    Parameters
    ----------
    table : DataFrame
        `iso3`, `status`, `in_force` (ISO date, as exact as known) and, if need be, `terminated`.
        A treaty counts from the year of its entry into force and no longer in the year of its
        end. Where a date is missing, the years that it would decide are left blank; a treaty in
        force since an unknown year counts in the last of `years`.
    economies, years : codes, and calendar years

    Returns
    -------
    DataFrame, economies by years
        1.0, 0.0, or NaN where it cannot be said.
    """
    wide = _by_year(table, economies, years, "in_force", "terminated", known=("in_force",))
    if "first_signed" in table.columns:
        earlier = table[table["first_signed"].str[:4] < table["signed"].str[:4]]
        for iso3, since in zip(earlier["iso3"], _years(earlier["first_signed"]), strict=True):
            if iso3 in wide.index:
                undated = (wide.columns.to_numpy() >= since) & (wide.loc[iso3] == 0).to_numpy()
                wide.loc[iso3, undated] = np.nan
    return wide


def member(table: pd.DataFrame, economies: Iterable[str], years: Iterable[int]) -> pd.DataFrame:
    """Whether an economy was in the Belt and Road in a year: 1.0, 0.0, NaN where none could join.

    As :func:`sme_analysis.economies.members` counts: from the year of joining, no longer in the
    year of leaving; a member without a date of joining from 2013.
    """
    rows = table[table["status"] != "not_member"]
    rows = rows.assign(joined=rows["joined"].fillna("2013"))
    wide = _by_year(rows, economies, years, "joined", "left", known=())
    wide.loc[wide.index.isin(NOT_APPLICABLE)] = np.nan
    return wide


def _by_year(
    table: pd.DataFrame, economies: Iterable[str], years: Iterable[int],
    start: str, end: str, known: tuple[str, ...],
) -> pd.DataFrame:  # fmt: skip
    wide = pd.DataFrame(0.0, index=list(economies), columns=list(years))
    ends = table[end] if end in table.columns else pd.Series(None, table.index, dtype=object)
    for iso3, status, first, last in zip(
        table["iso3"], table["status"], _years(table[start]), _years(ends), strict=True
    ):
        if iso3 not in wide.index:
            continue
        row = wide.columns.to_numpy()
        if np.isnan(first):
            if status in known:
                unknown = (wide.loc[iso3] == 0) & (row < row.max())
                wide.loc[iso3, unknown.to_numpy()] = np.nan
                wide.loc[iso3, row.max()] = 1.0
            continue
        if status == "terminated" and np.isnan(last):
            wide.loc[iso3, row >= first] = np.nan
            continue
        during = (row >= first) & ~(row >= last)
        wide.loc[iso3, during] = 1.0
    return wide


def _years(dates: pd.Series) -> np.ndarray:
    return np.array([float(str(d)[:4]) if pd.notna(d) else np.nan for d in dates])


Agreement = Callable[[pd.DataFrame, Iterable[str], Iterable[int]], pd.DataFrame]
MEASURES: dict[str, Agreement] = {"in_force": in_force, "member": member}
