"""What the warm parent does once so that its children need not: caches filled by our own code."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Sequence
from typing import Any

from .. import economies
from ..data import fetched


def warm_up(wanted: Sequence[str]) -> None:
    """Fill caches that a fork carries over: tables, fonts, what reports have in common.

    `wanted` are entries of `Report.warm`. Nothing here changes what a notebook computes or shows.
    What fails here would fail again in the notebook, which can say so.
    """
    with contextlib.suppress(Exception):
        _words()
    with contextlib.suppress(Exception):
        _tables()
    with contextlib.suppress(Exception):
        economies.to_iso3("China")  # reads the names of all economies
    with contextlib.suppress(Exception):
        _drawing()
    for name in wanted:
        with contextlib.suppress(Exception):
            _had(name)
    if "papermill" in sys.modules:
        with contextlib.suppress(Exception):
            _rendering()
    fetched.forget_used()  # no report has read anything yet


def _words() -> None:
    from .. import findings

    for name in findings.__all__:
        getattr(findings, name)


def _tables() -> None:
    from ..data import catalogue, tables

    for name in catalogue.tables():
        tables.load(name)


def _had(name: str) -> None:
    """Import a module, or call a function of the library as its reports do."""
    if not name.endswith("()"):
        importlib.import_module(name)
        return
    module, _, function = name.removesuffix("()").rpartition(".")
    getattr(importlib.import_module(f"..{module}", __package__), function)()


def _drawing() -> None:
    """Look up the typeface in the sizes in which figures have it."""
    import pandas as pd

    from ..display import svg
    from ..plots import dot_intervals, panels
    from ..plots.style import caption

    words: dict[str, Any] = {"title": "T", "subtitle": "S", "source": "Source: 0123456789"}
    values = pd.Series([1.0, 2.0, 1.5], index=[2003, 2010, 2024])
    rows = pd.DataFrame({"label": ["A"], "value": [1.0], "low": [0.5], "high": [2.0]})
    rows = rows.assign(text="1", tone="strong")
    for figure in (panels({"P": values, "Q": values}, **words), dot_intervals(rows, **words)):
        svg(figure)
        caption(figure)


def _rendering() -> None:
    import nbformat

    from . import kernel  # noqa: F401
    from .formats import render

    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title\n\nSummary.\n\n- *one*"),
            nbformat.v4.new_code_cell(
                "1", outputs=[nbformat.v4.new_output("display_data", {"text/html": "<p>x</p>"})]
            ),
        ]
    )
    nbformat.validate(made)
    render(made, "html")
