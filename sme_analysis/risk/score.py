"""Scores and ranks of one year, with what they rest on; and who has none, and why."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..composite import Index
from ..composite.index import ranks_of
from ..economies import members
from ..errors import DataError
from . import declared
from .model import BOTTOM, TOP, Model, model
from .tables import Tables

WORLD = "World"
Weights = str | Mapping[str, float]


def score(
    year: int | None = None, weights: Weights = "equal", aggregation: str = "arithmetic",
    group: str = WORLD, *, own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Score the risk of every host economy in a year.

    Parameters
    ----------
    year : int, optional
        From 2005 to the newest year of the indicators, which is the default.
    weights : str or mapping
        See :func:`sme_analysis.risk.weights`.
    aggregation : "arithmetic" or "geometric"
        How the dimensions are joined. The geometric mean is taken of safety, so that a dimension
        in which a host is very risky cannot be made good elsewhere.
    group : str
        Rank among the members of a group in that year; scores are those among all economies.
    own : DataFrame, optional
        Indicators of one's own: `iso3`, `year`, `indicator`, `value`.
    tables : mapping of table name to DataFrame, optional
        In place of the shipped ones.

    Returns
    -------
    DataFrame, least risky first
        `iso3`, `economy`, `rank` (1 is the least risk), `risk` and one column for each dimension
        (0 to 100, more is riskier), `coverage` (share of the indicators that it has), `missing`
        (their number), `age` (mean years between the figures and `year`), `oldest` (years).

    Raises
    ------
    DataError
        If there are no scores for the year.
    ParameterError, UnknownNameError
        If weights, aggregation or group are none.

    Notes
    -----
    Each indicator is set between goalposts, the 2.5th and 97.5th percentile over all economies and
    all years from 2005, and held there; indicators of a pillar or dimension weigh the same; a
    missing indicator is left out and its weight goes to its siblings. OECD/JRC (2008), steps 3
    to 6.
    """
    made = model(tables=tables, own=own)
    index = built(made, year, weights, aggregation)
    table = _scores(index, made)
    when = chosen_year(made, year)
    table = table.join(_quality(made, index, when))
    table = table[table.index.isin(among(group, when))]
    table.insert(0, "economy", table.index.map(made.names))
    table.insert(1, "rank", ranks_of(-table["risk"].to_numpy()[None])[0].astype(int))
    order = table.rename_axis("iso3").reset_index()
    return order.sort_values(["rank", "economy"], ignore_index=True)


def left_out(
    year: int | None = None, group: str = WORLD, *, own: pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """List the economies without a score, with the reason.

    Returns
    -------
    DataFrame
        `iso3`, `economy`, `coverage` (share of all indicators that it has), `reason`.
    """
    made = model(tables=tables, own=own)
    when = chosen_year(made, year)
    screened = built(made, year, "equal").report("screened")
    table = screened[~screened["kept"] & screened.index.isin(among(group, when))]
    names = {code: name.casefold() for code, name in declared.dimensions(tables=tables).items()}
    names[declared.ROOT] = "all"
    reasons = []
    for text in table["reason"]:
        share, _, rest = text.partition(" of ")
        code, _, least = rest.partition(", below ")
        reasons.append(f"has {share} of {names[code]} indicators; at least {least} are needed")
    result = pd.DataFrame(
        {"iso3": table.index, "economy": table.index.map(made.names),
         "coverage": table[f"available_{declared.ROOT}"].to_numpy(), "reason": reasons}
    )  # fmt: skip
    return result.sort_values(["coverage", "economy"], ascending=[False, True], ignore_index=True)


def missing(
    year: int | None = None, *, own: pd.DataFrame | None = None, tables: Tables | None = None
) -> pd.DataFrame:
    """List every indicator that a scored economy lacks: `iso3`, `economy`, `code`, `name`."""
    made = model(tables=tables, own=own)
    index = built(made, year, "equal")
    gaps = index.data.loc[index.units, list(index.structure.indicators)].isna()
    pairs = gaps.rename_axis("iso3").reset_index().melt("iso3", var_name="code", value_name="lacks")
    pairs = pairs[pairs["lacks"]].sort_values(["iso3", "code"])
    return pd.DataFrame(
        {"iso3": pairs["iso3"], "economy": pairs["iso3"].map(made.names), "code": pairs["code"],
         "name": pairs["code"].map(index.structure.names)}
    ).reset_index(drop=True)  # fmt: skip


def built(
    made: Model, year: int | None, weights: Weights, aggregation: str = "arithmetic"
) -> Index:
    """Index of a year, on the engine's scale of safety."""
    chosen = declared.weights(weights, tables=made.given)
    return made.index(chosen_year(made, year), chosen, aggregation)


def chosen_year(made: Model, year: int | None) -> int:
    """Return the newest year, or the one asked for if it can be scored."""
    first, last = made.years
    if year is None:
        return last
    if (
        isinstance(year, bool)
        or not isinstance(year, int | np.integer)
        or not first <= year <= last
    ):
        raise DataError(f"there are no scores for {year!r}: they run from {first} to {last}.")
    return int(year)


def among(group: str, year: int) -> set[str]:
    """Members of a group in a year; all economies for the world."""
    return set(members(group, year))


def to_risk(safety: pd.DataFrame | np.ndarray) -> pd.DataFrame | np.ndarray:
    """Turn safety from 1 to 100 into risk from 100 to 0."""
    return 100.0 * (TOP - safety) / (TOP - BOTTOM)


def _scores(index: Index, made: Model) -> pd.DataFrame:
    wanted = [declared.ROOT, *declared.dimensions(tables=made.given)]
    table = to_risk(index.scores[wanted])
    assert isinstance(table, pd.DataFrame)
    return table.rename(columns={declared.ROOT: "risk"})


def _quality(made: Model, index: Index, year: int) -> pd.DataFrame:
    codes = list(index.structure.indicators)
    values = index.data.loc[index.units, codes]
    ages = pd.DataFrame(made.measures.ages.xs(year, level="year"))
    ages = ages.loc[index.units, codes].where(values.notna())
    return pd.DataFrame(
        {"coverage": values.notna().mean(axis=1), "missing": values.isna().sum(axis=1),
         "age": ages.mean(axis=1), "oldest": ages.max(axis=1).astype("Int64")}
    )  # fmt: skip
