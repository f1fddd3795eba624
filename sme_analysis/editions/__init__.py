"""Editions of the tables: fetch the newest figures, see what changed, use them, go back.

- `refresh(table)`            fetch a new edition from the publisher's service and use it
- `listed()`                  the editions in the user's data folder, and which is in use
- `use(table, edition)`       use an edition, or the shipped table, from now on
- `diff(table, a, b)`         rows added, removed and revised between two editions
- `governance(table)`         which edition of the governance indicators a table stands on
- `pinned(...)`               hold the choice fixed while several reports run

The shipped tables never change. Every edition stands whole in the user's data folder.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

_NAMES = {
    "refresh": "renewal",
    "Renewal": "renewal",
    "listed": "overview",
    "use": "overview",
    "diff": "overview",
    "governance": "overview",
    "pinned": "overview",
    "Difference": "difference",
}

__all__ = ["Difference", "Renewal", "diff", "governance", "listed", "pinned", "refresh", "use"]

if TYPE_CHECKING:
    from .difference import Difference
    from .overview import diff, governance, listed, pinned, use
    from .renewal import Renewal, refresh


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: the command line must not wait for pandas."""
    if name in _NAMES:
        value = getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
