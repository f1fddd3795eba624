"""The risk of one economy beside its region and other economies, with intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ... import risk
from ...data.tables import load
from ...economies import names
from ...kept import Kept
from ...risk.tables import fingerprint
from .dossier import Dossier, records
from .names import selection

SEVERAL = 3  # scored economies that a median of a region needs
_BEHIND = (
    "governance_indicators", "country_indicators", "investment_treaties", "tax_treaties",
    "trade_agreements", "belt_and_road_members", "distance_to_china", "un_ideal_points",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Standing:
    """Risk of an economy, of those beside it, of its region and of all economies.

    Attributes
    ----------
    year, of, draws : int
        Year of the scores, number of economies scored, draws behind the intervals.
    table : DataFrame indexed by code, the economy first
        `economy`, `rank` (1 the least risk of `of`), `low`, `high` (90 percent interval of the
        rank), `grade`, `grades`, `risk` and one column for each dimension (0 to 100, more is
        riskier), `coverage`. Blank for what has no score.
    region, world : Series
        Median risk of the scored economies, and of each dimension; the region's blank where fewer
        than three are scored.
    profile : DataFrame
        Every indicator of the economy: :func:`sme_analysis.risk.profile`. Empty without a score.
    reasons : mapping of code to str
        Why those without a score have none.
    basis : str
        How those beside it were found: "chosen" by the reader, or in its region the nearest in
        "size" or "population", or the first in Chinese "stock" of 2019.
    """

    year: int
    of: int
    draws: int
    table: pd.DataFrame
    region: pd.Series
    world: pd.Series
    profile: pd.DataFrame
    reasons: dict[str, str]
    basis: str

    @property
    def scored(self) -> bool:
        """Whether the economy itself has a score."""
        return len(self.profile) > 0


def standing(
    about: Dossier, beside: Iterable[str] = (), *, draws: int = 1000, seed: int = 1
) -> Standing:
    """Place an economy by risk, newest year, equal weights.

    Parameters
    ----------
    about : Dossier
    beside : iterable of str
        Names or codes of economies to compare with; by default those of :func:`peers`.
    draws, seed : int
        As in :func:`sme_analysis.risk.simulate`.
    """
    shared = everyone(draws, seed)
    scores = shared.scores
    others, basis = selection(about.code, beside, scored=scores.index)
    codes = [about.code, *others]
    parts = list(risk.dimensions())
    table = shared.table.drop(columns="median").join(scores[["risk", *parts, "coverage"]])
    table = table.reindex(codes)
    table["economy"] = names(pd.Series(codes, index=codes), "plain")
    near = scores.loc[scores["region"] == about.region, ["risk", *parts]]
    region = near.median() if len(near) >= SEVERAL else near.median() * float("nan")
    why = shared.unscored
    reasons = {
        code: str(why.get(code, "is not among its economies"))
        for code in codes
        if code not in scores.index
    }
    profile = risk.profile(about.code) if about.code in scores.index else pd.DataFrame()
    world = scores[["risk", *parts]].median()
    return Standing(
        shared.drawn.year, len(scores), draws, table, region, world, profile, reasons, basis
    )


def behind(codes: Iterable[str]) -> list[pd.DataFrame]:
    """Return the `source_id` of every row on some economies that their scores can rest on.

    One frame for each table, for :func:`sme_analysis.data.citation.source_line`.
    """
    kept, wanted, none = records(), list(codes), np.empty(0, dtype=np.intp)
    found = []
    for name in _BEHIND:
        places = [none, *(kept.places[name].get(code, none) for code in wanted)]
        found.append(kept.whole[name]["source_id"].take(np.concatenate(places)).to_frame())
    return found


def chances(placed: Standing, *, draws: int = 1000, seed: int = 1) -> pd.Series:
    """Probability that the economy is riskier than each one beside it; empty if it has no score."""
    code = placed.table.index[0]
    scored = [str(one) for one in placed.table.index[placed.table["risk"].notna()]]
    if code not in scored:
        return pd.Series(dtype=float)
    drawn = everyone(draws, seed).drawn
    others = [other for other in scored if other != code]
    return pd.Series({other: drawn.riskier(code, other) for other in others}, dtype=float)


def indicators(about: Dossier) -> pd.DataFrame:
    """Newest figure of every indicator that is known of an economy.

    Returns
    -------
    DataFrame indexed by indicator
        `name`, `value`, `unit`, `year`, `source_id`.
    """
    columns = ["iso3", "year", "indicator", "value", "unit", "source_id"]
    both = [about[name] for name in ("country_indicators", "governance_indicators")]
    rows = pd.concat([part[columns] for part in both if len(part)] or [both[0][columns]])
    rows = rows.sort_values("year").drop_duplicates("indicator", keep="last")
    listed = load("indicator_catalog").set_index("indicator")["name"]
    rows["name"] = rows["indicator"].map(listed)
    return rows.set_index("indicator").reindex([code for code in listed.index if code in set(
        rows["indicator"])])[["name", "value", "unit", "year", "source_id"]]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Everyone:
    """What concerns all economies: scores, why others have none, drawn ranks and their table."""

    scores: pd.DataFrame
    unscored: pd.Series
    drawn: risk.Simulation
    table: pd.DataFrame


_kept: Kept[Everyone] = Kept(2)


def everyone(draws: int = 1000, seed: int = 1) -> Everyone:
    """Return what all briefs share; made once for each state of the tables."""
    return _kept.get((fingerprint(None), draws, seed), lambda: _made(draws, seed))


def _made(draws: int, seed: int) -> Everyone:
    scores = risk.score().set_index("iso3")
    known = load("economies").set_index("iso3")
    scores["region"] = known["wb_region"].fillna(known["bulletin_region"])
    drawn = risk.simulate(draws=draws, seed=seed)
    return Everyone(
        scores, risk.left_out().set_index("iso3")["reason"], drawn, drawn.table().set_index("iso3")
    )
