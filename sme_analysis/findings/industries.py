"""Findings on sectors: official coverage, the mix and its change, new sectors, trouble."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import sectors, statistics
from ..data.citation import source_line
from ..rounding import fixed
from ..sectors.activity import NAMES
from ..wording import listed
from .finding import Finding, counted, nothing, number, percent, place, span, year_of

_WHAT = {
    "deals": "investments of US$100 mn and more",
    "development": "development projects",
    "official": "official outward FDI flow",
}
_CAVEAT = {
    "deals": (
        "Transactions of US$100 mn and more only: small firms' projects are almost absent. The "
        "list has no class for trade or business services; that is not a zero. The newest years "
        "still grow."
    ),
    "development": "Loans and grants of the official sector at commitment, not FDI; 2000-2021.",
    "official": "First destination: business services are mostly holding companies.",
}
TAGS = {
    "renewable_energy": "Renewable energy",
    "high_tech": "Telecoms and technology",
    "advanced_manufacturing": "Vehicles and batteries",
}


def coverage_series(by_industry: pd.DataFrame, start_year: int, end_year: int) -> pd.Series:
    """Percent of each year's flow that separate industries cover, on the widest basis known."""
    rows = _official(by_industry, start_year, end_year)
    best = rows.groupby("year")["coverage"].max() if len(rows) else pd.Series(dtype="float64")
    first = max(start_year, 2004)
    return best.reindex(range(first, end_year + 1)).fillna(0.0) if first <= end_year else best


def _official(by_industry: pd.DataFrame, start_year: int, end_year: int) -> pd.DataFrame:
    keep = (by_industry["measure"] == "flow") & (by_industry["scope"] == "all_hosts")
    keep &= (by_industry["period"] == "full_year") & ~by_industry["combined"]
    keep &= by_industry["basis"].str.startswith(("bulletin", "yearbook"))
    return by_industry[keep & by_industry["year"].between(start_year, end_year)]


def coverage(by_industry: pd.DataFrame, start_year: int, end_year: int) -> Finding:
    """Say for which years the official statistics can be read by industry at all."""
    series = coverage_series(by_industry, start_year, end_year)
    rows = _official(by_industry, start_year, end_year)
    if series.empty or not series.max():  # nothing, or growth rates alone
        return nothing("No official amount or share by industry is on record for these years.")
    full = [int(year) for year in series.index[series >= 95]]
    many = f"{len(full)} of {counted(len(series), 'year')}"
    headline = (
        f"Official figures by industry are all but complete for {many}"
        if full
        else "In no year asked for are the official figures by industry complete"
    )
    said = [f"{headline}{f' ({span(full)})' if full else ''}."]
    later = series[series < 95]
    if len(later):
        best = year_of(later.idxmax())
        said.append(
            f"Of the other years {best} is known best: separate industries cover "
            f"{percent(float(later[best]), 0)} of its flow."
        )
    table = rows[rows["indicator"].isin(["amount", "share"])].copy()
    shown = pd.DataFrame(
        {
            "Year": table["year"],
            "Industry": table["industry"].map(_industries()),
            "What": table["indicator"],
            "Figure": table["value"],
            "Unit": table["unit"].map({"usd_bn": "US$ bn", "pct": "%"}),
            "Coverage of the year, %": table["coverage"],
        }
    ).sort_values(["Year", "Figure"], ascending=[False, False])
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure="Share of the flow that separate industries cover, percent, by year",
        source=source_line(rows),
        table=shown,
        decimals={"Figure": 2, "Coverage of the year, %": 0},
        notes=(
            "A chart of the official flow by industry after 2008 cannot be drawn from these "
            "figures. The tables exist in print: supply your own copy to see them here.",
        ),
    )


def _industries() -> dict[str, str]:
    from ..data.catalogue import labels

    return labels("outward_fdi_by_industry", "industry")


def mix_shares(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """Shares of the sectors by period, small ones joined to the rest, largest first.

    Parameters
    ----------
    rows : DataFrame
        From :mod:`sme_analysis.sectors.activity`. Counts, or amounts where there are no counts.
    """
    value = "amount" if source == "official" else "count"
    if rows.empty:
        return pd.DataFrame()
    mix = sectors.mix(rows.assign(name=_names(rows, "detail")), value, sector="name")
    wide = mix.pivot(index="period", columns="name", values="share").fillna(0.0)
    wide.columns.name = None
    small = [name for name in wide if wide[name].max() < 3 or name == "Other"]
    rest = wide[small].sum(axis=1)
    wide = wide.drop(columns=small)
    wide = wide[wide.iloc[-1].sort_values(ascending=False).index]
    return wide.assign(Other=rest) if small else wide


def _names(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].map(NAMES)


def mix(rows: pd.DataFrame, *, source: str, group: str, sector: str) -> Finding:
    """Say what the investment consists of and how the mix moved."""
    if rows.empty:
        return _no_rows(source, group)
    shares = mix_shares(rows, source)
    last, first = str(shares.index[-1]), str(shares.index[0])
    top = str(shares.drop(columns="Other", errors="ignore").iloc[-1].idxmax())
    where = "" if group == "World" else f" in {place(group)}"
    headline = (
        f"{top} made up {percent(number(shares, last, top), 0)} of {_WHAT[source]}{where} in {last}"
    )
    said = [f"{headline}."]
    if first != last:
        said.append(_moved(rows, shares, source, first, last))
    if sector != "all":
        said.append(_one_sector(rows, source, sector, last))
    unit = "amount" if source == "official" else "number"
    return Finding(
        headline=headline,
        text=" ".join(part for part in said if part),
        measure=f"Share of the sectors in the {unit} of {_WHAT[source]}{where}, percent",
        source=source_line(rows),
        table=_mix_table(rows, source),
        decimals={"Amount, US$ bn": 1},
        notes=(_CAVEAT[source],),
    )


def _no_rows(source: str, group: str) -> Finding:
    where = "" if group == "World" else f" in {place(group)}"
    if source == "official":
        what = (
            "all but complete official figures by industry exist for 2004-2008, all hosts together"
        )
        return nothing(f"Nothing to show for these years and hosts: {what}.")
    if source == "deals" and group != "World":
        return nothing(
            f"No period of transactions by host{where} lies wholly within the years asked for: "
            "they are published for 2005-2009, 2010-2014, 2015-2019 and 2020-2025."
        )
    return nothing(f"No {_WHAT[source]}{where} are on record for these years.", _CAVEAT[source])


def _moved(rows: pd.DataFrame, shares: pd.DataFrame, source: str, first: str, last: str) -> str:
    """Say which sectors gained and lost, and how far the whole mix moved."""
    ends = shares.drop(columns="Other", errors="ignore").loc[[first, last]]
    moved = {str(name): number(ends, last, name) - number(ends, first, name) for name in ends}
    gain, loss = max(moved, key=moved.__getitem__), min(moved, key=moved.__getitem__)
    value = "amount" if source == "official" else "count"
    wide = rows.pivot_table(index="period", columns="detail", values=value, aggfunc="sum")
    change = sectors.structural_change(wide.loc[[first, last]].astype("float64"))
    nav = percent(float(change["nav"].iloc[0]), 0)
    return (
        f"Since {first} {gain} gained {fixed(moved[gain])} points and {loss} lost "
        f"{fixed(-moved[loss])}; to make one mix of the other, {nav} of the whole would have to "
        "change its sector (norm of absolute values)."
    )


def _one_sector(rows: pd.DataFrame, source: str, sector: str, last: str) -> str:
    """Say the share of the sector asked for, with its interval where it is counted."""
    now = rows[rows["period"] == last]
    known = now["detail"] == sector if (now["detail"] == sector).any() else now["sector"] == sector
    if not known.any():
        return f"{NAMES[sector]} does not appear in this source in {last}."
    if source == "official":
        share = now.loc[known, "amount"].sum() / now["amount"].sum() * 100
        return f"{NAMES[sector]}: {percent(float(share))} in {last}."
    count, total = int(now.loc[known, "count"].sum()), int(now["count"].sum())
    ends = sectors.share_interval([count], total).iloc[0]
    return (
        f"{NAMES[sector]}: {count:,} of {total:,} in {last}, {percent(count / total * 100)} "
        f"(95% interval {percent(ends['low'])} to {percent(ends['high'])})."
    )


def _mix_table(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    named = rows.assign(name=_names(rows, "detail"))
    sums = named.groupby(["period", "name"], as_index=False)
    table = sums[["count", "amount"]].sum(min_count=1)
    value = "amount" if source == "official" else "count"
    table["share"] = statistics.shares(table[value].astype("float64"), by=table["period"])
    table = table.sort_values(["period", value], ascending=[False, False])
    shown: dict[str, Any] = {"Period": table["period"], "Sector": table["name"]}
    if source != "official":
        shown["Number"] = table["count"].astype("Int64")
    shown["Share, %"] = table["share"]
    shown["Amount, US$ bn"] = table["amount"].astype("float64")
    return pd.DataFrame(shown)


def new_sectors_panels(deals: pd.DataFrame) -> dict[str, pd.Series]:
    """Count of investments a year in the sectors called new, for small multiples."""
    rows = deals[deals["kind"] == "investment"] if len(deals) else deals
    found = {}
    for tag, title in TAGS.items():
        series = rows[rows["tag"] == tag].groupby("year")["count"].sum()
        if len(series):
            years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
            found[title] = series.astype("float64").reindex(years, fill_value=0.0)
    return found


def new_sectors(deals: pd.DataFrame) -> Finding:
    """Say whether the sectors called new have grown more than the rest.

    Parameters
    ----------
    deals : DataFrame
        From :func:`sme_analysis.sectors.activity.deals_by_year`.
    """
    panels = new_sectors_panels(deals)
    rows = deals[deals["kind"] == "investment"] if len(deals) else deals
    if not panels:
        return nothing("No transaction in renewable energy or high technology in these years.")
    years = sorted(rows["year"].unique())
    if len(years) < 2:
        return nothing("One year alone shows no growth: ask for more years.")
    middle = years[len(years) // 2]
    early, late = span([y for y in years if y < middle]), span([y for y in years if y >= middle])
    halves = rows["year"].lt(middle).map({True: early, False: late})
    tagged = rows.assign(half=halves, name=rows["tag"].map(TAGS).fillna("All other sectors"))
    growth = sectors.emerging(tagged, "count", early, late, sector="name", period="half")
    said = []
    for row in growth.to_dict("records"):
        if row["name"] == "All other sectors":
            continue
        said.append(
            f"{row['name']}: from {row['before']:.0f} to {row['after']:.0f} investments, "
            f"{_judged(row)}"
        )
    risen = [row["name"] for row in growth.to_dict("records") if row["judgement"] == "emerging"]
    risen = [name for name in risen if name != "All other sectors"]
    headline = (
        f"{listed(risen)} gained in the number of large investments since {middle}"
        if risen
        else f"No new sector clearly gained in the number of large investments since {middle}"
    )
    return Finding(
        headline=headline,
        text=f"{headline}. Between {early} and {late}: {'; '.join(said)}.",
        measure="Number of investments of US$100 mn and more a year, all hosts",
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Sector": growth["name"],
                early: growth["before"].astype("int64"),
                late: growth["after"].astype("int64"),
                "Share ratio": growth["ratio"],
                "from": growth["low"],
                "to": growth["high"],
                "Judgement": growth["judgement"],
            }
        ),
        decimals={"Share ratio": 2, "from": 2, "to": 2},
        notes=(
            "Counts come before amounts: one large deal can make a sector's amount. The interval "
            "is the exact one for a ratio of two Poisson counts, 95%. " + _CAVEAT["deals"],
        ),
    )


def _judged(row: dict[Any, Any]) -> str:
    words = {
        "emerging": "clearly more than the rest",
        "receding": "clearly less than the rest",
        "no clear change": "no clear change against the rest",
        "too few": "too few to tell",
    }
    return words[str(row["judgement"])]
