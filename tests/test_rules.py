"""The adding-up rules, broken one by one behind a correct hash: only the rule can object."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis.data import rules

if TYPE_CHECKING:
    from conftest import DataCopy

ANNUAL = "outward_fdi_annual"
PANEL = "outward_fdi_by_economy"
FRAMES = {
    name: sme.load(name)
    for name in (
        ANNUAL,
        PANEL,
        "outward_fdi_by_region",
        "economies",
        "economy_groups",
        "belt_and_road_members",
    )
}

PRINTED_GROWTH = (
    FRAMES[ANNUAL].query("indicator == 'flow_growth' and basis == 'bulletin'")["year"].tolist()
)


def only(problems: list[str]) -> str:
    assert len(problems) == 1, problems
    return problems[0]


def broken(name: str, frame: pd.DataFrame) -> list[str]:
    return list(rules.adding_up(FRAMES | {name: frame}))


def within(frame: pd.DataFrame) -> list[str]:
    """What the rules inside the national table say."""
    return list(rules.adding_up({ANNUAL: frame}))


def changed(name: str, amount: float, **where: object) -> pd.DataFrame:
    """Add an amount to the value of the one row that fits."""
    frame = FRAMES[name].copy()
    keep = pd.Series(True, index=frame.index)
    for column, value in where.items():
        keep &= frame[column] == value
    assert keep.sum() == 1, where
    frame.loc[keep, "value"] += amount
    return frame


def test_the_shipped_tables_keep_every_rule() -> None:
    assert list(rules.adding_up(FRAMES)) == []


def test_rules_without_their_tables_are_skipped() -> None:
    assert list(rules.adding_up({})) == []
    assert list(rules.adding_up({PANEL: FRAMES[PANEL]})) == []


class TestBehindACorrectHash:
    """The same chain as a user's: an edited file, an updated hash, verify()."""

    def test_components_of_the_flow(self, copy: DataCopy) -> None:
        copy.replace(
            ANNUAL, "2016,flow_new_equity,bulletin,114.13", "2016,flow_new_equity,bulletin,114.31"
        )
        assert only(copy.verify()) == (
            "outward_fdi_annual: the components of the flow of 2016 sum to 196.33, "
            "the flow is 196.15 (US$ bn; gap +0.18)"
        )

    def test_components_of_the_stock(self, copy: DataCopy) -> None:
        copy.replace(
            ANNUAL, "2019,stock_equity,bulletin,1209.67", "2019,stock_equity,bulletin,1209.76"
        )
        assert only(copy.verify()) == (
            "outward_fdi_annual: the components of the stock of 2019 sum to 2198.97, "
            "the stock is 2198.88 (US$ bn; gap +0.09)"
        )

    def test_financial_and_other_flow(self, copy: DataCopy) -> None:
        copy.replace(
            ANNUAL, "2010,flow_financial,bulletin,8.63", "2010,flow_financial,bulletin,6.83"
        )
        assert only(copy.verify()) == (
            "outward_fdi_annual: the two parts of 2010 sum to 67.01, "
            "the flow is 68.81 (US$ bn; gap -1.80)"
        )

    def test_printed_growth(self, copy: DataCopy) -> None:
        copy.replace(ANNUAL, "2024,flow_growth,bulletin,8.4", "2024,flow_growth,bulletin,4.8")
        assert only(copy.verify()) == (
            "outward_fdi_annual: the flow of 2024 (bulletin) grew by 8.4 per cent, "
            "4.8 is printed (gap +3.6 points)"
        )

    def test_growth_of_2006_on_its_own_basis(self, copy: DataCopy) -> None:
        old = "2006,flow_growth,bulletin_non_financial,43.8"
        copy.replace(ANNUAL, old, "2006,flow_growth,bulletin_non_financial,72.6")
        said = only(copy.verify())
        assert "the flow of 2006 (bulletin_non_financial) grew by 43.8 per cent, 72.6 is" in said

    def test_economies_to_nation(self, copy: DataCopy) -> None:
        # both continent and nation are off: each says so, with its amounts
        line = next(x for x in copy.lines(PANEL) if x.startswith("2016,USA,flow,bulletin,"))
        value = float(line.split(",")[4])
        copy.replace(
            PANEL,
            f"2016,USA,flow,bulletin,{line.split(',')[4]}",
            f"2016,USA,flow,bulletin,{value + 100:.2f}",
        )
        nation, region = copy.verify()
        assert nation == (
            "outward_fdi_by_economy: the flow of 2016 sums to US$196.249 bn over economies, "
            "the national total is 196.15"
        )
        printed = FRAMES["outward_fdi_by_region"].query(
            "year == 2016 and region == 'North America' and measure == 'flow'"
        )["value"]
        assert f"outward_fdi_by_region has {printed.item():.2f}" in region
        assert "the flow of 2016 in North America sums to US$" in region

    def test_economies_to_region(self, copy: DataCopy) -> None:
        name = "outward_fdi_by_region"
        line = next(x for x in copy.lines(name) if x.startswith("2010,Europe,stock,"))
        year, region, measure, basis, value = line.split(",")[:5]
        old = ",".join([year, region, measure, basis, value])
        copy.replace(name, old, f"{year},{region},{measure},{basis},{float(value) - 2:.2f}")
        said = only(copy.verify())
        assert "the stock of 2010 in Europe sums to US$" in said
        assert f"outward_fdi_by_region has {float(value) - 2:.2f}" in said

    def test_two_preferred_rows(self, copy: DataCopy) -> None:
        copy.replace(
            ANNUAL,
            "2018,stock,bulletin,1980,usd_bn,about,false",
            "2018,stock,bulletin,1980,usd_bn,about,true",
        )
        said = copy.verify()
        assert f"{ANNUAL}: 2018 stock bulletin usd_bn has 2 preferred rows, not one" in said

    def test_no_preferred_row(self, copy: DataCopy) -> None:
        copy.replace(
            ANNUAL,
            "2025,stock,bulletin,3400,usd_bn,about,true",
            "2025,stock,bulletin,3400,usd_bn,about,false",
        )
        said = only(copy.verify())
        assert said == f"{ANNUAL}: 2025 stock bulletin usd_bn has 0 preferred rows, not one"

    def test_left_before_joined(self, copy: DataCopy) -> None:
        name = "belt_and_road_members"
        row = sme.load(name).set_index("iso3").loc["ITA"]
        start = f"ITA,withdrawn,{row['joined']},{row['joined_precision']},{row['left']}"
        copy.replace(name, start, start.replace(row["left"], "2011-01-01"))
        assert only(copy.verify()) == (
            f"{name}: ITA left in 2011-01-01, before it joined in {row['joined']}"
        )

    def test_a_flow_that_breaks_several_rules_is_named_by_each(self, copy: DataCopy) -> None:
        copy.replace(ANNUAL, "2015,flow,bulletin,145.67", "2015,flow,bulletin,154.67")
        said = copy.verify()
        assert "145.67, the flow is 154.67" in said[0]
        assert f"{ANNUAL}: the flow of 2015 (bulletin) grew by 25.6 per cent" in said[1]
        assert f"{ANNUAL}: the flow of 2016 (bulletin) grew by 26.8 per cent" in said[2]
        assert said[3].startswith(f"{PANEL}: the flow of 2015 sums to US$145.668 bn")
        assert said[4].startswith("outward_fdi_by_industry: the coverage of 2015 full_year")
        assert "is given as 16.6 per cent, the separate industries make 15.7" in said[4]
        assert len(said) == 5


class TestTolerances:
    @pytest.mark.parametrize("year", [2008, 2012, 2015, 2017, 2019])
    def test_a_gap_beyond_rounding_is_found(self, year: int) -> None:
        frame = changed(ANNUAL, 0.03, year=year, indicator="flow_debt_instruments")
        assert f"the components of the flow of {year}" in only(within(frame))

    def test_rounding_itself_is_not(self) -> None:
        frame = changed(ANNUAL, 0.01, year=2019, indicator="flow_debt_instruments")
        assert within(frame) == []

    def test_an_unpublished_component_is_not_compared(self) -> None:
        frame = changed(ANNUAL, 50, year=2024, indicator="flow_reinvested_earnings")
        assert within(frame) == []

    @pytest.mark.parametrize("year", PRINTED_GROWTH)
    def test_growth_a_fifth_of_a_point_off(self, year: int) -> None:
        for amount in (0.25, -0.25):
            frame = changed(ANNUAL, amount, year=year, indicator="flow_growth", basis="bulletin")
            assert f"the flow of {year} (bulletin) grew by" in only(within(frame))

    @settings(max_examples=15)
    @given(st.integers(0, 10_000), st.sampled_from([50.0, -50.0, 5000.0]))
    def test_any_host_figure_wrong_by_50_million_is_found(self, place: int, amount: float) -> None:
        frame = FRAMES[PANEL].copy()
        complete = frame.index[frame["panel"] == "complete"]
        row = complete[place % len(complete)]
        frame.loc[row, "value"] += amount
        year, measure = frame.loc[row, ["year", "measure"]]
        said = broken(PANEL, frame)
        assert any(f"the {measure} of {year} in " in problem for problem in said)

    def test_a_host_moved_to_another_continent_is_found(self) -> None:
        economies = FRAMES["economies"].copy()
        economies.loc[economies["iso3"] == "DEU", "bulletin_region"] = "Asia"
        said = broken("economies", economies)
        assert any("in Asia sums to" in problem for problem in said)
        assert any("in Europe sums to" in problem for problem in said)

    def test_a_lost_year_is_found(self) -> None:
        frame = FRAMES[PANEL].query("year != 2014")
        assert sum("of 2014 in " in problem for problem in broken(PANEL, frame)) == 12

    def test_the_partial_year_is_not_summed(self) -> None:
        frame = FRAMES[PANEL].copy()
        frame.loc[frame["panel"] == "partial", "value"] *= 2
        assert broken(PANEL, frame) == []


class TestOddTables:
    def test_two_printed_growth_rates_are_no_obstacle(self) -> None:
        frame = FRAMES[ANNUAL]
        twin = frame.query("year == 2024 and indicator == 'flow_growth'").assign(value=99.0)
        other = pd.concat([twin.assign(preferred=False), frame], ignore_index=True)
        assert broken(ANNUAL, other) == []
        both = pd.concat([frame, twin], ignore_index=True)
        assert "2 preferred rows" in only(broken(ANNUAL, both))

    @pytest.mark.parametrize(
        ("joined", "left", "found"),
        [
            ("2013-12", "2013-05", True),
            ("2013-12", "2013", False),
            ("2013", "2013-01-02", False),
            ("2013-05-02", "2013-05-01", True),
            ("2013-05-02", "2013-05", False),
            ("2019", "2017-05", True),
            ("2019-03-23", "2023-12", False),
        ],
    )
    def test_partial_dates(self, joined: str, left: str, found: bool) -> None:
        frame = FRAMES["economy_groups"].copy()
        frame.loc[0, ["joined", "left"]] = [joined, left]
        assert bool(broken("economy_groups", frame)) is found

    @pytest.mark.parametrize("name", list(FRAMES))
    def test_an_empty_table_does_not_stop_the_rules(self, name: str) -> None:
        said = broken(name, FRAMES[name].iloc[:0])
        assert all(isinstance(problem, str) for problem in said)

    @pytest.mark.parametrize("name", list(FRAMES))
    def test_order_of_rows_does_not_matter(self, name: str) -> None:
        shuffled = FRAMES[name].sample(frac=1, random_state=1).reset_index(drop=True)
        assert broken(name, shuffled) == []


def test_growth_is_recomputed_within_a_tenth_of_a_point_in_every_comparable_year() -> None:
    flow = FRAMES[ANNUAL].query(
        "indicator == 'flow' and basis == 'bulletin' and unit == 'usd_bn' and preferred"
    )
    values = flow.set_index("year")["value"]
    printed = FRAMES[ANNUAL].query("indicator == 'flow_growth' and basis == 'bulletin'")
    for row in printed.itertuples():
        computed = (values[row.year] / values[row.year - 1] - 1) * 100
        assert math.isclose(computed, row.value, abs_tol=0.11), row.year
    assert len(printed) >= 17
