"""Parts of a whole: shares, the largest and the rest, ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import ParameterError
from .numbers import Floats, V, column_names, floats, like, one_of, positive_integer, ratio

RankMethod = Literal["average", "min", "max", "first", "dense"]


def shares(values: V, total: ArrayLike | None = None, by: Any = None) -> V:
    """Percent of a total.

    Negative values are allowed, since flows can be negative: their shares are negative too, others
    may then exceed 100, and under a negative total every sign turns. A missing value has no share.

    Parameters
    ----------
    values : Series, DataFrame or array, shape (units,) or (units, series); any one unit
    total : float or array that broadcasts against `values`, in their unit, optional
        By default the sum of the values present, per column. A Series must have the index of a
        Series of values, or the columns of a DataFrame as its index.
    by : what `Series.groupby` accepts (keys, an index level), optional
        Totals within groups; a missing key gives NaN. Only for one-dimensional values.

    Returns
    -------
    the kind of `values`
        NaN where the total is zero or missing.

    Raises
    ------
    ParameterError
        If both `total` and `by` are given, or their shape or labels do not fit.

    Examples
    --------
    >>> shares(pd.Series({"equity": 30.0, "debt": -10.0, "reinvested": 80.0}))
    equity        30.0
    debt         -10.0
    reinvested    80.0
    dtype: float64
    """
    numbers = floats(values)
    if by is not None:
        if total is not None or numbers.ndim != 1:
            raise ParameterError("shares takes 'by' only for one column, and without 'total'.")
        series = pd.Series(numbers, index=getattr(values, "index", None))
        whole: Floats = series.groupby(by).transform("sum").to_numpy()
    elif total is None:
        whole = np.nansum(numbers, axis=0)
    else:
        labels = getattr(values, "columns", getattr(values, "index", None))
        if isinstance(total, pd.Series) and labels is not None and not total.index.equals(labels):
            raise ParameterError("the index of 'total' differs from the labels of 'values'.")
        try:
            whole = np.broadcast_to(floats(total), numbers.shape)
        except ValueError:
            shape = np.shape(total)
            raise ParameterError(
                f"'total' of shape {shape} does not fit {numbers.shape}."
            ) from None
    return like(values, 100.0 * ratio(numbers, whole))


def top_n(
    frame: pd.DataFrame,
    value: str,
    n: int,
    by: str | Sequence[str] | None = None,
    *,
    name: str,
    rest_label: str = "Rest",
) -> pd.DataFrame:
    """Keep the `n` largest units (of each group), with one row for all the others.

    Units are ordered by unrounded value, largest first, and ties by name. Rows with a missing
    value are left out; negative values count, so the rest may be negative.

    Parameters
    ----------
    frame : DataFrame, one row per unit (and group)
    value, name : columns of the amounts, in any one unit, and of the units' names
    n : int, at least 1
    by : column or columns of the groups, optional
    rest_label : str, the name of the remainder

    Returns
    -------
    DataFrame
        Columns: those of `by`, `name`, `value`, "rank" (Int64, missing for the rest) and "share"
        (percent of the group's total; NaN where that is zero), sorted by group and rank, the rest
        last. Amounts add up to the group's total. No row for the rest where it would be empty.

    Raises
    ------
    ParameterError
        If a column does not exist or has the name of a result, `n` is not a positive integer, a
        unit stands twice in a group or bears the name of the rest.

    Examples
    --------
    >>> hosts = pd.DataFrame({"host": ["A", "B", "C"], "flow": [20, 50, 30]})
    >>> top_n(hosts, "flow", 1, name="host").to_dict("list")
    {'host': ['B', 'Rest'], 'flow': [50, 50], 'rank': [1, None], 'share': [50.0, 50.0]}
    """
    positive_integer("n", n)
    keys = column_names(frame, [] if by is None else by, name, value)[:-2]
    if taken := {"rank", "share"} & {*keys, name, value}:
        raise ParameterError(f"top_n writes a column {min(taken)!r} itself: rename the frame's.")
    data = frame[[*keys, name, value]].dropna(subset=[value])
    if data.duplicated([*keys, name]).any():
        raise ParameterError(f"top_n needs each {name!r} once in a group: add a column to 'by'.")
    if (data[name] == rest_label).any():
        raise ParameterError(f"{rest_label!r} is already a {name!r}: choose another 'rest_label'.")
    group = data.groupby(keys, dropna=False).ngroup() if keys else pd.Series(0, index=data.index)
    data = data.assign(_group=group).sort_values(
        ["_group", value, name], ascending=[True, False, True], ignore_index=True
    )
    position = data.groupby("_group").cumcount() + 1
    data["rank"] = position.where(position <= n).astype("Int64")
    rest = data[position > n].groupby("_group", as_index=False)
    others = rest.agg({**dict.fromkeys(keys, "first"), value: "sum"}).assign(**{name: rest_label})
    result = pd.concat([data[position <= n], others]) if len(others) else data
    result = result.sort_values("_group", kind="stable", ignore_index=True)
    result["share"] = shares(result[value], by=result["_group"])
    return result[[*keys, name, value, "rank", "share"]]


def rank(values: V, ascending: bool = False, method: RankMethod = "min") -> V:
    """Rank of each value, the largest first unless `ascending`; to be taken before any rounding.

    Parameters
    ----------
    values : Series, DataFrame (each column by itself) or array
    ascending : bool
    method : "min" (1, 2, 2, 4), "dense" (1, 2, 2, 3), "max", "average" or "first"
        How equal values share their ranks.

    Returns
    -------
    the kind of `values`, float; a missing value has no rank (NaN)

    Raises
    ------
    ParameterError
        If the method is none of these.

    References
    ----------
    Kendall (1945), "The Treatment of Ties in Ranking Problems".

    Examples
    --------
    >>> rank(pd.Series({"A": 5.0, "B": 7.0, "C": 5.0})).to_dict()
    {'A': 2.0, 'B': 1.0, 'C': 2.0}
    """
    one_of("method", method, get_args(RankMethod))
    numbers = floats(values)
    ranks = pd.DataFrame(numbers).rank(ascending=ascending, method=method).to_numpy()
    return like(values, ranks.reshape(numbers.shape))
