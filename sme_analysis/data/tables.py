"""Loading and describing the tables: as shipped, or in the edition that the user chose."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import DamagedError, DataError, UnknownNameError, unknown
from ..locations import folder
from . import catalogue, choice, fetched, shelf
from .parsing import occurring, parse


def load(
    name: str, columns: Iterable[str] | None = None, *, edition: str | None = None
) -> pd.DataFrame:
    """Load one table.

    Parameters
    ----------
    name : str
        Name of a table, as listed by :func:`catalog`.
    columns : str or iterable of str, optional
        Columns to keep, in this order; all by default.
    edition : str, optional
        "shipped", or an edition that a refresh has fetched; by default the one in use. The
        register `sources` then names the sources of fetched editions too.

    Returns
    -------
    pandas.DataFrame
        One row per observation, a fresh copy on every call. `.attrs` holds `table`, `title`,
        `edition`, `units` (those that occur), `source_ids` and `data_version`.

    Raises
    ------
    UnknownNameError
        If the table, the edition or a column does not exist.
    DataError
        If the file is missing, is not the registered one or does not fit its schema, if the choice
        of editions cannot be read, or if the table is not shipped and was not fetched.

    Examples
    --------
    >>> annual = load("outward_fdi_annual")
    >>> flow = annual.query("indicator == 'flow' and basis == 'bulletin' and preferred")
    >>> float(flow.set_index("year").loc[2024, "value"])
    192.2
    """
    entry = catalogue.resource(name)
    asked = edition
    if edition is None:
        edition = choice.chosen(name)
        _still_there(name, edition)
    if edition == shelf.SHIPPED:
        frame = _shipped(name, entry)
    else:
        found = shelf.edition(name, edition)
        entry, frame = found.entry, fetched.of_edition(found)
    if name == "sources" and asked is None:
        whole = fetched.with_sources(frame)
        frame = whole if whole is frame else occurring(whole)
    frame.attrs.update(
        table=name, title=entry["title"], edition=edition, data_version=catalogue.data_version()
    )
    if columns is None:
        return frame
    wanted = [columns] if isinstance(columns, str) else list(columns)
    for column in wanted:
        if column not in frame.columns:
            known = list(frame.columns)
            raise UnknownNameError(unknown("column", column, known, where=f"in table {name!r}"))
    return frame[wanted]


def stamp(name: str) -> tuple[str, str, int]:
    """Name, edition in use and time of change: equal stamps mean equal tables.

    What is kept under a stamp stands on that edition, which counts as read by whoever asks.

    Raises
    ------
    UnknownNameError
        If the table does not exist.
    """
    path, edition = folder("data") / catalogue.resource(name)["path"], choice.chosen(name)
    if edition != shelf.SHIPPED:
        fetched.remember(name, edition)
    return name, edition, path.stat().st_mtime_ns if path.exists() else 0


def _still_there(name: str, edition: str) -> None:
    """Refuse a choice that was made and has since lost its edition."""
    if edition != shelf.SHIPPED and edition not in shelf.names(name):
        raise DataError(shelf.damaged(name, edition, "it is no longer in the data folder"))


def _shipped(name: str, entry: dict[str, Any]) -> pd.DataFrame:
    if name in catalogue.live_tables():
        raise DataError(
            f"table {name!r} is not shipped: `sme-analysis data refresh {name}` fetches it"
        )
    path = folder("data") / entry["path"]
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise DamagedError(f"table {name!r}: the data folder has no file {entry['path']}") from None
    return _read(name, path, stamp).copy()


@lru_cache(maxsize=64)
def _read(name: str, path: Path, stamp: int) -> pd.DataFrame:
    """Parse one file if it is the registered one; `stamp` makes the cache see an edited file."""
    content = path.read_bytes()
    if catalogue.sha256(content) != catalogue.resource(name)["hash"]:
        catalogue.registry.cache_clear()  # an edit may have been registered meanwhile
    if catalogue.sha256(content) != catalogue.resource(name)["hash"]:
        raise DamagedError(
            f"table {name!r}: {path.name} is not the file that the registry describes: it was "
            "damaged or edited. Restore it, or run `make data` after an edit of your own"
        )
    return occurring(parse(catalogue.fields(name), io.BytesIO(content), name))


def catalog() -> pd.DataFrame:
    """List every table: name, title, rows, columns, first and last year, licence.

    Returns
    -------
    pandas.DataFrame
        One row per table, indexed by its name.
    """
    rows = []
    for entry in catalogue.registry()["resources"]:
        frame = load(entry["name"])
        years = frame["year"] if "year" in frame else pd.Series(dtype="int64")
        rows.append(
            {
                "table": entry["name"],
                "title": entry["title"],
                "rows": len(frame),
                "columns": frame.shape[1],
                "first_year": int(years.min()) if len(years) else None,
                "last_year": int(years.max()) if len(years) else None,
                "licence": entry["licenses"][0]["name"],
            }
        )
    return (
        pd.DataFrame(rows).astype({"first_year": "Int64", "last_year": "Int64"}).set_index("table")
    )


def describe(name: str) -> pd.DataFrame:
    """Describe the columns of one table.

    Returns
    -------
    pandas.DataFrame
        One row per column: type, whether it may be blank, how many values it has, what it
        means and which values are allowed.

    Raises
    ------
    UnknownNameError
        If the table does not exist.
    """
    frame = load(name)
    rows = []
    for entry in catalogue.fields(name):
        allowed = [str(item["value"]) for item in entry.get("categories", [])]
        rows.append(
            {
                "column": entry["name"],
                "type": entry["type"],
                "required": bool(entry.get("constraints", {}).get("required", False)),
                "values": int(frame[entry["name"]].notna().sum()),
                "description": entry["description"],
                "allowed": ", ".join(allowed),
            }
        )
    described = pd.DataFrame(rows).set_index("column")
    described.attrs = dict(frame.attrs)
    return described
