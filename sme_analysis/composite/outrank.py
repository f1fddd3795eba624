"""Aggregation by pairwise comparison and counting: Borda, Copeland, Condorcet-Kemeny-Young."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import DataError, ParameterError
from .aggregate import Aggregator, weighted_mean
from .arrays import Floats, Integers, Ties, one_of, rank_last, whole

# Support below this is rounding: a pair so close to even is a tie.
_EVEN = 1e-9


def outranking(x: Floats, weights: Floats) -> Floats:
    """Outranking matrix: e[j, k] = sum of w(j above k) + half of w(j level with k).

    Parameters
    ----------
    x : array (draws or 1, children, units)
    weights : array (draws or 1, children)

    Returns
    -------
    array (draws, units, units)
        e[j, k] + e[k, j] = 1: where a unit lacks an indicator, the pair is compared on the others,
        whose weights are made to sum to one. NaN on the diagonal and for pairs with nothing in
        common.

    References
    ----------
    OECD/JRC (2008), eq. 32, after Munda and Nardo (2007).
    """
    draws, (_, children, units) = max(len(x), len(weights)), x.shape
    result = np.empty((draws, units, units))
    for draw in range(len(x)):
        a, b = x[draw][:, :, None], x[draw][:, None, :]
        wins = ((a > b) + 0.5 * (a == b)).reshape(children, -1)
        both = (~np.isnan(a) & ~np.isnan(b)).astype(np.float64).reshape(children, -1)
        part = slice(draw, draw + 1) if len(x) > 1 else slice(None)
        w = weights[part] if len(weights) > 1 else weights
        total = w @ both
        share = np.divide(w @ wins, total, out=np.full_like(total, np.nan), where=total > 0)
        result[part] = share.reshape(-1, units, units)
    result[:, np.arange(units), np.arange(units)] = np.nan
    return result


@dataclass(frozen=True)
class BordaCount(Aggregator):
    """Borda: the weighted mean over indicators of the number of units beaten.

    The last unit on an indicator has 0 points, the first n - 1; tied units share their points
    ("average", which keeps the sum of points) or all take the lowest of them ("min").
    OECD/JRC (2008), 6.12, table 26.
    """

    ties: Ties = "average"

    def __post_init__(self) -> None:
        one_of("tie rule", self.ties, ("min", "max", "average"))

    def combine(self, x: Floats, weights: Floats, names: tuple[str, ...]) -> Floats:
        """Mean Borda points."""
        return weighted_mean(rank_last(x, self.ties) - 1.0, weights)


@dataclass(frozen=True)
class Copeland(Aggregator):
    """Copeland: units beaten by weighted majority less units that beat this one.

    OECD/JRC (2008), 6.12 and eq. 32 for the majority; Copeland (1951); Becker et al. (2022),
    a_copeland.
    """

    def combine(self, x: Floats, weights: Floats, names: tuple[str, ...]) -> Floats:
        """Wins less losses."""
        support = outranking(x, weights) - 0.5
        net = np.where(np.abs(support) <= _EVEN, 0.0, np.sign(support))
        return _blank(np.nansum(net, axis=2), x, weights)


@dataclass(frozen=True)
class Kemeny(Aggregator):
    """Condorcet-Kemeny-Young-Levenglick: the ranking with the largest pairwise support, exactly.

    The score is the mean number of units below a unit over all optimal rankings, so that units
    which optimal rankings order differently, and evenly, come out tied. `rankings` lists them.

    Parameters
    ----------
    limit : int
        Most units in one majority cycle to solve (time and memory double with each).

    Notes
    -----
    Optimal rankings keep the order of the strong components of the majority graph (Truchon 1998),
    so that only cycles and ties within a component need the search, a dynamic programme over
    subsets (Young 1988 for the criterion; OECD/JRC 2008, eq. 33). Larger cycles are refused.
    """

    limit: int = 14

    def __post_init__(self) -> None:
        whole("limit", self.limit, 1)

    def combine(self, x: Floats, weights: Floats, names: tuple[str, ...]) -> Floats:
        """Mean number of units below, over the optimal rankings."""
        support = outranking(x, weights)
        result = np.full((len(support), x.shape[2]), np.nan)
        known = ~np.isnan(_blank(np.zeros_like(result), x, weights))
        for draw, (matrix, units) in enumerate(zip(support, known, strict=True)):
            places = np.flatnonzero(units)
            if places.size:
                result[draw, places] = self.scores(matrix[np.ix_(places, places)])
        return result

    def scores(self, support: Floats) -> Floats:
        """Scores (n,) for one outranking matrix (n, n)."""
        result = np.zeros(len(support))
        for group, below in self._groups(support):
            result[group] = below + _search(support[np.ix_(group, group)])[1]
        return result

    def rankings(self, support: Floats, most: int = 100) -> tuple[float, list[tuple[int, ...]]]:
        """Support of the optimal rankings of an outranking matrix, and the rankings, best first.

        Raises
        ------
        DataError
            If there are more than `most` of them.
        """
        ranked: list[tuple[int, ...]] = [()]
        for group, _ in sorted(self._groups(support), key=lambda item: -item[1]):
            own = _orders(support[np.ix_(group, group)], most)
            ranked = [(*head, *(int(group[i]) for i in tail)) for head in ranked for tail in own]
            if len(ranked) > most:
                raise DataError(f"there are more than {most} optimal rankings.")
        first = ranked[0]
        total = sum(support[a, b] for i, a in enumerate(first) for b in first[i + 1 :])
        return float(total), ranked

    def _groups(self, support: Floats) -> list[tuple[Integers, int]]:
        """Strong components of the majority graph, each with the number of units below it."""
        from scipy.sparse.csgraph import connected_components

        matrix = np.where(np.isnan(support), 0.5, support)
        beats = matrix >= 0.5 - _EVEN
        np.fill_diagonal(beats, False)
        number, label = connected_components(beats, directed=True, connection="strong")
        groups = []
        for one in range(number):
            group = np.flatnonzero(label == one)
            if group.size > self.limit:
                raise ParameterError(
                    f"Kemeny found a majority cycle among {group.size} units, more than its limit "
                    f"of {self.limit}: use Copeland, or raise the limit."
                )
            others = np.flatnonzero(label != one)
            groups.append((group, int(beats[group[0], others].sum())))
        return groups


def _tables(support: Floats) -> tuple[Floats, Floats, Floats]:
    """For every set: best support of a ranking of it, how many reach it, gain of each as first."""
    n = len(support)
    matrix = np.where(np.isnan(support), 0.5, support)
    np.fill_diagonal(matrix, 0.0)
    gain = np.zeros((1 << n, n))
    for unit in range(n):
        gain[1 << unit : 2 << unit] = gain[: 1 << unit] + matrix[:, unit]
    best, ways = np.full(1 << n, -np.inf), np.zeros(1 << n)
    best[0], ways[0] = 0.0, 1.0
    sets = np.arange(1 << n)
    size = np.bitwise_count(sets)
    for k in range(1, n + 1):
        these = sets[size == k]
        inside = (these[:, None] >> np.arange(n)) & 1 == 1
        rest = np.where(inside, these[:, None] ^ (1 << np.arange(n)), 0)
        value = np.where(inside, gain[these] + best[rest], -np.inf)
        best[these] = value.max(axis=1)
        ways[these] = np.where(value >= best[these][:, None] - _EVEN, ways[rest], 0.0).sum(axis=1)
    return best, ways, gain


def _search(support: Floats) -> tuple[float, Floats]:
    """Number of optimal rankings, and each unit's mean number of units below over them."""
    n = len(support)
    if n == 1:
        return 1.0, np.zeros(1)
    best, ways, gain = _tables(support)
    reach, below = np.zeros(1 << n), np.zeros(n)
    reach[-1] = 1.0
    sets = np.arange(1 << n)
    size = np.bitwise_count(sets)
    for k in range(n, 0, -1):
        these = sets[(size == k) & (reach > 0)]
        for unit in range(n):
            mine = these[(these >> unit) & 1 == 1]
            rest = mine ^ (1 << unit)
            mine_best = gain[mine, unit] + best[rest] >= best[mine] - _EVEN
            mine, rest = mine[mine_best], rest[mine_best]
            np.add.at(reach, rest, reach[mine])
            below[unit] += (k - 1) * (reach[mine] * ways[rest]).sum()
    return float(ways[-1]), below / ways[-1]


def _orders(support: Floats, most: int) -> list[tuple[int, ...]]:
    """All optimal rankings of a component."""
    n = len(support)
    best, _, gain = _tables(support)
    open_: list[tuple[tuple[int, ...], int]] = [((), (1 << n) - 1)]
    for _ in range(n):
        following = [
            ((*head, unit), rest ^ (1 << unit))
            for head, rest in open_
            for unit in range(n)
            if rest >> unit & 1
            and gain[rest, unit] + best[rest ^ (1 << unit)] >= best[rest] - _EVEN
        ]
        if len(following) > most:
            raise DataError(f"there are more than {most} optimal rankings.")
        open_ = following
    return [head for head, _ in open_]


def _blank(scores: Floats, x: Floats, weights: Floats) -> Floats:
    """Blank the scores of units with no indicator that carries weight."""
    present = weighted_mean(np.where(np.isnan(x), np.nan, 1.0), weights)
    return np.where(np.isnan(present), np.nan, scores)
