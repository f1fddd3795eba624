"""Many reports of one kind: checked whole before the first, run side by side, resumable.

>>> from sme_analysis.reports.grid import checked
>>> from sme_analysis.reports.catalogue import report
>>> len(checked(report("outbound_investment"), {"measure": "all", "top_n": [5, 10]}))
4

Files and the manifest are written so that a batch can be killed at any moment and taken up again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..data.choice import pinned
from ..errors import ParameterError
from . import jobs, listing, manifest
from .catalogue import Report, report
from .grid import LIMIT, Grid, checked
from .manifest import Manifest
from .naming import file_stem
from .parameters import Parameters
from .workers import Workers

_TRIES = 3  # a worker can be lost through no fault of its report


@dataclass(frozen=True)
class Outcome:
    """What came of one report.

    Attributes
    ----------
    name : str
        Of its files, without ending.
    parameters : Parameters
    status : {"done", "failed", "unchanged"}
        "unchanged": finished by an earlier run and not run again.
    files : dict of str to Path
        By format; none if it failed.
    message : str
        What went wrong, in a sentence.
    cell : int or None
        The number of the failing cell in the notebook.
    duration : float
        Seconds.
    """

    name: str
    parameters: Parameters
    status: str
    files: dict[str, Path] = field(default_factory=dict)
    message: str = ""
    cell: int | None = None
    duration: float = 0.0


@dataclass(frozen=True)
class Batch:
    """The outcomes of a batch in the order of its grid, and its index page.

    Attributes
    ----------
    outcomes : tuple of Outcome
    index : Path
        The page, which lists what earlier batches left in the folder too.
    problem : str
        Why the page could not be written; empty where it was.
    """

    outcomes: tuple[Outcome, ...]
    index: Path
    problem: str = ""

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The reports that failed."""
        return tuple(item for item in self.outcomes if item.status == "failed")


def run_many(
    name: str | Report,
    grid: Grid,
    executor: Executor | None = None,
    *,
    fixed: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    formats: Sequence[str] = ("html",),
    code: bool = False,
    timeout: float = 600,
    browser: str | Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    limit: int | None = LIMIT,
    text: bool = False,
    begun: Callable[[int], None] | None = None,
    each: Callable[[Outcome], None] | None = None,
) -> Batch:
    """Run a report for every row of a grid.

    Parameters
    ----------
    name : str or Report
    grid : mapping, iterable of mappings, or path
        See :func:`sme_analysis.reports.grid.rows`.
    executor : concurrent.futures.Executor, optional
        Where reports run: any will do, such as `Client.get_executor()` of Dask. The package must be
        installed there; files come back and are written here. By default `workers` processes of
        this machine, forked from a warm one. Dask and the standard library's executors exchange
        pickles with their own workers: use a cluster that you trust.
    fixed : mapping, optional
        Values that are the same for all.
    out : path, optional
        Folder for the files, the manifest and the index page; by default `out`.
    formats, code, timeout, browser
        As for :func:`sme_analysis.reports.run.run_formats`.
    workers : int, optional
        Processes, by default one more than there are processors, as each waits a little for its
        kernel; without an executor only.
    resume : bool
        Pass over what the manifest in `out` has as finished, if parameters, data, package,
        notebook and the files themselves are as they were.
    limit : int, optional
        Longest grid; None for any length.
    text : bool
        Values are texts typed by a person.
    begun, each : callable, optional
        Told the number of reports, and each outcome as it comes.

    Returns
    -------
    Batch

    Raises
    ------
    UnknownNameError, ParameterError
        Before any report is run, if the report, any row of the grid, a format or the number of
        workers is not accepted.

    Examples
    --------
    >>> run_many("outbound_investment", {"group": "all"}, out="briefs")  # doctest: +SKIP
    """
    found = name if isinstance(name, Report) else report(name)
    from .formats import prepare
    from .run import usable_folder

    for to in formats:
        prepare(to, browser)
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise ParameterError(f"workers must be a whole number from 1 up, not {workers!r}.")
    options = {
        "formats": list(formats),
        "code": code,
        "timeout": timeout,
        "browser": None if browser is None else str(browser),
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(pinned())  # one choice of editions for all
        own = stack.enter_context(Workers(workers or processors() + 1, found.warm))
        if executor is None and not resume:
            own.begin()  # gets ready while the grid is checked
        asked = checked(found, grid, fixed, limit=limit, text=text)
        stems = _stems(found, asked)
        folder = usable_folder(out).resolve()
        listing.refuse_other(folder)
        kept = stack.enter_context(Manifest(folder))
        _tidy(folder)
        named = dict(zip(stems, asked, strict=True))
        plan = _Plan(found, folder, kept, options, named, manifest.provenance())
        if begun:
            begun(len(stems))
        outcomes: dict[str, Outcome] = {}
        for outcome in plan.outcomes(_Remote(executor) if executor else own, resume):
            outcomes[outcome.name] = outcome
            if each:
                each(outcome)
        ordered = tuple(outcomes[stem] for stem in stems)
        return Batch(ordered, *listing.write(found, folder, ordered, kept))


def _stems(found: Report, asked: Sequence[Parameters]) -> list[str]:
    stems = [file_stem(found, values) for values in asked]
    folded: dict[str, str] = {}
    for stem in stems:
        if (other := folded.setdefault(stem.casefold(), stem)) is not stem:
            raise ParameterError(f"two reports would have one file name: {other} and {stem}.")
    return stems


def _tidy(folder: Path) -> None:
    """Remove what a killed batch had begun to write; the manifest's lock says it is gone."""
    for path in folder.glob(f".{jobs.ASIDE}*.part"):
        with contextlib.suppress(OSError):
            path.unlink()


@dataclass
class _Plan:
    """What is to be run, and where its outcomes go."""

    found: Report
    folder: Path
    kept: Manifest
    options: dict[str, Any]
    asked: dict[str, Parameters]
    rests_on: dict[str, Any]

    def outcomes(self, run: _Remote | Workers, resume: bool) -> Iterator[Outcome]:
        """Yield each outcome; its record is in the manifest by then."""
        marks = manifest.marks(self.found, self.asked, self.options, self.rests_on)
        left: list[str] = []
        for stem in self.asked:
            if resume and self.kept.finished(stem, marks[stem], self._files(stem).values()):
                yield self._outcome(stem, {"status": "unchanged"})
            else:
                left.append(stem)
        for stem, result in _results(run, {stem: self._job(stem) for stem in left}):
            self._record(stem, marks[stem], result)
            yield self._outcome(stem, result)

    def _files(self, stem: str) -> dict[str, str]:
        return {to: f"{stem}.{to}" for to in self.options["formats"]}

    def _job(self, stem: str) -> jobs.Job:
        return jobs.job(self.found, self.asked[stem], stem, self.folder, self.options)

    def _record(self, stem: str, mark: str, result: jobs.Result) -> None:
        self.kept.add(
            {
                "name": stem,
                "report": self.found.name,
                "parameters": dict(self.asked[stem]),
                "status": result["status"],
                "cell": result.get("cell"),
                "message": result["message"],
                "outputs": result.get("outputs", {}),
                "duration": result["duration"],
                "finished": datetime.now(UTC).isoformat(timespec="seconds"),
                "mark": mark,
                **{key: self.options[key] for key in ("formats", "code")},
                **self.rests_on,
            }
        )

    def _outcome(self, stem: str, result: Mapping[str, Any]) -> Outcome:
        failed = result["status"] == "failed"
        return Outcome(
            name=stem,
            parameters=self.asked[stem],
            status=str(result["status"]),
            files={}
            if failed
            else {to: self.folder / name for to, name in self._files(stem).items()},
            message=str(result.get("message", "")),
            cell=result.get("cell"),
            duration=float(result.get("duration", 0)),
        )


class _Remote:
    """An executor of the caller's: reports are run there, their files written here."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, task: jobs.Job) -> Future[Any]:
        return self._executor.submit(jobs.render, task)

    def result(self, task: jobs.Job, future: Future[Any]) -> jobs.Result:
        result, contents = future.result()
        return jobs.keep(task, result, contents)


def _results(
    run: _Remote | Workers, tasks: dict[str, jobs.Job]
) -> Iterator[tuple[str, jobs.Result]]:
    """Submit all tasks; yield results as they come. A task whose worker was lost runs again."""
    tries = dict.fromkeys(tasks, 1)
    waiting = {run.submit(task): stem for stem, task in tasks.items()}
    try:
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                stem = waiting.pop(future)
                try:
                    yield stem, run.result(tasks[stem], future)
                except Exception as error:
                    again = _again(run, tasks[stem]) if tries[stem] < _TRIES else None
                    if again is None:
                        yield stem, _lost(tasks[stem], error)
                    else:
                        tries[stem] += 1
                        waiting[again] = stem
    finally:  # an interruption: what has not begun is not to begin
        for future in waiting:
            future.cancel()


def _again(run: _Remote | Workers, task: jobs.Job) -> Future[Any] | None:
    try:
        return run.submit(task)
    except Exception:
        return None


def _lost(task: jobs.Job, error: Exception) -> jobs.Result:
    what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")[:300]
    message = f"report {task['report']} failed: its worker was lost ({what})."
    return {"status": "failed", "cell": None, "message": message, "duration": 0.0}


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
