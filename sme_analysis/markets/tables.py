"""The tables that the screening stands on, shipped or given."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..data.tables import load
from ..errors import ParameterError, unknown
from ..risk.tables import NAMES as RISK

NAMES = (
    "market_structure", "market_sectors", "market_weights", "country_indicators",
    "distance_to_china", "investment_treaties", "tax_treaties", "trade_agreements",
    "belt_and_road_members", "trade_by_partner", "cooperation_zones", "entry_conditions",
    "outward_fdi_by_economy", "deals_by_economy", "development_projects", "income_groups",
    "economies",
)  # fmt: skip
Tables = Mapping[str, pd.DataFrame]


def gather(tables: Tables | None = None) -> dict[str, pd.DataFrame]:
    """Return every table of the screening: the shipped ones, with those given in their place.

    Parameters
    ----------
    tables : mapping of table name to DataFrame, optional
        Tables of the shipped layout, of the screening or of the risk index.

    Raises
    ------
    ParameterError
        If a name is none of these tables.
    """
    check(tables)
    given = dict(tables or {})
    return {name: given[name] if name in given else load(name) for name in NAMES}


def check(tables: Tables | None) -> None:
    """Refuse a table that neither the screening nor the risk index reads."""
    allowed = list(dict.fromkeys([*NAMES, *RISK]))
    for name in tables or {}:
        if name not in allowed:
            raise ParameterError(unknown("table of the market screening", name, allowed))


def one(name: str, tables: Tables | None = None) -> pd.DataFrame:
    """Return one table of the screening, given or shipped."""
    return tables[name] if tables is not None and name in tables else load(name)


def for_risk(tables: Tables | None) -> dict[str, pd.DataFrame] | None:
    """Those of the given tables that the risk index reads; None if there are none."""
    found = {name: frame for name, frame in (tables or {}).items() if name in RISK}
    return found or None
