"""Figures of counts: how many of what, bar by bar."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from . import style
from .rows import widest
from .style import styled

# From sure to unknown. The second is hatched: dark beside dark would merge in greyscale.
_SHADES = (style.BLUE, style.BRICK, style.SKY, style.UNKNOWN)
_ROOM = 2.4  # inches for the name of a row
_ON_DARK = (style.BLUE, style.BRICK)


@styled
def counted_bars(counts: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw counts of up to four kinds as one divided bar per row, first row on top.

    Parameters
    ----------
    counts : pandas.DataFrame
        Rows x kinds, whole numbers. Kinds keep their colour whatever they count; each piece
        carries its number.
    """
    names, kinds = [str(name) for name in counts.index], [str(name) for name in counts.columns]
    lines = [style.wrap(name, _ROOM, 9) for name in names]
    room = widest(line for name in lines for line in name) + 0.12
    tallest = max(len(name) for name in lines)
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=(0.26 + 0.16 * tallest) * len(names), left=room, right=0.35,
        above=0.36, below=0.05,
    )  # fmt: skip
    places = list(range(len(names)))
    reached = pd.Series(0.0, index=counts.index)
    for kind, shade in zip(kinds, _SHADES, strict=False):
        widths = counts[kind].astype(float)
        axes.barh(
            places, widths, left=reached, height=0.66, color=shade, label=kind, edgecolor="white",
            linewidth=1.0, hatch="////" if shade == style.BRICK else None,
        )  # fmt: skip
        colour = "white" if shade in _ON_DARK else style.INK
        for place, width, start in zip(places, widths, reached, strict=True):
            if width > 0:
                axes.text(
                    start + width / 2, place, f"{width:.0f}", ha="center", va="center",
                    fontsize=9, color=colour, fontweight=700,
                )  # fmt: skip
        reached = reached + widths
    for place, whole in zip(places, reached, strict=True):
        style.note(axes, whole, place, f"{whole:.0f}", xytext=(5, 0), va="center",
                   textcoords="offset points", annotation_clip=False)  # fmt: skip
    axes.set_yticks(places, ["\n".join(name) for name in lines])
    axes.tick_params(axis="y", colors=style.INK, labelsize=9)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, max(1.0, float(reached.max())))
    axes.set_xticks([])
    axes.grid(False)
    axes.spines["bottom"].set_visible(False)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(kinds), frameon=False, fontsize=8.5,
        handlelength=1.0, handleheight=0.9, handletextpad=0.5, columnspacing=1.4, borderaxespad=0.1,
    )  # fmt: skip
    return figure
