"""How risk has moved, measured with the same indicators at both ends of a period."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from .. import composite
from ..economies import to_iso3
from ..errors import ParameterError
from . import declared
from .model import Model, model
from .score import WORLD, Weights, among, chosen_year, to_risk
from .tables import Tables

START = 2010


def trend(
    start: int = START, end: int | None = None, weights: Weights = "equal",
    aggregation: str = "arithmetic", group: str = WORLD, *, draws: int = 0, seed: int = 1,
    own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Change of every economy's risk between two years.

    Parameters
    ----------
    start, end : int
        From 2005; `end` is the newest year by default.
    weights, aggregation, group, own, tables : as in :func:`sme_analysis.risk.score`
    draws : int
        Draws over weights and the errors of the governance indicators, from which the probability
        of a rise comes; none by default.
    seed : int
        Equal seeds give equal results.

    Returns
    -------
    DataFrame, the largest fall first
        `iso3`, `economy`, `start` and `end` (risk, 0 to 100), `change`, one column for each
        dimension (change of that dimension), `indicators` (number compared) and, with `draws`,
        `rose` (probability of a rise).

    Notes
    -----
    Only series that reach back to 2005 enter, and of each economy only the indicators that it has
    in both years, so that a change is one of the economy and not of its data. Goalposts are the
    same for all years. The levels therefore differ somewhat from those of the full index.
    """
    made = model(tables=tables, own=own)
    years = chosen_year(made, start), chosen_year(made, end)
    if years[0] >= years[1]:
        raise ParameterError(f"start ({years[0]}) must be before end ({years[1]}).")
    index = _panel(made, _matched(made, years), weights, aggregation)
    risk = to_risk(index.scores)
    assert isinstance(risk, pd.DataFrame)
    first, last = (risk.xs(year, level="year") for year in years)
    both = first.index.intersection(last.index)
    both = both[both.isin(among(group, years[1]))]
    root, parts = declared.ROOT, list(declared.dimensions(tables=tables))
    first, last = first.loc[both], last.loc[both]
    counted = index.data[list(index.structure.indicators)].notna().sum(axis=1)
    table = pd.DataFrame(
        {"iso3": both, "economy": both.map(made.names), "start": first[root].to_numpy(),
         "end": last[root].to_numpy(), "change": (last[root] - first[root]).to_numpy()}
    )  # fmt: skip
    table[parts] = (last[parts] - first[parts]).to_numpy()
    table["indicators"] = counted.xs(years[1], level="year").loc[both].to_numpy()
    if draws:
        table["rose"] = _probability(index, years, draws, seed).reindex(both).to_numpy()
    return table.sort_values(["change", "economy"], ignore_index=True)


def history(
    economies: Iterable[str], weights: Weights = "equal", aggregation: str = "arithmetic",
    start: int = 2005, end: int | None = None, *, own: pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Risk of some economies year by year, each with the indicators that it has in every year.

    Returns
    -------
    DataFrame
        `iso3`, `economy`, `year`, `risk`, one column for each dimension, `indicators`. Economies
        that lack too many indicators in some year are not in it.
    """
    made = model(tables=tables, own=own)
    codes = [str(to_iso3(name)) for name in economies]
    years = range(chosen_year(made, start), chosen_year(made, end) + 1)
    parts = list(declared.dimensions(tables=tables))
    index = _panel(made, _matched(made, tuple(years)), weights, aggregation)
    risk = to_risk(index.scores[[declared.ROOT, *parts]])
    assert isinstance(risk, pd.DataFrame)
    table = risk.rename(columns={declared.ROOT: "risk"}).reset_index()
    counted = index.data[list(index.structure.indicators)].notna().sum(axis=1)
    table["indicators"] = counted.loc[index.units].to_numpy()
    table.insert(1, "economy", table["iso3"].map(made.names))
    table = table[table["iso3"].isin(codes)]
    return table.sort_values(["iso3", "year"], ignore_index=True)


def panel_codes(made: Model) -> list[str]:
    """Indicators whose series reach back to 2005."""
    declared_ones = made.tables["risk_structure"]
    codes = declared_ones.loc[declared_ones["panel"] == "yes", "code"]
    return [code for code in codes if code in made.measures.values.columns]


def _matched(made: Model, years: tuple[int, ...]) -> pd.DataFrame:
    """Panel figures of some years, blank where an economy lacks the indicator in any of them."""
    values = made.measures.values[panel_codes(made)]
    values = values[values.index.get_level_values("year").isin(years)]
    always = values.notna().groupby(level="iso3").transform("all")
    values = values.where(always)
    return values.loc[:, values.nunique() > 1]


def _panel(made: Model, data: pd.DataFrame, weights: Weights, aggregation: str) -> composite.Index:
    errors = made.measures.errors.reindex(data.index).add_suffix("_error")
    chosen = declared.weights(weights, tables=made.given)
    structure = made.nodes(list(data.columns))
    present = set(structure["code"])
    chosen = {code: value for code, value in chosen.items() if code in present}
    return composite.Index.build(structure, data.join(errors), made.recipe(chosen, aggregation))


def _probability(
    index: composite.Index, years: tuple[int, int], draws: int, seed: int
) -> pd.Series:
    """Share of the draws in which risk rose."""
    varied = [
        composite.WeightNoise(spread=0.5, name="weights"),
        composite.MeasurementError(name="errors of the governance indicators"),
    ]
    found = composite.uncertainty(index, varied, draws=draws, seed=seed, progress=False)
    when = found.units.get_level_values("year")
    first, last = (
        pd.DataFrame(
            found.scores[:, when == year].T, found.units[when == year].get_level_values("iso3")
        )
        for year in years
    )
    gap = last - first.reindex(last.index)
    known = gap.notna().all(axis=1)
    return (gap < 0).mean(axis=1).where(known, np.nan)
