"""Sensitivity analysis: which setting moves the index most, alone and in company."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .arrays import Floats, number, whole
from .factors import Factor, check_factors
from .index import Index
from .replay import CHUNK, replay, settings
from .uncertainty import nominal_ranks, rank_rows


@dataclass(frozen=True)
class Target(ABC):
    """The number whose variance is apportioned."""

    @abstractmethod
    def of(self, index: Index, scores: Floats, code: str) -> Floats:
        """One number for each draw of scores (draws, rows of the data)."""


@dataclass(frozen=True)
class MeanRankShift(Target):
    """Mean over units of |rank - nominal rank|. OECD/JRC (2008), eq. 38."""

    def of(self, index: Index, scores: Floats, code: str) -> Floats:
        """Shift of each draw over the units ranked in both."""
        away = np.abs(rank_rows(index, scores) - nominal_ranks(index, code))
        known = (~np.isnan(away)).sum(axis=1)
        total = np.nansum(away, axis=1)
        shift = np.divide(total, known, out=np.full(len(away), np.nan), where=known > 0)
        return np.asarray(shift)


@dataclass(frozen=True)
class RankOf(Target):
    """Rank of one unit (a (unit, year) pair in a panel)."""

    unit: object

    def of(self, index: Index, scores: Floats, code: str) -> Floats:
        """Rank of each draw."""
        return np.asarray(rank_rows(index, scores)[:, _place(index, self.unit)], dtype=float)


@dataclass(frozen=True)
class ScoreOf(Target):
    """Score of one unit (a (unit, year) pair in a panel)."""

    unit: object

    def of(self, index: Index, scores: Floats, code: str) -> Floats:
        """Score of each draw."""
        return np.asarray(scores[:, _place(index, self.unit)])


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Variance-based sensitivity indices. Made by `sensitivity`.

    Attributes
    ----------
    table : DataFrame by factor: first_order, total and their bootstrap bounds (`_low`, `_high`)
    variance, mean : of the target over the base sample
    n : size of the base sample; the index was rebuilt n (factors + 2) times
    """

    table: pd.DataFrame
    mean: float
    variance: float
    n: int
    seed: int
    outputs: tuple[Floats, Floats, Floats] = field(repr=False)

    @property
    def interactions(self) -> float:
        """Share of the variance that no factor explains by itself."""
        return 1.0 - float(self.table["first_order"].sum()) if self.variance > 0 else 0.0


def sobol_indices(a: Floats, b: Floats, ab: Floats) -> tuple[Floats, Floats]:
    """First-order and total indices from the outputs of a Saltelli design.

    S_i = mean(f_B (f_ABi - f_A)) / V and T_i = mean((f_A - f_ABi)^2) / (2 V), with V the variance
    of f_A and f_B together. Outputs are centred on their mean, which changes no expectation and
    steadies S.

    Parameters
    ----------
    a, b : arrays (..., n), outputs at the rows of A and of B
    ab : array (..., n, k), outputs at A with column i taken from B

    Returns
    -------
    first, total : arrays (..., k); zero where the variance is zero

    References
    ----------
    Saltelli et al. (2010), "Variance based sensitivity analysis of model output", table 2, (b) and
    (f); Jansen (1999) for T; OECD/JRC (2008), 7.3.
    """
    both = np.concatenate([a, b], axis=-1)
    centre = np.concatenate([both, ab.reshape(*ab.shape[:-2], -1)], axis=-1).mean(axis=-1)
    variance = both.var(axis=-1)
    change = ab - a[..., None]
    first = ((b - centre[..., None])[..., None] * change).mean(axis=-2)
    total = (change**2).mean(axis=-2) / 2.0
    # A spread that is rounding alone is none.
    none = variance <= (1e-12 * np.abs(both).max(axis=-1)) ** 2
    divisor = np.where(none, 1.0, variance)[..., None]
    return _share(first, divisor, none), _share(total, divisor, none)


def _share(part: Floats, divisor: Floats, none: np.ndarray) -> Floats:
    return np.where(none[..., None], 0.0, part / divisor)


def sensitivity(
    index: Index, factors: Sequence[Factor], *, target: Target | None = None, n: int = 256,
    seed: int = 0, node: str | None = None, bootstrap: int = 1000, confidence: float = 0.9,
    progress: bool | None = None,
) -> Sensitivity:  # fmt: skip
    """First-order and total indices of each factor, with bootstrap intervals.

    Parameters
    ----------
    index : Index, the nominal one
    factors : Alternatives, WeightNoise, RandomWeights, Omission, MeasurementError
    target : Target
        By default `MeanRankShift()`; also `RankOf(unit)`, `ScoreOf(unit)`.
    n : int
        Size of the base sample; the index is rebuilt n (k + 2) times for k factors.
    seed : int from zero up; equal seeds give equal results
    bootstrap : int
        Resamples of the base sample for percentile intervals.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    Sensitivity
        A factor whose options are all equal has indices of exactly zero. Estimates of a first-
        order index near zero may be negative.

    Raises
    ------
    DataError
        If the target has no value in some draw.

    Notes
    -----
    The base sample is a scrambled Sobol' sequence (Owen 1998), for discrete settings too; weights
    and errors are one factor each, whatever their number (OECD/JRC 2008, 7.2).
    """
    for what, value, low in (("n", n, 2), ("seed", seed, 0), ("bootstrap", bootstrap, 1)):
        whole(what, value, low)
    number("confidence", confidence, 0, 1)
    check_factors(index.recipe, index.structure, factors)
    code = index.structure.nodes[index.structure.place(node or index.structure.root)]
    design = saltelli_design(n, len(factors), seed)
    keys = settings(index, factors, design)
    scores = replay(index, factors, keys, len(design), seed, code=code, progress=progress)
    outputs = (target or MeanRankShift()).of(index, scores, code)
    if np.isnan(outputs).any():
        raise DataError("the target has no value in some draws: a unit is set aside in them.")
    k = len(factors)
    a, b, ab = outputs[:n], outputs[n : 2 * n], outputs[2 * n :].reshape(k, n).T
    first, total = sobol_indices(a, b, ab)
    rows = np.random.default_rng([seed, 1]).integers(0, n, (bootstrap, n))
    parts = [
        sobol_indices(a[some], b[some], ab[some])
        for some in np.array_split(rows, max(1, bootstrap * n * k // CHUNK))
    ]
    spread = [np.concatenate(part) for part in zip(*parts, strict=True)]
    ends = [50 * (1 - confidence), 50 * (1 + confidence)]
    bounds = [np.percentile(part, ends, axis=0) for part in spread]
    table = pd.DataFrame(
        {"first_order": first, "first_order_low": bounds[0][0], "first_order_high": bounds[0][1],
         "total": total, "total_low": bounds[1][0], "total_high": bounds[1][1]},
        index=pd.Index([factor.label for factor in factors], name="factor"),
    )  # fmt: skip
    both = outputs[: 2 * n]
    return Sensitivity(table, float(both.mean()), float(both.var()), n, seed, (a, b, ab))


def saltelli_design(n: int, k: int, seed: int) -> Floats:
    """Rows of A, of B, then of A with column i from B for each i: (n (k + 2), k) in [0, 1)."""
    from scipy.stats import qmc

    power = int(np.ceil(np.log2(max(n, 2))))
    sample = qmc.Sobol(2 * k, scramble=True, rng=np.random.default_rng(seed)).random_base2(power)
    a, b = sample[:n, :k], sample[:n, k:]
    mixed = []
    for column in range(k):
        one = a.copy()
        one[:, column] = b[:, column]
        mixed.append(one)
    return np.concatenate([a, b, *mixed])


def _place(index: Index, unit: object) -> int:
    found = [place for place, label in enumerate(index.data.index) if label == unit]
    if not found:
        raise ParameterError(unknown("unit", unit, map(str, index.data.index)))
    return found[0]
