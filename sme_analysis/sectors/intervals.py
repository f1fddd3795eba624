"""Uncertainty of shares and of ratios where counts are small."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..errors import ParameterError
from ..statistics.numbers import Floats, floats, one_of, ratio

MixMethod = Literal["dirichlet", "goodman"]


def share_interval(counts: Any, total: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """Wilson's score interval for one share, in percent.

    With p = x/n and z the normal quantile, the ends are

        (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).

    It keeps within 0 and 100, and is not empty where the count is zero or everything.

    Parameters
    ----------
    counts : Series or array, shape (k,), from 0 to the total
    total : float, or Series or array of shape (k,)
    level : coverage, between 0 and 1

    Returns
    -------
    DataFrame
        `low`, `high` (percent), on the index of `counts`; missing where the total is zero.

    Raises
    ------
    ParameterError
        If a count is negative or above its total, or the level is not between 0 and 1.

    References
    ----------
    Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference"; Newcombe
    (1998), "Two-Sided Confidence Intervals for the Single Proportion", method 3.

    Examples
    --------
    >>> share_interval([81, 0], [263, 20]).round(2).to_numpy().tolist()  # Newcombe's table I
    [[25.53, 36.62], [0.0, 16.11]]
    """
    from scipy import stats

    x, n = _counts(counts, total, level)
    z = stats.norm.ppf(0.5 + level / 2)
    return _dress(counts, *_wilson(x, n, z**2))


def mix_interval(
    counts: Any, *, level: float = 0.95, method: MixMethod = "dirichlet"
) -> pd.DataFrame:
    """Intervals for every share of a mix, in percent.

    Parameters
    ----------
    counts : Series or array, shape (sectors,); counts of zero or more
    level : coverage, between 0 and 1
    method : "dirichlet" or "goodman"
        "dirichlet": each share by itself. The counts are multinomial with Jeffreys' prior, a half
        for each of k sectors, so that a share is Beta(x + 1/2, n - x + (k - 1)/2); the ends are
        its equal-tailed quantiles. "goodman": all shares at once; Wilson's ends with the
        chi-squared quantile of one degree of freedom at 1 - (1 - level)/k, so that in at least
        `level` of samples, nearly, every interval covers.

    Returns
    -------
    DataFrame
        `low`, `high` (percent), on the index of `counts`; missing where there is nothing.

    Raises
    ------
    ParameterError
        If a count is negative, the level is not between 0 and 1, or the method is unknown.

    References
    ----------
    Jeffreys (1946), "An Invariant Form for the Prior Probability in Estimation Problems"; Goodman
    (1965), "On Simultaneous Confidence Intervals for Multinomial Proportions", equation 2.5.

    Examples
    --------
    >>> mix_interval(pd.Series({"A": 8, "B": 2}), method="goodman").round(1).loc["A"].to_list()
    [44.8, 95.2]
    """
    from scipy import stats

    one_of("method", method, get_args(MixMethod))
    total = floats(counts).sum()
    x, n = _counts(counts, total, level)
    k = len(x)
    if method == "goodman":
        return _dress(counts, *_wilson(x, n, stats.chi2.ppf(1 - (1 - level) / max(k, 1), 1)))
    with np.errstate(invalid="ignore"):
        low, high = stats.beta.ppf(
            [[(1 - level) / 2], [(1 + level) / 2]], x + 0.5, n - x + max(k - 1, 1) / 2
        )
    known = n > 0
    return _dress(counts, np.where(known, low, np.nan), np.where(known, high, np.nan))


def rate_ratio(
    before: ArrayLike,
    after: ArrayLike,
    exposure_before: ArrayLike = 1.0,
    exposure_after: ArrayLike = 1.0,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Ratio of two Poisson rates, (x1/t1) / (x0/t0), with an exact interval and test.

    Given the sum of both counts, the later one is binomial with probability r t1 / (r t1 + t0),
    where r is the ratio of the rates. The interval is that of Clopper and Pearson for the
    probability, turned into r; the p-value is the two-sided binomial one for r = 1 (the sum of the
    outcomes that are no more likely). Nothing is approximated, so it holds for counts of any size,
    and is if anything too wide.

    Parameters
    ----------
    before, after : arrays of counts, shape (k,)
    exposure_before, exposure_after : years observed, or all projects of the period; above zero
    level : coverage, between 0 and 1

    Returns
    -------
    DataFrame, shape (k, 4)
        `ratio`, `low`, `high`, `p_value`. From zero the ratio is infinite and only `low` tells;
        all are missing where both counts are zero.

    Raises
    ------
    ParameterError
        If a count is negative or not whole, an exposure is not above zero, or the level is not
        between 0 and 1.

    References
    ----------
    Przyborowski and Wilenski (1940), "Homogeneity of Results in Testing Samples from Poisson
    Series"; Clopper and Pearson (1934).

    Examples
    --------
    >>> rate_ratio([21], [11], [3011], [800]).round(4).to_numpy().tolist()
    [[1.9715, 0.8584, 4.2773, 0.0797]]
    """
    from scipy import stats

    _check_level(level)
    x0, x1, t0, t1 = np.broadcast_arrays(
        *(np.atleast_1d(floats(item)) for item in (before, after, exposure_before, exposure_after))
    )
    if (x0 < 0).any() or (x1 < 0).any() or (x0 % 1 > 0).any() or (x1 % 1 > 0).any():
        raise ParameterError("rate_ratio takes counts: whole numbers of zero or more.")
    if not ((t0 > 0).all() and (t1 > 0).all()):
        raise ParameterError("an exposure must be above zero.")
    n, tail = x0 + x1, (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(x1 > 0, stats.beta.ppf(tail, x1, x0 + 1), 0.0)
        high = np.where(x0 > 0, stats.beta.ppf(1 - tail, x1 + 1, x0), 1.0)
        odds = np.array([x1 / x0, low / (1 - low), high / (1 - high)]) * t0 / t1
    chances = zip(x1.astype(int), n.astype(int), t1 / (t0 + t1), strict=True)
    p_value = [stats.binomtest(x, m, p).pvalue if m else np.nan for x, m, p in chances]
    odds = np.where(n > 0, odds, np.nan)
    table = {"ratio": odds[0], "low": odds[1], "high": odds[2], "p_value": np.array(p_value)}
    return pd.DataFrame(table)


def _wilson(x: Floats, n: Floats, squared: float) -> tuple[Floats, Floats]:
    """Ends of the score interval as fractions, for the square of the quantile."""
    share = ratio(x, n)
    per = ratio(squared, n)
    middle = share + per / 2
    reach = np.sqrt(per * np.maximum(share * (1 - share), 0.0) + per**2 / 4)
    low, high = (middle - reach) / (1 + per), (middle + reach) / (1 + per)
    # At the bounds the ends are exactly 0 and 1; rounding must not move them.
    return np.where(x == 0, 0.0 * high, low), np.where(x == n, 0.0 * low + 1.0, high)


def _counts(counts: Any, total: ArrayLike, level: float) -> tuple[Floats, Floats]:
    x = floats(counts)
    try:
        n = np.broadcast_to(floats(total), x.shape)
    except ValueError:
        raise ParameterError(
            f"a total of shape {np.shape(total)} does not fit counts of shape {x.shape}."
        ) from None
    if x.ndim != 1 or (x < 0).any() or (x > n).any():
        raise ParameterError("counts must be one column of numbers from zero to their total.")
    _check_level(level)
    return x, n


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ParameterError(f"level must lie between 0 and 1, not be {level!r}.")


def _dress(counts: Any, low: Floats, high: Floats) -> pd.DataFrame:
    index = counts.index if isinstance(counts, pd.Series) else None
    return pd.DataFrame({"low": 100 * low, "high": 100 * high}, index=index)
