"""What all tests share: hypothesis settings, and a copy of the data folder to damage."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from publishers import Publishers, environment, serving

from sme_analysis.data import fetched
from sme_analysis.data.verify import digest, verify
from sme_analysis.locations import folder

# Tests, and the notebooks run beside them, see the shipped tables, whatever editions the person at
# this machine has fetched and chosen.
_ASIDE = tempfile.mkdtemp(prefix="sme-analysis-tests-")
atexit.register(shutil.rmtree, _ASIDE, ignore_errors=True)
os.environ["SME_ANALYSIS_DATA"] = _ASIDE
os.environ.pop("SME_ANALYSIS_EDITIONS", None)
os.environ["COLUMNS"] = "100"  # what is printed does not follow the terminal of who runs the tests
# A shell that runs something in the background has it ignore Ctrl-C, and all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty data folder of the user's."""
    monkeypatch.setenv("SME_ANALYSIS_DATA", str(tmp_path / "own"))
    monkeypatch.delenv("SME_ANALYSIS_EDITIONS", raising=False)
    monkeypatch.setattr(fetched, "_USED", {})
    return tmp_path / "own"


@pytest.fixture
def services(
    own_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Publishers]:
    """Serve what the publishers' services serve, on this machine; questions go there."""
    publishers = Publishers()
    with serving(publishers, tmp_path) as extra:
        wanted = environment(own_folder, extra)
        for name in set(os.environ) - set(wanted):
            monkeypatch.delenv(name)
        for name, value in wanted.items():
            monkeypatch.setenv(name, value)
        yield publishers


@pytest.fixture
def copy(tmp_path: Path) -> DataCopy:
    """Give a fresh copy of the shipped data."""
    return DataCopy(tmp_path / "data")
