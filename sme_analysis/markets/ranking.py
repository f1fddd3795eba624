"""Scores, drawn ranks and appetites of the economies that are ranked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .. import composite
from ..composite.index import ranks_of
from ..risk import model as risk_model
from ..risk.intervals import HIGH, LOW, SPREAD
from . import declared
from .front import pareto
from .model import Figures, index_of, on_scale
from .tables import Tables

DIMENSIONS = ("opportunity", "safety", "access")


def factors(index: composite.Index) -> list[composite.Factor]:
    """Return everything that varies, each with its alternatives.

    Weights at every level, that of safety among them, by up to half, up or down; normalisation
    (goalposts, the extremes of the year, percentile ranks); the mean that joins the dimensions;
    what stands for a missing indicator (nothing, or the median of the region or of the quarter by
    income); and the risk score by the spread of its own draws.
    """
    means = [
        composite.Aggregate(nodes={declared.ROOT: m}) for m in risk_model.AGGREGATIONS.values()
    ]
    fills = [composite.Impute("median", by=column) for column in ("region", "income_quarter")]
    posts = risk_model.GOALPOSTS
    flat = composite.MinMax(risk_model.BOTTOM, risk_model.TOP)
    places = composite.PercentileRank(ties="average", of="all")
    found: list[composite.Factor] = [
        composite.WeightNoise(spread=SPREAD, name="weights"),
        composite.Alternatives(posts, [posts, flat, places], name="normalisation"),
        composite.Alternatives(index.recipe.aggregate, means, name="aggregation"),
        composite.Alternatives(
            risk_model.KEEP_GAPS, [risk_model.KEEP_GAPS, *fills], name="missing indicators"
        ),
    ]
    if "risk" in index.structure.indicators:
        found.append(composite.MeasurementError(name="risk score"))
    return found


def drawn_scores(index: composite.Index, draws: int, seed: int) -> np.ndarray:
    """Scores of every draw, (draws, economies scored), on the engine's scale."""
    found = composite.uncertainty(index, factors(index), draws=draws, seed=seed, progress=False)
    return found.scores[:, index.data.index.get_indexer(index.units)]


def scores_of(index: composite.Index, made: Figures) -> pd.DataFrame:
    """Scores of every scored economy."""
    scores = on_scale(index.scores)
    table = scores.reindex(columns=[declared.ROOT, *DIMENSIONS])
    table = table.rename(columns={declared.ROOT: "score"})
    leaves = list(index.structure.indicators)
    table["risk"] = made.values["risk"].reindex(table.index)
    table["coverage"] = made.values.loc[table.index, leaves].notna().mean(axis=1)
    table["age"] = made.ages.loc[table.index, leaves].mean(axis=1)
    table.insert(0, "economy", made.names.reindex(table.index))
    return table


def ranked_list(
    table: pd.DataFrame, drawn: np.ndarray
) -> tuple[np.ndarray, pd.DataFrame, np.ndarray]:
    """Order of the columns of `drawn`, the ranking, and the drawn ranks."""
    ranks = ranks_of(drawn) if len(table) else drawn
    nominal = ranks_of(table["score"].to_numpy()[None])[0].astype(int) if len(table) else []
    table.insert(1, "rank", nominal)
    ends = np.percentile(ranks, [LOW, HIGH], axis=0) if len(table) else np.zeros((2, 0))
    table.insert(2, "low", ends[0])
    table.insert(3, "high", ends[1])
    table["front"] = pareto(table)
    place = np.arange(len(table))
    table["place"] = place
    table = table.rename_axis("iso3").reset_index()
    table = table.sort_values(["rank", "economy"], ignore_index=True)
    return table["place"].to_numpy(dtype=int), table.drop(columns="place"), ranks


def beside(
    codes: list[str], table: pd.DataFrame, ranked: pd.DataFrame, made: Figures
) -> pd.DataFrame:
    """Current markets with the rank that each would have."""
    rows = table.reindex(codes)
    rows["economy"] = made.names.reindex(codes)
    better = [(ranked["score"] > score).sum() + 1 for score in rows["score"]]
    rank = pd.Series(better, rows.index, dtype="Int64").where(rows["score"].notna())
    rows.insert(1, "rank", rank)
    return rows.rename_axis("iso3").reset_index()


def at_appetites(
    made: Figures, given: str | Mapping[str, float], sector: str, ranked: pd.DataFrame,
    tables: Tables | None,
) -> pd.DataFrame:  # fmt: skip
    """Ranks of the same economies at the three appetites."""
    result = pd.DataFrame(index=pd.Index(ranked["iso3"], name="iso3"))
    for label, level in declared.APPETITES.items():
        index = index_of(made, declared.weights(sector, given, level, tables=tables))
        scores = index.scores[declared.ROOT].reindex(result.index).to_numpy(dtype=float)
        result[label] = ranks_of(scores[None])[0].astype(int) if len(result) else []
    return result


def lacking(index: composite.Index, made: Figures) -> pd.Series:
    """What the score of an economy lacks; "" for those scored."""
    screened = index.report("screened")
    names = made.tree.set_index("code")["name"].str.lower().to_dict() | {declared.ROOT: "all"}
    found = {}
    for iso3, row in screened.iterrows():
        share, _, rest = str(row["reason"]).partition(" of ")
        node, _, least = rest.partition(", below ")
        if row["kept"]:
            found[iso3] = ""
        elif node == "safety":
            found[iso3] = "has no host-risk score"
        else:
            found[iso3] = f"has {share} of {names[node]} indicators; at least {least} are needed"
    return pd.Series(found, dtype=object)
