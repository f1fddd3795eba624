"""Rules of the tracker of large deals and of the reports on Belt and Road engagement."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from . import published

_ENGAGEMENT = ["edition", "year", "period", "source_id"]


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the tables of deals and of engagement."""
    deals = frames.get("deals_by_sector")
    if deals is not None:
        yield from _parts(deals)
        if "published_totals" in frames:
            yield from _to_published(deals, frames["published_totals"])
        if {"deals_by_economy", "sector_crosswalk"} <= frames.keys():
            yield from _economies_to_sectors(
                frames["deals_by_economy"], deals, frames["sector_crosswalk"]
            )
    if "belt_and_road_engagement" in frames:
        yield from _engagement(frames["belt_and_road_engagement"])


def _parts(deals: pd.DataFrame) -> Iterator[str]:
    """Belt and Road and greenfield deals are parts of the deals."""
    for part in ("belt_and_road", "greenfield"):
        for whole in ("deals", "value"):
            for row in deals[deals[f"{whole}_{part}"] > deals[whole]].to_dict("records"):
                yield (
                    f"deals_by_sector: {row['year']} {row['kind']} {row['sector']}: "
                    f"{whole}_{part} is {row[f'{whole}_{part}']:g}, the whole {row[whole]:g}"
                )


def _to_published(deals: pd.DataFrame, totals: pd.DataFrame) -> Iterator[str]:
    """Deals and amounts of a year sum to the edition's annual totals, and to its combined sheet."""
    renamed = deals.rename(columns={"kind": "part", "year": "period", "value": "amount"})
    sums = renamed.groupby(["part", "period"])[["deals", "amount"]].sum().reset_index()
    both = sums[sums["part"].isin(["investment", "construction"]) & (sums["period"] <= 2023)]
    whole = both[["deals", "amount"]].sum().to_frame().T
    whole = whole.assign(part="investment and construction", period="2005-2023")
    table = pd.concat([sums.astype({"period": "str"}), whole])
    yield from published.against(
        "deals_by_sector", published.long(table, ["deals", "amount"]), totals
    )


def _economies_to_sectors(
    economies: pd.DataFrame, deals: pd.DataFrame, cross: pd.DataFrame
) -> Iterator[str]:
    """Over hosts and over years, deals and amounts are the same by period, kind and sector."""
    broad = cross.drop_duplicates("analysis_sector").set_index("analysis_sector")["broad_sector"]
    periods = [str(period) for period in economies["period"].unique()]
    of = {year: _period(int(year), periods) for year in deals["year"].unique()}
    period = deals["year"].map(of)
    keyed = deals.assign(period=period, broad_sector=deals["analysis_sector"].map(broad))
    keys = ["period", "kind", "broad_sector"]
    one = keyed.groupby(keys)[["deals", "value"]].sum()
    two = economies.groupby(keys)[["deals", "value"]].sum()
    gap = two.sub(one, fill_value=0)
    for key in gap.index[(gap != 0).any(axis=1)]:
        mine, other = (t.reindex([key]).fillna(0).iloc[0] for t in (two, one))
        yield (
            f"deals_by_economy: {' '.join(key)} sums to {mine['deals']:g} deals of US$"
            f"{mine['value']:,.0f} mn, deals_by_sector has {other['deals']:g} of US$"
            f"{other['value']:,.0f} mn"
        )


def _period(year: int, periods: list[str]) -> str:
    """Return the period that holds a year (blank if none does)."""
    for period in periods:
        first, _, last = period.partition("-")
        if first.isdigit() and last.isdigit() and int(first) <= year <= int(last):
            return period
    return ""


def _engagement(table: pd.DataFrame) -> Iterator[str]:
    """Investment and construction of one report sum to its total, within the rounding.

    Parts that come from another copy of the report than the total are not compared: they differ,
    and the notes say so.
    """
    rows = table[(table["dimension"] == "all") & (table["indicator"] == "amount")]
    wide = rows.pivot_table(index=_ENGAGEMENT, columns="kind", values="value")
    wide = wide.reindex(columns=["investment", "construction", "total"]).dropna()
    gap = wide["investment"] + wide["construction"] - wide["total"]
    # Cumulative figures are printed in whole US$ bn, those of a year with one decimal.
    whole = wide.index.get_level_values("period").str.startswith("since")
    for key in gap.index[gap.abs() > [1.5 if flag else 0.15 for flag in whole]]:
        edition, year, period, _ = key
        yield (
            f"belt_and_road_engagement: {year} {period} (edition {edition}): investment and "
            f"construction sum to US${wide['total'][key] + gap[key]:.1f} bn, "
            f"the total is {wide['total'][key]:.1f}"
        )
