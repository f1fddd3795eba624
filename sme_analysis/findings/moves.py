"""Findings on whether the answers to a survey have moved between its editions."""

from __future__ import annotations

import math

import pandas as pd

from ..data.citation import source_line
from ..firms.editions import changes, tracked
from ..firms.surveys import ALL, LATEST, SMALL, THEMES, asked
from ..wording import listed
from .answers import themes
from .finding import Finding, counted, nothing, signed
from .survey_words import SHORT, answers, edition_words, lower, survey_words


def moved(
    responses: pd.DataFrame, theme: str = ALL, survey: str = ALL, edition: str = LATEST
) -> Finding:
    """Say which answers have moved between neighbouring editions, and which cannot be compared."""
    chosen = _within(responses, theme, survey)
    rows = _comparisons(chosen, edition)
    done = rows[rows["direction"] != "not compared"]
    if done.empty:
        why = (
            f" {counted(len(rows), 'answer')} could not be set against an earlier edition: the "
            "words or the base differ, or no figure was printed."
            if len(rows)
            else ""
        )
        return nothing(
            f"No answer of {survey_words(survey)} can be compared between two editions "
            f"({edition_words(edition)}).{why}"
        )
    clear = done[done["direction"] != "cannot tell"]
    steps = [
        f"{lower(str(row['option']))} {row['direction']} in {row['second']}"
        for row in clear.sort_values(["second", "survey"], ascending=False).to_dict("records")
    ]
    text = (
        f"Set against the edition before, {counted(len(done), 'share')} can be compared: "
        f"{len(clear)} moved by more than the printed words leave open, {len(done) - len(clear)} "
        f"did not. {counted(len(rows) - len(done), 'answer')} cannot be compared, mostly because "
        "the words changed."
    )
    if steps:
        text += f" The newest moves: {listed(steps[:3])}."
    return Finding(
        headline=(
            f"{len(clear)} of {counted(len(done), 'repeated answer')} moved by more than the words "
            "leave open"
        ),
        text=text,
        measure=(
            "Share of the firms asked, percent, by edition; a bar spans what the printed words "
            "allow, a dot is a share printed exactly"
        ),
        source=source_line(tracked(chosen, rows)),
        table=_change_table(rows),
        notes=(
            "Compared only where survey, question and answer have the same words. Where both "
            f"numbers of firms are on record ({int(done['sampled'].sum())} of {len(done)}) "
            "sampling error is in the bounds (Newcombe 1998); otherwise it comes on top, unknown.",
        ),
    )


def panels(
    responses: pd.DataFrame, theme: str = ALL, survey: str = ALL, edition: str = LATEST
) -> pd.DataFrame:
    """Return the rows of the figure for :func:`moved`, as `plots.range_panels` takes them."""
    chosen = _within(responses, theme, survey)
    rows = tracked(chosen, _comparisons(chosen, edition))
    heads = [
        f"{SHORT[str(row['survey'])]}: {lower(str(row['answer']))}"
        for row in rows.to_dict("records")
    ]
    return pd.DataFrame(
        {
            "panel": heads, "year": rows["edition"].astype(int).to_numpy(),
            "low": rows["low"].to_numpy(), "high": rows["high"].to_numpy(),
        }
    )  # fmt: skip


def _comparisons(chosen: pd.DataFrame, edition: str) -> pd.DataFrame:
    """Compare every edition with the one before, or one edition alone."""
    rows = changes(chosen)
    return rows if edition in (ALL, LATEST) else rows[rows["second"] == edition]


def _within(responses: pd.DataFrame, theme: str, survey: str) -> pd.DataFrame:
    questions = [q for name in themes(theme) for q in THEMES[name]]
    rows = responses[responses["question"].isin(questions)]
    if survey == ALL:
        return rows
    small = rows["survey"].map(asked).str.startswith("small")
    return rows[small if survey == SMALL else rows["survey"] == survey]


def _change_table(rows: pd.DataFrame) -> pd.DataFrame:
    ordered = rows.sort_values(
        ["direction", "second", "survey", "option"], ascending=[True, False, True, True],
        key=lambda column: column == "not compared" if column.name == "direction" else column,
    )  # fmt: skip
    return pd.DataFrame(
        {
            "Survey": [SHORT[name] for name in ordered["survey"]],
            "Answer": answers(ordered),
            "Editions": [
                f"{a}–{b}" for a, b in zip(ordered["first"], ordered["second"], strict=True)
            ],
            "Change, points": [
                None if math.isnan(low) else f"{signed(low)} to {signed(high)}"
                for low, high in zip(ordered["low"], ordered["high"], strict=True)
            ],
            "Verdict": ordered["direction"].to_numpy(),
            "Why not": [text or None for text in ordered["reason"]],
        }
    )
