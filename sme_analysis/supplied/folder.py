"""Reading a user's files: every sheet is recognised by what it holds, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from ..data import catalogue
from ..data.tables import load
from ..errors import DataError, UnknownNameError, unknown
from .layout import NotATable
from .merging import Prefer, merge
from .official import Table, read_official
from .sheets import SUFFIXES, Sheet, open_sheets
from .totals import added_up
from .tracker import Deals, read_deals

_MAX_FILES = 200
_EXPECTED = (
    "the bulletin's tables by country or by industry, the yearbook's two tables, or the investment "
    "tracker are expected"
)


@dataclass(frozen=True)
class Reading:
    """One table that was read, and where it stood.

    `detail` says what part of it was used: all of it, or which years another file provides.
    """

    file: str
    sheet: str
    table: str
    measures: tuple[str, ...]
    years: tuple[int, ...]
    rows: int
    detail: str = ""


@dataclass(frozen=True)
class Supplied:
    """What was read from a user's files.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        By table: `outward_fdi_by_economy`, `outward_fdi_by_industry` and `deals_by_sector` with
        the columns of the shipped tables, `deals_by_economy_and_year`; only those that were read.
    readings : tuple of Reading
        Which table was read from which file and sheet.
    warnings : tuple of str
        What a reader should know: sums that differ, years taken as partial, columns left out.
    unread : tuple of str
        Files and sheets that are none of the tables, each with the reason.
    """

    frames: Mapping[str, pd.DataFrame]
    readings: tuple[Reading, ...]
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def frame(self, table: str) -> pd.DataFrame:
        """Return a copy of one supplied table.

        Raises
        ------
        UnknownNameError
            If the user's files hold no such table.
        """
        if table not in self.frames:
            raise UnknownNameError(unknown("supplied table", table, self.frames))
        return self.frames[table].copy()

    def merged(self, table: str, *, prefer: Prefer = "shipped") -> pd.DataFrame:
        """Return a shipped table with the user's figures, as :func:`merge` joins them.

        A table that was not supplied comes back as shipped.
        """
        shipped = load(table)
        if table not in self.frames:
            return shipped
        return merge(shipped, self.frames[table], prefer=prefer)

    def summary(self) -> pd.DataFrame:
        """List what was read from where, one row per table and sheet."""
        columns = [
            "file",
            "sheet",
            "table",
            "measures",
            "first_year",
            "last_year",
            "rows",
            "detail",
        ]
        rows = [
            [
                r.file,
                r.sheet,
                r.table,
                ", ".join(r.measures),
                r.years[0],
                r.years[-1],
                r.rows,
                r.detail,
            ]
            for r in self.readings
        ]
        return pd.DataFrame(rows, columns=columns)


def own(folder: str = "") -> Supplied:
    """Read a user's folder, or nothing: the call of a notebook's parameter `own_files`.

    Raises
    ------
    DataError
        As :func:`read_folder`.
    """
    return read_folder(folder) if folder else Supplied({}, ())


def read_folder(path: Path | str) -> Supplied:
    """Read every table in a folder that is one of those known here.

    Parameters
    ----------
    path : path-like
        An existing folder with .xlsx, .csv or .tsv files. Folders inside it, hidden files and
        files of other kinds are passed over and listed in `unread`. Nothing is written.

    Returns
    -------
    Supplied
        Where two files hold the same year and measure, the complete one is used, else the one
        with the later last year: an edition revises the years before it.

    Raises
    ------
    DataError
        If the folder does not exist or holds no known table, or a file is damaged or wrong: the
        message names file, sheet, row and column and what was expected.
    """
    folder = Path(path)
    if not folder.is_dir():
        what = "is a file" if folder.is_file() else "does not exist"
        raise DataError(
            f"the folder {str(path)!r} {what}: name a folder with .xlsx, .csv or .tsv files"
        )
    files = sorted(f for f in folder.iterdir() if not f.name.startswith((".", "~$")))
    if len(files) > _MAX_FILES:
        raise DataError(
            f"the folder {folder.name!r} holds {len(files)} files: up to {_MAX_FILES} are read"
        )
    return _read(files, folder.name)


def read_file(path: Path | str) -> Supplied:
    """Read every known table in one file.

    Raises
    ------
    DataError
        As :func:`read_folder`.
    """
    return _read([Path(path)], Path(path).name, alone=True)


def _read(files: Iterable[Path], where: str, *, alone: bool = False) -> Supplied:
    tables: list[Table] = []
    editions: list[list[Deals]] = []
    unread: list[str] = []
    for file in files:
        if not alone and (
            file.is_dir() or file.suffix.casefold() not in (*SUFFIXES, ".xls", ".xlsm")
        ):
            unread.append(f"{file.name}: not a .xlsx, .csv or .tsv file")
            continue
        lists: list[Deals] = []
        for sheet in open_sheets(file):
            found = _recognised(sheet)
            if isinstance(found, Table):
                tables.append(found)
            elif isinstance(found, Deals):
                lists.append(found)
            else:
                unread.append(f"{sheet.title}: {found}")
        if lists:
            editions.append(lists)
    if not tables and not editions:
        why = f" ({'; '.join(unread[:5])})" if unread else ""
        raise DataError(f"{where}: no table was recognised{why}: {_EXPECTED}")
    return _collected(tables, _editions(editions), unread)


def _recognised(sheet: Sheet) -> Table | Deals | str:
    """Return the table in a sheet, or the reason why it is none."""
    if not any(sheet.rows):
        return "the sheet is empty"
    try:
        return read_deals(sheet)
    except NotATable:
        pass
    try:
        return read_official(sheet)
    except NotATable as reason:
        return str(reason)


def _editions(editions: list[list[Deals]]) -> list[Deals]:
    """Use one edition of the tracker; CSV files with different lists make one edition."""
    if len(editions) < 2:
        return editions[0] if editions else []
    lists = [deals for edition in editions for deals in edition]
    kinds = [deals.kind for deals in lists]
    if len(set(kinds)) == len(kinds):
        return lists
    files = ", ".join(sorted({deals.sheet.file for deals in lists}))
    raise DataError(
        f"{files}: more than one edition of the tracker: each revises all years, so supply one"
    )


def _collected(tables: list[Table], lists: list[Deals], unread: list[str]) -> Supplied:
    frames: dict[str, pd.DataFrame] = {}
    readings: list[Reading] = []
    warnings = [warning for table in tables for warning in table.warnings]
    for name in sorted({table.table for table in tables}):
        same = [table for table in tables if table.table == name]
        frames[name], used = _united(same, warnings)
        readings += used
    if lists:
        more, said = added_up(lists)
        frames |= more
        warnings += said
        readings += [_deals_reading(deals) for deals in lists]
    return Supplied(
        MappingProxyType(frames), tuple(readings), tuple(dict.fromkeys(warnings)), tuple(unread)
    )


def _deals_reading(deals: Deals) -> Reading:
    years = tuple(sorted(int(year) for year in deals.frame["year"].unique()))
    kinds = tuple(sorted(str(kind) for kind in deals.frame["kind"].unique()))
    sheet = deals.sheet
    detail = "checks the other lists only" if deals.kind == "combined" else ""
    return Reading(sheet.file, sheet.name, "deals", kinds, years, len(deals.frame), detail)


def _united(tables: list[Table], warnings: list[str]) -> tuple[pd.DataFrame, list[Reading]]:
    """Take every year and measure from one table only."""
    ranked = sorted(tables, key=lambda t: (t.yearbook, -max(t.years), t.sheet.file, t.sheet.name))
    chosen: dict[tuple[int, str], pd.DataFrame] = {}
    owner: dict[tuple[int, str], Table] = {}
    for wanted in (True, False):  # complete years first
        for table in ranked:
            for key, block in table.frame.groupby(["year", "measure"]):
                year, measure = int(str(key[0])), str(key[1])
                if _whole(block) is wanted and (year, measure) not in chosen:
                    chosen[year, measure] = block
                    owner[year, measure] = table
    readings = []
    for table in tables:
        held = {
            (int(y), str(m))
            for y, m in zip(table.frame["year"], table.frame["measure"], strict=True)
        }
        lost = sorted(key for key in held if owner[key] is not table)
        for key in lost:
            _compare(table, key, chosen[key], owner[key], warnings)
        detail = (
            f"{len(lost)} of {len(held)} columns come from another file or sheet" if lost else ""
        )
        sheet = table.sheet
        readings.append(
            Reading(
                sheet.file,
                sheet.name,
                table.table,
                table.measures,
                table.years,
                len(table.frame),
                detail,
            )
        )
    frame = pd.concat([chosen[key] for key in sorted(chosen)], ignore_index=True)
    keys = catalogue.resource(tables[0].table)["schema"]["primaryKey"]
    return frame.sort_values(keys, ignore_index=True), readings


def _whole(block: pd.DataFrame) -> bool:
    if "panel" in block.columns:
        return bool((block["panel"] == "complete").all())
    return bool((block["coverage"] >= 99.5).all())


def _compare(
    table: Table, key: tuple[int, str], used: pd.DataFrame, owner: Table, warnings: list[str]
) -> None:
    """Say how many figures differ between two files that hold the same year and measure."""
    year, measure = key
    member = "iso3" if "iso3" in used.columns else "industry"
    mine = table.frame[(table.frame["year"] == year) & (table.frame["measure"] == measure)]
    both = mine.merge(used, on=member, suffixes=("", "_used"))
    differ = int(((both["value"] - both["value_used"]).abs() > 1e-9).sum())
    if differ:
        warnings.append(
            f"{table.sheet.title}: {differ} of {len(both)} figures of the {measure} of {year} "
            f"differ from {owner.sheet.title}, which is used"
        )
