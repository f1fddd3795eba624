"""Statements on the Belt and Road: its members, projects and zones."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from .checks import Check, Figure, Holds, Shown
from .found import Finder, Found, Part, counted, printed
from .reading import RISING, Interval
from .tables import Tables

_MEMBERS: dict[str, Any] = {"status": "member"}
_INFRASTRUCTURE = ["transport_logistics", "renewable_energy", "fossil_energy", "other_energy"]
_LIVELIHOOD = ["health", "education_research", "agriculture"]
_SPANS = ((2014, 2016), (2017, 2019))  # three years each, before the pandemic's donations
_SMALL, _LARGE = 10.0, 500.0  # US$ mn per project


def members_income(tables: Tables) -> Found | None:
    """Share of members that are not high-income economies, among those classified."""
    rows = _member_rows(tables, "income_groups")
    rows = rows[rows["income_group"] != "not_classified"]
    if rows.empty:
        return None
    below = int((rows["income_group"] != "high_income").sum())
    value = below / len(rows) * 100
    what = (
        "Share of Belt and Road members that the World Bank does not class as high-income "
        f"({below} of {len(rows)})"
    )
    return _share(value, what, Part("income_groups", rows), _members(tables))


def less_stable(tables: Tables) -> Found | None:
    """Share of members whose score for political stability is below China's."""
    rows = _member_rows(tables, "country_indicators", indicator="political_stability")
    home = tables.rows("country_indicators", indicator="political_stability", iso3="CHN")
    if rows.empty or home.empty:
        return None
    newest = rows[rows["year"] == rows["year"].max()]
    home = home[home["year"] == newest["year"].max()]
    if home.empty:
        return None
    below = int((newest["value"] < float(home["value"].iloc[0])).sum())
    what = (
        f"share of members rated less stable politically than China in {newest['year'].max()} "
        f"({below} of {len(newest)})"
    )
    rated = Part("country_indicators", pd.concat([newest, home]))
    return _share(below / len(newest) * 100, what, rated, _members(tables))


def online(tables: Tables) -> Found | None:
    """Median share of internet users over the members, newest year of each."""
    rows = _member_rows(tables, "country_indicators", indicator="internet_users")
    rows = rows.sort_values("year").groupby("iso3").tail(1)
    if rows.empty:
        return None
    value = float(rows["value"].median())
    what = f"internet users in the median Belt and Road member ({len(rows)} members)"
    return _share(value, what, Part("country_indicators", rows))


def size_ratio(tables: Tables) -> Found | None:
    """Mean size of an infrastructure project in members over that of all other projects."""
    rows = _sized(tables)
    built = rows["analysis_sector"].isin(_INFRASTRUCTURE)
    if not built.any() or built.all():
        return None
    ours, theirs = _mean(rows[built]), _mean(rows[~built])
    what = (
        f"Mean infrastructure project of China's development finance in members, US${ours:,.0f} "
        f"mn, against the mean of all others, US${theirs:,.0f} mn"
    )
    value = ours / theirs
    return Found(
        value, "times", Interval(value, value), what, parts=(Part("development_projects", rows),),
        computed=True, text=f"{value:.1f} times as large",
    )  # fmt: skip


def both_sizes(tables: Tables) -> Found | None:
    """Count the smaller kind: entries of large and of small projects in members."""
    rows = _sized(tables)
    if rows.empty:
        return None
    mean = rows["value"] / rows["projects_with_amount"]
    small, large = int((mean < _SMALL).sum()), int((mean >= _LARGE).sum())
    value = float(min(small, large))
    what = (
        "Development finance in members by host, year and sector, mean amount per project: "
        f"under US${_SMALL:.0f} mn in {small:,} cases, US${_LARGE:.0f} mn and more in {large:,}"
    )
    return Found(
        value, "cases", Interval(value, value), what, parts=(Part("development_projects", rows),),
        computed=True, text=f"{small:,} small, {large:,} large",
    )  # fmt: skip


def livelihood_rise(tables: Tables) -> Found | None:
    """Change of the share of livelihood projects between the last spans before the pandemic."""
    rows = _member_rows(tables, "development_projects")
    shares, parts = [], []
    for first, last in _SPANS:
        within = rows[rows["year"].between(first, last)]
        counted = within.groupby(within["analysis_sector"].isin(_LIVELIHOOD))["projects"].sum()
        if within.empty or not counted.sum():
            return None
        shares.append(float(counted.get(True, 0) / counted.sum() * 100))
        parts.append(within)
    value = shares[1] - shares[0]
    (a, b), (c, d) = _SPANS
    what = (
        f"Health, education and farming made {shares[0]:.1f}% of the projects in members in "
        f"{a}-{b} and {shares[1]:.1f}% in {c}-{d}"
    )
    return Found(
        value, "points", Interval(value, value), what,
        parts=(Part("development_projects", pd.concat(parts)),), computed=True,
    )  # fmt: skip


def mean_size(tables: Tables) -> Found | None:
    """Mean amount of a project in members in the second span."""
    rows = _sized(tables)
    (before, _), (first, last) = _SPANS[0], _SPANS[1]
    earlier = rows[rows["year"].between(before, first - 1)]
    later = rows[rows["year"].between(first, last)]
    if earlier.empty or later.empty:
        return None
    value = _mean(later)
    return Found(
        value, "usd_mn", Interval(value, value),
        f"The mean project went from US${_mean(earlier):,.0f} mn to",
        parts=(Part("development_projects", pd.concat([earlier, later])),), computed=True,
        text=f"US${value:,.0f} mn",
    )  # fmt: skip


def _members(tables: Tables) -> Part:
    return Part("belt_and_road_members", tables.rows("belt_and_road_members", **_MEMBERS))


def _member_rows(tables: Tables, table: str, **where: Any) -> pd.DataFrame:
    codes = set(_members(tables).rows["iso3"])
    rows = tables.rows(table, **where)
    return rows[rows["iso3"].isin(codes)]


def _sized(tables: Tables) -> pd.DataFrame:
    """Projects in member economies whose amount is known."""
    rows = _member_rows(tables, "development_projects")
    return rows[rows["value"].notna() & (rows["projects_with_amount"] > 0)]


def _mean(rows: pd.DataFrame) -> float:
    return float(rows["value"].sum() / rows["projects_with_amount"].sum())


def _share(value: float, what: str, *parts: Part) -> Found:
    return Found(value, "pct", Interval(value, value), what, parts=parts, computed=True)


def since_proposal(tables: Tables) -> Found | None:
    """Find how many years passed from the first proposal to the article."""
    rows = tables.rows("policy_events", category="belt_and_road", title="~proposed")
    article = tables.rows("articles", article="troib_bri_smes")
    if rows.empty or article.empty:
        return None
    first = rows.sort_values("date").head(1)
    begun, written = (int(str(f.iloc[0])[:4]) for f in (first["date"], article["published"]))
    value = float(written - begun)
    what = f"Years from the first proposal in {begun} to the article in {written}"
    return Found(
        value, "years", Interval(value, value), what,
        parts=(Part("policy_events", rows),), computed=True,
    )  # fmt: skip


def sme_zones(indicator: str, which: str, what: str) -> Finder:
    """Find the newest total of Sino-foreign SME cooperation zones."""
    return printed(
        "sme_cooperation_zone_totals", what, newest="as_of", indicator=indicator, list=which
    )


def zones_abroad(scope: str, what: str) -> Finder:
    """Find the newest number of cooperation zones abroad."""
    return printed("cooperation_zone_totals", what, newest="as_of", indicator="zones", scope=scope)


_ZONES = "sme_cooperation_zone_totals"

CHECKS: dict[str, Check] = {
    "t10": Figure(
        sme_zones("zones", "approved", "Zones approved since 2012, as of {as_of}"),
        _ZONES, (sme_zones("zones", "list_2025", "Zones on the new list of {as_of}"),),
    ),
    "t11": Figure(
        sme_zones("provinces", "approved", "Provinces with such zones, as of {as_of}"),
        _ZONES,
        (sme_zones("provinces", "list_2025", "Provinces and cities on the list of {as_of}"),),
        with_note=True,
    ),
    "b01": Figure(since_proposal, "policy_events"),
    "b02": Shown(
        "opinion", counted("belt_and_road_members", "countries that have signed and not left",
                           **_MEMBERS), "number of members",
    ),
    "b04": Shown(
        "How hard risks are to recognise is not measured", less_stable,
        "share of members with less political stability than China",
    ),
    "b11": Holds(
        size_ratio, Interval(1, math.inf), "so larger than others",
        proxy="mean size of infrastructure projects in official development finance",
        beyond="How long they take is not measured",
    ),
    "b13": Figure(members_income, "income_groups"),
    "b14": Holds(
        livelihood_rise, RISING, "a rise",
        proxy="share of health, education and farming in the number of development projects",
        notes=(mean_size,),
    ),
    "b21": Shown(
        "Whether a zone makes a firm safer is not measured",
        zones_abroad("all", "cooperation zones abroad in {as_of}"), "number of zones abroad",
    ),
    "b29": Holds(
        both_sizes, Interval(1, math.inf), "so both kinds are on record",
        proxy="projects of China's official development finance by size",
    ),
    "h20": Shown(
        "What digital marketing brings a firm is not on record", online,
        "internet users in the median Belt and Road member",
    ),
}  # fmt: skip
