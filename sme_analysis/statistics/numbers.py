"""What the statistics share: reading values as floats, dressing results, checking arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ParameterError, unknown

Floats = NDArray[np.float64]
V = TypeVar("V", bound="pd.Series | pd.DataFrame | Floats")


def floats(values: Any) -> Floats:
    """Values as floats, missing ones as NaN; refuse text and infinity."""
    try:
        if isinstance(values, pd.Series | pd.DataFrame):
            numbers = values.to_numpy(dtype="float64", na_value=np.nan)
        else:
            numbers = np.asarray(values, dtype="float64")
    except (TypeError, ValueError) as error:
        raise ParameterError(f"values must be numbers or missing: {error}.") from None
    if np.isinf(numbers).any():
        raise ParameterError("values must be finite or missing, and one is infinite.")
    return numbers


def like(values: V, numbers: Floats) -> V:
    """Dress an array in the labels of the values it was worked out from."""
    if isinstance(values, pd.DataFrame):
        return cast(V, pd.DataFrame(numbers, index=values.index, columns=values.columns))
    if isinstance(values, pd.Series):
        return cast(V, pd.Series(numbers, index=values.index, name=values.name))
    return cast(V, numbers)


def ratio(top: Any, bottom: Any) -> Floats:
    """Quotient with NaN, and no warning, where the denominator is zero."""
    bottom = np.asarray(bottom, dtype="float64")
    return np.asarray(top / np.where(bottom == 0, np.nan, bottom), dtype="float64")


def column_names(frame: pd.DataFrame, keys: str | Sequence[str], *others: str) -> list[str]:
    """Column names in one list, the keys first; refuse one that the frame lacks."""
    names = [*([keys] if isinstance(keys, str) else keys), *others]
    for column in names:
        if column not in frame.columns:
            raise ParameterError(unknown("column", column, map(str, frame.columns)))
    return names


def one_of(what: str, value: Any, allowed: tuple[Any, ...]) -> None:
    """Refuse an option that is not on the list."""
    if value not in allowed:
        raise ParameterError(unknown(what, value, map(str, allowed)))


def positive_integer(what: str, value: Any) -> None:
    """Refuse anything but a positive integer (True is not 1 here)."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ParameterError(f"{what} must be an integer of at least 1, not {value!r}.")
