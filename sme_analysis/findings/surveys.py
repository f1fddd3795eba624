"""Findings on what firms say they prefer."""

from __future__ import annotations

import pandas as pd

from ..data.catalogue import labels
from ..data.citation import source_line
from ..data.tables import load
from ..rounding import plain
from .finding import Finding, bounded, counted, nothing, read_as, span

_QUESTIONS = ("preferred_industry", "preferred_destination", "motivation")


def preferences(surveys: pd.DataFrame, start_year: int, end_year: int) -> pd.DataFrame:
    """Select what one recurrent survey says of industries, destinations and motives."""
    rows = surveys[
        (surveys["survey"] == "ccpit_outbound") & surveys["question"].isin(_QUESTIONS)
    ].dropna(subset=["value"])
    years = pd.to_numeric(rows["edition"], errors="coerce")
    return rows[years.between(start_year, end_year)].reset_index(drop=True)


def survey(rows: pd.DataFrame, start_year: int, end_year: int) -> Finding:
    """Say what firms say they prefer, as bounds where the press prints bounds.

    Parameters
    ----------
    rows : DataFrame
        From :func:`preferences`.
    """
    if rows.empty:
        return nothing(
            f"No survey share on industries, destinations or motives is on record for "
            f"{span([start_year, end_year])}."
        )
    newest = rows.sort_values("edition").iloc[-1]
    edition = str(newest["edition"])
    industries = rows[rows["question"] == "preferred_industry"].sort_values("edition")
    said = []
    if len(industries):
        last = industries.iloc[-1]
        share = bounded(f"{plain(last['value'])}%", str(last["bound"]))
        said.append(
            f"In the {last['edition']} edition {share} of the firms named: {last['option']}."
        )
    motives = rows[rows["question"] == "motivation"].sort_values(["edition", "value"])
    if len(motives):
        last = motives.iloc[-1]
        share = bounded(f"{plain(last['value'])}%", str(last["bound"]))
        motive = str(last["option"]).lower()
        said.append(f"The motive named most in {last['edition']}: {motive} ({share}).")
    what = labels("survey_responses", "question")
    shown = rows.sort_values(["question", "edition", "value"], ascending=[True, False, False])
    respondents = [
        bounded(f"{int(n):,}", str(bound)) if pd.notna(n) else "not printed"
        for n, bound in zip(shown["respondents"], shown["respondents_bound"], strict=True)
    ]
    return Finding(
        headline="",
        text=" ".join(
            [
                f"{counted(len(rows), 'share')} from the survey of outbound investment by China's "
                f"trade promotion council, to {edition}.",
                *said,
            ]
        ),
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Question": shown["question"].map(what).to_numpy(),
                "Edition": shown["edition"].to_numpy(),
                "Answer": shown["option"].to_numpy(),
                "Share": [
                    bounded(f"{plain(value)}%", str(bound))
                    for value, bound in zip(shown["value"], shown["bound"], strict=True)
                ],
                "Firms asked": respondents,
                "Read at": read_as(shown["source_id"], load("sources")).to_numpy(),
            }
        ),
        notes=(
            "What the press prints with a qualifier is a bound, not a value. Questions and options "
            "change between editions; firms of all sizes are asked.",
        ),
    )
