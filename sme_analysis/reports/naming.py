"""File names made of parameters: safe on every file system, and one for each set of values."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from .catalogue import Report
from .parameters import Parameters
from .rules import OneOf

LONGEST = 100  # characters; with an ending well below the 255 bytes that file systems take
# Names that Windows keeps for devices, with any ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])([._-].*)?", re.IGNORECASE)


def file_stem(found: Report, values: Parameters) -> str:
    """Return the file name, without ending, of a report with these values.

    Letters, digits, ".", "_" and "-" only; 100 characters at most. Where that loses anything, a
    short hash of the values keeps two reports apart.
    """
    changed = differing(found, values)
    stem = re.sub(r"[^A-Za-z0-9_]+", "-", found.name).strip("-_") or "report"
    lossless = stem == found.name
    if _RESERVED.fullmatch(stem):
        stem = f"report-{stem}"
    for name, value in changed.items():
        text = ",".join(value) if isinstance(value, list) else str(value)
        safe = re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")
        # Some file systems take "a" and "A" for one name; choices differ in more than case.
        distinct = text == text.lower() or isinstance(found.rules.get(name), OneOf)
        lossless = lossless and safe == text and distinct
        stem += f"_{name}-{safe}"
    if lossless and len(stem) <= LONGEST:
        return stem
    record = json.dumps([found.name, changed], sort_keys=True).encode()
    digest = hashlib.sha256(record).hexdigest()[:10]
    return f"{stem[: LONGEST - len(digest) - 1].rstrip('-._')}_{digest}"


def differing(found: Report, values: Parameters) -> dict[str, Any]:
    """Return the values that differ from the notebook's defaults."""
    defaults = found.parameters
    return {name: value for name, value in values.items() if value != defaults[name].default}
