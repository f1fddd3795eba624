"""One refresh at a time: a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..errors import DataError

_FILE = "refresh.lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock of a data folder.

    Raises
    ------
    DataError
        If another process holds it, or the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / _FILE).open("a+b")
    except OSError as error:
        raise DataError(
            f"the data folder {folder} cannot be written to: {error.strerror}"
        ) from None
    with stream:
        try:
            _take(stream)
        except OSError:
            raise DataError(
                "another refresh is under way in this data folder: wait until it has ended"
            ) from None
        try:
            yield
        finally:
            _release(stream)


if sys.platform == "win32":
    import msvcrt

    def _take(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

    def _release(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


def alive(number: int) -> bool:
    """Whether a process of that number runs; where the system cannot say so, it is taken to."""
    if os.name == "nt":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
