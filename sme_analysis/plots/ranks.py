"""Figures of ranked things: who is largest, and by how much."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from . import style
from .rows import WORDS, name_rows, widest
from .style import styled

_TONES = {"strong": style.BLUE, "pale": style.SKY, "rest": style.UNKNOWN}


@styled
def ranked_bars(bars: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw horizontal bars from a zero line, in the order given, each with its words at the end.

    Parameters
    ----------
    bars : pandas.DataFrame
        One row a bar, first on top: `label`, `value`, `text` (the words at its end) and `tone`
        ("strong", "pale" for a kind apart, "rest" for the remainder).
    """
    count = len(bars)
    room, words = widest(bars["label"]) + 0.12, widest(bars["text"], WORDS) + 0.15
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=max(0.6, 0.245 * count), left=room, right=words,
        above=0.05, below=0.08,
    )  # fmt: skip
    places = list(range(count))
    amounts = bars["value"].to_numpy(dtype=float)
    colours = [_TONES[tone] for tone in bars["tone"]]
    style.bars(axes, places, amounts, colours, thickness=0.72, lying=True)
    name_rows(axes, list(bars["label"]))
    axes.grid(False)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axvline(0, color=style.INK, linewidth=0.8)
    low, high = min(0.0, amounts.min()), max(0.0, amounts.max())
    axes.set_xlim(low, high if low < high else 1.0)
    for place, amount, text in zip(places, amounts, bars["text"], strict=True):
        axes.annotate(
            text, (max(float(amount), 0.0), place), xytext=(4, 0), textcoords="offset points",
            va="center", ha="left", fontsize=WORDS, annotation_clip=False,
        )  # fmt: skip
    return figure
