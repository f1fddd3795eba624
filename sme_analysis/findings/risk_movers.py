"""Findings on how risk has moved, measured with the same indicators at both ends."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import risk
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, nothing, number, signed, year_of
from .risk_terms import FIRST_YEAR, SURE, Terms, chance, lower, plain_name, some

START = 2010
_AT_EACH_END, _ALL = 8, 20
_MOST_LINES = 6
_VISIBLE = 0.05  # points, what one decimal shows
_COMPARABLE = (
    "Only indicators that reach back to 2005 enter, and of each economy only those that it has in "
    "all years compared, so that a change is one of the economy and not of its data: levels "
    "differ somewhat from those above."
)


def start_of(asked: Terms) -> int:
    """First year of the comparison: 2010, or 2005 where the year asked for is not later."""
    return START if asked.year > START else FIRST_YEAR


def moved(asked: Terms) -> pd.DataFrame:
    """Change of the group's economies, from :func:`sme_analysis.risk.trend`; empty for 2005."""
    if asked.year <= FIRST_YEAR:
        return pd.DataFrame()
    start = start_of(asked)
    return risk.trend(start, asked.year, **asked.weighed, group=asked.group, **asked.drawn)


def movers(asked: Terms, table: pd.DataFrame) -> Finding:
    """Say whose risk rose and fell most, and how sure that is.

    Parameters
    ----------
    table : DataFrame
        From :func:`moved`.
    """
    if asked.year <= FIRST_YEAR:
        return nothing(f"The scores begin in {FIRST_YEAR}: there is no earlier year to compare.")
    if table.empty:
        return asked.none()
    start = start_of(asked)
    fell, rose = table[table["change"] <= -_VISIBLE], table[table["change"] >= _VISIBLE]
    ends = [_moved(part.iloc[place], verb) for part, place, verb in
            ((fell, 0, "fell"), (rose, -1, "rose")) if len(part)]  # fmt: skip
    headline = f"Since {start} risk{asked.where} {' and '.join(ends) or 'hardly moved'}"
    up, down = int((table["rose"] >= SURE).sum()), int((table["rose"] <= 1 - SURE).sum())
    rest = len(table) - up - down
    said = [f"{headline}."]
    if len(table) > 1:
        said.append(
            f"Of {len(table)} economies that can be compared {down} fell and {up} rose with a "
            f"probability of at least {SURE:.0%}"
            + (f"; for {rest} the direction cannot be told." if rest else ".")
        )
    said.append(_by_dimension(table))
    said.append(_highlighted(asked, table))
    shown = "" if len(_shown(asked, table)) == len(table) else (
        f"; the {_AT_EACH_END} largest falls and rises and those highlighted, of {len(table)}"
    )  # fmt: skip
    return Finding(
        headline=headline,
        text=" ".join(part for part in said if part),
        measure=asked.subtitle(
            f"Risk, 0 to 100: ring {start}, dot {asked.year}; at the right the change and the "
            f"probability of its direction{shown}"
        ),
        source=asked.source(start),
        table=_table(table, start, asked.year),
        decimals={"Rose, probability %": 0},
        notes=(_COMPARABLE,),
    )


def _moved(row: pd.Series, verb: str) -> str:
    points = fixed(abs(float(row["change"])))
    return f"{verb} most in {row['economy']} ({points} points)"


def _by_dimension(table: pd.DataFrame) -> str:
    names = risk.dimensions()
    middle = table[[code for code in names if table[code].notna().any()]].median().sort_values()
    low, high = str(middle.index[0]), str(middle.index[-1])
    said = []
    if middle[low] < -0.05:
        said.append(f"fell most in {lower(names[low])} ({signed(middle[low])} points)")
    if middle[high] > 0.05:
        said.append(f"rose most in {lower(names[high])} ({signed(middle[high])})")
    if not said or len(table) < 3:
        return ""
    return f"By dimension, the median economy's risk {listed(said)}."


def _highlighted(asked: Terms, table: pd.DataFrame) -> str:
    rows = table[table["iso3"].isin(asked.highlight)]
    said = [
        f"{row['economy']} {signed(row['change'])} points ({_direction(row)})"
        for row in rows.to_dict("records")
    ]
    return f"With its probability: {some(said, 6)}." if said and len(table) > 1 else ""


def _direction(row: Any) -> str:
    """Probability that a change had the direction that it shows."""
    rose = bool(row["change"] > 0)
    sure = chance(float(row["rose"]) if rose else 1 - float(row["rose"]))
    return f"{'rose' if rose else 'fell'} with {sure}"


def _shown(asked: Terms, table: pd.DataFrame) -> pd.DataFrame:
    if len(table) <= _ALL:
        return table
    ends = {*range(_AT_EACH_END), *range(len(table) - _AT_EACH_END, len(table))}
    return table[table.index.isin(ends) | table["iso3"].isin(asked.highlight[:_ALL])]


def mover_rows(asked: Terms, table: pd.DataFrame) -> pd.DataFrame:
    """Rows for :func:`sme_analysis.plots.changes`, the largest fall first."""
    if table.empty:
        return table
    shown = _shown(asked, table)
    text = [
        f"{signed(change)}  {_brief(rose if change > 0 else 1 - rose)}"
        for change, rose in zip(shown["change"], shown["rose"], strict=True)
    ]
    return pd.DataFrame(
        {"label": shown["economy"], "start": shown["start"], "end": shown["end"], "text": text,
         "marked": shown["iso3"].isin(asked.highlight)}
    )  # fmt: skip


def _brief(probability: float) -> str:
    return ">99%" if probability > 0.99 else f"{fixed(100 * probability, 0)}%"


def _table(table: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    names = risk.dimensions()
    shown = table[["economy", "start", "end", "change", *names, "indicators"]].copy()
    shown.insert(4, "Rose, probability %", 100 * table["rose"])
    return shown.rename(
        columns={"economy": "Economy", "start": f"Risk {start}", "end": f"Risk {end}",
                 "change": "Change", **names, "indicators": "Indicators compared"}
    )  # fmt: skip


def paths(asked: Terms) -> pd.DataFrame:
    """Risk of the highlighted economies by year, as :func:`sme_analysis.plots.lines` draws it."""
    if asked.year <= FIRST_YEAR or not asked.highlight:
        return pd.DataFrame()
    table = risk.history(asked.highlight, **asked.weighed, end=asked.year)
    if table.empty:
        return pd.DataFrame()
    wide = table.pivot(index="year", columns="iso3", values="risk")
    order = [code for code in asked.highlight if code in wide.columns]
    return wide[order].rename(columns=plain_name).rename_axis(columns=None)


def history(asked: Terms, lines: pd.DataFrame) -> Finding:
    """Say how the risk of the highlighted economies went, year by year.

    Parameters
    ----------
    lines : DataFrame
        From :func:`paths`.
    """
    if asked.year <= FIRST_YEAR:
        return nothing(f"The scores begin in {FIRST_YEAR}: there is no path to show.")
    if lines.empty:
        if asked.highlight:
            return nothing("None of the highlighted economies can be followed over the years.")
        return nothing("No economy was asked for by name.")
    ways = [_path(lines[name].dropna(), str(name)) for name in lines]
    first, last = lines.index[0], lines.index[-1]
    change = (lines.loc[last] - lines.loc[first]).sort_values()
    most = str(change.abs().idxmax())
    headline = (
        f"{most} moved most since {first}: from {fixed(number(lines, first, most))} to "
        f"{fixed(number(lines, last, most))}"
    )
    followed = list(map(plain_name, asked.highlight))
    lost = [name for name in followed if name not in lines.columns]
    notes = [f"Not followed, for want of data in some year: {listed(lost)}."] if lost else []
    if len(lines.columns) > _MOST_LINES:
        notes.append(f"Drawn: the first {_MOST_LINES}.")
    shown = lines.rename_axis("Year").reset_index()
    return Finding(
        headline=headline,
        text=" ".join(ways),
        measure=asked.subtitle(
            f"Risk, 0 to 100, {first} to {last}", "economies highlighted"
        ).replace(f"; {asked.year}, ", "; "),
        source=asked.source(FIRST_YEAR),
        table=shown,
        notes=tuple(notes),
    )


def drawn_paths(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines that are drawn: as many as there are hues."""
    return lines.iloc[:, :_MOST_LINES]


def _path(values: pd.Series, name: str) -> str:
    low, high = year_of(values.idxmin()), year_of(values.idxmax())
    return (
        f"{name}: {fixed(float(values.iloc[0]))} in {values.index[0]}, "
        f"{fixed(float(values.iloc[-1]))} in {values.index[-1]} (lowest {low}, highest {high})."
    )
