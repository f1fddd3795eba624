"""The warm parent: a process that has imported everything and forks one child for each task.

Starting Python, IPython and the plotting libraries is most of the cost of a short notebook. This
process pays it once. It runs no notebook code and has one thread, so that a fork copies a known
state; each child is a process of its own that shares nothing with the next.

It is started by `warm.Warm` with one end of a socket, over which requests come as JSON:

    {"task": "kernel", "argv": [...], "env": {...}, "cwd": "..."}     an IPython kernel
    {"task": "driver", "env": {...}, "cwd": "..."}                    a process that runs reports

with open files passed along (the child's own channel; for a kernel also its standard output). On
the channel go `{"pid": ...}`, then `{"exit": ...}`. Children live no longer than whoever asked for
them: if that end of the socket closes, be it by `kill -9`, they are killed with all they started,
and if this process dies, the kernel of Linux kills them (elsewhere they notice within a second).
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .catalogue import reports
from .children import DRIVER, FIRST, REST, become, leave, light, preload, threads
from .wire import receive, send


@dataclass(eq=False)
class _Asker:
    """One end that may ask for children."""

    sock: socket.socket
    children: dict[int, socket.socket] = field(default_factory=dict)


class _Parent:
    """The loop of the warm parent."""

    def __init__(self, root: socket.socket, *, warm: bool) -> None:
        self._asked, self._warm = 0, warm
        self._selector = selectors.DefaultSelector()
        self._root = _Asker(root)
        self._askers = {self._root}
        self._selector.register(root, selectors.EVENT_READ, self._root)
        self._wake, wake = socket.socketpair()
        self._wake.setblocking(False)
        wake.setblocking(False)
        self._waker = wake
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)

    def serve(self) -> Callable[[], None] | None:
        """Fork children until the first asker is gone; in a child, return what it is to do."""
        _tell(self._root.sock, {"ready": True})
        while self._root in self._askers:
            for key, _ in self._selector.select():
                asker = key.data
                if asker is None:
                    self._drain()
                    self._reap()
                elif asker in self._askers:
                    task = self._answer(asker)
                    if task is not None:
                        return task
        for asker in list(self._askers):
            self._forget(asker)
        self._reap(wait=True)
        return None

    def _answer(self, asker: _Asker) -> Callable[[], None] | None:
        try:
            message, files = receive(asker.sock, 4)
        except EOFError:
            self._forget(asker)
            return None
        self._asked += 1
        if self._asked == 2 and not self._warm:
            preload(REST, [name for report in reports() for name in report.warm])
            self._warm = True
        channel = socket.socket(fileno=files.pop(0))
        ours, theirs = (
            socket.socketpair() if message["task"] == "driver" else (None, None)
        )  # a driver may ask for kernels itself
        pid = os.fork()
        if pid == 0:
            self._leave(keep=theirs)
            if ours is not None:
                ours.close()
            return become(message, channel, theirs, files)
        for item in files:
            os.close(item)
        if ours is not None and theirs is not None:
            theirs.close()
            self._askers.add(new := _Asker(ours))
            self._selector.register(ours, selectors.EVENT_READ, new)
        asker.children[pid] = channel
        _tell(channel, {"pid": pid})
        return None

    def _leave(self, keep: socket.socket | None) -> None:
        """In a child: let go of all that belongs to the parent."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for asker in self._askers:
            asker.sock.close()
            for channel in asker.children.values():
                channel.close()
        self._wake.close()
        self._waker.close()

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wake.recv(4096):
                pass

    def _reap(self, *, wait: bool = False) -> None:
        """Collect children that have ended and say so on their channels."""
        while True:
            try:
                pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)  # what it started and left
            for asker in self._askers:
                channel = asker.children.pop(pid, None)
                if channel is not None:
                    _tell(channel, {"exit": os.waitstatus_to_exitcode(status)})
                    channel.close()

    def _forget(self, asker: _Asker) -> None:
        """Kill the children of an asker that is gone, and all that they started."""
        self._askers.discard(asker)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(asker.sock)
        asker.sock.close()
        for pid, channel in asker.children.items():
            for kill in (os.killpg, os.kill):  # a child just forked has no group of its own yet
                with contextlib.suppress(OSError):
                    kill(pid, signal.SIGKILL)
            channel.close()
        asker.children.clear()


def _tell(channel: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        send(channel, message)


def main() -> None:
    """Serve the socket whose number is the first argument; the second names what to import."""
    root = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked
    home = sys.argv[3]
    code = 1
    parent = os.getpid()
    try:
        preload(FIRST)
        what, *wanted = sys.argv[2].split(",")
        if what == "driver":
            with light():
                preload(DRIVER, wanted)
        if threads() > 1:
            raise SystemExit(
                "a library started threads when it was imported: this cannot be forked."
            )
        task = _Parent(root, warm=what == "driver").serve()
        if task is not None:
            task()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if isinstance(stop.code, str):
            print(stop.code, file=sys.__stderr__, flush=True)
    finally:
        if os.getpid() == parent:
            if code == 0:
                shutil.rmtree(home, ignore_errors=True)  # also after a `kill -9` of the asker
            os._exit(code)
        leave(code)
