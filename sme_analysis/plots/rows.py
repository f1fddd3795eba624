"""What figures with one thing a row share: names at the left, words at the right, room for both.

Rows stand at 0, 1, 2 ... from the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes

from . import style

NAME, WORDS = 9.0, 8.5  # points


def widest(texts: Iterable[object], size: float = NAME, weight: int = 400) -> float:
    """Return the inches that the widest of some texts takes; half an inch for none."""
    return max((style.inches(str(text), size, weight) for text in texts), default=0.5)


def name_rows(axes: Axes, names: Sequence[str], *, size: float = NAME) -> None:
    """Write the names of the rows at the left, the first on top; no rule goes through them."""
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", colors=style.INK, labelsize=size)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(False, axis="y")


def word_rows(axes: Axes, texts: Iterable[object]) -> None:
    """Write words at the right of the rows, outside the drawing."""
    for place, text in enumerate(texts):
        axes.annotate(
            str(text), (1.0, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", va="center", ha="left", fontsize=WORDS,
            annotation_clip=False,
        )  # fmt: skip
