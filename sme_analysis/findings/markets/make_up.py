"""Findings on what counts in the score, how much, and how old it is."""

from __future__ import annotations

import pandas as pd

from ...data.citation import sources
from ...data.tables import load
from ...markets import Screening
from ...markets.model import index_of
from ...rounding import fixed
from ...wording import listed
from ..finding import Finding
from .terms import Terms, capital, short, source


def make_up(asked: Terms, screened: Screening) -> Finding:
    """Say which indicators weigh most, what the sector changed, and how old the figures are."""
    table = _weights(screened)
    first = table.head(3)
    headline = f"{capital(listed(short(name) for name in first['name']))} weigh most"
    text = [
        f"{headline}: {fixed(100 * first['weight'].sum(), 0)}% of the score together, of "
        f"{len(table)} indicators."
    ]
    changed = table[table["set_by"] == "sector"]
    if len(changed):
        text.append(
            f"The sector sets the weights of {listed(short(n) for n in changed['name'].head(4))}"
            f"{' and others' if len(changed) > 4 else ''} apart from the defaults."
        )
    items = screened.items[screened.items["score"].notna()]
    ages = items.groupby("code")["age"].median()
    old = table[table["code"].map(ages) >= 3]["name"].tolist()
    text.append(
        f"Half of all figures are of {screened.year - int(items['age'].median())} or newer"
        + (f"; the oldest are {listed(short(name) for name in old)}." if old else ".")
    )
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure=asked.subtitle("Effective weight of each indicator, percent of the score"),
        source=source(screened),
        table=_table(screened, table, ages),
        decimals={"Weight, %": 1, "Age, years": 0},
        notes=(
            "Weights hold for an economy that has every figure. Age: median over economies; a "
            "dash where a figure does not age.",
        ),
    )


def weight_bars(screened: Screening) -> pd.DataFrame:
    """Bars of the figure."""
    table = _weights(screened)
    return pd.DataFrame(
        {"label": table["name"], "value": 100 * table["weight"],
         "text": [f"{fixed(100 * value, 1)}%" for value in table["weight"]],
         "tone": ["strong" if by != "default" else "pale" for by in table["set_by"]]}
    )  # fmt: skip


def _weights(screened: Screening) -> pd.DataFrame:
    index = index_of(screened.figures, screened.weights)
    table = index.weights.set_index("code")["effective"].loc[list(index.structure.indicators)]
    leaves = screened.figures.leaves
    frame = pd.DataFrame(
        {"code": table.index, "name": leaves.loc[table.index, "name"].to_numpy(),
         "weight": table.to_numpy(),
         "set_by": screened.weights.loc[table.index, "set_by"].to_numpy()}
    )  # fmt: skip
    return frame.sort_values(["weight", "name"], ascending=[False, True], ignore_index=True)


def _table(screened: Screening, table: pd.DataFrame, ages: pd.Series) -> pd.DataFrame:
    leaves = screened.figures.leaves
    known = screened.items[screened.items["score"].notna()].groupby("code").size()
    origins = {str(name): _origin(str(name)) for name in leaves["table"].dropna().unique()}
    dated = leaves["max_age"].notna()
    return pd.DataFrame(
        {"Indicator": table["name"], "Weight, %": 100 * table["weight"],
         "Set by": table["set_by"], "Why it counts": table["code"].map(leaves["reason"]),
         "Unit": table["code"].map(leaves["unit"]),
         "Better": table["code"].map(leaves["direction"]).map(
             {"higher_is_better": "more", "lower_is_better": "less"}),
         "Source": table["code"].map(leaves["table"]).map(origins),
         "Age, years": table["code"].map(ages).where(table["code"].map(dated)),
         "Economies": table["code"].map(known)}
    )  # fmt: skip


def _origin(table: str) -> str:
    if table == "risk":
        return "host-risk index"
    origins = list(dict.fromkeys(sources(load(table))["origin"]))
    return ", ".join(origins[:2]) + (" and others" if len(origins) > 2 else "")
