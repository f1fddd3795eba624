"""The start page: every notebook and every table is on it, and it is no report."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import sample

import sme_analysis as sme
from sme_analysis import tour
from sme_analysis.locations import folder
from sme_analysis.reports import notebook as nb
from sme_analysis.reports.catalogue import reports
from sme_analysis.reports.copies import START
from sme_analysis.reports.markup import clean, plain

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(path.name for path in folder("notebooks").glob("*.ipynb"))


def test_it_is_no_report():
    assert START in NOTEBOOKS
    assert START not in {report.notebook for report in reports()}


@pytest.mark.skipif(not (ROOT / "Makefile").is_file(), reason="not a source tree")
def test_make_runs_the_reports_and_not_the_tour():
    done = subprocess.run(
        ["make", "-n", "report", "BIN=."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    (names,) = re.findall(r"for name in (.*?); do", done.stdout)
    assert names.split() == [report.name for report in reports()]
    opened = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"-m jupyterlab notebooks/{START}" in opened


def test_every_other_notebook_is_linked():
    (output,) = sample.shown(sme.show_reports)
    links = re.findall(r'<a href="([^"]+)"', output["data"]["text/html"])
    assert links == [name for name in NOTEBOOKS if name != START]
    for report in reports():
        assert f"sme-analysis report {report.name}</code>" in output["data"]["text/html"]


def test_every_table_of_data_is_listed_with_its_columns():
    (output,) = sample.shown(sme.show_catalog)
    text = plain(output["data"]["text/html"])
    for name in sme.catalog().index:
        assert name in text
        for column in sme.load(name).columns:
            assert column in text
    assert output["data"]["text/csv"].count("\n") == len(sme.catalog()) + 1


def test_words_narrow_the_list():
    assert tour.tables("BELT members")["Table"].tolist() == ["belt_and_road_members"]
    assert set(tour.tables("iso3")["Table"]) > {"economies", "country_indicators"}
    assert len(tour.tables()) == len(sme.catalog())
    (output,) = sample.shown(lambda: sme.show_catalog(sample.MARKUP))
    assert "<script" not in output["data"]["text/html"]
    assert "No table has" in output["data"]["text/plain"]


def test_without_trust_the_list_stands_without_its_script():
    (output,) = sample.shown(sme.show_catalog)
    left = clean(output["data"]["text/html"])
    assert "<script" not in left
    assert "function" not in left
    assert left.count("<tr>") == len(sme.catalog()) + 1


def test_it_is_committed_executed_and_small():
    path = folder("notebooks") / START
    code = [cell for cell in nb.read(path)["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    kinds = {output["output_type"] for cell in code for output in cell["outputs"]}
    assert kinds == {"display_data"}
    assert path.stat().st_size < 500_000
    for command in re.findall(r"sme-analysis (\w+)", path.read_text(encoding="utf-8")):
        assert command in ("list", "report", "notebooks")
