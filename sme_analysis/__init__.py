"""How Chinese firms go abroad: cited data, helper functions and reports.

>>> import sme_analysis as sme
>>> sme.load("outward_fdi_annual").shape[1]
10

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# public name -> module that defines it
_NAMES = {
    "load": "data.tables",
    "catalog": "data.tables",
    "describe": "data.tables",
    "cite": "data.citation",
    "sources": "data.citation",
    "source_line": "data.citation",
    "verify": "data.verify",
    "check_parameters": "reports.parameters",
    "show": "display",
    "show_all": "display",
    "show_own": "display",
    "show_run": "display",
    "show_sources": "display",
    "show_table": "display",
    "show_catalog": "tour",
    "show_reports": "tour",
    "SmeAnalysisError": "errors",
    "UnknownNameError": "errors",
    "ParameterError": "errors",
    "DataError": "errors",
}
_MODULES = (
    "claims", "composite", "data", "economies", "editions", "findings", "firms", "investment",
    "markets", "plots", "reports", "risk", "sectors", "statistics", "supplied",
)  # fmt: skip

__all__ = ["__version__", *_NAMES, *_MODULES]  # noqa: PLE0604

if TYPE_CHECKING:
    from . import (
        claims,
        composite,
        data,
        economies,
        editions,
        findings,
        firms,
        investment,
        markets,
        plots,
        reports,
        risk,
        sectors,
        statistics,
        supplied,
    )
    from .data.citation import cite, source_line, sources
    from .data.tables import catalog, describe, load
    from .data.verify import verify
    from .display import show, show_all, show_own, show_run, show_sources, show_table
    from .errors import DataError, ParameterError, SmeAnalysisError, UnknownNameError
    from .reports.parameters import check_parameters
    from .tour import show_catalog, show_reports


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name in _NAMES:
        value = getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
    elif name in _MODULES:
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
