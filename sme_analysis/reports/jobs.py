"""One report of a batch, asked for and answered in plain data.

A job crosses to another process, or another machine, as a dictionary of texts, numbers and lists;
so does its result. Nothing else is sent, and nothing received is executed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import SmeAnalysisError
from .catalogue import Report
from .files import write_whole
from .notebook import ReportError
from .parameters import Parameters

ASIDE = "batch-"  # how the name of a file begins that a batch is writing
Job = dict[str, Any]
Result = dict[str, Any]


def job(
    found: Report, values: Parameters, stem: str, folder: Path, options: Mapping[str, Any]
) -> Job:
    """Return what a worker needs to know, values checked.

    Parameters
    ----------
    found : Report
    values : Parameters
    stem : str
        The files' name without ending.
    folder : Path
        Where they belong.
    options : mapping
        "formats" (list of str), "code" (bool), "timeout" (seconds), "browser" (str or None).
    """
    return {
        "report": found.name,
        "notebook": found.notebook,
        "parameters": dict(values),
        "stem": stem,
        "folder": str(folder),
        **options,
    }


def render(task: Job) -> tuple[Result, dict[str, bytes]]:
    """Run one report in this process's own kernel; return what came of it, and the files.

    Whatever goes wrong with the report is part of the result: it harms no other.
    """
    begun = time.monotonic()
    contents: dict[str, bytes] = {}
    result: Result = {"status": "done", "cell": None, "message": ""}
    try:
        from . import formats, run

        # The rules have been applied; the values only need the notebook's own defaults beside them.
        found = Report(task["report"], task["notebook"])
        executed = run.execute(found, Parameters(task["parameters"]), timeout=task["timeout"])
        for to in task["formats"]:
            contents[f"{task['stem']}.{to}"] = formats.render(
                executed, to, code=task["code"], browser=task["browser"]
            )
    except SmeAnalysisError as error:
        cell = error.cell if isinstance(error, ReportError) else None
        result.update(status="failed", cell=cell, message=str(error))
        contents.clear()
    except Exception as error:
        text = str(error).partition("\n")[0][:500]
        message = f"report {task['report']} failed: unexpected {type(error).__name__}: {text}"
        result.update(status="failed", message=message)
        contents.clear()
    result["duration"] = round(time.monotonic() - begun, 3)
    return result, contents


def keep(task: Job, result: Result, contents: Mapping[str, bytes]) -> Result:
    """Write the files where they belong; return the result with their hashes.

    Only the files that were asked for are written, whatever another machine sends.
    """
    asked = {f"{task['stem']}.{to}" for to in task["formats"]}
    if result["status"] == "done" and set(contents) != asked:
        message = (
            f"report {task['report']} failed: its worker sent other files than were asked for."
        )
        return {**result, "status": "failed", "message": message, "outputs": {}}
    try:
        for name, content in contents.items():
            write_whole(Path(task["folder"]) / name, content, prefix=ASIDE)
    except ReportError as error:
        return {**result, "status": "failed", "message": str(error), "outputs": {}}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    return {**result, "outputs": hashes}


def deliver(task: Job) -> Result:
    """Run one report and write its files, on a machine that has the folder."""
    return keep(task, *render(task))
