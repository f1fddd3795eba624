"""Reading a CSV file with the types that the registry declares."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import DataError


def parse(fields: list[dict[str, Any]], path: Path | io.BytesIO, name: str) -> pd.DataFrame:
    """Read a CSV file, or its content, with the dtypes of its column descriptors.

    Raises
    ------
    DataError
        If the header differs from the schema or a value does not fit its type.
    """
    file = path.name if isinstance(path, Path) else f"{name}.csv"
    try:
        # Text first: "NA" is Namibia, and a wrong value shall be named, not turned into NaN.
        text = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"table {name!r}: {file} cannot be read: {str(error).strip()}") from None
    if not isinstance(text.index, pd.RangeIndex):
        # pandas takes the first column for row labels when line 2 is longer than the header.
        raise DataError(f"table {name!r}: line 2 of {file} has more cells than the header")
    expected = [entry["name"] for entry in fields]
    if list(text.columns) != expected:
        raise DataError(
            f"table {name!r}: the columns are {', '.join(text.columns)}; "
            f"the registry has {', '.join(expected)}"
        )
    typed = {entry["name"]: _typed(text[entry["name"]], entry, name) for entry in fields}
    return pd.DataFrame(typed)


class Names(tuple[str, ...]):
    """Names that are never copied: pandas copies `.attrs` deeply at every step of an analysis."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> Names:
        """Return the same object."""
        return self


def occurring(frame: pd.DataFrame) -> pd.DataFrame:
    """Note in `.attrs` the units and sources that occur, once for all copies of a table."""
    for attribute, column in (("units", "unit"), ("source_ids", "source_id")):
        found = sorted(frame[column].dropna().unique()) if column in frame else ()
        frame.attrs[attribute] = Names(found)
    return frame


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
