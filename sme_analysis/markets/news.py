"""What a firm would meet for the first time in a market, given those that it knows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..economies import members
from .model import Figures
from .tables import Tables, gather

# Organisations that a firm would name its markets by; the smallest that holds all of them counts.
GROUPS = {
    "ASEAN": "ASEAN", "EU": "the European Union", "GCC": "the Gulf Cooperation Council",
    "CENTRAL_ASIA": "Central Asia", "AFRICAN_UNION": "the African Union",
}  # fmt: skip
_AGREEMENTS = {
    "trade_agreement": "trade agreement with China",
    "investment_treaty": "investment treaty with China",
    "tax_treaty": "tax treaty with China",
}


def news(
    candidates: list[str], current: list[str], made: Figures, *, tables: Tables | None = None
) -> pd.DataFrame:
    """List what would be new to the firm in each candidate.

    Returns
    -------
    DataFrame
        `iso3`, `kind` ("group", "continent", "income_group", "trade_agreement",
        "investment_treaty", "tax_treaty", "belt_and_road", "language", "risk", "distance"),
        `text`. What is not known of the candidate or of a current market gives no row.
    """
    found = gather(tables)
    economies = found["economies"].set_index("iso3")["bulletin_region"]
    groups = found["income_groups"]
    groups = groups[groups["edition"] == groups["edition"].max()]
    income = groups.set_index("iso3")["income_group"]
    kinds = found["distance_to_china"]
    spoken = kinds[kinds["kind"] == "common_ethnic_language"].set_index("iso3")["value"]
    rows: list[tuple[str, str, str]] = []
    for code in candidates:
        facts = [
            *_outside(code, current, made.year),
            *_first_of(code, current, economies, "continent", "first market in {}"),
            *_first_of(code, current, income, "income_group", "first {} economy"),
            *_agreements(code, current, made.values),
            *_language(code, current, spoken),
            *_beyond(code, current, made.values),
        ]
        rows.extend((code, kind, text) for kind, text in facts)
    return pd.DataFrame(rows, columns=["iso3", "kind", "text"])


def _outside(code: str, current: list[str], year: int) -> Iterator[tuple[str, str]]:
    sets = {group: set(members(group, year)) for group in GROUPS}
    holding = [group for group, inside in sets.items() if set(current) <= inside]
    if holding:
        smallest = min(holding, key=lambda group: len(sets[group]))
        if code not in sets[smallest]:
            yield "group", f"first market outside {GROUPS[smallest]}"


def _first_of(
    code: str, current: list[str], kinds: pd.Series, kind: str, words: str
) -> Iterator[tuple[str, str]]:
    mine, others = kinds.get(code), kinds.reindex(current)
    if pd.notna(mine) and others.notna().all() and mine not in set(others):
        yield kind, words.format(str(mine).replace("_", "-"))


def _agreements(code: str, current: list[str], values: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for kind, words in _AGREEMENTS.items():
        if values.at[code, kind] == 0 and (values.loc[current, kind] == 1).all():
            yield kind, f"first without {'an' if words[0] in 'aeiou' else 'a'} {words}"
    road = values["belt_and_road"]
    if road[code] == 0 and (road[current] == 1).all():
        yield "belt_and_road", "first outside the Belt and Road"


def _language(code: str, current: list[str], spoken: pd.Series) -> Iterator[tuple[str, str]]:
    mine, others = spoken.get(code), spoken.reindex(current)
    if mine == 0 and (others == 1).all():
        yield "language", "first that shares no language with China"
    elif mine == 1 and (others == 0).all():
        yield "language", "first that shares a language with China"


def _beyond(code: str, current: list[str], values: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for kind, column, words in (
        ("risk", "risk", "riskier than any current market"),
        ("distance", "geographic_distance", "farther from China than any current market"),
    ):
        others = values.loc[current, column]
        if others.notna().all() and values.at[code, column] > others.max():
            yield kind, words
