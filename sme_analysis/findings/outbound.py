"""Findings on the national figures: size and growth, components, world position, newest year."""

from __future__ import annotations

import pandas as pd

from .. import investment, statistics
from ..data.citation import source_line
from ..data.tables import load
from ..rounding import plain
from ..wording import listed
from .finding import (
    Finding,
    bounded,
    change,
    counted,
    nothing,
    number,
    ordinal,
    percent,
    read_as,
    span,
    usd,
    year_of,
)

_WHAT = {"flow": "outward FDI flow", "stock": "outward FDI stock"}
_UNIT = {"flow": "US$ bn a year", "stock": "US$ bn at the end of the year"}


def national(series: pd.DataFrame, measure: str) -> Finding:
    """Say how much goes out and how fast it grows.

    Parameters
    ----------
    series : DataFrame
        From :func:`sme_analysis.investment.national`.
    measure : {"flow", "stock"}
    """
    if series.empty:
        return nothing(f"No national figure for the {_WHAT[measure]} is on record for these years.")
    values, last = series["value"], int(series.index[-1])
    peak = year_of(values.idxmax())
    amount = bounded(usd(values[last]), str(series.at[last, "bound"]))
    if len(values) == 1:
        headline = f"China's {_WHAT[measure]} was {amount} in {last}"
    elif peak == last:
        headline = (
            f"China's {_WHAT[measure]} reached {amount} in {last}, the most of the years shown"
        )
    else:
        below = percent(100 - values[last] / values[peak] * 100, 0)
        headline = (
            f"China's {_WHAT[measure]} was {amount} in {last}, {below} below its peak of {peak}"
        )
    return Finding(
        headline=headline,
        text=" ".join([f"{headline}{_read(series, last)}.", *_pace(series, last)]),
        measure=f"Outward FDI {measure}, {_UNIT[measure]}, {span(values.index)}; annual bulletin",
        source=source_line(series),
        table=_national_table(series),
        decimals={"US$ bn": 2},
        notes=_national_notes(series, measure),
    )


def _read(rows: pd.DataFrame, row: int) -> str:
    """Say in brackets how a figure was read, unless at the publisher."""
    how = str(read_as(rows["source_id"], load("sources"))[row])
    return "" if how == "publisher" else f" ({_READ[how]})"


def _pace(series: pd.DataFrame, last: int) -> list[str]:
    """Say how the last year and the whole period went."""
    said = []
    growth = series["growth"]
    if pd.notna(growth[last]):
        said.append(f"It {change(growth[last])} on the year before.")
    whole = series.loc[~series["non_financial"], "value"]
    if len(whole) > 2:
        rate, falls = statistics.cagr_of(whole), int((growth.reindex(whole.index) < 0).sum())
        years = span([whole.index[0], whole.index[-1]])
        said.append(
            f"Over {years}, on one definition, it grew by {percent(rate)} a year on average and "
            f"fell in {counted(falls, 'year')}."
        )
    return said


def _national_table(series: pd.DataFrame) -> pd.DataFrame:
    basis = series["non_financial"].map({True: "without finance", False: "all industries"})
    return pd.DataFrame(
        {
            "Year": series.index,
            "US$ bn": series["value"].to_numpy(),
            "Growth, %": series["growth"].to_numpy(),
            "Coverage": basis.to_numpy(),
            "As printed": series["bound"].to_numpy(),
            "Read at": read_as(series["source_id"], load("sources")).to_numpy(),
        }
    )


def _national_notes(series: pd.DataFrame, measure: str) -> tuple[str, ...]:
    notes = []
    if series["non_financial"].any():
        notes.append(
            "Up to 2005 the statistics leave out the financial industry; the growth shown for 2006 "
            "is that of the non-financial part."
        )
    if measure == "stock" and 2017 in series.index:
        notes.append(
            "The stock changes with exchange rates, prices and revisions as well as with the flow: "
            "the step of 2017 and the fall of 2022 are not explained by the flows."
        )
    return tuple(notes)


def components(rows: pd.DataFrame, measure: str) -> Finding:
    """Say what the investment is made of, and for how many years that is known.

    Parameters
    ----------
    rows : DataFrame
        The table `outward_fdi_annual`, limited to the years asked for.
    measure : {"flow", "stock"}
    """
    names = investment.COMPONENTS[measure]
    parts = investment.components(rows, measure)
    known = parts[list(names.values())]
    complete = known.dropna().index
    if known.isna().all(axis=None):
        return nothing(f"No component of the {measure} is on record for these years.")
    said = [_coverage(complete, parts, measure)]
    if len(complete):
        year = int(complete[-1])
        amounts: pd.Series = known.loc[[year]].iloc[0]
        split = statistics.shares(amounts).sort_values(ascending=False)
        headline = (
            f"{split.index[0]} made up {percent(split.iloc[0], 0)} of the {measure} in {year}"
        )
        shares = listed(f"{str(name).lower()} ({percent(share)})" for name, share in split.items())
        said.insert(0, f"In {year}, the latest year fully broken down, the {measure} was {shares}.")
    else:
        headline = f"No year of the {measure} is fully broken down"
    said.extend(_single_components(known, parts, complete, measure))
    used = investment.select(rows, [measure, *names], unit="usd_bn")
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=f"Components of the {_WHAT[measure]}, {_UNIT[measure]}, {span(parts.index)}",
        source=source_line(used),
        table=parts.drop(columns=investment.UNSPLIT).rename_axis("Year").reset_index(),
        decimals=dict.fromkeys(names.values(), 2),
        notes=(
            "Hatched: published as a total only, or the cells are lost in the copies that could be "
            "read. Nothing is estimated.",
        ),
    )


def _coverage(complete: pd.Index, parts: pd.DataFrame, measure: str) -> str:
    return (
        f"All components of the {measure} are on record for {len(complete)} of "
        f"{counted(len(parts), 'year')}."
    )


def _single_components(
    known: pd.DataFrame, parts: pd.DataFrame, complete: pd.Index, measure: str
) -> list[str]:
    """Name the newest single component, where it is newer than the last full breakdown."""
    partial = known.dropna(how="all").index
    year = int(partial[-1])
    if len(complete) and year <= complete[-1]:
        return []
    total = float(parts.loc[[year]].sum(axis=1).iloc[0])
    amounts = {name: number(known, year, name) for name in known.columns}
    return [
        f"For {year} only {name.lower()} is known: {usd(amount)}, "
        f"{percent(amount / total * 100)} of the {measure}."
        for name, amount in amounts.items()
        if pd.notna(amount)
    ]


def world_position(rows: pd.DataFrame, measure: str) -> Finding:
    """Say how large China is among the world's investors.

    Parameters
    ----------
    rows : DataFrame
        The table `outward_fdi_annual`, limited to the years asked for.
    measure : {"flow", "stock"}
    """
    position = investment.world_position(rows, measure)
    share, rank = position["share"].dropna(), position["rank"].dropna()
    if share.empty:
        found = f" The rank alone: {_ranks(rank)}." if len(rank) else ""
        return nothing(f"No share in the world's {measure} is on record for these years.{found}")
    last = int(share.index[-1])
    headline = f"China held {percent(share[last])} of the world's outward FDI {measure} in {last}"
    said = [f"{headline}."]
    if len(share) > 1:
        low, high = year_of(share.idxmin()), year_of(share.idxmax())
        said.append(
            f"The share ranged from {percent(share[low])} in {low} to {percent(share[high])} "
            f"in {high}."
        )
    if len(rank):
        said.append(f"Rank among the world's economies: {_ranks(rank)}.")
    used = investment.select(rows, [f"{measure}_share_of_world", f"{measure}_world_rank"])
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=f"Share in the world's {_WHAT[measure]}, percent, as the bulletin prints it",
        source=source_line(used),
        table=_position_table(position.dropna(how="all"), used),
        notes=("Years without a point were not found in any source; no line bridges them.",),
    )


def _position_table(position: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    used = used.assign(read=read_as(used["source_id"], load("sources")))
    read = used.groupby("year")["read"].agg(lambda words: ", ".join(sorted(set(words))))
    return pd.DataFrame(
        {
            "Year": position.index,
            "Share, %": position["share"].to_numpy(),
            "Rank": position["rank"].array,
            "Read at": read.reindex(position.index).to_numpy(),
        }
    )


def _ranks(rank: pd.Series) -> str:
    """Say the best and the latest rank."""
    best, last = int(rank.min()), int(rank.index[-1])
    years = [int(year) for year in rank.index[rank == best]]
    if last in years:
        return f"{ordinal(best)} in {last}, its best on record here"
    return (
        f"{ordinal(int(rank[last]))} in {last}, at best {ordinal(best)} ({listed(map(str, years))})"
    )


def newest_year(annual: pd.DataFrame, start_year: int, end_year: int) -> Finding:
    """Say what the newest year says, beside the year before, and how January's figure differed.

    Parameters
    ----------
    annual : DataFrame
        The table `outward_fdi_annual`.
    start_year, end_year : int
    """
    rows = investment.select(annual, list(_NEWEST), start_year, end_year)
    flows = rows[rows["indicator"] == "flow"]
    if flows.empty:
        return nothing("No figure of the bulletin on all industries is on record for these years.")
    year = int(flows["year"].max())
    pair = rows[rows["year"].isin([year - 1, year])]
    values = pair.pivot(index="indicator", columns="year", values="value")
    flow = number(values, "flow", year)
    known = pair[pair["year"] == year].set_index("indicator")
    headline = f"In {year} China's outward FDI flow was {usd(flow, 2)} by the annual bulletin"
    newest = flows.set_index("year")
    said = [f"{headline}{_read(newest, year)}."]
    series = investment.national(annual, "flow", year, year)
    if pd.notna(series["growth"].iloc[0]):
        said.append(f"It {change(series['growth'].iloc[0])} on {year - 1}.")
    if "stock" in known.index:
        amount = bounded(usd(number(known, "stock", "value")), str(known.at["stock", "bound"]))
        said.append(f"The stock stood at {amount}.")
    early = _express(annual, year, flow)
    said.extend(early)
    express = investment.select(annual, "flow", start_year, year, basis="express", unit="usd_bn")
    return Finding(
        headline=early[0].rstrip(".") if early else headline,
        text=" ".join(said),
        measure="Outward FDI flow, all industries, US$ bn a year: two statistics, never joined",
        source=source_line(pair, express),
        table=_newest_table(pair, year),
        notes=(
            "The express figure of January is lower than the bulletin of the following autumn; "
            "fuller reporting of reinvested earnings is a likely reason, though no source says so.",
        ),
    )


def two_statistics(annual: pd.DataFrame, start_year: int, end_year: int) -> dict[str, pd.Series]:
    """Collect the flow of the bulletin and of the express statistic, for panels side by side."""
    found = {}
    express = investment.select(
        annual, "flow", start_year, end_year, basis="express", unit="usd_bn"
    )
    first = int(express["year"].min()) if len(express) else start_year
    for title, basis in (
        ("Annual bulletin", "bulletin"),
        ("Express statistic of January", "express"),
    ):
        rows = investment.select(annual, "flow", first, end_year, basis=basis, unit="usd_bn")
        if len(rows):
            found[title] = rows.set_index("year")["value"]
    return found


_READ = {
    "press": "a figure read in the press",
    "copy": "a figure read on a copy",
    "third party": "a figure quoted by a third party",
    "computed": "computed from the host table",
}
_NEWEST = {
    "flow": "Outward FDI flow, US$ bn",
    "flow_growth": "Growth of the flow, %",
    "flow_new_equity": "New equity, US$ bn",
    "flow_reinvested_earnings": "Reinvested earnings, US$ bn",
    "flow_share_of_world": "Share in the world's flow, %",
    "stock": "Outward FDI stock, US$ bn",
    "stock_share_of_world": "Share in the world's stock, %",
    "overseas_enterprises": "Overseas enterprises",
    "host_economies": "Host economies",
    "employees_abroad": "Employees abroad, million",
    "taxes_paid_to_hosts": "Taxes paid to hosts, US$ bn",
    "sales_of_overseas_enterprises": "Sales of overseas enterprises, US$ tn",
}


def _express(annual: pd.DataFrame, year: int, flow: float) -> list[str]:
    """Compare the bulletin with the express figure of the January before."""
    rows = investment.select(annual, "flow", year, year, basis="express", unit="usd_bn")
    if rows.empty:
        return []
    early = float(rows["value"].iloc[0])
    return [
        f"The express figure of January {year + 1}, {usd(early, 2)}, was "
        f"{percent((1 - early / flow) * 100)} below the bulletin's."
    ]


def _newest_table(pair: pd.DataFrame, year: int) -> pd.DataFrame:
    """Set the newest year beside the one before, one row an indicator."""
    keyed = pair.assign(
        figure=[
            bounded(plain(value), bound)
            for value, bound in zip(pair["value"], pair["bound"], strict=True)
        ],
        read=read_as(pair["source_id"], load("sources")),
    )
    wide = keyed.pivot(index="indicator", columns="year", values=["figure", "read"])
    order = [name for name in _NEWEST if name in wide.index]
    table = pd.DataFrame({"Figure": [_NEWEST[name] for name in order]})
    for column in (year - 1, year):
        for kind, title in (("figure", f"{column}"), ("read", f"{column} read at")):
            if (kind, column) in wide.columns:
                table[title] = wide.loc[order, (kind, column)].to_numpy()
    return table
