"""Findings: what a frame says, in a sentence computed from it, with its table and source line.

A module is imported when it is first used: a report on flows need not load the risk index.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .finding import Finding

__all__ = [
    "Finding",
    "acquisitions",
    "answers",
    "brief",
    "claims",
    "concentration",
    "ecommerce",
    "following",
    "hosts",
    "industries",
    "markets",
    "moves",
    "outbound",
    "partners",
    "risk",
    "signals",
    "small_firms",
    "specialisation",
    "support",
    "surveys",
    "trouble",
    "zones",
]

if TYPE_CHECKING:
    from . import (
        acquisitions,
        answers,
        brief,
        claims,
        concentration,
        ecommerce,
        following,
        hosts,
        industries,
        markets,
        moves,
        outbound,
        partners,
        risk,
        signals,
        small_firms,
        specialisation,
        support,
        surveys,
        trouble,
        zones,
    )


def __getattr__(name: str) -> Any:
    """Import a module when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
