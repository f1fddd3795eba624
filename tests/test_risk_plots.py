"""Figures of host risk: rankings with intervals, profiles, changes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sme_analysis import plots
from sme_analysis.plots import style

WORDS = {"title": "A finding", "subtitle": "Measure, unit, scope", "source": "Source: test."}


def ranking(count: int) -> pd.DataFrame:
    ranks = np.arange(1, count + 1)
    return pd.DataFrame(
        {
            "label": [f"Economy of some length {rank}" for rank in ranks],
            "rank": ranks,
            "low": np.maximum(1, ranks - 5.0),
            "high": np.minimum(count, ranks + 9.0),
            "text": "low to moderately low",
            "sure": ranks % 2 == 0,
            "marked": ranks == 1,
        }
    )


def labels(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.get_yticklabels()]


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (10, 1), (45, 1), (60, 2), (197, 3)])
def test_every_unit_is_named_once_with_its_rank_and_interval(count, columns):
    rows = ranking(count)
    figure = plots.rank_columns(rows, **WORDS)
    assert len(figure.axes) == columns
    assert labels(figure) == [f"{row['label']}  {row['rank']}" for row in rows.to_dict("records")]
    dots = np.concatenate([axes.collections[-1].get_offsets()[:, 0] for axes in figure.axes])
    assert dots.tolist() == rows["rank"].tolist()
    spans = [
        (path.vertices[0, 0], path.vertices[-1, 0])
        for axes in figure.axes
        for lines in axes.collections[:-1]
        for path in lines.get_paths()
    ]
    assert spans == list(zip(rows["low"], rows["high"], strict=True))


@pytest.mark.parametrize("count", [10, 45, 60, 80, 197])
def test_no_label_meets_another_or_leaves_the_figure(count):
    figure = plots.rank_columns(ranking(count), **WORDS)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width = figure.get_figwidth() * figure.dpi
    for axes in figure.axes:
        boxes = [text.get_window_extent() for text in axes.get_yticklabels()]
        assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)
        for upper, lower in pairwise(boxes):
            assert lower.y1 <= upper.y0 + 1
        for other in figure.axes:
            area = other.get_window_extent()
            assert other is axes or not any(box.overlaps(area) for box in boxes)


def test_marked_units_are_bold_and_of_another_hue_and_the_unsure_are_pale():
    figure = plots.rank_columns(ranking(4), **WORDS)
    (axes,) = figure.axes
    assert [text.get_fontweight() for text in axes.get_yticklabels()] == [700, *["normal"] * 3]
    colours = [to_hex(colour) for colour in axes.collections[-1].get_facecolors()]
    assert colours == [style.OCHRE, style.BLUE, style.SKY, style.BLUE]


def test_profiles_colour_by_the_side_of_the_middle_and_leave_blanks_out():
    frame = pd.DataFrame(
        {"label": ["whole", "a", "b"], "value": [20.0, np.nan, 80.0], "low": 10.0,
         "middle": 50.0, "high": 90.0}
    )  # fmt: skip
    figure = plots.profiles({"One": frame, "Two": frame, "Three": frame, "Four": frame}, **WORDS)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["One", "Two", "Three", "Four"]
    grid = figure.axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == (2, 2)
    dots = figure.axes[0].collections[-1]
    assert [to_hex(colour) for colour in dots.get_facecolors()][::2] == [style.BLUE, style.BRICK]
    assert np.isnan(np.ma.filled(dots.get_offsets(), np.nan)[1, 0])


def test_profiles_hide_what_is_left_of_the_grid():
    frame = pd.DataFrame(
        {"label": ["whole"], "value": [20.0], "low": 10.0, "middle": 50.0, "high": 90.0}
    )
    figure = plots.profiles({str(i): frame for i in range(5)}, **WORDS)
    assert [axes.get_visible() for axes in figure.axes] == [True] * 5 + [False]


def test_changes_run_from_the_ring_to_the_dot_in_the_hue_of_their_direction():
    rows = pd.DataFrame(
        {"label": ["falls", "rises"], "start": [60.0, 30.0], "end": [50.0, 45.0],
         "text": ["−10", "+15"], "marked": [False, True]}
    )  # fmt: skip
    figure = plots.changes(rows, **WORDS)
    (axes,) = figure.axes
    points = [item for item in axes.collections if len(item.get_offsets()) == 1]
    rings = [item for item in points if to_hex(item.get_facecolors()[0]) == "#ffffff"]
    dots = [item for item in points if item not in rings and item.get_sizes().size]
    assert [float(item.get_offsets()[0, 0]) for item in rings] == [60.0, 30.0]
    ends = {to_hex(item.get_facecolors()[0]): float(item.get_offsets()[0, 0]) for item in dots}
    assert ends == {style.BLUE: 50.0, style.BRICK: 45.0}
    assert {text.get_text() for text in axes.texts} == {"−10", "+15"}
    assert [text.get_fontweight() for text in axes.get_yticklabels()] == [400, 700]
