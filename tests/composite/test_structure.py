"""Structures and data: every fault is named, at once; panels, screening, imputation, recipes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sme_analysis import composite as co
from sme_analysis.errors import DataError, ParameterError

NAN = math.nan


def nodes(**columns: list[object]) -> pd.DataFrame:
    base = {"code": ["top", "p", "q", "a", "b", "c"], "parent": [None, "top", "top", "p", "p", "q"]}
    return pd.DataFrame({**base, **columns})


def table(**columns: list[float]) -> pd.DataFrame:
    base = {"a": [1.0, 2, 3, 4], "b": [4.0, 1, 3, 2], "c": [5.0, 5, 6, 8]}
    return pd.DataFrame({**base, **columns}, ["A", "B", "C", "D"])


def build(*steps: co.Step, data: pd.DataFrame | None = None, **columns: list[object]) -> co.Index:
    recipe = co.Recipe(*(steps or (co.MinMax(), co.Aggregate())))
    return co.Index.build(nodes(**columns), table() if data is None else data, recipe)


def close(actual: object, expected: object) -> None:
    np.testing.assert_allclose(
        np.asarray(actual, dtype=float), np.asarray(expected, dtype=float), 1e-9, 1e-9
    )


class TestStructure:
    def test_levels_order_and_lookups(self) -> None:
        tree = co.Structure.from_frame(nodes().iloc[::-1])
        assert tree.indicators == ("c", "b", "a")
        assert tree.root == "top"
        assert tree.levels == {"c": 1, "b": 1, "a": 1, "q": 2, "p": 2, "top": 3}
        assert tree.leaves("top") == ("c", "b", "a") or set(tree.leaves("top")) == set("abc")
        assert tree.at_level(2) == ("q", "p")

    def test_uneven_depth(self) -> None:
        frame = pd.DataFrame({"code": ["top", "p", "a", "b", "c"],
                              "parent": [None, "top", "p", "p", "top"]})  # fmt: skip
        index = co.Index.build(frame, table(), co.Recipe(co.AsMeasured(), co.Aggregate()))
        close(index.scores["top"], [(2.5 + 5) / 2, (1.5 + 5) / 2, (3 + 6) / 2, (3 + 8) / 2])

    @pytest.mark.parametrize(
        ("columns", "words"),
        [
            ({"code": ["top", "p", "q", "a", "b", "b"]}, "'b' stands more than once"),
            ({"code": ["top", "p", "q", "a", "b", " "]}, "row 5 has no code"),
            ({"code": ["top", "p", "q", "a", "b", 3]}, "3 is not text"),
            ({"parent": [None, "top", "top", "p", "p", "w"]}, "'c' is an orphan: its parent 'w'"),
            ({"parent": [None, None, "top", "p", "p", "q"]}, "no parent.*top, p"),
            ({"parent": ["q", "top", "top", "p", "p", "q"]}, "a cycle: top > q > top"),
            ({"parent": [None, "top", "top", "p", "p", "c"]}, "a cycle: c > c"),
            ({"direction": [None, None, None, 1, 0, 1]}, "direction of 'b' is 0"),
            ({"direction": [None, None, None, 1, "up", 1]}, "direction of 'b' is 'up'"),
            ({"direction": [None, -1, None, 1, 1, 1]}, "'p' is an aggregate"),
            ({"weight": [None, 1, 1, -1, 1, 1]}, "weight of 'a' is negative"),
            ({"weight": [None, 1, 1, "x", 1, 1]}, "weight of 'a' is 'x'"),
            ({"weight": [None, 1, 1, math.inf, 1, 1]}, "weight of 'a' is inf"),
            ({"weight": [None, 1, 1, 0, 0, 1]}, "children of 'p' sum to zero"),
            ({"target": [None, 5, None, 1, 1, 1]}, "'p' is an aggregate and cannot have a target"),
            ({"lower": [None, None, None, 2, 0, 0], "upper": [None, None, None, 2, 1, 1]},
             "goalposts of 'a' are out of order"),
        ],
    )  # fmt: skip
    def test_faults(self, columns: dict[str, list[object]], words: str) -> None:
        with pytest.raises(DataError, match=words):
            co.Structure.from_frame(nodes(**columns))

    def test_all_faults_come_at_once(self) -> None:
        with pytest.raises(DataError) as caught:
            co.Structure.from_frame(
                nodes(weight=[None, 1, 1, -1, 1, 1], direction=[None, None, None, 1, 7, 1],
                      parent=[None, "top", "top", "p", "p", "tp"])
            )  # fmt: skip
        for words in ("negative", "direction of 'b'", "orphan", "did you mean 'top'"):
            assert words in str(caught.value)

    def test_a_misspelt_column_is_no_silent_default(self) -> None:
        with pytest.raises(ParameterError, match="'wieght': did you mean 'weight'"):
            co.Structure.from_frame(nodes(wieght=[1, 1, 1, 1, 1, 1]))

    def test_empty_and_rootless(self) -> None:
        with pytest.raises(DataError, match="no rows"):
            co.Structure.from_frame(pd.DataFrame({"code": [], "parent": []}))
        with pytest.raises(DataError, match="'top' has no indicators"):
            co.Structure.from_frame(pd.DataFrame({"code": ["top"], "parent": [None]}))


class TestData:
    @pytest.mark.parametrize(
        ("columns", "words"),
        [
            ({"a": ["x", "y", "z", "w"]}, "'a' is not numeric"),
            ({"a": [True, False, True, True]}, "'a' is not numeric"),
            ({"a": [1.0, math.inf, 2, 3]}, "'a' is infinite for 'B'"),
            ({"a": [NAN] * 4}, "'a' is empty"),
            ({"a": [2.0] * 4}, "'a' is constant"),
            ({"a": [2.0, NAN, 2.0, NAN]}, "'a' is constant"),
        ],
    )
    def test_faults_of_columns(self, columns: dict[str, list[float]], words: str) -> None:
        with pytest.raises(DataError, match=words):
            build(data=table(**columns))

    def test_missing_columns_and_labels(self) -> None:
        with pytest.raises(
            DataError, match=r"'a' is missing \(did you mean 'aa'\?\)|'a' is missing"
        ):
            build(data=table().rename(columns={"a": "aa"}))
        with pytest.raises(DataError, match="'A' stands more than once"):
            build(data=table().set_axis(["A", "A", "B", "C"]))
        with pytest.raises(DataError, match="label of its index is missing"):
            build(data=table().set_axis(["A", None, "B", "C"]))
        with pytest.raises(DataError, match="no rows"):
            build(data=table().iloc[:0])

    def test_nullable_numbers(self) -> None:
        data = table().astype("Float64")
        data.loc["A", "a"] = pd.NA
        assert build(data=data).scores.loc["A"].isna().sum() == 1

    def test_data_are_left_alone(self) -> None:
        data = table(a=[NAN, 2, 3, 4])
        before = data.copy()
        build(co.Impute(), co.Treat(), co.MinMax(), co.Aggregate(), data=data)
        pd.testing.assert_frame_equal(data, before)


class TestRecipe:
    def test_order_is_enforced(self) -> None:
        with pytest.raises(ParameterError, match=r"Impute\(\) cannot come after MinMax"):
            co.Recipe(co.MinMax(), co.Impute(), co.Aggregate())
        with pytest.raises(ParameterError, match="one step to normalise, and this one has 0"):
            co.Recipe(co.Impute(), co.Aggregate())
        with pytest.raises(ParameterError, match="one step to aggregate, and this one has 0"):
            co.Recipe(co.MinMax())
        with pytest.raises(ParameterError, match="is none"):
            co.Recipe(co.MinMax(), "aggregate")  # type: ignore[arg-type]

    def test_a_step_is_found_by_itself_or_by_its_equal(self) -> None:
        recipe = co.Recipe(co.MinMax(), co.Aggregate())
        assert recipe.place(co.MinMax()) == 0
        assert str(recipe.instead(co.MinMax(), co.ZScore())) == "ZScore() > Aggregate()"
        with pytest.raises(ParameterError, match=r"MinMax\(low=5\) is not in it"):
            recipe.place(co.MinMax(5))

    def test_each_step_reports(self) -> None:
        index = build(co.Screen(), co.Impute(), co.Treat(), co.MinMax(), co.EqualWeights(),
                      co.Aggregate())  # fmt: skip
        names = [name for _, frames in index.reports for name in frames]
        assert names == ["screened", "imputed", "still_missing", "treatment", "treated_points",
                         "normalised", "weights", "aggregated"]  # fmt: skip
        with pytest.raises(ParameterError, match="did you mean 'imputed'"):
            index.report("imputted")


class TestDenominate:
    def test_by_hand(self) -> None:
        data = table(people=[1.0, 4, NAN, 4])
        index = build(co.Denominate(per=10), co.MinMax(), co.Aggregate(), data=data,
                      denominator=[None, None, None, "people", None, None])  # fmt: skip
        close(index.states[1].table()["a"], [10, 5, NAN, 10])
        assert index.report("denominated").to_numpy().tolist() == [["a", "people", 1]]

    def test_refusals(self) -> None:
        column = [None, None, None, "people", None, None]
        with pytest.raises(DataError, match="'people' of 'a' must be above zero, and is 0 for 'B'"):
            build(co.Denominate(), co.MinMax(), co.Aggregate(),
                  data=table(people=[1, 0, 2, 3]), denominator=column)  # fmt: skip
        with pytest.raises(DataError, match="names no denominators"):
            build(co.Denominate(), co.MinMax(), co.Aggregate())
        with pytest.raises(DataError, match="'people' is missing"):
            build(data=table(), denominator=column)


class TestScreen:
    data = table(a=[1, NAN, NAN, 4], b=[1, 2, NAN, 3])

    def test_thresholds_and_reasons(self) -> None:
        steps = (co.MinMax(), co.Aggregate())
        index = build(co.Screen(0.6), *steps, data=self.data)
        assert list(index.units) == ["A", "B", "D"]
        assert index.report("screened")["reason"].to_list() == ["", "", "33% of top, below 60%", ""]
        index = build(co.Screen(0.3, {"p": 1.0}, include=("C",), exclude=("D",)), *steps,
                      data=self.data.assign(a=[1, 2, NAN, 4]))  # fmt: skip
        assert index.report("screened")["reason"].to_list() == [
            "", "", "included by name", "excluded by name",
        ]  # fmt: skip
        assert list(index.units) == ["A", "B", "C"]

    def test_a_share_equal_to_the_threshold_is_enough(self) -> None:
        assert len(build(co.Screen(2 / 3), co.MinMax(), co.Aggregate(), data=self.data).units) == 3

    def test_refusals(self) -> None:
        steps = (co.MinMax(), co.Aggregate())
        with pytest.raises(ParameterError, match="unknown unit 'Z'"):
            build(co.Screen(include=("Z",)), *steps)
        with pytest.raises(DataError, match="leaves no unit"):
            build(co.Screen(exclude=("A", "B", "C", "D")), *steps)
        with pytest.raises(ParameterError, match="both in include and in exclude"):
            co.Screen(include=("A",), exclude=("A",))
        with pytest.raises(ParameterError, match="minimum must be a finite number from 0 to 1"):
            co.Screen(1.5)


class TestImpute:
    def imputed(self, step: co.Impute, data: pd.DataFrame) -> pd.Series:
        index = build(step, co.MinMax(), co.Aggregate(), data=data)
        return index.states[1].table()["a"]

    def test_mean_and_median(self) -> None:
        data = table(a=[1, NAN, 2, 9])
        close(self.imputed(co.Impute(), data), [1, 4, 2, 9])
        close(self.imputed(co.Impute("median"), data), [1, 2, 2, 9])
        index = build(co.Impute(), co.MinMax(), co.Aggregate(), data=data)
        assert index.report("imputed").to_numpy().tolist() == [["B", "a", 4.0]]
        assert index.profile("B").loc["a", "imputed"]

    def test_by_group(self) -> None:
        data = table(a=[1, NAN, 2, NAN]).assign(g=["x", "x", "y", None])
        index = build(co.Impute(by="g"), co.MinMax(), co.Aggregate(), data=data)
        close(index.states[1].table()["a"], [1, 1, 2, NAN])
        assert index.report("still_missing")["unit"].to_list() == ["D"]
        with pytest.raises(ParameterError, match="unknown column 'h'"):
            self.imputed(co.Impute(by="h"), data)

    def test_custom_function(self) -> None:
        data = table(a=[1, NAN, 2, 9])
        close(self.imputed(co.Impute(function=lambda frame: frame.fillna(7.0)), data), [1, 7, 2, 9])
        for function in (lambda f: f * 2, lambda f: f.iloc[:1], lambda f: f.fillna(math.inf)):
            with pytest.raises(DataError, match="imputation function"):
                self.imputed(co.Impute(function=function), data)

    def test_along_years(self) -> None:
        index = pd.MultiIndex.from_product([["A", "B"], [2001, 2002, 2005]])
        data = pd.DataFrame({"a": [1, NAN, 9, NAN, 4, NAN], "b": range(6), "c": range(6)}, index)
        data[["b", "c"]] = data[["b", "c"]].astype(float)
        nothing = (co.MinMax(over="panel"), co.Aggregate())
        last = build(co.Impute("last"), *nothing, data=data)
        close(last.states[1].table()["a"], [1, 1, 9, NAN, 4, 4])
        near = build(co.Impute("last", limit=2), *nothing, data=data)
        close(near.states[1].table()["a"], [1, 1, 9, NAN, 4, NAN])
        linear = build(co.Impute("linear"), *nothing, data=data.iloc[[5, 1, 3, 0, 2, 4]])
        close(linear.states[1].table()["a"].reindex(data.index), [1, 3, 9, NAN, 4, NAN])
        with pytest.raises(ParameterError, match="needs a panel"):
            build(co.Impute("last"), *nothing)

    def test_refusals(self) -> None:
        with pytest.raises(ParameterError, match=r"unknown imputation method 'mena'.*'mean'"):
            co.Impute("mena")  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="by goes with"):
            co.Impute("last", by="g")
        with pytest.raises(ParameterError, match="limit goes with"):
            co.Impute(limit=2)


class TestPanel:
    data = pd.DataFrame(
        {"a": [1.0, 2, 3, 11, 12, 13], "b": [3.0, 1, 2, 6, 4, 5], "c": [1.0, 2, 4, 1, 2, 4]},
        pd.MultiIndex.from_product([[2001, 2002], ["A", "B", "C"]]).swaplevel(),
    )

    def test_normalise_by_year_or_over_the_panel(self) -> None:
        by_year = build(co.MinMax(), co.Aggregate(), data=self.data).scores["a"]
        close(by_year, [0, 50, 100, 0, 50, 100])
        whole = build(co.MinMax(over="panel"), co.Aggregate(), data=self.data).scores["a"]
        close(whole, (self.data["a"] - 1) / 12 * 100)

    def test_ranks_go_by_year(self) -> None:
        index = build(co.MinMax(over="panel"), co.Aggregate(), data=self.data)
        assert index.ranks()["a"].to_list() == [3, 2, 1, 3, 2, 1]
        assert index.profile("A").loc["a", "score"] == index.scores["a"].iloc[3]
        assert index.profile("A", 2001).loc["a", "of"] == 3
        assert list(index.results().index.get_level_values(1)) == [2001] * 3 + [2002] * 3
        assert index.group_ranks({"A": "x", "B": "x"})["a"].to_list()[:2] == [2, 1]

    def test_ordinal_aggregation_goes_by_year(self) -> None:
        index = build(co.MinMax(over="panel"), co.Aggregate(co.Copeland()), data=self.data)
        one = build(co.MinMax(), co.Aggregate(co.Copeland()), data=self.data.xs(2001, level=1))
        close(index.scores.xs(2001, level=1)["top"], one.scores["top"])
