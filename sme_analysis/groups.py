"""Groups of economies with dated membership: organisations, the Belt and Road, regions.

Every membership is a row of `economy_groups`, `belt_and_road_members` or `economies`, with its
source. A membership is counted by calendar year: from the year of joining, and no longer in the
year of leaving.
"""

from __future__ import annotations

from functools import cache
from numbers import Integral
from typing import Any, NamedTuple

import pandas as pd

from .data.tables import load
from .errors import ParameterError, UnknownNameError, unknown
from .matching import fold

BELT_AND_ROAD = "BRI"
WORLD = "World"
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_COLUMNS = [
    "group",
    "iso3",
    "role",
    "joined",
    "joined_precision",
    "left",
    "left_precision",
    "source_id",
    "confirmed_by",
    "note",
]
# Other spellings of a group's name. Chinese names as in the ministry's releases.
_SPELLINGS = {
    "AFRICAN_UNION": ("African Union", "AU", "非盟", "非洲联盟"),
    "APEC": ("Asia-Pacific Economic Cooperation", "亚太经合组织"),
    "ASEAN": ("Association of Southeast Asian Nations", "ASEAN-10", "ASEAN10", "东盟"),
    "BRI": ("Belt and Road", "Belt and Road Initiative", "B&R", "OBOR", "一带一路"),
    "BRICS": ("BRICS+", "金砖国家"),
    "CELAC": ("Community of Latin American and Caribbean States", "拉共体"),
    "CENTRAL_ASIA": ("Central Asia", "CENTRAL_ASIA_5", "Central Asia 5", "中亚", "中亚五国"),
    "CHINA_CEEC": ("China-CEEC", "CEEC", "14+1", "16+1", "17+1", "中东欧", "中东欧国家"),
    "CPTPP": ("Comprehensive and Progressive Agreement for Trans-Pacific Partnership",),
    "EU": ("European Union", "EU27", "EU-27", "欧盟"),
    "GCC": ("Gulf Cooperation Council", "海合会", "海湾合作委员会"),
    "RCEP": ("Regional Comprehensive Economic Partnership", "区域全面经济伙伴关系协定"),
    "SCO": ("Shanghai Cooperation Organisation", "Shanghai Cooperation Organization", "上合组织"),
    "Africa": ("非洲",),
    "Asia": ("亚洲",),
    "Europe": ("欧洲",),
    "Latin America": ("拉丁美洲", "拉美"),
    "North America": ("北美洲", "北美"),
    "Oceania": ("大洋洲",),
    "Latin America & Caribbean": ("Latin America and the Caribbean",),
    "Middle East, North Africa, Afghanistan & Pakistan": ("MENAAP",),
    "World": ("Global", "全球", "世界", "全部"),
}


class _Membership(NamedTuple):
    iso3: str
    joined: int | None
    left: int | None


def groups() -> list[str]:
    """List the groups that :func:`members` accepts, besides "World".

    Returns
    -------
    list of str
        Organisations and agreements, "BRI", the bulletin's six continents and the World Bank's
        regions. The two North Americas differ: the World Bank's is "North America (World Bank)".
    """
    return sorted({*_tables()} - {WORLD}, key=str.casefold)


def canonical_group(name: str) -> str:
    """Return the name under which a group is listed; "World" is accepted too.

    Parameters
    ----------
    name : str
        Any spelling of the group; case, spaces and punctuation do not count.

    Raises
    ------
    UnknownNameError
        If there is no such group; the message gives the nearest names.

    Examples
    --------
    >>> canonical_group("belt and road"), canonical_group("eu-27")
    ('BRI', 'EU')
    """
    if isinstance(name, str):
        found = _spellings().get(fold(name))
        if found:
            return found
    raise UnknownNameError(unknown("group", name, [*groups(), WORLD]))


def members(group: str, year: int | None = None, *, undated: bool = True) -> list[str]:
    """List the members of a group, now or in one year.

    Parameters
    ----------
    group : str
        A group of :func:`groups` in any spelling, or "World": every economy except China.
    year : int, optional
        Calendar year. An economy counts from the year in which it joined and no longer in the
        year in which it left: Italy is in the Belt and Road in 2022 and not in 2023. By default
        the membership as the newest data have it.
    undated : bool
        Whether members without a date of joining on record count in `year`. If so, they count
        from the earliest date on record in that group (2013 for the Belt and Road). A group
        without any date (regions, Central Asia) and current membership do not depend on it.

    Returns
    -------
    list of str
        ISO 3166-1 alpha-3 codes, sorted. Invited and partner states are not members. China is
        listed where it is a member itself.

    Raises
    ------
    UnknownNameError
        If there is no such group.
    ParameterError
        If `year` is not a calendar year.
    """
    rows = _tables()[canonical_group(group)]
    if year is None:
        return sorted(row.iso3 for row in rows if row.left is None)
    year = _checked(year)
    dates = [row.joined for row in rows if row.joined is not None]
    start = min(dates, default=_FIRST_YEAR) if undated or not dates else _LAST_YEAR + 1
    return sorted(
        row.iso3
        for row in rows
        if (start if row.joined is None else row.joined) <= year
        and (row.left is None or row.left > year)
    )


def memberships(group: str) -> pd.DataFrame:
    """Return the memberships of a group with their dates, sources and notes.

    Returns
    -------
    pandas.DataFrame
        One row per economy and role (member, invited, partner), sorted by code. `joined` and
        `left` are ISO dates as exact as known (year, month or day), blank when not on record.

    Raises
    ------
    UnknownNameError
        If there is no such group.
    """
    canonical = canonical_group(group)
    if canonical == BELT_AND_ROAD:
        table = load("belt_and_road_members")
        table = table[table["status"] != "not_member"].assign(role="member")
    elif _dated(canonical):
        table = load("economy_groups")
        table = table[table["group"] == canonical]
    else:
        table = load("economies")
        table = table[table["iso3"].isin(members(canonical))].assign(role="member", note=None)
    table = table.assign(group=canonical).reindex(columns=_COLUMNS)
    return table.sort_values(["iso3", "role"], ignore_index=True)


@cache
def _organisations() -> frozenset[str]:
    """Names of the groups kept in `economy_groups`."""
    return frozenset(load("economy_groups")["group"])


def _dated(group: str) -> bool:
    """Whether a group is an organisation or the Belt and Road rather than a region."""
    return group == BELT_AND_ROAD or group in _organisations()


@cache
def _tables() -> dict[str, tuple[_Membership, ...]]:
    """Members of every group, with the years of joining and leaving."""
    listed = load("economy_groups")
    listed = listed[listed["role"] == "member"]
    found = {str(name): _rows(rows) for name, rows in listed.groupby("group")}
    road = load("belt_and_road_members")
    found[BELT_AND_ROAD] = _rows(road[road["status"] != "not_member"])
    economies = load("economies")
    hosts = economies[(economies["kind"] == "economy") & (economies["iso3"] != "CHN")]
    found[WORLD] = _undated(hosts)
    # Former and residual hosts belong to a continent too: its sums would be short without them.
    continents = economies[economies["iso3"] != "CHN"].groupby("bulletin_region")
    found |= {str(name): _undated(rows) for name, rows in continents}
    for key, rows in economies.groupby("wb_region"):
        region = str(key)
        found[f"{region} (World Bank)" if region in found else region] = _undated(rows)
    return found


def _rows(table: pd.DataFrame) -> tuple[_Membership, ...]:
    """Read the years out of the partial ISO dates of a membership table."""
    return tuple(
        _Membership(str(iso3), _year(joined), _year(left))
        for iso3, joined, left in zip(table["iso3"], table["joined"], table["left"], strict=True)
    )


def _undated(table: pd.DataFrame) -> tuple[_Membership, ...]:
    return tuple(_Membership(str(iso3), None, None) for iso3 in table["iso3"])


def _checked(year: Any) -> int:
    """Return a calendar year as a Python int, whatever integer type it came in."""
    if isinstance(year, bool) or not isinstance(year, Integral):
        raise ParameterError(f"year must be a whole number such as 2024, not {year!r}")
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise ParameterError(f"year must lie between {_FIRST_YEAR} and {_LAST_YEAR}, not be {year}")
    return int(year)


def _year(date: object) -> int | None:
    return int(date[:4]) if isinstance(date, str) else None


@cache
def _spellings() -> dict[str, str]:
    """Folded spelling -> canonical name."""
    found = {fold(name): name for name in _tables()}
    for name, others in _SPELLINGS.items():
        for other in others:
            found.setdefault(fold(other), name)
    return found
