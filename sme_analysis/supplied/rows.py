"""Rows of an official table: names understood, amounts read, and what is wrong named by cell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from ..data.tables import load
from ..errors import DataError, nearest
from . import cells
from .layout import Layout
from .names import Name, understand
from .sheets import reference

_LONG = 60  # characters; a longer text beside no figures is a note


@dataclass(frozen=True)
class Row:
    """One named row with its amounts in the printed unit, by column index."""

    index: int
    text: str
    name: Name
    region: str
    amounts: dict[int, Decimal]


def check_columns(layout: Layout) -> None:
    """Every column has a measure, and no two have the same measure and year."""
    seen: dict[tuple[str, int], int] = {}
    row = layout.heading.stop - 1
    for column in layout.columns:
        at = layout.sheet.where(row, column.index)
        if not column.measure:
            raise DataError(
                f"{at}: neither the heading nor the title says whether the figures of "
                f"{column.year} are a flow (流量) or a stock (存量)"
            )
        earlier = seen.setdefault((column.measure, column.year), column.index)
        if earlier != column.index:
            raise DataError(
                f"{at}: the {column.measure} of {column.year} is also in column "
                f"{reference(row, earlier)}: one column for each year is expected"
            )


def read_rows(layout: Layout) -> list[Row]:
    """Read every row with a known name; list the names that are not known in one message."""
    rows: list[Row] = []
    unknown: list[tuple[int, str]] = []
    region = ""
    for i in range(layout.first, len(layout.sheet.rows)):
        text = layout.name(i)
        name = understand(text, layout.subject) if text else Name("unknown", "")
        if name.kind == "unknown" and _repeats_heading(layout, i):
            continue
        amounts = {} if _is_note(layout, i, text, name) else _amounts(layout, i, text)
        if name.kind == "unknown":
            if amounts:
                unknown.append((i, text))
            continue
        if name.kind in ("region", "total"):
            region = name.key if name.kind == "region" else ""
        rows.append(Row(i, text, name, region, amounts))
    _refuse_unknown(layout, unknown)
    _refuse_twice(layout, rows)
    return rows


def _is_note(layout: Layout, i: int, text: str, name: Name) -> bool:
    """Footnotes and empty rows: no known name, and no digit where figures stand."""
    if name.kind != "unknown":
        return False
    filled = [cells.clean(layout.sheet.get(i, c.index)) for c in layout.columns]
    return len(text) > _LONG or not any(c.isdigit() for value in filled for c in value)


def _repeats_heading(layout: Layout, i: int) -> bool:
    """Headings printed again where a long table goes on over the page."""
    years = {c.index: cells.year(layout.sheet.get(i, c.index)) for c in layout.columns}
    return len(years) > 0 and all(years[c.index] == c.year for c in layout.columns)


def _amounts(layout: Layout, i: int, text: str) -> dict[int, Decimal]:
    amounts: dict[int, Decimal] = {}
    for column in layout.columns:
        value = layout.sheet.get(i, column.index)
        try:
            amount = cells.number(value)
        except cells.NotANumber as problem:
            raise DataError(
                f"{layout.sheet.where(i, column.index)}: {str(value)[:40]!r} {problem}; the "
                f"{column.measure} of {column.year} of {text[:40]!r} is expected"
            ) from None
        if amount is not None:
            if not text:
                raise DataError(
                    f"{layout.sheet.where(i, column.index)}: a figure in a row without a name"
                )
            amounts[column.index] = amount
    return amounts


def _refuse_unknown(layout: Layout, unknown: list[tuple[int, str]]) -> None:
    if not unknown:
        return
    what = "economies" if layout.subject == "economy" else "industries"
    shown = ", ".join(f"{_at(layout, i)} {text[:40]!r}" for i, text in unknown[:20])
    more = f" and {len(unknown) - 20} more" if len(unknown) > 20 else ""
    close = _nearest_economy(unknown[0][1]) if layout.subject == "economy" else []
    hint = f" (is the first meant as {close[0]!r}?)" if close else ""
    raise DataError(
        f"{layout.sheet.title}: names not known as {what}: {shown}{more}{hint}; correct them or "
        "take the rows out"
    )


def _nearest_economy(text: str) -> list[str]:
    table = load("economies")
    names = pd.concat([table["name"], table["name_plain"], table["name_zh"]]).dropna()
    return nearest(text, names, 1)


def _refuse_twice(layout: Layout, rows: list[Row]) -> None:
    """No host, industry or total may have two figures for the same column."""
    seen: dict[tuple[str, str, int], Row] = {}
    for row in rows:
        if row.name.kind not in ("member", "total", "region"):
            continue
        for j in row.amounts:
            earlier = seen.setdefault((row.name.kind, row.name.key, j), row)
            if earlier is not row:
                raise DataError(
                    f"{layout.sheet.where(row.index, j)}: {row.text!r} has a second figure; the "
                    f"first is in row {earlier.index + 1} ({earlier.text!r})"
                )


def _at(layout: Layout, i: int) -> str:
    return reference(i, layout.names[0])
