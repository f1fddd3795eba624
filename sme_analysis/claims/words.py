"""Figures and reasons in words."""

from __future__ import annotations

from ..rounding import MINUS, fixed, plain
from ..wording import QUALIFIERS

_UNITS = {
    "usd_bn": ("US$", " bn"),
    "usd_mn": ("US$", " mn"),
    "cny_bn": ("CNY ", " bn"),
    "cny_tn": ("CNY ", " tn"),
    "pct": ("", "%"),
    "points": ("", " percentage points"),
    "million": ("", " mn"),
}


def amount(value: float, unit: str, bound: str = "exact", decimals: int | None = None) -> str:
    """Write a figure with its unit and qualifier.

    >>> amount(192.2, "usd_bn"), amount(70, "pct", "nearly"), amount(5, "pct", decimals=1)
    ('US$192.2 bn', 'nearly 70%', '5.0%')
    >>> amount(15, "zones"), amount(0, "restrictions"), amount(60, "million", "over")
    ('15 zones', '0 restrictions', 'over 60 mn')
    """
    before, after = _UNITS.get(unit, ("", "" if unit == "count" else f" {unit.replace('_', ' ')}"))
    size = plain(abs(value)) if decimals is None else fixed(abs(value), decimals)
    return f"{QUALIFIERS[bound]}{MINUS if value < 0 else ''}{before}{size}{after}"


def decimals_of(step: float) -> int:
    """Count the decimals that a step of rounding leaves.

    >>> decimals_of(0.01), decimals_of(1), decimals_of(10)
    (2, 0, 0)
    """
    decimals = 0
    while decimals < 9 and abs(step * 10**decimals - round(step * 10**decimals)) > 1e-9:
        decimals += 1
    return decimals


def sentence(*parts: str) -> str:
    """Join parts into sentences: each with a capital and a full stop.

    >>> sentence("one thing", "", "Another.")
    'One thing. Another.'
    """
    said = [part.strip() for part in parts if part.strip()]
    return " ".join(
        p[0].upper() + p[1:] + ("" if p.endswith((".", "!", "?")) else ".") for p in said
    )
