"""Cross-border e-commerce: first prints and revisions kept apart, each growth rate on its base.

No growth is computed here: two first prints need not have one coverage. The printed rates are led
back to the value they start from instead.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .bases import implied_base

_SINCE = "total_growth_since_2020"
_PLACES = {"export_share": "exports", "import_share": "imports"}


def totals(commerce: pd.DataFrame, indicator: str = "total_value") -> pd.DataFrame:
    """Return the value of whole years, one column a vintage, CNY bn.

    Parameters
    ----------
    commerce : DataFrame
        The table `cross_border_ecommerce`.

    Returns
    -------
    DataFrame
        Years x vintages (`preliminary`, `revised`, `later_release`), those that occur.
    """
    rows = commerce[(commerce["period"] == "year") & (commerce["indicator"] == indicator)]
    return rows.pivot(index="year", columns="vintage", values="value").sort_index()


def checks(commerce: pd.DataFrame) -> pd.DataFrame:
    """Lead each printed growth rate of a year's total back to the year before.

    Returns
    -------
    DataFrame
        One row per rate: `year`, `vintage`, `value`, `growth`, `implied` (total of the base year,
        CNY bn), `low`, `high` (as rounding allows), `base_year`, `base` (the vintage on record that
        fits: "preliminary", "revised", "later_release", "neither", or blank where none is on
        record), `source_id`.
    """
    rows = commerce[commerce["period"] == "year"]
    printed = rows[rows["indicator"] == "total_value"].set_index(["year", "vintage"])
    values = printed["value"]
    rates = rows[rows["indicator"].isin(["total_growth", _SINCE])]
    found: list[dict[str, Any]] = []
    for rate in rates.sort_values(["year", "vintage"]).to_dict("records"):
        key = (rate["year"], rate["vintage"])
        if key not in values.index:
            continue
        value, growth = float(values.loc[key]), float(rate["value"])
        base = implied_base(value, growth, float(printed["step"].loc[key]))
        base_year = 2020 if rate["indicator"] == _SINCE else int(rate["year"]) - 1
        known = printed[printed.index.get_level_values("year") == base_year]
        fits = [
            str(earlier["vintage"])
            for earlier in known.reset_index().to_dict("records")
            if base.holds(float(earlier["value"]), float(earlier["step"]))
        ]
        found.append(
            {
                "year": int(rate["year"]), "vintage": rate["vintage"], "value": value,
                "growth": growth, "base_year": base_year, "implied": base.value, "low": base.low,
                "high": base.high, "base": " or ".join(fits) if fits else
                ("neither" if len(known) else None), "source_id": rate["source_id"],
            }
        )  # fmt: skip
    columns = ["year", "vintage", "value", "growth", "base_year", "implied", "low", "high", "base",
               "source_id"]  # fmt: skip
    return pd.DataFrame(found, columns=columns)


def partners(commerce: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of economies in exports and imports, percent.

    Returns
    -------
    DataFrame
        `year`, `period`, `flow` ("exports" or "imports"), `iso3`, `value`, `source_id`; newest
        first, largest first.
    """
    rows = commerce[commerce["indicator"].isin(_PLACES)]
    kept = rows.assign(flow=rows["indicator"].map(_PLACES))[
        ["year", "period", "flow", "iso3", "value", "source_id"]
    ]
    return kept.sort_values(
        ["year", "flow", "value"], ascending=[False, True, False], ignore_index=True
    )
