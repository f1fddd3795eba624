"""Names in the first column of an official table: hosts, industries, continents, totals, rests."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from ..matching import fold, match
from .cells import readings
from .industries import section

Subject = Literal["economy", "industry"]
Kind = Literal["member", "region", "total", "rest", "memo", "unknown"]

_REGIONS = {
    "Asia": "asia|亚洲",
    "Africa": "africa|非洲",
    "Europe": "europe|欧洲",
    "Latin America": "latin america( (and )?(the )?caribbean)?"
    "|拉丁美洲((及|和)?加勒比(地区)?)?|拉美",
    "North America": "north(ern)? america|北美洲?",
    "Oceania": "oceania( (and )?(the )?pacific (is|islands))?|大洋洲((及|和)?太平洋(岛屿|群岛))?",
}
_TOTAL = re.compile(
    "(grand |national |overall )?total( amount| value)?|sum|world|global"
    "|all (countries|economies|industries|sectors)"
    "|合计|总计|总额|总数|全国(合计|总计)?|全球(合计|总计)?|世界|总"
)
_REST = re.compile(
    r"(all )?others?( \w+){0,4}|unspecified|unallocated|not (elsewhere )?(classified|specified)"
    "|其[他它](国家|地区|国家地区|行业)?|未(分类|列明|指明)"
)
_MEMO = re.compile(
    "(primary|secondary|tertiary) (industry|sector)|(non )?financial( sector| industry| part)?"
    "|第[一二三]产业|(非)?金融类(对外直接投资)?|belt and road.*|一带一路.*"
)


class Name(NamedTuple):
    """What a name means: a member (ISO 3166-1 alpha-3 code or section), a sum, or nothing known."""

    kind: Kind
    key: str


@lru_cache(maxsize=4096)
def understand(text: str, subject: Subject) -> Name:
    """Find what a name in a table of hosts, or of industries, means.

    A name in two languages is understood if either part is, as long as the two do not differ.

    Examples
    --------
    >>> understand("中国香港 Hong Kong, China", "economy"), understand("Total 合计", "economy")
    (Name(kind='member', key='HKG'), Name(kind='total', key='total'))
    >>> understand("Mining", "industry"), understand("Atlantis", "economy")
    (Name(kind='member', key='B'), Name(kind='unknown', key=''))
    """
    one: Callable[[str], Name] = _economy if subject == "economy" else _industry
    found = [one(part) for part in readings(text)]
    known = list(dict.fromkeys(name for name in found if name.kind != "unknown"))
    return known[0] if len(known) == 1 else Name("unknown", "")


def _economy(text: str) -> Name:
    common = _sums(text)
    if common is not None:
        return common
    found = match(text)
    if found.iso3 and found.iso3 != "CHN":
        return Name("member", found.iso3)
    if "former state" in found.problem or "territory without" in found.problem:
        return Name("rest", text)
    return Name("memo", text) if "group of economies" in found.problem else Name("unknown", "")


def _industry(text: str) -> Name:
    letter = section(text)
    if letter:
        return Name("member", letter)
    common = _sums(text)
    return common if common is not None and common.kind != "region" else Name("unknown", "")


def _sums(text: str) -> Name | None:
    """Recognise totals, continents, rests and sums beside the table."""
    key = re.sub(r"^(subtotal|小计)[ :]*|[ (]*(subtotal|小计)\)?$", "", fold(text)).strip()
    if _TOTAL.fullmatch(key):
        return Name("total", "total")
    for region, pattern in _REGIONS.items():
        if re.fullmatch(pattern, key):
            return Name("region", region)
    if _REST.fullmatch(key) or (key.startswith("其他") and len(key) <= 8):
        return Name("rest", text)
    return Name("memo", text) if _MEMO.fullmatch(key) else None
