"""The Excel workbook: a sheet a table, typed cells, nothing that could run."""

from __future__ import annotations

import copy
import datetime
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
import sample
from openpyxl.worksheet.worksheet import Worksheet

import sme_analysis as sme
from sme_analysis.reports import notebook as nb
from sme_analysis.reports.catalogue import reports
from sme_analysis.reports.tables import tables
from sme_analysis.reports.words import visible
from sme_analysis.reports.workbook import _Names, workbook


@pytest.fixture(scope="module")
def content() -> bytes:
    return workbook(sample.sample())


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def header(sheet: Worksheet) -> int:
    """Return the row of the header: the one above the frozen rows' end."""
    assert sheet.freeze_panes is not None
    return openpyxl.utils.coordinate_to_tuple(sheet.freeze_panes)[0] - 1


def column(sheet: Worksheet, name: str) -> list[Any]:
    top = header(sheet)
    (at,) = [cell.column for cell in sheet[top] if cell.value == name]
    return [sheet.cell(row, at) for row in range(top + 1, sheet.max_row + 1)]


def test_every_table_has_a_sheet_and_so_have_sources_and_parameters(book: Any):
    assert book.sheetnames == [
        "Contents", "Figure 1", "Table 1", "Table 2", "Sources", "Parameters of this report",
    ]  # fmt: skip


def test_numbers_dates_and_truth_values_are_what_they_are(book: Any):
    sheet = book["Table 1"]
    assert [cell.value for cell in column(sheet, "Year")] == [2019, 2020, 2021]
    assert [cell.value for cell in column(sheet, "US$ bn")] == [1234.5, None, -3.25]
    assert [cell.value for cell in column(sheet, "Rank")] == [1, None, 3]
    dates = [datetime.datetime.combine(day, datetime.time()) for day in sample.DATES]
    assert [cell.value for cell in column(sheet, "Signed")] == [dates[0], None, dates[1]]
    assert [cell.value for cell in column(sheet, "Known")] == [True, False, None]
    assert [cell.value for cell in column(sheet, "Bound")] == ["∞", 0.5, "−∞"]
    assert [cell.data_type for cell in column(sheet, "Year")] == ["n"] * 3
    assert column(sheet, "Year")[0].number_format == "0"  # 2,019 is no year
    assert column(sheet, "US$ bn")[0].number_format == "#,##0.00"
    assert column(sheet, "Signed")[0].number_format == "yyyy-mm-dd"


def test_no_cell_is_a_formula_and_no_text_is_lost(book: Any, content: bytes):
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n", "d", "b"}
    sheet = book["Table 1"]
    top = header(sheet)
    assert sheet.cell(top, 3).value == sample.FORMULA
    assert [cell.value for cell in column(sheet, "Host")] == [
        sample.MARKUP, sample.FORMULA, sample.CHINESE,
    ]  # fmt: skip
    assert column(sheet, sample.FORMULA)[0].value == "+1"
    assert [cell.value for cell in column(sheet, "Note")] == [
        "two\nlines", 'a "quoted" comma, here', "#N/A",
    ]  # fmt: skip
    for cell in column(sheet, "Host")[1:2] + column(sheet, sample.FORMULA):
        assert cell.quotePrefix  # stays text when it is edited
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist())
        names = archive.namelist()
    assert b"<f>" not in parts
    assert "\u202e".encode() not in parts
    assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]


def test_what_looks_like_an_escape_of_the_format_is_kept():
    table = sample.pd.DataFrame({"a": ["_x000D_", "_x0041_b", "tab\there", "\x07bell"]})
    made = workbook(
        sample.notebook(
            sample.text("# T"), sample.cell("a", sample.shown(lambda: sme.show_table(table)))
        )
    )
    sheet = openpyxl.load_workbook(io.BytesIO(made))["Table 1"]
    values = [cell.value for cell in column(sheet, "a")]
    assert values[2:] == ["tab\there", "bell"]
    # openpyxl does not undo the escape on reading, a spreadsheet does.
    assert [value.replace("_x005F_", "_") for value in values[:2]] == ["_x000D_", "_x0041_b"]


def test_header_stays_in_sight_columns_fit_and_a_link_leads_back(book: Any):
    for sheet in book.worksheets:
        top = header(sheet)
        assert all(cell.font.bold for cell in sheet[top] if cell.value)
        assert sheet.auto_filter.ref.startswith(f"A{top}:")
        widths = [dimension.width for dimension in sheet.column_dimensions.values()]
        assert widths
        assert all(8 <= width <= 60 for width in widths)
    for sheet in book.worksheets[1:]:
        places = [c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink]
        assert places == ["'Contents'!A1"]


def test_the_contents_lead_to_every_sheet(book: Any):
    sheet = book["Contents"]
    links = {cell.value: cell.hyperlink.location for cell in column(sheet, "Sheet")}
    assert list(links) == book.sheetnames[1:]
    assert all(place == f"'{name}'!A1" for name, place in links.items())
    assert sheet["A1"].value == visible(f"Report {sample.MARKUP}{sample.TRICK}")
    assert [cell.value for cell in column(sheet, "Rows")][:3] == [3, 3, 3]


def test_the_parameters_are_those_used_and_the_versions_stand_by(book: Any):
    sheet = book["Parameters of this report"]
    values = dict(
        zip(
            [cell.value for cell in column(sheet, "Parameter")],
            [cell.value for cell in column(sheet, "Value")],
            strict=True,
        )
    )
    from sme_analysis.data.catalogue import data_version

    assert values == {
        "host": sample.MARKUP,
        "years": 3,
        "Data version": data_version(),
        "Version of sme_analysis": sme.__version__,
    }


def test_the_sources_are_listed_with_their_addresses(book: Any):
    used = sme.load("outward_fdi_annual").head(40)
    assert {cell.value for cell in column(book["Sources"], "source_id")} == set(used["source_id"])
    assert sum(cell.value for cell in column(book["Sources"], "figures")) == 40


def test_equal_notebooks_give_equal_files_at_any_time(content: bytes, monkeypatch):
    import openpyxl.packaging.core
    import openpyxl.writer.excel

    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.datetime(2031, 2, 3, 4, 5, 6, tzinfo=tz)

    stand_in = type("datetime", (), {"datetime": Later, "timezone": datetime.timezone})
    monkeypatch.setattr(openpyxl.writer.excel, "datetime", stand_in)
    assert workbook(copy.deepcopy(sample.sample())) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r">(\d{4})-", core) == ["1980", "1980"]


@pytest.mark.parametrize("report", reports(), ids=lambda report: report.name)
def test_the_workbook_of_a_shipped_report_holds_what_its_tables_hold(report: Any):
    notebook = nb.read(report.path)
    book = openpyxl.load_workbook(io.BytesIO(workbook(notebook)))
    found = tables(notebook)
    assert len(book.sheetnames) == len(found) + 2
    for table in found:
        name = {"figure": "Figure", "table": "Table"}.get(table.kind)
        sheet = book[f"{name} {table.number}" if name else "Sources"]
        top = header(sheet)
        read = [
            [cell.value for cell in row]
            for row in sheet.iter_rows(min_row=top + 1, max_col=len(table.columns))
        ]
        assert read == list(table.values())
        assert table.source in {sheet.cell(row, 1).value for row in range(1, top)} | {""}


def test_names_of_sheets_are_valid_and_no_two_are_alike():
    names = _Names()
    wanted = ["a/b:c", "A B C", "x" * 50, "X" * 50, "", "'", "history", "History", "a" * 31, "?*[]"]
    made = [names.new(name) for name in wanted]
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert name.strip("'") == name
        assert name.casefold() != "history"


def test_a_notebook_without_tables_has_its_parameters():
    book = openpyxl.load_workbook(io.BytesIO(workbook(sample.notebook(sample.text("")))))
    assert book.sheetnames == ["Contents", "Parameters of this report"]
