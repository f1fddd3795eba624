"""Findings on who is left out, and on how full and how old the figures are."""

from __future__ import annotations

import pandas as pd

from .. import risk
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, counted
from .risk_terms import Terms, lower, some

_MOST_BARS = 10
_THIN = 0.7  # coverage


def lacking(asked: Terms, scored: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the scored economies lack each indicator, most often first.

    Returns
    -------
    DataFrame
        `name`, `economies`, `share` (percent of the economies scored in the group).
    """
    table = risk.missing(asked.year, own=asked.own)
    table = table[table["iso3"].isin(scored["iso3"])]
    counts = table.groupby("name", as_index=False).agg(economies=("iso3", "size"))
    counts["share"] = 100 * counts["economies"] / max(len(scored), 1)
    return counts.sort_values(["economies", "name"], ascending=[False, True], ignore_index=True)


def gaps(
    asked: Terms, scored: pd.DataFrame, left: pd.DataFrame, lacks: pd.DataFrame
) -> Finding:  # fmt: skip
    """Say who is left out and why, and what those with a score lack.

    Parameters
    ----------
    scored, left : DataFrame
        From :func:`sme_analysis.risk.score` and `left_out`, the group.
    lacks : DataFrame
        From :func:`lacking`.
    """
    if scored.empty and left.empty:
        return asked.none()
    total = len(scored) + len(left)
    of = f"{total} economies{asked.where}" if total > 1 else f"one economy{asked.where}"
    many = f"All {of} have" if not len(left) and total > 1 else f"{len(scored)} of {of} "
    if len(left) or total == 1:
        many += "has" if len(scored) == 1 else "have"
    headline = f"{many} a score for {asked.year}"
    if len(left):
        headline += f"; {len(left)} {'is' if len(left) == 1 else 'are'} left out"
    said = [f"{headline}."]
    if len(left):
        said.append(f"Left out, the best covered first: {some(left['economy'].tolist(), 5)}.")
    if len(scored):
        said.extend(_quality(scored, lacks))
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            "Indicators most often missing, percent of the economies scored; "
            f"{asked.year}, {asked.scope}"
        ),
        source=asked.source(),
        table=_table(left) if len(left) else _lacks_table(lacks),
        decimals={"Has, % of indicators": 0, "Share of economies, %": 0},
        notes=(
            "A missing indicator is left out of its pillar and its weight goes to its siblings; "
            "nothing is filled in. The simulation also tries the median of the region and of the "
            "quarter by income.",
        ),
        empty=lacks.empty,
    )


def _quality(scored: pd.DataFrame, lacks: pd.DataFrame) -> list[str]:
    one = len(scored) == 1
    middle, worst = scored["coverage"].median(), scored.nsmallest(1, "coverage").iloc[0]
    said = [
        f"Those with a score have {fixed(100 * middle, 0)}% of the indicators in the median, "
        f"{worst['economy']} the fewest ({fixed(100 * worst['coverage'], 0)}%); "
        f"{_age(scored['age'].median())}."
        if not one
        else f"It has {fixed(100 * middle, 0)}% of the indicators; {_age(scored['age'].iloc[0])}."
    ]
    thin = scored[scored["coverage"] < _THIN]
    if len(thin) and not one:
        said.append(
            f"{counted(len(thin), 'economy', 'economies')} "
            f"{'rests' if len(thin) == 1 else 'rest'} on less than {_THIN:.0%} of them."
        )
    if len(lacks) and not one:
        rows = lacks.head(3).to_dict("records")
        top = [f"{lower(row['name'])} ({fixed(row['share'], 0)}%)" for row in rows]
        said.append(f"Most often missing: {listed(top)}.")
    return said


def _age(years: float) -> str:
    if years < 0.05:  # would read "0.0 years"
        return "nearly all figures are those of the year itself"
    return f"the figures are {fixed(years)} years old on average"


def _table(left: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Economy": left["economy"],
            "Has, % of indicators": 100 * left["coverage"],
            "Why it is left out": left["reason"],
        }
    )


def _lacks_table(lacks: pd.DataFrame) -> pd.DataFrame:
    return lacks.rename(
        columns={"name": "Indicator", "economies": "Economies without",
                 "share": "Share of economies, %"}
    )  # fmt: skip


def lacking_bars(lacks: pd.DataFrame) -> pd.DataFrame:
    """Rows for :func:`sme_analysis.plots.ranked_bars`."""
    shown = lacks.head(_MOST_BARS)
    text = [f"{fixed(share, 0)}%" for share in shown["share"]]
    return pd.DataFrame(
        {"label": shown["name"], "value": shown["share"], "text": text, "tone": "strong"}
    )
