"""Which service fills which table."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..data import catalogue
from ..errors import UnknownNameError, unknown
from .protocol import Service


@dataclass(frozen=True)
class Place:
    """Where a service is defined: module and class, and what lists its series."""

    module: str
    name: str
    lister: Callable[[], tuple[str, ...]]

    def series(self) -> tuple[str, ...]:
        """Return the names of the series that can be fetched one by one."""
        return self.lister()


def _module(name: str) -> Any:
    return importlib.import_module(f".{name}", __package__)


SERVICES = {
    "country_indicators": Place(
        "world_bank", "WorldBank", lambda: tuple(_module("world_bank_series").known())
    ),
    "governance_indicators": Place(
        "world_bank",
        "GovernanceIndicators",
        lambda: tuple(_module("world_bank_series").known("governance_indicators")),
    ),
    "development_finance_by_economy": Place("aiddata", "DevelopmentFinance", tuple),
    "direct_investment_positions": Place(
        "imf", "DirectInvestment", lambda: tuple(_module("imf").KEYS)
    ),
    "goods_trade_by_partner": Place("comtrade", "Trade", lambda: tuple(_module("comtrade").FLOWS)),
}


def tables() -> list[str]:
    """Return the registered tables that a service fills."""
    registered = {*catalogue.tables(), *catalogue.live_tables()}
    return [table for table in SERVICES if table in registered]


def known(table: str) -> None:
    """Refuse a table that does not exist, or that no service fills.

    Raises
    ------
    UnknownNameError
    """
    catalogue.resource(table)
    if table not in SERVICES:
        raise UnknownNameError(unknown("table with a service", table, tables()))


def service_for(table: str) -> Service:
    """Return the service of a table."""
    place = SERVICES[table]
    service: Service = getattr(_module(place.module), place.name)()
    return service
