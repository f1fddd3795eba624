"""Finding an official table in a sheet: where its names are, and what each column holds.

Headings may take several rows and be merged over columns; only the first cell of a merged range
has a text, so a heading is carried to the right as far as no other heading begins above or in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from . import cells
from .names import Kind, Subject, understand
from .sheets import Sheet

_LOOK = 60  # rows from the top in which headings are looked for
_LONGEST = 2_000  # rows; some 250 hosts, continents, notes and repeated headings are far fewer
_LEVELS = 5  # rows that headings may take
_STOCK = re.compile(
    r"存量|累计|截至|年[末底]|stock|accumulat|cumulat|year-?\s?end|end of|as of", re.I
)
_FLOW = re.compile(r"流量|净额|\bflows?\b|net (overseas|outward|odi|ofdi)", re.I)
_ASIDE = re.compile(
    r"比重|占比|比例|份额|增长|增速|同比|%|名次|排名|序号|企业数|家数|share|growth|increase|percent"
    r"|proportion|rank|number of|change",
    re.I,
)
_YEARBOOK = re.compile(r"年鉴|yearbook|净额|按(主要)?(国别|行业)|net (overseas|outward)", re.I)


@dataclass(frozen=True)
class Column:
    """What one column holds: a measure of one year."""

    index: int
    measure: str
    year: int


@dataclass(frozen=True)
class Layout:
    """Where a table stands in its sheet."""

    sheet: Sheet
    subject: Subject
    columns: tuple[Column, ...]
    names: tuple[int, ...]
    heading: range
    first: int
    yearbook: bool
    unlabelled: tuple[int, ...]

    def name(self, row: int) -> str:
        """Return the name in a row: the texts of its name columns."""
        texts = (cells.label(self.sheet.get(row, j)) for j in self.names)
        return " ".join(dict.fromkeys(text for text in texts if text and not text.isdecimal()))


class NotATable(Exception):  # noqa: N818 - a finding, not a fault
    """A sheet that is none of the tables; the text says why."""


def find(sheet: Sheet) -> Layout:
    """Find the table in a sheet.

    Raises
    ------
    NotATable
        If the sheet holds no table by host or by industry with years as headings.
    """
    rows = sheet.rows
    if len(rows) > _LONGEST:
        raise NotATable(f"it has {len(rows):,} rows, more than any table by host or industry")
    top = next((i for i in range(min(len(rows), _LOOK)) if _is_heading(sheet, i)), None)
    if top is None:
        raise NotATable("no row of headings with years was found")
    width = max(len(row) for row in rows)
    numeric = {j for j in range(width) if _mostly_figures(sheet, top + 1, j)}
    names = tuple(
        j for j in range(min(width, 4)) if j not in numeric and _mostly_text(sheet, top + 1, j)
    )
    if not names:
        raise NotATable("no column of names was found")
    first = next((i for i in range(top + 1, len(rows)) if _is_data(sheet, i, names, numeric)), None)
    if first is None or not numeric:
        raise NotATable("no row with a known name and figures follows the headings")
    subject = _subject(sheet, names, numeric, first)
    heading = range(_upwards(sheet, top), first)
    columns, unlabelled = _columns(sheet, heading, sorted(numeric - set(names)))
    if not columns:
        raise NotATable("no column of figures has a year as its heading")
    text = _above(sheet, first)
    yearbook = bool(_YEARBOOK.search(text)) or len({column.measure for column in columns}) > 1
    return Layout(sheet, subject, columns, names, heading, first, yearbook, unlabelled)


def _is_heading(sheet: Sheet, i: int) -> bool:
    """A row of headings: a year in a short cell beside others, and nothing like an amount."""
    filled = [j for j, value in enumerate(sheet.rows[i]) if value is not None]
    if len(filled) < 2:
        return False
    years = [j for j in filled[1:] if _short_year(sheet.get(i, j)) is not None]
    if filled[0] > 0 and _short_year(sheet.get(i, filled[0])) is not None:
        years.append(filled[0])
    return bool(years) and len(years) >= sum(_is_figure(sheet.get(i, j)) for j in filled[1:])


def _short_year(value: object) -> int | None:
    return cells.year(value) if len(str(value)) <= 80 else None


def _is_figure(value: object) -> bool:
    try:
        return value is not None and cells.number(value) is not None
    except cells.NotANumber:
        return False


def _body(sheet: Sheet, start: int, column: int) -> list[object]:
    found = [sheet.get(i, column) for i in range(start, min(len(sheet.rows), start + 400))]
    return [value for value in found if value is not None and cells.clean(value)]


def _mostly_figures(sheet: Sheet, start: int, column: int) -> bool:
    """Whether most cells below the headings are amounts or signs for none."""
    body = _body(sheet, start, column)
    figures = sum(
        _is_figure(value) or cells.clean(value).casefold() in cells.MISSING for value in body
    )
    marks = sum(set(cells.clean(value)) <= set("-–—−…. ") for value in body)
    return (bool(body) and max(figures, marks) * 2 > len(body)) or _some_figures(body)


def _some_figures(body: list[object]) -> bool:
    return sum(_is_figure(value) for value in body) >= 3 and len(body) <= 8


def _mostly_text(sheet: Sheet, start: int, column: int) -> bool:
    body = _body(sheet, start, column)
    return (
        sum(bool(re.search(r"[^\W\d_]", cells.clean(value))) for value in body) * 2 > len(body) > 0
    )


def _label(sheet: Sheet, i: int, names: Iterable[int]) -> str:
    texts = (cells.label(sheet.get(i, j)) for j in names)
    return " ".join(dict.fromkeys(text for text in texts if text))


def _kinds(text: str) -> set[Kind]:
    return {understand(text, "economy").kind, understand(text, "industry").kind}


def _is_data(sheet: Sheet, i: int, names: tuple[int, ...], numeric: set[int]) -> bool:
    text = _label(sheet, i, names)
    if not text:
        return False
    amounts = [
        value for j in numeric if _is_figure(value := sheet.get(i, j)) and cells.year(value) is None
    ]
    return bool(amounts) or _kinds(text) != {"unknown"}


def _subject(sheet: Sheet, names: tuple[int, ...], numeric: set[int], first: int) -> Subject:
    """Decide from the names whether the table is by host or by industry."""
    texts = [
        text
        for i in range(first, len(sheet.rows))
        if (text := _label(sheet, i, names)) and any(_is_figure(sheet.get(i, j)) for j in numeric)
    ]
    subjects: tuple[Subject, Subject] = ("economy", "industry")
    known = {s: sum(understand(t, s).kind == "member" for t in texts) for s in subjects}
    best = max(subjects, key=lambda s: known[s])
    counted = [text for text in texts if _kinds(text) <= {"member", "unknown"}]
    if not known[best] or known[best] * 2 < len(counted):
        strange = next((t for t in counted if understand(t, best).kind == "unknown"), "")
        raise NotATable(
            f"most of its rows are neither economies nor industries (such as {strange!r})"
        )
    return best


def _upwards(sheet: Sheet, top: int) -> int:
    """Take in the rows of group headings directly above the years."""
    start = top
    while start > 0 and top - start < _LEVELS:
        above = [cells.clean(value) for value in sheet.rows[start - 1][1:] if value is not None]
        if not any(_measure(text) and len(text) <= 80 and not _titled(text) for text in above):
            break
        start -= 1
    return start


def _titled(text: str) -> bool:
    return cells.year(text) is None and bool(re.search(r"(19|20)\d\d", text))


def _measure(text: str) -> str | None:
    if _STOCK.search(text):
        return "stock"
    return "flow" if _FLOW.search(text) else None


def _texts(sheet: Sheet, heading: range, column: int) -> list[tuple[str, object]]:
    """Return the headings over a column from the bottom up, with those of merged cells."""
    own = {i: cells.clean(sheet.get(i, column)) for i in heading}
    if not any(own.values()):
        return []
    found: list[tuple[str, object]] = []
    for i in reversed(heading):
        if own[i]:
            found.append((own[i], sheet.get(i, column)))
        elif not any(own[k] for k in heading if k < i):
            left = next((j for j in range(column - 1, 0, -1) if sheet.get(i, j) is not None), None)
            if left is not None:
                found.append((cells.clean(sheet.get(i, left)), sheet.get(i, left)))
    return found


def _columns(
    sheet: Sheet, heading: range, numeric: list[int]
) -> tuple[tuple[Column, ...], tuple[int, ...]]:
    """Read the headings: year and measure of every column of figures."""
    above = " ".join(
        cells.clean(v) for row in sheet.rows[: heading.start] for v in row if v is not None
    )
    titles = {m for m in (_measure_once(above), _measure_once(sheet.name)) if m}
    fallback = titles or {m for m in (_measure_once(sheet.file),) if m}
    columns: list[Column] = []
    unlabelled: list[int] = []
    for j in numeric:
        texts = [pair for pair in _texts(sheet, heading, j) if pair[0]]
        year = next((y for _, value in texts if (y := _short_year(value)) is not None), None)
        if any(_ASIDE.search(text) for text, _ in texts) or (texts and year is None):
            continue
        if year is None:
            unlabelled.append(j)
            continue
        measure = next((m for text, _ in texts if (m := _measure(text))), None)
        if measure is None:
            measure = next(iter(fallback)) if len(fallback) == 1 else ""
        columns.append(Column(j, measure, year))
    return tuple(columns), tuple(unlabelled)


def _measure_once(text: str) -> str | None:
    """Return the measure that a title names, or None when it names none or both."""
    if _STOCK.search(text) and _FLOW.search(text) and not re.search("累计净额", text):
        return None
    return _measure(text)


def _above(sheet: Sheet, first: int) -> str:
    return " ".join(cells.clean(v) for row in sheet.rows[:first] for v in row if v is not None)
