"""What is made of an executed notebook: the rows inside the page, its soundness, its safety."""

from __future__ import annotations

import base64
import copy
import csv
import io
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pandas as pd
import pytest
import sample
from devtools import Browser, browsing, wait
from hypothesis import given
from hypothesis import strategies as st

from sme_analysis import tabular
from sme_analysis.errors import DataError, ParameterError
from sme_analysis.locations import folder
from sme_analysis.reports import copies, formats
from sme_analysis.reports import notebook as nb
from sme_analysis.reports.catalogue import reports
from sme_analysis.reports.export import css_string, page
from sme_analysis.reports.tables import Table, csv_file, harmless, tables
from sme_analysis.reports.words import LABELS, visible, visible_html

SHIPPED = sorted(folder("notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def notebook() -> dict[str, Any]:
    return sample.sample()


@pytest.fixture(scope="module")
def html(notebook: dict[str, Any]) -> str:
    return page(notebook)


def links(root: Element) -> dict[str, bytes]:
    """Return the files that a page offers to save."""
    found = {}
    for link in root.iter("a"):
        if link.get("download"):
            kind, _, packed = link.get("href", "").partition(",")
            assert kind == "data:text/csv;charset=utf-8;base64"
            found[link.get("download", "")] = base64.b64decode(packed, validate=True)
    return found


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


# Rows


def test_the_rows_of_a_series_with_its_options():
    years = pd.Index([2019, 2020])
    values = pd.Series([1.0, 2.0], index=years, name="value")
    aside = pd.Series([True, False], index=years, name="pale")
    made = tabular.flat(values, {"muted": aside, "note": "x", "other": pd.Series([1])})
    assert made is not None
    assert made.to_dict("list") == {"year": [2019, 2020], "value": [1, 2], "pale": [True, False]}


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (pd.Series([1.0], index=["a"]), ["item", "value"]),
        (pd.DataFrame({"x": [1], "tone": ["pale"]}), ["x"]),
        (pd.DataFrame({"year": [1]}, index=pd.Index([2020])), ["year_", "year"]),
        ({"b": pd.Series([1], [2020]), "a": pd.Series([2], [2019])}, ["year", "b", "a"]),
        ({"b": pd.DataFrame({"x": [1]}), "a": pd.DataFrame({"x": [2]})}, ["panel", "x"]),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", 1)])), ["a / 1"]),
        (
            pd.Series([1], pd.MultiIndex.from_tuples([("a", 2)], names=["k", None])),
            ["k", "item 2", "value"],
        ),
    ],
)
def test_whatever_is_drawn_becomes_columns(data: Any, columns: list[str]):
    made = tabular.flat(data)
    assert made is not None
    assert list(made.columns) == columns


@pytest.mark.parametrize("data", [None, "text", [1, 2], {}, {"a": 1}, object()])
def test_what_is_no_table_has_no_rows(data: object):
    assert tabular.flat(data) is None


def test_panels_of_years_are_in_order_and_names_keep_theirs():
    made = tabular.flat({"b": pd.Series([1, 2], [2021, 2020]), "a": pd.Series([3], [2019])})
    assert made is not None
    assert made["year"].tolist() == [2019, 2020, 2021]
    named = tabular.flat({"b": pd.Series([1, 2], ["z", "a"])})
    assert named is not None
    assert named["item"].tolist() == ["z", "a"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1e-7, "1e-07"),
        (123456789012.0, "123456789000"),
        (1e300, "1e+300"),
        (math.inf, "INF"),
        (-math.inf, "-INF"),
        (math.nan, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (None, ""),
        (True, "true"),
        (2**60, str(2**60)),
        (pd.Timestamp("2020-02-03"), "2020-02-03"),
        (pd.Timestamp("2020-02-03 04:05"), "2020-02-03T04:05:00"),
        (pd.Interval(0, 1), "(0, 1]"),
        ("=1", "=1"),
        ("109\u2060–\u2060154", "109–154"),
        ("from\u00a02019", "from 2019"),
    ],
)
def test_a_cell_is_written_plainly(value: object, written: str):
    assert tabular.cell(value) == written


def test_what_holds_a_line_of_a_page_together_stays_on_the_page():
    held = "2003\u2060–\u20602019,\u00a0in\u00a0part"
    plain = "2003–2019, in part"
    written = tabular.csv_text(pd.DataFrame({held: [held]}))
    assert rows(written.encode()) == [[plain], [plain]]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_nine_digits_of_a_number_survive(value: float):
    assert float(tabular.cell(value)) == pytest.approx(value, rel=1e-8, abs=1e-300)


def test_types_are_those_of_the_values():
    assert tabular.types(sample.TABLE) == [
        "year", "string", "string", "number", "integer", "date", "boolean", "number", "string",
    ]  # fmt: skip
    odd = pd.DataFrame({"Year": [99999], "mixed": [1], "none": [None], "time": [0]})
    odd["mixed"] = pd.Series(["a"], dtype=object)
    odd["time"] = pd.Timestamp("2020-02-03 04:05")
    assert tabular.types(odd) == ["integer", "string", "string", "string"]


def test_the_rows_come_back_from_the_notebook_in_their_types(notebook: dict[str, Any]):
    found = tables(notebook)
    kinds = [(table.kind, table.number, table.section) for table in found]
    assert kinds == [
        ("figure", 1, "How much?"), ("table", 1, "How much?"), ("table", 2, "Which hosts?"),
        ("sources", 1, "Sources"),
    ]  # fmt: skip
    figure, table = found[0], found[1]
    assert list(figure.values()) == [[2019, 1.5], [2020, -2.25], [2021, 0.3]]
    assert figure.source == visible(sample.SAID.source)
    values = list(table.values())
    assert values[0][0] == 2019
    assert [row[3] for row in values] == [1234.5, None, -3.25]
    assert [row[4] for row in values] == [1, None, 3]
    assert (values[0][5], values[2][5]) == sample.DATES
    assert [row[6] for row in values] == [True, False, None]
    assert [row[7] for row in values] == [math.inf, 0.5, -math.inf]
    assert table.decimals[3] == 2
    assert values[2][1] == sample.CHINESE


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_figure_and_table_of_a_shipped_notebook_carries_its_rows(path: Path):
    content = nb.read(path)
    shown = [
        output["data"]
        for cell in content["cells"]
        if nb.source(cell) != "sme.show_reports()"  # links, no figures
        for output in cell.get("outputs", [])
        if "image/svg+xml" in output["data"]
        or 'class="sme-table' in nb.joined(output["data"].get("text/html", ""))
    ]
    assert all("text/csv" in data for data in shown)
    assert len(shown) == len([table for table in tables(content) if table.kind != "sources"]) > 0


# Links that save them


def test_a_link_under_every_figure_and_table_saves_its_rows(html: str):
    root = sample.check_sound(html)
    saved = links(root)
    assert list(saved) == [
        "sample-figure-1.csv", "sample-table-1.csv", "sample-table-2.csv", "sample-sources-1.csv",
    ]  # fmt: skip
    (figure,) = root.iter("figure")
    assert len([link for link in figure.iter("a") if link.get("download")]) == 1
    assert rows(saved["sample-figure-1.csv"]) == [
        ["year", "flow"], ["2019", "1.5"], ["2020", "-2.25"], ["2021", "0.3"],
    ]  # fmt: skip
    labels = [link.get("aria-label") for link in root.iter("a") if link.get("download")]
    assert labels[:3] == [
        "Data (CSV) of figure 1, 3 rows",
        "Data (CSV) of table 1, 3 rows",
        "Data (CSV) of table 2, 3 rows",
    ]


def test_a_saved_file_opens_rightly_and_harmlessly(html: str):
    content = links(sample.tree(html))["sample-table-1.csv"]
    assert content.startswith(b"\xef\xbb\xbfYear,")  # Excel takes it for UTF-8
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == 4  # the line break inside a cell is another one
    read = rows(content)
    assert read[0][2] == f"'{sample.FORMULA}"
    assert [row[1] for row in read[1:]] == [sample.MARKUP, f"'{sample.FORMULA}", sample.CHINESE]
    assert [row[2] for row in read[1:]] == ["+1", "'-cmd|' /C calc'!A0", "'@SUM(A1)gpj.exe"]
    assert [row[3] for row in read[1:]] == ["1234.5", "", "-3.25"]
    assert [row[8] for row in read[1:]] == ["two\nlines", 'a "quoted" comma, here', "#N/A"]
    frame = pd.read_csv(io.BytesIO(content), parse_dates=["Signed"])
    assert frame["US$ bn"].tolist()[::2] == [1234.5, -3.25]
    assert frame["Signed"].dt.year.tolist()[::2] == [2019, 2021]


@pytest.mark.parametrize(
    "text",
    ["=1", "+a", "-a", "@a", " =1", "\t=1", "\n=1", "\uff1d1", "\uff0ba", "\uff20a", "\ta", "-1+1"],
)
def test_a_formula_is_disarmed(text: str):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1", "-1", "+1.5", "-1e-7", "-INF", "−1", "–", "'=1"])
def test_what_is_no_formula_is_left_alone(text: str):
    assert harmless(text) == text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=4))
def test_any_text_survives_a_file(cells: list[list[str]]):
    shape = {"types": ("string",) * 2, "decimals": (None, None), "columns": ("a", "b")}
    table = Table("table", 1, "", "", "", "", rows=tuple(map(tuple, cells)), **shape)  # type: ignore[arg-type]
    if any("\ud800" <= sign <= "\udfff" for row in cells for text in row for sign in text):
        return
    read = rows(csv_file(table))[1:]
    assert [[text.removeprefix("'") for text in row] for row in read] == [
        [text.removeprefix("'") for text in row] for row in cells
    ]


def test_rows_too_many_for_a_link_leave_the_page_without_one(monkeypatch):
    from sme_analysis.reports import export

    monkeypatch.setattr(export, "_LONGEST", 10)
    html = page(sample.sample())
    assert links(sample.check_sound(html)) == {}
    assert html.count(LABELS["en"]["too_many"]) == 4


# The page


def test_hostile_words_are_words(html: str):
    root = sample.check_sound(html)
    text = " ".join("".join(root.itertext()).split())
    assert "<script" not in html
    assert not list(root.iter("script"))
    for word in (sample.MARKUP, sample.CHINESE):
        assert word in text
    assert "\u202e" not in html
    assert "\u202c" not in html


def test_the_title_in_the_margin_cannot_leave_its_string(html: str):
    style = next(sample.tree(html).iter("style")).text or ""
    value = css_string(visible(f"Report {sample.MARKUP}{sample.TRICK}"))
    assert f"@page {{ @top-left {{ content: {value}; }} }}" in style
    assert "<" not in style


@given(st.text())
def test_a_css_string_holds_any_text(text: str):
    made = css_string(text)
    assert re.fullmatch(r'"([\w .,;:–—-]|\\[0-9a-f]+ )*"', made)
    back = re.sub(r"\\([0-9a-f]+) ", lambda sign: chr(int(sign[1], 16)), made[1:-1])
    assert back == text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_notebooks_are_valid_pages(path: Path):
    content = nb.read(path)
    html = page(content, code=True)
    root = sample.check_sound(html)
    found = tables(content)
    saved = links(root)
    assert len(saved) == len(found)
    for file, table in zip(saved.values(), found, strict=True):
        assert len(rows(file)) == len(table.rows) + 1
    for figure in root.iter("figure"):
        (drawing,) = figure.iter("{http://www.w3.org/2000/svg}svg")
        assert len(drawing.get("aria-label", "")) > 40


def test_controls_and_reordering_signs_are_taken_out():
    assert visible("a\x00\x08b\u202e\u2066c\ud800\ufffe\u200fd\n\t") == "abc\u200fd\n\t"
    assert visible_html("&#x202E;&#8238;&#x202e&#0;&#xD800;&#99999999;&#65;&amp;") == "&#65;&amp;"
    dirty = sample.notebook(
        sample.text("# T\u202e\x00itle\n\n## A&#8238;b\u2066"),
        sample.cell("x", [{"output_type": "display_data", "metadata": {},
                           "data": {"text/html": "<p>&#x202e;x\u202e</p>"}}]),
    )  # fmt: skip
    made = page(dirty)
    assert "\u202e" not in made
    assert "<h1>Title</h1>" in made
    assert "<p>x</p>" in made
    sample.check_sound(made)


@pytest.mark.parametrize("language", LABELS)
def test_every_language_has_every_word(language: str):
    assert set(LABELS[language]) == set(LABELS["en"])
    assert all(isinstance(word, str) and word for word in LABELS[language].values())


def test_another_language_needs_another_table_of_words_only(monkeypatch, notebook):
    monkeypatch.setitem(LABELS, "xx", {key: f"«{word}»" for key, word in LABELS["en"].items()})
    html = page(notebook, language="xx")
    root = sample.check_sound(html)
    assert root.get("lang") == "xx"
    assert "«Parameters of this report»" in html
    assert "«Data (CSV)»" in html


# Damaged notebooks


@pytest.mark.parametrize(
    "damage",
    [
        {"text/csv": ""},
        {"text/csv": "\n"},
        {"text/csv": 'a,b\n"unclosed'},
        {"text/csv": ["a,b\n", 1, None]},
        {"text/csv": {"a": 1}},
        {"text/csv": "a,b\n1\n1,2,3\n"},
        {"text/csv": "x" * 200_000},
        {"text/csv": "a\n" + "\x00"},
        {"image/svg+xml": "<svg"},
        {"text/html": "<table><tr><td>"},
        {"text/html": None},
    ],
    ids=lambda damage: str(damage)[:40],
)
@pytest.mark.parametrize("noted", [None, 1, {"text/csv": 1}, {"text/csv": {"sme_analysis": {
    "types": "x", "decimals": [None, "2", 1e9], "title": 1, "kind": []}}}], ids=str)  # fmt: skip
def test_a_damaged_output_harms_nothing(damage: dict[str, Any], noted: Any):
    from sme_analysis.reports.workbook import workbook

    output = {"output_type": "display_data", "metadata": noted,
              "data": {"text/html": "<p>x</p>", "text/plain": "x", **damage}}  # fmt: skip
    content = sample.notebook(sample.text("# T\n\nS."), sample.cell("x", [output]))
    sample.check_sound(page(content))
    assert workbook(content).startswith(b"PK")


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(metadata=[]),
        lambda content: content["cells"][4].update(outputs=[1]),
        lambda content: content["cells"][4].update(outputs=[{"data": []}]),
        lambda content: content["cells"].append({"cell_type": "code"}),
        lambda content: content.update(cells={}),
        lambda content: content.update(nbformat=3),
    ],
)
def test_a_damaged_notebook_is_refused_in_a_sentence(change: Any, notebook, tmp_path: Path):
    damaged = copy.deepcopy(notebook)
    change(damaged)
    path = tmp_path / "damaged.ipynb"
    path.write_text(json.dumps(damaged))
    with pytest.raises(DataError, match=r"^notebook damaged\.ipynb is damaged: .+$"):
        nb.read(path)


@pytest.mark.parametrize("part", [0, 0.3, 0.9, 0.9999])
def test_a_truncated_notebook_is_refused_in_a_sentence(part: float, notebook, tmp_path: Path):
    whole = json.dumps(notebook)
    path = tmp_path / "cut.ipynb"
    path.write_text(whole[: int(len(whole) * part)])
    with pytest.raises(DataError, match=r"^notebook cut\.ipynb is damaged: it is not valid JSON$"):
        nb.read(path)


# Formats


def test_each_format_is_the_same_twice(notebook: dict[str, Any]):
    for to in ("html", "xlsx", "ipynb"):
        formats.prepare(to)
        first = formats.render(notebook, to)
        assert formats.render(copy.deepcopy(notebook), to) == first
        assert first


def test_the_notebook_keeps_its_code_and_the_page_shows_it_on_request(notebook: dict[str, Any]):
    import nbformat

    written = formats.render(notebook, "ipynb")
    read = nbformat.reads(written.decode(), as_version=4)
    nbformat.validate(read)
    assert [c["source"] for c in read["cells"]] == [c["source"] for c in notebook["cells"]]
    report = nb.read(reports()[0].path)
    assert b"check_parameters" not in formats.render(report, "html")
    assert b"check_parameters" in formats.render(report, "html", code=True)


@pytest.mark.parametrize("wrong", ["docx", "HTML", "", "pdff"])
def test_an_unknown_format_is_refused(wrong: str, notebook: dict[str, Any]):
    with pytest.raises(ParameterError, match="unknown format of a report"):
        formats.prepare(wrong)
    with pytest.raises(ParameterError, match="Allowed: html, pdf, xlsx, ipynb"):
        formats.render(notebook, wrong)


# Copies of the notebooks


def test_the_notebooks_are_copied(tmp_path: Path):
    made = copies.copy_notebooks(tmp_path / "a" / "b")
    assert [path.name for path in made] == [path.name for path in SHIPPED]
    assert made[0].name == copies.START
    assert all(m.read_bytes() == s.read_bytes() for m, s in zip(made, SHIPPED, strict=True))
    assert copies.copy_notebooks(tmp_path / "a" / "b") == made  # nothing would be lost


def test_a_changed_copy_is_not_replaced_without_force(tmp_path: Path):
    start, mine, *_ = copies.copy_notebooks(tmp_path)
    mine.write_text("mine")
    start.unlink()
    with pytest.raises(ParameterError) as refusal:
        copies.copy_notebooks(tmp_path)
    assert len(str(refusal.value).splitlines()) == 1
    assert mine.name in str(refusal.value)
    assert "--force" in str(refusal.value)
    assert mine.read_text() == "mine"
    assert not start.exists()  # nothing was begun
    copies.copy_notebooks(tmp_path, force=True)
    assert mine.read_bytes() == SHIPPED[1].read_bytes()


def test_a_file_is_no_folder_to_copy_to(tmp_path: Path):
    (tmp_path / "f").write_text("x")
    with pytest.raises(ParameterError, match="it is a file, not a folder"):
        copies.copy_notebooks(tmp_path / "f")
    with pytest.raises(ParameterError, match=r"U\+0000"):
        copies.copy_notebooks("a\0b")


# In a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.mark.slow
def test_a_page_opened_from_a_file_asks_for_nothing_and_saves_its_rows(
    browser: Browser, html: str, tmp_path: Path
):
    path = tmp_path / "a report.html"
    path.write_text(html, encoding="utf-8")
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    tab = browser.page()
    before = len(browser.events)
    tab.open(path.as_uri())
    for name, content in links(sample.tree(html)).items():
        tab.value(f"document.querySelector('a[download=\"{name}\"]').click()")
        wait(lambda name=name: (tmp_path / name).is_file(), 15, name)
        wait(lambda n=name, c=content: (tmp_path / n).read_bytes() == c, 5, name)
    assert tab.value("document.title").startswith("Report </title></style><script>")  # a word only
    assert tab.value("document.querySelectorAll('figure svg').length") == 1
    asked = {address.partition(",")[0] for address in browser.requests()}
    assert asked <= {path.as_uri(), "about:blank", "data:text/csv;charset=utf-8;base64"}
    assert browser.complaints() == []
    assert len(browser.events) > before


@pytest.mark.slow
def test_the_shipped_reports_ask_for_nothing(browser: Browser, tmp_path: Path):
    tab = browser.page()
    for report in reports():
        path = tmp_path / f"{report.name}.html"
        path.write_text(page(nb.read(report.path)), encoding="utf-8")
        start = len(browser.requests())
        tab.open(path.as_uri())
        asked = [address for address in browser.requests()[start:] if address[:5] != "data:"]
        assert asked == [path.as_uri()]
        for width in (1280, 390):  # nothing sticks out at the side
            tab.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                     deviceScaleFactor=1, mobile=False)  # fmt: skip
            assert tab.value("document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == []


def test_a_report_on_one_economy_is_titled_by_it():
    brief = nb.read(folder("notebooks") / "05_country_brief.ipynb")
    assert "<h1>Country brief: Viet Nam</h1>" in page(brief)
    other = nb.read(folder("notebooks") / "01_outbound_investment.ipynb")
    assert f"<h1>{nb.opening(other)[0]}</h1>".replace("'", "&#39;") in page(other)
