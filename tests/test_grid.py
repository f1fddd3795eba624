"""Grids and file names: checked whole, in bounds, and proof against what is hostile."""

from __future__ import annotations

import csv
import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sme_analysis.errors import ParameterError
from sme_analysis.reports import grid
from sme_analysis.reports.catalogue import Report, report
from sme_analysis.reports.naming import LONGEST, file_stem
from sme_analysis.reports.parameters import check
from sme_analysis.reports.rules import Between, OneOf

CELL = (
    'start: int = 2003  # first year\ngroup: str = "World"  # hosts\nnote: str = ""\n'
    "wide: bool = False\nnames: list[str] = []"
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Report:
    code = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": CELL}
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [code]}
    path = tmp_path_factory.mktemp("demo") / "demo.ipynb"
    path.write_text(json.dumps(content))
    rules = {"start": Between(2000, 2020), "group": OneOf(("World", "ASEAN", "EU"))}
    return Report("demo", str(path), rules)


def values(found: Report, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
    defaults = {name: item.default for name, item in found.parameters.items()}
    return [
        {name: value for name, value in row.items() if value != defaults[name]}
        for row in grid.checked(found, *args, **kwargs)
    ]


def test_a_mapping_stands_for_all_combinations(demo: Report) -> None:
    assert values(demo, {"start": [2001, 2002], "group": ("EU", "asean")}, {"wide": True}) == [
        {"start": 2001, "group": "EU", "wide": True},
        {"start": 2001, "group": "ASEAN", "wide": True},
        {"start": 2002, "group": "EU", "wide": True},
        {"start": 2002, "group": "ASEAN", "wide": True},
    ]
    assert values(demo, {"start": 2005}) == [{"start": 2005}]
    assert values(demo, [{"start": 2005}, {}]) == [{"start": 2005}, {}]


def test_all_is_every_value_that_is_accepted(demo: Report) -> None:
    every = grid.choices(["group=all"])
    assert [row.get("group", "World") for row in values(demo, every, text=True)] == [
        "World", "ASEAN", "EU",
    ]  # fmt: skip
    assert len(values(demo, {"start": "all"})) == 21
    assert values(demo, {"wide": "all"}) == [{"wide": True}, {}]
    with pytest.raises(ParameterError, match=r"note=all has no meaning: give its values\.$"):
        values(demo, {"note": "all"})
    with pytest.raises(ParameterError, match=r"no parameter 'grop' \(did you mean group\?\)"):
        values(demo, {"grop": "all"})


def test_the_same_report_is_asked_for_once(demo: Report) -> None:
    assert len(values(demo, [{"group": "EU"}, {"group": "eu"}, {}, {"start": 2003}])) == 2


def test_choices_of_the_command_line() -> None:
    assert grid.choices(["a=1,2", "b=x; y,z", "c=all", "d=a,all", "e= 1 "]) == {
        "a": ["1", "2"], "b": ["x", "y,z"], "c": "all", "d": ["a", "all"], "e": ["1"],
    }  # fmt: skip
    for bad in ("a", "=1", "a=", "a=,"):
        with pytest.raises(ParameterError, match=r"--over takes name=a,b,c or name=all, not"):
            grid.choices([bad])
    with pytest.raises(ParameterError, match="--over gives 'a' twice"):
        grid.choices(["a=1", "a=2"])


FILES = [
    ("g.csv", "start,group\n2001,EU\n,asean\n2002,\n"),
    ("g.CSV", "\ufeffstart,group\r\n2001,EU\r\n,asean\r\n\r\n2002,\r\n"),
    ("g.yaml", "- {start: 2001, group: EU}\n- group: asean\n- start: 2002\n"),
]


@pytest.mark.parametrize(("name", "text"), FILES)
def test_a_file_has_a_row_for_each_report(demo, tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    expected = [{"start": 2001, "group": "EU"}, {"group": "ASEAN"}, {"start": 2002}]
    assert values(demo, path) == values(demo, str(path)) == expected


def test_a_yaml_file_may_hold_one_mapping_of_lists(demo, tmp_path):
    path = tmp_path / "g.yml"
    path.write_text("start: [2001, 2002]\nwide: all\nnames: [[a, b], [c]]\n")
    assert len(values(demo, path)) == 8
    assert values(demo, path)[0] == {"start": 2001, "wide": True, "names": ["a", "b"]}


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n"
    for a, b in zip("abcdefghijk", "bcdefghijkl", strict=True)
)
REFUSED = [
    ("g.yaml", "!!python/object/apply:os.system ['touch owned']", "line 1: not plain YAML"),
    ("g.yaml", "- start: !!python/name:os.system ''", "line 1: not plain YAML"),
    ("g.yaml", "- start: !Custom 1", "could not determine a constructor"),
    ("g.yaml", LAUGHS, "stand too deep in one another"),
    ("g.yaml", "[" * 5000, "not plain YAML"),
    ("g.yaml", "- a: [1", "not plain YAML"),
    ("g.yaml", "just text", "a grid is a list of rows, or names with lists of values."),
    ("g.yaml", "", "a grid is a list of rows"),
    ("g.yaml", "[1, 2]", "row 1: a row has names and values, not 1."),
    ("g.yaml", "- {1: 2}", "row 1: a row has names and values"),
    ("g.yaml", "1: [2]", "the name of a parameter is a text."),
    ("g.yaml", "- start: 2020-01-01", "start must be a whole number between 2000 and 2020"),
    (
        "g.yaml",
        "- note: no",
        'must be text, not False (YAML takes no and yes for that: write "no").',
    ),
    ("g.yaml", "- start: null", "start must be a whole number between 2000 and 2020, not None."),
    ("g.csv", "start,strat\n2001,1", "g.csv, line 2: report demo: there is no parameter 'strat'"),
    ("g.csv", "start\n2001\n1999\n", "g.csv, line 3: report demo: start must be between 2000"),
    ("g.csv", "start\n2001,5\n", "line 2: 2 cells below 1 names."),
    ("g.csv", "start\n\n2001\n\n1999\n", "g.csv, line 5: report demo: start must be between"),
    ("g.yaml", "start: [2001]\nstart: [2002]\n", "line 1: not plain YAML (start stands twice)."),
    ("g.yaml", "- {start: 2001, start: 2002}\n", "line 1: not plain YAML (start stands twice)."),
    ("g.csv", "start,start\n1,2\n", "the first line must name each parameter once."),
    ("g.csv", "start,\n1,2\n", "the first line must name each parameter once."),
    ("g.csv", 'start\n"2001', "unexpected end of data"),
    ("g.csv", "start\n", "has no rows: there is nothing to run."),
    ("g.csv", "", "has no rows: there is nothing to run."),
    ("g.csv", "note\n" + "x" * 200_000, "field larger than field limit"),
    ("g.csv", "note\n" + "x" * 1000, "note must be at most 200 characters long, not 1000."),
    ("g.csv", "note\na\0b", "note must not contain the character U+0000."),
    ("g.csv", "note\na\u202eb", "note must not contain the character U+202E."),
    ("g.csv", b"note\n\xff\xfe", "is not UTF-8 text."),
    ("g.csv", "group\n=cmd|' /C calc'!A0", "group cannot be"),
    ("g.json", "[]", "a grid is a file in .csv, .yaml or .yml, not 'g.json'."),
    ("g.csv", None, "cannot read 'g.csv': No such file or directory."),
]


@pytest.fixture
def fields():
    """The longest field that Python's own reader takes; a library may have raised it."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize(("name", "text", "wrong"), REFUSED, ids=range(len(REFUSED)))
def test_a_bad_file_is_a_sentence(demo, tmp_path, monkeypatch, fields, name, text, wrong):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    begun = time.monotonic()
    with pytest.raises(ParameterError, match=re.escape(wrong)) as caught:
        values(demo, path)
    assert len(str(caught.value)) < 600
    assert time.monotonic() - begun < 30
    assert not (tmp_path / "owned").exists()


def test_every_row_is_checked_and_the_first_problems_are_told(demo: Report) -> None:
    rows = [{"start": 1000 + number} for number in range(30)]
    with pytest.raises(ParameterError) as caught:
        values(demo, rows)
    lines = str(caught.value).splitlines()
    assert len(lines) == 11
    assert lines[0] == "grid, row 1: report demo: start must be between 2000 and 2020, not 1000."
    assert lines[-1] == "and 20 more such problems."
    with pytest.raises(ParameterError, match="start is given twice"):
        values(demo, {"start": [2001]}, {"start": 2002})


def test_an_enormous_grid_costs_nothing_and_is_refused(demo: Report) -> None:
    huge = {f"p{number}": range(10**6) for number in range(50)}
    with pytest.raises(ParameterError, match=r"has more than the limit of 1,000 reports"):
        values(demo, huge)
    with pytest.raises(ParameterError, match=r"has 2,000 reports, more than the limit of 1,000"):
        values(demo, {"note": [str(number) for number in range(2000)]})
    with pytest.raises(ParameterError, match="more than the limit of 5 reports"):
        values(demo, ({"note": str(number)} for number in iter(int, 1)), limit=5)
    assert len(values(demo, {"note": [str(number) for number in range(1200)]}, limit=None)) == 1200


def test_an_empty_row_of_a_spreadsheet_is_passed_over(demo: Report, tmp_path: Any) -> None:
    path = tmp_path / "g.csv"
    path.write_text("start,group\n2001,EU\n,\n , \n2002,\n")
    assert values(demo, path) == [{"start": 2001, "group": "EU"}, {"start": 2002}]


def test_no_limit_is_not_no_end(demo: Report) -> None:
    far = Report("demo", demo.notebook, {"start": Between(0, 2**32 - 1)})
    with pytest.raises(ParameterError, match=r"has 4,294,967,296 reports, more than any batch"):
        grid.checked(far, {"start": "all"}, limit=None)


@pytest.mark.parametrize("bad", [{}, [], {"start": []}])
def test_an_empty_grid_is_refused(demo, bad):
    with pytest.raises(ParameterError, match="there is nothing to run"):
        values(demo, bad)


def test_a_shipped_report_takes_every_group() -> None:
    found = report("outbound_investment")
    assert len(grid.checked(found, {"group": "all"})) == len(found.rules["group"].values())


RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="aA.-_/\\:~ con", max_size=20),
    st.sampled_from(
        ["../../x", "C:\\x", "CON", "nul.html", "a" * 200, "é", "e\u0301", "ﬁ", ".", "-"]
    ),
)


@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_names_are_safe_and_differ_as_the_values_do(demo, texts):
    found: dict[tuple[str, ...], str] = {}
    for text in texts:
        try:
            asked = check(demo, {"note": text, "names": [text]})
        except ParameterError:  # not printable: never run
            continue
        found[(asked.note, *asked.names)] = file_stem(demo, asked)
    for stem in found.values():
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", stem)
        assert len(stem) <= LONGEST
        assert not RESERVED.fullmatch(stem)
        assert not stem.endswith(".")
    assert len({stem.casefold() for stem in found.values()}) == len(found)


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "aux", "../x", "a b", ""])
def test_a_report_of_an_odd_name_has_a_safe_file_name(demo, name):
    odd = Report(name, demo.notebook, demo.rules)
    stem = file_stem(odd, check(odd, {}))
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", stem)
    assert not RESERVED.fullmatch(stem)
