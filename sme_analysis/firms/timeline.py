"""Dated events: what supports firms that go abroad, what regulates them, how hosts screen them."""

from __future__ import annotations

import calendar

import pandas as pd

from ..errors import ParameterError, unknown

SUPPORT = (
    "policy_support", "market_access", "talent", "management", "finance", "cooperation_zones",
)  # fmt: skip
OUTWARD, HOST = "china_outward", "host"


def events(
    policy_events: pd.DataFrame, side: str = OUTWARD, categories: tuple[str, ...] | None = None
) -> pd.DataFrame:
    """Choose events by whose they are, placed on the axis of years as exactly as they are dated.

    Parameters
    ----------
    policy_events : DataFrame
        The table `policy_events`.
    side : str
        Whose measure: "china_outward" (for or about firms going abroad), "host" (about investors
        from abroad), "china_inward", "international" or "foreign_control".
    categories : tuple of str, optional
        Kinds of measure, such as :data:`SUPPORT`; all by default.

    Raises
    ------
    ParameterError
        If the table has no such side.

    Returns
    -------
    DataFrame
        The rows in order of time, with `begins` and `ends` in years: one point for a day, a
        stretch for a month or a year.
    """
    sides = list(dict.fromkeys(policy_events["side"].astype(str)))
    if side not in sides:
        raise ParameterError(unknown("side", side, sides))
    rows = policy_events[policy_events["side"] == side].copy()
    if categories is not None:
        rows = rows[rows["category"].isin(categories)]
    rows["begins"] = [_edge(str(date), first=True) for date in rows["date"]]
    rows["ends"] = [_edge(str(date), first=False) for date in rows["date"]]
    return rows.sort_values(["begins", "ends", "event_id"], ignore_index=True)


def by_category(rows: pd.DataFrame, since: int) -> pd.DataFrame:
    """Count events by category.

    Parameters
    ----------
    rows : DataFrame
        From :func:`events`.
    since : int
        First year of the recent period.

    Returns
    -------
    DataFrame
        Indexed by category: `events`, `recent` (from `since` on), `first` and `last` year; the
        category with most events first.
    """
    years = rows["begins"].astype(int)
    parts = rows.assign(year=years, recent=years >= since).groupby("category", sort=False)
    table = pd.DataFrame(
        {
            "events": parts.size(),
            "recent": parts["recent"].sum().astype(int),
            "first": parts["year"].min(),
            "last": parts["year"].max(),
        }
    )
    return table.sort_values(["events", "first"], ascending=[False, True])


def _edge(date: str, *, first: bool) -> float:
    """Return the first or last moment of a day, month or year, in years.

    A day is one moment: its own noon.
    """
    numbers = [int(part) for part in date.split("-")]
    year = numbers[0]
    if len(numbers) == 1:
        return year + (0.0 if first else 1.0)
    month = numbers[1]
    if len(numbers) == 2:
        return year + (month - (1 if first else 0)) / 12
    days = calendar.monthrange(year, month)[1]
    return year + (month - 1 + (numbers[2] - 0.5) / days) / 12
