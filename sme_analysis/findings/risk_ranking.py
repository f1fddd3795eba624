"""Findings on who is riskier, and on what the intervals allow to be said."""

from __future__ import annotations

import pandas as pd

from ..risk import Simulation
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, counted, ordinal
from .risk_terms import SURE, Terms, chance, plain_name, unscored

_MOST_SENTENCES = 6


def ranking(
    asked: Terms, scored: pd.DataFrame, drawn: Simulation, everywhere: Simulation,
    everyone: pd.DataFrame, missing: pd.DataFrame,
) -> Finding:  # fmt: skip
    """Say who is riskiest and least risky, and which ranks the intervals allow.

    Parameters
    ----------
    scored, everyone : DataFrame
        From :func:`sme_analysis.risk.score`: the group, and all economies.
    drawn, everywhere : Simulation
        The group, and all economies.
    missing : DataFrame
        From :func:`sme_analysis.risk.left_out`, all economies.
    """
    notes = unscored(asked, everyone, missing)
    if scored.empty:
        empty = asked.none()
        return Finding(headline="", text=empty.text, notes=tuple(notes), empty=True)
    table, beside = drawn.table(), drawn.neighbours(SURE)
    headline = _headline(asked, scored, drawn, beside)
    said = [f"{headline}."]
    if len(scored) > 1:
        said.append(_told_apart(drawn, beside, table))
    said.append(_graded(table))
    said.extend(_pairs(asked, everywhere))
    outside = [code for code in asked.highlight if code in everywhere.economies]
    outside = [plain_name(code) for code in outside if code not in drawn.economies]
    if outside:
        notes.append(f"Not{asked.where}, and so not in this ranking: {listed(outside)}.")
    notes.append(asked.governance)
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=asked.subtitle(
            "Rank by risk, 1 the least; line: 5th to 95th percentile of "
            f"{asked.draws:,} draws; dark: the interval lies within one grade"
        ),
        source=asked.source(),
        table=_table(scored, table, beside),
        decimals={"Risk": 1, "Coverage, %": 0, "Age of data, years": 1,
                  "Riskier than the one before, %": 0},
        notes=tuple(notes),
    )  # fmt: skip


def _headline(
    asked: Terms, scored: pd.DataFrame, drawn: Simulation, beside: pd.DataFrame
) -> str:  # fmt: skip
    names = scored["economy"].tolist()
    if len(names) == 1:
        return f"{names[0]} alone is scored{asked.where} for {asked.year}"
    if len(names) == 2:
        sure = chance(float(beside["probability"].iloc[0]))
        return f"{names[1]} is riskier than {names[0]} with a probability of {sure}"
    safe, risky = _at_end(drawn, first=True), _at_end(drawn, first=False)
    told = int(beside["decided"].sum())
    only = "only " if told and told < len(beside) / 2 else ""
    count = f"{only}{told}" if told else "none"
    return (
        f"{_either(safe)} carries the least risk{asked.where}, {_either(risky)} the most; of "
        f"{len(beside)} pairs of neighbours in rank {count} can be told apart"
    )


def _at_end(drawn: Simulation, *, first: bool) -> list[str]:
    """Economies at one end of the ranking that cannot be told apart from the very last one."""
    table = drawn.table() if first else drawn.table()[::-1]
    codes, names = table["iso3"].tolist(), table["economy"].tolist()
    found = [names[0]]
    for code, label in zip(codes[1:], names[1:], strict=True):
        pair = (code, codes[0]) if first else (codes[0], code)
        if drawn.riskier(*pair) >= SURE:
            break
        found.append(label)
    return found


def _either(names: list[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} or one of {len(names) - 1} others"
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def _told_apart(drawn: Simulation, beside: pd.DataFrame, table: pd.DataFrame) -> str:
    """Say what the intervals forbid."""
    width = float((table["high"] - table["low"]).median())
    said = []
    if len(beside) > 1:
        said.append(
            f"Told apart means: in the same order in at least {SURE:.0%} of the draws. Of all "
            f"pairs, near and far, {fixed(100 * drawn.decided(SURE), 0)}% are; the median interval "
            f"spans {counted(round(width), 'place')}."
        )
    open_pairs = beside[~beside["decided"]]
    if len(open_pairs):
        nearest = (open_pairs["probability"] - 0.5).abs().argsort().iloc[0]
        row = open_pairs.iloc[int(nearest)]
        one, other = str(row["safer"]), str(row["riskier"])
        rank = dict(zip(table["iso3"], table["rank"], strict=True))
        said.append(
            f"{plain_name(one)} and {plain_name(other)}, {ordinal(int(rank[one]))} and "
            f"{ordinal(int(rank[other]))}, cannot be ranked: that {plain_name(other)} is riskier "
            f"has a probability of {chance(float(row['probability']))}."
        )
    return " ".join(said)


def _graded(table: pd.DataFrame) -> str:
    """Say for how many the interval supports one grade."""
    within = ~table["grades"].str.contains(" to ")
    count, of = int(within.sum()), len(table)
    if of == 1:
        return f"Its grade among all economies: {table['grades'].iloc[0]}."
    if not count:
        return "No interval lies within one grade: each economy has the two that its own spans."
    if count == of:
        return f"All {of} intervals lie within one grade."
    return (
        f"A single grade is supported for {count} of {of}; the others have the two that their "
        "interval spans."
    )


def _pairs(asked: Terms, everywhere: Simulation) -> list[str]:
    """Compare the highlighted economies, pair by pair."""
    ranks = dict(zip(everywhere.economies, everywhere.nominal, strict=True))
    codes = sorted((c for c in asked.highlight if c in ranks), key=lambda code: ranks[code])
    said = []
    for place, riskier in enumerate(codes):
        held = {code: everywhere.riskier(riskier, code) for code in codes[:place]}
        sure = [code for code in held if held[code] >= SURE]
        unsure = [code for code in held if held[code] < SURE]
        if sure:
            chances = listed(chance(held[code]) for code in sure)
            with_ = "a probability" if len(sure) == 1 else "probabilities"
            said.append(
                f"{plain_name(riskier)} is riskier than {listed(map(plain_name, sure))}, with "
                f"{with_} of {chances}."
            )
        if unsure:
            than = [f"{plain_name(code)} ({chance(held[code])})" for code in unsure]
            said.append(
                f"That {plain_name(riskier)} is riskier than {' or '.join(than)} is less than "
                f"{SURE:.0%} sure."
            )
    if len(said) > _MOST_SENTENCES:
        return [*said[:_MOST_SENTENCES], "Further pairs can be read off the intervals."]
    return said


def _table(scored: pd.DataFrame, table: pd.DataFrame, beside: pd.DataFrame) -> pd.DataFrame:
    drawn = table.set_index("iso3")
    order = scored["iso3"]
    sure = (100 * beside.set_index("riskier")["probability"]).reindex(order).to_numpy()
    ends = drawn.loc[order]
    return pd.DataFrame(
        {
            "Rank": scored["rank"],
            "Economy": scored["economy"],
            "Risk": scored["risk"],
            "Rank interval": [f"{fixed(a, 0)}–{fixed(b, 0)}" for a, b in
                              zip(ends["low"], ends["high"], strict=True)],
            "Grade": ends["grades"].to_numpy(),
            "Riskier than the one before, %": sure,
            "Coverage, %": 100 * scored["coverage"],
            "Age of data, years": scored["age"],
        }
    )  # fmt: skip


def ranking_rows(asked: Terms, drawn: Simulation) -> pd.DataFrame:
    """Rows for :func:`sme_analysis.plots.rank_columns`."""
    if not drawn.economies:
        return pd.DataFrame()
    table = drawn.table()
    one = ~table["grades"].str.contains(" to ")
    return pd.DataFrame(
        {
            "label": table["economy"], "rank": table["rank"], "low": table["low"],
            "high": table["high"], "text": table["grades"],
            "sure": one, "marked": table["iso3"].isin(asked.highlight),
        }
    )  # fmt: skip
