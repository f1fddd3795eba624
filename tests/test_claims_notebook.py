"""The notebook on statements as it runs with any parameters; its form is tested elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from cells import NOTHING_SAID, Shown, code, runner

from sme_analysis import claims, display, findings, plots
from sme_analysis.reports import catalogue

REPORT = catalogue.report("claims_check")
GRID = [
    ("all", "all", True),
    ("all", "differs", False),
    ("hktdc_go_global", "confirmed", True),
    ("hktdc_go_global", "not found", False),
    ("troib_bri_smes", "differs", True),  # holds none
    ("troib_bri_smes", "cannot be checked", True),
    ("troib_sme_support", "differs", True),
    ("troib_sme_support", "cannot be checked", False),
]
NAMES = ("article", "verdict", "show_proxies")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Shown]]:
    return runner(monkeypatch, REPORT.path)


@pytest.mark.parametrize("case", GRID, ids=lambda case: "-".join(map(str, case)))
def test_any_parameters_give_a_sensible_report(run, case):
    article, verdict, _ = case
    found = run(**dict(zip(NAMES, case, strict=True)))
    shown: list[str] = []
    for cell in found[1:-1]:
        assert cell.said.endswith(".")
        cell.is_sound()
        for bundle in cell.bundles:
            assert not NOTHING_SAID.search(bundle["text/plain"])
            html = bundle.get("text/html", "")
            if "sme-prose" in html:
                shown += re.findall(r'title="Verdict"[^>]*>([^<]+)<', html)
    expected = claims.check(article, verdict=verdict, proxies=case[2])
    assert sorted(shown) == sorted(expected["verdict"])
    if expected.empty:
        assert any("holds no statement" in cell.said for cell in found[1:-1])


def test_the_sections_leave_no_subject_out():
    asked = {word for cell in code(REPORT.path) for word in re.findall(r'"(\w+)"', cell)}
    assert set(claims.check()["subject"]) <= asked


@pytest.fixture(scope="module")
def examined() -> claims.Examination:
    return claims.examine()


def test_the_survey_shares_are_those_of_the_edition_before(examined):
    said = findings.claims.editions(examined.rows(), examined.evidence())
    assert said.headline == "The survey shares quoted beside figures of 2024 are those of 2023"
    assert "3 shares of 3 quoted" in said.text
    assert "prints none of them in the same words" in said.text
    assert said.table is not None
    assert (said.table.loc[said.table["Same edition"] == "yes", "Edition"] == "2023").all()
    dots = findings.claims.edition_dots(examined.rows(), examined.evidence())
    assert (dots["low"] <= dots["value"]).all()
    assert (dots["high"] <= 100).all()


def test_the_growth_of_imports_needs_the_revised_base(examined):
    said = findings.claims.trade_bases(examined.rows())
    assert said.text.startswith("3 of 3 stated growth rates of trade come out on the revised")
    assert "imports would show 2.2%, not 2.3%" in said.text


def test_what_differs_is_told_with_its_statement(examined):
    said = findings.claims.topic(examined.rows(), examined.evidence(), ["zones"], "zones")
    assert "What differs: “These zones lie in three provinces" in said.text
    assert "10, where the statement has 3" in said.text
    nothing = findings.claims.topic(
        examined.rows().iloc[:0], examined.evidence(), ["zones"], "zones"
    )
    assert nothing.empty
    assert nothing.text == "The selection holds no statement on zones."


def test_rows_of_sentences_are_not_folded_and_name_their_cells():
    frame = pd.DataFrame({"Statement": ["A & b."] * 30, "Why": ["So."] * 30})
    html = display.table_html(frame, {}, prose=True)
    assert "<details" not in html
    assert html.count('<td title="Why" style="text-align:left">So.</td>') == 30
    assert "A &amp; b." in html
    assert "<details" in display.table_html(frame, {})
    assert "title=" not in display.table_html(frame, {})


def test_counted_bars_write_every_count():
    counts = pd.DataFrame({"yes": [3, 0], "no": [1, 4]}, index=["one", "two"])
    figure = plots.counted_bars(counts, title="t", subtitle="s", source="Source: x.")
    (axes,) = figure.axes
    written = sorted(text.get_text() for text in axes.texts)
    assert written == ["1", "3", "4", "4", "4"]  # three pieces and two totals
    assert [patch.get_width() for patch in axes.patches] == [3, 0, 1, 4]
    assert axes.get_xlim() == (0, 4)
