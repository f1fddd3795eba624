"""What must hold for any data: units of measurement, order, direction, monotonicity, ties, gaps."""

from __future__ import annotations

import math
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sme_analysis import composite as co
from sme_analysis.errors import SmeAnalysisError

CODES = list("abcd")
INVARIANT = [co.MinMax(1, 100), co.ZScore(), co.RankScores(), co.PercentileRank(), co.BordaScores()]
METHODS = [co.Arithmetic(), co.Copeland(), co.BordaCount(), co.Kemeny()]


def nodes(**columns: list[object]) -> pd.DataFrame:
    base = {"code": ["top", "p", "q", *CODES], "parent": [None, "top", "top", "p", "p", "q", "q"]}
    return pd.DataFrame({**base, **columns})


def score(data: pd.DataFrame, *steps: co.Step, **columns: list[object]) -> pd.Series:
    return co.Index.build(nodes(**columns), data, co.Recipe(*steps)).scores["top"]


def close(actual: pd.Series, expected: pd.Series) -> None:
    np.testing.assert_allclose(actual, expected, 1e-7, 1e-7)


@st.composite
def tables(draw: st.DrawFn, low: int = 2, high: int = 7, gaps: bool = False) -> pd.DataFrame:
    """Small tables of a few distinct values, so that ties abound."""
    n = draw(st.integers(low, high))
    value = st.integers(-20, 20).map(float)
    cell = st.one_of(value, st.just(math.nan)) if gaps else value
    columns = {code: draw(st.lists(cell, min_size=n, max_size=n)) for code in CODES}
    frame = pd.DataFrame(columns, [f"u{k}" for k in range(n)])
    # With gaps, an indicator that is empty or constant is one of the cases.
    assume(gaps or (frame.nunique() > 1).all())
    return frame


@pytest.mark.parametrize("method", INVARIANT, ids=str)
@given(tables(), st.sampled_from([1e-3, 0.5, 7.0, 1e4]), st.integers(-5, 5))
def test_units_of_measurement_do_not_matter(
    method: co.Step, data: pd.DataFrame, scale: float, shift: int
) -> None:
    other = data.assign(a=data["a"] * scale + shift)
    close(score(other, method, co.Aggregate()), score(data, method, co.Aggregate()))


@pytest.mark.parametrize("method", METHODS, ids=str)
@given(tables(), st.randoms(use_true_random=False))
def test_order_of_units_and_indicators_does_not_matter(
    method: co.Aggregator, data: pd.DataFrame, random: object
) -> None:
    rows, columns = list(data.index), nodes().sample(frac=1, random_state=1)
    random.shuffle(rows)  # type: ignore[attr-defined]
    recipe = co.Recipe(co.ZScore(), co.Aggregate(method))
    one = co.Index.build(nodes(), data, recipe)
    two = co.Index.build(columns, data.loc[rows, CODES[::-1]], recipe)
    close(two.scores["top"].reindex(data.index), one.scores["top"])
    assert two.ranks()["top"].reindex(data.index).equals(one.ranks()["top"])


@pytest.mark.parametrize("method", INVARIANT, ids=str)
@given(tables())
def test_a_flipped_indicator_with_flipped_direction_is_the_same(
    method: co.Step, data: pd.DataFrame
) -> None:
    flipped = data.assign(b=-data["b"])
    signs: list[object] = [None, None, None, 1, -1, 1, 1]
    close(
        score(flipped, method, co.Aggregate(), direction=signs), score(data, method, co.Aggregate())
    )


@given(tables(), st.integers(0, 6), st.floats(0.5, 30))
@pytest.mark.parametrize("method", [co.Arithmetic(), co.Geometric(), co.Harmonic(),
                                    co.GeneralisedMean(3), co.BordaCount()], ids=str)  # fmt: skip
def test_more_is_never_worse(
    method: co.Aggregator, data: pd.DataFrame, place: int, gain: float
) -> None:
    """With a scale fixed in advance, a gain on an indicator never lowers the score."""
    row = place % len(data)
    posts = {"lower": [None] * 3 + [-100] * 4, "upper": [None] * 3 + [100] * 4}
    scale = co.Goalposts(top=10)
    better = data.copy()
    better.iloc[row, 0] += gain
    before, after = (score(frame, scale, co.Aggregate(method), **posts) for frame in (data, better))
    assert after.iloc[row] >= before.iloc[row] - 1e-9


@given(tables(), st.lists(st.floats(0.01, 100), min_size=6, max_size=6), st.floats(1e-3, 1e3))
def test_only_ratios_of_weights_among_siblings_count(
    data: pd.DataFrame, weights: list[float], factor: float
) -> None:
    one: list[object] = [None, *weights]
    two: list[object] = [None, weights[0], weights[1], weights[2] * factor, weights[3] * factor,
                         *weights[4:]]  # fmt: skip
    steps = (co.MinMax(), co.Aggregate())
    close(score(data, *steps, weight=two), score(data, *steps, weight=one))


@given(tables(), st.lists(st.floats(0.01, 100), min_size=6, max_size=6))
def test_means_keep_their_order_and_bounds(data: pd.DataFrame, weights: list[float]) -> None:
    chosen = co.GivenWeights(dict(zip(["p", "q", *CODES], weights, strict=True)))
    found = [
        score(data, co.MinMax(1, 100), chosen, co.Aggregate(method))
        for method in (co.Harmonic(), co.Geometric(), co.Arithmetic(), co.GeneralisedMean(2))
    ]
    for lower, higher in pairwise(found):
        assert (lower <= higher + 1e-9).all()
    assert (found[0] >= 1 - 1e-9).all()
    assert (found[-1] <= 100 + 1e-9).all()


@given(tables(low=1, high=4, gaps=True))
def test_gaps_and_few_units_give_a_number_a_gap_or_a_sentence(data: pd.DataFrame) -> None:
    """Whatever the steps, a result is finite, missing with reason, or refused, without warnings."""
    chains = [
        (co.Screen(0.5), co.Impute(), co.Treat(), co.MinMax(1, 100), co.Aggregate(co.Geometric())),
        (co.Impute("median"), co.ZScore(), co.PrincipalComponents(), co.Aggregate()),
        (co.Treat(kurtosis=-5, skewness=0), co.RankScores(), co.Aggregate(co.Copeland())),
        (co.PercentileRank(), co.OptimisedWeights(), co.Aggregate(minimum=0.6)),
        (co.MinMax(), co.Aggregate(co.Kemeny())), (co.DistanceToReference("u0"), co.Aggregate()),
    ]  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for steps in chains:
            try:
                index = co.Index.build(nodes(), data, co.Recipe(*steps))
            except SmeAnalysisError:
                continue
            scores = index.scores
            assert not np.isinf(scores.to_numpy()).any()
            present = index.states[-2].table().notna().any(axis=1)
            blank = scores["top"].isna()
            assert not (blank & present).any() or "minimum" in steps[-1].label
            ranks = index.ranks()["top"]
            assert ranks.isna().equals(blank)
            assert blank.all() or ranks.min() == 1


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("method", [*METHODS, co.Geometric()], ids=str)
def test_everybody_alike(n: int, method: co.Aggregator) -> None:
    """All ties: on two indicators that mirror each other every unit gets the same rank."""
    x = np.arange(1.0, n + 1)
    data = pd.DataFrame({"a": x, "b": x[::-1]}, [f"u{k}" for k in range(n)])
    tree = pd.DataFrame({"code": ["top", "a", "b"], "parent": [None, "top", "top"]})
    index = co.Index.build(tree, data, co.Recipe(co.RankScores(), co.Aggregate(method)))
    ranks = index.ranks()["top"]
    if isinstance(method, co.Geometric) and n == 3:
        assert ranks.to_list() == [2, 1, 2]
    else:
        assert ranks.to_list() == [1] * n


@given(tables(low=3), st.integers(0, 10_000))
def test_ranks_over_draws_are_ranks(data: pd.DataFrame, seed: int) -> None:
    index = co.Index.build(nodes(), data)
    run = co.uncertainty(index, [co.RandomWeights(), co.Omission()], draws=20, seed=seed)
    assert run.ranks.min() == 1
    assert run.ranks.max() <= len(data)
    assert ((run.ranks == 1).any(axis=1)).all()
