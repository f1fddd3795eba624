"""What the command line prints: tables that fit the terminal, and complaints."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import Any


def complain(message: str) -> None:
    """Say what went wrong, on stderr."""
    for line in message.splitlines():
        print(f"sme-analysis: {line}", file=sys.stderr)


def cells(frame: Any) -> list[list[str]]:
    """Return the cells of a frame as text; a blank for what is missing."""
    return [[plain(value) for value in row] for row in frame.itertuples(index=False)]


def plain(value: object) -> str:
    """Return a value as a reader would write it."""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None or str(value) in ("<NA>", "nan") else str(value)


def width() -> int:
    """Return the width to print in, in characters."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 140))


def table(header: list[str], rows: list[list[str]]) -> None:
    """Print rows in columns; the widest columns are wrapped until a row fits the terminal."""
    widths = [max(len(row[k]) for row in [header, *rows]) for k in range(len(header))]
    spare = width() - 2 * (len(widths) - 1)
    while sum(widths) > spare and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1
    for row in [header, ["-" * wide for wide in widths], *rows]:
        wrapped = [
            textwrap.wrap(cell, wide) or [""] for cell, wide in zip(row, widths, strict=True)
        ]
        for line in range(max(map(len, wrapped))):
            parts = [part[line] if line < len(part) else "" for part in wrapped]
            text = "  ".join(cell.ljust(wide) for cell, wide in zip(parts, widths, strict=True))
            print(text.rstrip())
