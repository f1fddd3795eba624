"""Every shipped row that concerns one economy."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ... import economies
from ...data.tables import load, stamp
from ...errors import ParameterError, unknown
from ...kept import Kept
from .names import host

TABLES = (
    "economies", "income_groups", "country_indicators", "governance_indicators",
    "oecd_country_risk", "outward_fdi_by_economy", "outward_fdi_recent_signals", "host_side_fdi",
    "deals_by_economy", "development_projects", "development_finance_by_economy",
    "trade_by_partner", "belt_and_road_members", "investment_treaties", "tax_treaties",
    "trade_agreements", "cooperation_zones", "sme_cooperation_zones", "entry_conditions",
    "economy_groups", "policy_events", "programmes", "distance_to_china", "un_ideal_points",
)  # fmt: skip
_OF_GROUPS = ("policy_events", "programmes")  # some rows concern the members of a group
Tables = Mapping[str, pd.DataFrame]
_STARTS = {
    "investment_treaties": "signed", "tax_treaties": "signed", "trade_agreements": "signed",
    "belt_and_road_members": "joined", "economy_groups": "joined", "policy_events": "date",
    "programmes": "date", "entry_conditions": "date", "income_groups": "edition",
    "cooperation_zones": "founded",
}  # fmt: skip
_LATER = ("in_force", "terminated", "left")  # dates that may lie after the year asked for


@dataclass(frozen=True, eq=False)
class Dossier:
    """What is on record about one economy.

    Attributes
    ----------
    code : str
        ISO 3166-1 alpha-3.
    name : str
        Short name, as in charts.
    region : str
        World Bank region, else the continent of the bulletin.
    last : int or None
        Nothing after this year is in it.
    rows : mapping of table name to DataFrame
        The rows on this economy; of events and programmes also those of groups it belongs to.
    covered : mapping of table name to (int, int)
        First and last year of the whole table, where it has years.
    """

    code: str
    name: str
    region: str
    last: int | None
    rows: Tables = field(repr=False)
    covered: Mapping[str, tuple[int, int]] = field(repr=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.rows[table]


def dossier(economy: str, year: int | None = None, *, tables: Tables | None = None) -> Dossier:
    """Collect the rows on one economy.

    Parameters
    ----------
    economy : str
        Any name or code of a host economy.
    year : int, optional
        Leave out what came later; a treaty that ended later is in force.
    tables : mapping of table name to DataFrame, optional
        In place of the shipped ones.

    Raises
    ------
    ParameterError, UnknownNameError
        If it is no host economy, the year is no year, or a table is none of those read here.
    """
    code = host(economy)
    if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise ParameterError(f"year must be a whole number, not {year!r}.")
    for name in tables or {}:
        if name not in TABLES:
            raise ParameterError(unknown("table of a brief", name, TABLES))
    kept = records(tables)
    rows = {name: kept.of(name, code) for name in TABLES}
    member = _member_of(rows["economy_groups"], rows["belt_and_road_members"])
    rows |= {name: _concerning(kept.whole[name], code, member) for name in _OF_GROUPS}
    if year is not None:
        rows = {name: _until(name, table, year) for name, table in rows.items()}
    own = rows["economies"]
    region = str(own["wb_region"].fillna(own["bulletin_region"]).iloc[0])
    return Dossier(code, economies.name(code, "plain"), region, year, rows, kept.covered)


@dataclass(frozen=True, eq=False)
class Records:
    """Whole tables, the places of each economy's rows in them, and the years that they cover."""

    whole: Tables
    places: Mapping[str, Mapping[Hashable, Any]]
    covered: Mapping[str, tuple[int, int]]

    def of(self, name: str, code: str) -> pd.DataFrame:
        """Return the rows of one economy in one table."""
        places = self.places[name].get(code, np.empty(0, dtype=np.intp))
        return self.whole[name].take(places).reset_index(drop=True)


_records: Kept[Records] = Kept(1)


def records(tables: Tables | None = None) -> Records:
    """Return the tables that briefs read, indexed; those shipped, or in use, made once."""
    if tables:
        return _indexed({name: tables[name] if name in tables else load(name) for name in TABLES})
    key = tuple(stamp(name) for name in TABLES)
    return _records.get(key, lambda: _indexed({name: load(name) for name in TABLES}))


def _indexed(whole: Tables) -> Records:
    covered = {
        name: (int(table["year"].min()), int(table["year"].max()))
        for name, table in whole.items()
        if "year" in table and len(table)
    }
    return Records(
        whole, {name: table.groupby("iso3").indices for name, table in whole.items()}, covered
    )


def _member_of(groups: pd.DataFrame, road: pd.DataFrame) -> set[str]:
    own = groups[(groups["role"] == "member") & groups["left"].isna()]
    partner = (road["status"] == "member").any()
    return {*own["group"], *(["Belt and Road"] if partner else [])}


def _concerning(table: pd.DataFrame, code: str, member: set[str]) -> pd.DataFrame:
    """Rows on the economy, and on the groups that it belongs to."""
    chosen = (table["iso3"] == code) | table["economy_group"].isin(member)
    return table[chosen | table["place"].isin(member)].reset_index(drop=True)


def _until(name: str, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows as they stood at the end of a year; what has no date stays."""
    rows = rows.copy()
    if "year" in rows:
        return rows[rows["year"] <= year]
    if "period" in rows:
        return rows[rows["period"].str[-4:].astype(int) <= year]
    if name in _STARTS:
        rows = rows[~(_year(rows[_STARTS[name]]) > year)]
    for column in _LATER:
        if column in rows:
            rows.loc[_year(rows[column]) > year, column] = None
    return _restated(name, rows)


def _restated(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Give treaties and memberships the status that their remaining dates support."""
    if name == "belt_and_road_members":
        rows.loc[(rows["status"] == "withdrawn") & rows["left"].isna(), "status"] = "member"
    if name in ("investment_treaties", "tax_treaties", "trade_agreements"):
        ended = rows["terminated"].notna() if "terminated" in rows else False
        open_ended = (rows["status"] != "under_negotiation") & ~ended
        # A treaty known to have ended, without the date of its end, keeps that status.
        dated = rows["status"].isin(["in_force", "signed"]) | (rows["in_force"].notna() & ~ended)
        rows.loc[open_ended & dated & rows["in_force"].notna(), "status"] = "in_force"
        rows.loc[open_ended & dated & rows["in_force"].isna(), "status"] = "signed"
    return rows


def _year(dates: pd.Series) -> pd.Series:
    """First four digits of a date as a number, blank where there is no date."""
    return pd.to_numeric(dates.astype("str").str[:4], errors="coerce")
