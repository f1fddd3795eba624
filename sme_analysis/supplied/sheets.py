"""Opening a user's file: only cells are read, nothing in it is run, and what is too big is refused.

A workbook is a zip archive of XML. Before it is parsed, every member is unpacked in small pieces
and counted, so that a small file cannot fill the memory, and a document type declaration, the way
to external or exploding entities, is refused. Formulas are not computed: their stored results are
read, and a formula without one is named.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError

MAX_BYTES = 50_000_000
MAX_UNPACKED = 300_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 300
MAX_SHEETS = 60
MAX_CELLS = 3_000_000
_MANY_BLANK = 2_000  # blank rows after which a sheet is taken to have ended
_SAVE = "open it in a spreadsheet program and save it as .xlsx"
SUFFIXES = (".xlsx", ".csv", ".tsv")


@dataclass(frozen=True)
class Sheet:
    """Cells of one sheet, or of a CSV file; `rows[i][j]` is None where a cell is empty."""

    file: str
    name: str
    rows: tuple[tuple[object, ...], ...]

    def get(self, row: int, column: int) -> object:
        """Return what a cell holds; cells outside the sheet are empty."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    @property
    def title(self) -> str:
        """How the sheet is named in a message."""
        return f"{self.file}, sheet {self.name!r}" if self.name else self.file

    def where(self, row: int, column: int) -> str:
        """Say where a cell is: file, sheet and its A1 reference."""
        return f"{self.title}, {reference(row, column)}"


def reference(row: int, column: int) -> str:
    """Return the A1 reference of a cell given from zero.

    >>> reference(0, 0), reference(9, 27)
    ('A1', 'AB10')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def open_sheets(path: Path | str) -> list[Sheet]:
    """Read every sheet of a workbook, or the one table of a CSV or TSV file.

    Parameters
    ----------
    path : path-like
        An existing file. Its kind is taken from its content; .xlsx, .csv (comma, semicolon or
        tab; UTF-8, UTF-16 with mark, or GB18030) and .tsv are read.

    Raises
    ------
    DataError
        If the file is missing, too large, of another kind, protected, or damaged.
    """
    path = Path(path)
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "does not exist"
        raise DataError(f"{path.name or path} {what}: name a .xlsx, .csv or .tsv file")
    name = path.name
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DataError(
            f"{name} has {size / 1e6:,.0f} MB: files up to {MAX_BYTES / 1e6:.0f} MB are read"
        )
    if size == 0:
        raise DataError(f"{name} is empty: a table is expected")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(
            f"{name} is an old .xls workbook or is protected by a password: {_SAVE}, "
            "without a password"
        )
    if path.suffix.casefold() == ".xls":
        raise DataError(f"{name} is named .xls, which is not read: {_SAVE}")
    if content.startswith(b"PK"):
        return _workbook(name, content)
    if content.startswith(b"%PDF"):
        raise DataError(f"{name} is a PDF: copy the table into a spreadsheet and save it as .xlsx")
    return [_text(name, content, "\t" if path.suffix.casefold() == ".tsv" else None)]


def _workbook(name: str, content: bytes) -> list[Sheet]:
    """Check the archive, then read the cells of its worksheets."""
    formulas = _checked(name, content)
    from openpyxl import load_workbook  # only for a workbook: slow to import

    sheets: list[Sheet] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that are not read
            book = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            if len(book.worksheets) > MAX_SHEETS:
                raise DataError(
                    f"{name} has {len(book.worksheets)} sheets: up to {MAX_SHEETS} are read"
                )
            sheets = [
                Sheet(name, ws.title, _cells(f"{name}, sheet {ws.title!r}", ws))
                for ws in book.worksheets
            ]
            book.close()
            if formulas:
                _computed(content, sheets)
    except DataError:
        raise
    except MemoryError:
        raise DataError(f"{name} is too large for the memory of this machine") from None
    except Exception as error:
        # A damaged workbook can fail anywhere in the parser, with any kind of error.
        raise DataError(
            f"{name} is damaged and cannot be read as a workbook ({type(error).__name__}): "
            f"{_SAVE} again"
        ) from None
    return sheets


def _checked(name: str, content: bytes) -> bool:
    """Refuse what is not a plain workbook; return whether any sheet has formulas."""
    formulas, unpacked = False, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.namelist()
            _is_workbook(name, members)
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise DataError(_too_much(name))
            for member in members:
                for piece in _pieces(archive, member):
                    unpacked += len(piece)
                    formulas |= _inspected(name, member, piece, unpacked)
    except DataError:
        raise
    except Exception as error:
        # A damaged archive fails in zipfile, zlib or lzma, each with errors of its own.
        raise DataError(
            f"{name} is damaged or cut short and cannot be unpacked ({error}): {_SAVE} again"
        ) from None
    return formulas


def _inspected(name: str, member: str, piece: bytes, unpacked: int) -> bool:
    """Refuse a piece that is too much or declares entities; return whether it has a formula."""
    if unpacked > MAX_UNPACKED:
        raise DataError(_too_much(name))
    if not member.endswith((".xml", ".rels", ".vml")):
        return False
    plain = piece.replace(b"\x00", b"")  # without what UTF-16 puts between letters
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise DataError(
            f"{name} declares a document type or entities in {member}, which no spreadsheet "
            "program does: it is not read"
        )
    return member.startswith("xl/worksheets/") and bool(re.search(rb"<(?:\w+:)?f[\s/>]", plain))


def _too_much(name: str) -> str:
    return f"{name} unpacks to more than {MAX_UNPACKED / 1e6:.0f} MB: such a file is not read"


def _is_workbook(name: str, members: list[str]) -> None:
    if "xl/workbook.xml" not in members:
        kind = "an OpenDocument or other archive" if "mimetype" in members else "a zip archive"
        raise DataError(f"{name} is {kind}, not an .xlsx workbook: {_SAVE}")
    if any(member.endswith("vbaProject.bin") for member in members):
        raise DataError(f"{name} holds macros: {_SAVE}, without macros")


def _pieces(archive: zipfile.ZipFile, member: str, size: int = 1 << 20) -> Iterator[bytes]:
    """Unpack a member in pieces that overlap by a few bytes, so that no word is cut in two."""
    tail = b""
    with archive.open(member) as file:
        while piece := file.read(size):
            yield tail + piece
            tail = piece[-40:]


def _cells(where: str, worksheet: Any) -> tuple[tuple[object, ...], ...]:
    """Read the cells of one worksheet, without the empty ones at the end of rows and sheet."""
    worksheet.reset_dimensions()  # the stated size is often wrong
    rows: list[tuple[object, ...]] = []
    blank = cells = 0
    for row in worksheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1):
        kept = _trimmed(row)
        blank = 0 if kept else blank + 1
        if blank > _MANY_BLANK:
            break
        rows.append(kept)
        cells += len(kept)
        if len(kept) > MAX_COLUMNS:
            raise DataError(
                f"{where} has more than {MAX_COLUMNS} columns: a table of this kind has fewer"
            )
        if len(rows) - blank > MAX_ROWS or cells > MAX_CELLS:
            raise DataError(
                f"{where} has more than {MAX_ROWS:,} rows: a table of this kind has fewer"
            )
    return tuple(rows[: len(rows) - blank])


def _trimmed(row: tuple[object, ...]) -> tuple[object, ...]:
    end = len(row)
    while end and (row[end - 1] is None or row[end - 1] == ""):
        end -= 1
    return tuple(None if value == "" else value for value in row[:end])


def _computed(content: bytes, sheets: list[Sheet]) -> None:
    """Name the first formula whose result is not stored: read as a value, it would be a blank."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    for sheet, worksheet in zip(sheets, book.worksheets, strict=True):
        worksheet.reset_dimensions()
        for i, row in enumerate(
            worksheet.iter_rows(max_row=len(sheet.rows) + _MANY_BLANK, max_col=MAX_COLUMNS)
        ):
            for j, cell in enumerate(row):
                if cell.data_type == "f" and (i >= len(sheet.rows) or sheet.get(i, j) is None):
                    raise DataError(
                        f"{sheet.where(i, j)}: a formula without a stored result, where a value is "
                        "expected: open the file in a spreadsheet program, save it, and try again"
                    )
    book.close()


def _text(name: str, content: bytes, delimiter: str | None) -> Sheet:
    """Read a CSV or TSV file."""
    text = _decoded(name, content)
    if "\x00" in text:
        raise DataError(f"{name} is not a text file: a .xlsx, .csv or .tsv table is expected")
    if re.match(r"\s*<(?:!doctype|html|\?xml|table)", text, flags=re.IGNORECASE):
        raise DataError(f"{name} is a web page or an XML file, not a table: {_SAVE}")
    head = "\n".join(text.splitlines()[:50])
    delimiter = delimiter or max("\t,;", key=lambda mark: (head.count(mark), mark == ","))
    rows: list[tuple[object, ...]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(_trimmed(tuple(row)))
            cells += len(rows[-1])
            if len(rows) > MAX_ROWS or cells > MAX_CELLS:
                raise DataError(
                    f"{name} has more than {MAX_ROWS:,} rows: a table of this kind has fewer"
                )
            if len(rows[-1]) > MAX_COLUMNS:
                raise DataError(
                    f"{name}, row {len(rows)} has more than {MAX_COLUMNS} columns: a table of "
                    "this kind has fewer"
                )
    except csv.Error as error:
        raise DataError(
            f"{name}, row {len(rows) + 1}: cannot be split into columns ({error}): check the "
            "quotation marks"
        ) from None
    return Sheet(name, "", tuple(rows))


def _decoded(name: str, content: bytes) -> str:
    """Decode UTF-8, UTF-16 with a byte order mark, or GB18030, the Chinese standard."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    problem = ""
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            problem = problem or f"row {line}"
    raise DataError(
        f"{name}, {problem}: the text is neither UTF-8 nor GB18030: save it as CSV UTF-8"
    )
