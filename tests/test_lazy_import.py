"""`import sme_analysis` is light, and every public name is there when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sme_analysis as sme

HEAVY = (
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "openpyxl",
    "matplotlib",
    "seaborn",
    "papermill",
    "country_converter",
    "nbconvert",
    "requests",
)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module",
    [
        "sme_analysis",
        "sme_analysis.errors",
        "sme_analysis.locations",
        "sme_analysis.editions",
        "sme_analysis.editions.commands",
        "sme_analysis.data.choice",
    ],
)
def test_nothing_heavy_is_imported(module: str) -> None:
    loaded = run(
        f"import sys, {module}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert loaded == "[]"


def test_listing_names_and_asking_for_an_error_stay_light() -> None:
    loaded = run(
        "import sys, sme_analysis as sme\n"
        "dir(sme); sme.SmeAnalysisError; sme.__version__\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert loaded == "[]"


def test_loading_a_table_brings_pandas_and_no_plotting() -> None:
    unwanted = tuple(name for name in HEAVY if name not in ("pandas", "numpy"))
    loaded = run(
        "import sys, sme_analysis as sme\n"
        "sme.load('economies')\n"
        f"print('pandas' in sys.modules, [name for name in {unwanted!r} if name in sys.modules])"
    )
    assert loaded == "True []"


def test_a_module_of_its_own_brings_no_regressions_and_no_spreadsheets() -> None:
    unwanted = ("statsmodels", "openpyxl", "papermill")
    loaded = run(
        "import sys, sme_analysis as sme\n"
        "sme.sectors, sme.supplied, sme.findings\n"
        f"print([name for name in {unwanted!r} if name in sys.modules])"
    )
    assert loaded == "[]"


def test_every_listed_name_resolves() -> None:
    out = run(
        "import sme_analysis as sme\n"
        "print(sorted(name for name in sme.__all__ if getattr(sme, name, None) is None))"
    )
    assert out == "[]"


def test_dir_lists_the_public_names() -> None:
    listed = dir(sme)
    assert set(sme.__all__) <= set(listed)
    assert listed == sorted(set(listed))
    calls = ("load", "catalog", "describe", "cite", "verify")
    for name in (*calls, "economies", "investment", "sectors", "supplied"):
        assert name in listed
        assert getattr(sme, name) is getattr(sme, name)


def test_public_names_lead_where_the_table_says() -> None:
    for name, module in sme._NAMES.items():
        assert getattr(sme, name).__module__ == f"sme_analysis.{module}", name


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="module 'sme_analysis' has no attribute 'laod'"):
        sme.laod  # noqa: B018
    assert not hasattr(sme, "pandas")


def test_star_import_brings_what_is_listed() -> None:
    out = run(
        "import sme_analysis\n"
        "from sme_analysis import *\n"
        "print(sorted(set(sme_analysis.__all__) - set(globals())))"
    )
    assert out == "[]"
