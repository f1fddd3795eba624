"""Showing a finding in a notebook: sentence, figure, table, source line.

Everything is emitted as plain HTML, Markdown-free, and as SVG without dates or random names, so
that two runs give the same output; text is escaped.
"""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from itertools import repeat
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import __version__
from .data.catalogue import data_version
from .data.citation import sources
from .data.fetched import editions_used
from .findings.finding import Finding
from .plots.style import alternative, caption, house
from .rounding import fixed
from .tabular import cell, csv_text, flat, types

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .supplied import Supplied

_LONG = 14  # a longer table is folded on screen
_MISSING = "–"
LEFT = ' style="text-align:left"'  # JupyterLab sets every cell flush right, words as well
_UNBOUNDED = ("−∞", "∞")  # the open ends of an interval
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_PATH = re.compile(r' d="([^"]*)"')


def show(
    finding: Finding, plot: Callable[..., Figure] | None = None, data: Any = None, **options: Any
) -> None:
    """Display one finding; an empty one as its sentence alone.

    Parameters
    ----------
    finding : Finding
    plot : function of :mod:`sme_analysis.plots`, optional
        Called with `data`, the finding's labels and `options`.
    data : what the plot function takes first
    """
    from IPython.display import display

    emit(f'<p class="sme-finding">{escape(finding.text)}</p>', finding.text)
    shown = plot is not None and not finding.empty
    if plot is not None and shown:
        figure = plot(data, **finding.labels, **options)
        bundle = {"image/svg+xml": svg(figure), "text/plain": alternative(figure)}
        words = {"image/svg+xml": {"sme_analysis": caption(figure)}}
        drawn = flat(data, options)
        rows, about = rows_of(finding.table if drawn is None else drawn, finding)
        display({**bundle, **rows}, metadata={**words, **about}, raw=True)  # type: ignore[no-untyped-call]
    if finding.notes:
        notes = " ".join(finding.notes)
        emit(f'<p class="sme-note">{escape(notes)}</p>', notes)
    if finding.table is not None and len(finding.table):
        emit(
            table_html(finding.table, finding.decimals, prose=finding.prose),
            table_text(finding.table),
            rows_of(finding.table, finding),
        )
    if finding.source and not shown:  # a figure carries its own
        emit(f'<p class="sme-source">{escape(finding.source)}</p>', finding.source)


def show_all(
    pairs: Iterable[tuple[Finding, Any]], plot: Callable[..., Figure], **options: Any
) -> None:
    """Display several findings of one kind, each with its figure.

    Parameters
    ----------
    pairs : iterable of (Finding, data)
    plot : function of :mod:`sme_analysis.plots`
        Called with each data, the labels of its finding and `options`.
    """
    for finding, data in pairs:
        show(finding, plot, data, **options)


def show_table(frame: pd.DataFrame, decimals: Mapping[str, int] | None = None) -> None:
    """Display a table alone."""
    emit(
        table_html(frame, decimals or {}),
        table_text(frame),
        rows_of(frame, decimals=decimals),
    )


def show_sources(*frames: pd.DataFrame) -> None:
    """Display the sources behind some frames: whose figures they are, where and how read."""
    listed = sources(*frames)
    read: dict[str, list[str]] = {}
    for row in listed.to_dict("records"):
        read.setdefault(str(row["origin"]), []).append(
            f"{_link(row['title'], row['url'])}, {escape(row['publisher'])}, "
            f"{escape(row['edition'])} ({escape(row['access'])}, {row['figures']:,})"
        )
    items = [f"<dt>{escape(name)}</dt><dd>{'; '.join(rows)}</dd>" for name, rows in read.items()]
    note = f"{len(listed)} sources: where each was read, how, and how many figures come from it"
    fold = f'<details class="sme-fold"><summary>{note}</summary><dl class="sme-sources">'
    emit(f"{fold}{''.join(items)}</dl></details>", note, rows_of(listed, kind="sources"))


def show_own(own: Supplied) -> None:
    """Display what was read from the user's own files; nothing where there are none."""
    if not own.frames and not own.warnings and not own.unread:
        return
    words = " ".join(["Read from your own files, unchecked against any publisher.", *own.warnings])
    emit(f'<p class="sme-note">{escape(words)}</p>', words)
    show_table(own.summary())


def show_run(parameters: Mapping[str, Any]) -> None:
    """Display what reproduces the page: parameters, data version, package version."""
    values = ", ".join(f"{name} = {value!r}" for name, value in parameters.items())
    text = (
        f"Parameters: {values}. Data version {data_version()}; sme_analysis {__version__}. "
        "The same parameters, data and package give the same page."
    )
    text += _fetched()
    made = {"data_version": data_version(), "package_version": __version__}
    about = {"text/html": {"sme_analysis": made}}
    emit(f'<p class="sme-note">{escape(text)}</p>', text, ({}, about))


def _fetched() -> str:
    """Say which tables were not read as shipped; nothing where all were."""
    used = editions_used()
    if not used:
        return ""
    named = "; ".join(f"{table}, edition of {' and '.join(used[table])}" for table in used)
    return f" Fetched by a refresh, not shipped: {named}."


def _link(title: str, url: object) -> str:
    if isinstance(url, str) and url.startswith(("https://", "http://")):
        return f'<a href="{escape(url)}">{escape(title)}</a>'
    return escape(title)


Rows = tuple[dict[str, str], dict[str, Any]]


def rows_of(
    frame: pd.DataFrame | None,
    finding: Finding | None = None,
    *,
    decimals: Mapping[str, int] | None = None,
    kind: str = "",
) -> Rows:
    """Return the rows behind a display as an output of their own type, and what is to be known.

    Interfaces show the figure or the table; exports read the rows.
    """
    if frame is None:
        return {}, {}
    places = decimals or (finding.decimals if finding else {})
    about: dict[str, Any] = {"types": types(frame)}
    about["decimals"] = [places.get(str(name)) for name in frame.columns]
    if finding is not None:
        about |= {"title": finding.headline, "subtitle": finding.measure, "source": finding.source}
    if kind:
        about["kind"] = kind
    return {"text/csv": csv_text(frame)}, {"text/csv": {"sme_analysis": about}}


def emit(html: str, plain: str, rows: Rows = ({}, {})) -> None:
    """Display HTML with its plain form and, where there are any, the rows behind it."""
    from IPython.display import display

    data, about = rows
    bundle = {"text/html": html, "text/plain": plain, **data}
    if about:
        display(bundle, metadata=about, raw=True)  # type: ignore[no-untyped-call]
    else:
        display(bundle, raw=True)  # type: ignore[no-untyped-call]


def svg(figure: Figure) -> str:
    """Return a figure as SVG text, the same at every run."""
    out = io.StringIO()
    with house():  # ids by a fixed salt, text as outlines
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = _METADATA.sub("", text[text.index("<svg") :])
    return _PATH.sub(lambda path: f' d="{" ".join(path[1].split())}"', text)  # a line a path


def table_html(frame: pd.DataFrame, decimals: Mapping[str, int], *, prose: bool = False) -> str:
    """Write a frame as an HTML table: numbers right-aligned, missing values as a dash.

    Parameters
    ----------
    frame : DataFrame
        Column names are the headings; the index is not shown.
    decimals : mapping of column to number of decimals
        By default none for whole numbers and one for others.
    prose : bool
        The rows are sentences to be read: never folded, and on a phone each row stands as a
        paragraph, its cells named by their headings.
    """
    numeric = {name: _is_number(frame[name]) for name in frame.columns}
    cells = {name: _cells(frame[name], decimals.get(str(name))) for name in frame.columns}
    head = "".join(_cell("th", str(name), numeric[name], ' scope="col"') for name in frame.columns)
    named = [f' title="{escape(str(name))}"' if prose else "" for name in frame.columns]
    body = "".join(
        f"<tr>{''.join(map(_cell, repeat('td'), row, numeric.values(), named))}</tr>"
        for row in zip(*cells.values(), strict=True)
    )
    kind = "sme-table sme-prose" if prose else "sme-table"
    table = f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    wrap = f'<div class="sme-table-wrap">{table}</div>'
    if len(frame) <= _LONG or prose:
        return wrap
    return (
        f'<details class="sme-fold"><summary>Table: {len(frame):,} rows</summary>{wrap}</details>'
    )


def table_text(frame: pd.DataFrame) -> str:
    """Write a frame as plain text, missing values as a dash."""
    # pandas writes the missing values of its nullable types as <NA>, whatever it is told.
    shown = frame.copy()
    for name in frame:
        if isinstance(frame[name].dtype, pd.Int64Dtype):
            shown[name] = frame[name].astype(object).where(frame[name].notna(), math.nan)
    return shown.to_string(index=False, na_rep=_MISSING)


def _is_number(column: pd.Series) -> bool:
    """Whether a column is set flush right: amounts are, years are read as names."""
    number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return number and column.name != "Year"


def _cell(tag: str, text: str, number: bool, extra: str = "") -> str:
    kind = ' class="num"' if number else LEFT
    if _DATE.fullmatch(text):
        kind = f' class="date"{LEFT}'  # on one line
    return f"<{tag}{extra}{kind}>{escape(text)}</{tag}>"


def _cells(column: pd.Series, decimals: int | None) -> list[str]:
    if decimals is None:
        decimals = 0 if pd.api.types.is_integer_dtype(column) else 1
    if not _is_number(column):
        return [_MISSING if pd.isna(value) else _word(value) for value in column]
    return [_figure(value, decimals) for value in column]


def _word(value: object) -> str:
    return cell(value) if isinstance(value, datetime.date) else str(value)


def _figure(value: Any, decimals: int) -> str:
    if pd.isna(value):
        return _MISSING
    return fixed(value, decimals) if math.isfinite(value) else _UNBOUNDED[value > 0]
