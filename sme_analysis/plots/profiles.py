"""Figures of single units against the spread of all."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from . import style
from .rows import name_rows, widest
from .style import styled


@styled
def profiles(
    panels: Mapping[str, pd.DataFrame], *, title: str, subtitle: str, source: str
) -> Figure:
    """Draw one panel a unit: a dot in each row, on the spread that all units have there.

    Parameters
    ----------
    panels : mapping of panel title to DataFrame
        `label`, `value`, `low`, `middle` and `high` (the spread), on one scale from 0 to 100;
        the same rows in each. Values above the middle are red, others blue; missing ones stay out.
    """
    names = list(panels)
    columns = 2 if len(names) in (2, 4) else min(3, len(names))
    lines = -(-len(names) // columns)
    labels = list(panels[names[0]]["label"])
    room = widest(labels) + 0.12
    height = 0.235 * len(labels)
    figure, every = style.canvas(
        title, subtitle, source, rows=lines, columns=columns, left=room, right=0.2, above=0.3,
        below=0.25, height=lines * height + (lines - 1) * 0.6, wspace=0.1, hspace=0.6 / height,
        sharey=True,
    )  # fmt: skip
    places = list(range(len(labels)))
    for axes, name in zip(every, names, strict=False):
        frame = panels[name]
        axes.hlines(places, frame["low"], frame["high"], color=style.UNKNOWN, linewidth=8)
        axes.scatter(frame["middle"], places, marker="|", s=75, color=style.MUTED, zorder=2)
        colours = [
            style.BRICK if value > middle else style.BLUE
            for value, middle in zip(frame["value"], frame["middle"], strict=True)
        ]
        axes.scatter(frame["value"], places, color=colours, s=34, zorder=3, linewidths=0)
        axes.set_title(name)
        axes.set_xlim(-3, 103)
        axes.set_xticks([0, 50, 100])
        name_rows(axes, labels)
        axes.axhline(0.5, color=style.RULE, linewidth=0.8)  # below the whole, its parts
    for axes in every[len(names) :]:
        axes.set_visible(False)
    return figure
