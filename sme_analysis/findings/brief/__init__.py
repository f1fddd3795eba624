"""Findings of the brief on one economy."""

from .access import access, events
from .facts import economy, ties
from .gaps import unknown
from .presence import later, presence, presence_panels, sector_bars, sectors
from .risk import balance, risk, risk_rows
from .trade import trade, trade_panels

__all__ = [
    "access",
    "balance",
    "economy",
    "events",
    "later",
    "presence",
    "presence_panels",
    "risk",
    "risk_rows",
    "sector_bars",
    "sectors",
    "ties",
    "trade",
    "trade_panels",
    "unknown",
]
