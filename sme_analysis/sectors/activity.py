"""One view of three sources: transactions, development projects, official industries.

Each function turns a shipped table into rows of one shape, so that what follows (mix, change,
specialisation) need not know where they came from: `period` or `year`, `sector` (broad sector),
`detail` (analysis sector where the source knows it, else the broad one), `count`, `amount`,
`source_id`, and `iso3` where the source knows the host.
"""

from __future__ import annotations

import pandas as pd

from .. import economies
from ..statistics.numbers import one_of
from .shares import in_periods

# Broad sectors with the names that charts use, in the order of the crosswalk.
NAMES = {
    "agriculture": "Agriculture",
    "mining_metals": "Mining and metals",
    "fossil_energy": "Coal, oil and gas",
    "renewable_energy": "Renewable energy",
    "other_energy": "Other energy",
    "manufacturing": "Manufacturing",
    "construction_real_estate": "Property",
    "transport_logistics": "Transport",
    "wholesale_retail": "Trade",
    "information_technology": "IT and telecoms",
    "finance": "Finance",
    "business_services": "Business services",
    "education_research": "Education, research",
    "health": "Health",
    "tourism_entertainment": "Tourism",
    "other": "Other",
}
SECTORS = tuple(NAMES)
SOURCES = ("deals", "development", "official")
_STARTS = (2000, 2005, 2010, 2015, 2020)
_COLUMNS = ["iso3", "year", "period", "sector", "detail", "count", "amount", "source_id"]


def broad(detail: pd.Series, crosswalk: pd.DataFrame) -> pd.Series:
    """Map analysis sectors to broad ones."""
    known = crosswalk.drop_duplicates("analysis_sector").set_index("analysis_sector")
    return detail.map(known["broad_sector"])


def deals_by_year(
    deals: pd.DataFrame, crosswalk: pd.DataFrame, start_year: int, end_year: int
) -> pd.DataFrame:
    """Transactions of US$100 mn and more, all hosts together, by year.

    Parameters
    ----------
    deals, crosswalk : DataFrame
        The tables `deals_by_sector` and `sector_crosswalk`.

    Returns
    -------
    DataFrame
        As the module says, with `kind` (investment, construction, troubled) and `tag`; `amount`
        in US$ bn; no `iso3`.
    """
    rows = deals[deals["year"].between(start_year, end_year)].copy()
    classes = crosswalk[crosswalk["scheme"] == "deals"]
    rows["tag"] = _tags(rows, classes)
    rows["detail"] = rows["analysis_sector"]
    rows["sector"] = broad(rows["detail"], crosswalk)
    rows["count"], rows["amount"] = rows["deals"], rows["value"] / 1000
    return _shaped(rows, start_year, end_year, ["kind", "tag"])


def deals_by_host(
    deals: pd.DataFrame, start_year: int, end_year: int, group: str = "World"
) -> pd.DataFrame:
    """Transactions by host and five-year period, for the periods wholly within the years.

    Parameters
    ----------
    deals : DataFrame
        The table `deals_by_economy`.
    """
    ends = deals["period"].str.split("-", expand=True).astype("int64")
    rows = deals[(ends[0] >= start_year) & (ends[1] <= end_year)].copy()
    rows = _members(rows, group, end_year)
    rows["year"] = pd.NA
    rows["sector"] = rows["detail"] = rows["broad_sector"]
    rows["count"], rows["amount"] = rows["deals"], rows["value"] / 1000
    return rows[[*_COLUMNS, "kind"]].reset_index(drop=True)


def projects(
    development: pd.DataFrame,
    crosswalk: pd.DataFrame,
    start_year: int,
    end_year: int,
    group: str = "World",
) -> pd.DataFrame:
    """Development projects by host and year; `amount` in US$ bn of 2021, where one is known.

    Parameters
    ----------
    development, crosswalk : DataFrame
        The tables `development_projects` and `sector_crosswalk`.
    """
    rows = development[development["year"].between(start_year, end_year)]
    rows = _members(rows, group, end_year).copy()
    rows["detail"] = rows["analysis_sector"]
    rows["sector"] = broad(rows["detail"], crosswalk)
    rows["count"], rows["amount"] = rows["projects"], rows["value"] / 1000
    return _shaped(rows, start_year, end_year, [])


def industries(
    by_industry: pd.DataFrame,
    crosswalk: pd.DataFrame,
    start_year: int,
    end_year: int,
    *,
    complete: float = 95.0,
) -> pd.DataFrame:
    """Official outward FDI flow by industry, for the years whose table is all but complete.

    Parameters
    ----------
    by_industry, crosswalk : DataFrame
        The tables `outward_fdi_by_industry` and `sector_crosswalk`.
    complete : float
        Least coverage in percent of a year's total by separate industries.

    Returns
    -------
    DataFrame
        As the module says; `count` is missing; `amount` in US$ bn. Where a year has tables with
        and without the financial industry, the one with it.
    """
    rows = by_industry[
        (by_industry["measure"] == "flow")
        & (by_industry["scope"] == "all_hosts")
        & (by_industry["period"] == "full_year")
        & (by_industry["indicator"] == "amount")
        & ~by_industry["combined"]
        & (by_industry["coverage"] >= complete)
        & by_industry["year"].between(start_year, end_year)
    ].sort_values(["year", "basis", "industry"])
    rows = rows[rows["basis"] == rows.groupby("year")["basis"].transform("first")].copy()
    classes = crosswalk[crosswalk["scheme"] == "gbt_4754_2017"].drop_duplicates("class_code")
    rows["detail"] = rows["industry"].map(classes.set_index("class_code")["analysis_sector"])
    rows["sector"] = broad(rows["detail"], crosswalk)
    rows["count"], rows["amount"] = pd.NA, rows["value"]
    rows["period"] = rows["year"].astype("str")
    return rows.reindex(columns=_COLUMNS).reset_index(drop=True)


def chosen(
    source: str,
    deals: pd.DataFrame,
    hosted: pd.DataFrame,
    development: pd.DataFrame,
    by_industry: pd.DataFrame,
    crosswalk: pd.DataFrame,
    *,
    start_year: int,
    end_year: int,
    group: str = "World",
) -> pd.DataFrame:
    """Rows of the source asked for, in the group asked for.

    Parameters
    ----------
    source : {"deals", "development", "official"}
    deals, hosted : DataFrame
        From :func:`deals_by_year` and :func:`deals_by_host`; investments alone are kept.
    development, by_industry, crosswalk : DataFrame
        The tables `development_projects`, `outward_fdi_by_industry` and `sector_crosswalk`.

    Raises
    ------
    ParameterError
        If the source is unknown.
    """
    one_of("source", source, SOURCES)
    if source == "development":
        return projects(development, crosswalk, start_year, end_year, group)
    world = economies.canonical_group(group) == "World"
    if source == "deals":
        rows = deals if world else hosted
        return rows[rows["kind"] == "investment"].reset_index(drop=True)
    rows = industries(by_industry, crosswalk, start_year, end_year)
    return rows if world else rows.iloc[:0]


def _members(rows: pd.DataFrame, group: str, year: int) -> pd.DataFrame:
    if economies.canonical_group(group) == "World":
        return rows
    return rows[rows["iso3"].isin(economies.members(group, year))]


def _tags(rows: pd.DataFrame, classes: pd.DataFrame) -> pd.Series:
    """Look up the tag of each sector and sub-sector, of its kind or of any."""
    tagged = classes[classes["tag"].notna()]
    known = {
        (row.class_code, row.subclass, row.kind): row.tag for row in tagged.itertuples(index=False)
    }
    keys = zip(rows["sector"], rows["subsector"], rows["kind"], strict=True)
    found = [known.get((a, b, kind)) or known.get((a, b, "any")) for a, b, kind in keys]
    return pd.Series(found, index=rows.index, dtype="object")


def _shaped(rows: pd.DataFrame, start_year: int, end_year: int, more: list[str]) -> pd.DataFrame:
    """Name the five-year period of each row, cut to the years asked for."""
    starts = [
        max(start, start_year) for start in _STARTS if start + 5 > start_year or start == 2020
    ]
    starts = sorted({start for start in starts if start <= end_year})
    # A period is named after the years it holds: the list may end before the years asked for.
    end = min(end_year, int(rows["year"].max())) if len(rows) else end_year
    starts = [start for start in starts if start <= end]
    rows["period"] = in_periods(rows["year"], starts, end) if len(rows) else ""
    return rows.reindex(columns=[*_COLUMNS, *more]).reset_index(drop=True)
