"""Data on firms, trade and statements: figures known from the sources, and every rule broken once.

The expected values were read off the sources or computed by hand, not off the tables.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis.data import rules

TABLES = {  # rows that the sources give
    "trade_annual": 338,
    "trade_by_partner": 4132,
    "trade_by_region": 46,
    "cross_border_ecommerce": 79,
    "sme_statistics": 32,
    "sme_finance": 46,
    "acquisition_returns": 48,
    "policy_events": 54,
    "programmes": 10,
    "cooperation_zones": 40,
    "cooperation_zone_totals": 42,
    "sme_cooperation_zones": 6,
    "sme_cooperation_zone_totals": 7,
    "entry_conditions": 118,
    "entry_condition_totals": 13,
    "income_groups": 218,
    "articles": 3,
    "claims": 79,
}
OTHERS = ("economies", "economy_groups")
FRAMES = {name: sme.load(name) for name in (*TABLES, *OTHERS)}


def pick(name: str, **where: object) -> pd.DataFrame:
    frame = FRAMES[name]
    keep = pd.Series(True, index=frame.index)
    for column, value in where.items():
        keep &= frame[column] == value
    return frame[keep]


def one(name: str, **where: object) -> pd.Series:
    """Return the one row that fits."""
    rows = pick(name, **where)
    assert len(rows) == 1, (name, where, len(rows))
    return rows.iloc[0]


def around(name: str, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return a table with those that its rules compare it with, to keep the rules quick."""
    trade = ("trade_annual", "trade_by_partner", "trade_by_region", *OTHERS)
    if name in trade:
        return {key: FRAMES[key] for key in trade} | {name: frame}
    return {key: FRAMES[key] for key in FRAMES if key not in trade} | {name: frame}


def changed(name: str, column: str, value: object, **where: object) -> dict[str, pd.DataFrame]:
    """Return the tables with one cell changed."""
    frame = FRAMES[name].copy()
    frame.loc[one(name, **where).name, column] = value
    return around(name, frame)


def world(flow: str, year: int, currency: str = "cny", **where: object) -> float:
    base: dict[str, object] = {"geography": "world", "enterprise_type": "all", "preferred": True}
    rest = {"indicator": "value", "flow": flow, "year": year, "currency": currency}
    return float(one("trade_annual", **(base | rest | where))["value"])


class TestTables:
    @pytest.mark.parametrize("name", TABLES)
    def test_rows(self, name: str) -> None:
        assert len(FRAMES[name]) == TABLES[name]

    def test_the_rules_hold(self) -> None:
        assert list(rules.adding_up(FRAMES)) == []

    @pytest.mark.parametrize("name", TABLES)
    def test_values_have_units_and_no_figure_is_infinite(self, name: str) -> None:
        frame = FRAMES[name]
        if {"value", "unit"} <= set(frame.columns):
            valued = frame.dropna(subset=["value"])
            assert valued["unit"].notna().all()
            assert (valued["value"].abs() < 1e9).all()

    @pytest.mark.parametrize("name", TABLES)
    def test_texts_are_short_and_end_as_they_should(self, name: str) -> None:
        frame = FRAMES[name]
        for column in {"note", "proxy"} & set(frame.columns):
            texts = frame[column].dropna().astype("str")
            assert texts.str.len().max() < 140 or texts.empty
        for column in {"description", "statement"} & set(frame.columns):
            assert frame[column].str.endswith(".").all()


class TestTrade:
    def test_totals_of_2024(self) -> None:
        assert world("export", 2024) == 25454.54
        assert world("import", 2024) == 18392.26
        assert world("total", 2024) == 43846.79

    def test_growth_of_2024_needs_the_revised_base(self) -> None:
        revised = world("total", 2023)
        assert revised == 41751.0
        assert round((world("total", 2024) / revised - 1) * 100, 1) == 5.0
        first = pick("trade_annual", year=2023, flow="total", vintage="first_release")
        (value,) = first.loc[
            (first["indicator"] == "value")
            & (first["enterprise_type"] == "all")
            & (first["geography"] == "world"),
            "value",
        ]
        assert value == 41756.8

    def test_the_rounded_total_differs_from_its_rounded_parts(self) -> None:
        """25.45 and 18.39 make 43.84, the total is printed as 43.85."""
        release = pick(
            "trade_annual",
            year=2024,
            vintage="first_release",
            source_id="tr2024",
            indicator="value",
        ).set_index("flow")["value"]
        assert release["export"] + release["import"] == 43840
        assert release["total"] == 43850

    def test_yuan_and_dollar_growth_differ(self) -> None:
        assert world("total", 2024, indicator="growth") == 5.0
        assert world("total", 2024, "usd", indicator="growth") == 3.8

    def test_belt_and_road_scopes_stay_apart(self) -> None:
        def value(scope: str) -> float:
            where = {"year": 2022, "flow": "total", "indicator": "value", "currency": "cny"}
            return float(one("trade_annual", geography=scope, **where)["value"])

        assert (value("bri_route_countries"), value("bri_partners")) == (13830, 18950)

    def test_no_figure_for_2001(self) -> None:
        assert set(FRAMES["trade_annual"]["year"]) == set(range(2000, 2026)) - {2001}

    def test_steps(self) -> None:
        steps = {41756.8: 0.1, 43850: 10, 8370: 10, 620.79: 0.01}
        table = FRAMES["trade_annual"]
        for value, step in steps.items():
            assert set(table.loc[table["value"] == value, "step"]) == {step}
        unusual = table["step"].map(lambda step: round(step * 10000) % 10 not in (0, 1))
        assert not unusual.any()

    def test_the_value_is_a_multiple_of_its_step(self) -> None:
        for name in ("trade_annual", "cross_border_ecommerce", "sme_finance", "sme_statistics"):
            ratio = FRAMES[name]["value"] / FRAMES[name]["step"]
            assert (ratio - ratio.round()).abs().max() < 1e-6, name

    def test_partners_reported_by_china(self) -> None:
        china = pick("trade_by_partner", reporter="china")
        assert set(china["year"]) == {2024}
        sizes = china.groupby("flow").size()
        assert (sizes["export"], sizes["import"]) == (237, 239)  # 240 and 242 lines, 3 no economy
        usa = one("trade_by_partner", reporter="china", iso3="USA", flow="export")
        assert round(usa["value"] / 1000, 2) == 3733.72

    def test_partner_reports_by_year(self) -> None:
        partner = pick("trade_by_partner", reporter="partner")
        counts = partner.groupby(["year", "flow"]).size()
        assert counts[2014, "export"] == 171
        assert counts[2024, "import"] == 127
        assert counts[2025, "export"] == 13
        assert set(partner["unit"]) == {"usd_mn"}
        assert partner["growth"].isna().all()

    def test_open_registries_and_hubs(self) -> None:
        table = FRAMES["trade_by_partner"]
        registries = set(table.loc[table["open_registry"], "iso3"])
        assert registries >= {"LBR", "PAN", "MLT", "BHS", "MHL"}
        assert registries == {"LBR", "PAN", "MLT", "BHS", "MHL", "BMU", "CYM", "ATG", "COM"}
        assert set(table.loc[table["entrepot"], "iso3"]) == {"HKG", "SGP", "NLD", "ARE"}
        flagged = table["open_registry"] | table["entrepot"]
        assert (flagged == table["flag_source"].notna()).all()
        for flag in ("open_registry", "entrepot"):
            assert (table.groupby("iso3")[flag].nunique() == 1).all()

    def test_the_rule_for_open_registries(self) -> None:
        """Three times what the partner reports; Liberia by far, Cyprus and Honduras not."""
        rate = world("total", 2024) / (world("export", 2024, "usd") + world("import", 2024, "usd"))
        table = FRAMES["trade_by_partner"]
        exports = table[table["flow"] == "export"]
        china = exports[exports["reporter"] == "china"].set_index("iso3")["value"] / rate
        partner = exports[(exports["reporter"] == "partner") & exports["year"].isin([2023, 2024])]
        newest = partner.sort_values("year").groupby("iso3")["value"].last()
        ratio = (china / newest).dropna()
        flagged = set(exports.loc[exports["open_registry"], "iso3"]) & set(ratio.index)
        assert (ratio[sorted(flagged)] >= 3).all()
        assert (ratio[["CYP", "HND", "BLZ", "LBN", "JAM", "LKA", "MUS"]] < 3).all()
        assert ratio["LBR"] == pytest.approx(36.1, abs=0.1)


class TestFirms:
    def test_zones_for_small_firms(self) -> None:
        def total(as_of: str, indicator: str) -> float:
            return float(
                one("sme_cooperation_zone_totals", as_of=as_of, indicator=indicator)["value"]
            )

        assert [total(date, "zones") for date in ("2021-12", "2025", "2025-11")] == [14, 15, 14]
        assert total("2025", "provinces") == 10

    def test_zones_abroad(self) -> None:
        last = pick("cooperation_zone_totals", as_of="2022-12").set_index(["scope", "indicator"])
        assert last.loc[("all", "zones"), "value"] == 125
        assert last.loc[("bri_countries", "zones"), "value"] == 112
        assert last.loc[("bri_countries", "cumulative_investment"), "value"] == 57130
        passed = pick("cooperation_zones", assessment="passed_2014")
        assert set(passed["iso3"]) == {"PAK", "RUS", "HUN"}

    def test_ecommerce_vintages(self) -> None:
        def total(year: int, vintage: str) -> float:
            where = {"period": "year", "indicator": "total_value", "vintage": vintage}
            return float(one("cross_border_ecommerce", year=year, **where)["value"])

        assert (total(2021, "preliminary"), total(2021, "revised")) == (1980, 1920)
        assert (total(2022, "preliminary"), total(2022, "revised")) == (2110, 2100)
        half = one(
            "cross_border_ecommerce",
            year=2024,
            period="half_1",
            indicator="total_value",
            preferred=True,
        )
        assert half["value"] == 1250

    def test_loans_step_up_in_early_2024(self) -> None:
        loans = pick("sme_finance", provider="pboc", indicator="inclusive_loans")
        loans = loans.set_index("date")
        assert (loans.loc["2023-12", "value"], loans.loc["2024-03", "value"]) == (29.4, 33.41)
        assert loans.loc["2023-12", "segment"] != loans.loc["2024-03", "segment"]

    def test_number_of_small_firms(self) -> None:
        counts = pick("sme_statistics", indicator="msme_count").set_index("date")
        assert counts["value"].to_dict() == {
            "2021-12": 48,
            "2022-12": 52,
            "2024-12": 60,
            "2025-11": 60,
        }
        assert counts.loc["2024-12", "bound"] == "over"
        assert counts["segment"].nunique() == 2

    def test_returns_are_short_run_gains_and_long_run_doubts(self) -> None:
        table = FRAMES["acquisition_returns"]
        assert table["study"].nunique() == 33
        short = table[(table["outcome"] == "announcement_return") & (table["unit"] == "pct")]
        assert (len(short), (short["value"] > 0).sum()) == (14, 12)
        assert table[["standard_error", "t_statistic"]].isna().all(axis=None)
        doubtful = table[table["doubtful"]]
        assert doubtful["value"].tolist() == [-0.0292, -0.108]
        later = pick("acquisition_returns", study="du_boateng_2014")["value"]
        assert later.tolist() == [-2.92, -10.8]
        account = one("acquisition_returns", outcome="accounting_performance")
        assert (account["direction"], account["observations"]) == ("negative", 361)

    def test_events_that_concern_one_host(self) -> None:
        events = FRAMES["policy_events"].set_index("event_id")
        assert events.loc["uk_security_act", ["date", "iso3"]].tolist() == ["2022-01-04", "GBR"]
        screening = events[events["category"] == "host_screening"]
        assert set(screening["side"]) == {"host"}
        assert set(screening["iso3"].dropna()) == {"USA", "AUS", "GBR", "CAN"}
        codes = set(FRAMES["economy_groups"]["group"])
        assert set(events["economy_group"].dropna()) <= codes

    def test_the_programme_of_2025(self) -> None:
        rows = pick("programmes", programme="enterprise_expansion_2025")
        assert set(rows["iso3"].dropna()) == {"RUS", "JPN", "KOR", "ARE"}
        assert set(rows["economy_group"].dropna()) == {"ASEAN", "CENTRAL_ASIA"}
        assert (rows.loc[rows["kind"].isin(["matchmaking", "event"]), "status"] == "planned").all()

    def test_conditions_of_entry(self) -> None:
        counts = FRAMES["entry_conditions"]["condition"].value_counts()
        assert counts["aiib_founding_member"] == 53
        assert counts["visa_mutual_exemption"] == 24
        swap = one("entry_conditions", iso3="TUR", condition="rmb_swap")
        assert (swap["date"], swap["amount"]) == ("2025-06-13", 35)

    def test_income_groups(self) -> None:
        counts = FRAMES["income_groups"]["income_group"].value_counts().to_dict()
        assert counts == {
            "high_income": 87,
            "upper_middle_income": 54,
            "lower_middle_income": 50,
            "low_income": 25,
            "not_classified": 2,
        }


class TestClaims:
    def test_no_statement_is_missing(self) -> None:
        expected = {
            f"{letter}{n:02d}"
            for letter, last in (("h", 24), ("t", 25), ("b", 30))
            for n in range(1, last + 1)
        }
        assert set(FRAMES["claims"]["claim_id"]) == expected

    @pytest.mark.parametrize(
        ("claim", "value", "bound", "unit", "step"),
        [
            ("h03", 192.2, "about", "usd_bn", 0.1),
            ("h04", 8.4, "exact", "pct", 0.1),
            ("h06", 70, "nearly", "pct", 10),
            ("h08", 50, "nearly", "pct", 10),
            ("h11", 60, "over", "pct", 10),
            ("t08", 28, "exact", "count", 1),
            ("t10", 15, "exact", "count", 1),
            ("t12", 43.85, "exact", "cny_tn", 0.01),
            ("t13", 5.0, "exact", "pct", 0.1),
            ("t17", 2.3, "exact", "pct", 0.1),
        ],
    )
    def test_figures(self, claim: str, value: float, bound: str, unit: str, step: float) -> None:
        row = one("claims", claim_id=claim)
        assert [row["value"], row["bound"], row["unit"], row["step"]] == [value, bound, unit, step]
        assert row["kind"] == "quantitative"

    def test_no_verdict_is_stored(self) -> None:
        assert not {"verdict", "found", "confirmed"} & set(FRAMES["claims"].columns)

    def test_tables_named_exist(self) -> None:
        assert set(FRAMES["claims"]["table"].dropna()) <= set(sme.catalog().index)

    def test_statements_differ(self) -> None:
        assert FRAMES["claims"]["statement"].is_unique


USA_2024: dict[str, object] = {"reporter": "china", "iso3": "USA", "flow": "export"}
BROKEN: list[tuple[str, str, Any, dict[str, object], str]] = [
    (
        "trade_annual",
        "value",
        1000.0,
        {"year": 2012, "flow": "balance", "indicator": "value"},
        "miss the balance",
    ),
    (
        "trade_annual",
        "value",
        43700.0,
        {"year": 2024, "flow": "total", "source_id": "tr2024", "indicator": "value"},
        "miss the total",
    ),
    (
        "trade_annual",
        "value",
        60.0,
        {"year": 2024, "enterprise_type": "private", "indicator": "share"},
        "share of private enterprises disagree in 2024",
    ),
    (
        "trade_annual",
        "value",
        8.0,
        {
            "year": 2024,
            "flow": "export",
            "geography": "world",
            "indicator": "growth",
            "source_id": "gacc_country_2024",
        },
        "grew by 7.11 per cent, 8.0 is printed",
    ),
    (
        "trade_annual",
        "value",
        20000.0,
        {"year": 2024, "enterprise_type": "foreign_invested", "indicator": "value"},
        "more than the total of 2024",
    ),
    (
        "trade_annual",
        "preferred",
        False,
        {"year": 2011, "flow": "export"},
        "has 0 preferred rows",
    ),
    (
        "trade_by_partner",
        "value",
        1e6,
        {"reporter": "china", "iso3": "KEN", "flow": "export"},
        "exports of 2024 sum to",
    ),
    (
        "trade_by_region",
        "value",
        11000.0,
        {"part": "unknown", "flow": "import"},
        "continents miss the imports of 2024",
    ),
    (
        "cross_border_ecommerce",
        "value",
        1700.0,
        {"year": 2022, "period": "year", "indicator": "export_value"},
        "the two flows miss",
    ),
    (
        "cross_border_ecommerce",
        "preferred",
        True,
        {"year": 2021, "indicator": "total_value", "vintage": "preliminary"},
        "2 preferred rows",
    ),
    ("sme_finance", "value", 110.0, {"indicator": "insured_share_of_exports"}, "110 per cent"),
    (
        "sme_finance",
        "growth",
        30.0,
        {"provider": "nfra", "date": "2024-12", "indicator": "inclusive_loans"},
        "grew by 14.6 per cent to 2024-12, 30 is printed",
    ),
    ("sme_statistics", "value", -1.0, {"indicator": "sme_share_of_gdp"}, "-1 per cent"),
    (
        "cooperation_zone_totals",
        "value",
        130.0,
        {"as_of": "2022-12", "scope": "bri_countries", "indicator": "zones"},
        "exceed all",
    ),
    (
        "cooperation_zone_totals",
        "value",
        39.0,
        {"as_of": "2022-12", "scope": "all", "indicator": "zones"},
        "",
    ),
    (
        "sme_cooperation_zone_totals",
        "value",
        1.0,
        {"as_of": "2025-11", "indicator": "zones"},
        "",
    ),
    (
        "sme_cooperation_zone_totals",
        "value",
        16.0,
        {"as_of": "2025", "indicator": "provinces"},
        "more provinces than zones in 2025",
    ),
    (
        "acquisition_returns",
        "direction",
        "negative",
        {"study": "wang_2020"},
        "against its direction",
    ),
    ("acquisition_returns", "doubtful", True, {"study": "wang_2020"}, "is doubtful, or not"),
    ("acquisition_returns", "unit", "none", {"study": "wang_2020"}, "without the other"),
    ("acquisition_returns", "sample_end", 2001, {"study": "wang_2020"}, "ends before it begins"),
    ("acquisition_returns", "window_end", -9, {"study": "wang_2020"}, "ends before it begins"),
    ("policy_events", "date", "2018-08", {"event_id": "firrma"}, "not to the day"),
    ("policy_events", "effective", "2017-01-01", {"event_id": "ndrc_order_11"}, "takes effect"),
    ("entry_condition_totals", "value", 50, {"as_of": "2016"}, "53 founding members are named"),
    ("articles", "statements", 23, {"article": "hktdc_go_global"}, "24 statements"),
    ("claims", "proxy", None, {"claim_id": "h15"}, "names none"),
    ("claims", "table", None, {"claim_id": "h03"}, "from no table"),
    ("claims", "bound", None, {"claim_id": "h03"}, "without unit or bound"),
]


@pytest.mark.parametrize(("name", "column", "value", "where", "says"), BROKEN)
def test_a_rule_objects(
    name: str, column: str, value: Any, where: dict[str, object], says: str
) -> None:
    frames = changed(name, column, value, **where)
    problems = list(rules.adding_up(frames))
    assert problems
    assert any(says in problem for problem in problems), problems


@pytest.mark.parametrize("name", TABLES)
def test_a_row_that_repeats_does_not_stop_the_rules(name: str) -> None:
    frame = FRAMES[name]
    twice = pd.concat([frame, frame.head(3)], ignore_index=True)
    assert isinstance(list(rules.adding_up(around(name, twice))), list)


def test_a_group_is_the_same_in_both_tables() -> None:
    """Two rules see it: the flows of one source, and the customs table of the year."""
    where = {"year": 2024, "geography": "asean", "flow": "export", "indicator": "value"}
    problems = list(rules.adding_up(changed("trade_annual", "value", 4173.70, **where)))
    assert len(problems) == 2
    assert "asean differ from trade_annual" in problems[1]
