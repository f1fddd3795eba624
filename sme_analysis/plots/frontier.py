"""Figures of two scores against each other, with the front that none can beat."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from . import style
from .style import styled

_TONES = {"short": style.BLUE, "current": style.OCHRE, "rest": "#c3cad0"}
_SIZES = {"short": 34.0, "current": 46.0, "rest": 12.0}
_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


@styled
def frontier(rows: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw opportunity against risk: a dot an economy, a stepped line for the front.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row an economy: `label`, `opportunity`, `risk`, `kind` ("short", "current" or "rest")
        and `front` (bool). The short list, the current markets and the front are labelled.
    """
    figure, (axes,) = style.canvas(title, subtitle, source, height=4.4, left=0.35, below=0.45)
    axes.grid(True, axis="both")
    for kind in ("rest", "short", "current"):
        part = rows[rows["kind"] == kind]
        axes.scatter(
            part["risk"], part["opportunity"], s=_SIZES[kind], color=_TONES[kind],
            marker="D" if kind == "current" else "o", zorder=3, linewidths=0,
        )  # fmt: skip
    front = rows[rows["front"]].sort_values("risk")
    if len(front):
        axes.step(
            front["risk"], front["opportunity"], where="post", color=style.TEAL, linewidth=1.4,
            zorder=2,
        )  # fmt: skip
    axes.set_xlabel("Risk: further left is safer", fontsize=8.5)
    axes.set_ylabel("Opportunity: higher is better", fontsize=8.5)
    style.number_axis(axes.xaxis)
    style.number_axis(axes.yaxis)
    axes.margins(x=0.06, y=0.08)
    _legend(axes, rows)
    _labels(axes, rows[(rows["kind"] != "rest") | rows["front"]])
    return figure


def _legend(axes: Axes, rows: pd.DataFrame) -> None:
    words = [("short", "short list"), ("current", "current market"), ("rest", "other economy")]
    for kind, label in words:
        if (rows["kind"] == kind).any():
            axes.scatter(
                [], [], s=_SIZES[kind], color=_TONES[kind],
                marker="D" if kind == "current" else "o", label=label, linewidths=0,
            )  # fmt: skip
    if rows["front"].any():
        axes.plot([], [], color=style.TEAL, linewidth=1.4, label="Pareto front")
    axes.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False, fontsize=8,
        borderaxespad=0.0, handletextpad=0.4, columnspacing=1.4, borderpad=0.1,
    )  # fmt: skip


def _labels(axes: Axes, rows: pd.DataFrame) -> None:
    """Write names where they meet the fewest dots and other names, tried in a fixed order."""
    axes.figure.canvas.draw()
    points = axes.transData.transform(rows[["risk", "opportunity"]].to_numpy(dtype=float))
    per_point = axes.figure.dpi / 72
    frame = axes.get_window_extent()
    taken: list[np.ndarray] = [_box(x, y, 7 * per_point, 7 * per_point) for x, y in points]
    taken += _along(points[rows["front"].to_numpy(dtype=bool)], per_point)
    order = np.argsort(
        [{"short": 0, "current": 0, "rest": 1}[k] for k in rows["kind"]], kind="stable"
    )
    for i in order:
        row, (x, y) = rows.iloc[int(i)], points[int(i)]
        bold = 700 if row["kind"] == "current" else 400
        wide = style.inches(str(row["label"]), 8, bold) * axes.figure.dpi
        tall = 8 * 1.15 * per_point
        best: tuple[float, Any, np.ndarray] | None = None
        for distance in (6, 13, 22):
            for right, up in _AROUND:
                shift_x, shift_y = distance * per_point * right, distance * per_point * up * 0.8
                centre_x = x + shift_x + right * wide / 2
                centre_y = y + shift_y + (up * tall / 2 if not right else 0.0)
                box = _box(centre_x, centre_y, wide, tall)
                cost = sum(_overlap(box, other) for other in taken) + distance * 3.0
                if box[0] < frame.x0 or box[2] > frame.x1 or box[3] > frame.y1 or box[1] < frame.y0:
                    cost += 1e5
                if best is None or cost < best[0]:
                    best = (cost, (centre_x, centre_y), box)
        assert best is not None
        taken.append(best[2])
        place = axes.transAxes.inverted().transform(best[1])
        pale = row["kind"] == "rest"
        text = axes.text(
            float(place[0]), float(place[1]), str(row["label"]), transform=axes.transAxes,
            fontsize=8, ha="center", va="center", fontweight=bold, zorder=5,
            color=style.MUTED if pale else style.in_text(_TONES[row["kind"]]),
        )  # fmt: skip
        text.set_path_effects([withStroke(linewidth=2.4, foreground="white")])


def _along(front: np.ndarray, per_point: float) -> list[np.ndarray]:
    """Boxes along the stepped line of the front."""
    found = []
    ordered = front[np.argsort(front[:, 0])] if len(front) else front
    for (x, y), (right, up) in pairwise(ordered):
        found.append(_box((x + right) / 2, y, right - x, 3 * per_point))
        found.append(_box(right, (y + up) / 2, 3 * per_point, up - y))
    return found


def _box(x: float, y: float, wide: float, tall: float) -> np.ndarray:
    return np.array([x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2])


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    return float(wide * tall) if wide > 0 and tall > 0 else 0.0
