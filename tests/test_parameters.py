"""Checking parameters: the declared cell, each type, each rule, the sentence for a bad value."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sme_analysis.errors import (
    DamagedError,
    DataError,
    ParameterError,
    SmeAnalysisError,
    UnknownNameError,
)
from sme_analysis.reports import notebook as nb
from sme_analysis.reports.catalogue import Report
from sme_analysis.reports.parameters import Parameters, check
from sme_analysis.reports.rules import Between, NotAfter, OneOf, Readable, RefusedError

CELL = """\
start_year: int = 2003  # first year shown
end_year: "int" = 2020  # last year: the "newest" # one
rate: float = 0.5  # a share
group: str = "World"  # host group
wide: bool = False
names: list[str] = ["a"]  # some names
plain = -3"""


def _canonical(name: str) -> str:
    if name.casefold() == "belt and road":
        return "BRI"
    raise UnknownNameError("no such group")


def notebook(code: str) -> dict:
    opening = ["# A *title*\n", "\n", "First.\n", "x"]
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": opening},
        {
            "cell_type": "code",
            "metadata": {"tags": ["parameters"]},
            "source": code,
            "outputs": [],
            "execution_count": None,
        },
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


@pytest.fixture
def report(tmp_path: Path) -> Report:
    path = tmp_path / "01_demo.ipynb"
    path.write_text(json.dumps(notebook(CELL)), encoding="utf-8")
    rules = {
        "start_year": Between(lambda: 2003, lambda: 2020),
        "end_year": Between(2003, 2020),
        "rate": Between(0, 1),
        "group": OneOf(lambda: ["World", "ASEAN", "BRI"], _canonical),
        "names": OneOf(("a", "b", "C")),
    }
    return Report("demo", str(path), rules, (NotAfter("start_year", "end_year"),))


def test_the_cell_declares_name_type_default_and_help():
    declared = nb.declared(notebook(CELL))
    assert [(p.name, p.type, p.default, p.help) for p in declared.values()] == [
        ("start_year", "int", 2003, "first year shown"),
        ("end_year", "int", 2020, 'last year: the "newest" # one'),
        ("rate", "float", 0.5, "a share"),
        ("group", "str", "World", "host group"),
        ("wide", "bool", False, ""),
        ("names", "list[str]", ["a"], "some names"),
        ("plain", "int", -3, ""),
    ]


def test_papermill_reads_the_same_names_types_and_help():
    from papermill.translators import PythonTranslator

    ours = nb.declared(notebook(CELL))
    theirs = PythonTranslator.inspect(nbformat.v4.new_code_cell(CELL))
    assert [item.name for item in theirs] == list(ours)
    for item in theirs:
        assert item.inferred_type_name in (ours[item.name].type, "None")
        assert item.help in (ours[item.name].help, "one")  # it takes the last "#" for the first


@pytest.mark.parametrize(
    "code",
    [
        "x: int = open('f')",
        "x: int",
        "x = y = 1",
        "x: dict = {}",
        "x =",
        "x = (",
        "import os",
        "a.b = 1",
    ],
)
def test_a_cell_that_is_not_literal_assignments_is_refused(code: str):
    with pytest.raises(DataError, match="demo"):
        nb.declared(notebook(code), "demo")


def test_injected_values_replace_the_defaults():
    content = notebook(CELL)
    injected = copy.deepcopy(content["cells"][1])
    injected["metadata"]["tags"] = ["injected-parameters"]
    injected["source"] = "# Parameters\nstart_year = 2010\nrate = float('nan')\nextra = 'x'\n"
    content["cells"].append(injected)
    values = nb.used(content)
    assert (values["start_year"], values["end_year"], values["extra"]) == (2010, 2020, "x")
    assert np.isnan(values["rate"])


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"nbformat": 3, "cells": []}', '{"nbformat": 4, "cells": [1]}']
)
def test_a_damaged_notebook_is_a_sentence(tmp_path: Path, text: str):
    path = tmp_path / "bad.ipynb"
    path.write_text(text)
    with pytest.raises(DataError, match=r"notebook bad\.ipynb is damaged"):
        nb.read(path)
    with pytest.raises(DataError, match="cannot be read"):
        nb.read(tmp_path / "none.ipynb")


def test_title_and_summary_come_from_the_first_markdown_cell(report: Report):
    assert (report.title, report.summary) == ("A *title*", "First. x")


def test_a_changed_notebook_is_read_again(report: Report):
    assert "rate" in report.parameters
    report.path.write_text(json.dumps(notebook("only: int = 1")))
    assert list(report.parameters) == ["only"]


def test_defaults_are_filled_in_and_the_result_is_frozen(report: Report):
    values = check(report, {"start_year": 2010})
    assert dict(values)["start_year"] == values.start_year == 2010
    assert values.end_year == 2020
    assert len(values) == 7
    with pytest.raises(AttributeError, match="cannot be changed"):
        values.start_year = 1
    with pytest.raises(AttributeError):
        _ = values.nothing
    assert pickle.loads(pickle.dumps(values)) == values == copy.copy(values)
    assert repr(Parameters({"a": 1})) == "Parameters(a=1)"


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("start_year", "2010", 2010),
        ("start_year", " +2010 ", 2010),
        ("plain", "-7", -7),
        ("rate", "1", 1.0),
        ("rate", ".25", 0.25),
        ("rate", "1e-1", 0.1),
        ("wide", "TRUE", True),
        ("wide", "yes", True),
        ("wide", "1", True),
        ("wide", "No", False),
        ("wide", "0", False),
        ("group", "asean", "ASEAN"),
        ("group", " bri ", "BRI"),
        ("group", "Belt and Road", "BRI"),
        ("names", "a, c", ["a", "C"]),
        ("names", "", []),
    ],
)
def test_typed_text_is_parsed(report: Report, name: str, typed: str, value: object):
    result = check(report, {name: typed}, text=True)[name]
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("start_year", np.int64(2010), 2010),
        ("rate", 1, 1.0),
        ("rate", np.float32(0.5), 0.5),
        ("wide", np.bool_(True), True),
        ("names", ("A",), ["a"]),
    ],
)
def test_python_values_become_plain_ones(report: Report, name: str, value: object, kept: object):
    result = check(report, {name: value})[name]
    assert result == kept
    assert type(result) is type(kept)


TYPED = [
    ("start_year", "2010.5", "must be a whole number between 2003 and 2020, not '2010.5'"),
    ("start_year", "1990", "must be between 2003 and 2020, not 1990"),
    ("start_year", "", "must be a whole number between 2003 and 2020, not ''"),
    ("start_year", "2_010", "must be a whole number between 2003 and 2020, not '2_010'"),
    ("start_year", "２０１０", "must be a whole number between 2003 and 2020, not '２０１０'"),
    ("start_year", "9" * 199, "must be between 2003 and 2020, not a number of very many digits"),
    ("rate", "nan", "must be a number between 0 and 1, not 'nan'"),
    ("rate", "inf", "must be a number between 0 and 1, not 'inf'"),
    ("rate", "1e999", "must be a finite number, not inf"),
    ("rate", "1.5", "must be between 0 and 1, not 1.5"),
    ("wide", "maybe", "must be true or false, not 'maybe'"),
    ("group", "ASEN", "cannot be 'ASEN' (did you mean ASEAN?); allowed: World, ASEAN, BRI"),
    ("group", "__import__('os')", "cannot be \"__import__('os')\"; allowed: World, ASEAN, BRI"),
    ("group", "../../etc", "cannot be '../../etc'; allowed: World, ASEAN, BRI"),
    ("group", "a\0b", "must not contain the character U+0000"),
    ("group", "\u202eDLROW", "must not contain the character U+202E"),
    ("group", "x" * 10_000, "must be at most 200 characters long, not 10000"),
    ("names", "a,z", "cannot be 'z'; allowed: a, b, C"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), TYPED)
def test_bad_text_is_one_exact_sentence(report: Report, name: str, value: str, wrong: str):
    with pytest.raises(ParameterError) as caught:
        check(report, {name: value}, text=True)
    assert str(caught.value) == f"report demo: {name} {wrong}."


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("start_year", True, "must be a whole number between 2003 and 2020, not True"),
        ("start_year", 2010.0, "must be a whole number between 2003 and 2020, not 2010.0"),
        ("start_year", "2010", "must be a whole number between 2003 and 2020, not '2010'"),
        ("start_year", None, "must be a whole number between 2003 and 2020, not None"),
        ("start_year", 10**3000, "must be between 2003 and 2020, not a number of very many digits"),
        ("rate", float("nan"), "must be a finite number, not nan"),
        ("rate", float("-inf"), "must be a finite number, not -inf"),
        ("rate", 10**3000, "must be a finite number, not a number of very many digits"),
        ("rate", False, "must be a number between 0 and 1, not False"),
        ("wide", 1, "must be true or false, not 1"),
        ("wide", "true", "must be true or false, not 'true'"),
        ("group", 1, "must be text, not 1"),
        ("names", "a", "must be a list of texts, not 'a'"),
        ("names", [1], "must be a list of texts, not [1]"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(report: Report, name: str, value: object, wrong: str):
    with pytest.raises(ParameterError) as caught:
        check(report, {name: value})
    assert str(caught.value) == f"report demo: {name} {wrong}."


def test_an_unknown_name_has_the_nearest_and_all_allowed(report: Report):
    with pytest.raises(ParameterError) as caught:
        check(report, {"start_yaer": 2010})
    assert str(caught.value) == (
        "report demo: there is no parameter 'start_yaer' (did you mean start_year?); "
        "its parameters are start_year, end_year, rate, group, wide, names, plain."
    )


def test_a_rule_across_parameters(report: Report):
    with pytest.raises(ParameterError) as caught:
        check(report, {"start_year": 2015, "end_year": 2010})
    assert str(caught.value) == (
        "report demo: start_year (2015) must not be after end_year (2010)."
    )


def test_all_problems_are_told_at_once(report: Report):
    with pytest.raises(ParameterError) as caught:
        check(report, {"start_year": 1, "wide": "x", "zzz": 1, "rate": 0.1})
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("report demo: ") and line.endswith(".") for line in lines)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.binary()))
def test_any_value_is_accepted_or_refused_in_one_short_line(value: object):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "01_demo.ipynb"
        path.write_text(json.dumps(notebook(CELL)), encoding="utf-8")
        found = Report("demo", str(path), {"group": OneOf(("World",))})
        for name in found.parameters:
            for text in (True, False):
                message = "accepted"
                try:
                    check(found, {name: value}, text=text)
                except SmeAnalysisError as error:
                    message = str(error)
                assert message.isprintable()  # no line break either
                assert len(message) < 400


def test_a_damaged_table_is_no_wrong_value():
    def read(value: str) -> str:
        raise DamagedError("table 'economies' is damaged")

    with pytest.raises(DamagedError, match="table 'economies' is damaged"):
        Readable(read, "any name").accept("Kenya")


def test_what_is_allowed_begins_a_sentence():
    def read(value: str) -> str:
        raise UnknownNameError(f"{value!r} is ambiguous")

    with pytest.raises(RefusedError, match=r"'Korea' is ambiguous\. Allowed: any name$"):
        Readable(read, "any name").accept("Korea")
