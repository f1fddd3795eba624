"""The wheel: everything that a report needs travels with the package."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

import sme_analysis

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "sme_analysis"

pytest.importorskip("hatchling", reason="the build backend is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="not a source tree"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the backend at hand: nothing is fetched."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


class Installed(NamedTuple):
    """An environment of its own that holds the wheel and nothing else of ours."""

    programs: Path
    package: Path

    def run(self, folder: Path, program: str, *arguments: str) -> str:
        """Run one of its programs in a folder; the source tree is out of sight."""
        done = subprocess.run(
            [str(self.programs / program), *arguments], cwd=folder, env=environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout


def environment() -> dict[str, str]:
    aside = ("PYTHONPATH", "VIRTUAL_ENV")
    kept = {key: value for key, value in os.environ.items() if key not in aside}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel into a fresh environment; what it needs is borrowed, nothing is fetched."""
    pytest.importorskip("pip", reason="nothing to install with")
    fresh = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(fresh, with_pip=False, symlinks=os.name != "nt")
    programs = fresh / ("Scripts" if os.name == "nt" else "bin")
    paths = subprocess.run(
        [str(programs / "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    site = Path(paths.stdout.strip())
    # A bare path: the links of our environment to the source tree (.pth) are not followed.
    (site / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python"]
    subprocess.run(
        [*pip, str(programs / "python"), "install", "--no-index", "--no-deps",
         "--ignore-installed", str(wheel)],
        env=environment(), check=True, capture_output=True,
    )  # fmt: skip
    return Installed(programs, site / "sme_analysis")


def files(folder: Path, pattern: str = "*") -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob(pattern)
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


def test_it_carries_the_data_and_the_notebooks(names):
    shipped = "sme_analysis/_shipped"
    data = {f"{shipped}/data/{name}" for name in files(ROOT / "data")}
    assert {f"{shipped}/data/datapackage.json", f"{shipped}/data/sources.csv"} <= data <= names
    notebooks = {f"{shipped}/notebooks/{name}" for name in files(ROOT / "notebooks", "*.ipynb")}
    assert notebooks
    assert notebooks <= names


def test_it_carries_the_whole_package(names):
    package = {f"sme_analysis/{name}" for name in files(PACKAGE)}
    assert package <= names
    for needed in ("py.typed", "reports/templates/index.js", "plots/fonts/OFL.txt"):
        assert f"sme_analysis/{needed}" in names
    endings = {PurePosixPath(name).suffix for name in names}
    assert {".py", ".ttf", ".css", ".js", ".j2", ".csv", ".json", ".ipynb"} <= endings


def test_it_carries_nothing_else(names):
    tops = {PurePosixPath(name).parts[0] for name in names}
    assert tops == {"sme_analysis", f"sme_analysis-{sme_analysis.__version__}.dist-info"}
    parts = {part for name in names for part in PurePosixPath(name).parts}
    assert not {"tests", "__pycache__", ".ipynb_checkpoints", "out", ".venv"} & parts
    assert not [name for name in names if PurePosixPath(name).name.startswith("test_")]


def test_its_metadata_have_the_command_and_the_licence(wheel, names):
    (licence,) = [name for name in names if name.endswith("licenses/LICENSE")]
    (entries,) = [name for name in names if name.endswith("entry_points.txt")]
    (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
    with zipfile.ZipFile(wheel) as archive:
        assert "sme-analysis = sme_analysis.cli:main" in archive.read(entries).decode()
        assert f"Version: {sme_analysis.__version__}" in archive.read(metadata).decode()
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()


CODE = """
import sme_analysis as sme
from sme_analysis.locations import folder
print(sme.__file__)
print(folder("data"))
print(folder("notebooks"))
print(len(sme.load("outward_fdi_annual")), sme.verify() == [])
made = sme.plots.annual_bars(sme.investment.national(sme.load("outward_fdi_annual"))["value"],
                             title="T", subtitle="S", source="U")
from matplotlib.font_manager import findfont
from sme_analysis.plots.style import house
with house():
    print(findfont("IBM Plex Sans"))
"""


def test_it_works_from_an_empty_folder(installed, tmp_path):
    printed = installed.run(tmp_path, "python", "-c", CODE).splitlines()
    inside = installed.package
    assert Path(printed[0]) == inside / "__init__.py"
    assert Path(printed[1]) == inside / "_shipped" / "data"
    assert Path(printed[2]) == inside / "_shipped" / "notebooks"
    assert printed[3] == f"{len(sme_analysis.load('outward_fdi_annual'))} True"
    assert Path(printed[4]).parent == inside / "plots" / "fonts"
    assert list(tmp_path.iterdir()) == []


def test_its_command_lists_the_reports(installed, tmp_path):
    assert "outbound_investment" in installed.run(tmp_path, "sme-analysis", "list")
    listed = installed.run(tmp_path, "python", "-m", "sme_analysis", "data", "list")
    assert "outward_fdi_annual" in listed
    assert list(tmp_path.iterdir()) == []


def test_its_reports_are_those_of_the_source_tree(installed, tmp_path):
    """In an empty folder: the same page, workbook and notebook as from the committed notebook."""
    from sme_analysis.reports import formats
    from sme_analysis.reports import notebook as nb

    name = "outbound_investment"
    printed = installed.run(tmp_path, "sme-analysis", "report", name, "--to", "html,xlsx,ipynb")
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert written == [f"out/{name}.{to}" for to in ("html", "ipynb", "xlsx")]
    assert sorted(Path(line).as_posix() for line in printed.split()) == written
    committed = nb.read(ROOT / "notebooks" / f"01_{name}.ipynb")
    for to in ("html", "xlsx", "ipynb"):
        assert (tmp_path / "out" / f"{name}.{to}").read_bytes() == formats.render(committed, to)


def test_its_notebooks_are_copied_for_the_user(installed, tmp_path):
    printed = installed.run(tmp_path, "sme-analysis", "notebooks", "mine")
    assert "00_start_here.ipynb" in printed
    copied = files(tmp_path / "mine")
    assert copied == files(ROOT / "notebooks", "*.ipynb")
    for name in copied:
        kept = (ROOT / "notebooks" / name).read_bytes()
        assert (tmp_path / "mine" / name).read_bytes() == kept
