"""Figures of change between two dates."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from . import style
from .rows import WORDS, name_rows, widest, word_rows
from .style import styled


@styled
def changes(rows: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw an arrow from the first value to the last in each row, first row on top.

    Parameters
    ----------
    rows : pandas.DataFrame
        `label`, `start`, `end`, `text` (words at the right) and `marked` (bool: label in bold).
        Rises are red, falls blue.
    """
    count = len(rows)
    room, words = widest(rows["label"], weight=700) + 0.12, widest(rows["text"], WORDS) + 0.2
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=max(0.8, 0.25 * count), left=room, right=words,
        above=0.05, below=0.32,
    )  # fmt: skip
    places = list(range(count))
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        colour = style.BRICK if row["end"] > row["start"] else style.BLUE
        axes.plot(
            [row["start"], row["end"]], [place, place], color=colour, linewidth=2.2, alpha=0.6
        )
        axes.scatter(
            [row["start"]], [place], s=26, facecolor="white", edgecolor=colour, linewidths=1.3,
            zorder=3,
        )  # fmt: skip
        axes.scatter([row["end"]], [place], s=36, color=colour, zorder=4, linewidths=0)
    name_rows(axes, list(rows["label"]))
    word_rows(axes, rows["text"])
    for label, marked in zip(axes.get_yticklabels(), rows["marked"], strict=True):
        label.set_fontweight(700 if marked else 400)
    axes.grid(True, axis="x")
    style.number_axis(axes.xaxis)
    return figure
