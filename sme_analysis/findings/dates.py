"""Dates of a year, a month or a day, written for readers."""

from __future__ import annotations

import calendar

_SPACE = "\N{NO-BREAK SPACE}"
_DASH = "\N{WORD JOINER}–\N{WORD JOINER}"


def spoken(date: str) -> str:
    """Write a date as a sentence does.

    >>> spoken("2025"), spoken("2025-09"), spoken("2025-09-02")
    ('2025', 'September 2025', '2 September 2025')
    """
    year, month, day = _parts(date)
    return " ".join(
        part for part in (day, calendar.month_name[month] if month else "", year) if part
    )


def short(date: str, until: str | None = None) -> str:
    """Write a date, or a stretch of months, as a narrow column does; it is never broken.

    >>> short("2025-09-02").split(), short("2025-02").split()
    (['2', 'Sep', '2025'], ['Feb', '2025'])
    """
    year, month, day = _parts(date)
    name = calendar.month_abbr[month] if month else ""
    if until is not None:
        last_year, last, _ = _parts(until)
        other = calendar.month_abbr[last]
        name = f"{name}{_DASH if last_year == year else f'{_SPACE}{year}{_DASH}'}{other}"
        year = last_year
    return _SPACE.join(part for part in (day, name, year) if part)


def _parts(date: str) -> tuple[str, int, str]:
    year, month, day = [*date.split("-"), "", ""][:3]
    return year, int(month or 0), str(int(day)) if day else ""
