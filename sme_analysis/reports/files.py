"""Writing files whole or not at all."""

from __future__ import annotations

import uuid
from pathlib import Path

from .notebook import ReportError


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
        aside.unlink(missing_ok=True)
