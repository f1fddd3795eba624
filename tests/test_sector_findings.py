"""Findings on sectors: each number in a sentence, computed again from the tables; the figures."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from cells import NOTHING_SAID
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy import stats

import sme_analysis as sme
from sme_analysis import economies, plots
from sme_analysis.findings import Finding, following, industries, specialisation, surveys, trouble
from sme_analysis.sectors import EventStudy, Verdict, activity
from sme_analysis.sectors.belt_and_road import Effect

CROSSWALK = sme.load("sector_crosswalk")
DEALS = sme.load("deals_by_sector")
BY_HOST = sme.load("deals_by_economy")
PROJECTS = sme.load("development_projects")
OFFICIAL = sme.load("outward_fdi_by_industry")
SURVEYS = sme.load("survey_responses")
BROAD = CROSSWALK.drop_duplicates("analysis_sector").set_index("analysis_sector")["broad_sector"]
PLAIN = sme.load("economies").set_index("iso3")["name_plain"]
SPANS = [(2005, 2025), (2010, 2019), (2005, 2014), (2000, 2012)]

every_span = pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]}-{span[1]}")


def printed(value: float, decimals: int = 1) -> str:
    """Write a number as a reader expects it, without the library's help."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,f}".replace("-", "−")


def says(said: Finding, *parts: str) -> None:
    assert not said.empty
    for part in parts:
        assert part in said.text, f"{part!r} is not in {said.text!r}"


def sound(said: Finding) -> None:
    parts = (said.headline, said.text, said.measure, said.source, *said.notes)
    words = " ".join(part for part in parts if part)
    assert said.text.strip().endswith((".", "?"))
    assert not NOTHING_SAID.search(words)
    assert "  " not in words
    if said.empty:
        assert said.headline == ""
        assert said.table is None
    else:
        assert said.source.startswith("Source: ")
        assert said.table is not None
        assert len(said.table)


def within(frame: pd.DataFrame, span: tuple[int, int]) -> pd.DataFrame:
    return frame[(frame["year"] >= span[0]) & (frame["year"] <= span[1])]


@cache
def deals(start: int, end: int) -> pd.DataFrame:
    return activity.deals_by_year(DEALS, CROSSWALK, start, end)


@cache
def invested(start: int, end: int) -> pd.DataFrame:
    rows = deals(start, end)
    return rows[rows["kind"] == "investment"]


@cache
def hosted(start: int = 2005, end: int = 2025, group: str = "World") -> pd.DataFrame:
    rows = activity.deals_by_host(BY_HOST, start, end, group)
    return rows[rows["kind"] == "investment"]


@cache
def projects(group: str = "World") -> pd.DataFrame:
    return activity.projects(PROJECTS, CROSSWALK, 2000, 2021, group)


def raw(kind: str, span: tuple[int, int], column: str = "deals", by: str = "broad") -> pd.DataFrame:
    """Year x sector, straight from the table."""
    rows = within(DEALS[DEALS["kind"] == kind], span)
    rows = rows.assign(broad=rows["analysis_sector"].map(BROAD))
    return rows.pivot_table(index="year", columns=by, values=column, aggfunc="sum").fillna(0)


# Coverage of the official figures


def best_coverage() -> pd.Series:
    rows = OFFICIAL.query(
        "measure == 'flow' and scope == 'all_hosts' and period == 'full_year' and not combined"
    )
    rows = rows[rows["basis"].str.match("bulletin|yearbook")]
    return rows.groupby("year")["coverage"].max()


@pytest.mark.parametrize("span", [(2005, 2025), (2000, 2025), (2006, 2007), (2012, 2019)])
def test_coverage_counts_the_complete_years(span):
    known = best_coverage().reindex(range(max(2004, span[0]), span[1] + 1)).fillna(0)
    series = industries.coverage_series(OFFICIAL, *span)
    assert series.to_dict() == known.to_dict()
    said = industries.coverage(OFFICIAL, *span)
    sound(said)
    full = known.index[known >= 95]
    if len(full):
        years = f"{full.min()}–{full.max()}"
        says(said, f"{len(full)} of {len(known)} years ({years})")
    else:
        says(said, "In no year asked for")
    rest = known[known < 95]
    if len(rest):
        says(said, f"{rest.idxmax()} is known best", f"cover {printed(rest.max(), 0)}% of its flow")


def test_no_official_figure():
    for span in ((2000, 2003), (2025, 2025), (2000, 2000)):
        known = best_coverage()
        if known.index.isin(range(span[0], span[1] + 1)).any():
            continue
        said = industries.coverage(OFFICIAL, *span)
        sound(said)
        assert said.empty
    assert industries.coverage(OFFICIAL, 2000, 2003).empty
    assert industries.coverage(OFFICIAL, 2024, 2025).empty  # growth rates alone
    assert industries.coverage(OFFICIAL.iloc[:0], 2005, 2008).empty


# The mix


def shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Period x sector, percent."""
    return frame.div(frame.sum(axis=1), axis=0) * 100


def five_years(frame: pd.DataFrame, span: tuple[int, int]) -> pd.DataFrame:
    def period(year: int) -> str:
        start = min(year // 5 * 5, 2020)
        end = 2025 if start == 2020 else start + 4
        start, end = max(start, span[0]), min(end, span[1])
        return f"{start}-{end}" if start < end else str(start)

    return frame.groupby(frame.index.map(period)).sum()


@every_span
def test_mix_of_deals(span):
    said = industries.mix(invested(*span), source="deals", group="World", sector="all")
    sound(said)
    wide = five_years(raw("investment", span, by="analysis_sector"), span)
    percent = shares(wide).drop(columns="other")
    first, last = percent.index[0], percent.index[-1]
    most = percent.loc[last].max()
    first_names = [activity.NAMES[name] for name in percent if percent.loc[last, name] == most]
    assert any(f"{name} made up {printed(most, 0)}% of" in said.text for name in first_names)
    says(said, f"in {last}")
    if first == last:
        return
    moved = percent.loc[last] - percent.loc[first]
    big = percent.columns[percent.max() >= 3]
    gain, loss = moved[big].idxmax(), moved[big].idxmin()
    nav = (shares(wide).loc[last] - shares(wide).loc[first]).abs().sum() / 2
    says(
        said,
        f"Since {first} {activity.NAMES[gain]} gained {printed(moved[gain])} points",
        f"{activity.NAMES[loss]} lost {printed(-moved[loss])}",
        f"{printed(nav, 0)}% of the whole",
    )


@pytest.mark.parametrize("sector", ["manufacturing", "renewable_energy", "transport_logistics"])
def test_a_sector_asked_for_has_its_share_and_interval(sector):
    said = industries.mix(invested(2005, 2025), source="deals", group="World", sector=sector)
    sound(said)
    rows = within(DEALS[DEALS["kind"] == "investment"], (2020, 2025))
    count = int(rows.loc[rows["analysis_sector"] == sector, "deals"].sum())
    total = int(rows["deals"].sum())
    low, high = wilson(count, total)
    says(
        said,
        f"{count:,} of {total:,} in 2020-2025, {printed(count / total * 100)}%",
        f"{printed(low)}% to {printed(high)}%",
    )


def wilson(count: int, total: int) -> tuple[float, float]:
    z = stats.norm.ppf(0.975)
    share = count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return 100 * (centre - half), 100 * (centre + half)


def test_a_sector_that_the_source_does_not_know():
    said = industries.mix(
        invested(2005, 2025), source="deals", group="World", sector="wholesale_retail"
    )
    says(said, "Trade does not appear in this source in 2020-2025.")
    assert any("no class for trade" in note for note in said.notes)


@pytest.mark.parametrize("group", ["World", "ASEAN", "CENTRAL_ASIA"])
def test_mix_of_development_projects(group):
    said = industries.mix(projects(group), source="development", group=group, sector="health")
    sound(said)
    rows = PROJECTS if group == "World" else PROJECTS[PROJECTS["iso3"].isin(members(group, 2021))]
    late = rows[rows["year"] >= 2020]
    counts = late.groupby("analysis_sector")["projects"].sum()
    named = (counts / counts.sum() * 100).drop("other")
    first = [activity.NAMES[sector] for sector in named.index[named == named.max()]]
    assert any(f"{name} made up {printed(named.max(), 0)}%" in said.text for name in first)


def members(group: str, year: int) -> list[str]:
    return list(economies.members(group, year))


def test_mix_of_official_industries():
    rows = activity.industries(OFFICIAL, CROSSWALK, 2005, 2008)
    said = industries.mix(rows, source="official", group="World", sector="wholesale_retail")
    sound(said)
    kept = OFFICIAL.query(
        "year == 2008 and measure == 'flow' and scope == 'all_hosts' and indicator == 'amount'"
        " and period == 'full_year' and not combined and coverage >= 95"
    )
    kept = kept[kept["basis"] == kept["basis"].min()]
    trade = kept.loc[kept["industry"].eq("F"), "value"].sum() / kept["value"].sum() * 100
    says(said, f"Trade: {printed(trade)}% in 2008.", "in 2008")


@pytest.mark.parametrize("source", activity.SOURCES)
@pytest.mark.parametrize("group", ["World", "EU"])
def test_an_empty_mix_says_why(source, group):
    said = industries.mix(hosted().iloc[:0], source=source, group=group, sector="all")
    sound(said)
    assert said.empty
    assert ("the European Union" in said.text) == (group == "EU" and source != "official")


def test_small_sectors_are_joined_and_nothing_is_lost():
    for source, rows in (("deals", deals(2005, 2025)), ("development", projects())):
        if "kind" in rows:
            rows = rows[rows["kind"] == "investment"]
        table = industries.mix_shares(rows, source)
        assert np.allclose(table.sum(axis=1), 100)
        assert table.columns[-1] == "Other"
        assert (table.drop(columns="Other").max() >= 3).all()
    assert industries.mix_shares(rows.iloc[:0], "deals").empty


# New sectors


@every_span
def test_new_sectors_count_both_halves(span):
    said = industries.new_sectors(deals(*span))
    sound(said)
    tags = CROSSWALK[(CROSSWALK["scheme"] == "deals") & CROSSWALK["tag"].notna()]
    rows = within(DEALS[DEALS["kind"] == "investment"], span)
    years = sorted(rows["year"].unique())
    middle = years[len(years) // 2]
    for tag, name in industries.TAGS.items():
        known = tags[(tags["tag"] == tag) & tags["kind"].isin(["any", "investment"])]
        keys = set(zip(known["class_code"], known["subclass"], strict=True))
        ours = [key in keys for key in zip(rows["sector"], rows["subsector"], strict=True)]
        part = rows[ours]
        before = part.loc[part["year"] < middle, "deals"].sum()
        after = part.loc[part["year"] >= middle, "deals"].sum()
        says(said, f"{name}: from {before} to {after} investments")
        panel = industries.new_sectors_panels(deals(*span))[name]
        assert panel.sum() == before + after
        assert list(panel.index) == list(range(years[0], years[-1] + 1))


def test_new_sectors_of_too_little():
    for rows in (deals(2012, 2012), deals(2000, 2004), deals(2005, 2025).iloc[:0]):
        said = industries.new_sectors(rows)
        sound(said)
        assert said.empty


# Construction and trouble


@every_span
def test_kinds_compare_amounts_and_count_years(span):
    said = trouble.kinds(deals(*span))
    sound(said)
    span = (span[0], min(span[1], 2024))  # of 2025 the list of construction holds a half
    own = raw("investment", span, "value").sum(axis=1) / 1000
    built = raw("construction", span, "value").sum(axis=1) / 1000
    both = own.index.intersection(built.index)
    year = both.max()
    says(said, f"In {year} large investments came to US${printed(own[year])} bn")
    says(said, f"construction to US${printed(built[year])} bn")
    more = int((built[both] > own[both]).sum())
    says(said, f"in {more} year{'' if more == 1 else 's'} of {len(both)}")
    table = said.table.set_index("Year")
    assert table["Investment, US$ bn"].sum() == pytest.approx(own.sum())
    assert table["Contracts"].sum() == raw("construction", span).to_numpy().sum()


def test_half_a_year_of_construction_is_not_compared():
    panels = trouble.kinds_panels(deals(2020, 2025))
    assert {int(series.index.max()) for series in panels.values()} == {2024}
    said = trouble.kinds(deals(2025, 2025))
    assert said.empty
    assert "June 2025" in said.text


@every_span
def test_trouble_compares_a_sector_with_all_others(span):
    said = trouble.trouble(deals(*span))
    sound(said)
    until = (span[0], min(span[1], 2023))
    bad, good = raw("troubled", until).sum(), raw("investment", until).sum()
    bad = bad.reindex(good.index).fillna(0)
    table = trouble.trouble_ratios(deals(*span)).set_index("sector")
    assert set(table.index) == set(good.index[good >= 10])
    more = []
    for sector, row in table.iterrows():
        assert (row["troubled"], row["investments"]) == (bad[sector], good[sector])
        others = (bad.sum() - bad[sector], good.sum() - good[sector])
        ratio = (bad[sector] / good[sector]) / (others[0] / others[1])
        assert row["ratio"] == pytest.approx(ratio)
        low, high = exact_interval(bad[sector], good[sector], *others)
        assert (row["low"], row["high"]) == pytest.approx((low, high))
        if low > 1:
            more.append((ratio, sector))
        assert (high < 1) == (row["high"] < 1)
    apart = int(((table["low"] > 1) | (table["high"] < 1)).sum())
    rest = len(table) - apart
    says(said, f"For {rest} sector{'' if rest == 1 else 's'} the interval holds both")
    if more:
        ratio, sector = max(more)
        says(said, f"{activity.NAMES[sector]}: {printed(ratio)} times as many per investment")


def exact_interval(a: float, n: float, b: float, m: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a / (a + b), as a ratio of the rates a / n and b / m."""
    low = stats.beta.ppf(0.025, a, b + 1) if a else 0.0
    high = stats.beta.ppf(0.975, a + 1, b) if b else 1.0
    return low / (1 - low) * m / n, high / (1 - high) * m / n if high < 1 else math.inf


def test_trouble_and_kinds_of_nothing():
    for rows in (deals(2000, 2004), deals(2024, 2025), deals(2005, 2025).iloc[:0]):
        said = trouble.trouble(rows)
        sound(said)
        assert said.empty
        assert "2023" in said.text
        assert trouble.trouble_rows(rows).empty
    said = trouble.kinds(deals(2000, 2004))
    sound(said)
    assert said.empty


# Specialisation


@pytest.mark.parametrize("group", ["World", "ASEAN", "EU"])
@pytest.mark.parametrize("source", ["deals", "development"])
def test_specialised_hosts_are_counted_from_the_quotients(group, source):
    rows = hosted(group=group) if source == "deals" else projects(group)
    shown = specialisation.largest(rows, None, 12)
    said = specialisation.specialisation(rows, shown, what="large investments", group=group)
    sound(said)
    counts = rows.pivot_table(index="iso3", columns="sector", values="count", aggfunc="sum")
    counts = counts.fillna(0).astype(float)
    totals = counts.sum(axis=1)
    assert set(shown) <= set(totals.index[totals >= 5])
    assert totals[shown].min() >= totals.drop(shown)[lambda rest: rest >= 5].to_numpy().max(
        initial=0
    )
    overall = counts.sum() / counts.to_numpy().sum()
    sure, best = set(), (0.0, "")
    for iso3 in shown:
        for sector in counts.columns.drop("other", errors="ignore"):
            low = wilson(counts.at[iso3, sector], totals[iso3])[0] / 100 / overall[sector]
            if low > 1:
                sure.add(iso3)
                case = f"{PLAIN[iso3]} in {activity.NAMES[sector].lower()}"
                best = max(best, (low, case))
    if sure:
        says(said, f"{len(sure)} of the {len(shown)} largest hosts", best[1])
    else:
        says(said, "None of the")


def test_specialisation_of_nothing():
    for rows in (hosted().iloc[:0], hosted(group="Oceania").head(1)):
        assert specialisation.largest(rows, None, 12) == []
        said = specialisation.specialisation(rows, [], what="large investments", group="Oceania")
        sound(said)
        assert said.empty
        assert "Oceania" in said.text
        assert all(part.empty for part in specialisation.matrices(rows, []).values())


def test_the_matrices_hold_the_counts():
    shown = specialisation.largest(hosted(), None, 10)
    made = specialisation.matrices(hosted(), shown)
    assert list(made["data"].index) == [PLAIN[iso3] for iso3 in shown]
    counts = made["text"].replace("·", "0").astype(int)
    kept = BY_HOST[BY_HOST["iso3"].isin(shown) & (BY_HOST["kind"] == "investment")]
    assert counts.to_numpy().sum() == kept["deals"].sum()
    assert made["data"].to_numpy().min() >= -1
    assert ((made["data"] == -1) == (counts == 0)).to_numpy().all()


def test_largest_of_a_group_alone():
    chosen = specialisation.largest(hosted(), members("ASEAN", 2025), 3)
    assert set(chosen) <= set(members("ASEAN", 2025))
    assert len(chosen) == 3


# Presence


@pytest.mark.parametrize("sector", ["all", "renewable_energy", "manufacturing"])
@pytest.mark.parametrize("group", ["World", "ASEAN"])
@pytest.mark.parametrize("year", [2005, 2012, 2025])
def test_presence_halves_in_five_years(sector, group, year):
    table = following.presence_table(projects(), sector=sector, group=group, year=year)
    said = following.presence(table, projects(), sector=sector, group=group, n=10)
    sound(said)
    rows = PROJECTS if sector == "all" else PROJECTS[PROJECTS["analysis_sector"] == sector]
    last = min(year + 1, 2022)
    rows = rows[rows["year"] < last]
    if group != "World":
        rows = rows[rows["iso3"].isin(members(group, year))]
    weight = rows["projects"] * 0.5 ** ((last - 1 - rows["year"]) / 5)
    score = weight.groupby(rows["iso3"]).sum().sort_values(ascending=False)
    if score.empty:
        assert said.empty
        return
    leader = score.index[0]
    count = rows.loc[rows["iso3"] == leader, "projects"].sum()
    ago = last - rows.loc[rows["iso3"] == leader, "year"].max()
    assert table["presence"].iloc[0] == pytest.approx(score.iloc[0])
    says(
        said,
        f"{PLAIN[leader]} has the strongest presence",
        f"{count:,} project{'' if count == 1 else 's'}",
        f"the last {ago} year{'' if ago == 1 else 's'} before",
    )
    bars = following.presence_bars(table, 10)
    assert bars["value"].to_list() == pytest.approx(score.head(10).to_list())
    assert bars["text"].iloc[0].startswith(printed(score.iloc[0]))


def test_presence_of_nothing():
    for sector, group, year in (("wholesale_retail", "Oceania", 2000), ("no_such", "World", 2020)):
        table = following.presence_table(projects(), sector=sector, group=group, year=year)
        assert following.presence_bars(table.iloc[:0], 5).empty
        if table.empty:
            known = sector if sector in activity.NAMES else "all"
            said = following.presence(table, projects(), sector=known, group=group, n=5)
            sound(said)
            assert said.empty


# Following, and the Belt and Road


def estimates() -> pd.DataFrame:
    names = ["presence", "future_presence", "recent", "older"]
    return pd.DataFrame(
        {
            "term": names,
            "estimate": [0.5, 0.0, 1.0, -0.25],
            "low": [0.4, -0.1, 0.5, -0.5],
            "high": [0.6, 0.1, 1.5, 0.0],
            "observations": [1234] * 4,
            "clusters": [150, 150, 149, 149],
        }
    )


def test_estimates_are_said_as_three_projects_for_one():
    dots = following.following_dots(estimates())
    assert dots["value"].to_list() == pytest.approx(
        [100 * (2**b - 1) for b in (0.5, 0, 1, -0.25)], abs=1e-3
    )
    assert dots["text"].to_list() == ["+41%", "0%", "+100%", "−16%"]
    assert dots["label"].is_unique
    assert list(dots["tone"]) == ["strong", "pale", "strong", "pale"]
    said = following.following(estimates(), "A verdict.", projects())
    sound(said)
    assert said.text == "A verdict."
    assert "150 hosts, 2000–2021" in said.measure


def events() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_time": [-3, -2, -1, 0, 1, 2],
            "estimate": [0.05, -0.02, 0.0, 0.1, 0.2, 0.3],
            "low": [-0.1, -0.2, 0.0, -0.1, -0.05, 0.05],
            "high": [0.2, 0.16, 0.0, 0.3, 0.45, 0.55],
            "treated": [80, 81, 82, 83, 84, 60],
        }
    )


def effect(conclusion: str = "cannot_tell") -> Effect:
    empty = pd.DataFrame()
    known: dict[str, Any] = dict.fromkeys(EventStudy.__dataclass_fields__, empty)
    known |= {
        "events": events(),
        "overall": pd.DataFrame({"treated": [84], "estimate": [0.2]}),
        "controls": 31,
        "pre_trend": pd.Series({"p_value": 0.1236}),
    }
    ruling: Any = dict.fromkeys(Verdict.__dataclass_fields__, "")
    ruling |= {"conclusion": conclusion, "text": "What the data say."}
    return Effect(
        study=EventStudy(**known),
        measure="flow",
        excluded=pd.DataFrame({"reason": ["a centre", "a centre", "undated"]}),
        negative=1,
        absent=2,
        first_year=2007,
        last_year=2019,
        verdict=Verdict(**ruling),
    )


@pytest.mark.parametrize("conclusion", ["more", "less", "no_change", "cannot_tell"])
def test_belt_and_road_says_the_verdict_and_who_is_left_out(conclusion):
    panel = sme.load("outward_fdi_by_economy")
    said = following.belt_and_road(effect(conclusion), panel)
    sound(said)
    assert said.text == "What the data say."
    assert "84 hosts that joined, 31 that did not, 2007–2019" in said.measure
    assert "a centre: 2; undated: 1" in said.notes[0]
    assert "p = 0.124" in said.notes[0]
    assert list(said.table["Years since joining"]) == ["−3", "−2", "−1", "0", "+1", "+2"]
    assert said.table["Change, %"].to_list() == pytest.approx(
        [100 * math.expm1(b) for b in events()["estimate"]], abs=1e-3
    )


def test_the_four_headlines_differ():
    panel = sme.load("outward_fdi_by_economy")
    kinds = ("more", "less", "no_change", "cannot_tell")
    assert len({following.belt_and_road(effect(kind), panel).headline for kind in kinds}) == 4


# Surveys


def asked(span: tuple[int, int]) -> pd.DataFrame:
    rows = SURVEYS[(SURVEYS["survey"] == "ccpit_outbound") & SURVEYS["value"].notna()]
    questions = ["preferred_industry", "preferred_destination", "motivation"]
    rows = rows[rows["question"].isin(questions)]
    editions = rows["edition"].astype(str).str.fullmatch(r"\d{4}")
    rows = rows[editions]
    return rows[rows["edition"].astype(int).between(*span)]


@pytest.mark.parametrize("span", [(2005, 2025), (2020, 2025), (2012, 2022)])
def test_surveys_are_counted_and_their_bounds_kept(span):
    rows = surveys.preferences(SURVEYS, *span)
    expected = asked(span)
    assert len(rows) == len(expected)
    said = surveys.survey(rows, *span)
    sound(said)
    assert said.text.startswith(f"{len(expected)} share")
    assert f"to {expected['edition'].max()}." in said.text
    qualified = said.table["Share"].str.match("[a-z]").sum()
    assert qualified == (expected["bound"] != "exact").sum()
    motives = expected[expected["question"] == "motivation"]
    if len(motives):
        newest = motives[motives["edition"] == motives["edition"].max()]
        top = newest.loc[newest["value"].idxmax()]
        says(said, f"The motive named most in {top['edition']}: {top['option'].lower()}")
        says(said, f"{top['value']:g}%")


def test_no_survey():
    rows = surveys.preferences(SURVEYS, 2000, 2004)
    assert rows.empty
    said = surveys.survey(rows, 2000, 2004)
    sound(said)
    assert said.empty
    assert "2000–2004" in said.text


# Figures

WORDS = {"title": "A title", "subtitle": "Percent, all hosts", "source": "Source: a register."}


@pytest.fixture(autouse=True)
def strict() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def drawn(figure: Figure) -> np.ndarray:
    """Draw the figure and check its words; the pixels of its axes."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    words = {item.get_gid(): item.get_text() for item in figure.texts}
    assert words["title"] == WORDS["title"]
    assert words["subtitle"] == WORDS["subtitle"]
    assert words["source"] == WORDS["source"]
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    box = figure.axes[0].get_window_extent()
    height = pixels.shape[0]
    inside = pixels[int(height - box.y1) : int(height - box.y0), int(box.x0) : int(box.x1)]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) > 3, "a blank figure"
    return inside


@pytest.mark.parametrize("shape", [(1, 1), (1, 8), (12, 9), (30, 12)])
def test_heat_map_has_a_cell_a_pair(shape):
    rows, columns = shape
    values = pd.DataFrame(np.linspace(-1, 1, rows * columns).reshape(shape))
    values.index = [f"Host {i}" for i in range(rows)]
    values.columns = [f"Sector {i}" for i in range(columns)]
    numbers = pd.DataFrame(np.arange(rows * columns).reshape(shape).astype(str))
    sure = values.abs() > 0.5
    figure = plots.heat_map(values, text=numbers, sure=sure, **WORDS)
    drawn(figure)
    (axes,) = figure.axes
    assert axes.images[0].get_array().shape[:2] == shape
    assert [item.get_text() for item in axes.texts] == numbers.to_numpy().ravel().tolist()
    bold = [item.get_fontweight() == 700 for item in axes.texts]
    assert bold == sure.to_numpy().ravel().tolist()
    assert [tick.get_text() for tick in axes.get_yticklabels()] == list(values.index)
    heads = [tick.get_text().replace("\n", " ") for tick in axes.get_xticklabels()]
    assert heads == list(values.columns)


def test_heat_map_of_missing_cells_and_of_the_shipped_data():
    shown = specialisation.largest(hosted(), None, 12)
    made = specialisation.matrices(hosted(), shown)
    values = made.pop("data")
    drawn(plots.heat_map(values, **made, **WORDS))
    gaps = values.mask(values > 0.3)
    figure = plots.heat_map(gaps, text=made["text"], **WORDS)
    drawn(figure)
    grey = figure.axes[0].images[0].get_array()[gaps.isna().to_numpy()]
    assert len(np.unique(grey, axis=0)) == 1


def dots(count: int) -> pd.DataFrame:
    middle = np.linspace(0.5, 3, count)
    return pd.DataFrame(
        {
            "label": [f"Sector {i}" for i in range(count)],
            "value": middle,
            "low": middle / 2,
            "high": middle * 2,
            "text": [f"{i} of 9" for i in range(count)],
            "tone": [("strong", "pale", "rest")[i % 3] for i in range(count)],
        }
    )


@pytest.mark.parametrize("count", [1, 4, 12, 30])
@pytest.mark.parametrize(("log", "reference"), [(False, 0.0), (True, 1.0), (False, None)])
def test_a_dot_and_an_interval_a_row(count, log, reference):
    figure = plots.dot_intervals(dots(count), log=log, reference=reference, **WORDS)
    drawn(figure)
    (axes,) = figure.axes
    intervals, points = axes.collections
    assert len(points.get_offsets()) == len(intervals.get_segments()) == count
    assert np.allclose(points.get_offsets()[:, 0], dots(count)["value"])
    ends = [segment[:, 0].tolist() for segment in intervals.get_segments()]
    assert np.allclose(ends, dots(count)[["low", "high"]])
    dashed = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
    assert dashed == ([] if reference is None else [reference])
    assert axes.get_xscale() == ("log" if log else "linear")
    low, high = axes.get_ylim()
    assert low > high  # first row on top
    left, right = axes.get_xlim()
    assert left <= dots(count)["low"].min()
    assert right >= dots(count)["high"].max()
    assert [text.get_text() for text in axes.texts] == list(dots(count)["text"])


def test_an_infinite_end_and_a_zero_run_to_the_edge():
    rows = dots(4)
    rows.loc[0, ["low", "value"]] = 0.0
    rows.loc[3, "high"] = math.inf
    for log in (False, True):
        figure = plots.dot_intervals(rows, log=log, reference=1.0, **WORDS)
        drawn(figure)
        (axes,) = figure.axes
        segments = axes.collections[0].get_segments()
        assert segments[3][1, 0] == pytest.approx(axes.get_xlim()[1])
        assert segments[0][0, 0] == pytest.approx(axes.get_xlim()[0] if log else 0.0)


@every_span
def test_trouble_is_drawn_from_its_table(span):
    rows = trouble.trouble_rows(deals(*span))
    figure = plots.dot_intervals(rows, log=True, reference=1.0, **WORDS)
    drawn(figure)
    assert len(figure.axes[0].collections[1].get_offsets()) == len(rows)


@pytest.mark.parametrize("base", [-1, -2])
def test_event_study_draws_every_period_and_the_base(base):
    figure = plots.event_study(following.event_percent(events()), base=base, **WORDS)
    drawn(figure)
    (axes,) = figure.axes
    points = [item for item in axes.collections if len(item.get_offsets()) and item.get_paths()]
    offsets = np.vstack([item.get_offsets() for item in axes.collections[1::2]])
    places = sorted(offsets[:, 0].tolist())
    assert points
    shown = sorted({*events()["event_time"]} - {base})
    assert set(shown) <= {*places, base}
    level = [line for line in axes.lines if set(line.get_ydata()) == {0}]
    upright = [line for line in axes.lines if set(line.get_xdata()) == {-0.5}]
    assert len(level) == len(upright) == 1
    ticks = [tick.get_text() for tick in axes.get_xticklabels()]
    assert ticks == ["−3", "−2", "−1", "0", "+1", "+2"]
    assert {"before", "after"} <= {item.get_text() for item in axes.texts}
