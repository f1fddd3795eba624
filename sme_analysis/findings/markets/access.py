"""Findings on access at a glance."""

from __future__ import annotations

import pandas as pd

from ...markets import Screening
from ...markets.explain import natural
from ...rounding import fixed
from ..finding import Finding, counted
from .terms import Terms, all_of, capital, number_word, source

_COLUMNS = {
    "trade_agreement": "Trade agreement", "investment_treaty": "Investment treaty",
    "tax_treaty": "Tax treaty", "belt_and_road": "Belt and Road", "zones": "Zones",
    "visa": "No visa", "common_language": "Common language", "geographic_distance": "Distance, km",
}  # fmt: skip
_ALL = ("trade_agreement", "investment_treaty", "tax_treaty")


def access(asked: Terms, screened: Screening) -> Finding:
    """Say who has every agreement with China, and who none."""
    if screened.ranked.empty:
        return asked.none(screened)
    held = _held(asked, screened)
    short = screened.ranked.head(asked.n)["iso3"]
    every = [code for code in short if (held.loc[code, list(_ALL)] == 1).all()]
    none = [code for code in short if (held.loc[code, list(_ALL)] == 0).all()]
    names = screened.figures.names
    size = len(short)
    count = capital(number_word(len(every)))
    headline = (
        f"{count} of {counted(size, 'economy', 'economies')} on the short list "
        f"{'has' if len(every) == 1 else 'have'} all three agreements with China"
    )
    text = [f"{headline}: {all_of(names[every])}." if every else f"{headline}."]
    lacking = [code for code in short if held.at[code, "investment_treaty"] == 0]
    if none:
        text.append(f"None of the three: {all_of(names[none])}.")
    if lacking:
        text.append(f"No investment treaty in force: {all_of(names[lacking])}.")
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure=asked.subtitle(
            "Agreements in force with China and other openings; blue: yes, red: no, grey: not "
            "known or not applicable"
        ),
        source=source(screened),
        table=_words(held, screened).rename_axis("Economy").reset_index(),
        notes=(
            "Visa: known to ask none of Chinese citizens for a short visit; the lists are partial, "
            "so that grey is not a no. Zones: those on the lists at hand. An agreement in force "
            "says nothing of tariffs on single goods, quotas or sanctions.",
        ),
    )


def access_matrix(asked: Terms, screened: Screening) -> dict[str, pd.DataFrame]:
    """Cells of the figure."""
    held = _held(asked, screened)
    values = pd.DataFrame(index=held.index)
    for code in _COLUMNS:
        column = held[code]
        if code == "geographic_distance":
            values[code] = (1.0 - column / 8000.0).clip(-1.0, 1.0) * 0.6
        elif code == "zones":
            values[code] = (column > 0).map({True: 0.7, False: -0.25})
        else:
            values[code] = column.map({1.0: 0.7, 0.0: -0.25 if code == "common_language" else -0.5})
    text = _words(held, screened)
    values.columns, values.index = text.columns, text.index
    return {"data": values, "text": text, "sure": values.notna() & False}


def _held(asked: Terms, screened: Screening) -> pd.DataFrame:
    """Raw figures of the short list and the current markets."""
    codes = [*screened.ranked.head(asked.n)["iso3"], *screened.current["iso3"]]
    table = screened.figures.values.loc[codes, list(_COLUMNS)].copy()
    raw = natural(screened.figures, ["zones", "geographic_distance"]).loc[codes]
    table["zones"], table["geographic_distance"] = raw["zones"], raw["geographic_distance"]
    return table


def _words(held: pd.DataFrame, screened: Screening) -> pd.DataFrame:
    text = pd.DataFrame(index=held.index)
    for code, label in _COLUMNS.items():
        if code == "zones":
            text[label] = [fixed(round(v), 0) for v in held[code]]
        elif code == "geographic_distance":
            text[label] = ["–" if pd.isna(v) else fixed(round(v, -2), 0) for v in held[code]]
        else:
            text[label] = held[code].map({1.0: "yes", 0.0: "no"}).fillna("–")
    mine = set(screened.current["iso3"])
    names = screened.figures.names
    text.index = [f"{names[code]}{' (current)' if code in mine else ''}" for code in held.index]
    return text
