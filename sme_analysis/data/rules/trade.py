"""Rules of the trade tables: flows sum to totals, parts to continents, continents to the world."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

_SERIES = ["year", "geography", "enterprise_type", "flow", "indicator", "currency"]
_WITHIN = ["year", "geography", "enterprise_type", "currency", "vintage", "source_id"]
_ONLINE = ["year", "period", "indicator", "partner"]
# Chinese customs place these in Asia, the outward FDI bulletin in Europe.
_CUSTOMS = {"ARM": "asia", "AZE": "asia", "GEO": "asia"}
# Gaps that the customs table of 2024 has in itself, in CNY mn.
_GAPS = {"africa": 3.7, "latin_america": 0.7, "asean": 0.02, "eu27": 0.03}
_GAP = 0.15


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the trade tables; rules without their tables are skipped."""
    if "trade_annual" in frames:
        annual = frames["trade_annual"]
        yield from _one_preferred("trade_annual", annual, _SERIES)
        yield from _flows(annual)
        yield from _ownership(annual)
        yield from _private_share(annual)
        yield from _growth(annual)
    if "cross_border_ecommerce" in frames:
        online = frames["cross_border_ecommerce"]
        yield from _one_preferred("cross_border_ecommerce", online, _ONLINE)
        yield from _online(online)
    if "trade_by_region" in frames:
        regions = frames["trade_by_region"]
        yield from _continents(regions)
        if "trade_annual" in frames:
            yield from _same_world(frames["trade_annual"], regions)
        if {"trade_by_partner", "economies", "economy_groups"} <= frames.keys():
            yield from _partners(frames)


def _one_preferred(name: str, table: pd.DataFrame, key: list[str]) -> Iterator[str]:
    counts = table.groupby(key)["preferred"].sum()
    for row in counts[counts != 1].reset_index().itertuples(index=False):
        *where, count = map(str, row)
        yield f"{name}: {' '.join(where)} has {count} preferred rows, not one"


# A key that repeats is reported elsewhere; it must not stop the rules: the first row counts.
def _by(table: pd.DataFrame, key: list[str]) -> pd.Series:
    return table.groupby(key)["value"].first()


def _wide(table: pd.DataFrame, key: list[str], columns: str, values: str = "value") -> pd.DataFrame:
    return table.pivot_table(index=key, columns=columns, values=values, aggfunc="first")


def _flows(annual: pd.DataFrame) -> Iterator[str]:
    """Exports and imports make the total and leave the balance, within one source."""
    rows = annual[(annual["indicator"] == "value") & (annual["bound"] == "exact")]
    value = _wide(rows, _WITHIN, "flow")
    half = _wide(rows, _WITHIN, "flow", "step") / 2
    for result, sign in (("total", 1), ("balance", -1)):
        columns = ["export", "import", result]
        known = value.reindex(columns=columns).dropna()
        gap = known["export"] + sign * known["import"] - known[result]
        slack = half.loc[known.index, columns].sum(axis=1) + 1e-6
        for key in gap.index[gap.abs() > slack]:
            where = " ".join(map(str, key))
            yield f"trade_annual: exports and imports miss the {result} by {gap[key]:+g} in {where}"


def _preferred(annual: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return annual[annual["preferred"] & (annual["indicator"] == indicator)]


def _ownership(annual: pd.DataFrame) -> Iterator[str]:
    """Kinds of enterprise never make more than the whole."""
    parts = ["private", "state_owned", "foreign_invested"]
    values = _preferred(annual, "value")
    totals = values[(values["flow"] == "total") & (values["geography"] == "world")]
    table = _wide(totals, ["year", "currency"], "enterprise_type")
    table = table.reindex(columns=[*parts, "all"]).dropna()
    for year, currency in table.index[table[parts].sum(axis=1) > table["all"]]:
        yield f"trade_annual: kinds of enterprise make more than the total of {year} ({currency})"


def _private_share(annual: pd.DataFrame, tolerance: float = 0.11) -> Iterator[str]:
    """The printed share of private enterprises fits their value."""
    whole = ["year", "geography", "flow"]
    values = _preferred(annual, "value")
    values = values[values["currency"] == "cny"]
    private = _by(values[values["enterprise_type"] == "private"], whole)
    total = _by(values[values["enterprise_type"] == "all"], whole)
    shares = _preferred(annual, "share")
    printed = _by(shares[shares["enterprise_type"] == "private"], whole)
    gap = (private / total * 100 - printed).dropna()
    for year, *_ in gap.index[gap.abs() > tolerance]:
        yield f"trade_annual: value and share of private enterprises disagree in {year}"


def _growth(annual: pd.DataFrame, tolerance: float = 0.06) -> Iterator[str]:
    """Unrounded figures over the revised ones of the year before give the printed growth."""
    flow = ["year", "geography", "flow"]
    every = annual[(annual["enterprise_type"] == "all") & (annual["currency"] == "cny")]
    values = _preferred(every, "value")
    now = values[values["vintage"] == "first_release_unrounded"]
    before = values[values["vintage"] == "revised"].assign(year=lambda table: table["year"] + 1)
    computed = (_by(now, flow) / _by(before, flow) - 1) * 100
    printed = _by(_preferred(every, "growth"), flow)
    gap = (computed - printed).dropna()
    for key in gap.index[gap.abs() > tolerance]:
        yield (
            f"trade_annual: {' '.join(map(str, key))} grew by {computed[key]:.2f} per cent, "
            f"{printed[key]:.1f} is printed"
        )


def _online(online: pd.DataFrame) -> Iterator[str]:
    """Exports and imports by e-commerce make the total of one vintage."""
    key = ["year", "period", "vintage"]
    names = ["export_value", "import_value", "total_value"]
    rows = online[online["indicator"].isin(names)]
    value = _wide(rows, key, "indicator").reindex(columns=names).dropna()
    half = _wide(rows, key, "indicator", "step").reindex(columns=names) / 2
    gap = value["export_value"] + value["import_value"] - value["total_value"]
    for where in gap.index[gap.abs() > half.loc[value.index].sum(axis=1) + 1e-6]:
        label = " ".join(map(str, where))
        yield f"cross_border_ecommerce: the two flows miss the total by {gap[where]:+g} in {label}"


def _continents(regions: pd.DataFrame) -> Iterator[str]:
    sums = regions[regions["kind"] == "continent"].groupby(["year", "flow"])["value"].sum()
    world = _by(regions[regions["kind"] == "total"], ["year", "flow"])
    gap = sums - world
    for year, flow in gap.index[gap.abs() > 1]:
        yield f"trade_by_region: continents miss the {flow}s of {year} by {gap[year, flow]:+,.2f}"


def _same_world(annual: pd.DataFrame, regions: pd.DataFrame) -> Iterator[str]:
    """The customs table and the annual figures give the same world."""
    values = _preferred(annual, "value")
    here = values[(values["currency"] == "cny") & (values["enterprise_type"] == "all")]
    for part in ("world", "asean", "eu27"):
        one = _by(here[here["geography"] == part], ["year", "flow"])
        two = _by(regions[regions["part"] == part], ["year", "flow"]) / 1000
        gap = (one - two).dropna()
        for year, flow in gap.index[gap.abs() > 0.0051]:
            yield f"trade_by_region: {flow}s of {year} with {part} differ from trade_annual"


def _partners(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Economies sum to continents and groups as far as the customs table itself does."""
    partners, regions = frames["trade_by_partner"], frames["trade_by_region"]
    china = partners[partners["reporter"] == "china"]
    of = frames["economies"].drop_duplicates("iso3").set_index("iso3")["bulletin_region"]
    part = china["iso3"].map(_parts(of))
    named = china.assign(part=part)[["year", "part", "flow", "value"]]
    lines = regions[regions["kind"] == "line"].drop(columns="part")
    lines = lines.rename(columns={"within": "part"})[["year", "part", "flow", "value"]]
    groups = frames["economy_groups"]
    found = [named, lines]
    for group, code in (("ASEAN", "asean"), ("EU", "eu27")):
        inside = groups[(groups["group"] == group) & groups["left"].isna()]
        members = inside.loc[inside["joined"].str[:4].astype("int64") <= 2024, "iso3"]
        found.append(named[china["iso3"].isin(members)].assign(part=code))
    sums = pd.concat(found).groupby(["year", "part", "flow"])["value"].sum()
    printed = _by(regions, ["year", "part", "flow"])
    gap = (sums - printed).dropna()
    for key in gap.index:
        year, where, flow = key
        if abs(gap[key]) > _GAPS.get(where, _GAP):
            yield (
                f"trade_by_partner: {flow}s of {year} sum to {sums[key]:,.2f} in {where}, "
                f"the customs table has {printed[key]:,.2f} (CNY mn)"
            )


def _parts(of: pd.Series) -> dict[str, str]:
    """Continent of each economy as Chinese customs draw them."""
    parts = of.str.lower().str.replace(" ", "_").to_dict() | {"CHN": "asia"} | _CUSTOMS
    return {str(key): str(part) for key, part in parts.items()}
