"""Statements on what firms say."""

from __future__ import annotations

from .checks import Check, Holds, Shown
from .editions import Edition
from .found import Finder, Found, difference, printed, renamed
from .reading import MANY, RISING, Interval
from .tables import Tables

CCPIT = "the outbound survey of China's trade promotion council"


def answer(survey: str, question: str, option: str, edition: str, what: str) -> Finder:
    """Find one share of one edition; the option as a regular expression."""
    return printed(
        "survey_responses", what,
        survey=survey, question=question, option=f"~{option}", edition=edition, unit="pct",
    )  # fmt: skip


def ccpit(question: str, option: str, edition: str, what: str) -> Finder:
    """Find a share of the survey of the trade promotion council."""
    return answer("ccpit_outbound", question, option, edition, what)


def named(option: str, what: str) -> Finder:
    """Find the newest answer, in any survey of obstacles, that names something."""
    return printed(
        "survey_responses", what, newest="edition", option=f"~{option}", unit="pct",
        question=["challenges", "assessment", "impact"],
    )  # fmt: skip


def markets_over_costs(edition: str) -> Finder:
    """Find by how much the wish for markets leads the wish for lower cost in an edition."""
    return difference(
        ccpit("motivation", "markets", edition, ""), ccpit("motivation", "reduce", edition, ""),
        f"Share naming markets less share naming lower cost, {edition} edition", "points",
    )  # fmt: skip


def unaware(tables: Tables) -> Found | None:
    """Find the share of firms that do not know the Belt and Road policies."""
    known = ccpit("policy_awareness", "belt and road", "2022", "")(tables)
    if known is None:
        return None
    return Found(
        100 - known.value, "pct", Interval(100 - known.reading.high, 100 - known.reading.low),
        "Firms that did not know the Belt and Road policies, 2022 edition", "over", known.parts,
    )  # fmt: skip


def edition(question: str, option: str, **more: object) -> Edition:
    """Check a share against every edition of that survey."""
    return Edition("ccpit_outbound", question, option, CCPIT, **more)  # type: ignore[arg-type]


_MANY = "a quarter or more, as many is read"
_SUPPORTED = ccpit("policy_support", "funding", "2022", "firms that had received funding, 2022")

CHECKS: dict[str, Check] = {
    "h02": Holds(
        (markets_over_costs("2024"), markets_over_costs("2022")), RISING, "a lead of markets",
        proxy="survey share naming markets less that naming lower cost",
    ),
    "h06": edition("preferred_destination", "belt and road"),
    "h08": edition("preferred_industry", "manufacturing"),
    "h09": edition("preferred_industry", "wholesale.*business services", needs=MANY, means=_MANY),
    "h11": edition("motivation", "markets"),
    "h12": edition("motivation", "brand", needs=MANY, means=_MANY),
    "h13": Holds(
        named("regulation|compliance", "Firms in a survey of {edition} that name complex and "
              "ambiguous regulation"), MANY, "a quarter or more, as often is read",
        proxy="survey share naming unclear regulation in one host, the United States",
    ),
    "h14": Holds(
        named("cultur", "Firms in a survey of {edition} that name culture"), MANY, _MANY,
        "No survey answer on record names culture as an obstacle",
        proxy="survey share naming culture",
    ),
    "h22": edition("motivation", "upgrading", needs=MANY, means=_MANY),
    "b05": Holds(
        named("compliance cost|cost of compliance", "Firms in a survey of {edition} that name the "
              "cost of compliance"), MANY, _MANY,
        "No survey answer on record names the cost of compliance",
        proxy="survey share naming the cost of compliance",
    ),
    "b06": Holds(
        named("talent|experience|personnel|staff", "Firms in a survey of {edition} that name "
              "staff"), MANY, _MANY,
        "No survey answer on record names staff or experience as an obstacle",
        proxy="survey share naming staff",
        notes=(answer("fedex_sme", "services", "all advice", "2015", "Small firms that said they "
                      "had all the advice and support they need, in a survey of 2015"),),
    ),
    "b12": Holds(
        unaware, MANY, _MANY,
        proxy="survey share that does not know the policies, firms of all sizes",
        notes=(renamed(_SUPPORTED, "Firms that had received funding"),),
    ),
    "b18": Holds(
        ccpit("mode", "as a group", "2024", "Firms that prefer to go abroad as a group, 2024"),
        MANY, _MANY, proxy="survey share that prefers to go as a group",
        notes=(ccpit("mode", "chain partners", "2024", "Of those, with partners of their chain"),),
    ),
    "b22": Shown("recommendation", _SUPPORTED, "survey share that received support"),
    "b24": Shown(
        "recommendation",
        ccpit("mode", "as a group", "2025", "firms that want to go abroad as a group, 2025"),
        "survey share that wants to go as a group",
    ),
    "b27": Shown(
        "No figure on record compares small firms with large ones abroad",
        answer("fedex_sme", "challenges", "barriers", "2015",
               "small firms in China that see barriers to exporting, 2015"),
        "survey share of small firms that see barriers",
    ),
}  # fmt: skip
