"""Rules of the tables on firms: finance, zones, acquisitions, events, and the statements."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

_LENGTH = {"year": 4, "month": 7, "day": 10}


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the tables on firms; rules without their tables are skipped."""
    for name in ("sme_finance", "sme_statistics", "cross_border_ecommerce"):
        if name in frames:
            yield from _shares(name, frames[name])
    if "sme_finance" in frames:
        yield from _loans(frames["sme_finance"])
    if "cooperation_zone_totals" in frames:
        yield from _zones(frames["cooperation_zone_totals"])
        if "cooperation_zones" in frames:
            yield from _named(frames["cooperation_zones"], frames["cooperation_zone_totals"])
    if {"sme_cooperation_zones", "sme_cooperation_zone_totals"} <= frames.keys():
        yield from _sme_zones(frames)
    if "acquisition_returns" in frames:
        yield from _returns(frames["acquisition_returns"])
    if "policy_events" in frames:
        yield from _dates(frames["policy_events"])
    if {"entry_conditions", "entry_condition_totals"} <= frames.keys():
        yield from _founders(frames["entry_conditions"], frames["entry_condition_totals"])
    if {"claims", "articles"} <= frames.keys():
        yield from _statements(frames["claims"], frames["articles"])


def _shares(name: str, table: pd.DataFrame) -> Iterator[str]:
    """A share lies between 0 and 100 (a growth rate need not)."""
    growth = table["indicator"].str.contains("growth")
    rows = table[(table["unit"] == "pct") & ~growth]
    for row in rows[(rows["value"] < 0) | (rows["value"] > 100)].itertuples():
        yield f"{name}: {row.indicator} of {row.year} is {row.value:g} per cent"


def _loans(finance: pd.DataFrame) -> Iterator[str]:
    """Balances a year apart within a segment grow as printed, as far as their digits tell."""
    key = ["provider", "indicator", "segment", "date"]
    series = finance[finance["segment"] != "single"]
    later = series["date"].str[4:]
    before = series.assign(date=(series["year"] + 1).astype("str") + later)
    both = series.merge(before[[*key, "value", "step"]], on=key, suffixes=("", "_before"))
    computed = (both["value"] / both["value_before"] - 1) * 100
    digits = both["step"] / both["value"] + both["step_before"] / both["value_before"]
    slack = 50 * digits * (1 + computed / 100) + 0.1
    both = both.assign(computed=computed)[(computed - both["growth"]).abs() > slack]
    for row in both.itertuples():
        yield (
            f"sme_finance: {row.indicator} ({row.provider}) grew by {row.computed:.1f} per cent "
            f"to {row.date}, {row.growth:g} is printed"
        )


def _zones(totals: pd.DataFrame) -> Iterator[str]:
    """Zones in Belt and Road countries are no more than all zones of the same date."""
    table = totals.pivot_table("value", ["as_of", "indicator"], "scope", aggfunc="first")
    table = table.reindex(columns=["all", "bri_countries"]).dropna()
    for date, indicator in table.index[table["bri_countries"] > table["all"]]:
        yield f"cooperation_zone_totals: {indicator} of {date} on the Belt and Road exceed all"


def _named(zones: pd.DataFrame, totals: pd.DataFrame) -> Iterator[str]:
    """No more zones are named, or passed, than were counted."""
    every = totals[totals["scope"] == "all"]
    for indicator, rows in (
        ("zones", zones),
        ("zones_passed_assessment", zones[zones["assessment"] == "passed_2014"]),
    ):
        most = every.loc[every["indicator"] == indicator, "value"].max()
        if len(rows) > most:
            yield f"cooperation_zones: {len(rows)} rows, but {most:g} {indicator} were counted"


def _sme_zones(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    named = (frames["sme_cooperation_zones"]["list"] == "list_2025").sum()
    totals = frames["sme_cooperation_zone_totals"]
    listed = totals[(totals["list"] == "list_2025") & (totals["indicator"] == "zones")]
    if named > listed["value"].max():
        yield f"sme_cooperation_zones: {named} zones of the list of 2025 are named, too many"
    table = totals.pivot_table("value", ["as_of", "list"], "indicator", aggfunc="first")
    table = table.reindex(columns=["zones", "provinces"])
    for as_of, _ in table.index[table["provinces"] > table["zones"]]:
        yield f"sme_cooperation_zone_totals: more provinces than zones in {as_of}"


def _returns(returns: pd.DataFrame) -> Iterator[str]:
    """Value, unit, direction and window of an estimate fit together."""
    value, direction = returns["value"], returns["direction"]
    against = (value < 0) & (direction == "positive") | (value > 0) & (direction == "negative")
    late = returns["sample_start"].gt(returns["sample_end"]).fillna(False)
    turned = returns["window_start"].gt(returns["window_end"]).fillna(False)
    for wrong, words in (
        (value.isna() != (returns["unit"] == "none"), "has a value or a unit without the other"),
        (against, "has a value against its direction"),
        (returns["doubtful"] != (returns["unit"] == "as_printed"), "is doubtful, or not, wrongly"),
        (late | turned, "has a sample or a window that ends before it begins"),
    ):
        for row in returns[wrong].itertuples():
            yield f"acquisition_returns: {row.study}, estimate {row.estimate} {words}"


def _dates(events: pd.DataFrame) -> Iterator[str]:
    """A date is as long as its precision says, and nothing takes effect before it is issued."""
    length = events["date"].str.len()
    wrong = length != events["date_precision"].map(_LENGTH)
    for row in events[wrong].itertuples():
        yield f"policy_events: {row.event_id} is dated {row.date}, not to the {row.date_precision}"
    dated = events.dropna(subset=["effective"])
    for row in dated[dated["effective"] < dated["date"]].itertuples():
        yield f"policy_events: {row.event_id} takes effect before {row.date}"


def _founders(conditions: pd.DataFrame, totals: pd.DataFrame) -> Iterator[str]:
    named = (conditions["condition"] == "aiib_founding_member").sum()
    members = totals.loc[totals["indicator"] == "aiib_members", "value"].min()
    if named > members:
        yield f"entry_conditions: {named} founding members are named, the bank had {members:g}"


def _statements(claims: pd.DataFrame, articles: pd.DataFrame) -> Iterator[str]:
    """Every statement of an article is there, and says how it is checked."""
    found = claims["article"].value_counts()
    for row in articles.itertuples():
        if found.get(str(row.article), 0) != row.statements:
            yield (
                f"claims: {found.get(str(row.article), 0)} statements of {row.article}, "
                f"{row.statements} are registered"
            )
    blank = claims[["proxy", "table", "unit", "bound", "value"]].isna()
    proxy, recomputed = claims["check"] == "proxy", claims["check"] == "recomputed"
    for wrong, words in (
        (proxy & (blank["proxy"] | blank["table"]), "is checked by a proxy, but names none"),
        (recomputed & blank["table"], "is recomputed, but from no table"),
        (~blank["value"] & (blank["unit"] | blank["bound"]), "has a value without unit or bound"),
    ):
        for claim in claims.loc[wrong, "claim_id"]:
            yield f"claims: {claim} {words}"
