"""Names and amounts as a brief writes them."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ...rounding import fixed, plain
from ..finding import bounded, ordinal, percent, usd

_WITH_ARTICLE = {
    "Bahamas", "Caribbean Netherlands", "Comoros", "DR Congo", "DPR Korea", "Gambia", "Holy See",
    "Isle of Man", "Lao PDR", "Maldives", "Netherlands", "Philippines",
}  # fmt: skip
_ARTICLE = re.compile(r"(^United |^Rep\. of | Islands$| Republic$| Federation$)")
_SHORT = 44  # characters of a sector's name on a chart


def the(name: str) -> str:
    """Write the name of an economy inside a sentence.

    >>> the("United States"), the("Kiribati"), the("Cayman Islands"), the("Philippines")
    ('the United States', 'Kiribati', 'the Cayman Islands', 'the Philippines')
    """
    return f"the {name}" if name in _WITH_ARTICLE or _ARTICLE.search(name) else name


def capital(text: str) -> str:
    """Begin a sentence.

    >>> capital("the Bahamas")
    'The Bahamas'
    """
    return text[:1].upper() + text[1:]


def lower(name: str) -> str:
    """Write a heading inside a sentence; names of their own keep their capital.

    >>> lower("Rule of law"), lower("Belt and Road membership")
    ('rule of law', 'Belt and Road membership')
    """
    return name if name.startswith("Belt") else name[:1].lower() + name[1:]


def sector(name: str) -> str:
    """Write the name of a sector after "in".

    >>> sector("Coal, oil and gas"), sector("Other, with health, education and tourism")
    ('coal, oil and gas', 'other sectors, with health, education and tourism')
    """
    return lower(re.sub("^Other(?=,|$)", "other sectors", name))


def dollars(millions: float) -> str:
    """Write an amount given in US$ mn, down to thousands.

    >>> dollars(7073.71), dollars(0.03), dollars(-0.5), dollars(18.35), dollars(0)
    ('US$7.1 bn', 'US$30 thousand', '−US$500 thousand', 'US$18 mn', 'US$0')
    """
    if not millions:
        return "US$0"
    if abs(millions) < 0.9995:
        thousands = fixed(abs(millions) * 1000, 0)
        return f"{'−' if millions < 0 else ''}US${thousands} thousand"
    return usd(millions / 1000)


def yuan(millions: float) -> str:
    """Write an amount given in CNY mn.

    >>> yuan(1151986.03), yuan(383.08), yuan(0.01)
    ('CNY 1,152.0 bn', 'CNY 383 mn', 'CNY 10 thousand')
    """
    if millions < 0.9995:
        return f"CNY {fixed(millions * 1000, 0)} thousand" if millions else "CNY 0"
    if millions < 999.5:
        return f"CNY {fixed(millions, 0 if millions >= 10 else 1)} mn"
    return f"CNY {fixed(millions / 1000, 1)} bn"


def people(number: float) -> str:
    """Write a number of people.

    >>> people(134518), people(100987686)
    ('134,518', '101.0 mn')
    """
    return f"{fixed(number / 1e6, 1)} mn" if number >= 999_950 else fixed(number, 0)


def amount(value: Any, unit: str) -> str | None:
    """Write a fact in the form that its unit asks for; a blank stays one.

    >>> amount(383.08, "cny_mn"), amount(12, "count"), amount("partner", "status")
    ('CNY 383 mn', '12', 'partner')
    >>> amount(3660.0, "usd"), amount(0.6443, "index_0_to_1"), amount(None, "usd")
    ('US$3,660', '0.644', None)
    """
    if value is None or value is pd.NA or value != value:  # NaN is not itself
        return None
    if isinstance(value, str):
        return value
    if unit in ("usd_mn", "usd_mn_2021"):
        return dollars(value)
    if unit == "usd":
        return usd(value / 1e9) if value >= 1e6 else f"US${fixed(value, 0)}"
    if unit == "usd_2015":
        return f"US${fixed(value, 0)}"
    if unit == "cny_mn":
        return yuan(value)
    if unit == "persons":
        return people(value)
    if unit.startswith("percent"):
        return percent(value)
    if unit == "km":
        return f"{fixed(value, 0)} km"
    return _number(value, unit)


def _number(value: float, unit: str) -> str:
    if unit in ("count", "class"):
        return fixed(value, 0)
    decimals = {"index_0_to_1": 3, "score_1_to_5": 1, "standard_normal": 2}
    return fixed(value, decimals.get(unit, 1))


def qualified(value: float, unit: str, bound: str) -> str:
    """Write a single figure of a host or a statement, with the qualifier of its source.

    >>> qualified(814.8, "hkd_bn", "exact"), qualified(60, "pct", "nearly")
    ('HKD 814.8 bn', 'nearly 60%')
    >>> qualified(10, "rank", "at_most"), qualified(2.5, "usd_bn", "over")
    ('among the first 10', 'over US$2.5 bn')
    """
    if unit == "rank":
        first = {"at_most": "among the first", "over": "behind the first"}.get(bound)
        return f"{first} {plain(value)}" if first else ordinal(int(value))
    if unit == "pct":
        return bounded(f"{plain(value)}%", bound)
    if unit == "usd_mn":
        return bounded(dollars(value), bound)
    currency, _, size = unit.partition("_")
    sign = "US$" if currency == "usd" else f"{currency.upper()} "
    return bounded(f"{sign}{plain(value)} {size}", bound)


def unbroken(text: str) -> str:
    """Keep a range of years or ranks on one line of a narrow column."""
    return text.replace("–", "\u2060–\u2060").replace(" ", "\u00a0")


def short(name: str) -> str:
    """Cut a name that is too long for a chart."""
    return name if len(name) <= _SHORT else name[: _SHORT - 1].rstrip() + "…"
