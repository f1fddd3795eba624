"""Kill a batch again and again, resume it, and compare with one that ran in peace.

python tests/benchmarks/soak_batch.py [--kills 30] [--report NAME --over GRID]

By default the report is a small notebook of its own, so that the time goes into interruptions.

Every interruption is `kill -9` of the command (one in five Ctrl-C instead), half of them at any
moment after the start, half a moment after a report was finished. Not part of the tests: it takes
minutes. Prints a table; the exit code is 1 if anything differs or is left behind.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def cell(source: str, *tags: str) -> dict[str, Any]:
    """Return a code cell."""
    made = {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source}
    return {**made, "outputs": [], "execution_count": None}


SMALL = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        cell("number: int = 0  # which", "parameters"),
        cell("import time\ntime.sleep(0.5)\nprint(number)"),
        cell("import sme_analysis as sme\nsme.load('economies').head(number)"),
    ],
}
SCRIPT = """
import sys
from sme_analysis import cli
from sme_analysis.reports import catalogue
catalogue._REPORTS = (catalogue.Report("small", sys.argv.pop(1)),)
sys.exit(cli.main())
"""


def main() -> int:
    """Run the soak."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--report")
    parser.add_argument("--over", default=f"number={','.join(map(str, range(20)))}")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as place:
        os.environ["TMPDIR"] = place  # what is left behind is found here
        calm, rough = Path(place) / "calm", Path(place) / "rough"
        begun = time.monotonic()
        assert start(given, calm).wait() == 0
        lasted = time.monotonic() - begun
        kills = {"kill -9": 0, "Ctrl-C": 0}
        before = finished(rough)
        worked = 0
        while sum(kills.values()) < given.kills:
            kind = chance.choices(list(kills), [4, 1])[0]
            if interrupt(given, rough, kind, chance, lasted):
                kills[kind] += 1
            worked += finished(rough) > before
            before = finished(rough)
            if before >= finished(calm):  # all are there: let some be run again
                for path in chance.sample(sorted(rough.glob("*.html")), 6):
                    path.unlink()
        assert start(given, rough).wait() == 0
        time.sleep(2)
        same = hashes(rough) == hashes(calm)
        cut = broken_lines(rough)
        parts = [path.name for path in rough.iterdir() if path.suffix == ".part"]
        homes = [path.name for path in Path(place).glob("sme-analysis-*")]
        left = processes(place)
        print(f"reports                        {len(hashes(calm)) - 1}")
        print(f"undisturbed run                {lasted:.1f} s")
        for kind, number in kills.items():
            print(f"interrupted by {kind:<15} {number}")
        print(f"runs that finished reports     {worked}")
        print(f"lines cut in the manifest      {cut}")
        print(f"files left half written        {len(parts)}")
        print(f"folders left behind            {len(homes)}")
        print(f"processes left behind          {len(left)}")
        print(f"same hashes as undisturbed     {'yes' if same else 'NO'}")
        return int(not same or bool(parts) or bool(homes) or bool(left))


def start(given: argparse.Namespace, out: Path) -> subprocess.Popen[bytes]:
    """Start the batch as a user would."""
    command = ["-m", "sme_analysis", "batch", given.report, "--over", given.over, "--resume"]
    if given.report is None:
        notebook = out.parent / "small.ipynb"
        notebook.write_text(json.dumps(SMALL))
        command = ["-c", SCRIPT, str(notebook), "batch", "small", *command[4:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *command, "--out", str(out)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def interrupt(
    given: argparse.Namespace, out: Path, kind: str, chance: random.Random, lasted: float
) -> bool:
    """Start the batch and end it; whether it was still at work then."""
    running, known = start(given, out), size(out)
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, lasted / 3))
    else:
        while running.poll() is None and size(out) <= known:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 1))
    at_work = running.poll() is None
    running.send_signal(signal.SIGKILL if kind == "kill -9" else signal.SIGINT)
    running.wait()
    return at_work


def size(out: Path) -> int:
    """Return the length of the manifest in bytes."""
    path = out / "manifest.jsonl"
    return path.stat().st_size if path.exists() else 0


def finished(out: Path) -> int:
    """Return the number of pages that are there."""
    return len(list(out.glob("*.html"))) if out.exists() else 0


def broken_lines(out: Path) -> int:
    """Return how many lines of the manifest are no JSON."""
    broken = 0
    for line in (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            json.loads(line)
        except ValueError:
            broken += 1
    return broken


def hashes(out: Path) -> dict[str, str]:
    """Return the hash of every page, the index included."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.glob("*.html"))
    }


def processes(place: str) -> list[str]:
    """Return the processes that were started with this temporary folder and still live."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            environment = (path / "environ").read_bytes()
        except OSError:
            continue
        if f"TMPDIR={place}\0".encode() in environment + b"\0" and int(path.name) != os.getpid():
            found.append(path.name)
    return found


if __name__ == "__main__":
    sys.exit(main())
