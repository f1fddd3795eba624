"""Data on host risk: anchors read off the sources, keys, and every rule broken once."""

from __future__ import annotations

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis.data import rules

TABLES = (
    "country_indicators",
    "governance_indicators",
    "indicator_catalog",
    "oecd_country_risk",
    "investment_treaties",
    "tax_treaties",
    "trade_agreements",
    "distance_to_china",
    "un_ideal_points",
)
FRAMES = {name: sme.load(name) for name in TABLES}
ECONOMIES = set(sme.load("economies")["iso3"])
OECD = FRAMES["oecd_country_risk"]
GOVERNANCE = FRAMES["governance_indicators"]


def cell(table: str, column: str = "value", **where: object) -> object:
    """Return one cell of the one row that fits."""
    frame = FRAMES[table]
    for name, value in where.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1, (table, where, len(frame))
    return frame[column].iloc[0]


def changed(table: str, column: str, value: object, **where: object) -> dict[str, pd.DataFrame]:
    """Return the tables with one cell changed."""
    frame = FRAMES[table].copy()
    keep = pd.Series(True, index=frame.index)
    for name, wanted in where.items():
        keep &= frame[name] == wanted
    assert keep.sum() == 1, (table, where, int(keep.sum()))
    frame.loc[keep, column] = value
    return FRAMES | {table: frame}


def only(frames: dict[str, pd.DataFrame]) -> str:
    problems = list(rules.adding_up(frames))
    assert len(problems) == 1, problems
    return problems[0]


def test_the_rules_find_no_fault() -> None:
    assert list(rules.adding_up(FRAMES)) == []


class TestGovernance:
    def test_every_year_is_standardised_over_the_world(self) -> None:
        spread = GOVERNANCE.groupby(["indicator", "year"])["value"].agg(["mean", "std", "size"])
        assert spread["mean"].between(-0.035, 0.005).all()
        assert spread["std"].between(0.985, 1.015).all()
        assert spread["size"].between(180, 206).all()
        assert len(spread) == 6 * 23

    def test_there_are_none_for_2001(self) -> None:
        assert set(range(2000, 2024)) - set(GOVERNANCE["year"]) == {2001}

    def test_every_estimate_has_an_error_above_zero(self) -> None:
        assert (GOVERNANCE["standard_error"] > 0).all()

    def test_one_edition(self) -> None:
        assert set(GOVERNANCE["source_id"]) == {"wgi_2024_update"}

    @pytest.mark.parametrize(
        ("iso3", "year", "indicator", "value", "error"),
        [
            ("VNM", 2023, "control_of_corruption", -0.415814, 0.157724),
            ("DEU", 2018, "government_effectiveness", 1.52356, 0.209094),
            ("VNM", 2021, "voice_and_accountability", -1.30875, 0.127884),
            ("DEU", 2023, "political_stability", 0.586989, 0.21939),
        ],
    )
    def test_anchors(
        self, iso3: str, year: int, indicator: str, value: float, error: float
    ) -> None:
        where = {"iso3": iso3, "year": year, "indicator": indicator}
        assert cell("governance_indicators", "value", **where) == value
        assert cell("governance_indicators", "standard_error", **where) == error


class TestIndicators:
    @pytest.mark.parametrize(
        ("iso3", "year", "indicator", "value"),
        [
            ("VNM", 2023, "gni_per_capita", 4150),
            ("DEU", 2023, "human_development", 0.959),
            ("VNM", 2021, "gdp_growth", 2.55373),
            ("DEU", 2023, "current_account_balance", 5.80317),
            ("VNM", 2018, "unemployment", 1.161),
            ("DEU", 2021, "inflation", 3.06667),
            ("VNM", 2018, "agriculture", 12.3067),
            ("DEU", 2018, "logistics_performance", 4.20144),
            ("VNM", 2021, "electricity_access", 100),
            ("DEU", 2021, "co2_per_person", 8.16474),
            ("DEU", 2018, "population", 82905782),
        ],
    )
    def test_anchors(self, iso3: str, year: int, indicator: str, value: float) -> None:
        assert cell("country_indicators", iso3=iso3, year=year, indicator=indicator) == value

    def test_each_series_is_of_one_source_but_gdp_which_is_of_two_vintages(self) -> None:
        frame = FRAMES["country_indicators"]
        counts = frame.groupby("indicator")["source_id"].nunique()
        assert counts[counts > 1].to_dict() == {"gdp": 2}
        gdp = frame[frame["indicator"] == "gdp"]
        early = gdp["source_id"] == "wdi_via_datasets_gdp"
        assert (early == (gdp["year"] < 2010)).all()

    def test_shares_are_between_nothing_and_all(self) -> None:
        frame = FRAMES["country_indicators"]
        parts = [
            "percent_of_population",
            "percent_of_labour_force",
            "percent_of_manufactured_exports",
            "index_0_to_100",
        ]
        assert frame.loc[frame["unit"].isin(parts), "value"].between(0, 100).all()
        assert frame.loc[frame["unit"] == "index_0_to_1", "value"].between(0, 1).all()
        assert frame.loc[frame["unit"] == "score_1_to_5", "value"].between(1, 5).all()

    def test_what_the_terms_do_not_allow_is_not_here(self) -> None:
        sources = sme.load("sources").set_index("source_id")
        publishers = sources.loc[FRAMES["country_indicators"]["source_id"].unique(), "origin"]
        assert set(FRAMES["indicator_catalog"]["licence"]) <= {
            "CC BY 4.0",
            "CC BY 3.0 IGO",
            "public domain",
        }
        for closed in ("IMF", "CRED", "ND-GAIN", "Transparency", "Fund for Peace"):
            assert not publishers.str.contains(closed).any()


class TestRiskClasses:
    @pytest.mark.parametrize(("iso3", "before", "now"), [("ARM", 6, 5), ("MDA", 7, 6)])
    def test_the_changes_of_january_2026(self, iso3: str, before: int, now: int) -> None:
        assert cell("oecd_country_risk", "risk_class", iso3=iso3, year=2025) == before
        assert cell("oecd_country_risk", "risk_class", iso3=iso3, year=2026) == now

    def test_only_three_economies_changed(self) -> None:
        wide = OECD.pivot(index="iso3", columns="year", values="risk_class").astype("float64")
        gap = (wide[2026] - wide[2025]).dropna()
        assert gap[gap != 0].to_dict() == {"ARM": -1, "MDA": -1, "OMN": -1}

    def test_how_many_are_classified(self) -> None:
        counts = OECD.groupby("year")["risk_class"].agg(["size", "count"])
        assert counts.loc[2021].tolist() == [201, 138]
        assert counts.loc[2022].tolist() == [201, 138]
        assert counts.loc[2023].tolist() == [62, 62]
        assert counts.loc[2024].tolist() == [72, 72]
        assert counts.loc[2026].tolist() == [201, 137]
        assert counts.drop([2023, 2024])["size"].eq(201).all()

    def test_dates_of_the_lists(self) -> None:
        dates = OECD.drop_duplicates("year").set_index("year")["list_date"]
        assert dates[2022] == "2022-03-11"
        assert dates[2026] == "2026-01-30"
        assert pd.isna(dates[2025])
        assert (dates.drop(2025).str[:4].astype("int64") == dates.drop(2025).index).all()

    def test_zeros_by_rule(self) -> None:
        marked = OECD[OECD["zero_by_rule"]]
        assert marked["year"].max() == 2012
        assert {"DEU", "USA", "JPN", "GRC"} <= set(marked["iso3"])
        assert "SGP" not in set(marked["iso3"])
        assert OECD[(OECD["risk_class"] == 0) & ~OECD["zero_by_rule"]]["iso3"].unique() == ["SGP"]
        # Hungary was assessed up to 2008.
        assert not cell("oecd_country_risk", "zero_by_rule", iso3="HUN", year=2008)
        assert cell("oecd_country_risk", "zero_by_rule", iso3="HUN", year=2009)

    def test_a_class_of_june_that_differs_is_noted(self) -> None:
        notes = OECD.dropna(subset=["note"])
        assert notes["iso3"].tolist() == ["MRT"]
        assert cell("oecd_country_risk", "risk_class", iso3="MRT", year=2025) == 6


class TestTreaties:
    def test_investment_treaties(self) -> None:
        table = FRAMES["investment_treaties"]
        assert table["status"].value_counts().to_dict() == {
            "in_force": 110,
            "terminated": 23,
            "signed": 17,
        }
        twice = table[table["iso3"].isin(["BEL", "LUX"])]
        assert twice.groupby("signed")["iso3"].nunique().tolist() == [2, 2]
        assert len(table) - 2 == 148
        assert table["signed"].min() > "1982"

    @pytest.mark.parametrize(
        ("iso3", "signed", "in_force", "terminated"),
        [
            ("CAN", "2012-09-09", "2014-10-01", None),
            ("DEU", "1983-10-07", "1985-03-18", "2005-11-11"),
            ("IND", "2006-11-21", "2007-08-01", "2018-10-03"),
            ("AGO", "2023-12-06", "2024-06-29", None),
            ("BWA", "2000-06-12", None, None),
        ],
    )
    def test_dates(self, iso3: str, signed: str, in_force: str, terminated: str) -> None:
        where = {"iso3": iso3, "signed": signed}
        for column, wanted in (("in_force", in_force), ("terminated", terminated)):
            found = cell("investment_treaties", column, **where)
            assert found == wanted if wanted else pd.isna(found)

    def test_a_second_source_agrees_where_nothing_is_noted(self) -> None:
        table = FRAMES["investment_treaties"]
        differs = table["note"].str.contains("January 2020", na=False)
        recent = table["signed"] > "2020"
        assert (table["confirmed_by"].isna() == (differs | recent)).all()

    def test_tax_treaties(self) -> None:
        table = FRAMES["tax_treaties"]
        assert table["status"].value_counts().to_dict() == {"in_force": 105, "signed": 6}
        earlier = table[table["first_signed"] < table["signed"]]
        assert len(earlier) == 18
        assert {"DEU", "FRA", "GBR", "CHE", "SGP"} <= set(earlier["iso3"])
        entry = table[table["in_force_basis"] == "entry"].set_index("iso3")["in_force"]
        assert entry.to_dict() == {"ARG": "2024", "GRC": "2005"}
        assert cell("tax_treaties", "in_force", iso3="DEU") == "2017"
        assert set(table[table["source_id"] == "oecd_wht_2025"]["iso3"]) == {"ARG", "CHL", "MYS"}

    def test_trade_agreements(self) -> None:
        table = FRAMES["trade_agreements"]
        one = table.drop_duplicates("agreement_id")
        assert one["status"].value_counts().to_dict() == {
            "in_force": 22,
            "under_negotiation": 13,
            "signed": 1,
        }
        now = table[table["status"] == "in_force"]
        assert now["iso3"].nunique() == 29
        assert (now["agreement_id"] == "CHN-ASEAN").sum() == 10
        assert one.set_index("agreement_id").loc["CHN-MDV", "in_force"] == "2025-01-01"

    def test_the_regional_partnership_is_dated_by_partner(self) -> None:
        table = FRAMES["trade_agreements"].query("agreement_id == 'RCEP'").set_index("iso3")
        groups = sme.load("economy_groups").query("group == 'RCEP'").set_index("iso3")["joined"]
        assert table["in_force"].to_dict() == groups.drop("CHN").to_dict()
        assert table.loc["IDN", "in_force"] == "2023-01-02"
        assert table["signed"].unique() == ["2020-11-15"]


class TestDistances:
    def test_languages_and_borders(self) -> None:
        table = FRAMES["distance_to_china"]
        yes = table[(table["unit"] == "yes_no") & (table["value"] == 1)]
        held = yes.groupby("kind")["iso3"].agg(list)
        assert held["common_official_language"] == ["HKG", "MAC", "MYS", "SGP", "TWN"]
        assert len(held["contiguity"]) == 16
        assert {"VNM", "RUS", "MNG", "PAK", "IND"} <= set(held["contiguity"])
        assert set(table.loc[table["unit"] == "yes_no", "value"]) == {0, 1}

    def test_kilometres(self) -> None:
        table = FRAMES["distance_to_china"].query("unit == 'km'")
        # Half of the Earth's circumference is the longest way.
        assert table["value"].between(800, 20_040).all()
        where = {"iso3": "VNM", "kind": "distance_weighted"}
        assert cell("distance_to_china", **where) == 2664.699
        assert cell("distance_to_china", iso3="VNM", kind="distance_capitals") == 2330.799
        weighted = table[table["kind"] == "distance_weighted"]["iso3"]
        assert set(table["iso3"]) - set(weighted) == {"MAC"}

    @pytest.mark.parametrize(
        ("iso3", "year", "distance"),
        [("VNM", 2023, 0.0921193), ("DEU", 2021, 1.5484990), ("VNM", 2018, 0.4172376)],
    )
    def test_ideal_points(self, iso3: str, year: int, distance: float) -> None:
        wide = FRAMES["un_ideal_points"].pivot(index="iso3", columns="year", values="ideal_point")
        assert abs(wide.loc[iso3, year] - wide.loc["CHN", year]) == pytest.approx(
            distance, abs=1e-6
        )
        assert wide.loc["CHN"].notna().all()


class TestRules:
    def test_unit_of_the_catalogue(self) -> None:
        assert only(changed("indicator_catalog", "unit", "usd", indicator="gini")) == (
            "indicator_catalog: unit of 'gini' is usd, its figures have index_0_to_100"
        )

    def test_years_of_the_catalogue(self) -> None:
        assert only(changed("indicator_catalog", "last_year", 2024, indicator="rule_of_law")) == (
            "indicator_catalog: last_year of 'rule_of_law' is 2024, its figures have 2023"
        )

    def test_an_indicator_that_is_not_listed(self) -> None:
        listed = FRAMES["indicator_catalog"].query("indicator != 'gini'")
        assert only(FRAMES | {"indicator_catalog": listed}) == (
            "indicator_catalog: 'gini' of country_indicators is missing"
        )

    def test_a_listed_indicator_without_figures(self) -> None:
        held = FRAMES["country_indicators"].query("indicator != 'gini'")
        assert only(FRAMES | {"country_indicators": held}) == (
            "indicator_catalog: 'gini' has no figure in any table"
        )

    def test_an_indicator_in_both_tables(self) -> None:
        stray = GOVERNANCE[GOVERNANCE["indicator"] == "rule_of_law"].drop(columns="standard_error")
        both = pd.concat([FRAMES["country_indicators"], stray], ignore_index=True)
        problems = list(rules.adding_up(FRAMES | {"country_indicators": both}))
        assert "'rule_of_law' is in more than one table of indicators" in problems

    def test_sizes(self) -> None:
        where = {"iso3": "VNM", "year": 2023, "indicator": "gni_per_capita"}
        assert only(changed("country_indicators", "value", 0, **where)) == (
            "country_indicators: the gni_per_capita of VNM in 2023 is 0.0, which no size can be"
        )

    def test_an_end_before_the_beginning(self) -> None:
        where = {"iso3": "DEU", "signed": "1983-10-07"}
        assert only(changed("investment_treaties", "terminated", "1984-01-01", **where)) == (
            "investment_treaties: DEU has in_force 1985-03-18 after terminated 1984-01-01"
        )

    def test_dates_of_two_precisions_are_compared_as_far_as_known(self) -> None:
        table = FRAMES["tax_treaties"].copy()
        row = table.index[table["iso3"] == "DEU"][0]
        table.loc[row, ["signed", "signed_precision"]] = ["2017-03", "month"]
        assert list(rules.adding_up({"tax_treaties": table})) == []
        table.loc[row, "signed"] = "2018-03"
        assert only({"tax_treaties": table}) == (
            "tax_treaties: DEU has signed 2018-03 after in_force 2017"
        )

    def test_a_precision_that_the_date_does_not_have(self) -> None:
        assert only(changed("tax_treaties", "signed_precision", "day", iso3="DEU")) == (
            "tax_treaties: signed of DEU is 2014, its precision day"
        )

    def test_a_status_without_its_date(self) -> None:
        assert only(changed("tax_treaties", "status", "in_force", iso3="KEN")) == (
            "tax_treaties: the dates of KEN do not fit its status 'in_force'"
        )

    def test_two_treaties_in_force_at_once(self) -> None:
        table = FRAMES["investment_treaties"].copy()
        old = (table["iso3"] == "DEU") & (table["status"] == "terminated")
        table.loc[old, ["terminated", "terminated_precision"]] = None
        table.loc[old, "status"] = "in_force"
        assert only(FRAMES | {"investment_treaties": table}) == (
            "investment_treaties: DEU has 2 treaties in force"
        )

    def test_a_hole_in_a_whole_list(self) -> None:
        holed = OECD[~((OECD["iso3"] == "VNM") & (OECD["year"] == 2021))]
        assert only(FRAMES | {"oecd_country_risk": holed}) == (
            "oecd_country_risk: the list of 2021 lacks VNM"
        )

    @pytest.mark.parametrize(("iso3", "said"), [("DEU", False), ("SGP", True)])
    def test_a_zero_that_is_not_what_it_says(self, iso3: str, said: bool) -> None:
        where = {"iso3": iso3, "year": 2012}
        assert only(changed("oecd_country_risk", "zero_by_rule", said, **where)) == (
            f"oecd_country_risk: zero_by_rule of {iso3} in 2012 is {said}, its class 0"
        )
