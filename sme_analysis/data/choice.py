"""Which edition of each table is in use: one small settings file in the user's data folder.

A table without an entry is read as shipped. What cannot be read is said, with the way back, and
never passed over: a report on other data than its reader chose would be worse than none.

Kernels of one report, or of one batch, get the choice of the process that starts them through an
environment variable, so that a change of the settings in between cannot split them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from ..errors import DataError
from . import catalogue, shelf
from .shelf import SHIPPED

PINNED = "SME_ANALYSIS_EDITIONS"  # environment variable: {"TABLE": "EDITION"}, before the settings
_FILE = "settings.json"


def settings() -> Path:
    """Return where the choice is kept; the file need not exist."""
    return shelf.home() / _FILE


def chosen(table: str) -> str:
    """Return the edition in use of a table: its name, or "shipped".

    Raises
    ------
    DataError
        If the settings cannot be read.
    """
    return choices().get(table, SHIPPED)


def choices() -> dict[str, str]:
    """Return the tables that are not read as shipped, with their editions.

    Raises
    ------
    DataError
        If the settings cannot be read.
    """
    pinned = os.environ.get(PINNED)
    if pinned is not None:
        try:
            return _checked(json.loads(pinned or "{}"))
        except ValueError:
            raise DataError(
                f"the environment variable {PINNED} is not a list of editions: unset it, or give "
                'it the form {"TABLE": "EDITION"}'
            ) from None
    path = settings()
    try:
        stamp = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise DataError(_unreadable(path, str(error.strerror))) from None
    return dict(_read(path, stamp.st_mtime_ns, stamp.st_size, stamp.st_ino))


@lru_cache(maxsize=8)
def _read(path: Path, changed: int, size: int, number: int) -> dict[str, str]:
    try:
        return _checked(json.loads(path.read_bytes())["editions"])
    except OSError as error:
        raise DataError(_unreadable(path, str(error.strerror))) from None
    except (ValueError, LookupError, TypeError):
        raise DataError(_unreadable(path, "it is damaged")) from None


def _checked(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise ValueError("not a mapping")
    for table, edition in given.items():
        if not (isinstance(table, str) and isinstance(edition, str) and shelf.is_name(edition)):
            raise ValueError("not an edition")
    return given


def _unreadable(path: Path, reason: str) -> str:
    return (
        f"the choice of editions in {path} cannot be read ({reason}): "
        f"`sme-analysis data use all {SHIPPED}` returns every table to the shipped edition"
    )


def choose(table: str, edition: str) -> str:
    """Use an edition of a table from now on, in every process of this user.

    Parameters
    ----------
    table : str
        A table, or "all" together with "shipped".
    edition : str
        The name of an edition, or "shipped".

    Returns
    -------
    str
        A remark for the user; empty when there is nothing to be said.

    Raises
    ------
    UnknownNameError
        If there is no such table or edition.
    DataError
        If the edition is damaged or the settings cannot be written.
    """
    if table == "all" and edition == SHIPPED:
        aside = _set_aside()
        _write({})
        return f"the damaged settings were kept as {aside}" if aside else ""
    entries = choices() if PINNED not in os.environ else _unpinned()
    catalogue.resource(table)
    if edition == SHIPPED and table in catalogue.tables():
        entries.pop(table, None)
    else:
        found = shelf.edition(table, edition)
        shelf.content(found, found.path)
        entries[table] = edition
    _write(entries)
    if os.environ.get(PINNED):
        return f"{PINNED} is set in this environment and goes before the settings"
    return ""


def _unpinned() -> dict[str, str]:
    path = settings()
    if not path.exists():
        return {}
    stamp = path.stat()
    return dict(_read(path, stamp.st_mtime_ns, stamp.st_size, stamp.st_ino))


def _set_aside() -> str:
    """Keep damaged settings under another name; return it, or "" if they were sound or missing."""
    path = settings()
    try:
        _unpinned()
    except DataError:
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        return aside.name
    return ""


def _write(entries: dict[str, str]) -> None:
    text = json.dumps({"format": 1, "editions": dict(sorted(entries.items()))}, indent=2)
    path = settings()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (text + "\n").encode())
    except OSError as error:
        raise DataError(f"the settings cannot be written to {path}: {error.strerror}") from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, also when the machine stops in between."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # it is written; only a failing machine could still lose it
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last, where the system can say so."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def as_text() -> str:
    """Return the choice as the environment variable of another process carries it."""
    return json.dumps(choices(), sort_keys=True)


@contextmanager
def pinned(entries: dict[str, str] | None = None) -> Iterator[None]:
    """Hold the choice fixed, for this process and those it starts, whatever the settings become.

    Parameters
    ----------
    entries : dict, optional
        The choice to hold; by default the one in force, `{}` for the shipped tables.
    """
    before = os.environ.get(PINNED)
    os.environ[PINNED] = as_text() if entries is None else json.dumps(entries, sort_keys=True)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(PINNED, None)
        else:
            os.environ[PINNED] = before
