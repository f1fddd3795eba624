"""Tables of editions that a refresh has fetched, their sources, and the record of what was read."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..errors import DataError
from . import catalogue, shelf
from .parsing import occurring, parse

_USED: dict[str, set[str]] = {}  # editions that were read in this process, by table


def of_edition(found: shelf.Edition) -> pd.DataFrame:
    """Return the table of an edition, and remember that it was read.

    Raises
    ------
    DataError
        If the file is missing, was changed since it was written, or does not fit its schema.
    """
    frame = _read_edition(_key(found, found.path)).copy()
    remember(found.table, found.name)
    return frame


def remember(table: str, edition: str) -> None:
    """Record that an edition other than the shipped one was read."""
    _USED.setdefault(table, set()).add(edition)


def with_sources(register: pd.DataFrame) -> pd.DataFrame:
    """Add the sources of the editions on the shelf to the shipped register.

    An edition whose sources cannot be read adds none: loading its table says what is wrong with it.
    """
    parts = [register]
    for table, name in shelf.held():
        try:
            found = shelf.edition(table, name)
            parts.append(_read_sources(_key(found, found.sources)))
        except DataError:
            continue
    if len(parts) == 1:
        return register
    whole = pd.concat(parts, ignore_index=True).drop_duplicates("source_id")
    return whole.sort_values("source_id", ignore_index=True)


def editions_used() -> dict[str, tuple[str, ...]]:
    """Return the editions other than the shipped ones that were read in this process, by table."""
    return {table: tuple(sorted(_USED[table], key=shelf.order)) for table in sorted(_USED)}


def forget_used() -> None:
    """Begin a new record of the editions read: a notebook is run from its top again."""
    _USED.clear()


class _Key(NamedTuple):
    """What tells one file of an edition from another."""

    table: str
    name: str
    folder: Path
    changed: int
    size: int


def _key(found: shelf.Edition, path: Path) -> _Key:
    try:
        stamp = path.stat()
    except OSError:
        shelf.content(found, path)  # says so
        raise
    return _Key(found.table, found.name, found.folder, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=256)
def _read_sources(key: _Key) -> pd.DataFrame:
    found = shelf.edition(key.table, key.name)
    text = io.BytesIO(shelf.content(found, found.sources))
    return parse(catalogue.fields("sources"), text, "sources")


@lru_cache(maxsize=16)
def _read_edition(key: _Key) -> pd.DataFrame:
    found = shelf.edition(key.table, key.name)
    text = io.BytesIO(shelf.content(found, found.path))
    return occurring(parse(found.entry["schema"]["fields"], text, key.table))
