"""A notebook made to be exported: hostile words, every kind of cell, and what a page must obey."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import plots
from sme_analysis.findings.finding import Finding

MARKUP = "</title></style><script>document.title='ran'</script><img src=x onerror=y> \" & ' \\"
FORMULA = '=HYPERLINK("http://example.org","x")'
TRICK = "\u202egpj.exe\u202c"
CHINESE = "科特迪瓦 (Côte d'Ivoire)"

VALUES = pd.DataFrame(
    {"flow": [1.5, -2.25, 0.1 + 0.2]}, index=pd.Index([2019, 2020, 2021], name="year")
)
TABLE = pd.DataFrame(
    {
        "Year": [2019, 2020, 2021],
        "Host": [MARKUP, FORMULA, CHINESE],
        FORMULA: ["+1", "-cmd|' /C calc'!A0", f"@SUM(A1){TRICK}"],
        "US$ bn": [1234.5, math.nan, -3.25],
        "Rank": pd.array([1, None, 3], dtype="Int64"),
        "Signed": pd.to_datetime(["2019-03-04", None, "2021-12-31"]),
        "Known": [True, False, None],
        "Bound": [math.inf, 0.5, -math.inf],
        "Note": ["two\nlines", 'a "quoted" comma, here', "#N/A"],
    }
)
SAID = Finding(
    headline=f"It rose {MARKUP}{TRICK}",
    text=f"It rose by 3%. {MARKUP}",
    measure="Flow, US$ bn",
    source=f"Source: S. {MARKUP}",
    table=TABLE,
    decimals={"US$ bn": 2},
)


def shown(what: Callable[[], object]) -> list[dict[str, Any]]:
    """Return what a call displays, as the outputs of a cell."""
    import IPython.display

    outputs: list[dict[str, Any]] = []

    def keep(data: dict[str, Any], metadata: Any = None, raw: bool = False) -> None:
        assert raw
        outputs.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(IPython.display, "display", keep)
        what()
    return json.loads(json.dumps(outputs))  # what a file can hold


def cell(source: str, outputs: list[dict[str, Any]] | None = None, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": f"c{abs(hash((source, tags))) % 10**8}",
        "metadata": {"tags": list(tags)}, "source": source, "outputs": outputs or [],
        "execution_count": 1,
    }  # fmt: skip


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"m{abs(hash(source)) % 10**8}", "metadata": {},
            "source": source}  # fmt: skip


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def sample() -> dict[str, Any]:
    """Return an executed notebook with a figure, tables, sources and its parameters."""
    used = sme.load("outward_fdi_annual").head(40)
    return notebook(
        text(f"# Report {MARKUP}{TRICK}\n\nWhat **it** says. {MARKUP}"),
        cell('host: str = "World"  # where =1+1\nyears: int = 3  # how many', None, "parameters"),
        cell(f"host = {MARKUP!r}", None, "injected-parameters"),
        text("## How much?"),
        cell("a", shown(lambda: sme.show(SAID, plots.lines, VALUES))),
        text("## Which hosts?\n\n### More\n\n| a | b |\n|---|--:|\n| x | 1 |"),
        cell("b", shown(lambda: sme.show_table(TABLE))),
        text("## Sources"),
        cell("c", shown(lambda: (sme.show_run({"host": MARKUP}), sme.show_sources(used)))),
        sme_analysis={"report": "sample", "parameters": {"host": MARKUP}},
    )


DATES = datetime.date(2019, 3, 4), datetime.date(2021, 12, 31)

XHTML = "{http://www.w3.org/1999/xhtml}"
PHRASING_ONLY = {
    "p", "span", "a", "em", "strong", "code", "summary", "label", "h1", "h2", "h3", "h4", "h5", "h6"
}  # fmt: skip
BLOCKS = PHRASING_ONLY & {"p", "h1", "h2", "h3", "h4", "h5", "h6"} | {
    "div", "table", "ul", "ol", "dl", "figure", "section", "pre", "details", "form", "main", "nav"
}  # fmt: skip
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "tr": {"th", "td"}}


def tree(html: str) -> Element:
    """Parse a page as the HTML standard says; any parse error fails."""
    from tinyhtml5.parser import HTMLParser

    parser = HTMLParser()
    root: Element = parser.parse(html, full_tree=False)
    assert parser.errors == []
    for node in root.iter():
        if isinstance(node.tag, str):
            node.tag = node.tag.removeprefix(XHTML)
    return root


def check_sound(html: str) -> Element:
    """Check what the standard asks of a page beyond its syntax, and what a reader needs of it."""
    root = tree(html)
    every = [node for node in root.iter() if isinstance(node.tag, str)]
    assert html.startswith("<!DOCTYPE html>\n")
    assert root.get("lang")
    assert len(root.findall(".//main")) == len(root.findall(".//h1")) == 1
    assert (root.findtext(".//title") or "").strip()

    names = Counter(node.get("id") for node in every if node.get("id") is not None)
    assert [name for name, count in names.items() if count > 1] == []
    assert not [name for name in names if not name or re.search(r"\s", name)]
    for node in every:
        for key in ("aria-labelledby", "aria-describedby", "for"):
            for name in node.get(key, "").split():
                assert name in names, (node.tag, key, name)
        if node.get("href", "").startswith("#"):
            assert node.get("href", "")[1:] in names

    levels = [int(node.tag[1]) for node in every if re.fullmatch(r"h[1-6]", node.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))

    for node in every:
        inside = {child.tag for child in node.iter() if child is not node}
        if node.tag in PHRASING_ONLY:
            assert not inside & BLOCKS, (node.tag, inside & BLOCKS)
        if node.tag in CHILDREN:
            assert {child.tag for child in node} <= CHILDREN[node.tag], node.tag
        if node.tag in ("img", "area"):
            assert node.get("alt")
        if node.get("role") in ("img", "region", "search") and node.tag != "form":
            assert node.get("aria-label") or node.get("aria-labelledby")
        if node.tag == "a" and node.get("href") is not None:
            assert "".join(node.itertext()).strip()
    labelled = {node.get("for") for node in every if node.tag == "label"}
    for label in root.findall(".//label"):
        labelled |= {field.get("id") for field in label.iter("input")}
    assert {node.get("id") for node in every if node.tag in ("input", "select")} <= labelled
    for column in root.findall(".//thead//th"):
        assert column.get("scope") == "col" or not column.get("class")
    return root
