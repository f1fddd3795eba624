"""Unit and sums of an official table, checked against its own totals and the ones on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ..data.tables import load
from ..errors import DataError
from . import cells
from .layout import Column, Layout
from .names import Name
from .rows import Row
from .sheets import reference

_ANNUAL_GAP = Decimal("0.005")  # share by which a total may differ from the total on record
_SUM_GAP = Decimal("0.001")  # share of all amounts that a complete table may leave unexplained


def _stated(layout: Layout) -> dict[Decimal, str]:
    """Units that the title and the headings state, each with the cell that states it first."""
    found: dict[Decimal, str] = {}
    for i in range(layout.first):
        for j, value in enumerate(layout.sheet.rows[i]):
            factor = cells.scale(str(value)) if isinstance(value, str) else None
            if factor is not None:
                found.setdefault(factor, f"{reference(i, j)} {cells.clean(value)[:40]!r}")
    return found


def unit(layout: Layout, rows: list[Row], warnings: list[str]) -> Decimal:
    """Return what the figures are multiplied with to be millions of US dollars.

    The stated unit is checked against the totals on record; where none is stated, they tell it.

    Raises
    ------
    DataError
        If two units are stated, the stated one does not fit the totals, or none can be told.
    """
    title = layout.sheet.title
    stated = _stated(layout)
    if len(stated) > 1:
        raise DataError(f"{title}: two units are stated: {' and '.join(stated.values())}")
    for row in rows:
        if row.name.kind != "total":
            continue
        for column in layout.columns:
            amount = row.amounts.get(column.index)
            if amount is None:
                continue
            fitting = _fitting(column, amount)
            if fitting is None or fitting in stated:
                continue
            if not stated and fitting in (Decimal("0.01"), Decimal(1)):
                warnings.append(f"{title}: no unit is stated; the total of {column.year} tells it")
                return fitting
            at = layout.sheet.where(row.index, column.index)
            raise DataError(
                f"{at}: the total of {column.year} on record is {amount * fitting:,.0f} million US "
                f"dollars, which does not fit the unit stated at {', '.join(stated.values())}"
            )
    if stated:
        return next(iter(stated))
    raise DataError(
        f"{title}: no unit is stated above the table: write it there, as in '单位：万美元' or "
        "'USD 10,000'"
    )


def _fitting(column: Column, amount: Decimal) -> Decimal | None:
    """Return the power of ten by which a total agrees with the one on record."""
    powers = (Decimal(10) ** power for power in (-2, 0, -3, 2, 3, -6))
    return next((factor for factor in powers if on_record(column, amount * factor)), None)


@cache
def _national() -> dict[tuple[str, int], dict[str, Decimal]]:
    """Totals on record in US$ mn: (measure, year) to basis and total."""
    annual = load("outward_fdi_annual")
    chosen = annual[annual["preferred"] & (annual["unit"] == "usd_bn")]
    chosen = chosen[chosen["basis"].isin(["bulletin", "bulletin_non_financial"])]
    found: dict[tuple[str, int], dict[str, Decimal]] = {}
    chosen = chosen[chosen["indicator"].isin(["flow", "stock"])]
    columns = (chosen[name].tolist() for name in ("indicator", "year", "basis", "value"))
    for measure, year, basis, value in zip(*columns, strict=True):
        found.setdefault((measure, year), {})[basis] = Decimal(repr(value)) * 1000
    return found


def on_record(column: Column, total: Decimal) -> str:
    """Return the basis on which a total in US$ mn agrees with the one on record, or nothing."""
    for basis, known in _national().get((column.measure, column.year), {}).items():
        if abs(total - known) <= known * _ANNUAL_GAP:
            return basis
    return ""


@dataclass(frozen=True)
class Status:
    """How far a column can be relied on: complete, its basis, and its total if printed."""

    complete: bool
    basis: str
    total: Decimal | None


def check_sums(
    layout: Layout, rows: list[Row], column: Column, factor: Decimal, warnings: list[str]
) -> Status:
    """Compare the members with the printed continents and the printed total."""
    held = [row for row in rows if column.index in row.amounts]
    parts = [row for row in held if row.name.kind in ("member", "rest")]
    for row in held:
        if row.name.kind == "region":
            inside = [part for part in parts if part.region == row.name.key]
            _compare(layout, column, row, inside, factor, warnings)
    totals = [row for row in held if row.name.kind == "total"]
    if not totals:
        warnings.append(
            f"{layout.sheet.title}: no total is printed for the {column.measure} of {column.year}, "
            "so that year is taken as partial"
        )
        return Status(False, _basis(layout, held, column, ""), None)
    gap = _compare(layout, column, totals[0], parts, factor, warnings)
    total = totals[0].amounts[column.index]
    gross = sum((abs(row.amounts[column.index]) for row in parts), Decimal(0))
    at = layout.sheet.where(totals[0].index, column.index)
    # Hosts that a yearbook leaves out can be negative, so that the others exceed the total.
    if gap > 5 * _SUM_GAP * gross and not layout.yearbook:
        raise DataError(
            f"{at}: the {len(parts)} rows sum to {total + gap:,}, more than the printed total "
            f"{total:,} ({column.measure} of {column.year}): is a row counted twice, "
            "or a sum among the members?"
        )
    known_basis = on_record(column, total * factor)
    if not known_basis and (column.measure, column.year) in _national():
        warnings.append(_strange(layout, column, total * factor, at))
        return Status(False, _basis(layout, held, column, ""), total)
    whole = bool(known_basis) or _covers_the_world(layout, held)
    rests = any(row.name.kind == "rest" and row.amounts[column.index] for row in parts)
    complete = whole and not rests and abs(gap) <= _SUM_GAP * gross
    return Status(complete, _basis(layout, held, column, known_basis), total)


def _strange(layout: Layout, column: Column, total: Decimal, at: str) -> str:
    """Word the warning for a total that is not the nation's; refuse one that is far from it."""
    known = list(_national()[column.measure, column.year].values())
    words = (
        f"{at}: the total, {total:,.0f} million US dollars, is not the national {column.measure} "
        f"of {column.year} on record ({', '.join(f'{value:,.0f}' for value in known)})"
    )
    near = any(abs(total - value) <= value * 10 * _ANNUAL_GAP for value in known)
    if layout.subject == "industry" and not near:
        raise DataError(f"{words}: a table of all hosts together is expected")
    return f"{words}, so that year is taken as partial"


def _covers_the_world(layout: Layout, held: list[Row]) -> bool:
    """For a year without a total on record: five continents, or most sections, are there."""
    kind, least = ("region", 5) if layout.subject == "economy" else ("member", 15)
    return sum(row.name.kind == kind for row in held) >= least


def _compare(
    layout: Layout,
    column: Column,
    row: Row,
    parts: Iterable[Row],
    factor: Decimal,
    warnings: list[str],
) -> Decimal:
    """Warn of a sum that differs from the printed one by more than rounding; return the gap."""
    amounts = [part.amounts[column.index] for part in parts]
    if not amounts:
        return Decimal(0)
    printed = row.amounts[column.index]
    finest = min(_exponent(value) for value in [*amounts, printed])
    rounding = (len(amounts) + 1) * Decimal("0.5") * Decimal(10) ** finest
    gap = sum(amounts, Decimal(0)) - printed
    if abs(gap) > max(rounding, Decimal("1e-6")):
        warnings.append(
            f"{layout.sheet.where(row.index, column.index)}: the {column.measure} of {column.year} "
            f"of {row.text!r} is {printed:,}, its {len(amounts)} members sum to {printed + gap:,} "
            f"({gap * factor:+,.2f} million US dollars, more than rounding)"
        )
    return gap


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(0, exponent) if isinstance(exponent, int) else 0


def _basis(layout: Layout, held: list[Row], column: Column, known: str) -> str:
    """Name the statistical basis: up to 2006 the tables leave the financial industry out."""
    if known:
        return known
    finance = any(row.name == Name("member", "J") for row in held)
    old = column.year <= 2006 and not (layout.subject == "industry" and finance)
    return "bulletin_non_financial" if old else "bulletin"
