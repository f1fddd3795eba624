"""A user's copy of the China Global Investment Tracker, to counts and sums of transactions.

The workbook has one sheet each for investment, construction and troubled transactions, and one
that repeats the first two together; copies as CSV hold one of them. Titles stand above the
headings, whose wording differs between editions. No transaction is kept: the frames hold
aggregates only, which is what the tracker's terms allow to be passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

import pandas as pd

from .. import economies
from ..data.tables import load
from ..errors import DataError, UnknownNameError
from ..matching import fold
from . import cells
from .layout import NotATable
from .sheets import Sheet, reference

_COLUMNS = {
    "year": r"year|yr",
    "month": r"month",
    "entity": r"(investor|contractor|builder|chinese (entity|company|parent)|company|entity)"
    r"( or builder| or contractor| contractor| builder)?",
    "quantity": r"(quantity|amount|value|size)? ?(in )?(us ?\$?|usd)? ?millions?( usd| us dollars)?"
    r"|quantity|amount",
    "sector": r"sector",
    "subsector": r"sub ?sector",
    "country": r"(host )?country|economy",
    "bri": r"bri|belt and road( initiative)?|b and r",
    "greenfield": r"green ?field",
    "type": r"type|category",
}
_NEEDED = ("year", "quantity", "sector", "country")
_KINDS = ("investment", "construction", "troubled")
_TITLE_ROWS = 40
_SMALLEST = 95  # the tracker lists transactions of 100 million US dollars and more
# Builders of roads and bridges; everyone else under "Autos" makes vehicles.
_BUILDERS = re.compile(
    r"construction|engineering|railway|bridge|highway|road|harbou?r|hydro|gezhouba|power|mcc\b"
    r"|communications|civil|metallurg|geo-?engineering|genertec|sinomach|norinco|cric\b|poly\b",
    re.IGNORECASE,
)
# "Congo" alone is ambiguous elsewhere; the tracker writes the other one out.
_OWN_NAMES = {"congo": "COG"}
_YES = re.compile(r"1|true|yes|y|x|g|bri|greenfield", re.IGNORECASE)


@dataclass
class Deals:
    """Transactions of one sheet, of one kind, before they are added up."""

    kind: str
    frame: pd.DataFrame
    sheet: Sheet
    columns: dict[str, int]
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Header:
    """Where the headings stand, and which column is which."""

    row: int
    columns: dict[str, int]


def read_deals(sheet: Sheet) -> Deals:
    """Read the transactions in one sheet of the tracker.

    Raises
    ------
    NotATable
        If the sheet is not one of the tracker's.
    DataError
        If it is one and a cell is wrong or a country or sector is not known.
    """
    header = _header(sheet)
    kind = _kind(sheet, header)
    records: list[dict[str, object]] = []
    for i in range(header.row + 1, len(sheet.rows)):
        record = _record(sheet, header, i, kind)
        if record:
            records.append(record)
    if not records:
        raise DataError(f"{sheet.where(header.row, 0)}: no transaction follows the headings")
    deals = Deals(kind, pd.DataFrame(records), sheet, header.columns)
    _locate(deals)
    _classify(deals)
    if header.columns.get("bri") is None:
        deals.warnings.append(f"{sheet.title}: there is no column for the Belt and Road mark")
    small = deals.frame[deals.frame["value"] < _SMALLEST]
    if len(small):
        at = sheet.where(int(small["row"].iloc[0]), header.columns["quantity"])
        deals.warnings.append(
            f"{at}: {small['value'].iloc[0]:g} is below the tracker's threshold of 100 million US "
            f"dollars ({len(small)} such rows): are the amounts in millions?"
        )
    return deals


def _header(sheet: Sheet) -> Header:
    for i, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        columns: dict[str, int] = {}
        for j, value in enumerate(row):
            text = fold(str(value)) if isinstance(value, str) else ""
            for name, pattern in _COLUMNS.items():
                if re.fullmatch(pattern, text):
                    columns.setdefault(name, j)
        if {"year", "sector", "country"} <= columns.keys():
            missing = [name for name in _NEEDED if name not in columns]
            if missing:
                raise DataError(
                    f"{sheet.where(i, 0)}: the tracker's headings are here, but no column for the "
                    f"amount ('Quantity in Millions') is among them"
                )
            return Header(i, columns)
    raise NotATable(
        "the tracker's headings (Year, Sector, Country, Quantity in Millions) were not found"
    )


def _kind(sheet: Sheet, header: Header) -> str:
    """Tell the tracker's lists apart: by title, by heading, by the name of the sheet."""
    title = " ".join(
        cells.clean(v) for row in sheet.rows[: header.row] for v in row if v is not None
    )
    title = f"{title} {sheet.name}".casefold()
    column = header.columns.get("entity")
    entity = fold(str(sheet.get(header.row, column))) if column is not None else ""
    name = sheet.name.casefold().replace(" ", "")
    if "type" in header.columns:
        return "by row"
    if "troubl" in title or name == "dataset3":
        return "troubled"
    if (
        name in ("dataset1+2", "combined")
        or {"investor", "contractor"} <= set(entity.split())
        or "builder" in entity
    ):
        return "combined"
    if entity == "contractor" or name == "dataset2":
        return "construction"
    if entity == "investor" or name == "dataset1":
        return "investment"
    words = {"investment": "investment" in title, "construction": "construction" in title}
    if sum(words.values()) == 1:
        return next(kind for kind, said in words.items() if said)
    raise DataError(
        f"{sheet.where(header.row, column or 0)}: neither the title nor the heading 'Investor' or "
        "'Contractor' says whether this list is investment, construction or troubled"
    )


def _record(sheet: Sheet, header: Header, i: int, kind: str) -> dict[str, object] | None:
    """Read one row; rows without amount and year, such as notes, are passed over."""

    def cell(name: str) -> object:
        column = header.columns.get(name)
        return None if column is None else sheet.get(i, column)

    texts = {name: cells.clean(cell(name)) for name in _COLUMNS}
    if not texts["quantity"] and not (texts["year"] and texts["country"]):
        return None
    value = _amount(sheet, i, header.columns["quantity"], cell("quantity"))
    year = cells.year(cell("year"))
    if year is None or not re.fullmatch(r"\d{4}", texts["year"]):
        raise DataError(
            f"{sheet.where(i, header.columns['year'])}: {texts['year'][:40]!r} is not a year"
        )
    for name in ("country", "sector"):
        if not texts[name]:
            raise DataError(f"{sheet.where(i, header.columns[name])}: a {name} is expected")
    return {
        "row": i,
        "year": year,
        "month": _month(texts["month"]),
        "kind": _type(sheet, header, i, texts["type"]) if kind == "by row" else kind,
        "entity": texts["entity"],
        "sector": texts["sector"],
        "subsector": texts["subsector"],
        "country": texts["country"],
        "value": value,
        "bri": bool(_YES.fullmatch(texts["bri"])) if "bri" in header.columns else None,
        "greenfield": bool(_YES.fullmatch(texts["greenfield"]))
        if "greenfield" in header.columns
        else None,
    }


def _amount(sheet: Sheet, i: int, column: int, value: object) -> float:
    at = sheet.where(i, column)
    text = re.sub(r"^\s*(US)?\s*\$\s*", "", value) if isinstance(value, str) else value
    try:
        amount = cells.number(text)
    except cells.NotANumber as problem:
        raise DataError(
            f"{at}: {str(value)[:40]!r} {problem}; millions of US dollars are expected"
        ) from None
    if amount is None or amount <= Decimal(0):
        raise DataError(f"{at}: an amount above zero, in millions of US dollars, is expected")
    return float(amount)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _month(text: str) -> int:
    """Return 1 to 12; 12 where the month is not given."""
    if text.isdecimal() and 1 <= int(text) <= 12:
        return int(text)
    short = text[:3].casefold()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 12


def _type(sheet: Sheet, header: Header, i: int, text: str) -> str:
    for kind in _KINDS:
        if kind[:6] in text.casefold():
            return kind
    at = sheet.where(i, header.columns["type"])
    raise DataError(f"{at}: {text[:40]!r} is not investment, construction or troubled")


def _locate(deals: Deals) -> None:
    """Add the host's code; list the countries that are not known in one message."""
    codes: dict[str, str] = {}
    unknown: dict[str, int] = {}
    for row, country in zip(deals.frame["row"], deals.frame["country"], strict=True):
        if country in codes or country in unknown:
            continue
        try:
            code = _OWN_NAMES.get(country.casefold()) or economies.to_iso3(country)
            codes[country] = str(code)
        except UnknownNameError:
            unknown[country] = int(row)
    if unknown:
        raise DataError(
            f"{_listed(deals, 'countries that are not known', 'country', unknown)}; correct the "
            "names or take the rows out"
        )
    deals.frame["iso3"] = deals.frame["country"].map(codes)


@cache
def _crosswalk() -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """(sector, sub-sector, kind) of the tracker to analysis and broad sectors."""
    table = load("sector_crosswalk")
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for row in table[table["scheme"] == "deals"].itertuples():
        key = (str(row.class_code), str(row.subclass), str(row.kind))
        found.setdefault(key, []).append((str(row.analysis_sector), str(row.broad_sector)))
    return found


def _listed(deals: Deals, what: str, column: str, found: dict[str, int]) -> str:
    """List values with their cells, the first twenty."""
    at = deals.columns.get(column, deals.columns["sector"])
    shown = [f"{reference(row, at)} {value[:60]!r}" for value, row in list(found.items())[:20]]
    more = f" and {len(found) - 20} more" if len(found) > 20 else ""
    return f"{deals.sheet.title}: {what}: {', '.join(shown)}{more}"


def _slug(text: str) -> str:
    plain = "_".join(fold(text).split())
    return {"aluminum": "aluminium", "automobiles": "autos", "": "unspecified"}.get(plain, plain)


def _placed(sector: str, subsector: str, kind: str, entity: str) -> tuple[str, str, str] | None:
    """Return sub-sector, analysis sector and broad sector; None for an unknown sector."""
    table = _crosswalk()
    for sub in (subsector, "unspecified"):
        options = table.get((sector, sub, kind)) or table.get((sector, sub, "any"))
        if options:
            builder = len(options) > 1 and bool(_BUILDERS.search(entity))
            wanted = "transport_logistics" if builder else "manufacturing"
            pair = next((o for o in options if o[0] == wanted), options[0])
            return sub, *pair
    every = {option for key, options in table.items() if key[0] == sector for option in options}
    return ("unspecified", *every.pop()) if len(every) == 1 else None


def _classify(deals: Deals) -> None:
    """Add the sectors; refuse sectors that are not known, and name new sub-sectors."""
    placed: list[tuple[str, str, str, str]] = []
    unknown: dict[str, int] = {}
    new: dict[str, int] = {}
    columns = ["row", "sector", "subsector", "kind", "entity"]
    for row, sector, subsector, kind, entity in deals.frame[columns].itertuples(index=False):
        one, sub = _slug(sector), _slug(subsector)
        found = _placed(one, sub, "investment" if kind == "combined" else kind, entity)
        if found is None:
            unknown.setdefault(f"{sector}: {subsector}" if subsector else sector, int(row))
            continue
        if found[0] != sub:
            new.setdefault(f"{sector}: {subsector}", int(row))
        placed.append((one, *found))
    if unknown:
        raise DataError(
            f"{_listed(deals, 'sectors that are not known', 'sector', unknown)}; the tracker's "
            "sectors, as in sector_crosswalk, are expected"
        )
    if new:
        deals.warnings.append(
            _listed(deals, "new sub-sectors, counted under their sector", "subsector", new)
        )
    names = ["sector", "subsector", "analysis_sector", "broad_sector"]
    deals.frame[names] = pd.DataFrame(placed, columns=names, index=deals.frame.index)
