"""The index beside the country risk classes of the OECD, which never enter it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..composite import Index
from . import declared
from .model import Model, model
from .score import Weights, built, chosen_year, score, to_risk
from .tables import Tables

# Transfer risk and what bears on it: the dimensions about which the classes say something.
CLAIMED = ("political", "economic", "compliance")
JOINED = (CLAIMED, ("economic", "compliance"))
LEVELS = ("index", "joined", "dimension", "pillar", "indicator")
LEAST_ECONOMIES = 30


def validate(
    year: int | None = None, weights: Weights = "equal", aggregation: str = "arithmetic", *,
    own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Rank correlation of the index, its dimensions and every indicator with the OECD's classes.

    Parameters
    ----------
    year : int, optional
        Year of the scores. The classes are those of the newest complete list if the year is the
        newest, else of the last complete list of the year.
    weights, aggregation, own, tables : as in :func:`sme_analysis.risk.score`

    Returns
    -------
    DataFrame, highest correlation first within each level
        `code`, `name`, `level` ("index", "joined", "dimension", "pillar", "indicator"), `rho`
        (Spearman, positive where more risk goes with a higher class), `low` and `high` (95 percent
        interval), `n` (economies with both), `list_date`. "joined" are means of dimensions:
        those about which the classes say something, and the two nearest to transfer risk.

    Notes
    -----
    The classes (0 to 7) measure the risk that payments cannot be transferred or converted, and
    force majeure. High-income members of the OECD and of the euro area had class 0 by rule until
    2012 and none since: both are left out. Nothing is fitted to the classes. Interval: Bonett and
    Wright (2000), "Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations", equation for Spearman.
    """
    made = model(tables=tables, own=own)
    when = chosen_year(made, year)
    classes, date = _classes(made, when)
    index = built(made, year, weights, aggregation)
    table = _correlated(index, classes, [*index.scores.columns, *map("+".join, JOINED)])
    table["list_date"] = date
    table["order"] = table["level"].map({level: place for place, level in enumerate(LEVELS)})
    table = table.sort_values(["order", "rho"], ascending=[True, False], ignore_index=True)
    return table.drop(columns="order")


def _correlated(index: Index, classes: pd.Series, codes: list[str]) -> pd.DataFrame:
    """Correlation of nodes, or of means of nodes ("a+b"), with the classes."""
    risk = to_risk(index.scores)
    assert isinstance(risk, pd.DataFrame)
    names = index.structure.names
    rows = []
    for code in codes:
        parts = code.split("+")
        level = "joined" if len(parts) > 1 else declared.level(index.structure, code)
        label = ", ".join(names[part] for part in parts)
        rows.append((code, label, level, *_spearman(risk[parts].mean(axis=1), classes)))
    return pd.DataFrame(rows, columns=["code", "name", "level", "rho", "low", "high", "n"])


def validate_years(
    weights: Weights = "equal", aggregation: str = "arithmetic", *,
    own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Correlation with the last complete list of each year: `year`, `code`, `rho`, `n`.

    `code` is "risk", the joined "economic+compliance", or the strongest single indicator of the
    newest year. The number of indicators grows over the years as series begin.
    """
    made = model(tables=tables, own=own)
    newest = validate(weights=weights, aggregation=aggregation, own=own, tables=tables)
    single = newest.loc[newest["level"] == "indicator", "code"].iloc[0]
    wanted = [declared.ROOT, "economic+compliance", single]
    parts = []
    for year in range(made.years[0], made.years[1] + 1):
        if year != made.years[1] and not _listed(made, year):
            continue
        classes, date = _classes(made, year)
        index = built(made, year, weights, aggregation)
        table = _correlated(index, classes, [code for code in wanted if _has(index, code)])
        table = table.assign(year=year, list_date=date)
        parts.append(table[["year", "list_date", "code", "name", "rho", "n"]])
    return pd.concat(parts, ignore_index=True)


def residuals(
    year: int | None = None, weights: Weights = "equal", aggregation: str = "arithmetic", *,
    own: pd.DataFrame | None = None, tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Where the index and the classes part, and which dimension does most of it.

    Returns
    -------
    DataFrame, the largest gap first
        `iso3`, `economy`, `risk_class`, `rank` and `class_rank` (both among the economies that have
        both; ties share the mean), `gap` (rank less class rank: above zero where this index sees
        more risk), `dimension` (the one whose contribution, against the mean of the economies of
        the same class, goes furthest in the direction of the gap).
    """
    made = model(tables=tables, own=own)
    classes, _ = _classes(made, chosen_year(made, year))
    table = score(year, weights, aggregation, own=own, tables=tables).set_index("iso3")
    table["risk_class"] = classes
    table = table.dropna(subset="risk_class")
    result = table[["economy", "risk_class"]].copy()
    result["rank"] = table["risk"].rank()
    result["class_rank"] = table["risk_class"].rank()
    result["gap"] = result["rank"] - result["class_rank"]
    parts = list(declared.dimensions(tables=tables))
    share = pd.Series(declared.weights(weights, tables=made.given))[parts]
    away = (table[parts] - table.groupby("risk_class")[parts].transform("mean")) * share
    toward = away.mul(np.sign(result["gap"]), axis=0)
    names = declared.dimensions(tables=tables)
    result["dimension"] = toward.fillna(-np.inf).idxmax(axis=1).map(names)
    result["risk_class"] = result["risk_class"].astype(int)
    order = result["gap"].abs().sort_values(ascending=False, kind="stable").index
    return result.loc[order].reset_index()


def _has(index: Index, code: str) -> bool:
    return all(part in index.structure.nodes for part in code.split("+"))


def _lists(made: Model) -> pd.DataFrame:
    table = made.tables["oecd_country_risk"]
    return table[(table["list_coverage"] == "complete") & ~table["zero_by_rule"].astype(bool)]


def _listed(made: Model, year: int) -> bool:
    return bool((_lists(made)["year"] == year).any())


def _classes(made: Model, year: int) -> tuple[pd.Series, str]:
    """Classes of the list that goes with a year, by economy, and the date of the list."""
    lists = _lists(made)
    newest = year == made.years[1]
    known = lists["year"] if newest else lists.loc[lists["year"] <= year, "year"]
    rows = lists[lists["year"] == known.max()].dropna(subset="risk_class")
    return rows.set_index("iso3")["risk_class"].astype(float), str(rows["list_date"].max())


def _spearman(values: pd.Series, classes: pd.Series) -> tuple[float, float, float, int]:
    both = pd.concat([values, classes], axis=1, join="inner").dropna()
    n = len(both)
    if n < LEAST_ECONOMIES or (both.nunique() < 2).any():
        return float("nan"), float("nan"), float("nan"), n
    rho = float(np.corrcoef(both.rank().to_numpy().T)[0, 1])
    half = 1.959963984540054 * np.sqrt((1 + rho**2 / 2) / (n - 3))
    centre = np.arctanh(rho)
    return rho, float(np.tanh(centre - half)), float(np.tanh(centre + half)), n
