"""Writing files whole or not at all."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path

from ..errors import ParameterError
from .notebook import ReportError


def folder_named(text: str | Path) -> Path:
    """Return the folder that a person named; "~" stands for the home folder.

    Raises
    ------
    ParameterError
        If the name is empty or holds U+0000.
    """
    if "\0" in str(text):
        raise ParameterError("the name of a folder cannot contain the character U+0000.")
    if not str(text).strip():
        raise ParameterError("the name of the folder is empty: write . for the current one.")
    try:
        return Path(text).expanduser()
    except RuntimeError:  # no such user
        return Path(text)


def write_whole(target: Path, content: bytes, *, prefix: str = "") -> None:
    """Write a file aside and move it into place: at no moment is there a part of it.

    `prefix` marks the file aside, should a killed process leave it.

    Raises
    ------
    ReportError
        If the file cannot be written.
    """
    aside = target.with_name(f".{prefix}{uuid.uuid4().hex}.part")
    try:
        with aside.open("xb") as stream:
            stream.write(content)
        aside.replace(target)
    except OSError as error:
        raise ReportError(f"cannot write {target}: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):  # where nothing could be written, nothing is left
            aside.unlink(missing_ok=True)
