"""Relative to the firm: how like its current markets a candidate is, what is better and worse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..economies import name
from ..errors import DataError, ParameterError
from . import declared, exclusions
from .explain import natural
from .model import Figures, figures, leaf_scores
from .news import news
from .tables import Tables

CLEAR = 10.0  # points of an indicator's score from which it is called better or worse


def gower(
    table: pd.DataFrame, others: pd.DataFrame | None = None, ranges: pd.Series | None = None
) -> pd.DataFrame:
    """Gower's distance between the rows of a table and those of another.

    Mean over the columns that both rows have of |x - y| / range: 0 for equal rows, 1 for rows at
    opposite ends of every range.

    Parameters
    ----------
    table, others : DataFrame, units by measures
        Numbers; `others` has the same columns, and is `table` by default.
    ranges : Series by column, optional
        Greatest less smallest value; by default of both tables together. A column without a range
        tells no unit from another and is left out.

    Returns
    -------
    DataFrame, rows of `table` by rows of `others`
        Missing where two rows share no measure.

    References
    ----------
    Gower (1971), "A General Coefficient of Similarity and Some of Its Properties", equation 5, as
    one minus similarity, all weights one.

    Examples
    --------
    >>> rows = pd.DataFrame({"x": [0.0, 10.0, 5.0], "y": [1.0, 1.0, None]}, ["A", "B", "C"])
    >>> gower(rows, ranges=pd.Series({"x": 10.0, "y": 4.0})).loc["A"].to_dict()
    {'A': 0.0, 'B': 0.5, 'C': 0.5}
    """
    second = table if others is None else others
    if list(second.columns) != list(table.columns):
        raise ParameterError("both tables of a Gower distance need the same columns.")
    if ranges is None:
        both = pd.concat([table, second])
        ranges = both.max() - both.min()
    width = ranges.reindex(table.columns).to_numpy(dtype=float)
    used = width > 0
    left = table.to_numpy(dtype=float)[:, None, used]
    right = second.to_numpy(dtype=float)[None, :, used]
    gaps = np.abs(left - right) / width[used]
    known = ~np.isnan(gaps)
    total, count = np.nansum(gaps, axis=2), known.sum(axis=2)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return pd.DataFrame(mean, table.index, second.index)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Candidates beside a firm's current markets. Made by :func:`compare`.

    Attributes
    ----------
    table : DataFrame, one row a candidate
        `iso3`, `economy`, `similarity` (percent, to the nearest current market), `nearest` (its
        name), `average` (mean similarity to all, percent), `better` and `worse` (names of the
        indicators that are furthest above and below the mean of the current markets), `new` (what
        the firm would meet for the first time).
    distances : DataFrame, candidates by current markets, Gower's distance
    items : DataFrame
        `iso3`, `code`, `name`, `unit`, `value`, `current` (mean of the current markets, as
        measured), `score`, `current_score` (0 to 100, more is better), `difference` (points).
    new : DataFrame
        `iso3`, `kind`, `text`: see :func:`sme_analysis.markets.news.news`.
    """

    table: pd.DataFrame
    distances: pd.DataFrame
    items: pd.DataFrame
    new: pd.DataFrame


def compare(
    candidates: str | Iterable[str], current_markets: Iterable[str], *, sector: str = "all",
    weights: str | Mapping[str, float] = "", year: int | None = None, n: int = 3,
    own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> Comparison:  # fmt: skip
    """Put candidates beside the markets that a firm knows.

    Parameters
    ----------
    candidates : str or iterable of str
        Economies by any name or code.
    current_markets : iterable of str
    sector, weights, year, own, tables : as in :func:`sme_analysis.markets.screen`
        The indicators that count there, weight above zero, are those compared, each alike.
    n : int
        Most indicators named as better, and as worse.

    Returns
    -------
    Comparison

    Raises
    ------
    ParameterError
        If there is no candidate or no current market.
    UnknownNameError
        If a name is none.
    """
    listed = [candidates] if isinstance(candidates, str) else candidates
    wanted = exclusions.codes_of(listed, "candidates")
    current = exclusions.codes_of(current_markets, "current_markets")
    if not wanted or not current:
        what = "current market" if wanted else "candidate"
        raise ParameterError(f"a comparison needs at least one {what}.")
    made = figures(sector, year, own=own, tables=tables)
    weighed = declared.weights(sector, weights, tables=tables)
    codes = [c for c in declared.kept(weighed, made.tree) if c in made.leaves.index]
    _known([*wanted, *current], made)
    ranges = made.values[codes].max() - made.values[codes].min()
    away = gower(made.values.loc[wanted, codes], made.values.loc[current, codes], ranges)
    items = _items(made, codes, wanted, current)
    first = news(wanted, current, made, tables=tables)
    return Comparison(_table(away, items, first, n), away, items, first)


def _known(codes: list[str], made: Figures) -> None:
    for code in codes:
        if code not in made.values.index:
            raise DataError(f"{name(code, 'plain')} is not among the economies that are screened.")


def _items(made: Figures, codes: list[str], wanted: list[str], current: list[str]) -> pd.DataFrame:
    scores, raw = leaf_scores(made, codes), natural(made, codes)
    base, known = scores.loc[current].mean(), raw.loc[current].mean()
    declared_as = made.leaves
    parts = [
        pd.DataFrame(
            {"iso3": code, "code": codes, "name": declared_as.loc[codes, "name"].to_numpy(),
             "unit": declared_as.loc[codes, "unit"].to_numpy(),
             "value": raw.loc[code].to_numpy(), "current": known.to_numpy(),
             "score": scores.loc[code].to_numpy(), "current_score": base.to_numpy()}
        )
        for code in wanted
    ]  # fmt: skip
    items = pd.concat(parts, ignore_index=True)
    items["difference"] = items["score"] - items["current_score"]
    return items


def _table(away: pd.DataFrame, items: pd.DataFrame, first: pd.DataFrame, n: int) -> pd.DataFrame:
    rows = []
    for code in away.index:
        gaps = away.loc[code].dropna()
        mine = items[items["iso3"] == code].sort_values("difference", kind="stable")
        worse = mine[mine["difference"] <= -CLEAR].head(n)["name"]
        better = mine[mine["difference"] >= CLEAR][::-1].head(n)["name"]
        rows.append(
            {"iso3": code, "economy": name(code, "plain"),
             "similarity": 100.0 * (1.0 - gaps.min()) if len(gaps) else np.nan,
             "nearest": name(str(gaps.idxmin()), "plain") if len(gaps) else "",
             "average": 100.0 * (1.0 - gaps.mean()) if len(gaps) else np.nan,
             "better": "; ".join(better), "worse": "; ".join(worse),
             "new": "; ".join(first.loc[first["iso3"] == code, "text"])}
        )  # fmt: skip
    return pd.DataFrame(rows)
