"""The page that lists a batch: sound, harmless, readable without its script, searched with it."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import sample
from devtools import browsing

from sme_analysis.errors import ParameterError
from sme_analysis.reports.index import index_html, index_page
from sme_analysis.reports.notebook import ReportError
from sme_analysis.reports.words import LABELS

HOSTS = ("Viet Nam", "Côte d'Ivoire", "科特迪瓦", sample.MARKUP, f"=1+1{sample.TRICK}")
ROWS: list[dict[str, Any]] = [
    {
        "title": f"Brief: {host}",
        "report": "brief",
        "parameters": {"host": host, "n": number, "measure": "flow", "names": ["a", "b"]},
        "files": {"html": f"brief_{number}.html", "xlsx": f"sub/brief {number}#?.xlsx"},
        "status": "done",
    }
    for number, host in enumerate(HOSTS)
] + [
    {
        "title": "Brief: Laos",
        "parameters": {"host": "Laos", "n": 9, "measure": "flow", "names": ["a", "b"]},
        "status": "failed",
        "message": f"failed in cell 3: ValueError: {sample.MARKUP}",
    }
]


@pytest.fixture(scope="module")
def html() -> str:
    return index_html(ROWS, title=f"All {sample.MARKUP}{sample.TRICK}")


def cells(html: str) -> list[list[str]]:
    root = sample.tree(html)
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in root.findall(".//tbody/tr")
    ]


def test_it_is_sound_and_shows_all_without_its_script(html: str):
    root = sample.check_sound(html)
    read = cells(html)
    assert len(read) == len(ROWS)
    assert read[0] == ["Brief: Viet Nam", "Viet Nam", "0", "HTML XLSX", "done"]
    assert read[5][:4] == ["Brief: Laos", "Laos", "9", ""]
    assert read[5][4] == f"failed{ROWS[5]['message']}"
    assert (root.find(".//form") or {}).get("hidden") is not None  # of no use without the script
    assert "6 reports, 1 failed" in "".join(root.find(".//header").itertext())  # type: ignore[union-attr]


def test_what_is_the_same_for_all_is_said_once(html: str):
    root = sample.tree(html)
    assert [item.text or "".join(item.itertext()) for item in root.findall(".//thead//th")] == [
        "Report", "host", "n", "Files", "Status",
    ]  # fmt: skip
    same = ["".join(item.itertext()) for item in root.findall(".//header//dd")]
    assert same == ["measure flow", "names a, b"]


def test_reports_of_one_title_are_told_apart_by_their_values():
    rows = [
        {"title": "Brief", "parameters": {"host": host, "kind": kind}, "files": {"html": "x.html"}}
        for host in ("Laos", sample.MARKUP)
        for kind in ("a", "b")
    ]
    html = index_html(rows)
    root = sample.check_sound(html)
    assert root.findtext(".//h1") == "Brief"
    assert ["".join(item.itertext()) for item in root.findall(".//thead//th")][:2] == [
        "host", "kind",
    ]  # fmt: skip
    assert [row[:2] for row in cells(html)][::3] == [
        ["Laos", "a"], [" ".join(sample.MARKUP.split()), "b"],
    ]  # fmt: skip
    labels = [link.get("aria-label") for link in root.findall(".//tbody//th/a")]
    assert labels[:2] == ["Brief, Laos, a", "Brief, Laos, b"]
    given = index_html([*rows, {"title": "Brief", "parameters": {"kind": "c"}}], title="Mine")
    assert sample.check_sound(given).findtext(".//h1") == "Mine"
    assert cells(given)[-1][:2] == ["Brief", "c"]


def test_hostile_words_are_words(html: str):
    read = cells(html)
    assert read[3][1] == " ".join(sample.MARKUP.split())
    assert read[4][1] == "=1+1gpj.exe"
    assert "\u202e" not in html
    root = sample.tree(html)
    assert len(root.findall(".//script")) == 1
    assert not root.findall(".//img")
    assert not [key for node in root.iter() for key in node.attrib if key.startswith("on")]


def test_only_its_own_script_may_run(html: str):
    root = sample.tree(html)
    (script,) = root.findall(".//script")
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    (policy,) = [
        meta.get("content", "")
        for meta in root.findall(".//meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"innerHTML|document\.write|eval\(|https?:", html)


def test_the_links_lead_to_files_below_the_page(html: str):
    root = sample.tree(html)
    links = [link.get("href", "") for link in root.iter("a")]
    assert links[:3] == ["./brief_0.html", "./brief_0.html", "./sub/brief%200%23%3F.xlsx"]
    labels = [link.get("aria-label") for link in root.iter("a") if link.get("aria-label")]
    assert labels[0] == "HTML: Brief: Viet Nam, Viet Nam, 0"
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    "path",
    [
        "../x.html",
        "/etc/x",
        "a/../../x",
        "C:\\x.html",
        "c:x.html",
        "\\\\host\\x",
        "a\x00b",
        "a\u202eb",
    ],
)
def test_a_file_outside_the_folder_is_refused(path: str):
    with pytest.raises(ParameterError, match="is no file below the folder of reports"):
        index_html([{"title": "x", "files": {"html": path}}])


@pytest.mark.parametrize("path", ["javascript:alert(1)", "//host/x.html", "https://example.org/x"])
def test_a_name_is_never_an_address_of_another_kind(path: str):
    try:
        root = sample.tree(index_html([{"title": "x", "files": {"html": path}}]))
    except ParameterError:
        return
    assert all(link.get("href", "").startswith("./") for link in root.iter("a"))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{"title": None, "parameters": None, "files": None, "status": None, "message": None}],
        [{"report": "brief", "status": "odd", "parameters": {"a": None}}, {"title": "x"}],
        [{"parameters": {"a": True, "b": []}}, {"parameters": {"b": ["x"]}}],
    ],
    ids=str,
)
def test_whatever_is_missing_the_page_is_sound(rows: list[dict[str, Any]]):
    html = index_html(rows)
    sample.check_sound(html)
    assert len(cells(html)) == len(rows)


def test_the_page_is_written_whole_and_the_same_twice(tmp_path: Path):
    first = index_page(iter(ROWS), tmp_path).read_bytes()
    assert index_page(ROWS, str(tmp_path)).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    with pytest.raises(ReportError, match="cannot write"):
        index_page(ROWS, tmp_path / "missing")


def test_another_language_needs_another_table_of_words_only(monkeypatch):
    words = {key: f"«{word}»" for key, word in LABELS["en"].items()}
    monkeypatch.setitem(LABELS, "xx", words)
    root = sample.check_sound(index_html(ROWS, language="xx"))
    visible = " ".join(root.find(".//body").itertext())  # type: ignore[union-attr]
    for word in ("Reports", "Search these reports", "Files", "failed", "done"):
        assert f"«{word}»" in visible


@pytest.mark.slow
def test_it_is_searched_in_a_browser_from_a_file(tmp_path: Path):
    many = [{"title": f"Report {n}", "parameters": {"n": n}, "status": "done"} for n in range(200)]
    page = index_page([*ROWS, *many], tmp_path)
    with browsing(tmp_path) as browser:
        tab = browser.page()
        tab.open(page.as_uri())
        rows = "Array.from(document.querySelectorAll('tbody tr')).filter(row => row.offsetHeight)"
        count = "document.getElementById('count').textContent"
        assert tab.value(f"{rows}.length") == 206
        assert tab.value("document.getElementById('search').hidden") is False

        def search(words: str) -> list[str]:
            tab.value("document.getElementById('words').select()")
            tab.call("Input.insertText", text=words)
            found: list[str] = tab.value(f"{rows}.map(row => row.cells[0].textContent)")
            return found

        tab.value("document.getElementById('words').focus()")
        assert search("COTE ivoire") == ["Brief: Côte d'Ivoire"]  # case and accents aside
        assert tab.value(count) == "1 of 206 reports"
        for typed in ("cote divoire", "d’Ivoire", "cotedivoire"):
            assert search(typed) == ["Brief: Côte d'Ivoire"], typed
        assert search("科特") == ["Brief: 科特迪瓦"]
        assert search("valueerror") == ["Brief: Laos"]
        assert search("<script>") == [f"Brief: {sample.MARKUP}", "Brief: Laos"]
        assert search("no such word") == []
        assert tab.value(count) == "No report matches."
        search("brief")
        tab.value("document.getElementById('failed').click()")
        assert tab.value(f"{rows}.map(row => row.cells[0].textContent)") == ["Brief: Laos"]
        tab.value("document.getElementById('failed').click()")
        tab.value("document.getElementById('words').value = ''")
        tab.value(
            "document.getElementById('words').dispatchEvent(new Event('input', {bubbles: true}))"
        )
        assert tab.value(f"{rows}.length") == 206
        assert tab.value(count) == "206 reports, 1 failed"
        assert tab.value("document.title") == "Reports"
        assert browser.requests() == [page.as_uri()]
        assert browser.complaints() == []
