"""The index page of a batch: its outcomes, and what earlier batches left in the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from . import manifest
from .catalogue import Report, reports
from .notebook import ReportError

if TYPE_CHECKING:
    from .batch import Outcome

Row = dict[str, Any]
_NAME = "index.html"


def refuse_other(folder: Path) -> None:
    """Refuse a folder in which the page would replace one that no batch wrote.

    Raises
    ------
    ParameterError
    """
    if (folder / _NAME).exists() and not (folder / manifest.NAME).exists():
        raise ParameterError(
            f"{folder / _NAME} was written by no batch and would be replaced: choose another "
            "folder, or move it away."
        )


def write(
    found: Report, folder: Path, outcomes: Sequence[Outcome], kept: manifest.Manifest
) -> tuple[Path, str]:
    """Write the page; return it, and why it could not be written if it could not.

    The reports are there all the same.
    """
    from .index import index_page

    earlier = list(_earlier(folder, kept, {item.name for item in outcomes}))
    same = all(row["report"] == found.name for row in earlier)
    rows = [*(_row(found, item) for item in outcomes), *earlier]
    try:
        return index_page(rows, folder, title=found.title if same else None), ""
    except ReportError as error:
        return folder / _NAME, str(error)


def _row(found: Report, item: Outcome) -> Row:
    return {
        "title": found.title,
        "report": found.name,
        "parameters": dict(item.parameters),
        "files": {to: path.name for to, path in item.files.items()},
        "status": "failed" if item.status == "failed" else "done",
        "message": item.message,
    }


def _earlier(folder: Path, kept: manifest.Manifest, now: set[str]) -> list[Row]:
    """Rows of what earlier batches finished and left in the folder."""
    titles = {report.name: report.title for report in reports()}
    rows = []
    for name, record in kept.records.items():
        files = _files(folder, record["outputs"])
        if name in now or record["status"] != "done" or not files:
            continue
        about, values = str(record.get("report", "")), record.get("parameters")
        row = {"title": titles.get(about, about), "report": about, "files": files, "status": "done"}
        rows.append({**row, "parameters": values if isinstance(values, Mapping) else {}})
    return rows


def _files(folder: Path, outputs: Mapping[str, Any]) -> dict[str, str]:
    """Files by format; none if one is gone, or its name leads elsewhere."""
    whole = all(Path(name).name == name and (folder / name).is_file() for name in outputs)
    return {Path(name).suffix[1:]: name for name in outputs} if whole else {}
