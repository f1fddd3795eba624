"""Text for the page: markdown to HTML, and HTML of outputs cleaned by an allow-list."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

import mistune
import nh3

_TAGS = frozenset(
    """
    a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em
    figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre q s samp section small span
    strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr
    """.split()  # noqa: SIM905 - 60 quoted words are harder to read
)
# None of these can fetch anything.
_CSS = frozenset(
    """
    text-align font-weight font-style font-variant-numeric white-space color background-color width
    vertical-align padding-left
    """.split()  # noqa: SIM905
)
_WITH_CONTENT = frozenset({"script", "style", "template", "noscript"})
_IMAGE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")
_LINK = re.compile(r"(https?://|mailto:|#)", re.I)
_LEFT = ' style="text-align:left"'  # said to JupyterLab; the page's style sheet says it anyway
_WRAP = '<div class="sme-table-wrap"'


_CELLS = {"colspan", "rowspan", "scope", "headers", "abbr"}
_ATTRIBUTES = {
    "*": {"class", "style", "lang", "dir", "title", "role", "datetime", "open"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "td": _CELLS,
    "th": _CELLS,
    "col": _CELLS,
    "colgroup": _CELLS,
}


def _kept(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value, or None if it would fetch something."""
    if name == "href":
        return value if _LINK.match(value) else None
    if name == "src":
        return value if _IMAGE.fullmatch(value) else None
    return value


def clean(html: str, label: str = "Table") -> str:
    """Return HTML of an output without anything that could run, fetch or clash.

    Scripts, styles, event handlers, forms, frames, ids and pictures from elsewhere go; text, links,
    tables and embedded pictures stay. Each table gets a container that scrolls by itself and is
    called `label`.
    """
    cleaned = nh3.clean(
        html.replace(_LEFT, ""),
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        generic_attribute_prefixes={"aria-"},
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties=_CSS,
        link_rel=None,
    )
    if "<table" in cleaned and _WRAP not in cleaned:
        cleaned = cleaned.replace("<table", f"{_WRAP}><table").replace("</table>", "</table></div>")
    # A container that scrolls must be reachable by keyboard.
    return cleaned.replace(f"{_WRAP}>", _region(label))


def _region(label: str) -> str:
    return f'{_WRAP} role="region" aria-label="{escape(label)}" tabindex="0">'


def plain(html: str) -> str:
    """Return the text of a piece of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


class _Renderer(mistune.HTMLRenderer):
    """HTML without raw HTML, without fetched pictures, with headings below the page's own."""

    def __init__(self, heading: Callable[[str, int], str]) -> None:
        super().__init__(escape=True)
        self._heading = heading

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        level = max(level, 2)
        anchor = self._heading(text, level)
        identity = f' id="{escape(anchor)}"' if anchor else ""
        return f"<h{level}{identity}>{text}</h{level}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if _IMAGE.fullmatch(url):
            return f'<img src="{escape(url)}" alt="{escape(plain(text))}">'
        return escape(plain(text))

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, url, title) if _LINK.match(url) else text


def markdown(
    text: str, heading: Callable[[str, int], str] | None = None, label: str = "Table"
) -> str:
    """Return markdown as HTML; HTML in it is shown as text.

    Parameters
    ----------
    text : str
    heading : callable, optional
        Given a heading's HTML and level, returns the id it shall have ("" for none).
    label : str
        What a table is called to those who cannot see it.
    """
    convert = mistune.create_markdown(
        renderer=_Renderer(heading or (lambda text, level: "")),
        plugins=["table", "strikethrough", "url", "footnotes"],
    )
    html = str(convert(text)).strip()
    if "<table>" in html:
        html = html.replace("<table>", f'{_WRAP}><table class="sme-table">')
        html = html.replace("</table>", "</table></div>")
        html = html.replace(f"{_WRAP}>", _region(label))
    return html


def inline_markdown(text: str) -> str:
    """Return one paragraph of markdown as HTML without the paragraph's own tags."""
    return markdown(text).removeprefix("<p>").removesuffix("</p>")


def highlighted(code: str) -> str:
    """Return Python code as HTML, coloured by classes."""
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    return str(highlight(code, PythonLexer(), HtmlFormatter(cssclass="sme-code")))
