"""Figures of rankings with their intervals, from a handful of units to two hundred."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from . import style
from .rows import WORDS, widest, word_rows
from .style import styled

_ONE_COLUMN, _TWO_COLUMNS = 45, 80  # most rows


@styled
def rank_columns(rows: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw each unit's rank as a dot on its interval, first on top; many run over columns.

    Each column has its own stretch of the scale.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row a unit in the order of drawing: `label`, `rank`, `low` and `high`, `text` (words at
        the right, written where one column suffices), `sure` (bool: drawn dark, else pale) and
        `marked` (bool: in another hue and bold).
    """
    count = len(rows)
    columns = 1 if count <= _ONE_COLUMN else 2 if count <= _TWO_COLUMNS else 3
    size = {1: 9.0, 2: 8.0, 3: 7.2}[columns]
    each = -(-count // columns)
    names = [f"{row['label']}  {row['rank']}" for row in rows.to_dict("records")]
    room = widest(names, size, 700) + 0.08
    words = widest(rows["text"], WORDS) + 0.2 if columns == 1 else 0.05
    gap = room + 0.1
    width = (style.WIDTH - 0.12 - room - words - (columns - 1) * gap) / columns
    figure, every = style.canvas(
        title, subtitle, source, columns=columns,
        height=max(0.6, each * {1: 0.245, 2: 0.19, 3: 0.155}[columns]),
        left=room, right=words, above=0.2 if columns > 1 else 0.05, below=0.3,
        wspace=gap / width,
    )  # fmt: skip
    for column, axes in enumerate(every):
        part = slice(column * each, (column + 1) * each)
        _column(axes, rows.iloc[part], names[part], size)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8 if columns == 1 else 4, integer=True))
        axes.set_ylim(each - 0.4, -0.7)
        if columns == 1:
            word_rows(axes, rows["text"])
    return figure


def _column(axes: Axes, rows: pd.DataFrame, names: list[str], size: float) -> None:
    places = list(range(len(rows)))
    colours = [
        (style.OCHRE if marked else style.BLUE) if sure else (style.OCHRE if marked else style.SKY)
        for sure, marked in zip(rows["sure"], rows["marked"], strict=True)
    ]
    wide = {9.0: 2.6, 8.0: 2.2, 7.2: 1.9}[size]
    for place, colour, sure, row in zip(
        places, colours, rows["sure"], rows.to_dict("records"), strict=True
    ):
        axes.hlines(
            place,
            row["low"],
            row["high"],
            color=colour,
            linewidth=wide,
            alpha=0.8 if sure else 0.55,
        )
    axes.scatter(rows["rank"], places, color=colours, s=wide * 9, zorder=3, linewidths=0)
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", colors=style.INK, labelsize=size, pad=2)
    for label, marked in zip(axes.get_yticklabels(), rows["marked"], strict=True):
        if marked:
            label.set_fontweight(700)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    low, high = rows[["low", "rank"]].to_numpy().min(), rows[["high", "rank"]].to_numpy().max()
    margin = max(0.6, 0.04 * (high - low))
    axes.set_xlim(low - margin, high + margin)
