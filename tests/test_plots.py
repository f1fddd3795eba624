"""Figures: what is drawn equals the data, is readable, and leaves the user's settings alone."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import sme_analysis as sme
from sme_analysis import plots
from sme_analysis.display import svg
from sme_analysis.plots import style

NAN = float("nan")
VALUE = pd.Series([1.5], index=[2020])
TITLE = (
    "China's outward FDI was US$192.2 bn in 2024, $2 below the US$194.2 bn of a made-up year_1^2"
)
WORDS = {
    "title": TITLE,
    "subtitle": "Outward FDI flow, US$ bn a year and US$ tn, 2002–2025; Côte d'Ivoire, São Tomé",
    "source": "Source: MOFCOM, NBS and SAFE. 24 figures: 20 in press reports, 4 on copies. " * 3,
}
UNKNOWN = "Not broken down"


def series(kind: str) -> pd.Series:
    years = range(2002, 2026)
    values = pd.Series(np.random.default_rng(7).uniform(5, 190, 24).round(2), index=years)
    missing = pd.Series(NAN, index=years)
    missing[2010] = 55.5
    gaps = values.copy()
    gaps[[2005, 2006, 2015]] = NAN
    every = pd.Series(np.random.default_rng(8).uniform(5, 190, 60).round(2), range(1966, 2026))
    return {
        "normal": values,
        "one year": values[-1:],
        "negative": values - 100,
        "all negative": -values,
        "all but one missing": missing,
        "gaps": gaps,
        "zero": values * 0,
        "tiny": values / 1e5,
        "tiny negative": -values / 1e5,
        "many years": every,
    }[kind]


KINDS = (
    "normal",
    "one year",
    "negative",
    "all negative",
    "all but one missing",
    "gaps",
    "zero",
    "tiny",
    "tiny negative",
    "many years",
)


def parts(kind: str) -> pd.DataFrame:
    values = series(kind)
    frame = {"New equity": values, "Reinvested earnings": values * 0.6, UNKNOWN: values * 0.2}
    return pd.DataFrame(frame)


def shares(kind: str) -> pd.DataFrame:
    """Six continents that sum to 100; "negative" has one net withdrawal."""
    years = series(kind).index
    raw = pd.DataFrame(
        np.random.default_rng(3).uniform(1, 9, (len(years), 6)), index=years, columns=CONTINENTS
    )
    raw["Asia"] *= 6
    if "negative" in kind:
        raw["Africa"] *= -0.5
    return raw.div(raw.sum(axis=1), axis=0) * 100


CONTINENTS = ["Asia", "Europe", "Latin America", "North America", "Africa", "Oceania"]


def bars(kind: str) -> pd.DataFrame:
    count = {"one year": 1, "many years": 60}.get(kind, 11)
    values = np.sort(np.random.default_rng(5).uniform(1, 90, count))[::-1]
    values = {
        "negative": values - 40,
        "all negative": -values,
        "zero": values * 0,
        "tiny": values / 1e5,
        "tiny negative": -values / 1e5,
    }.get(kind, values)
    labels = [f"St Vincent and the Grenadines {place}" for place in range(count)]
    return pd.DataFrame(
        {
            "label": labels,
            "value": values,
            "text": [f"US${value:.1f} bn (1%)" for value in values],
            "tone": (["pale", "strong", "rest"] * count)[:count],
        }
    )


def annual(kind: str) -> Figure:
    values = series(kind)
    muted = pd.Series(values.index < values.index[0] + 4, index=values.index)
    muted &= len(values) > 1
    return plots.annual_bars(values, muted=muted, break_note="from 2006 with finance", **WORDS)


def stacked(kind: str) -> Figure:
    return plots.stacked_bars(parts(kind), unknown=UNKNOWN, **WORDS)


def shared(kind: str) -> Figure:
    return plots.share_bars(shares(kind), **WORDS)


def lined(kind: str) -> Figure:
    return plots.lines(parts(kind), **WORDS)


def single(kind: str) -> Figure:
    values = series(kind)
    ranks = pd.Series(range(1, len(values) + 1), index=values.index, dtype="Int64")
    ranks[values.index % 3 > 0] = pd.NA
    return plots.lines(values.to_frame("share"), ranks=ranks, **WORDS)


def panelled(kind: str) -> Figure:
    return plots.panels({f"Panel {n}": series(kind) * n for n in range(1, 6)}, **WORDS)


def paired(kind: str) -> Figure:
    both = {"First": series(kind), "Second": series("normal").tail(3) * 3}
    return plots.panels(both, sharey=True, **WORDS)


def ranked(kind: str) -> Figure:
    return plots.ranked_bars(bars(kind), **WORDS)


BAR_KINDS = ("normal", "one year", "negative", "all negative", "zero", "tiny", "tiny negative")
DRAWN: dict[Callable[[str], Figure], tuple[str, ...]] = {
    annual: KINDS,
    stacked: KINDS,
    shared: ("normal", "one year", "negative", "many years"),
    lined: ("normal", "one year", "negative", "all negative", "all but one missing", "gaps"),
    single: ("normal", "one year", "all negative", "gaps", "tiny", "many years"),
    panelled: ("normal", "one year", "negative", "all negative", "all but one missing", "zero"),
    paired: ("normal", "one year", "negative", "tiny negative"),
    ranked: (*BAR_KINDS, "many years"),
}
CASES = [
    pytest.param(draw, kind, id=f"{draw.__name__}-{kind}")
    for draw, kinds in DRAWN.items()
    for kind in kinds
]
every_case = pytest.mark.parametrize(("draw", "kind"), CASES)


@cache
def figure(draw: Callable[[str], Figure], kind: str) -> Figure:
    """Draw a case once; every warning, of the log too, is an error."""
    heard: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("matplotlib")
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            made = draw(kind)
            FigureCanvasAgg(made).draw()
    finally:
        logger.removeHandler(handler)
    assert heard == []
    return made


def tick_labels(made: Figure) -> tuple[list[Text], list[Text]]:
    """Tick labels that are drawn, and those that lie beyond the ends of an axis."""
    inside, outside = [], []
    for axes in made.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = (high - low) * 1e-9
            for tick in axis.get_major_ticks():
                seen = low - slack <= tick.get_loc() <= high + slack
                (inside if seen else outside).extend([tick.label1, tick.label2])
    return inside, outside


def boxes(made: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with the place it takes in pixels."""
    hidden = {id(label) for label in tick_labels(made)[1]}
    renderer = made.canvas.get_renderer()  # type: ignore[attr-defined]
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in made.findobj(Text)
        if isinstance(text, Text)
        and text.get_text().strip()
        and text.get_visible()
        and id(text) not in hidden
        and (text.axes is None or text.axes.get_visible())
    ]


def collisions(found: list[tuple[str, Bbox]]) -> list[tuple[str, str]]:
    """Pairs of texts that overlap by more than a pixel across and a leading's height down."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(found, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 3
    ]


def rectangles(made: Figure, panel: int = 0) -> list[Rectangle]:
    return [
        patch
        for patch in made.axes[panel].patches
        if isinstance(patch, Rectangle) and np.isfinite(patch.get_height())
    ]


def curves(made: Figure) -> list[Line2D]:
    return [line for line in made.axes[0].lines if line.get_marker() == "o"]


def heights(made: Figure, panel: int = 0) -> dict[int, float]:
    """Year -> height of its bar."""
    return {
        round(bar.get_x() + bar.get_width() / 2): bar.get_height()
        for bar in rectangles(made, panel)
    }


# The anatomy of every figure


@every_case
def test_a_figure_carries_its_words(draw, kind):
    made = figure(draw, kind)
    assert isinstance(made, Figure)
    said = {text.get_gid(): text.get_text().replace("\n", " ") for text in made.texts}
    assert said == {name: " ".join(text.split()) for name, text in WORDS.items()}


@every_case
def test_no_text_leaves_the_canvas(draw, kind):
    made = figure(draw, kind)
    whole = made.bbox
    outside = [
        text
        for text, box in boxes(made)
        if box.x0 < -1 or box.y0 < -1 or box.x1 > whole.x1 + 1 or box.y1 > whole.y1 + 1
    ]
    assert not outside


@every_case
def test_no_text_covers_another(draw, kind):
    found = boxes(figure(draw, kind))
    if draw is single and kind == "many years":  # 20 ranks over 60 random points
        found = [item for item in found if not item[0].startswith("no. ")]
    assert not collisions(found)


@every_case
def test_a_figure_is_not_blank(draw, kind):
    pixels = np.asarray(figure(draw, kind).canvas.buffer_rgba())[..., :3]  # type: ignore[attr-defined]
    inked = (pixels != 255).any(axis=2)
    assert 0.01 < inked.mean() < 0.8
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    assert len(np.unique(packed)) > 20
    middle = slice(len(pixels) // 3, len(pixels) * 2 // 3)
    assert inked[middle].any()


@every_case
def test_the_data_are_seen(draw, kind):
    """At least one mark of the data is larger than a hair, unless all values are nil."""
    made = figure(draw, kind)
    if kind == "zero":
        return
    if draw in (lined, single):
        drawn = [np.isfinite(line.get_ydata()).any() for line in curves(made)]
        low, high = made.axes[0].get_ylim()
        assert any(drawn)
        assert low < high
        known = np.concatenate([line.get_ydata() for line in curves(made)])
        known = known[np.isfinite(known)]
        assert low <= known.min() <= known.max() <= high
        assert np.abs(known).max() > (high - low) / 4
        return
    sizes = [
        max(patch.get_window_extent().height, patch.get_window_extent().width)
        for panel in range(len(made.axes))
        for patch in rectangles(made, panel)
    ]
    assert max(sizes) > 25


@every_case
def test_zero_is_on_the_axis(draw, kind):
    for axes in figure(draw, kind).axes:
        if axes.get_visible():
            low, high = axes.get_xlim() if draw is ranked else axes.get_ylim()
            assert low <= 0 <= high
            assert low < high


@every_case
def test_bars_stay_within_their_axes(draw, kind):
    made = figure(draw, kind)
    for panel, axes in enumerate(made.axes):
        low, high = sorted(axes.get_ylim())
        left, right = sorted(axes.get_xlim())
        for bar in rectangles(made, panel) if axes.get_visible() else []:
            box = bar.get_bbox()
            assert low - 1e-9 <= box.ymin <= box.ymax <= high + 1e-9
            assert left - 1e-9 <= box.xmin <= box.xmax <= right + 1e-9


@every_case
def test_dollars_are_not_a_formula(draw, kind):
    made = figure(draw, kind)
    priced = [text for text in made.findobj(Text) if "$" in text.get_text()]
    assert len(priced) >= 2
    assert not any(text.get_parse_math() for text in priced)


# Bars and points equal the data


@pytest.mark.parametrize("kind", KINDS)
def test_annual_bars_are_the_values(kind):
    values = series(kind)
    assert heights(figure(annual, kind)) == pytest.approx(values.dropna().to_dict())


@pytest.mark.parametrize("kind", KINDS)
def test_annual_labels_are_the_values_and_name_the_last_year(kind):
    made, values = figure(annual, kind), series(kind).dropna()
    labels = {
        int(note.xy[0]): note.get_text()
        for note in made.axes[0].texts
        if note.get_text() != "from 2006 with finance"
    }
    assert int(values.index[-1]) in labels
    for year, text in labels.items():
        assert float(text.replace("−", "-").replace(",", "")) == pytest.approx(
            values[year], abs=0.0501
        )


def test_muted_years_are_pale_and_the_break_is_drawn():
    made = figure(annual, "normal")
    colours = [to_hex(bar.get_facecolor()) for bar in rectangles(made)]
    assert colours == [style.SKY] * 4 + [style.BLUE] * 20
    edges = [float(line.get_xdata()[0]) for line in made.axes[0].lines]
    assert 2005.5 in edges
    assert "from 2006 with finance" in [text.get_text() for text in made.axes[0].texts]
    plain = plots.annual_bars(series("normal"), **WORDS)
    assert {to_hex(bar.get_facecolor()) for bar in rectangles(plain)} == {style.BLUE}
    assert 2005.5 not in [float(line.get_xdata()[0]) for line in plain.axes[0].lines]


@pytest.mark.parametrize("kind", KINDS)
def test_stacks_sum_to_the_whole(kind):
    made, frame = figure(stacked, kind), parts(kind)
    names = [name for name in frame if frame[name].notna().any()]
    assert len(made.axes[0].containers) == len(names)
    up, down = dict.fromkeys(frame.index, 0.0), dict.fromkeys(frame.index, 0.0)
    for name, bars_of in zip(names, made.axes[0].containers, strict=True):
        assert bars_of.get_label() == name
        assert len(bars_of) == len(frame)
        for year, bar in zip(frame.index, bars_of, strict=True):
            amount = frame[name].fillna(0)[year]
            assert bar.get_height() == pytest.approx(amount)
            assert bar.get_y() == pytest.approx(up[year] if amount >= 0 else down[year])
            up[year] += max(amount, 0)
            down[year] += min(amount, 0)
    assert sum(up.values()) == pytest.approx(frame.clip(lower=0).sum().sum())
    assert sum(down.values()) == pytest.approx(frame.clip(upper=0).sum().sum())


def test_only_the_unknown_part_is_hatched_and_the_legend_names_every_part():
    made = figure(stacked, "normal")
    hatched = {
        part.get_label(): {bar.get_hatch() for bar in part} for part in made.axes[0].containers
    }
    assert hatched == {"New equity": {None}, "Reinvested earnings": {None}, UNKNOWN: {"////"}}
    legend = made.axes[0].get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == set(hatched)


def test_a_part_that_is_never_known_is_not_drawn():
    frame = parts("normal").assign(**{"Debt instruments": NAN})
    made = plots.stacked_bars(frame, **WORDS)
    assert [part.get_label() for part in made.axes[0].containers] == list(parts("normal"))


def test_a_legend_is_read_in_rows():
    """Matplotlib fills columns; the order on the page must be that of the parts."""
    names = [f"A host with a rather long name, number {n}" for n in range(6)]
    frame = pd.DataFrame({name: series("normal") for name in names})
    made = plots.stacked_bars(frame, **WORDS)
    FigureCanvasAgg(made).draw()
    legend = made.axes[0].get_legend()
    assert legend is not None
    at = {text.get_text(): text.get_window_extent() for text in legend.get_texts()}
    assert sorted(at, key=lambda name: (-round(at[name].y0), at[name].x0)) == names
    assert not collisions(boxes(made))
    assert all(box.x1 <= made.bbox.x1 for box in at.values())


@pytest.mark.parametrize("kind", DRAWN[shared])
def test_shares_reach_100_and_the_last_bar_is_labelled(kind):
    made, frame = figure(shared, kind), shares(kind)
    assert len(rectangles(made)) == frame.size
    tops = pd.Series(0.0, index=frame.index)
    for name, part in zip(frame.columns, made.axes[0].containers, strict=True):
        assert [bar.get_height() for bar in part] == pytest.approx(list(frame[name]))
        tops += [bar.get_height() for bar in part]
    assert list(tops) == pytest.approx([100] * len(frame))
    labels = {text.get_text() for text in made.axes[0].texts}
    assert labels == {
        f"{name} {frame[name].iloc[-1]:.0f}%".replace("-", "−") for name in frame.columns
    }


def test_a_long_name_of_a_share_stays_on_the_canvas():
    frame = shares("normal").rename(columns={"Asia": "A continent with a very long name indeed"})
    made = plots.share_bars(frame, **WORDS)
    FigureCanvasAgg(made).draw()
    assert max(box.x1 for _, box in boxes(made)) <= made.bbox.x1


@pytest.mark.parametrize("kind", DRAWN[lined])
def test_lines_are_the_values_and_bridge_nothing(kind):
    made, frame = figure(lined, kind), parts(kind)
    assert len(curves(made)) == frame.shape[1]
    for name, line in zip(frame.columns, curves(made), strict=True):
        assert list(line.get_xdata()) == list(range(frame.index[0], frame.index[-1] + 1))
        np.testing.assert_allclose(line.get_ydata(), frame[name])


def test_an_absent_year_breaks_the_line_too():
    values = series("normal").drop([2005, 2006, 2015])
    (line,) = curves(plots.lines(values.to_frame("x"), **WORDS))
    drawn = pd.Series(line.get_ydata(), index=line.get_xdata())
    assert list(drawn.index) == list(range(2002, 2026))
    assert list(drawn.index[drawn.isna()]) == [2005, 2006, 2015]
    assert drawn.dropna().to_dict() == values.to_dict()


def test_lines_are_labelled_at_their_ends_with_their_last_known_value():
    frame = parts("gaps")
    frame.loc[2025, "New equity"] = NAN
    labels = {text.get_text() for text in plots.lines(frame, decimals=2, **WORDS).axes[0].texts}
    assert labels == {
        f"{name} {frame[name].dropna().iloc[-1]:.2f}".replace("-", "−") for name in frame
    }


def test_ranks_stand_at_their_points():
    values = pd.Series([5.0, 9.0, NAN, 12.0], index=[2009, 2010, 2011, 2012])
    ranks = pd.Series([5, pd.NA, 3, 1], index=values.index, dtype="Int64")
    made = plots.lines(values.to_frame("share"), ranks=ranks, **WORDS)
    written = {
        note.get_text(): note.xy for note in made.axes[0].texts if note.get_text()[:3] == "no."
    }
    assert written == {"no. 5": (2009, 5.0), "no. 1": (2012, 12.0)}


@pytest.mark.parametrize("kind", DRAWN[panelled])
def test_panels_are_the_values(kind):
    made = figure(panelled, kind)
    assert len([axes for axes in made.axes if axes.get_visible()]) == 5
    for number in range(5):
        expected = (series(kind) * (number + 1)).dropna()
        assert heights(made, number) == pytest.approx(expected.to_dict())
        assert made.axes[number].get_title("left") == f"Panel {number + 1}"
    years = {axes.get_xlim() for axes in made.axes if axes.get_visible()}
    assert len(years) == 1  # one axis of years for all


@pytest.mark.parametrize(
    ("last", "written"),
    [(0.010001488, "0.010"), (0.0199, "0.020"), (-0.0004, "−0.00040"), (0.05, "0.1"),
     (0.0, "0"), (1e-17, "0.0"), (2.0, "2"), (354.89, "355")],
)  # fmt: skip
def test_a_panel_never_writes_a_small_amount_as_zero(last: float, written: str):
    values = pd.Series([last], index=[2020])
    made = plots.panels({"Official finance, US$ bn": values}, **WORDS)
    assert [text.get_text() for text in made.axes[0].texts] == [written]


@pytest.mark.parametrize("kind", DRAWN[paired])
def test_panels_on_one_scale_share_both_ends(kind):
    limits = {axes.get_ylim() for axes in figure(paired, kind).axes}
    assert len(limits) == 1


@pytest.mark.parametrize("lying", [False, True])
def test_bars_look_as_those_of_matplotlib(lying):
    places, amounts = [1.0, 2.0, 3.0, 5.0], [4.0, -2.5, float("nan"), 0.0]
    colours = [style.BLUE, style.SKY, style.BLUE, style.OCHRE]
    pictures = []
    for ours in (True, False):
        with style.house():
            made, (axes,) = style.canvas("t", "s", "s")
            if ours:
                style.bars(axes, places, amounts, colours, lying=lying)
            elif lying:
                axes.barh(places, amounts, height=0.74, color=colours)
            else:
                axes.bar(places, amounts, width=0.74, color=colours)
            axes.set(xlim=(-3, 6), ylim=(-3, 6))
        pictures.append(svg(made))
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 12])
def test_any_number_of_panels(count):
    made = plots.panels({f"P{n}": series("normal") for n in range(count)}, **WORDS)
    assert [axes.get_title("left") for axes in made.axes if axes.get_visible()] == [
        f"P{n}" for n in range(count)
    ]


@pytest.mark.parametrize("kind", DRAWN[ranked])
def test_ranked_bars_are_the_values_from_the_top(kind):
    made, frame = figure(ranked, kind), bars(kind)
    drawn = rectangles(made)
    assert [bar.get_width() for bar in drawn] == pytest.approx(list(frame["value"]))
    assert all(bar.get_x() == 0 for bar in drawn)
    middles = [bar.get_window_extent().y0 for bar in drawn]
    assert middles == sorted(middles, reverse=True)
    axes = made.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(frame["label"])
    assert [text.get_text() for text in axes.texts] == list(frame["text"])
    tones = {"strong": style.BLUE, "pale": style.SKY, "rest": style.UNKNOWN}
    assert [to_hex(bar.get_facecolor()) for bar in drawn] == [tones[t] for t in frame["tone"]]


def test_ranked_words_stand_beside_their_bars():
    made = figure(ranked, "negative")
    for bar, text in zip(rectangles(made), made.axes[0].texts, strict=True):
        box, words = bar.get_window_extent(), text.get_window_extent()
        assert box.y0 < (words.y0 + words.y1) / 2 < box.y1
        assert words.x0 >= max(box.x0, box.x1)


# Years


@pytest.mark.parametrize("count", [1, 2, 5, 13, 14, 24, 60])
def test_years_are_labelled_without_colliding_and_the_last_is_among_them(count):
    values = pd.Series(range(1, count + 1), index=range(2026 - count, 2026), dtype=float)
    made = plots.annual_bars(values, **WORDS)
    FigureCanvasAgg(made).draw()
    shown = [label for label in made.axes[0].get_xticklabels() if label.get_text()]
    years = [int(label.get_text()) for label in shown]
    assert years[-1] == 2025
    assert set(years) <= set(values.index)
    assert min(13, count) / 2 <= len(years) <= 13
    assert not collisions([(t.get_text(), t.get_window_extent()) for t in shown])


# Colours


def lightness(colour: str) -> float:
    """CIE L*: what is left of a colour in greyscale."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 116 * float(np.dot([0.2126, 0.7152, 0.0722], linear)) ** (1 / 3) - 16


def test_one_name_keeps_one_hue_in_every_figure():
    name = "Reinvested earnings"
    assert style.hues([name, "x"])[name] == style.hues(["y", "z", name])[name]
    stack = figure(stacked, "normal").axes[0].containers[1]
    line = curves(figure(lined, "normal"))[1]
    assert stack.get_label() == name
    assert to_hex(stack[0].get_facecolor()) == to_hex(line.get_color()) == style.HUES[name]


@pytest.mark.parametrize(
    "names",
    [
        CONTINENTS,
        ["New equity", "Reinvested earnings", "Debt instruments", UNKNOWN],
        ["Equity", "Reinvested earnings", "Debt instruments", UNKNOWN],
        ["Singapore", "Indonesia", "Viet Nam", "Thailand", "Malaysia", "All other hosts"],
        ["All hosts", "Without offshore centres"],
        ["Equity", "A", "B", "C"],
        ["A", "B", "Asia", "Oceania"],
    ],
)
def test_parts_of_one_figure_differ_in_hue_and_in_greyscale(names):
    colours = style.hues(names)
    assert len(set(colours.values())) == len(names)
    grey = {name: lightness(colour) for name, colour in colours.items()}
    # Any two: the order of a stack, and so who lies beside whom, follows the data.
    close = [pair for pair in combinations(names, 2) if abs(grey[pair[0]] - grey[pair[1]]) < 7]
    assert not close


def test_more_names_than_hues_still_have_a_colour():
    assert len(style.hues([f"host {n}" for n in range(40)])) == 40


def contrast(colour: str) -> float:
    """Contrast with white (WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 1.05 / (float(np.dot([0.2126, 0.7152, 0.0722], linear)) + 0.05)


def test_words_are_dark_enough_to_read():
    for colour in {*style.SEQUENCE, style.UNKNOWN}:
        assert contrast(style.in_text(colour)) >= 3
    assert contrast(style.MUTED) >= 4.5
    assert contrast(style.INK) >= 7


# The user's own settings


def test_the_users_settings_are_left_alone():
    import matplotlib.pyplot as plt

    before_figures = plt.get_fignums()
    with mpl.rc_context({"axes.facecolor": "black", "font.size": 31, "text.parse_math": True}):
        before = dict(mpl.rcParams)
        for draw in DRAWN:
            draw("normal")
        assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == before_figures == []


def test_settings_are_left_alone_when_drawing_fails():
    before = dict(mpl.rcParams)
    with pytest.raises((TypeError, ValueError, KeyError)):
        plots.ranked_bars(bars("normal").assign(tone="loud"), **WORDS)
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_a_figure_does_not_depend_on_the_users_style(draw):
    from sme_analysis.display import svg

    plain = svg(draw("normal"))
    with mpl.rc_context():
        mpl.style.use("dark_background")
        mpl.rcParams.update({"font.size": 20, "svg.hashsalt": "other", "svg.fonttype": "none"})
        assert svg(draw("normal")) == plain


def test_the_input_is_not_changed():
    frame, table = parts("gaps"), bars("negative")
    copies = frame.copy(), table.copy()
    plots.stacked_bars(frame, **WORDS)
    plots.share_bars(frame, **WORDS)
    plots.lines(frame, **WORDS)
    plots.ranked_bars(table, **WORDS)
    pd.testing.assert_frame_equal(frame, copies[0])
    pd.testing.assert_frame_equal(table, copies[1])


# Type


def test_the_typeface_is_the_one_shipped():
    with style.house():
        for weight in (400, 700):
            path = Path(findfont(FontProperties(family=style._FAMILY, weight=weight)))
            assert path.parent == Path(style.__file__).parent / "fonts"


def test_the_typeface_has_every_letter_of_the_names_of_economies():
    with style.house():
        fonts = [
            get_font(findfont(FontProperties(family=name)))
            for name in (style._FAMILY, "DejaVu Sans")
        ]
    letters = set("".join(sme.load("economies")[["name", "name_plain"]].to_numpy().ravel()))
    letters |= set("".join(sme.load("sources")["origin"])) | set("−–—’…%$·&;")
    missing = {
        letter for letter in letters if not any(ord(letter) in f.get_charmap() for f in fonts)
    }
    assert not missing


@pytest.mark.parametrize("size", [7.6, 9.5, 13.0])
@pytest.mark.parametrize("width", [2.0, 4.5, 7.9])
def test_wrapped_lines_fit_and_lose_nothing(size, width):
    text = " ".join([TITLE, WORDS["source"]])
    lines = style.wrap(text, width, size, 700)
    assert " ".join(lines) == " ".join(text.split())
    assert all(style.inches(line, size, 700) <= width for line in lines)
    # Greedy: no line has room for the first word of the next.
    for line, after in pairwise(lines):
        assert style.inches(f"{line} {after.split()[0]}", size, 700) > width


def test_wrapping_edges():
    assert style.wrap("", 1, 9) == [""]
    assert style.wrap("  \n ", 1, 9) == [""]
    assert style.wrap("word", 0.01, 9) == ["word"]
    long = "x" * 200
    assert style.wrap(f"a {long} b", 1, 9) == ["a", long, "b"]


def test_widths_are_those_drawn():
    made = figure(annual, "normal")
    (title,) = [text for text in made.texts if text.get_gid() == "title"]
    widest = max(style.inches(line, 13, 700) for line in title.get_text().split("\n"))
    assert title.get_window_extent().width / made.dpi == pytest.approx(widest, rel=0.03)
    assert style.inches("MM", 10) == pytest.approx(2 * style.inches("M", 10), rel=0.02)
    assert style.inches("M", 20) == pytest.approx(2 * style.inches("M", 10), rel=0.02)


# Words around a figure


def test_the_text_alternative_is_title_and_subtitle_in_one_line():
    made = figure(annual, "normal")
    expected = f"{WORDS['title']}. {WORDS['subtitle']}"
    assert style.alternative(made) == expected
    short = plots.annual_bars(series("normal"), title="A.", subtitle="", source="S")
    assert style.alternative(short) == "A"


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_the_caption_says_where_the_drawing_stands(draw):
    made = figure(draw, "normal")
    found = style.caption(made)
    assert {name: found[name] for name in WORDS} == {
        name: " ".join(text.split()) for name, text in WORDS.items()
    }
    height = made.get_figheight() * 72
    assert 0 < found["top"] < found["bottom"] < height
    words = {" ".join(text.split()) for text in WORDS.values()}
    for text, box in boxes(made):
        if " ".join(text.split()) not in words:  # what is drawn lies between the two
            down = (made.bbox.y1 - box.y1) / made.dpi * 72, (made.bbox.y1 - box.y0) / made.dpi * 72
            assert found["top"] - 1 <= down[0] <= down[1] <= found["bottom"] + 1


@pytest.mark.parametrize("words", range(8, 26))
def test_titles_of_any_length_stay_on_the_canvas(words):
    title = " ".join((["Kazakhstan", "held", "50%", "of", "outward", "FDI"] * 5)[:words])
    made = plots.annual_bars(VALUE, title=title, subtitle=title, source=f"{title} {title}")
    FigureCanvasAgg(made).draw()
    for text in made.texts:
        box = text.get_window_extent()
        assert 0 <= box.x0 <= box.x1 <= made.bbox.x1
        assert 0 <= box.y0 <= box.y1 <= made.bbox.y1
    assert not collisions([(t.get_text(), t.get_window_extent()) for t in made.texts])
