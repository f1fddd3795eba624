"""Aggregation by means: arithmetic, geometric, harmonic and generalised; per level and per node."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .arrays import Floats, number
from .state import Frames, State, Step


@dataclass(frozen=True)
class Aggregator(ABC):
    """Base of the aggregation methods."""

    @abstractmethod
    def combine(self, x: Floats, weights: Floats, names: tuple[str, ...]) -> Floats:
        """Combine children into their parent's scores.

        Parameters
        ----------
        x : array (draws or 1, children, units); a child that does not count is NaN
        weights : array (draws or 1, children), summing to one (all zero: no score)
        names : codes of the children, for messages

        Returns
        -------
        array (draws, units)
        """


def weighted_mean(x: Floats, weights: Floats) -> Floats:
    """Weighted mean over children of those present: (draws, units); NaN where none has weight."""
    gaps = np.isnan(x)
    if not gaps.any():
        return _dot(x, weights) / _positive(weights.sum(axis=1, keepdims=True))
    present = (~gaps).astype(np.float64)
    return _dot(np.where(gaps, 0.0, x), weights) / _positive(_dot(present, weights))


def _positive(total: Floats) -> Floats:
    return np.where(total > 0, total, np.nan)


def _dot(x: Floats, weights: Floats) -> Floats:
    if len(x) == 1:
        return np.asarray(weights @ x[0])
    return np.asarray(np.matmul(weights[:, None, :], x)[:, 0])


@dataclass(frozen=True)
class GeneralisedMean(Aggregator):
    """Weighted generalised (power) mean: (sum w x^p)^(1/p), for p = 0 exp(sum w ln x).

    Weights sum to one over the children that a unit has. p = 1 needs nothing of the values; other
    p above zero need values not below zero, p of zero and below values above zero.

    References
    ----------
    OECD/JRC (2008), 6.10 (eq. 31) and 6.11; Hardy, Littlewood and Polya (1934), chapter 2.
    """

    p: float = 1.0

    def __post_init__(self) -> None:
        number("p", self.p)

    def combine(self, x: Floats, weights: Floats, names: tuple[str, ...]) -> Floats:
        """Power mean of the children."""
        if self.p == 1:
            return weighted_mean(x, weights)
        low = x < 0 if self.p > 0 else x <= 0
        if low.any():
            draw, child, _ = np.argwhere(low)[0]
            bound = "no values below zero" if self.p > 0 else "values above zero"
            raise DataError(
                f"a {self._kind()} mean needs {bound}, and {names[child]!r} reaches "
                f"{np.nanmin(x[draw, child]):g}: normalise to a range above zero, MinMax(1, 100)."
            )
        if self.p == 0:
            return np.asarray(np.exp(weighted_mean(np.log(x), weights)))
        # Scaled by each unit's leading value, in logarithms, and with a mean of differences from
        # one, so that neither a large nor a tiny p loses digits.
        lead = np.fmax.reduce(x, axis=1) if self.p > 0 else np.fmin.reduce(x, axis=1)
        lead = np.where(lead > 0, lead, 1.0)
        with np.errstate(divide="ignore"):
            powers = weighted_mean(np.expm1(self.p * np.log(x / lead[:, None])), weights)
            return np.asarray(lead * np.exp(np.log1p(powers) / self.p))

    def _kind(self) -> str:
        return {0.0: "geometric", -1.0: "harmonic"}.get(
            float(self.p), f"generalised (p={self.p:g})"
        )


@dataclass(frozen=True)
class Arithmetic(GeneralisedMean):
    """Weighted arithmetic mean: sum w x. OECD/JRC (2008), eq. 31."""

    p: float = field(default=1.0, init=False, repr=False)


@dataclass(frozen=True)
class Geometric(GeneralisedMean):
    """Weighted geometric mean: product x^w; values must be above zero. OECD/JRC (2008), 6.11."""

    p: float = field(default=0.0, init=False, repr=False)


@dataclass(frozen=True)
class Harmonic(GeneralisedMean):
    """Weighted harmonic mean: 1 / sum(w / x); values must be above zero. COINr, a_hmean."""

    p: float = field(default=-1.0, init=False, repr=False)


@dataclass(frozen=True)
class Aggregate(Step):
    """Aggregate from the indicators up to the index.

    Parameters
    ----------
    method : Aggregator
    levels : mapping of level to Aggregator
        Method for the nodes of a level (2 is the first above the indicators).
    nodes : mapping of aggregate code to Aggregator
        Method for single nodes; goes before `levels`.
    minimum : float from 0 to 1
        Least share of a node's children, counting those with weight, that a unit must have; a
        unit below it has no score there. At 0 one child is enough.
    """

    stage: ClassVar[str] = "aggregate"
    method: Aggregator = Arithmetic()
    levels: Mapping[int, Aggregator] = field(default_factory=dict)
    nodes: Mapping[str, Aggregator] = field(default_factory=dict)
    minimum: float = 0.0

    def __post_init__(self) -> None:
        number("minimum", self.minimum, 0, 1)
        for method in (self.method, *self.levels.values(), *self.nodes.values()):
            if not isinstance(method, Aggregator):
                raise ParameterError(f"Aggregate takes aggregators, not {method!r}.")

    def transform(self, state: State) -> State:
        """Compute the scores of every node."""
        self._check(state)
        places = state.structure.places
        draws = max(len(state.values), len(state.weights))
        scores = np.full((draws, len(state.units), len(places)), np.nan)
        scores[:, :, : state.values.shape[2]] = state.values
        for code, found in self.scores(state, state.weights).items():
            scores[:, :, places[code]] = found
        return replace(state, scores=scores)

    def scores(self, state: State, weights: Floats) -> dict[str, Floats]:
        """Scores of each aggregate, (draws, rows), for weights (draws, nodes) as wanted."""
        structure = state.structure
        local = structure.local(weights)
        values = np.ascontiguousarray(np.swapaxes(state.values, 1, 2))
        sections = state.sections("year")
        all_rows = len(sections) == 1
        leaves = {code: values[:, place] for place, code in enumerate(structure.indicators)}
        found: dict[str, Floats] = {}
        for above in structure.aggregates:
            below = structure.children[above]
            places = [structure.places[code] for code in below]
            x = _stack([leaves[code] if code in leaves else found[code] for code in below])
            method = self._method(structure.levels[above], above)
            parts = [
                method.combine(self._screened(part, local[:, places]), local[:, places], below)
                for part in (x if all_rows else np.ascontiguousarray(x[:, :, rows])
                             for rows in sections)
            ]  # fmt: skip
            if all_rows:
                found[above] = parts[0]
                continue
            result = np.empty((len(parts[0]), x.shape[2]))
            for rows, part in zip(sections, parts, strict=True):
                result[:, rows] = part
            found[above] = result
        return found

    def index(self, state: State, weights: Floats) -> Floats:
        """Scores of the index alone, (draws, rows), in one product where that is possible.

        Where all means are arithmetic and nothing is missing, the index is the sum of effective
        weights times indicators.
        """
        methods = [self.method, *self.levels.values(), *self.nodes.values()]
        linear = all(isinstance(m, GeneralisedMean) and m.p == 1 for m in methods)
        if linear and len(state.values) == 1 and not np.isnan(state.values).any():
            effective = state.structure.effective(weights)[:, : state.values.shape[2]]
            if (np.abs(effective.sum(axis=1) - 1.0) < 1e-9).all():
                return np.asarray(effective @ state.values[0].T)
        return self.scores(state, weights)[state.structure.root]

    def report(self, before: State, after: State) -> Frames:
        """`aggregated`: method, number of children and units without a score, for each node."""
        structure = after.structure
        assert after.scores is not None
        rows = [
            (code, structure.levels[code], repr(self._method(structure.levels[code], code)),
             len(structure.children[code]),
             int(np.isnan(after.scores[0, :, structure.places[code]]).sum()))
            for code in structure.aggregates
        ]  # fmt: skip
        columns = ["code", "level", "method", "children", "without_score"]
        return {"aggregated": pd.DataFrame(rows, columns=columns)}

    def _method(self, level: int, code: str) -> Aggregator:
        return self.nodes.get(code, self.levels.get(level, self.method))

    def _screened(self, x: Floats, weights: Floats) -> Floats:
        """Blank all children of a unit that has too few of them."""
        if self.minimum == 0 or not np.isnan(x).any():
            return x
        counts = (weights > 0).astype(np.float64)
        share = _dot((~np.isnan(x)).astype(np.float64), counts)
        low = share < self.minimum * counts.sum(axis=1, keepdims=True) - 1e-9
        return np.where(low[:, None, :], np.nan, x)

    def _check(self, state: State) -> None:
        for level in self.levels:
            if level < 2 or level > state.structure.depth:
                raise ParameterError(
                    f"levels names level {level!r}: aggregates are at levels 2 to "
                    f"{state.structure.depth}."
                )
        for code in self.nodes:
            if code not in state.structure.aggregates:
                known = state.structure.aggregates
                raise ParameterError(unknown("aggregate", code, known, where="in nodes"))


def _stack(parts: list[Floats]) -> Floats:
    """Stack children (draws or 1, units) into (draws or 1, children, units)."""
    draws = max(len(part) for part in parts)
    return np.stack([np.broadcast_to(part, (draws, part.shape[1])) for part in parts], axis=1)
