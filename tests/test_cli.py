"""The command line: what it prints, what it refuses and with which exit code."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sme_analysis
from sme_analysis import cli
from sme_analysis.errors import SmeAnalysisError
from sme_analysis.reports import batch, catalogue, run
from sme_analysis.reports.catalogue import Report
from sme_analysis.reports.parameters import Parameters
from sme_analysis.reports.rules import Between, NotAfter, OneOf

CELL = (
    "start: int = 2003  # first year\nend: int = 2020  # last year\n"
    'group: str = "World"  # hosts\nwide: bool = False\nrate: float = -1.5'
)


@pytest.fixture(autouse=True)
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# A demonstration\n\nA summary."},
        {
            "cell_type": "code",
            "metadata": {"tags": ["parameters"]},
            "source": CELL,
            "outputs": [],
            "execution_count": None,
        },
    ]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path = tmp_path / "01_demo.ipynb"
    path.write_text(json.dumps(content))
    rules = {"start": Between(2000, 2020), "group": OneOf(("World", "ASEAN"))}
    report = Report("demo", str(path), rules, (NotAfter("start", "end"),))
    monkeypatch.setattr(catalogue, "_REPORTS", (report,))
    monkeypatch.delenv("SME_ANALYSIS_DEBUG", raising=False)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    calls: list[tuple] = []

    def record(report: Report, values: dict, **options: object) -> list[Path]:
        calls.append((report.name, dict(values), options))
        return [Path("out") / f"demo.{to}" for to in options["formats"]]

    monkeypatch.setattr(run, "run_formats", record)
    monkeypatch.setattr(run, "warm_parent", lambda: None)
    return calls


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said on stderr; nothing may stand on stdout."""
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


def test_list(capsys):
    assert cli.main(["list"]) == 0
    assert (
        capsys.readouterr().out
        == "report  title\n------  ---------------\ndemo    A demonstration\n"
    )


@pytest.mark.parametrize("argv", [["list", "demo"], ["list", "-v"]])
def test_list_with_parameters(argv, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert cli.main(argv) == 0
    assert capsys.readouterr().out.splitlines() == [
        "demo: A demonstration",
        "A summary.",
        "",
        "parameter  type   default  allowed                meaning",
        "---------  -----  -------  ---------------------  ----------",
        "start      int    2003     between 2000 and 2020  first year",
        "end        int    2020     a whole number         last year",
        "group      str    World    World, ASEAN           hosts",
        "wide       bool   no       true or false",
        "rate       float  -1.5     a number",
        "Also: start not after end.",
    ]


def test_report_prints_the_path_and_passes_the_options(capsys, ran):
    argv = ["report", "demo", "-p", "start", "2010", "-p", "group=asean", "-p", "rate", "-2"]
    argv += ["--parameter", "wide", "yes", "--out", "x y", "--to", "html, ipynb", "--code"]
    assert cli.main(argv) == 0
    assert capsys.readouterr().out.split() == [
        str(Path("out") / "demo.html"), str(Path("out") / "demo.ipynb"),
    ]  # fmt: skip
    values = {"start": 2010, "end": 2020, "group": "ASEAN", "wide": True, "rate": -2.0}
    options = {"out": "x y", "formats": ["html", "ipynb"], "code": True, "browser": None}
    assert ran == [("demo", values, options)]


def test_every_problem_is_told_and_nothing_is_run(capsys, ran):
    argv = ["report", "demo", "-p", "start", "1999", "-p", "grop", "x", "-p", "wide=perhaps"]
    assert cli.main(argv) == 2
    assert said(capsys).splitlines() == [
        "sme-analysis: report demo: there is no parameter 'grop' (did you mean group?); "
        "its parameters are start, end, group, wide, rate.",
        "sme-analysis: report demo: start must be between 2000 and 2020, not 1999.",
        "sme-analysis: report demo: wide must be true or false, not 'perhaps'.",
    ]
    assert ran == []


REFUSED = [
    (["report", "dem"], "unknown report 'dem': did you mean 'demo'? Allowed: demo."),
    (["list", "x" * 500], "unknown report 'xxx"),
    (["reprot"], "unknown command 'reprot': did you mean 'report'? Allowed: list, report, batch, "),
    (["data", "lst"], "unknown command 'lst': did you mean 'list'?"),
    (["report"], "the following arguments are required: NAME."),
    (["report", "demo", "--to", "html,doc"], "unknown format of a report 'doc'"),
    (["batch", "demo"], "the following arguments are required: --over."),
    (["batch", "demo", "--over", "start"], "a grid is a file in .csv, .yaml or .yml, not 'start'."),
    (["batch", "demo", "--over", "start="], "--over takes name=a,b,c or name=all, not 'start='."),
    (["batch", "demo", "--over", "a.csv", "--over", "start=1"], "not both, nor two files."),
    (
        ["batch", "demo", "--over", "start=2001,1"],
        "demo: start must be between 2000 and 2020, not 1.",
    ),
    (["batch", "demo", "--over", "strat=all"], "no parameter 'strat' (did you mean start?)"),
    (
        ["batch", "demo", "--over", "start=all", "--limit", "5"],
        "21 reports, more than the limit of 5",
    ),
    (["batch", "demo", "--over", "start=all", "--jobs", "0"], "'0' is not a whole number above 0."),
    (["batch", "demo", "--over", "start=2001", "-p", "start=2002"], "start is given twice."),
    (
        ["batch", "demo", "--over", "start=2001", "--out", "a\0"],
        "cannot contain the character U+0000",
    ),
    (["batch", "dem", "--over", "start=2001"], "did you mean 'demo'"),
    (["report", "demo", "--pdf"], "unrecognized arguments: --pdf."),
    (["report", "demo", "-p", "start"], "parameter start has no value: write -p start VALUE"),
    (["report", "demo", "-p", "start", "--out", "x"], "parameter start has no value: write -p"),
    (["report", "demo", "-p"], "expected one argument."),
    (["report", "demo", "-p", "start=2005", "-p", "start", "2006"], "start is given twice"),
    (["report", "demo", "-p", "start", "2010.5"], "not '2010.5'."),
    (["report", "demo", "-p", "group", "a\0"], "must not contain the character U+0000."),
    (["data", "describe", "outward_fdi_anual"], "did you mean 'outward_fdi_annual'"),
    (["data", "cite", "outward_fdi_anual"], "did you mean 'outward_fdi_annual'"),
]


@pytest.mark.parametrize(("argv", "wrong"), REFUSED)
def test_bad_input_is_a_sentence_and_exit_code_2(argv, wrong, capsys, ran):
    assert cli.main(argv) == 2
    message = said(capsys)
    assert wrong in message
    assert all(line.startswith("sme-analysis: ") for line in message.splitlines())
    assert len(message) < 700
    assert ran == []


def test_a_failed_report_is_exit_code_1(capsys, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise run.ReportError("report demo failed in cell 3: ValueError: no")

    monkeypatch.setattr(run, "run_formats", fail)
    monkeypatch.setattr(run, "warm_parent", lambda: None)
    assert cli.main(["report", "demo"]) == 1
    assert said(capsys) == "sme-analysis: report demo failed in cell 3: ValueError: no\n"


def test_an_unexpected_error_is_a_sentence_unless_debugging(capsys, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise TypeError("first\nsecond")

    monkeypatch.setattr(run, "run_formats", fail)
    monkeypatch.setattr(run, "warm_parent", lambda: None)
    assert cli.main(["report", "demo"]) == 1
    assert said(capsys) == (
        "sme-analysis: unexpected TypeError: first (SME_ANALYSIS_DEBUG=1 shows where)\n"
    )
    monkeypatch.setenv("SME_ANALYSIS_DEBUG", "1")
    with pytest.raises(TypeError):
        cli.main(["report", "demo"])
    with pytest.raises(SmeAnalysisError):
        cli.main(["report", "dem"])


def test_an_interruption_is_no_traceback(capsys, monkeypatch):
    def interrupt(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "run_formats", interrupt)
    monkeypatch.setattr(run, "warm_parent", lambda: None)
    assert cli.main(["report", "demo"]) == 130
    assert said(capsys) == "sme-analysis: interrupted.\n"


def outcome(name: str, status: str, **rest: object) -> batch.Outcome:
    return batch.Outcome(name, Parameters({}), status, **rest)


@pytest.mark.parametrize(("failing", "code"), [(False, 0), (True, 1)])
def test_batch_tells_what_failed(failing, code, capsys, monkeypatch, tmp_path):
    asked: list[tuple] = []
    outcomes = [outcome("demo_a", "done"), outcome("demo_b", "unchanged")]
    if failing:
        outcomes.append(outcome("demo_c", "failed", message="no luck", cell=3))

    def run_many(*args: object, begun, each, **options: object) -> batch.Batch:
        asked.append((args, options))
        begun(len(outcomes))
        for item in outcomes:
            each(item)
        return batch.Batch(tuple(outcomes), tmp_path / "index.html")

    monkeypatch.setattr(batch, "run_many", run_many)
    argv = ["batch", "demo", "--over", "start=2001,2002", "-p", "wide", "yes", "--allow-many"]
    assert cli.main([*argv, "--resume", "--jobs", "3"]) == code
    (((name, grid, executor), options),) = asked
    assert (name, grid, executor) == ("demo", {"start": ["2001", "2002"]}, None)
    assert options["fixed"] == {"wide": "yes"}
    assert (options["limit"], options["resume"], options["workers"]) == (None, True, 3)
    out, err = capsys.readouterr()
    *rows, last = out.splitlines()
    assert last == f"1 written, 1 unchanged, {int(failing)} failed: {tmp_path / 'index.html'}"
    if failing:
        assert [line.split() for line in rows] == [
            ["failed", "cell", "message"], ["------", "----", "-------"],
            ["demo_c", "3", "no", "luck"], [],
        ]  # fmt: skip
        assert err == "sme-analysis: 1 of 3 reports failed.\n"


def test_batch_on_a_cluster_needs_one(capsys, monkeypatch):
    argv = ["batch", "demo", "--over", "start=2001", "--dask", "nowhere"]
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert cli.main(argv) == 2
    assert "pip install 'sme_analysis[cluster]'" in said(capsys)


def test_notebooks_are_copied(capsys, tmp_path):
    assert cli.main(["notebooks", str(tmp_path / "mine")]) == 0
    assert str(tmp_path / "mine") in capsys.readouterr().out
    (copied, *_) = (tmp_path / "mine").glob("01_*.ipynb")
    copied.write_text("{}")
    assert cli.main(["notebooks", str(tmp_path / "mine")]) == 2
    assert "--force" in said(capsys)
    assert cli.main(["notebooks", str(tmp_path / "mine"), "--force"]) == 0


def test_help_and_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"sme-analysis {sme_analysis.__version__}\n"
    for argv in (["--help"], [], ["data"]):
        assert cli.main(argv) == 0
        assert "usage: sme-analysis" in capsys.readouterr().out


def test_data_list_and_describe(capsys):
    assert cli.main(["data", "list"]) == 0
    assert "outward_fdi_annual" in capsys.readouterr().out
    assert cli.main(["data", "describe", "outward_fdi_annual"]) == 0
    out = capsys.readouterr().out
    assert "indicator" in out
    assert "<NA>" not in out


def test_data_cite(capsys):
    assert cli.main(["data", "cite", "outward_fdi_annual"]) == 0
    assert capsys.readouterr().out.strip()
    assert cli.main(["data", "cite", "outward_fdi_annual", "--bibtex"]) == 0
    assert "@misc{" in capsys.readouterr().out


def test_data_verify(capsys, monkeypatch):
    from sme_analysis.data import verify

    monkeypatch.setattr(verify, "verify", list)
    assert cli.main(["data", "verify"]) == 0
    assert "tables verified" in capsys.readouterr().out
    monkeypatch.setattr(verify, "verify", lambda: ["a.csv: changed", "b.csv: changed"])
    assert cli.main(["data", "verify"]) == 1
    assert said(capsys) == "sme-analysis: a.csv: changed\nsme-analysis: b.csv: changed\n"


def test_long_tables_wrap_to_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(["data", "describe", "outward_fdi_annual"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_help_loads_nothing_heavy():
    script = (
        "import sys; from sme_analysis.cli import main; main(['list']); main(['--help']);"
        "main(['batch', 'x', '--over', 'a=1']);"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'papermill', 'nbformat', 'nbconvert', 'jinja2'};"
        "loaded = heavy & set(sys.modules); assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m sme_analysis data describe outward_fdi_annual | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="another shell")
def test_a_closed_stdout_is_no_failure():
    command = f"{shlex.quote(sys.executable)} -m sme_analysis list >&-"
    done = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")
