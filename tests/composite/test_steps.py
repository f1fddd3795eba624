"""Treatment, normalisation, weights, aggregation, results: hand computations and refusals."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sme_analysis import composite as co
from sme_analysis.composite.arrays import rank_last, skewness_kurtosis
from sme_analysis.errors import DataError, ParameterError, SmeAnalysisError

NAN = math.nan
RNG = np.random.default_rng(5)
NODES = pd.DataFrame(
    {"code": ["top", "p", "q", *"abcd"], "parent": [None, "top", "top", "p", "p", "q", "q"]}
)
DATA = pd.DataFrame(RNG.lognormal(size=(12, 4)), [f"u{k}" for k in range(12)], list("abcd"))


def build(*steps: co.Step, data: pd.DataFrame = DATA, nodes: pd.DataFrame = NODES) -> co.Index:
    return co.Index.build(nodes, data, co.Recipe(*steps))


def close(actual: object, expected: object, atol: float = 1e-9) -> None:
    np.testing.assert_allclose(
        np.asarray(actual, dtype=float), np.asarray(expected, dtype=float), 1e-9, atol
    )


class TestTreat:
    def test_moments_against_scipy(self) -> None:
        x = np.append(RNG.normal(size=20), NAN)
        skew, kurt = skewness_kurtosis(x[None, :, None])
        close(skew, stats.skew(x[:-1], bias=False))
        close(kurt, stats.kurtosis(x[:-1], bias=False))

    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_too_few_values_cannot_be_tested(self, n: int) -> None:
        assert np.isnan(skewness_kurtosis(np.arange(float(n))[None, :, None])[1]).all()

    def spike(self, *high: float) -> pd.DataFrame:
        return DATA.assign(a=[*range(1, 13 - len(high)), *high])

    def test_left_tail(self) -> None:
        index = build(co.Treat(), co.MinMax(), co.Aggregate(), data=-self.spike(500.0))
        points = index.report("treated_points")
        assert points.loc[points["code"] == "a", ["before", "after"]].to_numpy().tolist() == [
            [-500, -11]
        ]

    def test_tied_extremes_count_each(self) -> None:
        data = DATA.assign(a=[*range(10), 900.0, 900.0])
        data = pd.concat([data, data.add_prefix("v", axis=0).assign(a=np.arange(12.0))])
        one = build(co.Treat(winsorise=1, then="none"), co.MinMax(), co.Aggregate(), data=data)
        assert one.report("treatment").set_index("code").loc["a", "action"] == "fails still"
        two = build(co.Treat(winsorise=2), co.MinMax(), co.Aggregate(), data=data)
        assert two.report("treatment").set_index("code").loc["a", "action"] == "winsorised 2"

    @pytest.mark.parametrize("then", ["log", "box-cox"])
    @pytest.mark.parametrize("sign", [1, -1])
    def test_transforms_keep_the_order(self, then: str, sign: int) -> None:
        data = DATA.assign(a=sign * np.exp(np.arange(12) ** 1.4 / 2))
        step = co.Treat(winsorise=0, skewness=1, kurtosis=1, then=then)  # type: ignore[arg-type]
        index = build(step, co.MinMax(), co.Aggregate(), data=data)
        after = index.states[1].table()["a"]
        assert index.report("treatment").set_index("code").loc["a", "action"] == then
        assert after.rank().equals(data["a"].rank())
        assert abs(after.skew()) < abs(data["a"].skew())

    def test_plain_log_refuses_zero(self) -> None:
        with pytest.raises(DataError, match="cannot take the log of 'a'"):
            build(co.Treat(winsorise=0, then="plain log"), co.MinMax(), co.Aggregate(),
                  data=self.spike(900.0).assign(a=lambda f: f["a"] - 1))  # fmt: skip

    def test_overrides(self) -> None:
        steps = co.MinMax(), co.Aggregate()
        left = build(co.Treat(overrides={"a": None}), *steps, data=self.spike(900.0))
        close(left.states[1].table()["a"], self.spike(900.0)["a"])
        with pytest.raises(ParameterError, match="unknown code 'x'"):
            build(co.Treat(overrides={"x": None}), *steps)
        with pytest.raises(ParameterError, match="not an indicator"):
            build(co.Treat(overrides={"p": None}), *steps)

    def test_missing_values_stay_missing(self) -> None:
        data = self.spike(900.0)
        data.loc["u3", "a"] = NAN
        after = build(co.Treat(), co.MinMax(), co.Aggregate(), data=data).states[1].table()["a"]
        assert after.isna().to_list() == data["a"].isna().to_list()


class TestNormalise:
    @pytest.mark.parametrize(
        ("method", "words"),
        [
            (co.MinMax(), "has no range"), (co.ZScore(), "does not vary"),
            (co.DistanceToBest(), "has no range"), (co.PercentileRank(), "has one value"),
            (co.Goalposts(), "has no goalposts"), (co.DistanceToTarget(), "has no target"),
            (co.DistanceToReference("A"), "at the worst value"),
        ],
    )  # fmt: skip
    def test_one_unit_is_refused_where_there_is_no_scale(self, method: co.Step, words: str) -> None:
        with pytest.raises(DataError, match=words):
            build(method, co.Aggregate(), data=DATA.head(1).set_axis(["A"]))

    @pytest.mark.parametrize("method", [co.RankScores(), co.BordaScores(), co.AsMeasured()])
    def test_one_unit_has_a_rank(self, method: co.Step) -> None:
        index = build(method, co.Aggregate(), data=DATA.head(1))
        assert index.ranks()["top"].to_list() == [1]

    @pytest.mark.parametrize("scale", [1e300, 1.0, 1e-300])
    def test_huge_and_tiny_values(self, scale: float) -> None:
        data = DATA * scale
        for method in (co.ZScore(), co.MinMax()):
            close(build(method, co.Aggregate(), data=data).scores["top"],
                  build(method, co.Aggregate()).scores["top"])  # fmt: skip

    def test_constant_after_a_step_names_the_indicator(self) -> None:
        data = DATA.assign(a=[1.0] * 11 + [2.0])
        with pytest.raises(DataError, match=r"indicator 'a' \(values 1 to 1\) has no range"):
            build(co.Screen(exclude=("u11",)), co.MinMax(), co.Aggregate(), data=data)

    def test_ratios_refuse_negative_values(self) -> None:
        for method in (co.FractionOfMaximum(), co.RatioToReference("u0")):
            with pytest.raises(DataError, match=r"'a' .* negative values"):
                build(method, co.Aggregate(), data=DATA.assign(a=DATA["a"] - 5))

    def test_ratio_upside_down(self) -> None:
        nodes = NODES.assign(direction=[None] * 3 + [-1, 1, 1, 1])
        scores = build(co.FractionOfMaximum(), co.Aggregate(), nodes=nodes).scores["a"]
        close(scores, DATA["a"].min() / DATA["a"])
        with pytest.raises(DataError, match=r"'a' .*cannot stay as measured"):
            build(co.AsMeasured(), co.Aggregate(), nodes=nodes)

    def test_unknown_reference(self) -> None:
        with pytest.raises(ParameterError, match="unknown reference unit 'u99'"):
            build(co.DistanceToReference("u99"), co.Aggregate())

    def test_mixed(self) -> None:
        mixed = co.Mixed(co.MinMax(), {"b": co.ZScore(), "c": co.RankScores()})
        scores = build(mixed, co.Aggregate()).scores
        close(scores["a"].agg(["min", "max"]), [0, 100])
        close([scores["b"].mean(), scores["b"].std()], [0, 1])
        close(sorted(scores["c"]), range(1, 13))
        with pytest.raises(ParameterError, match="unknown indicator 'z'"):
            build(co.Mixed(co.MinMax(), {"z": co.ZScore()}), co.Aggregate())

    @pytest.mark.parametrize("ties", ["min", "max", "average"])
    def test_ranks_against_pandas(self, ties: str) -> None:
        x = RNG.integers(0, 4, (5, 20)).astype(float)
        x[0, ::4] = NAN
        expected = pd.DataFrame(x).rank(axis=1, method=ties)  # type: ignore[call-overload]
        close(rank_last(x, ties), expected)  # type: ignore[arg-type]


class TestWeigh:
    def weights(self, *steps: co.Step) -> pd.Series:
        return build(co.MinMax(), *steps, co.Aggregate()).weights.set_index("code")["effective"]

    def test_equal_given_and_the_structures_own(self) -> None:
        nodes = NODES.assign(weight=[None, 3, 1, 1, 1, 2, 2])
        own = build(co.MinMax(), co.Aggregate(), nodes=nodes).weights.set_index("code")["effective"]
        close(own[list("abcd")], [0.375, 0.375, 0.125, 0.125])
        close(self.weights(co.EqualWeights())[list("abcd")], [0.25] * 4)
        close(
            self.weights(co.GivenWeights({"a": 30, "b": 10}))[list("abcd")],
            [0.375, 0.125, 0.25, 0.25],
        )

    @pytest.mark.parametrize(
        ("weights", "words"),
        [({"z": 1}, "unknown code 'z'"), ({"a": -1}, "weight of 'a'"),
         ({"a": NAN}, "weight of 'a'"), ({"a": 0, "b": 0}, "children of 'p' sum to zero")],
    )  # fmt: skip
    def test_given_refusals(self, weights: dict[str, float], words: str) -> None:
        with pytest.raises(SmeAnalysisError, match=words):
            self.weights(co.GivenWeights(weights))

    def test_budget_refusals(self) -> None:
        def points(**columns: list[float]) -> co.BudgetAllocation:
            return co.BudgetAllocation(pd.DataFrame(columns, ["x", "y"]))

        with pytest.raises(DataError, match="for 'p' leaves out b"):
            self.weights(points(a=[100, 100]))
        with pytest.raises(DataError, match="expert 'y' gave 90 points to the children of 'p'"):
            self.weights(points(a=[50, 40], b=[50, 50]))
        with pytest.raises(DataError, match="none may be missing"):
            self.weights(points(a=[50, NAN], b=[50, 50]))
        close(self.weights(points(a=[60, 80], b=[40, 20]))[["a", "b"]], [0.35, 0.15])

    def test_first_component_by_hand(self) -> None:
        # With two indicators both load alike on the first component.
        close(self.weights(co.PrincipalComponents(scheme="first"))[list("abcd")], [0.25] * 4)

    def test_components_of_a_higher_level(self) -> None:
        found = self.weights(co.PrincipalComponents(level=2, scheme="first"))
        close(found[["p", "q"]], [0.5, 0.5])
        with pytest.raises(DataError, match="impute first"):
            build(co.MinMax(), co.PrincipalComponents(), co.Aggregate(),
                  data=DATA.mask(np.eye(12, 4, dtype=bool) | (np.arange(12) > 2)[:, None]
                                 & (np.arange(4) == 1)))  # fmt: skip

    def test_optimised_reach_what_can_be_reached(self) -> None:
        for targets in ({}, {"p": 2.0}):
            index = build(co.MinMax(), co.OptimisedWeights(2, targets), co.Aggregate())
            table = index.report("importance")
            scores = index.scores
            r = [np.corrcoef(scores[code], scores["top"])[0, 1] for code in table["code"]]
            close(table["correlation"], r)
            close(table["reached"], table["wanted"], 1e-4)
        with pytest.raises(ParameterError, match="unknown code 'a' at level 2"):
            build(co.MinMax(), co.OptimisedWeights(2, {"a": 1}), co.Aggregate())

    def test_effective_weights_sum_to_one(self) -> None:
        close(self.weights(co.GivenWeights({"a": 3, "p": 5}))[list("abcd")].sum(), 1)


class TestAggregate:
    def scores(self, method: co.Aggregator, data: pd.DataFrame = DATA, **more: float) -> pd.Series:
        return build(co.AsMeasured(), co.Aggregate(method, **more), data=data).scores["p"]  # type: ignore[arg-type]

    def test_means_by_scipy(self) -> None:
        ab = DATA[["a", "b"]]
        close(self.scores(co.Arithmetic()), ab.mean(axis=1))
        close(self.scores(co.Geometric()), stats.gmean(ab, axis=1))
        close(self.scores(co.Harmonic()), stats.hmean(ab, axis=1))
        close(self.scores(co.GeneralisedMean(2)), stats.pmean(ab, 2, axis=1))
        close(self.scores(co.GeneralisedMean(-2.5)), stats.pmean(ab, -2.5, axis=1))

    @pytest.mark.parametrize("p", [300.0, -300.0, 1e-9, -1e-9, 1e-13])
    def test_extreme_powers(self, p: float) -> None:
        """By hand for two values: the largest or smallest times 2^(-1/p), or the geometric mean."""
        data = pd.DataFrame({"a": [1.0, 90, 2, 1], "b": [100.0, 95, 2, 7]}, list("ABCD"))
        nodes = pd.DataFrame({"code": ["top", "a", "b"], "parent": [None, "top", "top"]})
        recipe = co.Recipe(co.AsMeasured(), co.Aggregate(co.GeneralisedMean(p)))
        found = co.Index.build(nodes, data, recipe).scores["top"]
        if abs(p) < 1:
            close(found, stats.gmean(data, axis=1), 1e-6)
        else:
            lead = data.max(axis=1) if p > 0 else data.min(axis=1)
            expected = lead * 2 ** (-1 / p)
            expected["C"] = 2
            close(found, expected, 1e-5)

    def test_zero_and_positive_powers(self) -> None:
        data = pd.DataFrame({"a": [0.0, 3, 0], "b": [4.0, 3, 1]}, list("ABC"))
        nodes = pd.DataFrame({"code": ["top", "a", "b"], "parent": [None, "top", "top"]})
        recipe = co.Recipe(co.AsMeasured(), co.Aggregate(co.GeneralisedMean(0.5)))
        close(co.Index.build(nodes, data, recipe).scores["top"], [1, 3, 0.25])

    def test_different_by_level_and_by_node(self) -> None:
        step = co.Aggregate(co.Arithmetic(), {3: co.Geometric()}, {"q": co.Harmonic()})
        scores = build(co.AsMeasured(), step).scores
        p, q = DATA[["a", "b"]].mean(axis=1), stats.hmean(DATA[["c", "d"]], axis=1)
        close(scores["top"], np.sqrt(p * q))
        for bad in (
            co.Aggregate(levels={1: co.Geometric()}),
            co.Aggregate(levels={4: co.Geometric()}),
        ):
            with pytest.raises(ParameterError, match="levels 2 to 3"):
                build(co.AsMeasured(), bad)
        with pytest.raises(ParameterError, match="unknown aggregate 'a'"):
            build(co.AsMeasured(), co.Aggregate(nodes={"a": co.Geometric()}))

    @pytest.mark.parametrize("method", [co.Geometric(), co.Harmonic(), co.GeneralisedMean(-2)])
    def test_zeros_are_refused(self, method: co.Aggregator) -> None:
        with pytest.raises(DataError, match="mean needs values above zero, and 'a' reaches 0"):
            build(co.MinMax(), co.Aggregate(method))
        build(co.MinMax(1, 100), co.Aggregate(method))

    def test_missing_values(self) -> None:
        data = DATA.copy()
        data.loc["u0", "a"] = NAN
        data.loc["u1", ["a", "b"]] = NAN
        p = self.scores(co.Arithmetic(), data)
        assert p["u0"] == data.loc["u0", "b"]
        assert math.isnan(p["u1"])
        assert math.isnan(self.scores(co.Arithmetic(), data, minimum=0.6)["u0"])
        top = build(co.AsMeasured(), co.Aggregate(), data=data).scores["top"]
        close(top["u1"], data.loc["u1", ["c", "d"]].mean())
        for method in (co.Copeland(), co.BordaCount(), co.Kemeny()):
            found = self.scores(method, data)
            assert found.isna().to_list() == [k == 1 for k in range(12)]

    def test_kemeny_against_all_permutations(self) -> None:
        for seed in range(25):
            rng = np.random.default_rng(seed)
            n, q = int(rng.integers(2, 6)), int(rng.integers(1, 5))
            x = rng.integers(0, 3, (q, n)).astype(float)
            matrix = co.outranking(x[None], np.full((1, q), 1 / q))[0]
            value = {
                order: sum(matrix[a, b] for i, a in enumerate(order) for b in order[i + 1 :])
                for order in itertools.permutations(range(n))
            }
            top = max(value.values())
            best = sorted(order for order, v in value.items() if v > top - 1e-9)
            total, found = co.Kemeny().rankings(matrix, most=1000)
            close(total, top)
            assert sorted(found) == best
            below = np.mean([[n - 1 - order.index(unit) for unit in range(n)] for order in best], 0)
            close(co.Kemeny().scores(matrix), below)

    def test_kemeny_says_what_it_cannot_do(self) -> None:
        wheel = [np.roll(np.arange(20.0), k) for k in range(20)]
        with pytest.raises(ParameterError, match="cycle among 20 units, more than its limit of 14"):
            co.Kemeny().combine(np.array(wheel)[None], np.full((1, 20), 0.05), tuple("x" * 20))
        # Many units without a cycle are no trouble.
        order = np.tile(np.arange(60.0), (3, 1))[None]
        close(co.Kemeny().combine(order, np.full((1, 3), 1 / 3), ("a", "b", "c"))[0], np.arange(60))
        even = np.zeros((1, 2, 5))
        with pytest.raises(DataError, match="more than 100"):
            co.Kemeny().rankings(co.outranking(even, np.full((1, 2), 0.5))[0])

    def test_outranking_over_what_is_shared(self) -> None:
        x = np.array([[[1.0, NAN, 2], [3, 1, NAN]]])
        matrix = co.outranking(x, np.array([[0.25, 0.75]]))[0]
        close(matrix, [[NAN, 1, 0], [0, NAN, NAN], [1, NAN, NAN]])


class TestIndex:
    index = build(co.MinMax(), co.Aggregate())

    def test_ranks_before_rounding_and_ties(self) -> None:
        data = pd.DataFrame({"a": [1.0, 2, 3, 3], "b": [3.0, 2, 1, 1.0000001]}, list("ABCD"))
        nodes = pd.DataFrame({"code": ["top", "a", "b"], "parent": [None, "top", "top"]})
        index = co.Index.build(nodes, data)
        assert index.ranks()["top"].to_list() == [2, 2, 4, 1] or index.scores["top"].nunique() > 1
        tied = pd.DataFrame({"a": [0.1, 0.2, 0.3], "b": [0.3, 0.2, 0.1]}, list("ABC"))
        index = co.Index.build(nodes, tied)
        for ties, rank in (("min", 1), ("max", 3), ("average", 2)):
            assert index.ranks(ties)["top"].to_list() == [rank] * 3  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="unknown tie rule 'first'"):
            index.ranks("first")  # type: ignore[arg-type]

    def test_profile_adds_up(self) -> None:
        profile = self.index.profile("u3")
        indicators = profile[profile["level"] == 1]
        close(indicators["contribution"].sum(), profile.loc["top", "score"])
        close(indicators["value"], DATA.loc["u3"])
        close(indicators["used"], DATA.loc["u3"])
        assert (
            self.index.strengths("u3", 2)["rank"].max()
            <= self.index.weaknesses("u3", 2)["rank"].min()
        )
        with pytest.raises(ParameterError, match="unknown unit 'u33': did you mean"):
            self.index.profile("u33")

    def test_group_ranks(self) -> None:
        groups = pd.Series(["x"] * 6 + ["y"] * 5 + [None], DATA.index)
        ranks = self.index.group_ranks(groups)["top"]
        assert sorted(ranks[:6]) == [1, 2, 3, 4, 5, 6]
        assert math.isnan(ranks.iloc[11])

    def test_results_and_export(self, tmp_path: Path) -> None:
        results = self.index.results()
        assert list(results.columns) == ["rank", "top", "p", "q"]
        assert results["rank"].is_monotonic_increasing
        written = self.index.export(tmp_path / "out")
        again = pd.read_csv(tmp_path / "out" / "scores.csv", index_col=0)
        close(again, self.index.scores)
        assert {"results.csv", "weights.csv", "recipe.csv"} <= {path.name for path in written}
