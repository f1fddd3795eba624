"""The index itself: structure, goalposts and recipe, ready to be built for any year and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .. import composite
from ..data.governance import governance_edition
from ..data.tables import load
from ..errors import ParameterError, unknown
from ..kept import Kept
from . import declared
from .measures import Measures, measure
from .tables import Tables, fingerprint, gather

FIRST_YEAR = 2005
BOTTOM, TOP = 1.0, 100.0  # safety scores; above zero, so that a geometric mean exists
POSTS = (0.025, 0.975)  # quantiles over all economies and years
AGGREGATIONS: Mapping[str, composite.Aggregator] = {
    "arithmetic": composite.Arithmetic(),
    "geometric": composite.Geometric(),
}
# Least share of the indicators that an economy must have: of all, and within three dimensions.
LEAST = 0.5
SCREEN: Mapping[str, float] = {"political": 0.6, "economic": 0.3, "compliance": 0.6}


@dataclass(frozen=True, eq=False)
class Model:
    """Declared structure and measured figures, from 2005 to the newest year."""

    tables: dict[str, pd.DataFrame]
    measures: Measures
    structure: pd.DataFrame
    names: Mapping[str, str]
    regions: pd.Series
    _built: dict[object, composite.Index] = field(default_factory=dict)

    @property
    def given(self) -> Tables:
        """The tables, without the indicators of the user's own."""
        return {name: frame for name, frame in self.tables.items() if name != "own"}

    @property
    def years(self) -> tuple[int, int]:
        """First and last year that can be scored."""
        years = self.measures.values.index.get_level_values("year")
        return int(years.min()), int(years.max())

    def index(
        self, year: int, weights: Mapping[str, float], aggregation: str = "arithmetic"
    ) -> composite.Index:
        """Index of one year, on a scale of safety from 1 to 100."""
        key = (year, tuple(sorted(weights.items())), aggregation)
        if key not in self._built:
            data = pd.DataFrame(self.measures.values.xs(year, level="year"))
            # A constant tells no economy from another, as Belt and Road membership before 2013.
            codes = [str(code) for code in data if data[code].nunique() > 1]
            data = data[codes].join(self._side(data, year))
            self._built[key] = composite.Index.build(
                self.nodes(codes), data, self.recipe(weights, aggregation)
            )
        return self._built[key]

    def nodes(self, codes: Sequence[str]) -> pd.DataFrame:
        """Structure for the engine, of these indicators and the aggregates that they need."""
        table = self.structure[["code", "parent", "name", "direction", "lower", "upper"]]
        keep, wanted = set(codes), set(codes)
        parents = dict(zip(table["code"], table["parent"], strict=True))
        while wanted:
            wanted = {parents[code] for code in wanted if pd.notna(parents[code])} - keep
            keep |= wanted
        table = table[table["code"].isin(keep)].reset_index(drop=True)
        known = set(self.measures.errors) & set(codes)
        table["error"] = [f"{code}_error" if code in known else None for code in table["code"]]
        return table

    def recipe(
        self, weights: Mapping[str, float], aggregation: str = "arithmetic"
    ) -> composite.Recipe:
        """Screen, leave gaps, set goalposts, weigh the dimensions, aggregate."""
        if aggregation not in AGGREGATIONS:
            raise ParameterError(unknown("aggregation", aggregation, list(AGGREGATIONS)))
        above = composite.Aggregate(nodes={declared.ROOT: AGGREGATIONS[aggregation]})
        screen = composite.Screen(LEAST, SCREEN)
        chosen = composite.GivenWeights(dict(weights))
        return composite.Recipe(screen, KEEP_GAPS, GOALPOSTS, chosen, above)

    def _side(self, data: pd.DataFrame, year: int) -> pd.DataFrame:
        """What imputation and errors need beside the indicators."""
        side = pd.DataFrame({"region": self.regions.reindex(data.index)}, index=data.index)
        quarter = pd.qcut(data["gni_per_capita"], 4, labels=False)
        side["income"] = quarter.map({0.0: "lowest", 1.0: "low", 2.0: "high", 3.0: "highest"})
        errors = self.measures.errors.xs(year, level="year")
        return side.join(errors.add_suffix("_error"))


def _as_it_is(table: pd.DataFrame) -> pd.DataFrame:
    return table


KEEP_GAPS = composite.Impute(function=_as_it_is)
GOALPOSTS = composite.Goalposts(top=TOP, bottom=BOTTOM)
_models: Kept[Model] = Kept(4)


def model(*, tables: Tables | None = None, own: pd.DataFrame | None = None) -> Model:
    """Return the model on the shipped tables, or with others in their place; made once for each."""
    return _models.get(fingerprint(tables, own), lambda: _make(gather(tables, own)))


def _make(tables: dict[str, pd.DataFrame]) -> Model:
    governance_edition(tables["governance_indicators"], load("sources"))  # refuses two joined
    last = int(tables["country_indicators"]["year"].max())
    measures = measure(tables, range(FIRST_YEAR, last + 1))
    table = tables["risk_structure"].sort_values("place", ignore_index=True)
    table = table[table["measure"].isna() | table["code"].isin(measures.values.columns)]
    posts = measures.values.quantile(list(POSTS))
    for column, which in (("lower", POSTS[0]), ("upper", POSTS[1])):
        table[column] = table["code"].map(posts.T[which])
    yes_or_no = [code for code in measures.values if _is_binary(measures.values[code])]
    table.loc[table["code"].isin(yes_or_no), ["lower", "upper"]] = [0.0, 1.0]
    signs = {"higher_is_safer": 1, "higher_is_riskier": -1}
    table["direction"] = table["direction"].map(signs)
    economies = tables["economies"]
    names = dict(zip(economies["iso3"], economies["name_plain"], strict=True))
    regions = economies.set_index("iso3")["wb_region"]
    return Model(tables, measures, table.reset_index(drop=True), names, regions)


def _is_binary(values: pd.Series) -> bool:
    return bool(np.isin(values.dropna().unique(), [0.0, 1.0]).all())
