"""Findings on which hosts specialise in what."""

from __future__ import annotations

import pandas as pd

from .. import economies, sectors
from ..data.citation import source_line
from ..sectors.activity import NAMES
from ..wording import listed
from .finding import Finding, nothing, place

_MIN = 5  # fewest transactions or projects of a host for it to be judged


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Specialisation of every host with enough transactions or projects.

    Parameters
    ----------
    rows : DataFrame
        From :mod:`sme_analysis.sectors.activity`, with hosts.
    """
    if rows.empty or rows["iso3"].isna().all():
        return pd.DataFrame()
    counts = rows.groupby(["iso3", "sector"])["count"].sum().reset_index()
    counts["count"] = counts["count"].astype("float64")
    table = sectors.specialisation(counts, "count", sector="sector", min_count=_MIN).reset_index()
    table = table[table["host_total"] >= _MIN].copy()
    table["host"] = economies.names(table["iso3"], "plain")
    return table


def matrices(rows: pd.DataFrame, shown: list[str]) -> dict[str, pd.DataFrame]:
    """Prepare the heat map of some hosts: values, text and certainty.

    Parameters
    ----------
    shown : list of ISO 3166-1 alpha-3 codes, in the order wanted
    """
    if not shown:
        return {"data": pd.DataFrame(), "text": pd.DataFrame(), "sure": pd.DataFrame()}
    table = judged(rows)
    table = table[table["iso3"].isin(shown)].assign(name=lambda part: part["sector"].map(NAMES))
    order = [str(economies.name(iso3, "plain")) for iso3 in shown]

    def wide(column: str) -> pd.DataFrame:
        return table.pivot(index="host", columns="name", values=column).reindex(order)

    counts = wide("count")
    columns = counts.sum().sort_values(ascending=False).index
    table["sure"] = (table["lq_low"] > 1) | (table["lq_high"] < 1)
    return {
        "data": wide("symmetric")[columns],
        "text": counts[columns].astype("int64").astype("str").replace("0", "·"),
        "sure": wide("sure")[columns].astype(bool),
    }


def largest(rows: pd.DataFrame, group_members: list[str] | None, n: int) -> list[str]:
    """Hosts with the most transactions or projects, of a group or of all."""
    table = judged(rows)
    if table.empty:
        return []
    totals = table.drop_duplicates("iso3").set_index("iso3")["host_total"]
    if group_members is not None:
        totals = totals[totals.index.isin(group_members)]
    return [str(iso3) for iso3 in totals.sort_values(ascending=False, kind="stable").index[:n]]


def specialisation(rows: pd.DataFrame, shown: list[str], *, what: str, group: str) -> Finding:
    """Say which hosts hold more of a sector than all hosts together."""
    where = "" if group == "World" else f" in {place(group)}"
    if not shown:
        return nothing(
            f"No host{where} has {_MIN} or more {what} on record in these years: specialisation "
            "cannot be judged."
        )
    table = judged(rows)
    table = table[table["iso3"].isin(shown)]
    sure = table[table["specialised"] & (table["sector"] != "other")]
    sure = sure.sort_values("lq_low", ascending=False)
    hosts = sure["iso3"].nunique()
    if len(shown) == 1:
        name = economies.name(shown[0], "plain")
        headline = f"{name} {'clearly' if hosts else 'does not clearly'} specialise"
        headline += "s in a sector" if hosts else " in a sector"
    elif hosts:
        headline = (
            f"{hosts} of the {len(shown)} largest hosts{where} clearly specialise in a sector"
        )
    else:
        headline = f"None of the {len(shown)} largest hosts{where} clearly specialises in a sector"
    cases = [f"{row.host} in {NAMES[str(row.sector)].lower()}" for row in sure.head(4).itertuples()]
    text = f"{headline}: {listed(cases)} most of all." if cases else f"{headline}."
    return Finding(
        headline=headline,
        text=text,
        measure=(
            f"Symmetric location quotient of {what}; blue: more than in all hosts; in the "
            "cells the number; bold where the 95% interval excludes the average"
        ),
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Host": table["host"],
                "Sector": table["sector"].map(NAMES),
                "Number": table["count"].astype("int64"),
                "Share in host, %": table["share"],
                "Location quotient": table["lq"],
                "from": table["lq_low"],
                "to": table["lq_high"],
            }
        )[table["count"].to_numpy() > 0],
        decimals={"Location quotient": 2, "from": 2, "to": 2},
        notes=(
            "A quotient of one: as much of the sector as in all hosts together (Balassa 1965; "
            "symmetric: Laursen 2015). Wilson intervals; small counts are wide.",
        ),
    )
