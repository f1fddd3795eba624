"""Reading a downloaded archive in memory: nothing is unpacked to disk, and nothing in it is run.

Every member is counted before it is used, so that a small file cannot fill the memory; names that
lead elsewhere, links and encrypted members are refused.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..errors import ServiceError

_MEMBERS = 2_000
_PIECE = 1 << 20


def member(content: bytes, suffix: str, limit: int) -> bytes:
    """Return the one file in an archive whose name ends with `suffix`.

    Parameters
    ----------
    content : bytes
        A zip archive.
    suffix : str
    limit : int
        Largest size in bytes of that file, and of all files together, unpacked.

    Raises
    ------
    ServiceError
        If the archive is damaged, unsafe or too large, or has no such file or several.
    """
    with _open(content, limit) as archive:
        found = [
            item
            for item in archive.infolist()
            if item.filename.casefold().endswith(suffix.casefold())
            and not PurePosixPath(item.filename).name.startswith((".", "~$"))
            and "__MACOSX" not in item.filename
        ]
        if len(found) != 1:
            raise ServiceError(
                f"the archive holds {len(found)} files that end with {suffix}, one is expected"
            )
        return b"".join(_pieces(archive, found[0], limit))


def check(content: bytes, limit: int) -> None:
    """Refuse a workbook that unpacks to more than `limit` bytes or declares XML entities.

    Raises
    ------
    ServiceError
    """
    with _open(content, limit) as archive:
        rest = limit
        for item in archive.infolist():
            head = b""
            for piece in _pieces(archive, item, rest):
                rest -= len(piece)
                head = head or piece[:4096]
            if b"<!DOCTYPE" in head.upper():
                raise ServiceError("the workbook declares a document type, which is not read")


def _open(content: bytes, limit: int) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ServiceError("the archive is damaged: it is no zip file") from None
    items = archive.infolist()
    if len(items) > _MEMBERS or sum(item.file_size for item in items) > limit:
        raise ServiceError(f"the archive unpacks to more than {limit / 1e6:,.0f} MB or files")
    for item in items:
        path = PurePosixPath(item.filename.replace("\\", "/"))
        link = stat.S_ISLNK(item.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0:1] or link:
            raise ServiceError("the archive names a file outside itself, which is not read")
        if item.flag_bits & 0x1:
            raise ServiceError("the archive is protected by a password")
    return archive


def _pieces(archive: zipfile.ZipFile, item: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """Unpack a member piece by piece: its stated size may be a lie."""
    size = 0
    try:
        with archive.open(item) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise ServiceError(f"the archive unpacks to more than {limit / 1e6:,.0f} MB")
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise ServiceError("the archive is damaged") from None
