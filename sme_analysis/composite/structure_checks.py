"""What can be wrong with a structure or its data, found all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DataError, nearest

_NUMBERS = {"weight": 1.0, "direction": 1.0, "target": np.nan, "lower": np.nan, "upper": np.nan}
_TEXTS = ("name", "denominator", "error")


def complain(subject: str, faults: Iterable[str]) -> None:
    """Raise one DataError for all faults, if there are any."""
    found = list(faults)
    if found:
        raise DataError(f"{subject}: {'; '.join(found)}.")


def blank(value: Any) -> bool:
    """Whether a cell is empty: missing, or text of nothing but spaces."""
    return value is None or value is pd.NA or value != value or str(value).strip() == ""


def check_structure(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with every column present and typed, or raise with all of its faults."""
    missing = [name for name in ("code", "parent") if name not in frame.columns]
    complain("the structure", (f"column {name!r} is missing" for name in missing))
    clean = pd.DataFrame({"code": frame["code"].tolist()}, dtype=object)
    clean["parent"] = _texts(frame["parent"])
    complain("the structure", _codes(clean))
    faults = [*_tree(clean)]
    for column, default in _NUMBERS.items():
        clean[column], wrong = _numbers(frame, column, default)
        faults += wrong
    for column in _TEXTS:
        cells = frame[column] if column in frame.columns else pd.Series([None] * len(frame))
        clean[column] = _texts(cells)
    complain("the structure", faults)
    complain("the structure", _settings(clean))
    return clean


def _texts(cells: pd.Series) -> pd.Series:
    return pd.Series([None if blank(cell) else cell for cell in cells.tolist()], dtype=object)


def _codes(clean: pd.DataFrame) -> Iterable[str]:
    if clean.empty:
        yield "it has no rows"
    for row, code in enumerate(clean["code"]):
        if blank(code):
            yield f"row {row} has no code"
        elif not isinstance(code, str):
            yield f"code {code!r} is not text"
    for code in clean["code"][clean["code"].duplicated()].unique():
        yield f"code {code!r} stands more than once"


def _tree(clean: pd.DataFrame) -> Iterable[str]:
    parents = dict(zip(clean["code"], clean["parent"], strict=True))
    roots = [code for code, above in parents.items() if above is None]
    if len(roots) > 1:
        yield f"one node alone may have no parent, and these have none: {', '.join(roots)}"
    for code, above in parents.items():
        if above is not None and above not in parents:
            close = nearest(above, parents)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            yield f"{code!r} is an orphan: its parent {above!r} is no code{hint}"
    looped: set[str] = set()
    for code in parents:
        path: list[str] = []
        at: str | None = code
        while at is not None and at in parents and at not in path:
            path.append(at)
            at = parents[at]
        if at in path and at not in looped:
            ring = path[path.index(at) :]
            looped.update(ring)
            yield f"a cycle: {' > '.join([*ring, ring[0]])}"
    if not roots and not looped:
        yield "no node is without a parent"
    if roots and not any(above == roots[0] for above in parents.values()):
        yield f"the index {roots[0]!r} has no indicators"


def _numbers(frame: pd.DataFrame, column: str, default: float) -> tuple[list[float], list[str]]:
    cells = frame[column].tolist() if column in frame.columns else [None] * len(frame)
    numbers, faults = [], []
    for code, cell in zip(frame["code"], cells, strict=True):
        value = default
        if not blank(cell):
            try:
                value = np.nan if isinstance(cell, bool) else float(cell)
            except (TypeError, ValueError):
                value = np.nan
            if not np.isfinite(value):
                faults.append(f"{column} of {code!r} is {cell!r}, not a finite number")
            elif column == "weight" and value < 0:
                faults.append(f"weight of {code!r} is negative ({value:g})")
            elif column == "direction" and value not in (1.0, -1.0):
                faults.append(f"direction of {code!r} is {cell!r}: 1 and -1 are allowed")
        numbers.append(value)
    return numbers, faults


def _settings(clean: pd.DataFrame) -> Iterable[str]:
    above = set(clean["parent"]) - {None}
    for row in clean.to_dict("records"):
        code = row["code"]
        if code in above:
            for column in ("denominator", "error", "target", "lower", "upper"):
                if not blank(row[column]):
                    yield f"{code!r} is an aggregate and cannot have a {column}"
            if row["direction"] != 1:
                yield f"{code!r} is an aggregate and cannot have direction -1"
        elif row["lower"] >= row["upper"]:
            posts = f"{row['lower']:g} and {row['upper']:g}"
            yield f"the goalposts of {code!r} are out of order ({posts})"
    for parent, family in clean.groupby("parent"):
        if not family["weight"].sum() > 0:
            yield f"the weights of the children of {parent!r} sum to zero"


def check_data(
    data: pd.DataFrame, needed: Iterable[str], indicators: Iterable[str], subject: str
) -> None:
    """Raise one DataError with every fault of a data frame: index, columns, types, emptiness."""
    faults: list[str] = []
    if not len(data):
        faults.append("it has no rows")
    if not data.index.is_unique:
        faults.append(f"{data.index[data.index.duplicated()][0]!r} stands more than once")
    levels = [data.index.get_level_values(place) for place in range(data.index.nlevels)]
    if data.index.nlevels > 2:
        faults.append("its index has more than two levels (unit, year)")
    elif any(bool(level.isna().any()) for level in levels):
        faults.append("a label of its index is missing")
    elif len(levels) == 2 and not pd.api.types.is_integer_dtype(levels[1].dtype):
        faults.append("the second level of its index must be years, as integers")
    for column in data.columns[data.columns.duplicated()].unique():
        faults.append(f"column {column!r} stands more than once")
    complain(subject, faults)
    faults += [_column_fault(data, column, set(indicators)) for column in dict.fromkeys(needed)]
    complain(subject, filter(None, faults))


def _column_fault(data: pd.DataFrame, column: str, indicators: set[str]) -> str:
    kind = "indicator" if column in indicators else "column"
    if column not in data.columns:
        close = nearest(column, map(str, data.columns))
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        return f"{kind} {column!r} is missing{hint}"
    cells = data[column]
    kinds = pd.api.types
    real = kinds.is_numeric_dtype(cells.dtype) and not kinds.is_complex_dtype(cells.dtype)
    if not real or kinds.is_bool_dtype(cells.dtype):
        return f"{kind} {column!r} is not numeric (dtype {cells.dtype})"
    numbers = cells.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(numbers).any():
        return f"{kind} {column!r} is infinite for {data.index[np.isinf(numbers)][0]!r}"
    if column not in indicators:
        return ""
    known = numbers[~np.isnan(numbers)]
    if not known.size:
        return f"indicator {column!r} is empty"
    if len(data) > 1 and np.ptp(known) == 0:
        return f"indicator {column!r} is constant (every value is {known[0]:g})"
    return ""
