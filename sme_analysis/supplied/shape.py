"""Frames of supplied tables: the columns and types that the registry gives the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..data import catalogue
from ..data.citation import SUPPLIED

SOURCE = SUPPLIED  # `source_id` of every figure that a user brought
DEALS_BY_ECONOMY_AND_YEAR = "deals_by_economy_and_year"


def shaped(
    table: str,
    rows: Iterable[Mapping[str, Any]] | pd.DataFrame,
    rename: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Make a frame with the columns, types and order of a shipped table.

    Parameters
    ----------
    table : str
        Name of the shipped table.
    rows : iterable of mappings, or DataFrame
        One per row; columns that are not given are blank.
    rename : mapping, optional
        Columns of the table that this frame replaces by another one of type integer.
    """
    renamed = dict(rename or {})
    fields = [
        {**entry, "name": renamed.get(entry["name"], entry["name"])}
        for entry in catalogue.fields(table)
    ]
    for entry in fields:
        if entry["name"] in renamed.values():
            entry["type"] = "integer"
    names = [entry["name"] for entry in fields]
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    frame = frame.reindex(columns=names)
    typed = pd.DataFrame({e["name"]: _typed(frame[e["name"]], e["type"]) for e in fields})
    keys = [renamed.get(key, key) for key in catalogue.resource(table)["schema"]["primaryKey"]]
    return typed.sort_values(keys, ignore_index=True)


def _typed(column: pd.Series, kind: str) -> pd.Series:
    if kind == "integer":
        numbers = pd.to_numeric(column)
        return numbers.astype("Int64" if numbers.isna().any() else "int64")
    if kind == "number":
        return pd.to_numeric(column).astype("float64")
    return column.astype("bool" if kind == "boolean" else "str")
