"""Findings on how far economies are from China, by kind of distance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .. import risk
from ..data.citation import source_line
from ..data.tables import load
from ..economies import members
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, nothing, number
from .risk_terms import WORLD, Terms, plain_name

KINDS = {
    "geographic": "Geographic, km",
    "linguistic": "Linguistic",
    "political": "Political (votes)",
    "institutional": "Institutional (Kogut–Singh)",
    "institutional_mahalanobis": "Institutional (Mahalanobis)",
}
_NAMED = 3
_WORDS = {"geographic": "kilometres", "political": "votes", "institutional": "institutions"}


def measured(asked: Terms) -> pd.DataFrame:
    """Return all distances, economies by kinds, of the year asked for or the newest before it."""
    found = {}
    for kind in KINDS:
        newest = risk.distance(kind)
        year = newest["year"].iloc[0]
        if pd.notna(year) and asked.year < year:
            newest = risk.distance(kind, asked.year)
        found[kind] = newest.set_index("iso3")["distance"]
    return pd.DataFrame(found)


def _within(asked: Terms, table: pd.DataFrame) -> pd.DataFrame:
    if asked.group == WORLD:
        return table
    return table[table.index.isin(list(members(asked.group, asked.year)))]


def _correlations(table: pd.DataFrame) -> pd.DataFrame:
    return table.corr(method="spearman")


def distances(asked: Terms, table: pd.DataFrame) -> Finding:
    """Say how the kinds of distance go together, and who is near and far by each.

    Parameters
    ----------
    table : DataFrame
        From :func:`measured`.
    """
    inside = _within(asked, table)
    if inside.empty:
        return nothing(f"No economy{asked.where} has a distance on record.")
    rho = _correlations(table)
    near_far = (number(rho, "geographic", "political"), number(rho, "geographic", "institutional"))
    headline = (
        "Near on the map hardly means near in votes or in institutions (rank correlations "
        f"{fixed(near_far[0], 2)} and {fixed(near_far[1], 2)})"
        if max(near_far) < 0.4
        else "With distance on the map distance in votes goes at a rank correlation of "
        f"{fixed(near_far[0], 2)}, in institutions at {fixed(near_far[1], 2)}"
    )
    twins = number(rho, "institutional", "institutional_mahalanobis")
    closest = {kind: inside[kind].dropna().sort_values(kind="stable") for kind in KINDS}
    said = [
        f"{headline}.",
        f"The two institutional measures, Kogut and Singh's and Mahalanobis', agree at "
        f"{fixed(twins, 2)}: the second does not count twice what moves together.",
        _nearest(asked, closest),
        _highlighted(asked, table),
    ]
    years = _years(asked)
    return Finding(
        headline=headline,
        text=" ".join(part for part in said if part),
        measure=(
            f"Spearman correlation between kinds of distance from China, all economies; {years}"
        ),
        source=source_line(*_rows(asked)),
        table=_table(inside, closest),
        notes=(
            "Linguistic distance is 0 where a language is spoken by at least nine percent in both "
            "and 1 elsewhere. Cultural distance (Hofstede) is not open and can only come from a "
            "file of your own.",
        ),
    )


def _years(asked: Terms) -> str:
    votes, governance = (
        min(asked.year, int(risk.distance(kind)["year"].iloc[0]))
        for kind in ("political", "institutional")
    )
    return f"votes of {votes}, governance of {governance}"


def _rows(asked: Terms) -> list[pd.DataFrame]:
    votes, governance = load("un_ideal_points"), load("governance_indicators")
    bilateral = load("distance_to_china")
    kinds = bilateral["kind"].isin(["distance_largest_cities", "common_ethnic_language"])
    return [
        bilateral[kinds],
        *(t[t["year"] == min(asked.year, int(t["year"].max()))] for t in (votes, governance)),
    ]


def _nearest(asked: Terms, closest: dict[str, pd.Series]) -> str:
    said = [
        f"{plain_name(str(ends.index[0]))} by {words}"
        for kind, words in _WORDS.items()
        if len(ends := closest[kind])
    ]  # fmt: skip
    return f"Nearest{asked.where}: {listed(said)}." if said else ""


def _highlighted(asked: Terms, table: pd.DataFrame) -> str:
    """Say by which kinds the highlighted economies are nearer than most."""
    shares = table[list(_WORDS)].rank(pct=True)
    said = []
    for code in asked.highlight[:6]:
        if code not in shares.index:
            continue
        place = {kind: number(shares, code, kind) for kind in _WORDS}
        near = [_WORDS[kind] for kind, share in place.items() if share <= 1 / 3]
        far = [_WORDS[kind] for kind, share in place.items() if share > 2 / 3]
        ways = (("near", near), ("far", far))
        parts = [f"{way} by {listed(kinds)}" for way, kinds in ways if kinds]
        if parts:
            said.append(f"{plain_name(code)} is {' and '.join(parts)}")
    return f"By thirds of all economies, {listed(said)}." if said else ""


def distance_matrix(table: pd.DataFrame) -> dict[str, Any]:
    """Arguments of :func:`sme_analysis.plots.heat_map`: correlations, the diagonal blank."""
    rho = _correlations(table)
    named = rho.rename(index=KINDS, columns=KINDS).mask(np.eye(len(rho), dtype=bool))
    text = named.map(lambda value: "" if pd.isna(value) else fixed(value, 2))
    return {"data": named, "text": text}


def _table(inside: pd.DataFrame, closest: dict[str, pd.Series]) -> pd.DataFrame:
    rows = []
    for kind, label in KINDS.items():
        ends = closest[kind]
        decimals = 0 if kind == "geographic" else 2
        if kind == "linguistic":
            shared = sorted(plain_name(str(code)) for code in ends.index[ends == 0])
            rows.append(
                {"Kind": label, "Nearest": listed(shared) or "none shares a language",
                 "Farthest": "all others", "Median": "–", "Economies": len(ends)}
            )  # fmt: skip
            continue
        rows.append(
            {"Kind": label, "Nearest": _named(ends.head(_NAMED), decimals),
             "Farthest": _named(ends[::-1].head(_NAMED), decimals),
             "Median": fixed(float(ends.median()), decimals) if len(ends) else "–",
             "Economies": len(ends)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _named(ends: pd.Series, decimals: int) -> str:
    return ", ".join(
        f"{plain_name(str(code))} ({fixed(value, decimals)})" for code, value in ends.items()
    )
