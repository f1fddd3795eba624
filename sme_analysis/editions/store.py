"""Writing an edition: whole, or not at all.

Every file is written into a folder aside and forced to the disk, then the folder is renamed. Until
the rename there is no edition; after it there is all of it. What an interrupted refresh left behind
has a name of its own and is cleared by the next one.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from ..data import shelf
from ..data.choice import sync_folder
from ..errors import DataError
from .lock import alive

_ASIDE = ".new-"
_LEFT = re.compile(r"\..+\.(\d+)\.new")


def next_name(table: str, day: str) -> str:
    """Return the name of the edition to be written on a day.

    >>> next_name("country_indicators", "2001-02-03")
    '2001-02-03'
    """
    same = [shelf.order(name)[1] for name in shelf.names(table) if shelf.order(name)[0] == day]
    return day if not same else f"{day}.{max(same) + 1}"


def write(table: str, name: str, files: Mapping[str, bytes], check: Any = None) -> Path:
    """Write an edition.

    Parameters
    ----------
    table, name : str
    files : mapping of str to bytes
        File names with their content.
    check : callable, optional
        Called with the folder aside before it is renamed; what it raises undoes everything.

    Returns
    -------
    Path
        The folder of the edition.

    Raises
    ------
    DataError
        If the folder cannot be written to, or there is such an edition already.
    """
    shelf_of_table = shelf.home() / "editions" / table
    aside = shelf_of_table / f"{_ASIDE}{uuid.uuid4().hex}"
    target = shelf_of_table / name
    try:
        aside.mkdir(parents=True)
        for file, content in files.items():
            with (aside / file).open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        sync_folder(aside)
        if check is not None:
            check(aside)
        if target.exists():
            raise DataError(f"there is an edition {name} of table {table!r} already")
        aside.rename(target)
        with suppress(OSError):  # it is there; only a failing machine could still lose it
            sync_folder(shelf_of_table)
            sync_folder(shelf_of_table.parent)
    except OSError as error:
        raise DataError(f"the edition cannot be written to {target}: {error.strerror}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def clear_left() -> None:
    """Remove what interrupted refreshes left aside; call it with the lock held."""
    home = shelf.home()
    with suppress(OSError):  # what stays is in nobody's way, and the next refresh tries again
        for path in home.glob(f"editions/*/{_ASIDE}*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in home.glob(".*.new"):
            match = _LEFT.fullmatch(path.name)
            if match and not alive(int(match[1])):
                path.unlink(missing_ok=True)


def as_csv(frame: pd.DataFrame, schema: Mapping[str, Any]) -> bytes:
    """Write rows as the shipped tables are written: sorted by key, blanks for missing, LF."""
    columns = [entry["name"] for entry in schema["fields"]]
    whole = {entry["name"] for entry in schema["fields"] if entry["type"] == "integer"}
    ordered = frame[columns].sort_values(_key(schema), ignore_index=True)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    cells = [[_cell(value, name in whole) for value in ordered[name].tolist()] for name in columns]
    writer.writerows(zip(*cells, strict=True))
    return out.getvalue().encode()


def _key(schema: Mapping[str, Any]) -> list[str]:
    key = schema["primaryKey"]
    return [key] if isinstance(key, str) else list(key)


def _cell(value: Any, whole: bool) -> str:
    """Write a number with the fewest digits that give it back."""
    if value is None or value is pd.NA or value != value:  # a missing value is unlike itself
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if whole:
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
