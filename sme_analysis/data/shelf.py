"""The user's data folder: where editions of tables stand that a refresh has fetched.

An edition is a folder `editions/TABLE/EDITION/` with the table, the sources of its new rows, the
log of the requests that brought it, and a `datapackage.json` that describes them and holds their
hashes. The shipped tables stand elsewhere and are never touched.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import DataError, UnknownNameError, unknown
from . import catalogue

FOLDER = "SME_ANALYSIS_DATA"  # environment variable: another folder than the user's own
SHIPPED = "shipped"
SOURCES = "sources.csv"
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\d{1,4}))?")


@dataclass(frozen=True)
class Edition:
    """One edition of a table.

    Attributes
    ----------
    table, name : str
        The table and the edition's name: the day of the refresh, with a number from the second on.
    folder : Path
    entry : dict
        The registry's entry of this edition: fields, keys, hash, rows.
    about : dict
        Where it came from: `base`, `service`, `fetched`, `series`, `notes`, `package`.
    """

    table: str
    name: str
    folder: Path
    entry: dict[str, Any]
    about: dict[str, Any]

    @property
    def path(self) -> Path:
        """The file of the table."""
        return self.folder / str(self.entry["path"])

    @property
    def sources(self) -> Path:
        """The file of the sources that the shipped register lacks."""
        return self.folder / SOURCES


def home() -> Path:
    """Return the folder that holds editions and settings; it need not exist."""
    given = os.environ.get(FOLDER, "").strip()
    if given:
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("sme_analysis", appauthor=False))


def order(name: str) -> tuple[str, int]:
    """Return what sorts editions of a table by age.

    >>> sorted(["2026-11-22.10", "2026-11-22.9", "2026-11-22"], key=order)
    ['2026-11-22', '2026-11-22.9', '2026-11-22.10']
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(name)
    return match[1], int(match[2] or 1)


def is_name(text: str) -> bool:
    """Whether a text can be the name of an edition."""
    return _NAME.fullmatch(text) is not None


def names(table: str) -> list[str]:
    """Return the editions of one table on the shelf, oldest first."""
    catalogue.resource(table)  # a name that is no table must not become a path
    return _names(table)


def _names(table: str) -> list[str]:
    try:
        found = [path.name for path in (home() / "editions" / table).iterdir() if path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise DataError(f"the data folder {home()} cannot be read: {error.strerror}") from None
    return sorted((name for name in found if is_name(name)), key=order)


def held() -> list[tuple[str, str]]:
    """Return table and name of every edition on the shelf."""
    try:
        there = {path.name for path in (home() / "editions").iterdir()}
    except OSError:
        return []
    tables = [*catalogue.tables(), *catalogue.live_tables()]
    return [(table, name) for table in tables if table in there for name in _names(table)]


def edition(table: str, name: str) -> Edition:
    """Return one edition of a table.

    Raises
    ------
    UnknownNameError
        If there is no such edition.
    DataError
        If its description is missing or damaged.
    """
    if name not in names(table):
        options = [*([SHIPPED] if table in catalogue.tables() else []), *_names(table)]
        raise UnknownNameError(unknown("edition", name, options, where=f"of table {table!r}"))
    folder = home() / "editions" / table / name
    path = folder / catalogue.REGISTRY
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        raise DataError(damaged(table, name, f"it has no {path.name}")) from None
    return _edition(table, name, folder, stamp)


@lru_cache(maxsize=64)
def _edition(table: str, name: str, folder: Path, stamp: int) -> Edition:
    try:
        package = json.loads((folder / catalogue.REGISTRY).read_bytes())
        (entry,) = [item for item in package["resources"] if item["name"] == table]
        about = dict(package["edition"])
        if entry["path"] != f"{table}.csv" or not isinstance(entry["schema"]["fields"], list):
            raise ValueError("the table is not described")
    except (OSError, ValueError, LookupError, TypeError) as error:
        reason = f"its {catalogue.REGISTRY} cannot be read ({type(error).__name__})"
        raise DataError(damaged(table, name, reason)) from None
    return Edition(table, name, folder, entry, about)


def damaged(table: str, name: str, reason: str) -> str:
    """Compose the sentence for an edition that cannot be used, with the way back."""
    sentence = f"edition {name} of table {table!r} is damaged: {reason}"
    if table in catalogue.tables():
        return f"{sentence}; `sme-analysis data use {table} {SHIPPED}` returns to the shipped table"
    return f"{sentence}; `sme-analysis data refresh {table}` fetches it anew"


def content(found: Edition, path: Path) -> bytes:
    """Return a file of an edition after its hash was checked.

    Raises
    ------
    DataError
        If the file is missing or not the one that was written.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"{path.name} cannot be read ({error.strerror})"
        raise DataError(damaged(found.table, found.name, reason)) from None
    wanted = found.entry["hash"] if path == found.path else found.about.get("hashes", {})[path.name]
    if catalogue.sha256(data) != wanted:
        reason = f"{path.name} is not the file that was written (sha256 differs)"
        raise DataError(damaged(found.table, found.name, reason))
    return data
