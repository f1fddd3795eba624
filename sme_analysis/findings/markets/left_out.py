"""Findings on who is left out, and why."""

from __future__ import annotations

import pandas as pd

from ...data.tables import load
from ...markets import REASONS, Screening
from ..finding import Finding
from .terms import Terms, all_of, source


def left_out(asked: Terms, screened: Screening) -> Finding:
    """Say how many are left out, for which reasons, and who of weight is among them."""
    left = screened.left_out
    total = len(left) + len(screened.ranked)
    headline = f"{len(left)} of {total} economies are left out"
    counts = screened.attrition()
    counts = counts[counts["economies"] > 0]
    said = [f"{row.detail} ({row.economies:,})" for row in counts.itertuples()]
    text = [f"{headline}: {'; '.join(said)}." if said else "Nobody is left out."]
    large = _large(left[left["reason"] == "no_data"])
    if large:
        text.append(f"Among those with too few figures are {all_of(large)}.")
    hubs = _without_trade(screened)
    if hubs:
        text.append(
            "Ranked, but without their trade with China, which is registered there or passes "
            f"through and is not final demand: {all_of(hubs)}."
        )
    table = pd.DataFrame(
        {"Economy": left["economy"], "Why": left["detail"], "Besides": left["also"]}
    )
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure="Number of economies by the first reason that holds",
        source=source(screened),
        table=table if len(table) else None,
        notes=(
            "Every economy but China is either ranked or in this table, once. Reasons are applied "
            "in the order of the figure; others that hold too stand beside.",
        ),
        empty=left.empty,
    )


def left_bars(screened: Screening) -> pd.DataFrame:
    """Bars of the figure: who is left out by reason, and who is ranked."""
    counts = screened.attrition()
    counts = counts[counts["economies"] > 0]
    values = [*counts["economies"], len(screened.ranked)]
    return pd.DataFrame(
        {"label": [*(REASONS[str(reason)] for reason in counts["reason"]), "ranked"],
         "value": [float(value) for value in values],
         "text": [f"{value:,}" for value in values],
         "tone": ["pale"] * len(counts) + ["strong"]}
    )  # fmt: skip


def _large(rows: pd.DataFrame) -> list[str]:
    """Those without enough figures that trade most with China."""
    trade = load("trade_by_partner")
    sold = trade[(trade["reporter"] == "china") & (trade["flow"] == "export")]
    value = sold.set_index("iso3")["value"].reindex(rows["iso3"]).fillna(0.0)
    order = value.sort_values(ascending=False).index[:3]
    names = rows.set_index("iso3")["economy"]
    return [str(names[code]) for code in order if value[code] > 0]


def _without_trade(screened: Screening) -> list[str]:
    trade = load("trade_by_partner")
    flagged = trade[trade["open_registry"].astype(bool) | trade["entrepot"].astype(bool)]
    rows = screened.ranked[screened.ranked["iso3"].isin(flagged["iso3"])]
    return [str(name) for name in rows["economy"]]
