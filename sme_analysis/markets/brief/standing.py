"""The risk of one economy beside its region and other economies, with intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from ... import risk
from ...economies import names
from .dossier import Dossier
from .names import peers

SEVERAL = 3  # scored economies that a median of a region needs


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
    """

    year: int
    of: int
    draws: int
    table: pd.DataFrame
    region: pd.Series
    world: pd.Series
    profile: pd.DataFrame
    reasons: dict[str, str]

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
    scores, drawn = _scores(), _drawn(draws, seed)
    codes = [about.code, *peers(about.code, beside, scored=scores.index)]
    parts = list(risk.dimensions())
    table = drawn.drop(columns="median").join(scores[["risk", *parts, "coverage"]])
    table = table.reindex(codes)
    table["economy"] = names(pd.Series(codes, index=codes), "plain")
    near = scores.loc[scores["region"] == about.region, ["risk", *parts]]
    region = near.median() if len(near) >= SEVERAL else near.median() * float("nan")
    out = _unscored()
    reasons = {code: str(out.get(code, "is not among its economies")) for code in codes}
    reasons = {code: why for code, why in reasons.items() if code not in scores.index}
    scored = about.code in scores.index
    profile = _profile(about.code) if scored else pd.DataFrame()
    year = _simulation(draws, seed).year
    return Standing(
        year, len(scores), draws, table, region, scores[["risk", *parts]].median(), profile, reasons
    )


def chances(placed: Standing, *, draws: int = 1000, seed: int = 1) -> pd.Series:
    """Probability that the economy is riskier than each one beside it; empty if it has no score."""
    code = placed.table.index[0]
    scored = [str(one) for one in placed.table.index[placed.table["risk"].notna()]]
    if code not in scored:
        return pd.Series(dtype=float)
    drawn = _simulation(draws, seed)
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
    listed = _catalogue()
    rows["name"] = rows["indicator"].map(listed)
    return rows.set_index("indicator").reindex([code for code in listed.index if code in set(
        rows["indicator"])])[["name", "value", "unit", "year", "source_id"]]  # fmt: skip


# What concerns all economies is made once: a batch of briefs asks for it again and again.
@lru_cache(maxsize=1)
def _scores() -> pd.DataFrame:
    from ...data.tables import load

    table = risk.score().set_index("iso3")
    listed = load("economies").set_index("iso3")
    table["region"] = listed["wb_region"].fillna(listed["bulletin_region"])
    return table


@lru_cache(maxsize=1)
def _unscored() -> pd.Series:
    return risk.left_out().set_index("iso3")["reason"]


@lru_cache(maxsize=2)
def _simulation(draws: int, seed: int) -> risk.Simulation:
    return risk.simulate(draws=draws, seed=seed)


@lru_cache(maxsize=2)
def _drawn(draws: int, seed: int) -> pd.DataFrame:
    return _simulation(draws, seed).table().set_index("iso3")


@lru_cache(maxsize=256)
def _profile(code: str) -> pd.DataFrame:
    return risk.profile(code)


@lru_cache(maxsize=1)
def _catalogue() -> pd.Series:
    from ...data.tables import load

    return load("indicator_catalog").set_index("indicator")["name"]
