"""Returns to foreign acquisitions: published estimates, what is known of their error, and pooling.

Three questions must not be mixed: what the acquirer's share price does when the deal is announced
(an event study: the return beyond what the market expected), what shares or accounts do in the
years after, and whether deals are completed or profitable at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .pooling import Pooled, pool

ANNOUNCEMENT = "announcement_return"
ABROAD = "cross_border_acquisitions"  # a sample of acquisitions abroad and nothing else
_RETURNS = (
    "abnormal_return", "cumulative_abnormal_return", "cumulative_abnormal_return_low",
    "cumulative_abnormal_return_high", "buy_and_hold_abnormal_return", "sign",
)  # fmt: skip
_VOTES = {
    "positive": "positive", "zero_or_positive": "no loss", "zero": "zero",
    "zero_or_negative": "no gain", "negative": "negative",
}  # fmt: skip
SHORT = 11  # days: the longest window that counts as short, five days either side
_Z = {1: 2.5758293, 5: 1.9599640, 10: 1.6448536}  # two-sided quantiles of the normal
_DAYS = r"^(\d+)[- ]days?$"


@dataclass(frozen=True)
class Pooling:
    """A pooled return or the reason why there is none.

    Attributes
    ----------
    pooled : Pooled or None
    reason : str
        Why no number is pooled; empty where one is.
    estimates : DataFrame
        All estimates of the kind, with `left_out`: why each is not pooled, empty for those used.
    """

    pooled: Pooled | None
    reason: str
    estimates: pd.DataFrame


def days(returns: pd.DataFrame) -> pd.Series:
    """Return the length of each event window in days; blank where it is no window of days.

    Where only a length is printed ("3-day"), that is it.
    """
    between = returns["window_end"].astype(float) - returns["window_start"].astype(float) + 1
    alone = returns["window"].astype(str).str.extract(_DAYS, expand=False).astype(float)
    return between.fillna(alone)


def with_errors(returns: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of the standard error of each estimate.

    Published errors are taken as they are; an error follows from a published t statistic as
    |value / t|. From a level of significance alone follow only limits, on the normal distribution:
    significant at 1% means an error below |value| / 2.58; at 10% and no better, one between
    |value| / 1.96 and |value| / 1.64; "significant" without a level, at most |value| / 1.64; "not
    significant", at least that.

    Parameters
    ----------
    returns : DataFrame
        The table `acquisition_returns`.

    Returns
    -------
    DataFrame
        The rows with `error` (blank where unknown), `error_from` ("printed", "t statistic", or
        blank) and `error_low`, `error_high` (limits; infinite where open).
    """
    rows = returns.copy()
    printed = rows["standard_error"].astype(float)
    size = rows["value"].astype(float).abs()
    steps = rows["t_statistic"].astype(float).abs()
    derived = (size / steps.where(steps > 0)).where(printed.isna())
    rows["error"] = printed.fillna(derived)
    rows["error_from"] = np.where(
        printed.notna(), "printed", np.where(derived.notna(), "t statistic", "")
    )
    limits = [_limits(*pair) for pair in zip(size, rows["significance"], strict=True)]
    known = rows["error"].notna()
    rows["error_low"] = rows["error"].where(known, [low for low, _ in limits])
    rows["error_high"] = rows["error"].where(known, [high for _, high in limits])
    return rows


def pool_announcements(returns: pd.DataFrame, longest: int = SHORT) -> Pooling:
    """Pool announcement returns in short windows, if they can be pooled.

    Estimates are comparable when they measure the cumulative abnormal return of Chinese acquirers
    of foreign firms, in percent, over a window of at most `longest` days; one estimate a study (the
    whole sample before its parts, the shorter window first). Of studies whose sample years overlap,
    and which may hold the same deals, the one with more observations is kept.

    Parameters
    ----------
    returns : DataFrame
        The table `acquisition_returns`.
    longest : int
        Longest window, in days.
    """
    rows = with_errors(returns[returns["outcome"] == ANNOUNCEMENT])
    rows = rows[rows["value"].notna()].copy()
    rows["length"] = days(rows)
    rows["left_out"] = [_unlike(row, longest) for row in rows.to_dict("records")]
    alike = rows[rows["left_out"] == ""]
    for _, group in alike.groupby("study"):
        order = group.assign(unknown=group["error"].isna(), whole=group["part"] == "whole")
        order = order.sort_values(
            ["unknown", "whole", "length", "estimate"], ascending=[True, False, True, True]
        )
        rows.loc[order.index[1:], "left_out"] = "another estimate stands for the study"
    single = rows[rows["left_out"] == ""]
    rows.loc[single.index[single["error"].isna()], "left_out"] = "no standard error is on record"
    for place, other in overlaps(rows[rows["left_out"] == ""]).items():
        rows.loc[place, "left_out"] = f"may share deals with {other}: the sample years overlap"
    used = rows[rows["left_out"] == ""]
    if len(used) >= 2:
        return Pooling(pool(used["value"], used["error"]), "", rows)
    return Pooling(None, _why(rows, single, longest), rows)


def directions(returns: pd.DataFrame) -> pd.DataFrame:
    """Count studies by what they find, one vote a study and outcome.

    A study has the vote of its whole sample, of its parts where it has no other; one whose
    estimates point in different directions counts as mixed. Effects of ownership and differences
    between groups are no returns and have no vote, nor have doubtful figures and samples that hold
    more than acquisitions abroad. Votes say nothing of size or precision (Hedges and Olkin 1985,
    chapter 4): they show what is on record.

    Returns
    -------
    DataFrame
        Outcomes x `positive`, `no loss` (zero or above), `mixed`, `zero`, `no gain` (zero or
        below), `negative`: numbers of studies.
    """
    rows = returns[~returns["doubtful"] & returns["indicator"].isin(_RETURNS)]
    rows = rows[rows["sample"] == ABROAD]
    rows = rows.assign(vote=rows["direction"].map(_VOTES)).dropna(subset=["vote"])
    whole = (rows["part"] == "whole").groupby([rows["outcome"], rows["study"]]).transform("any")
    rows = rows[~whole | (rows["part"] == "whole")]
    votes = rows.groupby(["outcome", "study"])["vote"].agg(_vote)
    table = votes.groupby("outcome").value_counts().unstack(fill_value=0)
    return table.reindex(columns=["positive", "no loss", "mixed", "zero", "no gain", "negative"],
                         fill_value=0)  # fmt: skip


def _vote(found: pd.Series) -> str:
    """Combine the directions of one study."""
    kinds = set(found)
    if len(kinds) == 1:
        return str(found.iloc[0])
    if kinds <= {"positive", "no loss", "zero"}:
        return "no loss"
    return "no gain" if kinds <= {"negative", "no gain", "zero"} else "mixed"


def _limits(size: float, significance: object) -> tuple[float, float]:
    """Limits of a standard error that a level of significance allows."""
    if math.isnan(size) or size == 0:
        return 0.0, math.inf
    if significance == "significant":
        return 0.0, size / _Z[10]
    if significance == "not_significant":
        return size / _Z[10], math.inf
    found = re.fullmatch(r"significant_(\d+)", str(significance))
    if not found or int(found[1]) not in _Z:
        return 0.0, math.inf
    level = int(found[1])
    stricter = {10: 5, 5: 1}.get(level)
    return size / _Z[stricter] if stricter else 0.0, size / _Z[level]


def _unlike(row: dict[Hashable, Any], longest: int) -> str:
    """Say why an estimate is not comparable, or nothing."""
    if row["doubtful"]:
        return "the printed figure is doubtful"
    if row["unit"] != "pct":
        return "not in percent"
    if str(row["indicator"]).endswith(("_low", "_high")):
        return "only the ends of a range are printed"
    if row["sample"] != ABROAD:
        return "the sample holds more than acquisitions abroad"
    length = float(row["length"])
    if not length <= longest:
        return f"the window is longer than {longest} days" if length > longest else "no window"
    return ""


def overlaps(rows: pd.DataFrame) -> dict[object, str]:
    """Return the estimates to leave out because a larger study covers some of their years.

    Parameters
    ----------
    rows : DataFrame
        One estimate a study, with `sample_start`, `sample_end`, `observations` and `authors`. Two
        samples overlap where their years do; years that are not printed overlap with all.

    Returns
    -------
    dict
        Row label -> the study that stands for it: among overlapping samples the larger one.
    """
    kept: list[tuple[float, float, str]] = []
    out: dict[object, str] = {}
    order = rows.assign(size=rows["observations"].astype("Float64").fillna(0))
    for place, row in order.sort_values(["size", "study"], ascending=[False, True]).iterrows():
        start = float(row["sample_start"]) if pd.notna(row["sample_start"]) else -math.inf
        end = float(row["sample_end"]) if pd.notna(row["sample_end"]) else math.inf
        clash = [name for a, b, name in kept if start <= b and a <= end]
        if clash:
            out[place] = clash[0]
        else:
            kept.append((start, end, str(row["authors"])))
    return out


def _why(rows: pd.DataFrame, single: pd.DataFrame, longest: int) -> str:
    """Compose the sentence why nothing is pooled."""
    if single.empty:
        return (
            f"No pooled number: no comparable announcement return in a window of at most {longest} "
            "days is on record."
        )
    known, shared = int(single["error"].notna().sum()), len(overlaps(single))
    return (
        f"No pooled number: of {len(rows)} announcement returns {len(single)} are comparable, one "
        f"a study, and {known or 'none'} of them {'is' if known < 2 else 'are'} printed with a "
        "standard error or t statistic, without which an estimate has no weight"
        + (f"; {shared} also cover years of a larger study and may share its deals." if shared
           else ".")
    )  # fmt: skip
