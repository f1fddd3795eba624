"""Batches: every report once, whole files, a manifest that survives a kill, and resuming."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sme_analysis.errors import DataError, ParameterError
from sme_analysis.reports import batch, jobs, manifest, run, warm, workers
from sme_analysis.reports.batch import run_many
from sme_analysis.reports.catalogue import Report
from sme_analysis.reports.manifest import Manifest
from sme_analysis.reports.parameters import check
from sme_analysis.reports.rules import Between, Folder

ROOT = Path(__file__).resolve().parents[1]
PARAMETERS = 'number: int = 0  # which\nown: str = ""  # files\n'
WORK = """
import time
if number == 13:
    raise ValueError("unlucky")
time.sleep(number / 100)
print("number", number)
"""


def make(folder: Path, work: str = WORK) -> Report:
    folder.mkdir(exist_ok=True)
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Numbers\n\nOne each."},
        *(
            {
                "cell_type": "code", "metadata": {"tags": tags}, "source": text, "outputs": [],
                "execution_count": None,
            }
            for text, tags in ((PARAMETERS, ["parameters"]), (work, []))
        ),
    ]  # fmt: skip
    path = folder / "numbers.ipynb"
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    )
    return Report("numbers", str(path), {"number": Between(0, 10**6), "own": Folder()})


@pytest.fixture
def numbers(tmp_path: Path) -> Report:
    return make(tmp_path / "notebooks")


class Rendered:
    """Takes the place of a real run; counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, task: jobs.Job) -> tuple[jobs.Result, dict[str, bytes]]:
        self.asked.append(task["stem"])
        json.dumps(task)  # plain data
        if task["parameters"]["number"] == 13:
            return {"status": "failed", "cell": 3, "message": "unlucky", "duration": 0.1}, {}
        content = {
            f"{task['stem']}.{to}": f"{to} {task['parameters']}".encode() for to in task["formats"]
        }
        return {"status": "done", "cell": None, "message": "", "duration": 0.1}, content


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Rendered:
    made = Rendered()
    monkeypatch.setattr(jobs, "render", made)
    return made


@pytest.fixture
def pool() -> Any:
    with ThreadPoolExecutor(2) as made:
        yield made


def records(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / manifest.NAME).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != manifest.NAME
    }


def test_outcomes_files_and_records(numbers, rendered, pool, tmp_path):
    told: list[Any] = []
    out = tmp_path / "out"
    made = run_many(
        numbers, {"number": [3, 13, 1]}, pool, out=out, formats=["html", "ipynb"],
        begun=told.append, each=told.append,
    )  # fmt: skip
    assert told[0] == 3
    assert {item.name for item in told[1:]} == {item.name for item in made.outcomes}
    assert [item.parameters.number for item in made.outcomes] == [3, 13, 1]
    assert [item.status for item in made.outcomes] == ["done", "failed", "done"]
    (failed,) = made.failed
    assert (failed.message, failed.cell, failed.files) == ("unlucky", 3, {})
    assert made.outcomes[0].files["html"].read_text().startswith("html")
    assert sorted(path.name for path in out.iterdir()) == [
        "index.html", "manifest.jsonl", "numbers_number-1.html", "numbers_number-1.ipynb",
        "numbers_number-3.html", "numbers_number-3.ipynb",
    ]  # fmt: skip
    for record in records(out):
        assert {"data_version", "data", "package", "versions", "duration"} <= set(record)
        for name, digest in record["outputs"].items():
            assert hashes(out)[name] == digest
    assert "unlucky" in made.index.read_text(encoding="utf-8")


def test_resuming_passes_over_what_is_finished_and_unchanged(numbers, rendered, pool, tmp_path):
    out, grid = tmp_path / "out", {"number": [1, 2, 13]}

    def again(**options: Any) -> list[str]:
        rendered.asked.clear()
        made = run_many(numbers, grid, pool, **{"out": out, "resume": True, **options})
        kept = {item.name for item in made.outcomes if item.status == "unchanged"}
        assert kept == {item.name for item in made.outcomes} - set(rendered.asked)
        return sorted(name.partition("-")[2] for name in rendered.asked)

    assert again() == ["1", "13", "2"]
    assert again() == ["13"]  # what failed is tried again
    assert again(resume=False) == ["1", "13", "2"]
    (out / "numbers_number-1.html").write_text("edited")
    assert again() == ["1", "13"]
    (out / "numbers_number-2.html").unlink()
    assert again() == ["13", "2"]
    assert again(formats=["ipynb"]) == ["1", "13", "2"]
    assert again(code=True) == ["1", "13", "2"]
    numbers.path.write_text(numbers.path.read_text().replace("One each", "Each one"))
    assert again() == ["1", "13", "2"]
    assert again() == ["13"]


def test_another_package_or_other_data_are_a_change(numbers, rendered, pool, tmp_path, monkeypatch):
    out = tmp_path / "out"
    run_many(numbers, {"number": 1}, pool, out=out)
    real = manifest.provenance()
    for key in ("package", "data", "versions"):
        changed = {**real, key: "other"}
        monkeypatch.setattr(manifest, "provenance", lambda changed=changed: changed)
        assert (
            run_many(numbers, {"number": 1}, pool, out=out, resume=True).outcomes[0].status
            == "done"
        )
    monkeypatch.undo()
    assert manifest.provenance() == real


def test_the_users_own_files_are_part_of_what_must_be_unchanged(numbers, rendered, pool, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.csv").write_text("1")

    def status() -> str:
        made = run_many(numbers, {"own": [str(own)]}, pool, out=tmp_path / "out", resume=True)
        return made.outcomes[0].status

    assert [status(), status()] == ["done", "unchanged"]
    (own / "a.csv").write_text("2")
    assert [status(), status()] == ["done", "unchanged"]


def test_nothing_is_run_if_one_row_is_wrong(numbers, rendered, pool, tmp_path):
    with pytest.raises(ParameterError, match="grid, row 2: report numbers: number must be"):
        run_many(numbers, [{"number": 1}, {"number": -1}], pool, out=tmp_path / "out")
    with pytest.raises(ParameterError, match="unknown format"):
        run_many(numbers, [{"number": 1}], pool, out=tmp_path / "out", formats=["exe"])
    assert rendered.asked == []
    assert not (tmp_path / "out").exists()


class Losing(Executor):
    """Loses the worker of some tasks."""

    def __init__(self, losses: int) -> None:
        self.losses = losses
        self.submitted = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        if self.submitted <= self.losses:
            future.set_exception(RuntimeError("the worker died\nlong story"))
        else:
            future.set_result(fn(*args))
        return future


def test_a_report_whose_worker_was_lost_runs_again(numbers, rendered, tmp_path):
    made = run_many(numbers, {"number": [1, 2]}, Losing(2), out=tmp_path / "out")
    assert [item.status for item in made.outcomes] == ["done", "done"]
    made = run_many(numbers, {"number": [1]}, Losing(9), out=tmp_path / "out")
    assert made.failed[0].message == (
        "report numbers failed: its worker was lost (RuntimeError: the worker died)."
    )


def test_files_that_were_not_asked_for_are_not_written(numbers, monkeypatch, pool, tmp_path):
    def render(task: jobs.Job) -> tuple[jobs.Result, dict[str, bytes]]:
        done = {"status": "done", "cell": None, "message": "", "duration": 0.1}
        return done, {"../outside.html": b"x"}

    monkeypatch.setattr(jobs, "render", render)
    made = run_many(numbers, {"number": 1}, pool, out=tmp_path / "out")
    assert "sent other files than were asked for" in made.failed[0].message
    assert not (tmp_path / "outside.html").exists()


@pytest.mark.parametrize("cut", [0, 1, 100, 400])
def test_a_notebook_that_is_damaged_meanwhile_is_a_sentence(numbers, tmp_path, cut):
    options = {"formats": ["html"], "code": False, "timeout": 60, "browser": None}
    task = jobs.job(numbers, check(numbers, {}), "numbers", tmp_path, options)
    numbers.path.write_bytes(numbers.path.read_bytes()[:cut])
    result, contents = jobs.render(task)
    assert (result["status"], contents) == ("failed", {})
    assert result["message"] == "notebook numbers.ipynb is damaged: it is not valid JSON"


def test_links_in_the_folder_lead_nowhere(numbers, rendered, pool, tmp_path):
    out, outside = tmp_path / "out", tmp_path / "outside"
    out.mkdir()
    outside.write_text("mine")
    (out / "numbers_number-1.html").symlink_to(outside)
    run_many(numbers, {"number": 1}, pool, out=out)
    assert outside.read_text() == "mine"
    assert not (out / "numbers_number-1.html").is_symlink()
    (out / manifest.NAME).unlink()
    (out / manifest.NAME).symlink_to(outside)
    with pytest.raises(ParameterError, match=r"cannot write .*manifest"):
        run_many(numbers, {"number": 1}, pool, out=out)
    assert outside.read_text() == "mine"


def test_what_a_killed_batch_had_begun_is_cleared_away(numbers, rendered, pool, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / ".batch-0123.part").write_text("half")
    (out / ".others.part").write_text("not ours")
    run_many(numbers, {"number": 1}, pool, out=out)
    assert not (out / ".batch-0123.part").exists()
    assert (out / ".others.part").exists()


RECORD = {"name": "a", "status": "done", "mark": "m", "outputs": {}}


def test_a_manifest_cut_anywhere_keeps_what_was_written_before(tmp_path):
    with Manifest(tmp_path) as kept:
        for name in ("a", "b", "c"):
            kept.add({**RECORD, "name": name, "note": "中文"})
    whole = (tmp_path / manifest.NAME).read_bytes()
    ends = [n + 1 for n, byte in enumerate(whole) if byte == ord("\n")]
    for length in range(len(whole)):
        (tmp_path / manifest.NAME).write_bytes(whole[:length])
        with Manifest(tmp_path) as kept:
            complete = max(0, sum(end - 1 <= length for end in ends) - 1)
            assert list(kept.records) == ["a", "b", "c"][:complete]
            kept.add({**RECORD, "name": "new"})
        with Manifest(tmp_path) as kept:
            assert list(kept.records) == [*["a", "b", "c"][:complete], "new"]


@pytest.mark.parametrize(
    "content",
    [
        b"hello\n", b"{}\n", b'{"manifest": "other", "version": 1}\n', b"\xff\xfe\0",
        b"[" * 10**5 + b"\n", b'{"manifest": "sme_analysis", "version": 2}\n',
    ],
)  # fmt: skip
def test_a_file_that_is_no_manifest_is_refused_and_kept(numbers, rendered, pool, tmp_path, content):
    (tmp_path / manifest.NAME).write_bytes(content)
    with pytest.raises(ParameterError, match=r"is no manifest of a batch: choose another folder"):
        run_many(numbers, {"number": 1}, pool, out=tmp_path)
    assert (tmp_path / manifest.NAME).read_bytes() == content


def test_odd_lines_in_a_manifest_count_as_not_finished(tmp_path):
    with Manifest(tmp_path) as kept:
        kept.add(RECORD)
    odd = [
        "[" * 10**5, '{"name": 1}', "null", '"x"', '{"name": "b", "status": "done", "mark": "m"}',
        '{"name": "b", "status": "done", "mark": "m", "outputs": {"../../x": "0"}}',
    ]  # fmt: skip
    with (tmp_path / manifest.NAME).open("a") as stream:
        stream.write("\n".join(odd) + "\n")
    with Manifest(tmp_path) as kept:
        assert kept.cut == 5
        assert not kept.finished("b", "m", ["b.html"])
        assert not kept.finished("a", "m", ["a.html"])


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of this kind there")
def test_one_batch_at_a_time_writes_to_a_folder(tmp_path):
    with Manifest(tmp_path), pytest.raises(ParameterError, match="another batch is writing to"):
        Manifest(tmp_path)
    Manifest(tmp_path).close()


def test_two_names_that_a_file_system_may_take_for_one_are_refused(numbers, monkeypatch, tmp_path):
    stems = iter(["a-B", "a-b"])
    monkeypatch.setattr(batch, "file_stem", lambda *args: next(stems))
    with pytest.raises(ParameterError, match="two reports would have one file name: a-B and a-b"):
        run_many(numbers, {"number": [1, 2]}, out=tmp_path)


# --- with real processes ----------------------------------------------------------------------


@pytest.mark.slow
def test_one_failing_report_harms_no_other(numbers, tmp_path):
    out = tmp_path / "out"
    made = run_many(numbers, {"number": [1, 13, 2, 3]}, out=out, workers=2)
    assert [item.status for item in made.outcomes] == ["done", "failed", "done", "done"]
    assert made.failed[0].cell == 3
    assert made.failed[0].message == "report numbers failed in cell 3: ValueError: unlucky"
    alone = run.run(numbers, {"number": 2}, out=tmp_path / "alone")
    assert alone.read_bytes() == (out / alone.name).read_bytes()
    again = run_many(numbers, {"number": [1, 2, 3]}, out=out, resume=True)
    assert {item.status for item in again.outcomes} == {"unchanged"}


@pytest.mark.skipif(not warm.available(), reason="nothing can be forked on this system")
def test_a_grid_that_is_refused_leaves_nothing_behind(numbers, monkeypatch, tmp_path):
    begun: list[warm.Warm] = []
    monkeypatch.setattr(
        workers, "Warm", lambda *args, **named: begun.append(warm.Warm(*args, **named)) or begun[0]
    )
    with pytest.raises(ParameterError, match="number"):
        run_many(numbers, {"number": [1, -1]}, out=tmp_path / "out")
    (parent,) = begun
    assert parent._process.poll() == -signal.SIGKILL  # it was not waited for
    assert not parent.home.exists()
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not warm.available(), reason="nothing can be forked on this system")
def test_an_interruption_while_warming_up_runs_nothing(numbers, monkeypatch, tmp_path):
    ran: list[Any] = []
    monkeypatch.setattr(jobs, "deliver", ran.append)
    task = jobs.job(numbers, check(numbers, {}), "x", tmp_path, {"formats": ["html"]})
    with workers.Workers(2) as own:
        futures = [own.submit(task) for _ in range(4)]
    for future in futures:
        assert future.cancelled() or isinstance(future.exception(), warm.WarmError)
    assert ran == []


def test_a_page_that_no_batch_wrote_is_not_replaced(numbers, rendered, pool, tmp_path):
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(ParameterError, match=r"index.html was written by no batch and would be"):
        run_many(numbers, {"number": [1]}, pool, out=tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"
    assert rendered.asked == []


def test_the_index_keeps_what_earlier_batches_left(numbers, rendered, pool, tmp_path):
    run_many(numbers, {"number": [1, 2, 13]}, pool, out=tmp_path)
    (tmp_path / "numbers_number-2.html").unlink()
    made = run_many(numbers, {"number": [3]}, pool, out=tmp_path)
    page = made.index.read_text(encoding="utf-8")
    assert "numbers_number-3.html" in page
    assert "numbers_number-1.html" in page
    assert "numbers_number-2.html" not in page  # gone
    assert "unlucky" not in page  # failed, and was not asked for again


def test_an_index_that_cannot_be_written_loses_no_outcome(numbers, rendered, pool, tmp_path):
    (tmp_path / manifest.NAME).touch()
    (tmp_path / "index.html").mkdir()  # cannot be replaced by a file
    made = run_many(numbers, {"number": [1]}, pool, out=tmp_path)
    assert [item.status for item in made.outcomes] == ["done"]
    assert made.problem.startswith("cannot write ")


def test_a_disk_that_takes_a_part_of_a_record_costs_that_one_only(tmp_path, monkeypatch):
    write, room = os.write, [40]

    def full(file: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(28, "No space left on device")
        taken = write(file, data[: room[0]])
        room[0] -= taken
        return taken

    with Manifest(tmp_path) as kept:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(DataError, match="No space left on device"):
            kept.add({**RECORD, "name": "lost"})
        monkeypatch.undo()
        kept.add({**RECORD, "name": "next"})
    with Manifest(tmp_path) as kept:
        assert (list(kept.records), kept.cut) == (["next"], 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes of this kind there")
def test_a_pipe_is_no_manifest(tmp_path):
    os.mkfifo(tmp_path / manifest.NAME)
    with pytest.raises(ParameterError, match="it is no regular file"):
        Manifest(tmp_path)


@pytest.mark.parametrize("out", ["", " "])
def test_a_folder_without_a_name_is_refused(numbers, rendered, pool, out):
    with pytest.raises(ParameterError, match="the name of the folder is empty"):
        run_many(numbers, {"number": [1]}, pool, out=out)


def test_the_home_folder_has_its_short_name(numbers, rendered, pool, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    made = run_many(numbers, {"number": [1]}, pool, out="~/out")
    assert made.index == (tmp_path / "out" / "index.html").resolve()


def test_a_folder_that_takes_no_file_is_refused_before_the_work(numbers, rendered, pool, tmp_path,
                                                                monkeypatch):  # fmt: skip
    monkeypatch.setattr(os, "access", lambda *args: False)
    with pytest.raises(ParameterError, match="the folder is read-only"):
        run_many(numbers, {"number": [1]}, pool, out=tmp_path)
    assert rendered.asked == []


@pytest.mark.parametrize("number", [0, -1, 1.5, "2"])
def test_the_number_of_workers_is_checked(numbers, number, tmp_path):
    with pytest.raises(ParameterError, match=r"workers must be a whole number from 1 up, not"):
        run_many(numbers, {"number": [1]}, out=tmp_path / "out", workers=number)


@pytest.mark.slow
def test_without_forks_the_pages_are_the_same(numbers, tmp_path, monkeypatch):
    run_many(numbers, {"number": [1, 2]}, out=tmp_path / "forked")
    monkeypatch.setenv(warm.ENGINE, "kernel")
    run_many(numbers, {"number": [1, 2]}, out=tmp_path / "plain", workers=2)
    assert hashes(tmp_path / "forked") == hashes(tmp_path / "plain")


@pytest.mark.slow
@pytest.mark.skipif(not warm.available(), reason="nothing can be forked on this system")
def test_a_report_whose_process_is_killed_runs_again(tmp_path):
    # The kernel kills its sibling, the process that drives it, when it runs first.
    found = make(
        tmp_path / "notebooks",
        f"import os, signal, time\nflag = {str(tmp_path / 'flag')!r}\n"
        "if number == 5 and not os.path.exists(flag):\n    open(flag, 'w').close()\n"
        "    for pid in map(int, filter(str.isdigit, os.listdir('/proc'))):\n"
        "        try: stat = open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()\n"
        "        except OSError: continue\n"
        "        if int(stat[1]) == os.getppid() and pid != os.getpid(): os.kill(pid, 9)\n"
        "    time.sleep(60)\n"
        "print(number)",
    )
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    made = run_many(found, {"number": [5, 6]}, out=tmp_path / "out", workers=1)
    assert (tmp_path / "flag").exists()
    assert [item.status for item in made.outcomes] == ["done", "done"]


SCRIPT = """
import sys
from pathlib import Path
from sme_analysis.reports.batch import run_many
from sme_analysis.reports.catalogue import Report
from sme_analysis.reports.rules import Between, Folder
found = Report("numbers", sys.argv[1], {"number": Between(0, 10**6), "own": Folder()})
batch = run_many(found, {"number": list(range(40, 46))}, out=sys.argv[2], resume=True, workers=2,
                 each=lambda outcome: print(outcome.name, outcome.status, flush=True))
sys.exit(bool(batch.failed))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_killed_at_any_moment_and_resumed_it_comes_to_the_same(numbers, tmp_path):
    chance = random.Random(1)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start(out: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(numbers.path), str(tmp_path / out)],
            env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    done = start("calm")
    lines = done.communicate()[0].splitlines()
    assert done.returncode == 0
    assert len(lines) == 6
    for number in (signal.SIGKILL, signal.SIGINT):
        broken = start("rough")
        assert broken.stdout is not None
        while not broken.stdout.readline().endswith("done\n"):
            assert broken.poll() is None
        time.sleep(chance.random() / 4)
        os.kill(broken.pid, number)
        broken.communicate()
        assert broken.returncode != 0
    last = start("rough")
    lines = last.communicate()[0].splitlines()
    assert last.returncode == 0
    assert sum(line.endswith("unchanged") for line in lines) >= 2
    assert hashes(tmp_path / "rough") == hashes(tmp_path / "calm")
    finished = [record["name"] for record in records(tmp_path / "rough")]
    assert len(set(finished)) == 6


@pytest.mark.slow
def test_on_a_dask_cluster_nothing_is_lost_with_a_worker(numbers, tmp_path):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = client.run(os.getpid)
        victim = next(iter(pids.values()))
        seen: list[str] = []

        def kill(outcome: batch.Outcome) -> None:
            seen.append(outcome.name)
            if len(seen) == 2:
                os.kill(victim, signal.SIGKILL)

        made = run_many(
            numbers, {"number": [13, *range(60, 66)]}, client.get_executor(),
            out=tmp_path / "out", each=kill,
        )  # fmt: skip
        assert victim not in client.run(os.getpid).values()
    assert [item.status for item in made.outcomes] == ["failed", *["done"] * 6]
    assert len(seen) == 7
    alone = run.run(numbers, {"number": 65}, out=tmp_path / "alone")
    assert alone.read_bytes() == (tmp_path / "out" / alone.name).read_bytes()


def test_the_manifest_can_be_copied_with_its_folder(numbers, rendered, pool, tmp_path):
    run_many(numbers, {"number": [1, 2]}, pool, out=tmp_path / "here")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    made = run_many(numbers, {"number": [1, 2]}, pool, out=tmp_path / "there", resume=True)
    assert {item.status for item in made.outcomes} == {"unchanged"}
    assert records(tmp_path / "there") == records(tmp_path / "here")
