"""The notebook on statements as it runs with any parameters; its form is tested elsewhere."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from typing import Any

import IPython.display
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sme_analysis import claims, display, findings, plots
from sme_analysis.reports import catalogue

REPORT = catalogue.report("claims_check")
CODE = [
    "".join(cell["source"])
    for cell in json.loads(REPORT.path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
]
NOTHING_SAID = re.compile(r"(?<![\w-])(nan|NaN|inf|None|NaT|<NA>)(?![\w-])|nan%|inf%")
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
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[list[dict], list[Figure]]]]:
    """Execute the cells here; the displays and the figures of each; a warning is an error."""
    bundles: list[dict[str, str]] = []
    figures: list[Figure] = []

    def keep(bundle: dict[str, str], metadata: Any = None, raw: bool = False) -> None:
        bundles.append(bundle)

    def drawn(figure: Figure) -> str:
        figures.append(figure)
        return "<svg/>"

    monkeypatch.setattr(IPython.display, "display", keep)
    monkeypatch.setattr(display, "svg", drawn)

    def execute(**parameters: Any) -> list[tuple[list[dict[str, str]], list[Figure]]]:
        names: dict[str, Any] = {}
        exec(CODE[0], names)
        assert set(parameters) <= set(names)
        names.update(parameters)
        found = []
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for source in CODE[1:]:
                bundles.clear()
                figures.clear()
                exec(source, names)
                found.append((list(bundles), list(figures)))
        return found

    return execute


@pytest.mark.parametrize("case", GRID, ids=lambda case: "-".join(map(str, case)))
def test_any_parameters_give_a_sensible_report(run, case):
    article, verdict, _ = case
    found = run(**dict(zip(NAMES, case, strict=True)))
    shown: list[str] = []
    for bundles, figures in found[1:-1]:
        assert bundles[0]["text/plain"].strip().endswith(".")
        for bundle in bundles:
            assert not NOTHING_SAID.search(bundle["text/plain"])
            html = bundle.get("text/html", "")
            if "sme-prose" in html:
                shown += re.findall(r'title="Verdict"[^>]*>([^<]+)<', html)
        for figure in figures:
            words = {item.get_gid(): item.get_text() for item in figure.texts}
            assert words["title"].strip()
            assert words["source"].startswith("Source: ")
            assert any(axes.has_data() for axes in figure.axes)
    expected = claims.check(article, verdict=verdict, proxies=case[2])
    assert sorted(shown) == sorted(expected["verdict"])
    if expected.empty:
        assert any("holds no statement" in b[0]["text/plain"] for b, _ in found[1:-1])


def test_the_sections_leave_no_subject_out():
    asked = {word for code in CODE for word in re.findall(r'"(\w+)"', code)}
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
