"""Weights that give nodes a wanted influence on the index, measured by correlation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .aggregate import Aggregate
from .arrays import Floats, number
from .state import Frames, State
from .weigh import MEANS, Weighting, node_scores


@dataclass(frozen=True)
class OptimisedWeights(Weighting):
    """Weights of one level whose correlations with the index come closest to wanted shares.

    Minimises sum_i (r_i / sum r - t_i / sum t)^2 with r_i the Pearson correlation of node i with
    the index and t_i its target, over weights from zero up. `report` gives both shares; what is
    out of reach stays as a difference there.

    Parameters
    ----------
    level : int
    targets : mapping of code to a number above zero
        Wanted importance; nodes that are not named have 1.
    aggregate : Aggregate
        Should be the one the recipe ends with.

    References
    ----------
    Becker, Saisana, Paruolo and Vandecasteele (2017), "Weights and importance in composite
    indicators: Closing the gap"; Becker et al. (2022), function get_opt_weights.
    """

    level: int = 2
    targets: Mapping[str, float] = field(default_factory=dict)
    aggregate: Aggregate = MEANS

    def weigh(self, state: State, weights: Floats) -> Floats:
        """The best weights found, summing to one over the level."""
        structure = state.structure
        nodes = structure.at_level(self.level)
        if nodes == (structure.root,):
            raise ParameterError("the index itself has no weight to optimise.")
        for code, value in self.targets.items():
            if code not in nodes:
                raise ParameterError(unknown("code", code, nodes, where=f"at level {self.level}"))
            number(f"the target of {code!r}", value, np.nextafter(0, 1))
        wanted = np.array([self.targets.get(code, 1.0) for code in nodes])
        places = [structure.places[code] for code in nodes]
        draws = max(len(state.values), len(weights))
        result = np.repeat(weights, draws // len(weights), axis=0)
        for draw in range(draws):
            one = state.take(np.array([draw]))
            result[draw, places] = self._best(one, result[draw], places, wanted / wanted.sum())
        return result

    def report(self, before: State, after: State) -> Frames:
        """`weights`, and `importance`: wanted and reached shares of correlation with the index."""
        nodes = after.structure.at_level(self.level)
        wanted = np.array([self.targets.get(code, 1.0) for code in nodes])
        places = [after.structure.places[code] for code in nodes]
        reached = correlations(after, after.weights[:1], places, self.aggregate)[0]
        table = pd.DataFrame(
            {"code": nodes, "wanted": wanted / wanted.sum(), "reached": reached / reached.sum(),
             "correlation": reached}
        )  # fmt: skip
        return {**super().report(before, after), "importance": table}

    def _best(self, state: State, weights: Floats, places: list[int], wanted: Floats) -> Floats:
        from scipy.optimize import minimize

        step = 1e-6

        def cost(trials: Floats) -> Floats:
            full = np.repeat(weights[None], len(trials), axis=0)
            full[:, places] = trials
            r = correlations(state, full, places, self.aggregate)
            return np.asarray(((r / r.sum(axis=1, keepdims=True) - wanted) ** 2).sum(axis=1))

        def both(trial: Floats) -> tuple[float, Floats]:
            around = cost(np.vstack([trial, trial + step * np.eye(len(trial))]))
            return float(around[0]), (around[1:] - around[0]) / step

        start = np.full(len(places), 1.0 / len(places))
        if not np.isfinite(cost(start[None])).all():
            raise DataError(
                f"weights at level {self.level} cannot be optimised: a node does not vary, or "
                "correlations with the index cancel out."
            )
        found = minimize(
            both, start, jac=True, method="SLSQP", bounds=[(1e-6, 1.0)] * len(places),
            constraints={"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": np.ones_like},
            options={"maxiter": 500, "ftol": 1e-14},
        )  # fmt: skip
        best = found.x if np.isfinite(found.fun) and found.fun <= cost(start[None])[0] else start
        return np.asarray(best / best.sum())


def correlations(state: State, weights: Floats, places: list[int], aggregate: Aggregate) -> Floats:
    """Pearson correlation of nodes with the index for each row of weights: (draws, nodes).

    Pairwise over the rows where both are known.
    """
    scores = node_scores(replace(state, weights=weights), aggregate)
    index = scores[:, :, [state.structure.places[state.structure.root]]]
    nodes = scores[:, :, places]
    known = ~np.isnan(nodes) & ~np.isnan(index)
    n = known.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (np.where(known, part, 0.0) for part in (nodes, np.broadcast_to(index, nodes.shape)))
        a = np.where(known, a - a.sum(axis=1, keepdims=True) / n, 0.0)
        b = np.where(known, b - b.sum(axis=1, keepdims=True) / n, 0.0)
        return np.asarray((a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1)))
