"""Observations, models and tables of the regressions on following."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..errors import DataError
from ..statistics.numbers import column_names, one_of
from .presence import presence
from .regression import Fit, fit

# What is held fixed -> the fixed effects. Sector and year together always are.
MODELS: Mapping[str, tuple[str, ...]] = {
    "sector_year": ("sector_year",),
    "host": ("host", "sector_year"),
    "host_year": ("host_year", "sector_year"),
    "host_sector": ("host_sector", "sector_year"),
}
PRESENCE, ELSEWHERE, FUTURE = "presence", "presence_elsewhere", "future_presence"
# Terms whose difference is estimated where both are in a regression.
_GAPS = {"past_less_future": (PRESENCE, FUTURE), "recent_less_older": ("recent", "older")}


def size_and_income(indicators: pd.DataFrame) -> pd.DataFrame:
    """Make controls for size and income out of the table `country_indicators`.

    Returns
    -------
    DataFrame
        `iso3`, `year`, `log_gdp`, `log_gdp_per_person` (natural logarithms of US$) of the year
        before, since a project cannot wait for the accounts of its own year.
    """
    known = indicators[indicators["indicator"].isin(["gdp", "population"])]
    wide = known.pivot(index=["iso3", "year"], columns="indicator", values="value").reset_index()
    return pd.DataFrame(
        {
            "iso3": wide["iso3"],
            "year": wide["year"] + 1,
            "log_gdp": np.log(wide["gdp"]),
            "log_gdp_per_person": np.log(wide["gdp"] / wide["population"]),
        }
    )


def sample(
    frame: pd.DataFrame,
    controls: pd.DataFrame | Sequence[pd.DataFrame],
    half_life: float,
    host: str,
    sector: str,
    year: str,
    count: str,
) -> tuple[pd.DataFrame, list[str]]:
    """Observations with their regressors and effects, and the names of the controls."""
    rows = presence(frame, half_life, host=host, sector=sector, year=year, count=count)
    rows = rows.dropna(subset=[count])
    names: list[str] = []
    for table in [controls] if isinstance(controls, pd.DataFrame) else controls:
        keys = [key for key in (host, year) if key in table.columns]
        column_names(table, host)
        names += [name for name in table.columns if name not in keys]
        rows = rows.merge(table, on=keys, how="left", validate="many_to_one")
    rows = rows.assign(
        **{
            PRESENCE: np.log1p(rows["presence"]),
            ELSEWHERE: np.log1p(rows["elsewhere"]),
            FUTURE: np.log1p(rows["following"]),
            "host": rows[host],
            "sector_year": rows.groupby([sector, year]).ngroup(),
            "host_year": rows.groupby([host, year]).ngroup(),
            "host_sector": rows.groupby([host, sector]).ngroup(),
        }
    )
    return rows, names


def tables(
    rows: pd.DataFrame,
    regressors: list[str],
    controls: list[str],
    models: Iterable[str],
    count: str,
    level: float,
) -> pd.DataFrame:
    """Fit every model and put the tables under one another."""
    found = []
    for model in models:
        one_of("model", model, tuple(MODELS))
        terms = [*regressors, *controls]
        if model == "host_year":
            # The host's other sectors are its total less this one: no separate information.
            terms = [name for name in regressors if name != ELSEWHERE]
        used = rows.dropna(subset=controls) if controls else rows
        if used.empty:
            raise DataError("no host and year has all the controls.")
        fitted = fit(used, count, terms, MODELS[model], cluster="host")
        table = fitted.table(level)
        names = fitted.estimates.index
        for gap, (one, other) in _GAPS.items():
            if {one, other} <= set(names):
                weights = (names == one).astype("float64") - (names == other)
                row = fitted.combine(weights[None, :], [gap], level)
                table = pd.concat([table, row], ignore_index=True)
        found.append(_described(table, fitted, model, len(rows) - len(used)))
    return pd.concat(found, ignore_index=True)


def _described(table: pd.DataFrame, fitted: Fit, model: str, missing: int) -> pd.DataFrame:
    table.insert(0, "model", model)
    return table.assign(
        observations=fitted.observations,
        clusters=fitted.clusters,
        missing=missing + fitted.missing,
        singletons=fitted.singletons,
        separated=fitted.separated,
    )
