"""Findings on opportunity against risk."""

from __future__ import annotations

import pandas as pd

from ...markets import Screening
from ..finding import Finding
from .terms import Terms, all_of, capital, number_word, source


def frontier(asked: Terms, screened: Screening) -> Finding:
    """Say who is on the front, and where the current markets stand."""
    ranked = screened.ranked
    if ranked.empty:
        return asked.none(screened)
    front = ranked[ranked["front"]].sort_values("risk")
    names = front["economy"].tolist()
    short = set(ranked.head(asked.n)["iso3"])
    inside = int(front["iso3"].isin(short).sum())
    if len(names) == 1:
        headline = f"{capital(all_of(names))} has more opportunity and less risk than all others"
        text = [f"{headline}: the front is one economy."]
    else:
        count = capital(number_word(len(names)))
        headline = f"{count} economies offer the most opportunity for their risk"
        text = [
            f"{headline}: {all_of(names)}, from the safest to the one with the most to gain. "
            "For every other economy there is one with as much opportunity at less risk, or more "
            "at the same."
        ]
        text.append(
            f"{capital(number_word(inside))} of them {'is' if inside == 1 else 'are'} on the short "
            "list; what keeps the rest off it is access, or how much opportunity counts."
            if inside < len(names)
            else "All of them are on the short list."
        )
    held = screened.current.dropna(subset=["score"])
    beaten = [str(row.economy) for row in held.itertuples() if _beaten(row, ranked)]
    if len(held):
        text.append(
            f"Of the firm's current markets {all_of(beaten)} "
            f"{'is' if len(beaten) == 1 else 'are'} behind the front."
            if beaten
            else "None of the firm's current markets is behind the front."
        )
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure=asked.subtitle("Opportunity and risk, each 0 to 100"),
        source=source(screened),
        table=_table(screened, front),
        decimals=dict.fromkeys(("Opportunity", "Risk", "Access", "Score"), 0),
        notes=(
            "The Pareto front looks at opportunity and risk alone and needs no weight between "
            "the two; access does not enter.",
        ),
    )


def frontier_rows(asked: Terms, screened: Screening) -> pd.DataFrame:
    """Dots of the figure."""
    ranked, held = screened.ranked, screened.current.dropna(subset=["score"])
    kinds = ["short" if place < asked.n else "rest" for place in range(len(ranked))]
    rows = pd.DataFrame(
        {"label": ranked["economy"], "opportunity": ranked["opportunity"], "risk": ranked["risk"],
         "kind": kinds, "front": ranked["front"]}
    )  # fmt: skip
    mine = pd.DataFrame(
        {"label": held["economy"], "opportunity": held["opportunity"], "risk": held["risk"],
         "kind": "current", "front": False}
    )  # fmt: skip
    return pd.concat([rows, mine], ignore_index=True) if len(mine) else rows


def _beaten(row: object, ranked: pd.DataFrame) -> bool:
    gain, cost = row.opportunity, row.risk  # type: ignore[attr-defined]
    as_good = (ranked["opportunity"] >= gain) & (ranked["risk"] <= cost)
    better = (ranked["opportunity"] > gain) | (ranked["risk"] < cost)
    return bool((as_good & better).any())


def _table(screened: Screening, front: pd.DataFrame) -> pd.DataFrame:
    rows = [("Front", front), ("Current market", screened.current)]
    parts = [
        pd.DataFrame(
            {"Economy": part["economy"], "What": label,
             "Rank": part["rank"].astype("Int64"), "Risk": part["risk"].astype(float),
             "Opportunity": part["opportunity"].astype(float),
             "Access": part["access"].astype(float), "Score": part["score"].astype(float)}
        )
        for label, part in rows
        if len(part)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)
