"""The notebook on sectors as it runs with any parameters; tests/test_notebook.py reads its form."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from typing import Any

import IPython.display
import pytest
from matplotlib.figure import Figure

import sme_analysis as sme
from sme_analysis import display, findings, sectors
from sme_analysis.reports import catalogue
from sme_analysis.sectors import activity

REPORT = catalogue.report("sectors")
CODE = [
    "".join(cell["source"])
    for cell in json.loads(REPORT.path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
]
SECTIONS = 10
NOTHING_SAID = re.compile(r"(?<![\w-])(nan|NaN|inf|None(?! of )|NaT|<NA>)(?![\w-])|nan%|inf%")
# start, end, source, group, sector, top_n
GRID = [
    (2005, 2025, "deals", "World", "all", 12),
    (2005, 2025, "development", "ASEAN", "renewable_energy", 30),
    (2005, 2025, "official", "World", "wholesale_retail", 1),
    (2000, 2004, "deals", "EU", "manufacturing", 1),
    (2000, 2004, "development", "CENTRAL_ASIA", "all", 30),
    (2020, 2025, "deals", "Oceania", "renewable_energy", 30),
    (2012, 2012, "development", "World", "manufacturing", 1),
    (2012, 2012, "official", "ASEAN", "all", 30),
    (2024, 2025, "deals", "CENTRAL_ASIA", "wholesale_retail", 1),
    (2024, 2025, "development", "EU", "manufacturing", 30),
    (2008, 2009, "deals", "ASEAN", "wholesale_retail", 12),  # an interval without an upper end
]
NAMES = ("start_year", "end_year", "source", "group", "sector", "top_n")


@pytest.fixture(scope="module")
def regressions() -> dict[str, Any]:
    """Compute once what no parameter changes."""
    listed = activity.projects(
        sme.load("development_projects"), sme.load("sector_crosswalk"), 2000, 2021
    )
    panel, members = sme.load("outward_fdi_by_economy"), sme.load("belt_and_road_members")
    return {
        "following": findings.following.following_rows(listed),
        "effect": sectors.belt_and_road_effect(panel, members),
    }


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, regressions: dict[str, Any]
) -> Callable[..., list[tuple[list[dict[str, str]], list[Figure]]]]:
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
    monkeypatch.setattr(findings.following, "following_rows", lambda rows: regressions["following"])
    monkeypatch.setattr(sectors, "belt_and_road_effect", lambda *data: regressions["effect"])

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


def test_the_notebook_has_its_sections() -> None:
    assert len(CODE) == SECTIONS + 3
    assert set(NAMES) <= set(REPORT.parameters)


@pytest.mark.parametrize("case", GRID, ids=lambda case: "-".join(map(str, case)))
def test_any_parameters_give_a_sensible_report(run, case) -> None:
    found = run(**dict(zip(NAMES, case, strict=True)))
    assert len(found) == SECTIONS + 2
    for bundles, figures in found[1:-1]:
        said = bundles[0]["text/plain"]
        assert said.strip().endswith(".")
        assert not NOTHING_SAID.search(said), said
        tables = [b["text/html"] for b in bundles if "<table" in b.get("text/html", "")]
        assert len(figures) <= 1
        for figure in figures:
            words = {item.get_gid(): item.get_text() for item in figure.texts}
            assert words["title"].strip()
            assert words["subtitle"].strip()
            assert words["source"].startswith("Source: ")
            assert not any(NOTHING_SAID.search(word) for word in words.values())
            assert any(axes.has_data() for axes in figure.axes)
            assert tables, "a figure without its table"
        for table in tables:
            assert not re.search(r">(nan|NaN|None|inf|&lt;NA&gt;)<", table)


def test_the_default_report_draws_every_section_but_the_survey(run) -> None:
    assert [len(figures) for _, figures in run()[1:-1]] == [1, 1, 1, 1, 1, 1, 1, 0, 1, 1]
