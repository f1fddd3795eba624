"""Figures of estimates in groups: one row an estimate, with what is known of its precision."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .rows import WORDS, widest
from .style import styled

_ROW, _LINE, _HEAD, _GAP = 0.24, 0.14, 0.25, 0.08  # inches
_LABEL = 3.1  # inches: a longer label is broken
_TONES = {"strong": style.BLUE, "pale": style.SKY, "other": style.OCHRE, "rest": style.MUTED}


@styled
def forest(
    rows: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    reference: float | None = None,
    limits: tuple[float, float] | None = None,
) -> Figure:
    """Draw one row per estimate under the heading of its group, first row on top.

    Parameters
    ----------
    rows : pandas.DataFrame
        `group` (heading; consecutive rows share it), `label`, `value` (a dot; missing: none),
        `filled` (a hollow dot is one that says less), `low`, `high` (a bar: where the value lies),
        `outer_low`, `outer_high` (a thin line: the interval around it; missing: none), `text` (the
        words at the right) and `tone` ("strong", "pale", "other" or "rest").
    reference : float, optional
        Where an upright line stands: no effect.
    limits : pair of float, optional
        Ends of the axis; by default all that is drawn.
    """
    room = min(_LABEL, widest(rows["label"]))
    labels = [style.wrap(str(name), room + 0.02, 9) for name in rows["label"]]
    heights = [_ROW + _LINE * (len(lines) - 1) for lines in labels]
    words = widest(rows["text"], WORDS) + 0.2
    places, heads, height = _places(rows, heights)
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=height, left=room + 0.2, right=words, above=0.02,
        below=0.3,
    )  # fmt: skip
    axes.set_xlim(*(limits or _extent(rows, reference)))
    for row, place in zip(rows.to_dict("records"), places, strict=True):
        _draw(axes, row, place)
    if reference is not None:
        axes.axvline(reference, color=style.INK, linewidth=0.8)
    axes.set_yticks(places, ["\n".join(lines) for lines in labels])
    axes.tick_params(axis="y", colors=style.INK, labelsize=9)
    axes.set_ylim(height, 0)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    style.number_axis(axes.xaxis)
    for head, place in heads:
        axes.annotate(
            head, (0.0, place), xycoords=("axes fraction", "data"),
            xytext=(-(room + 0.2) * 72, 0), textcoords="offset points", va="center", ha="left",
            fontsize=8.5, fontweight=700, color=style.MUTED, annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    return figure


def _places(
    rows: pd.DataFrame, heights: list[float]
) -> tuple[list[float], list[tuple[str, float]], float]:
    """Stack rows and headings from the top; return their places and the whole height, inches."""
    places: list[float] = []
    heads: list[tuple[str, float]] = []
    top, last = 0.05, ""
    for group, height in zip(rows["group"].astype(str), heights, strict=True):
        if group and group != last:
            top += _GAP if last else 0.0
            heads.append((group, top + _HEAD / 2))
            top, last = top + _HEAD, group
        places.append(top + height / 2)
        top += height
    return places, heads, top + 0.05


def _extent(rows: pd.DataFrame, reference: float | None) -> tuple[float, float]:
    """Ends of an axis that holds all that is drawn."""
    numbers = rows[["value", "low", "high", "outer_low", "outer_high"]].to_numpy(dtype=float)
    finite = [float(number) for number in numbers[np.isfinite(numbers)]]
    if reference is not None:
        finite.append(reference)
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin


def _draw(axes: Axes, row: dict[object, object], place: float) -> None:
    """Draw interval, bar and dot of one estimate, and its words."""
    colour = _TONES[str(row["tone"])]
    left, right = axes.get_xlim()
    for low, high, width, alpha in (("outer_low", "outer_high", 1.3, 0.8), ("low", "high", 7, 0.6)):
        start, end = _number(row[low]), _number(row[high])
        if start < end:  # false where one is missing
            axes.hlines(
                place, max(left, start), min(right, end), color=colour, linewidth=width, alpha=alpha
            )
    value = _number(row["value"])
    if value == value:
        face = colour if row["filled"] else "white"
        axes.scatter(
            [value], [place], s=34, zorder=3, facecolor=face, edgecolor=colour, linewidths=1.3
        )
    axes.annotate(
        str(row["text"]), (1.0, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
        textcoords="offset points", va="center", ha="left", fontsize=8.5, annotation_clip=False,
    )  # fmt: skip


def _number(cell: object) -> float:
    return float("nan") if pd.isna(cell) else float(cell)  # type: ignore[call-overload, arg-type]


@styled
def range_panels(
    rows: pd.DataFrame, *, title: str, subtitle: str, source: str, columns: int = 3
) -> Figure:
    """Draw small multiples of shares over editions, each share as the stretch it lies in.

    Parameters
    ----------
    rows : pandas.DataFrame
        `panel` (its heading), `year`, `low` and `high` in percent.
    """
    panels = list(dict.fromkeys(rows["panel"].astype(str)))
    columns = min(columns, len(panels))
    width = (style.WIDTH - 1.2) / columns - 0.35
    heads = {name: style.wrap(name, width, 8.5, 700) for name in panels}
    deepest = max(len(lines) for lines in heads.values())
    count = -(-len(panels) // columns)
    figure, all_axes = style.canvas(
        title, subtitle, source, rows=count, columns=columns, height=count * 1.45,
        above=0.08 + 0.15 * deepest, hspace=0.35 + 0.17 * deepest, wspace=0.22,
    )  # fmt: skip
    years = sorted(set(rows["year"].astype(int)))
    for axes, name in zip(all_axes, panels, strict=False):
        mine = rows[rows["panel"] == name]
        _stretches(axes, mine)
        axes.set_title("\n".join(heads[name]), fontsize=8.5, linespacing=1.15)
        axes.set_ylim(0, 100)
        style.number_axis(axes.yaxis)
        style.year_ticks(axes, years, most=6)
    for axes in _unused(all_axes, len(panels)):
        axes.set_visible(False)
    return figure


def _stretches(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw each share as a bar from its lowest to its highest reading; a narrow one as a dot."""
    wide = rows["high"] - rows["low"] > 2
    for row in rows[wide].to_dict("records"):
        axes.bar(
            row["year"], row["high"] - row["low"], bottom=row["low"], width=0.5, color=style.SKY
        )
    exact = rows[~wide]
    axes.scatter(
        exact["year"], (exact["low"] + exact["high"]) / 2, color=style.BLUE, s=26, zorder=3
    )


def _unused(axes: list[Axes], used: int) -> Iterator[Axes]:
    yield from axes[used:]
