"""What reports cost, as ratios within one run: `make bench`.

python tests/benchmarks/bench_reports.py [--report NAME --over GRID ...] [--plain N]

- a batch of the grid (by default the briefs on 40 economies) beside as many `papermill` commands,
  of which N before and N after the batch are run, spread over the grid, and the rest reckoned from
  their mean;
- one `sme-analysis report` beside one `papermill` command, in turns, medians;
- `import sme_analysis` beside `import pandas`, medians;
- the peak memory of a worker, which is the process that drives reports and the kernel it waits for;
  of a second batch, as looking at it ten times a second takes an eighth of a processor.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--report", default="country_brief")
    parser.add_argument("--over", action="append", help="as for `sme-analysis batch`")
    parser.add_argument("--plain", type=int, default=3)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    from sme_analysis.reports.catalogue import report
    from sme_analysis.reports.grid import checked, choices

    found, over = report(given.report), given.over
    if not over:
        every = [str(row["economy"]) for row in checked(found, {"economy": "all"})]
        over = [f"economy={','.join(every[::6][:40])}"]
    rows = checked(found, choices(over), text=True)
    number = len(rows)
    some = [dict(rows[place * number // (2 * given.plain)]) for place in range(2 * given.plain)]
    with tempfile.TemporaryDirectory() as place:
        plain = [papermill(found.path, place, row) for row in some[::2]]
        batch = many(given.report, over, f"{place}/timed")
        plain += [papermill(found.path, place, row) for row in some[1::2]]
        pairs = [
            (single(given.report, place), papermill(found.path, place)) for _ in range(given.turns)
        ]
        memory = watched(lambda: many(given.report, over, f"{place}/watched"))
    each = Cost(*(statistics.mean(values) for values in zip(*plain, strict=True)))
    one, other = (
        statistics.median(cost.wall for cost in costs) for costs in zip(*pairs, strict=True)
    )
    ours, pandas = (imported(name) for name in ("sme_analysis", "pandas"))
    print(f"{os.cpu_count()} processors; report {given.report}, {number} of them\n")
    line("what", "ours", "other", "ratio", "target")
    loop = Cost(each.wall * number, each.cpu * number)
    for what, mine, theirs in zip(("wall", "processor"), batch, loop, strict=True):
        cells = f"{mine:.1f}", f"{theirs:.1f} *", f"{theirs / mine:.1f} x"
        line(f"{number} reports, {what} s", *cells, ">= 10 x" if what == "wall" else "")
    line("one report, s", f"{one:.2f}", f"{other:.2f}", f"{one / other:.2f}", "<= 1")
    line("import, s", f"{ours:.3f}", f"{pandas:.3f}", f"{ours / pandas:.2f}", "< 0.2")
    line("memory of a worker, MB", f"{memory:.0f}", "", "", "< 500")
    print(f"\n* mean of {len(plain)} papermill commands, {each.wall:.2f} s, times {number}")
    return 0


def line(*cells: str) -> None:
    """Print one line of the table."""
    print(f"{cells[0]:<24}" + "".join(f"{cell:>12}" for cell in cells[1:]))


class Cost(NamedTuple):
    """What a command takes, with all that it starts."""

    wall: float  # seconds
    cpu: float  # seconds of all processors together


def timed(command: list[str]) -> Cost:
    """Run a command and return what it took."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime)


def papermill(notebook: Path, place: str, parameters: dict[str, object] | None = None) -> Cost:
    """Time a `papermill` command with its own engine."""
    python = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    given = ["--parameters_yaml", json.dumps(parameters or {})]
    return timed([*python, str(notebook), f"{place}/plain.ipynb", *given])


def single(name: str, place: str) -> Cost:
    """Time one `sme-analysis report`."""
    return timed([sys.executable, "-m", "sme_analysis", "report", name, "--out", f"{place}/one"])


def imported(name: str) -> float:
    """Time a Python that imports one package."""
    return statistics.median(timed([sys.executable, "-c", f"import {name}"]).wall for _ in range(9))


def many(name: str, over: list[str], out: str) -> Cost:
    """Time a batch."""
    command = [sys.executable, "-m", "sme_analysis", "batch", name, "--out", out]
    for item in over:
        command += ["--over", item]
    return timed(command)


def watched(work: Callable[[], object]) -> float:
    """Return the megabytes of the largest worker while something runs."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], largest())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        work()
    finally:
        done.set()
        watching.join()
    return peak[0]


def largest() -> float:
    """Return the megabytes of the largest driver and the largest kernel together (Linux).

    What several processes share is divided among them, as the system reckons it ("Pss").
    """
    kernels, drivers = [0.0], [0.0]
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if b"sme_analysis.reports.forking" not in (path / "cmdline").read_bytes():
                continue
            rollup = (path / "smaps_rollup").read_text()
            size = int(rollup.partition("\nPss:")[2].split()[0]) * 1024 / 1e6
            kernel = len(list((path / "task").iterdir())) > 4  # the threads of ipykernel
        except OSError:
            continue
        (kernels if kernel else drivers).append(size)
    return max(kernels) + max(drivers)


if __name__ == "__main__":
    sys.exit(main())
