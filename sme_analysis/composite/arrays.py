"""Batched arithmetic that every step shares. Arrays are (draws, units, indicators) unless said."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ParameterError, unknown

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Ties = Literal["min", "max", "average"]

# Scores nearer to each other than this share of the largest one are equal but for rounding: the
# order in which weighted values are added up must not decide a rank.
TIE = 1e-12


def one_of(what: str, value: Any, allowed: tuple[Any, ...]) -> None:
    """Refuse an option that is not on the list."""
    if value not in allowed:
        raise ParameterError(unknown(what, value, map(str, allowed)))


def number(what: str, value: Any, low: float = -np.inf, high: float = np.inf) -> None:
    """Refuse anything but a finite number from `low` to `high` (True is not 1 here)."""
    kinds = (int, float, np.integer, np.floating)
    good = isinstance(value, kinds) and not isinstance(value, bool)
    if not good or not np.isfinite(value) or not low <= value <= high:
        span = f" from {low:g} to {high:g}"
        if np.isinf(high):
            tiny = 0 < low < 1e-300
            span = "" if np.isinf(low) else " above zero" if tiny else f" of at least {low:g}"
        raise ParameterError(f"{what} must be a finite number{span}, not {value!r}.")


def whole(what: str, value: Any, low: int) -> None:
    """Refuse anything but an integer of at least `low` that fits in 63 bits."""
    good = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not good or not low <= value < 2**63:
        raise ParameterError(f"{what} must be an integer of at least {low}, not {value!r}.")


def count(x: Floats) -> Floats:
    """Number of values that are not missing, by draw and indicator: (d, 1, m)."""
    return np.asarray((~np.isnan(x)).sum(axis=1, keepdims=True), dtype=np.float64)


def mean(x: Floats) -> Floats:
    """Mean over units of what is not missing, NaN where nothing is: (d, 1, m)."""
    n = count(x)
    total = np.nansum(x, axis=1, keepdims=True)
    return np.asarray(np.divide(total, n, out=np.full_like(total, np.nan), where=n > 0))


def deviation(x: Floats, ddof: int = 1) -> Floats:
    """Standard deviation over units, NaN for fewer than `ddof` + 1 values: (d, 1, m)."""
    n = count(x) - ddof
    away = x - mean(x)
    # Squares of what has been scaled by the largest neither overflow nor vanish.
    scale = np.fmax.reduce(np.abs(away), axis=1, keepdims=True, initial=0.0)
    squares = np.nansum((away / np.where(scale > 0, scale, 1.0)) ** 2, axis=1, keepdims=True)
    variance = np.divide(squares, n, out=np.full_like(squares, np.nan), where=n > 0)
    return np.asarray(scale * np.sqrt(variance))


def lowest(x: Floats) -> Floats:
    """Minimum over units of what is not missing, NaN where nothing is: (d, 1, m)."""
    low = np.fmin.reduce(x, axis=1, keepdims=True, initial=np.inf)
    return np.where(np.isinf(low), np.nan, low)


def highest(x: Floats) -> Floats:
    """Maximum over units of what is not missing, NaN where nothing is: (d, 1, m)."""
    high = np.fmax.reduce(x, axis=1, keepdims=True, initial=-np.inf)
    return np.where(np.isinf(high), np.nan, high)


def skewness_kurtosis(x: Floats) -> tuple[Floats, Floats]:
    """Bias-corrected skewness G1 and excess kurtosis G2 over units, each (d, m).

    G1 = g1 sqrt(n (n-1)) / (n-2) and G2 = ((n+1) g2 + 6) (n-1) / ((n-2) (n-3)) with the moment
    ratios g1 = m3 / m2^1.5 and g2 = m4 / m2^2 - 3. NaN for a constant, for fewer than three values
    (G1) or four (G2).

    References
    ----------
    Joanes and Gill (1998), "Comparing measures of sample skewness and kurtosis", type 2.
    """
    known = ~np.isnan(x)
    every = bool(known.all())
    n = known.sum(axis=1).astype(np.float64)
    filled = x if every else np.where(known, x, 0.0)
    away = filled - (filled.sum(axis=1) / np.maximum(n, 1))[:, None]
    if not every:
        away[~known] = 0.0
    scale = np.maximum(away.max(axis=1, initial=0.0), -away.min(axis=1, initial=0.0))
    largest = np.maximum(filled.max(axis=1, initial=0.0), -filled.min(axis=1, initial=0.0))
    # A spread that is nothing but rounding is no spread; division keeps huge values from overflow.
    away /= np.where(scale > 1e-12 * largest, scale, np.inf)[:, None]
    square = away * away
    with np.errstate(divide="ignore", invalid="ignore"):
        m2 = square.sum(axis=1) / n
        m3, m4 = (np.einsum("dum,dum->dm", square, other) / n for other in (away, square))
        g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3.0
        skew = np.where(n >= 3, g1 * np.sqrt(n * (n - 1)) / (n - 2), np.nan)
        kurt = np.where(n >= 4, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)), np.nan)
    return skew, kurt


def rank_last(x: Floats, ties: Ties = "min", *, tolerance: float = 0.0) -> Floats:
    """Ranks along the last axis, 1 for the smallest; a missing value has none.

    Neighbours no further apart than `tolerance` times the largest absolute value share a rank: the
    lowest of theirs ("min", as in sport), the highest or the average.
    """
    size = x.shape[-1]
    if not x.size:
        return x.astype(np.float64)
    order = np.argsort(x, axis=-1)
    ordered = np.take_along_axis(x, order, axis=-1)
    spare = tolerance * np.nan_to_num(np.abs(x)).max(axis=-1, keepdims=True) if tolerance else 0.0
    start = np.ones(x.shape, dtype=bool)
    start[..., 1:] = ~(ordered[..., 1:] - ordered[..., :-1] <= spare)
    places = np.arange(1, size + 1, dtype=np.float64)
    low = np.maximum.accumulate(np.where(start, places, 0.0), axis=-1)
    if ties == "min":
        ranks = low
    else:
        stop = np.ones(x.shape, dtype=bool)
        stop[..., :-1] = start[..., 1:]
        back = np.where(stop, places, np.inf)[..., ::-1]
        high = np.minimum.accumulate(back, axis=-1)[..., ::-1]
        ranks = high if ties == "max" else (low + high) / 2.0
    result = np.empty(x.shape)
    np.put_along_axis(result, order, np.where(np.isnan(ordered), np.nan, ranks), axis=-1)
    return result


def rank_units(x: Floats, ties: Ties) -> Floats:
    """Ranks over units (axis 1), 1 for the smallest value."""
    return np.ascontiguousarray(np.swapaxes(rank_last(np.swapaxes(x, 1, 2), ties), 1, 2))
