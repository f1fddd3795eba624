"""Finding a Chromium-family browser on this machine, and running it for one piece of work."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..errors import ParameterError
from .notebook import ReportError
from .rules import shown

VARIABLE = "SME_ANALYSIS_BROWSER"
_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser", "brave", "vivaldi",
)  # fmt: skip
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser", "Vivaldi")
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
    r"BraveSoftware\Brave-Browser\Application\brave.exe",
    r"Vivaldi\Application\vivaldi.exe",
)
# Nothing of the user's, nothing in the background, nothing from any network.
_QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--disable-crash-reporter", "--disable-breakpad",
    "--disable-dev-shm-usage", "--mute-audio", "--password-store=basic", "--use-mock-keychain",
)  # fmt: skip
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND"


def find_browser(given: str | Path | None = None) -> Path:
    """Return the program of a Chromium-family browser.

    Parameters
    ----------
    given : path or name, optional
        Of the browser to use; by default what the environment variable SME_ANALYSIS_BROWSER names,
        else the first one found on the PATH and in the usual places.

    Raises
    ------
    ParameterError
        If the one given is not there.
    ReportError
        If there is none.
    """
    for wanted, where in ((given, "as the browser"), (os.environ.get(VARIABLE), f"in {VARIABLE}")):
        if wanted:
            named = None if "\0" in str(wanted) else shutil.which(str(wanted))
            if named is None:
                name = shown(str(wanted), limit=400)
                raise ParameterError(
                    f"{name}, given {where}, is no program: name a Chromium-family browser "
                    "(Chromium, Chrome, Edge) or its path."
                )
            return Path(named)
    for name in _NAMES:
        if there := shutil.which(name):
            return Path(there)
    for path in _usual_places():
        if path.is_file() and os.access(path, os.X_OK):
            return path
    raise ReportError(
        "a PDF needs a Chromium-family browser (Chromium, Chrome, Edge), and none was found: "
        f"install one, or give its path with --browser or in {VARIABLE}."
    )


def _usual_places(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ
) -> Iterator[Path]:
    """Yield where installers put browsers without entering them in the PATH."""
    if platform == "darwin":
        for root in (Path("/Applications"), Path.home() / "Applications"):
            yield from (root / f"{name}.app/Contents/MacOS/{name}" for name in _MAC)
    elif platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder := environment.get(variable):
                yield from (Path(folder) / name for name in _WINDOWS)


@contextlib.contextmanager
def workshop(browser: Path) -> Iterator[Path]:
    """Give a folder that the browser can read and write; it is gone afterwards.

    The browsers that snap packages on Ubuntu see neither /tmp nor hidden folders, only their own.
    """
    name = browser.name
    snap = Path.home() / "snap" / "chromium" / "common"
    confined = "snap" in browser.resolve().parts or (
        name.startswith("chromium") and Path("/snap/bin/chromium").exists()
    )
    root = snap if confined and snap.is_dir() else None
    with tempfile.TemporaryDirectory(
        prefix="sme-analysis-", dir=root, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def command(browser: Path, profile: Path, *options: str) -> list[str]:
    """Return the command line of a quiet, offline, headless browser with a profile of its own."""
    # As root Chromium refuses to start with its sandbox; anybody else keeps it.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    sandbox = ["--no-sandbox"] if root else []
    return [str(browser), *_QUIET, *sandbox, OFFLINE, f"--user-data-dir={profile}", *options]


def run(arguments: Sequence[str], timeout: float) -> str:
    """Run a browser to its end; return what it said on stderr.

    Raises
    ------
    ReportError
        If it cannot be started or takes longer than `timeout` seconds: it is then ended, with the
        processes it began.
    """
    name = Path(arguments[0]).name
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, and the user's own browser
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # one group, so that none of its helpers is left behind
        )
    except OSError as error:
        raise ReportError(f"the browser {name} cannot be started: {error.strerror}.") from error
    try:
        said = process.communicate(timeout=timeout)[1]
    except subprocess.TimeoutExpired:
        raise ReportError(
            f"the browser {name} did not finish within {timeout:g} seconds."
        ) from None
    finally:
        end(process)
    return said.decode("utf-8", "replace")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a browser begun in a session of its own, with all its helpers."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=10)
