"""Figures of tables: one cell a pair."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from . import style
from .rows import widest
from .style import styled

# Brick to white to blue: apart for colour-blind readers; the numbers stand in the cells besides.
_DIVERGING = LinearSegmentedColormap.from_list(
    "house", [style.BRICK, "#f4d9d3", "#ffffff", "#cfe0ea", style.BLUE]
)


@styled
def heat_map(
    values: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    text: pd.DataFrame,
    sure: pd.DataFrame | None = None,
    limit: float = 1.0,
) -> Figure:
    """Draw a matrix of values between -limit and limit as coloured cells.

    Parameters
    ----------
    values : pandas.DataFrame
        Rows x columns; a missing cell stays grey.
    text : pandas.DataFrame
        What is written in each cell.
    sure : pandas.DataFrame of bool, optional
        Where the value is told apart from zero: written bold; elsewhere the colour is paled.
    """
    rows, columns = values.shape
    room = widest(values.index) + 0.12
    heads = max((len(style.wrap(str(name), 0.62, 8)) for name in values.columns), default=1)
    figure, (axes,) = style.canvas(
        title, subtitle, source, height=0.27 * rows, left=room, right=0.05,
        above=0.1 + 0.14 * heads, below=0.05,
    )  # fmt: skip
    certain = values.notna() if sure is None else sure.astype(bool)
    shades = _DIVERGING(np.clip(values.to_numpy(dtype=float) / limit, -1, 1) / 2 + 0.5)
    unsure = ~certain.to_numpy()
    shades[unsure, :3] = 1 - (1 - shades[unsure, :3]) * 0.45
    shades[values.isna().to_numpy()] = mpl.colors.to_rgba(style.UNKNOWN)
    axes.imshow(shades, aspect="auto", interpolation="none")
    for i in range(rows):
        for j in range(columns):
            red, green, blue = shades[i, j, :3]
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
            axes.text(
                j, i, str(text.iat[i, j]), ha="center", va="center", fontsize=7.8,
                color="white" if dark else style.INK,
                fontweight=700 if certain.iat[i, j] and values.notna().iat[i, j] else 400,
            )  # fmt: skip
    axes.set_yticks(range(rows), [str(name) for name in values.index])
    heads_text = ["\n".join(style.wrap(str(name), 0.62, 8)) for name in values.columns]
    axes.set_xticks(range(columns), heads_text)
    axes.xaxis.tick_top()
    axes.tick_params(colors=style.INK, labelsize=8.8)
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    return figure
