"""Findings on the short list beside the firm's current markets."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from ... import markets
from ...markets import Comparison, Screening
from ...rounding import fixed
from ..finding import Finding, nothing, signed
from .terms import Terms, all_of, capital, short, source, the

_PARTS = (
    "demand", "trade", "presence", "readiness", "production", "safety", "agreements", "openings",
    "nearness",
)  # fmt: skip


@lru_cache(maxsize=8)
def compared(asked: Terms, screened: Screening) -> Comparison | None:
    """Compare the short list with the current markets, if there are both."""
    short_listed = screened.ranked.head(asked.n)["iso3"].tolist()
    held = screened.current["iso3"].tolist()
    if not short_listed or not held:
        return None
    return markets.compare(
        short_listed, held, sector=screened.sector, weights=asked.asked["weights"],
        year=screened.year,
    )  # fmt: skip


def beside(asked: Terms, screened: Screening) -> Finding:
    """Say who on the short list is most and least like the current markets, and what is new."""
    found = compared(asked, screened)
    if found is None:
        if screened.ranked.empty:
            return asked.none(screened)
        return nothing(
            "No current markets were given, so nothing can be said relative to the firm. With "
            "them filled in, this section shows how like them each candidate is, "
            "what is better and worse, and what would be new."
        )
    table, held = found.table, screened.current["economy"].tolist()
    near = table.sort_values("similarity", ascending=False, kind="stable")
    most, least = near.iloc[0], near.iloc[-1]
    headline = f"{capital(the(most['economy']))} is most like what the firm knows"
    text = [
        f"{headline}: {fixed(most['similarity'], 0)}% like {the(most['nearest'])}, where two "
        "economies at opposite ends of every indicator would be 0% alike."
    ]
    if len(near) > 1:
        headline += f", {the(least['economy'])} least"
        text.append(
            f"{capital(the(least['economy']))} is least so ({fixed(least['similarity'], 0)}%, "
            f"nearest {the(least['nearest'])})."
        )
    mean = f"the mean of {all_of(held)}" if len(held) > 1 else the(held[0])
    text.append(f"The first of the list beside {mean}:")
    text.extend(_first(row) for row in table.head(3).to_dict("records"))
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure=asked.subtitle(
            f"Points above or below the mean of {all_of(held)}, by part of the score; blue: better"
        ),
        source=source(screened),
        table=pd.DataFrame(
            {"Economy": table["economy"], "Alike, %": table["similarity"],
             "to": table["nearest"], "Better": [_short(t) for t in table["better"]],
             "Worse": [_short(t) for t in table["worse"]], "New to the firm": table["new"]}
        ),
        decimals={"Alike, %": 0},
        notes=(
            "Alike: one minus Gower's distance (1971) over the indicators that count, each "
            "difference over the range of all economies, missing pairs left out. A new market that "
            "is like an old one is easier; one that is unlike it spreads risk.",
        ),
    )  # fmt: skip


def beside_matrix(asked: Terms, screened: Screening) -> dict[str, pd.DataFrame]:
    """Points above or below the current markets, candidates by parts of the score."""
    found = compared(asked, screened)
    if found is None:
        return {"data": pd.DataFrame(), "text": pd.DataFrame()}
    tree = screened.figures.tree.set_index("code")
    items = found.items.assign(part=found.items["code"].map(tree["parent"]))
    items["heft"] = items["code"].map(screened.weights["weight"])
    items = items[items["difference"].notna()]
    items["points"] = items["difference"] * items["heft"]
    sums = items.groupby(["iso3", "part"])[["points", "heft"]].sum()
    wide = (sums["points"] / sums["heft"]).unstack("part")
    parts = [part for part in _PARTS if part in wide.columns]
    wide = wide.reindex(found.table["iso3"])[parts].set_axis(found.table["economy"])
    wide.columns = [str(tree.at[part, "name"]) for part in parts]
    text = wide.map(lambda x: "–" if pd.isna(x) else signed(round(x), 0))
    return {"data": wide / 60.0, "text": text}


def _first(row: Mapping[Hashable, Any]) -> str:
    better, worse = (str(row[side]).split("; ")[0] for side in ("better", "worse"))
    said = []
    if better:
        said.append(f"is ahead most in {short(better)}")
    if worse:
        said.append(f"{'behind' if said else 'is behind'} most in {short(worse)}")
    first = str(row["new"]).split("; ")
    more = f" and {len(first) - 3} more" if len(first) > 3 else ""
    new = f"; new there: {', '.join(first[:3])}{more}" if row["new"] else ""
    return f"{capital(the(str(row['economy'])))} {' and '.join(said) or 'differs little'}{new}."


def _short(text: str) -> str:
    return ", ".join(short(name) for name in text.split("; ") if name)
