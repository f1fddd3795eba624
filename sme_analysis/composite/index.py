"""An index: a recipe applied to a structure and data, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd

from ..errors import ParameterError, unknown
from .arrays import TIE, Floats, Ties, one_of, rank_last
from .recipe import DEFAULT, Recipe
from .state import Frames, State
from .structure import Structure
from .weigh import weight_table


@dataclass(frozen=True, eq=False)
class Index:
    """A composite index. Make one with `Index.build`.

    Attributes
    ----------
    structure, data, recipe : what it was made from
    states : the data before, between and after the steps
    reports : what each step says it did: pairs of step label and frames
    """

    structure: Structure
    data: pd.DataFrame
    recipe: Recipe
    states: tuple[State, ...]
    reports: tuple[tuple[str, Frames], ...]

    @classmethod
    def build(
        cls, structure: Structure | pd.DataFrame, data: pd.DataFrame, recipe: Recipe = DEFAULT
    ) -> Index:
        """Apply a recipe to data.

        Parameters
        ----------
        structure : Structure, or the frame to read one from
        data : DataFrame of units, or (unit, year), by indicators
            Further columns (denominators, groups, standard errors) may stand beside them.
        recipe : Recipe
            By default min-max, the structure's weights and arithmetic means.

        Raises
        ------
        DataError, ParameterError
            One sentence that names the step's trouble; nothing is dropped or replaced unasked.

        Examples
        --------
        >>> nodes = pd.DataFrame({"code": ["all", "x", "y"], "parent": [None, "all", "all"]})
        >>> table = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [5.0, 9.0, 5.0]}, ["A", "B", "C"])
        >>> Index.build(nodes, table).scores["all"].to_dict()
        {'A': 0.0, 'B': 75.0, 'C': 50.0}
        """
        if isinstance(structure, pd.DataFrame):
            structure = Structure.from_frame(structure)
        if not isinstance(recipe, Recipe):
            raise ParameterError(f"recipe must be a Recipe, not {type(recipe).__name__}.")
        states, reports = recipe.run(structure, data)
        labels = [step.label for step in recipe.steps]
        return cls(structure, data, recipe, tuple(states), tuple(zip(labels, reports, strict=True)))

    @property
    def units(self) -> pd.Index:
        """Rows that have been scored."""
        return self.states[-1].units

    @property
    def scores(self) -> pd.DataFrame:
        """Scores of every node, the index first, indicators (normalised) last."""
        return self._scores.copy(deep=False)

    @cached_property
    def _scores(self) -> pd.DataFrame:
        final = self.states[-1]
        assert final.scores is not None
        table = pd.DataFrame(final.scores[0], final.units, list(self.structure.nodes))
        return table[[*self.structure.top_down, *self.structure.indicators]]

    @property
    def weights(self) -> pd.DataFrame:
        """Weight, share among siblings and effective weight of each node."""
        return self._weights.copy(deep=False)

    @cached_property
    def _weights(self) -> pd.DataFrame:
        return weight_table(self.structure, self.states[-1].weights)

    def ranks(self, ties: Ties = "min") -> pd.DataFrame:
        """Ranks of every node, 1 for the highest score, within each year of a panel.

        Ranks are taken of the scores as computed, before any rounding for print; scores that
        differ by less than 1e-12 of the largest are tied. Tied units share the best of their
        ranks ("min", as in sport: 1, 2, 2, 4), the worst ("max") or the mean ("average").
        """
        one_of("tie rule", ties, get_args(Ties))
        scores = self.scores
        ranks = scores.copy()
        for rows in self.states[-1].sections("year"):
            ranks.iloc[rows] = ranks_of(scores.to_numpy()[rows].T, ties).T
        return ranks

    def group_ranks(
        self, groups: pd.Series | Mapping[object, object], ties: Ties = "min"
    ) -> pd.DataFrame:
        """Ranks within groups of units (and years); units without a group have none.

        Parameters
        ----------
        groups : Series or mapping of unit label to group
        """
        one_of("tie rule", ties, get_args(Ties))
        scores = self.scores
        units = pd.Series(scores.index.get_level_values(0))
        label = units.map(groups)
        if label.isna().all():
            raise ParameterError("no unit of the index has a group: groups go by unit label.")
        ranks = scores.copy()
        ranks.loc[:] = np.nan
        for rows in self.states[-1].sections("year"):
            for group in label.iloc[rows].dropna().unique():
                mine = rows[(label.iloc[rows] == group).to_numpy()]
                ranks.iloc[mine] = ranks_of(scores.to_numpy()[mine].T, ties).T
        return ranks

    def results(self) -> pd.DataFrame:
        """Rank and score of the index, then scores of the levels below it, best unit first."""
        root, scores = self.structure.root, self.scores
        table = scores[[*self.structure.top_down]].copy()
        table.insert(0, "rank", self.ranks()[root])
        if not self.states[-1].panel:
            return table.sort_values("rank", kind="stable")
        years = table.index.get_level_values(1)
        return table.iloc[np.lexsort((table["rank"].to_numpy(), years))]

    def profile(self, unit: object, year: int | None = None) -> pd.DataFrame:
        """One unit: value, score, rank, difference from the mean, and share in the index, by node.

        `value` is the datum as given, `used` what came out of the preparation (denominated,
        imputed, treated); `imputed` marks filled gaps; `contribution` is effective weight times
        score, which sums to the index where all means are arithmetic and nothing is missing.
        """
        row = self._row(unit, year)
        final = self.states[-1]
        section = next(rows for rows in final.sections("year") if row in rows)
        scores, ranks = self.scores, self.ranks()
        table = self.weights.set_index("code")[["name", "level", "effective"]]
        order = list(scores.columns)
        table = table.loc[order]
        given = pd.Series(self.states[0].values[0, final.rows[row]], self.structure.indicators)
        table["value"] = given.reindex(order)
        table["used"] = self._before_normalisation().iloc[row].reindex(order)
        table["imputed"] = table["used"].notna() & table["value"].isna()
        table["score"] = scores.iloc[row]
        table["rank"] = ranks.iloc[row]
        table["of"] = scores.iloc[section].notna().sum()
        table["from_mean"] = table["score"] - scores.iloc[section].mean()
        table["contribution"] = table["effective"] * table["score"]
        return table

    def strengths(self, unit: object, n: int = 5, year: int | None = None) -> pd.DataFrame:
        """The `n` indicators on which a unit ranks best; ties go by difference from the mean."""
        return self._extremes(unit, n, year, best=True)

    def weaknesses(self, unit: object, n: int = 5, year: int | None = None) -> pd.DataFrame:
        """The `n` indicators on which a unit ranks worst among those it has."""
        return self._extremes(unit, n, year, best=False)

    def report(self, name: str) -> pd.DataFrame:
        """One frame of the steps' reports, as "imputed" or "weights" (the last of that name)."""
        found = {key: frame for _, frames in self.reports for key, frame in frames.items()}
        if name not in found:
            raise ParameterError(unknown("report", name, found))
        return found[name]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Everything as flat frames: structure, results, scores, ranks, weights and each report."""
        tables = {
            "structure": self.structure.frame(), "results": self.results(), "scores": self.scores,
            "ranks": self.ranks(), "weights": self.weights,
            "recipe": pd.DataFrame({"step": [label for label, _ in self.reports]}),
        }  # fmt: skip
        for place, (_, frames) in enumerate(self.reports, start=1):
            tables |= {f"step{place}_{name}": frame for name, frame in frames.items()}
        return tables

    def export(self, folder: str | Path) -> list[Path]:
        """Write `tables()` as CSV files (UTF-8) into a folder, made if need be."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        written = []
        for name, frame in self.tables().items():
            path = target / f"{name}.csv"
            labelled = frame.index.equals(self.units) or name == "results"
            frame.to_csv(path, index=labelled, lineterminator="\n")
            written.append(path)
        return written

    def _before_normalisation(self) -> pd.DataFrame:
        places = [p for p, step in enumerate(self.recipe.steps) if step.stage == "normalise"]
        return self.states[places[0]].table()

    def _row(self, unit: object, year: int | None) -> int:
        units = self.units
        match = units.get_level_values(0) == unit
        if not match.any():
            raise ParameterError(
                unknown("unit", unit, map(str, units.get_level_values(0).unique()))
            )
        if units.nlevels == 2:
            years = units.get_level_values(1)
            if year is None:
                year = int(years[match].max())
            match &= years == year
            if not match.any():
                raise ParameterError(f"unit {unit!r} has no scores for {year!r}.")
        return int(np.flatnonzero(match)[0])

    def _extremes(self, unit: object, n: int, year: int | None, *, best: bool) -> pd.DataFrame:
        table = self.profile(unit, year)
        table = table[(table["level"] == 1) & table["score"].notna()]
        order = table.sort_values(["rank", "from_mean"], ascending=[best, not best], kind="stable")
        return order.head(n)


def ranks_of(scores: Floats, ties: Ties = "min") -> Floats:
    """Ranks along the last axis, 1 for the highest score, near-equal scores tied."""
    return rank_last(-scores, ties, tolerance=TIE)
