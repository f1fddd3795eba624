"""AidData's archive on this machine: sums, the checksum of the first download, unsafe archives."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from publishers import COLUMNS, FINANCE, Publishers, packed, workbook

from sme_analysis.data import catalogue
from sme_analysis.data.tables import load
from sme_analysis.errors import DataError, ServiceError
from sme_analysis.services import aiddata, archive, trust
from sme_analysis.services.aiddata import DevelopmentFinance
from sme_analysis.services.client import Client, Limits
from sme_analysis.services.protocol import Cleaned, Order


def cleaned(*, renew: bool = False, day: str = "2026-11-22") -> Cleaned:
    client = Client(Limits(tries=1), sleep=lambda seconds: None)
    service = DevelopmentFinance()
    try:
        order = Order(day, 2000, 2026, trust=renew)
        return service.clean(service.fetch(client, order))
    finally:
        client.close()


@pytest.fixture
def aid(services: Publishers) -> Publishers:
    services.archive = packed(GCDF__Data_v3_dot_xlsx=workbook())
    return services


def test_records_recommended_for_sums_by_economy_year_and_class(aid: Publishers) -> None:
    found = cleaned()
    rows = found.rows.set_index(["iso3", "year", "flow_class"])
    value = rows["value"]
    assert value["AGO", 2010, "all"] == 2.5
    assert value["AGO", 2010, "oof_like"] == 2.0
    assert value["AGO", 2010, "oda_like"] == 0.5
    assert value["AGO", 2010, "vague"] == 0.0
    assert rows.loc[("AGO", 2010, "all"), "records"] == 2
    assert rows.loc[("AGO", 2010, "all"), "estimated_share"] == 50.0
    assert value["KEN", 2015, "all"] == 1.25
    assert len(rows) == 4 + 1 + 4
    assert found.notes == ("1 records of regions and other areas are left out",)


def test_an_unknown_amount_is_blank_and_not_split(aid: Publishers) -> None:
    rows = cleaned().rows
    unknown = rows[(rows["iso3"] == "AGO") & (rows["year"] == 2011)]
    assert unknown["flow_class"].tolist() == ["all"]
    assert unknown["value"].isna().all()
    assert unknown["records"].tolist() == [1]


def test_the_shape_is_that_of_the_shipped_table(aid: Publishers) -> None:
    shipped = load("development_finance_by_economy")
    found = cleaned().rows
    assert set(found.columns) == set(shipped.columns)
    assert set(found["flow_class"]) == set(shipped["flow_class"])
    assert set(found["unit"]) == set(shipped["unit"])


class TestTrust:
    def test_the_first_download_is_recorded_and_the_same_is_taken_again(
        self, aid: Publishers, own_folder: Path
    ) -> None:
        cleaned()
        record = json.loads((own_folder / "checksums.json").read_text())
        assert list(record) == [aiddata.URL]
        assert record[aiddata.URL]["day"] == "2026-11-22"
        cleaned(day="2026-12-24")
        assert json.loads((own_folder / "checksums.json").read_text()) == record

    def test_a_replaced_archive_is_refused_until_it_is_trusted(self, aid: Publishers) -> None:
        cleaned()
        aid.archive = packed(GCDF__Data_v3_dot_xlsx=workbook(FINANCE[:2]))
        with pytest.raises(ServiceError, match=r"first downloaded on 2026-11-22.*--trust-new"):
            cleaned(day="2026-12-24")
        cleaned(day="2026-12-24", renew=True)
        cleaned(day="2026-12-25")

    @pytest.mark.parametrize("text", ["{", "[]", '{"x": 1}', '{"x": {}}'])
    def test_a_damaged_record(self, aid: Publishers, own_folder: Path, text: str) -> None:
        own_folder.mkdir(parents=True)
        (own_folder / "checksums.json").write_text(text)
        with pytest.raises(DataError, match="is damaged: remove it to begin anew"):
            cleaned()

    def test_only_https_answers_are_recorded(self, aid: Publishers, own_folder: Path) -> None:
        aid.archive = b"PK\x03\x04 no archive"
        with pytest.raises(ServiceError, match="no zip archive"):
            cleaned()
        assert not (own_folder / "checksums.json").exists()


def with_columns(*columns: str) -> bytes:
    return packed(a_dot_xlsx=workbook(FINANCE, list(columns)))


def changed(**cells: object) -> bytes:
    first = dict(
        zip(("iso3", "year", "sums", "kind", "amount", "estimated"), FINANCE[0], strict=True)
    )
    return packed(a_dot_xlsx=workbook([tuple((first | cells).values()), *FINANCE[1:]]))  # fmt: skip


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: packed(readme_dot_txt=b"x"), "holds 0 files that end with .xlsx"),
        (lambda: packed(a_dot_xlsx=b"x", b_dot_xlsx=b"x"), "holds 2 files that end with .xlsx"),
        (lambda: packed(a_dot_xlsx=b"no workbook"), "the archive is damaged"),
        (lambda: packed(a_dot_xlsx=packed(x=b"x")), "the workbook cannot be read"),
        (lambda: with_columns(*COLUMNS[:-1], "x"), "has no column 'Amount Estimated'"),
        (lambda: packed(a_dot_xlsx=workbook([])), "holds no records"),
        (lambda: changed(year="soon"), "years or amounts that are no numbers"),
        (lambda: changed(amount="much"), "years or amounts that are no numbers"),
        (lambda: changed(kind="Gift"), "an unknown class of finance: 'Gift'"),
    ],
)  # fmt: skip
def test_what_is_refused(aid: Publishers, make: Callable[[], bytes], says: str) -> None:
    aid.archive = make()
    with pytest.raises(ServiceError) as caught:
        cleaned()
    assert says in str(caught.value)


class TestArchive:
    def made(self, name: str, content: bytes = b"x", **options: object) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in options.items():
                setattr(info, key, value)
            made.writestr(info, content)
        return out.getvalue()

    @pytest.mark.parametrize(
        "name", ["../a.xlsx", "/etc/a.xlsx", "x/../../a.xlsx", "..\\a.xlsx", "a/..\\b.xlsx"]
    )
    def test_a_name_that_leads_outside(self, name: str) -> None:
        with pytest.raises(ServiceError, match="names a file outside itself"):
            archive.member(self.made(name), ".xlsx", 1000)

    def test_a_link(self) -> None:
        link = self.made("a.xlsx", b"/etc/passwd", external_attr=0o120777 << 16)
        with pytest.raises(ServiceError, match="names a file outside itself"):
            archive.member(link, ".xlsx", 1000)

    def test_a_bomb_that_states_its_size(self) -> None:
        with pytest.raises(ServiceError, match="unpacks to more than 1 MB"):
            archive.member(self.made("a.xlsx", b"\0" * 5_000_000), ".xlsx", 1_000_000)

    def test_a_bomb_that_lies_about_its_size(self) -> None:
        honest = self.made("a.xlsx", b"\0" * 5_000_000)
        size = (5_000_000).to_bytes(4, "little")
        lying = honest.replace(size, (10).to_bytes(4, "little"))
        assert lying != honest
        with pytest.raises(ServiceError, match=r"damaged|more than"):
            archive.member(lying, ".xlsx", 1_000_000)

    def test_many_files(self) -> None:
        many = packed(**{f"f{k}": b"" for k in range(2001)})
        with pytest.raises(ServiceError, match="more than"):
            archive.member(many, ".xlsx", 1_000_000)

    @pytest.mark.parametrize("content", [b"", b"PK", b"no zip", b"PK\x05\x06" + b"\0" * 18])
    def test_no_archive(self, content: bytes) -> None:
        with pytest.raises(ServiceError):
            archive.member(content, ".xlsx", 1000)

    def test_a_member_cut_or_flipped(self) -> None:
        content = bytearray(self.made("a.xlsx", bytes(range(256)) * 40))
        content[60] ^= 0xFF
        with pytest.raises(ServiceError, match="the archive is damaged"):
            archive.member(bytes(content), ".xlsx", 100_000)

    def test_a_workbook_with_a_document_type(self) -> None:
        book = packed(xl__workbook_dot_xml=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>')
        with pytest.raises(ServiceError, match="declares a document type"):
            archive.check(book, 1_000_000)

    def test_a_workbook_within_the_limits(self) -> None:
        archive.check(workbook(), 1_000_000)

    def test_shadow_files_of_a_mac_are_passed_over(self) -> None:
        made = packed(MACOSX__a_dot_xlsx=b"x", x__a_dot_xlsx=b"whole")
        made = made.replace(b"MACOSX/a.xlsx", b"x/._abc1.xlsx")
        assert archive.member(made, ".xlsx", 1000) == b"whole"


def test_the_record_cannot_be_written(own_folder: Path) -> None:
    own_folder.parent.mkdir(exist_ok=True)
    own_folder.write_text("a file where the folder should be")
    with pytest.raises(DataError, match="checksums"):
        trust.trusted("https://x", "0", "2026-11-22")


def test_a_table_that_is_registered() -> None:
    assert DevelopmentFinance.table in catalogue.tables()
