"""Findings on how concentrated the hosts are."""

from __future__ import annotations

import math

import pandas as pd

from .. import investment
from ..data.citation import source_line
from ..rounding import fixed
from .finding import Finding, nothing, number, percent, place, span
from .scope import beyond, scope

_ASIDE = "Without offshore centres"


def concentration(
    chosen: pd.DataFrame,
    onshore: pd.DataFrame,
    *,
    measure: str,
    group: str,
    exclude_offshore: bool,
) -> Finding:
    """Say how concentrated the hosts are, with and without the offshore centres.

    Parameters
    ----------
    chosen, onshore : DataFrame
        From :func:`sme_analysis.investment.hosts`: as asked for, and without the centres.
    """
    numbers = effective_numbers(chosen, onshore)
    if numbers.empty:
        return nothing("Without a host table for these years, concentration cannot be measured.")
    last, first, label = int(numbers.index[-1]), int(numbers.index[0]), str(numbers.columns[-1])
    now, then = number(numbers, last, label), number(numbers, first, label)
    where = "" if group == "World" else f" in {place(group)}"
    if math.isnan(now):
        return nothing(
            f"No host had a positive {measure}{where} in {last}: concentration has no meaning."
        )
    aside = beyond(exclude_offshore or label == _ASIDE)
    headline = (
        f"The {measure} of {last}{where}{aside} was spread as if over {fixed(now)} equal hosts"
    )
    said = [f"{headline}."]
    if first != last and not math.isnan(then):
        said.append(_moved(now, then, first))
    if len(numbers.columns) > 1:
        everyone = number(numbers, last, numbers.columns[0])
        said.append(f"With the offshore centres the number is {fixed(everyone)}.")
    detail = investment.concentration(onshore if len(onshore) else chosen)
    said.append(f"The five largest held {percent(number(detail, last, 'top'), 0)}{aside}.")
    table = numbers.assign(**{"Five largest, %": detail["top"], "Hosts": detail["hosts"]})
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            f"Effective number of hosts: 1 / Herfindahl–Hirschman index of the {measure}, "
            f"{span(numbers.index)}; {scope(group, exclude_offshore)}"
        ),
        source=source_line(chosen if len(chosen) else onshore),
        table=table.rename_axis("Year").reset_index(),
        notes=(
            "Hosts with a negative flow have no share of activity and are left out of the index.",
        )
        if measure == "flow"
        else (),
    )


def effective_numbers(chosen: pd.DataFrame, onshore: pd.DataFrame) -> pd.DataFrame:
    """Effective number of hosts by year: "All hosts" and, where it differs, without the centres."""
    scopes = {"All hosts": chosen} if chosen["offshore"].any() else {}
    if len(onshore):
        scopes[_ASIDE if scopes else "Hosts"] = onshore
    return pd.DataFrame(
        {name: investment.concentration(rows)["effective_number"] for name, rows in scopes.items()}
    )


def _moved(now: float, then: float, first: int) -> str:
    if abs(now - then) < 0.05:
        return f"That is as concentrated as in {first}."
    return (
        f"That is {'less' if now > then else 'more'} concentrated than in {first} ({fixed(then)})."
    )
