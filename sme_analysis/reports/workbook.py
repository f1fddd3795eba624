"""The tables of an executed report as one Excel workbook.

First a sheet of contents, then every table and the rows of every figure on a sheet of its own, then
the sources and the parameters. Numbers are numbers, dates are dates, what is missing is blank, and
no text is ever a formula. Equal notebooks give equal files.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import notebook as nb
from .tables import Table, Value, tables
from .words import LABELS, Labels, visible

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_NAME = 31  # characters of a sheet's name
_TEXT = 32_767  # characters of a cell
_ROWS = 1_048_576 - 8  # rows of a sheet, without those above the table
_NARROW, _WIDE = 8, 60  # widths of columns, in characters
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# Spreadsheets read a text such as _x000D_ as the character of that number.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can hold
_MADE = datetime.datetime(*_STAMP)
_INK, _SOFT, _ACCENT = "FF1D2327", "FF5A646B", "FF17506B"


def workbook(notebook: Mapping[str, Any], *, language: str = "en") -> bytes:
    """Return the tables of an executed notebook as an .xlsx file.

    Parameters
    ----------
    notebook : mapping
        A notebook of format 4 whose outputs carry rows, as `sme_analysis.display` leaves them.
    language : str
        Of the workbook's own words; a key of :data:`sme_analysis.reports.words.LABELS`.
    """
    from openpyxl import Workbook

    labels = LABELS[language]
    book = Workbook()
    contents: Worksheet = book.active
    names = _Names()
    contents.title = names.new(labels["contents"])
    listed = []
    every = tables(notebook)
    for table in sorted(every, key=lambda item: item.kind == "sources"):
        sheet = book.create_sheet(names.new(_sheet_name(table, labels)))
        _write_table(sheet, table, labels, contents.title)
        listed.append((sheet.title, table))
    parameters = book.create_sheet(names.new(labels["parameters"]))
    _write_parameters(parameters, notebook, labels, contents.title)
    _write_contents(contents, visible(nb.opening(notebook)[0]), listed, parameters.title, labels)
    return _saved(book, visible(nb.opening(notebook)[0]) or labels["report"])


class _Names:
    """Valid names of sheets, no two alike: case does not tell them apart."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}  # Excel keeps this one for itself

    def new(self, wanted: str) -> str:
        base = " ".join(_FORBIDDEN.sub(" ", wanted).split()).strip("'") or "-"
        name, number = _shortened(base, _NAME), 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{_shortened(base, _NAME - len(str(number)) - 1)} {number}"
        self._taken.add(name.casefold())
        return name


def _shortened(text: str, width: int) -> str:
    """Cut a text at a blank where there is a late one."""
    if len(text) <= width:
        return text
    cut = text[:width]
    return (cut[: cut.rindex(" ")] if " " in cut[width // 2 :] else cut).strip(" ,'")


def _sheet_name(table: Table, labels: Labels) -> str:
    kind = labels[table.kind]
    return kind if table.kind == "sources" and table.number == 1 else f"{kind} {table.number}"


def _write_table(sheet: Worksheet, table: Table, labels: Labels, contents: str) -> None:
    """Write a table: its words, a link back, the header, the rows."""
    title = table.title or table.section or labels[table.kind]
    if table.kind == "figure":
        title = f"{title} ({labels['figure_rows'].lower()})" if table.title else title
    top = _write_head(sheet, [title, table.subtitle, table.source], labels, contents)
    _write_rows(sheet, top, table.columns, list(table.values())[:_ROWS], table.types)
    for column, (kind, places) in enumerate(zip(table.types, table.decimals, strict=True), 1):
        form = _format(kind, places, table.kind)
        for row in range(top + 1, sheet.max_row + 1) if form else ():
            cell = sheet.cell(row, column)
            if cell.data_type in ("n", "d"):
                cell.number_format = form
    if len(table.rows) > _ROWS:
        _put(sheet.cell(1, 3), labels["cut"].format(rows=f"{_ROWS:,}"))


def _format(kind: str, places: int | None, of: str) -> str:
    """Return Excel's number format of a column: as the page shows it, the whole value kept."""
    if kind == "date":
        return "yyyy-mm-dd"
    if kind == "year":
        return "0"
    if kind not in ("integer", "number"):
        return ""
    if places is None:
        if of == "figure" and kind == "number":
            return ""  # nothing is known of the scale
        places = 0 if kind == "integer" else 1
    places = min(max(places, 0), 15)
    return "#,##0" + ("." + "0" * places if places else "")


def _write_parameters(
    sheet: Worksheet, notebook: Mapping[str, Any], labels: Labels, contents: str
) -> None:
    """Write what the report was run with and made from."""
    declared = nb.declared(notebook)
    rows: list[list[Value]] = []
    for name, value in nb.used(notebook).items():
        meaning = declared[name].help if name in declared else ""
        given: Value = value if isinstance(value, int | float) else _joined(value)
        rows.append([name, given, visible(meaning) or None])
    made = _made(notebook)
    for key in ("data_version", "package_version"):
        if key in made:
            rows.append([labels[key], made[key], None])
    top = _write_head(sheet, [labels["parameters"]], labels, contents)
    header = [labels["parameter"], labels["value"], labels["meaning"]]
    _write_rows(sheet, top, header, rows, ["string"] * 3)


def _joined(value: object) -> str | None:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return visible(text) or None


def _made(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the versions of data and package that the notebook's last lines note."""
    found: dict[str, str] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            noted = nb.noted(output, "text/html")
            found |= {k: visible(v) for k, v in noted.items() if isinstance(v, str)}
    return found


def _write_contents(
    sheet: Worksheet,
    title: str,
    listed: Sequence[tuple[str, Table]],
    parameters: str,
    labels: Labels,
) -> None:
    top = _write_head(sheet, [title or labels["report"]], labels, "")
    header = [labels[key] for key in ("sheet", "section", "what", "measure", "rows")]
    rows: list[list[Value]] = [
        [name, item.section, item.title or None, item.subtitle or None, len(item.rows)]
        for name, item in listed
    ]
    rows.append([parameters, None, None, None, None])
    _write_rows(sheet, top, header, rows, ["string"] * 4 + ["integer"])
    for row in range(top + 1, top + 1 + len(rows)):
        _link(sheet.cell(row, 1), str(sheet.cell(row, 1).value))


def _write_head(sheet: Worksheet, lines: Iterable[str], labels: Labels, contents: str) -> int:
    """Write the lines above a table and return the row of its header."""
    from openpyxl.styles import Font

    row = 0
    for row, line in enumerate([line for line in lines if line], start=1):
        cell = sheet.cell(row, 1)
        _put(cell, line)
        cell.font = Font(bold=True, size=13, color=_INK) if row == 1 else Font(color=_SOFT)
    if contents:
        row += 1
        _put(sheet.cell(row, 1), labels["back"])
        _link(sheet.cell(row, 1), contents)
    return row + 2


def _link(cell: Cell, sheet: str) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    place = f"'{sheet.replace(chr(39), chr(39) * 2)}'!A1"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)
    cell.font = Font(color=_ACCENT, underline="single")


def _write_rows(
    sheet: Worksheet,
    top: int,
    header: Sequence[str],
    rows: Sequence[Sequence[Value]],
    types: Sequence[str],
) -> None:
    """Write a header that stays in sight, typed rows under it, and fit the columns' widths."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    rule = Border(bottom=Side("thin", color=_INK))
    fill = PatternFill("solid", fgColor="FFF0F3F4")
    for column, name in enumerate(header, start=1):
        cell = sheet.cell(top, column)
        _put(cell, name)
        cell.font, cell.border, cell.fill = Font(bold=True, color=_INK), rule, fill
        side = "right" if types[column - 1] in ("integer", "number") else "left"
        cell.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True)
    for number, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(number, column)
                _put(cell, value)
                if isinstance(value, str) and len(value) > _WIDE:
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    if rows:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(header))}{top + len(rows)}"
    for column, name in enumerate(header, start=1):
        longest = max((_length(row[column - 1]) for row in rows), default=0)
        width = max(longest, min(len(name), 18)) + 2
        sheet.column_dimensions[get_column_letter(column)].width = max(_NARROW, min(width, _WIDE))


def _length(value: Value) -> int:
    """Estimate a cell's width in characters; those of Chinese are two wide."""
    if isinstance(value, float):
        return len(f"{value:,.2f}")
    text = "" if value is None else str(value)
    return len(text) + sum(character >= "\u1100" for character in text)


def _put(cell: Cell, value: Value) -> None:
    """Write a value in its type; a text stays a text, whatever it begins with."""
    if isinstance(value, float) and not math.isfinite(value):
        value = "∞" if value > 0 else "−∞"  # a spreadsheet has no infinite number
    if not isinstance(value, str):
        cell.value = value
        return
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = ILLEGAL_CHARACTERS_RE.sub("", _ESCAPE.sub("_x005F_", value))[:_TEXT]
    cell.value = text
    if cell.data_type != "s":  # openpyxl took it for a formula or for an error of Excel's
        cell.data_type = "s"
    if text[:1] in tuple("=+-@"):
        cell.quotePrefix = True  # and a spreadsheet does not when the cell is edited


def _saved(book: Workbook, title: str) -> bytes:
    """Return the file, without the time at which it was written."""
    book.properties.title = title
    book.properties.creator = "sme_analysis"
    book.properties.created = _MADE
    out = io.BytesIO()
    book.save(out)
    again = io.BytesIO()
    with zipfile.ZipFile(out) as made, zipfile.ZipFile(again, "w") as target:
        for entry in made.infolist():
            content = made.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content
                )
            whole = zipfile.ZipInfo(entry.filename, _STAMP)
            whole.external_attr = 0o600 << 16
            target.writestr(whole, content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
    return again.getvalue()
