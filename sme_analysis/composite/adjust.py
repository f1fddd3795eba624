"""The index otherwise: without one node, with one number changed, beside another index."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..errors import ParameterError, unknown
from .arrays import number
from .factors import Omission
from .index import Index
from .replay import replay
from .uncertainty import nominal_ranks, rank_rows


def drop_one_out(index: Index, level: int = 1) -> pd.DataFrame:
    """Ranks of the index without each node of a level in turn.

    The node's weight goes to its siblings in proportion; an aggregate that loses its last child
    goes too. Weights that the recipe takes from the data are not taken again.

    Parameters
    ----------
    level : int
        1 for indicators; below that of the index.

    Returns
    -------
    DataFrame, units by "nominal" and the code that is left out
        `.abs()` of differences from "nominal", averaged by column, is the node's rank shift.
    """
    factor = Omission(level)
    places = factor.places(index.structure)
    if len(places) < 2:
        raise ParameterError(f"level {level} has one node, without which there is no index.")
    keys = np.arange(1, len(places) + 1)[:, None]
    scores = replay(index, [factor], keys, len(keys), 0, progress=False)
    table = pd.DataFrame(
        rank_rows(index, scores).T.astype(float), index.data.index,
        [index.structure.nodes[place] for place in places],
    )  # fmt: skip
    table.insert(0, "nominal", nominal_ranks(index, index.structure.root))
    return table


def compare(indices: Mapping[str, Index], node: str | None = None) -> pd.DataFrame:
    """Scores and ranks of two or more indices side by side, with shifts against the first.

    Parameters
    ----------
    indices : mapping of name to Index, the reference first
    node : code of the node to compare; by default each one's index

    Returns
    -------
    DataFrame over all units, with columns (name, "score" | "rank" | "shift")
        A shift is the reference's rank less this one's: above zero is a rise. NaN for units that
        one of the two lacks.
    """
    if len(indices) < 2:
        raise ParameterError("compare takes two or more indices.")
    for name, index in indices.items():
        if not isinstance(index, Index):
            raise ParameterError(f"{name!r} is not an Index but a {type(index).__name__}.")
    units = next(iter(indices.values())).units
    for index in indices.values():
        units = units.union(index.units, sort=False)
    columns: dict[tuple[str, str], pd.Series[float]] = {}
    reference: pd.Series[float] | None = None
    for name, index in indices.items():
        code = index.structure.nodes[index.structure.place(node or index.structure.root)]
        rank = index.ranks()[code].reindex(units)
        columns[name, "score"] = index.scores[code].reindex(units)
        columns[name, "rank"] = rank
        if reference is None:
            reference = rank
        else:
            columns[name, "shift"] = reference - rank
    return pd.DataFrame(columns)


def rank_correlations(indices: Mapping[str, Index]) -> pd.DataFrame:
    """Spearman correlations between the ranks of indices, over the units that all of them have."""
    table = compare(indices)
    ranks = pd.DataFrame({name: table[name, "rank"] for name in indices}).dropna()
    return ranks.rank().corr()


def what_if(
    index: Index, unit: object, indicator: str, value: float, *, year: int | None = None
) -> pd.DataFrame:
    """Scores and ranks of the index if one unit's datum were another.

    The whole recipe is run again on the changed data, so that other units move too where they are
    compared with this one.

    Parameters
    ----------
    value : float, in the indicator's unit before any step; NaN takes the datum away

    Returns
    -------
    DataFrame by unit: score and rank before and after, and their changes (a rise in rank is above
    zero)
    """
    if indicator not in index.structure.indicators:
        raise ParameterError(unknown("indicator", indicator, index.structure.indicators))
    if not (isinstance(value, float) and np.isnan(value)):
        number("value", value)
    units = index.data.index
    match = units.get_level_values(0) == unit
    if units.nlevels == 2:
        if year is None:
            raise ParameterError("what_if needs a year in a panel.")
        match &= units.get_level_values(1) == year
    if not match.any():
        raise ParameterError(unknown("unit", unit, map(str, units.get_level_values(0).unique())))
    data = index.data.copy()
    data[indicator] = data[indicator].astype("float64").mask(match, value)
    changed = Index.build(index.structure, data, index.recipe)
    root = index.structure.root
    table = pd.DataFrame(index=units)
    for name, one in (("before", index), ("after", changed)):
        table[f"score_{name}"] = one.scores[root].reindex(units)
        table[f"rank_{name}"] = one.ranks()[root].reindex(units)
    table["score_change"] = table["score_after"] - table["score_before"]
    table["rank_change"] = table["rank_before"] - table["rank_after"]
    return table
