"""Findings on where to look first, with the reasons."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from ...markets import Screening
from ...rounding import fixed
from ...wording import listed
from ..finding import Finding, counted
from .terms import Terms, all_of, capital, source, the


def short_list(asked: Terms, screened: Screening) -> Finding:
    """Say who leads the short list, how surely, and why."""
    table = screened.short_list(asked.n)
    if table.empty:
        return asked.none(screened)
    names = table["economy"].tolist()
    lead = all_of(names[:3])
    headline = f"{capital(lead)} {'lead' if len(names) > 1 else 'leads'} the short list"
    if asked.asked["sector"] != "all":
        headline += f" for {asked.sector}"
    ranked = len(screened.ranked)
    text = [
        f"{headline}: of {counted(ranked, 'economy', 'economies')} ranked{asked.where}, "
        f"{len(screened.left_out)} more being left out for the reasons below."
    ]
    text.extend(_why(row) for row in table.head(3).to_dict("records"))
    wide = table.iloc[int((table["high"] - table["low"]).argmax())]
    if len(table) > 1 and wide["high"] - wide["low"] >= asked.n:
        text.append(
            f"The least certain place is that of {the(str(wide['economy']))}: between "
            f"{fixed(wide['low'], 0)} and {fixed(wide['high'], 0)} in nine draws of ten."
        )
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure=asked.subtitle(
            f"Rank, with the 5th to 95th percentile of {screened.draws:,} draws; at the right the "
            f"share of draws in the first {asked.n}; dark: at least 90%"
        ),
        source=source(screened),
        table=_table(table),
        decimals=dict.fromkeys(
            ("On the list, %", "Score", "Opportunity", "Risk", "Access"), 0
        ),
        notes=(
            "What speaks for and against an economy is said against the mean of all economies with "
            "a score: the three indicators that lift its score most, and the three that lower it "
            "most, by weight. Score, opportunity and access: 0 to 100, more is better; risk: 0 to "
            "100, more is riskier.",
        ),
    )  # fmt: skip


def short_list_rows(asked: Terms, screened: Screening) -> pd.DataFrame:
    """Dots with intervals for the figure."""
    table = screened.short_list(asked.n)
    return pd.DataFrame(
        {"label": [f"{row.economy}  {row.rank}" for row in table.itertuples()],
         "value": table["rank"].astype(float), "low": table["low"], "high": table["high"],
         "text": [f"{fixed(100 * p, 0)}%" for p in table["top"]],
         "tone": ["strong" if p >= 0.9 else "pale" for p in table["top"]]}
    )  # fmt: skip


def _why(row: Mapping[Hashable, Any]) -> str:
    strong, weak = (str(row[side]).split("; ")[:2] for side in ("strong", "weak"))
    said = []
    if strong != [""]:
        said.append(f"for {the(str(row['economy']))} speak {listed(strong)}")
    if weak != [""]:
        said.append(f"against {'it' if said else the(str(row['economy']))} {listed(weak)}")
    return f"{capital(', '.join(said))}." if said else ""


def _table(table: pd.DataFrame) -> pd.DataFrame:
    def words(names: pd.Series) -> list[str]:
        return [text.replace(",", "").replace(";", ",") for text in names]

    ends = zip(table["low"], table["high"], strict=True)
    return pd.DataFrame(
        {"Rank": table["rank"], "Economy": table["economy"],
         "In 90% of draws": [f"{fixed(low, 0)}–{fixed(high, 0)}" for low, high in ends],
         "On the list, %": 100 * table["top"], "Score": table["score"],
         "Opportunity": table["opportunity"], "Risk": table["risk"], "Access": table["access"],
         "Speaks for it": words(table["strong"]), "Speaks against it": words(table["weak"])}
    )  # fmt: skip
