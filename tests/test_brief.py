"""Facts, presence, access and gaps of one economy, traced to the rows they come from."""

from __future__ import annotations

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import markets, risk
from sme_analysis.display import table_html, table_text
from sme_analysis.errors import ParameterError, SmeAnalysisError, UnknownNameError
from sme_analysis.findings import brief as told
from sme_analysis.findings.brief import words
from sme_analysis.findings.finding import Finding
from sme_analysis.markets import brief
from sme_analysis.markets.brief.gaps import runs
from sme_analysis.markets.brief.names import selection
from sme_analysis.markets.brief.standing import everyone
from sme_analysis.risk.model import model

AWKWARD = (
    "KIR",
    "SSD",
    "HKG",
    "MAC",
    "TWN",
    "VEN",
    "DEU",
    "VNM",
    "CYM",
    "LBR",
    "XKX",
    "PCN",
    "USA",
    "KAZ",
)


@pytest.fixture(scope="module", params=AWKWARD)
def about(request: pytest.FixtureRequest) -> brief.Dossier:
    return brief.dossier(request.param)


def test_every_fact_has_a_value_with_its_source_or_a_reason(about: brief.Dossier) -> None:
    facts = markets.brief_facts(about)
    blank = facts["value"].isna()
    assert facts["code"].is_unique
    assert facts.loc[~blank, "source_id"].isin(sme.load("sources")["source_id"]).all()
    assert (facts.loc[blank, "note"].str.len() > 0).all()


def test_every_number_stands_in_its_table(about: brief.Dossier) -> None:
    facts = markets.brief_facts(about)
    for fact in facts[facts["table"] == "country_indicators"].dropna(subset="value").itertuples():
        rows = sme.load("country_indicators")
        rows = rows[(rows["iso3"] == about.code) & (rows["indicator"] == fact.code)]
        newest = rows[rows["year"] == rows["year"].max()].iloc[0]
        assert (newest["value"], newest["year"]) == (fact.value, fact.year)
        assert newest["source_id"] == fact.source_id


@pytest.mark.parametrize("code", [*AWKWARD, "WSM", "PNG", "FJI", "KEN"])
def test_sectors_count_each_list_by_its_own_classes(code: str) -> None:
    about = brief.dossier(code)
    table = brief.sectors(about)
    deals, projects = sme.load("deals_by_economy"), sme.load("development_projects")
    deals, projects = deals[deals["iso3"] == code], projects[projects["iso3"] == code]
    for sector, row in table.iterrows():
        own = "other" if sector == brief.presence.OTHER else sector
        finer = sector in {"other", "health", "education_research", "tourism_entertainment"}
        for kind in ("investment", "construction", "troubled"):
            rows = deals[(deals["kind"] == kind) & (deals["broad_sector"] == own)]
            if finer:  # the list of deals has no such class
                assert pd.isna(row[kind])
                assert pd.isna(row[f"{kind}_value"])
            else:
                assert row[kind] == rows["deals"].sum()
                assert row[f"{kind}_value"] == pytest.approx(rows["value"].sum())
        if sector == brief.presence.OTHER:
            assert pd.isna(row["projects"])
        else:
            rows = projects[projects["analysis_sector"] == sector]
            assert row["projects"] == rows["projects"].sum()
    counted = deals.groupby("kind")["deals"].sum()
    for kind in ("investment", "construction", "troubled"):
        assert table[kind].sum() == counted.get(kind, 0)
    assert table["projects"].sum() == projects["projects"].sum()


def test_the_rest_of_two_lists_is_not_one_sector() -> None:
    said = told.sectors(brief.dossier("WSM"))
    assert "in other sectors, with health, education and tourism. No large" in said.text
    assert said.text.endswith("26 of them in other sectors.")
    assert said.headline == "Other sectors lead with 26 of 68 development projects in Samoa"
    assert said.notes[-1].startswith("The list of deals does not tell health")
    assert said.table is not None
    rows = said.table.set_index("Sector")
    assert pd.isna(rows.at["Health", "Investments"])
    assert rows.at["Transport and logistics", "Investments"] == 0
    assert pd.isna(rows.at["Other, with health, education and tourism", "Projects"])
    assert "<NA>" not in table_text(said.table)
    assert table_text(said.table).count("–") == 7


def test_what_is_shown_is_not_called_unknown(about: brief.Dossier) -> None:
    shown = brief.later(about)
    missed = set(brief.gaps(about, brief.standing(about))["subject"])
    assert ("Chinese investment after 2019" in missed) == (not (shown["year"] > 2019).any())
    signals = about["outward_fdi_recent_signals"]
    theirs = signals.loc[signals["basis"] == "host_side", "definition"]
    theirs = {*theirs, *about["host_side_fdi"]["definition"]}
    assert ("Statistics or monitors of the host" in missed) == (not theirs)
    assert theirs >= set(shown.loc[shown["table"] == "host_side_fdi", "definition"])


def test_the_measure_names_the_years_that_are_drawn(about: brief.Dossier) -> None:
    said = told.presence(about)
    series, money = brief.official(about), brief.finance(about)
    for frame in (series, money):
        if len(frame):
            assert f"{frame.index[0]}–{frame.index[-1]}" in said.measure


def test_official_figures_are_the_newest_rows(about: brief.Dossier) -> None:
    facts = markets.brief_facts(about).set_index("code")
    table = sme.load("outward_fdi_by_economy")
    for measure in ("flow", "stock"):
        rows = table[(table["iso3"] == about.code) & (table["measure"] == measure)]
        found = facts.loc[f"official_{measure}"]
        if rows.empty:
            assert found["value"] is None
        else:
            row = rows.loc[rows["year"].idxmax()]
            assert (found["value"], found["year"]) == (row["value"], row["year"])


def test_sums_are_sums_of_the_rows(about: brief.Dossier) -> None:
    facts = markets.brief_facts(about).set_index("code")
    deals = sme.load("deals_by_economy")
    money = sme.load("development_finance_by_economy")
    for kind in ("investment", "construction"):
        rows = deals[(deals["iso3"] == about.code) & (deals["kind"] == kind)]
        assert (facts.at[f"deals_{kind}", "value"] or 0) == rows["deals"].sum()
        assert (facts.at[f"deals_{kind}_value", "value"] or 0) == pytest.approx(rows["value"].sum())
    rows = money[(money["iso3"] == about.code) & (money["flow_class"] == "all")]
    assert (facts.at["official_finance", "value"] or 0) == pytest.approx(rows["value"].sum())


def test_an_empty_table_is_a_gap(about: brief.Dossier) -> None:
    placed = brief.standing(about, draws=100)
    found = brief.gaps(about, placed)
    told = set(found["table"])
    silent = {"entry_conditions", "sme_cooperation_zones", "economy_groups", "policy_events",
              "programmes", "country_indicators", "governance_indicators"}  # fmt: skip
    signals = about["outward_fdi_recent_signals"]
    if (signals["basis"] == "host_side").any():
        silent.add("host_side_fdi")  # a figure of the host stands in the other table
    if (brief.later(about)["year"] > 2019).any():
        silent.add("outward_fdi_recent_signals")
    for table, rows in about.rows.items():
        if rows.empty and table not in silent:
            assert table in told, table
    assert found.notna().all(axis=None)


def test_the_series_ends_where_the_table_ends() -> None:
    series = brief.official(brief.dossier("Viet Nam"))
    assert list(series.index) == list(range(2003, 2020))
    assert series.at[2019, "stock"] == 7073.71
    assert brief.official(brief.dossier("Hong Kong")).index[-1] == 2020
    assert brief.official(brief.dossier("Kosovo")).empty


def test_trade_keeps_the_two_reporters_apart() -> None:
    found = brief.trade(brief.dossier("Liberia"))
    assert found.open_registry
    assert not found.entrepot
    table = sme.load("trade_by_partner")
    own = table[(table["iso3"] == "LBR") & (table["reporter"] == "china")]
    assert found.china["value"].to_dict() == own.set_index("flow")["value"].to_dict()
    theirs = table[(table["iso3"] == "VNM") & (table["reporter"] == "partner")]
    shown = brief.trade(brief.dossier("VNM")).partner
    assert shown.sum().sum() == pytest.approx(theirs["value"].sum())


def test_later_figures_are_never_older_than_another_of_their_kind() -> None:
    rows = brief.later(brief.dossier("Viet Nam"))
    kind = ["indicator", "definition", "sector", "partner", "unit"]
    assert not rows.duplicated(kind).any()
    table = sme.load("outward_fdi_recent_signals")
    for row in rows[rows["table"] == "outward_fdi_recent_signals"].itertuples():
        same = table[(table["iso3"] == "VNM") & (table["indicator"] == row.indicator)]
        same = same[same["definition"] == row.definition]
        assert row.year == same["year"].max()
        assert row.value in set(same["value"])


def test_access_lists_treaties_and_zones() -> None:
    rows = brief.access(brief.dossier("Viet Nam"))
    treaty = rows[rows["what"] == "Investment treaty"].iloc[0]
    assert (treaty["state"], treaty["since"]) == ("in force", "1993-09-01")
    assert (rows["kind"] == "zone").sum() == 2
    assert brief.access(brief.dossier("Kosovo")).empty
    germany = brief.access(brief.dossier("Germany"))
    assert germany["what"].str.contains("Sino-German").sum() == 4
    italy = brief.access(brief.dossier("Italy"))
    assert "withdrawn 2023-12-06" in set(italy["state"])


def test_events_name_the_economy_or_its_group() -> None:
    rows = brief.events(brief.dossier("United States"))
    assert rows["own"].all()
    assert {"ASEAN", "RCEP"} <= set(brief.events(brief.dossier("Viet Nam"))["place"])
    assert brief.events(brief.dossier("Kosovo")).empty


def test_a_year_leaves_out_what_came_later() -> None:
    facts = markets.brief_facts("Italy", 2018).set_index("code")
    assert facts["year"].dropna().max() <= 2018
    assert facts.at["belt_and_road", "value"] is None  # joined in 2019
    assert markets.brief_facts("Italy", 2020).set_index("code").at["belt_and_road", "value"] == (
        "partner"
    )
    now = markets.brief_facts("Italy").set_index("code")
    assert (now.at["belt_and_road", "value"], now.at["belt_and_road", "year"]) == (
        "withdrawn",
        2023,
    )


def test_given_tables_stand_in_for_the_shipped_ones() -> None:
    table = sme.load("outward_fdi_by_economy")
    row = table[(table["iso3"] == "FJI") & (table["measure"] == "stock")].tail(1)
    facts = markets.brief_facts(
        "Fiji", tables={"outward_fdi_by_economy": row.assign(value=12.5, year=2015)}
    ).set_index("code")
    assert (facts.at["official_stock", "value"], facts.at["official_stock", "year"]) == (12.5, 2015)
    assert facts.at["official_flow", "value"] is None
    with pytest.raises(ParameterError, match="table of a brief"):
        markets.brief_facts("Fiji", tables={"outward_fdi": row})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("China", "home of the investing firms"),
        ("CHN", "home of the investing firms"),
        ("", "no economy is named"),
        ("  ", "no economy is named"),
        ("Vietnm", "did you mean"),
        ("ASEAN", "not one economy"),
        ("Serbia and Montenegro", "no longer exists"),
        ("XOC", "remainder of a region"),
    ],
)
def test_a_bad_name_is_refused_in_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(SmeAnalysisError, match=sentence):
        brief.host(name)


def test_a_bad_year_is_refused() -> None:
    with pytest.raises(ParameterError, match="whole number"):
        brief.dossier("Fiji", True)


def test_names_lead_to_the_economies_meant() -> None:
    assert brief.host("Taiwan") == "TWN"
    assert brief.host("中国澳门") == "MAC"
    with pytest.raises(UnknownNameError):
        brief.host("Atlantis Republic")


def test_peers_are_those_chosen_without_the_economy_itself() -> None:
    assert brief.peers("FJI", ["Samoa", "WSM", "Fiji", "Tonga"]) == ["WSM", "TON"]
    scored = ["VNM", "PHL", "IDN", "HKG", "THA", "FRA", "CHN"]
    near = brief.peers("VNM", scored=scored)
    assert len(near) == 4
    assert not {"VNM", "CHN", "FRA"} & set(near)
    assert near[0] in ("PHL", "IDN", "THA")


def test_standing_has_a_score_or_a_reason(about: brief.Dossier) -> None:
    placed = brief.standing(about, ["Fiji", "TWN"], draws=100)
    assert placed.table.index[0] == about.code
    for code in placed.table.index:
        assert pd.notna(placed.table.at[code, "risk"]) == (code not in placed.reasons)
    odds = brief.chances(placed, draws=100) if placed.scored else pd.Series(dtype=float)
    assert odds.between(0, 1).all()


def said_of_risk(name: str, *beside: str) -> tuple[brief.Standing, Finding]:
    about = brief.dossier(name)
    placed = brief.standing(about, beside, draws=100)
    odds = brief.chances(placed, draws=100)
    return placed, told.risk(about, placed, odds)


def figures_behind(*codes: str) -> str:
    """Number of figures that a source line has to count."""
    names = ("governance_indicators", "country_indicators", "investment_treaties", "tax_treaties",
             "trade_agreements", "belt_and_road_members", "distance_to_china",
             "un_ideal_points")  # fmt: skip
    return f"{sum(int(sme.load(name)['iso3'].isin(codes).sum()) for name in names):,} figures"


@pytest.mark.parametrize("code", ["ALA", "VAT", "TWN", "VNM", "CIV"])
def test_the_sources_of_risk_are_those_of_every_economy_in_the_table(code: str) -> None:
    placed, said = said_of_risk(code)
    assert said.table is not None
    shown = [str(one) for one in placed.table.index if one not in placed.reasons]
    assert len(shown) == 4 + placed.scored
    assert said.source.startswith("Source: World Bank")
    assert figures_behind(*shown) in said.source


def test_no_source_is_named_where_no_score_is_shown() -> None:
    _, said = said_of_risk("ALA", "VAT")
    assert said.table is None
    assert said.source.startswith("No source: no figure is shown.")
    assert "The table has" not in said.text


def test_strengths_have_the_sources_of_the_economy_alone() -> None:
    about = brief.dossier("VNM")
    said = told.balance(about, brief.standing(about, draws=100))
    assert figures_behind("VNM") in said.source


@pytest.mark.parametrize(
    ("code", "beside", "words"),
    [
        ("ALA", (), "economies of its region first in Chinese stock of 2019"),
        ("GIB", (), "economies of its region nearest in population"),
        ("MCO", (), "economies of its region nearest in size"),
        ("TWN", ("Fiji",), "economies that you chose"),
    ],
)
def test_economies_beside_are_called_what_they_are(
    code: str, beside: tuple[str, ...], words: str
) -> None:
    placed, said = said_of_risk(code, *beside)
    assert said.measure.endswith(f"; {words}")
    assert (f"The table has {words}." in said.text) == (not placed.scored)


def test_the_first_in_chinese_stock_are_the_first() -> None:
    codes, basis = selection("ALA", scored=everyone(100).scores.index)
    stock = sme.load("outward_fdi_by_economy").query("measure == 'stock' and year == 2019")
    europe = sme.load("economies").query("bulletin_region == 'Europe' and kind == 'economy'")
    stock = stock[stock["iso3"].isin(europe["iso3"])].nlargest(4, "value")
    assert (codes, basis) == (stock["iso3"].tolist(), "stock")


@pytest.mark.parametrize("code", ["ALA", "VAT", "COK"])
def test_ties_count_among_the_indicators_of_an_unknown_economy(code: str) -> None:
    about = brief.dossier(code)
    placed, said = said_of_risk(code)
    assert "it has 12% of all indicators" in said.text
    assert "stands below" not in said.text
    known = told.balance(about, placed)
    assert known.table is None
    assert known.text.startswith("No figure on the economy or the governance of ")
    assert known.text.endswith("the indicators that it has are all of its ties with China.")
    values = model().measures.values.xs(placed.year, level="year").loc[code].dropna()
    assert len(values) > 0
    parent = risk.structure().set_index("code")["parent"]
    assert set(values.index.map(parent).map(parent)) == {"ties"}


def test_the_dimension_that_stands_out_is_measured_against_all() -> None:
    placed, said = said_of_risk("CIV")
    political = placed.table.at["CIV", "political"]
    assert placed.world["political"] < political < placed.region["political"]
    assert "It is furthest above the median of all in political risk" in said.text


def test_the_table_of_trade_says_what_the_text_says(about: brief.Dossier) -> None:
    said = told.trade(about)
    if said.table is None:
        return
    for column, decimals in said.decimals.items():
        for value in said.table[column].dropna():
            assert abs(round(value, decimals) - value) <= value / 10


@pytest.mark.parametrize(
    ("code", "cells"),
    [("ALA", ("2.2", "0.01")), ("VAT", ("0.07", "0.05")), ("CIV", ("29,582.2", "6,393.0"))],
)
def test_small_amounts_of_trade_have_the_decimals_they_need(
    code: str, cells: tuple[str, str]
) -> None:
    said = told.trade(brief.dossier(code))
    assert said.table is not None
    shown = table_html(said.table, said.decimals)
    assert all(f">{cell}</td>" in shown for cell in cells)


def test_years_are_written_as_runs() -> None:
    assert runs([2019]) == "2019"
    assert runs([2014, 2003, 2004, 2016]) == "2003–2004, 2014 and 2016"


def test_names_and_amounts_in_sentences() -> None:
    assert words.the("United States") == "the United States"
    assert words.the("Christmas Island") == "Christmas Island"
    assert words.dollars(999.97) == "US$1.0 bn"
    assert words.dollars(0.9999) == "US$1.0 mn"
    assert words.yuan(999.6) == "CNY 1.0 bn"
    assert words.qualified(1.5, "eur_bn", "over") == "over EUR 1.5 bn"
    assert words.amount(3.25, "percent") == "3.3%"
    assert words.amount(float("nan"), "usd") is None


@pytest.mark.parametrize(("name", "last"), [("South Sudan", 2020), ("Kiribati", 2019)])
def test_what_is_not_known_begins_after_the_last_official_figure(name: str, last: int) -> None:
    about = brief.dossier(name)
    assert brief.later(about).empty
    official = sme.load("outward_fdi_by_economy").query("iso3 == @about.code")["year"]
    assert max(official, default=2019) == last
    assert told.later(about).text.startswith(f"After {last} no dated figure")
