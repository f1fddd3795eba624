"""The opening of a brief: key facts with their years."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...data.citation import source_line
from ...markets.brief import Dossier, Standing
from ...wording import listed
from ..finding import Finding
from .words import amount, capital, people, the

_ECONOMY = (
    "region", "income_group", "population", "gdp", "gni_per_capita", "gdp_growth", "inflation",
    "internet_users", "logistics_performance", "human_development", "distance", "oecd_class",
)  # fmt: skip
_COUNTS = {"deals_investment": "deals_investment_value",
           "deals_construction": "deals_construction_value"}  # fmt: skip


def economy(about: Dossier, facts: pd.DataFrame, placed: Standing) -> Finding:
    """Say what kind of economy it is.

    Parameters
    ----------
    about : Dossier
    facts : DataFrame
        From :func:`sme_analysis.markets.brief_facts`.
    placed : Standing
    """
    known = facts.set_index("code")
    rows = facts[facts["code"].isin(_ECONOMY)]
    table = _table(rows)
    table = pd.concat([table, _risk(about, placed)], ignore_index=True)
    said = [_who(about, known), _risk_sentence(about, placed)]
    if about["economies"]["offshore_centre"].iloc[0]:
        said.append(
            f"Most of the Chinese investment that is counted in {the(about.name)} goes on "
            "elsewhere, some of it back to China."
        )
    return Finding(
        headline="", text=" ".join(part for part in said if part), table=table,
        source=source_line(rows),
    )  # fmt: skip


def _who(about: Dossier, known: pd.DataFrame) -> str:
    """Name, region, income, people and output, as far as known."""
    name = capital(the(about.name))
    income: Any = known.at["income_group", "value"]
    income = None if income is None or "not classified" in str(income) else income
    traits = f" ({about.region}{f', {income}' if income else ''})"
    parts = []
    for code, words in (("population", "{} people in {}"), ("gdp", "an output of {} in {}"),
                        ("gni_per_capita", "an income of {} a person in {}")):  # fmt: skip
        row: Any = known.loc[code]
        value, unit = row["value"], row["unit"]
        if value is not None:
            figure = people(value) if code == "population" else amount(value, unit)
            parts.append(words.format(figure, row["year"]))
    if not parts:
        return f"{name}{traits}: neither people nor output are on record."
    return f"{name}{traits} had {listed(parts)}."


def _risk(about: Dossier, placed: Standing) -> pd.DataFrame:
    row: Any = placed.table.loc[about.code]
    name = "Host risk, 1 the least"
    if not placed.scored:
        why = f"no score: it {placed.reasons[about.code]}"
        return _row(name, None, str(placed.year), why)
    rank = f"{int(row['rank'])} of {placed.of}"
    ends = f"{row['low']:.0f} to {row['high']:.0f}: {row['grades']}"
    return _row(name, rank, str(placed.year), ends)


def _row(*cells: str | None) -> pd.DataFrame:
    return pd.DataFrame([cells], columns=["Fact", "Figure", "Year", "Note"]).astype(object)


def _risk_sentence(about: Dossier, placed: Standing) -> str:
    if not placed.scored:
        return f"It has no risk score for {placed.year}."
    row: Any = placed.table.loc[about.code]
    return f"As a host it is of {row['grades']} risk ({placed.year})."


def ties(about: Dossier, facts: pd.DataFrame) -> Finding:
    """Say what ties the economy to China."""
    values = facts.set_index("code")
    rows = facts[~facts["code"].isin({*_ECONOMY, *_COUNTS.values()})]
    table = _table(rows)
    for place, code in enumerate(rows["code"]):
        if code in _COUNTS and values.at[code, "value"] is not None:
            worth: Any = values.loc[_COUNTS[code]]
            table.at[place, "Figure"] = (
                f"{table.at[place, 'Figure']!s}, {amount(worth['value'], worth['unit'])}"
            )
    blank = int(table["Figure"].isna().sum())
    known = len(table) - blank
    where = the(about.name)
    looked = f"{len(table)} ties with China that can be looked up"
    if known == len(table):
        said = f"All {looked} are on record for {where}."
    elif not known:
        said = f"None of {looked} is on record for {where}; the notes say why."
    else:
        verb = "is" if known == 1 else "are"
        said = (
            f"Of {looked}, {known} {verb} on record for {where}; of the others the note says why."
        )
    return Finding(headline="", text=said, table=table, source=source_line(rows))


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    figures = [amount(*pair) for pair in zip(rows["value"], rows["unit"], strict=True)]
    return pd.DataFrame(
        {
            "Fact": rows["fact"].to_numpy(),
            "Figure": pd.Series(figures, dtype=object),
            "Year": pd.Series([None if pd.isna(y) else str(y) for y in rows["year"]], dtype=object),
            "Note": rows["note"].to_numpy(),
        }
    )
