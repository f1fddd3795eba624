"""Run the committed notebooks again, in place, and take the README's pictures from them.

Run it with `make notebooks`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import locations
from ..data.choice import pinned
from . import notebook as nb
from .catalogue import Report, reports
from .run import refresh

PICTURE = "picture"  # tag of a cell whose figure the README shows


def main() -> int:
    """Refresh every notebook and the pictures."""
    with pinned({}):  # what is committed shows the shipped tables
        for found in (*reports(), *_others()):
            print(f"running {found.path.name}", file=sys.stderr)
            refresh(found)
            for path, svg in pictures(found):
                path.parent.mkdir(exist_ok=True)
                path.write_text(svg, encoding="utf-8", newline="")
    return 0


def _others() -> Iterator[Report]:
    """Yield the notebooks that are no reports, such as tutorials."""
    known = {found.notebook for found in reports()}
    for path in sorted(locations.folder("notebooks").glob("*.ipynb")):
        if path.name not in known:
            yield Report(name=path.stem, notebook=path.name)


def pictures(found: Report) -> Iterator[tuple[Path, str]]:
    """Yield where each picture of a notebook belongs, and the picture."""
    folder = found.path.parent.parent / "docs"
    number = 0
    for cell in nb.read(found.path)["cells"]:
        for svg in _figures(cell):
            number += 1
            if PICTURE in cell["metadata"].get("tags", []):
                yield folder / f"{found.name}-{number}.svg", svg


def _figures(cell: dict[str, Any]) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if "image/svg+xml" in output.get("data", {}):
            yield "".join(output["data"]["image/svg+xml"])


if __name__ == "__main__":
    raise SystemExit(main())
