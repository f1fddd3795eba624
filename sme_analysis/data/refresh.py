"""After an edit to a table: sort it, rewrite hashes and dictionary, and print what changed.

Run it with `make data`. The comparison is with the last commit, where git knows one.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..locations import folder
from . import catalogue, dictionary
from .verify import digest, verify

Row = tuple[str, ...]
_EXAMPLES = 5


def main() -> int:
    """Rewrite the registry's hashes and the dictionary; return 1 if the data do not verify."""
    where = folder("data")
    package = json.loads((where / catalogue.REGISTRY).read_bytes())
    for entry in package["resources"]:
        path = where / entry["path"]
        header, rows = _parse(path.read_text(encoding="utf-8"), entry["name"])
        rows = sort_rows(header, rows, entry["schema"])
        replace(path, _csv(header, rows))
        print(difference(entry, _committed(path), (header, rows)))
        entry.update(hash=digest(path), bytes=path.stat().st_size, rows=len(rows))
    replace(where / catalogue.REGISTRY, json.dumps(package, indent=2, ensure_ascii=False) + "\n")
    replace(where / "README.md", dictionary.render(package))
    problems = verify(where)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, encoding="utf-8", newline="")
    aside.replace(path)


def sort_rows(header: list[str], rows: list[Row], schema: dict[str, Any]) -> list[Row]:
    """Sort rows by primary key, integer columns as numbers."""
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    key = schema["primaryKey"]
    places = [
        (header.index(column), kinds[column]) for column in ([key] if isinstance(key, str) else key)
    ]

    def order(row: Row) -> list[tuple[int, str]]:
        return [(int(row[i]), "") if k == "integer" and row[i] else (0, row[i]) for i, k in places]

    return sorted(rows, key=order)


def difference(entry: dict[str, Any], old: str | None, new: tuple[list[str], list[Row]]) -> str:
    """Say how many rows were added, removed and changed, with examples."""
    header, rows = new
    name = entry["name"]
    if old is None:
        return f"{name}: {len(rows)} rows, not committed before"
    old_header, old_rows = _parse(old, name)
    key = entry["schema"]["primaryKey"]
    key = [key] if isinstance(key, str) else key
    if not set(key) <= set(old_header):
        return f"{name}: {len(rows)} rows; the key changed, no comparison"
    before = _keyed(old_rows, [old_header.index(column) for column in key])
    after = _keyed(rows, [header.index(column) for column in key])
    added, removed = after.keys() - before.keys(), before.keys() - after.keys()
    changed = [
        k for k in after.keys() & before.keys() if (old_header, before[k]) != (header, after[k])
    ]
    counts = f"{len(added)} added, {len(removed)} removed, {len(changed)} changed"
    lines = [f"{name}: {len(rows)} rows; {counts}"]
    for sign, keys in (("+", added), ("-", removed), ("~", changed)):
        ordered = sorted(keys)
        lines += [f"  {sign} {' '.join(k)}" for k in ordered[:_EXAMPLES]]
        if len(ordered) > _EXAMPLES:
            lines.append(f"  {sign} ... and {len(ordered) - _EXAMPLES} more")
    return "\n".join(lines)


def _keyed(rows: list[Row], places: list[int]) -> dict[Row, Row]:
    return {tuple([row[place] for place in places]): row for row in rows}


def _parse(text: str, name: str) -> tuple[list[str], list[Row]]:
    header, *rows = [tuple(row) for row in csv.reader(io.StringIO(text))]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataError(
                f"{name}, line {number}: {len(row)} cells, the header has {len(header)}"
            )
    return list(header), rows


def _csv(header: list[str], rows: list[Row]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def _committed(path: Path) -> str | None:
    """Return the file as of the last commit, or None where there is none."""
    command = ["git", "-C", str(path.parent), "show", f"HEAD:./{path.name}"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode("utf-8")


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except (DataError, OSError, ValueError) as error:
        raise SystemExit(f"make data: {error}") from None
