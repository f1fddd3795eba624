"""How far a mix has moved between periods, and what moved it: structural change, shift-share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..errors import ParameterError
from ..statistics.numbers import Floats, floats, ratio


def structural_change(wide: pd.DataFrame) -> pd.DataFrame:
    """Indices of structural change between each period and the one before.

    With shares s (fractions) and amounts x of sector i before (0) and after (1):

    - norm of absolute values, NAV = 1/2 sum |s1 - s0|, here in percent: the part of the whole that
      would have to change its sector to make one mix of the other; 0 to 100;
    - Lilien index, L = sqrt(sum s1 (dlog x - dlog X)^2), the dispersion of the sectors' growth
      about that of the total X, weighted by their shares after;
    - modified Lilien index, the same with the mean of both shares as weights, so that the order of
      the periods does not matter.

    Since dlog x - dlog X = dlog s, none depends on the unit. The two Lilien indices have no value
    for a sector that is absent on one side; such sectors are left out there, and `left_out` says
    what share of both periods together they hold. NAV keeps them.

    Parameters
    ----------
    wide : DataFrame, shape (periods in order, sectors); zero or more, one unit; missing is zero

    Returns
    -------
    DataFrame
        One row per pair, indexed by the later period: `before`, `nav` (percent), `lilien`,
        `modified_lilien`, `left_out` (percent). Missing where a period is empty.

    Raises
    ------
    ParameterError
        If a value is negative.

    References
    ----------
    Lilien (1982), "Sectoral Shifts and Cyclical Unemployment", equation 1; Michaely (1962) and
    Stoikov (1966) for NAV, as in Dietrich (2012), "Does Growth Cause Structural Change, or Is It
    the Other Way Around?"; Ansari, Mussida and Pastore (2014), "Note on Lilien and Modified Lilien
    Index", *Stata Journal* 14(2).

    Examples
    --------
    >>> wide = pd.DataFrame({"A": [50, 30], "B": [50, 70]}, index=[2010, 2015])
    >>> structural_change(wide)["nav"].to_list()
    [20.0]
    """
    amounts = np.nan_to_num(floats(wide))
    if (amounts < 0).any():
        raise ParameterError("a mix cannot hold a negative amount: take counts, or gross amounts.")
    shares = ratio(amounts, amounts.sum(axis=1, keepdims=True))
    first, last = shares[:-1], shares[1:]
    both = (first > 0) & (last > 0)
    known = ~np.isnan(first + last).any(axis=1)
    log = np.log(np.where(both, last, 1.0)) - np.log(np.where(both, first, 1.0))
    mean = (first + last) / 2

    def index(weights: Floats) -> Floats:
        return np.where(known, np.sqrt(np.where(both, weights * log**2, 0.0).sum(axis=1)), np.nan)

    return pd.DataFrame(
        {
            "before": wide.index[:-1],
            "nav": 50.0 * np.abs(last - first).sum(axis=1),
            "lilien": index(last),
            "modified_lilien": index(mean),
            "left_out": np.where(known, 100.0 * np.where(both, 0.0, mean).sum(axis=1), np.nan),
        },
        index=wide.index[1:],
    )


def shift_share(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Split the change of every host and sector into three parts that add up to it exactly.

    For host h and sector i, with G the growth of everything and G_i that of sector i in all hosts
    together (fractions of the first period):

    - `common` = x0 G: as if everything grew alike (Dunn's national component);
    - `sector_mix` = x0 (G_i - G): because the sectors present grew more or less than others;
    - `host_own` = dx - x0 G_i: because the host did better or worse than each sector elsewhere
      (the competitive or regional component).

    A sector that was nowhere before has no growth rate; its whole change is the hosts' own.

    Parameters
    ----------
    before, after : DataFrame, shape (hosts, sectors), one unit; missing is zero
        Matched by label; a host or sector on one side only has zero on the other.

    Returns
    -------
    DataFrame
        One row per host and sector: index levels of the two frames, `before`, `after`, `change`,
        `common`, `sector_mix`, `host_own`. Summed over hosts, `host_own` of a sector is zero
        (unless it was nowhere before); summed over everything, `sector_mix` is minus what the new
        sectors add.

    Raises
    ------
    ParameterError
        If labels repeat, or nothing at all was there before.

    References
    ----------
    Dunn (1960), "A Statistical and Analytical Technique for Regional Analysis"; Esteban-Marquillas
    (1972) on the three terms.

    Examples
    --------
    >>> old = pd.DataFrame({"mines": [10.0, 10.0], "shops": [0.0, 20.0]}, index=["A", "B"])
    >>> new = pd.DataFrame({"mines": [10.0, 20.0], "shops": [0.0, 30.0]}, index=["A", "B"])
    >>> shift_share(old, new).loc["A", ["common", "sector_mix", "host_own"]].sum().to_list()
    [5.0, 0.0, -5.0]
    """
    for frame in (before, after):
        if not (frame.index.is_unique and frame.columns.is_unique):
            raise ParameterError("shift_share needs each host and each sector once.")
    old, new = before.align(after)
    start, end = np.nan_to_num(floats(old)), np.nan_to_num(floats(new))
    total = start.sum()
    if total <= 0:
        raise ParameterError("shift_share needs a positive total before.")
    growth = end.sum() / total - 1
    by_sector = ratio(end.sum(axis=0), start.sum(axis=0)) - 1
    by_sector = np.where(np.isnan(by_sector), growth, by_sector)
    parts = {
        "before": start,
        "after": end,
        "change": end - start,
        "common": start * growth,
        "sector_mix": start * (by_sector - growth),
        "host_own": end - start * (1 + by_sector),
    }
    axes = {"host": old.index.name, "sector": old.columns.name}
    names = [usual if name is None else name for usual, name in axes.items()]
    index = pd.MultiIndex.from_product([old.index, old.columns], names=names)
    return pd.DataFrame({name: part.ravel() for name, part in parts.items()}, index=index)
