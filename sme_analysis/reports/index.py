"""The page that lists the reports of a batch: what was asked, where each file is, what failed.

It can be read without its script; with it, it can be searched. Nothing is fetched, and the only
script that may run is the one whose hash stands in the page's policy.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from ..errors import ParameterError
from .export import environment, shown, style
from .files import write_whole
from .rules import shown as quoted
from .words import LABELS, Labels, visible, visible_html

NAME = "index.html"
_FAILED = "failed"


def index_page(
    rows: Iterable[Mapping[str, Any]],
    out: str | Path,
    *,
    title: str | None = None,
    language: str = "en",
) -> Path:
    """Write `index.html` into a folder of reports.

    Parameters
    ----------
    rows : iterable of mappings
        One for each report, in the order to be shown. Keys, any of which may be missing: `title`
        and `report` (its name, shown where there is no title), `parameters` (name to value),
        `files` (format to a path below `out`), `status` ("done", "failed", "skipped" or another
        word), `message`.
    out : path
        The folder.
    title : str, optional
        Heading of the page.
    language : str
        Of the page's own words; a key of :data:`sme_analysis.reports.words.LABELS`.

    Returns
    -------
    Path
        The page. It is there whole or not at all; equal rows give equal pages.

    Raises
    ------
    ParameterError
        If a file lies outside the folder.
    ReportError
        If the page cannot be written.
    """
    target = Path(out) / NAME
    write_whole(target, index_html(rows, title=title, language=language).encode("utf-8"))
    return target


def index_html(
    rows: Iterable[Mapping[str, Any]], *, title: str | None = None, language: str = "en"
) -> str:
    """Return the page; see :func:`index_page`."""
    labels = LABELS[language]
    listed = list(rows)
    columns, same = _columns([_parameters(row) for row in listed], labels)
    titles = {_title(row, labels) for row in listed}
    # Where all bear one title, the first value that differs tells them apart.
    lead = columns[0] if len(titles) == 1 and len(listed) > 1 and columns else ""
    rest = columns[1:] if lead else columns
    failed = sum(str(row.get("status", "")) == _FAILED for row in listed)
    script = style("index.js")
    digest = hashlib.sha256(f"\n{script}\n".encode()).digest()
    html = (
        environment()
        .get_template("index.html.j2")
        .render(
            language=language,
            labels=labels,
            title=visible(title or (titles.pop() if lead else "")) or labels["reports"],
            lead=lead,
            counted=_counted(len(listed), failed, labels),
            failed=failed,
            same=same,
            columns=[(name, _all_numbers(name, listed)) for name in rest],
            rows=[_row(row, columns, lead, labels) for row in listed],
            style=style("index.css"),
            script=script,
            script_hash=base64.b64encode(digest).decode(),
        )
    )
    return visible_html(html)


def _parameters(row: Mapping[str, Any]) -> Mapping[str, Any]:
    given = row.get("parameters")
    return given if isinstance(given, Mapping) else {}


def _columns(
    given: list[Mapping[str, Any]], labels: Labels
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the parameters that differ, and name and value of those that are the same for all."""
    names = list(dict.fromkeys(str(name) for values in given for name in values))
    columns, same = [], []
    for name in names:
        texts = {shown(values[name], labels) if name in values else None for values in given}
        if len(given) > 1 and len(texts) == 1:
            same.append((name, str(texts.pop())))
        else:
            columns.append(name)
    return columns, same


def _title(row: Mapping[str, Any], labels: Labels) -> str:
    return visible(str(row.get("title") or row.get("report") or labels["report"]))


def _row(row: Mapping[str, Any], columns: list[str], lead: str, labels: Labels) -> dict[str, Any]:
    values = _parameters(row)
    status = str(row.get("status") or "")
    title = _title(row, labels)
    given = row.get("files")
    addresses = {str(k): _address(str(v)) for k, v in (given or {}).items() if v}
    # Said with every link: those of a table read alone, "HTML" two hundred times, say nothing.
    about = ", ".join([title, *(shown(values[name], labels) for name in columns if name in values)])
    return {
        "title": shown(values[lead], labels) if lead in values else title,
        "about": about if lead else "",
        "main": next(iter(addresses.values()), ""),
        "values": [_value(name, values, labels) for name in columns if name != lead],
        "files": [
            (kind.upper(), address, f"{kind.upper()}: {about}")
            for kind, address in addresses.items()
        ],
        "failed": status == _FAILED,
        "status": labels.get("status_failed" if status == _FAILED else status, status),
        "message": str(row.get("message") or ""),
    }


def _value(name: str, values: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    text = shown(values[name], labels) if name in values else ""
    return {"name": name, "text": text, "number": _is_number(values.get(name))}


def _all_numbers(name: str, rows: list[Mapping[str, Any]]) -> bool:
    given = [values[name] for values in map(_parameters, rows) if name in values]
    return bool(given) and all(map(_is_number, given))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _address(path: str) -> str:
    """Return a relative address of a file below the folder, safe in a link."""
    posix = PurePosixPath(path)
    outside = posix.is_absolute() or ".." in posix.parts or PureWindowsPath(path).anchor
    if outside or "\\" in path or visible(path) != path:
        raise ParameterError(f"{quoted(path, limit=200)} is no file below the folder of reports.")
    return "./" + quote(str(posix))


def _counted(number: int, failed: int, labels: Labels) -> str:
    one = labels["counted_one"] if number == 1 else labels["counted"].format(all=f"{number:,}")
    return f"{one}, {labels['and_failed'].format(failed=f'{failed:,}')}" if failed else one
