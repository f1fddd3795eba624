"""The notebooks as committed, and as they run with any parameters."""

from __future__ import annotations

import ast
import json
import random
import re
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cells import NOTHING_SAID, Shown, runner
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import sme_analysis as sme
from sme_analysis import economies
from sme_analysis.reports import catalogue
from sme_analysis.reports.rules import Between, OneOf, resolve

REPORTS = {report.name: report for report in catalogue.reports()}
OUTBOUND = REPORTS["outbound_investment"].path

every_notebook = pytest.mark.parametrize("path", [r.path for r in REPORTS.values()], ids=REPORTS)


@cache
def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def code(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in cells(path) if cell["cell_type"] == "code"]


def tags(cell: dict[str, Any]) -> list[str]:
    found: list[str] = cell["metadata"].get("tags", [])
    return found


def text(data: dict[str, Any], kind: str) -> str:
    return "".join(data[kind])


# As committed


@every_notebook
def test_it_is_short(path):
    made = code(path)
    assert len(made) <= 13
    for cell in made:
        assert len(source(cell).splitlines()) <= 15
        assert all(len(line) <= 120 for line in source(cell).splitlines())


@every_notebook
def test_it_holds_no_logic_no_clock_no_path_and_no_chance(path):
    banned = {"time", "datetime", "random", "secrets", "uuid", "os", "pathlib", "subprocess"}
    for cell in code(path):
        tree = ast.parse(source(cell))
        for node in ast.walk(tree):
            assert not isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.For | ast.While
            )
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & banned
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in banned
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.match(r"(/|~|\.\.?/|[A-Za-z]:[\\/]|https?:)", node.value)
    assert not re.search(r"^\s*[%!]", "\n".join(map(source, code(path))), re.MULTILINE)


@every_notebook
def test_its_parameters_cell_is_tagged_typed_and_commented(path):
    tagged = [cell for cell in code(path) if "parameters" in tags(cell)]
    assert tagged == [code(path)[0]]
    for line in source(tagged[0]).splitlines():
        assert re.fullmatch(r"\w+: (int|float|bool|str|list\[str\]) = [^#]+  # \w.+", line), line
    (setup,) = [cell for cell in code(path) if "setup" in tags(cell)]
    assert setup is code(path)[1]
    assert "check_parameters" in source(setup)


@every_notebook
def test_its_setup_cell_checks_every_parameter(path):
    declared = {
        node.target.id
        for node in ast.parse(source(code(path)[0])).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    (call,) = [
        node
        for node in ast.walk(ast.parse(source(code(path)[1])))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "check_parameters"
    ]
    assert {word.arg for word in call.keywords} == declared


@every_notebook
def test_it_is_committed_executed_from_top_to_bottom(path):
    made = code(path)
    assert [cell["execution_count"] for cell in made] == list(range(1, len(made) + 1))
    for cell in made[2:]:
        assert cell["outputs"], source(cell)
    for cell in made:
        for output in cell["outputs"]:
            assert output["output_type"] == "display_data"  # no stream, no error, no bare repr
    identities = [cell["id"] for cell in cells(path)]
    assert len(set(identities)) == len(identities)


@every_notebook
def test_nothing_of_the_machine_is_committed(path):
    content = path.read_text(encoding="utf-8")
    assert str(path.parent.parent) not in content
    assert not re.search(r"\bat 0x[0-9a-f]{6}|(?<!\w)/(tmp|home)/|iopub|start_time", content)


@every_notebook
def test_every_section_asks_and_says(path):
    """A heading in words, then a cell whose first output is a sentence."""
    before: dict[str, Any] | None = None
    for cell in cells(path):
        if cell["cell_type"] == "code" and not {"parameters", "setup"} & set(tags(cell)):
            assert before is not None
            assert before["cell_type"] == "markdown"
            assert source(before).lstrip().startswith("## ")
            first = text(cell["outputs"][0]["data"], "text/plain")
            assert first.rstrip().endswith(".") or "sources" in first
            assert not NOTHING_SAID.search(first)
        before = cell


@every_notebook
def test_every_figure_has_a_text_alternative_and_its_table(path):
    figures = 0
    for cell in code(path):
        kinds = [set(output["data"]) for output in cell["outputs"]]
        pictures = [i for i, kind in enumerate(kinds) if any(k.startswith("image/") for k in kind)]
        for place in pictures:
            figures += 1
            data = cell["outputs"][place]["data"]
            alternative = text(data, "text/plain")
            assert len(alternative) > 40
            assert not alternative.startswith("<")
            after = [
                text(output["data"], "text/html")
                for output in cell["outputs"][place:]
                if "text/html" in output["data"]
            ]
            assert any("<table" in part for part in after)
            drawn = text(data, "image/svg+xml")
            assert all(f' id="{name}"' in drawn for name in ("title", "subtitle", "source"))
    assert figures >= 3


# Run in this process


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Shown]]:
    """Run a notebook, the first report's if none is named."""
    return lambda path=OUTBOUND, **given: runner(monkeypatch, path)(**given)


def sentences(found: list[Shown]) -> list[str]:
    """The finding of each section, without the closing one on sources."""
    return [shown.said for shown in found[1:-1]]


SPANS = [
    (2002, 2002), (2003, 2003), (2006, 2006), (2002, 2025),
    (2020, 2025), (2025, 2025), (2010, 2012), (2003, 2019),
]  # fmt: skip


def sampled() -> list[dict[str, Any]]:
    """Every group once, and the other parameters spread evenly over them; then World again."""
    draw = random.Random(20261122)
    groups = ["World", *economies.groups()]
    count = len(groups) + 6

    def spread(values: list[Any]) -> list[Any]:
        repeated = [values[i % len(values)] for i in range(count)]
        draw.shuffle(repeated)
        return repeated

    spans = spread(SPANS)
    return [
        {
            "group": group,
            "measure": measure,
            "exclude_offshore": aside,
            "start_year": span[0],
            "end_year": span[1],
            "top_n": n,
        }
        for group, measure, aside, span, n in zip(
            groups + ["World"] * 6,
            spread(["flow", "stock"]),
            spread([False, True]),
            spans,
            spread([1, 10, 30]),
            strict=True,
        )
    ]


SAMPLE = sampled()


def test_the_sample_covers_every_choice():
    rules = REPORTS["outbound_investment"].rules
    assert isinstance(rules["group"], OneOf)
    assert {case["group"] for case in SAMPLE} == set(resolve(rules["group"].values))
    assert {(case["start_year"], case["end_year"]) for case in SAMPLE} == set(SPANS)
    assert {case["top_n"] for case in SAMPLE} == {1, 10, 30}
    assert isinstance(rules["start_year"], Between)
    assert (resolve(rules["start_year"].lo), resolve(rules["end_year"].hi)) == (2002, 2025)


def case_name(case: dict[str, Any]) -> str:
    aside = "-onshore" if case["exclude_offshore"] else ""
    span = f"{case['start_year']}-{case['end_year']}"
    return f"{case['group']}-{case['measure']}-{span}-top{case['top_n']}{aside}"


@pytest.mark.parametrize("case", SAMPLE, ids=case_name)
def test_any_parameters_give_a_sensible_report(run, case):
    found = run(**case)
    for said in sentences(found):
        assert said.endswith(".")
        assert not NOTHING_SAID.search(said), said
    for shown in found[1:-1]:
        kinds = ["image/svg+xml" in bundle for bundle in shown.bundles]
        assert sum(kinds) == len(shown.figures) <= 1
        shown.is_sound()
        assert all(has_data(figure) for figure in shown.figures)


def has_data(figure: Figure) -> bool:
    bars = [
        patch
        for axes in figure.axes
        for patch in axes.patches
        if isinstance(patch, Rectangle) and patch.get_width() * patch.get_height()
    ]
    lines = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    return bool(bars) or any(pd.notna(line.get_ydata()).any() for line in lines)


def test_years_without_hosts_draw_no_hosts_and_say_so(run):
    late = sentences(run(start_year=2020, end_year=2025))
    early = sentences(run(start_year=2002, end_year=2002))
    for said in (late, early):
        assert sum("host table" in sentence for sentence in said) >= 2
    assert any("dated figure" in sentence for sentence in late)


def test_the_committed_outputs_are_what_the_code_gives_now(run):
    """Words and tables; the pictures are compared by nbval."""
    found = run(OUTBOUND)
    for cell, shown in zip(code(OUTBOUND)[1:], found, strict=True):
        committed = [output["data"] for output in cell["outputs"]]
        assert len(committed) == len(shown.bundles)
        for kept, now in zip(committed, shown.bundles, strict=True):
            assert set(kept) == set(now)
            for kind in {"text/html", "text/plain"} & set(now):
                assert text(kept, kind) == now[kind]


def test_two_runs_draw_the_same(run):
    case = {"group": "ASEAN", "measure": "stock", "start_year": 2018, "end_year": 2019}
    first, second = run(draw=True, **case), run(draw=True, **case)
    assert [shown.bundles for shown in first] == [shown.bundles for shown in second]
    assert any("image/svg+xml" in bundle for shown in first for bundle in shown.bundles)


# Run by papermill, as a reader does


def by_papermill(out: Path, **parameters: Any) -> Any:
    import papermill

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of papermill's own dependencies
        return papermill.execute_notebook(
            str(OUTBOUND), str(out), parameters, progress_bar=False, kernel_name="python3"
        )


@pytest.fixture(scope="module")
def decade(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    made = by_papermill(
        tmp_path_factory.mktemp("papermill") / "out.ipynb", start_year=2010, end_year=2020
    )
    return [dict(cell) for cell in made["cells"] if cell["cell_type"] == "code"]


@pytest.mark.slow
def test_papermill_with_other_years_gives_other_and_right_figures(decade):
    annual = sme.load("outward_fdi_annual")
    rows = annual[(annual["indicator"] == "flow") & (annual["basis"] == "bulletin")]
    rows = rows[rows["preferred"] & (rows["unit"] == "usd_bn")]
    flow = rows.set_index("year")["value"]
    said = [cell["outputs"][0]["data"]["text/plain"] for cell in decade if cell["outputs"]]
    national = said[0]
    peak = flow.loc[2010:2020].idxmax()
    mean = ((flow[2020] / flow[2010]) ** 0.1 - 1) * 100
    growth = (flow[2020] / flow[2019] - 1) * 100
    assert f"US${flow[2020]:.1f} bn in 2020" in national
    assert f"{(1 - flow[2020] / flow[peak]) * 100:.0f}% below its peak of {peak}" in national
    assert f"{growth:.1f}%" in national
    assert f"{mean:.1f}% a year" in national
    assert "2025" not in national

    panel = sme.load("outward_fdi_by_economy")
    now = panel[(panel["year"] == 2019) & (panel["measure"] == "flow")]
    now = now[now["panel"] == "complete"].set_index("iso3")["value"]
    hosts = [sentence for sentence in said if sentence.startswith("Hong Kong")]
    assert f"{now['HKG'] / now.sum() * 100:.0f}%" in hosts[0]
    assert "2010" in hosts[0]

    committed = [
        text(cell["outputs"][0]["data"], "text/plain") for cell in code(OUTBOUND) if cell["outputs"]
    ]
    assert len(committed) == len(said)
    assert all(one != other for one, other in zip(committed[:5], said[:5], strict=True))


@pytest.mark.slow
def test_papermill_leaves_no_chatter_in_the_cells(decade):
    kinds = {output["output_type"] for cell in decade for output in cell["outputs"]}
    assert kinds == {"display_data"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bad", "wrong"),
    [
        ({"measure": "flows"}, ("measure cannot be 'flows'", "did you mean flow?")),
        ({"start_year": 1990}, ("start_year must be between 2002 and 2025, not 1990",)),
        ({"group": "ASEN"}, ("group cannot be 'ASEN'", "did you mean ASEAN?")),
    ],
    ids=["measure", "year", "group"],
)
def test_papermill_with_a_bad_value_stops_in_the_setup_cell(tmp_path, bad, wrong):
    from papermill.exceptions import PapermillExecutionError

    out = tmp_path / "out.ipynb"
    with pytest.raises(PapermillExecutionError) as caught:
        by_papermill(out, **bad)
    assert caught.value.ename == "ParameterError"
    assert len(caught.value.evalue.strip().splitlines()) == 1
    for part in wrong:
        assert part in caught.value.evalue
    ran = [
        cell
        for cell in json.loads(out.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code" and cell["execution_count"] is not None
    ]
    assert "setup" in tags(ran[-1])
