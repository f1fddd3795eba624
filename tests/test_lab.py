"""JupyterLab in a real browser: it starts, the tour opens, runs, and shows its figures."""

from __future__ import annotations

import contextlib
import html
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from devtools import Browser, Page, browsing, installed, wait

import sme_analysis as sme
from sme_analysis.reports.browser import end
from sme_analysis.reports.copies import START, copy_notebooks

pytestmark = pytest.mark.slow
PACKAGE_PARENT = Path(sme.__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that reaches this machine and nothing else."""
    local = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
    with browsing(tmp_path_factory.mktemp("browser"), local) as opened:
        yield opened


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on copies of the notebooks, on a free port, with a token; its address."""
    installed()  # else nothing is started
    home = tmp_path_factory.mktemp("lab")
    copy_notebooks(home / "work")
    token, runtime = secrets.token_hex(16), home / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {**os.environ, "JUPYTER_TOKEN": token, "JUPYTER_RUNTIME_DIR": str(runtime)}
    environment |= {
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_PREFER_ENV_PATH": "1", "IPYTHONDIR": str(home / "ipython"), "HOME": str(home),
        "PYTHONPATH": str(PACKAGE_PARENT),
    }  # fmt: skip
    log = home / "log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [
                sys.executable, "-m", "jupyterlab", f"work/{START}",  # as `make lab` does
                "--no-browser", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1",
                "--ServerApp.allow_root=True",
                "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
                "--LabApp.extension_manager=readonly",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            ],
            cwd=home, env=environment, stdout=stream, stderr=stream,
            start_new_session=True,
        )  # fmt: skip
    try:
        # The page that a desktop's browser is sent to: it holds the address and the token.
        pages = wait(lambda: list(runtime.glob("jpserver-*file-to-run*.html")), 40, "the start")
        found = wait(lambda: re.search(r"url=(http://127[^\"]+)", pages[0].read_text()), 5)
        address = html.unescape(found[1])
        assert f"/lab/tree/{START}?token={token}" in address
        yield address
    finally:
        server.terminate()  # it ends its kernels first
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(15)
        end(server)


PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
CELLS = "window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells"
CODE = f"{CELLS}.filter(cell => cell.cell_type === 'code')"
DRAWN = """
(async () => {
  for (const cell of document.querySelectorAll("PANEL .jp-CodeCell")) {
    cell.scrollIntoView();
    await new Promise(done => setTimeout(done, 100));
  }
  return Array.from(document.querySelectorAll("PANEL .jp-RenderedSVG img"),
                    image => image.complete && image.naturalWidth > 300 && image.width > 300);
})()
""".replace("PANEL", PANEL)


def test_the_tour_opens_runs_to_its_end_and_shows_its_figures(
    lab: str, browser: Browser, tmp_path: Path
) -> None:
    page = browser.page()
    page.open(lab)
    page.wait(f"document.querySelectorAll('{PANEL} .jp-CodeCell').length > 3", 40)
    assert "Start here" in page.value(f"document.querySelector('{PANEL}').textContent")
    # Before a run the outputs are those of the file, which nobody has vouched for: no script ran.
    page.wait(f"document.querySelector('{PANEL} .sme-catalog table') !== null", 20)
    assert page.value(f"document.querySelector('{PANEL} .sme-catalog input') === null")

    session = "window.jupyterapp.shell.currentWidget.sessionContext"
    page.wait(f"{session}.isReady && {session}.session.kernel.status === 'idle'", 40)
    assert page.value("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait(f"{session}.session.kernel.status === 'idle'", 10)

    counts = page.value(f"{CODE}.map(cell => cell.execution_count)")
    assert counts == list(range(1, len(counts) + 1))
    kinds = page.value(f"{CODE}.flatMap(cell => cell.getOutputs().map(out => out.output_type))")
    assert set(kinds) == {"display_data"}
    drawn = page.value(DRAWN)
    pictures = page.value(f"JSON.stringify({CODE}.map(cell => cell.getOutputs()))")
    assert len(drawn) == pictures.count('"image/svg+xml":"<svg') >= 1
    assert all(drawn)
    # The rows behind the figures are there, and no interface shows them.
    assert '"text/csv":"year,' in pictures
    assert "year,value" not in page.value(f"document.querySelector('{PANEL}').textContent")

    _search_the_catalogue(page)
    if where := os.environ.get("SME_ANALYSIS_PICTURES"):  # to look at
        page.picture(Path(where) / "lab.png")
    page.value(f"document.querySelector('{PANEL} th a').click()")  # the first report
    page.wait("window.jupyterapp.shell.currentWidget.title.label.startsWith('01_')", 20)
    outside = [a for a in browser.requests() if urlsplit(a).hostname not in ("127.0.0.1", None)]
    assert outside == []


def _search_the_catalogue(page: Page) -> None:
    """Type into the field that a run has brought; rows that do not match go."""
    field, rows = f"{PANEL} .sme-catalog input", f"{PANEL} .sme-catalog tbody tr"
    page.value(f"document.querySelector('{field}').focus()")
    page.call("Input.insertText", text="BELT members")
    left = f"Array.from(document.querySelectorAll('{rows}')).filter(row => row.offsetHeight)"
    assert page.value(f"{left}.map(row => row.cells[0].textContent)") == ["belt_and_road_members"]
    links = page.value(f"Array.from(document.querySelectorAll('{PANEL} th a'), a => a.href)")
    assert links
    assert all(re.search(r"/files/\d\d_\w+\.ipynb|/files/\w+\.ipynb", link) for link in links), (
        links
    )
