"""The country brief as it runs for any economy; tests/test_notebook.py reads its form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cells import EMPTY_CELL, NOTHING_SAID, runner

from sme_analysis.errors import ParameterError
from sme_analysis.reports import catalogue
from sme_analysis.reports.parameters import check, check_parameters

REPORT = catalogue.report("country_brief")
CLUMSY = re.compile(
    r"\b1 (figures|deals|projects|events|gaps|zones|indicators|investments|contracts|years)\b"
    r"|\bthe the\b|\.\.| ,|between (\d+) and \2\b"
)
# economy, compare_with
GRID = [
    ("Kiribati", []),
    ("South Sudan", ["Fiji"]),
    ("Hong Kong", []),
    ("Venezuela", ["Colombia", "Taiwan"]),
    ("Cayman Islands", []),
    ("Kosovo", []),
    ("Guam", []),  # official finance is on record, without any amount
    ("Pitcairn", ["Taiwan"]),
    ("Taiwan", ["Singapore", "TWN"]),
    ("United States", ["US"]),
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, str]]]:
    """Run the notebook with few draws; return what all of it shows."""
    cells = runner(monkeypatch, REPORT.path)
    return lambda **given: [item for shown in cells(**given) for item in shown.bundles]


@pytest.mark.parametrize(("economy", "beside"), GRID)
def test_the_brief_reads_for_every_economy(
    run: Callable[..., list[dict[str, str]]], economy: str, beside: list[str]
) -> None:
    shown = run(economy=economy, compare_with=beside)
    said = [
        re.sub("<[^>]+>", "", item["text/html"])
        for item in shown
        if 'class="sme-finding"' in item.get("text/html", "")
    ]
    assert len(said) >= 10
    for text in said:
        assert text.endswith((".", "?")), text
        assert not NOTHING_SAID.search(text), text
        assert not CLUMSY.search(text), text
    for item in shown:
        html = item.get("text/html", "")
        assert "<tbody></tbody>" not in html
        assert not EMPTY_CELL.search(html)


def test_what_has_no_score_has_a_reason_and_what_is_known(
    run: Callable[..., list[dict[str, str]]],
) -> None:
    shown = " ".join(item.get("text/html", "") for item in run(economy="TWN"))
    assert "has no risk score for" in shown
    assert "of all indicators; at least" in shown
    assert "are known, the oldest of" in shown


def test_names_are_checked_before_anything_runs() -> None:
    checked = check("country_brief", {"economy": "越南", "compare_with": "Fiji, WSM"}, text=True)
    assert (checked["economy"], checked["compare_with"]) == ("Viet Nam", ["Fiji", "Samoa"])
    for values in ({"economy": "Vietnm"}, {"economy": "China"}, {"compare_with": ["Atlantis"]},
                   {"economy": ""}, {"compare_with": ["China"]}, {"draws": 5}):  # fmt: skip
        with pytest.raises(ParameterError) as refused:
            check_parameters("country_brief", **values)
        assert len(str(refused.value).splitlines()) == 1


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean"):
        check_parameters("country_brief", economy="Kirbati")
