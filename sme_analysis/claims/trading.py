"""Statements on trade, online trade and brands."""

from __future__ import annotations

from typing import Any

from .checks import Check, Figure, Holds, Shown
from .found import Finder, difference, growth, printed, renamed, share, total
from .reading import MINORITY, MOST, RISING
from .records import Attributed

_TRADE = "trade_annual"
_NO_VALUE_ADDED = "No row of the shipped tables holds trade in value added, which would tell"
_CALLED = {"total": "Goods trade", "export": "Goods exports", "import": "Goods imports"}


def world(flow: str, year: int, what: str = "", **more: Any) -> Finder:
    """Find China's goods trade of a year in CNY tn; `flow` is total, export or import."""
    if "vintage" not in more:
        more["preferred"] = True
    return printed(
        "trade_annual", what or f"{_CALLED[flow]} of {year}",
        geography="world", enterprise_type="all", flow=flow, indicator="value", currency="cny",
        year=year, unit="cny_tn", scale=0.001, **more,
    )  # fmt: skip


def trade_growth(flow: str, vintage: str = "revised") -> Finder:
    """Find the growth of 2024 on one vintage of 2023."""
    base = world(flow, 2023, vintage=vintage)
    words = {
        "revised": f"{_CALLED[flow]} of 2024 on the revised figure of 2023, recomputed",
        "first_release": "On the first release of 2023 it would be",
    }
    return growth(world(flow, 2024), base, words[vintage])


def of_kind(indicator: str, kind: str, year: int, what: str) -> Finder:
    """Find a printed figure of the total trade of one kind of firm."""
    return printed(
        "trade_annual", what, geography="world", enterprise_type=kind, flow="total",
        indicator=indicator, year=year, preferred=True,
    )  # fmt: skip


def private_share(year: int) -> Finder:
    """Find the share of private firms in trade."""
    return of_kind("share", "private", year, f"Private firms' share of trade in {year}")


def road_share(year: int) -> Finder:
    """Find the share of Belt and Road partners in trade, on the partner-country scope."""
    return printed(
        "trade_annual", f"Belt and Road partners' share of trade in {year}",
        geography="bri_partners", enterprise_type="all", flow="total", indicator="share",
        year=year, preferred=True,
    )  # fmt: skip


def online(indicator: str, what: str, **more: Any) -> Finder:
    """Find the newest figure on online trade or brands."""
    return printed(
        "cross_border_ecommerce", what, newest="year", indicator=indicator, preferred=True, **more
    )


def traders(year: int) -> Finder:
    """Find the number of firms with trade records."""
    return printed(
        "trade_annual", f"firms with trade records in {year}", enterprise_type="all",
        geography="world", indicator="enterprises", year=year, preferred=True,
    )  # fmt: skip


def asean(geography: str) -> Finder:
    """Find China's trade of 2024 with a group, or with the world."""
    return printed(
        "trade_annual", "", geography=geography, enterprise_type="all", flow="total",
        indicator="value", currency="cny", year=2024, preferred=True,
    )  # fmt: skip


_VALUE_ADDED = printed(
    "trade_annual", "Value added in exports, {year}", newest="year", indicator="~value_added"
)
_ROUNDED = total(
    world("export", 2024, vintage="first_release"), world("import", 2024, vintage="first_release"),
    "Exports and imports of 2024 as printed, added up", "cny_tn",
)  # fmt: skip
_PARTS = total(world("export", 2024), world("import", 2024), "Unrounded they make", "cny_tn")
_UNROUNDED = renamed(_PARTS, "Unrounded they make")
_GAP = difference(
    _PARTS, world("total", 2024), "Unrounded, they miss the total by no more than", "cny_tn"
)

CHECKS: dict[str, Check] = {
    "t12": Figure(world("total", 2024), _TRADE),
    "t13": Figure(trade_growth("total"), _TRADE, (trade_growth("total", "first_release"),)),
    "t14": Figure(world("export", 2024), _TRADE),
    "t15": Figure(trade_growth("export"), _TRADE, (trade_growth("export", "first_release"),)),
    "t16": Figure(world("import", 2024), _TRADE),
    "t17": Figure(trade_growth("import"), _TRADE, (trade_growth("import", "first_release"),)),
    "t18": Figure(_ROUNDED, _TRADE, (_UNROUNDED, _GAP)),
    "t19": Attributed(
        "trade_annual", {"geography": "world", "enterprise_type": "all", "year": 2024,
                         "indicator": "value", "currency": "cny"},
        "The trade figures of 2024 in yuan", "National Bureau of Statistics",
    ),
    "t21": Shown("forecast", traders(2025), "number of firms with trade records"),
    "t23": Holds(_VALUE_ADDED, RISING, "a rise", _NO_VALUE_ADDED),
    "b07": Holds(_VALUE_ADDED, MINORITY, "a minority", _NO_VALUE_ADDED),
    "h07": Holds(
        difference(road_share(2025), road_share(2023),
                   "Change of the partners' share of China's trade from 2023 to 2025", "points"),
        RISING, "a rise", proxy="Belt and Road partners' share of trade",
        notes=(road_share(2025),),
    ),
    "h19": Shown(
        "announcement", share(asean("asean"), asean("world"), "ASEAN's share of trade in 2024"),
        "a market's share of China's trade",
    ),
    "b03": Holds(
        private_share(2025), MOST, "a majority", proxy="private firms' share of trade",
        beyond="Private firms are of all sizes; the last share of small firms in trade on record "
        "is that of 2005",
    ),
    "b08": Holds(
        online("own_brand_share_of_exports", "Share of own brands in exports, {year}"), MINORITY,
        "a minority", proxy="share of own brands in exports, firms of all sizes",
        beyond="Sales channels are not measured",
    ),
    "b16": Holds(
        printed("trade_annual", "", geography=["bri_partners", "bri_route_countries"],
                indicator="~labour|machinery|product"), RISING, "a rise",
        "No row of the shipped tables splits trade with partners by product",
    ),
    "b19": Shown(
        "What online trade saves a small firm in cost and risk is not on record",
        online("total_growth_since_2020", "growth of cross-border online trade, 2020 to {year}"),
        "growth of cross-border online trade",
    ),
    "b20": Shown(
        "recommendation", online("overseas_warehouses", "warehouses abroad in {year}"),
        "number of warehouses abroad",
    ),
    "b23": Shown(
        "recommendation",
        difference(
            online("own_brand_exports_growth", ""),
            printed("trade_annual", "", geography="world", enterprise_type="all", flow="export",
                    indicator="growth", currency="cny", year=2023, preferred=True),
            "growth of own-brand exports in 2023 less growth of all exports", "points"),
        "own-brand exports against all exports",
    ),
}  # fmt: skip
