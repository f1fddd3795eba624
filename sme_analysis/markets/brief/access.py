"""Treaties, agreements, zones and conditions of access, with dates; policy that concerns a host."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from ...data.catalogue import labels
from .dossier import Dossier

COLUMNS = ["kind", "what", "state", "since", "as_of", "source_id", "note"]


def access(about: Dossier) -> pd.DataFrame:
    """List every treaty, agreement, membership, zone and condition on record.

    Returns
    -------
    DataFrame
        `kind` ("treaty", "agreement", "belt_and_road", "condition", "zone", "group"), `what`,
        `state`, `since` (ISO 8601, as exact as known), `as_of` (when the source saw it, where it
        is a list of a day), `source_id`, `note`.
    """
    known = [read(about[table]) for table, read in _READ.items() if len(about[table])]
    return pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=COLUMNS)


def events(about: Dossier) -> pd.DataFrame:
    """List policy events and programmes that name the economy or a group it belongs to.

    Returns
    -------
    DataFrame, newest first
        `date`, `place` (the economy or the group named), `actor`, `what`, `detail`, `category`,
        `own` (whether it names the economy itself), `source_id`.
    """
    acts, plans = about["policy_events"], about["programmes"]
    table = pd.DataFrame(
        {"date": acts["date"], "place": acts["place"], "actor": acts["actor"],
         "what": acts["title"], "detail": acts["description"], "category": acts["category"],
         "own": acts["iso3"] == about.code, "source_id": acts["source_id"]}
    )  # fmt: skip
    # A programme whose announcement stands among the events is not told twice.
    plans = plans[~plans["source_id"].isin(set(acts["source_id"]))]
    planned = plans["status"].map({"planned": "planned: ", "reported": ""}).astype(object)
    more = pd.DataFrame(
        {"date": plans["date"], "place": plans["place"], "actor": plans["organiser"],
         "what": "Programme for small firms", "detail": planned + plans["description"],
         "category": "policy_support", "own": plans["iso3"] == about.code,
         "source_id": plans["source_id"]}
    )  # fmt: skip
    both = [part for part in (table, more) if len(part)]
    if not both:
        return table
    return pd.concat(both).sort_values("date", ascending=False, kind="stable", ignore_index=True)


def _treaties(what: str, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a treaty: in force, ended, or signed only."""
    rows = rows.sort_values("status", kind="stable")  # in force stands first
    state = rows["status"].map(
        {"in_force": "in force", "terminated": "ended", "signed": "signed, not in force"}
    )
    if "terminated" in rows:
        known = rows["terminated"].notna()
        state = state.mask(known, _dated("ended", rows["terminated"]))
    return _frame(
        rows, kind="treaty", what=what, state=state,
        since=rows["in_force"].where(rows["in_force"].notna(), rows["signed"]),
    )  # fmt: skip


def _agreements(rows: pd.DataFrame) -> pd.DataFrame:
    state = rows["status"].map(
        {"in_force": "in force", "signed": "signed, not in force",
         "under_negotiation": "under negotiation"}
    )  # fmt: skip
    since = rows["in_force"].where(rows["in_force"].notna(), rows["signed"])
    return _frame(rows, kind="agreement", what=rows["agreement"], state=state, since=since)


def _road(rows: pd.DataFrame) -> pd.DataFrame:
    state = rows["status"].map(
        {"member": "partner", "withdrawn": "withdrawn", "not_member": "not a partner"}
    )
    left = rows["left"].notna()
    state = state.mask(left, _dated("withdrawn", rows["left"]))
    return _frame(rows, kind="belt_and_road", what="Belt and Road", state=state,
                  since=rows["joined"])  # fmt: skip


def _conditions(rows: pd.DataFrame) -> pd.DataFrame:
    words = labels("entry_conditions", "condition")
    what = rows["condition"].map(lambda code: _capital(words[code]))
    amounts = [f", CNY {value:,.0f} bn" if pd.notna(value) else "" for value in rows["amount"]]
    state = rows["status"].map(
        {"in_force": "in force when read", "not_checked": "agreed; not checked since"}
    )
    founder = rows["condition"] == "aiib_founding_member"
    what = what + pd.Series(amounts, rows.index, dtype=object)
    return _frame(
        rows, kind="condition", what=what, state=state.mask(founder, "founder"),
        since=rows["date"], as_of=rows["as_of"],
    )  # fmt: skip


def _zones(rows: pd.DataFrame) -> pd.DataFrame:
    passed = rows["assessment"] == "passed_2014"
    state = pd.Series("named", index=rows.index).mask(passed, "passed the assessment for 2014")
    since = rows["founded"].astype("str").where(rows["founded"].notna())
    return _frame(rows, kind="zone", what=rows["zone"], state=state, since=since)


def _small_zones(rows: pd.DataFrame) -> pd.DataFrame:
    what = rows["zone"] + ", in " + rows["province"]
    state = rows["list"].map({"list_2025": "on the list of 2025", "earlier": "on an earlier list"})
    return _frame(rows, kind="zone", what=what, state=state)


def _groups(rows: pd.DataFrame) -> pd.DataFrame:
    words = labels("economy_groups", "group")
    state = rows["role"].map({"member": "member", "partner": "partner", "invited": "invited"})
    left = rows["left"].notna()
    state = state.mask(left, _dated("left", rows["left"]))
    return _frame(rows, kind="group", what=rows["group"].map(words), state=state,
                  since=rows["joined"])  # fmt: skip


_READ: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "investment_treaties": partial(_treaties, "Investment treaty"),
    "tax_treaties": partial(_treaties, "Double tax treaty"),
    "trade_agreements": _agreements,
    "belt_and_road_members": _road,
    "entry_conditions": _conditions,
    "cooperation_zones": _zones,
    "sme_cooperation_zones": _small_zones,
    "economy_groups": _groups,
}


def _frame(rows: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Bring the parts of one table into the common columns."""
    table = pd.DataFrame(columns, index=rows.index)
    for name in ("since", "as_of"):
        if name not in table:
            table[name] = None
    table["source_id"], table["note"] = rows["source_id"], rows["note"]
    return table.reindex(columns=COLUMNS).astype(object)


def _dated(word: str, dates: pd.Series) -> pd.Series:
    """A word with the date that belongs to it."""
    return pd.Series([f"{word} {date}" for date in dates], index=dates.index, dtype=object)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
