"""Findings on host risk: each number in a sentence, worked out again from the frames."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from cells import NOTHING_SAID

from sme_analysis import economies, risk
from sme_analysis.findings import Finding
from sme_analysis.findings import risk as findings
from sme_analysis.risk import Simulation

ASKED: dict[str, Any] = {
    "group": "ASEAN", "year": 2024, "weights": "equal", "aggregation": "arithmetic",
    "draws": 100, "seed": 1, "highlight": ["Viet Nam", "Indonesia", "Eritrea", "China"],
}  # fmt: skip


def terms(**changed: Any) -> findings.Terms:
    return findings.terms({**ASKED, **changed})


@cache
def scored(group: str = "World") -> pd.DataFrame:
    return risk.score(2024, group=group)


@cache
def drawn(group: str = "World") -> Simulation:
    return risk.simulate(2024, group=group, draws=100, seed=1)


@cache
def ranked(group: str) -> Finding:
    asked = terms(group=group)
    return findings.ranking(
        asked, scored(group), drawn(group), drawn(), scored(), risk.left_out(2024)
    )


def sound(said: Finding) -> None:
    parts = (said.headline, said.text, said.measure, said.source, *said.notes)
    words = " ".join(part for part in parts if part)
    assert said.text.strip().endswith(".")
    assert not NOTHING_SAID.search(words), words
    assert "  " not in words
    if said.empty:
        assert said.headline == ""
    else:
        assert said.source.startswith("Source: ")
        assert said.table is not None
        assert len(said.table)


def simulated(ranks: list[list[int]]) -> Simulation:
    """Three economies, drawn as given; A, B, C ranked 1 to 3 as built."""
    table = np.array(ranks, dtype=float)
    nominal = np.array([1.0, 2.0, 3.0])
    return Simulation(
        2024, "World", 1, ("SGP", "MYS", "VNM"), ("Singapore", "Malaysia", "Viet Nam"),
        nominal, table, np.vstack([nominal, table]), 3,
    )  # fmt: skip


def three() -> pd.DataFrame:
    table = scored().set_index("iso3").loc[["SGP", "MYS", "VNM"]].reset_index()
    return table.assign(rank=[1, 2, 3])


# Ranking


def test_a_pair_that_the_draws_turn_around_is_said_not_to_be_ranked():
    draws = [[1, 2, 3], [1, 3, 2], [1, 2, 3], [1, 3, 2]]
    asked = terms(group="World", highlight=["Malaysia", "Viet Nam", "Singapore"])
    known = simulated(draws)
    said = findings.ranking(asked, three(), known, known, scored(), risk.left_out(2024))
    sound(said)
    assert "Malaysia and Viet Nam, second and third, cannot be ranked" in said.text
    assert "that Viet Nam is riskier has a probability of 50%" in said.text
    assert "of 2 pairs of neighbours in rank 1 can be told apart" in said.headline
    assert said.headline.startswith("Singapore carries the least risk, Viet Nam or Malaysia the")
    assert "67% are" in said.text  # two of the three pairs keep their order
    assert "That Viet Nam is riskier than Malaysia (50%) is less than 90% sure." in said.text
    assert "Malaysia is riskier than Singapore, with a probability of more than 99%." in said.text


def test_where_every_draw_agrees_no_pair_is_called_open():
    known = simulated([[1, 2, 3]] * 4)
    asked = terms(group="World", highlight=[])
    said = findings.ranking(asked, three(), known, known, scored(), risk.left_out(2024))
    sound(said)
    assert "cannot be ranked" not in said.text
    assert "of 2 pairs of neighbours in rank 2 can be told apart" in said.headline


@pytest.mark.parametrize("group", ["World", "ASEAN", "CENTRAL_ASIA"])
def test_ranking_counts_what_the_simulation_holds(group):
    said = ranked(group)
    sound(said)
    pairs = [
        (drawn(group).ranks[:, b] > drawn(group).ranks[:, a]).mean()
        for a, b in zip(order(group), order(group)[1:], strict=False)
    ]
    told = sum(share >= 0.9 for share in pairs)
    assert re.search(rf"of {len(pairs)} pairs of neighbours in rank (only )?{told} can", said.text)
    table = drawn(group).table()
    single = int((~table["grades"].str.contains(" to ")).sum())
    if 0 < single < len(table):
        assert f"A single grade is supported for {single} of {len(table)}" in said.text
    assert said.table is not None
    assert said.table["Economy"].tolist() == scored(group)["economy"].tolist()
    assert said.table["Grade"].tolist() == table["grades"].tolist()


def order(group: str) -> list[int]:
    return np.argsort(drawn(group).nominal, kind="stable").tolist()


def test_an_economy_without_a_score_has_its_reason():
    notes = " ".join(ranked("ASEAN").notes)
    reason = risk.left_out(2024).set_index("iso3").loc["ERI", "reason"]
    assert f"Eritrea has no score for 2024: it {reason}." in notes
    assert "China is the home of the investing firms" in notes


def test_highlighted_economies_elsewhere_are_named():
    asked = terms(highlight=["Mexico", "Viet Nam"])
    said = findings.ranking(
        asked, scored("ASEAN"), drawn("ASEAN"), drawn(), scored(), risk.left_out(2024)
    )
    assert "Not in ASEAN, and so not in this ranking: Mexico." in said.notes


def test_a_group_without_members_says_so():
    asked = terms(group="CPTPP", year=2012)
    none = scored().iloc[:0]
    nobody = risk.simulate(2012, group="CPTPP", draws=100, seed=1)
    said = findings.ranking(asked, none, nobody, drawn(), scored(), risk.left_out(2012))
    sound(said)
    assert said.text == "The CPTPP had no members in 2012."
    assert findings.ranking_rows(asked, nobody).empty
    assert findings.drivers(asked, none, scored()).empty
    assert findings.gaps(asked, none, none, findings.lacking(asked, none)).empty


# Drivers and profiles


def test_drivers_are_rank_correlations_with_the_whole():
    said = findings.drivers(terms(group="World"), scored(), scored())
    sound(said)
    parts = list(risk.dimensions())
    rho = {code: scored()[[code, "risk"]].corr(method="spearman").iloc[0, 1] for code in parts}
    best, least = max(rho, key=rho.__getitem__), min(rho, key=rho.__getitem__)
    names = risk.dimensions()
    assert said.headline.startswith(f"{names[best]} risk goes most closely with the whole")
    assert names[least][1:] in said.headline.rpartition(",")[2]


def test_the_heat_map_shows_all_of_a_small_group_and_both_ends_of_a_large_one():
    small = findings.drivers_matrix(terms(), scored("ASEAN"), scored())
    assert len(small["data"]) == 10
    large = findings.drivers_matrix(terms(group="World"), scored(), scored())
    assert len(large["data"]) == 9 + 9 + 2  # Viet Nam and Indonesia besides; Eritrea has no score
    singapore = scored().set_index("iso3").loc["SGP"]
    cell = large["data"].loc[f"Singapore  {singapore['rank']}", "Political"]
    assert cell == pytest.approx(scored()["political"].median() - singapore["political"])


def test_profiles_name_the_indicators_that_move_the_score_most():
    said = findings.profiles(terms(), scored(), risk.left_out(2024))
    sound(said)
    rows = risk.profile("VNM", 2024)
    rows = rows[rows["level"] == "indicator"].sort_values("contribution")
    best, worst = rows["name"].iloc[0], rows["name"].iloc[-1]
    rank = scored().set_index("iso3").loc["VNM", "rank"]
    assert f"Viet Nam is {rank}" in said.text
    assert f"lowered most by {best[0].lower()}{best[1:]} and" in said.text
    assert f"raised most by {worst[0].lower()}{worst[1:]} and" in said.text
    assert len(findings.profile_panels(terms(), scored())) == 2


def test_nobody_highlighted_is_said():
    said = findings.profiles(terms(highlight=[]), scored(), risk.left_out(2024))
    assert said.empty
    assert said.text == "No economy was asked for by name."
    assert findings.history(terms(highlight=[]), findings.paths(terms(highlight=[]))).empty


# Movement


def test_movers_name_the_largest_changes_and_how_sure_they_are():
    asked = terms()
    table = findings.moved(asked)
    said = findings.movers(asked, table)
    sound(said)
    first = table.loc[table["change"].idxmin()]
    assert f"fell most in {first['economy']} ({abs(first['change']):.1f} points)" in said.headline
    down = int((table["rose"] <= 0.1).sum())
    assert f"{down} fell and" in said.text
    rows = findings.mover_rows(asked, table)
    assert np.allclose(rows["end"] - rows["start"], table["change"])
    assert rows["marked"].sum() == 2


@pytest.mark.parametrize(("year", "start"), [(2024, 2010), (2011, 2010), (2010, 2005)])
def test_the_comparison_starts_in_2010_or_2005(year, start):
    asked = terms(year=year, group="CENTRAL_ASIA", draws=100)
    assert f"Since {start} risk" in findings.movers(asked, findings.moved(asked)).headline


def test_the_first_year_has_nothing_before_it():
    asked = terms(year=2005)
    assert findings.movers(asked, findings.moved(asked)).empty
    assert findings.history(asked, findings.paths(asked)).empty


# Distances


def test_distances_correlate_by_rank():
    asked = terms(group="World")
    table = findings.measured(asked)
    said = findings.distances(asked, table)
    sound(said)
    matrix = findings.distance_matrix(table)["data"]
    both = table[["geographic", "political"]].dropna().rank()
    expected = np.corrcoef(both.T)[0, 1]
    assert matrix.loc["Political (votes)", "Geographic, km"] == pytest.approx(expected)
    nearest = economies.name(table["political"].idxmin(), "plain")
    assert f"{nearest} by votes" in said.text


# Choices


def test_weighings_count_the_places():
    asked = terms(weights="political=2, ties=0")
    ranks = findings.compared(asked)
    assert list(ranks) == ["equal", "cautious_lender", "exporter", "plant_builder", "asked"]
    said = findings.weighings(asked, ranks)
    sound(said)
    assert f"as asked {ranks['equal'].corr(ranks['asked']):.2f}" in said.text
    shift = ranks.sub(ranks["equal"], axis=0)
    assert f"{int(shift.abs().to_numpy().max())} place" in said.headline
    data = findings.weights_matrix(asked, ranks)["data"]
    assert np.allclose(data.to_numpy(), -shift.to_numpy())


def test_sensitivity_puts_the_strongest_choice_first():
    table = pd.DataFrame(
        {"factor": ["aggregation", "weights", "normalisation"], "first_order": [0.1, 0.5, 0.05],
         "first_order_low": [0.0, 0.4, 0.0], "first_order_high": [0.2, 0.6, 0.1],
         "total": [0.2, 0.7, 0.1], "total_low": [0.1, 0.6, 0.0], "total_high": [0.3, 0.8, 0.2]}
    )  # fmt: skip
    said = findings.sensitivity(terms(), table)
    sound(said)
    assert said.headline.startswith("Weights move the ranks most (70% of the variance")
    assert "then aggregation (20%)" in said.headline
    assert "is sure: their intervals do not overlap" in said.text
    assert "adds up to 65%" in said.text


# Validation


def test_validation_prints_the_correlations_of_the_table():
    asked = terms()
    table = risk.validate(2024)
    said = findings.validation(asked, table)
    sound(said)
    rho = table.set_index("code")["rho"]
    single = table[table["level"] == "indicator"]["rho"].max()
    for value in (rho["risk"], rho["economic+compliance"], single):
        assert f"{value:.2f}" in said.headline
    assert f"ties with China ({rho['ties']:.2f})" in said.text
    rows = findings.validation_rows(table)
    assert rows["tone"].tolist().count("pale") == 6


def test_where_index_and_classes_part_is_named():
    lines = pd.DataFrame(
        {"The index": [0.7, np.nan, 0.8], "Economic, compliance": [0.8, np.nan, 0.9]},
        index=[2020, 2021, 2022],
    )
    table = risk.residuals(2024)
    said = findings.apart(terms(), table, lines)
    sound(said)
    assert "between 0.70 and 0.80 in all 2 years with a complete list, 2020–2022" in said.headline
    low = table[table["gap"] < 0].iloc[0]
    assert f"{low['economy']} (class {low['risk_class']}" in said.text


# Gaps


@pytest.mark.parametrize("group", ["World", "ASEAN", "Oceania"])
def test_gaps_count_who_is_in_and_who_is_out(group):
    asked, inside, left = terms(group=group), scored(group), risk.left_out(2024, group)
    lacks = findings.lacking(asked, inside)
    said = findings.gaps(asked, inside, left, lacks)
    sound(said)
    total = len(inside) + len(left)
    if len(left):
        assert f"{len(inside)} of {total} economies" in said.headline
        assert f"{len(left)} are left out" in said.headline
        assert said.table is not None
        assert len(said.table) == len(left)
    else:
        assert said.headline.startswith(f"All {total} economies in ASEAN have a score")
    assert lacks["economies"].sum() == inside["missing"].sum()


# Words


def test_weights_are_said_in_words():
    assert "equal weights" in terms().choices
    assert "weights of an exporter" in terms(weights="exporter").choices
    assert "political 2, ties 0, all others 1" in terms(weights="political=2, ties=0").choices


def test_the_source_line_counts_the_reach_of_the_indicators():
    frames = terms(year=2012).inputs()
    dated = [frame for frame in frames if "year" in frame]
    assert all(frame["year"].max() <= 2012 for frame in dated)
    used = set(risk.structure()["indicator"].dropna()) | {"imports", "gdp", "gni_per_capita"}
    for frame in dated:
        if "unit" in frame and "standard_error" not in frame:
            assert set(frame["indicator"]) <= used
