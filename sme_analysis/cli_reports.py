"""The commands that run reports: `sme-analysis report | batch | notebooks`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ParameterError, SmeAnalysisError
from .terminal import complain, table

if TYPE_CHECKING:
    from .reports.batch import Batch, Outcome

_BATCH = """\
The grid says which values to run through; options of one command may be combined:
  --over group=ASEAN,BRICS     these values; separate them by ";" if one has a comma
  --over group=all             every value that the report accepts
  --over a=1,2 --over b=3,4    all four combinations
  --over grid.csv              a row for each report, a column for each parameter
  --over grid.yaml             a list of rows, or one mapping of names to lists
Each report is one file, named after its parameters. manifest.jsonl records what was run;
with --resume an interrupted batch goes on where it stopped.
"""


def add(commands: Any) -> None:
    """Add the commands to a parser's subcommands."""
    running = commands.add_parser("report", help="run a report and print where it was written")
    _add_shared(running)
    running.set_defaults(run=_report)

    many = commands.add_parser(
        "batch",
        help="run a report for many values, side by side",
        description=_BATCH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_shared(many)
    many.add_argument(
        "--over", action="append", required=True, metavar="NAME=A,B|FILE", help="the grid"
    )
    many.add_argument("--resume", action="store_true", help="pass over what is finished")
    many.add_argument(
        "--jobs", type=_positive, metavar="N", help="reports at a time (processors + 1)"
    )
    many.add_argument(
        "--timeout", type=_positive, default=600, metavar="S", help="longest cell in seconds (600)"
    )
    many.add_argument("--limit", type=_positive, metavar="N", help="longest grid (1000)")
    many.add_argument("--allow-many", action="store_true", help="a grid of any length")
    many.add_argument(
        "--dask", metavar="ADDRESS", help="run on this Dask cluster, one that you trust"
    )
    many.set_defaults(run=_batch)

    copying = commands.add_parser("notebooks", help="copy the notebooks into a folder of yours")
    copying.add_argument("folder", metavar="DIR")
    copying.add_argument("--force", action="store_true", help="replace notebooks you have changed")
    copying.set_defaults(run=_notebooks)


def _add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("report", metavar="NAME", help="a report, as `sme-analysis list` names it")
    parser.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME VALUE",
        help="a parameter that differs from its default (also NAME=VALUE); repeat for several",
    )
    parser.add_argument("--out", metavar="DIR", default="out", help="folder to write to (out)")
    parser.add_argument(
        "--to",
        "--format",
        dest="formats",
        metavar="FORMAT",
        default="html",
        help="html, pdf, xlsx or ipynb; several separated by commas (html)",
    )
    parser.add_argument("--code", action="store_true", help="show the code in the page")
    parser.add_argument("--browser", metavar="PATH", help="the browser that prints a PDF")


def _positive(text: str) -> int:
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is not a whole number above 0")
    return int(text)


def _given(arguments: argparse.Namespace) -> dict[str, str]:
    given: dict[str, str] = {}
    for item in arguments.parameter:
        name, equals, value = item.partition("=")
        if not equals:
            raise ParameterError(f"parameter {name} has no value: write -p {name} VALUE")
        if name in given:
            raise ParameterError(f"parameter {name} is given twice")
        given[name] = value
    return given


def _formats(arguments: argparse.Namespace) -> list[str]:
    from .reports.formats import prepare

    formats = [item.strip() for item in arguments.formats.split(",")]
    for to in formats:
        prepare(to, arguments.browser)
    return list(dict.fromkeys(formats))


def _report(arguments: argparse.Namespace) -> int:
    from .reports.catalogue import report
    from .reports.parameters import check

    found, formats = report(arguments.report), _formats(arguments)
    values = check(found, _given(arguments), text=True)
    from .reports import run

    with _warm():
        options = {"code": arguments.code, "browser": arguments.browser}
        for path in run.run_formats(found, values, out=arguments.out, formats=formats, **options):
            print(path)
    return 0


@contextmanager
def _warm() -> Iterator[None]:
    """Let one process import what the kernel needs while this one imports what runs it."""
    from .reports.children import light
    from .reports.run import warm_parent

    parent = warm_parent()
    try:
        with light():
            import papermill  # noqa: F401
        yield
    finally:
        if parent is not None:
            parent.close()


def _batch(arguments: argparse.Namespace) -> int:
    from .reports.batch import run_many
    from .reports.grid import LIMIT, choices

    files = [item for item in arguments.over if "=" not in item]
    if files and len(arguments.over) > 1:
        raise ParameterError("a grid is one file, or NAME=A,B,C options: not both, nor two files.")
    formats = _formats(arguments)
    with _cluster(arguments.dask) as executor, _Progress() as progress:
        batch = run_many(
            arguments.report,
            Path(files[0]) if files else choices(arguments.over),
            executor,
            fixed=_given(arguments),
            out=arguments.out,
            formats=formats,
            code=arguments.code,
            timeout=arguments.timeout,
            browser=arguments.browser,
            workers=arguments.jobs,
            resume=arguments.resume,
            limit=None if arguments.allow_many else arguments.limit or LIMIT,
            text=not files,
            begun=progress.begin,
            each=progress.add,
        )
    return _told(batch)


def _told(batch: Batch) -> int:
    """Print what came of a batch; return the exit code."""
    if batch.failed:
        rows = [
            [item.name, "" if item.cell is None else str(item.cell), item.message]
            for item in batch.failed
        ]
        table(["failed", "cell", "message"], rows)
        print()
    kept = sum(item.status == "unchanged" for item in batch.outcomes)
    done = len(batch.outcomes) - kept - len(batch.failed)
    words = [f"{done:,} written"] + [f"{kept:,} unchanged"] * (kept > 0)
    print(f"{', '.join(words)}, {len(batch.failed):,} failed: {batch.index}")
    if batch.failed:
        complain(f"{len(batch.failed):,} of {len(batch.outcomes):,} reports failed.")
    if batch.problem:
        complain(batch.problem)
    return 1 if batch.failed or batch.problem else 0


class _Progress:
    """A progress bar on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self._bar: Any = None

    def begin(self, total: int) -> None:
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit="report", file=sys.stderr, leave=False)

    def add(self, outcome: Outcome) -> None:
        if self._bar is not None:
            self._bar.update()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *args: object) -> None:
        if self._bar is not None:
            self._bar.close()


@contextmanager
def _cluster(address: str | None) -> Iterator[Executor | None]:
    """Give an executor on a Dask cluster, if one is asked for."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise ParameterError(
            "--dask needs the package distributed: pip install 'sme_analysis[cluster]'"
        ) from None
    try:
        client = Client(address, timeout="20s")
    except (OSError, ValueError, TypeError) as error:
        said = str(error).partition("\n")[0][:200]
        raise SmeAnalysisError(f"no Dask cluster answers at {address[:200]!r}: {said}") from error
    with client:
        yield client.get_executor()


def _notebooks(arguments: argparse.Namespace) -> int:
    from .reports.copies import START, copy_notebooks

    copy_notebooks(arguments.folder, force=arguments.force)
    print(f"open them with: jupyter lab {Path(arguments.folder) / START}")
    return 0
