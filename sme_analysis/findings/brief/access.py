"""Treaties, agreements, zones and access with dates; policy that concerns an economy."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ...data.catalogue import labels
from ...data.citation import source_line
from ...markets import brief
from ...markets.brief import Dossier
from ...wording import listed
from ..finding import Finding, counted, nothing
from .words import capital, lower, the

_ASIDE = re.compile(r";[^;.]*`[^`]*`[^;.]*")  # a remark on where the data have more


def access(about: Dossier) -> Finding:
    """Say what eases the way to the economy, since when, and as of when it is known."""
    rows, where = brief.access(about), the(about.name)
    if rows.empty:
        return nothing(
            f"No treaty, agreement, membership, zone or condition of access on record concerns "
            f"{where}."
        )
    table = pd.DataFrame(
        {
            "What": rows["what"].to_numpy(),
            "State": rows["state"].to_numpy(),
            "Since": rows["since"].to_numpy(),
            "Seen": rows["as_of"].to_numpy(),
        }
    )
    empty = [name for name in ("Since", "Seen") if table[name].isna().all()]
    return Finding(
        headline="", text=" ".join(_sentences(rows, where)), table=table.drop(columns=empty),
        source=source_line(rows),
        notes=(
            "Visas and swap lines come from partial lists and change often: no row says nothing, "
            "and the embassy knows better.",
        ),
    )  # fmt: skip


def _sentences(rows: pd.DataFrame, where: str) -> list[str]:
    legal = rows[rows["kind"].isin(["treaty", "agreement"])]
    held = legal[legal["state"] == "in force"]
    said = []
    if len(held):
        items = [_item(str(what), since) for what, since in
                 zip(held["what"], held["since"], strict=True)]  # fmt: skip
        said.append(f"In force with {where}: {listed(items)}.")
    else:
        said.append(
            f"No investment treaty, tax treaty or trade agreement is in force with {where}."
        )
    other = legal[legal["state"] != "in force"]
    if len(other):
        items = [f"{_lower_treaty(str(what))} ({state})" for what, state in
                 zip(other["what"], other["state"], strict=True)]  # fmt: skip
        said.append(f"On record besides: {listed(items)}.")
    road = rows[rows["kind"] == "belt_and_road"]
    if len(road):
        said.append(_road(road.iloc[0], where))
    zones = int((rows["kind"] == "zone").sum())
    if zones:
        said.append(f"{capital(counted(zones, 'cooperation zone'))} "
                    f"{'is' if zones == 1 else 'are'} known by name.")  # fmt: skip
    return said


def _item(what: str, since: Any) -> str:
    when = f" (since {str(since)[:4]})" if pd.notna(since) else ""
    return f"{_lower_treaty(what)}{when}"


def _lower_treaty(what: str) -> str:
    """Write a treaty inside a sentence; a name of its own keeps its capital."""
    return lower(what) if what in ("Investment treaty", "Double tax treaty") else what


def _road(row: pd.Series, where: str) -> str:
    state, since = str(row["state"]), row["since"]
    if state == "partner":
        if pd.isna(since):
            return f"{capital(where)} is a Belt and Road partner, the date unknown."
        return f"{capital(where)} has been a Belt and Road partner since {str(since)[:4]}."
    if state.startswith("withdrawn"):
        day = state.removeprefix("withdrawn").strip()
        return f"{capital(where)} withdrew from the Belt and Road{f' ({day})' if day else ''}."
    return f"{capital(where)} is not in the Belt and Road."


def events(about: Dossier) -> Finding:
    """List policy events that name the economy or a group it belongs to."""
    rows, where = brief.events(about), the(about.name)
    if rows.empty:
        return nothing(f"No policy event on record names {where} or a group it belongs to.")
    own = int(rows["own"].sum())
    categories = labels("policy_events", "category")
    table = pd.DataFrame(
        {
            "Date": rows["date"].to_numpy(),
            "Concerns": rows["place"].to_numpy(),
            "Event": rows["what"].to_numpy(),
            "What it does": [_ASIDE.sub("", text).replace("`", "") for text in rows["detail"]],
            "Field": [capital(categories[code]) for code in rows["category"]],
        }
    )
    names = "names" if own == 1 else "name"
    other = len(rows) - own
    if own and other:
        parts = f"{own} {names} {where} itself, {other} a group it belongs to"
    else:
        what = f"{where} itself" if own else f"a group that {where} belongs to"
        parts = f"{'it names' if len(rows) == 1 else 'all name'} {what}"
    return Finding(
        headline="",
        text=f"{capital(counted(len(rows), 'event'))} on record: {parts}.",
        table=table,
        source=source_line(rows),
    )
