"""From the tables to one figure for each economy, year and indicator, with the age of its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import ties
from .distances import HOME, from_china, kogut_singh

SHARE_NEEDED = 0.6  # of the years of a window


@dataclass(frozen=True, eq=False)
class Measures:
    """Figures by economy and year.

    Attributes
    ----------
    values : DataFrame, (iso3, year) by indicator code
    ages : DataFrame of the same shape, years since the newest observation that a value rests on
    errors : DataFrame, (iso3, year) by code, published standard errors where there are any
    """

    values: pd.DataFrame
    ages: pd.DataFrame
    errors: pd.DataFrame


class Row(NamedTuple):
    """How one indicator is measured: a row of `risk_structure`."""

    code: str
    table: str
    indicator: str
    measure: str
    window: int
    max_age: int | None
    scale: str
    panel: str


def measure(tables: dict[str, pd.DataFrame], years: Sequence[int]) -> Measures:
    """Make the indicators of the index for some years.

    Parameters
    ----------
    tables : as from :func:`sme_analysis.risk.tables.gather`
    years : calendar years

    Returns
    -------
    Measures
        For every economy but China. An observation is used for `max_age` years after its own; a
        mean or a deviation needs six in ten of the years of its window. Nothing is interpolated.
    """
    economies = _hosts(tables["economies"])
    span = list(years)
    calendar = list(range(min(span) - 25, max(span) + 1))
    values, ages, errors = {}, {}, {}
    for row in rows_of(tables["risk_structure"]):
        wide, age = _one(row, tables, economies, calendar)
        if row.panel == "user" and bool(wide.isna().all(axis=None)):
            continue
        values[row.code] = _long(_scaled(wide, row.scale), span)
        ages[row.code] = _long(age, span)
        if row.table == "governance_indicators" and row.measure == "latest":
            sizes = _wide(tables[row.table], row.indicator, economies, calendar, "standard_error")
            errors[row.code] = _long(_carried(sizes, row.max_age or 0)[0], span)
    index = pd.MultiIndex.from_product([economies, span], names=["iso3", "year"])
    return Measures(
        pd.DataFrame(values, index), pd.DataFrame(ages, index), pd.DataFrame(errors, index)
    )


def rows_of(structure: pd.DataFrame) -> list[Row]:
    """Indicators of the table `risk_structure`, in order."""
    table = structure[structure["measure"].notna()].sort_values("place")
    return [
        Row(
            str(entry["code"]),
            "own" if pd.isna(entry["table"]) else str(entry["table"]),
            "" if pd.isna(entry["indicator"]) else str(entry["indicator"]),
            str(entry["measure"]),
            int(entry["window"]),
            None if pd.isna(entry["max_age"]) else int(entry["max_age"]),
            str(entry["scale"]),
            str(entry["panel"]),
        )
        for entry in table.to_dict("records")
    ]


def _long(wide: pd.DataFrame, years: list[int]) -> pd.Series:
    return pd.Series(
        wide[years].to_numpy(dtype=float).ravel(),
        pd.MultiIndex.from_product([wide.index, years], names=["iso3", "year"]),
    )


def _hosts(economies: pd.DataFrame) -> list[str]:
    rows = economies[(economies["kind"] == "economy") & (economies["iso3"] != HOME)]
    return sorted(rows["iso3"])


def _one(
    row: Row, tables: dict[str, pd.DataFrame], economies: list[str], calendar: list[int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures and their ages, economies by calendar years, before scaling."""
    table = tables[row.table]
    if row.measure in ties.MEASURES:
        wide = ties.MEASURES[row.measure](table, economies, calendar)
        return wide, _ages(wide)
    if row.measure == "kogut_singh":
        return _institutional(table, economies, calendar, row.max_age or 0)
    if row.table == "distance_to_china":
        table = table.rename(columns={"kind": "indicator"})
    elif row.table == "un_ideal_points":
        table = table.rename(columns={"ideal_point": "value"}).assign(indicator=row.indicator)
    if row.max_age is None:
        rows = table[table["indicator"] == row.indicator]
        constant = rows.set_index("iso3")["value"].reindex(economies)
        wide = pd.DataFrame(dict.fromkeys(calendar, constant))
        return wide, _ages(wide)
    wide = _derived(row, table, [*economies, HOME], calendar).reindex(economies)
    if row.measure in ("mean", "deviation", "log_change"):
        return _windowed(wide, row)
    return _carried(wide, row.max_age)


def _derived(
    row: Row, table: pd.DataFrame, economies: list[str], calendar: list[int]
) -> pd.DataFrame:
    """The series itself, or what is made of it and others year by year."""
    wide = _wide(table, row.indicator, economies, calendar)
    if row.measure == "from_china":
        return from_china(wide)
    if row.measure == "months_of_imports":
        imports, gdp = (
            _carried(_wide(table, name, economies, calendar), row.max_age or 0)[0]
            for name in ("imports", "gdp")
        )
        return 12.0 * wide / (imports / 100.0 * gdp)
    if row.measure == "per_income":
        return wide / _wide(table, "gni_per_capita", economies, calendar)
    return wide


def _wide(
    table: pd.DataFrame, name: str, economies: list[str], calendar: list[int], column: str = "value"
) -> pd.DataFrame:
    rows = table[table["indicator"] == name]
    wide = rows.pivot(index="iso3", columns="year", values=column)
    return wide.reindex(index=economies, columns=calendar).astype("float64")


def _carried(wide: pd.DataFrame, limit: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Last observation of at most `limit` years before, and its age."""
    age = _ages(wide)
    return wide.ffill(axis=1).where(age <= limit), age.where(age <= limit)


def _ages(wide: pd.DataFrame) -> pd.DataFrame:
    """Years since the newest observation, economies by years; NaN before the first."""
    years = wide.columns.to_numpy(dtype=float)
    when = pd.DataFrame(np.where(wide.notna(), years, np.nan), wide.index, wide.columns)
    return pd.DataFrame(years - when.ffill(axis=1).to_numpy(), wide.index, wide.columns)


def _windowed(wide: pd.DataFrame, row: Row) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A statistic of the `window` years up to each year."""
    needed = max(2, int(np.ceil(SHARE_NEEDED * row.window)))
    turned = wide.T
    if row.measure == "log_change":
        result = _log_change(pd.DataFrame(np.log(turned)), row.window, needed)
    else:
        window = turned.rolling(row.window, min_periods=needed)
        result = window.mean() if row.measure == "mean" else window.std(ddof=1)
    age = _ages(wide)
    result = result.T.where(age <= (row.max_age or 0))
    return result, age.where(result.notna())


def _log_change(logs: pd.DataFrame, span: int, needed: int) -> pd.DataFrame:
    """Mean yearly change of a logarithm between the first and last observation of a window.

    A window holds `span` changes, hence span + 1 years; the two must lie `needed` years apart.
    """
    last = logs.ffill(limit=span)
    first = logs[::-1].ffill(limit=span)[::-1].shift(span)
    when = logs.notna().mul(logs.index.to_numpy(dtype=float), axis=0).where(logs.notna())
    apart = when.ffill(limit=span) - when[::-1].ffill(limit=span)[::-1].shift(span)
    return ((last - first) / apart.where(apart >= needed)).astype("float64")


def _institutional(
    table: pd.DataFrame, economies: list[str], calendar: list[int], limit: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    wide = pd.DataFrame(np.nan, index=economies, columns=calendar)
    for year, rows in table.groupby("year"):
        if year in wide.columns:
            measured = rows.pivot(index="iso3", columns="indicator", values="value")
            wide[year] = kogut_singh(measured).reindex(economies)
    return _carried(wide, limit)


def _scaled(wide: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Bring a skewed figure to logarithms; log1p holds what is below zero at zero."""
    if scale == "log":
        return pd.DataFrame(np.log(wide.where(wide > 0)))
    if scale == "log1p":
        return pd.DataFrame(np.log1p(wide.clip(lower=0.0)))
    return wide
