"""Statements on outward investment and on what acquisitions return."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .checks import Agree, Check, Figure, Holds, Shown
from .found import Finder, Found, Part, counted, difference, growth, printed, ratio, share
from .reading import MINORITY, RISING, Interval
from .tables import Tables


def annual(indicator: str, year: int, what: str) -> Finder:
    """Find a national figure of the statistical bulletin."""
    return printed(
        "outward_fdi_annual", what,
        indicator=indicator, year=year, basis="bulletin", preferred=True,
    )  # fmt: skip


def flow(year: int) -> Finder:
    """Find the outward FDI flow of a year."""
    return annual("flow", year, f"Outward FDI flow of {year} in the statistical bulletin")


def partners(year: int) -> Finder:
    """Find the flow to Belt and Road partner countries."""
    return printed(
        "outward_fdi_belt_and_road", f"flow to Belt and Road partners in {year}",
        indicator="flow", definition="partner_countries", basis="bulletin", year=year,
    )  # fmt: skip


def partner_share(year: int) -> Finder:
    """Find the share of Belt and Road partners in the flow."""
    what = f"Belt and Road partners' share of the outward FDI flow in {year}"
    return share(partners(year), flow(year), what)


def enterprises(year: int) -> Finder:
    """Find the number of enterprises established abroad."""
    return annual("overseas_enterprises", year, f"enterprises abroad at the end of {year}")


def enterprise_growth(year: int) -> Finder:
    """Find the growth of that number."""
    return growth(enterprises(year), enterprises(year - 1), "growth of enterprises abroad")


def industry_growth(code: str, name: str) -> Finder:
    """Find the newest printed growth of the flow into an industry."""
    return printed(
        "outward_fdi_by_industry", "growth of the flow into " + name + " in {year}",
        newest="year", period="full_year", scope="all_hosts", measure="flow", industry=code,
        indicator="growth", basis="bulletin",
    )  # fmt: skip


def estimates(outcome: str, what: str) -> Finder:
    """Find the share of positive estimates among those with a direction, for one outcome."""
    known = {
        "outcome": outcome, "direction": "~positive|negative|zero", "part": "whole",
        "sample": "cross_border_acquisitions",
    }  # fmt: skip
    return counted("acquisition_returns", what + " ({n} of {all})", of=known, direction="positive")


def construction_first(tables: Tables) -> Found | None:
    """Rank correlation of construction with the investment of the period after, over hosts.

    Spearman's coefficient over hosts with large deals of either kind (Spearman 1904).
    """
    rows = tables.rows("deals_by_economy", kind=["construction", "investment"])
    *_, before, after = sorted(set(rows["period"]))
    later = rows[rows["kind"].eq("investment") & rows["period"].eq(after)]
    built = rows[rows["kind"].eq("construction") & rows["period"].eq(before)]
    hosts = sorted({*later["iso3"], *built["iso3"]})
    pairs = pd.DataFrame(
        {
            "built": built.groupby("iso3")["value"].sum().reindex(hosts, fill_value=0),
            "invested": later.groupby("iso3")["value"].sum().reindex(hosts, fill_value=0),
        }
    )
    what = (
        f"rank correlation of large construction in {before} with large investment in {after} "
        f"over {len(pairs)} hosts"
    )
    return _correlation(pairs, what, Part("deals_by_economy", pd.concat([built, later])))


def weakest_year(tables: Tables) -> Found | None:
    """Find the lowest growth of the flow in the years from 2020 to 2024."""
    years = range(2020, 2025)
    known = [growth(flow(y), flow(y - 1), f"The weakest of its years, {y}")(tables) for y in years]
    return min((f for f in known if f is not None), key=lambda f: f.value, default=None)


def presence(tables: Tables) -> Found | None:
    """Rank correlation of stocks abroad with the flows of the year after, over host economies.

    Spearman's coefficient over the hosts of the last year in which the table of hosts is complete.
    """
    rows = tables.rows("outward_fdi_by_economy", panel="complete")
    year = int(rows.loc[rows["measure"] == "flow", "year"].max())
    flows = rows[(rows["measure"] == "flow") & (rows["year"] == year)]
    stocks = rows[(rows["measure"] == "stock") & (rows["year"] == year - 1)]
    pairs = pd.concat(
        [flows.set_index("iso3")["value"], stocks.set_index("iso3")["value"]], axis=1, join="inner"
    ).dropna()
    what = f"rank correlation of stocks in {year - 1} with flows in {year} over {len(pairs)} hosts"
    used = pd.concat([flows, stocks])
    used = used[used["iso3"].isin(pairs.index)]
    return _correlation(pairs, what, Part("outward_fdi_by_economy", used))


def _correlation(pairs: pd.DataFrame, what: str, part: Part) -> Found | None:
    if len(pairs) < 3:
        return None
    value = float(np.corrcoef(pairs.rank().to_numpy(), rowvar=False)[0, 1])
    return Found(value, "count", Interval(value, value), what, parts=(part,), computed=True)


_ANNUAL = "outward_fdi_annual"
CHECKS: dict[str, Check] = {
    "h01": Holds(
        growth(enterprises(2024), enterprises(2019), "Enterprises abroad, 2024 against 2019"),
        RISING, "a rise", notes=(
            growth(flow(2024), flow(2019), "The outward FDI flow over the same years"),
            weakest_year,
        ),
    ),
    "h03": Figure(flow(2024), _ANNUAL, notes=(
        printed(_ANNUAL, "The preliminary statistics of that year, a series of its own",
                indicator="flow", year=2024, basis="express", unit="usd_bn"),
    )),
    "h04": Figure(
        growth(flow(2024), flow(2023), "Flow of 2024 against that of 2023, recomputed"), _ANNUAL,
    ),
    "h05": Holds(
        difference(partner_share(2024), partner_share(2023),
                   "Change of the partners' share of the flow from 2023 to 2024", "points"),
        RISING, "a rise", proxy="Belt and Road partners' share of the outward FDI flow",
        notes=(partner_share(2024), partner_share(2025)),
    ),
    "h10": Holds(
        industry_growth("I", "information services"), RISING, "a rise",
        proxy="growth of outward FDI in information services",
        beyond="The bulletin prints no amount with it, and no survey on record asks for these "
        "industries",
    ),
    "h15": Agree(
        (estimates("announcement_return", "Positive among published announcement returns"),
         estimates("long_run_return", "Positive among long-run returns"),
         estimates("accounting_performance", "Positive among accounts after the deal")),
        MINORITY, "signs of the published returns to Chinese acquirers",
        beyond="What the firms themselves expected is not on record",
    ),
    "h21": Holds(
        difference(enterprise_growth(2025), enterprise_growth(2024),
                   "Growth of the number of enterprises abroad in 2025 less that in 2024",
                   "points"),
        RISING, "a faster pace", proxy="growth of the number of enterprises abroad, of all sizes",
        beyond="No series of small firms' investment abroad is published",
    ),
    "b17": Shown(
        "That large builders open the way for small firms is not measured: no table follows small "
        "firms to a host", construction_first,
        "rank correlation of earlier construction with later investment",
    ),
    "b25": Shown("recommendation", presence, "rank correlation of earlier stocks with later flows"),
    "b26": Shown(
        "forecast", growth(partners(2025), partners(2024),
                           "growth of the flow to Belt and Road partners in 2025"),
        "newest growth of outward FDI to Belt and Road partners",
    ),
    "b30": Shown(
        "How much capital a small firm needs is not on record",
        ratio(annual("stock", 2024, "stock"), enterprises(2024),
              "mean stock abroad per enterprise at the end of 2024, firms of all sizes",
              "usd_mn", 1000),
        "mean stock abroad per enterprise, ruled by large firms",
    ),
}  # fmt: skip
