"""Checksums of archives: recorded at the first download, compared at every later one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..data import choice, shelf
from ..errors import DataError, ServiceError

_FILE = "checksums.json"


def trusted(url: str, sha256: str, day: str, *, renew: bool = False) -> bool:
    """Compare an archive with the first one downloaded from an address.

    Parameters
    ----------
    url, sha256, day : str
        Address, hash of the archive, and day of this download.
    renew : bool
        Take a changed archive, and record it in place of the first.

    Returns
    -------
    bool
        Whether the archive was known already.

    Raises
    ------
    ServiceError
        If the archive has changed.
    DataError
        If the record cannot be read or written.
    """
    path = shelf.home() / _FILE
    record = _record(path)
    known = record.get(url)
    if known and known["sha256"] == sha256:
        return True
    if known and not renew:
        raise ServiceError(
            f"{url} is not the archive that was first downloaded on {known['day']}: if its "
            "publisher says why, --trust-new takes it"
        )
    record[url] = {"sha256": sha256, "day": day}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        choice.write_whole(path, (json.dumps(record, indent=2, sort_keys=True) + "\n").encode())
    except OSError as error:
        raise DataError(f"checksums cannot be written to {path}: {error.strerror}") from None
    return False


def _record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_bytes())
        if not all(isinstance(item["sha256"], str) for item in record.values()):
            raise ValueError("no hash")
        return dict(record)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, LookupError, TypeError):
        raise DataError(
            f"the record of checksums {path} is damaged: remove it to begin anew"
        ) from None
