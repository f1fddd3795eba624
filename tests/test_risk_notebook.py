"""The notebook on host risk as it runs with any parameters; tests/test_notebook.py has its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cells import NOTHING_SAID, Shown, code, runner

from sme_analysis import ParameterError, economies, risk
from sme_analysis.reports import catalogue
from sme_analysis.reports.parameters import check

REPORT = catalogue.report("host_risk")
SECTIONS = 10
CASES: list[dict[str, Any]] = [
    {"group": "CENTRAL_ASIA", "year": 2012, "weights": "political=2, ties=0", "highlight": []},
    {"group": "BRI", "aggregation": "geometric", "highlight": ["Taiwan", "Kosovo", "Eritrea"]},
    {"group": "CPTPP", "year": 2012, "highlight": ["Viet Nam"]},
    {"group": "GCC", "year": 2005, "weights": "exporter", "highlight": ["China"]},
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Shown]]:
    fewer = risk.sensitivity

    def sensitivity(*args: Any, **options: Any) -> Any:
        return fewer(*args, **{**options, "n": 16})

    monkeypatch.setattr(risk, "sensitivity", sensitivity)
    return runner(monkeypatch, REPORT.path, draws=100)


def test_the_notebook_has_its_sections() -> None:
    assert len(code(REPORT.path)) == SECTIONS + 3
    wanted = ("group", "year", "weights", "aggregation", "draws", "seed", "highlight")
    assert tuple(REPORT.parameters) == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['group']}-{case.get('year')}")
def test_any_parameters_give_a_sensible_report(run, case) -> None:
    found = run(**case)
    for shown in found[1:-1]:
        assert shown.said.endswith(".")
        for bundle in shown.bundles:
            if "<table" not in bundle.get("text/html", ""):
                assert not NOTHING_SAID.search(bundle["text/plain"]), bundle["text/plain"]
        shown.is_sound()


def test_the_same_seed_gives_the_same_words(run) -> None:
    case = {"group": "SCO", "highlight": ["Kazakhstan", "India"], "seed": 7}
    first, second = (
        [bundle["text/plain"] for shown in run(**case) for bundle in shown.bundles] for _ in "ab"
    )
    assert first == second


# What the parameters accept, before any kernel starts


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("Plant builder", "plant_builder"),
        ("political = 2,ties=0", "political=2, ties=0"),
        ("social=1", "equal"),
    ],
)
def test_weights_are_read(given, canonical):
    assert check(REPORT, {"weights": given})["weights"] == canonical
    assert risk.weights(canonical) == risk.weights(given)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("weights", "equl", "did you mean 'equal'"),
        ("weights", "politcal=2", "did you mean 'political'"),
        ("weights", "ties=-1", "must be a number >= 0"),
        ("highlight", ["Vietnm"], "did you mean 'Vietnam'"),
        ("highlight", ["ASEAN"], "a group of economies"),
        ("year", 2004, "between 2005 and"),
        ("draws", 99, "between 100 and 10000"),
        ("aggregation", "harmonic", "arithmetic, geometric"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(name, value, said):
    with pytest.raises(ParameterError) as caught:
        check(REPORT, {name: value})
    message = str(caught.value)
    assert message.startswith(f"report host_risk: {name} ")
    assert said in message
    assert "\n" not in message


def test_economies_are_read_by_any_name():
    found = check(REPORT, {"highlight": ["越南", "KOR", "Ivory Coast"]})["highlight"]
    assert [economies.to_iso3(name) for name in found] == ["VNM", "KOR", "CIV"]
