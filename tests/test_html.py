"""The page made of an executed notebook: content, safety, accessibility. No kernel is started."""

from __future__ import annotations

import base64
import copy
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import pytest

from sme_analysis.reports import notebook as nb
from sme_analysis.reports.catalogue import Report, reports
from sme_analysis.reports.export import page
from sme_analysis.reports.markup import clean, markdown
from sme_analysis.reports.vector import inline

HOSTILE = "</title></style><script>alert('x')</script><img src=x onerror=alert(1)> \" & '"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Page(HTMLParser):
    """Reads a page: its elements, its text, and that every tag is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.errors: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if len({name for name, _ in attrs}) < len(attrs):
            self.errors.append(f"{tag} has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"unexpected </{tag}>")

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def cell(source: str, *outputs: dict, tags: tuple[str, ...] = ()) -> dict:
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "source": source,
        "outputs": list(outputs),
        "execution_count": 1,
    }


def text(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def data(**kinds: str) -> dict:
    names = {"svg": "image/svg+xml", "html": "text/html", "md": "text/markdown"}
    names |= {"plain": "text/plain", "png": "image/png"}
    bundle = {names[kind]: value for kind, value in kinds.items()}
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def figure() -> str:
    import io

    from matplotlib.figure import Figure

    drawn = Figure(figsize=(4, 3))
    axes = drawn.subplots()
    axes.plot([1, 2], [2, 1], marker="o", label="<b>A & B</b>")
    axes.imshow([[0, 1], [1, 0]])
    axes.set_title("Fish & <chips>")
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        drawn.savefig(out, format="svg")  # random ids and the date on purpose
    return out.getvalue()


TABLE = (
    '<div class="sme-table-wrap"><table class="sme-table" onclick="alert(1)"><thead><tr>'
    '<th scope="col">Host</th><th scope="col" class="num">US$ bn</th></tr></thead>'
    '<tbody><tr><td>Viet Nam</td><td class="num">2.6</td></tr></tbody></table></div>'
    '<p class="sme-source">Source: <a href="https://example.org/b?a=1&amp;b=2">Bulletin</a></p>'
)
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
CELLS = [
    text("# Outward <i>investment</i>\n\nWhat **goes** out.\n\nNot what comes in."),
    cell(
        'start: int = 2003  # first year\ngroup: str = "World"  # hosts\nwide: bool = False\n'
        "names: list[str] = []",
        tags=("parameters",),
    ),
    cell(f"group = {HOSTILE!r}\nstart = 2010", tags=("injected-parameters",)),
    cell("secret_code = 1", {"output_type": "stream", "name": "stderr", "text": ["STDERR\n"]}),
    text("## How much?\n\nText with <script>alert(2)</script> and [a link](javascript:alert(3))."),
    cell("draw()", data(svg=figure(), plain="A line that falls")),
    text("## How much?\n\n### Sub\n\n| a | b |\n|---|--:|\n| x | 1 |"),
    cell("draw()", data(svg=figure(), plain="<Figure size 640x480 with 1 Axes>")),
    cell("table()", data(html=TABLE, plain="x")),
    cell("note()", data(md=f"**bold** {HOSTILE}", plain="x")),
    cell("png()", data(png=PIXEL, plain="A pixel")),
    cell("print(1)", {"output_type": "stream", "name": "stdout", "text": "1 < 2\n"}),
    cell("1/0", {"output_type": "error", "ename": "E", "evalue": "<b>", "traceback": []}),
    cell("hidden()", data(plain="HIDDEN"), tags=("remove-cell",)),
    text("## Sources & <b>more</b>\n\n[outside](https://example.org)\n\n![far](https://x.y/z.png)"),
]


def notebook(cells: list[dict] | None = None) -> dict[str, Any]:
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells or CELLS}
    return copy.deepcopy(content)


@pytest.fixture(scope="module")
def html() -> str:
    return page(notebook())


@pytest.fixture(scope="module")
def read(html: str) -> Page:
    return Page(html)


def test_every_tag_is_closed_in_order(read: Page):
    assert not read.errors
    assert not read.open


def test_the_head(html: str, read: Page):
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert html.count("<h1>") == 1
    assert read.all("main")
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in read.all(
        "meta"
    )
    assert "What goes out." in [meta.get("content") for meta in read.all("meta")]
    assert ("a", {"class": "sme-skip", "href": "#report"}) in read.elements


def test_nothing_runs_and_nothing_is_fetched(html: str, read: Page):
    for tag in (
        "script",
        "iframe",
        "object",
        "embed",
        "link",
        "form",
        "base",
        "video",
        "foreignobject",
    ):
        assert not read.all(tag), tag
    for tag, attributes in read.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            if name in ("src", "href", "xlink:href", "srcset", "action", "data", "poster"):
                inside = (value or "").startswith(("#", "data:image/png;base64,"))
                assert inside or (tag == "a" and (value or "").startswith("https://"))
    assert "javascript:" not in html
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", html)
    assert "default-src 'none'" in html


def test_hostile_text_is_shown_as_text(html: str, read: Page):
    assert "<script" not in html
    assert "</script" not in html
    assert HOSTILE in read.text
    assert "<script>alert(2)</script>" in read.text


def test_the_contents_list_each_question_once(read: Page):
    anchors = [a["href"] for a in read.all("a") if (a["href"] or "").startswith("#")]
    headings = [h["id"] for h in read.all("h2")]
    assert headings == ["contents", "parameters", "how-much", "how-much-2", "sources-b-more-b"]
    assert anchors == ["#report", "#how-much", "#how-much-2", "#sources-b-more-b"]


def test_headings_descend_without_a_gap(read: Page):
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_references_lead_somewhere(html: str, read: Page):
    ids = [str(attributes["id"]) for _, attributes in read.elements if "id" in attributes]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    for reference in re.findall(r"url\(#([^)]*)\)|href=\"#([^\"]*)\"", html):
        assert "".join(reference) in ids
    for name in ("aria-labelledby",):
        assert all(a[name] in ids for _, a in read.elements if name in a)


def test_each_figure_has_an_alternative_text(read: Page):
    drawings = read.all("svg")
    assert [drawing["aria-label"] for drawing in drawings] == ["A line that falls", "Figure: Sub"]
    assert all(drawing["role"] == "img" and drawing["viewbox"] for drawing in drawings)
    assert all(image["alt"] for image in read.all("img"))
    assert len(read.all("figure")) == 3


def test_the_parameters_used_are_listed(read: Page):
    start = read.text.index("Parameters of this report")
    assert "start 2010 first year group" in read.text[start:]
    assert "wide no names none" in read.text[start:]


def test_code_and_chatter_are_left_out(html: str):
    for word in ("secret_code", "STDERR", "HIDDEN", "first year</td></tr>\n<tr>x"):
        assert word not in html
    assert '<pre class="sme-output">1 &lt; 2</pre>' in html
    assert "This cell failed: E: &lt;b&gt;" in html


def test_code_is_shown_when_asked_for():
    shown = page(notebook(), code=True)
    assert "secret_code" in shown
    assert "STDERR" not in shown
    assert "HIDDEN" not in shown
    assert not Page(shown).errors
    assert "start: int" not in Page(shown).text  # the table of parameters says it


def test_tables_scroll_in_their_own_container(html: str, read: Page):
    wraps = [div for div in read.all("div") if div.get("class") == "sme-table-wrap"]
    assert len(wraps) == len(re.findall(r"<table class=", html)) == 2
    assert all(wrap["tabindex"] == "0" and wrap["aria-label"] for wrap in wraps)
    assert '<td class="num">2.6</td>' in html
    assert 'href="https://example.org/b?a=1&amp;b=2"' in html


def test_equal_notebooks_give_equal_pages_whatever_the_ids_in_their_figures(html: str):
    again = notebook()
    for item, new in ((5, figure()), (7, figure())):
        assert new != again["cells"][item]["outputs"][0]["data"]["image/svg+xml"]
        again["cells"][item]["outputs"][0]["data"]["image/svg+xml"] = new
    assert page(again) == html
    assert page(notebook()) == html


def test_the_notebook_is_not_changed():
    before = notebook()
    page(before, code=True)
    assert before == notebook()


@pytest.mark.parametrize("report", reports(), ids=lambda report: report.name)
def test_the_shipped_notebooks_are_sound_pages(report: Report):
    html = page(nb.read(report.path))
    shipped = Page(html)
    assert not shipped.errors
    assert "<script" not in html
    assert len(shipped.all("h1")) == 1
    assert len(shipped.all("h2")) > 3
    ids = [attributes["id"] for _, attributes in shipped.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(drawing["aria-label"] for drawing in shipped.all("svg"))


def test_an_empty_notebook_is_a_page():
    empty = Page(page(notebook([text("")])))
    assert not empty.errors
    assert not empty.all("nav")


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "no xml",
        "<html></html>",
        "<svg><unclosed></svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    ],
)
def test_what_is_no_figure_falls_back_to_its_text(svg: str):
    assert inline(svg, "x", "f") == ""
    assert "PLAIN" in page(notebook([text("# t"), cell("x", data(svg=svg, plain="PLAIN"))]))


def test_a_figure_keeps_only_what_draws():
    drawn = inline(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' width="72pt" height="36pt" onload="a()"><style>* { display: none }</style>'
        "<script>a()</script><metadata>2026</metadata><foreignObject><p>x</p></foreignObject>"
        '<a xlink:href="https://x.y"><path d="M0 0"/></a><g id="a" onclick="a()">'
        '<use xlink:href="#a"/><use href="https://x.y#a"/><image href="https://x.y/z.png"/>'
        '<path clip-path="url(#a)" fill="url(https://x.y)" style="fill: url(//x.y)"/>'
        '<rect style="fill: url( \'#b\' )"/><svg><path d="M9 9"/></svg></g>'
        "<text>1 &lt; 2 <tspan>&amp;</tspan> 3</text></svg>",
        'a "label" <',
        "f1",
    )
    assert drawn == (
        '<svg width="96" height="48" role="img" aria-label="a &quot;label&quot; &lt;" viewBox='
        '"0 0 72 36" style="stroke-linejoin: round; stroke-linecap: butt"><g id="f1-1"><use '
        'href="#f1-1"></use><use></use><image></image><path clip-path="url(#f1-1)"></path>'
        '<rect style="fill: url(#f1-2)"></rect></g><text>1 &lt; 2 <tspan>&amp;</tspan> 3</text>'
        "</svg>"
    )


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("<p onclick='a()'>x</p>", "<p>x</p>"),
        ("<SCRIPT>a()</SCRIPT>x", "x"),
        ("<style>* {}</style>x", "x"),
        ("<script>a()", ""),
        ("<scr<script></script>ipt>a()</script>", "ipt&gt;a()"),
        ("<a href='java\nscript:a()'>x</a>", "<a>x</a>"),
        ("<a href='data:text/html,x'>x</a>", "<a>x</a>"),
        ("<img src='https://x.y/z.png' alt='z'>", '<img alt="z">'),
        ("<svg><script>a()</script></svg>", ""),
        ("<iframe src='https://x.y'>x</iframe>", "x"),
        (
            "<p id='report' style='color: red; background: url(//x)'>x</p>",
            '<p style="color:red">x</p>',
        ),
        (
            "<details class='sme-fold'><summary>s</summary>x</details>",
            '<details class="sme-fold"><summary>s</summary>x</details>',
        ),
    ],
)
def test_html_of_outputs_is_cleaned(dirty: str, cleaned: str):
    assert clean(dirty) == cleaned


def test_a_bare_table_gets_its_container():
    wrapped = clean("<table><tr><td>1</td></tr></table>")
    assert wrapped.startswith('<div class="sme-table-wrap" role="region"')
    assert wrapped.endswith("</table></div>")


def test_dollars_are_no_formulas():
    assert markdown("US$5 and *10* US$20") == "<p>US$5 and <em>10</em> US$20</p>"


def test_nbconvert_writes_the_same_page(html: str):
    from nbformat import from_dict

    from sme_analysis.reports.exporter import ReportExporter

    content = notebook()
    for number, item in enumerate(content["cells"]):
        item["id"] = f"c{number}"
    written, resources = ReportExporter().from_notebook_node(from_dict(content))
    assert written == html
    assert resources["output_extension"] == ".html"


_FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100pt" height="80pt" viewBox="0 0 100 80">'
    '<g id="title"><path d="M 1 1"/></g><g id="axes"><path d="M 2 2"/></g>'
    '<g id="source"><path d="M 3 3"/></g></svg>'
)
_WORDS = {"title": HOSTILE, "subtitle": "US$ bn", "source": "Source: a", "top": 20, "bottom": 70}


def captioned(**changes: object) -> str:
    """Return the page of one figure whose words stand in the output's metadata."""
    output = data(svg=_FIGURE, plain="alternative")
    output["metadata"] = {"image/svg+xml": {"sme_analysis": {**_WORDS, **changes}}}
    return page(notebook([text("# T\n\nS."), cell("show()", output)]))


def test_the_words_of_a_figure_are_text_of_the_page():
    html = captioned()
    found = Page(html)
    assert not found.errors
    assert HOSTILE in found.text
    assert "<script" not in html
    assert "<figcaption><strong>" in html
    assert 'viewBox="0 20 100 50"' in html
    assert "M 2 2" in html
    assert "M 1 1" not in html
    assert "M 3 3" not in html
    assert 'aria-label="alternative"' in html


@pytest.mark.parametrize(
    "changes", [{"top": 70, "bottom": 20}, {"top": -5}, {"bottom": 900}], ids=str
)
def test_a_cut_outside_the_figure_leaves_it_whole(changes: dict[str, object]):
    assert 'viewBox="0 0 100 80"' in captioned(**changes)


@pytest.mark.parametrize("changes", [{"top": "high"}, {"bottom": None}], ids=str)
def test_words_that_do_not_fit_leave_the_figure_as_it_is(changes: dict[str, object]):
    html = captioned(**changes)
    assert "<figcaption" not in html
    assert "M 1 1" in html
