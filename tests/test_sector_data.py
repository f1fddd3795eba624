"""Data by sector: anchors read off the sources, keys, the crosswalk, and every rule broken once."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis.data import catalogue, rules

TABLES = (
    "outward_fdi_by_industry",
    "africa_stock_by_sector",
    "host_side_fdi",
    "deals_by_sector",
    "deals_by_economy",
    "development_projects",
    "development_finance_by_economy",
    "belt_and_road_engagement",
    "survey_responses",
    "sector_crosswalk",
    "published_totals",
)
OTHERS = ("outward_fdi_annual", "outward_fdi_belt_and_road", "outward_fdi_by_region", "economies")
FRAMES = {name: sme.load(name) for name in (*TABLES, *OTHERS)}
GROUP = ["year", "period", "scope", "measure", "basis"]


def row(name: str, **where: object) -> pd.Series:
    """Return the one row that fits."""
    frame = FRAMES[name]
    keep = pd.Series(True, index=frame.index)
    for column, value in where.items():
        keep &= frame[column] == value
    assert keep.sum() == 1, (name, where, int(keep.sum()))
    return frame[keep].iloc[0]


def changed(name: str, column: str, value: object, **where: object) -> dict[str, pd.DataFrame]:
    """Return the tables with one cell changed."""
    frame = FRAMES[name].copy()
    frame.loc[row(name, **where).name, column] = value
    return FRAMES | {name: frame}


def only(frames: dict[str, pd.DataFrame]) -> str:
    problems = list(rules.adding_up(frames))
    assert len(problems) == 1, problems
    return problems[0]


class TestLabels:
    def test_sectors_have_one_label_everywhere(self) -> None:
        for column in ("analysis_sector", "broad_sector"):
            found = [
                catalogue.labels(name, column) for name in TABLES if column in FRAMES[name].columns
            ]
            assert all(labels == found[0] for labels in found)
        assert 12 <= len(catalogue.labels("sector_crosswalk", "analysis_sector")) <= 16

    def test_no_transaction_is_named(self) -> None:
        for name in ("deals_by_sector", "deals_by_economy"):
            assert not {"investor", "partner", "entity", "month"} & set(FRAMES[name].columns)
        assert not {"iso3", "economy"} & set(FRAMES["deals_by_sector"].columns)


class TestIndustry:
    @pytest.mark.parametrize(
        ("year", "measure", "basis", "coverage"),
        [
            (2004, "flow", "bulletin_non_financial", 95.0),
            (2005, "flow", "yearbook_non_financial", 100.0),
            (2008, "stock", "yearbook", 100.0),
            (2009, "flow", "bulletin", 15.4),
            (2013, "flow", "bulletin", 24.7),
            (2018, "flow", "express_non_financial", 69.1),
            (2020, "flow", "bulletin", 54.8),
            (2022, "flow", "express_non_financial", 69.7),
            (2023, "flow", "bulletin", 0.0),
        ],
    )
    def test_coverage(self, year: int, measure: str, basis: str, coverage: float) -> None:
        table = FRAMES["outward_fdi_by_industry"].query(
            "year == @year and measure == @measure and basis == @basis "
            "and scope == 'all_hosts' and period == 'full_year'"
        )
        assert table["coverage"].unique().tolist() == [coverage]

    def test_coverage_is_one_number_per_group_and_never_above_100(self) -> None:
        table = FRAMES["outward_fdi_by_industry"]
        assert table["coverage"].dropna().between(0, 100).all()
        assert (table.groupby(GROUP)["coverage"].nunique(dropna=False) == 1).all()

    def test_only_2005_to_2008_are_full(self) -> None:
        table = FRAMES["outward_fdi_by_industry"].query("scope == 'all_hosts'")
        assert set(table[table["coverage"] > 99]["year"]) == {2005, 2006, 2007, 2008}

    def test_figures(self) -> None:
        name = "outward_fdi_by_industry"
        full = {"indicator": "amount", "scope": "all_hosts", "period": "full_year"}
        leasing = row(name, year=2008, industry="L", measure="flow", **full)
        assert (leasing["value"], leasing["basis"]) == (21.71723, "yearbook")
        made = row(name, year=2020, industry="C", measure="flow", **full)
        assert (made["value"], made["bound"], made["coverage"]) == (25.84, "exact", 54.8)
        assert row(name, year=2022, industry="G", **full)["bound"] == "over"
        road = row(name, year=2018, industry="C", scope="along_route", indicator="amount")
        assert road["value"] == 5.88

    def test_combined_groups_are_marked(self) -> None:
        for name in ("outward_fdi_by_industry", "africa_stock_by_sector"):
            code = FRAMES[name]["industry"]
            several = code.str.contains("+", regex=False) | code.str.contains("..", regex=False)
            assert (FRAMES[name]["combined"] == several).all()

    def test_africa(self) -> None:
        table = FRAMES["africa_stock_by_sector"]
        building = table.query("year == 2020 and industry == 'E'").set_index("indicator")["value"]
        assert building.to_dict() == {"amount": 15.15, "share": 34.9}
        assert sorted(set(table["year"])) == [*range(2013, 2021), 2022]
        assert (table.query("year < 2021").groupby("year")["industry"].nunique() == 5).all()


class TestDealsAndProjects:
    def test_totals_of_the_workbook(self) -> None:
        deals = FRAMES["deals_by_sector"].query("year <= 2023")
        sums = deals.groupby("kind")[["deals", "value"]].sum()
        assert sums.loc["investment"].tolist() == [2154, 1_432_340]
        assert sums.loc["construction"].tolist() == [2144, 945_440]
        assert sums.loc["troubled"].tolist() == [370, 437_420]

    def test_no_transaction_is_below_the_threshold(self) -> None:
        for name in ("deals_by_sector", "deals_by_economy"):
            assert (FRAMES[name]["value"] >= 100 * FRAMES[name]["deals"]).all()

    def test_road_building_is_not_car_making(self) -> None:
        autos = FRAMES["deals_by_sector"].query("subsector == 'autos'")
        sectors = autos.groupby("kind")["analysis_sector"].agg(lambda found: sorted(set(found)))
        assert sectors["investment"] == ["manufacturing"]
        assert sectors["construction"] == ["transport_logistics"]
        assert sectors["troubled"] == ["manufacturing", "transport_logistics"]

    def test_projects(self) -> None:
        projects = FRAMES["development_projects"]
        assert projects["projects"].sum() == 9385
        assert projects["value"].sum() / 1000 == pytest.approx(830.386, abs=0.001)
        assert projects["iso3"].nunique() == 144
        assert projects.query("dac_sector == '110'")["analysis_sector"].unique() == [
            "education_research"
        ]

    def test_finance(self) -> None:
        every = FRAMES["development_finance_by_economy"].query("flow_class == 'all'")
        assert every["records"].sum() == 17_743
        assert every["value"].sum() / 1000 == pytest.approx(1331.64, abs=0.005)
        assert every["iso3"].nunique() == 146

    def test_no_amount_is_not_zero(self) -> None:
        every = FRAMES["development_finance_by_economy"].query("flow_class == 'all'")
        assert (every["value"].dropna() > 0).all()
        assert every["value"].isna().sum() == 295


class TestVintages:
    def test_every_edition_is_kept(self) -> None:
        whole = FRAMES["belt_and_road_engagement"].query(
            "dimension == 'all' and kind == 'total' and period == 'full_year' "
            "and indicator == 'amount'"
        )
        found = {
            year: rows.set_index("edition")["value"].to_dict()
            for year, rows in whole.groupby("year")
        }
        assert found[2020] == {"2020": 47, "2021": 60.5}
        assert found[2021] == {"2021": 59.5, "2022": 68.7}
        assert found[2022] == {"2022": 67.8, "2023": 74.5}

    def test_hosts_figures_are_not_repeated(self) -> None:
        signals = sme.load("outward_fdi_recent_signals")
        key = ["year", "period", "host", "indicator", "value", "unit"]
        both = FRAMES["host_side_fdi"][key].merge(signals[key])
        assert both.empty

    def test_a_threshold_is_not_a_value(self) -> None:
        name = "host_side_fdi"
        assert row(name, year=2022, host="USA", indicator="flow")["bound"] == "under"
        assert row(name, year=2007, host="HKG", indicator="stock")["value"] == 3737.4


class TestSurveys:
    @pytest.mark.parametrize(
        ("edition", "question", "option", "value", "bound"),
        [
            ("2021", "preferred_destination", "Belt and Road countries", 79.5, "exact"),
            (
                "2023",
                "preferred_destination",
                "Belt and Road partner countries first",
                70,
                "nearly",
            ),
            ("2023", "preferred_industry", "Manufacturing first", 50, "nearly"),
            ("2023", "motivation", "Explore or expand overseas markets", 60, "over"),
            ("2024", "preferred_industry", "Manufacturing first", 50, "exact"),
        ],
    )
    def test_qualifiers(
        self, edition: str, question: str, option: str, value: float, bound: str
    ) -> None:
        where = {"survey": "ccpit_outbound", "edition": edition, "question": question}
        found = row("survey_responses", option=option, **where)
        assert (found["value"], found["bound"]) == (value, bound)

    def test_sample_sizes(self) -> None:
        firms = FRAMES["survey_responses"].query("survey == 'ccpit_outbound'")
        sizes = firms.groupby("edition")["respondents"].first()
        assert sizes["2021"] == 1013
        assert sizes["2025"] == 1200
        assert pd.isna(sizes["2023"])

    def test_a_blank_is_an_answer_without_a_figure(self) -> None:
        table = FRAMES["survey_responses"]
        assert (table["value"].isna() == (table["bound"] == "not_printed")).all()
        assert (table["respondents"].isna() == table["respondents_bound"].isna()).all()


class TestCrosswalk:
    CROSS = FRAMES["sector_crosswalk"]

    def test_the_standards_are_complete(self) -> None:
        sections = self.CROSS[self.CROSS["subclass"] == "any"].groupby("scheme")["class_code"]
        letters = "ABCDEFGHIJKLMNOPQRSTU"
        assert sorted(sections.get_group("isic_rev4")) == list(letters)
        assert sorted(sections.get_group("gbt_4754_2017")) == list(letters[:-1])

    def test_a_broad_sector_is_a_sector_or_the_rest(self) -> None:
        pairs = self.CROSS[["analysis_sector", "broad_sector"]].drop_duplicates()
        apart = pairs[pairs["analysis_sector"] != pairs["broad_sector"]]
        assert set(apart["broad_sector"]) == {"other"}
        assert set(apart["analysis_sector"]) == {
            "education_research",
            "health",
            "tourism_entertainment",
        }

    def test_new_industries_are_tagged_where_the_source_separates_them(self) -> None:
        deals = self.CROSS[self.CROSS["scheme"] == "deals"]
        tagged = deals.dropna(subset=["tag"]).groupby("tag")["subclass"].agg(set)
        assert tagged["renewable_energy"] == {"alternative", "hydro"}
        assert tagged["high_tech"] == {"unspecified", "telecom"}
        assert tagged["advanced_manufacturing"] == {"autos"}

    def test_every_assignment_has_its_reason(self) -> None:
        assert (self.CROSS["reason"].str.len() >= 8).all()
        chinese = self.CROSS[self.CROSS["scheme"] == "gbt_4754_2017"]
        assert chinese["label_zh"].notna().all()


class TestRules:
    def test_the_shipped_tables_keep_every_rule(self) -> None:
        assert list(rules.adding_up(FRAMES)) == []

    @pytest.mark.parametrize("name", TABLES)
    def test_a_missing_table_is_no_obstacle(self, name: str) -> None:
        rest = {other: frame for other, frame in FRAMES.items() if other != name}
        assert list(rules.adding_up(rest)) == []
        assert list(rules.adding_up({name: FRAMES[name]})) == []

    def test_industries_to_total(self) -> None:
        where = {"year": 2007, "industry": "P", "measure": "flow"}
        frames = changed("outward_fdi_by_industry", "value", 0.01892, **where)
        assert only(frames) == (
            "outward_fdi_by_industry: the amount of 2007 (flow, yearbook) sums to 26.51609, "
            "26.50609 is published (US$ bn; gap +0.01)"
        )

    def test_coverage(self) -> None:
        where = {"year": 2020, "industry": "L", "indicator": "amount"}
        frames = changed("outward_fdi_by_industry", "value", 58.72, **where)
        assert only(frames) == (
            "outward_fdi_by_industry: the coverage of 2020 full_year all_hosts flow bulletin is "
            "given as 54.8 per cent, the separate industries make 67.8"
        )
        where = {"year": 2019, "industry": "J", "indicator": "growth"}
        text = only(changed("outward_fdi_by_industry", "coverage", 15.0, **where))
        assert "is given as 15, 14.6 per cent" in text or "is given as 14.6, 15 per cent" in text

    def test_share_out_of_range(self) -> None:
        where = {"year": 2018, "industry": "C+F+J+L"}
        frames = changed("outward_fdi_by_industry", "value", 170.0, **where)
        assert only(frames) == "outward_fdi_by_industry: a share of 2018 is 170 per cent"

    def test_africa(self) -> None:
        where = {"year": 2019, "industry": "B", "indicator": "amount"}
        frames = changed("africa_stock_by_sector", "value", 10.12, **where)
        assert only(frames) == (
            "africa_stock_by_sector: B of 2019 makes 22.8 per cent of the stock in Africa, "
            "24.8 is printed"
        )

    def test_deals_to_total_and_to_economies(self) -> None:
        where = {"year": 2010, "kind": "troubled", "sector": "agriculture"}
        old = row("deals_by_sector", **where)
        problems = list(
            rules.adding_up(changed("deals_by_sector", "value", old["value"] + 50, **where))
        )
        assert problems[0] == (
            "deals_by_sector: the amount of 2010 (troubled) sums to 21,140, 21,090 is published "
            "(US$ mn; gap +50)"
        )
        assert problems[1].startswith("deals_by_economy: 2010-2014 troubled agriculture sums to ")
        assert len(problems) == 2

    def test_economies_to_sectors(self) -> None:
        where = {"iso3": "LAO", "period": "2015-2019", "kind": "construction"}
        frames = changed("deals_by_economy", "deals", 99, broad_sector="other", **where)
        assert only(frames).startswith("deals_by_economy: 2015-2019 construction other sums to ")

    def test_parts_of_deals(self) -> None:
        where = {"year": 2015, "kind": "investment", "sector": "tourism"}
        frames = changed("deals_by_sector", "deals_greenfield", 99, **where)
        assert only(frames).startswith(
            "deals_by_sector: 2015 investment tourism: deals_greenfield is 99, the whole "
        )

    def test_classes_of_finance(self) -> None:
        where = {"iso3": "KEN", "year": 2014, "flow_class": "oda_like"}
        frames = changed("development_finance_by_economy", "value", 1.0, **where)
        text = only(frames)
        assert text.startswith("development_finance_by_economy: the classes of KEN in 2014 sum to")

    def test_finance_to_total(self) -> None:
        finance = FRAMES["development_finance_by_economy"]
        doubled = finance.assign(records=finance["records"] * 2)
        assert only(FRAMES | {"development_finance_by_economy": doubled}) == (
            "development_finance_by_economy: the records of 2000-2021 (all) sums to 35,486, "
            "20,985 is published (number; gap +14,501)"
        )

    def test_projects_to_total(self) -> None:
        few = FRAMES["development_projects"].query("year > 2000")
        amount, number = rules.adding_up(FRAMES | {"development_projects": few})
        assert amount.startswith("development_projects: the amount of 2000-2021 (all) sums to 825,")
        assert number.startswith("development_projects: the projects of 2000-2021 (all) sums to 9,")
        assert "9,405 is published" in number

    def test_projects_within_records(self) -> None:
        where = {"iso3": "TON", "year": 2002, "dac_sector": "110"}
        frames = changed("development_projects", "projects", 2, **where)
        assert only(frames) == (
            "development_projects: TON has 2 projects of US$10.0 mn in 2002, "
            "development_finance_by_economy 1 records of US$10.0 mn"
        )

    def test_an_amount_needs_a_project_that_has_one(self) -> None:
        where = {"iso3": "AFG", "year": 2002, "dac_sector": "150"}
        frames = changed("development_projects", "projects_with_amount", 1, **where)
        assert only(frames).startswith("development_projects: AFG 2002 150: 1 of 1 projects")

    def test_engagement(self) -> None:
        where = {"edition": "2025", "kind": "investment"}
        frames = changed("belt_and_road_engagement", "value", 95.2, **where)
        assert only(frames) == (
            "belt_and_road_engagement: 2025 full_year (edition 2025): investment and construction "
            "sum to US$223.6 bn, the total is 213.5"
        )

    @pytest.mark.parametrize(
        ("scheme", "code", "table"),
        [
            ("deals", "tourism", "deals_by_sector"),
            ("development", "110", "development_projects"),
            ("gbt_4754_2017", "H", "outward_fdi_by_industry"),
            ("engagement", "oil", "belt_and_road_engagement"),
            ("host_side", "Mining", "host_side_fdi"),
        ],
    )
    def test_every_class_needs_its_row(self, scheme: str, code: str, table: str) -> None:
        cross = FRAMES["sector_crosswalk"]
        rest = cross[(cross["scheme"] != scheme) | (cross["class_code"] != code)]
        problems = list(rules.adding_up(FRAMES | {"sector_crosswalk": rest}))
        said = f"sector_crosswalk: {table} has the class {code}"
        assert problems
        assert all(problem.startswith(said) for problem in problems), problems

    def test_a_sector_lies_in_one_broad_sector(self) -> None:
        where: dict[str, Any] = {"scheme": "isic_rev4", "class_code": "K"}
        frames = changed("sector_crosswalk", "broad_sector", "other", **where)
        said = "sector_crosswalk: finance lies in several broad sectors"
        assert next(iter(rules.adding_up(frames))).startswith(said)

    def test_rows_twice_do_not_stop_the_rules(self) -> None:
        for name in TABLES:
            twice = pd.concat([FRAMES[name], FRAMES[name].head(1)], ignore_index=True)
            assert isinstance(list(rules.adding_up(FRAMES | {name: twice})), list)
