"""The project's own papers agree: packages, pins, versions, commands, file sizes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import sme_analysis

ROOT = Path(__file__).resolve().parents[1]
PINS = ("requirements.txt", "requirements-test.txt")
INSTALLERS = ("pyproject.toml", "environment.yml", "Makefile", ".ci/run", *PINS)
# conda-forge's names where they differ: the -base packages leave out a Qt that nobody needs here.
CONDA = {
    "matplotlib": "matplotlib-base",
    "seaborn": "seaborn-base",
}
# A module that bears another name than its package.
PACKAGE_OF = {"yaml": "pyyaml", "zmq": "pyzmq"}

# The hosts of package indexes, spelt so that this file does not carry one itself.
INDEX_HOST = re.compile(rf"\b(?:{'|'.join(['pypi', 'pythonhosted', 'anaconda'])})\.(?:org|com|io)")
MACHINE_PATH = re.compile(r"(?<![\w./~%+-])/(?:home|root|Users|opt|mnt|srv)/\w+")


PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
CORE = {Requirement(line).name for line in PROJECT["dependencies"]}
DECLARED = [
    Requirement(line)
    for line in sum(PROJECT["optional-dependencies"].values(), PROJECT["dependencies"])
]


@cache
def tracked() -> tuple[Path, ...]:
    """Files that belong to the project: what git keeps or would keep, else all but hidden ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        names = [name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]
        passed_over = re.compile(r"^(\.(?!ci|editorconfig|gitignore)|out|build|dist)|__pycache__")
        names = [name for name in names if not passed_over.search(name)]
    return tuple(path for path in map(ROOT.joinpath, names) if path.is_file())


def pins(name: str) -> list[Requirement]:
    return [Requirement(line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


def test_conda_environment_names_the_same_packages_and_bounds() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = {item for item in listed if isinstance(item, str)}
    ours = {f"{CONDA.get(item.name, item.name)}{item.specifier}" for item in DECLARED}
    python = f"python{PYPROJECT['project']['requires-python']}"
    assert conda == ours | {python, "pip"}


@pytest.mark.parametrize("name", PINS)
def test_pins_are_exact_and_given_once_per_platform(name: str) -> None:
    found = pins(name)
    for pin in found:
        assert [item.operator for item in pin.specifier] == ["=="], str(pin)
        assert pin.url is None, str(pin)
    names = [canonicalize_name(pin.name) for pin in found]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda item: item.name)
def test_pins_satisfy_every_declared_bound(requirement: Requirement) -> None:
    for name in PINS if requirement.name in CORE else PINS[1:]:
        pinned = {canonicalize_name(pin.name): pin for pin in pins(name)}
        pin = pinned[canonicalize_name(requirement.name)]
        (exact,) = pin.specifier
        assert pin.marker is None, f"{pin} is not pinned everywhere"
        assert requirement.specifier.contains(exact.version), f"{pin} against {requirement}"


def test_pins_for_tests_include_those_for_running() -> None:
    running, testing = ((ROOT / name).read_text(encoding="utf-8").splitlines() for name in PINS)
    # A pin that the tests need on every system stands there without the marker: it holds the more.
    everywhere = {pin.partition(" ;")[0] for pin in testing if " ;" not in pin}
    for pin in running:
        assert pin in testing or pin.partition(" ;")[0] in everywhere, pin


def imported(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


def test_every_imported_package_is_declared() -> None:
    extra = [Requirement(line) for line in PROJECT["optional-dependencies"]["cluster"]]
    core = {canonicalize_name(name) for name in (*CORE, *(item.name for item in extra))}
    for path in (ROOT / "sme_analysis").rglob("*.py"):
        others = imported(path) - set(sys.stdlib_module_names) - {"sme_analysis"}
        missing = {
            name for name in others if canonicalize_name(PACKAGE_OF.get(name, name)) not in core
        }
        assert not missing, f"{path.relative_to(ROOT)} imports {missing}"


@pytest.mark.parametrize("name", INSTALLERS)
def test_what_installs_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"index-url(?<!no-emit-index-url)|find-links|file:|https?://", text)


def test_no_file_carries_an_index_host_or_a_path_of_a_machine() -> None:
    faults = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, start=1):
            if len(line) > 2000:  # an encoded picture
                continue
            if INDEX_HOST.search(line) or MACHINE_PATH.search(line) or f"{ROOT}/" in line:
                faults.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not faults


def test_no_file_is_over_5_megabytes() -> None:
    assert not [path.name for path in tracked() if path.stat().st_size > 5_000_000]


def test_versions_agree() -> None:
    version = sme_analysis.__version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == version
    assert citation["license"] == PROJECT["license"]
    source = ROOT / PYPROJECT["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{version}"' in source.read_text(encoding="utf-8")
    assert version in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_citation_has_what_the_format_requires() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"


def test_commands_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    # Only code counts: prose may well "make sense" of something.
    code = re.findall(r"```.*?```|`[^`\n]+`", readme, flags=re.DOTALL)
    commands = set(re.findall(r"\bmake ([a-z]+)", "\n".join(code)))
    assert {"report", "test"} <= commands
    assert commands <= targets()


def test_every_target_is_phony_and_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    explained = set(re.findall(r"^([a-z]+):.*## \w", makefile, flags=re.MULTILINE))
    assert set(phony.split()) == explained == targets()


def test_a_wheel_carries_the_data_and_the_notebooks() -> None:
    wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {"data", "notebooks"} == set(wheel["only-include"]) - {"sme_analysis"}
    for folder, inside in wheel["sources"].items():
        assert inside == f"sme_analysis/_shipped/{folder}"
