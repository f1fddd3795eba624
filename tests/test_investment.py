"""Outward FDI: hand computations on small frames, facts of the shipped ones, and properties."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis import economies
from sme_analysis import investment as inv
from sme_analysis.errors import ParameterError, UnknownNameError

ANNUAL = sme.load("outward_fdi_annual")
PANEL = sme.load("outward_fdi_by_economy")
REGIONS = sme.load("outward_fdi_by_region")
ROAD = sme.load("outward_fdi_belt_and_road")
SIGNALS = sme.load("outward_fdi_recent_signals")
SIZE = sme.load("country_indicators")
OFFSHORE = {"HKG", "CYM", "VGB"}
NAN = math.nan


def annual(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of (year, indicator, value), optionally with basis, unit and preferred."""
    full = [(*row, *("bulletin", "usd_bn", True)[len(row) - 3 :]) for row in rows]
    frame = pd.DataFrame(full, columns=["year", "indicator", "value", "basis", "unit", "preferred"])
    return frame.assign(bound="exact", source_id="s", preferred=frame["preferred"].astype(bool))


def panel(*rows: tuple[int, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["year", "iso3", "value"])
    return frame.assign(measure="flow", panel="complete", source_id="s", confirmed_by=None)


SMALL = panel(
    (2010, "HKG", 600.0),
    (2010, "DEU", 300.0),
    (2010, "USA", 100.0),
    (2019, "HKG", 500.0),
    (2019, "DEU", 900.0),
    (2019, "ZAF", -200.0),
    (2019, "BRA", 400.0),
)


class TestSelect:
    def test_only_preferred_rows_of_the_basis_and_unit(self) -> None:
        frame = annual(
            (2010, "flow", 1.0),
            (2010, "flow", 2.0, "express"),
            (2010, "flow", 3.0, "bulletin", "cny_bn"),
            (2010, "flow", 4.0, "bulletin", "usd_bn", False),
            (2010, "stock", 5.0),
        )
        assert inv.select(frame, "flow", unit="usd_bn")["value"].tolist() == [1]
        assert inv.select(frame, "flow")["value"].tolist() == [1, 3]
        assert inv.select(frame, "flow", basis="express")["value"].tolist() == [2]
        assert inv.select(frame, ["flow", "stock"], unit="usd_bn")["value"].tolist() == [1, 5]
        both = inv.select(frame, ("flow",), basis=["bulletin", "express"], unit="usd_bn")
        assert both["value"].tolist() == [1, 2]
        assert inv.select(frame, "nothing").empty

    @pytest.mark.parametrize(
        ("first", "last", "years"),
        [
            (None, None, [2009, 2010, 2011]),
            (2010, None, [2010, 2011]),
            (None, 2010, [2009, 2010]),
            (2010, 2010, [2010]),
            (2012, 2015, []),
            (2011, 2009, []),
        ],
    )
    def test_both_ends_are_included(
        self, first: int | None, last: int | None, years: list[int]
    ) -> None:
        frame = annual((2009, "flow", 1.0), (2010, "flow", 2.0), (2011, "flow", 3.0))
        chosen = inv.select(frame, "flow", first, last)
        assert chosen["year"].tolist() == years
        assert chosen.index.tolist() == list(range(len(years)))

    def test_the_input_is_left_alone(self) -> None:
        before = ANNUAL.copy()
        chosen = inv.select(ANNUAL, "flow")
        chosen["value"] = 0.0
        inv.national(ANNUAL)
        inv.components(ANNUAL)
        pd.testing.assert_frame_equal(ANNUAL, before)


class TestNational:
    def test_growth_never_crosses_the_break(self) -> None:
        old = "bulletin_non_financial"
        frame = annual(
            (2004, "flow", 5.0, old),
            (2005, "flow", 10.0, old),
            (2006, "flow", 14.0, old),
            (2006, "flow", 20.0),
            (2007, "flow", 30.0),
            (2009, "flow", 60.0),
        )
        series = inv.national(frame)
        assert series.index.tolist() == [2004, 2005, 2006, 2007, 2009]
        assert series["value"].tolist() == [5, 10, 20, 30, 60]
        assert series["non_financial"].tolist() == [True, True, False, False, False]
        np.testing.assert_allclose(series["growth"], [NAN, 100, 40, 50, NAN])

    def test_shipped_flow(self) -> None:
        flow = inv.national(ANNUAL, "flow")
        assert flow.index.tolist() == list(range(2002, 2026))
        assert flow.index[flow["non_financial"]].tolist() == [2002, 2003, 2004, 2005]
        assert flow.loc[2006, "value"] == 21.16
        # 17.63 to 12.26 on the non-financial basis, not 21.16 to 12.26
        assert round(flow.loc[2006, "growth"], 1) == 43.8
        assert round(flow.loc[2024, "growth"], 1) == 8.4
        assert round(flow.loc[2025, "growth"], 1) == 11.1
        assert math.isnan(flow.loc[2002, "growth"])
        assert flow.loc[[2024, 2025], "value"].tolist() == [192.2, 213.58]

    def test_growth_agrees_with_every_printed_rate(self) -> None:
        printed = inv.select(
            ANNUAL, "flow_growth", basis=["bulletin", "bulletin_non_financial"], unit="pct"
        ).set_index("year")["value"]
        computed = inv.national(ANNUAL)["growth"]
        assert len(printed) >= 18
        assert (computed[printed.index] - printed).abs().max() < 0.11

    def test_shipped_stock(self) -> None:
        stock = inv.national(ANNUAL, "stock")
        assert stock.loc[2024, "value"] == 3139.93
        assert stock.loc[2011, "value"] == 424.781
        assert stock.loc[2022, "bound"] == "about"
        assert stock.loc[2006, "value"] == 90.63
        assert stock.index[stock["non_financial"]].tolist() == [2003, 2004, 2005]

    def test_the_first_year_shown_keeps_its_growth(self) -> None:
        assert round(inv.national(ANNUAL, "flow", 2024, 2024)["growth"].item(), 1) == 8.4

    @pytest.mark.parametrize("measure", inv.MEASURES)
    def test_no_years(self, measure: str) -> None:
        empty = inv.national(ANNUAL, measure, 2030, 2040)
        assert empty.empty
        assert list(empty.columns) == list(inv.national(ANNUAL, measure).columns)
        assert inv.national(ANNUAL.iloc[:0], measure).empty


class TestComponents:
    def test_what_is_not_published_is_shown_as_such(self) -> None:
        frame = annual(
            (2016, "flow", 100.0),
            (2016, "flow_new_equity", 50.0),
            (2016, "flow_reinvested_earnings", 20.0),
            (2016, "flow_debt_instruments", 29.99),
            (2018, "flow", 90.0),
            (2020, "flow", 80.0),
            (2020, "flow_reinvested_earnings", 30.0),
        )
        table = inv.components(frame)
        assert list(table.columns) == [*inv.COMPONENTS["flow"].values(), inv.UNSPLIT]
        np.testing.assert_allclose(table.loc[2016], [50, 20, 29.99, 0])
        np.testing.assert_allclose(table.loc[2018], [NAN, NAN, NAN, 90])
        np.testing.assert_allclose(table.loc[2020], [NAN, 30, NAN, 50])

    @pytest.mark.parametrize("measure", inv.MEASURES)
    def test_shipped_parts_sum_to_the_total(self, measure: str) -> None:
        table = inv.components(ANNUAL, measure)
        total = inv.national(ANNUAL, measure)["value"]
        assert table.index.min() == 2006
        assert (table.sum(axis=1) - total[table.index]).abs().max() < 0.021
        assert (table[inv.UNSPLIT] >= 0).all()

    def test_shipped_years(self) -> None:
        flow = inv.components(ANNUAL)
        whole = flow.index[flow[inv.UNSPLIT] == 0]
        assert set(whole) >= {2008, *range(2010, 2018), 2019}
        assert 2024 not in whole
        np.testing.assert_allclose(flow.loc[2024, "Reinvested earnings"], 77.89)
        np.testing.assert_allclose(flow.loc[2024, inv.UNSPLIT], 192.2 - 77.89)
        stock = inv.components(ANNUAL, "stock")
        np.testing.assert_allclose(stock.loc[2019], [1209.67, 686.64, 302.57, 0])

    @pytest.mark.parametrize("measure", inv.MEASURES)
    def test_no_years(self, measure: str) -> None:
        empty = inv.components(ANNUAL, measure, 2002, 2005)
        assert empty.empty
        assert list(empty.columns) == list(inv.components(ANNUAL, measure).columns)


class TestWorldPosition:
    def test_years_that_nobody_prints_stay_open(self) -> None:
        frame = annual(
            (2010, "flow_share_of_world", 5.2, "bulletin", "pct"),
            (2010, "flow_world_rank", 5, "bulletin", "rank"),
            (2012, "flow_world_rank", 3, "bulletin", "rank"),
        )
        table = inv.world_position(frame)
        assert table.index.tolist() == [2010, 2011, 2012]
        np.testing.assert_allclose(table["share"], [5.2, NAN, NAN])
        assert str(table["rank"].dtype) == "Int64"
        assert table["rank"].fillna(0).tolist() == [5, 0, 3]

    def test_shipped(self) -> None:
        flow = inv.world_position(ANNUAL)
        assert flow.loc[2024].tolist() == [11.9, 3]
        assert flow.loc[2010].tolist() == [5.2, 5]
        stock = inv.world_position(ANNUAL, "stock")
        assert stock.loc[2024].tolist() == [7.2, 3]
        assert stock["rank"].min() >= 1

    @pytest.mark.parametrize("measure", inv.MEASURES)
    def test_no_years(self, measure: str) -> None:
        empty = inv.world_position(ANNUAL, measure, 2030)
        assert empty.empty
        assert list(empty.columns) == ["share", "rank"]


class TestBeltAndRoad:
    def test_shares_by_hand(self) -> None:
        table = inv.belt_and_road(ROAD, ANNUAL).set_index(["definition", "year"])
        np.testing.assert_allclose(table.loc[("along_route", 2018), "share"], 17.89 / 143.04 * 100)
        np.testing.assert_allclose(
            table.loc[("partner_countries", 2024), "share"], 50.99 / 192.2 * 100
        )
        assert round(table.loc[("partner_countries", 2024), "share"], 1) == 26.5

    @pytest.mark.parametrize("measure", inv.MEASURES)
    def test_the_definitions_are_never_joined(self, measure: str) -> None:
        table = inv.belt_and_road(ROAD, ANNUAL, measure)
        assert not table.duplicated(["definition", "year"]).any()
        assert table["definition"].tolist() == sorted(table["definition"])
        years = table.groupby("definition")["year"].agg(set)
        assert max(years["along_route"]) < min(years["partner_countries"])
        for _, rows in table.groupby("definition"):
            assert rows["year"].is_monotonic_increasing

    def test_only_bulletin_figures_in_dollars(self) -> None:
        table = inv.belt_and_road(ROAD, ANNUAL)
        along = table[table["definition"] == "along_route"].set_index("year")["value"]
        assert along.index.tolist() == list(range(2013, 2022))
        assert along[2015] == 18.93
        assert round(along.loc[:2018].sum(), 2) == 98.62

    def test_other_units_and_bases_are_left_out(self) -> None:
        row = ROAD[(ROAD["indicator"] == "flow") & (ROAD["year"] == 2013)]
        other = [row.assign(unit="cny_bn"), row.assign(basis="express"), row.assign(indicator="x")]
        mixed = pd.concat([ROAD, *other], ignore_index=True)
        pd.testing.assert_frame_equal(
            inv.belt_and_road(mixed, ANNUAL), inv.belt_and_road(ROAD, ANNUAL)
        )

    def test_overlapping_definitions_stand_one_after_the_other(self) -> None:
        row = ROAD[(ROAD["indicator"] == "flow") & (ROAD["year"] == 2013)]
        mixed = pd.concat([row.assign(definition="partner_countries"), ROAD], ignore_index=True)
        table = inv.belt_and_road(mixed, ANNUAL)
        assert table["definition"].is_monotonic_increasing
        assert table.groupby("definition")["year"].min().tolist() == [2013, 2013]

    def test_sums_of_a_period(self) -> None:
        assert inv.belt_and_road(ROAD, ANNUAL, "flow", 2023, 2024)["value"].tolist() == [
            40.71,
            50.99,
        ]
        stock = inv.belt_and_road(ROAD, ANNUAL, "stock")
        assert stock["value"].tolist() == [179.47, 200.79, 370.0, 407.25]
        assert stock.loc[stock["year"] == 2024, "bound"].item() == "about"

    def test_no_years(self) -> None:
        empty = inv.belt_and_road(ROAD, ANNUAL, "flow", 2003, 2012)
        assert empty.empty
        assert list(empty.columns) == ["year", "definition", "value", "bound", "source_id", "share"]


class TestHosts:
    def test_columns_and_names(self) -> None:
        chosen = inv.hosts(SMALL)
        assert list(chosen.columns) == [
            "year",
            "iso3",
            "economy",
            "region",
            "value",
            "offshore",
            "source_id",
            "confirmed_by",
        ]
        assert chosen["economy"].tolist()[:3] == ["Hong Kong SAR", "Germany", "United States"]
        assert chosen["region"].tolist()[:3] == ["Asia", "Europe", "North America"]
        assert chosen["offshore"].tolist() == [code == "HKG" for code in chosen["iso3"]]

    def test_only_complete_years_of_the_measure(self) -> None:
        for measure in inv.MEASURES:
            chosen = inv.hosts(PANEL, measure)
            assert set(chosen["year"]) == set(range(2003, 2020))
            keep = (PANEL["measure"] == measure) & (PANEL["panel"] == "complete")
            assert chosen["value"].sum() == PANEL.loc[keep, "value"].sum()
        assert chosen[["economy", "region", "source_id"]].notna().all().all()

    def test_membership_is_that_of_the_last_year(self) -> None:
        eu = {
            year: set(inv.hosts(PANEL, "stock", 2010, year, group="EU")["iso3"])
            for year in (2012, 2019)
        }
        assert "HRV" not in eu[2012]
        assert "HRV" in eu[2019]
        assert eu[2019] <= set(economies.members("EU", 2019))
        assert "GBR" in eu[2019]
        assert "GBR" not in set(inv.hosts(PANEL, "stock", group="EU")["iso3"])
        first = inv.hosts(PANEL, "stock", 2010, 2019, group="EU").query("year == 2010")
        assert "HRV" in set(first["iso3"]), "the same members in every year"

    def test_a_group_in_any_spelling(self) -> None:
        one = inv.hosts(PANEL, "stock", 2019, 2019, group="central asia")
        assert sorted(one["iso3"]) == ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
        assert round(one["value"].sum() / 1000, 2) == 14.22
        pd.testing.assert_frame_equal(inv.hosts(PANEL, group="全球"), inv.hosts(PANEL))

    def test_without_offshore_centres(self) -> None:
        every, rest = inv.hosts(PANEL, "stock"), inv.hosts(PANEL, "stock", exclude_offshore=True)
        assert set(every["iso3"]) - set(rest["iso3"]) == OFFSHORE
        assert not rest["offshore"].any()
        held = every.query("year == 2019").groupby("offshore")["value"].sum()
        assert 70 < held[True] / held.sum() * 100 < 80

    @pytest.mark.parametrize("call", [inv.hosts, inv.recent_signals])
    def test_an_unknown_group(self, call: Any) -> None:
        frame = PANEL if call is inv.hosts else SIGNALS
        with pytest.raises(UnknownNameError, match="unknown group 'ASEN': did you mean 'ASEAN'"):
            call(frame, group="ASEN")

    def test_nothing_left(self) -> None:
        empty = inv.hosts(PANEL, "flow", 2030, 2031)
        assert empty.empty
        assert list(empty.columns) == list(inv.hosts(PANEL).columns)
        for call in (inv.ranking, inv.concentration, inv.regions, inv.leading):
            assert call(empty).empty, call
        assert inv.contributions(empty, 2003, 2019).empty
        assert inv.intensity(empty, SIZE).empty
        assert {"economy", "value", "rank", "share"} <= set(inv.ranking(empty).columns)


@pytest.mark.parametrize(
    "call",
    [
        lambda m: inv.national(ANNUAL, m),
        lambda m: inv.components(ANNUAL, m),
        lambda m: inv.world_position(ANNUAL, m),
        lambda m: inv.belt_and_road(ROAD, ANNUAL, m),
        lambda m: inv.hosts(PANEL, m),
    ],
)
def test_an_unknown_measure(call: Any) -> None:
    with pytest.raises(ParameterError) as caught:
        call("flows")
    assert str(caught.value) == (
        "unknown measure 'flows': did you mean 'flow'? Allowed: flow, stock."
    )


class TestRanking:
    def test_by_hand(self) -> None:
        table = inv.ranking(inv.hosts(SMALL), 2).set_index("economy")
        assert table.index.tolist() == ["Germany", "Hong Kong SAR", "Rest"]
        assert table["value"].tolist() == [900, 500, 200]
        np.testing.assert_allclose(table["share"], [56.25, 31.25, 12.5])
        assert table["rank"].tolist()[:2] == [1, 2]
        assert table["offshore"].tolist() == [False, True, False]
        assert table["earlier_rank"].tolist()[:2] == [2, 1]
        # those not named now held 100 of 1000 in 2010: the United States
        np.testing.assert_allclose(table["earlier_share"], [30, 60, 10])
        assert pd.isna(table.loc["Rest", "earlier_rank"])

    def test_a_newcomer_has_no_earlier_rank(self) -> None:
        table = inv.ranking(inv.hosts(SMALL), 4).set_index("economy")
        assert pd.isna(table.loc["Brazil", "earlier_rank"])
        assert "Rest" not in table.index

    def test_another_year(self) -> None:
        table = inv.ranking(inv.hosts(SMALL), 1, 2010)
        assert table["economy"].tolist() == ["Hong Kong SAR", "Rest"]
        assert table["value"].tolist() == [600, 400]

    def test_shipped(self) -> None:
        top = inv.ranking(inv.hosts(PANEL, "flow", 2018, 2018), 20)
        assert math.isclose(top["value"].iloc[:20].sum() / 1000, 133.63, abs_tol=0.01)
        assert math.isclose(top["share"].sum(), 100)
        assert math.isclose(top["value"].sum() / 1000, 143.04, abs_tol=0.01)
        assert top["economy"].iloc[0] == "Hong Kong SAR"


class TestConcentration:
    def test_by_hand(self) -> None:
        table = inv.concentration(inv.hosts(SMALL), k=1)
        np.testing.assert_allclose(table["total"], [1.0, 1.6])
        assert table["hosts"].tolist() == [3, 4]
        assert table["negative"].tolist() == [0, 1]
        first = 0.36 + 0.09 + 0.01
        second = (25 + 81 + 16) / 18**2
        np.testing.assert_allclose(table["herfindahl"], [first, second])
        np.testing.assert_allclose(table["effective_number"], [1 / first, 1 / second])
        np.testing.assert_allclose(table["top"], [60, 50])

    @pytest.mark.parametrize("measure", inv.MEASURES)
    @pytest.mark.parametrize("exclude", [False, True])
    def test_against_plain_numpy(self, measure: str, exclude: bool) -> None:
        table = inv.concentration(inv.hosts(PANEL, measure, exclude_offshore=exclude), k=5)
        for year in range(2003, 2020):
            keep = (PANEL["year"] == year) & (PANEL["measure"] == measure)
            if exclude:
                keep &= ~PANEL["iso3"].isin(OFFSHORE)
            values = PANEL.loc[keep, "value"].to_numpy()
            positive = np.sort(values[values > 0])[::-1]
            share = positive / positive.sum()
            row = table.loc[year]
            np.testing.assert_allclose(row["total"], values.sum() / 1000)
            np.testing.assert_allclose(row["herfindahl"], share @ share)
            np.testing.assert_allclose(row["effective_number"], 1 / (share @ share))
            np.testing.assert_allclose(row["top"], 100 * share[:5].sum())
            assert row["hosts"] == len(values)
            assert row["negative"] == (values < 0).sum()


class TestRegions:
    def test_by_hand(self) -> None:
        table = inv.regions(inv.hosts(SMALL))
        assert list(table.columns)[:2] == ["Europe", "Asia"]
        np.testing.assert_allclose(
            table.loc[2010, ["Asia", "Europe", "North America"]], [60, 30, 10]
        )
        np.testing.assert_allclose(
            table.loc[2019, ["Asia", "Europe", "Africa", "Latin America"]],
            [31.25, 56.25, -12.5, 25],
        )

    @pytest.mark.parametrize("measure", inv.MEASURES)
    def test_within_a_tenth_of_a_point_of_the_printed_continents(self, measure: str) -> None:
        table = inv.regions(inv.hosts(PANEL, measure))
        printed = REGIONS[REGIONS["measure"] == measure].pivot(
            index="year", columns="region", values="value"
        )
        wanted = printed.div(printed.sum(axis=1), axis=0) * 100
        assert set(table.columns) == set(inv.CONTINENTS) == set(wanted.columns)
        assert (table - wanted[table.columns]).abs().max().max() < 0.1
        np.testing.assert_allclose(table.sum(axis=1), 100)
        assert table.iloc[-1].is_monotonic_decreasing


class TestLeading:
    def test_by_hand(self) -> None:
        table = inv.leading(inv.hosts(SMALL), 2)
        assert list(table.columns) == ["Germany", "Hong Kong SAR", inv.OTHERS]
        np.testing.assert_allclose(table.loc[2010], [0.3, 0.6, 0.1])
        np.testing.assert_allclose(table.loc[2019], [0.9, 0.5, 0.2])

    def test_all_hosts_named(self) -> None:
        assert inv.OTHERS not in inv.leading(inv.hosts(SMALL), 5).columns
        assert inv.leading(inv.hosts(SMALL), 5).shape == (2, 5)

    def test_shipped_totals(self) -> None:
        chosen = inv.hosts(PANEL, "stock")
        total = inv.leading(chosen, 5).sum(axis=1)
        np.testing.assert_allclose(total, chosen.groupby("year")["value"].sum() / 1000)


class TestContributions:
    def test_by_hand(self) -> None:
        table = inv.contributions(inv.hosts(SMALL), 2010, 2019).set_index("iso3")
        points = {"DEU": 60, "BRA": 40, "ZAF": -20, "HKG": -10, "USA": -10}
        assert table["points"].to_dict() == pytest.approx(points)
        assert table["points"].abs().is_monotonic_decreasing
        assert table.loc["DEU", ["before", "after"]].tolist() == [300, 900]
        assert pd.isna(table.loc["USA", "after"])

    @pytest.mark.parametrize("measure", inv.MEASURES)
    @pytest.mark.parametrize(("first", "last"), [(2003, 2019), (2018, 2019), (2016, 2012)])
    def test_they_add_up_to_the_growth_of_the_total(
        self, measure: str, first: int, last: int
    ) -> None:
        chosen = inv.hosts(PANEL, measure)
        total = chosen.groupby("year")["value"].sum()
        growth = (total[last] / total[first] - 1) * 100
        assert math.isclose(inv.contributions(chosen, first, last)["points"].sum(), growth)

    def test_one_year_twice(self) -> None:
        with pytest.raises(
            ParameterError, match=r"^contributions needs two different years, not 2019 twice\.$"
        ):
            inv.contributions(inv.hosts(SMALL), 2019, 2019)


class TestIntensity:
    def test_by_hand(self) -> None:
        size = pd.DataFrame(
            [
                ("DEU", 2010, "gdp", 3e12),
                ("DEU", 2010, "population", 8e7),
                ("USA", 2010, "gdp", 1.5e13),
                ("DEU", 2010, "exports", 1.0),
            ],
            columns=["iso3", "year", "indicator", "value"],
        )
        table = inv.intensity(inv.hosts(SMALL), size)
        assert len(table) == len(SMALL)
        assert not {"gdp", "population"} & set(table.columns)
        row = table[(table["iso3"] == "DEU") & (table["year"] == 2010)].squeeze()
        assert row["per_gdp"] == pytest.approx(0.01)  # 300 mn of 3 tn
        assert row["per_person"] == pytest.approx(3.75)  # 300 mn for 80 mn people
        usa = table[(table["iso3"] == "USA") & (table["year"] == 2010)].squeeze()
        assert usa["per_gdp"] == pytest.approx(100e6 / 1.5e13 * 100)
        assert math.isnan(usa["per_person"])
        assert table.loc[table["year"] == 2019, ["per_gdp", "per_person"]].isna().all().all()

    def test_shipped(self) -> None:
        chosen = inv.hosts(PANEL, "stock", 2019, 2019)
        table = inv.intensity(chosen, SIZE).set_index("iso3")
        size = SIZE[(SIZE["iso3"] == "LAO") & (SIZE["year"] == 2019)].set_index("indicator")
        value = chosen.set_index("iso3")["value"]["LAO"]
        wanted = value * 1e8 / size.loc["gdp", "value"]
        assert table.loc["LAO", "per_gdp"] == pytest.approx(wanted)
        assert 20 < wanted < 80
        assert table["per_gdp"].notna().sum() > 160
        assert len(table) == len(chosen)


class TestRecentSignals:
    def test_years(self) -> None:
        chosen = inv.recent_signals(SIGNALS, 2022, 2023)
        assert set(chosen["year"]) == {2022, 2023}
        assert len(chosen) == SIGNALS["year"].between(2022, 2023).sum()
        assert len(inv.recent_signals(SIGNALS)) == len(SIGNALS)
        assert inv.recent_signals(SIGNALS, 2003, 2019).empty
        assert list(inv.recent_signals(SIGNALS, 2003, 2019).columns) == list(SIGNALS.columns)

    @pytest.mark.parametrize("group", ["ASEAN", "Africa", "Central Asia", "CENTRAL_ASIA", "中亚"])
    def test_a_group_keeps_its_members_and_the_figures_on_itself(self, group: str) -> None:
        chosen = inv.recent_signals(SIGNALS, group=group)
        inside = SIGNALS["iso3"].isin(economies.members(group))
        label = {"CENTRAL_ASIA": "Central Asia", "中亚": "Central Asia"}.get(group, group)
        own = SIGNALS["host"] == label
        assert own.any()
        pd.testing.assert_frame_equal(chosen, SIGNALS[inside | own].reset_index(drop=True))

    def test_a_group_without_signals_of_its_own(self) -> None:
        chosen = inv.recent_signals(SIGNALS, group="EU")
        assert set(chosen["iso3"]) <= set(economies.members("EU"))

    def test_without_offshore_centres(self) -> None:
        chosen = inv.recent_signals(SIGNALS, exclude_offshore=True)
        dropped = SIGNALS[~SIGNALS["host"].isin(chosen["host"])]
        together = "Hong Kong SAR, Cayman Islands and British Virgin Islands"
        assert together in set(dropped["host"])
        assert set(dropped["iso3"].dropna()) <= OFFSHORE
        assert set(dropped["host"]) <= OFFSHORE | {together}
        assert not chosen["iso3"].isin(OFFSHORE).any()


SCALE = st.sampled_from([1e-3, 0.5, 7.0, 1e3])
amounts = st.dictionaries(
    st.tuples(
        st.sampled_from([2017, 2018, 2019]),
        st.sampled_from(["HKG", "DEU", "USA", "ZAF", "BRA", "AUS", "VNM", "KAZ"]),
    ),
    st.floats(0.01, 1e5),
    min_size=3,
    max_size=24,
)


def made(found: dict[tuple[int, str], float]) -> pd.DataFrame:
    return panel(*[(year, iso3, value) for (year, iso3), value in found.items()])


class TestProperties:
    @given(amounts, SCALE)
    @settings(max_examples=12)
    def test_shares_and_concentration_do_not_depend_on_the_unit(
        self, found: dict[tuple[int, str], float], scale: float
    ) -> None:
        frame = made(found)
        a = inv.hosts(frame)
        b = inv.hosts(frame.assign(value=frame["value"] * scale))
        free = ["hosts", "negative", "herfindahl", "effective_number", "top"]
        np.testing.assert_allclose(inv.concentration(a)[free], inv.concentration(b)[free])
        np.testing.assert_allclose(
            inv.concentration(a)["total"] * scale, inv.concentration(b)["total"]
        )
        by_share = ["share", "earlier_share"]
        np.testing.assert_allclose(
            inv.ranking(a, 3)[by_share].astype(float), inv.ranking(b, 3)[by_share].astype(float)
        )
        columns = list(inv.regions(a).columns)
        np.testing.assert_allclose(inv.regions(a), inv.regions(b)[columns])

    @given(amounts, st.randoms(use_true_random=False))
    @settings(max_examples=12)
    def test_the_order_of_rows_does_not_matter(
        self, found: dict[tuple[int, str], float], random: Any
    ) -> None:
        frame = made(found)
        order = list(range(len(frame)))
        random.shuffle(order)
        a, b = inv.hosts(frame), inv.hosts(frame.iloc[order].reset_index(drop=True))
        for call in (inv.concentration, inv.regions, inv.ranking, inv.leading):
            pd.testing.assert_frame_equal(call(a), call(b), check_like=True)

    @given(amounts, st.integers(1, 8))
    @settings(max_examples=12)
    def test_nothing_is_lost(self, found: dict[tuple[int, str], float], n: int) -> None:
        chosen = inv.hosts(made(found))
        total = chosen.groupby("year")["value"].sum()
        last = int(chosen["year"].max())
        table = inv.concentration(chosen, n)
        np.testing.assert_allclose(inv.ranking(chosen, n)["value"].sum(), total[last])
        np.testing.assert_allclose(inv.leading(chosen, n).sum(axis=1) * 1000, total)
        np.testing.assert_allclose(inv.regions(chosen).sum(axis=1), 100)
        assert (table["effective_number"] <= table["hosts"] + 1e-9).all()
        assert table["top"].between(0, 100 + 1e-9).all()

    def test_shuffled_national_tables_give_the_same_series(self) -> None:
        mixed = ANNUAL.sample(frac=1, random_state=3)
        road = ROAD.sample(frac=1, random_state=4)
        for measure in inv.MEASURES:
            for call in (inv.national, inv.components, inv.world_position):
                pd.testing.assert_frame_equal(call(mixed, measure), call(ANNUAL, measure))
            pd.testing.assert_frame_equal(
                inv.belt_and_road(road, mixed, measure), inv.belt_and_road(ROAD, ANNUAL, measure)
            )

    @pytest.mark.parametrize("scale", [0.001, 1000.0])
    def test_growth_does_not_depend_on_the_unit(self, scale: float) -> None:
        scaled = ANNUAL.assign(value=ANNUAL["value"] * scale)
        for measure in inv.MEASURES:
            a, b = inv.national(ANNUAL, measure), inv.national(scaled, measure)
            np.testing.assert_allclose(a["growth"], b["growth"])
            np.testing.assert_allclose(a["value"] * scale, b["value"])
