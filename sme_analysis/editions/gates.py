"""What a fetched series must pass before it takes the place of the one in use.

Three faults of a service look like data: an answer that lost half of its economies, a series that
changed its unit, and a series that is another one under the same name. They are refused here; what
can be refused from an answer alone is refused where it is read.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..data.governance import INDICATORS, governance_edition, method

SERIES = {
    "country_indicators": "indicator",
    "governance_indicators": "indicator",
    "direct_investment_positions": "basis",
    "goods_trade_by_partner": "flow",
    "development_finance_by_economy": "flow_class",
}
"""Column that tells the series of a table apart."""
_KEPT = 0.5  # share of the cells and of the economies that must still be there
_FACTOR = 2.0  # a median ratio beyond this, or below its inverse, is another unit


def refused(table: str, base: pd.DataFrame, rows: pd.DataFrame) -> Iterator[str]:
    """Compare fetched series with those in use; yield one sentence for each that is refused.

    Parameters
    ----------
    table : str
    base : DataFrame
        The table in use; empty where there is none.
    rows : DataFrame
        Fetched rows, in the columns of the table.
    """
    column = SERIES[table]
    for name, new in rows.groupby(column):
        old = base[base[column] == name]
        if old.empty:
            continue
        yield from _coverage(str(name), old, new)
        if _methods(old) == _methods(new):
            yield from _unit(str(name), old, new)


def _coverage(name: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    known, there = set(old["iso3"]), set(new["iso3"])
    cells = pd.MultiIndex.from_frame(old[["iso3", "year"]])
    kept = cells.isin(pd.MultiIndex.from_frame(new[["iso3", "year"]])).mean()
    if len(known & there) < _KEPT * len(known):
        yield (
            f"{name}: the coverage is halved: {len(known & there)} of {len(known)} economies are "
            "left"
        )
    elif kept < _KEPT and old["year"].nunique() > 1:
        yield f"{name}: the coverage is halved: {kept:.0%} of the figures in use are left"


def _unit(name: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    if set(new["unit"]) != set(old["unit"]):
        yield f"{name}: the unit has changed from {_listed(old)} to {_listed(new)}"
        return
    both = old.merge(new, on=["iso3", "year"], suffixes=("_old", "_new"))
    both = both[(both["value_old"] != 0) & (both["value_new"] != 0)]
    ratio = (both["value_new"] / both["value_old"]).abs().median()
    if pd.notna(ratio) and not 1 / _FACTOR <= ratio <= _FACTOR:
        yield (
            f"{name}: the unit has changed: the figures are {ratio:,.3g} times those in use, "
            "by the median of the same economies and years"
        )


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(sorted(rows["unit"].unique()))


def _methods(rows: pd.DataFrame) -> set[str]:
    return {method(source) for source in rows["source_id"].unique()}


def mixed(table: str, whole: pd.DataFrame, register: pd.DataFrame) -> Iterator[str]:
    """Refuse a table whose governance indicators would come from two editions."""
    if SERIES[table] != "indicator":
        return
    ids = whole.loc[whole["indicator"].isin(INDICATORS), "source_id"].nunique()
    if ids > 1:
        yield (
            "the governance indicators would come from two editions, which must not be joined: "
            f"name all of them, {', '.join(INDICATORS)}, or none"
        )
    else:
        governance_edition(whole, register)


def replaced(table: str, base: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table in use with every fetched series in place of the one it had, as a whole."""
    column = SERIES[table]
    kept = base[~base[column].isin(rows[column].unique())]
    parts = [part for part in (kept, rows[list(base.columns)]) if len(part)]
    return pd.concat(parts, ignore_index=True)
