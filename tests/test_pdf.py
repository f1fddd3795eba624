"""The PDF: pages numbered, nothing split, links that lead; and browsers that are not there."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sample
from devtools import installed

from sme_analysis.errors import ParameterError, SmeAnalysisError
from sme_analysis.reports import browser, formats
from sme_analysis.reports import notebook as nb
from sme_analysis.reports.catalogue import report
from sme_analysis.reports.export import page
from sme_analysis.reports.notebook import ReportError
from sme_analysis.reports.pdf import pdf
from sme_analysis.reports.words import visible

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in browsers are shell scripts")


# Printed


@pytest.fixture(scope="module")
def printed() -> Any:
    """Print a shipped report and read it."""
    from pypdf import PdfReader

    program = installed()
    content = formats.render(nb.read(report("outbound_investment").path), "pdf", browser=program)
    return PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def texts(printed: Any) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in printed.pages]


@pytest.mark.slow
def test_every_page_has_its_number_and_all_but_the_first_the_title(printed: Any, texts: list[str]):
    count = len(texts)
    assert 8 <= count <= 30
    title = printed.metadata.title
    assert title == report("outbound_investment").title
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {count}" in text
        assert text.count(title) == 1  # as the heading on the first page, else in the margin
        assert len(text) > 300  # no page is all but empty


@pytest.mark.slow
def test_no_figure_is_split(texts: list[str]):
    """The title above and the source line below each figure stand on one page, in this order."""
    found = 0
    for cell in nb.read(report("outbound_investment").path)["cells"]:
        for output in cell.get("outputs", []):
            words = nb.noted(output, "image/svg+xml")
            if words:
                found += 1
                subtitle, source = (" ".join(words[key].split()) for key in ("subtitle", "source"))
                assert any(
                    re.search(f"{re.escape(subtitle)} .*{re.escape(source[:60])}", text)
                    for text in texts
                ), subtitle
    assert found >= 5


@pytest.mark.slow
def test_the_contents_are_links_and_the_headings_bookmarks(printed: Any, texts: list[str]):
    questions = [
        match[1]
        for cell in nb.read(report("outbound_investment").path)["cells"]
        if cell["cell_type"] == "markdown"
        for match in re.finditer(r"^## (.+)$", nb.source(cell), re.MULTILINE)
    ]
    links = [note.get_object() for note in printed.pages[0]["/Annots"]]
    places = printed.named_destinations
    led = [places[str(link["/Dest"])] for link in links if "/Dest" in link]
    assert len(led) == len(questions)
    for question, place in zip(questions, led, strict=True):
        assert question in texts[printed.get_destination_page_number(place)]

    def titles(outline: list[Any]) -> list[str]:
        return [
            t
            for item in outline
            for t in (titles(item) if isinstance(item, list) else [item.title])
        ]

    assert [title for title in titles(printed.outline) if title in questions] == questions


@pytest.mark.slow
def test_it_is_tagged_in_its_language_and_asks_for_nothing(printed: Any, texts: list[str]):
    root = printed.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert not {"/JavaScript", "/JS", "/OpenAction", "/EmbeddedFiles"} & set(root)
    assert "Data (CSV)" not in " ".join(texts)  # a link that paper cannot follow
    width, height = printed.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (595, 842)


@pytest.mark.slow
def test_hostile_words_are_printed_as_words_and_equal_pages_give_equal_files():
    from pypdf import PdfReader

    program = installed()
    html = page(sample.sample())
    first, second = (pdf(html, browser=program) for _ in range(2))
    assert first == second
    read = PdfReader(io.BytesIO(first))
    assert read.metadata.title == visible(f"Report {sample.MARKUP}{sample.TRICK}")
    everything = "".join("".join(page.extract_text().split()) for page in read.pages)
    assert "".join(sample.MARKUP.split()) in everything


# Browsers that are not what is needed


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a browser."""
    empty = tmp_path / "bin"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setattr(browser, "_usual_places", lambda: iter(()))
    return empty


@pytest.fixture
def stand_in(nowhere: Path) -> Callable[[str, str], Path]:
    """Make a program that stands for a browser."""

    def make(name: str, script: str) -> Path:
        path = nowhere / name
        path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return make


def test_no_browser_is_said_before_any_work(nowhere: Path):
    with pytest.raises(ReportError) as refusal:
        formats.prepare("pdf")
    said = str(refusal.value)
    assert len(said.splitlines()) == 1
    for part in ("Chromium", "Chrome", "Edge", "--browser", browser.VARIABLE):
        assert part in said
    formats.prepare("html")


@pytest.mark.parametrize("wrong", ["/nowhere/chrome", "no such browser", "a\0b", "x" * 5000])
def test_a_browser_that_is_not_there_is_refused(wrong: str, nowhere: Path, monkeypatch):
    with pytest.raises(ParameterError) as refusal:
        browser.find_browser(wrong)
    assert "given as the browser, is no program" in str(refusal.value)
    assert len(str(refusal.value)) < 600
    if "\0" not in wrong:
        monkeypatch.setenv(browser.VARIABLE, wrong)
        with pytest.raises(ParameterError, match=f"given in {browser.VARIABLE}"):
            browser.find_browser()


@posix
def test_a_browser_is_found_by_name_on_the_path_and_in_the_variable(stand_in, nowhere, monkeypatch):
    edge, other = stand_in("microsoft-edge", "exit 0"), stand_in("mine", "exit 0")
    assert browser.find_browser() == edge
    chromium = stand_in("chromium", "exit 0")
    assert browser.find_browser() == chromium
    monkeypatch.setenv(browser.VARIABLE, "mine")
    assert browser.find_browser() == other
    assert browser.find_browser("microsoft-edge") == edge  # what is given comes first
    assert browser.find_browser(chromium) == chromium


def test_the_usual_places_of_macos_and_windows():
    mac = [str(path) for path in browser._usual_places("darwin", {})]
    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in mac
    windows = [
        str(path) for path in browser._usual_places("win32", {"PROGRAMFILES(X86)": "C:\\Programs"})
    ]
    assert len(windows) == 5
    assert all(path.startswith("C:\\Programs") for path in windows)
    assert any(path.endswith("msedge.exe") for path in windows)
    assert list(browser._usual_places("linux", {})) == []


@posix
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "printed no PDF"),
        ("echo '[1:2:ERROR:a.cc(1)] No usable sandbox' >&2; exit 1", "(No usable sandbox)"),
        (
            'for a; do case $a in --print-to-pdf=*) echo x > "${a#*=}";; esac; done',
            "printed no PDF",
        ),
        (
            'for a; do case $a in --print-to-pdf=*) printf "%%PDF-1.4 Skia/PDF m120\\n%%%%EOF\\n" '
            '> "${a#*=}";; esac; done',
            "is of version 120: page numbers need Chromium, Chrome or Edge 131",
        ),
    ],
    ids=["fails", "complains", "half", "old"],
)
def test_a_browser_that_fails_is_told_in_a_sentence(stand_in, script: str, said: str):
    with pytest.raises(ReportError) as refusal:
        pdf("<p>x</p>", browser=stand_in("chromium", script))
    assert said in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


@posix
def test_a_browser_that_hangs_is_ended_with_its_helpers(stand_in, tmp_path: Path):
    noted = tmp_path / "helper"
    script = f'sleep 300 & echo $! > "{noted}"; wait'
    with pytest.raises(ReportError, match=r"did not finish within 1\.5 seconds"):
        pdf("<p>x</p>", browser=stand_in("chromium", script), timeout=1.5)
    helper = int(noted.read_text())
    for _ in range(50):
        if not _alive(helper):
            return
        time.sleep(0.1)
    pytest.fail("a helper was left behind")


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")  # one that is dead and not yet buried has no work left
    return not (state.is_file() and state.read_text().rpartition(")")[2].split()[0] == "Z")


@posix
def test_it_prints_offline_with_a_profile_of_its_own(stand_in, tmp_path: Path, monkeypatch):
    noted = tmp_path / "arguments"
    program = stand_in("chromium", f'for a; do printf "%s\\n" "$a"; done > "{noted}"')
    with pytest.raises(SmeAnalysisError):
        pdf("<p>x</p>", browser=program)
    arguments = noted.read_text().splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in arguments
    profile = next(a for a in arguments if a.startswith("--user-data-dir="))
    assert not Path(profile.partition("=")[2]).parent.exists()  # gone with all it held
    assert ("--no-sandbox" in arguments) == (os.geteuid() == 0)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--no-sandbox" not in browser.command(program, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="snap packages are of Linux")
def test_a_snap_browser_works_in_a_folder_that_it_can_see(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    own = tmp_path / "snap" / "chromium" / "common"
    own.mkdir(parents=True)
    snap = tmp_path / "snap" / "bin" / "chromium"
    with browser.workshop(snap) as folder:
        assert folder.parent == own
    assert list(own.iterdir()) == []
    with browser.workshop(tmp_path / "google-chrome") as folder:
        assert own not in folder.parents or "snap" in str(tmp_path)
