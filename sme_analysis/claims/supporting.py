"""Statements on policy, programmes, events, small firms and their finance."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .checks import Check, Figure, Holds, Shown
from .found import Finder, Found, Part, printed
from .reading import MINORITY, Interval
from .records import Recorded
from .tables import Tables

_PROGRAMME = "enterprise_expansion_2025"
_EVENT = "{title} ({date})"
_NUMBERS = {"none": 0, "no": 0, "one": 1, "two": 2, "three": 3}


def event(what: str, **where: Any) -> Recorded:
    """Look for a dated policy event."""
    return Recorded("policy_events", what, where, _EVENT)


def programme(what: str, **where: Any) -> Recorded:
    """Look for an activity of a programme."""
    return Recorded("programmes", what, where, "{activity}, {place}")


def left_in_manufacturing(tables: Tables) -> Found | None:
    """Read how many restrictions the newest negative list leaves in manufacturing."""
    rows = tables.rows(
        "policy_events", category="market_access", description="~left in manufacturing"
    )
    rows = rows.sort_values("date").tail(1)
    words = rows["description"].str.extract(r"(\w+) (?:are |is )?left in manufacturing")[0]
    known = words.str.lower().map(lambda w: _NUMBERS.get(w, w))
    number = pd.to_numeric(known, errors="coerce").dropna()
    if number.empty:
        return None
    value = float(number.iloc[0])
    return Found(
        value, "restrictions", Interval(value, value),
        f"Restrictions left in manufacturing by the list of {rows['date'].iloc[0]}",
        parts=(Part("policy_events", rows),),
    )  # fmt: skip


def small_firms(indicator: str, what: str) -> Finder:
    """Find the newest figure on small firms."""
    return printed("sme_statistics", what, newest="date", indicator=indicator)


def finance(indicator: str, what: str, **more: Any) -> Finder:
    """Find the newest figure on the finance of small firms."""
    return printed("sme_finance", what, newest="date", indicator=indicator, **more)


CHECKS: dict[str, Check] = {
    # the seminar of the first article
    "h17": event("this seminar", date="2025-10-15", actor="~HKTDC|trade development council"),
    "h18": event("its speakers", date="2025-10-15", actor="~HKTDC|trade development council"),
    "h23": event("its place", date="2025-10-15", actor="~HKTDC|trade development council"),
    "h16": Shown("recommendation"),
    "h24": Shown("announcement"),
    # the measures of the second article
    "t01": event("new measures for small firms in February 2025", date="~^2025-02",
                 actor="~industry", title="~small firms"),
    "t24": event("the four fields of the measures", date="~^2025-02", actor="~industry",
                 description="~talent"),
    "t02": event("a call on banks of February 2025", date="~^2025-02", actor="~industry",
                 description="~bank"),
    "t03": programme("the launch of the programme", programme=_PROGRAMME, kind="launch"),
    "t04": Recorded("programmes", "the planned meetings",
                    {"programme": _PROGRAMME, "kind": "matchmaking"}, "{place}", least=5),
    "t05": programme("an event with the United Arab Emirates", iso3="ARE"),
    "t22": programme("what the programme offers", programme=_PROGRAMME, description="~customs"),
    "t06": Figure(left_in_manufacturing, "policy_events"),
    "t07": event("telecom pilots in four places", category="market_access",
                 title="~telecom", description="~Beijing.*Shanghai.*Hainan.*Shenzhen"),
    "t25": event("the opening of telecom services", category="market_access", title="~telecom"),
    "t08": Figure(small_firms("cooperation_agreements", "Cooperation agreements, {date}"),
                  "sme_statistics"),
    "t09": Figure(small_firms("cooperation_agreement_partners", "Partners of agreements, {date}"),
                  "sme_statistics"),
    "t20": Shown("opinion"),
    # the third article
    "b09": Holds(
        finance("technology_sme_with_loan", "Small technology firms with a bank loan, {date}"),
        MINORITY, "a minority", proxy="share of small technology firms with a loan",
        notes=(finance("small_firm_share_of_enterprise_loans",
                       "Small firms' share of loans to enterprises, {date}"),
               finance("rate_on_new_inclusive_loans", "Rate on new small loans, {date}",
                       provider="pboc")),
    ),
    "b10": Holds(
        finance("~cross_border|overseas_loan", "{indicator}, {date}"), MINORITY, "a minority",
        "No row of the table sme_finance covers lending abroad",
        notes=(finance("small_clients_first_half", "Near it: small firms served by the export "
                       "credit insurer in the first half of {year}"),),
    ),
    "b15": Shown(
        "opinion", small_firms("little_giant_share_of_profit",
                               "profit share of the selected 'little giants' among small "
                               "industrial firms, {date}"),
        "profit share of the selected small firms",
    ),
    "b28": Recorded("sources", "the authors' posts",
                    {"note": "~Ma Xiaobai.*(?:director|researcher)"}, "{title}"),
}  # fmt: skip
