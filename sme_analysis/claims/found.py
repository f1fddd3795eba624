"""What the tables hold for a statement: looked up, or computed from what was looked up.

A finder is a function of the tables that returns a :class:`Found`, or nothing where no row carries
the figure. Finders combine: the growth of two figures is a finder made of two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ..errors import DataError
from .reading import Interval, reading
from .tables import Tables, narrowed


@dataclass(frozen=True)
class Part:
    """Some rows of one table."""

    table: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class Found:
    """A figure from the tables.

    Attributes
    ----------
    value : float
    unit : str
    reading : Interval
        The true values that the figure stands for.
    what : str
        What it is the figure of, as it stands in a sentence.
    bound : str
        The qualifier printed with it.
    parts : tuple of Part
        The rows it was computed from.
    computed : bool
        Whether it was computed here rather than printed so.
    text : str
        The figure in words, where value and unit would not say it well.
    """

    value: float
    unit: str
    reading: Interval
    what: str
    bound: str = "exact"
    parts: tuple[Part, ...] = ()
    computed: bool = False
    text: str = ""


Finder = Callable[[Tables], Found | None]


def printed(
    table: str,
    what: str,
    *,
    newest: str | None = None,
    scale: float = 1.0,
    unit: str | None = None,
    **where: Any,
) -> Finder:
    """Look up one printed figure.

    Parameters
    ----------
    table : str
    what : str
        What it is, in words; names of columns in braces are filled in from the row.
    newest : str, optional
        Column by which the last row is taken where several fit.
    scale : float
        What the value is multiplied with to arrive at `unit`.
    unit : str, optional
        The unit after scaling; by default that of the row.
    **where
        What the columns must hold, as in :meth:`Tables.rows`.
    """

    def find(tables: Tables) -> Found | None:
        rows = tables.rows(table, **where)
        rows = rows[rows["value"].notna()]
        if newest is not None and len(rows):
            rows = rows[rows[newest] == rows[newest].max()]
        if rows.empty:
            return None
        if len(rows) > 1:
            raise DataError(f"table {table!r} has {len(rows)} rows where one figure is asked for")
        return of_row(table, rows, what, scale=scale, unit=unit)

    return find


def of_row(
    table: str, rows: pd.DataFrame, what: str, *, scale: float = 1.0, unit: str | None = None
) -> Found:
    """Read the figure of a single row."""
    row = rows.iloc[0]
    value, bound = float(row["value"]), str(row.get("bound", "exact"))
    step = row.get("step")
    step = None if step is None or pd.isna(step) else float(step)
    cells = {str(name): _cell(cell) for name, cell in row.items()}
    return Found(
        value=value * scale,
        unit=unit or str(row["unit"]),
        reading=reading(value, bound, step).scaled(scale),
        what=what.format(**cells),
        bound=bound,
        parts=(Part(table, rows),),
    )


def _cell(value: object) -> object:
    """Write a whole number as such: years are read in sentences."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def growth(now: Finder, before: Finder, what: str) -> Finder:
    """Compute the change from one figure to another, in percent."""
    return _joined(now, before, what, "pct", lambda a, b: (a / b - 1) * 100, falling=True)


def share(part: Finder, whole: Finder, what: str, unit: str = "pct") -> Finder:
    """Compute one figure as a percentage of another."""
    return _joined(part, whole, what, unit, lambda a, b: a / b * 100, falling=True)


def ratio(top: Finder, bottom: Finder, what: str, unit: str, scale: float = 1.0) -> Finder:
    """Divide one figure by another."""
    return _joined(top, bottom, what, unit, lambda a, b: a / b * scale, falling=True)


def difference(high: Finder, low: Finder, what: str, unit: str) -> Finder:
    """Subtract one figure from another."""
    return _joined(high, low, what, unit, lambda a, b: a - b, falling=True)


def total(one: Finder, two: Finder, what: str, unit: str) -> Finder:
    """Add two figures."""
    return _joined(one, two, what, unit, lambda a, b: a + b, falling=False)


def _joined(
    first: Finder,
    second: Finder,
    what: str,
    unit: str,
    rule: Callable[[float, float], float],
    *,
    falling: bool,
) -> Finder:
    """Combine two figures by a rule that rises in the first and is monotonic in the second."""

    def find(tables: Tables) -> Found | None:
        one, two = first(tables), second(tables)
        if one is None or two is None:
            return None
        lowest, highest = two.reading.low, two.reading.high
        if falling:
            lowest, highest = highest, lowest
        return Found(
            value=rule(one.value, two.value),
            unit=unit,
            reading=Interval(rule(one.reading.low, lowest), rule(one.reading.high, highest)),
            what=what,
            bound="exact" if one.bound == two.bound == "exact" else "about",
            parts=one.parts + two.parts,
            computed=True,
        )

    return find


def counted(
    table: str, what: str, *, unit: str = "count", of: dict[str, Any] | None = None, **where: Any
) -> Finder:
    """Count rows, or their share in percent among the rows that `of` selects.

    Without any row to count among there is nothing to find.
    """

    def find(tables: Tables) -> Found | None:
        among = tables.rows(table, **(of or {}))
        if among.empty:
            return None
        rows = narrowed(among, table, **where)
        if of is None and rows.empty:
            return None
        value = len(rows) / len(among) * 100 if of is not None else float(len(rows))
        return Found(
            value=value,
            unit="pct" if of is not None else unit,
            reading=Interval(value, value),
            what=what.format(n=len(rows), all=len(among)),
            parts=(Part(table, among if of is not None else rows),),
            computed=True,
        )

    return find


def first_of(*finders: Finder) -> Finder:
    """Take the first that finds something."""

    def find(tables: Tables) -> Found | None:
        return next((found for f in finders if (found := f(tables)) is not None), None)

    return find


def renamed(finder: Finder, what: str) -> Finder:
    """Give what is found another name."""

    def find(tables: Tables) -> Found | None:
        found = finder(tables)
        return None if found is None else replace(found, what=what)

    return find
