"""What a score is made of: every indicator's share, and the strongest and weakest of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import composite
from .model import Figures, on_scale


def unit_weights(index: composite.Index) -> pd.DataFrame:
    """Effective weight of every node in the score of every unit.

    The weight of a missing indicator goes to its siblings, that of a pillar without any to the
    other pillars: weights of the indicators sum to one for every unit.

    Returns
    -------
    DataFrame, units by nodes
    """
    structure = index.structure
    known = index.scores.notna()
    local = index.weights.set_index("code")["weight"]
    table = pd.DataFrame(0.0, known.index, known.columns)
    table[structure.root] = known[structure.root].astype(float)
    for node in [structure.root, *reversed(structure.aggregates)]:
        children = [code for code in known.columns if structure.parents[code] == node]
        if not children or (node == structure.root and table[children].to_numpy().any()):
            continue
        given = known[children].to_numpy(dtype=float) * local.reindex(children).to_numpy()
        total = given.sum(axis=1, keepdims=True)
        share = np.divide(given, total, out=np.zeros_like(given), where=total > 0)
        table[children] = table[[node]].to_numpy() * share
    return table


def contributions(index: composite.Index, made: Figures) -> pd.DataFrame:
    """Every indicator of every scored economy, with what it adds to the score.

    Returns
    -------
    DataFrame
        `iso3`, `code`, `name`, `value` (in `unit`, as measured), `age` (years), `score` (0 to 100,
        more is better), `world` (mean score of all economies), `weight` (effective, sums to one
        for an economy), `contribution` (weight times score less world: points by which the
        indicator lifts the economy above the mean).
    """
    leaves = list(index.structure.indicators)
    scores = on_scale(index.scores[leaves])
    weights = unit_weights(index)[leaves]
    world = scores.mean()
    raw = natural(made, leaves).reindex(scores.index)
    ages = made.ages.reindex(scores.index)[leaves]
    long = (
        scores.rename_axis("iso3").reset_index().melt("iso3", var_name="code", value_name="score")
    )
    pairs = pd.MultiIndex.from_frame(long[["iso3", "code"]])

    def spread(table: pd.DataFrame) -> np.ndarray:
        return np.asarray(table.stack(future_stack=True).reindex(pairs), dtype=float)

    declared = made.leaves
    long.insert(2, "name", long["code"].map(declared["name"]))
    long.insert(3, "value", spread(raw))
    long.insert(4, "unit", long["code"].map(declared["unit"]))
    long.insert(5, "age", spread(ages))
    long["world"] = long["code"].map(world)
    long["weight"] = spread(weights)
    long["contribution"] = long["weight"] * (long["score"] - long["world"])
    return long


def natural(made: Figures, codes: list[str]) -> pd.DataFrame:
    """Figures as measured, their logarithms undone; growth by logarithms in percent a year."""
    table = made.values[codes].copy()
    for code in codes:
        scale, measure = made.leaves.loc[code, ["scale", "measure"]]
        if measure == "log_change":
            table[code] = 100.0 * np.expm1(table[code])
        elif scale == "log":
            table[code] = np.exp(table[code])
        elif scale == "log1p":
            table[code] = np.expm1(table[code])
    return table


def drivers(table: pd.DataFrame, n: int = 3) -> pd.DataFrame:
    """The indicators that lift and lower each economy most against the mean economy.

    Parameters
    ----------
    table : DataFrame
        From :func:`contributions`.
    n : int
        Most on each side.

    Returns
    -------
    DataFrame
        Rows of `table` with `side` ("strong" or "weak"), strongest first, then weakest first.
    """
    known = table[table["score"].notna()]
    order = ["iso3", "contribution", "code"]
    strong = known[known["contribution"] > 0].sort_values(order, ascending=[True, False, True])
    weak = known[known["contribution"] < 0].sort_values(order)
    sides = [
        part.groupby("iso3", sort=False).head(n).assign(side=side)
        for part, side in ((strong, "strong"), (weak, "weak"))
    ]
    return pd.concat(sides).sort_values(["iso3", "side"], kind="stable", ignore_index=True)
