"""What reports cost, as ratios within one run: `make bench`.

python tests/benchmarks/bench_reports.py [--report NAME] [--over GRID ...] [--plain N]

- a batch of the grid (40 reports by default) beside as many `papermill` commands, of which N before
  and N after the batch are run and the rest reckoned from their mean;
- one `sme-analysis report` beside one `papermill` command, in turns, medians;
- `import sme_analysis` beside `import pandas`, medians;
- the peak memory of a worker, which is the process that drives reports and the kernel it waits for.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--report", default="outbound_investment")
    parser.add_argument("--over", action="append", help="as for `sme-analysis batch`")
    parser.add_argument("--plain", type=int, default=2)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    over = given.over or [f"top_n={','.join(map(str, range(1, 21)))}", "measure=flow,stock"]
    from sme_analysis.reports.catalogue import report

    notebook = report(given.report).path
    with tempfile.TemporaryDirectory() as place:
        plain = [papermill(notebook, place) for _ in range(given.plain)]
        number, batch, memory = many(given.report, over, place)
        plain += [papermill(notebook, place) for _ in range(given.plain)]
        pairs = [
            (single(given.report, place), papermill(notebook, place)) for _ in range(given.turns)
        ]
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


def papermill(notebook: Path, place: str) -> Cost:
    """Time a `papermill` command with its own engine."""
    python = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    return timed([*python, str(notebook), f"{place}/plain.ipynb"])


def single(name: str, place: str) -> Cost:
    """Time one `sme-analysis report`."""
    return timed([sys.executable, "-m", "sme_analysis", "report", name, "--out", f"{place}/one"])


def imported(name: str) -> float:
    """Time a Python that imports one package."""
    return statistics.median(timed([sys.executable, "-c", f"import {name}"]).wall for _ in range(9))


def many(name: str, over: list[str], place: str) -> tuple[int, Cost, float]:
    """Time a batch; return number of reports, its cost, and megabytes of the largest worker."""
    out = Path(place) / "many"
    command = [sys.executable, "-m", "sme_analysis", "batch", name, "--out", str(out)]
    for item in over:
        command += ["--over", item]
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], largest())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        cost = timed(command)
    finally:
        done.set()
        watching.join()
    return len(list(out.glob("*.html"))) - 1, cost, peak[0]


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
