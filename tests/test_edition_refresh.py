"""Refreshing from end to end, against the services on this machine: what is taken, what refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from publishers import Publishers, investment, packed, trade, workbook, world
from soak.soak_refresh import soak, tidy

import sme_analysis as sme
from sme_analysis import cli, editions
from sme_analysis.data import choice, shelf
from sme_analysis.data.governance import INDICATORS
from sme_analysis.data.tables import load
from sme_analysis.data.verify import digest, verify_table
from sme_analysis.editions import doctor, lock, renewal
from sme_analysis.editions.difference import apply
from sme_analysis.editions.renewal import Renewal
from sme_analysis.errors import DataError, ParameterError, ServiceError, UnknownNameError
from sme_analysis.locations import folder
from sme_analysis.services.client import Client, Limits
from sme_analysis.services.directory import tables
from sme_analysis.services.world_bank_series import GOVERNANCE

TABLE = "country_indicators"
KEY = ["iso3", "indicator", "year"]
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
INFLATION, INTERNET = "FP.CPI.TOTL.ZG", "IT.NET.USER.ZS"


def refresh(*series: str, table: str = TABLE, days: int = 0, **options: bool) -> Renewal:
    client = Client(Limits(tries=1), sleep=lambda seconds: None)
    moment = NOW + timedelta(days=days)
    return renewal.refresh(table, series=series, client=client, now=moment, **options)


@pytest.fixture
def bank(services: Publishers) -> Publishers:
    return world(services)


def test_from_the_shipped_table_to_a_new_edition_and_back(bank: Publishers) -> None:
    path = folder("data") / f"{TABLE}.csv"
    before = digest(path)
    shipped = sme.load(TABLE)
    done = refresh()
    assert (done.edition, done.base, done.used) == ("2026-11-22", "shipped", True)
    fresh = sme.load(TABLE)
    assert fresh.attrs["edition"] == "2026-11-22"
    assert digest(path) == before
    # The difference leads from the one to the other.
    assert done.difference is not None
    found = editions.diff(TABLE)
    pd.testing.assert_frame_equal(apply(shipped, found), fresh, check_like=False)
    governed = set(INDICATORS) & set(shipped["indicator"])
    assert set(found.renewed) == governed
    assert not found.after["indicator"].isin(INDICATORS).any()
    # The edition keeps the rules of the registry, and its files their hashes.
    held = shelf.edition(TABLE, "2026-11-22")
    others = {name: sme.load(name) for name in ("economies", "sources")}
    assert verify_table(held.entry, held.folder, others) == []
    log = shelf.content(held, held.folder / "requests.jsonl").decode().splitlines()
    assert (
        len(log) == len(bank.asked) == len(done.difference.by_series("indicator")) + len(governed)
    )
    assert {json.loads(line)["status"] for line in log} == {200}
    editions.use(TABLE, "shipped")
    pd.testing.assert_frame_equal(sme.load(TABLE), shipped)


def test_a_series_is_replaced_as_a_whole_and_others_are_carried_over(bank: Publishers) -> None:
    shipped = sme.load(TABLE)
    gone = next(cell for cell in bank.values[INFLATION] if cell[0] == "KEN")
    del bank.values[INFLATION][gone]
    refresh("inflation")
    fresh = sme.load(TABLE)
    own = fresh["indicator"] == "inflation"
    assert set(fresh.loc[own, "source_id"]) == {"wdi_api_2026_11_22"}
    assert not ((fresh["iso3"] == gone[0]) & (fresh["year"] == gone[1]) & own).any()
    rest = fresh[~own].reset_index(drop=True)
    kept = shipped[shipped["indicator"] != "inflation"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, kept)


def test_the_next_edition_stands_on_the_one_in_use(bank: Publishers) -> None:
    refresh("inflation")
    second = refresh("internet_users")
    assert (second.edition, second.base) == ("2026-11-22.2", "2026-11-22")
    ids = sme.load(TABLE).groupby("indicator")["source_id"].first()
    assert ids["inflation"] == "wdi_api_2026_11_22"
    assert ids["internet_users"] == "wdi_api_2026_11_22_2"
    held = shelf.edition(TABLE, "2026-11-22.2")
    assert set(held.about["series"]) == {"inflation", "internet_users"}
    # It stands alone: the edition below it may go.
    shutil.rmtree(shelf.edition(TABLE, "2026-11-22").folder)
    listed = sme.load("sources")
    assert {"wdi_api_2026_11_22", "wdi_api_2026_11_22_2"} <= set(listed["source_id"])
    assert set(sme.load(TABLE)["source_id"]) <= set(listed["source_id"])


def test_figures_that_are_in_use_already_make_no_edition(bank: Publishers) -> None:
    refresh("inflation")
    again = refresh("inflation", days=30)
    assert (again.edition, again.base) == ("", "2026-11-22")
    assert shelf.names(TABLE) == ["2026-11-22"]
    bank.values[INFLATION]["KEN", 2024] = 4.5
    assert refresh("inflation", days=60).edition == "2027-01-21"


def test_stored_and_not_used(bank: Publishers) -> None:
    assert refresh("inflation", use=False).used is False
    assert sme.load(TABLE).attrs["edition"] == "shipped"
    assert shelf.names(TABLE) == ["2026-11-22"]


def halve(bank: Publishers) -> None:
    cells = list(bank.values[INFLATION])
    bank.values[INFLATION] = {cell: bank.values[INFLATION][cell] for cell in cells[::3]}


def scale(code: str, factor: float) -> Callable[[Publishers], None]:
    def change(bank: Publishers) -> None:
        values = bank.values[code]
        bank.values[code] = {cell: value and value * factor for cell, value in values.items()}

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (halve, "inflation: the coverage is halved: "),
        (scale(INFLATION, 100), "inflation: the unit has changed: the figures are 10"),
        (scale(INFLATION, 0.01), "inflation: the unit has changed: the figures are 0.01"),
        (lambda b: b.values.pop(INFLATION), "no longer serves FP.CPI.TOTL.ZG"),
        (lambda b: b.values.update({INFLATION: {}}), "gives no rows"),
        (lambda b: b.faults.append((INFLATION, "503")), "has a passing fault"),
        (lambda b: b.faults.append((INFLATION, "truncated")), "cuts an answer short"),
        (lambda b: b.faults.append((INFLATION, "closed")), "cannot be reached"),
        (lambda b: b.faults.append((INFLATION, "redirect:https://x.org")), "is not followed"),
    ],
)
def test_what_is_refused_leaves_all_as_it_was(
    bank: Publishers, change: Callable[[Publishers], object], says: str
) -> None:
    before = choice.chosen(TABLE), shelf.names(TABLE)
    change(bank)
    with pytest.raises(ServiceError) as caught:
        refresh("inflation", days=1)
    lines = str(caught.value).splitlines()
    assert says in lines[0]
    assert lines[-1] == f"table {TABLE!r} was not refreshed: what was in use stays in use"
    assert (choice.chosen(TABLE), shelf.names(TABLE)) == before
    assert not list(shelf.home().rglob(".*"))
    assert len(sme.load(TABLE)) > 0


def test_a_refusal_after_a_refresh_leaves_its_edition_in_use(bank: Publishers) -> None:
    refresh("inflation")
    halve(bank)
    with pytest.raises(ServiceError, match="the coverage is halved"):
        refresh("inflation", days=1)
    assert sme.load(TABLE).attrs["edition"] == "2026-11-22"
    assert shelf.names(TABLE) == ["2026-11-22"]


def test_an_edition_that_does_not_verify_is_not_written(bank: Publishers) -> None:
    bank.values["SP.POP.TOTL"]["KEN", 2024] = -5.0
    with pytest.raises(DataError) as caught:
        refresh("population")
    assert "the population of KEN in 2024 is -5" in str(caught.value)
    assert shelf.names(TABLE) == []
    assert not list(shelf.home().rglob(".*"))


def test_governance_indicators_are_refreshed_together(bank: Publishers) -> None:
    table = GOVERNANCE if GOVERNANCE in tables() else TABLE
    with pytest.raises(ServiceError, match="would come from two editions, which must not be join"):
        refresh("rule_of_law", table=table)
    done = refresh(*INDICATORS, table=table)
    held = shelf.edition(table, done.edition)
    assert held.about["series"]["rule_of_law"]["method"] == "method of 2025"
    assert done.difference is not None
    assert set(done.difference.renewed) == set(INDICATORS)
    # The risk index can say on which edition it stands.
    governance = editions.governance()
    assert governance is not None
    assert governance.method == "the method of 2025"


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"table": "outward_fdi_annual"}, UnknownNameError, "unknown table with a service"),
        ({"table": "nothing"}, UnknownNameError, "unknown table 'nothing'"),
        ({"series": ("inflatoin",)}, UnknownNameError, "did you mean 'inflation'"),
        ({"without": ("x",)}, UnknownNameError, "unknown series 'x'"),
        ({"series": ("gdp",), "without": ("gdp",)}, ParameterError, "no series of table"),
    ],
)
def test_what_cannot_be_asked_for(
    own_folder: Path, options: dict, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        renewal.refresh(**{"table": TABLE, **options})


def test_two_at_once(bank: Publishers, own_folder: Path) -> None:
    with lock.held(own_folder), pytest.raises(DataError, match="another refresh is under way"):
        refresh("inflation")
    assert bank.asked == []


def test_a_damaged_choice_stops_a_refresh_before_it_asks(bank: Publishers) -> None:
    shelf.home().mkdir(parents=True)
    choice.settings().write_text("{")
    with pytest.raises(DataError, match="data use all shipped"):
        refresh("inflation")
    assert bank.asked == []


def test_tables_that_only_a_refresh_brings(services: Publishers) -> None:
    trade(investment(services))
    first = refresh(table="direct_investment_positions")
    assert (first.base, first.difference, first.edition) == ("", None, "2026-11-22")
    rows = load("direct_investment_positions")
    assert set(rows["basis"]) == {"china_outward", "host_inward"}
    assert rows["year"].max() == 2024
    assert "imf_dip_api_2026_11_22" in set(load("sources")["source_id"])
    services.positions.clear()
    investment(services, last=2025)
    second = refresh(table="direct_investment_positions", days=200)
    assert second.difference is not None
    assert second.difference.removed.empty
    assert set(second.difference.added["year"]) == {2025}
    with pytest.raises(UnknownNameError, match=r"Allowed: 2026-11-22, 2027-06-10\."):
        editions.use("direct_investment_positions", "shipped")
    assert refresh(table="goods_trade_by_partner").edition == "2026-11-22"
    assert editions.listed()["edition"].tolist() == ["2026-11-22", "2027-06-10", "2026-11-22"]


class TestCommands:
    def run(self, capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
        assert cli.main(["data", *argv]) == code
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return out + err

    def test_the_whole_way(
        self, bank: Publishers, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        out = self.run(capsys, "refresh", TABLE, "--series", "inflation")
        day = shelf.names(TABLE)[0]
        assert f"In use from now on: edition {day}." in out
        assert f"Back: sme-analysis data use {TABLE} shipped" in out
        assert "left out: (blank), WLD" in out
        assert f"{TABLE}  {day}  yes" in self.run(capsys, "editions")
        out = self.run(capsys, "diff", TABLE, "shipped", day, "--top", "3")
        assert out.startswith(f"{TABLE}, shipped to {day}: ")
        assert "Largest of " in out
        page = tmp_path / "diff.html"
        assert self.run(capsys, "diff", TABLE, "--html", str(page)) == f"{page}\n"
        assert "<h2>Largest revisions</h2>" in page.read_text(encoding="utf-8")
        assert "already" in self.run(capsys, "refresh", TABLE, "--series", "inflation")
        assert "In use from now on: country_indicators, shipped." in self.run(
            capsys, "use", TABLE, "shipped"
        )
        assert "every table, shipped" in self.run(capsys, "use", "all", "shipped")

    def test_a_refusal_is_exit_code_1(
        self, bank: Publishers, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bank.labels[INTERNET] = "Individuals using the Internet (number)"
        out = self.run(capsys, "refresh", TABLE, "--series", "internet_users", code=1)
        assert "sme-analysis: internet_users: the unit has changed" in out
        assert "sme-analysis: table 'country_indicators' was not refreshed" in out

    @pytest.mark.parametrize(
        "argv",
        [["refresh", "nothing"], ["use", TABLE, "2026"], ["diff", "nothing"], ["editions", "x"],
         ["diff", TABLE, "--top", "-1"], ["diff", TABLE, "--html", "/no/such/place.html"]],
    )  # fmt: skip
    def test_wrong_input_is_exit_code_2(
        self, own_folder: Path, capsys: pytest.CaptureFixture[str], argv: list[str]
    ) -> None:
        assert self.run(capsys, *argv, code=2).startswith("sme-analysis: ")

    def test_without_a_table_the_tables_are_listed(
        self, own_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = self.run(capsys, "refresh")
        for table in (TABLE, "goods_trade_by_partner", "direct_investment_positions"):
            assert table in out
        assert "No edition besides the shipped" in self.run(capsys, "editions")


class TestDoctor:
    def test_all_is_well(self, bank: Publishers, capsys: pytest.CaptureFixture[str]) -> None:
        trade(investment(bank))
        bank.archive = packed(a_dot_xlsx=workbook())
        assert cli.main(["data", "doctor"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 8
        assert all(line.startswith("ok  ") for line in lines), lines
        assert any("without a key" in line for line in lines)

    def test_each_service_in_a_line_where_none_answers(
        self, services: Publishers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SME_ANALYSIS_LOOPBACK", "")
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        monkeypatch.delenv("NO_PROXY")
        monkeypatch.delenv("no_proxy")
        found = list(doctor.examine())
        assert [item.well for item in found] == [True, True] + [False] * 6
        assert all("cannot be reached" in item.words for item in found[2:])
        assert all("\n" not in item.words for item in found)

    def test_a_service_that_answers_something_else(self, services: Publishers) -> None:
        found = {item.what: item for item in doctor.examine()}
        assert "no longer serves SP.POP.TOTL" in found["World Bank, development indicators"].words
        assert "the IMF has no series" in found["IMF, direct investment"].words
        assert "gives no exports of China" in found["UN Comtrade, trade"].words
        assert "HTTP 404" in found["AidData, development finance"].words

    def test_a_damaged_edition_in_use(self, bank: Publishers) -> None:
        refresh("inflation")
        shelf.edition(TABLE, "2026-11-22").path.write_text("x")
        found = {item.what: item for item in doctor.examine()}
        assert not found["editions in use"].well
        assert "returns to the shipped table" in found["editions in use"].words


@pytest.mark.slow
def test_a_short_soak(bank: Publishers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=":")
    counts = soak(4, 6, bank)
    assert counts["new edition in use"] >= 1
    bank.faults.clear()
    tidy()
