"""Loading and describing the shipped tables."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import DataError, UnknownNameError, unknown
from ..locations import folder
from . import catalogue


def load(name: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Load one shipped table.

    Parameters
    ----------
    name : str
        Name of a table, as listed by :func:`catalog`.
    columns : str or iterable of str, optional
        Columns to keep, in this order; all by default.

    Returns
    -------
    pandas.DataFrame
        One row per observation, a fresh copy on every call. `.attrs` holds `table`, `title`,
        `units` (those that occur), `source_ids` and `data_version`.

    Raises
    ------
    UnknownNameError
        If the table or a column does not exist.
    DataError
        If the file is missing or does not fit its schema.

    Examples
    --------
    >>> annual = load("outward_fdi_annual")
    >>> flow = annual.query("indicator == 'flow' and basis == 'bulletin' and preferred")
    >>> float(flow.set_index("year").loc[2024, "value"])
    192.2
    """
    entry = catalogue.resource(name)
    path = folder("data") / entry["path"]
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise DataError(f"table {name!r}: the data folder has no file {entry['path']}") from None
    frame = _read(name, path, stamp).copy()
    frame.attrs = {
        "table": name,
        "title": entry["title"],
        "units": _names(frame, "unit"),
        "source_ids": _names(frame, "source_id"),
        "data_version": catalogue.data_version(),
    }
    if columns is None:
        return frame
    wanted = [columns] if isinstance(columns, str) else list(columns)
    for column in wanted:
        if column not in frame.columns:
            known = list(frame.columns)
            raise UnknownNameError(unknown("column", column, known, where=f"in table {name!r}"))
    return frame[wanted]


def stamp(name: str) -> tuple[str, int]:
    """Name and time of change of a table's file: equal stamps mean equal tables.

    Raises
    ------
    UnknownNameError
        If the table does not exist.
    """
    path = folder("data") / catalogue.resource(name)["path"]
    return name, path.stat().st_mtime_ns if path.exists() else 0


class Names(tuple[str, ...]):
    """Names that are never copied: pandas copies `.attrs` deeply at every step of an analysis."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> Names:
        """Return the same object."""
        return self


def _names(frame: pd.DataFrame, column: str) -> Names:
    return Names(sorted(frame[column].dropna().unique()) if column in frame else ())


@lru_cache(maxsize=64)
def _read(name: str, path: Path, stamp: int) -> pd.DataFrame:
    """Parse one file; `stamp` makes the cache see an edited file."""
    return parse(catalogue.fields(name), path, name)


def parse(fields: list[dict[str, Any]], path: Path, name: str) -> pd.DataFrame:
    """Read a CSV file with the dtypes of its column descriptors.

    Raises
    ------
    DataError
        If the header differs from the schema or a value does not fit its type.
    """
    try:
        # Text first: "NA" is Namibia, and a wrong value shall be named, not turned into NaN.
        text = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(
            f"table {name!r}: {path.name} cannot be read: {str(error).strip()}"
        ) from None
    if not isinstance(text.index, pd.RangeIndex):
        # pandas takes the first column for row labels when line 2 is longer than the header.
        raise DataError(f"table {name!r}: line 2 of {path.name} has more cells than the header")
    expected = [entry["name"] for entry in fields]
    if list(text.columns) != expected:
        raise DataError(
            f"table {name!r}: the columns are {', '.join(text.columns)}; "
            f"the registry has {', '.join(expected)}"
        )
    typed = {entry["name"]: _typed(text[entry["name"]], entry, name) for entry in fields}
    return pd.DataFrame(typed)


def _typed(column: pd.Series, entry: dict[str, Any], table: str) -> pd.Series:
    """Convert one text column to its registered type."""
    kind = entry["type"]
    if kind in ("integer", "number"):
        values = pd.to_numeric(column, errors="coerce")
        bad = (values.isna() & column.notna()) | values.isin([math.inf, -math.inf])
        if kind == "integer":
            bad |= values.notna() & (values % 1 != 0)
        _refuse(column, bad, entry["name"], table, kind)
        if kind == "number":
            return values.astype("float64")
        return values.astype("Int64" if values.isna().any() else "int64")
    if kind == "boolean":
        _refuse(column, ~column.isin(["true", "false"]), entry["name"], table, "true or false")
        return column == "true"
    return column.astype("str")


def _refuse(column: pd.Series, bad: pd.Series, name: str, table: str, kind: str) -> None:
    """Name the first value that does not fit its type."""
    if bad.any():
        first = int(bad.to_numpy().argmax())
        raise DataError(
            f"table {table!r}, line {first + 2}, column {name!r}: "
            f"{column.iloc[first]!r} is not {kind} ({int(bad.sum())} such values)"
        )


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
