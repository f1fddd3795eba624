"""Where the shipped data and notebooks are: beside the package, or inside it in a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .errors import DataError

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """Return the folder `name` ("data" or "notebooks") that belongs to this installation.

    Raises
    ------
    DataError
        If the installation carries no such folder.
    """
    for candidate in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise DataError(
        f"this installation of sme_analysis has no {name!r} folder: reinstall the package"
    )
