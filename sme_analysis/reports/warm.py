"""Asking the warm parent (`forking`) for children: kernels, and processes that run reports.

Standard library only: a parent can be started before anything heavy is imported here, and warms up
meanwhile.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .wire import receive, send

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
# Libraries that start threads when imported are told not to: a fork copies one thread only.
_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS",
)  # fmt: skip
# Settings that Python and the libraries read once: parents that differ in them are not shared.
_READ_ONCE = ("PYTHON", "MPL", "MATPLOTLIB", *_ONE_THREAD)
# As in `-m`, but without the working folder on the path: a `random.py` there is not Python's. The
# last argument is where this package lies, which a fresh interpreter may not know.
_START = (
    "import sys; sys.path[:1] == [''] and sys.path.pop(0); "
    "root = sys.argv.pop(); root in sys.path or sys.path.append(root); "
    "from sme_analysis.reports.forking import main; main()"
)
ENGINE = "SME_ANALYSIS_ENGINE"  # environment variable: "fork" or "kernel"


class WarmError(Exception):
    """The warm parent could not be started, or is gone: an ordinary kernel is to be used."""


def available() -> bool:
    """Whether processes can be forked safely here, unless the environment says otherwise.

    On macOS the system's own libraries may not survive a fork; SME_ANALYSIS_ENGINE=fork tries it,
    SME_ANALYSIS_ENGINE=kernel asks for ordinary kernels anywhere.
    """
    wanted = os.environ.get(ENGINE, "")
    if wanted == "kernel" or not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        return False
    return wanted == "fork" or sys.platform != "darwin"


class Child:
    """A child of the warm parent, with the methods of `subprocess.Popen` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.returncode: int | None = None
        try:
            self.pid = int(receive(channel)[0]["pid"])
        except EOFError as error:
            channel.close()
            raise WarmError("the warm process is gone") from error

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None while the child lives."""
        if self.returncode is None and select.select([self.channel], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def _ended(self) -> None:
        try:
            self.returncode = int(receive(self.channel)[0]["exit"])
        except (EOFError, KeyError):
            self.returncode = -signal.SIGKILL  # the parent is gone, and its children with it
        self.channel.close()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the child to end and return its exit code."""
        if self.returncode is None:
            if not select.select([self.channel], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"child {self.pid}", timeout or 0)
            self._ended()
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Signal the child and all that it started."""
        if self.poll() is None:
            for kill in (os.killpg, os.kill):  # a child just forked has no group of its own yet
                with contextlib.suppress(ProcessLookupError):
                    kill(self.pid, number)
                    return

    def terminate(self) -> None:
        """Ask the child to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the child."""
        self.send_signal(signal.SIGKILL)


class Warm:
    """A warm parent process, started at once and ready when first asked.

    Parameters
    ----------
    env : mapping, optional
        Environment in which it imports; by default that of this process.
    drivers : sequence of str, optional
        It is to run whole reports too, not kernels alone; and what they need, as in `Report.warm`.
    """

    def __init__(
        self, env: Mapping[str, str] | None = None, *, drivers: Sequence[str] | None = None
    ) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="sme-analysis-"))
        self._lock = threading.Lock()
        self._ready: bool | None = None
        self._said = ""
        self._pid = os.getpid()
        self._sock, theirs = socket.socketpair()
        what = "kernel" if drivers is None else ",".join(("driver", *drivers))
        command = [
            sys.executable, "-c", _START, str(theirs.fileno()), what, str(self.home),
            str(_PACKAGE_PARENT),
        ]  # fmt: skip
        try:
            with theirs, (self.home / "warm.log").open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603
                    command,
                    env=_environment(os.environ if env is None else env),
                    pass_fds=[theirs.fileno()],
                    cwd=self.home,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
        except OSError as error:
            self._sock.close()
            shutil.rmtree(self.home, ignore_errors=True)
            raise WarmError(f"the warm process could not be started ({error.strerror})") from error
        _all.add(self)

    def kernel(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: str, out: int, err: int
    ) -> Child:
        """Fork an IPython kernel with the arguments of `ipykernel_launcher`."""
        task = {"task": "kernel", "argv": list(argv), "env": dict(env), "cwd": cwd}
        return self._ask(task, [out, err])

    def driver(self, env: Mapping[str, str]) -> Child:
        """Fork a process that runs reports, one for each message on its channel."""
        return self._ask({"task": "driver", "env": dict(env), "cwd": str(Path.cwd())}, [])

    def _ask(self, message: dict[str, Any], files: list[int]) -> Child:
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._lock:
                send(self._sock, message, [theirs.fileno(), *files])
        except OSError as error:
            ours.close()
            raise WarmError("the warm process is gone") from error
        return Child(ours)

    @property
    def alive(self) -> bool:
        """Whether it can be asked, in this very process."""
        return (
            self._pid == os.getpid() and self._sock.fileno() >= 0 and self._process.poll() is None
        )

    def ready(self) -> bool:
        """Wait until it can fork; False if it cannot, as `log` says."""
        with self._lock:
            if self._ready is None:
                try:
                    self._ready = bool(receive(self._sock)[0].get("ready"))
                except EOFError:
                    self._ready = False
            return self._ready

    def log(self) -> str:
        """Return the last line that it printed."""
        with contextlib.suppress(OSError):
            lines = (self.home / "warm.log").read_text(errors="replace").split("\n")
            self._said = next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
        return self._said

    def close(self) -> None:
        """End the process and all its children."""
        if self._pid != os.getpid():
            return
        if self._ready is None:
            self._process.kill()  # nobody has asked it for a child yet
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # also for whoever waits in `ready`
        self._sock.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()


class Adopted(Warm):
    """The warm parent of this very process, over the socket it left us."""

    def __init__(self, sock: socket.socket, home: Path) -> None:
        self.home, self._sock, self._pid = home, sock, os.getpid()
        self._lock = threading.Lock()
        self._ready = True

    @property
    def alive(self) -> bool:
        """Always: this process ends with its parent."""
        return True

    def close(self) -> None:
        """Let go of the socket."""
        self._sock.close()


_all: weakref.WeakSet[Warm] = weakref.WeakSet()
_shared: dict[tuple[tuple[str, str], ...], Warm] = {}
_sharing = threading.Lock()


def shared(env: Mapping[str, str] | None = None) -> Warm:
    """Return this process's warm parent for an environment; start it if there is none.

    Raises
    ------
    WarmError
        If it cannot be started.
    """
    given = os.environ if env is None else env
    key = tuple(sorted((k, v) for k, v in given.items() if k.startswith(_READ_ONCE)))
    with _sharing:
        if _adopted:
            return _adopted[0]
        found = _shared.get(key)
        if found is not None and found._ready is False:
            raise WarmError(f"nothing can be forked here: {found.log()}")
        if found is None or not found.alive:
            found = _shared[key] = Warm(given)
        return found


_adopted: list[Warm] = []


def adopt(sock: socket.socket, home: Path) -> None:
    """Take kernels from the process that forked this one."""
    _adopted[:] = [Adopted(sock, home)]


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    env = {**given, **dict.fromkeys(_ONE_THREAD, "1")}
    env["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # the debugger's start-up warning
    # What ipykernel sets before a notebook imports matplotlib.
    env["MPLBACKEND"] = given.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"
    return env


@atexit.register
def _close() -> None:
    """End what was started, rather than leave it to notice."""
    for warm in list(_shared.values()):
        warm.close()


def _forget() -> None:
    """In a process forked from this one: these parents are not its own."""
    for warm in list(_all):
        warm._sock.close()
    _shared.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
