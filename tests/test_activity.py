"""One view of three sources: what it shows adds up to the shipped tables."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import economies
from sme_analysis.errors import ParameterError
from sme_analysis.sectors import activity

CROSSWALK = sme.load("sector_crosswalk")
DEALS = sme.load("deals_by_sector")
BY_HOST = sme.load("deals_by_economy")
PROJECTS = sme.load("development_projects")
INDUSTRIES = sme.load("outward_fdi_by_industry")
COLUMNS = ["iso3", "year", "period", "sector", "detail", "count", "amount", "source_id"]
PERIODS = ("2005-2009", "2010-2014", "2015-2019", "2020-2025")
SPANS = [(2005, 2025), (2000, 2025), (2012, 2012), (2009, 2010), (2024, 2025), (2000, 2004)]

every_span = pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]}-{span[1]}")


def choose(source: str, start: int, end: int, group: str = "World") -> pd.DataFrame:
    return activity.chosen(
        source,
        activity.deals_by_year(DEALS, CROSSWALK, start, end),
        activity.deals_by_host(BY_HOST, start, end, group),
        PROJECTS,
        INDUSTRIES,
        CROSSWALK,
        start_year=start,
        end_year=end,
        group=group,
    )


def within(frame: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    return frame[(frame["year"] >= start) & (frame["year"] <= end)]


def well_formed(rows: pd.DataFrame, *more: str) -> None:
    assert list(rows.columns) == [*COLUMNS, *more]
    assert isinstance(rows.index, pd.RangeIndex)
    assert set(rows["sector"]) <= set(activity.SECTORS)
    assert rows["detail"].notna().all()
    assert rows["source_id"].notna().all()


def test_every_broad_sector_of_the_crosswalk_has_a_name() -> None:
    assert set(CROSSWALK["broad_sector"]) <= set(activity.SECTORS)
    assert len(set(activity.NAMES.values())) == len(activity.NAMES)


def test_every_analysis_sector_leads_to_one_broad_sector() -> None:
    assert (CROSSWALK.groupby("analysis_sector")["broad_sector"].nunique() == 1).all()
    found = activity.broad(pd.Series(["renewable_energy", "no such sector"]), CROSSWALK)
    assert found[0] == "renewable_energy"
    assert pd.isna(found[1])


@every_span
class TestTotals:
    def test_deals_by_year(self, span: tuple[int, int]) -> None:
        rows = activity.deals_by_year(DEALS, CROSSWALK, *span)
        well_formed(rows, "kind", "tag")
        kept = within(DEALS, *span)
        for kind in ("investment", "construction", "troubled"):
            ours, theirs = rows[rows["kind"] == kind], kept[kept["kind"] == kind]
            assert ours.groupby("year")["count"].sum().to_dict() == (
                theirs.groupby("year")["deals"].sum().to_dict()
            )
            assert ours["amount"].sum() * 1000 == pytest.approx(theirs["value"].sum())
        assert rows["iso3"].isna().all()

    def test_projects(self, span: tuple[int, int]) -> None:
        rows = activity.projects(PROJECTS, CROSSWALK, *span)
        well_formed(rows)
        kept = within(PROJECTS, *span)
        assert int(rows["count"].sum()) == int(kept["projects"].sum())
        assert rows["amount"].sum() * 1000 == pytest.approx(kept["value"].sum())
        assert int(rows["amount"].isna().sum()) == int(kept["value"].isna().sum())

    def test_periods_hold_their_years(self, span: tuple[int, int]) -> None:
        for rows in (
            activity.deals_by_year(DEALS, CROSSWALK, *span),
            activity.projects(PROJECTS, CROSSWALK, *span),
        ):
            known: dict[int, str] = {}
            for year, period in set(zip(rows["year"], rows["period"], strict=True)):
                first, last = int(period[:4]), int(period[-4:])
                assert span[0] <= first <= year <= last <= span[1]
                assert last - first <= (5 if last > 2024 else 4)
                assert known.setdefault(year, period) == period


def test_official_years_are_those_of_complete_tables() -> None:
    rows = activity.industries(INDUSTRIES, CROSSWALK, 2000, 2025)
    well_formed(rows)
    assert sorted(rows["year"].unique()) == [2005, 2006, 2007, 2008]
    assert rows["count"].isna().all()


@pytest.mark.parametrize("year", range(2005, 2009))
def test_official_amounts_add_up_to_the_flow_of_the_year(year: int) -> None:
    rows = activity.industries(INDUSTRIES, CROSSWALK, year, year)
    annual = sme.load("outward_fdi_annual")
    flow = annual[(annual["indicator"] == "flow") & (annual["year"] == year)]
    flow = flow[(flow["unit"] == "usd_bn") & flow["preferred"]]
    assert (flow["value"] - rows["amount"].sum()).abs().min() < 0.06
    assert rows["detail"].notna().all()
    kept = INDUSTRIES[(INDUSTRIES["year"] == year) & (INDUSTRIES["indicator"] == "amount")]
    kept = kept[kept["measure"] == "flow"]
    assert set(rows["amount"]) <= set(kept["value"])


def test_a_year_with_two_tables_is_counted_once() -> None:
    rows = activity.industries(INDUSTRIES, CROSSWALK, 2005, 2008)
    assert (rows.groupby("year")["sector"].count() <= 20).all()


def test_coverage_asked_for_can_be_lowered() -> None:
    more = activity.industries(INDUSTRIES, CROSSWALK, 2005, 2025, complete=10.0)
    assert set(more["year"]) > {2005, 2006, 2007, 2008}


class TestHosts:
    @pytest.mark.parametrize(
        ("span", "periods"),
        [
            ((2005, 2025), PERIODS),
            ((2000, 2025), PERIODS),
            ((2006, 2025), PERIODS[1:]),
            ((2005, 2024), PERIODS[:3]),
            ((2010, 2014), PERIODS[1:2]),
            ((2011, 2014), ()),
            ((2012, 2012), ()),
            ((2000, 2004), ()),
        ],
    )
    def test_only_periods_wholly_inside(
        self, span: tuple[int, int], periods: tuple[str, ...]
    ) -> None:
        rows = activity.deals_by_host(BY_HOST, *span)
        well_formed(rows, "kind")
        assert sorted(rows["period"].unique()) == list(periods)
        kept = BY_HOST[BY_HOST["period"].isin(periods)]
        assert int(rows["count"].sum()) == int(kept["deals"].sum())
        assert rows["amount"].sum() * 1000 == pytest.approx(kept["value"].sum())

    @pytest.mark.parametrize("group", ["ASEAN", "EU", "CENTRAL_ASIA", "Oceania"])
    def test_members_alone(self, group: str) -> None:
        members = set(economies.members(group, 2025))
        for rows, frame, count in (
            (activity.deals_by_host(BY_HOST, 2005, 2025, group), BY_HOST, "deals"),
            (activity.projects(PROJECTS, CROSSWALK, 2000, 2025, group), PROJECTS, "projects"),
        ):
            assert set(rows["iso3"]) <= members
            kept = frame[frame["iso3"].isin(members)]
            assert int(rows["count"].sum()) == int(kept[count].sum())

    def test_membership_is_that_of_the_last_year(self) -> None:
        assert "GBR" in economies.members("EU", 2019)
        assert "GBR" in set(activity.deals_by_host(BY_HOST, 2005, 2019, "EU")["iso3"])
        assert "GBR" not in set(activity.deals_by_host(BY_HOST, 2005, 2025, "EU")["iso3"])

    def test_any_spelling_of_the_world(self) -> None:
        every = activity.projects(PROJECTS, CROSSWALK, 2000, 2021)
        same = activity.projects(PROJECTS, CROSSWALK, 2000, 2021, "world")
        pd.testing.assert_frame_equal(every, same)


class TestTags:
    def test_a_tag_is_that_of_the_crosswalk(self) -> None:
        rows = activity.deals_by_year(DEALS, CROSSWALK, 2005, 2025)
        tags = CROSSWALK[(CROSSWALK["scheme"] == "deals") & CROSSWALK["tag"].notna()]
        assert set(rows["tag"].dropna()) == set(tags["tag"])
        for tag, part in tags.groupby("tag"):
            expected = sum(
                DEALS.loc[
                    (DEALS["sector"] == row.class_code)
                    & (DEALS["subsector"] == row.subclass)
                    & ((DEALS["kind"] == row.kind) | (row.kind == "any")),
                    "deals",
                ].sum()
                for row in part.itertuples()
            )
            assert int(rows.loc[rows["tag"] == tag, "count"].sum()) == int(expected), tag

    def test_renewable_energy_is_a_sector_of_its_own(self) -> None:
        rows = activity.deals_by_year(DEALS, CROSSWALK, 2005, 2025)
        assert set(rows.loc[rows["tag"] == "renewable_energy", "sector"]) == {"renewable_energy"}


class TestChosen:
    @every_span
    def test_deals_are_investments_alone(self, span: tuple[int, int]) -> None:
        rows = choose("deals", *span)
        kept = within(DEALS[DEALS["kind"] == "investment"], *span)
        assert int(rows["count"].sum()) == int(kept["deals"].sum())
        assert set(rows["kind"]) <= {"investment"}

    def test_deals_of_a_group_come_by_host(self) -> None:
        rows = choose("deals", 2005, 2025, "ASEAN")
        kept = BY_HOST[BY_HOST["iso3"].isin(economies.members("ASEAN", 2025))]
        kept = kept[kept["kind"] == "investment"]
        assert int(rows["count"].sum()) == int(kept["deals"].sum()) > 0

    def test_the_official_table_knows_no_hosts(self) -> None:
        assert len(choose("official", 2005, 2025))
        assert choose("official", 2005, 2025, "ASEAN").empty
        assert choose("official", 2012, 2025).empty

    def test_development_projects(self) -> None:
        pd.testing.assert_frame_equal(
            choose("development", 2005, 2015, "EU"),
            activity.projects(PROJECTS, CROSSWALK, 2005, 2015, "EU"),
        )

    def test_an_unknown_source_is_named_with_what_is_allowed(self) -> None:
        with pytest.raises(ParameterError, match="deal") as caught:
            choose("deal", 2005, 2025)
        message = str(caught.value)
        assert len(message.splitlines()) == 1
        assert "source" in message
        for source in activity.SOURCES:
            assert source in message


def test_no_function_changes_what_it_is_given() -> None:
    before = [frame.copy() for frame in (DEALS, BY_HOST, PROJECTS, INDUSTRIES, CROSSWALK)]
    for source, group in itertools.product(activity.SOURCES, ("World", "ASEAN")):
        choose(source, 2005, 2025, group)
    for frame, old in zip((DEALS, BY_HOST, PROJECTS, INDUSTRIES, CROSSWALK), before, strict=True):
        pd.testing.assert_frame_equal(frame, old)
