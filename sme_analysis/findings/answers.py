"""Findings on what firms say in surveys."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from ..data.citation import source_line
from ..data.tables import load
from ..firms.surveys import ALL, LATEST, THEMES, asked, intervals, select
from ..rounding import fixed
from .finding import Finding, counted, nothing, read_as
from .survey_words import (
    PREFIX,
    SHORT,
    answers,
    edition_words,
    firms_asked,
    full_name,
    lower,
    shares,
    survey_words,
)

_TOP = {
    "destinations": "Destination named most",
    "motives": "Motive named most",
    "obstacles": "Obstacle named most",
    "plans": "Plan named most",
    "results": "Result reported most",
    "support": "Support and services",
}
_SUBJECT = {
    "destinations": "destinations, their attractions and industries",
    "motives": "motives for going abroad",
    "obstacles": "obstacles and the view of the host",
    "plans": "plans and outlook",
    "results": "results",
    "support": "support and services",
}
_MOST = 34  # rows in one figure
_READING = (
    "A share printed with a qualifier is drawn as the stretch it may lie in, not as a point; the "
    "thin line adds 95% sampling error (Wilson), as if the firms were a random sample, where their "
    "number is on record. Surveys differ in firms and words and are not comparable with one "
    "another."
)


def themes(theme: str) -> list[str]:
    """Return the themes of a page: the one asked for, or all."""
    return list(THEMES) if theme == ALL else [theme]


def by_theme(
    responses: pd.DataFrame, theme: str = ALL, survey: str = ALL, edition: str = LATEST
) -> Iterator[tuple[Finding, pd.DataFrame]]:
    """Yield the finding and the rows of the figure of each theme asked for.

    How the figures are read stands at the first one only. Themes without a share are named in one
    sentence, at the end.
    """
    chosen = {"survey": survey, "edition": edition}
    empty, explained = [], False
    for name in themes(theme):
        found = said(responses, name, **chosen)
        if found.empty:
            empty.append(name)
            continue
        yield (
            replace(found, notes=_brief(found.notes) if explained else found.notes),
            bars(responses, name, **chosen),
        )
        explained = True
    if empty:
        words = _none("; ".join(_SUBJECT[name] for name in empty), survey, edition)
        yield nothing(words + _instead(responses, survey, edition)), pd.DataFrame()


def said(responses: pd.DataFrame, theme: str, survey: str = ALL, edition: str = LATEST) -> Finding:
    """Say what firms answer on one theme.

    Parameters
    ----------
    responses : DataFrame
        The table `survey_responses`.
    """
    rows = _ordered(intervals(select(responses, survey=survey, edition=edition, theme=theme)))
    if rows.empty:
        return nothing(_none(_SUBJECT[theme], survey, edition))
    first, *others = [
        f"{lower(answer)} ({share}, {who})" for answer, share, who in _tops(rows, theme)
    ]
    text = (
        f"{counted(len(rows), 'share')} on {_SUBJECT[theme]} from "
        f"{counted(rows['survey'].nunique(), 'survey')}."
    )
    if others:
        text += f" First in other surveys: {'; '.join(others[:4])}."
    elif len(rows) > 1:
        text += _next(rows)
    notes = [_READING]
    if len(rows) > _MOST:
        notes.append(f"The figure shows the first {_MOST} of {len(rows)} shares; the table all.")
    return Finding(
        headline=f"{_head(rows, theme)}: {first}",
        text=text,
        measure=f"Share of the firms asked, percent: {_SUBJECT[theme]}; {edition_words(edition)}",
        source=source_line(rows),
        table=_table(rows),
        decimals={"from, %": 1, "to, %": 1},
        notes=tuple(notes),
    )


def bars(
    responses: pd.DataFrame, theme: str, survey: str = ALL, edition: str = LATEST
) -> pd.DataFrame:
    """Return the rows of the figure for :func:`said`, as :func:`~sme_analysis.plots.forest` takes.

    A dot is a share printed without a qualifier.
    """
    rows = _ordered(intervals(select(responses, survey=survey, edition=edition, theme=theme)))
    rows = rows.head(_MOST)
    exact = rows["bound"] == "exact"
    main = rows["question"] == THEMES[theme][0]
    return pd.DataFrame(
        {
            "group": [_heading(row) for row in rows.to_dict("records")],
            "label": answers(rows),
            "value": rows["value"].where(exact),
            "filled": True,
            "low": rows["low"].where(~exact),
            "high": rows["high"].where(~exact),
            "outer_low": rows["sample_low"],
            "outer_high": rows["sample_high"],
            "text": shares(rows),
            "tone": main.map({True: "strong", False: "pale"}),
        }
    ).reset_index(drop=True)


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """CCPIT's survey, the largest that recurs, first; then the newest; the largest share first."""
    year = pd.to_numeric(rows["edition"], errors="coerce").fillna(0)
    keyed = rows.assign(
        first=rows["survey"] != "ccpit_outbound",
        newest=-year.groupby(rows["survey"]).transform("max"),
        age=-year,
        main=rows["question"].map({q: i for qs in THEMES.values() for i, q in enumerate(qs)}),
        middle=-(rows["low"] + rows["high"]),
    )
    once = rows.groupby(["survey", "question"])["edition"].nunique().le(1).all()
    inner = ["main", "age"] if once else ["age", "main"]  # one heading an edition, not many
    order = ["first", "newest", "survey", *inner, "middle", "option"]
    return keyed.sort_values(order, ignore_index=True)


def _head(rows: pd.DataFrame, theme: str) -> str:
    """Say what the first answer is an answer to."""
    question = str(rows["question"].iloc[0])
    main = question == THEMES[theme][0]
    return _TOP[theme] if main else PREFIX.get(question, _TOP[theme])


def _none(subject: str, survey: str, edition: str) -> str:
    where = f"{survey_words(survey)}, {edition_words(edition)}"
    return f"No share is on record for {where}, on {subject}."


def _instead(responses: pd.DataFrame, survey: str, edition: str) -> str:
    """Name the editions of a survey that has none of the kind asked for."""
    held = sorted(set(responses.loc[responses["survey"] == survey, "edition"].astype(str)))
    if not held or edition in (ALL, LATEST, *held):
        return ""
    return f" Its editions on record: {', '.join(held)}."


def _brief(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Point to the first figure for how to read this one."""
    return ("Bars, dots and lines as in the first figure.", *notes[1:])


def _next(rows: pd.DataFrame) -> str:
    """Name the answers that follow in the one survey shown."""
    main = rows[rows["question"] == rows["question"].iloc[0]].iloc[1:4]
    if main.empty:
        return ""
    after = [
        f"{lower(answer)} ({share})"
        for answer, share in zip(main["option"].astype(str), shares(main), strict=True)
    ]
    return f" Next: {'; '.join(after)}."


def _tops(rows: pd.DataFrame, theme: str) -> list[tuple[str, str, str]]:
    """Return the answer named most in each survey's newest edition: answer, share, who asked."""
    main = rows[rows["question"] == THEMES[theme][0]]
    held = rows if theme == "support" or main.empty else main
    first = held.drop_duplicates("survey")
    return [
        (str(row["option"]), share, f"{SHORT[str(row['survey'])]} {row['edition']}")
        for row, share in zip(first.to_dict("records"), shares(first), strict=True)
    ]


def _heading(row: dict[Hashable, Any]) -> str:
    survey = str(row["survey"])
    return f"{full_name(survey)}, {row['edition']}: {asked(survey)}, {firms_asked(row)}"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    sampled = [
        "" if math.isnan(low) else f"{fixed(low, 0)}–{fixed(high, 0)}"
        for low, high in zip(rows["sample_low"], rows["sample_high"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Survey": [SHORT[name] for name in rows["survey"]],
            "Edition": rows["edition"].to_numpy(),
            "Answer": answers(rows),
            "As printed": shares(rows),
            "from, %": rows["low"].to_numpy(),
            "to, %": rows["high"].to_numpy(),
            "95% sample, %": [text or None for text in sampled],
            "Firms asked": [
                None if pd.isna(row["respondents"]) else firms_asked(row).removesuffix(" firms")
                for row in rows.to_dict("records")
            ],
            "Read at": read_as(rows["source_id"], load("sources")).to_numpy(),
        }
    )
