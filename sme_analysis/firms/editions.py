"""Whether an answer has moved from one edition of a survey to another, if that can be asked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from ..errors import UnknownNameError, nearest, unknown
from .bounds import STRICT
from .surveys import intervals

_FILLERS = {"the", "a", "of", "or", "and"}


@dataclass(frozen=True)
class Change:
    """The change of one answer between two editions, or why there is none.

    Attributes
    ----------
    low, high : float
        Bounds of the change in percentage points, from the readings of both shares (or their
        sampling intervals, where `sampled`); NaN where the answers cannot be compared.
    direction : str
        "rose", "fell", "cannot tell", or "not compared".
    sampled : bool
        Whether sampling error is in the bounds: both numbers of firms are known.
    reason : str
        The sentence why nothing is compared; empty where it is.
    """

    low: float
    high: float
    direction: str
    sampled: bool
    reason: str


def same_answer(first: str, second: str) -> bool:
    """Whether two answers are the same words, in whatever order.

    >>> same_answer("Maintain or expand investment", "Expand or maintain investment")
    True
    >>> same_answer("Belt and Road countries", "Belt and Road partner countries first")
    False
    """
    return _words(first) == _words(second)


def compare(
    responses: pd.DataFrame, survey: str, question: str, option: str, first: str, second: str
) -> Change:
    """Compare one answer in two editions of a survey, where question and answer match.

    Parameters
    ----------
    responses : DataFrame
        The table `survey_responses`.
    survey, question, option : str
        The answer as the table has it in the edition `second`.
    first, second : str
        The editions, earlier first.

    Raises
    ------
    UnknownNameError
        If the survey has no such answer in edition `second`.
    """
    asked = responses[(responses["survey"] == survey) & (responses["question"] == question)]
    later = asked[(asked["edition"] == second) & (asked["option"] == option)]
    if later.empty:
        known = list(asked.loc[asked["edition"] == second, "option"].astype(str))
        where = f"in edition {second} of {survey}, question {question}"
        raise UnknownNameError(unknown("answer", option, known, where=where))
    before = asked[asked["edition"] == first]
    match = before[[same_answer(str(text), option) for text in before["option"]]]
    reason = _refusal(before, match, later, first, second)
    if reason:
        return _refused(reason)
    both = intervals(pd.concat([match.head(1), later.head(1)]))
    return _change(both.iloc[0], both.iloc[1])


def changes(responses: pd.DataFrame) -> pd.DataFrame:
    """Compare every answer with the edition before, and say which cannot be compared.

    Parameters
    ----------
    responses : DataFrame
        The table `survey_responses`, or part of it.

    Returns
    -------
    DataFrame
        One row per answer and pair of neighbouring editions in which its question was asked:
        `survey`, `question`, `option`, `first`, `second`, `low`, `high`, `direction`, `sampled`,
        `reason`.
    """
    dated = responses[responses["edition"] != "undated"]
    read = intervals(dated)
    found: list[dict[str, Any]] = []
    for (survey, question), rows in dated.groupby(["survey", "question"], sort=True):
        for first, second in pairwise(sorted(set(rows["edition"].astype(str)))):
            before, after = rows[rows["edition"] == first], rows[rows["edition"] == second]
            for place in after.index:
                option = str(after.at[place, "option"])
                match = before[[same_answer(str(text), option) for text in before["option"]]]
                reason = _refusal(before, match, after.loc[[place]], first, second)
                change = (
                    _refused(reason)
                    if reason
                    else _change(read.loc[match.index[0]], read.loc[place])
                )
                what = {"survey": survey, "question": question, "option": option}
                found.append({**what, "first": first, "second": second, **vars(change)})
    columns = ["survey", "question", "option", "first", "second", *Change.__dataclass_fields__]
    return pd.DataFrame(found, columns=columns)


def tracked(responses: pd.DataFrame, compared: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the answers that at least two neighbouring editions share, with their readings.

    Parameters
    ----------
    responses : DataFrame
        The table `survey_responses`, or part of it.
    compared : DataFrame, optional
        From :func:`changes` of the same rows, where it is at hand; it may hold fewer.

    Returns
    -------
    DataFrame
        As from :func:`~sme_analysis.firms.surveys.intervals`, with `answer`: one wording for the
        answers that match; sorted by survey, question, answer and edition.
    """
    compared = changes(responses) if compared is None else compared
    compared = compared[compared["direction"] != "not compared"].sort_values("second")
    wording: dict[tuple[Any, ...], str] = {}
    shared: set[tuple[Any, ...]] = set()
    for row in compared.itertuples():
        key = (row.survey, row.question, _words(str(row.option)))
        wording[key] = str(row.option)  # the newest wording names the answer
        shared |= {(*key, row.first), (*key, row.second)}
    read = intervals(responses[responses["unit"] == "pct"])
    keys = [(row.survey, row.question, _words(str(row.option))) for row in read.itertuples()]
    mine = [
        wording[key] if (*key, edition) in shared else None
        for key, edition in zip(keys, read["edition"], strict=True)
    ]
    read = read.assign(answer=pd.Series(mine, index=read.index, dtype="object"))
    kept = read.dropna(subset=["answer"])
    return kept.sort_values(["survey", "question", "answer", "edition"], ignore_index=True)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w%]+", text.casefold())) - _FILLERS


def _refusal(
    before: pd.DataFrame, match: pd.DataFrame, later: pd.DataFrame, first: str, second: str
) -> str:
    """Return the sentence why two editions cannot be compared, or nothing."""
    if before.empty:
        return f"The question is not on record for {first}."
    if match.empty:
        close = nearest(later["option"].iloc[0], before["option"].astype(str), n=1)
        hint = f'; the nearest: "{close[0]}"' if close else ""
        return f"No answer of {first} has the same words{hint}."
    sides = ((match.iloc[0], first), (later.iloc[0], second))
    for row, edition in sides:
        if pd.isna(row["value"]):
            return f"{edition} names the answer without a figure."
        if row["unit"] != "pct":
            return "The figure is a score, not a share of the firms."
    notes = [str(row["note"]) if pd.notna(row["note"]) else "" for row, _ in sides]
    bases = [text if text.startswith("base: ") else "" for text in notes]
    if bases[0] != bases[1]:
        return "The two shares refer to different parts of the firms asked."
    return ""


def _refused(reason: str) -> Change:
    return Change(math.nan, math.nan, "not compared", sampled=False, reason=reason)


def _change(one: pd.Series, two: pd.Series) -> Change:
    """Bound the change between two shares, from the earlier to the later."""
    low, high = float(two["low"] - one["high"]), float(two["high"] - one["low"])
    open_end = str(one["bound"]) in STRICT or str(two["bound"]) in STRICT
    sampled = pd.notna(one["firms"]) and pd.notna(two["firms"])
    if sampled:
        low, high = _newcombe(one, two, "low", "high"), _newcombe(one, two, "high", "low")
        open_end = False
    rose = low > 0 or (open_end and low == 0)
    fell = high < 0 or (open_end and high == 0)
    direction = "rose" if rose else "fell" if fell else "cannot tell"
    return Change(round(low, 6), round(high, 6), direction, sampled=sampled, reason="")


def _newcombe(one: pd.Series, two: pd.Series, of_two: str, of_one: str) -> float:
    """Return one end of Newcombe's interval (1998, method 10) for the difference of two shares.

    The lower end takes the lowest reading of the later share and the highest of the earlier one.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    ends = confint_proportions_2indep(
        two[of_two] / 100 * two["firms"], two["firms"],
        one[of_one] / 100 * one["firms"], one["firms"],
        method="newcomb", compare="diff",
    )  # fmt: skip
    return float(ends[0 if of_two == "low" else 1]) * 100
