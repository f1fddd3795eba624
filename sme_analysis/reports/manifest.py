"""The manifest of a batch: one line of JSON for each report that was run, for resuming it.

A line is appended whole and flushed to the disk when a report's files are in place. A process that
is killed can leave a cut line, which counts as not written; nothing before it is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import stat
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import __version__, locations
from ..errors import DataError, ParameterError
from .catalogue import Report
from .parameters import Parameters
from .rules import Folder

NAME = "manifest.jsonl"
_HEAD = {"manifest": "sme_analysis", "version": 1}
_LONGEST = 1 << 28  # bytes
# What draws, computes and renders: another version may give another page.
_PACKAGES = (
    "ipykernel", "ipython", "jinja2", "matplotlib", "mistune", "nbclient", "nbformat", "numpy",
    "openpyxl", "pandas", "papermill", "scipy", "seaborn", "statsmodels",
)  # fmt: skip
# Nothing is followed to another place, and no line end is translated.
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
Record = dict[str, Any]


class Manifest:
    """The manifest in a folder, open for appending by one batch at a time.

    Attributes
    ----------
    records : dict of str to dict
        The last record of each report, by the name of its files.
    cut : int
        Number of lines that could not be read.

    Raises
    ------
    ParameterError
        If the file is something else, or another batch writes to it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.cut = 0
        self._ragged = False  # whether the last line was cut
        try:
            self._file = os.open(self.path, _FLAGS, 0o644)
        except OSError as error:
            raise ParameterError(f"cannot write {self.path}: {error.strerror}.") from error
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise ParameterError(f"cannot write {self.path}: it is no regular file.")
            _lock(self._file, self.path)
            self.records = self._read()
        except BaseException:
            os.close(self._file)
            raise

    def _read(self) -> dict[str, Record]:
        size = os.fstat(self._file).st_size
        text = _content(self._file, min(size, _LONGEST))
        head, _, rest = text.partition("\n")
        if not rest and _json(head) != _HEAD and json.dumps(_HEAD).startswith(head):
            # A new file, or one whose first line was cut.
            os.ftruncate(self._file, 0)
            self._append(_HEAD)
            return {}
        if _json(head) != _HEAD or size > _LONGEST:
            raise ParameterError(
                f"{self.path} is no manifest of a batch: choose another folder, or move it away."
            )
        if text and not text.endswith("\n"):
            os.write(self._file, b"\n")
        return self._records(rest.splitlines())

    def _records(self, lines: Iterable[str]) -> dict[str, Record]:
        found: dict[str, Record] = {}
        for line in lines:
            record = _json(line)
            if _is_record(record):
                found[record["name"]] = record
            elif line.strip():
                self.cut += 1
        return found

    def add(self, record: Record) -> None:
        """Append the record of a report."""
        self._append(record)
        self.records[record["name"]] = record

    def _append(self, record: Mapping[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=True).encode() + b"\n"
        if self._ragged:
            line = b"\n" + line
        self._ragged = True
        try:
            while line:  # a disk that fills up takes a part
                line = line[os.write(self._file, line) :]
            os.fsync(self._file)
            self._ragged = False
        except OSError as error:
            raise DataError(f"cannot write {self.path}: {error.strerror}") from error

    def finished(self, name: str, mark: str, files: Iterable[str]) -> bool:
        """Whether a report was run with just this, and its files are there as it left them."""
        record = self.records.get(name)
        if record is None or record["status"] != "done" or record["mark"] != mark:
            return False
        outputs: dict[str, str] = record["outputs"]
        return set(outputs) == set(files) and all(
            _digest(self.path.parent / output) == digest for output, digest in outputs.items()
        )

    def close(self) -> None:
        """Let another batch have the folder."""
        os.close(self._file)

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()


def _content(file: int, size: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    data = b""
    while len(data) < size and (part := os.read(file, size - len(data))):
        data += part
    return data.decode("utf-8", "replace")


def _json(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _is_record(record: Any) -> bool:
    return (
        isinstance(record, dict)
        and all(isinstance(record.get(key), str) for key in ("name", "status", "mark"))
        and isinstance(record.get("outputs"), dict)
    )


def _lock(file: int, path: Path) -> None:
    """Refuse to share the file; the system lets go of it when the process ends, however it does."""
    try:
        import fcntl
    except ImportError:  # Windows: two batches in one folder are the user's to avoid
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ParameterError(f"another batch is writing to {path.parent}: wait for it.") from None
    except OSError:
        return  # a file system without locks


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _tree(folder: Path, endings: tuple[str, ...] = ()) -> str:
    """Return one hash of the files below a folder: their names and contents."""
    together = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (not endings or path.suffix in endings):
            together.update(f"{path.relative_to(folder).as_posix()}\0{_digest(path)}\n".encode())
    return together.hexdigest()


def provenance() -> dict[str, Any]:
    """Return what every report of a batch rests on: versions, and hashes of data and package."""
    from ..data.catalogue import data_version
    from ..data.choice import choices

    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    package = Path(__file__).resolve().parents[1]
    endings = (".py", ".css", ".js", ".j2", ".ttf")
    return {
        "data_version": data_version(),
        "data": _tree(locations.folder("data"), (".csv", ".json", ".parquet")),
        "editions": choices(),
        "sme_analysis": __version__,
        "package": _tree(package, endings),
        "versions": versions,
    }


def marks(
    found: Report,
    asked: Mapping[str, Parameters],
    options: Mapping[str, Any],
    rests_on: Mapping[str, Any],
) -> dict[str, str]:
    """Return for each report one hash of all that its files depend on.

    Of a folder with the user's own files the contents count, of the notebook its text.

    Parameters
    ----------
    found : Report
    asked : mapping of str to Parameters
        The reports, by the name of their files.
    options : mapping
        "formats" and "code".
    rests_on : mapping
        What :func:`provenance` returns.
    """
    shared = {"report": found.name, "notebook": _digest(found.path), **rests_on}
    shared |= {key: options[key] for key in ("formats", "code")}
    folders = [name for name, rule in found.rules.items() if isinstance(rule, Folder)]
    trees: dict[str, str] = {}
    made = {}
    for stem, values in asked.items():
        own = {name: values[name] for name in folders if values[name]}
        for place in own.values():
            if place not in trees:
                trees[place] = _tree(Path(place))
        contents = {name: trees[place] for name, place in own.items()}
        record = {**shared, "parameters": dict(values), "own": contents}
        made[stem] = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    return made
