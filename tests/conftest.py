"""What all tests share: hypothesis settings, and a copy of the data folder to damage."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from sme_analysis.data.verify import digest, verify
from sme_analysis.locations import folder

# A busy machine must not turn a property into a race against the clock, and two runs must try the
# same examples. `pytest --hypothesis-profile explore` draws new and more ones.
settings.register_profile(
    "reproducible", deadline=None, max_examples=60, derandomize=True, database=None
)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("reproducible")


class DataCopy:
    """A copy of the shipped data folder that a test may damage."""

    def __init__(self, where: Path) -> None:
        self.where = where
        shutil.copytree(folder("data"), where)

    def path(self, table: str) -> Path:
        return self.where / f"{table}.csv"

    def lines(self, table: str) -> list[str]:
        return self.path(table).read_text(encoding="utf-8").splitlines()

    def edit(self, table: str, change: Callable[[list[str]], list[str] | None]) -> None:
        """Change the lines of a table, and its hash with them: only the rules can object."""
        lines = self.lines(table)
        lines = change(lines) or lines
        self.path(table).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
        self.registry(lambda package: self._entry(package, table).update(hash=self._hash(table)))

    def replace(self, table: str, old: str, new: str) -> int:
        """Replace one line that begins with `old`; return its number in the file."""
        lines = self.lines(table)
        (place,) = [i for i, line in enumerate(lines) if line.startswith(old)]

        def change(lines: list[str]) -> None:
            lines[place] = new + lines[place][len(old) :]

        self.edit(table, change)
        return place + 1

    def registry(self, change: Callable[[dict[str, Any]], object]) -> None:
        path = self.where / "datapackage.json"
        package = json.loads(path.read_text(encoding="utf-8"))
        change(package)
        path.write_text(json.dumps(package), encoding="utf-8")

    def verify(self) -> list[str]:
        return verify(self.where)

    def _hash(self, table: str) -> str:
        return digest(self.path(table))

    @staticmethod
    def _entry(package: dict[str, Any], table: str) -> dict[str, Any]:
        (entry,) = [entry for entry in package["resources"] if entry["name"] == table]
        return entry


@pytest.fixture
def copy(tmp_path: Path) -> DataCopy:
    """Give a fresh copy of the shipped data."""
    return DataCopy(tmp_path / "data")
