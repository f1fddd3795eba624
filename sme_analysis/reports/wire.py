"""Messages between the warm parent, its children and who asked for them: JSON and open files."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

_HEAD = struct.Struct("!I")
_LONGEST = 1 << 24  # bytes of one request


def send(sock: socket.socket, message: dict[str, Any], files: Sequence[int] = ()) -> None:
    """Send one message, with open files if any."""
    body = json.dumps(message).encode()
    data = _HEAD.pack(len(body)) + body
    sent = socket.send_fds(sock, [data], list(files)) if files else sock.send(data)
    if sent < len(data):
        sock.sendall(data[sent:])


def receive(sock: socket.socket, files: int = 0) -> tuple[dict[str, Any], list[int]]:
    """Receive one message and its open files.

    Raises
    ------
    EOFError
        If the other side is gone.
    """
    given: list[int] = []
    try:
        data, given, _, _ = socket.recv_fds(sock, _HEAD.size, files) if files else (
            sock.recv(_HEAD.size), [], 0, None
        )  # fmt: skip
        data += _exactly(sock, _HEAD.size - len(data)) if data else b""
        if not data:
            raise EOFError
        (length,) = _HEAD.unpack(data)
        if length > _LONGEST:
            raise EOFError
        for item in given:
            os.set_inheritable(item, False)
        return dict(json.loads(_exactly(sock, length))), given
    except (OSError, ValueError, EOFError) as error:
        for item in given:
            os.close(item)
        raise EOFError from error


def _exactly(sock: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = sock.recv(length - len(data))
        if not part:
            raise EOFError
        data += part
    return data
