"""Findings on who supports firms that go abroad, where zones are, and how hosts screen."""

from __future__ import annotations

import pandas as pd

from .. import economies
from ..data.catalogue import labels
from ..data.citation import source_line
from ..data.tables import load
from ..firms.timeline import HOST, OUTWARD, by_category, events
from ..wording import listed
from .dates import short, spoken
from .finding import Finding, counted, nothing, read_as

_RECENT = 2024


def timeline(policy_events: pd.DataFrame) -> Finding:
    """Say what China has done for and about firms going abroad, and when.

    Parameters
    ----------
    policy_events : DataFrame
        The table `policy_events`.
    """
    rows = events(policy_events, OUTWARD)
    if rows.empty:
        return nothing("No dated measure for firms going abroad is on record.")
    names = labels("policy_events", "category")
    counts = by_category(rows, _RECENT)
    recent = int(counts["recent"].sum())
    most = [f"{names[str(name)]} ({n})" for name, n in counts["events"].head(3).items()]
    last = rows.iloc[-1]
    missing = [names[name] for name in ("talent",) if name in names and name not in counts.index]
    text = (
        f"{counted(len(rows), 'measure')} of the Chinese side since {int(rows['begins'].min())} "
        f"{_are(len(rows))} on record, {recent} of them from {_RECENT} on: most on "
        f"{listed(most)}. The newest: {_lower(str(last['title']))} ({spoken(str(last['date']))})."
    )
    if missing:
        text += f" No measure is filed under {listed(missing)} alone."
    return Finding(
        headline=(
            f"{recent} of {len(rows)} measures for firms going abroad date from {_RECENT} or later"
        ),
        text=text,
        measure=(
            "Measures of the Chinese side for or about firms going abroad, by kind; a stretch: "
            "dated to the month or year only"
        ),
        source=source_line(rows),
        table=_events(rows, names),
        notes=(
            "The list holds what was found, not all there is, and a newer measure is found more "
            "easily: the rise is partly one of the record. A measure announced is not yet one that "
            "reached firms.",
        ),
    )


def lanes(policy_events: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the figure for :func:`timeline`, as `plots.lanes` takes them."""
    rows = events(policy_events, OUTWARD)
    names = labels("policy_events", "category")
    order = list(by_category(rows, _RECENT).index)
    ordered = rows.assign(place=rows["category"].map(order.index)).sort_values(
        ["place", "begins"], ignore_index=True
    )
    return pd.DataFrame(
        {
            "lane": [_capital(names[str(name)]) for name in ordered["category"]],
            "begins": ordered["begins"], "ends": ordered["ends"],
            "tone": ordered["category"].map(
                lambda name: "other" if name == "outbound_regulation" else "strong"
            ),
        }
    )  # fmt: skip


def programmes(table: pd.DataFrame) -> Finding:
    """Say which programmes are on record and what they planned where."""
    if table.empty:
        return nothing("No programme for small firms going abroad is on record.")
    names = labels("programmes", "programme")
    planned = table[table["status"] == "planned"]
    places = listed(str(place) for place in planned.loc[planned["kind"] == "matchmaking", "place"])
    text = (
        f"{counted(table['programme'].nunique(), 'programme')} with {len(table)} activities are on "
        f"record; {len(planned)} of the activities are known as plans only."
    )
    if places:
        text += f" Meetings of firms with partners were planned for {places}."
    shown = table.sort_values(["date", "programme", "activity"])
    return Finding(
        headline="",
        text=text,
        source=source_line(table),
        table=pd.DataFrame(
            {
                "Programme": [_capital(names[str(name)]) for name in shown["programme"]],
                "Place": shown["place"].to_numpy(),
                "Date": [
                    short(row["date"], row["date_end"] if pd.notna(row["date_end"]) else None)
                    for row in shown.to_dict("records")
                ],
                "Status": shown["status"].to_numpy(),
                "Content": shown["description"].to_numpy(),
                "Read at": read_as(shown["source_id"], load("sources")).to_numpy(),
            }
        ),
    )  # fmt: skip


def screening(policy_events: pd.DataFrame) -> Finding:
    """Say how hosts have tightened the screening of investors from abroad."""
    rows = events(policy_events, HOST)
    if rows.empty:
        return nothing("No dated rule on the screening of foreign investors is on record.")
    who = list(dict.fromkeys(_host(row) for row in rows.to_dict("records")))
    last = rows.iloc[-1].to_dict()
    span = int(rows["begins"].min()), int(rows["begins"].max())
    return Finding(
        headline=(
            f"{len(who)} hosts tightened the screening of investors between {span[0]} and {span[1]}"
        ),
        text=(
            f"{counted(len(rows), 'rule')} on investors from abroad {_are(len(rows))} on record "
            f"({'; '.join(who)}). The newest: {_lower(str(last['title']))} ({_host(last)}, "
            f"{spoken(str(last['date']))}).{_controls(policy_events)}"
        ),
        measure="Rules on the screening of foreign investment, by date of issue",
        source=source_line(rows),
        table=_events(rows, labels("policy_events", "category"), category=False),
        notes=(
            "Not complete: the dates of German and Japanese rules, for instance, were not found.",
        ),
    )


def screening_rows(policy_events: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the figure for :func:`screening`, as `plots.dated_rows` takes them."""
    rows = events(policy_events, HOST)
    return pd.DataFrame(
        {
            "label": [_host(row) for row in rows.to_dict("records")],
            "begins": rows["begins"], "ends": rows["ends"], "text": rows["title"],
            "tone": "strong",
        }
    )  # fmt: skip


def _controls(policy_events: pd.DataFrame) -> str:
    """Say how many rules bind the investors of other states in China."""
    number = int((policy_events["side"] == "foreign_control").sum())
    if not number:
        return ""
    return (
        f" {counted(number, 'rule')} of other states on their own investors in China "
        f"{_are(number)} not drawn."
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _host(row: dict[object, object]) -> str:
    if isinstance(row["iso3"], str):
        return economies.name(row["iso3"], "plain")
    return str(row["place"])


def _events(rows: pd.DataFrame, names: dict[str, str], *, category: bool = True) -> pd.DataFrame:
    newest = rows.iloc[::-1]
    columns = {
        "Date": [short(str(date)) for date in newest["date"]],
        "Kind": [_capital(names[str(name)]) for name in newest["category"]],
        "By": newest["actor"].to_numpy(),
        "What": newest["title"].to_numpy(),
        "Content": newest["description"].to_numpy(),
        "In effect": [
            short(date) if isinstance(date, str) else None for date in newest["effective"]
        ],
        "Read at": read_as(newest["source_id"], load("sources")).to_numpy(),
    }
    if not category:
        del columns["Kind"]
    return pd.DataFrame(columns)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _lower(text: str) -> str:
    word = text.split(" ")[0]
    return text if word[1:] != word[1:].lower() else text[0].lower() + text[1:]
