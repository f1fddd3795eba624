"""The code cells of a notebook, run in this process with any parameters, and what they show."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import IPython.display
import pytest
from matplotlib.figure import Figure

from sme_analysis import display

# What no sentence says: a value that is missing, or no number.
NOTHING_SAID = re.compile(r"(?<![\w-])(nan|NaN|inf|None(?! of )|NaT|<NA>)(?![\w-])|nan%|inf%")
EMPTY_CELL = re.compile(r">(nan|NaN|None|inf|&lt;NA&gt;|NaT)<")


def code(path: Path) -> list[str]:
    """The code cells of a notebook, the parameters first."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@dataclass
class Shown:
    """What one cell displays, and the figures behind it."""

    bundles: list[dict[str, str]]
    figures: list[Figure]

    @property
    def said(self) -> str:
        """The cell's first words."""
        return self.bundles[0]["text/plain"].strip()

    @property
    def tables(self) -> list[str]:
        return [b["text/html"] for b in self.bundles if "<table" in b.get("text/html", "")]

    def is_sound(self) -> None:
        """Every figure has its words, its data and a table; no cell of a table is a missing one."""
        assert len(self.tables) >= len(self.figures)
        for figure in self.figures:
            words = {item.get_gid(): item.get_text() for item in figure.texts}
            assert words["title"].strip()
            assert words["subtitle"].strip()
            assert words["source"].startswith("Source: ")
            assert not any(NOTHING_SAID.search(word) for word in words.values())
            assert any(axes.has_data() for axes in figure.axes)
        for table in self.tables:
            assert not EMPTY_CELL.search(table)


def runner(
    monkeypatch: pytest.MonkeyPatch, path: Path, **always: Any
) -> Callable[..., list[Shown]]:
    """Return a function that runs a notebook and gives what each cell but the first shows.

    It takes the parameters, `draw` (figures become pictures, which takes longest) and `upto` (how
    many cells). A warning is an error.
    """
    bundles: list[dict[str, str]] = []
    figures: list[Figure] = []
    sources = code(path)
    render = display.svg

    def keep(bundle: dict[str, str], metadata: Any = None, raw: bool = False) -> None:
        bundles.append(bundle)

    def execute(*, draw: bool = False, upto: int | None = None, **parameters: Any) -> list[Shown]:
        def picture(figure: Figure) -> str:
            figures.append(figure)
            return render(figure) if draw else "<svg/>"

        monkeypatch.setattr(IPython.display, "display", keep)
        monkeypatch.setattr(display, "svg", picture)
        return _run(sources[:upto], bundles, figures, {**always, **parameters})

    return execute


def _run(
    sources: Sequence[str],
    bundles: list[dict[str, str]],
    figures: list[Figure],
    parameters: dict[str, Any],
) -> list[Shown]:
    names: dict[str, Any] = {}
    exec(sources[0], names)
    assert set(parameters) <= set(names)
    names.update(parameters)
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for source in sources[1:]:
            bundles.clear()
            figures.clear()
            exec(source, names)
            found.append(Shown(list(bundles), list(figures)))
    return found
