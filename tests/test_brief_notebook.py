"""The country brief as it runs for any economy; tests/test_notebook.py reads its form."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from typing import Any

import IPython.display
import pytest

from sme_analysis.errors import ParameterError
from sme_analysis.reports import catalogue
from sme_analysis.reports.parameters import check, check_parameters

REPORT = catalogue.report("country_brief")
CODE = [
    "".join(cell["source"])
    for cell in json.loads(REPORT.path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "code"
]
NOTHING_SAID = re.compile(r"(?<![\w-])(nan|NaN|inf|None(?= \d|\.|,)|NaT|<NA>)(?![\w-])|nan%|inf%")
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
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Run the notebook's cells in this process; return what they display."""
    shown: list[dict[str, Any]] = []

    def display(bundle: dict[str, Any], **_: Any) -> None:
        shown.append(bundle)

    monkeypatch.setattr(IPython.display, "display", display)

    def go(**parameters: Any) -> list[dict[str, Any]]:
        shown.clear()
        space: dict[str, Any] = {}
        exec(CODE[0], space)
        space.update(parameters)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for code in CODE[1:]:
                exec(code, space)
        return shown

    return go


@pytest.mark.parametrize(("economy", "beside"), GRID)
def test_the_brief_reads_for_every_economy(
    run: Callable[..., list[dict[str, Any]]], economy: str, beside: list[str]
) -> None:
    shown = run(economy=economy, compare_with=beside, draws=100)
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
        assert not re.search(r"<td[^>]*>(nan|NaN|None|&lt;NA&gt;)</td>", html)


def test_what_has_no_score_has_a_reason_and_what_is_known(
    run: Callable[..., list[dict[str, Any]]],
) -> None:
    shown = " ".join(item.get("text/html", "") for item in run(economy="TWN", draws=100))
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
