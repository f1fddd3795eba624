"""Rules of the national, regional and by-economy tables of outward FDI, and of memberships."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

_PARTS = {
    "flow": ["flow_new_equity", "flow_reinvested_earnings", "flow_debt_instruments"],
    "stock": ["stock_equity", "stock_reinvested_earnings", "stock_debt_instruments"],
}
_CENT = 0.005  # half of the last printed digit of a figure in US$ bn with two decimals


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the adding-up rules on tables by name; rules without their tables are skipped."""
    if "outward_fdi_annual" in frames:
        annual = frames["outward_fdi_annual"]
        yield from _one_preferred(annual)
        yield from _components(annual)
        yield from _financial_split(annual)
        yield from _growth(annual)
    if {"outward_fdi_annual", "outward_fdi_by_economy"} <= frames.keys():
        yield from _economies_to_nation(
            frames["outward_fdi_annual"], frames["outward_fdi_by_economy"]
        )
    if {"economies", "outward_fdi_by_economy", "outward_fdi_by_region"} <= frames.keys():
        yield from _economies_to_region(
            frames["outward_fdi_by_economy"], frames["outward_fdi_by_region"], frames["economies"]
        )
    for name in ("economy_groups", "belt_and_road_members"):
        if name in frames:
            yield from _left_after_joined(name, frames[name])


def _one_preferred(annual: pd.DataFrame) -> Iterator[str]:
    """Exactly one preferred row per year, indicator, basis and unit."""
    counts = annual.groupby(["year", "indicator", "basis", "unit"])["preferred"].sum()
    for row in counts[counts != 1].reset_index().itertuples(index=False):
        *key, count = map(str, row)
        yield f"outward_fdi_annual: {' '.join(key)} has {count} preferred rows, not one"


def _wide(annual: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Preferred US dollar figures of one basis: years x indicators."""
    rows = annual[annual["preferred"] & (annual["basis"] == basis) & (annual["unit"] == "usd_bn")]
    return rows.pivot_table(index="year", columns="indicator", values="value")


def _sums(table: pd.DataFrame, parts: list[str], total: str, label: str) -> Iterator[str]:
    """Compare the sum of `parts` with `total` in every year that has all of them."""
    if not {*parts, total} <= set(table.columns):
        return
    complete = table[[*parts, total]].dropna()
    gap = complete[parts].sum(axis=1) - complete[total]
    tolerance = (len(parts) + 1) * _CENT + 1e-9
    for year in gap.index[gap.abs() > tolerance]:
        known = complete[total][year]
        yield (
            f"outward_fdi_annual: {label} of {year} sum to {known + gap[year]:.2f}, "
            f"the {total} is {known:.2f} (US$ bn; gap {gap[year]:+.2f})"
        )


def _components(annual: pd.DataFrame) -> Iterator[str]:
    """Equity, reinvested earnings and debt instruments sum to the flow, and to the stock."""
    table = _wide(annual, "bulletin")
    for total, parts in _PARTS.items():
        yield from _sums(table, parts, total, f"the components of the {total}")


def _financial_split(annual: pd.DataFrame) -> Iterator[str]:
    """The non-financial and the financial flow sum to the flow."""
    table = _wide(annual, "bulletin")
    other = _wide(annual, "bulletin_non_financial")
    if "flow" in other and "flow" in table:
        table = table.assign(non_financial=other["flow"])
        yield from _sums(table, ["non_financial", "flow_financial"], "flow", "the two parts")


def _growth(annual: pd.DataFrame, tolerance: float = 0.11) -> Iterator[str]:
    """The growth computed from the flows agrees with the printed rate, on the same basis."""
    for basis in ("bulletin", "bulletin_non_financial"):
        flow = _wide(annual, basis).get("flow", pd.Series(dtype="float64"))
        before = flow.copy()
        before.index = before.index + 1
        computed = (flow / before.reindex(flow.index) - 1) * 100
        rows = annual[
            annual["preferred"]
            & (annual["indicator"] == "flow_growth")
            & (annual["basis"] == basis)
        ]
        printed = rows.drop_duplicates("year").set_index("year")["value"]
        gap = (computed.reindex(printed.index) - printed).dropna()
        for year in gap.index[gap.abs() > tolerance]:
            yield (
                f"outward_fdi_annual: the flow of {year} ({basis}) grew by {computed[year]:.1f} "
                f"per cent, {printed[year]:.1f} is printed (gap {gap[year]:+.1f} points)"
            )


def _economies_to_nation(annual: pd.DataFrame, panel: pd.DataFrame) -> Iterator[str]:
    """All hosts of a complete year sum to the printed national total, on the panel's basis."""
    complete = panel[panel["panel"] == "complete"]
    sums = complete.groupby(["year", "measure", "basis"])["value"].sum() / 1000
    printed = annual[annual["preferred"] & annual["indicator"].isin(["flow", "stock"])]
    printed = printed[printed["unit"] == "usd_bn"]
    both = printed.merge(
        sums.rename("sum").reset_index().rename(columns={"measure": "indicator"}),
        on=["year", "indicator", "basis"],
    )
    digits = both["value"].map(lambda value: len(f"{value:.10g}".partition(".")[2]))
    tolerance = (0.5 * 0.1**digits).clip(lower=_CENT) + 0.001
    for row in both[(both["sum"] - both["value"]).abs() > tolerance].itertuples():
        yield (
            f"outward_fdi_by_economy: the {row.indicator} of {row.year} sums to "
            f"US${row.sum:.3f} bn over economies, the national total is {row.value}"
        )


def _economies_to_region(
    panel: pd.DataFrame, regions: pd.DataFrame, economies: pd.DataFrame, tolerance: float = 1.2
) -> Iterator[str]:
    """Economies sum to the continent's figure (US$ mn; gaps up to 1.1 are in the source)."""
    # A key that repeats is reported elsewhere; it must not stop the rules.
    of = economies.drop_duplicates("iso3").set_index("iso3")["bulletin_region"]
    complete = panel[panel["panel"] == "complete"]
    region = complete["iso3"].map(of)
    sums = complete.groupby([complete["year"], region, complete["measure"]])["value"].sum()
    printed = regions.groupby(["year", "region", "measure"])["value"].sum()
    sums.index.names = printed.index.names
    both = pd.DataFrame({"sum": sums, "printed": printed}).fillna(0).reset_index()
    for row in both[(both["sum"] - both["printed"]).abs() > tolerance].itertuples():
        yield (
            f"outward_fdi_by_economy: the {row.measure} of {row.year} in {row.region} sums to "
            f"US${row.sum:.2f} mn over economies, outward_fdi_by_region has {row.printed:.2f}"
        )


def _left_after_joined(name: str, table: pd.DataFrame) -> Iterator[str]:
    """Nobody leaves a group before joining it."""
    dated = table.dropna(subset=["joined", "left"])
    for row in dated.itertuples():
        joined, left = str(row.joined), str(row.left)
        known = min(len(joined), len(left))  # compared as far as both dates are known
        if left[:known] < joined[:known]:
            yield f"{name}: {row.iso3} left in {left}, before it joined in {joined}"
