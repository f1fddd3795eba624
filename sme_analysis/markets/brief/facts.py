"""Key facts of one economy: each a figure or a word with its year, table and source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from ...data.catalogue import labels
from .dossier import Dossier, Tables, dossier
from .standing import indicators

COLUMNS = ["code", "fact", "value", "unit", "year", "source_id", "note", "table"]
_INDICATORS = {
    "population": "Population",
    "gdp": "Gross domestic product",
    "gni_per_capita": "Income per person",
    "gdp_growth": "Growth of real output",
    "inflation": "Inflation",
    "internet_users": "Users of the internet",
    "logistics_performance": "Logistics performance, 1 to 5",
    "human_development": "Human development, 0 to 1",
}


class Fact(NamedTuple):
    """One row of the frame of facts."""

    code: str
    fact: str
    value: Any
    unit: str
    year: int | None
    source_id: str | None
    note: str
    table: str


def brief_facts(
    economy: str | Dossier, year: int | None = None, *, tables: Tables | None = None
) -> pd.DataFrame:
    """Key facts of one host economy.

    Parameters
    ----------
    economy : str or Dossier
        Any name or code of a host economy, or what is already collected on it.
    year : int, optional
        Take the newest figures up to this year; by default the newest on record.
    tables : mapping of table name to DataFrame, optional
        In place of the shipped ones.

    Returns
    -------
    DataFrame
        `code`, `fact`, `value` (a number or a word; blank when unknown), `unit`, `year` (of the
        figure, of the start of a treaty or membership), `source_id`, `note` (the reason where
        the value is blank, or what a reader must know), `table`.

    Raises
    ------
    ParameterError, UnknownNameError
        If it is no host economy.

    Examples
    --------
    >>> facts = brief_facts("Viet Nam").set_index("code")
    >>> facts.at["official_stock", "value"], int(facts.at["official_stock", "year"])
    (7073.71, 2019)
    """
    about = economy if isinstance(economy, Dossier) else dossier(economy, year, tables=tables)
    rows = [*_economy(about), *_presence(about), *_goods(about), *_ties(about)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["value"] = pd.Series([row.value for row in rows], dtype=object)
    return table.astype({"year": "Int64"})


def _economy(about: Dossier) -> Iterator[Fact]:
    known = about["economies"].iloc[0]
    yield Fact("region", "Region", about.region, "text", None, known["source_id"], "", "economies")
    yield _income_group(about)
    newest = indicators(about)
    first, last = about.covered["country_indicators"]
    for code, name in _INDICATORS.items():
        if code not in newest.index:
            why = f"no figure of {first}–{last} on record"
            yield Fact(code, name, None, "", None, None, why, "country_indicators")
            continue
        row: Any = newest.loc[code]
        yield Fact(code, name, float(row["value"]), str(row["unit"]), int(row["year"]),
                   str(row["source_id"]), "", "country_indicators")  # fmt: skip
    far = about["distance_to_china"]
    far = far[far["kind"] == "distance_largest_cities"]
    name = "Distance between the largest cities"
    if far.empty:
        why = "not in the database of distances"
        yield Fact("distance", name, None, "km", None, None, why, "distance_to_china")
    else:
        yield Fact("distance", name, float(far["value"].iloc[0]), "km", None,
                   str(far["source_id"].iloc[0]), "from mainland China",
                   "distance_to_china")  # fmt: skip
    yield _oecd(about)


def _income_group(about: Dossier) -> Fact:
    rows = about["income_groups"]
    if rows.empty:
        why = "not in the World Bank's list of October 2025"
        return Fact("income_group", "Income group", None, "text", None, None, why, "income_groups")
    row = rows.iloc[-1]
    word = labels("income_groups", "income_group")[row["income_group"]]
    return Fact("income_group", "Income group", word, "text", int(row["edition"][:4]),
                row["source_id"], "World Bank, edition of October 2025",
                "income_groups")  # fmt: skip


def _oecd(about: Dossier) -> Fact:
    rows = about["oecd_country_risk"].sort_values("year")
    name, table = "OECD country risk class, 0 to 7", "oecd_country_risk"
    if rows.empty:
        return Fact("oecd_class", name, None, "class", None, None, "never on its lists", table)
    row = rows.iloc[-1]
    if pd.isna(row["risk_class"]):
        why = "not classified, which is no judgement of safety"
        if row["zero_by_rule"]:
            why = "high-income member of the OECD or the euro area: not classified"
        return Fact("oecd_class", name, None, "class", int(row["year"]), row["source_id"], why,
                    table)  # fmt: skip
    return Fact("oecd_class", name, int(row["risk_class"]), "class", int(row["year"]),
                row["source_id"], "transfer risk; never part of the index here", table)  # fmt: skip


def _presence(about: Dossier) -> Iterator[Fact]:
    rows = about["outward_fdi_by_economy"]
    first, last = 2003, 2019
    for measure, name in (("stock", "Chinese FDI stock"), ("flow", "Chinese FDI flow")):
        own = rows[rows["measure"] == measure].sort_values("year")
        if own.empty:
            why = f"no row in the host tables of {first}–{last}; a missing row is no zero"
            yield Fact(f"official_{measure}", name, None, "usd_mn", None, None, why,
                       "outward_fdi_by_economy")  # fmt: skip
            continue
        row = own.iloc[-1]
        note = "official, by first destination"
        if row["panel"] == "partial":
            note += f"; {row['year']} is known for some hosts only"
        yield Fact(f"official_{measure}", name, float(row["value"]), row["unit"], int(row["year"]),
                   row["source_id"], note, "outward_fdi_by_economy")  # fmt: skip
    deals = about["deals_by_economy"]
    for kind, name in (("investment", "Large investments"), ("construction", "Large contracts")):
        own = deals[deals["kind"] == kind]
        yield _sum(
            own,
            f"deals_{kind}",
            name,
            "deals",
            "deals_by_economy",
            "US$100 mn and more each, 2005–2025",
            "none of US$100 mn and more on record",
        )
        yield _sum(
            own,
            f"deals_{kind}_value",
            f"{name}, amount",
            "value",
            "deals_by_economy",
            "US$100 mn and more each, 2005–2025",
            "none of US$100 mn and more on record",
        )
    money = about["development_finance_by_economy"]
    money = money[(money["flow_class"] == "all") & money["value"].notna()]
    yield _sum(
        money,
        "official_finance",
        "Chinese official finance",
        "value",
        "development_finance_by_economy",
        "commitments 2000–2021, prices of 2021",
        "no amount of 2000–2021 on record",
    )
    yield _sum(about["development_projects"], "projects", "Development projects", "projects",
               "development_projects", "with a known place, 2000–2021",
               "no project of 2000–2021 with a known place on record")  # fmt: skip


def _sum(
    rows: pd.DataFrame, code: str, name: str, column: str, table: str, note: str, why: str
) -> Fact:
    """Sum of a column over all rows of one source; blank when there is no row."""
    unit = "count" if column != "value" else str(rows["unit"].iloc[0]) if len(rows) else ""
    if rows.empty:
        return Fact(code, name, None, unit, None, None, why, table)
    ends = rows["year"] if "year" in rows else rows["period"].str[-4:].astype(int)
    total = rows[column].sum()
    value = int(total) if unit == "count" else round(float(total), 6)
    return Fact(code, name, value, unit, int(ends.max()), rows["source_id"].iloc[0], note, table)


def _goods(about: Dossier) -> Iterator[Fact]:
    rows = about["trade_by_partner"]
    rows = rows[rows["reporter"] == "china"]
    for flow, name in (("export", "Goods from China"), ("import", "Goods to China")):
        own = rows[rows["flow"] == flow]
        code, table = f"goods_{flow}", "trade_by_partner"
        if own.empty:
            why = "not in the customs table of 2024"
            yield Fact(code, name, None, "cny_mn", None, None, why, table)
            continue
        row = own.iloc[-1]
        note = "Chinese customs"
        note += "; may be ships under a foreign flag" if row["open_registry"] else ""
        note += "; goods pass through" if row["entrepot"] else ""
        yield Fact(code, name, float(row["value"]), row["unit"], int(row["year"]),
                   row["source_id"], note, table)  # fmt: skip


def _ties(about: Dossier) -> Iterator[Fact]:
    rows, table = about["belt_and_road_members"], "belt_and_road_members"
    if rows.empty:
        why = "neither on the list of partners nor named as outside"
        yield Fact("belt_and_road", "Belt and Road", None, "status", None, None, why, table)
    else:
        row = rows.iloc[0]
        word = {"member": "partner", "withdrawn": "withdrawn", "not_member": "not a partner"}
        date = row["left"] if row["status"] == "withdrawn" else row["joined"]
        note = "" if pd.notna(date) or row["status"] == "not_member" else "date not known"
        yield Fact("belt_and_road", "Belt and Road", word[row["status"]], "status", _year(date),
                   row["source_id"], note, table)  # fmt: skip
    for table, code, name in (
        ("investment_treaties", "investment_treaty", "Investment treaty"),
        ("tax_treaties", "tax_treaty", "Double tax treaty"),
        ("trade_agreements", "trade_agreement", "Trade agreement"),
    ):
        yield _treaty(about[table], table, code, name)
    zones = about["cooperation_zones"]
    if zones.empty:
        yield Fact("zones", "Cooperation zones named", None, "count", None, None,
                   "none by name; no full list was found", "cooperation_zones")  # fmt: skip
    else:
        yield Fact("zones", "Cooperation zones named", len(zones), "count", None,
                   zones["source_id"].iloc[0], "no full list was found",
                   "cooperation_zones")  # fmt: skip


def _treaty(rows: pd.DataFrame, table: str, code: str, name: str) -> Fact:
    """Best state reached: in force before signed before ended before under negotiation."""
    if rows.empty:
        return Fact(code, name, None, "status", None, None, "none in the collection", table)
    order = ["in_force", "signed", "terminated", "under_negotiation"]
    place = rows["status"].map(order.index)
    best = rows[place == place.min()]
    first = best.sort_values("in_force", na_position="last").iloc[0]
    status = str(first["status"])
    word = {"in_force": "in force", "signed": "signed, not in force", "terminated": "ended",
            "under_negotiation": "under negotiation"}[status]  # fmt: skip
    date = {"in_force": first["in_force"], "signed": first["signed"]}.get(status)
    if status == "terminated":
        date = first["terminated"]
    more = f"and {len(best) - 1} more" if len(best) > 1 else ""
    note = "; ".join(part for part in (first.get("agreement", ""), more) if part)
    return Fact(code, name, word, "status", _year(date), first["source_id"], note, table)


def _year(date: Any) -> int | None:
    return None if date is None or pd.isna(date) else int(str(date)[:4])
