"""Concentration: the Herfindahl-Hirschman index, its effective number, concentration ratios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from ..errors import ParameterError
from .numbers import Floats, column_names, floats, one_of, positive_integer, ratio

Negative = Literal["refuse", "drop"]


def herfindahl(
    values: Any,
    *,
    normalised: bool = False,
    scale: Literal[1, 10_000] = 1,
    negative: Negative = "refuse",
    axis: Literal[0, 1] = 0,
) -> Any:
    """Herfindahl-Hirschman index: the sum of the squared shares.

    It lies between 1/n (n equal units) and 1 (one unit holds everything). Missing values are left
    out; zeros add nothing to the sum but count among the n units.

    Parameters
    ----------
    values : Series, DataFrame or array, shape (units,) or (units, series); any one unit
    normalised : bool
        Give (H - 1/n) / (1 - 1/n), which runs from 0 to 1 whatever n is; NaN for one unit.
    scale : 1 or 10000
        10000 is the scale of competition authorities, with shares in percent.
    negative : "refuse" or "drop"
        A negative flow has no place in a share of activity: it is refused, or dropped from the
        units and the total alike.
    axis : 0 (one index per column) or 1 (one per row); only for two dimensions

    Returns
    -------
    float, or a Series or array with one index per column or row
        NaN where nothing is left or the total is zero.

    Raises
    ------
    ParameterError
        If a value is negative and `negative` is "refuse", or an option is not one of those above.

    References
    ----------
    Hirschman (1945), *National Power and the Structure of Foreign Trade*; Herfindahl (1950),
    *Concentration in the Steel Industry*; Hirschman (1964), "The Paternity of an Index".

    Examples
    --------
    >>> round(herfindahl([30, 30, 20, 20], scale=10_000), 6)
    2600.0
    """
    one_of("scale", scale, (1, 10_000))
    matrix, finish = _columns(values, axis, negative)
    units = np.maximum((~np.isnan(matrix)).sum(axis=0), 1)
    filled = np.nan_to_num(matrix)
    total = filled.sum(axis=0)
    index = np.where(total > 0, (ratio(filled, total) ** 2).sum(axis=0), np.nan)
    # Rounding may put equal shares a hair below their bound.
    index = np.clip(index, 1.0 / units, 1.0)
    if normalised:
        index = ratio(units * index - 1.0, units - 1.0)
    return finish(scale * index)


def effective_number(values: Any, *, negative: Negative = "refuse", axis: Literal[0, 1] = 0) -> Any:
    """Effective number of units: how many equal ones would give the same Herfindahl index, 1 / H.

    Parameters, NaN behaviour and errors are those of `herfindahl`; the result lies between 1 and
    the number of units.

    References
    ----------
    Adelman (1969), "Comment on the 'H' Concentration Measure as a Numbers-Equivalent".

    Examples
    --------
    >>> round(effective_number([25, 25, 25, 25]), 10)
    4.0
    """
    return 1.0 / herfindahl(values, negative=negative, axis=axis)


def herfindahl_by(
    frame: pd.DataFrame,
    value: str,
    by: str | Sequence[str],
    *,
    normalised: bool = False,
    scale: Literal[1, 10_000] = 1,
    negative: Negative = "refuse",
) -> pd.Series:
    """Herfindahl-Hirschman index of each group of a long frame.

    Parameters
    ----------
    frame : DataFrame, one row per unit and group
    value, by : column names; rows whose key is missing belong to no group
    normalised, scale, negative : as in `herfindahl`

    Returns
    -------
    Series named "herfindahl", indexed and sorted by group

    Raises
    ------
    ParameterError
        As `herfindahl`, or if the frame has no such column.

    Examples
    --------
    >>> hosts = pd.DataFrame({"year": [2018, 2018, 2019], "flow": [50.0, 50.0, 70.0]})
    >>> herfindahl_by(hosts, "flow", "year").to_dict()
    {2018: 0.5, 2019: 1.0}
    """
    keys = column_names(frame, by, value)[:-1]
    groups = frame.groupby(keys if len(keys) > 1 else keys[0])[value]
    found = {
        key: herfindahl(group, normalised=normalised, scale=scale, negative=negative)
        for key, group in groups
    }
    index = groups.size().index
    return pd.Series([found[key] for key in index], index, dtype="float64", name="herfindahl")


def concentration_ratio(
    values: Any, k: int, *, negative: Negative = "refuse", axis: Literal[0, 1] = 0
) -> Any:
    """Percent of the total that the `k` largest units hold (100 when there are no more than `k`).

    The other parameters, NaN behaviour and errors are those of `herfindahl`; `k` that is not a
    positive integer is a ParameterError too.

    References
    ----------
    Hall and Tideman (1967), "Measures of Concentration".

    Examples
    --------
    >>> concentration_ratio([50, 30, 15, 5], 2)
    80.0
    """
    positive_integer("k", k)
    matrix, finish = _columns(values, axis, negative)
    ordered = -np.sort(-np.nan_to_num(matrix), axis=0)
    return finish(100.0 * ratio(ordered[:k].sum(axis=0), ordered.sum(axis=0)))


def _columns(values: Any, axis: int, negative: str) -> tuple[Floats, Callable[[Floats], Any]]:
    """Values as a matrix with one series per column, and how to dress one result per column."""
    one_of("axis", axis, (0, 1))
    one_of("negative", negative, get_args(Negative))
    numbers = floats(values)
    if numbers.ndim not in (1, 2):
        raise ParameterError(f"values must have one or two dimensions, not {numbers.ndim}.")
    matrix = numbers.reshape(-1, 1) if numbers.ndim == 1 else numbers
    matrix = matrix.T if axis == 1 and numbers.ndim == 2 else matrix
    if negative == "refuse" and (matrix < 0).any():
        raise ParameterError(
            f"a share of activity cannot be negative ({np.nanmin(matrix):g}): "
            "negative='drop' leaves such values out."
        )

    def finish(result: Floats) -> Any:
        if numbers.ndim == 1:
            return float(result[0])
        if isinstance(values, pd.DataFrame):
            return pd.Series(result, index=values.index if axis == 1 else values.columns)
        return result

    return np.where(matrix < 0, np.nan, matrix), finish
