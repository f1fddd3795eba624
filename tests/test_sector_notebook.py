"""The notebook on sectors as it runs with any parameters; tests/test_notebook.py reads its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cells import NOTHING_SAID, Shown, code, runner

import sme_analysis as sme
from sme_analysis import findings, sectors
from sme_analysis.reports import catalogue
from sme_analysis.sectors import activity

REPORT = catalogue.report("sectors")
SECTIONS = 10
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
def run(monkeypatch: pytest.MonkeyPatch, regressions: dict[str, Any]) -> Callable[..., list[Shown]]:
    monkeypatch.setattr(findings.following, "following_rows", lambda rows: regressions["following"])
    monkeypatch.setattr(sectors, "belt_and_road_effect", lambda *data: regressions["effect"])
    return runner(monkeypatch, REPORT.path)


def test_the_notebook_has_its_sections() -> None:
    assert len(code(REPORT.path)) == SECTIONS + 3
    assert set(NAMES) <= set(REPORT.parameters)


@pytest.mark.parametrize("case", GRID, ids=lambda case: "-".join(map(str, case)))
def test_any_parameters_give_a_sensible_report(run, case) -> None:
    found = run(**dict(zip(NAMES, case, strict=True)))
    assert len(found) == SECTIONS + 2
    for shown in found[1:-1]:
        assert shown.said.endswith(".")
        assert not NOTHING_SAID.search(shown.said), shown.said
        assert len(shown.figures) <= 1
        shown.is_sound()


def test_the_default_report_draws_every_section_but_the_survey(run) -> None:
    assert [len(shown.figures) for shown in run()[1:-1]] == [1, 1, 1, 1, 1, 1, 1, 0, 1, 1]
