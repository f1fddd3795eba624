"""Figures of dated things: figures of single days, and events."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .rows import WORDS, name_rows, widest, word_rows
from .style import styled

_TONES = {"strong": style.BLUE, "pale": style.SKY, "other": style.OCHRE, "rest": style.MUTED}


@styled
def dated_points(
    panels: Mapping[str, pd.DataFrame], *, title: str, subtitle: str, source: str
) -> Figure:
    """Draw figures where they are dated; a line joins those of one definition, none bridges two.

    Parameters
    ----------
    panels : mapping of heading to pandas.DataFrame
        One panel each, above one another, on its own scale from zero and the same years: `when`
        (years), `value`, `series` (one hue), `label` (its name at the right), `segment` (within
        which points are joined; empty: none are) and `filled` (hollow: derived, not printed).
    """
    names = sorted({str(name) for frame in panels.values() for name in frame["series"]})
    colours = style.hues(names)
    texts = [str(text) for frame in panels.values() for text in frame["label"].unique()]
    right = widest(texts, 8, 700) + 0.2
    figure, all_axes = style.canvas(
        title, subtitle, source, rows=len(panels), height=1.9 * len(panels), right=right,
        above=0.3 if any(panels) else 0.05, hspace=0.38,
    )  # fmt: skip
    moments = pd.concat([frame["when"] for frame in panels.values()])
    ends = float(moments.min()), float(moments.max())
    for axes, (name, frame) in zip(all_axes, panels.items(), strict=True):
        axes.set_title(name)
        axes.set_xlim(ends[0] - 0.3, ends[1] + 0.1)
        axes.set_ylim(0, float(frame["value"].max()) * 1.15)
        style.number_axis(axes.yaxis)
        _year_axis(axes, ends)
        for series in _own(frame):
            _series(axes, frame[frame["series"] == series], colours[series])
        _names(axes, frame, colours)
    return figure


def _own(frame: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(frame["series"].astype(str)))


def _last(frame: pd.DataFrame, series: str) -> pd.Series:
    """Return the last point of a series, a printed one where it has any."""
    mine = frame[frame["series"] == series]
    return mine.sort_values(["filled", "when"]).iloc[-1]


def _year_axis(axes: Axes, ends: tuple[float, float]) -> None:
    """Name the years at their beginnings."""
    years = range(int(ends[0] - 0.3) + 1, int(ends[1] + 0.1) + 1)
    step = -(-len(years) // 12)
    axes.set_xticks(list(years)[::step], [str(year) for year in years][::step])


def _series(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw the points of one series, joined within a segment; a dashed upright parts two."""
    printed = rows[rows["filled"]].sort_values("when")
    for _, part in printed[printed["segment"] != ""].groupby("segment", sort=False):
        axes.plot(part["when"], part["value"], color=colour, linewidth=1.6)
    axes.scatter(printed["when"], printed["value"], color=colour, s=26, zorder=3, linewidths=0)
    derived = rows[~rows["filled"]]
    axes.scatter(
        derived["when"], derived["value"], facecolor="white", edgecolor=colour, s=26, zorder=3,
        linewidths=1.2,
    )  # fmt: skip
    before = printed["segment"].shift()
    parts = printed["segment"].ne(before) & before.notna()
    for position in [i for i, new in enumerate(parts) if new]:
        edge = float(printed["when"].iloc[position - 1 : position + 1].mean())
        axes.axvline(edge, color=colour, linewidth=0.9, linestyle=(0, (3, 3)), alpha=0.8)


def _names(axes: Axes, frame: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Name each series at the right, by its last point, apart from one another."""
    low, high = axes.get_ylim()
    gap, floor = (high - low) * 0.11, low
    for series in sorted(_own(frame), key=lambda name: float(_last(frame, name)["value"])):
        last = _last(frame, series)
        place = max(float(last["value"]), floor)
        floor = place + gap
        axes.annotate(
            str(last["label"]), (1.0, place), xycoords=("axes fraction", "data"),
            xytext=(4, 0), textcoords="offset points", va="center", ha="left", fontsize=8,
            fontweight=700, color=style.in_text(colours[series]), annotation_clip=False,
        )  # fmt: skip


@styled
def lanes(rows: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw events along the years, one lane a kind, the number of events at its right.

    Parameters
    ----------
    rows : pandas.DataFrame
        `lane` (in the order of first appearance, from the top), `begins` and `ends` in years (a
        stretch where an event is not dated to the day) and `tone`.
    """
    names = list(dict.fromkeys(rows["lane"].astype(str)))
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=0.34 * len(names), left=widest(names) + 0.2, right=0.45,
        above=0.05, below=0.3,
    )  # fmt: skip
    first, last = int(rows["begins"].min()), float(rows["ends"].max())
    for row in rows.to_dict("records"):
        place, colour = names.index(str(row["lane"])), _TONES[str(row["tone"])]
        _event(axes, float(row["begins"]), float(row["ends"]), place, colour)
    for place, name in enumerate(names):
        axes.annotate(
            str(int((rows["lane"] == name).sum())), (1.0, place),
            xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
            va="center", ha="left", fontsize=9, fontweight=700, annotation_clip=False,
        )  # fmt: skip
    name_rows(axes, names)
    axes.grid(True, axis="y")
    axes.set_xlim(first - 0.2, last + 0.3)
    years = list(range(first, int(last) + 1))
    step = -(-len(years) // 12)
    axes.set_xticks(years[::step], [str(year) for year in years[::step]])
    return figure


@styled
def dated_rows(rows: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw events along the years, one row each with its words beside it, the earliest on top.

    Parameters
    ----------
    rows : pandas.DataFrame
        `label` (who), `begins`, `ends`, `text` (what, short) and `tone`.
    """
    count = len(rows)
    room, words = widest(rows["label"]) + 0.2, widest(rows["text"], WORDS) + 0.2
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=0.25 * count + 0.1, left=room, right=min(words, 4.0),
        above=0.05, below=0.3,
    )  # fmt: skip
    for place, row in enumerate(rows.to_dict("records")):
        colour = _TONES[str(row["tone"])]
        _event(axes, float(row["begins"]), float(row["ends"]), place, colour)
    word_rows(axes, rows["text"])
    name_rows(axes, [str(name) for name in rows["label"]])
    axes.grid(True, axis="y")
    first, last = int(rows["begins"].min()), int(rows["ends"].max())
    axes.set_xlim(first - 0.1, last + 1.1)
    step = -(-(last - first + 1) // 8)
    axes.set_xticks(range(first, last + 1, step))
    axes.grid(True, axis="x")
    return figure


def _event(axes: Axes, begins: float, ends: float, place: float, colour: str) -> None:
    """Draw an event: a dot in its middle, and the stretch within which it is dated."""
    if ends - begins > 0.1:
        axes.hlines(place, begins, ends, color=colour, linewidth=5, alpha=0.35)
    axes.scatter([(begins + ends) / 2], [place], color=colour, s=30, alpha=0.75, linewidths=0)
