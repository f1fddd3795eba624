"""Figures of how far to trust an index: rank intervals and sensitivity indices."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .rows import name_rows, widest
from .style import styled


@styled
def rank_intervals(table: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw each unit's rank interval as a line, its median as a dot, its own rank as a tick.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a unit, first on top, labelled by the index: `nominal`, `median`, `p5` and `p95`.
    """
    figure, axes = _rows([str(name) for name in table.index], title, subtitle, source)
    places = list(range(len(table)))
    axes.hlines(places, table["p5"], table["p95"], color=style.SKY, linewidth=5)
    axes.scatter(table["nominal"], places, marker="|", s=90, color=style.OCHRE, zorder=3)
    axes.scatter(table["median"], places, s=22, color=style.BLUE, zorder=4)
    axes.set_xlim(0, float(table[["nominal", "p95"]].to_numpy().max()) + 1)
    axes.set_xlabel("rank (1 is the best)", color=style.MUTED, fontsize=8.5)
    style.note(
        axes, 1.0, 1.01, "line: 5th to 95th percentile · dot: median · tick: rank as built",
        xycoords="axes fraction", ha="right", va="bottom",
    )  # fmt: skip
    return figure


@styled
def sensitivity_bars(table: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw total and first-order indices of each factor with their intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a factor, labelled by the index: `first_order`, `total`, and `_low` and `_high` of
        both.
    """
    ordered = table.sort_values("total", ascending=False)
    names = [str(name) for name in ordered.index]
    figure, axes = _rows(names, title, subtitle, source, row=0.5)
    for name, shift, colour, words in (
        ("total", -0.16, style.BLUE, "with interactions (total)"),
        ("first_order", 0.18, style.SKY, "by itself (first order)"),
    ):
        places = [place + shift for place in range(len(ordered))]
        axes.barh(places, ordered[name], height=0.3, color=colour, label=words)
        axes.hlines(
            places, ordered[f"{name}_low"], ordered[f"{name}_high"], color=style.INK, linewidth=1
        )
    axes.axvline(0, color=style.INK, linewidth=0.8)
    axes.set_xlabel("share of the variance", color=style.MUTED, fontsize=8.5)
    axes.legend(loc="lower right", frameon=False, fontsize=8.5)
    return figure


def _rows(
    names: list[str], title: str, subtitle: str, source: str, row: float = 0.235
) -> tuple[Figure, Axes]:
    """Canvas with one labelled row for each name, the first on top."""
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=max(0.6, row * len(names)), left=widest(names) + 0.12,
        right=0.15, above=0.2, below=0.45,
    )  # fmt: skip
    name_rows(axes, names)
    axes.tick_params(axis="x", colors=style.MUTED, labelsize=8.5)
    return figure, axes
