"""Findings of the screening: any question gives sentences and figures, and they say what is so."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import markets, plots
from sme_analysis.errors import ParameterError
from sme_analysis.findings import markets as findings

QUESTIONS: dict[str, dict[str, Any]] = {
    "garments": {},
    "no current markets": {"sector": "solar_equipment", "current_markets": []},
    "small group": {
        "sector": "software",
        "group": "ASEAN",
        "current_markets": ["SGP", "Taiwan"],
        "risk_appetite": "0.3",
    },
    "one left": {"sector": "all", "group": "North America", "exclude": ["United States"]},
    "nobody left": {"sector": "all", "risk_ceiling": 0.0},
}
FIGURES = {
    "short_list": (plots.dot_intervals, "short_list_rows"),
    "frontier": (plots.frontier, "frontier_rows"),
    "beside": (plots.heat_map, "beside_matrix"),
    "appetite": (plots.heat_map, "appetite_matrix"),
    "firmness": (plots.ranked_bars, "top_bars"),
    "access": (plots.heat_map, "access_matrix"),
}


@cache
def asked(label: str) -> tuple[findings.Terms, markets.Screening]:
    checked = sme.check_parameters("market_screening", **{"draws": 100, **QUESTIONS[label]})
    terms = findings.terms(checked)
    return terms, markets.screen(**terms.question)


@pytest.mark.parametrize("label", QUESTIONS)
@pytest.mark.parametrize("section", FIGURES)
def test_every_section_speaks_and_draws(label: str, section: str) -> None:
    terms, screened = asked(label)
    said = getattr(findings, section)(terms, screened)
    assert said.text.rstrip().endswith(".")
    assert "nan" not in said.text.lower().split()
    assert "  " not in said.text
    if said.empty:
        return
    plot, rows = FIGURES[section]
    data = getattr(findings, rows)(terms, screened)
    figure = _drawn(plot, data, said.labels)
    assert figure.axes[0].has_data()
    assert said.table is not None
    assert len(said.table)
    assert said.source.startswith("Source: ")


def _drawn(plot: Any, data: Any, labels: dict[str, str]) -> Any:
    if isinstance(data, dict):
        return plot(data["data"], **{k: v for k, v in data.items() if k != "data"}, **labels)
    return plot(data, **labels)


@pytest.mark.parametrize("label", QUESTIONS)
def test_left_out_and_make_up(label: str) -> None:
    terms, screened = asked(label)
    said = findings.left_out(terms, screened)
    assert said.table is not None
    assert len(said.table) == len(screened.left_out)
    assert findings.left_bars(screened)["value"].sum() == 243
    made = findings.make_up(terms, screened)
    assert made.table is not None
    assert made.table["Weight, %"].sum() == pytest.approx(100)
    assert findings.hangs_on(terms, screened).text


def test_the_short_list_says_what_the_frame_says() -> None:
    terms, screened = asked("garments")
    said = findings.short_list(terms, screened)
    first = screened.ranked["economy"].iloc[0]
    assert said.headline.startswith(first)
    assert f"of {len(screened.ranked)} economies ranked" in said.text
    assert said.table is not None
    assert said.table["Economy"].tolist() == screened.ranked["economy"].head(10).tolist()
    top = screened.top(10)
    assert said.table["On the list, %"].tolist() == (100 * top.iloc[:10]).tolist()


def test_firmness_counts_the_sure() -> None:
    terms, screened = asked("garments")
    sure = int((screened.top(10).iloc[:10] >= 0.9).sum())
    words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"]
    assert findings.firmness(terms, screened).headline.startswith(words[sure])


def test_without_current_markets_a_sentence_stands() -> None:
    said = findings.beside(*asked("no current markets"))
    assert said.empty
    assert "No current markets were given" in said.text


def test_nobody_left_is_said() -> None:
    said = findings.short_list(*asked("nobody left"))
    assert said.empty
    assert "No economy is left to rank" in said.text


def test_labels_of_the_frontier_stay_on_the_drawing() -> None:
    terms, screened = asked("garments")
    rows = findings.frontier_rows(terms, screened)
    figure = plots.frontier(rows, title="t", subtitle="s", source="x")
    axes = figure.axes[0]
    frame = axes.get_window_extent()
    names = {text.get_text() for text in axes.texts}
    assert set(rows.loc[rows["kind"] != "rest", "label"]) <= names
    for text in axes.texts:
        x, y = axes.transAxes.transform(text.get_position())
        assert frame.x0 <= x <= frame.x1
        assert frame.y0 <= y <= frame.y1


class TestParameters:
    def test_names_in_any_spelling(self) -> None:
        found = sme.check_parameters(
            "market_screening", sector="Textiles and garments", current_markets=["VNM", "越南"],
            risk_appetite="HIGH", weights="GDP=3", group="asean",
        )  # fmt: skip
        assert found.sector == "textiles_garments"
        assert found.current_markets == ["Viet Nam", "Viet Nam"]
        assert (found.risk_appetite, found.weights, found.group) == ("high", "gdp=3", "ASEAN")

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"sector": "textile"}, "textiles_garments"),
            ({"current_markets": ["Vietnamm"]}, "Viet Nam"),
            ({"current_markets": ["China"]}, "home"),
            ({"risk_appetite": "bold"}, "low, medium, high"),
            ({"weights": "gpd=2"}, "gdp"),
            ({"exclude_file": "/nowhere/list.csv"}, "there is no file"),
            ({"year": 2009}, "between 2015"),
            ({"risk_ceiling": 120.0}, "between 0 and 100"),
            ({"minimum_population": -1.0}, "between 0"),
        ],
    )
    def test_bad_values_are_refused_in_a_sentence(
        self, values: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(ParameterError, match=message) as caught:
            sme.check_parameters("market_screening", **values)
        assert "\n" not in str(caught.value)


def test_access_words_are_the_figures() -> None:
    terms, screened = asked("garments")
    said = findings.access(terms, screened)
    assert isinstance(said.table, pd.DataFrame)
    row = said.table.set_index("Economy").loc["India"]
    assert row["Investment treaty"] == "no"
    assert row["Tax treaty"] == "yes"
