"""Editions: loading, choosing, damage and the way back, writing whole, one at a time."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import display, editions
from sme_analysis.data import catalogue, choice, fetched, governance, shelf
from sme_analysis.data.tables import load
from sme_analysis.editions import lock, package, store
from sme_analysis.editions.package import Making
from sme_analysis.errors import DataError, UnknownNameError
from sme_analysis.markets.brief.standing import everyone
from sme_analysis.reports import catalogue as reports
from sme_analysis.reports import warming
from sme_analysis.reports.catalogue import Report
from sme_analysis.reports.run import run
from sme_analysis.services.protocol import Cleaned, Order, source_row
from sme_analysis.services.world_bank import WorldBank

TABLE = "country_indicators"
GOVERNED = "governance_indicators" if "governance_indicators" in catalogue.tables() else TABLE
BACK = f"`sme-analysis data use {TABLE} shipped` returns to the shipped table"
pytestmark = pytest.mark.usefixtures("own_folder")


def put(name: str = "2026-11-22", *, factor: float = 2.0, stem: str = "wdi_api") -> Path:
    """Write an edition in which inflation is multiplied, as a refresh would."""
    return store.write(TABLE, name, made(name, factor, stem))


@lru_cache(maxsize=32)
def made(name: str, factor: float, stem: str) -> dict[str, bytes]:
    order = Order(name, 2003, 2026)
    source = order.source(stem)
    shipped = load(TABLE, edition="shipped")
    own = shipped["indicator"] == "inflation"
    whole = shipped.assign(
        value=shipped["value"].where(~own, shipped["value"] * factor),
        source_id=shipped["source_id"].where(~own, source),
    )
    row = source_row(
        source_id=source, origin="World Bank", publisher="World Bank", title="Figures <b>",
        edition=f"read on {name}", licence="CC BY 4.0", date_recorded=order.day,
    )  # fmt: skip
    about = {"inflation": {"code": "FP.CPI.TOTL.ZG"}}
    cleaned = Cleaned(whole[own], pd.DataFrame([row]), about, ("a note",))
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    making = Making(WorldBank(), order, cleaned, whole, "shipped", moment)
    return package.files(making, [{"url": "https://x"}])


def inflation(**options: str) -> float:
    rows = sme.load(TABLE, **options).query("indicator == 'inflation'")
    return float(rows["value"].sum())


class TestLoading:
    def test_without_editions_all_is_as_shipped(self, own_folder: Path) -> None:
        assert shelf.names(TABLE) == []
        assert editions.listed().empty
        assert choice.choices() == {}
        assert sme.load(TABLE).attrs["edition"] == "shipped"
        pd.testing.assert_frame_equal(sme.load("sources"), sme.load("sources", edition="shipped"))
        assert not own_folder.exists()

    def test_an_edition_by_name(self) -> None:
        put()
        frame = sme.load(TABLE, edition="2026-11-22")
        assert frame.attrs["edition"] == "2026-11-22"
        assert frame.attrs["title"].endswith("(edition of 2026-11-22)")
        assert "wdi_api_2026_11_22" in frame.attrs["source_ids"]
        assert frame.dtypes.astype("str").equals(sme.load(TABLE).dtypes.astype("str"))
        assert inflation(edition="2026-11-22") == pytest.approx(2 * inflation())

    def test_a_fresh_copy_every_time(self) -> None:
        put()
        spoilt = sme.load(TABLE, edition="2026-11-22")
        spoilt["value"] = 0.0
        assert inflation(edition="2026-11-22") > 1

    def test_columns_of_an_edition(self) -> None:
        put()
        assert list(sme.load(TABLE, "value", edition="2026-11-22").columns) == ["value"]

    @pytest.mark.parametrize("name", ["2026-11-23", "latest", "", "../2026-11-22", "2026-11-22/"])
    def test_an_edition_that_is_not_there(self, name: str) -> None:
        put()
        with pytest.raises(UnknownNameError, match=r"unknown edition .* of table 'country_ind"):
            sme.load(TABLE, edition=name)

    def test_a_table_that_is_not_shipped(self) -> None:
        for name in catalogue.live_tables():
            with pytest.raises(DataError) as caught:
                sme.load(name)
            assert str(caught.value) == (
                f"table {name!r} is not shipped: `sme-analysis data refresh {name}` fetches it"
            )

    def test_the_register_names_the_sources_of_every_edition(self) -> None:
        put()
        put("2026-12-01")
        ids = set(sme.load("sources")["source_id"])
        assert {"wdi_api_2026_11_22", "wdi_api_2026_12_01"} <= ids
        assert "wdi_api_2026_11_22" not in set(sme.load("sources", edition="shipped")["source_id"])
        assert sme.load("sources")["source_id"].is_monotonic_increasing

    def test_citing_and_the_source_line(self) -> None:
        put()
        editions.use(TABLE, "2026-11-22")
        assert "(edition of 2026-11-22). sme_analysis data" in sme.cite(TABLE)
        assert "read on 2026-11-22" in sme.cite(TABLE)
        assert "read on 2026-11-22" in sme.cite("wdi_api_2026_11_22")
        rows = sme.load(TABLE).query("indicator == 'inflation'")
        assert "figures read at the publisher" in sme.source_line(rows)

    def test_verify_looks_at_the_shipped_data_alone(self) -> None:
        put()
        editions.use(TABLE, "2026-11-22")
        assert sme.verify() == []


class TestChoice:
    def test_it_lasts_and_goes_back(self, own_folder: Path) -> None:
        put()
        before = inflation()
        assert editions.use(TABLE, "2026-11-22") == ""
        assert inflation() == pytest.approx(2 * before)
        assert json.loads((own_folder / "settings.json").read_text()) == {
            "format": 1,
            "editions": {TABLE: "2026-11-22"},
        }
        editions.use(TABLE, "shipped")
        assert inflation() == before
        assert not list(own_folder.glob(".*"))

    def test_another_process_uses_it_too(self) -> None:
        put()
        editions.use(TABLE, "2026-11-22")
        code = f"import sme_analysis as sme; print(sme.load({TABLE!r}).attrs['edition'])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stdout == "2026-11-22\n", done.stderr

    def test_a_change_by_another_process_is_seen(self, own_folder: Path) -> None:
        put()
        assert sme.load(TABLE).attrs["edition"] == "shipped"
        text = json.dumps({"format": 1, "editions": {TABLE: "2026-11-22"}})
        (own_folder / "settings.json").write_text(text)
        assert sme.load(TABLE).attrs["edition"] == "2026-11-22"

    @pytest.mark.parametrize(
        ("table", "edition"),
        [(TABLE, "2026-11-23"), ("nothing", "shipped"), ("all", "2026-11-22"), ("sources", "x"),
         ("goods_trade_by_partner", "shipped")],
    )  # fmt: skip
    def test_what_does_not_exist_cannot_be_used(self, table: str, edition: str) -> None:
        put()
        with pytest.raises(UnknownNameError):
            editions.use(table, edition)
        assert choice.choices() == {}

    def test_pinned_goes_before_the_settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        put()
        editions.use(TABLE, "2026-11-22")
        with editions.pinned({}):
            assert sme.load(TABLE).attrs["edition"] == "shipped"
            with editions.pinned({TABLE: "2026-11-22"}):
                assert sme.load(TABLE).attrs["edition"] == "2026-11-22"
            assert sme.load(TABLE).attrs["edition"] == "shipped"
            assert "goes before the settings" in editions.use(TABLE, "2026-11-22")
        with editions.pinned():
            editions.use(TABLE, "shipped")
            assert sme.load(TABLE).attrs["edition"] == "2026-11-22"
        assert sme.load(TABLE).attrs["edition"] == "shipped"
        assert choice.PINNED not in os.environ

    @pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"a": "../b"}'])
    def test_a_pin_that_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        monkeypatch.setenv(choice.PINNED, text)
        with pytest.raises(DataError, match="SME_ANALYSIS_EDITIONS is not a list of editions"):
            sme.load(TABLE)


class TestDamage:
    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"editions": []}', b'{"editions": {"a": 1}}',
         b'{"editions": {"country_indicators": "../../x"}}', b'{"other": {}}'],
    )  # fmt: skip
    def test_damaged_settings_are_said_with_the_way_back(
        self, own_folder: Path, content: bytes
    ) -> None:
        put()
        (own_folder / "settings.json").write_bytes(content)
        for call in (lambda: sme.load(TABLE), lambda: sme.load("economies"), editions.listed,
                     lambda: editions.use(TABLE, "2026-11-22")):  # fmt: skip
            with pytest.raises(DataError) as caught:
                call()
            assert str(caught.value).endswith(
                "(it is damaged): `sme-analysis data use all shipped` returns every table to the "
                "shipped edition"
            )
        remark = editions.use("all", "shipped")
        assert remark == "the damaged settings were kept as settings.json.damaged"
        assert (own_folder / "settings.json.damaged").read_bytes() == content
        assert sme.load(TABLE).attrs["edition"] == "shipped"

    @pytest.mark.parametrize(
        ("harm", "says"),
        [
            (lambda f: (f / f"{TABLE}.csv").unlink(), "cannot be read (No such file"),
            (lambda f: (f / f"{TABLE}.csv").write_text("x"), "sha256 differs"),
            (lambda f: (f / "datapackage.json").unlink(), "it has no datapackage.json"),
            (lambda f: (f / "datapackage.json").write_text("{"), "datapackage.json cannot be read"),
            (lambda f: (f / "datapackage.json").write_text("{}"), "datapackage.json cannot be"),
            (
                lambda f: (f / "datapackage.json").write_text(
                    (f / "datapackage.json").read_text().replace(f"{TABLE}.csv", "../../x.csv")
                ),
                "datapackage.json cannot be read",
            ),
        ],
    )
    def test_a_damaged_edition_is_said_with_the_way_back(
        self, harm: Callable[[Path], object], says: str
    ) -> None:
        where = put()
        editions.use(TABLE, "2026-11-22")
        harm(where)
        with pytest.raises(DataError) as caught:
            sme.load(TABLE)
        message = str(caught.value)
        assert message.startswith("edition 2026-11-22 of table 'country_indicators' is damaged: ")
        assert says in message
        assert message.endswith(BACK)
        state = editions.listed().set_index("edition")["state"]
        assert state["shipped"] == "sound"
        assert state["2026-11-22"] == message
        editions.use(TABLE, "shipped")
        assert sme.load(TABLE).attrs["edition"] == "shipped"

    def test_one_flipped_byte(self) -> None:
        path = put() / f"{TABLE}.csv"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        with pytest.raises(DataError, match="sha256 differs"):
            sme.load(TABLE, edition="2026-11-22")

    def test_a_damaged_edition_that_is_not_in_use_is_in_nobodys_way(self) -> None:
        where = put()
        (where / "sources.csv").write_text("x")
        assert sme.load(TABLE).attrs["edition"] == "shipped"
        assert "wdi_api_2026_11_22" not in set(sme.load("sources")["source_id"])

    def test_a_chosen_edition_that_is_gone(self) -> None:
        where = put()
        editions.use(TABLE, "2026-11-22")
        where.rename(where.with_name("elsewhere"))
        with pytest.raises(DataError, match="it is no longer in the data folder; `sme-analysis"):
            sme.load(TABLE)

    def test_a_file_where_the_folder_should_be(self, own_folder: Path) -> None:
        own_folder.write_text("x")
        assert sme.load(TABLE).attrs["edition"] == "shipped"
        with pytest.raises(DataError, match="the settings cannot be written"):
            editions.use("all", "shipped")


class TestWriting:
    def test_the_files_of_an_edition(self) -> None:
        where = put()
        names = ["country_indicators.csv", "datapackage.json", "requests.jsonl", "sources.csv"]
        assert sorted(path.name for path in where.iterdir()) == names
        written = json.loads((where / "datapackage.json").read_text())
        assert written["edition"]["base"] == "shipped"
        assert written["edition"]["notes"] == ["a note"]
        assert [entry["name"] for entry in written["resources"]] == [TABLE, "sources"]

    def test_frictionless_reads_it(self) -> None:
        frictionless = pytest.importorskip("frictionless")
        where = put()
        path = where / "datapackage.json"
        written = json.loads(path.read_text())
        for entry in written["resources"]:  # they lead to tables that stand elsewhere
            entry["schema"].pop("foreignKeys", None)
        path.write_text(json.dumps(written))
        with frictionless.system.use_context(trusted=True):
            report = frictionless.Package(str(path)).validate()
        assert report.flatten(["name", "rowNumber", "fieldName", "note"]) == []

    def test_rows_that_stay_are_written_as_they_are_shipped(self) -> None:
        where = put(factor=1.0)
        shipped = (sme.locations.folder("data") / f"{TABLE}.csv").read_text().splitlines()
        written = (where / f"{TABLE}.csv").read_text().splitlines()
        differ = set(written) - set(shipped)
        assert len(written) == len(shipped)
        assert all("wdi_api_2026_11_22" in line for line in differ)

    def test_the_second_of_a_day_has_a_number(self) -> None:
        assert store.next_name(TABLE, "2026-11-22") == "2026-11-22"
        for _ in range(11):
            put(store.next_name(TABLE, "2026-11-22"))
        assert shelf.names(TABLE)[0] == "2026-11-22"
        assert shelf.names(TABLE)[-1] == "2026-11-22.11"
        assert store.next_name(TABLE, "2026-11-23") == "2026-11-23"

    def test_none_is_overwritten(self) -> None:
        put()
        with pytest.raises(DataError, match="there is an edition 2026-11-22"):
            put(factor=3.0)
        assert len(list(shelf.home().glob("editions/*/*"))) == 1

    def test_what_the_check_refuses_is_not_there(self) -> None:
        def refuse(folder: Path) -> None:
            assert (folder / "a").read_bytes() == b"x"
            raise DataError("no")

        with pytest.raises(DataError, match="no"):
            store.write(TABLE, "2026-11-22", {"a": b"x"}, refuse)
        assert shelf.names(TABLE) == []
        assert list(shelf.home().glob("editions/*/.*")) == []

    @pytest.mark.parametrize("call", ["fsync", "mkdir", "rename"])
    def test_a_full_disk_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        def fail(*args: object, **options: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, call, fail)
        if call == "rename":
            monkeypatch.setattr(Path, "rename", fail)
        with pytest.raises(DataError, match=r"cannot be written to .*: No space left on device"):
            store.write(TABLE, "2026-11-22", {"a": b"x"})
        assert not list(shelf.home().rglob("a"))

    def test_settings_survive_a_failed_write(
        self, own_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put()
        editions.use(TABLE, "2026-11-22")
        before = (own_folder / "settings.json").read_bytes()

        def fail(number: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(DataError, match="the settings cannot be written"):
            editions.use(TABLE, "shipped")
        assert (own_folder / "settings.json").read_bytes() == before
        assert not list(own_folder.glob(".*"))

    def test_a_folder_that_cannot_be_synced_does_not_undo_what_is_written(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put()

        def fail(where: Path) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr(choice, "sync_folder", fail)
        editions.use(TABLE, "2026-11-22")
        assert sme.load(TABLE).attrs["edition"] == "2026-11-22"

    def test_what_was_left_aside_is_cleared(self, own_folder: Path) -> None:
        where = put()
        (where.parent / ".new-abc").mkdir()
        (where.parent / ".new-abc" / "half").write_text("x")
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        (own_folder / f".settings.json.{gone.pid}.new").write_text("x")
        mine = own_folder / f".settings.json.{os.getpid()}.new"
        mine.write_text("x")
        store.clear_left()
        assert [path.name for path in own_folder.rglob(".*")] == [mine.name]
        assert shelf.names(TABLE) == ["2026-11-22"]


class TestLock:
    def test_one_at_a_time(self, own_folder: Path) -> None:
        with (
            lock.held(own_folder),
            pytest.raises(DataError, match="another refresh is under way"),
            lock.held(own_folder),
        ):
            pass
        with lock.held(own_folder):
            pass

    def test_it_is_let_go_when_its_holder_is_killed(self, own_folder: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from sme_analysis.editions import lock\n"
            f"with lock.held(Path({str(own_folder)!r})):\n"
            "    print('held', flush=True)\n    sys.stdin.read()"
        )
        holder = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DataError, match="another refresh"), lock.held(own_folder):
            pass
        holder.kill()
        holder.wait()
        with lock.held(own_folder):
            pass


class TestShown:
    @pytest.fixture
    def shown(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        texts: list[str] = []
        monkeypatch.setattr(display, "emit", lambda html, plain, *more: texts.append(plain))
        return texts

    def test_with_shipped_tables_nothing_is_said(self, shown: list[str]) -> None:
        sme.load(TABLE)
        sme.show_run({"a": 1})
        assert shown == [
            f"Parameters: a = 1. Data version {catalogue.data_version()}; sme_analysis "
            f"{sme.__version__}. The same parameters, data and package give the same page."
        ]

    def test_every_edition_that_was_read_is_said(self, shown: list[str]) -> None:
        put()
        put("2026-11-22.2")
        editions.use(TABLE, "2026-11-22.2")
        sme.load(TABLE)
        sme.load(TABLE, edition="2026-11-22")
        sme.show_run({})
        assert shown[0].endswith(
            " Fetched by a refresh, not shipped: country_indicators, edition of 2026-11-22 and "
            "2026-11-22.2."
        )

    def test_a_notebook_run_again_begins_a_new_record(self) -> None:
        put()
        sme.load(TABLE, edition="2026-11-22")
        assert fetched.editions_used() == {TABLE: ("2026-11-22",)}
        sme.check_parameters(reports.reports()[0].name)
        assert fetched.editions_used() == {}


class TestGovernance:
    def test_the_shipped_edition(self) -> None:
        found = editions.governance("shipped")
        assert found is not None
        assert found.source_id == "wgi_2024_update"
        assert found.method == "the method before 2025"
        assert found.sentence.startswith("Governance indicators: 2024 Update")

    def test_an_edition_by_the_new_method(self) -> None:
        rows = load(GOVERNED).query("indicator == 'rule_of_law'")
        rows = rows.assign(source_id="wgi2025_api_2026_11_22")
        found = governance.governance_edition(rows, load("sources"))
        assert found is not None
        assert found.method == "the method of 2025"

    def test_two_editions_are_refused(self) -> None:
        rows = load(GOVERNED).query("indicator == 'rule_of_law'")
        mixed = pd.concat([rows, rows.assign(source_id="wgi2025_api_x")])
        with pytest.raises(DataError, match=r"come from 2 editions .* must not be joined"):
            governance.governance_edition(mixed, load("sources"))

    def test_none(self) -> None:
        rows = load(TABLE).query("indicator == 'gdp'")
        assert governance.governance_edition(rows, load("sources")) is None


@pytest.mark.slow
def test_what_briefs_share_follows_the_edition_in_use() -> None:
    shipped = everyone(draws=100)
    assert everyone(draws=100) is shipped
    put(factor=9.0)
    editions.use(TABLE, "2026-11-22")
    fetched_one = everyone(draws=100)
    assert not fetched_one.scores["economic"].equals(shipped.scores["economic"])
    fetched.forget_used()
    assert everyone(draws=100) is fetched_one  # kept, and yet it counts as read
    assert fetched.editions_used() == {TABLE: ("2026-11-22",)}
    editions.use(TABLE, "shipped")
    assert everyone(draws=100).scores.equals(shipped.scores)


def test_warming_up_does_not_count_as_reading() -> None:
    put()
    editions.use(TABLE, "2026-11-22")
    warming.warm_up([])
    assert fetched.editions_used() == {}
    load(TABLE)
    assert fetched.editions_used() == {TABLE: ("2026-11-22",)}


def test_a_report_runs_on_the_chosen_edition_and_says_so(tmp_path: Path) -> None:
    put()
    editions.use(TABLE, "2026-11-22")
    source = (
        "import sme_analysis as sme\n"
        f"sme.load({TABLE!r})\n"
        "sme.show_run({})"
    )  # fmt: skip
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [],
            "execution_count": None, "id": "a"}  # fmt: skip
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (tmp_path / "small.ipynb").write_text(json.dumps(content))
    report = Report("small", str(tmp_path / "small.ipynb"))
    path = run(report, out=tmp_path / "out", to="ipynb")
    assert "country_indicators, edition of 2026-11-22." in path.read_text()
    editions.use(TABLE, "shipped")
    path = run(report, out=tmp_path / "out", to="ipynb")
    assert "Fetched by a refresh" not in path.read_text()
