"""Was joining the Belt and Road followed by more outward FDI? An event study, and its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from .. import economies
from ..errors import ParameterError, unknown
from ..statistics.numbers import one_of
from .conclusion import Verdict, verdict
from .regression import Family
from .staggered import EventStudy, event_study

FIRST_YEAR = 2007  # the first year with the financial industry in the year's figure and the base
_CENTRE = "offshore centre: first destination, not the host"
_UNDATED = "no date of joining on record"
_CONTINENTS = ("Africa", "Asia", "Europe", "Latin America", "North America", "Oceania")
_MODELS: dict[str, Family] = {"flow": "poisson", "stock": "gaussian"}


@dataclass(frozen=True)
class Effect:
    """Result of :func:`belt_and_road_effect`.

    Attributes
    ----------
    study : EventStudy, in log points (100 (exp(b) - 1) is the percent change)
    measure : "flow" or "stock"
    excluded : DataFrame, `iso3`, `economy`, `reason`
    negative, absent : int, cells set to zero: net withdrawals, and hosts without a row (flow only)
    first_year, last_year : int
    verdict : Verdict
    """

    study: EventStudy
    measure: str
    excluded: pd.DataFrame
    negative: int
    absent: int
    first_year: int
    last_year: int
    verdict: Verdict


def belt_and_road_effect(
    panel: pd.DataFrame,
    members: pd.DataFrame,
    measure: Literal["flow", "stock"] = "flow",
    *,
    start_year: int = FIRST_YEAR,
    base: tuple[int, int] = (-1, -1),
    window: tuple[int, int] = (-5, 4),
    min_cohort: int = 5,
    within_continent: bool = False,
    level: float = 0.95,
    material: float = 25.0,
) -> Effect:
    """Compare outward FDI before and after hosts joined with that of hosts that did not (yet) join.

    "flow" is a Poisson regression: effects are proportions of the mean flow, do not depend on the
    unit as those of log(1 + x) or asinh do (Chen and Roth 2024), and flows of zero take part. A
    host without a row in a complete year had no flow to report and counts as zero; so does a net
    withdrawal, which a proportion cannot express. Large hosts weigh more. "stock" is a linear
    regression of the logarithm, where there is a stock: every host weighs the same, and small
    stocks make it noisy. Neither is the better answer; they answer for the amounts and for the
    typical host.

    The year of joining is partly before it: most signed in the second half. The dates are those of
    a memorandum that both sides chose to sign, so what follows may follow from what led to it. FDI
    is by first destination.

    Parameters
    ----------
    panel : DataFrame, the table `outward_fdi_by_economy`; only its complete years are used
    members : DataFrame, the table `belt_and_road_members`
    measure : "flow" or "stock"
    start_year : first year; those before 2007 are without the financial industry
    base, window, min_cohort, level : as in :func:`event_study`
    within_continent : compare only hosts of the same continent in a year
    material : percent; a change that would matter. "No change" is concluded only if the interval
        of the overall effect excludes one of this size.

    Raises
    ------
    ParameterError
        If the measure is unknown or `material` not above zero.
    DataError
        As :func:`event_study`.
    """
    one_of("measure", measure, tuple(_MODELS))
    if not material > 0:
        raise ParameterError(f"material must be above zero percent, not {material!r}.")
    rows = panel[(panel["panel"] == "complete") & (panel["measure"] == measure)]
    rows = rows[rows["year"] >= start_year]
    if rows.empty:
        years = sorted(panel.loc[panel["panel"] == "complete", "year"].unique())
        raise ParameterError(unknown("start_year", start_year, map(str, years)))
    data, excluded = _hosts(rows, members)
    last = int(data["year"].max())
    negative = absent = 0
    if measure == "flow":
        negative, absent = int((data["value"] < 0).sum()), int(data["value"].isna().sum())
        data["outcome"] = data["value"].fillna(0.0).clip(lower=0.0)
    else:
        data["outcome"] = np.log(data["value"].where(data["value"] > 0))
    study = event_study(
        data,
        "outcome",
        family=_MODELS[measure],
        base=base,
        window=window,
        min_cohort=min_cohort,
        within="continent" if within_continent else None,
        level=level,
    )
    small = study.left_out.rename(columns={"unit": "iso3"})
    excluded = pd.concat([excluded, small], ignore_index=True).sort_values("iso3")
    excluded.insert(1, "economy", economies.names(excluded["iso3"], "plain"))
    return Effect(
        study=study,
        measure=measure,
        excluded=excluded.reset_index(drop=True),
        negative=negative,
        absent=absent,
        first_year=start_year,
        last_year=last,
        verdict=verdict(study, measure, material=material),
    )


def _hosts(rows: pd.DataFrame, members: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every host in every year with cohort and continent, and the hosts excluded beforehand."""
    joined = members[members["status"] != "not_member"].set_index("iso3")["joined"]
    centres = set(economies.offshore_centres())
    undated = set(joined.index[joined.isna()])
    hosts = sorted(rows["iso3"].unique())
    reasons = {iso3: _UNDATED for iso3 in hosts if iso3 in undated}
    reasons |= {iso3: _CENTRE for iso3 in hosts if iso3 in centres}
    kept = [iso3 for iso3 in hosts if iso3 not in reasons and iso3 != "CHN"]
    years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    index = pd.MultiIndex.from_product([kept, years], names=["iso3", "year"])
    data = rows.set_index(["iso3", "year"])["value"].reindex(index).reset_index()
    data["cohort"] = pd.to_numeric(data["iso3"].map(joined).str[:4])
    groups = {iso3: name for name in _CONTINENTS for iso3 in economies.members(name)}
    data["continent"] = data["iso3"].map(groups).fillna("other")
    return data, pd.DataFrame({"iso3": list(reasons), "reason": list(reasons.values())})
