"""Findings on following others: where a sector already is, whether that predicts, Belt and Road."""

from __future__ import annotations

import math

import pandas as pd

from .. import economies, sectors
from ..data.citation import source_line
from ..rounding import MINUS, fixed
from ..sectors import followers
from ..sectors.activity import NAMES
from ..wording import listed
from .finding import Finding, counted, nothing, place, signed, span

_MODEL = "host_year"
_TERMS = {
    "presence": "Past projects of the sector",
    "future_presence": "Projects still to come",
    "recent": "Projects of the last four years",
    "older": "Projects of the four years before",
}


def presence_frame(projects: pd.DataFrame, sector: str = "all") -> pd.DataFrame:
    """Count projects by host, sector and year; for "all" sectors as one.

    Parameters
    ----------
    projects : DataFrame
        From :func:`sme_analysis.sectors.activity.projects`, all hosts and years of the list.
    """
    detail = "all" if sector == "all" else projects["detail"]
    rows = projects.assign(analysis_sector=detail, projects=projects["count"].astype("float64"))
    keys = ["iso3", "year", "analysis_sector"]
    return rows.groupby(keys)["projects"].sum().reset_index()


def presence_table(projects: pd.DataFrame, *, sector: str, group: str, year: int) -> pd.DataFrame:
    """Rank the hosts of a group by the prior presence of a sector before a year."""
    frame = presence_frame(projects, sector)
    if sector not in set(frame["analysis_sector"]):
        return pd.DataFrame()
    first, last = int(frame["year"].min()), int(frame["year"].max()) + 1
    table = followers.score(frame, sector, max(first, min(year + 1, last)))
    if group != "World":
        table = table[table["iso3"].isin(economies.members(group, year))]
    return table.assign(host=economies.names(table["iso3"], "plain")).reset_index(drop=True)


def presence_bars(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """Prepare the presence score for drawing: one bar a host."""
    top = table.head(n)
    if top.empty:
        return pd.DataFrame(columns=["label", "value", "text", "tone"])
    return pd.DataFrame(
        {
            "label": top["host"],
            "value": top["presence"],
            "text": [
                f"{fixed(score)} from {counted(int(count), 'project')}"
                for score, count in zip(top["presence"], top["projects"], strict=True)
            ],
            "tone": "strong",
        }
    )


def presence(
    table: pd.DataFrame, rows: pd.DataFrame, *, sector: str, group: str, n: int
) -> Finding:
    """Say where others of the sector already are."""
    what = "projects of all sectors" if sector == "all" else f"projects in {NAMES[sector].lower()}"
    where = "" if group == "World" else f" in {place(group)}"
    if table.empty:
        return nothing(f"No Chinese development {what}{where} are on record before these years.")
    leader = table.iloc[0]
    headline = f"{leader['host']} has the strongest presence of Chinese development {what}{where}"
    count = counted(int(leader["projects"]), "project")
    said = [
        f"{headline}: {count}, the last {counted(int(leader['since_last']), 'year')} before.",
    ]
    if len(table) > 1:
        said.append(f"Next: {listed(table['host'].iloc[1:4])}.")
    top = table.head(n)
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            "Presence: earlier projects, each counting half as much after five years; "
            f"hosts{where or ' of the world'}"
        ),
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Rank": top["rank"],
                "Host": top["host"],
                "Presence": top["presence"],
                "Share, %": top["share"],
                "Projects": top["projects"],
                "Years since first": top["since_first"].astype("Int64"),
                "Years since last": top["since_last"].astype("Int64"),
            }
        ),
        notes=(
            "Counts come before amounts. The projects are loans and grants of the official sector, "
            "which firms build and supply; a private investor's presence may differ.",
        ),
    )


def following_rows(projects: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Estimate what past, later, recent and older projects predict, with the verdict."""
    frame = presence_frame(projects, "each")
    placebos = followers.placebo(frame, models=(_MODEL,))
    recencies = followers.recency(frame, models=(_MODEL,))
    both = pd.concat([placebos, recencies]).drop_duplicates("term")
    rows = both[both["term"].isin(_TERMS)].reset_index(drop=True)
    return rows, followers.verdict(placebos, recencies, _MODEL)


def following_dots(rows: pd.DataFrame) -> pd.DataFrame:
    """Prepare the estimates for drawing, as the change that goes with three projects for one."""

    def more(value: float) -> float:
        # log(1 + n) rises by log 2 from one to three. Rounded, since libraries of linear algebra
        # differ in the last digits from machine to machine.
        return round(100 * (math.pow(2, value) - 1), 4)

    return pd.DataFrame(
        {
            "label": rows["term"].map(_TERMS),
            "value": rows["estimate"].map(more),
            "low": rows["low"].map(more),
            "high": rows["high"].map(more),
            "text": rows["estimate"].map(lambda value: f"{signed(more(value), 0)}%"),
            "tone": rows["term"].map({"future_presence": "pale", "older": "pale"}).fillna("strong"),
        }
    )


def following(rows: pd.DataFrame, verdict: str, projects: pd.DataFrame) -> Finding:
    """Say whether projects follow projects."""
    table = following_dots(rows)
    return Finding(
        headline="Do new projects go where projects of the sector already are?",
        text=verdict,
        measure=(
            "Change in new projects that goes with three projects for one, percent, 95% interval; "
            f"{int(rows['clusters'].max())} hosts, {span(projects['year'].unique())}"
        ),
        source=source_line(projects),
        table=pd.DataFrame(
            {
                "What predicts": table["label"],
                "Change, %": table["value"],
                "from": table["low"],
                "to": table["high"],
                "Cells": rows["observations"].astype("int64"),
                "Hosts": rows["clusters"].astype("int64"),
            }
        ),
        notes=(
            "Poisson pseudo-maximum likelihood (Santos Silva and Tenreyro 2006), effects of host "
            "and year together (size, income, distance, governance and all else of a host in a "
            "year) and of sector and year; errors clustered by host. A project list holds what "
            "was found.",
        ),
    )


def belt_and_road(effect: sectors.Effect, panel: pd.DataFrame) -> Finding:
    """Say whether joining the Belt and Road was followed by more outward FDI."""
    events = effect.study.events
    shown = event_percent(events)
    overall = effect.study.overall.iloc[0]
    treated = int(overall["treated"])
    headline = {
        "more": "Hosts that joined the Belt and Road received more afterwards",
        "less": "Hosts that joined the Belt and Road received less afterwards",
        "no_change": "Joining the Belt and Road was followed by no change that matters",
        "cannot_tell": "The data cannot tell whether joining was followed by more investment",
    }[effect.verdict.conclusion]
    excluded = effect.excluded["reason"].value_counts()
    reasons = "; ".join(f"{reason}: {count}" for reason, count in excluded.items())
    return Finding(
        headline=headline,
        text=effect.verdict.text,
        measure=(
            f"Outward FDI {effect.measure} against the year before joining, percent, 95% interval; "
            f"{treated} hosts that joined, {effect.study.controls} that did not, "
            f"{effect.first_year}–{effect.last_year}"
        ),
        source=source_line(panel),
        table=pd.DataFrame(
            {
                "Years since joining": [
                    f"{time:+d}".replace("-", MINUS) if time else "0"
                    for time in shown["event_time"]
                ],
                "Change, %": shown["estimate"],
                "from": shown["low"],
                "to": shown["high"],
                "Hosts": shown["treated"].astype("int64"),
            }
        ),
        decimals={"Change, %": 0, "from": 0, "to": 0},
        notes=(
            "Poisson regression with an effect for every cohort and year (Sun and Abraham 2021; "
            "Wooldridge 2023), hosts that had not joined as controls; first destination. "
            f"Left out: {reasons}. Before joining the estimates should be nil: joint test "
            f"p = {fixed(effect.study.pre_trend['p_value'], 3)}.",
        ),
    )


def event_percent(events: pd.DataFrame) -> pd.DataFrame:
    """Turn log points into percent."""
    columns = ["estimate", "low", "high"]
    percent = {name: (100 * (events[name].map(math.exp) - 1)).round(4) for name in columns}
    return events.assign(**percent)
