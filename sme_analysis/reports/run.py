"""Running a report: checked parameters, a kernel of this very interpreter, one finished file."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sys
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ParameterError
from . import notebook as nb
from .catalogue import Report, report
from .notebook import ReportError
from .parameters import Parameters, check
from .rules import OneOf, shown

FORMATS = ("html", "ipynb")
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


def run(
    name: str | Report,
    parameters: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    to: str = "html",
    code: bool = False,
    timeout: float = 600,
) -> Path:
    """Run a report and write it as one file.

    Parameters
    ----------
    name : str or Report
    parameters : mapping, optional
        Values that differ from the notebook's defaults. Checked before anything starts.
    out : path, optional
        Folder to write to, created if missing; by default `out` in the working directory.
    to : {"html", "ipynb"}
    code : bool
        Show the code cells in the page. A notebook always has them.
    timeout : float
        Longest time for one cell, in seconds.

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
    found = name if isinstance(name, Report) else report(name)
    if to not in FORMATS:
        raise ParameterError(f"a report is written as {' or '.join(FORMATS)}, not {to!r}.")
    values = check(found, parameters or {})
    target = _folder(out) / f"{file_stem(found, values)}.{to}"
    if target.is_dir():
        raise ParameterError(f"cannot write {target}: there is a folder of that name.")
    executed = execute(found, values, timeout=timeout)
    if to == "html":
        from .export import page

        _write(target, page(executed, code=code))
    else:
        _write(target, _as_text(executed))
    return target


def refresh(name: str | Report, *, timeout: float = 600) -> Path:
    """Run a notebook with its defaults and write it, with its outputs, where it is kept.

    For the keepers of the notebooks: two calls in a row leave the file unchanged.
    """
    found = name if isinstance(name, Report) else report(name)
    _write(found.path, _as_text(execute(found, check(found, {}), timeout=timeout)))
    return found.path


def execute(found: Report, values: Parameters, *, timeout: float = 600) -> dict[str, Any]:
    """Execute a report's notebook with checked values; return it tidied, outputs included.

    The values that differ from the notebook's defaults are injected; all of them are recorded in
    the notebook's metadata under "sme_analysis".

    Raises
    ------
    ReportError
        If a cell fails or takes longer than `timeout` seconds, or the kernel dies.
    """
    notebook = nb.read(found.path)
    for number, cell in enumerate(notebook["cells"], start=1):
        cell.setdefault("id", f"cell-{number}")  # nbformat warns of a missing one
    notebook["nbformat_minor"] = max(5, notebook.get("nbformat_minor", 5))
    with tempfile.TemporaryDirectory(prefix="sme-analysis-", ignore_cleanup_errors=True) as aside:
        executed = _papermill(found, notebook, _changed(found, values), Path(aside), timeout)
    executed["metadata"]["sme_analysis"] = {"report": found.name, "parameters": dict(values)}
    return dict(nb.tidy(executed))


def _papermill(
    found: Report, notebook: dict[str, Any], changed: dict[str, Any], aside: Path, timeout: float
) -> Any:
    import nbformat
    import papermill
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from .kernel import own_kernel

    # Without a handler of its own Python prints this logger's errors to the terminal.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    log = aside / "kernel.log"
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
            kernel_manager_class=own_kernel(_environment(aside), log),
            resources={"metadata": {"path": str(aside)}},
        )
    except papermill.exceptions.PapermillExecutionError as error:
        number = _number(notebook, error.cell_index, bool(changed))
        raise ReportError(
            f"report {found.name} failed in cell {number}: {_last_line(error)}"
        ) from error
    except (CellTimeoutError, TimeoutError) as error:
        raise ReportError(
            f"report {found.name} failed: a cell took longer than {timeout:g} seconds."
        ) from error
    except (DeadKernelError, CellExecutionError, RuntimeError) as error:
        last = _tail(log) or str(error).strip().partition("\n")[0]
        raise ReportError(f"report {found.name} failed: its kernel stopped ({last}).") from error


def _environment(aside: Path) -> dict[str, str]:
    """Return the kernel's environment: this package first, and no settings of a user's IPython."""
    environment = dict(os.environ)
    environment["IPYTHONDIR"] = str(aside / "ipython")
    environment["PYTHONHASHSEED"] = "0"  # sets keep one order from run to run
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # the debugger's start-up warning
    if _PACKAGE_PARENT.name not in ("site-packages", "dist-packages"):
        paths = [str(_PACKAGE_PARENT), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
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


def _changed(found: Report, values: Parameters) -> dict[str, Any]:
    defaults = found.parameters
    return {name: value for name, value in values.items() if value != defaults[name].default}


def file_stem(found: Report, values: Parameters) -> str:
    """Return the file name, without ending, of a report with these values.

    Letters, digits, ".", "_" and "-" only; 100 characters at most. Where that loses anything, a
    short hash of the values keeps two reports apart.
    """
    changed = _changed(found, values)
    stem, lossless = found.name, True
    for name, value in changed.items():
        text = ",".join(value) if isinstance(value, list) else str(value)
        safe = re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")
        # Some file systems take "a" and "A" for one name; choices differ in more than case.
        distinct = text == text.lower() or isinstance(found.rules.get(name), OneOf)
        lossless = lossless and safe == text and distinct
        stem += f"_{name}-{safe}"
    if lossless and len(stem) <= 100:
        return stem
    record = json.dumps(changed, sort_keys=True).encode()
    return f"{stem[:89].rstrip('-._')}_{hashlib.sha256(record).hexdigest()[:10]}"


def _folder(out: str | Path | None) -> Path:
    folder = Path("out") if out is None else Path(out)
    name = shown(str(folder), limit=400)
    if "\0" in str(folder):
        raise ParameterError("the name of a folder cannot contain the character U+0000.")
    try:
        if folder.exists() and not folder.is_dir():
            raise ParameterError(f"cannot write to {name}: it is a file, not a folder.")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(f"cannot create the folder {name}: {error.strerror}.") from error
    return folder


def _as_text(notebook: dict[str, Any]) -> str:
    """Return a notebook as JupyterLab would save it, so that a later save leaves no diff."""
    import nbformat

    return str(nbformat.writes(nbformat.from_dict(notebook))) + "\n"


def _write(target: Path, text: str) -> None:
    """Write a file aside and move it into place: it is there whole or not at all."""
    aside = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with aside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        aside.replace(target)
    except OSError as error:
        raise ReportError(f"cannot write {target}: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)
