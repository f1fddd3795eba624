"""Pareto front: economies that no other one beats in opportunity and risk at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..errors import ParameterError, unknown


def pareto(table: pd.DataFrame, gain: str = "opportunity", cost: str = "risk") -> pd.Series:
    """Say which rows are on the front of much gain and little cost.

    A row is off the front if another has at least its gain at no more cost and is better in one
    of the two. Rows that lack either are off it.

    Parameters
    ----------
    table : DataFrame
    gain, cost : columns; more gain is better, less cost is better

    Returns
    -------
    Series of bool, on the index of `table`

    Raises
    ------
    ParameterError
        If a column does not exist.

    Notes
    -----
    Sorted by cost, a row is on the front if its gain exceeds that of all rows of less cost and
    equals the most among those of its own: Kung, Luccio and Preparata (1975), "On Finding the
    Maxima of a Set of Vectors".

    Examples
    --------
    >>> rows = pd.DataFrame({"opportunity": [5, 9, 4, 9], "risk": [1, 3, 2, 4]})
    >>> pareto(rows).to_list()
    [True, True, False, False]
    """
    for column in (gain, cost):
        if column not in table.columns:
            raise ParameterError(unknown("column", column, map(str, table.columns)))
    pairs = pd.DataFrame(
        {"gain": table[gain].to_numpy(dtype=float), "cost": table[cost].to_numpy(dtype=float)}
    ).dropna()
    best = pairs.groupby("cost")["gain"].max().sort_index()
    before = best.cummax().shift(fill_value=-np.inf)
    on = (pairs["gain"] == pairs["cost"].map(best)) & (pairs["gain"] > pairs["cost"].map(before))
    found = np.zeros(len(table), dtype=bool)
    found[pairs.index[on]] = True
    return pd.Series(found, table.index, name="front")
