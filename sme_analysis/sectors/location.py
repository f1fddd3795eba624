"""Which hosts specialise in what: location quotients, with the uncertainty of small counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..errors import ParameterError
from ..statistics.numbers import Floats, column_names, floats, positive_integer, ratio
from .intervals import share_interval


def location_quotient(wide: pd.DataFrame) -> pd.DataFrame:
    """Location quotient: a sector's share in a host over its share in all hosts together.

    LQ = (x_hi / x_h) / (x_i / x). One means no more and no less than everywhere; zero, none; there
    is no upper bound. It does not depend on the unit.

    Parameters
    ----------
    wide : DataFrame, shape (hosts, sectors), zero or more, one unit; missing is zero

    Returns
    -------
    DataFrame of the same shape
        Missing for a host without anything and for a sector that is nowhere.

    Raises
    ------
    ParameterError
        If a value is negative.

    References
    ----------
    Balassa (1965), "Trade Liberalisation and 'Revealed' Comparative Advantage", whose index of
    revealed comparative advantage is the same ratio.

    Examples
    --------
    >>> wide = pd.DataFrame({"mines": [6, 2], "shops": [2, 10]}, index=["A", "B"])
    >>> location_quotient(wide).loc["A"].round(4).to_dict()
    {'mines': 1.875, 'shops': 0.4167}
    """
    amounts = np.nan_to_num(floats(wide))
    if (amounts < 0).any():
        raise ParameterError("a location quotient cannot be taken of a negative amount.")
    in_host = ratio(amounts, amounts.sum(axis=1, keepdims=True))
    overall = ratio(amounts.sum(axis=0), amounts.sum())
    return pd.DataFrame(ratio(in_host, overall), wide.index, wide.columns)


def symmetric(quotient: pd.DataFrame) -> pd.DataFrame:
    """Symmetric specialisation, (LQ - 1) / (LQ + 1), from -1 (none) over 0 (as everywhere) to 1.

    References
    ----------
    Laursen (2015), "Revealed Comparative Advantage and the Alternatives as Measures of
    International Specialization", equation 2 (Dalum, Laursen and Villumsen 1998).

    Examples
    --------
    >>> symmetric(pd.DataFrame({"mines": [0.0, 1.0, 3.0]}))["mines"].to_list()
    [-1.0, 0.0, 0.5]
    """
    return (quotient - 1.0) / (quotient + 1.0)


def specialisation(
    frame: pd.DataFrame,
    count: str,
    *,
    host: str = "iso3",
    sector: str = "analysis_sector",
    min_count: int = 5,
    level: float = 0.95,
) -> pd.DataFrame:
    """Specialisation of hosts from counts of projects or deals, with intervals.

    One project more can double a quotient of a small host. The interval is Wilson's for the share
    of the sector in the host, over the share in all hosts, which is taken as known; it says how
    far a quotient would move if the same host drew its projects again. A host "specialises" where
    the whole interval is above one and the host has `min_count` projects or more.

    Parameters
    ----------
    frame : DataFrame, rows of any detail (they are added up)
    count : column of counts, whole numbers of zero or more
    host, sector : columns of the labels
    min_count : fewest projects of a host for it to be judged
    level : coverage of the intervals

    Returns
    -------
    DataFrame
        One row per host and sector: `host_total`, the count, `share` (percent of the host), `lq`,
        `lq_low`, `lq_high`, `symmetric`, `specialised`; sorted by host and sector.

    References
    ----------
    As :func:`location_quotient`, :func:`symmetric` and :func:`share_interval`.
    """
    column_names(frame, [host, sector], count)
    positive_integer("min_count", min_count)
    wide = frame.pivot_table(index=host, columns=sector, values=count, aggfunc="sum").fillna(0.0)
    wide = wide.loc[wide.sum(axis=1) > 0, wide.sum(axis=0) > 0]
    counts = floats(wide)
    totals = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape)
    overall = np.broadcast_to(ratio(counts.sum(axis=0), counts.sum()), counts.shape)
    quotient = location_quotient(wide)
    low, high = share_interval(counts.ravel(), totals.ravel(), level=level).to_numpy().T / 100

    def flat(values: Floats) -> Floats:
        return np.asarray(values, dtype="float64").ravel()

    table = pd.DataFrame(
        {
            "host_total": flat(totals),
            count: flat(counts),
            "share": 100 * flat(counts / totals),
            "lq": flat(quotient.to_numpy()),
            "lq_low": low / flat(overall),
            "lq_high": high / flat(overall),
            "symmetric": flat(symmetric(quotient).to_numpy()),
        },
        index=pd.MultiIndex.from_product([wide.index, wide.columns], names=[host, sector]),
    )
    table["specialised"] = (table["lq_low"] > 1) & (table["host_total"] >= min_count)
    return table.reset_index()
