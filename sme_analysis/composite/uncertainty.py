"""Uncertainty analysis: how far ranks and scores move when the settings of an index vary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..errors import ParameterError, unknown
from .arrays import Floats, number, whole
from .factors import Factor, check_factors
from .index import Index, ranks_of
from .replay import replay, settings


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Ranks and scores over the draws of a Monte Carlo run. Made by `uncertainty`.

    Attributes
    ----------
    index : the nominal index
    ranks : array (draws, units) of float32, 1 for the best; NaN where a draw sets a unit aside
    scores : array (draws, units)
    nominal : array (units,), ranks of the nominal index
    """

    index: Index
    factors: tuple[str, ...]
    seed: int
    nominal: Floats
    ranks: np.ndarray = field(repr=False)
    scores: Floats = field(repr=False)

    @property
    def units(self) -> pd.Index:
        """Rows of the data."""
        return self.index.data.index

    def table(self, low: float = 5.0, high: float = 95.0) -> pd.DataFrame:
        """Ranks by unit: nominal, mean, median, two percentiles, and draws with a rank.

        Sorted by nominal rank. Percentiles are those of the drawn ranks, linear between them.
        """
        number("low", low, 0, 100)
        number("high", high, low, 100)
        known = (~np.isnan(self.ranks)).sum(axis=0)
        bounds = np.full((3, len(self.units)), np.nan)
        some = known > 0
        if some.any():
            bounds[:, some] = _percentiles(self.ranks[:, some], [50.0, low, high])
        total = np.nansum(self.ranks, axis=0, dtype=np.float64)
        table = pd.DataFrame(
            {"nominal": self.nominal, "mean": np.divide(total, known, where=some,
                                                       out=np.full(len(known), np.nan)),
             "median": bounds[0], f"p{low:g}": bounds[1], f"p{high:g}": bounds[2],
             "draws": known}, index=self.units,
        )  # fmt: skip
        return table.sort_values("nominal", kind="stable")

    def top(self, k: int) -> pd.Series[float]:
        """Probability of a rank of at most `k`; draws without a rank count as not."""
        whole("k", k, 1)
        return pd.Series((self.ranks <= k).mean(axis=0), self.units, name=f"top {k}")

    def above(self, unit: object, other: object) -> float:
        """Probability that one unit ranks above another, of the draws in which both rank.

        A tie is neither above nor below.
        """
        a, b = (self.ranks[:, self._place(label)] for label in (unit, other))
        known = ~np.isnan(a) & ~np.isnan(b)
        return float((a < b)[known].mean()) if known.any() else float("nan")

    def matrix(self) -> pd.DataFrame:
        """Probability that the row's unit ranks above the column's: `above` for all pairs."""
        n = len(self.units)
        wins, both = np.zeros((n, n)), np.zeros((n, n))
        for column in range(n):
            mine = self.ranks[:, [column]]
            wins[column] = (mine < self.ranks).sum(axis=0)
            both[column] = (~np.isnan(mine) & ~np.isnan(self.ranks)).sum(axis=0)
        share = np.divide(wins, both, out=np.full_like(wins, np.nan), where=both > 0)
        np.fill_diagonal(share, np.nan)
        return pd.DataFrame(share, self.units, self.units)

    def shift(self) -> pd.Series[float]:
        """Mean absolute difference from the nominal rank over units, by draw: OECD/JRC, eq. 38."""
        away = np.abs(self.ranks - self.nominal.astype(np.float32))
        known = ~np.isnan(away)
        mean = np.nansum(away, axis=1) / np.maximum(known.sum(axis=1), 1)
        return pd.Series(np.where(known.any(axis=1), mean, np.nan), name="rank shift")

    def _place(self, label: object) -> int:
        found = np.flatnonzero(np.array([item == label for item in self.units], dtype=bool))
        if not found.size:
            raise ParameterError(unknown("unit", label, map(str, self.units)))
        return int(found[0])


def uncertainty(
    index: Index, factors: Sequence[Factor], *, draws: int = 1000, seed: int = 0,
    node: str | None = None, progress: bool | None = None,
) -> Uncertainty:  # fmt: skip
    """Vary all factors at once and rank the units in every draw.

    Parameters
    ----------
    index : Index, the nominal one
    factors : Alternatives, WeightNoise, RandomWeights, Omission, MeasurementError
    draws : int
    seed : int from zero up; equal seeds give equal results
    node : str, optional
        Code of the node that is followed; by default the index itself.
    progress : bool, optional
        Show a progress bar; by default only at a terminal, after two seconds.

    Notes
    -----
    Latin hypercube sampling over the factors (McKay, Beckman and Conover 1979): options come up in
    their proportions, each weight draw and each error draw once. OECD/JRC (2008), 7.1 and 7.2.
    """
    whole("draws", draws, 1)
    whole("seed", seed, 0)
    check_factors(index.recipe, index.structure, factors)
    code = index.structure.nodes[index.structure.place(node or index.structure.root)]
    rng = np.random.default_rng(seed)
    u = np.stack([(rng.permutation(draws) + 0.5) / draws for _ in factors], axis=1)
    keys = settings(index, factors, u)
    scores = replay(index, factors, keys, draws, seed, code=code, progress=progress)
    ranks = rank_rows(index, scores)
    return Uncertainty(
        index, tuple(factor.label for factor in factors), seed, nominal_ranks(index, code), ranks,
        scores,
    )  # fmt: skip


def rank_rows(index: Index, scores: Floats) -> np.ndarray:
    """Ranks of each draw within each year, as float32, in chunks."""
    ranks = np.full(scores.shape, np.nan, dtype=np.float32)
    for rows in index.states[0].sections("year"):
        for start in range(0, len(scores), 2000):
            part = slice(start, start + 2000)
            ranks[part, rows] = ranks_of(scores[part, rows])
    return ranks


def nominal_ranks(index: Index, code: str) -> Floats:
    """Ranks of the nominal index by row of the data; NaN for units set aside."""
    result = np.full(len(index.data), np.nan)
    result[index.states[-1].rows] = index.ranks()[code].to_numpy()
    return result


def _percentiles(ranks: np.ndarray, at: list[float]) -> Floats:
    if np.isnan(ranks).any():
        return np.asarray(np.nanpercentile(ranks, at, axis=0))
    return np.asarray(np.percentile(ranks, at, axis=0))
