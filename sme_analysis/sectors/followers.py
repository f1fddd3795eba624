"""Follow the leader: whether new projects go where projects of their sector already are.

What the answers can and cannot say.

- *State dependence or heterogeneity.* Projects may follow projects, or both may follow something
  lasting in the host: a mine, a port, an agreement. Effects take out what lasts for a host, not
  for a sector in it. Two checks help. Under lasting attraction alone, projects of long ago predict
  as well as recent ones (`recency`), and later ones as well as earlier ones (`placebo`). Where
  recent ones predict more, they may be followed, or belong to one programme of a few years. The
  placebo counts one way only: projects that are followed have followers afterwards, so that later
  presence predicts earlier projects under following too.
- *Nickell bias.* Presence is made of the outcome's own past. With effects of host and sector
  together it is not strictly exogenous, and its estimate is biased downwards, the more the longer
  the half-life is beside the years observed; it can turn negative where there is following.
  Without these effects, lasting attraction biases it upwards. The two are bounds, often too far
  apart to decide. A Poisson regression with one set of effects has no other incidental-parameter
  bias (Wooldridge 1999), and with two little in panels of this shape (Weidner and Zylkin 2021).
- *The list.* A project list holds what was found. A host of which more is reported shows more
  projects early and late, which looks like following. Hosts without any project tell nothing.
- *Beginning.* Presence before the first year of the list is unknown; the first years are used to
  build it up and not to test it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from .follow_checks import placebo, recency, verdict
from .follow_sample import ELSEWHERE, MODELS, PRESENCE, sample, size_and_income, tables
from .presence import presence, score

__all__ = [
    "MODELS",
    "follow_the_leader",
    "placebo",
    "presence",
    "recency",
    "score",
    "sensitivity",
    "size_and_income",
    "verdict",
]


def follow_the_leader(
    frame: pd.DataFrame,
    controls: pd.DataFrame | Sequence[pd.DataFrame] = (),
    *,
    models: Iterable[str] = tuple(MODELS),
    half_life: float = 5.0,
    burn_in: int = 5,
    host: str = "iso3",
    sector: str = "analysis_sector",
    year: str = "year",
    count: str = "projects",
    level: float = 0.95,
) -> pd.DataFrame:
    """Test whether past presence predicts new projects, other things held fixed.

    E[projects of host h, sector s, year t] = exp(b log(1 + P_hst) + controls + effects), by Poisson
    pseudo-maximum likelihood, errors clustered by host. An estimate b says that a one percent
    higher 1 + P goes with b percent more projects. What the module says at its head bounds what
    may be concluded.

    Parameters
    ----------
    frame, half_life, host, sector, year, count : as in :func:`presence`
    controls : frames with the host, or the host and the year, and numeric columns
        Such as size, income, governance; distance has no year. Rows without them are dropped.
    models : names out of `MODELS`
        "sector_year": effects of sector and year; all controls count. "host": and of the host, so
        that distance and whatever lasts is absorbed. "host_year": and of the host in each year, so
        that all controls are absorbed; sectors of one host and year are compared. "host_sector":
        effects of host and sector together, and of sector and year; a sector is compared with
        itself in other years.
    burn_in : years at the beginning that only build up presence
    level : coverage of the intervals

    Returns
    -------
    DataFrame
        One row per model and term: `model`, `term` ("presence", "presence_elsewhere" for the
        host's other sectors, then the controls), `estimate`, `std_error`, `low`, `high`,
        `p_value`; `observations`, `clusters`; rows dropped: `missing` (a control), `singletons`,
        `separated` (effects without any project). A term that the effects absorb has no estimate.

    Raises
    ------
    ParameterError
        As :func:`presence`, or if a model or a control does not fit.
    DataError
        If nothing is left to estimate from.

    References
    ----------
    Santos Silva and Tenreyro (2006), "The Log of Gravity"; Head, Ries and Swenson (1995),
    "Agglomeration Benefits and Location Choice", for counts of earlier investors as the measure;
    Heckman (1981) on state dependence and heterogeneity.
    """
    rows, terms = sample(frame, controls, half_life, host, sector, year, count)
    rows = rows[rows[year] >= rows[year].min() + burn_in]
    return tables(rows, [PRESENCE, ELSEWHERE], terms, models, count, level)


def sensitivity(
    frame: pd.DataFrame,
    controls: pd.DataFrame | Sequence[pd.DataFrame] = (),
    half_lives: Iterable[float] = (1.0, 2.0, 5.0, 10.0, float("inf")),
    *,
    model: str = "host",
    burn_in: int = 5,
    host: str = "iso3",
    sector: str = "analysis_sector",
    year: str = "year",
    count: str = "projects",
    level: float = 0.95,
) -> pd.DataFrame:
    """Repeat the test of one model for several half-lives of presence.

    Returns
    -------
    DataFrame
        `half_life` and the columns of :func:`follow_the_leader`, one row each, for the term
        "presence".
    """
    found = []
    for half_life in half_lives:
        rows, terms = sample(frame, controls, half_life, host, sector, year, count)
        rows = rows[rows[year] >= rows[year].min() + burn_in]
        table = tables(rows, [PRESENCE, ELSEWHERE], terms, [model], count, level)
        found.append(table[table["term"] == PRESENCE].assign(half_life=half_life))
    table = pd.concat(found, ignore_index=True)
    return table[["half_life", *table.columns.drop("half_life")]]
