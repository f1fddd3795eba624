"""The World Bank's API on this machine: paging, errors inside a 200, units, codes, governance."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest
from publishers import INVALID, JSON, NOT_FOUND, WORLD_BANK, Publishers, world

import sme_analysis as sme
from sme_analysis.data import catalogue
from sme_analysis.data.governance import INDICATORS
from sme_analysis.errors import ServiceError, UnknownNameError
from sme_analysis.services import world_bank, world_bank_series
from sme_analysis.services.client import Answer, Client, Limits
from sme_analysis.services.directory import tables
from sme_analysis.services.protocol import Cleaned, Order
from sme_analysis.services.world_bank import GovernanceIndicators, WorldBank

CODE = "FP.CPI.TOTL.ZG"
STABILITY = "GOV_WGI_PV.EST"


def order(*series: str) -> Order:
    return Order("2026-11-22", 2003, 2026, series)


def cleaned(*series: str) -> Cleaned:
    client = Client(Limits(tries=1), sleep=lambda seconds: None)
    own = "governance_indicators" in tables() and set(series) & set(INDICATORS)
    service = GovernanceIndicators() if own else WorldBank()
    try:
        return service.clean(service.fetch(client, order(*series)))
    finally:
        client.close()


def refused(*series: str) -> str:
    with pytest.raises(ServiceError) as caught:
        cleaned(*series)
    return str(caught.value)


@pytest.fixture
def bank(services: Publishers) -> Publishers:
    return world(services)


def test_rows_of_a_series(bank: Publishers) -> None:
    bank.values[CODE] = {("KEN", 2023): 7.7, ("KEN", 2024): None, ("WLD", 2023): 5.6, ("", 2023): 1}
    found = cleaned("inflation")
    (row,) = found.rows.to_dict("records")
    assert (row["iso3"], row["year"], row["indicator"], row["value"], row["unit"]) == (
        "KEN", 2023, "inflation", 7.7, "percent",
    )  # fmt: skip
    assert pd.isna(row["standard_error"])
    assert row["source_id"] == "wdi_api_2026_11_22"
    assert found.notes == ("codes that are no economies of this project, left out: (blank), WLD",)
    (source,) = found.sources.to_dict("records")
    assert source["source_id"] == row["source_id"]
    assert source["edition"] == "read on 2026-11-22; last updated 2026-10-14"
    assert source["access"] == "publisher"
    assert found.series["inflation"]["code"] == CODE


def test_the_question_names_database_years_and_page(bank: Publishers) -> None:
    cleaned("inflation")
    path = bank.asked[0][0]
    assert path.startswith(f"/v2/country/all/indicator/{CODE}?")
    for part in ("format=json", "source=2", "date=2003%3A2026", "per_page=20000", "page=1"):
        assert part in path


def test_all_pages_are_read_and_every_row_once(bank: Publishers) -> None:
    whole = cleaned("inflation").rows
    bank.asked.clear()
    bank.cap = 200
    paged = cleaned("inflation").rows
    rows = [year for _, year in bank.values[CODE] if 2003 <= year <= 2026]
    pages = -(-len(rows) // 200)
    assert len(bank.asked) == pages > 1
    pd.testing.assert_frame_equal(whole, paged)


def test_every_known_indicator_is_served(bank: Publishers) -> None:
    shipped = set(sme.load("country_indicators", edition="shipped")["indicator"])
    assert set(cleaned().rows["indicator"]) == set(world_bank_series.known()) <= shipped


def test_sizes_are_whole_numbers(bank: Publishers) -> None:
    bank.values["NY.GDP.MKTP.CD"] = {("KEN", 2023): 107440582712.49}
    assert cleaned("gdp").rows["value"].tolist() == [107440582712.0]


class TestGovernance:
    def test_estimates_and_their_errors_come_from_database_3(self, bank: Publishers) -> None:
        found = cleaned("political_stability")
        assert [path.partition("?")[0].rsplit("/")[-1] for path, _ in bank.asked] == [
            STABILITY,
            "GOV_WGI_PV.SE",
        ]
        assert all("source=3" in path for path, _ in bank.asked)
        assert set(found.rows["standard_error"]) == {0.2}
        assert set(found.rows["source_id"]) == {"wgi2025_api_2026_11_22"}
        assert "method of 2025" in found.sources["edition"][0]
        assert "not to be joined" in found.sources["note"][0]
        assert found.series["political_stability"]["method"] == "method of 2025"

    def test_a_standard_error_that_is_missing_stays_blank(self, bank: Publishers) -> None:
        cell = next(iter(bank.values["GOV_WGI_PV.SE"]))
        del bank.values["GOV_WGI_PV.SE"][cell]
        rows = cleaned("political_stability").rows.set_index(["iso3", "year"])
        assert pd.isna(rows.loc[cell, "standard_error"])
        assert rows["standard_error"].isna().sum() == 1

    def test_errors_for_too_few_are_refused(self, bank: Publishers) -> None:
        few = dict(list(bank.values["GOV_WGI_PV.SE"].items())[:9])
        bank.values["GOV_WGI_PV.SE"] = few
        assert "standard errors for less than half" in refused("political_stability")

    def test_a_score_in_place_of_an_estimate_is_refused(self, bank: Publishers) -> None:
        for cell in bank.values[STABILITY]:
            bank.values[STABILITY][cell] = 61.5
        assert refused("political_stability") == (
            "political_stability: the unit has changed: GOV_WGI_PV.EST has values such as 61.5, "
            "between -5 and 5 was expected"
        )


def test_the_logistics_index_keeps_the_year_of_its_edition(bank: Publishers) -> None:
    assert {2022, 2023} & set(cleaned("logistics_performance").rows["year"]) == {2023}
    bank.values["LP.LPI.OVRL.XQ"] |= {("DEU", 2023): 4.2}
    assert {2022, 2023} <= set(cleaned("logistics_performance").rows["year"])


class TestCodes:
    def test_renamed_codes_lead_to_the_new_ones(self) -> None:
        assert world_bank_series.ALIASES["PV.EST"] == STABILITY
        assert world_bank_series.ALIASES["CC.STD.ERR"] == "GOV_WGI_CC.SE"
        assert not set(world_bank_series.ALIASES) & set(world_bank_series.ARCHIVED)

    def test_a_catalogue_of_indicators_is_read_where_there_is_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        table = pd.DataFrame(
            {
                "indicator": ["gdp", "population", "inflation", "internet_users"],
                "world_bank_code": ["NY.GDP.MKTP.CD", "RL.EST", "EN.ATM.CO2E.PC", "../x"],
            }
        )
        load = world_bank_series.load
        monkeypatch.setattr(
            world_bank_series,
            "load",
            lambda name, **options: table if name == "indicator_catalog" else load(name, **options),
        )
        monkeypatch.setattr(catalogue, "tables", lambda: ["indicator_catalog"])
        known = world_bank_series.known()
        assert known["gdp"].code == "NY.GDP.MKTP.CD"
        assert (known["population"].code, known["population"].database) == ("GOV_WGI_RL.EST", 3)
        assert "inflation" not in known  # archived
        assert "internet_users" not in known  # no code

    def test_an_unknown_series(self) -> None:
        with pytest.raises(UnknownNameError, match="did you mean 'inflation'"):
            world_bank_series.wanted(("inflatoin",))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda b: b.values.pop(CODE), "no longer serves FP.CPI.TOTL.ZG: it may be renamed"),
        (lambda b: b.databases.update({CODE: 57}), "does not know FP.CPI.TOTL.ZG in this database"),
        (lambda b: b.values.update({CODE: {}}), "the World Bank gives no rows of FP.CPI.TOTL.ZG"),
        (
            lambda b: b.values.update({CODE: {("WLD", 2023): 1.0, ("KEN", 2023): None}}),
            "gives no figure of FP.CPI.TOTL.ZG for any economy",
        ),
        (
            lambda b: b.labels.update({CODE: "Inflation, consumer prices (index, 2010 = 100)"}),
            "the unit has changed: FP.CPI.TOTL.ZG is now called 'Inflation, consumer prices (index",
        ),
        (lambda b: b.faults.append((CODE, "half_json")), "answers with JSON that cannot be read"),
        (lambda b: b.faults.append((CODE, "html")), "answers with text/html"),
        (lambda b: b.faults.append((CODE, "truncated")), "cuts an answer short"),
        (lambda b: b.faults.append((CODE, "503")), "has a passing fault (HTTP 503)"),
        (lambda b: b.faults.append((CODE, "say:[]")), "another form than it documents"),
        (lambda b: b.faults.append((CODE, "say:{}")), "another form than it documents"),
        (lambda b: b.faults.append((CODE, "say:[1, 2]")), "another form than it documents"),
        (lambda b: b.faults.append((CODE, "say:[{}, [1]]")), "another form than it documents"),
        (lambda b: b.faults.append((CODE, "say:[{}, [{}]]")), "does not say how many pages"),
        (lambda b: b.faults.append((CODE, "say:" + "[" * 9999)), "JSON that cannot be read"),
        (lambda b: b.faults.append((CODE, 'say:[{"pages":NaN},[{}]]')), "JSON that cannot be read"),
        (
            lambda b: b.faults.append((CODE, 'say:[{"pages": 9999, "total": 1}, [{}]]')),
            "9999 pages of FP.CPI.TOTL.ZG: too many to be right",
        ),
        (
            lambda b: b.faults.append((CODE, 'say:[{"message":[{"id":"199","value":"a\\nb"}]}]')),
            "refuses FP.CPI.TOTL.ZG (error 199: a b)",
        ),
        (lambda b: b.faults.append((CODE, 'say:[{"message":"no"}]')), "error without number"),
    ],
)  # fmt: skip
def test_what_is_refused(
    bank: Publishers, change: Callable[[Publishers], object], says: str
) -> None:
    change(bank)
    assert says in refused("inflation")


def answered(*pages: tuple[dict[str, object], list[dict[str, object]]]) -> list[Answer]:
    return [Answer("https://x", 200, JSON, json.dumps(page).encode()) for page in pages]


def row(iso3: str = "KEN", year: str = "2020", code: str = CODE) -> dict[str, object]:
    indicator = {"id": code, "value": "Inflation, consumer prices (annual %)"}
    return {"indicator": indicator, "countryiso3code": iso3, "date": year, "value": 1.5}


class TestPages:
    HEAD = {"page": 1, "pages": 2, "total": 2, "lastupdated": "2026-10-14"}  # noqa: RUF012

    def test_an_update_in_between(self) -> None:
        other = self.HEAD | {"lastupdated": "2026-10-15"}
        pages = answered((self.HEAD, [row()]), (other, [row("UGA")]))
        with pytest.raises(ServiceError, match=r"updated FP.CPI.TOTL.ZG while it was read"):
            world_bank._rows(pages, CODE)

    def test_fewer_rows_than_the_header_counts(self) -> None:
        with pytest.raises(ServiceError, match=r"gives 1 rows of .* and says there are 2"):
            world_bank._rows(answered((self.HEAD, [row()])), CODE)

    def test_another_series(self) -> None:
        pages = answered((self.HEAD, [row(), row("UGA", code="X.Y")]))
        with pytest.raises(ServiceError, match=r"another series than FP.CPI.TOTL.ZG"):
            world_bank._rows(pages, CODE)

    @pytest.mark.parametrize("change", [{"date": "2020Q1"}, {"value": "many"}, {"indicator": None}])
    def test_rows_of_another_form(self, change: dict[str, object]) -> None:
        pages = answered((self.HEAD, [row(), row("UGA") | change]))
        with pytest.raises(ServiceError, match="another form than it documents"):
            world_bank._rows(pages, CODE)

    def test_a_figure_given_twice(self) -> None:
        rows, _, _ = world_bank._rows(answered((self.HEAD, [row(), row()])), CODE)
        series = world_bank_series.known()["inflation"]
        with pytest.raises(ServiceError, match=r"a figure of FP.CPI.TOTL.ZG twice"):
            world_bank._part(rows, series, {"KEN"})


def test_every_refused_series_is_told_at_once(bank: Publishers) -> None:
    bank.labels[CODE] = "Inflation (index)"
    bank.labels["IT.NET.USER.ZS"] = "Individuals using the Internet (per 100 people)"
    lines = refused("inflation", "internet_users", "gdp").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["inflation", "internet_users"]


def test_the_errors_of_the_service_are_told_apart() -> None:
    assert "database 57" in world_bank._explained([NOT_FOUND], "PV.EST")
    assert "does not know" in world_bank._explained([INVALID], "X")


def test_the_stand_in_serves_every_shipped_series() -> None:
    assert {series for _, _, series in WORLD_BANK.values()} == set(world_bank_series._CODES)
