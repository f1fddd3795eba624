"""Uncertainty, sensitivity, diagnosis and comparison."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol

from sme_analysis import composite as co
from sme_analysis.composite.replay import replay, settings
from sme_analysis.composite.sensitivity import saltelli_design
from sme_analysis.errors import DataError, ParameterError

NAN = math.nan
RNG = np.random.default_rng(11)
CODES = [f"i{k}" for k in range(6)]
NODES = pd.DataFrame(
    {"code": ["top", "p", "q", *CODES], "parent": [None, "top", "top", *["p"] * 3, *["q"] * 3]}
)
DATA = pd.DataFrame(RNG.lognormal(size=(15, 6)), [f"u{k}" for k in range(15)], CODES)
DATA.iloc[2, 1] = NAN
SCREEN, FILL, TREAT, SCALE, MEANS = (
    co.Screen(0.5), co.Impute(), co.Treat(), co.MinMax(1, 100), co.Aggregate(),
)  # fmt: skip
INDEX = co.Index.build(NODES, DATA, co.Recipe(SCREEN, FILL, TREAT, SCALE, MEANS))
FACTORS = [
    co.Alternatives(FILL, [FILL, co.Impute("median")]),
    co.Alternatives(TREAT, [TREAT, co.Treat(winsorise=1)]),
    co.Alternatives(SCALE, [SCALE, co.ZScore(50, 5), co.RankScores()], name="scale"),
    co.WeightNoise(1),
    co.WeightNoise(2, spread=0.5),
    co.Alternatives(MEANS, [MEANS, co.Aggregate(co.Geometric()), co.Aggregate(co.Copeland())]),
]


def close(actual: object, expected: object, atol: float = 1e-9) -> None:
    np.testing.assert_allclose(
        np.asarray(actual, dtype=float), np.asarray(expected, dtype=float), 1e-9, atol
    )


def test_a_replay_is_the_same_as_building_one_by_one() -> None:
    factors = [*FACTORS, co.MeasurementError(DATA.abs() * 0.05)]
    u = np.random.default_rng(0).random((40, len(factors)))
    keys = settings(INDEX, factors, u)
    scores = replay(INDEX, factors, keys, 40, 3)
    structure = INDEX.structure
    banks = {k: factors[k].bank(structure, 40, np.random.default_rng([3, k])) for k in (3, 4)}  # type: ignore[attr-defined]
    sizes = (DATA.abs() * 0.05).to_numpy()
    for draw in range(40):
        steps = [SCREEN, *(factors[k].options[keys[draw, k]] for k in range(3))]  # type: ignore[attr-defined]
        last = factors[5].options[keys[draw, 5]]  # type: ignore[attr-defined]
        weights = structure.weights * banks[3][keys[draw, 3]] * banks[4][keys[draw, 4]]
        given = co.GivenWeights(dict(zip(structure.nodes, weights.tolist(), strict=True)))
        noise = np.random.Generator(np.random.Philox(key=[3, int(keys[draw, 6])]))
        data = DATA + np.nan_to_num(sizes) * noise.standard_normal(DATA.shape)
        one = co.Index.build(structure, data, co.Recipe(*steps, given, last))
        close(scores[draw], one.scores["top"])


class TestUncertainty:
    def test_no_variation_gives_the_nominal_ranks(self) -> None:
        run = co.uncertainty(INDEX, [co.Alternatives(SCALE, [SCALE, co.MinMax(1, 100)])], draws=7)
        table = run.table()
        for column in ("mean", "median", "p5", "p95"):
            close(table[column], table["nominal"])
        close(run.shift(), np.zeros(7))

    def test_same_seed_same_result_whatever_the_chunks(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        factors = [*FACTORS, co.MeasurementError(DATA.abs() * 0.1)]
        first = co.uncertainty(INDEX, factors, draws=60, seed=5)
        monkeypatch.setattr("sme_analysis.composite.replay.CHUNK", 700)
        second = co.uncertainty(INDEX, factors, draws=60, seed=5)
        assert np.array_equal(first.ranks, second.ranks)
        close(first.scores, second.scores)
        other = co.uncertainty(INDEX, factors, draws=60, seed=6)
        assert not np.array_equal(first.ranks, other.ranks)

    def test_probabilities(self) -> None:
        run = co.uncertainty(INDEX, FACTORS, draws=300, seed=1)
        close(run.top(15), np.ones(15))
        assert (run.top(1) <= run.top(5)).all()
        matrix = run.matrix()
        close(matrix.loc["u3", "u4"], run.above("u3", "u4"))
        both = matrix + matrix.T
        assert (both.fillna(1) <= 1 + 1e-12).all(axis=None)
        table = run.table()
        assert (table["p5"] <= table["median"]).all()
        assert (table["median"] <= table["p95"]).all()
        close(table["mean"].sum(), np.nanmean(run.ranks, axis=0).sum(), 1e-4)

    def test_measurement_error_against_theory(self) -> None:
        """Two units a standard deviation apart: P(A above B) = Phi(d / (s sqrt 2))."""
        nodes = pd.DataFrame({"code": ["top", "x"], "parent": [None, "top"]})
        data = pd.DataFrame({"x": [1.0, 0.0], "se": [1.0, 1.0]}, ["A", "B"])
        nodes["error"] = [None, "se"]
        recipe = co.Recipe(co.AsMeasured(), co.Aggregate())
        index = co.Index.build(nodes, data, recipe)
        run = co.uncertainty(index, [co.MeasurementError()], draws=20_000, seed=2)
        assert run.above("A", "B") == pytest.approx(0.7602, abs=0.01)

    def test_flat_dirichlet(self) -> None:
        """Two indicators, opposite units: each is above with probability one half."""
        nodes = pd.DataFrame({"code": ["top", "x", "y"], "parent": [None, "top", "top"]})
        data = pd.DataFrame({"x": [0.0, 1, 0.8], "y": [1.0, 0, 0.0]}, list("ABC"))
        run = co.uncertainty(co.Index.build(nodes, data), [co.RandomWeights()], draws=10_000)
        assert run.above("A", "B") == pytest.approx(0.5, abs=0.02)
        # A is above C where 1 - w > 0.8 w, that is w < 1 / 1.8.
        assert run.above("A", "C") == pytest.approx(1 / 1.8, abs=0.02)

    def test_units_set_aside_in_some_draws(self) -> None:
        other = co.Screen(0.5, exclude=("u5",))
        run = co.uncertainty(INDEX, [co.Alternatives(SCREEN, [SCREEN, other])], draws=10)
        table = run.table()
        assert table.loc["u5", "draws"] == 5
        assert run.top(15)["u5"] == 0.5

    def test_a_node_below_the_index(self) -> None:
        run = co.uncertainty(INDEX, [co.WeightNoise()], draws=20, node="p")
        close(run.nominal, INDEX.ranks()["p"])
        assert co.uncertainty(INDEX, [co.WeightNoise()], draws=20, node="i0").shift().eq(0).all()

    @pytest.mark.parametrize(
        ("factors", "words"),
        [
            ([], "at least one factor"),
            ([co.Alternatives(co.ZScore(), [co.ZScore()])], r"ZScore\(\) is not in it"),
            ([co.WeightNoise(), co.WeightNoise()], "need different names"),
            ([co.Alternatives(SCALE, [SCALE], name=name) for name in "ab"], "same step"),
            (["weights"], "is not a factor"), ([co.WeightNoise(3)], "no weight to vary"),
            ([co.WeightNoise(9)], "no level 9"),
            ([co.MeasurementError()], "no standard errors"),
            ([co.MeasurementError(-DATA)], "needs one from zero up"),
            ([co.MeasurementError(DATA.iloc[:3])], "needs one from zero up"),
        ],
    )  # fmt: skip
    def test_refusals(self, factors: list[co.Factor], words: str) -> None:
        with pytest.raises((ParameterError, DataError), match=words):
            co.uncertainty(INDEX, factors, draws=5)

    def test_refusals_of_settings(self) -> None:
        for bad in ({"draws": 0}, {"draws": 2.5}, {"seed": -1}, {"node": "zz"}):
            with pytest.raises(ParameterError):
                co.uncertainty(INDEX, [co.WeightNoise()], **bad)  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="no step to normalise"):
            co.Alternatives(SCALE, [MEANS])
        with pytest.raises(ParameterError, match="no options"):
            co.Alternatives(SCALE, [])
        with pytest.raises(ParameterError, match="one probability"):
            co.Alternatives(SCALE, [SCALE], probabilities=[-1])
        geometric = co.Alternatives(MEANS, [co.Aggregate(co.Geometric())])
        standard = co.Alternatives(SCALE, [co.ZScore()], name="z")
        with pytest.raises(DataError, match="geometric mean needs values above zero"):
            co.uncertainty(INDEX, [geometric, standard])


class TestSensitivity:
    def test_against_salib(self) -> None:
        found = co.sensitivity(INDEX, FACTORS, n=64, seed=4)
        a, b, ab = found.outputs
        y = np.concatenate([np.column_stack([a, ab, b]).ravel()])
        problem = {"num_vars": 6, "names": list("abcdef"), "bounds": [[0, 1]] * 6}
        theirs = sobol.analyze(problem, y, calc_second_order=False, num_resamples=10, seed=1)
        close(found.table["first_order"], theirs["S1"])
        close(found.table["total"], theirs["ST"])

    def test_ishigami(self) -> None:
        """Ishigami and Homma (1990): indices known in closed form."""
        n = 2**14
        x = math.pi * (2 * saltelli_design(n, 3, 1) - 1)
        y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
        first, total = co.sobol_indices(y[:n], y[n : 2 * n], y[2 * n :].reshape(3, n).T)
        close(first, [0.3139, 0.4424, 0.0], 0.01)
        close(total, [0.5576, 0.4424, 0.2437], 0.01)

    def test_identical_options_are_exactly_zero(self) -> None:
        same = co.Alternatives(SCALE, [SCALE, co.MinMax(1, 100), replace(SCALE)], name="same")
        for target in (None, co.RankOf("u1"), co.ScoreOf("u1")):
            found = co.sensitivity(INDEX, [same, *FACTORS[3:]], n=32, seed=2, target=target)
            assert found.table.loc["same"].to_list() == [0.0] * 6
        alone = co.sensitivity(INDEX, [same], n=8)
        assert alone.table.loc["same", ["first_order", "total"]].to_list() == [0.0, 0.0]
        assert alone.variance == 0

    def test_one_factor_explains_everything(self) -> None:
        found = co.sensitivity(INDEX, [co.WeightNoise(2)], n=512, target=co.ScoreOf("u0"))
        assert found.table["total"].iloc[0] == pytest.approx(1, abs=0.1)
        assert found.table["first_order"].iloc[0] == pytest.approx(1, abs=0.1)
        assert abs(found.interactions) < 0.1

    def test_intervals_hold_the_estimates(self) -> None:
        table = co.sensitivity(INDEX, FACTORS, n=128, seed=3).table
        for name in ("first_order", "total"):
            assert (table[f"{name}_low"] <= table[name] + 1e-9).all()
            assert (table[f"{name}_high"] >= table[name] - 1e-9).all()

    def test_reproducible(self) -> None:
        one, two = (co.sensitivity(INDEX, FACTORS, n=16, seed=9).table for _ in range(2))
        pd.testing.assert_frame_equal(one, two)

    def test_a_unit_set_aside_is_refused(self) -> None:
        out = co.Alternatives(SCREEN, [SCREEN, co.Screen(0.5, exclude=("u5",))])
        with pytest.raises(DataError, match="set aside"):
            co.sensitivity(INDEX, [out], n=8, target=co.RankOf("u5"))
        with pytest.raises(ParameterError, match="unknown unit 'u55'"):
            co.sensitivity(INDEX, [out], n=8, target=co.RankOf("u55"))


class TestAdjust:
    def test_drop_one_out_is_a_rebuild_without_it(self) -> None:
        table = co.drop_one_out(INDEX)
        nodes = NODES[NODES["code"] != "i4"]
        without = co.Index.build(nodes, DATA, INDEX.recipe)
        close(table["i4"], without.ranks()["top"])
        pillars = co.drop_one_out(INDEX, level=2)
        close(pillars["p"], INDEX.ranks()["q"])

    def test_the_last_child_takes_its_parent_along(self) -> None:
        nodes = pd.DataFrame({"code": ["top", "p", "q", "a", "b", "c"],
                              "parent": [None, "top", "top", "p", "q", "q"]})  # fmt: skip
        data = DATA.iloc[:, [0, 2, 3]].set_axis(list("abc"), axis=1)
        index = co.Index.build(nodes, data, co.Recipe(co.MinMax(), co.Aggregate(minimum=1.0)))
        close(co.drop_one_out(index)["a"], index.ranks()["q"])

    def test_what_if(self) -> None:
        table = co.what_if(INDEX, "u3", "i0", float(DATA.loc["u3", "i0"]))
        close(table[["score_change", "rank_change"]], 0)
        better = co.what_if(INDEX, "u3", "i0", float(DATA["i0"].max()))
        assert better.loc["u3", "score_change"] > 0
        assert co.what_if(INDEX, "u3", "i0", NAN).loc["u3", "score_after"] > 0
        for arguments in (("zz", "i0", 1.0), ("u3", "zz", 1.0), ("u3", "i0", math.inf)):
            with pytest.raises(ParameterError):
                co.what_if(INDEX, *arguments)

    def test_compare(self) -> None:
        other = co.Index.build(
            NODES, DATA, INDEX.recipe.instead(MEANS, co.Aggregate(co.Geometric()))
        )
        table = co.compare({"arithmetic": INDEX, "geometric": other})
        shift = table["arithmetic", "rank"] - table["geometric", "rank"]
        close(table["geometric", "shift"], shift)
        matrix = co.rank_correlations({"arithmetic": INDEX, "geometric": other})
        close(np.diag(matrix), 1)
        with pytest.raises(ParameterError, match="two or more"):
            co.compare({"one": INDEX})


class TestDiagnose:
    def test_statistics(self) -> None:
        table = co.statistics(DATA.assign(i5=[0.0] * 5 + [1.0] * 9 + [900.0]))
        assert table.loc["i5", ["zeros", "unique", "outliers"]].to_list() == [5, 3, True]
        assert table.loc["i1", ["n", "missing"]].to_list() == [14, 1]
        close(table.loc["i5", "same"], 9 / 15)
        close(table["sd"], DATA.assign(i5=[0.0] * 5 + [1.0] * 9 + [900.0]).std())
        with pytest.raises(DataError, match="not numeric"):
            co.statistics(pd.DataFrame({"x": ["a"]}))

    def test_availability(self) -> None:
        table = co.availability(INDEX.structure, DATA)
        close(table.loc["u2"], [1, 5 / 6, 2 / 3, 1])

    def test_correlations_and_flags(self) -> None:
        data = DATA.fillna(1).assign(i1=lambda f: f["i0"] * 2 + 1, i2=lambda f: -f["i0"])
        index = co.Index.build(NODES, data)
        table = co.correlations(index).set_index(["code", "with"])
        assert table.loc[("i0", "i1"), "flag"] == "redundant"
        assert table.loc[("i0", "i2"), "flag"] == "negative"
        assert not table.loc[("i0", "i3"), "same_parent"]
        across = co.correlations(index, 1, 2, method="spearman").set_index(["code", "with"])
        expected = index.scores["i3"].rank().corr(index.scores["q"].rank())
        close(across.loc[("i3", "q"), "correlation"], expected)
        assert across.loc[("i3", "q"), "belongs"]
        assert not across.loc[("i3", "p"), "belongs"]

    def test_alpha_by_hand(self) -> None:
        data = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 2, 3]})
        close(co.cronbach_alpha(data), 1)
        with pytest.raises(DataError, match="sum of the indicators does not vary"):
            co.cronbach_alpha(pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 2, 1]}))
        with pytest.raises(DataError, match="alpha needs"):
            co.cronbach_alpha(data[["a"]])
        assert len(co.consistency(INDEX)) == 3

    def test_importance(self) -> None:
        table = co.importance(INDEX)
        close(table.groupby("level")["share"].sum(), [1, 1])
        r = np.corrcoef(INDEX.scores["p"], INDEX.scores["top"])[0, 1]
        close(table.loc["p", "squared_correlation"], r**2)


def test_alternative_weightings_are_the_same_as_building_one_by_one() -> None:
    equal, errors = co.EqualWeights(), DATA.abs() * 0.05
    points = [pd.DataFrame([[a, 100 - a]], columns=["p", "q"]) for a in (20, 70)]
    options = [
        equal, co.PrincipalComponents(scheme="first"), co.OptimisedWeights(2),
        co.GivenWeights({"p": 3}), *(co.BudgetAllocation(frame) for frame in points),
    ]  # fmt: skip
    index = co.Index.build(NODES, DATA, co.Recipe(FILL, SCALE, equal, MEANS))
    factors = [co.Alternatives(equal, options, name="weighting"), co.MeasurementError(errors)]
    keys = settings(index, factors, np.random.default_rng(1).random((24, 2)))
    scores = replay(index, factors, keys, 24, 7)
    assert set(keys[:, 0]) == set(range(6))
    for draw in range(24):
        noise = np.random.Generator(np.random.Philox(key=[7, int(keys[draw, 1])]))
        data = DATA + np.nan_to_num(errors.to_numpy()) * noise.standard_normal(DATA.shape)
        recipe = co.Recipe(FILL, SCALE, options[keys[draw, 0]], MEANS)
        close(scores[draw], co.Index.build(NODES, data, recipe).scores["top"], 1e-7)


def test_steps_that_hold_frames_are_equal_to_themselves_alone() -> None:
    one, two = (co.BudgetAllocation(pd.DataFrame({"p": [40], "q": [60]})) for _ in range(2))
    assert one == one
    assert one != two
    assert co.MinMax() == co.MinMax()
    assert co.MinMax() != co.MinMax(1, 100)


def test_a_panel_is_ranked_by_year_in_every_draw() -> None:
    panel = pd.concat({year: DATA + year for year in (0, 1)}, names=["year", "unit"]).swaplevel()
    index = co.Index.build(NODES, panel, co.Recipe(FILL, co.MinMax(over="panel"), MEANS))
    run = co.uncertainty(index, [co.WeightNoise()], draws=30, seed=1)
    assert (run.ranks[:, :15].min(axis=1) == 1).all()
    assert (run.ranks[:, 15:].min(axis=1) == 1).all()
    assert run.ranks.max() == 15
    assert 0 <= run.above(("u0", 0), ("u1", 0)) <= 1


def test_the_engine_imports_nothing_of_the_house_but_errors() -> None:
    folder = Path(co.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level > 1:
                assert (node.level, node.module) == (2, "errors"), path.name
