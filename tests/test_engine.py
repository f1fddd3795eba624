"""Kernels forked from a warm process: the same outputs, one process each, nothing left behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from sme_analysis.locations import folder
from sme_analysis.reports import children, engine, warm, wire

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(folder("notebooks").glob("*.ipynb"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing can be forked on this system"),
]
papermill_engines.register("sme_analysis", engine.ForkEngine)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv(warm.ENGINE, "fork")
    # Set iteration must not differ between the runs that are compared.
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    return tmp_path


def write(path: Path, *sources: str, tags: tuple[str, ...] = ()) -> Path:
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text, metadata={"tags": list(tags)}) for text in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
    )
    nbformat.write(made, path)
    return path


def execute(path: Path, name: str | None, **options: Any) -> list[dict[str, Any]]:
    """Run a notebook; return its cells without what only tells of time and chance."""
    out = path.with_suffix(f".{name}.out.ipynb")
    try:
        papermill.execute_notebook(path, out, engine_name=name, progress_bar=False, **options)
    finally:
        content = json.loads(out.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell["metadata"].pop("papermill", None)
        cell["metadata"].pop("execution", None)
        cell.pop("id", None)
    del content["metadata"]["papermill"]
    return [*content["cells"], content["metadata"]]


def printed(path: Path, **options: Any) -> list[str]:
    """Return the lines that a notebook prints in a forked kernel."""
    cells = execute(path, "sme_analysis", **options)
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join("".join(o["text"]) for o in outputs if "text" in o).splitlines()


def gone(*pids: int, seconds: float = 15) -> bool:
    """Whether processes end in time; a zombie, which awaits its parent only, has ended."""
    end = time.monotonic() + seconds
    left = set(pids)
    while left and time.monotonic() < end:
        left = {pid for pid in left if lives(pid)}
        time.sleep(0.05)
    return not left


def lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self/stat").exists()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_has_the_outputs_of_plain_papermill(path: Path, place: Path) -> None:
    copy = place / path.name
    copy.write_bytes(path.read_bytes())
    once = {"request_save_on_cell_execute": False}  # not after every cell: it takes longer
    plain, forked = execute(copy, None, **once), execute(copy, "sme_analysis", **once)
    assert len(plain) == len(forked)
    for ours, theirs in zip(forked, plain, strict=True):
        assert ours == theirs


SEMANTICS = (
    "import os, sys, asyncio\n'an expression'",
    "print('out'); print('err', file=sys.stderr); None",
    "_, _1, Out, In[:2]",
    "os.system('echo from a process')\n!echo from a magic",
    "from IPython.display import HTML, clear_output, display, update_display\n"
    "display(HTML('<b>x</b>')); shown = display('first', display_id='one')\nprint('kept')",
    "update_display('second', display_id='one')",
    "print('lost'); clear_output(); print('left')",
    "%%capture held\nprint('held')",
    "held.stdout, get_ipython().__class__.__name__, __name__",
    "await asyncio.sleep(0, 'awaited')",
    "import matplotlib, matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); matplotlib.get_backend()",
    "import pandas as pd, warnings\nwarnings.warn('careful')\npd.DataFrame({'a': [1, None]})",
    "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']\n"
    "plt.rcParams['svg.hashsalt'] = 'x'\n"
    "fig = plt.figure(); _ = fig.text(0.5, 0.5, 'x')\nplt.close()",
    "sys.path[:1], sys.argv[1:2], os.environ['PYTHONHASHSEED'], sys.stdin.read()",
    "class Odd:\n    def _repr_html_(self): raise ValueError('no')\nOdd().__class__",
    "%who_ls",
    "import numpy as np\n(np.arange(1e4).reshape(100, 100) @ np.ones((100, 100))).sum()",
    "def f(): raise KeyError('x')\nf()",
    "print('never')",
)


def test_semantics_are_those_of_an_ordinary_kernel(place: Path) -> None:
    path = write(place / "in.ipynb", *SEMANTICS)
    ours, theirs = semantics(path, "sme_analysis"), semantics(path, None)
    for one, other in zip(ours, theirs, strict=True):
        assert one == other


def semantics(path: Path, name: str | None) -> list[Any]:
    with pytest.raises(PapermillExecutionError, match="KeyError"):
        execute(path, name)
    text = path.with_suffix(f".{name}.out.ipynb").read_text(encoding="utf-8")
    out = json.loads(re.sub(r"ipykernel_[0-9]+", "ipykernel_N", text))  # its process
    return [
        [cell["source"], whole(cell.get("outputs", [])), cell.get("execution_count")]
        for cell in out["cells"]
    ]


def whole(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join what one stream says in a row: any kernel breaks it up as its threads happen to run."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] != "stream":
            joined.append(output)
        elif output["name"] == last.get("name"):
            last["text"] += "".join(output["text"])
        else:
            joined.append({**output, "text": "".join(output["text"])})
    return joined


def test_a_run_sees_nothing_of_another(place: Path) -> None:
    soil = (
        "import os, sys, json, random, numpy, matplotlib, pandas, sme_analysis\n"
        "print(os.getpid(), os.getppid())\n"
        "print(getattr(json, 'soiled', 0), matplotlib.rcParams['lines.linewidth'], "
        "pandas.options.display.max_rows, os.environ.get('SOILED'), 'x' in globals(), "
        "len(sme_analysis.load('economies')))\n"
        "print(random.random(), numpy.random.rand())\n"
        "json.soiled = x = 1; matplotlib.rcParams['lines.linewidth'] = 9\n"
        "os.environ['SOILED'] = '1'\n"
        "pandas.options.display.max_rows = 3; sme_analysis.load = lambda name: 'x'"
    )
    path = write(place / "in.ipynb", soil)
    first, second = printed(path), printed(path)
    (one, parent), (two, same) = first[0].split(), second[0].split()
    assert one != two
    assert parent == same
    assert first[1] == second[1]
    assert set(first[2].split()).isdisjoint(second[2].split())
    assert gone(int(one), int(two))
    if sys.platform == "linux":  # the process that is forked has one thread
        assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1


def test_a_kernel_that_dies_takes_its_own_processes_along(place: Path) -> None:
    path = write(
        place / "in.ipynb",
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '300'])\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')",
        "os.kill(os.getpid(), 9)",
    )
    with pytest.raises(DeadKernelError):
        execute(path, "sme_analysis")
    kernel, child = map(int, (place / "pids").read_text().split())
    assert gone(kernel, child)
    assert printed(write(place / "next.ipynb", "print('well')")) == ["well"]


def test_a_cell_that_takes_too_long_is_ended(place: Path) -> None:
    path = write(
        place / "in.ipynb",
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '300'])\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')\ntime.sleep(300)",
    )
    with pytest.raises(CellTimeoutError):
        execute(path, "sme_analysis", execution_timeout=2, shutdown_kernel="immediate")
    assert gone(*map(int, (place / "pids").read_text().split()))


SCRIPT = """
import papermill, sys
from papermill.engines import papermill_engines
from sme_analysis.reports import engine, warm
papermill_engines.register("sme_analysis", engine.ForkEngine)
print(warm.shared().home, warm.shared()._process.pid, flush=True)
papermill.execute_notebook("in.ipynb", None, engine_name="sme_analysis", progress_bar=False)
"""


@pytest.fixture
def running(place: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], Path, list[int]]]]:
    """Start a program whose notebook does not end."""
    started: list[subprocess.Popen[str]] = []

    def start() -> tuple[subprocess.Popen[str], Path, list[int]]:
        write(
            place / "in.ipynb",
            "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '300'])\n"
            "open('part', 'w').write(f'{os.getpid()} {child.pid}'); os.rename('part', 'pids')\n"
            "time.sleep(300)",
        )
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        made = subprocess.Popen(
            [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env=env, start_new_session=True,
        )  # fmt: skip
        started.append(made)
        assert made.stdout is not None
        home, parent = made.stdout.readline().split()
        end = time.monotonic() + 60
        while not (place / "pids").exists() and time.monotonic() < end:
            time.sleep(0.05)
        return made, Path(home), [int(parent), *map(int, (place / "pids").read_text().split())]

    yield start
    for made in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(made.pid, signal.SIGKILL)
        made.wait()
        if made.stdout:
            made.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_an_interrupted_program(running: Any, number: int) -> None:
    program, home, pids = running()
    assert home.is_dir()
    os.kill(program.pid, number)
    assert program.wait(30) != 0
    assert gone(*pids)
    end = time.monotonic() + 10
    while home.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not home.exists()


def test_nothing_outlives_the_warm_process(running: Any) -> None:
    program, _, pids = running()
    parent, kernel, _ = pids
    os.kill(parent, signal.SIGKILL)
    assert gone(parent, kernel)
    assert program.wait(60) != 0


FORGETTING = """
import os, socket, subprocess
from sme_analysis.reports import forking
parent = forking._Parent(socket.socketpair()[0], warm=True)
child = subprocess.Popen(["sleep", "60"])
asker = forking._Asker(socket.socketpair()[0], {child.pid: socket.socketpair()[0]})
parent._forget(asker)
print(child.wait(10))
"""


def test_a_child_is_ended_that_has_no_group_of_its_own_yet() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FORGETTING]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == f"{-signal.SIGKILL}\n"

    ours, theirs = socket.socketpair()
    with ours, theirs, subprocess.Popen(["sleep", "60"]) as process:
        wire.send(theirs, {"pid": process.pid})
        warm.Child(ours).terminate()
        assert process.wait(10) == -signal.SIGTERM


def test_ordinary_kernels_where_they_must_be(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine.forks("python3")
    (place / "matplotlibrc").write_text("lines.linewidth: 9\n")
    assert not engine.forks("python3")
    (place / "matplotlibrc").unlink()
    kernel = place / "kernels" / "other"
    kernel.mkdir(parents=True)
    for argv, forks in (
        ([sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], True),
        (["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], True),
        (["/usr/bin/env", "-m", "ipykernel_launcher", "-f", "{connection_file}"], False),
        ([sys.executable, "-m", "ipykernel", "-f", "{connection_file}"], False),
        ([sys.executable, "-I", "-m", "ipykernel_launcher", "-f", "{connection_file}"], False),
    ):
        spec = {"argv": argv, "display_name": "x", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(spec))
        monkeypatch.setenv("JUPYTER_PATH", str(place))
        assert engine.forks("other") is forks, argv
    assert not engine.forks("nowhere")
    monkeypatch.setenv(warm.ENGINE, "kernel")
    assert not engine.forks("python3")
    path = write(place / "in.ipynb", "import os\nprint(os.getppid())")
    assert printed(path) == [str(os.getpid())]


def test_a_parent_with_threads_is_not_forked(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "jedi.py").write_text("")
    (place / "seaborn.py").write_text("")
    threaded = (
        "import threading as t, time\nt.Thread(target=time.sleep, args=[60], daemon=True).start()"
    )
    (place / "pandas.py").write_text(threaded)
    monkeypatch.setenv("PYTHONPATH", str(place))
    with warm.Warm() as parent:
        assert not parent.ready()
        assert "threads" in parent.log()
        with pytest.raises(warm.WarmError):
            parent.kernel([], {}, ".", 1, 2)


def test_the_engine_is_light_and_has_the_name_that_is_declared(place: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (entry,) = declared["project"]["entry-points"]["papermill.engine"].items()
    assert entry == ("sme_analysis", "sme_analysis.reports.engine:ForkEngine")
    code = (
        "import sys; from sme_analysis.reports.engine import ForkEngine;"
        "heavy = {'papermill', 'nbclient', 'pandas', 'jupyter_client', 'zmq', 'matplotlib'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)

    # As installed: papermill itself finds the engine by its name, and warns of nothing.
    info = place / "site" / "sme_analysis_engine-1.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text(f"[papermill.engine]\n{entry[0]} = {entry[1]}\n")
    write(place / "in.ipynb", "x = 1", tags=("parameters",))
    command = [
        "-m",
        "papermill",
        "--engine",
        "sme_analysis",
        "in.ipynb",
        "out.ipynb",
        "-p",
        "x",
        "2",
    ]
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(place / "site")])
    done = subprocess.run(
        [sys.executable, *command], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.casefold()
    assert "unencrypted" not in done.stderr
    out = json.loads((place / "out.ipynb").read_text())
    assert [cell["execution_count"] for cell in out["cells"]] == [1, 2]


def test_one_package_is_left_out_while_importing_only() -> None:
    code = (
        "import sys\nfrom sme_analysis.reports.children import light\n"
        "with light():\n    import jsonschema\n"
        "assert 'lark' not in sys.modules and 'rfc3987_syntax' not in sys.modules"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)
    before = sys.modules.setdefault("rfc3987_syntax", children)
    with children.light():
        assert sys.modules["rfc3987_syntax"] is before
    assert sys.modules["rfc3987_syntax"] is before
    if before is children:
        del sys.modules["rfc3987_syntax"]
