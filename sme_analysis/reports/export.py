"""An executed notebook as one self-contained HTML page: no script, nothing fetched.

The libraries nbconvert is made of are used directly: its own templates do not escape what they show
and its markdown takes two dollar signs in a paragraph for a formula. Its users get the same page
from `ReportExporter` in `exporter.py`.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import notebook as nb
from .markup import clean, highlighted, inline_markdown, markdown, plain
from .tables import Reader, Table, csv_file
from .vector import Part, inline
from .words import LABELS, Labels, visible, visible_html

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST = 1_500_000  # characters of a link: browsers refuse addresses of two million


def page(notebook: Mapping[str, Any], *, code: bool = False, language: str = "en") -> str:
    """Return a notebook with its outputs as an HTML page.

    Parameters
    ----------
    notebook : mapping
        A notebook of format 4, as JSON or as an nbformat node. It is not changed.
    code : bool
        Show the code cells, except those of the parameters.
    language : str
        Of the page's own words; a key of :data:`sme_analysis.reports.words.LABELS`.

    Returns
    -------
    str
        The page. Equal notebooks give equal pages.
    """
    labels = LABELS[language]
    title, summary, rest = nb.opening(notebook)
    body = _Body(labels, code, file_name(notebook))
    introduction = body.markdown(rest) if rest else ""
    blocks: list[str] = []
    opened = False
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            if opened:
                blocks.append(body.markdown(nb.source(cell)))
            opened = True
        elif cell["cell_type"] == "code":
            blocks.extend(body.code(cell))
    title = visible(": ".join(filter(None, (title, _subject(notebook))))) or labels["report"]
    html = (
        environment()
        .get_template("page.html.j2")
        .render(
            language=language,
            labels=labels,
            title=title,
            running=css_string(title),
            summary=inline_markdown(summary),
            description=plain(inline_markdown(summary)),
            introduction=introduction,
            contents=body.contents,
            parameters=list(_parameters(notebook, labels)),
            blocks=[block for block in blocks if block.strip()],
            style=style("page.css"),
        )
    )
    return visible_html(html)


def file_name(notebook: Mapping[str, Any]) -> str:
    """Return the beginning of the names of files saved from a page.

    It is the report's name, or title, and the economy that it is about.
    """
    about = notebook.get("metadata", {}).get("sme_analysis", {})
    name = about.get("report") if isinstance(about, Mapping) else None
    name = name if isinstance(name, str) and name else nb.opening(notebook)[0]
    name = f"{name} {_subject(notebook)}".replace("'", "")
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9_]+", "-", folded).strip("-")[:60] or "report"


def css_string(text: str) -> str:
    """Return a text as a CSS string, every sign that could end it or the style sheet escaped."""
    return '"' + re.sub(r"[^\w .,;:–—-]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


@cache
def environment() -> Environment:
    """Return the templates, which escape whatever they are not told is HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def style(name: str) -> str:
    """Return a style sheet or a script of the templates."""
    return (_TEMPLATES / name).read_text(encoding="utf-8").strip()


def _subject(notebook: Mapping[str, Any]) -> str:
    """Return the one economy that a report is about, which its title then names; or nothing."""
    subject = nb.used(notebook).get("economy")
    return subject if isinstance(subject, str) else ""


def _parameters(notebook: Mapping[str, Any], labels: Labels) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and meaning of each parameter the notebook was run with."""
    declared = nb.declared(notebook)
    for name, value in nb.used(notebook).items():
        help_text = declared[name].help if name in declared else ""
        yield name, shown(value, labels), help_text


def shown(value: object, labels: Labels) -> str:
    """Return a parameter's value as a reader should see it."""
    if isinstance(value, bool):
        return labels["true" if value else "false"]
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or labels["empty"]
    return str(value) or labels["empty"]


_ORDER = ("title", "subtitle", "source")  # what a figure says in words
_WORDS = frozenset(_ORDER)


class _Body:
    """Turns cells into HTML; keeps what must be counted across them."""

    def __init__(self, labels: Labels, show_code: bool, name: str) -> None:
        self.contents: list[tuple[str, str]] = []
        self._labels = labels
        self._show_code = show_code
        self._name = name
        self._reader = Reader()
        self._ids: set[str] = {"report", "contents", "parameters"}
        self._figures = 0
        self._heading = ""

    def markdown(self, text: str) -> str:
        """Return a markdown cell."""
        return markdown(text, self._name_heading, self._region())

    def code(self, cell: Mapping[str, Any]) -> Iterator[str]:
        """Yield a code cell (if shown) and its outputs."""
        tags = nb.tags(cell)
        hidden = {"parameters", "injected-parameters", "remove-cell"}.intersection(tags)
        if self._show_code and not hidden and nb.source(cell).strip():
            yield highlighted(nb.source(cell))
        if not {"remove-cell", "remove-output"}.intersection(tags):
            for output in cell.get("outputs", []):
                yield self._output(output)

    def _name_heading(self, html: str, level: int) -> str:
        """Return a heading's id, unique on the page; list it if it is of the second level."""
        text = visible(plain(html))
        folded = unicodedata.normalize("NFKD", text).casefold()
        base = re.sub(r"[^\w]+", "-", folded).strip("-") or "section"
        anchor, number = base, 1
        while anchor in self._ids:
            number += 1
            anchor = f"{base}-{number}"
        self._ids.add(anchor)
        self._heading = text
        if level == 2:
            self.contents.append((anchor, text))
        return anchor

    def _output(self, output: Mapping[str, Any]) -> str:
        kind = output.get("output_type")
        if kind == "stream":
            text = nb.joined(output.get("text", ""))
            return _pre(text) if output.get("name") == "stdout" and text.strip() else ""
        if kind == "error":
            message = f"{self._labels['failed']}: {output.get('ename')}: {output.get('evalue')}"
            return f'<p class="sme-note">{escape(message)}</p>'
        data = {key: nb.joined(value) for key, value in output.get("data", {}).items()}
        words = nb.noted(output, "image/svg+xml")
        table = self._reader.read(output, self._heading)
        return self._data(data, words, "" if table is None else self._link(table))

    def _data(self, data: Mapping[str, str], words: Mapping[str, Any], link: str) -> str:
        """Return the richest form of an output that the page can show, its rows linked below."""
        if "image/svg+xml" in data:
            figure = self._drawing(data, words)
            if figure:
                return self._figure(figure + link)
        for kind in ("image/png", "image/jpeg"):
            if kind in data and re.fullmatch(r"[A-Za-z0-9+/=\s]+", data[kind]):
                source = f"data:{kind};base64,{''.join(data[kind].split())}"
                label = escape(self._label(data))
                return self._figure(f'<img src="{source}" alt="{label}">{link}')
        if "text/html" in data:
            return clean(data["text/html"], self._region()) + link
        if "text/markdown" in data:
            return markdown(data["text/markdown"], label=self._region()) + link
        return _pre(data["text/plain"]) if data.get("text/plain", "").strip() else ""

    def _link(self, table: Table) -> str:
        """Return a link that saves the rows of a table from inside the page, without a script."""
        packed = base64.b64encode(csv_file(table)).decode()
        if len(packed) > _LONGEST:
            return f'<p class="sme-data">{escape(self._labels["too_many"])}</p>'
        number, rows = table.number, f"{len(table.rows):,}"
        if table.kind == "sources":
            label = self._labels["data_of_sources"].format(rows=rows)
        else:
            kind = self._labels[table.kind].lower()
            label = self._labels["data_of"].format(kind=kind, number=number, rows=rows)
        name = f"{self._name}-{table.kind}-{number}.csv"
        return (
            f'<p class="sme-data"><a href="data:text/csv;charset=utf-8;base64,{packed}" '
            f'download="{name}" aria-label="{escape(label)}">{escape(self._labels["data"])}</a></p>'
        )

    def _drawing(self, data: Mapping[str, str], words: Mapping[str, Any]) -> str:
        """Return an SVG figure, its words as text of the page where the notebook gives them."""
        svg, label, prefix = data["image/svg+xml"], self._label(data), f"fig{self._figures + 1}"
        try:
            part = Part(float(words["top"]), float(words["bottom"]), _WORDS)
            title, subtitle, source = (escape(str(words[key])) for key in _ORDER)
        except (KeyError, TypeError, ValueError):
            return inline(svg, label, prefix)
        drawing = inline(svg, label, prefix, part)
        return drawing and (
            f"<figcaption><strong>{title}</strong> <span>{subtitle}</span></figcaption>"
            f'<div class="sme-drawing">{drawing}</div><p class="sme-source">{source}</p>'
        )

    def _label(self, data: Mapping[str, str]) -> str:
        """Return a figure's alternative text: its plain form, unless that is a bare repr."""
        text = " ".join(data.get("text/plain", "").split())
        if text and not text.startswith("<"):
            return text
        return f"{self._labels['figure']}: {self._heading}".rstrip(": ")

    def _region(self) -> str:
        """Return what a table's container is called: landmarks are told apart by their names."""
        return f"{self._labels['table']}: {self._heading}".rstrip(": ")

    def _figure(self, html: str) -> str:
        self._figures += 1
        return f'<figure class="sme-figure" id="figure-{self._figures}">{html}</figure>'


def _pre(text: str) -> str:
    return f'<pre class="sme-output">{escape(text.rstrip(), quote=False)}</pre>'
