"""Words for surveys: their names, the answers, and the shares as they are printed."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from ..data.catalogue import labels
from ..firms.surveys import ALL, LATEST, SMALL
from ..rounding import plain
from .finding import bounded

SHORT = {
    "ccpit_outbound": "CCPIT",
    "ccpit_uk": "CCPIT, firms in the UK",
    "ccpit_eu": "CCPIT, firms in the EU",
    "hktdc_uob_gba": "HKTDC and UOB",
    "hktdc_gba": "HKTDC, Greater Bay Area",
    "hktdc_mainland": "HKTDC, mainland",
    "uob_china": "UOB",
    "ccceu_environment": "CCCEU survey",
    "ccceu_flagship": "CCCEU flagship",
    "cgcc_usa": "CGCC-USA",
    "kreston_china": "Kreston",
    "fedex_sme": "FedEx",
    "sme_exporters": "SME exporters",
}
# questions that share a figure with the first question of their theme say what they are
PREFIX = {
    "attraction": "Attraction",
    "preferred_industry": "Industry",
    "assessment": "View of the host",
    "impact": "Effect",
    "outlook": "Outlook",
    "outlook_expansion_12m": "Expansion in 12 months",
    "currency": "Renminbi",
    "mode": "Manner",
    "policy_awareness": "Policies",
    "policy_support": "Support",
}


def shares(rows: pd.DataFrame) -> list[str]:
    """Write each share as it is printed, with its qualifier."""
    return [
        bounded(f"{plain(value)}%", str(bound))
        for value, bound in zip(rows["value"], rows["bound"], strict=True)
    ]


def firms_asked(row: dict[Hashable, Any]) -> str:
    """Write the number of firms that answered, with its qualifier."""
    number = row["respondents"]
    if pd.isna(number):
        return "number not printed"
    return bounded(f"{int(number):,} firms", str(row["respondents_bound"]))


def full_name(survey: str) -> str:
    """Return the name of a survey, as a heading has it."""
    text = labels("survey_responses", "survey")[survey]
    return text[0].upper() + text[1:]


def answers(rows: pd.DataFrame) -> list[str]:
    """Name each answer, with its question where that is not the first of the theme."""
    return [
        f"{PREFIX[question]}: {lower(option)}" if question in PREFIX else option
        for question, option in zip(rows["question"], rows["option"], strict=True)
    ]


def lower(text: str) -> str:
    """Lower the first letter, unless the word is a name or an abbreviation."""
    word = text.split(" ")[0]
    names = {
        "Africa", "Australia", "Belt", "Eastern", "Europe", "Hong", "Malaysia", "Middle", "North",
        "South", "Western",
    }  # fmt: skip
    return text if word in names or word[1:] != word[1:].lower() else text[0].lower() + text[1:]


def survey_words(survey: str) -> str:
    """Name the surveys that a page asks for."""
    return {ALL: "any survey", SMALL: "surveys of small firms"}.get(
        survey
    ) or f"the {labels('survey_responses', 'survey')[survey]}"


def edition_words(edition: str) -> str:
    """Name the editions that a page asks for."""
    words = {
        LATEST: "latest edition of each question", ALL: "all editions",
        "undated": "editions without a date",
    }  # fmt: skip
    return words.get(edition, f"edition of {edition}")
