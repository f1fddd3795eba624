"""Findings on cross-border e-commerce: first prints and revisions apart."""

from __future__ import annotations

import math

import pandas as pd

from .. import economies
from ..data.citation import source_line
from ..data.tables import load
from ..firms import ecommerce as trade
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, nothing, percent, read_as

_VINTAGE = {
    "preliminary": "first printed",
    "revised": "revised",
    "later_release": "printed in a later report",
}


def value(commerce: pd.DataFrame) -> Finding:
    """Say what cross-border e-commerce adds to trade, and how firm its figures are.

    Parameters
    ----------
    commerce : DataFrame
        The table `cross_border_ecommerce`.
    """
    rows = _totals(commerce)
    if rows.empty:
        return nothing("No value of cross-border e-commerce is on record.")
    checked = trade.checks(commerce)
    last = rows.iloc[-1]
    text = (
        f"Cross-border e-commerce was CNY {fixed(last['value'] / 1000, 2)} tn in {last['year']} "
        f"({_VINTAGE[str(last['vintage'])]})."
    )
    text += _share(commerce) + _split(commerce) + _base(rows, checked)
    first = _own(commerce, "preliminary")
    return Finding(
        headline=_headline(rows, checked),
        text=text,
        measure=(
            "Value of trade by cross-border e-commerce, CNY bn a year; hollow: what a later growth "
            "rate implies for its base year"
        ),
        source=source_line(rows),
        table=_table(rows, checked),
        decimals={"CNY bn": 0, "Growth, % (printed)": 1, "Implied base, CNY bn": 0},
        notes=(
            f"First prints and revisions are different series: {len(first)} years are known as "
            "first printed. No growth is computed across two vintages; a year without a point was "
            "not found. Not all of this trade is small firms'.",
        ),
    )


def panels(commerce: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the panel of the figure for :func:`value`, as `plots.dated_points` takes it."""
    rows, checked = _totals(commerce), trade.checks(commerce)
    odd = checked[(checked["base"] == "neither") | checked["base"].isna()]
    odd = odd.drop_duplicates("base_year", keep="last")
    drawn = pd.DataFrame(
        {
            "when": rows["year"].astype(float), "value": rows["value"].astype(float),
            "series": rows["vintage"].map(_VINTAGE), "segment": "", "filled": True,
        }
    )  # fmt: skip
    implied = pd.DataFrame(
        {
            "when": odd["base_year"].astype(float), "value": odd["implied"],
            "series": "implied later", "segment": "", "filled": False,
        }
    )  # fmt: skip
    both = pd.concat([drawn, implied], ignore_index=True)
    last = both.sort_values("when").drop_duplicates("series", keep="last").set_index("series")
    names = {
        str(name): f"{name} {fixed(row['value'], 0)} ({row['when']:.0f})"
        for name, row in last.iterrows()
    }
    return {"": both.assign(label=both["series"].map(names))}


def places(commerce: pd.DataFrame) -> Finding:
    """Say where this trade goes to and comes from, as far as shares are printed."""
    rows = trade.partners(commerce)
    if rows.empty:
        return nothing("No share of an economy in cross-border e-commerce is on record.")
    newest = rows[(rows["year"] == rows["year"].max())]
    parts = []
    for flow, group in newest.groupby("flow", sort=True):
        top, kind = group.iloc[0], {"exports": "destination"}.get(str(flow), "origin")
        host = economies.name(str(top["iso3"]), "plain")
        parts.append(f"largest {kind} {host}, {percent(top['value'])} of {flow}")
    period = {"half_1": ", first half"}.get(str(newest["period"].iloc[0]), "")
    return Finding(
        headline="",
        text=f"{newest['year'].iloc[0]}{period}: {'; '.join(parts)} by e-commerce.",
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Period": [
                    f"{row['year']}, first half" if row["period"] == "half_1" else str(row["year"])
                    for row in rows.to_dict("records")
                ],
                "Flow": rows["flow"],
                "Economy": [economies.name(str(code), "plain") for code in rows["iso3"]],
                "Share, %": rows["value"],
                "Read at": read_as(rows["source_id"], load("sources")).to_numpy(),
            }
        ),
    )


def _fits(base: object) -> str | None:
    """Say which figure of the year before fits a printed growth rate."""
    if not isinstance(base, str):
        return None
    return " or ".join(_VINTAGE.get(part, part) for part in base.split(" or "))


def _totals(commerce: pd.DataFrame) -> pd.DataFrame:
    rows = commerce[(commerce["period"] == "year") & (commerce["indicator"] == "total_value")]
    return rows.sort_values(["year", "vintage"], ignore_index=True)


def _own(commerce: pd.DataFrame, vintage: str) -> pd.DataFrame:
    rows = _totals(commerce)
    return rows[rows["vintage"] == vintage]


def _headline(rows: pd.DataFrame, checked: pd.DataFrame) -> str:
    last = rows.iloc[-1]
    head = f"Trade by e-commerce reached CNY {fixed(last['value'] / 1000, 2)} tn in {last['year']}"
    since = checked[
        (checked["year"] == last["year"]) & (checked["year"] - checked["base_year"] > 1)
    ]
    if len(since):
        row = since.iloc[0]
        head += f", {percent(row['growth'], 0)} more than in {row['base_year']} as revised"
    return head


def _share(commerce: pd.DataFrame) -> str:
    rows = commerce[commerce["indicator"] == "share_of_trade"].sort_values("year")
    if rows.empty:
        return ""
    row = rows.iloc[-1]
    when = {"half_1": "the first half of "}.get(str(row["period"]), "")
    return f" It made up {percent(row['value'])} of China's goods trade in {when}{row['year']}."


def _split(commerce: pd.DataFrame) -> str:
    rows = commerce[commerce["indicator"].isin(["export_value", "import_value", "total_value"])]
    rows = rows[rows["preferred"] & (rows["period"] == "year")]
    wide = rows.pivot(index="year", columns="indicator", values="value")
    wide = wide.reindex(columns=["export_value", "import_value"]).dropna()
    if wide.empty:
        return ""
    year = wide.index.max()
    share = wide.loc[year, "export_value"] / wide.loc[year].sum() * 100
    return f" Exports were {percent(share, 0)} of it in {year}, the last full year split."


def _base(rows: pd.DataFrame, checked: pd.DataFrame) -> str:
    """Say which printed rates do not lead back to a printed value."""
    odd = checked[checked["base"] == "neither"]
    if odd.empty:
        return ""
    newest = odd.sort_values(["base_year", "year"]).drop_duplicates("base_year", keep="last")
    printed = rows.drop_duplicates("year").set_index("year")["value"]
    values = listed(
        f"{row['base_year']}, first printed as CNY "
        f"{fixed(printed[row['base_year']] / 1000, 2)} tn, must since stand at some "
        f"{fixed(row['implied'] / 1000, 2)} tn"
        for row in newest.to_dict("records")
    )
    return (
        f" {len(odd)} of {len(checked)} printed growth rates start from a value that is not on "
        f"record: {values}."
    )


def _table(rows: pd.DataFrame, checked: pd.DataFrame) -> pd.DataFrame:
    annual = checked[checked["year"] - checked["base_year"] == 1].set_index(["year", "vintage"])
    keys = list(zip(rows["year"], rows["vintage"], strict=True))

    def cell(column: str, key: tuple[object, object]) -> object:
        return annual[column].get(key, math.nan if column != "base" else None)

    return pd.DataFrame(
        {
            "Year": rows["year"],
            "Figure": rows["vintage"].map(_VINTAGE),
            "CNY bn": rows["value"],
            "Growth, % (printed)": [cell("growth", key) for key in keys],
            "Implied base, CNY bn": [cell("implied", key) for key in keys],
            "Base on record": [_fits(cell("base", key)) for key in keys],
            "Read at": read_as(rows["source_id"], load("sources")).to_numpy(),
        }
    )
