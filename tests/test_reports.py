"""Running a report: checks before any kernel, one whole file or none, the same file each time."""

from __future__ import annotations

import json
import re
import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest

from sme_analysis.errors import ParameterError, UnknownNameError
from sme_analysis.reports import catalogue, run
from sme_analysis.reports import notebook as nb
from sme_analysis.reports.catalogue import Report
from sme_analysis.reports.export import page
from sme_analysis.reports.parameters import check, check_parameters
from sme_analysis.reports.rules import Between, OneOf

HOSTILE = "\"'); raise SystemExit  # {x} <script>alert(1)</script> \\"
PARAMETERS = 'start: int = 2003  # first year\ngroup: str = "World"  # hosts\n'
WORK = """
import sys, os, warnings
import sme_analysis
from IPython.display import display, HTML
warnings.warn("CHATTER")
print("CHATTER", file=sys.stderr)
os.system("echo CHATTER >&2")
print(sys.executable)
print(sme_analysis.__file__)
print(os.path.basename(os.getcwd())[:13])
print(sorted(os.listdir(".")))
print(list({"a", "b", "c", "d", "e"}))
assert (start, group) == (2010, %r), group
"""


def cell(kind: str, source: str, *tags: str) -> dict:
    made = {"cell_type": kind, "metadata": {"tags": list(tags)} if tags else {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def make(folder: Path, *cells: dict) -> Report:
    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        # A kernel that no machine has: the one that runs must be ours in any case.
        "metadata": {"kernelspec": {"name": "nowhere", "display_name": "x", "language": "python"}},
        "cells": [
            cell("markdown", "# Demo\n\nA summary."),
            cell("code", PARAMETERS, "parameters"),
            *cells,
        ],
    }
    path = folder / "01_{demo}.ipynb"  # papermill would take braces for a template
    path.write_text(json.dumps(content), encoding="utf-8")
    return Report("demo", str(path), {"start": Between(2000, 2020)})


@pytest.fixture
def demo(tmp_path: Path) -> Report:
    return make(tmp_path, cell("code", "1"))


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        pytest.fail("papermill was called")

    monkeypatch.setitem(sys.modules, "papermill", types.SimpleNamespace(execute_notebook=refuse))


def executed(report: Report, *args: object, **kwargs: object) -> dict:
    content = nb.read(report.path)
    for number, made in enumerate(content["cells"]):
        made["id"] = f"id-{number}"
    return content


@pytest.mark.slow
def test_two_runs_give_one_and_the_same_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    report = make(tmp_path, cell("code", WORK % HOSTILE))
    values = {"start": 2010, "group": HOSTILE}
    out = tmp_path / "new" / "folder"
    html = run.run(report, values, out=out)
    ipynb = run.run(report, values, out=out, to="ipynb")
    assert capfd.readouterr() == ("", "")

    assert sorted(path.name for path in out.iterdir()) == sorted([html.name, ipynb.name])
    assert re.fullmatch(r"demo_start-2010_group-raise[A-Za-z0-9_.-]+_[0-9a-f]{10}\.html", html.name)
    written = html.read_text(encoding="utf-8")
    content = nb.read(ipynb)
    assert page(content) == written
    for text in (written, ipynb.read_text(encoding="utf-8")):
        assert str(tmp_path) not in text  # no path of this run
        assert "execution" not in text.replace("execution_count", "")
    assert "CHATTER" not in written
    assert "unencrypted" not in written.casefold() + ipynb.read_text().casefold()

    printed = "".join(
        nb.joined(output["text"])
        for output in content["cells"][3]["outputs"]
        if output.get("name") == "stdout"
    ).splitlines()
    assert printed[0] == sys.executable
    assert Path(printed[1]) == Path(catalogue.__file__).parents[1] / "__init__.py"
    assert printed[2] == "sme-analysis-"
    assert content["metadata"]["sme_analysis"] == {"report": "demo", "parameters": values}
    assert content["cells"][2]["id"] == "injected-parameters"


@pytest.mark.slow
def test_a_failing_cell_is_a_sentence_and_leaves_no_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    report = make(tmp_path, cell("code", "1"), cell("code", "raise ValueError('one\\ntwo')"))
    with pytest.raises(run.ReportError) as caught:
        run.run(report, {"start": 2005}, out=tmp_path / "out")
    assert str(caught.value) == "report demo failed in cell 4: ValueError: two"
    assert caught.value.cell == 4
    assert list((tmp_path / "out").iterdir()) == []
    assert capfd.readouterr() == ("", "")


BAD = [
    ({"start": 1999}, "start must be between 2000 and 2020, not 1999"),
    ({"start": "2010"}, "start must be a whole number between 2000 and 2020, not '2010'"),
    ({"start": 2010.5}, "start must be a whole number between 2000 and 2020, not 2010.5"),
    ({"start": True}, "start must be a whole number between 2000 and 2020, not True"),
    ({"group": 1}, "group must be text, not 1"),
    ({"group": "a\0"}, "group must not contain the character U+0000"),
    ({"group": "x" * 201}, "group must be at most 200 characters long, not 201"),
    ({"strat": 1}, "there is no parameter 'strat' (did you mean start?); its parameters are"),
]


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(("values", "wrong"), BAD)
def test_no_kernel_is_started_for_a_bad_value(demo, tmp_path, values, wrong):
    with pytest.raises(ParameterError, match=re.escape(f"report demo: {wrong}")):
        run.run(demo, values, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_kernel")
def test_no_kernel_is_started_for_a_bad_place_or_format(demo: Report, tmp_path: Path):
    taken = tmp_path / "taken"
    taken.write_text("x")
    with pytest.raises(ParameterError, match=r"taken'?: it is a file, not a folder\.$"):
        run.run(demo, out=taken)
    with pytest.raises(ParameterError, match="cannot create the folder"):
        run.run(demo, out=taken / "below")
    with pytest.raises(ParameterError, match=r"U\+0000"):
        run.run(demo, out="a\0b")
    (tmp_path / "out" / "demo.html").mkdir(parents=True)
    with pytest.raises(ParameterError, match=r"there is a folder of that name\.$"):
        run.run(demo, out=tmp_path / "out")
    with pytest.raises(ParameterError, match="unknown format of a report 'exe'"):
        run.run(demo, out=tmp_path, to="exe")
    with pytest.raises(UnknownNameError, match="did you mean 'outbound_investment'"):
        run.run("outbound_investments", out=tmp_path)


@pytest.mark.parametrize(
    "value",
    [
        "../../x",
        "/etc/passwd",
        "C:\\x",
        "a" * 200,
        "..",
        "con",
        "ü中",
        "a/b\\c:d*e?f",
        " ",
        "x.html",
    ],
)
def test_the_file_stays_in_its_folder(demo, tmp_path, monkeypatch, value):
    monkeypatch.setattr(run, "execute", executed)
    path = run.run(demo, {"group": value}, out=tmp_path / "out")
    assert path.parent == tmp_path / "out"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert re.fullmatch(r"[A-Za-z0-9_.-]{1,105}", path.name)


def test_file_names(demo: Report):
    def stem(**values: object) -> str:
        return run.file_stem(demo, check(demo, values))

    assert stem() == stem(start=2003) == "demo"
    assert stem(start=2010, group="asean") == "demo_start-2010_group-asean"
    assert re.fullmatch(r"demo_group-ASEAN_[0-9a-f]{10}", stem(group="ASEAN"))
    choice = replace(demo, rules={"group": OneOf(("World", "ASEAN"))})
    assert run.file_stem(choice, check(choice, {"group": "asean"})) == "demo_group-ASEAN"
    names = [stem(group=value) for value in ("a b", "a/b", "a-b", "a_b", "a" * 150, "a" * 151)]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 100 for name in names)


def test_an_earlier_file_is_replaced_and_a_broken_write_leaves_it(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "execute", executed)
    path = run.run(demo, out=tmp_path / "out")
    assert path.name == "demo.html"
    first = path.read_text()
    assert run.run(demo, out=tmp_path / "out") == path

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(run.ReportError, match=r"demo\.html: No space left on device\.$"):
        run.run(demo, out=tmp_path / "out")
    assert path.read_text() == first
    assert list((tmp_path / "out").iterdir()) == [path]


def test_the_default_folder_is_out(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "execute", executed)
    monkeypatch.chdir(tmp_path)
    assert run.run(demo, to="ipynb") == Path("out") / "demo.ipynb"
    assert (tmp_path / "out" / "demo.ipynb").is_file()


def test_refresh_writes_the_notebook_where_it_is_and_twice_the_same(demo, monkeypatch):
    monkeypatch.setattr(run, "execute", lambda *args, **kwargs: nb.tidy(executed(*args)))
    assert run.refresh(demo) == demo.path
    first = demo.path.read_bytes()
    run.refresh(demo)
    assert demo.path.read_bytes() == first


def test_tidy_removes_times_and_random_ids():
    def executed_cell(identity: str) -> dict:
        made = cell("code", "x", "injected-parameters")
        made["id"] = identity
        made["metadata"]["papermill"] = {"duration": identity}
        made["metadata"]["execution"] = {"iopub.execute_input": identity}
        return made

    def content(identity: str) -> dict:
        metadata = {"papermill": {"start_time": identity}, "language_info": {"version": identity}}
        cells = [executed_cell(identity), cell("markdown", "x")]
        return {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": cells}

    assert nb.tidy(content("a")) == nb.tidy(content("b"))
    assert [item["id"] for item in nb.tidy(content("a"))["cells"]] == [
        "injected-parameters",
        "cell-2",
    ]


def test_reports_of_the_catalogue_have_a_notebook_whose_defaults_are_accepted():
    for report in catalogue.reports():
        assert report.title
        assert report.summary
        assert set(report.rules) <= set(report.parameters)
        assert all(parameter.help for parameter in report.parameters.values())
        assert dict(check(report, {})) == {
            parameter.name: parameter.default for parameter in report.parameters.values()
        }


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"start_year": 1949}, "start_year must be between"),
        ({"end_year": 2100}, "end_year must be between"),
        ({"start_year": 2020, "end_year": 2010}, "(2020) must not be after end_year (2010)."),
        ({"group": "ASEN"}, "group cannot be 'ASEN' (did you mean ASEAN?); allowed: World; "),
        (
            {"measure": "flows"},
            "measure cannot be 'flows' (did you mean flow?); allowed: flow, stock.",
        ),
        ({"top_n": 0}, "top_n must be between 1 and 30, not 0."),
        ({"top_n": 31}, "top_n must be between 1 and 30, not 31."),
        ({"top_n": "10"}, "top_n must be a whole number between 1 and 30, not '10'."),
        ({"exclude_offshore": "true"}, "exclude_offshore must be true or false, not 'true'."),
        ({"exclude_offshore": 1}, "exclude_offshore must be true or false, not 1."),
        ({"grop": "ASEAN"}, "there is no parameter 'grop' (did you mean group?)"),
    ],
)
def test_outbound_investment_refuses(values: dict, wrong: str):
    with pytest.raises(ParameterError, match=re.escape(wrong)) as caught:
        check_parameters("outbound_investment", **values)
    assert len(str(caught.value).splitlines()) == 1


def test_outbound_investment_accepts_other_spellings():
    values = check_parameters("Outbound-Investment", group="asean", measure="STOCK")
    assert (values.group, values.measure) == ("ASEAN", "stock")
