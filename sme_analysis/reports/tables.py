"""The rows behind the figures and tables of an executed notebook, and their form as CSV files.

`sme_analysis.display` leaves the rows of whatever it shows beside it, as an output of type
`text/csv` with the columns' types in its metadata. Both are read here as they stand in the file:
they may come from anyone, and what does not fit is taken for text or left out.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import notebook as nb
from .words import visible

Value = str | int | float | bool | datetime.date | None

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?|[+-]?INF")
# What a spreadsheet takes for a formula, also behind blanks and in the full width of Chinese text.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Table:
    """The rows of one figure or table.

    Attributes
    ----------
    kind : str
        "figure", "table" or "sources".
    number : int
        Counts within the kind, from 1, in the order of the page.
    section : str
        The heading it stands under.
    title, subtitle, source : str
        The finding, the measure with its unit, the source line; blank where not known.
    columns : tuple of str
    types : tuple of str
        As :func:`sme_analysis.tabular.types` names them; "string" where not known.
    decimals : tuple of int or None
        Shown decimals of each column; None for the usual ones.
    rows : tuple of tuple of str
        Blank for what is missing.
    """

    kind: str
    number: int
    section: str
    title: str
    subtitle: str
    source: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    decimals: tuple[int | None, ...]
    rows: tuple[tuple[str, ...], ...]

    def values(self) -> Iterator[list[Value]]:
        """Yield each row with its cells in their types; None for a blank."""
        for row in self.rows:
            yield [typed(text, kind) for text, kind in zip(row, self.types, strict=True)]


def typed(text: str, kind: str) -> Value:
    """Return a cell in its type, or as text if it does not fit.

    Examples
    --------
    >>> typed("2.5", "number"), typed("=1+1", "number"), typed("", "string")
    (2.5, '=1+1', None)
    """
    if text == "":
        return None
    try:
        if kind in ("year", "integer") and re.fullmatch(r"[+-]?\d{1,15}", text):
            return int(text)
        if kind in ("year", "integer", "number") and _NUMBER.fullmatch(text):
            return float(text.replace("INF", "inf"))
        if kind == "boolean" and text in ("true", "false"):
            return text == "true"
        if kind == "date":
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    return text


class Reader:
    """Reads the rows of one output after another; counts figures and tables as a page does."""

    def __init__(self) -> None:
        self._counts = {"figure": 0, "table": 0, "sources": 0}

    def read(self, output: Mapping[str, Any], section: str) -> Table | None:
        """Return the rows beside an output, or None if it has none that can be read."""
        data = output.get("data")
        if not isinstance(data, Mapping) or "text/csv" not in data:
            return None
        lines = _lines(nb.joined(data["text/csv"]))
        if not lines or not lines[0]:
            return None
        about = nb.noted(output, "text/csv")
        kind = "figure" if any(str(key).startswith("image/") for key in data) else "table"
        if kind == "table" and about.get("kind") == "sources":
            kind = "sources"
        self._counts[kind] += 1
        width = len(lines[0])
        return Table(
            kind=kind,
            number=self._counts[kind],
            section=section,
            title=_text(about.get("title")),
            subtitle=_text(about.get("subtitle")),
            source=_text(about.get("source")),
            columns=tuple(map(visible, lines[0])),
            types=tuple(_padded(about.get("types"), width, str, "string")),
            decimals=tuple(_padded(about.get("decimals"), width, int, None)),
            rows=tuple(
                tuple(map(visible, (*row, *[""] * width)[:width])) for row in lines[1:] if row
            ),
        )


def tables(notebook: Mapping[str, Any]) -> list[Table]:
    """Return the rows of every figure and table of an executed notebook, in its order."""
    reader, found, section = Reader(), [], ""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            section = _heading(nb.source(cell)) or section
        hidden = {"remove-cell", "remove-output"}.intersection(nb.tags(cell))
        for output in [] if hidden else cell.get("outputs", []):
            table = reader.read(output, section)
            if table is not None:
                found.append(table)
    return found


def csv_file(table: Table) -> bytes:
    """Return the rows as a CSV file that a spreadsheet opens rightly and harmlessly.

    It begins with a byte order mark: without one Excel takes UTF-8 for the local code page, and
    "Côte d'Ivoire" is lost; pandas, R's readr and LibreOffice pass over it. Lines end as RFC 4180
    has it. A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(harmless, table.columns))
    writer.writerows(map(harmless, row) for row in table.rows)
    return (_BOM + out.getvalue()).encode("utf-8")


def harmless(text: str) -> str:
    """Return a cell's text that no spreadsheet takes for a formula; numbers stay as they are.

    Examples
    --------
    >>> harmless("=1+1"), harmless("-1.5"), harmless("Viet Nam")
    ("'=1+1", '-1.5', 'Viet Nam')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _lines(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return []


def _text(value: object) -> str:
    return visible(value) if isinstance(value, str) else ""


def _padded(values: object, width: int, kind: type, default: Any) -> list[Any]:
    given = list(values) if isinstance(values, list) else []
    fit = [value if isinstance(value, kind) else default for value in given[:width]]
    return fit + [default] * (width - len(fit))


def _heading(text: str) -> str:
    """Return the last heading of the second level in a markdown cell."""
    found = re.findall(r"^##[ \t]+(.+?)[ \t#]*$", text, re.MULTILINE)
    return visible(found[-1]) if found else ""
