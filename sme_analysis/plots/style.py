"""The house style: type, colours, and the anatomy that every figure shares.

A figure carries its finding as title, then measure, unit and scope, then the drawing, then the
source line. Colours are safe for colour-blind readers and ordered by lightness, so that they stay
apart in greyscale; one thing keeps one hue throughout a report.
"""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from ..rounding import plain

INK = "#1b2733"
MUTED = "#66717c"
RULE = "#d5dbe0"
BLUE = "#12506f"
SKY = "#86b6cf"
OCHRE = "#cf8f20"
TEAL = "#3b9586"
BRICK = "#a83a26"
MAUVE = "#866699"
UNKNOWN = "#e6eaed"
_IN_TEXT = {SKY: "#4682a3", UNKNOWN: MUTED, OCHRE: "#a8730f"}  # darker, to be read as words

# One thing keeps one hue. What is not listed takes the next of SEQUENCE.
HUES = {
    "New equity": BLUE,
    "Equity": BLUE,
    "Reinvested earnings": OCHRE,
    "Debt instruments": TEAL,
    "Not broken down": UNKNOWN,
    "Asia": BLUE,
    "Latin America": OCHRE,
    "Europe": TEAL,
    "North America": MAUVE,
    "Africa": BRICK,
    "Oceania": SKY,
    "Manufacturing": BLUE,
    "Mining and metals": "#7a5c3e",
    "Coal, oil and gas": "#43484d",
    "Renewable energy": TEAL,
    "Other energy": "#9db8a4",
    "Property": BRICK,
    "Transport": OCHRE,
    "IT and telecoms": MAUVE,
    "Finance": SKY,
    "Business services": "#b7a6c4",
    "Trade": "#dcae9d",
    "Agriculture": "#98a344",
    "Health": "#c77189",
    "Education, research": "#6b7bb3",
    "Tourism": "#e2c766",
    "Other": UNKNOWN,
    "All hosts": SKY,
    "Without offshore centres": BLUE,
    "All other hosts": UNKNOWN,
}
SEQUENCE = (BLUE, OCHRE, TEAL, MAUVE, BRICK, SKY)

WIDTH = 8.0  # inches: 800 px at 100 dots per inch
_MARGIN = 0.06
_FONTS = Path(__file__).resolve().parent / "fonts"
_FAMILY = "IBM Plex Sans"
_TITLE, _SUBTITLE, _SOURCE = 13.0, 9.5, 7.6  # points
_TITLE_LINE, _SUBTITLE_LINE, _SOURCE_LINE = 0.25, 0.175, 0.14  # inches from line to line
_LINE = 1.3  # what the typeface takes for a line, in its size

_RC: dict[str, Any] = {
    "font.family": [_FAMILY, "DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # "US$ bn ... US$ tn" is no formula
    "axes.labelcolor": MUTED,
    "axes.edgecolor": RULE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.titlesize": 9.5,
    "axes.titleweight": 700,
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # where matplotlib puts it too, after measuring every label
    "axes.formatter.useoffset": False,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.alignment": "center",
    "ytick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "hatch.color": "#b9c2c9",
    "hatch.linewidth": 0.7,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "sme_analysis",
}

_WORDS = ("title", "subtitle", "source")
Plot = TypeVar("Plot", bound=Callable[..., Figure])


@functools.cache
def _register_fonts() -> None:
    for path in sorted(_FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


@contextmanager
def house() -> Iterator[None]:
    """Apply the house style for a while, whatever the user's own settings are."""
    _register_fonts()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)  # type: ignore[arg-type]
        yield


def styled(plot: Plot) -> Plot:
    """Let a plot function draw in the house style."""

    @functools.wraps(plot)
    def drawn(*args: Any, **kwargs: Any) -> Figure:
        with house():
            return plot(*args, **kwargs)

    return drawn  # type: ignore[return-value]


def canvas(
    title: str,
    subtitle: str,
    source: str,
    *,
    height: float = 3.0,
    rows: int = 1,
    columns: int = 1,
    left: float = 0.55,
    right: float = 0.25,
    above: float = 0.12,
    below: float = 0.35,
    wspace: float = 0.25,
    hspace: float = 0.45,
    sharey: bool = False,
) -> tuple[Figure, list[Axes]]:
    """Lay out title, subtitle, drawing area and source line.

    Parameters
    ----------
    title, subtitle, source : str
        The finding; measure, unit and scope; where the figures come from. Wrapped to the width.
    height : float
        Height of the drawing area in inches.
    rows, columns : int
        Grid of axes in the drawing area.
    left, right, above, below : float
        Room for tick labels around the drawing area, in inches.

    Returns
    -------
    (Figure, list of Axes)
        The axes row by row.
    """
    room = (WIDTH - 2 * _MARGIN) * 0.98  # hinting widens the type of a PNG by up to 2%
    heads = wrap(title, room, _TITLE, 700)
    subs = wrap(subtitle, room, _SUBTITLE)
    feet = wrap(source, room, _SOURCE)
    below_title = _MARGIN + len(heads) * _TITLE_LINE + 0.03
    top = below_title + len(subs) * _SUBTITLE_LINE + 0.12
    bottom = _MARGIN + len(feet) * _SOURCE_LINE + 0.1
    total = top + above + height + below + bottom
    figure = Figure(figsize=(WIDTH, total))

    def put(
        lines: list[str], y: float, size: float, leading: float, gid: str, **style: Any
    ) -> None:
        figure.text(
            _MARGIN / WIDTH, 1 - y / total, "\n".join(lines), va="top", ha="left",
            fontsize=size, linespacing=leading * 72 / (size * _LINE), gid=gid, **style,
        )  # fmt: skip

    put(heads, _MARGIN, _TITLE, _TITLE_LINE, "title", fontweight=700)
    put(subs, below_title, _SUBTITLE, _SUBTITLE_LINE, "subtitle", color=MUTED)
    put(feet, total - bottom + 0.1, _SOURCE, _SOURCE_LINE, "source", color=MUTED)
    grid = figure.add_gridspec(
        rows, columns,
        left=(_MARGIN + left) / WIDTH, right=1 - (_MARGIN + right) / WIDTH,
        bottom=(bottom + below) / total, top=1 - (top + above) / total,
        wspace=wspace, hspace=hspace,
    )  # fmt: skip
    axes = grid.subplots(squeeze=False, sharey=sharey)
    return figure, list(axes.flat)


def wrap(text: str, width: float, size: float, weight: int = 400) -> list[str]:
    """Break a text into lines that fit `width` inches at `size` points."""
    words, lines = text.split(), []
    while words:
        taken = _fitting(words, width, size, weight)
        lines.append(" ".join(words[:taken]))
        words = words[taken:]
    return lines or [""]


def _fitting(words: list[str], width: float, size: float, weight: int) -> int:
    """Return how many words fit a line: at least one, found with a few measurements."""
    ends = list(itertools.accumulate((len(word) + 1 for word in words), initial=-1))
    fits, most, per_character = 1, len(words), size / 150  # inches; about half an em
    while fits < most:
        likely = bisect.bisect_right(ends, width / per_character) - 1
        tried = min(max(likely, fits + 1), most)
        line = " ".join(words[:tried])
        measured = inches(line, size, weight)
        per_character = measured / len(line)
        if measured <= width:
            fits = tried
        else:
            most = tried - 1
    return fits


def inches(text: str, size: float, weight: int = 400) -> float:
    """Measure the width of one line of text at `size` points."""
    font = FontProperties(family=[_FAMILY, "DejaVu Sans"], size=size, weight=weight)
    points: float = text_to_path.get_text_width_height_descent(text, font, False)[0]
    return points / 72


def alternative(figure: Figure) -> str:
    """Return the text alternative of a figure: its title and subtitle in one line."""
    texts = {text.get_gid(): text.get_text().replace("\n", " ") for text in figure.texts}
    return ". ".join(
        t.rstrip(".") for t in (texts.get("title", ""), texts.get("subtitle", "")) if t
    )


def caption(figure: Figure) -> dict[str, Any]:
    """Return the words around a drawing, and where the drawing stands.

    Returns
    -------
    dict
        `title`, `subtitle` and `source` as texts, `top` and `bottom` of the drawing in points from
        the upper edge: a page can set the words itself and show the drawing alone.
    """
    texts = {str(text.get_gid()): text for text in figure.texts}
    height = figure.get_figheight() * 72
    per_point = figure.dpi / 72
    top = height - texts["subtitle"].get_window_extent().y0 / per_point
    bottom = height - texts["source"].get_window_extent().y1 / per_point
    words = {name: texts[name].get_text().replace("\n", " ") for name in _WORDS}
    return {**words, "top": round(top, 1), "bottom": round(bottom, 1)}


def hues(names: Iterable[str]) -> dict[str, str]:
    """Choose a colour for each name; those without one of their own take what is left."""
    names = list(names)
    taken = {HUES[name] for name in names if name in HUES}
    spare = itertools.cycle([hue for hue in SEQUENCE if hue not in taken] or SEQUENCE)
    return {name: HUES.get(name) or next(spare) for name in names}


def number_axis(axis: Axis, *, log: bool = False) -> None:
    """Write the numbers of an axis plainly, a handful of them."""
    if log:
        axis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0)))
        axis.set_minor_formatter(NullFormatter())
    else:
        axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain(round(value, 9))))


def bars(
    axes: Axes,
    places: Sequence[float],
    amounts: Iterable[float],
    colours: Sequence[str],
    *,
    thickness: float = 0.74,
    lying: bool = False,
) -> None:
    """Draw plain bars from zero; the caller sets the limits of both axes.

    Looks as `Axes.bar` and `barh` do. They reckon the limits anew with every bar, which takes most
    of the time of a figure of many small panels.
    """
    for place, amount, colour in zip(places, amounts, colours, strict=True):
        start, length = place - thickness / 2, float(amount)
        if lying:
            bar = Rectangle((0.0, start), length, thickness, facecolor=colour)
        else:
            bar = Rectangle((start, 0.0), thickness, length, facecolor=colour)
        axes.add_artist(bar)


def in_text(colour: str) -> str:
    """Return the shade of a colour that is dark enough for words on white."""
    return _IN_TEXT.get(colour, colour)


def year_ticks(axes: Axes, years: Sequence[int], most: int = 13) -> None:
    """Label the years, all of them or every second, third ... so that they never collide."""
    step = -(-len(years) // most) if len(years) else 1
    shown = [year for year in years if (years[-1] - year) % step == 0]
    axes.set_xticks(shown, [str(year) for year in shown])
    room = 0.7 + max(0, 5 - len(years)) / 2  # few bars stay slim
    axes.set_xlim(years[0] - room, years[-1] + room)


def note(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Write a small remark beside the data."""
    axes.annotate(text, (x, y), **{"fontsize": 8, "color": MUTED, "linespacing": 1.2, **style})
