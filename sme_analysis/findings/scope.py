"""Words on which hosts a selection holds, and on what the host statistics cannot say."""

from __future__ import annotations

from .. import economies
from .finding import Finding, nothing, place, span

WITHOUT = "without Hong Kong, the Cayman Islands and the British Virgin Islands"
FIRST_DESTINATION = (
    "The statistics count the first destination, not the final host: much of what goes to Hong "
    "Kong, the Cayman Islands and the British Virgin Islands goes on elsewhere, some of it back to "
    "China."
)
LAST_TABLE = (
    "Every host is on record for 2003–2019 only; no full host table after 2019 could be read."
)


def scope(group: str, exclude_offshore: bool) -> str:
    """Name the hosts of a selection."""
    where = "all hosts" if group == "World" else f"hosts in {place(group)}"
    return f"{where}, {WITHOUT}" if exclude_offshore else where


def beyond(exclude_offshore: bool) -> str:
    """Say in a headline that the offshore centres are left out."""
    return " beyond the offshore centres" if exclude_offshore else ""


def none(group: str, start_year: int, end_year: int, exclude_offshore: bool) -> Finding:
    """Say why there is no host to show."""
    if start_year > 2019 or end_year < 2003:
        return nothing(f"No full host table covers {span([start_year, end_year])}.", LAST_TABLE)
    if group != "World" and not economies.members(group, end_year):
        return nothing(f"{place(group)} had no members in {end_year}.")
    where = scope(group, exclude_offshore)
    return nothing(f"No investment in {where} is on record for {span([start_year, end_year])}.")
