"""Weighting: equal, given, from experts, from pairwise judgements, from the data."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .aggregate import Aggregate
from .arrays import Floats, number, one_of
from .components import factor_weights, first_weights
from .hierarchy import Judgement, agree, judge
from .state import Frames, State, Step
from .structure import Structure


@dataclass(frozen=True)
class Weighting(Step):
    """Base of the weightings: sets the weights of nodes; those it does not name keep theirs.

    Only ratios among siblings count. Without any weighting in a recipe the structure's own weights
    are used.
    """

    stage: ClassVar[str] = "weigh"

    @abstractmethod
    def weigh(self, state: State, weights: Floats) -> Floats:
        """New weights (draws, nodes) from those so far."""

    def transform(self, state: State) -> State:
        """Set the weights."""
        return replace(state, weights=self.weigh(state, state.weights.copy()))

    def report(self, before: State, after: State) -> Frames:
        """`weights`: weight as set, share among siblings and effective weight of each node."""
        return {"weights": weight_table(after.structure, after.weights)}


def weight_table(structure: Structure, weights: Floats) -> pd.DataFrame:
    """Weights of the first draw: as wanted, local (among siblings) and effective (in the index)."""
    table = structure.frame()[["code", "parent", "name", "level"]]
    return table.assign(
        weight=weights[0], local=structure.local(weights[:1])[0],
        effective=structure.effective(weights[:1])[0],
    )  # fmt: skip


def check_families(structure: Structure, weights: Mapping[str, float]) -> None:
    """Refuse unknown codes and weights that are not finite numbers from zero up."""
    for code, value in weights.items():
        structure.place(code)
        number(f"the weight of {code!r}", value, 0)


@dataclass(frozen=True)
class EqualWeights(Weighting):
    """The same weight for all siblings. OECD/JRC (2008), 1.6 and table 22."""

    def weigh(self, state: State, weights: Floats) -> Floats:
        """All ones."""
        return np.ones_like(weights)


@dataclass(frozen=True)
class GivenWeights(Weighting):
    """Weights by code; nodes that are not named keep the structure's weights.

    Parameters
    ----------
    weights : mapping of code to a number from zero up
    """

    weights: Mapping[str, float] = field(default_factory=dict)

    def weigh(self, state: State, weights: Floats) -> Floats:
        """The given numbers."""
        check_families(state.structure, self.weights)
        for code, value in self.weights.items():
            weights[:, state.structure.places[code]] = value
        state.structure.local(weights[:1])
        return weights


@dataclass(frozen=True, eq=False)
class BudgetAllocation(Weighting):
    """Budget allocation: the mean over experts of the points each gave. OECD/JRC (2008), 6.5.

    Parameters
    ----------
    points : DataFrame, one row an expert, one column a code; all children of a parent or none
    budget : float
        What each expert's points must sum to within every family of siblings.
    """

    points: pd.DataFrame
    budget: float = 100.0

    # Frames have no single truth of being equal: such a step is equal to itself alone.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def weigh(self, state: State, weights: Floats) -> Floats:
        """Mean points."""
        structure, points = state.structure, self.points
        for code in points.columns:
            structure.place(code)
        named = set(points.columns)
        if not len(points) or not all(
            pd.api.types.is_numeric_dtype(kind) for kind in points.dtypes
        ):
            raise DataError("budget allocation needs a row of numbers for each expert.")
        if points.isna().any(axis=None) or (points < 0).any(axis=None):
            raise DataError(
                "budget allocation: points must be from zero up, and none may be missing."
            )
        for above, below in structure.children.items():
            if not named & set(below):
                continue
            left_out = [code for code in below if code not in named]
            if left_out:
                raise DataError(
                    f"budget allocation for {above!r} leaves out {', '.join(left_out)}."
                )
            sums = points[list(below)].sum(axis=1)
            wrong = (sums - self.budget).abs() > 1e-6 * self.budget
            if wrong.any():
                raise DataError(
                    f"expert {sums.index[wrong][0]!r} gave {sums[wrong].iloc[0]:g} points to the "
                    f"children of {above!r}, not {self.budget:g}."
                )
            for code in below:
                weights[:, structure.places[code]] = float(points[code].mean())
        return weights


@dataclass(frozen=True, eq=False)
class AnalyticHierarchy(Weighting):
    """Analytic hierarchy process: principal eigenvector of pairwise judgements. OECD/JRC, 6.7.

    Parameters
    ----------
    judgements : mapping of parent code to one square DataFrame, or several (one a judge)
        Rows and columns are that parent's children; entry (i, j) says how many times as important
        i is as j. Several judges are joined by the geometric mean of their entries.
    limit : float
        Largest consistency ratio; beyond it the judgements are refused (Saaty 1980: 0.1).
    """

    judgements: Mapping[str, pd.DataFrame | tuple[pd.DataFrame, ...]]
    limit: float = 0.1

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def weigh(self, state: State, weights: Floats) -> Floats:
        """Eigenvector weights."""
        for above, found in self._judged(state.structure).items():
            if found.ratio > self.limit:
                raise ParameterError(
                    f"the judgements on the children of {above!r} are inconsistent: consistency "
                    f"ratio {found.ratio:.3f}, limit {self.limit:g}."
                )
            places = [state.structure.places[code] for code in state.structure.children[above]]
            weights[:, places] = found.weights
        return weights

    def report(self, before: State, after: State) -> Frames:
        """`weights`, and `consistency`: eigenvalue, consistency index and ratio by parent."""
        rows = [
            (above, len(found.weights), found.eigenvalue, found.index, found.ratio)
            for above, found in self._judged(after.structure).items()
        ]
        columns = ["parent", "children", "eigenvalue", "consistency_index", "consistency_ratio"]
        table = pd.DataFrame(rows, columns=columns)
        return {**super().report(before, after), "consistency": table}

    def _judged(self, structure: Structure) -> dict[str, Judgement]:
        result = {}
        for above, given in self.judgements.items():
            if above not in structure.children:
                raise ParameterError(unknown("aggregate", above, structure.aggregates))
            below = list(structure.children[above])
            frames = [given] if isinstance(given, pd.DataFrame) else list(given)
            for frame in frames:
                if sorted(frame.index) != sorted(below) or sorted(frame.columns) != sorted(below):
                    raise ParameterError(
                        f"the judgements on {above!r} must have its children as rows and columns: "
                        f"{', '.join(below)}."
                    )
                judge(frame)
            entries = [frame.loc[below, below].to_numpy(dtype=float) for frame in frames]
            result[above] = judge(agree(entries) if len(entries) > 1 else entries[0])
        return result


MEANS = Aggregate()


@dataclass(frozen=True)
class PrincipalComponents(Weighting):
    """Weights from principal components, within each family of siblings of one level.

    Parameters
    ----------
    level : int
        Level of the nodes to weigh; above the first, their scores come from `aggregate` with the
        weights so far. A family of one keeps its weight.
    scheme : "factors" or "first"
        "factors" rotates the retained components and weighs as OECD/JRC (2008), 6.1; "first"
        takes the squared loadings on the first component.
    factors : int, optional
        Number of components retained; by default as in 6.1 (eigenvalue above one, more than a
        tenth of the variance).
    """

    level: int = 1
    scheme: Literal["factors", "first"] = "factors"
    factors: int | None = None
    aggregate: Aggregate = MEANS

    def __post_init__(self) -> None:
        one_of("scheme", self.scheme, ("factors", "first"))
        if self.factors is not None and self.scheme == "first":
            raise ParameterError("factors goes with scheme 'factors'.")

    def weigh(self, state: State, weights: Floats) -> Floats:
        """Squared loadings, as shares."""
        structure = state.structure
        nodes = structure.at_level(self.level)
        families = {structure.parents[code] for code in nodes} - {None}
        scores = node_scores(state, self.aggregate)
        result = np.repeat(weights, len(scores) // len(weights), axis=0)
        for above in families:
            assert above is not None
            below = [code for code in structure.children[above] if code in nodes]
            if len(below) < 2:
                continue
            if len(below) < len(structure.children[above]):
                raise DataError(f"the children of {above!r} are not all at level {self.level}.")
            places = [structure.places[code] for code in below]
            for draw, table in enumerate(scores):
                x = table[:, places]
                found = (factor_weights(x, self.factors) if self.scheme == "factors"
                         else first_weights(x))  # fmt: skip
                result[draw, places] = found
        return result


def node_scores(state: State, aggregate: Aggregate) -> Floats:
    """Scores (draws, rows, nodes) with the weights so far."""
    scores = aggregate.transform(state).scores
    assert scores is not None
    return scores
