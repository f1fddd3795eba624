"""Which series of the World Bank stand behind the indicators of the tables.

Codes were renamed: since the edition of 2025 the Worldwide Governance Indicators are database 3 of
the API under `GOV_WGI_*`, while `PV.EST` and its like went to the archives (database 57), which the
API lists and does not serve. The edition of 2025 also revised the method and estimated all years
anew, so it is another series than the estimates before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..data import catalogue
from ..data.tables import load
from ..errors import UnknownNameError, unknown

TABLE = "country_indicators"
GOVERNANCE = "governance_indicators"  # where it is shipped, a table of the same columns
_CATALOG = "indicator_catalog"  # a table that, where it is shipped, knows more codes
_CODES = {
    "gdp": "NY.GDP.MKTP.CD",
    "gdp_per_capita": "NY.GDP.PCAP.KD",
    "population": "SP.POP.TOTL",
    "inflation": "FP.CPI.TOTL.ZG",
    "internet_users": "IT.NET.USER.ZS",
    "logistics_performance": "LP.LPI.OVRL.XQ",
    "political_stability": "GOV_WGI_PV.EST",
    "voice_and_accountability": "GOV_WGI_VA.EST",
    "government_effectiveness": "GOV_WGI_GE.EST",
    "regulatory_quality": "GOV_WGI_RQ.EST",
    "rule_of_law": "GOV_WGI_RL.EST",
    "control_of_corruption": "GOV_WGI_CC.EST",
}
# Where the catalogue names the series from which an indicator was computed, the published one.
_PUBLISHED = {"gdp_growth": "NY.GDP.MKTP.KD.ZG"}
_DIMENSIONS = ("PV", "VA", "GE", "RQ", "RL", "CC")
ALIASES = {
    **{f"{name}.EST": f"GOV_WGI_{name}.EST" for name in _DIMENSIONS},
    **{f"{name}.STD.ERR": f"GOV_WGI_{name}.SE" for name in _DIMENSIONS},
}
"""Renamed codes. A code whose successor has another definition is no alias: see `ARCHIVED`."""
ARCHIVED = {
    "EN.ATM.CO2E.PC": "its successor EN.GHG.CO2.PC.CE.AR5 has another definition",
    "IC.LGL.DURS": "Doing Business ended in 2021",
    "IC.REG.DURS": "Doing Business ended in 2021",
    "NV.SRV.TETC.ZS": "its successor NV.SRV.TOTL.ZS has another definition",
}
DATABASES = {
    2: "World Development Indicators",
    3: "Worldwide Governance Indicators",
    63: "Human Capital Index",
}
METHODS = {3: "method of 2025"}
# What the name of a series must say for a unit, all of it, as the API gives no unit of its own.
WORDS = {
    "usd": ("current US$",),
    "usd_2015": ("constant 2015 US$",),
    "percent": ("%",),
    "percent_of_population": ("%", "population"),
    "percent_of_gdp": ("%", "GDP"),
    "score_1_to_5": ("1=low to 5=high",),
    "standard_normal": ("estimate",),
}
# The API enters the logistics index of 2023 under 2022, when its survey was made; the table counts
# by edition. Series -> year at the API and year here, where the API has nothing for the latter.
YEARS = {"LP.LPI.OVRL.XQ": (2022, 2023)}
RANGES = {
    "standard_normal": (-5.0, 5.0),
    "score_1_to_5": (1.0, 5.0),
    "percent_of_population": (0.0, 100.0),
}
WHOLE = ("usd", "persons")  # units that the table holds as whole numbers
_CODE = re.compile(r"[A-Z0-9_]+(\.[A-Z0-9_]+)+")


@dataclass(frozen=True)
class Series:
    """A series of the World Bank behind one indicator.

    `error` is the code of its standard errors, blank where none are published.
    """

    indicator: str
    unit: str
    code: str
    database: int
    error: str = ""


def known(table: str = TABLE) -> dict[str, Series]:
    """Return every indicator of a table that the World Bank serves, with its series."""
    codes = {**_CODES, **_catalogued(), **_PUBLISHED}
    units = load(table, edition="shipped").groupby("indicator")["unit"].first()
    found = {}
    for indicator, unit in units.items():
        code = ALIASES.get(codes.get(str(indicator), ""), codes.get(str(indicator), ""))
        if code and code not in ARCHIVED and _CODE.fullmatch(code):
            database = _database(code)
            error = code.replace(".EST", ".SE") if database == 3 else ""
            found[str(indicator)] = Series(str(indicator), str(unit), code, database, error)
    return found


def wanted(indicators: tuple[str, ...], table: str = TABLE) -> list[Series]:
    """Return the series of some indicators of a table, of all where none are named.

    Raises
    ------
    UnknownNameError
        If an indicator is unknown or the World Bank does not serve it.
    """
    served = known(table)
    for name in indicators:
        if name not in served:
            raise UnknownNameError(unknown("series", name, served, where=f"of table {table!r}"))
    return [served[name] for name in indicators or served]


def _catalogued() -> Mapping[str, str]:
    """Return the codes of the shipped catalogue of indicators, where there is one."""
    if _CATALOG not in catalogue.tables():
        return {}
    table = load(_CATALOG, edition="shipped")
    if not {"indicator", "world_bank_code"} <= set(table.columns):
        return {}
    return _pairs(table.dropna(subset=["world_bank_code"]))


def _pairs(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["indicator"], table["world_bank_code"], strict=True))


def _database(code: str) -> int:
    if code.startswith("GOV_WGI_"):
        return 3
    return 63 if code.startswith("HD.HCI.") else 2
