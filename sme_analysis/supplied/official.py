"""The official tables of a user: the bulletin's annex and the yearbook, by host and by industry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from ..errors import DataError
from . import industries
from .layout import Column, Layout, find
from .rows import Row, check_columns, read_rows
from .shape import SOURCE, shaped
from .sheets import Sheet
from .sums import Status, check_sums, unit


@dataclass
class Table:
    """One official table, read: its frame and what a user should know about it."""

    table: str
    frame: pd.DataFrame
    sheet: Sheet
    yearbook: bool
    years: tuple[int, ...]
    measures: tuple[str, ...]
    warnings: list[str] = field(default_factory=list)


def read_official(sheet: Sheet) -> Table:
    """Read the table by host or by industry in a sheet.

    Parameters
    ----------
    sheet : Sheet
        Cells as they stand. Columns are years; rows are hosts with their continents, or
        industries, with a total. The unit is taken from the sheet.

    Returns
    -------
    Table
        Its frame has the columns of `outward_fdi_by_economy` (US$ mn) or
        `outward_fdi_by_industry` (US$ bn); `source_id` is "supplied", `note` names file and
        sheet. A host table is "complete" only where its hosts sum to the printed total and that
        agrees with the national total on record.

    Raises
    ------
    NotATable
        If the sheet is none of these tables.
    DataError
        If it is one and a cell, a name, a heading, the unit or a sum is wrong.
    """
    layout = find(sheet)
    check_columns(layout)
    rows = read_rows(layout)
    warnings: list[str] = [
        f"{sheet.where(layout.first, j)}: the column has figures but no heading; left out"
        for j in layout.unlabelled
    ]
    factor = unit(layout, rows, warnings)
    status = {c: check_sums(layout, rows, c, factor, warnings) for c in layout.columns}
    make = _by_economy if layout.subject == "economy" else _by_industry
    frame = make(layout, rows, factor, status)
    if frame.empty:
        raise DataError(f"{sheet.title}: the table has names and years but no figure")
    return Table(
        f"outward_fdi_by_{layout.subject}",
        frame,
        sheet,
        layout.yearbook,
        tuple(sorted(set(frame["year"]))),
        tuple(sorted(set(frame["measure"]))),
        warnings,
    )


def _note(sheet: Sheet) -> str:
    return f"{sheet.file}, sheet {sheet.name}" if sheet.name else sheet.file


def _members(layout: Layout, rows: list[Row]) -> Iterable[tuple[Row, Column, Decimal]]:
    for row in rows:
        if row.name.kind == "member":
            for column in layout.columns:
                if column.index in row.amounts:
                    yield row, column, row.amounts[column.index]


def _by_economy(
    layout: Layout, rows: list[Row], factor: Decimal, status: dict[Column, Status]
) -> pd.DataFrame:
    return shaped(
        "outward_fdi_by_economy",
        [
            {
                "year": column.year,
                "iso3": row.name.key,
                "measure": column.measure,
                "basis": status[column].basis,
                "value": float(amount * factor),
                "unit": "usd_mn",
                "panel": "complete" if status[column].complete else "partial",
                "source_id": SOURCE,
                "note": _note(layout.sheet),
            }
            for row, column, amount in _members(layout, rows)
        ],
    )


def _by_industry(
    layout: Layout, rows: list[Row], factor: Decimal, status: dict[Column, Status]
) -> pd.DataFrame:
    cover = {column: _coverage(rows, column, status[column].total) for column in layout.columns}
    kind = "yearbook" if layout.yearbook else "bulletin"
    return shaped(
        "outward_fdi_by_industry",
        [
            {
                "year": column.year,
                "period": "full_year",
                "scope": "all_hosts",
                "measure": column.measure,
                "industry": row.name.key,
                "combined": False,
                "indicator": "amount",
                "basis": status[column].basis.replace("bulletin", kind),
                "classification": industries.classification(column.year),
                "value": float(amount * factor / 1000),
                "bound": "exact",
                "unit": "usd_bn",
                "coverage": cover[column],
                "source_id": SOURCE,
                "note": _note(layout.sheet),
            }
            for row, column, amount in _members(layout, rows)
        ],
    )


def _coverage(rows: list[Row], column: Column, total: Decimal | None) -> float | None:
    """Per cent of the printed total that the industries make, as in the shipped table."""
    if not total:
        return None
    listed = sum(
        (row.amounts.get(column.index, Decimal(0)) for row in rows if row.name.kind == "member"),
        Decimal(0),
    )
    return float(round(100 * listed / total, 1))
