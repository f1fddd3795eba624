"""How sure one can be of a rank: Monte Carlo over every choice that could have been another."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from .. import composite
from ..composite.index import ranks_of
from ..errors import ParameterError, unknown
from ..kept import Kept
from . import declared
from .grades import grade, spans
from .model import AGGREGATIONS, BOTTOM, GOALPOSTS, KEEP_GAPS, TOP, Model, model
from .score import WORLD, Weights, among, built, chosen_year
from .tables import Tables

SPREAD = 0.5  # weights vary by up to half
LOW, HIGH = 5.0, 95.0  # ends of the interval, percentiles of the draws
_PERCENTILES = composite.PercentileRank(ties="average", of="all")


def factors(index: composite.Index) -> list[composite.Factor]:
    """Return everything that varies, each with its alternatives.

    Weights at every level, by up to half, up or down; normalisation (goalposts, the extremes of the
    year, percentile ranks); the mean that joins the dimensions; what stands for a missing
    indicator (nothing, or the median of the region or of the quarter by income); and the governance
    indicators by their published standard errors, independently of one another.
    """
    means = [composite.Aggregate(nodes={declared.ROOT: m}) for m in AGGREGATIONS.values()]
    fills = [composite.Impute("median", by=column) for column in ("region", "income")]
    scales = [GOALPOSTS, composite.MinMax(BOTTOM, TOP), _PERCENTILES]
    return [
        composite.WeightNoise(spread=SPREAD, name="weights"),
        composite.Alternatives(GOALPOSTS, scales, name="normalisation"),
        composite.Alternatives(index.recipe.aggregate, means, name="aggregation"),
        composite.Alternatives(KEEP_GAPS, [KEEP_GAPS, *fills], name="missing indicators"),
        composite.MeasurementError(name="errors of the governance indicators"),
    ]


@dataclass(frozen=True, eq=False)
class Simulation:
    """Drawn ranks of one year. Made by :func:`simulate`.

    Attributes
    ----------
    year, group, seed : what was asked for
    economies : tuple of ISO 3166-1 alpha-3 codes, one for each column of `ranks`
    names : tuple of display names in the same order
    nominal : array (economies,), ranks in the group without any variation, 1 the least risk
    ranks : array (draws, economies), ranks in the group
    world : array (1 + draws, economies), ranks among all `of` economies, the nominal ones first
    of : number of economies scored
    """

    year: int
    group: str
    seed: int
    economies: tuple[str, ...]
    names: tuple[str, ...]
    nominal: np.ndarray = field(repr=False)
    ranks: np.ndarray = field(repr=False)
    world: np.ndarray = field(repr=False)
    of: int

    def table(self) -> pd.DataFrame:
        """Interval and grade of every economy, least risky first.

        Returns
        -------
        DataFrame
            `iso3`, `economy`, `rank`, `median`, `low` and `high` (5th and 95th percentile of the
            drawn ranks), `grade` and `grades` (what the interval supports), both by the place
            among all economies scored, not within the group.
        """
        low, middle, high = np.percentile(self.ranks, [LOW, 50.0, HIGH], axis=0)
        ends = np.percentile(self.world[1:], [LOW, HIGH], axis=0)
        table = pd.DataFrame(
            {"iso3": self.economies, "economy": self.names, "rank": self.nominal.astype(int),
             "median": middle, "low": low, "high": high}
        )  # fmt: skip
        table["grade"] = [grade(rank, self.of) for rank in self.world[0]]
        table["grades"] = spans(pd.Series(ends[0]), pd.Series(ends[1]), self.of)
        return table.sort_values(["rank", "economy"], ignore_index=True)

    def riskier(self, one: str, other: str) -> float:
        """Probability that the first economy is riskier than the second; a tie counts half."""
        a, b = (self.ranks[:, self._place(code)] for code in (one, other))
        return float((a > b).mean() + (a == b).mean() / 2)

    def neighbours(self, sure: float = 0.9) -> pd.DataFrame:
        """Pairs of neighbours in rank, with the probability that the later one is riskier.

        Returns
        -------
        DataFrame
            `safer`, `riskier` (codes), `probability`, `decided` (at least `sure`).
        """
        order = [self.economies[place] for place in np.argsort(self.nominal, kind="stable")]
        pairs = list(pairwise(order))
        shares = [self.riskier(later, earlier) for earlier, later in pairs]
        table = pd.DataFrame(pairs, columns=["safer", "riskier"])
        table["probability"] = shares
        table["decided"] = table["probability"] >= sure
        return table

    def decided(self, sure: float = 0.9) -> float:
        """Share of all pairs of economies whose order holds in at least `sure` of the draws."""
        n = len(self.economies)
        if n < 2:
            return float("nan")
        held = 0
        for place in range(n):
            wins = (self.ranks[:, [place]] > self.ranks[:, place + 1 :]).mean(axis=0)
            held += int(((wins >= sure) | (wins <= 1 - sure)).sum())
        return held / (n * (n - 1) / 2)

    def _place(self, code: str) -> int:
        if code not in self.economies:
            raise ParameterError(unknown("ranked economy", code, self.economies))
        return self.economies.index(code)


def simulate(
    year: int | None = None, weights: Weights = "equal", aggregation: str = "arithmetic",
    group: str = WORLD, *, draws: int = 1000, seed: int = 1, own: pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> Simulation:  # fmt: skip
    """Draw every choice of the index anew, many times, and rank the economies each time.

    Parameters
    ----------
    year, weights, aggregation, group, own, tables : as in :func:`sme_analysis.risk.score`
    draws : int
        Latin hypercube draws over all factors at once.
    seed : int
        Equal seeds give equal results.

    Notes
    -----
    What varies is listed in :func:`factors`. OECD/JRC (2008), step 7; Saisana, Saltelli and
    Tarantola (2005), "Uncertainty and sensitivity analysis techniques as tools for the quality
    assessment of composite indicators".
    """
    made = model(tables=tables, own=own)
    index = built(made, year, weights, aggregation)
    scores = _draws(made, index, draws, seed)
    when = chosen_year(made, year)
    chosen = index.units.isin(among(group, when))
    units = [str(code) for code in index.units[chosen]]
    scored = scores[:, index.data.index.get_indexer(index.units)]
    safety = np.vstack([index.scores[declared.ROOT].to_numpy(), scored])
    within = ranks_of(safety[:, chosen])
    return Simulation(
        when, group, seed, tuple(units), tuple(made.names[code] for code in units),
        within[0], within[1:], ranks_of(safety)[:, chosen], len(index.units),
    )  # fmt: skip


def intervals(
    year: int | None = None, weights: Weights = "equal", aggregation: str = "arithmetic",
    group: str = WORLD, *, draws: int = 1000, seed: int = 1, own: pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Interval and grade of every economy's rank: :meth:`Simulation.table` of :func:`simulate`."""
    return simulate(
        year, weights, aggregation, group, draws=draws, seed=seed, own=own, tables=tables
    ).table()


def sensitivity(
    year: int | None = None, weights: Weights = "equal", aggregation: str = "arithmetic", *,
    n: int = 128, seed: int = 1, own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Which choice moves the ranks most, alone and in company with the others.

    Returns
    -------
    DataFrame
        `factor`, `first_order` and `total` (shares of the variance of the mean shift in rank) with
        the ends of their 90 percent bootstrap intervals.

    Notes
    -----
    Sobol' indices: :func:`sme_analysis.composite.sensitivity`.
    """
    made = model(tables=tables, own=own)
    index = built(made, year, weights, aggregation)
    found = composite.sensitivity(index, factors(index), n=n, seed=seed, progress=False)
    return found.table.reset_index()


_drawn: Kept[tuple[composite.Index, np.ndarray]] = Kept(4)


def _draws(made: Model, index: composite.Index, draws: int, seed: int) -> np.ndarray:
    """Safety scores, (draws, rows of the data); kept, since a report asks for them again."""

    def draw() -> tuple[composite.Index, np.ndarray]:
        found = composite.uncertainty(index, factors(index), draws=draws, seed=seed, progress=False)
        return index, found.scores  # the index too: while it lives, no other has its number

    return _drawn.get((id(index), draws, seed), draw)[1]
