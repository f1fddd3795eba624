"""Checks of following: what comes later as a placebo, and whether age makes a difference."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ..errors import ParameterError
from ..rounding import fixed
from ..statistics.numbers import one_of, positive_integer
from .follow_sample import ELSEWHERE, FUTURE, PRESENCE, sample, tables


def placebo(
    frame: pd.DataFrame,
    controls: pd.DataFrame | Sequence[pd.DataFrame] = (),
    *,
    models: Iterable[str] = ("sector_year", "host", "host_year"),
    half_life: float = 5.0,
    burn_in: int = 5,
    host: str = "iso3",
    sector: str = "analysis_sector",
    year: str = "year",
    count: str = "projects",
    level: float = 0.95,
) -> pd.DataFrame:
    """Put future presence beside past presence: what comes later cannot have been followed.

    Lasting attraction makes projects of later years predict as well as those of earlier years. So
    do projects that are followed in their turn. Equal estimates therefore do not show following,
    nor refute it; only a past that predicts clearly more speaks for it. The first and the last
    `burn_in` years are left out, so that both are built up from as much.

    Effects of host and sector together are not for this: they fix the sum of a sector's past,
    present and future in a host, so that more of one is less of the others by construction.

    Parameters and errors are those of :func:`.followers.follow_the_leader`. The rows have two terms
    more: "future_presence", built as "presence" is, backwards; and "past_less_future", the
    difference of the two estimates with its own interval.
    """
    rows, terms = sample(frame, controls, half_life, host, sector, year, count)
    first, last = rows[year].min() + burn_in, rows[year].max() - burn_in
    if first > last:
        raise ParameterError(f"no year is left between two margins of {burn_in} years.")
    rows = rows[rows[year].between(first, last)]
    return tables(rows, [PRESENCE, FUTURE, ELSEWHERE], terms, models, count, level)


def recency(
    frame: pd.DataFrame,
    controls: pd.DataFrame | Sequence[pd.DataFrame] = (),
    *,
    models: Iterable[str] = ("sector_year", "host", "host_year"),
    span: int = 4,
    host: str = "iso3",
    sector: str = "analysis_sector",
    year: str = "year",
    count: str = "projects",
    level: float = 0.95,
) -> pd.DataFrame:
    """Ask whether recent projects predict more than older ones, over two spans of equal length.

    Under lasting attraction alone the counts of a host and sector in any two spans of years are as
    good as each other for predicting a third (they are exchangeable, given the effects). Following
    that fades makes the recent span count for more; so does a programme of a few years.

    Parameters and errors are those of :func:`.followers.follow_the_leader`, except `span`: the last
    `span` years are recent, the `span` years before them older, and the first years of the data,
    which lack either, are left out. The terms are "recent" and "older", logarithms of one plus the
    projects, and "recent_less_older", their difference with its own interval.
    """
    positive_integer("span", span)
    rows, terms = sample(frame, controls, 5.0, host, sector, year, count)
    rows = rows.sort_values([host, sector, year], ignore_index=True)
    earlier = rows.groupby([host, sector])[count].cumsum() - rows[count]
    before = [earlier.groupby([rows[host], rows[sector]]).shift(span * i) for i in (0, 1, 2)]
    rows["recent"] = np.log1p(before[0] - before[1])
    rows["older"] = np.log1p(before[1] - before[2])
    rows = rows.dropna(subset=["recent", "older"])
    return tables(rows, ["recent", "older", ELSEWHERE], terms, models, count, level)


def verdict(placebos: pd.DataFrame, recencies: pd.DataFrame, model: str = "host_year") -> str:
    """Say in a sentence or two what the checks allow to conclude.

    Parameters
    ----------
    placebos, recencies : DataFrame, from :func:`placebo` and :func:`recency`
    model : the model to judge by

    Raises
    ------
    ParameterError
        If one of the two was not run for this model.
    """
    for table in (placebos, recencies):
        one_of("model", model, tuple(table["model"].unique()))
    rows = pd.concat([table[table["model"] == model] for table in (placebos, recencies)])
    rows = rows.drop_duplicates("term").set_index("term")
    low, estimate = rows["low"].astype(float).to_dict(), rows["estimate"].astype(float).to_dict()
    if not (low["presence"] > 0 or low["recent"] > 0):
        return "Earlier projects of a sector do not predict new ones: no following is seen."
    # log(1 + n) rises by log 2 from one project to three.
    more = {term: f"{fixed(100 * (math.pow(2, b) - 1), 0)}%" for term, b in estimate.items()}
    said = f"Three recent projects instead of one go with {more['recent']} more new projects"
    if not low["recent_less_older"] > 0:
        return (
            f"{said}, and three older ones instead of one with {more['older']}: age makes no clear "
            "difference, so that whatever draws a sector to a host throughout is enough to explain "
            "it. Following is not shown."
        )
    said += f", three older ones with {more['older']}: recent projects count for more"
    if not low["past_less_future"] > 0:
        return (
            f"{said}, as following would have it. But projects still to come predict as well as "
            "those of the past, which both following and a programme of a few years would bring "
            "about. The data cannot tell the two apart."
        )
    return (
        f"{said}, and past ones for more than those to come. This is what following would look "
        "like; so would a cause that came with the first projects."
    )
