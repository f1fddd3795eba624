"""Findings: every number in a sentence, computed again from the tables by other means."""

from __future__ import annotations

import itertools
import re
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import economies, findings, investment
from sme_analysis.findings import (
    Finding,
    concentration,
    finding,
    hosts,
    outbound,
    partners,
    signals,
)

ANNUAL = sme.load("outward_fdi_annual")
PANEL = sme.load("outward_fdi_by_economy")
INDICATORS = sme.load("country_indicators")
ROAD = sme.load("outward_fdi_belt_and_road")
SIGNALS = sme.load("outward_fdi_recent_signals")
DEALS = sme.load("mergers_and_acquisitions")
PROJECTS = sme.load("contracted_projects")
OFFSHORE = ["HKG", "CYM", "VGB"]
PLAIN = sme.load("economies").set_index("iso3")["name_plain"]

MEASURES = ("flow", "stock")
SPANS = ((2002, 2025), (2010, 2020), (2003, 2019), (2006, 2006), (2002, 2002), (2020, 2025))


def printed(value: float, decimals: int = 1) -> str:
    """Write a number as a reader expects it, without the library's help."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,f}".replace("-", "−")


def amount(billions: float, decimals: int = 1) -> str:
    if abs(billions) >= 1000:
        return f"US${printed(billions / 1000, 2)} tn"
    return f"US${printed(billions, decimals)} bn"


def raw(
    indicator: str, basis: str = "bulletin", frame: pd.DataFrame = ANNUAL, unit: str | None = None
) -> pd.Series:
    """Year -> figure, straight from the table."""
    query = "indicator == @indicator and basis == @basis and preferred"
    rows = frame.query(query + (" and unit == @unit" if unit else ""))
    return rows.set_index("year")["value"].sort_index()


def total(measure: str) -> pd.Series:
    return raw(measure, unit="usd_bn")


def within(start: int, end: int, frame: pd.DataFrame = ANNUAL) -> pd.DataFrame:
    return frame[(frame["year"] >= start) & (frame["year"] <= end)]


def scaled(frame: pd.DataFrame, keep: pd.Series, factor: float = 1.37) -> pd.DataFrame:
    """Return the frame with the chosen values changed."""
    assert keep.any()
    other = frame.copy()
    other.loc[keep, "value"] = other.loc[keep, "value"] * factor
    return other


def says(said: Finding, *parts: str) -> None:
    assert not said.empty
    for part in parts:
        assert part in said.text, f"{part!r} is not in {said.text!r}"


def all_words(said: Finding) -> str:
    return " ".join([said.headline, said.text, said.measure, said.source, *said.notes])


def sound(said: Finding) -> None:
    """Check what holds for the words of any finding."""
    words = all_words(said)
    assert said.text.strip()
    assert said.text.rstrip().endswith(".")
    assert not re.search(r"(?<![\w-])(nan|NaN|inf|None|NaT|<NA>|null)(?![\w-])|nan%|inf%", words)
    assert "  " not in said.text
    assert not re.search(r"\d-\d|[ (]-\d", said.headline)  # a true minus, a true dash
    if said.empty:
        assert said.headline == ""
        assert said.table is None
    else:
        assert said.source.startswith("Source: ")
        assert said.table is not None
        assert len(said.table)


# Totals and growth


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("end", range(2008, 2026))
def test_national_names_the_last_year_and_its_growth(measure, end):
    said = outbound.national(investment.national(ANNUAL, measure, 2006, end), measure)
    values = total(measure).loc[2006:end]
    last = values[end]
    assert amount(last) in said.headline
    assert str(end) in said.headline
    growth = (last / values[end - 1] - 1) * 100
    verb = "rose" if growth > 0 else "fell"
    if round(abs(growth), 1):
        says(said, f"{verb} by {printed(abs(growth))}%")
    years = end - 2006
    mean = ((last / values[2006]) ** (1 / years) - 1) * 100
    says(said, f"{printed(mean)}% a year")
    if values.idxmax() != end:
        assert str(values.idxmax()) in said.headline
        assert f"{printed((1 - last / values.max()) * 100, 0)}%" in said.headline


def test_national_counts_the_falls_on_one_definition():
    values = total("flow")
    falls = int((values.diff() < 0).sum())
    said = outbound.national(investment.national(ANNUAL, "flow"), "flow")
    says(said, f"in {falls} years")


def test_no_growth_bridges_the_break_of_2006():
    """In 2006 finance came in: its growth is that of the part without finance."""
    outside = raw("flow", "bulletin_non_financial")
    growth = (outside[2006] / outside[2005] - 1) * 100
    said = outbound.national(investment.national(ANNUAL, "flow", 2005, 2006), "flow")
    says(said, f"{printed(growth)}%")
    wrong = (total("flow")[2006] / outside[2005] - 1) * 100
    assert printed(wrong) not in said.text
    assert said.notes


def test_a_bound_stands_before_its_figure():
    bounds = ANNUAL.query("indicator == 'stock' and basis == 'bulletin' and preferred")
    bounds = bounds[bounds["unit"] == "usd_bn"].set_index("year")["bound"]
    words = {"about": "about", "over": "over", "nearly": "nearly", "under": "under"}
    seen = 0
    for year, bound in bounds.items():
        said = outbound.national(investment.national(ANNUAL, "stock", year, year), "stock")
        figure = amount(total("stock")[year])
        if bound == "exact":
            assert not re.search(rf"(about|over|nearly|under) {re.escape(figure)}", said.text)
        else:
            says(said, f"{words[bound]} {figure}")
            seen += 1
    assert seen


@pytest.mark.parametrize("bound", ["about", "over", "under", "nearly", "at_least", "at_most"])
def test_every_bound_of_the_tables_has_words(bound):
    assert finding.bounded("4.1", bound) == f"{bound.replace('_', ' ')} 4.1"
    listed = pd.concat([ANNUAL, ROAD, SIGNALS, DEALS, PROJECTS])["bound"].dropna().unique()
    for used in listed:
        assert finding.bounded("4.1", used).endswith("4.1")


# Components


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("span", [(2006, 2025), (2010, 2014), (2012, 2012), (2015, 2019)])
def test_components_give_the_shares_of_the_last_full_year(measure, span):
    said = outbound.components(within(*span), measure)
    names = investment.COMPONENTS[measure]
    parts = pd.DataFrame({label: raw(name) for name, label in names.items()}).loc[slice(*span)]
    full = parts.dropna()
    if full.empty:
        assert said.empty or "fully" in said.headline
        return
    split = full.iloc[-1] / full.iloc[-1].sum() * 100
    says(said, str(full.index[-1]), f"for {len(full)} of")
    for label, share in split.items():
        says(said, f"{str(label).lower()} ({printed(share)}%)")
    assert split.idxmax() in said.headline
    assert f"{printed(split.max(), 0)}%" in said.headline


def test_a_component_newer_than_the_last_full_year_is_named():
    names = investment.COMPONENTS["flow"]
    parts = pd.DataFrame({label: raw(name) for name, label in names.items()})
    newest = parts.dropna(how="all").index[-1]
    assert parts.loc[newest].isna().any()  # else there is nothing to test
    said = outbound.components(ANNUAL, "flow")
    for label, value in parts.loc[newest].dropna().items():
        share = value / total("flow")[newest] * 100
        says(
            said, f"For {newest} only {label.lower()} is known: {amount(value)}, {printed(share)}%"
        )


# World position


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("span", [(2002, 2025), (2010, 2020), (2016, 2018)])
def test_world_position_gives_the_range_and_the_best_rank(measure, span):
    said = outbound.world_position(within(*span), measure)
    share = raw(f"{measure}_share_of_world").loc[slice(*span)]
    rank = raw(f"{measure}_world_rank").loc[slice(*span)]
    if share.empty:
        assert said.empty
        return
    assert f"{printed(share.iloc[-1])}%" in said.headline
    assert str(share.index[-1]) in said.headline
    if len(share) > 1:
        says(said, f"{printed(share.min())}% in {share.idxmin()}", f"{printed(share.max())}%")
    if len(rank):
        says(said, finding.ordinal(int(rank.iloc[-1])), finding.ordinal(int(rank.min())))


# The newest year


def test_the_newest_year_beside_the_one_before_and_the_express_figure():
    said = outbound.newest_year(ANNUAL, 2002, 2025)
    flow = total("flow")
    year = int(flow.index[-1])
    express = raw("flow", "express", unit="usd_bn")
    growth = (flow[year] / flow[year - 1] - 1) * 100
    says(said, amount(flow[year], 2), f"{printed(growth)}%", amount(total("stock")[year]))
    if year in express:
        gap = (1 - express[year] / flow[year]) * 100
        says(said, amount(express[year], 2), f"{printed(gap)}%", f"January {year + 1}")
    table = said.table.set_index("Figure")
    assert table.loc["Outward FDI flow, US$ bn", str(year)] == f"{flow[year]:g}"
    assert table.loc["Outward FDI flow, US$ bn", str(year - 1)] == f"{flow[year - 1]:g}"


def test_two_statistics_are_kept_apart():
    both = outbound.two_statistics(ANNUAL, 2002, 2025)
    bulletin, express = both.values()
    assert express.to_dict() == raw("flow", "express", unit="usd_bn").to_dict()
    assert bulletin.to_dict() == total("flow").loc[express.index.min() :].to_dict()


# Hosts


def table_of(measure: str, year: int, group: str = "World", last: int | None = None) -> pd.Series:
    """ISO3 -> US$ mn of one year, straight from the panel."""
    rows = PANEL.query("measure == @measure and year == @year and panel == 'complete'")
    values = rows.set_index("iso3")["value"]
    if group != "World":
        values = values[values.index.isin(economies.members(group, last or year))]
    return values.sort_values(ascending=False)


def rank_finding(
    measure: str = "flow",
    start: int = 2003,
    end: int = 2019,
    group: str = "World",
    aside: bool = False,
    top_n: int = 10,
    panel: pd.DataFrame = PANEL,
) -> Finding:
    years = {"start_year": start, "end_year": end}
    scope = {"group": group, "exclude_offshore": aside}
    chosen = investment.hosts(panel, measure, **years, **scope)
    everywhere = investment.hosts(panel, measure, **years)
    return hosts.ranking(
        chosen, everywhere, INDICATORS, measure=measure, top_n=top_n, **scope, **years
    )


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("year", "n"), [(2019, 10), (2012, 5), (2019, 1)])
@pytest.mark.parametrize("aside", [False, True])
def test_ranking_of_the_world(measure, year, n, aside):
    said = rank_finding(measure, 2003, year, aside=aside, top_n=n)
    values = table_of(measure, year)
    chosen = values[~values.index.isin(OFFSHORE)] if aside else values
    leader, whole = chosen.index[0], chosen.sum()
    assert said.headline.startswith(PLAIN[leader])
    assert f"{printed(chosen.iloc[0] / whole * 100, 0)}%" in said.headline
    if n > 1:
        assert f"{printed(chosen.iloc[:n].sum() / whole * 100, 0)}%" in said.headline
    says(said, amount(whole / 1000))
    if aside:
        says(said, f"{printed(whole / values.sum() * 100)}% of China's {measure}")
    table = said.table
    assert list(table["Host"][:n]) == [PLAIN[code] for code in chosen.index[:n]]
    assert list(table["US$ bn"][:n]) == pytest.approx(list(chosen.iloc[:n] / 1000))
    assert table["US$ bn"].sum() == pytest.approx(whole / 1000)
    assert table["Share, %"].sum() == pytest.approx(100)


def test_ranking_names_who_is_new_among_the_first():
    said = rank_finding("stock")
    now, before = (table_of("stock", year) for year in (2019, 2003))
    new = [PLAIN[code] for code in now.index[:10] if code not in before.index[:10]]
    assert new
    sentence = said.text[said.text.index("New among") :]
    assert all(name in sentence for name in new)
    old = [PLAIN[code] for code in now.index[:10] if code in before.index[:10]]
    assert not any(name in sentence for name in old)


@pytest.mark.parametrize("measure", MEASURES)
def test_one_host_named_is_not_the_only_host(measure):
    said = rank_finding(measure, top_n=1)
    assert "whole" not in said.headline
    assert "first 1" not in said.text
    assert "Hong Kong" in said.headline
    alone = PANEL[(PANEL["iso3"] == "FRA") & (PANEL["year"] == 2019)]
    assert "whole" in rank_finding(measure, 2019, 2019, panel=alone).headline


def test_ranking_relates_the_investment_to_the_size_of_the_host():
    table = rank_finding("stock").table.set_index("Host")
    size = INDICATORS.query("iso3 == 'SGP' and year == 2019").set_index("indicator")["value"]
    value = table_of("stock", 2019)["SGP"] * 1e6
    row = table.loc["Singapore"]
    assert row["% of host GDP"] == pytest.approx(value / size["gdp"] * 100)
    assert row["US$ per person"] == pytest.approx(value / size["population"])


@pytest.mark.parametrize("group", ["ASEAN", "EU", "BRI", "Africa", "CENTRAL_ASIA"])
@pytest.mark.parametrize("measure", MEASURES)
def test_ranking_of_a_group(group, measure):
    said = rank_finding(measure, 2010, 2019, group, top_n=3)
    chosen, values = table_of(measure, 2019, group), table_of(measure, 2019)
    whole = chosen.sum()
    if whole <= 0:
        assert "withdrawal" in said.headline
        return
    assert PLAIN[chosen.index[0]] in said.headline
    says(
        said,
        f"{printed(chosen.iloc[0] / whole * 100, 0)}%",
        f"{printed(whole / values.sum() * 100)}% of China's {measure}",
    )


@pytest.mark.parametrize("n", [1, 5, 30])
def test_bars_of_the_ranking_are_its_table(n):
    chosen = investment.hosts(PANEL, "stock", 2003, 2019)
    drawn = hosts.ranking_bars(chosen, n)
    values = table_of("stock", 2019)
    assert list(drawn["value"][:n]) == pytest.approx(list(values.iloc[:n] / 1000))
    assert drawn["value"].sum() == pytest.approx(values.sum() / 1000)
    assert len(drawn) == n + 1
    assert f"{len(values) - n} other hosts" in drawn["label"].iloc[-1]
    assert list(drawn["tone"][:n]) == [
        "pale" if code in OFFSHORE else "strong" for code in values.index[:n]
    ]
    assert drawn["tone"].iloc[-1] == "rest"
    for row in drawn.to_dict("records"):
        assert f"({printed(row['value'] * 1000 / values.sum() * 100)}%)" in row["text"]


def places(group: str, measure: str, start: int, end: int, panel: pd.DataFrame = PANEL) -> Finding:
    years = {"start_year": start, "end_year": end}
    scope = {"group": group, "exclude_offshore": False}
    chosen = investment.hosts(panel, measure, **years, **scope)
    parts = investment.regions(chosen) if group == "World" else investment.leading(chosen)
    return hosts.places(parts, chosen, measure=measure, **scope, **years)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("span", [(2003, 2019), (2010, 2015)])
def test_continents_and_who_gained(measure, span):
    region = sme.load("economies").set_index("iso3")["bulletin_region"]
    share = {}
    for year in span:
        values = table_of(measure, year)
        by_region = values.groupby(region.reindex(values.index)).sum()
        assert by_region.sum() == pytest.approx(values.sum())  # every host has a continent
        share[year] = by_region / values.sum() * 100
    said = places("World", measure, *span)
    now, moved = share[span[1]], share[span[1]] - share[span[0]]
    assert now.idxmax() in said.headline
    assert f"{printed(now.max(), 0)}%" in said.headline
    says(said, f"{moved.idxmax()} gained most (+{printed(moved.max())} points)")
    says(said, f"{moved.idxmin()} lost most ({printed(moved.min())} points)")


def test_hosts_of_a_group_and_who_gained():
    said = places("ASEAN", "stock", 2010, 2019)
    now, before = (table_of("stock", year, "ASEAN", 2019) / 1000 for year in (2019, 2010))
    assert PLAIN[now.index[0]] in said.headline
    assert amount(now.iloc[0]) in said.headline
    moved = (now - before.reindex(now.index).fillna(0))[now.index[:5]]
    says(said, f"{PLAIN[moved.idxmax()]} gained most ({amount(moved.max())})")


# Concentration


def equal_hosts(values: pd.Series) -> float:
    kept = values[values > 0]
    return 1 / float(((kept / kept.sum()) ** 2).sum())


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("span", [(2003, 2019), (2008, 2013)])
def test_concentration_with_and_without_the_centres(measure, span):
    chosen = investment.hosts(PANEL, measure, *span)
    onshore = investment.hosts(PANEL, measure, *span, exclude_offshore=True)
    said = concentration.concentration(
        chosen, onshore, measure=measure, group="World", exclude_offshore=False
    )
    now, before = (table_of(measure, year) for year in reversed(span))
    aside = now[~now.index.isin(OFFSHORE)]
    earlier = before[~before.index.isin(OFFSHORE)]
    assert f"{printed(equal_hosts(aside))} equal hosts" in said.headline
    says(said, f"({printed(equal_hosts(earlier))})", f"is {printed(equal_hosts(now))}.")
    positive = aside[aside > 0]
    says(said, f"{printed(positive.nlargest(5).sum() / positive.sum() * 100, 0)}%")
    more = equal_hosts(aside) > equal_hosts(earlier)
    says(said, "less concentrated" if more else "more concentrated")


def test_effective_numbers_name_their_scope():
    chosen = investment.hosts(PANEL, "stock", 2003, 2019)
    onshore = investment.hosts(PANEL, "stock", 2003, 2019, exclude_offshore=True)
    assert len(concentration.effective_numbers(chosen, onshore).columns) == 2
    assert list(concentration.effective_numbers(onshore, onshore).columns) == ["Hosts"]
    numbers = concentration.effective_numbers(chosen, onshore)
    for year in (2003, 2011, 2019):
        values = table_of("stock", year)
        expected = [equal_hosts(values), equal_hosts(values[~values.index.isin(OFFSHORE)])]
        assert list(numbers.loc[year]) == pytest.approx(expected)


# Partners, firms, deals


@pytest.mark.parametrize("measure", MEASURES)
def test_belt_and_road_by_each_definition_apart(measure):
    rows = investment.belt_and_road(ROAD, ANNUAL, measure)
    said = partners.belt_and_road(rows, measure)
    query = "indicator == @measure and basis == 'bulletin' and unit == 'usd_bn'"
    straight = ROAD.query(query).sort_values("year")
    latest = straight.iloc[-1]
    share = latest["value"] / total(measure)[latest["year"]] * 100
    assert amount(latest["value"], 2) in said.headline
    assert f"{printed(share)}%" in said.headline
    if latest["bound"] != "exact":
        assert latest["bound"].replace("_", " ") in said.headline
    for _, part in straight.groupby("definition"):
        first, last = part.iloc[0], part.iloc[-1]
        says(said, f"{amount(last['value'], 2)} in {last['year']}")
        if len(part) > 1:
            moved = (last["value"] / first["value"] - 1) * 100
            says(said, f"{amount(first['value'], 2)} in {first['year']}", printed(abs(moved), 0))
    panels = partners.belt_and_road_panels(rows)
    assert sum(map(len, panels.values())) == len(straight)


def test_activity_gives_the_latest_of_each_series():
    said = partners.activity(ANNUAL, DEALS, PROJECTS, 2002, 2025)
    for indicator, decimals in [
        ("overseas_enterprises", 0), ("domestic_investors", 0), ("employees_abroad", 1),
    ]:  # fmt: skip
        values = raw(indicator)
        says(said, printed(values.iloc[-1], decimals), f"({values.index[-1]})")
    announced = DEALS.query("status == 'announced'").sort_values("year")
    for indicator, decimals in (("deals", 0), ("value", 1)):
        last = announced[announced["indicator"] == indicator].iloc[-1]
        says(said, f"{printed(last['value'], decimals)}", f"({last['year']})")
    assert f"{printed(raw('overseas_enterprises').iloc[-1], 0)}" in said.headline


@pytest.mark.parametrize("span", [(2002, 2025), (2010, 2015)])
def test_activity_panels_are_the_tables(span):
    panels = partners.activity_panels(ANNUAL, DEALS, PROJECTS, *span)
    assert all(span[0] <= year <= span[1] for values in panels.values() for year in values.index)
    firms = panels[partners.FIRMS["overseas_enterprises"]]
    expected = raw("overseas_enterprises").loc[slice(*span)] / 1000
    assert firms.to_dict() == pytest.approx(expected.to_dict())
    assert all(values.index.is_unique and values.index.is_monotonic_increasing
               for values in panels.values())  # fmt: skip


# Signals


@pytest.mark.parametrize("group", ["World", "ASEAN", "EU"])
def test_signals_count_what_they_list(group):
    rows = investment.recent_signals(SIGNALS, 2020, 2025, group=group)
    said = signals.recent_signals(rows, group=group, start_year=2002, end_year=2025)
    straight = SIGNALS[SIGNALS["year"] >= 2020]
    if group != "World":
        inside = straight["iso3"].isin(economies.members(group, 2025))
        straight = straight[inside | (straight["host"] == group)]
    says(said, f"{len(straight)} dated figure", f"on {straight['host'].nunique()} ")
    key = ["host", "indicator", "basis", "definition"]
    newest = straight.sort_values(["year", "period"]).drop_duplicates(key, keep="last")
    assert len(said.table) == len(newest)
    says(said, f"{(newest['basis'] == 'bulletin').sum()} from the bulletin")
    says(said, f"{(newest['basis'] == 'host_side').sum()} from the hosts' own")


def test_signals_carry_their_bound_and_are_never_drawn():
    rows = investment.recent_signals(SIGNALS, 2020, 2025)
    said = signals.recent_signals(rows, group="World", start_year=2020, end_year=2025)
    assert said.headline == ""  # no title: no figure is made of them
    bounded = rows[rows["bound"] != "exact"]["bound"].str.replace("_", " ").unique()
    figures = " | ".join(said.table["Figure"])
    assert len(bounded)
    assert any(f"{word} " in figures for word in bounded)


# Nothing to say


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(lambda: outbound.components(within(2002, 2003), "flow"), id="components"),
        pytest.param(lambda: outbound.components(within(2002, 2005), "stock"), id="components-s"),
        pytest.param(lambda: outbound.world_position(within(2003, 2004), "stock"), id="world"),
        pytest.param(lambda: outbound.newest_year(ANNUAL, 2002, 2005), id="newest"),
        pytest.param(lambda: rank_finding(start=2020, end=2025), id="ranking-late"),
        pytest.param(lambda: rank_finding(start=2002, end=2002), id="ranking-early"),
        pytest.param(lambda: places("World", "flow", 2020, 2025), id="places"),
        pytest.param(lambda: places("RCEP", "flow", 2003, 2019), id="places-no-members"),
        pytest.param(lambda: partners.activity(ANNUAL, DEALS, PROJECTS, 2002, 2002), id="activity"),
        pytest.param(
            lambda: partners.belt_and_road(
                investment.belt_and_road(ROAD, ANNUAL, "flow", 2002, 2012), "flow"
            ),
            id="road",
        ),
        pytest.param(
            lambda: signals.recent_signals(
                SIGNALS.head(0), group="World", start_year=2003, end_year=2019
            ),
            id="signals-early",
        ),
        pytest.param(
            lambda: signals.recent_signals(
                SIGNALS.head(0), group="CENTRAL_ASIA", start_year=2003, end_year=2025
            ),
            id="signals-none",
        ),
        pytest.param(
            lambda: outbound.national(investment.national(ANNUAL.head(0), "flow"), "flow"),
            id="national",
        ),
    ],
)
def test_an_empty_selection_is_a_sentence(said):
    found = said()
    assert found.empty
    sound(found)


GROUPS = ["World", *economies.groups()]


@pytest.mark.parametrize("group", GROUPS)
def test_the_words_hold_for_every_group(group):
    """Each group with other years, measures and sizes in turn; every finding on hosts."""
    turn = GROUPS.index(group)
    spans = [*SPANS, (2003, 2003), (2025, 2025)]
    pairs = list(itertools.product(MEASURES, (False, True)))
    for step, (measure, aside) in enumerate([pairs[turn % 4], pairs[(turn + 3) % 4]]):
        start, end = spans[(turn + 3 * step) % len(spans)]
        sound(rank_finding(measure, start, end, group, aside, (1, 10, 30)[(turn + step) % 3]))
        sound(places(group, measure, start, end))
        chosen = investment.hosts(PANEL, measure, start, end, group=group, exclude_offshore=aside)
        onshore = investment.hosts(PANEL, measure, start, end, group=group, exclude_offshore=True)
        scope = {"group": group, "exclude_offshore": aside}
        sound(concentration.concentration(chosen, onshore, measure=measure, **scope))
        rows = investment.recent_signals(SIGNALS, start, end, group=group, exclude_offshore=aside)
        sound(signals.recent_signals(rows, group=group, start_year=start, end_year=end))


@pytest.mark.parametrize("measure", MEASURES)
def test_the_words_hold_for_every_span(measure):
    for start in range(2002, 2026):
        for end in {start, min(start + 4, 2025)} if start % 2 else {start}:
            rows = within(start, end)
            sound(outbound.national(investment.national(ANNUAL, measure, start, end), measure))
            sound(outbound.components(rows, measure))
            sound(outbound.world_position(rows, measure))
            if measure == "flow" and start % 5 == 0:
                sound(outbound.newest_year(ANNUAL, start, end))
                sound(partners.activity(ANNUAL, DEALS, PROJECTS, start, end))
            road = investment.belt_and_road(ROAD, ANNUAL, measure, start, end)
            sound(partners.belt_and_road(road, measure))


# A changed figure changes the sentence


def national_of(frame: pd.DataFrame) -> Finding:
    return outbound.national(investment.national(frame, "flow", 2006, 2025), "flow")


def concentration_of(panel: pd.DataFrame) -> Finding:
    chosen = investment.hosts(panel, "flow", 2010, 2019)
    onshore = investment.hosts(panel, "flow", 2010, 2019, exclude_offshore=True)
    return concentration.concentration(
        chosen, onshore, measure="flow", group="World", exclude_offshore=False
    )


def signals_of(frame: pd.DataFrame) -> Finding:
    rows = investment.recent_signals(frame, 2020, 2025)
    return signals.recent_signals(rows, group="World", start_year=2020, end_year=2025)


def road_of(frame: pd.DataFrame) -> Finding:
    return partners.belt_and_road(investment.belt_and_road(frame, ANNUAL, "flow"), "flow")


def preferred(indicator: str, year: int, basis: str = "bulletin") -> pd.Series:
    keep = (ANNUAL["indicator"] == indicator) & (ANNUAL["year"] == year)
    return keep & (ANNUAL["basis"] == basis)


def cell(iso3: str, year: int, measure: str = "flow") -> pd.Series:
    keep = (PANEL["iso3"] == iso3) & (PANEL["year"] == year) & (PANEL["measure"] == measure)
    return keep & (PANEL["panel"] == "complete")


MUTATIONS = {
    "flow of the last year": (national_of, ANNUAL, preferred("flow", 2025)),
    "flow of the first year": (national_of, ANNUAL, preferred("flow", 2006)),
    "component": (
        lambda frame: outbound.components(frame, "flow"),
        ANNUAL,
        preferred("flow_debt_instruments", 2019),
    ),
    "share of the world": (
        lambda frame: outbound.world_position(frame, "flow"),
        ANNUAL,
        preferred("flow_share_of_world", 2024),
    ),
    "express figure": (
        lambda frame: outbound.newest_year(frame, 2002, 2025),
        ANNUAL,
        preferred("flow", 2025, "express"),
    ),
    "first host": (lambda panel: rank_finding(panel=panel), PANEL, cell("HKG", 2019)),
    "a host among the others": (lambda panel: rank_finding(panel=panel), PANEL, cell("USA", 2019)),
    "continent": (
        lambda panel: places("World", "flow", 2003, 2019, panel),
        PANEL,
        cell("CYM", 2003),
    ),
    "concentration": (concentration_of, PANEL, cell("SGP", 2019)),
    "concentration at first": (concentration_of, PANEL, cell("SGP", 2010)),
    "signal": (signals_of, SIGNALS, (SIGNALS["year"] == 2025) & (SIGNALS["unit"] == "usd_bn")),
    "road": (road_of, ROAD, (ROAD["year"] == 2025) & (ROAD["basis"] == "bulletin")),
    "enterprises": (
        lambda frame: partners.activity(frame, DEALS, PROJECTS, 2002, 2025),
        ANNUAL,
        preferred("overseas_enterprises", 2025),
    ),
    "deals": (
        lambda frame: partners.activity(ANNUAL, frame, PROJECTS, 2002, 2025),
        DEALS,
        (DEALS["year"] == 2025) & (DEALS["status"] == "announced"),
    ),
    "turnover": (
        lambda frame: partners.activity(ANNUAL, DEALS, frame, 2002, 2025),
        PROJECTS,
        (PROJECTS["year"] == 2025) & (PROJECTS["indicator"] == "turnover"),
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_figure_changes_what_is_said(name):
    find, frame, keep = MUTATIONS[name]
    before, after = find(frame), find(scaled(frame, keep))
    sound(after)
    if name == "signal":  # the figures stand in the table, the sentence counts them
        assert not after.table.equals(before.table)
    else:
        assert after.text != before.text
    assert not find(frame).table.equals(after.table) or name == "express figure"


# Words


@pytest.mark.parametrize(
    ("billions", "text"),
    [
        (999.94, "US$999.9 bn"),
        (999.95, "US$1.00 tn"),
        (1, "US$1.0 bn"),
        (0.9999, "US$1.0 bn"),
        (0.9994, "US$999 mn"),
        (0.0099, "US$9.9 mn"),
        (0, "US$0 mn"),
        (-0.0005, "−US$0.5 mn"),
        (-1500, "−US$1.50 tn"),
    ],
)
def test_amounts_take_the_unit_of_their_size(billions, text):
    assert finding.usd(billions) == text


def test_groups_have_a_name_for_a_sentence():
    for group in GROUPS:
        words = finding.place(group)
        assert words
        assert "_" not in words


def test_every_unit_and_access_of_the_tables_has_words():
    for unit in SIGNALS["unit"].unique():
        assert finding.figure(1.5, unit, "exact")
    words = finding.read_as(sme.load("sources")["source_id"], sme.load("sources"))
    assert words.notna().all()


def test_a_finding_hands_its_words_to_a_figure():
    said = national_of(ANNUAL)
    assert said.labels == {
        "title": said.headline, "subtitle": said.measure, "source": said.source,
    }  # fmt: skip
    assert findings.Finding is Finding
    with pytest.raises(AttributeError):
        said.text = "other"  # type: ignore[misc]
