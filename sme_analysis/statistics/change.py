"""Change over time: growth, compound annual growth, contributions to growth."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import ParameterError
from .numbers import V, floats, like, one_of, positive_integer, ratio


def growth(values: V, periods: int = 1) -> V:
    """Percent change over `periods` years.

    A Series or DataFrame is read by the integer years of its index, in any order: a rate is given
    only where the year exactly `periods` before has a value, so no rate ever bridges a gap. An
    array is read by position along its first axis. A zero or negative base gives NaN, because a
    rate on such a base (a year of net withdrawal) has no meaning.

    Parameters
    ----------
    values : Series, DataFrame or array, shape (years,) or (years, series); any one unit
    periods : int, at least 1

    Raises
    ------
    ParameterError
        If the index is not unique integer years, or `periods` is not a positive integer.

    References
    ----------
    OECD (2007), *Data and Metadata Reporting and Presentation Handbook*, on growth rates.

    Examples
    --------
    >>> growth(pd.Series({2016: 50.0, 2018: 80.0, 2019: 60.0}))
    2016     NaN
    2018     NaN
    2019   -25.0
    dtype: float64
    """
    positive_integer("periods", periods)
    now = floats(values)
    before = np.full_like(now, np.nan)
    if isinstance(values, pd.Series | pd.DataFrame):
        years = _years(values)
        position = years.get_indexer(years - periods)
        before[position >= 0] = now[position[position >= 0]]
    else:
        before[periods:] = now[:-periods]
    base = np.where(before > 0, before, np.nan)
    return like(values, 100.0 * (now - base) / base)


def cagr(first: ArrayLike, last: ArrayLike, years: ArrayLike) -> Any:
    """Compound annual growth rate in percent: the constant yearly rate from `first` to `last`.

    Scalars give a float; arrays and Series (of one index) are worked out element by element. An
    end that is missing, zero or negative gives NaN: no constant rate leads from or to it.

    Parameters
    ----------
    first, last : float, array or Series, in one unit
    years : float, array or Series; years between the two ends, above zero

    Raises
    ------
    ParameterError
        If a span is not above zero, or two Series differ in their index.

    References
    ----------
    OECD (2007), *Data and Metadata Reporting and Presentation Handbook*, on growth rates.

    Examples
    --------
    >>> round(cagr(100, 121, 2), 10)
    10.0
    """
    labelled = [item for item in (first, last, years) if isinstance(item, pd.Series)]
    if any(not item.index.equals(labelled[0].index) for item in labelled):
        raise ParameterError("cagr needs its Series to have one and the same index.")
    start, end, span = floats(first), floats(last), floats(years)
    if (span <= 0).any():
        raise ParameterError(f"years must be above zero, not {np.nanmin(span):g}.")
    valid = (start > 0) & (end > 0)
    # Logarithms, because the ratio of two representable numbers may not be representable.
    logs = np.log(np.where(valid, end, np.nan)) - np.log(np.where(valid, start, np.nan))
    rate = 100.0 * np.expm1(logs / span)
    return like(labelled[0], rate) if labelled else float(rate) if rate.ndim == 0 else rate


def cagr_of(values: pd.Series | pd.DataFrame) -> Any:
    """Compound annual growth rate in percent from the first to the last value on record.

    The span is the distance between the two years, whether or not the years between are known.

    Parameters
    ----------
    values : Series or DataFrame indexed by integer years, in any order

    Returns
    -------
    float, or a Series with one rate per column
        NaN where fewer than two years have a value, or an end is zero or negative.

    Raises
    ------
    ParameterError
        If the index is not unique integer years.

    References
    ----------
    OECD (2007), *Data and Metadata Reporting and Presentation Handbook*, on growth rates.

    Examples
    --------
    >>> round(cagr_of(pd.Series({2015: None, 2016: 100.0, 2017: None, 2018: 144.0})), 10)
    20.0
    """
    years = _years(values)
    if isinstance(values, pd.DataFrame):
        rates = [cagr_of(values.iloc[:, i]) for i in range(values.shape[1])]
        return pd.Series(rates, index=values.columns, dtype="float64")
    known = pd.Series(floats(values), index=years).dropna().sort_index()
    if len(known) < 2:
        return math.nan
    return cagr(known.iloc[0], known.iloc[-1], known.index[-1] - known.index[0])


def contribution_to_growth(before: Any, after: Any, missing: Literal["nan", "zero"] = "nan") -> Any:
    """Percentage points that each unit adds to the growth of the total.

    100 (after_i - before_i) / sum(before). The contributions add up to the growth of the total of
    the units compared.

    Parameters
    ----------
    before, after : Series or arrays, shape (units,), in one unit
        Two Series are matched by index, arrays by position.
    missing : "nan" or "zero"
        What to do with a unit known on one side only. "nan": it is not compared; its own result is
        NaN and it is left out of the total. "zero": it was truly absent, and counts as zero.

    Returns
    -------
    Series over the labels of both sides (those of `before` first), or array
        NaN throughout where the total before is zero or negative.

    Raises
    ------
    ParameterError
        If labels repeat, shapes differ, only one side is a Series, or `missing` is unknown.

    References
    ----------
    OECD (2007), *Data and Metadata Reporting and Presentation Handbook*, on growth rates.

    Examples
    --------
    >>> contribution_to_growth(pd.Series({"A": 60.0, "B": 40.0}), pd.Series({"A": 75.0, "B": 35.0}))
    A    15.0
    B    -5.0
    dtype: float64
    """
    one_of("missing", missing, ("nan", "zero"))
    model = before
    if isinstance(before, pd.Series) and isinstance(after, pd.Series):
        if not (before.index.is_unique and after.index.is_unique):
            raise ParameterError("contribution_to_growth needs each label once on either side.")
        labels = before.index.append(after.index.difference(before.index, sort=False))
        before, after = before.reindex(labels), after.reindex(labels)
        model = before
    elif isinstance(before, pd.Series) or isinstance(after, pd.Series):
        raise ParameterError("contribution_to_growth needs two Series, or two arrays.")
    old, new = floats(before), floats(after)
    if old.ndim != 1 or old.shape != new.shape:
        raise ParameterError(f"the two sides differ in shape: {old.shape} and {new.shape}.")
    if missing == "zero":
        old, new = np.nan_to_num(old), np.nan_to_num(new)
    compared = ~(np.isnan(old) | np.isnan(new))
    base = old[compared].sum()
    return like(model, 100.0 * ratio(new - old, base if base > 0 else np.nan))


def _years(values: pd.Series | pd.DataFrame) -> pd.Index:
    index = values.index
    if len(index) and (not pd.api.types.is_integer_dtype(index.dtype) or index.hasnans):
        raise ParameterError(f"the index must be integer years, not {index.dtype}.")
    if not index.is_unique:
        raise ParameterError(f"year {index[index.duplicated()][0]} stands twice in the index.")
    return index.astype("int64")
