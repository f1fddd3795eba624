"""Refresh again and again while services fail, disks fill and processes are killed.

Run it by hand: `python tests/soak/soak_refresh.py [RUNS] [SEED]` (200 runs by default; it takes
some minutes). After every run the edition in use must load, every edition be whole, the shipped
table untouched and the settings readable. Ways to go wrong, drawn at random:

- `kill`      the process is killed (SIGKILL) at a random moment
- `step`      it kills itself at a random step that writes: opening, renaming, making, removing
- `disk`      a random step that writes fails with "no space left on device"
- `service`   the service throttles, fails, cuts short, hangs up, or answers with something else
- `well`      nothing goes wrong
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from publishers import Publishers, environment, serving, world

from sme_analysis.data import catalogue, choice, shelf, tables
from sme_analysis.data.verify import digest
from sme_analysis.errors import SmeAnalysisError
from sme_analysis.locations import folder

TABLE = "country_indicators"
SERIES = ("inflation", "internet_users")
CODES = ("FP.CPI.TOTL.ZG", "IT.NET.USER.ZS")
STEPS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir")
FAULTS = (
    "429:0", "429:9999", "500", "503", "403", "truncated", "closed", "html", "half_json", "bomb",
    "redirect:https://example.org/", "say:[]", "say:{}", 'say:[{"message":[{"id":"175"}]}]',
)  # fmt: skip
REFUSED, WRITTEN, SAME = 3, 0, 4
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def refresh_once(number: int, step: int, way: str) -> None:
    """Refresh in a process of its own; end with a code that says what came of it."""
    from sme_analysis.editions.renewal import refresh
    from sme_analysis.services.client import Client, Limits

    client = Client(Limits(tries=2, pause=0.01, size=20_000_000), sleep=lambda seconds: None)
    if way in ("step", "disk"):
        _trip(step, way)
    try:
        moment = _FIRST + timedelta(days=number)
        done = refresh(TABLE, series=SERIES, client=client, now=moment)
    except SmeAnalysisError:
        os._exit(REFUSED)
    os._exit(WRITTEN if done.edition else SAME)


def _trip(step: int, way: str) -> None:
    """Kill this process, or fail with a full disk, at a step that writes to the data folder."""
    home, seen = str(shelf.home()), 0
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event not in STEPS or not any(str(part).startswith(home) for part in arguments):
            return
        if event == "open" and not int(arguments[2]) & writing:
            return
        seen += 1
        if seen == step:
            if way == "step":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sys.addaudithook(hook)


def check(known: set[str]) -> str:
    """Check the data folder; return the edition in use.

    Every file of every edition must have its hash; an edition is loaded when it is first seen.

    Raises
    ------
    AssertionError
        If anything is not whole.
    """
    path = folder("data") / f"{TABLE}.csv"
    assert digest(path) == catalogue.resource(TABLE)["hash"], "the shipped table was changed"
    for name in shelf.names(TABLE):
        found = shelf.edition(TABLE, name)
        files = sorted(item.name for item in found.folder.iterdir())
        wanted = [f"{TABLE}.csv", catalogue.REGISTRY, "requests.jsonl", shelf.SOURCES]
        assert files == sorted(wanted), f"edition {name} holds {files}"
        for file in (found.path, found.sources, found.folder / "requests.jsonl"):
            shelf.content(found, file)
        if name not in known:
            assert len(tables.load(TABLE, edition=name)) == found.entry["rows"]
            known.add(name)
    used = choice.chosen(TABLE)
    assert len(tables.load(TABLE)) > 0
    return used


def soak(runs: int, seed: int, publishers: Publishers) -> Counter[str]:
    """Refresh many times, with a fault or a kill in most; count what came of it.

    The environment must lead to the services of `publishers` and to a data folder.
    """
    draw, counts = random.Random(seed), Counter[str]()
    start: BaseContext = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload(["soak_refresh", "sme_analysis.editions.renewal"])
    longest, known = 1.0, set[str]()
    for number in range(runs):
        way = draw.choice(("kill", "kill", "step", "step", "disk", "service", "service", "well"))
        for code in CODES:  # the publisher revises now and then, or there would be nothing new
            for cell, value in publishers.values[code].items():
                publishers.values[code][cell] = value and value * (1 - 1e-6)
        publishers.faults[:] = (
            [(draw.choice(CODES), fault) for fault in draw.choices(FAULTS, k=2)]
            if way == "service"
            else []
        )
        before = choice.chosen(TABLE)
        child = start.Process(target=refresh_once, args=(number, draw.randint(1, 12), way))
        began = time.monotonic()
        child.start()
        if way == "kill":
            child.join(draw.uniform(0, longest))
            child.kill()
        child.join(120)
        assert child.exitcode is not None, "a refresh does not end"
        if way == "well":
            longest = max(0.2, time.monotonic() - began)
            assert child.exitcode == WRITTEN, f"a refresh without a fault ended {child.exitcode}"
        after = check(known)
        outcome = {WRITTEN: "written", SAME: "same", REFUSED: "refused"}
        result = outcome.get(child.exitcode, "killed" if child.exitcode < 0 else "failed")
        counts[f"{way}: {result}"] += 1
        counts["new edition in use"] += before != after
        assert result != "failed", f"an unexpected error in run {number} ({way})"
        assert result != "refused" or before == after, "a refused refresh changed what is in use"
    left = [path.name for path in shelf.home().rglob(".*new*")]
    counts["left aside by killed processes"] = len(left)
    return counts


def tidy() -> None:
    """Refresh once more, without a fault: nothing may be left aside after it."""
    from sme_analysis.editions.renewal import refresh

    refresh(TABLE, series=SERIES, now=_FIRST + timedelta(days=5000))
    left = [path.name for path in shelf.home().rglob(".*")]
    assert not left, f"left aside: {left}"
    check(set())


def main() -> None:
    """Soak, and print what happened."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as aside:
        publishers = world(Publishers(cap=3000))
        with serving(publishers, Path(aside)) as extra:
            wanted = environment(Path(aside) / "own", extra)
            wanted["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *sys.path])
            os.environ.clear()
            os.environ.update(wanted)
            began = time.monotonic()
            counts = soak(runs, seed, publishers)
            tidy()
        print(f"{runs} refreshes in {time.monotonic() - began:,.0f} s, seed {seed}: after each the")
        print("edition in use loaded, and every edition on the shelf was whole.")
        for name, count in sorted(counts.items()):
            print(f"  {name:40s}{count:5d}")


if __name__ == "__main__":
    main()
