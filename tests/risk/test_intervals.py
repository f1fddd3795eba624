"""Rank intervals, probabilities, grades and sensitivity."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sme_analysis import risk
from sme_analysis.errors import ParameterError
from sme_analysis.risk.intervals import factors
from sme_analysis.risk.model import model
from sme_analysis.risk.score import built


@pytest.fixture(scope="module")
def drawn() -> risk.Simulation:
    return risk.simulate(draws=300, seed=4)


def test_the_same_seed_gives_the_same_draws_and_another_does_not(drawn):
    again = risk.simulate(draws=300, seed=4)
    assert np.array_equal(again.ranks, drawn.ranks)
    assert not np.array_equal(risk.simulate(draws=300, seed=5).ranks, drawn.ranks)


def test_nominal_ranks_are_those_of_the_scores(drawn, scores):
    table = drawn.table()
    assert table[["iso3", "rank"]].equals(scores[["iso3", "rank"]])
    assert (table["low"] <= table["high"]).all()
    inside = (table["low"] <= table["rank"]) & (table["rank"] <= table["high"])
    assert inside.mean() > 0.7


def test_every_named_choice_varies():
    index = built(model(), None, "equal")
    labels = [factor.label for factor in factors(index)]
    assert labels == [
        "weights", "normalisation", "aggregation", "missing indicators",
        "errors of the governance indicators",
    ]  # fmt: skip


def test_probabilities_are_complementary_and_counted(drawn):
    a, b = drawn.riskier("VNM", "SGP"), drawn.riskier("SGP", "VNM")
    assert a + b == pytest.approx(1)
    assert a == 1.0
    x, y = drawn.economies.index("IDN"), drawn.economies.index("PHL")
    by_hand = (drawn.ranks[:, x] > drawn.ranks[:, y]).mean()
    assert drawn.riskier("IDN", "PHL") == pytest.approx(by_hand, abs=0.02)
    with pytest.raises(ParameterError, match="TWN"):
        drawn.riskier("TWN", "SGP")


def test_neighbours_are_seldom_told_apart(drawn):
    table = drawn.neighbours()
    assert len(table) == len(drawn.economies) - 1
    assert (table["probability"] < 0.9).any()
    assert (table["decided"] == (table["probability"] >= 0.9)).all()
    assert 0 < drawn.decided() < 1


def test_a_group_is_ranked_among_itself_and_graded_in_the_world(drawn):
    group = risk.simulate(group="ASEAN", draws=300, seed=4)
    table = group.table().set_index("iso3")
    world = drawn.table().set_index("iso3")
    assert table["rank"].max() == len(table)
    assert table["grades"].equals(world.loc[table.index, "grades"])
    assert group.riskier("MMR", "SGP") == 1.0


def test_without_errors_and_choices_nothing_would_move(scores):
    """A wider interval goes with less data: those with most missing are least sure."""
    table = risk.intervals(draws=300, seed=4).set_index("iso3")
    width = table["high"] - table["low"]
    missing = scores.set_index("iso3")["missing"].reindex(width.index)
    assert width[missing >= 8].mean() > width[missing <= 1].mean()


@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 200))
def test_grades_by_fifths(n, low, high):
    low, high = sorted((min(low, n), min(high, n)))
    assert risk.grade(1, n) == "low" or n < 3
    assert risk.GRADES.index(risk.grade(low, n)) <= risk.GRADES.index(risk.grade(high, n))
    words = risk.span(low, high, n)
    assert words.startswith(risk.grade(low, n))
    assert words.endswith(risk.grade(high, n))
    assert (" to " in words) == (risk.grade(low, n) != risk.grade(high, n))


def test_each_fifth_is_a_fifth():
    counts = pd.Series([risk.grade(rank, 100) for rank in range(1, 101)]).value_counts()
    assert counts.to_dict() == dict.fromkeys(risk.GRADES, 20)


def test_sensitivity_names_what_moves_ranks():
    table = risk.sensitivity(n=32, seed=1).set_index("factor")
    assert table["total"].idxmax() in {"weights", "aggregation"}
    assert table.loc["errors of the governance indicators", "total"] < 0.2
    assert (table["total"] > -0.05).all()
