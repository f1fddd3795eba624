"""Findings on construction beside investment, and on troubled deals."""

from __future__ import annotations

import pandas as pd

from .. import sectors
from ..data.citation import source_line
from ..rounding import fixed
from ..sectors.activity import NAMES
from .finding import Finding, counted, nothing, span, usd

_LAST_TROUBLED = 2023  # the list of troubled deals ends here
_LAST_CONSTRUCTION = 2024  # the list of construction holds half of the next year


def kinds_panels(deals: pd.DataFrame) -> dict[str, pd.Series]:
    """Amounts a year of investment and of construction, whole years only, for panels."""
    found = {}
    deals = deals[deals["year"] <= _LAST_CONSTRUCTION] if len(deals) else deals
    for kind, title in (("investment", "Investment"), ("construction", "Construction contracts")):
        series = deals[deals["kind"] == kind].groupby("year")["amount"].sum()
        if len(series):
            found[title] = series
    return found


def kinds(deals: pd.DataFrame) -> Finding:
    """Say how construction stands beside investment.

    Parameters
    ----------
    deals : DataFrame
        From :func:`sme_analysis.sectors.activity.deals_by_year`.
    """
    panels = kinds_panels(deals)
    if len(panels) < 2:
        return nothing(
            "No whole year of both investment and construction is on record for these years; "
            f"construction is known to June {_LAST_CONSTRUCTION + 1}."
        )
    own, built = panels["Investment"], panels["Construction contracts"]
    both = sorted(set(own.index) & set(built.index))
    year = int(both[-1])
    headline = (
        f"In {year} large investments came to {usd(own[year])}, construction to {usd(built[year])}"
    )
    more = [int(y) for y in both if built[y] > own[y]]
    whole = deals["year"] <= _LAST_CONSTRUCTION
    rows = deals[deals["kind"].isin(["investment", "construction"]) & whole]
    table = rows.pivot_table(
        index="year", columns="kind", values=["count", "amount"], aggfunc="sum"
    ).astype("float64")
    return Finding(
        headline=headline,
        text=(
            f"{headline}. Construction was the larger of the two in "
            f"{counted(len(more), 'year')} of {len(both)}. A contract leaves nothing in "
            "Chinese ownership: the two are never added."
        ),
        measure=f"Transactions of US$100 mn and more, US$ bn a year, all hosts, {span(both)}",
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Year": table.index,
                "Investments": table[("count", "investment")].astype("Int64").array,
                "Investment, US$ bn": table[("amount", "investment")].to_numpy(),
                "Contracts": table[("count", "construction")].astype("Int64").array,
                "Construction, US$ bn": table[("amount", "construction")].to_numpy(),
            }
        ),
        notes=(
            f"Construction is on record to June {_LAST_CONSTRUCTION + 1}: that year is left out. "
            "The newest years of both lists still grow.",
        ),
    )


def trouble_ratios(deals: pd.DataFrame) -> pd.DataFrame:
    """Troubled deals per investment of each sector, against all other sectors together.

    Returns
    -------
    DataFrame
        `sector`, `troubled`, `investments`, `ratio`, `low`, `high`: the exact 95% interval of a
        ratio of two Poisson rates. Sectors with fewer than ten investments are left out.
    """
    rows = deals[deals["year"] <= _LAST_TROUBLED] if len(deals) else deals
    if rows.empty:
        return pd.DataFrame()
    wide = rows.pivot_table(index="sector", columns="kind", values="count", aggfunc="sum")
    wide = wide.reindex(columns=["troubled", "investment"]).fillna(0).astype("float64")
    total = wide.sum()
    wide = wide[wide["investment"] >= 10]
    others = total["investment"] - wide["investment"]
    if wide.empty or total["troubled"] == 0 or (others <= 0).any():
        return pd.DataFrame()
    compared = sectors.rate_ratio(
        (total["troubled"] - wide["troubled"]).to_numpy(),
        wide["troubled"].to_numpy(),
        others.to_numpy(),
        wide["investment"].to_numpy(),
    ).set_index(wide.index)
    table = wide.rename(columns={"investment": "investments"}).join(compared)
    return table.sort_values("ratio", ascending=False).reset_index()


def trouble_rows(deals: pd.DataFrame) -> pd.DataFrame:
    """Prepare the ratios for drawing: one dot with its interval a sector."""
    table = trouble_ratios(deals)
    if table.empty:
        return table
    apart = (table["low"] > 1) | (table["high"] < 1)
    return pd.DataFrame(
        {
            "label": table["sector"].map(NAMES),
            "value": table["ratio"],
            "low": table["low"],
            "high": table["high"],
            "text": [
                f"{troubled:.0f} to {investments:.0f}"
                for troubled, investments in zip(
                    table["troubled"], table["investments"], strict=True
                )
            ],
            "tone": apart.map({True: "strong", False: "pale"}),
        }
    )


def trouble(deals: pd.DataFrame) -> Finding:
    """Say in which sectors deals ran into trouble more often than elsewhere."""
    table = trouble_ratios(deals)
    if table.empty:
        return nothing(
            f"Too few transactions to compare troubled deals (the list ends in {_LAST_TROUBLED})."
        )
    more, less = table[table["low"] > 1], table[table["high"] < 1]
    names = [NAMES[key] for key in more["sector"]]
    fewer = [NAMES[key] for key in less["sector"]]
    headline = (
        f"{names[0]} had the most troubled deals for its investments"
        if names
        else "No sector had clearly more troubled deals than the others"
    )
    said = [f"{headline}."]
    if names:
        said.append(
            f"Clearly more than elsewhere: {'; '.join(names)} ({names[0]}: "
            f"{fixed(float(more['ratio'].iloc[0]))} times as many per investment)."
        )
    if fewer:
        said.append(f"Clearly fewer: {'; '.join(fewer)}.")
    rest = len(table) - len(more) - len(less)
    said.append(f"For {counted(rest, 'sector')} the interval holds both more and fewer.")
    rows = deals[deals["kind"].isin(["investment", "troubled"]) & (deals["year"] <= _LAST_TROUBLED)]
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            "Troubled deals per investment, sector against all others, ratio with 95% interval; "
            "right: troubled deals to investments"
        ),
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Sector": table["sector"].map(NAMES),
                "Troubled": table["troubled"].astype("int64"),
                "Investments": table["investments"].astype("int64"),
                "Ratio": table["ratio"],
                "from": table["low"],
                "to": table["high"],
            }
        ),
        decimals={"Ratio": 2, "from": 2, "to": 2},
        notes=(
            "Troubled deals are a list of their own (impaired or failed), not a part of the "
            "investments; the ratio compares sectors and is no probability of failure.",
        ),
    )
