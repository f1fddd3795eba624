"""What a notebook shows: escaped, aligned, the same at every run."""

from __future__ import annotations

import html
import math
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import display, plots
from sme_analysis.findings.finding import Finding, nothing

HOSTILE = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=y> US$1 $2"
VALUES = pd.Series([1.5, -2.25, 3.0], index=[2019, 2020, 2021])
WORDS = {"title": "Title", "subtitle": "US$ bn", "source": "Source: S. All 3 figures."}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Collect the bundles that are displayed."""
    import IPython.display

    bundles: list[dict[str, str]] = []

    def keep(bundle: dict[str, str], metadata: Any = None, raw: bool = False) -> None:
        assert raw
        bundles.append(bundle)

    monkeypatch.setattr(IPython.display, "display", keep)
    return bundles


def finding(**changes: Any) -> Finding:
    given = {
        "headline": "It rose",
        "text": "It rose by 3.0%.",
        "measure": "Flow, US$ bn",
        "source": "Source: S.",
        "table": pd.DataFrame({"Year": [2019, 2020], "US$ bn": [1.25, np.nan]}),
        "notes": ("First note.", "Second note."),
    }
    return Finding(**{**given, **changes})


class _Outline(HTMLParser):
    """Collects tags and text, so that HTML is compared as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def outline(text: str) -> _Outline:
    parser = _Outline()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser


def kinds(bundles: list[dict[str, str]]) -> list[str]:
    """Name each bundle by its class, or as a figure."""
    found = []
    for bundle in bundles:
        if "image/svg+xml" in bundle:
            found.append("figure")
        else:
            classes = re.search(r'class="(sme-[a-z-]+)', bundle["text/html"])
            assert classes is not None
            found.append(classes[1])
    return found


# show


def test_a_finding_with_a_figure(shown):
    display.show(finding(), plots.annual_bars, VALUES)
    assert kinds(shown) == ["sme-finding", "figure", "sme-note", "sme-table-wrap"]
    assert shown[0]["text/plain"] == "It rose by 3.0%."
    assert shown[1]["text/plain"] == "It rose. Flow, US$ bn"  # the text alternative
    assert shown[1]["image/svg+xml"].startswith("<svg")
    assert shown[2]["text/plain"] == "First note. Second note."


def test_a_finding_without_a_figure_carries_its_source_line(shown):
    display.show(finding())
    assert kinds(shown) == ["sme-finding", "sme-note", "sme-table-wrap", "sme-source"]
    assert shown[-1]["text/plain"] == "Source: S."


def test_an_empty_finding_is_its_sentence_alone(shown):
    def never(*args: Any, **kwargs: Any) -> None:
        pytest.fail("an empty selection was drawn")

    display.show(nothing("Nothing is on record."), never, VALUES)
    assert kinds(shown) == ["sme-finding"]
    display.show(nothing("Nothing is on record.", "Why."), never, VALUES)
    assert kinds(shown)[1:] == ["sme-finding", "sme-note"]


def test_a_table_without_rows_is_not_shown(shown):
    display.show(finding(table=pd.DataFrame({"Year": []}), notes=(), source=""))
    assert kinds(shown) == ["sme-finding"]


def test_options_reach_the_plot(shown):
    muted = pd.Series([True, False, False], index=VALUES.index)
    display.show(finding(), plots.annual_bars, VALUES, muted=muted)
    assert plots.style.SKY in shown[1]["image/svg+xml"]
    shown.clear()
    display.show(finding(), plots.annual_bars, VALUES)
    assert plots.style.SKY not in shown[1]["image/svg+xml"]


def test_every_text_is_escaped(shown):
    table = pd.DataFrame({HOSTILE: [HOSTILE], "n": [1]})
    said = finding(text=HOSTILE, notes=(HOSTILE,), source=HOSTILE, table=table)
    display.show(said)
    for bundle in shown:
        assert "<script" not in bundle["text/html"]
        assert "<img" not in bundle["text/html"]
        assert HOSTILE in outline(bundle["text/html"]).texts
    display.show(
        finding(headline=HOSTILE, measure=HOSTILE, source=HOSTILE), plots.annual_bars, VALUES
    )
    (picture,) = [b["image/svg+xml"] for b in shown if "image/svg+xml" in b]
    root = ElementTree.fromstring(picture)
    assert not [item for item in root.iter() if item.tag.endswith(("script", "img"))]


# Tables


def test_a_table_aligns_numbers_and_reads_years_as_names():
    frame = pd.DataFrame(
        {
            "Year": [2019, 2020],
            "Host": ["A", None],
            "US$ bn": [1234.5, np.nan],
            "Rank": pd.array([1, None], dtype="Int64"),
            "Change": [-3.25, -0.04],
            "Yes": [True, False],
        }
    )
    read = outline(display.table_html(frame, {"US$ bn": 2}))
    cells = [attrs for tag, attrs in read.tags if tag in ("td", "th")]
    flush = [attrs.get("class") == "num" for attrs in cells]
    assert flush == [False, False, True, True, True, False] * 3
    assert all(attrs["scope"] == "col" for tag, attrs in read.tags if tag == "th")
    assert read.texts == [
        *frame.columns,
        *("2019", "A", "1,234.50", "1", "−3.3", "True"),
        *("2020", "–", "–", "–", "0.0", "False"),
    ]


def test_decimals_default_to_the_kind_of_column():
    frame = pd.DataFrame({"n": [12000, 3], "x": [0.25, 12000.0]})
    assert outline(display.table_html(frame, {})).texts[2:] == ["12,000", "0.3", "3", "12,000.0"]
    texts = outline(display.table_html(frame, {"n": 1, "x": 0})).texts
    assert texts[2:] == ["12,000.0", "0", "3.0", "12,000"]


def test_a_long_table_is_folded_and_says_how_long_it_is():
    def tags(rows: int) -> list[str]:
        frame = pd.DataFrame({"n": range(rows)})
        return [tag for tag, _ in outline(display.table_html(frame, {})).tags]

    assert tags(14)[0] == "div"
    assert tags(15)[:2] == ["details", "summary"]
    long = outline(display.table_html(pd.DataFrame({"n": range(1500)}), {}))
    assert "1,500" in long.texts[0]
    assert sum(tag == "tr" for tag, _ in long.tags) == 1501


def test_every_shipped_table_can_be_shown():
    for name in sme.catalog()["table"] if "table" in sme.catalog() else sme.catalog().index:
        frame = sme.load(name).head(20)
        read = outline(display.table_html(frame, {}))
        assert sum(tag == "td" for tag, _ in read.tags) == frame.size
        assert not {"nan", "NaN", "<NA>", "None"} & set(read.texts)


# Figures as text


@pytest.mark.parametrize(
    ("plot", "data"),
    [
        (plots.annual_bars, VALUES),
        (plots.stacked_bars, VALUES.to_frame("a").assign(b=1.0)),
        (plots.lines, VALUES.to_frame("a").assign(b=1.0)),
        (plots.panels, {"a": VALUES, "b": VALUES}),
    ],
)
def test_a_figure_is_the_same_text_twice(plot, data):
    first = display.svg(plot(data, **WORDS))
    assert display.svg(plot(data, **WORDS)) == first
    made = plot(data, **WORDS)
    assert display.svg(made) == display.svg(made) == first


CODE = """
import hashlib, pandas as pd
from sme_analysis import display, plots
values = pd.DataFrame({"a": [1.5, -2.25, 3.0], "Not broken down": [1.0, 2, 3]}, [2019, 2020, 2021])
made = plots.stacked_bars(values, title="T", subtitle="S", source="U", unknown="Not broken down")
print(hashlib.sha256(display.svg(made).encode()).hexdigest())
"""


def test_a_figure_is_the_same_text_in_another_process_and_place(tmp_path):
    printed = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", CODE],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": str(tmp_path), "TZ": f"UTC{seed}",
                 "PYTHONPATH": str(sme.__path__[0]).rpartition("sme_analysis")[0]},
        )  # fmt: skip
        assert done.stderr.replace("Matplotlib is building the font cache", "").strip(" ;.\n") in (
            "",
            "this may take a moment",
        )
        printed.add(done.stdout.strip())
    assert len(printed) == 1


def test_a_figure_is_clean_svg_without_date_or_maker():
    text = display.svg(plots.annual_bars(VALUES, **WORDS))
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    for banned in ("<metadata", "<!DOCTYPE", "<?xml", "dc:date", "Matplotlib v", "<text"):
        assert banned not in text
    assert not re.search(r"20\d\d-\d\d-\d\dT|\bat 0x[0-9a-f]+", text)
    assert not re.search(r' d="[^"]*\n', text)


def test_words_of_a_figure_are_outlines_with_their_names():
    text = display.svg(plots.annual_bars(VALUES, **WORDS))
    assert {"title", "subtitle", "source"} <= set(re.findall(r' id="(\w+)"', text))


# The end of a page


def test_show_sources_names_each_source_once_with_what_it_gave(shown):
    annual = sme.load("outward_fdi_annual")
    signals = sme.load("outward_fdi_recent_signals")
    sme.show_sources(annual, signals)
    (bundle,) = shown
    read = outline(bundle["text/html"])
    used = pd.concat([annual["source_id"], signals["source_id"]])
    count = used.nunique()
    assert re.match(rf"{count}\b", bundle["text/plain"])
    register = sme.load("sources").set_index("source_id").loc[used.unique()]
    text = " ".join(read.texts)
    for title in register["title"]:
        assert title in text
    links = [attrs["href"] for tag, attrs in read.tags if tag == "a"]
    assert sorted(links) == sorted(register["url"].dropna())
    counts = [int(n.replace(",", "")) for n in re.findall(r"\(\w+, ([\d,]+)\)", text)]
    assert sum(counts) == len(used)


def test_show_sources_links_only_to_the_web(shown, monkeypatch):
    bad = pd.DataFrame(
        {
            "origin": [HOSTILE] * 3,
            "publisher": HOSTILE,
            "title": HOSTILE,
            "edition": HOSTILE,
            "access": "press",
            "url": ["javascript:alert(1)", None, 'https://x.org/"><script>'],
            "figures": 1,
        }
    )
    monkeypatch.setattr(display, "sources", lambda *frames: bad)
    display.show_sources()
    read = outline(shown[0]["text/html"])
    assert [attrs["href"] for tag, attrs in read.tags if tag == "a"] == ['https://x.org/"><script>']
    assert not {"script", "img"} & {tag for tag, _ in read.tags}


def test_show_run_names_what_reproduces_the_page(shown):
    sme.show_run({"start_year": 2010, "group": HOSTILE, "exclude_offshore": False})
    (bundle,) = shown
    plain = bundle["text/plain"]
    assert html.unescape(outline(bundle["text/html"]).texts[0]) == plain
    for part in ("start_year = 2010", "exclude_offshore = False", sme.__version__):
        assert part in plain
    from sme_analysis.data.catalogue import data_version

    assert data_version() in plain
    assert not re.search(r"\d{2}:\d{2}|/home/|/tmp/", plain)  # no clock, no place


def test_nothing_is_shown_by_importing():
    code = "import sys, sme_analysis; print('IPython' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_an_interval_without_an_upper_end_is_written_as_such():
    ends = pd.DataFrame({"to": [1.5, math.inf, math.nan, -math.inf]})
    made = display.table_html(ends, {"to": 2})
    assert re.findall(r">([^<>]+)</td>", made) == ["1.50", "∞", "–", "−∞"]


def test_a_date_is_written_without_a_time_it_has_not():
    days = pd.DataFrame({"day": pd.to_datetime(["2020-02-03", None])})
    assert outline(display.table_html(days, {})).texts[1:] == ["2020-02-03", "–"]


def test_the_rows_travel_beside_what_is_shown(shown):
    display.show(finding(), plots.annual_bars, VALUES)
    _, figure, _, table = shown
    assert figure["text/csv"] == "year,value\n2019,1.5\n2020,-2.25\n2021,3\n"
    assert table["text/csv"] == "Year,US$ bn\n2019,1.25\n2020,\n"
    shown.clear()
    display.show_table(pd.DataFrame({HOSTILE: ["=1+1"]}))
    assert shown[0]["text/csv"].splitlines()[1] == "=1+1"  # disarmed where a file is written
    display.show(nothing("Nothing is on record."), plots.annual_bars, VALUES)
    assert "text/csv" not in shown[-1]


def test_what_is_drawn_without_a_frame_has_the_rows_of_its_table(shown):
    def plot(data: object, **words: str) -> Any:
        return plots.annual_bars(VALUES, **words)

    display.show(finding(), plot, object())
    assert shown[1]["text/csv"] == "Year,US$ bn\n2019,1.25\n2020,\n"


def test_words_are_set_flush_left_where_jupyterlab_would_not():
    made = display.table_html(pd.DataFrame({"a": ["x"], "n": [1]}), {})
    assert made.count('style="text-align:left"') == 2
    assert made.count('class="num"') == 2


def test_plain_tables_write_a_dash_for_what_is_missing():
    frame = pd.DataFrame(
        {"a": pd.array([1, None], dtype="Int64"), "b": [0.5, None], "c": ["x", None]}
    )
    lines = [line.split() for line in display.table_text(frame).splitlines()]
    assert lines == [["a", "b", "c"], ["1", "0.5", "x"], ["–", "–", "–"]]
    assert frame["a"].dtype == "Int64"  # the caller's frame is as it was
