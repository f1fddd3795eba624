"""One economy: every figure behind its score, its strengths and its weaknesses."""

from __future__ import annotations

import pandas as pd

from ..economies import to_iso3
from ..errors import DataError
from . import declared
from .model import Model, model
from .score import Weights, built, chosen_year, left_out, to_risk
from .tables import Tables


def profile(
    economy: str, year: int | None = None, weights: Weights = "equal",
    aggregation: str = "arithmetic", *, own: pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Every dimension, pillar and indicator of one economy.

    Parameters
    ----------
    economy : str
        Any name or code.
    year, weights, aggregation, own, tables : as in :func:`sme_analysis.risk.score`

    Returns
    -------
    DataFrame, the index first, then each dimension followed by what is under it
        `code`, `name`, `level` ("index", "dimension", "pillar", "indicator"), `parent`, `value`
        (as scaled, indicators only), `age` (years), `risk` (0 to 100), `rank` (1 the least risk)
        among `of` economies, `world` (median risk of all), `weight` (effective, sums to one over
        the indicators), `contribution` (percentage points by which the node, with its weight,
        lifts the index above the mean economy; exact for arithmetic means without gaps).

    Raises
    ------
    DataError
        If the economy has no score; the message says why.
    """
    made = model(tables=tables, own=own)
    code = str(to_iso3(economy))
    index = built(made, year, weights, aggregation)
    when = chosen_year(made, year)
    if code not in index.units:
        raise DataError(_why(made, code, when, own, tables))
    table = index.profile(code)
    risk = to_risk(index.scores)
    assert isinstance(risk, pd.DataFrame)
    ages = made.measures.ages.xs(when, level="year").loc[code]
    result = pd.DataFrame(
        {"code": table.index, "name": table["name"],
         "parent": table.index.map(index.structure.parents),
         "value": table["value"], "age": ages.reindex(table.index), "risk": risk.loc[code],
         "rank": table["rank"].astype("Int64"), "of": table["of"].astype(int),
         "world": risk.median(), "weight": table["effective"]}
    )  # fmt: skip
    result["contribution"] = result["weight"] * (result["risk"] - risk.mean())
    result.insert(2, "level", [declared.level(index.structure, code) for code in result["code"]])
    order = [code for code in made.structure["code"] if code in result.index]
    return result.loc[order].reset_index(drop=True)


def strengths(profiled: pd.DataFrame, n: int = 5) -> pd.DataFrame:
    """The `n` indicators that lower a profile's risk most against the mean economy."""
    return _extremes(profiled, n, safest=True)


def weaknesses(profiled: pd.DataFrame, n: int = 5) -> pd.DataFrame:
    """The `n` indicators that raise a profile's risk most against the mean economy."""
    return _extremes(profiled, n, safest=False)


def _extremes(profiled: pd.DataFrame, n: int, *, safest: bool) -> pd.DataFrame:
    rows = profiled[(profiled["level"] == "indicator") & profiled["risk"].notna()]
    rows = rows[rows["contribution"] < 0] if safest else rows[rows["contribution"] > 0]
    return rows.sort_values("contribution", ascending=safest, kind="stable").head(n)


def _why(made: Model, code: str, year: int, own: pd.DataFrame | None, tables: Tables | None) -> str:
    name = made.names.get(code, code)
    if code == "CHN":
        return "China is the home of the investing firms and has no score."
    rows = left_out(year, own=own, tables=tables)
    rows = rows[rows["iso3"] == code]
    reason = rows["reason"].iloc[0] if len(rows) else "is not among the economies of the index"
    return f"{name} has no risk score for {year}: it {reason}."
