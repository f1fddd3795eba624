"""Figures of estimates with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from . import style
from .rows import WORDS, name_rows, widest, word_rows
from .style import styled

_TONES = {"strong": style.BLUE, "pale": style.SKY, "rest": style.MUTED}


@styled
def dot_intervals(
    rows: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    reference: float | None = None,
    log: bool = False,
) -> Figure:
    """Draw one dot with its interval per row, first row on top.

    Parameters
    ----------
    rows : pandas.DataFrame
        `label`, `value`, `low`, `high`, `text` (the words at the right) and `tone` ("strong",
        "pale" or "rest"). An infinite end runs to the edge of the drawing.
    reference : float, optional
        Where a dashed line stands: no effect, the average.
    log : bool
        Use a logarithmic axis.
    """
    count = len(rows)
    room, words = widest(rows["label"]) + 0.12, widest(rows["text"], WORDS) + 0.2
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=max(0.8, 0.25 * count), left=room, right=words,
        above=0.05, below=0.32,
    )  # fmt: skip
    places = list(range(count))
    colours = [_TONES[tone] for tone in rows["tone"]]
    numbers = rows[["value", "low", "high"]].astype(float)
    finite = numbers.to_numpy()[np.isfinite(numbers.to_numpy())]
    if reference is not None:
        finite = np.append(finite, reference)
    if log:
        finite = finite[finite > 0]
        axes.set_xscale("log")
        axes.set_xlim(finite.min() / 1.25, finite.max() * 1.25)
    else:
        margin = 0.05 * (finite.max() - finite.min()) or 1.0
        axes.set_xlim(min(0.0, finite.min() - margin), finite.max() + margin)
    left, right = axes.get_xlim()
    low, high = numbers["low"].clip(lower=left), numbers["high"].clip(upper=right)
    axes.hlines(places, low, high, color=colours, linewidth=2.4, alpha=0.55)
    axes.scatter(numbers["value"], places, color=colours, s=34, zorder=3, linewidths=0)
    if reference is not None:
        axes.axvline(reference, color=style.MUTED, linewidth=0.9, linestyle=(0, (3, 3)))
    name_rows(axes, list(rows["label"]))
    axes.grid(True, axis="x")
    style.number_axis(axes.xaxis, log=log)
    word_rows(axes, rows["text"])
    return figure


@styled
def event_study(
    estimates: pd.DataFrame, *, title: str, subtitle: str, source: str, base: int = -1
) -> Figure:
    """Draw estimates by time since an event, with their intervals and the base period.

    Parameters
    ----------
    estimates : pandas.DataFrame
        `event_time`, `estimate`, `low` and `high`, in one unit, one row per period.
    base : int
        The period against which all others are measured: drawn at zero.
    """
    figure, (axes,) = style.canvas(title, subtitle, source, height=2.9, below=0.5)
    rows = estimates[estimates["event_time"] != base]
    before = rows["event_time"] < 0
    for part, colour in ((rows[before], style.SKY), (rows[~before], style.BLUE)):
        axes.vlines(part["event_time"], part["low"], part["high"], color=colour, linewidth=2.4)
        axes.scatter(part["event_time"], part["estimate"], color=colour, s=36, zorder=3)
    axes.scatter([base], [0], facecolor="white", edgecolor=style.MUTED, s=36, zorder=3)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.axvline(-0.5, color=style.MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
    style.number_axis(axes.yaxis)
    times = sorted({*rows["event_time"].astype(int), base})
    axes.set_xticks(
        times, [f"{time:+d}".replace("-", "\N{MINUS SIGN}") if time else "0" for time in times]
    )
    axes.set_xlabel("Years since joining", fontsize=8.5)
    top = ("axes fraction", "axes fraction")
    style.note(axes, 0.01, 1.0, "before", xycoords=top, va="bottom")
    style.note(axes, 0.99, 1.0, "after", xycoords=top, va="bottom", ha="right")
    return figure
