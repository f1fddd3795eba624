"""The result of a screening, and how it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from ..economies import canonical_group
from ..errors import ParameterError
from . import declared, exclusions
from .explain import contributions, drivers
from .model import Figures, figures, index_of
from .ranking import at_appetites, beside, drawn_scores, lacking, ranked_list, scores_of
from .tables import Tables

WORLD = "World"


@dataclass(frozen=True, eq=False)
class Screening:
    """A ranked, explained list of markets. Made by :func:`screen`.

    Attributes
    ----------
    sector, risk_appetite, year, group, draws, seed : what was asked for, in canonical form
    weights : DataFrame
        From :func:`sme_analysis.markets.weights`.
    ranked : DataFrame, best first
        `iso3`, `economy`, `rank`, `low` and `high` (5th and 95th percentile of the drawn ranks),
        `score`, `opportunity`, `safety`, `access` (0 to 100, more is better), `risk` (0 to 100,
        more is riskier), `front` (bool: on the Pareto front of opportunity against risk),
        `coverage` (share of the indicators that it has), `age` (mean, years).
    current : DataFrame
        The firm's current markets in the same columns; `rank` says where each would stand. Those
        without a score have blanks.
    left_out : DataFrame
        `iso3`, `economy`, `reason`, `detail`, `also`: everyone else, each once.
    items : DataFrame
        Every indicator of every scored economy: see
        :func:`sme_analysis.markets.explain.contributions`.
    appetites : DataFrame
        Ranks at a "low", "medium" and "high" appetite, by economy ranked.
    ranks : array (draws, economies ranked), in the order of `ranked`
    figures : Figures, what it was made of
    """

    sector: str
    risk_appetite: float
    year: int
    group: str
    draws: int
    seed: int
    weights: pd.DataFrame
    ranked: pd.DataFrame
    current: pd.DataFrame
    left_out: pd.DataFrame
    items: pd.DataFrame
    appetites: pd.DataFrame
    ranks: np.ndarray = field(repr=False)
    figures: Figures = field(repr=False)

    def top(self, n: int = 10) -> pd.Series:
        """Probability of each ranked economy to be among the best `n`: share of the draws."""
        if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
            raise ParameterError(f"n is a whole number from one up, not {n!r}.")
        share = (self.ranks <= n).mean(axis=0) if len(self.ranked) else np.zeros(0)
        return pd.Series(share, pd.Index(self.ranked["iso3"], name="iso3"), name=f"top_{n}")

    def short_list(self, n: int = 10) -> pd.DataFrame:
        """First `n` of `ranked`, with `top` (probability), `strong`, `weak` (items, by "; ")."""
        table = self.ranked.head(n).copy()
        table["top"] = self.top(n).to_numpy()[: len(table)]
        said = drivers(self.items[self.items["iso3"].isin(table["iso3"])])
        for side in ("strong", "weak"):
            words = said["code"].map(self.figures.leaves[side])[said["side"] == side]
            joined = words.groupby(said["iso3"]).agg("; ".join)
            table[side] = table["iso3"].map(joined).fillna("")
        return table

    def attrition(self) -> pd.DataFrame:
        """How many economies each reason takes away: `reason`, `detail`, `economies`, `left`."""
        counts = self.left_out["reason"].value_counts().reindex(list(exclusions.REASONS))
        counts = counts.fillna(0).astype(int)
        start = len(self.ranked) + len(self.left_out)
        return pd.DataFrame(
            {"reason": counts.index, "detail": list(exclusions.REASONS.values()),
             "economies": counts.to_numpy(), "left": start - counts.cumsum().to_numpy()}
        )  # fmt: skip


def screen(
    sector: str = "all", current_markets: Iterable[str] = (),
    risk_appetite: str | float = "medium", *, weights: str | Mapping[str, float] = "",
    year: int | None = None, group: str = WORLD, exclude: Iterable[str] = (),
    exclude_file: str | Path | pd.DataFrame | None = None, minimum_population: float = 0.0,
    risk_ceiling: float = 100.0, only_suited: bool = True, draws: int = 500, seed: int = 1,
    own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> Screening:  # fmt: skip
    """Rank the markets that a firm could enter next.

    Parameters
    ----------
    sector : str
        See :func:`sme_analysis.markets.sectors`.
    current_markets : iterable of str
        Markets the firm is in, by any name or code: shown beside, not ranked.
    risk_appetite : str or float
        "low", "medium", "high", or 0 to 1: see :func:`sme_analysis.markets.appetite_weights`.
    weights : str or mapping
        One's own weights: see :func:`sme_analysis.markets.weights`.
    year : int, optional
        From 2015; the newest by default. What came later does not count.
    group : str
        Rank among the members of a group or region in that year.
    exclude : iterable of str
    exclude_file : path or DataFrame, optional
        A list of economies with reasons: see :func:`sme_analysis.markets.read_list`.
    minimum_population : float, millions
    risk_ceiling : float from 0 to 100
    only_suited : bool
        Leave out the income group that the sector's row of :func:`sme_analysis.markets.sectors`
        calls unsuited: high-income economies for work of many hands.
    draws, seed : int
        Draws behind intervals and probabilities; equal seeds give equal results.
    own : DataFrame, optional
        Indicators of one's own for the risk index: see :func:`sme_analysis.risk.score`.
    tables : mapping of table name to DataFrame, optional
        In place of the shipped ones.

    Returns
    -------
    Screening
        Every economy but China is either in `ranked` or in `left_out`, once.

    Notes
    -----
    Indicators are set between goalposts, the 2.5th and 97.5th percentile over all economies of at
    least a million people, so that leaving some out changes ranks and no score; a missing
    indicator's weight goes to its siblings. Intervals: see :func:`~.ranking.factors`.
    OECD/JRC (2008), steps 3 to 7.
    """
    _checked(minimum_population, risk_ceiling, draws, seed)
    level, code = declared.appetite(risk_appetite), declared.sector_code(sector, tables=tables)
    current = exclusions.codes_of(current_markets, "current_markets")
    banned = exclusions.codes_of(exclude, "exclude")
    listed = _listed(exclude_file)
    made = figures(code, year, own=own, tables=tables)
    weighed = declared.weights(code, weights, level, tables=tables)
    index = index_of(made, weighed)
    every = exclusions.reasons(
        made.values.index, year=made.year, current=current, exclude=banned, listed=listed,
        group=canonical_group(group), minimum=minimum_population,
        population=np.exp(made.values["population"]), lacking=lacking(index, made),
        unsuited=made.unsuited if only_suited else pd.Series(dtype=object),
        risk=made.values["risk"], ceiling=risk_ceiling,
    )  # fmt: skip
    left = exclusions.first_reasons(every)
    chosen = ~index.units.isin(left["iso3"])
    table = scores_of(index, made)
    ranked = table[chosen].copy()
    drawn = drawn_scores(index, draws, seed)[:, chosen] if chosen.any() else np.zeros((draws, 0))
    order, ranked, ranks = ranked_list(ranked, drawn)
    held = beside(current, table, ranked, made)
    appetites = at_appetites(made, weights, code, ranked, tables)
    return Screening(
        code, level, made.year, canonical_group(group), draws, seed, weighed, ranked, held,
        left, contributions(index, made), appetites, ranks[:, order], made,
    )  # fmt: skip


def _listed(given: str | Path | pd.DataFrame | None) -> pd.DataFrame:
    if given is None or (isinstance(given, str) and not given.strip()):
        return pd.DataFrame({"iso3": [], "reason": []}, dtype=object)
    if not isinstance(given, pd.DataFrame):
        return exclusions.read_list(given)
    if "iso3" not in given.columns:
        raise ParameterError("a frame of economies to leave out needs the column iso3.")
    codes = exclusions.codes_of(given["iso3"].astype(str).tolist(), "exclude_file")
    reason = given["reason"].fillna("").astype(str) if "reason" in given else ""
    told = given.assign(reason=reason).drop_duplicates("iso3")["reason"].tolist()
    return pd.DataFrame({"iso3": codes, "reason": told[: len(codes)]}, dtype=object)


def _checked(minimum: float, ceiling: float, draws: int, seed: int) -> None:
    for label, value, low, high in (
        ("minimum_population", minimum, 0.0, np.inf), ("risk_ceiling", ceiling, 0.0, 100.0),
    ):  # fmt: skip
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if not number or not low <= value <= high or not np.isfinite(value):
            limits = f"from {low:g} to {high:g}" if np.isfinite(high) else f"from {low:g} up"
            raise ParameterError(f"{label} is a number {limits}, not {value!r}.")
    for label, count, least in (("draws", draws, 1), ("seed", seed, 0)):
        whole = isinstance(count, int | np.integer) and not isinstance(count, bool)
        if not whole or count < least:
            raise ParameterError(f"{label} is a whole number from {least} up, not {count!r}.")
