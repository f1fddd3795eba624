"""Findings on what the risk appetite changes."""

from __future__ import annotations

import pandas as pd

from ...markets import Screening, appetite_weights
from ...markets.declared import APPETITES
from ..finding import Finding
from .terms import Terms, all_of, capital, number_word, source

_LABELS = {"low": "Low appetite", "medium": "Medium", "high": "High appetite"}


def appetite(asked: Terms, screened: Screening) -> Finding:
    """Say who enters and leaves the short list with the appetite, and who stays at any."""
    ranks = screened.appetites
    if ranks.empty:
        return asked.none(screened)
    names = screened.ranked.set_index("iso3")["economy"]
    lists = {label: set(ranks.index[ranks[label] <= asked.n]) for label in APPETITES}
    always = [code for code in ranks.index if all(code in found for found in lists.values())]
    size = min(asked.n, len(ranks))
    count = f"{capital(number_word(len(always)))} of {size}"
    verb = "is" if len(always) == 1 else "are"
    headline = (
        f"{count} {verb} on the short list whatever the risk appetite"
        if len(always) < size
        else "The short list is the same whatever the risk appetite"
    )
    text = [f"{headline}: {all_of(names[always])}." if always else f"{headline}."]
    for label, other in (("low", "high"), ("high", "low")):
        only = ranks.loc[sorted(lists[label] - lists[other])].sort_values(label)
        if len(only):
            text.append(f"Only a {label} appetite, not a {other} one, brings in "
                        f"{all_of(names[only.index])}.")  # fmt: skip
    shares = {label: appetite_weights(level) for label, level in APPETITES.items()}
    words = ", ".join(
        f"{label} {part['opportunity']:.0%} and {part['safety']:.0%}"
        for label, part in shares.items()
    )
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure=asked.subtitle(f"Rank at three risk appetites; blue: in the first {asked.n}"),
        source=source(screened),
        table=_table(asked, screened),
        notes=(
            f"The appetite sets what opportunity and safety weigh against each other: {words}; "
            "access has a fifth throughout.",
        ),
    )


def appetite_matrix(asked: Terms, screened: Screening) -> dict[str, pd.DataFrame]:
    """Ranks at the three appetites, of all who are on one of the lists."""
    table = _shown(asked, screened)
    names = screened.ranked.set_index("iso3")["economy"]
    table = table.set_axis(names.reindex(table.index), axis=0).rename(columns=_LABELS)
    n = asked.n
    values = ((n + 0.5 - table) / n).clip(-1.0, 1.0)
    return {"data": values, "text": table.astype(str), "sure": table <= n}


def _shown(asked: Terms, screened: Screening) -> pd.DataFrame:
    ranks = screened.appetites
    return ranks[(ranks <= asked.n).any(axis=1)]


def _table(asked: Terms, screened: Screening) -> pd.DataFrame:
    shown = _shown(asked, screened)
    ranked = screened.ranked.set_index("iso3").loc[shown.index]
    table = shown.rename(columns=_LABELS)
    table.insert(0, "Economy", [capital(name) for name in ranked["economy"]])
    if str(asked.asked["risk_appetite"]) not in APPETITES:
        table["As asked"] = ranked["rank"]
    return table.reset_index(drop=True)
