"""Running a report: checked parameters, a kernel of this very interpreter, finished files."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data import choice
from ..errors import ParameterError
from . import notebook as nb
from . import warm
from .catalogue import Report, report
from .files import folder_named, write_whole
from .formats import as_text, prepare, render
from .naming import differing, file_stem
from .notebook import ReportError
from .parameters import Parameters, check
from .rules import shown

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


def run(
    name: str | Report,
    parameters: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    to: str = "html",
    code: bool = False,
    timeout: float = 600,
    browser: str | Path | None = None,
) -> Path:
    """Run a report and write it as one file.

    Parameters
    ----------
    name : str or Report
    parameters : mapping, optional
        Values that differ from the notebook's defaults. Checked before anything starts.
    out : path, optional
        Folder to write to, created if missing; by default `out` in the working directory.
    to : {"html", "pdf", "xlsx", "ipynb"}
    code : bool
        Show the code cells in the page. A notebook always has them.
    timeout : float
        Longest time for one cell, in seconds.
    browser : path or name, optional
        Prints the PDF; by default one that is found.

    Returns
    -------
    Path
        The file: whole, or not there at all. Its name comes from the report and the parameters
        that differ from their defaults; an earlier file of that name is replaced.

    Raises
    ------
    UnknownNameError
        If there is no such report.
    ParameterError
        If a value is not accepted, or `out` cannot be a folder.
    ReportError
        If a cell fails, or the file cannot be written.
    """
    return run_formats(
        name, parameters, out=out, formats=[to], code=code, timeout=timeout, browser=browser
    )[0]


def run_formats(
    name: str | Report,
    parameters: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    formats: Sequence[str] = ("html",),
    code: bool = False,
    timeout: float = 600,
    browser: str | Path | None = None,
) -> list[Path]:
    """Run a report once and write it in several formats; arguments and errors are those of `run`.

    Returns
    -------
    list of Path
        One file for each format.
    """
    found = name if isinstance(name, Report) else report(name)
    for to in formats:
        prepare(to, browser)
    values = check(found, parameters or {})
    stem = file_stem(found, values)
    folder = usable_folder(out)
    targets = [folder / f"{stem}.{to}" for to in formats]
    for target in targets:
        if target.is_dir():
            raise ParameterError(f"cannot write {target}: there is a folder of that name.")
    executed = execute(found, values, timeout=timeout)
    contents = [render(executed, to, code=code, browser=browser) for to in formats]
    for target, content in zip(targets, contents, strict=True):
        write_whole(target, content)
    return targets


def refresh(name: str | Report, *, timeout: float = 600) -> Path:
    """Run a notebook with its defaults and write it, with its outputs, where it is kept.

    For the keepers of the notebooks: two calls in a row leave the file unchanged.
    """
    found = name if isinstance(name, Report) else report(name)
    content = as_text(execute(found, check(found, {}), timeout=timeout)).encode("utf-8")
    write_whole(found.path, content)
    return found.path


def execute(found: Report, values: Parameters, *, timeout: float = 600) -> dict[str, Any]:
    """Execute a report's notebook with checked values; return it tidied, outputs included.

    The values that differ from the notebook's defaults are injected; all of them are recorded in
    the notebook's metadata under "sme_analysis". The kernel is forked from a warm process where
    that can be done (`warm.available`), else an ordinary one; the outputs are the same.

    Raises
    ------
    ReportError
        If a cell fails or takes longer than `timeout` seconds, or the kernel dies.
    """
    notebook = nb.read(found.path)
    for number, cell in enumerate(notebook["cells"], start=1):
        cell.setdefault("id", f"cell-{number}")  # nbformat warns of a missing one
        if cell["cell_type"] == "code":
            cell["outputs"] = []  # of an earlier run: large, and copied several times on the way
    notebook["nbformat_minor"] = max(5, notebook.get("nbformat_minor", 5))
    changed = differing(found, values)
    parent = warm_parent()
    place = parent.home if parent else None
    with tempfile.TemporaryDirectory(prefix="sme-", dir=place, ignore_cleanup_errors=True) as aside:
        executed = _papermill(found, notebook, changed, Path(aside), timeout, parent)
    executed["metadata"]["sme_analysis"] = {"report": found.name, "parameters": dict(values)}
    return dict(nb.tidy(executed))


def warm_parent() -> warm.Warm | None:
    """Return the warm process for reports, started if need be; None where there can be none."""
    if not warm.available():
        return None
    try:
        return warm.shared(environment())
    except warm.WarmError:
        return None


def _papermill(
    found: Report,
    notebook: dict[str, Any],
    changed: dict[str, Any],
    aside: Path,
    timeout: float,
    parent: warm.Warm | None,
) -> Any:
    import nbformat
    import papermill
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from .kernel import own_kernel

    # Without a handler of its own Python prints this logger's errors to the terminal.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    if parent is not None and not parent.ready():
        parent = None
    log, work = aside / "kernel.log", aside / "sme-analysis-report"
    work.mkdir()
    env = {**environment(), "IPYTHONDIR": str(aside / "ipython")}  # no settings of a user's IPython
    try:
        return papermill.execute_notebook(
            # A node, not a path: papermill would treat braces in a path as a template.
            nbformat.from_dict(notebook),
            None,
            parameters=changed,
            kernel_name="python3",
            language="python",
            progress_bar=sys.stderr.isatty() and {"desc": found.name, "leave": False},
            execution_timeout=timeout,
            iopub_timeout=60,  # a busy machine may be late with what a cell has printed
            kernel_manager_class=own_kernel(env, log, parent),
            resources={"metadata": {"path": str(work)}},
            shutdown_kernel="immediate",  # all is said by then; a graceful end takes longer
        )
    except papermill.exceptions.PapermillExecutionError as error:
        number = _number(notebook, error.cell_index, bool(changed))
        raise ReportError(
            f"report {found.name} failed in cell {number}: {_last_line(error)}", number
        ) from error
    except (CellTimeoutError, TimeoutError) as error:
        raise ReportError(
            f"report {found.name} failed: a cell took longer than {timeout:g} seconds."
        ) from error
    except (DeadKernelError, CellExecutionError, RuntimeError) as error:
        last = _tail(log) or str(error).strip().partition("\n")[0]
        raise ReportError(f"report {found.name} failed: its kernel stopped ({last}).") from error


def environment() -> dict[str, str]:
    """Return the environment of a report's processes: this package first, fixed hashing."""
    environment = dict(os.environ)
    environment["PYTHONHASHSEED"] = "0"  # sets keep one order from run to run
    # One choice of editions for the whole run, whatever the settings become meanwhile.
    environment[choice.PINNED] = choice.as_text()
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # the debugger's start-up warning
    if _PACKAGE_PARENT.name not in ("site-packages", "dist-packages"):
        paths = [str(_PACKAGE_PARENT), *environment.get("PYTHONPATH", "").split(os.pathsep)]
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path for path in paths if path))
    return environment


def _number(notebook: dict[str, Any], index: int, injected: bool) -> int:
    """Return the failing cell's number in the notebook, where there is no injected cell."""
    before = notebook["cells"][:index]
    return (
        index if injected and any("parameters" in nb.tags(cell) for cell in before) else index + 1
    )


def _last_line(error: Any) -> str:
    lines = [line.strip() for line in str(error.evalue).splitlines() if line.strip()]
    return f"{error.ename}: {lines[-1][:500]}" if lines else str(error.ename)


def _tail(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def usable_folder(out: str | Path | None) -> Path:
    """Return the folder to write to, `out` by default, created if missing.

    Raises
    ------
    ParameterError
        If it cannot be a folder.
    """
    folder = folder_named("out" if out is None else out)
    name = shown(str(folder), limit=400)
    try:
        if folder.exists() and not folder.is_dir():
            raise ParameterError(f"cannot write to {name}: it is a file, not a folder.")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(f"cannot create the folder {name}: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ParameterError(f"cannot write to {name}: the folder is read-only.")
    return folder
