"""What the warm parent imports, and what its children become: a kernel, or a driver of reports."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib.util
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .wire import receive, send

# What a child finds imported; a name that is unknown is passed over. FIRST is what every report
# needs, so that a single one loses nothing by it. REST comes before the second child of a parent
# that does not know which notebooks it is for; one that runs reports knows, and has DRIVER beside.
FIRST = (
    "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "sqlite3", "tornado.platform.asyncio", "zmq.utils.garbage",
    "pandas", "pandas.io.formats.string", "matplotlib.pyplot", "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg", "sme_analysis.display", "sme_analysis.findings",
    "sme_analysis.investment", "sme_analysis.plots", "sme_analysis.reports.parameters",
)  # fmt: skip
REST = ("jedi", "seaborn", "scipy.stats", "scipy.optimize", "statsmodels.api", "openpyxl")
DRIVER = ("papermill", "nbclient", "nbformat", "sme_analysis.reports.jobs")
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def preload(names: Sequence[str], wanted: Sequence[str] | None = None) -> None:
    """Import modules; then fill caches, with what is `wanted`; keep all of it out of the way."""
    for name in names:
        with contextlib.suppress(Exception):  # a notebook that needs it will say what is wrong
            importlib.import_module(name)
    if wanted is not None:
        from .warming import warm_up

        warm_up(wanted)
    gc.collect()
    gc.freeze()  # children never walk, and so never copy, what they inherit
    gc.set_threshold(20_000, 20, 100)  # their life is short; walking what they make is not free


@contextlib.contextmanager
def light() -> Iterator[None]:
    """Import `nbformat` without a package that jsonschema takes along if it is there.

    It builds a grammar of internationalised addresses, for a second and more, with which jsonschema
    could check a format that no notebook has.
    """
    name = "rfc3987_syntax"
    absent = name not in sys.modules
    if absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules[name]


def threads() -> int:
    """Return the number of threads of this process, those of libraries included where known."""
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208
    return threading.active_count()


def become(
    message: dict[str, Any], channel: socket.socket, asking: socket.socket | None, files: list[int]
) -> Callable[[], None]:
    """Prepare the process of a child; return its task, to be run where the stack is empty."""
    parent = os.getppid()
    os.setsid()  # a group of its own: one signal reaches all that it starts
    _die_with(parent)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    for number, item in enumerate(files, start=1):
        os.dup2(item, number)
    for item in files:
        os.close(item)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # else every child would draw the same numbers
    if message["task"] == "driver" and asking is not None:
        return lambda: _driver(message, channel, asking)
    channel.close()
    return lambda: _kernel(message, parent)


def _die_with(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _kernel(message: dict[str, Any], parent: int) -> None:
    """Become the IPython kernel that `python -m ipykernel_launcher ARGUMENTS` would be."""
    _move(message)
    os.environ["JPY_PARENT_PID"] = str(parent)
    from ipykernel import kernelapp

    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *message["argv"]]
    # Read from JPY_PARENT_PID when ipykernel was imported, long before there was a kernel.
    sys.argv.append(f"--IPKernelApp.parent_handle={parent}")
    kernelapp.launch_new_instance()


def _move(message: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(message["env"])
    os.chdir(message["cwd"])


def _driver(message: dict[str, Any], channel: socket.socket, asking: socket.socket) -> None:
    """Run reports, one after the other, each in a kernel of its own."""
    from . import jobs, warm

    _move(message)
    warm.adopt(asking, Path(sys.argv[3]))
    with contextlib.suppress(EOFError, OSError):  # whoever asked is gone
        while True:
            send(channel, jobs.deliver(receive(channel)[0]))


def leave(code: int) -> None:
    """End a child: what was registered for the exit runs, the tearing down of modules does not."""
    error = sys.exc_info()[1]
    if error is not None and not isinstance(error, SystemExit):
        traceback.print_exception(error, file=sys.__stderr__)
    atexit._run_exitfuncs()
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()  # type: ignore[union-attr]
    os._exit(code)
