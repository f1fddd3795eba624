"""The score itself: figures of a year, structure and recipe, built for a sector and an appetite."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from .. import composite, risk
from ..errors import DataError
from ..kept import Kept
from ..risk import model as risk_model
from ..risk.intervals import factors as risk_factors
from ..risk.measures import measure
from ..risk.score import built, to_risk
from ..risk.tables import fingerprint
from . import declared, inputs
from .tables import NAMES, Tables, check, for_risk, gather

FIRST_YEAR = 2015  # logistics, deals of two periods and trade reach back so far
POSTS = (0.025, 0.975)  # quantiles over the economies of the year that set the scale
SETS_SCALE = 1e6  # people from which an economy does: the smallest would stretch it
# Least share of the indicators that count: of all, of opportunity, of safety, of access.
LEAST = 0.5
SCREEN: Mapping[str, float] = {"opportunity": 0.5, "safety": 1.0, "access": 0.5}
_SIGNS = {"higher_is_better": 1, "lower_is_better": -1}
_RISK_DRAWS = 200


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures of one year and sector.

    Attributes
    ----------
    year : int
    sector : str
    values, ages : DataFrame, economies by indicators
        As scaled; years between the figure and `year`.
    unsuited : Series by economy
        Why its income puts it out of the question for the sector, "" if it does not.
    risk_error : Series by economy
        Standard deviation of the drawn risk, after the mean of each draw is taken out.
    tree : DataFrame
        `market_structure` in order.
    names : Series by economy
    regions : Series by economy, regions of the World Bank
    """

    year: int
    sector: str
    values: pd.DataFrame
    ages: pd.DataFrame
    unsuited: pd.Series
    risk_error: pd.Series
    tree: pd.DataFrame
    names: pd.Series
    regions: pd.Series

    @cached_property
    def leaves(self) -> pd.DataFrame:
        """Indicators of the tree, by code."""
        return self.tree[self.tree["measure"].notna()].set_index("code")


_figures: Kept[Figures] = Kept(8)


def figures(
    sector: str = "all", year: int | None = None, *, own: pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> Figures:  # fmt: skip
    """Measure every indicator for a year and sector; made once for each.

    Raises
    ------
    DataError
        If the year cannot be screened.
    """
    check(tables)
    code = declared.sector_code(sector, tables=tables)
    scores = risk_model.model(tables=for_risk(tables), own=own)
    last = scores.years[1]
    chosen = last if year is None else year
    if isinstance(chosen, bool) or not isinstance(chosen, int | np.integer):
        raise DataError(f"a year is a whole number such as {last}, not {chosen!r}.")
    if not FIRST_YEAR <= chosen <= last:
        raise DataError(f"there is no screening for {chosen}: from {FIRST_YEAR} to {last}.")
    key = (fingerprint(tables, own, NAMES), id(scores), code, int(chosen))
    return _figures.get(
        key, lambda: _measured(gather(tables), scores, code, int(chosen), last, tables)
    )


def _measured(
    found: dict[str, pd.DataFrame], scores: risk_model.Model, sector: str, year: int, last: int,
    tables: Tables | None,
) -> Figures:  # fmt: skip
    economies = found["economies"]
    hosts = sorted(economies.loc[economies["kind"] == "economy", "iso3"])
    row = declared.sectors(tables=tables).to_dict("index")[sector]
    chosen: str | None = None if pd.isna(row["presence"]) else str(row["presence"])
    risks, error = _risk(scores, str(row["risk_weights"]), year, tables)
    tree = declared.structure(tables=tables)
    series = {
        **found,
        "risk_structure": tree.assign(place=range(1, len(tree) + 1), panel="yes"),
        "trade_by_partner": inputs.trade(found["trade_by_partner"]),
        "deals_by_economy": inputs.deals(found["deals_by_economy"], chosen, hosts, year, last),
        "development_projects": inputs.projects(found["development_projects"], chosen, year),
        "outward_fdi_by_economy": inputs.stock(found["outward_fdi_by_economy"], economies),
        "cooperation_zones": inputs.zones(found["cooperation_zones"], hosts),
        "entry_conditions": inputs.visas(found["entry_conditions"], year),
        "risk": risks,
    }
    made = measure(series, [year])
    names = economies.set_index("iso3")["name_plain"]
    regions = economies.set_index("iso3")["wb_region"]
    values = pd.DataFrame(made.values.xs(year, level="year"))
    ages = pd.DataFrame(made.ages.xs(year, level="year")).where(values.notna())
    unsuited = _unsuited(row, found["income_groups"], values.index)
    return Figures(year, sector, values, ages, unsuited, error, tree, names, regions)


def _unsuited(row: Mapping[Hashable, Any], income: pd.DataFrame, economies: pd.Index) -> pd.Series:
    """Say whom the newest income groups put out of the question for a sector."""
    newest = income[income["edition"] == income["edition"].max()].set_index("iso3")
    barred = newest["income_group"].reindex(economies) == row["unsuited"]
    words = str(row["unsuited"]).replace("_", "-")
    return pd.Series(np.where(barred, f"a {words} economy, where wages are high", ""), economies)


def _risk(
    scores: risk_model.Model, preset: str, year: int, tables: Tables | None
) -> tuple[pd.DataFrame, pd.Series]:
    """Risk without the ties that access counts, and how far it varies over its own choices."""
    chosen = risk.weights(preset, tables=for_risk(tables)) | {"ties": 0.0}
    index = built(scores, year, chosen)
    root = risk.structure(tables=for_risk(tables))["code"].iloc[0]
    nominal = pd.Series(to_risk(index.scores[[root]]).to_numpy()[:, 0], index.units)  # type: ignore[union-attr]
    drawn = composite.uncertainty(
        index, risk_factors(index), draws=_RISK_DRAWS, seed=1, progress=False
    ).scores
    drawn = drawn[:, index.data.index.get_indexer(index.units)]
    apart = np.asarray(to_risk(drawn - np.nanmean(drawn, axis=1, keepdims=True)))
    error = pd.Series(np.nanstd(apart, axis=0), index.units)
    frame = pd.DataFrame(
        {"iso3": nominal.index, "year": year, "indicator": "risk", "value": nominal.to_numpy()}
    )
    return frame, error.reindex(nominal.index)


def index_of(made: Figures, weighed: pd.DataFrame) -> composite.Index:
    """Build the score with some weights, on the engine's scale from 1 to 100.

    Parameters
    ----------
    weighed : DataFrame
        From :func:`sme_analysis.markets.weights`.
    """
    codes = declared.kept(weighed, made.tree)
    leaves = [code for code in codes if code in made.leaves.index]
    leaves = [code for code in leaves if made.values[code].notna().any()]
    keep = _with_ancestors(leaves, made.tree)
    nodes = made.tree[made.tree["code"].isin(keep)][["code", "parent", "name", "direction"]]
    nodes = nodes.assign(
        direction=nodes["direction"].map(_SIGNS), weight=nodes["code"].map(weighed["weight"]),
        error=nodes["code"].map({"risk": "risk_error"}),
    )  # fmt: skip
    posts = _posts(made, leaves)
    for column in ("lower", "upper"):
        nodes[column] = nodes["code"].map(posts[column])
    data = made.values[leaves].join(_side(made))
    return composite.Index.build(nodes.reset_index(drop=True), data, recipe(keep))


def recipe(keep: Sequence[str]) -> composite.Recipe:
    """Screen, leave gaps, set goalposts, weigh as the structure says, aggregate."""
    screen = composite.Screen(LEAST, {code: s for code, s in SCREEN.items() if code in keep})
    given = composite.GivenWeights({})
    mean = composite.Aggregate(nodes={declared.ROOT: risk_model.AGGREGATIONS["arithmetic"]})
    return composite.Recipe(screen, risk_model.KEEP_GAPS, risk_model.GOALPOSTS, given, mean)


def _posts(made: Figures, codes: Sequence[str]) -> pd.DataFrame:
    """Goalposts: quantiles over economies of a million people; zero and one for yes and no."""
    values = made.values.loc[made.values["population"] >= np.log(SETS_SCALE), list(codes)]
    posts = values.quantile(list(POSTS)).T.set_axis(["lower", "upper"], axis=1)
    for code in posts.index:
        known = values[code].dropna()
        if np.isin(known.unique(), [0.0, 1.0]).all() or posts.at[code, "lower"] == known.max():
            posts.loc[code] = [0.0, 1.0]
        elif not posts.at[code, "lower"] < posts.at[code, "upper"]:
            posts.loc[code] = [known.min(), known.max()]
    return pd.DataFrame(posts)


def _with_ancestors(leaves: Sequence[str], tree: pd.DataFrame) -> list[str]:
    above = tree[tree["parent"].notna()]
    parents = dict(zip(above["code"], above["parent"], strict=True))
    found: set[str] = set()
    for leaf in leaves:
        code = leaf
        while code not in found:
            found.add(code)
            code = str(parents.get(code, code))
    return [str(code) for code in tree["code"] if code in found]


def _side(made: Figures) -> pd.DataFrame:
    """What imputation and errors need beside the indicators."""
    side = pd.DataFrame({"region": made.regions.reindex(made.values.index)}, made.values.index)
    quarter = pd.qcut(made.values["income"], 4, labels=False)
    side["income_quarter"] = quarter.map({0.0: "lowest", 1.0: "low", 2.0: "high", 3.0: "highest"})
    side["risk_error"] = made.risk_error.reindex(made.values.index)
    return side


def on_scale(scores: pd.DataFrame) -> pd.DataFrame:
    """Bring the engine's scores from 1 to 100 to a scale from 0 to 100."""
    bottom, top = risk_model.BOTTOM, risk_model.TOP
    return 100.0 * (scores - bottom) / (top - bottom)


def leaf_scores(made: Figures, codes: Sequence[str]) -> pd.DataFrame:
    """Scores of indicators, 0 to 100, more is better, for every economy that has the figure."""
    posts = _posts(made, list(codes))
    width = posts["upper"] - posts["lower"]
    table = 100.0 * ((made.values[list(codes)] - posts["lower"]) / width).clip(0.0, 1.0)
    down = [code for code in codes if _SIGNS[str(made.leaves.at[code, "direction"])] < 0]
    table[down] = 100.0 - table[down]
    return table
