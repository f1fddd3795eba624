"""Findings on what foreign acquisitions have returned, by kind of evidence."""

from __future__ import annotations

import math

import pandas as pd

from ..data.catalogue import labels
from ..data.citation import source_line
from ..data.tables import load
from ..firms.returns import ABROAD, ANNOUNCEMENT, SHORT, Pooling, days, directions, with_errors
from ..wording import listed
from .finding import (
    Finding,
    bounded,
    counted,
    figure,
    nothing,
    number,
    percent,
    read_as,
    signed,
    span,
)

_KINDS = {
    "announcement_return": "Share price at the announcement",
    "long_run_return": "Shares in the years after",
    "accounting_performance": "Accounts in the years after",
}
_PHRASE = {
    "announcement_return": "at the announcement",
    "long_run_return": "in share prices of the years after",
    "accounting_performance": "in accounts of the years after",
}
_FOUND = {
    "positive": "a gain", "no loss": "zero or a gain", "zero": "neither",
    "mixed": "a gain or a loss by window", "no gain": "zero or a loss", "negative": "a loss",
}  # fmt: skip
_MEASURED = {"long_run_return": "share prices", "accounting_performance": "accounts"}
_FINDS = {
    "positive": "a gain", "zero_or_positive": "zero or a gain", "zero": "neither",
    "zero_or_negative": "zero or a loss", "negative": "a loss",
}  # fmt: skip
_LATER = ("long_run_return", "accounting_performance")
_Z95 = 1.959964
_LEVEL = {
    "significant": "significant",
    "significant_1": "significant at 1%",
    "significant_5": "significant at 5%",
    "significant_10": "significant at 10%",
    "not_significant": "not significant",
    "not_stated": "not stated",
}


def announcement(returns: pd.DataFrame, pooling: Pooling) -> Finding:
    """Say how share prices met the announcement of acquisitions, and whether that can be pooled.

    Parameters
    ----------
    returns : DataFrame
        The table `acquisition_returns`.
    pooling : Pooling
        From :func:`~sme_analysis.firms.returns.pool_announcements`.
    """
    drawn, votes = _drawn(returns, ANNOUNCEMENT), directions(returns)
    if drawn.empty or ANNOUNCEMENT not in votes.index:
        return nothing("No return at the announcement of a foreign acquisition is on record.")
    gain, total = _gains(votes, ANNOUNCEMENT)
    found, lowest = pooling.pooled, drawn.sort_values("value").iloc[0].to_dict()
    pooled = (
        f"Pooled over {found.count} comparable studies: {signed(found.estimate, 2)}% (95% interval "
        f"{signed(found.low_hk, 2)} to {signed(found.high_hk, 2)})."
        if found
        else pooling.reason
    )
    return Finding(
        headline=(
            f"{gain} of {counted(total, 'study', 'studies')} find that shares rose when a foreign "
            "acquisition was announced"
        ),
        text=(
            f"What {counted(total, 'study', 'studies')} of the announcement find: "
            f"{_vote(votes, ANNOUNCEMENT)}. The printed returns run from "
            f"{signed(drawn['value'].min(), 2)}% to {signed(drawn['value'].max(), 2)}%, the lowest "
            f"over {_window(lowest)}. {pooled}"
        ),
        measure=(
            "Abnormal return of the acquirer's shares, percent; line: the widest 95% interval that "
            "the printed significance allows; hollow: not significant, or not said"
        ),
        source=source_line(drawn),
        table=_table(returns[returns["outcome"] == ANNOUNCEMENT]),
        decimals={"Return, %": 2},
        notes=(
            "An abnormal return is the return beyond what a benchmark led to expect: what "
            f"investors had not priced in. {_unequal(returns)}Most samples draw on the same listed "
            "firms and years.",
        ),
    )


def later(returns: pd.DataFrame) -> Finding:
    """Say what shares and accounts did in the years after."""
    votes = directions(returns)
    known = [name for name in _LATER if name in votes.index]
    if not known:
        return nothing("No return in the years after a foreign acquisition is on record.")
    found = [f"{_PHRASE[name]} {_vote(votes, name)}" for name in known]
    gains = [(_MEASURED[name], *_gains(votes, name)) for name in known]
    rows = returns[returns["outcome"].isin(_LATER)]
    drawn = _drawn(returns, "long_run_return")
    return Finding(
        headline=(
            "In the years after, findings differ: a gain in "
            + listed(
                f"{gain} of {counted(total, 'study', 'studies')} of {words}"
                for words, gain, total in gains
            )
        ),
        text=f"What studies find, one vote each: {'; '.join(found)}.",
        measure=(
            "Abnormal return of the acquirer's shares over the years after, percent; line: the "
            "widest 95% interval that the printed significance allows"
        ),
        source=source_line(drawn if len(drawn) else rows),
        table=_table(rows),
        decimals={"Return, %": 2},
        notes=(
            "Long-run returns depend on the benchmark and on few large deals; the studies that "
            "print a direction only are in the table. A figure marked doubtful has no vote.",
        ),
    )


def answer(returns: pd.DataFrame, statistics: pd.DataFrame) -> Finding:
    """Answer the common statement that returns have been lower than expected, both ways.

    Parameters
    ----------
    returns, statistics : DataFrame
        The tables `acquisition_returns` and `sme_statistics`.
    """
    votes = directions(returns)
    lower, higher = _sides(votes)
    other = returns[returns["outcome"].isin(["completion", "outcome_share"])]
    text = (
        f"That foreign acquisitions returned less than expected is {_verdict(votes)}. "
        f"Against it: {higher}. For it: {lower}."
    )
    rates = other[other["value"].notna() & (other["indicator"] == "completion_rate")]
    if len(rates):
        said = [
            f"{bounded(percent(row['value'], 0), str(row['bound']))} ({_name(row)})"
            for row in rates.sort_values("value").to_dict("records")
        ]
        text += f" Of announced deals, {listed(said)} were completed."
    held = statistics[statistics["indicator"] == "overseas_enterprises_without_loss"]
    if len(held):
        row = held.iloc[-1]
        text += (
            f" Of all Chinese enterprises abroad, not acquisitions alone, "
            f"{bounded(percent(row['value'], 0), str(row['bound']))} were in profit or at "
            f"break-even in {row['date']} by the official count."
        )
    return Finding(
        headline="",
        text=text,
        source=source_line(other, held),
        table=_other_table(other),
        notes=(
            '"Expected" has no measure of its own: at the announcement it is what the market had '
            "priced in, later a benchmark, in accounts the years before. Shares of failed or "
            "profitable deals that third parties quote come without a definition: shown, not used. "
            "None of the samples is said to be one of small firms.",
        ),
    )


def rows(returns: pd.DataFrame, outcome: str = ANNOUNCEMENT) -> pd.DataFrame:
    """Return the rows of a forest plot: the estimates of one outcome, short windows first."""
    drawn = _drawn(returns, outcome)
    error = drawn["error"].where(drawn["error"].notna(), drawn["error_high"])
    half = (_Z95 * error).where(error.map(math.isfinite))
    sure = drawn["significance"].astype(str).str.startswith("significant")
    return pd.DataFrame(
        {
            "group": [_group(length) for length in drawn["length"]],
            "label": [_who(row) for row in drawn.to_dict("records")],
            "value": drawn["value"].to_numpy(),
            "filled": sure.to_numpy(),
            "low": math.nan,
            "high": math.nan,
            "outer_low": (drawn["value"] - half).to_numpy(),
            "outer_high": (drawn["value"] + half).to_numpy(),
            "text": [
                f"{signed(row['value'], 2)}  {_window(row)}" for row in drawn.to_dict("records")
            ],
            "tone": "strong",
        }
    ).reset_index(drop=True)


def _drawn(returns: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Estimates of acquisitions abroad in percent, short windows first, the largest on top."""
    found = with_errors(returns)
    found = found[(found["outcome"] == outcome) & found["value"].notna() & ~found["doubtful"]]
    found = found[(found["unit"] == "pct") & (found["sample"] == ABROAD)]
    found = found.assign(length=days(found))
    return found.sort_values(
        ["length", "value"], ascending=[True, False], ignore_index=True, key=_known
    )


def _known(column: pd.Series) -> pd.Series:
    return column.fillna(math.inf)


def _group(length: float) -> str:
    if math.isnan(length):
        return "Years after"
    return f"Windows of up to {SHORT} days" if length <= SHORT else "Longer windows"


def _gains(votes: pd.DataFrame, outcome: str) -> tuple[int, int]:
    return int(number(votes, outcome, "positive")), int(votes.sum(axis=1)[outcome])


def _vote(votes: pd.DataFrame, outcome: str) -> str:
    found = [f"{int(n)} {_FOUND[str(kind)]}" for kind, n in votes.loc[outcome].items() if n]
    return listed(found)


def _unequal(returns: pd.DataFrame) -> str:
    """Say how unequal the studies are that have one vote each."""
    deals = returns.loc[returns["outcome"] == ANNOUNCEMENT, "observations"].dropna()
    if len(deals) < 2:
        return ""
    return f"A count of studies weighs {int(deals.min())} deals like {int(deals.max())}. "


def _verdict(votes: pd.DataFrame) -> str:
    """Say what a count of findings can say: it leans one way only where none leans the other."""
    lower, higher = bool(votes["negative"].any()), bool(votes["positive"].any())
    if lower == higher:
        return "neither shown nor refuted"
    return "what the findings on record suggest" if lower else "not what the findings suggest"


def _sides(votes: pd.DataFrame) -> tuple[str, str]:
    """Say what speaks for lower returns and what against, from the counts."""

    def said(kind: str, what: str) -> str:
        parts = [
            f"{counted(int(number(votes, outcome, kind)), 'study', 'studies')} {words}"
            for outcome, words in _PHRASE.items()
            if outcome in votes.index and number(votes, outcome, kind)
        ]
        return f"{what} in {listed(parts)}" if parts else "no study on record"

    return said("negative", "a loss"), said("positive", "a gain")


def _who(row: dict[object, object]) -> str:
    """Name a study, and the deals it is about where they are not all acquisitions abroad."""
    whole = row["sample"] == ABROAD and row["part"] == "whole"
    return _name(row) if whole else f"{_name(row)}: {row['subsample']}"


def _name(row: dict[object, object]) -> str:
    authors = str(row["authors"]).replace(", author not shown", "")
    year = "" if pd.isna(row["published"]) else str(int(str(row["published"])))  # type: ignore[call-overload]
    return authors if year in authors else f"{authors} {year}"


def _window(row: dict[object, object]) -> str:
    """Write a window: its days relative to the announcement, or what the study calls it."""
    if pd.notna(row["window_start"]):  # type: ignore[call-overload]
        first, last = int(str(row["window_start"])), int(str(row["window_end"]))
        days_ = [signed(day, 0) for day in dict.fromkeys((first, last))]
        return f"day{'s' if len(days_) > 1 else ''} {' to '.join(days_)}"
    return "" if pd.isna(row["window"]) else str(row["window"])  # type: ignore[call-overload]


def _sample(row: dict[object, object]) -> str | None:
    if pd.isna(row["sample_start"]):  # type: ignore[call-overload]
        return None
    return span([int(str(row["sample_start"])), int(str(row["sample_end"]))])


def _table(returns: pd.DataFrame) -> pd.DataFrame:
    """List estimates, those of later years with their kind."""
    order = {name: place for place, name in enumerate(_KINDS)}
    shown = returns.assign(kind=returns["outcome"].map(order)).sort_values(
        ["kind", "authors", "study", "estimate"], ignore_index=True
    )
    measured = shown["outcome"].map({**_MEASURED, ANNOUNCEMENT: "announcement"})
    records = shown.to_dict("records")
    return pd.DataFrame(
        {
            "Study": [_name(row) for row in records],
            "Of": measured,
            "Deals of the sample": shown["subsample"].to_numpy(),
            "Deals": shown["observations"].astype("Int64"),
            "Years": [_sample(row) for row in records],
            "Window": [_window(row) or None for row in records],
            "Return, %": shown["value"].where(shown["unit"] == "pct"),
            "Finds": shown["direction"].map(_FINDS).where(~shown["doubtful"], "figure doubtful"),
            "Significance": shown["significance"].map(_LEVEL),
            "Read at": read_as(shown["source_id"], load("sources")).to_numpy(),
        }
    )


def _other_table(rows: pd.DataFrame) -> pd.DataFrame:
    names = labels("acquisition_returns", "indicator")
    figures = [
        None if pd.isna(row["value"]) else figure(row["value"], str(row["unit"]), str(row["bound"]))
        for row in rows.to_dict("records")
    ]
    return pd.DataFrame(
        {
            "Study": [_name(row) for row in rows.to_dict("records")],
            "What": [names[str(name)] for name in rows["indicator"]],
            "Figure": figures,
            "Deals": rows["observations"].astype("Int64").array,
            "Years": [_sample(row) for row in rows.to_dict("records")],
            "Remark": rows["note"].to_numpy(),
            "Read at": read_as(rows["source_id"], load("sources")).to_numpy(),
        }
    )
