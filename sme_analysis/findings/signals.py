"""Findings on single hosts after the last full host table."""

from __future__ import annotations

import pandas as pd

from .. import economies
from ..data.catalogue import labels
from ..data.citation import source_line
from ..data.tables import load
from .finding import Finding, counted, figure, nothing, read_as, span
from .scope import scope


def recent_signals(rows: pd.DataFrame, *, group: str, start_year: int, end_year: int) -> Finding:
    """List what is known of single hosts since the last full table.

    Parameters
    ----------
    rows : DataFrame
        From :func:`sme_analysis.investment.recent_signals`.
    """
    asked = span([max(start_year, 2020), end_year]) if end_year >= 2020 else ""
    if rows.empty:
        where = scope(group, False)
        if not asked:
            return nothing("The years asked for end before 2020: the full host table covers them.")
        return nothing(f"No dated figure on {where} is on record for {asked}.")
    newest = rows.sort_values(["year", "period"]).drop_duplicates(
        ["host", "indicator", "basis", "definition"], keep="last"
    )
    order = ["bulletin", "express_non_financial", "statement", "host_side"]
    newest = newest.assign(order=newest["basis"].map(order.index), economy=_host_names(newest))
    newest = newest.sort_values(["order", "year", "economy"], ascending=[True, False, True])
    own = int((newest["basis"] == "host_side").sum())
    bulletin = int((newest["basis"] == "bulletin").sum())
    named = counted(rows["host"].nunique(), "host or group", "hosts and groups")
    text = (
        f"For {asked} there is no full host table, only {counted(len(rows), 'dated figure')} on "
        f"{named}. The table gives the newest of each kind: {bulletin} from the "
        f"bulletin, {own} from the hosts' own statistics. "
        "They differ in basis and definition: they must not be summed, ranked or drawn as a series."
    )
    return Finding(
        headline="",
        text=text,
        source=source_line(newest),
        table=_signal_table(newest),
        notes=(
            "A host's own figure may be above or below the bulletin's: realised, registered, "
            "approved and pledged investment are different things.",
        ),
    )


def _host_names(rows: pd.DataFrame) -> pd.Series:
    names = economies.names(rows["iso3"].dropna(), "plain")
    return names.reindex(rows.index).fillna(rows["host"])


def _signal_table(rows: pd.DataFrame) -> pd.DataFrame:
    what = labels("outward_fdi_recent_signals", "indicator")
    columns = zip(rows["value"], rows["unit"], rows["bound"], strict=True)
    figures = [figure(value, unit, bound) for value, unit, bound in columns]
    return pd.DataFrame(
        {
            "Host": rows["economy"].to_numpy(),
            "Period": [_period(*pair) for pair in zip(rows["year"], rows["period"], strict=True)],
            "What": rows["indicator"].map(what).to_numpy(),
            "Figure": figures,
            "Definition": rows["definition"].to_numpy(),
            "Read at": read_as(rows["source_id"], load("sources")).to_numpy(),
        }
    )


def _period(year: int, period: str) -> str:
    """Write the time a figure refers to.

    >>> _period(2024, "full year"), _period(2022, "end of year"), _period(2024, "2024-01/2024-10")
    ('2024', 'end of 2022', '2024-01 to 2024-10')
    """
    if period == "full year":
        return str(year)
    return period.replace("end of year", f"end of {year}").replace("/", " to ")
