"""What a figure or a table shows, as rows: the form in which they travel inside a notebook.

The rows go into the notebook as an output of type `text/csv`: one line a row, so that a change
reads well as a diff, and no notebook interface shows them in place of the figure. Nine significant
digits are kept: as many as the longest official figure has, and the last bits of a computed number,
which differ from machine to machine, are left out.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

_DIGITS = 9
_EXACT = 1e15  # up to here a whole number is written without an exponent
_YEARS = range(1800, 2200)
_LAYOUT = str.maketrans({"\u2060": None, "\u00a0": " "})  # hold a line of a page together
_LOOKS = "tone"  # a column that says how a mark looks, not what it stands for


def flat(data: Any, extra: Mapping[str, Any] | None = None) -> pd.DataFrame | None:
    """Return what a plot function drew as one frame, or None if it is no table.

    Parameters
    ----------
    data : Series, DataFrame, or mapping of str to either
        What the plot function took first. Series of a mapping, such as the panels of a figure,
        become columns; frames are stacked, with their key in the column "panel".
    extra : mapping of str to object, optional
        The plot function's options; a Series on the same index becomes a column.

    Examples
    --------
    >>> flat(pd.Series([1.5], index=pd.Index([2020], name="year"), name="flow"))
       year  flow
    0  2020   1.5
    """
    frame = _joined(data)
    if frame is None:
        return None
    for name, option in (extra or {}).items():
        if isinstance(option, pd.Series) and option.index.equals(frame.index):
            label = str(name if option.name is None else option.name)
            if label not in frame.columns:
                frame = frame.assign(**{label: option})
    return _without_index(frame).drop(columns=_LOOKS, errors="ignore")


def _joined(data: Any) -> pd.DataFrame | None:
    if isinstance(data, pd.Series):
        return data.to_frame(data.name if data.name is not None else "value")
    if isinstance(data, pd.DataFrame):
        return data.copy()
    if not isinstance(data, Mapping) or not data:
        return None
    if all(isinstance(part, pd.Series) and part.index.is_unique for part in data.values()):
        parts = {str(name): part for name, part in data.items()}
        beside: pd.DataFrame = pd.concat(parts, axis=1)
        numbered = pd.api.types.is_numeric_dtype(beside.index)
        return beside.sort_index() if numbered else beside  # names keep their order
    if all(isinstance(part, pd.DataFrame) for part in data.values()):
        frames = {str(name): _without_index(part) for name, part in data.items()}
        stacked: pd.DataFrame = pd.concat(frames, names=["panel", None]).droplevel(1)
        return stacked
    return None


def _without_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn the index into columns, unless it only counts the rows."""
    if frame.columns.nlevels > 1:
        frame = frame.set_axis([" / ".join(map(str, name)) for name in frame.columns], axis=1)
    index = frame.index
    if isinstance(index, pd.RangeIndex) and index.name is None and index.start == 0:
        return frame
    names = [_unused(name, level, index, frame) for level, name in enumerate(index.names)]
    return frame.rename_axis(names).reset_index()


def _unused(name: object, level: int, index: pd.Index, frame: pd.DataFrame) -> str:
    """Return a level's name, or a telling one, that no column bears."""
    values = index.get_level_values(level)
    if name is None:
        whole = pd.api.types.is_integer_dtype(values) and len(values) > 0
        years = whole and values.min() in _YEARS and values.max() in _YEARS
        name = "year" if years else "item" if index.nlevels == 1 else f"item {level + 1}"
    text = str(name)
    while text in frame.columns:
        text += "_"
    return text


def csv_text(frame: pd.DataFrame) -> str:
    """Write a frame as CSV: a header, one line a row, blanks for what is missing.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"year": [2020], "value": [0.1 + 0.2]})), end="")
    year,value
    2020,0.3
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([cell(str(name)) for name in frame.columns])
    columns = [[cell(value) for value in frame.iloc[:, at]] for at in range(frame.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def cell(value: Any) -> str:
    r"""Write one value: numbers plainly, dates as ISO 8601, blank for what is missing.

    A text loses the word joiners of a page, and its no-break spaces become spaces.

    >>> cell("109\u2060–\u2060154"), cell("from\u00a02019")
    ('109–154', 'from 2019')
    """
    if isinstance(value, str):
        return value.translate(_LAYOUT)
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if pd.api.types.is_bool(value):
        return "true" if value else "false"
    if pd.api.types.is_integer(value):
        return str(int(value))
    if pd.api.types.is_float(value):
        return _number(float(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    rounded = float(f"{value:.{_DIGITS}g}")
    value = value if math.isinf(rounded) else rounded  # the largest of all would leave the range
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def types(frame: pd.DataFrame) -> list[str]:
    """Name each column's type as Table Schema does: what a reader of the CSV cannot see.

    Returns
    -------
    list of str
        "year", "integer", "number", "boolean", "date" or "string".

    Examples
    --------
    >>> types(pd.DataFrame({"Year": [2020], "value": [1.5], "host": ["VNM"]}))
    ['year', 'number', 'string']
    """
    return [_type(frame.iloc[:, at]) for at in range(frame.shape[1])]


def _type(column: pd.Series) -> str:
    known = column.dropna()
    if known.empty:
        return "string"
    kind = pd.api.types.infer_dtype(known, skipna=True)
    if kind == "integer":
        named = str(column.name).casefold().endswith("year")
        return "year" if named and known.min() in _YEARS and known.max() in _YEARS else "integer"
    if kind in ("floating", "mixed-integer-float", "decimal"):
        return "number"
    if kind == "boolean":
        return "boolean"
    dates = kind in ("date", "datetime", "datetime64")
    return "date" if dates and all(len(cell(value)) == 10 for value in known) else "string"
