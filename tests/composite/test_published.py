"""Worked examples of other publications and of COINr's documentation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sme_analysis import composite as co
from sme_analysis.composite.arrays import skewness_kurtosis
from sme_analysis.composite.hierarchy import RANDOM_INDEX

NAN = math.nan


def close(actual: object, expected: object, atol: float = 1e-9) -> None:
    np.testing.assert_allclose(
        np.asarray(actual, dtype=float), np.asarray(expected, dtype=float), 0, atol
    )


def one(values: list[float], **settings: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """An index of one indicator: structure and data."""
    nodes = pd.DataFrame({"code": ["top", "x"], "parent": [None, "top"]})
    for name, value in settings.items():
        nodes[name] = [None, value]
    return nodes, pd.DataFrame({"x": values}, [f"u{k}" for k in range(len(values))], dtype=float)


def normalised(method: co.Step, values: list[float], **settings: object) -> list[float]:
    nodes, data = one(values, **settings)
    scores = co.Index.build(nodes, data, co.Recipe(method, co.Aggregate())).scores
    return [float(value) for value in scores["x"]]


def treated(step: co.Treat, values: list[float]) -> co.Index:
    nodes, data = one(values)
    return co.Index.build(nodes, data, co.Recipe(step, co.MinMax(), co.Aggregate()))


class TestCoinr:
    """Becker et al. (2022), vignettes of version 1 and the package's own tests."""

    X = (*range(1, 11), 30.0, 100.0)

    def test_moments_in_the_vignette_on_outliers(self) -> None:
        skew, kurt = skewness_kurtosis(np.array(self.X, dtype=float)[None, :, None])
        close(skew[0, 0], 3.063241, 5e-7)
        close(kurt[0, 0], 9.741391, 5e-7)

    def test_one_point_winsorised_in_the_vignette(self) -> None:
        index = treated(co.Treat(winsorise=2), list(self.X))
        points = index.report("treated_points")
        assert points[["unit", "before", "after"]].to_numpy().tolist() == [["u11", 100.0, 30.0]]
        (action,) = index.report("treatment")["action"]
        assert action == "winsorised 1"

    def test_winsorise_then_pass(self) -> None:
        index = treated(co.Treat(), [*range(1, 11), 100.0])
        assert index.states[1].values[0, -1, 0] == 10

    def test_two_stages(self) -> None:
        x = [*range(1, 21), 100.0, 200.0]
        still = treated(co.Treat(winsorise=1, then="none"), x)
        assert still.report("treatment")["action"].tolist() == ["winsorised 1, fails still"]
        logged = treated(co.Treat(winsorise=1, then="plain log"), x)
        close(logged.states[1].values[0, :, 0], np.log(x))
        # log_CT of the package: ln(x - min + 0.01 range).
        shifted = treated(co.Treat(winsorise=1), x).states[1].values[0, :, 0]
        close(shifted, np.log(np.array(x) - 1 + 0.01 * 199))

    def test_normalisations(self) -> None:
        """tests/testthat/test-normalise.R."""
        x = [0.3, 0.9, 0.1, 0.55, 0.72]
        low, high = min(x), max(x)
        close(normalised(co.Scaled(1, 10), x), [(v - 1) / 9 * 100 for v in x])
        close(normalised(co.DistanceToBest(), x), [1 - (high - v) / (high - low) for v in x])
        reference = [1 - (x[0] - v) / (x[0] - low) for v in x]
        close(normalised(co.DistanceToReference("u0"), x), reference)
        capped = [min(v, 1) for v in reference]
        close(normalised(co.DistanceToReference("u0", cap=True), x), capped)
        close(normalised(co.FractionOfMaximum(), x), [v / high for v in x])
        assert sorted(normalised(co.BordaScores(), x)) == [0, 1, 2, 3, 4]
        z = normalised(co.ZScore(5, 2), x)
        close([np.mean(z), np.std(z, ddof=1)], [5, 2])
        close(sorted(normalised(co.MinMax(2, 7), x))[:: len(x) - 1], [2, 7])

    def test_goalposts(self) -> None:
        posts = {"lower": 0.0, "upper": 10.0}
        close(normalised(co.Goalposts(top=1), [1, 11, -1], **posts), [0.1, 1, 0])
        close(normalised(co.Goalposts(top=1), [1, 11, -1], **posts, direction=-1), [0.9, 0, 1])
        close(normalised(co.Goalposts(cap=False, top=1), [1, 11], **posts), [0.1, 1.1])

    def test_distance_to_target(self) -> None:
        close(normalised(co.DistanceToTarget(), [0, 5, 11], target=10), [0, 0.5, 1.1])
        close(normalised(co.DistanceToTarget(cap=True), [0, 5, 11], target=10), [0, 0.5, 1])
        worse = {"target": 0, "direction": -1}
        close(normalised(co.DistanceToTarget(), [-1, 1, 10], **worse), [1.1, 0.9, 0])
        close(normalised(co.DistanceToTarget(cap=True), [-1, 1, 10], **worse), [1, 0.9, 0])

    def test_percentile_ranks_share_the_least_of_tied_ranks(self) -> None:
        close(normalised(co.PercentileRank(), [3, 1, 3, 9, 7]), [25, 0, 25, 100, 75])

    def test_data_threshold(self) -> None:
        """tests/testthat/test-aggregate.R: four of five missing, threshold one half."""
        data = pd.DataFrame([[NAN] * 4 + [5.0], [1, 2, 3, 4, 6.0]], ["u", "v"], list("abcde"))
        nodes = pd.DataFrame({"code": ["top", *"abcde"], "parent": [None, *["top"] * 5],
                              "weight": [1, 1, 2, 3, 4, 5]})  # fmt: skip
        nodes["code"] = nodes["code"].astype(object)
        method = co.Recipe(co.AsMeasured(), co.Aggregate(minimum=0.5))
        data.loc["w"] = [2.0, 3, 4, 5, 7]
        scores = co.Index.build(nodes, data, method).scores["top"]
        close(scores, [NAN, (1 + 4 + 9 + 16 + 30) / 15, (2 + 6 + 12 + 20 + 35) / 15])


class TestSaaty:
    # Saaty (2008), "Decision making with the analytic hierarchy process", Int. J. Services
    # Sciences 1(1), table 2: which drink is consumed more in the United States?
    DRINKS = (
        (1, 9, 5, 2, 1, 1, 1 / 2), (1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9),
        (1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9), (1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3),
        (1, 9, 4, 2, 1, 2, 1 / 2), (1, 9, 3, 1, 1 / 2, 1, 1 / 3), (2, 9, 9, 3, 2, 3, 1),
    )  # fmt: skip

    def test_consumption_of_drinks(self) -> None:
        found = co.judge(self.DRINKS)
        close(found.weights, [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], 6e-4)
        assert round(found.ratio, 3) == 0.022

    def test_weighting_step_with_its_report(self) -> None:
        codes = ["coffee", "wine", "tea", "beer", "sodas", "milk", "water"]
        frame = pd.DataFrame(self.DRINKS, codes, codes)
        nodes = pd.DataFrame({"code": ["all", *codes], "parent": [None, *["all"] * 7]})
        data = pd.DataFrame(np.random.default_rng(0).normal(size=(9, 7)), columns=codes)
        step = co.AnalyticHierarchy({"all": frame.loc[codes[::-1], codes[::-1]]})
        index = co.Index.build(nodes, data, co.Recipe(co.MinMax(), step, co.Aggregate()))
        close(index.weights["effective"][:7], co.judge(self.DRINKS).weights)
        (ratio,) = index.report("consistency")["consistency_ratio"]
        assert round(ratio, 3) == 0.022
        strict = co.AnalyticHierarchy({"all": frame}, limit=0.01)
        with pytest.raises(co.recipe.ParameterError, match=r"'all' are inconsistent.*0\.022"):
            co.Index.build(nodes, data, co.Recipe(co.MinMax(), strict, co.Aggregate()))

    def test_consistent_judgements(self) -> None:
        weights = np.array([0.5, 0.3, 0.15, 0.05])
        found = co.judge(weights[:, None] / weights)
        close(found.weights, weights)
        close([found.eigenvalue, found.index, found.ratio], [4, 0, 0])
        assert RANDOM_INDEX[2] == 0.58

    def test_several_judges_join_by_the_geometric_mean(self) -> None:
        codes = ["a", "b"]
        judges = tuple(pd.DataFrame([[1, r], [1 / r, 1]], codes, codes) for r in (2.0, 8.0))
        nodes = pd.DataFrame({"code": ["all", *codes], "parent": [None, "all", "all"]})
        data = pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 1, 2]})
        recipe = co.Recipe(co.MinMax(), co.AnalyticHierarchy({"all": judges}), co.Aggregate())
        close(co.Index.build(nodes, data, recipe).weights["local"][:2], [0.8, 0.2])

    @pytest.mark.parametrize(
        "matrix",
        [[[1, 2], [2, 1]], [[2, 1], [1, 1]], [[1, -1], [-1, 1]], [[1, 2, 3]], [["a"]],
         [[1, NAN], [1, 1]]],
    )  # fmt: skip
    def test_refuses_what_is_no_comparison(self, matrix: list[list[float]]) -> None:
        with pytest.raises(co.recipe.ParameterError, match="comparison matrix"):
            co.judge(matrix)


def test_human_development_index_of_2023() -> None:
    """UNDP (2025), Human Development Report 2025, technical note 1, and table 1 for Norway.

    Goalposts and geometric mean: life expectancy 83.3, schooling 18.8 and 13.1 years, income
    112,710 (capped at 75,000): 0.970.
    """
    nodes = pd.DataFrame(
        {"code": ["hdi", "health", "education", "income", "life", "expected", "mean", "gni"],
         "parent": [None, "hdi", "hdi", "hdi", "health", "education", "education", "income"],
         "lower": [None] * 4 + [20, 0, 0, math.log(100)],
         "upper": [None] * 4 + [85, 18, 15, math.log(75_000)]}
    )  # fmt: skip
    data = pd.DataFrame(
        {"life": [83.3, 60.0], "expected": [18.8, 9.0], "mean": [13.1, 5.0],
         "gni": [math.log(112_710), math.log(1000)]}, ["Norway", "elsewhere"],
    )  # fmt: skip
    recipe = co.Recipe(co.Goalposts(top=1), co.Aggregate(nodes={"hdi": co.Geometric()}))
    index = co.Index.build(nodes, data, recipe)
    assert round(index.scores.loc["Norway", "hdi"], 3) == 0.970
