"""Every shipped row that concerns one economy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ... import economies
from ...data.tables import load
from ...errors import ParameterError, unknown
from .names import host

TABLES = (
    "economies", "income_groups", "country_indicators", "governance_indicators",
    "oecd_country_risk", "outward_fdi_by_economy", "outward_fdi_recent_signals", "host_side_fdi",
    "deals_by_economy", "development_projects", "development_finance_by_economy",
    "trade_by_partner", "belt_and_road_members", "investment_treaties", "tax_treaties",
    "trade_agreements", "cooperation_zones", "sme_cooperation_zones", "entry_conditions",
    "economy_groups", "policy_events", "programmes", "distance_to_china", "un_ideal_points",
)  # fmt: skip
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
    found = {name: (tables or {}).get(name, None) for name in TABLES}
    whole = {name: load(name) if table is None else table for name, table in found.items()}
    member = _member_of(whole["economy_groups"], whole["belt_and_road_members"], code)
    rows = {name: _concerning(name, table, code, member) for name, table in whole.items()}
    if year is not None:
        rows = {name: _until(name, table, year) for name, table in rows.items()}
    listed = whole["economies"].set_index("iso3")
    region = listed["wb_region"].fillna(listed["bulletin_region"])[code]
    covered = {
        name: (int(table["year"].min()), int(table["year"].max()))
        for name, table in whole.items()
        if "year" in table and len(table)
    }
    return Dossier(code, economies.name(code, "plain"), str(region), year, rows, covered)


def _member_of(groups: pd.DataFrame, road: pd.DataFrame, code: str) -> set[str]:
    own = groups[(groups["iso3"] == code) & (groups["role"] == "member") & groups["left"].isna()]
    partner = road[(road["iso3"] == code) & (road["status"] == "member")]
    return {*own["group"], *(["Belt and Road"] if len(partner) else [])}


def _concerning(name: str, table: pd.DataFrame, code: str, member: set[str]) -> pd.DataFrame:
    chosen = table["iso3"] == code
    if name in ("policy_events", "programmes"):
        chosen |= table["economy_group"].isin(member) | table["place"].isin(member)
    return table[chosen].reset_index(drop=True)


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
