"""The package's own errors: one clear sentence each, with the nearest valid spelling."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SmeAnalysisError(Exception):
    """Base class of every error that the package raises on purpose."""


class UnknownNameError(SmeAnalysisError, LookupError):
    """A table, column, economy, group, report or source that does not exist."""


class ParameterError(SmeAnalysisError, ValueError):
    """A value that a function or a report does not accept."""


class DataError(SmeAnalysisError):
    """A shipped or supplied table that is missing, damaged or breaks its rules."""


class DamagedError(DataError):
    """A file of the package that is missing or not as it was shipped."""


class ServiceError(SmeAnalysisError):
    """A publisher's service that cannot be reached, refuses, or answers what it should not."""


def nearest(value: object, allowed: Iterable[str], n: int = 3) -> list[str]:
    """Return up to `n` allowed spellings closest to `value`, best first (case is ignored)."""
    folded: dict[str, str] = {}
    for item in allowed:
        folded.setdefault(item.casefold(), item)
    close = difflib.get_close_matches(str(value).casefold(), folded, n=n, cutoff=0.5)
    return [folded[key] for key in close]


def unknown(kind: str, value: object, allowed: Iterable[str], *, where: str = "") -> str:
    """Compose the sentence for an unknown name: what it was, what is near it, what is allowed.

    >>> unknown("measure", "flows", ["flow", "stock"])
    "unknown measure 'flows': did you mean 'flow'? Allowed: flow, stock."
    """
    options = list(allowed)
    sentence = f"unknown {kind} {_shown(value)}{' ' + where if where else ''}"
    close = nearest(value, options)
    if close:
        sentence += f": did you mean {' or '.join(repr(name) for name in close)}?"
    else:
        sentence += "."
    # A long list helps only where nothing is near.
    if len(options) <= (30 if close else 60):
        sentence += f" Allowed: {', '.join(options)}."
    return sentence


def _shown(value: object, limit: int = 80) -> str:
    """`repr` of a value, cut short so that a hostile or huge one cannot flood a message."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
