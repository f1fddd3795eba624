"""Statistics: hand computations, published examples, and properties that hold for any data."""

from __future__ import annotations

import math
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sme_analysis import statistics as sm
from sme_analysis.errors import ParameterError

NAN = math.nan

positive = st.floats(1e-3, 1e9)
weights = st.lists(positive, min_size=1, max_size=25)
flows = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=25)
factor = st.sampled_from([1e-6, 0.01, 3.0, 1e4, 1e9])


def close(actual: object, expected: object, rtol: float = 1e-9, atol: float = 1e-9) -> None:
    np.testing.assert_allclose(
        np.asarray(actual, dtype=float), np.asarray(expected, dtype=float), rtol, atol
    )


class TestGrowth:
    def test_by_hand(self) -> None:
        close(sm.growth(pd.Series({2001: 100.0, 2002: 110.0, 2003: 88.0})), [NAN, 10, -20])

    def test_no_rate_over_a_gap_or_a_missing_year(self) -> None:
        close(sm.growth(pd.Series({2001: 1.0, 2003: 4.0, 2004: NAN, 2005: 2.0})), [NAN] * 4)

    def test_order_of_years_does_not_matter(self) -> None:
        shuffled = pd.Series({2003: 88.0, 2001: 100.0, 2002: 110.0})
        close(sm.growth(shuffled), [-20, NAN, 10])

    def test_longer_periods(self) -> None:
        close(sm.growth(pd.Series({2001: 2.0, 2002: 9.0, 2003: 3.0}), 2), [NAN, NAN, 50])
        close(sm.growth(np.array([2.0, 9.0, 3.0]), 2), [NAN, NAN, 50])
        close(sm.growth(np.array([2.0, 9.0]), 5), [NAN, NAN])

    @pytest.mark.parametrize("base", [0.0, -5.0])
    def test_no_rate_on_a_base_that_is_not_positive(self, base: float) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            close(sm.growth(pd.Series({2001: base, 2002: 5.0})), [NAN, NAN])

    def test_a_fall_below_zero_keeps_its_rate(self) -> None:
        close(sm.growth(pd.Series({2001: 100.0, 2002: -50.0})), [NAN, -150])

    def test_frames_go_column_by_column_and_keep_their_labels(self) -> None:
        frame = pd.DataFrame({"a": [1, 2], "b": [4, None]}, index=[2001, 2002])
        result = sm.growth(frame)
        assert list(result.columns) == ["a", "b"]
        assert list(result.index) == [2001, 2002]
        close(result, [[NAN, NAN], [100, NAN]])

    def test_nullable_integers_and_names(self) -> None:
        result = sm.growth(pd.Series([10, pd.NA, 30], [2001, 2002, 2003], "Int64", "flow"))
        assert result.name == "flow"
        assert result.isna().all()

    def test_empty(self) -> None:
        assert sm.growth(pd.Series(dtype=float)).empty
        assert sm.growth(np.array([])).size == 0

    @pytest.mark.parametrize("index", [["2001", "2002"], [2001, 2001], [2001.5, 2002.5]])
    def test_refuses_an_index_that_is_not_unique_years(self, index: list[object]) -> None:
        with pytest.raises(ParameterError, match=r"integer years|stands twice"):
            sm.growth(pd.Series([1.0, 2.0], index=index))

    @pytest.mark.parametrize("periods", [0, -1, 1.0, True])
    def test_refuses_periods(self, periods: object) -> None:
        with pytest.raises(ParameterError, match="periods must be an integer"):
            sm.growth(pd.Series([1.0], index=[2001]), periods)  # type: ignore[arg-type]

    def test_refuses_text_and_infinity(self) -> None:
        with pytest.raises(ParameterError, match="numbers or missing"):
            sm.growth(pd.Series(["a"], index=[2001]))
        with pytest.raises(ParameterError, match="finite"):
            sm.growth(np.array([1.0, math.inf]))

    @given(weights, factor)
    def test_units_do_not_matter(self, values: list[float], scale: float) -> None:
        numbers = np.array(values)
        close(sm.growth(numbers * scale), sm.growth(numbers))

    @given(st.lists(st.floats(-50, 200), min_size=1, max_size=12))
    def test_recovers_the_rates_that_made_a_series(self, rates: list[float]) -> None:
        series = 7.0 * np.cumprod([1.0, *(1 + rate / 100 for rate in rates)])
        close(sm.growth(series)[1:], rates, atol=1e-8)


class TestCagr:
    def test_by_hand(self) -> None:
        close(sm.cagr(100, 200, 10), 100 * (2**0.1 - 1))
        assert isinstance(sm.cagr(100, 200, 10), float)

    @pytest.mark.parametrize(("first", "last"), [(0, 5), (-1, 5), (5, 0), (5, -1), (NAN, 5)])
    def test_ends_without_a_rate(self, first: float, last: float) -> None:
        assert math.isnan(sm.cagr(first, last, 3))

    def test_series_and_arrays(self) -> None:
        first = pd.Series({"A": 1.0, "B": 0.0})
        result = sm.cagr(first, pd.Series({"A": 4.0, "B": 4.0}), 2)
        close(result, [100, NAN])
        assert list(result.index) == ["A", "B"]
        close(sm.cagr([1, 1], [4, 8], [2, 3]), [100, 100])
        with pytest.raises(ParameterError, match="same index"):
            sm.cagr(first, pd.Series({"B": 4.0, "A": 4.0}), 2)

    @pytest.mark.parametrize("years", [0, -2])
    def test_refuses_a_span(self, years: int) -> None:
        with pytest.raises(ParameterError, match="above zero"):
            sm.cagr(1, 2, years)

    def test_of_a_series_spans_its_labels(self) -> None:
        series = pd.Series({2019: 400.0, 2015: NAN, 2016: 50.0, 2018: 1.0, 2020: NAN})
        close(sm.cagr_of(series), 100)
        close(sm.cagr_of(pd.DataFrame({"a": series, "b": NAN})), [100, NAN])

    def test_of_less_than_two_values(self) -> None:
        assert math.isnan(sm.cagr_of(pd.Series({2016: 50.0})))
        assert math.isnan(sm.cagr_of(pd.Series(dtype=float)))

    @given(positive, st.floats(-90, 300), st.integers(1, 40))
    def test_inverts_compounding(self, first: float, rate: float, years: int) -> None:
        close(sm.cagr(first, first * (1 + rate / 100) ** years, years), rate, atol=1e-6)

    @given(positive, positive)
    def test_over_one_year_is_growth(self, first: float, last: float) -> None:
        yearly = sm.growth(pd.Series({2001: first, 2002: last})).iloc[-1]
        close(sm.cagr(first, last, 1), yearly, rtol=1e-7, atol=1e-7)


class TestShares:
    def test_by_hand(self) -> None:
        close(sm.shares(pd.Series([1.0, 3.0, NAN])), [25, 75, NAN])

    def test_of_a_given_total(self) -> None:
        close(sm.shares(pd.Series([1.0, 3.0]), total=8), [12.5, 37.5])
        close(sm.shares(np.array([1.0, 3.0]), total=[10, 0]), [10, NAN])

    def test_within_groups(self) -> None:
        frame = pd.DataFrame({"year": [1, 1, 2, None], "flow": [1.0, 3.0, 5.0, 2.0]})
        close(sm.shares(frame["flow"], by=frame["year"]), [25, 75, 100, NAN])

    def test_frames_and_totals_per_column(self) -> None:
        frame = pd.DataFrame({"a": [1.0, 1.0], "b": [1.0, 3.0]})
        close(sm.shares(frame), [[50, 25], [50, 75]])
        close(sm.shares(frame, total=pd.Series({"a": 4, "b": 8})), [[25, 12.5], [25, 37.5]])

    def test_a_total_of_zero_has_no_shares(self) -> None:
        close(sm.shares(pd.Series([5.0, -5.0])), [NAN, NAN])
        assert sm.shares(pd.Series(dtype=float)).empty

    def test_refuses_totals_that_do_not_fit(self) -> None:
        with pytest.raises(ParameterError, match="index of 'total'"):
            sm.shares(pd.Series({"A": 1.0}), total=pd.Series({"B": 1.0}))
        with pytest.raises(ParameterError, match="does not fit"):
            sm.shares(np.array([1.0, 2.0]), total=[1, 2, 3])
        with pytest.raises(ParameterError, match="without 'total'"):
            sm.shares(pd.Series([1.0]), total=1, by=[1])

    @given(weights, factor)
    def test_sum_to_100_in_any_unit(self, values: list[float], scale: float) -> None:
        result = sm.shares(np.array(values))
        close(result.sum(), 100)
        close(sm.shares(np.array(values) * scale), result)


class TestConcentration:
    def test_published_example(self) -> None:
        """Four firms of 30, 30, 20 and 20 percent: the competition authorities' example."""
        close(sm.herfindahl([30, 30, 20, 20], scale=10_000), 2600)

    def test_by_hand(self) -> None:
        close(sm.herfindahl([3, 1]), 10 / 16)
        close(sm.effective_number([3, 1]), 1.6)
        close(sm.herfindahl([3, 1], normalised=True), (10 / 16 - 1 / 2) / (1 / 2))

    def test_missing_values_are_not_units_but_zeros_are(self) -> None:
        close(sm.herfindahl([1, 1, NAN]), 0.5)
        close(sm.herfindahl([1, 1, NAN], normalised=True), 0)
        close(sm.herfindahl([1, 1, 0], normalised=True), (1 / 2 - 1 / 3) / (2 / 3))

    def test_one_unit(self) -> None:
        assert sm.herfindahl([7]) == 1
        assert sm.effective_number([7]) == 1
        assert math.isnan(sm.herfindahl([7], normalised=True))

    @pytest.mark.parametrize("values", [[], [NAN], [0, 0]])
    def test_nothing_to_share(self, values: list[float]) -> None:
        assert math.isnan(sm.herfindahl(values))
        assert math.isnan(sm.effective_number(values))
        assert math.isnan(sm.concentration_ratio(values, 1))

    def test_negative_values_are_refused_or_dropped(self) -> None:
        with pytest.raises(ParameterError, match=r"cannot be negative \(-1\)"):
            sm.herfindahl([3, 1, -1])
        close(sm.herfindahl([3, 1, -1], negative="drop"), 10 / 16)
        close(sm.concentration_ratio([3, 1, -1], 1, negative="drop"), 75)

    def test_frames_by_column_and_by_row(self) -> None:
        frame = pd.DataFrame({"a": [1.0, 1.0], "b": [3.0, 1.0]}, index=["x", "y"])
        close(sm.herfindahl(frame)[["a", "b"]], [0.5, 0.625])
        close(sm.herfindahl(frame, axis=1)[["x", "y"]], [0.625, 0.5])
        close(sm.effective_number(frame.to_numpy(), axis=1), [1.6, 2])
        close(sm.concentration_ratio(frame, 1)[["a", "b"]], [50, 75])

    def test_an_empty_frame_has_missing_indices(self) -> None:
        assert sm.herfindahl(pd.DataFrame({"a": [], "b": []}, dtype=float)).isna().all()

    def test_by_group(self) -> None:
        frame = pd.DataFrame({"y": [2, 2, 1], "m": ["f", "f", "s"], "v": [3.0, 1.0, 9.0]})
        result = sm.herfindahl_by(frame, "v", "y")
        assert result.to_dict() == {1: 1.0, 2: 0.625}
        assert result.name == "herfindahl"
        assert sm.herfindahl_by(frame, "v", ["y", "m"]).index.names == ["y", "m"]
        assert sm.herfindahl_by(frame.iloc[:0], "v", "y").empty
        with pytest.raises(ParameterError, match="did you mean 'v'"):
            sm.herfindahl_by(frame, "V", "y")

    def test_options_are_checked(self) -> None:
        with pytest.raises(ParameterError, match="Allowed: 1, 10000"):
            sm.herfindahl([1], scale=100)  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="Allowed: refuse, drop"):
            sm.herfindahl([1], negative="zero")  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="k must be an integer"):
            sm.concentration_ratio([1], 0)
        with pytest.raises(ParameterError, match="two dimensions"):
            sm.herfindahl(3)

    @given(weights, factor, st.randoms(use_true_random=False))
    def test_units_and_order_do_not_matter(self, values, scale, random) -> None:
        expected = sm.herfindahl(values)
        close(sm.herfindahl([value * scale for value in values]), expected)
        random.shuffle(values)
        close(sm.herfindahl(values), expected)

    @given(weights)
    def test_bounds(self, values: list[float]) -> None:
        n = len(values)
        assert 1 / n <= sm.herfindahl(values) <= 1
        assert 1 <= sm.effective_number(values) <= n * (1 + 1e-12)
        close(sm.herfindahl(values, scale=10_000), 10_000 * sm.herfindahl(values))
        ratios = [sm.concentration_ratio(values, k) for k in range(1, n + 2)]
        assert all(a <= b * (1 + 1e-12) for a, b in pairwise(ratios))
        close(ratios[-1], 100)

    @given(positive, st.integers(1, 200))
    def test_equal_units(self, value: float, n: int) -> None:
        close(sm.herfindahl([value] * n), 1 / n)
        close(sm.effective_number([value] * n), n)

    def test_rounding_keeps_to_the_bounds(self) -> None:
        for n in range(1, 201):
            assert 1 / n <= sm.herfindahl([0.1] * n) <= 1

    @given(weights)
    def test_merging_two_units_raises_it(self, values: list[float]) -> None:
        merged = [values[0] + values[-1], *values[1:-1]] if len(values) > 1 else values
        assert sm.herfindahl(merged) >= sm.herfindahl(values) * (1 - 1e-12)


class TestTopN:
    frame = pd.DataFrame(
        {
            "year": [2001] * 4 + [2002] * 2,
            "host": ["D", "B", "C", "A", "A", "B"],
            "flow": [5, 20, 20, -5, 1, 3],
        }
    )

    def test_ties_by_name_and_the_rest_last(self) -> None:
        result = sm.top_n(self.frame, "flow", 2, "year", name="host")
        assert result["host"].tolist() == ["B", "C", "Rest", "B", "A"]
        assert result["flow"].tolist() == [20, 20, 0, 3, 1]
        assert result["rank"].astype(object).tolist()[:2] == [1, 2]
        assert result["rank"].isna().tolist() == [False, False, True, False, False]
        close(result["share"], [50, 50, 0, 75, 25])
        assert list(result.columns) == ["year", "host", "flow", "rank", "share"]

    def test_without_groups_or_with_several(self) -> None:
        first = self.frame[self.frame["year"] == 2001]
        result = sm.top_n(first, "flow", 1, name="host", rest_label="others")
        assert result["host"].tolist() == ["B", "others"]
        assert result["flow"].tolist() == [20, 20]
        several = sm.top_n(
            self.frame.assign(measure="flow_usd"), "flow", 1, ["measure", "year"], name="host"
        )
        assert several["host"].tolist() == ["B", "Rest", "B", "Rest"]
        assert several["year"].tolist() == [2001, 2001, 2002, 2002]

    def test_missing_values_and_empty_frames(self) -> None:
        gap = pd.DataFrame({"host": ["A", "B"], "flow": [NAN, 2.0]})
        assert sm.top_n(gap, "flow", 5, name="host")["host"].tolist() == ["B"]
        assert sm.top_n(gap.iloc[:0], "flow", 5, name="host").empty
        assert sm.top_n(self.frame.iloc[:0], "flow", 5, "year", name="host").empty

    def test_a_missing_key_is_a_group_of_its_own(self) -> None:
        frame = pd.DataFrame({"year": [NAN, NAN, 2001], "host": ["A", "B", "A"], "flow": [1, 3, 5]})
        result = sm.top_n(frame, "flow", 1, "year", name="host")
        assert result["flow"].tolist() == [5, 3, 1]
        close(result["share"], [100, 75, 25])

    def test_the_frame_is_left_as_it_was(self) -> None:
        before = self.frame.copy()
        sm.top_n(self.frame, "flow", 1, "year", name="host")
        pd.testing.assert_frame_equal(self.frame, before)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"by": None}, "add a column to 'by'"),
            ({"rest_label": "A"}, "already a 'host'"),
            ({"value": "flows"}, "did you mean 'flow'"),
            ({"n": 0}, "n must be an integer"),
        ],
    )
    def test_refuses(self, changes: dict[str, object], sentence: str) -> None:
        arguments = {"value": "flow", "n": 1, "by": "year", "name": "host", **changes}
        with pytest.raises(ParameterError, match=sentence):
            sm.top_n(self.frame, **arguments)

    def test_refuses_columns_named_as_its_results(self) -> None:
        with pytest.raises(ParameterError, match="'share' itself"):
            sm.top_n(self.frame.rename(columns={"flow": "share"}), "share", 1, "year", name="host")

    @given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30), st.integers(1, 12))
    def test_conserves_the_total_exactly(self, values: list[int], n: int) -> None:
        frame = pd.DataFrame({"host": [f"h{i:02}" for i in range(len(values))], "flow": values})
        result = sm.top_n(frame, "flow", n, name="host")
        assert result["flow"].sum() == sum(values)
        assert len(result) == min(len(values), n) + (len(values) > n)
        if sum(values):
            close(result["share"].sum(), 100, rtol=1e-6, atol=1e-3)

    @given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.randoms(use_true_random=False))
    def test_order_of_rows_does_not_matter(self, values, random) -> None:
        frame = pd.DataFrame({"host": [f"h{i:02}" for i in range(len(values))], "flow": values})
        order = list(frame.index)
        random.shuffle(order)
        pd.testing.assert_frame_equal(
            sm.top_n(frame, "flow", 3, name="host"),
            sm.top_n(frame.loc[order], "flow", 3, name="host"),
        )


class TestContributions:
    before = pd.Series({"A": 60.0, "B": 40.0, "C": NAN})
    after = pd.Series({"B": 30.0, "A": 90.0, "D": 10.0})

    def test_a_unit_known_on_one_side_is_not_compared(self) -> None:
        result = sm.contribution_to_growth(self.before, self.after)
        assert list(result.index) == ["A", "B", "C", "D"]
        close(result, [30, -10, NAN, NAN])

    def test_or_counts_as_absent(self) -> None:
        close(sm.contribution_to_growth(self.before, self.after, "zero"), [30, -10, 0, 10])

    def test_what_is_missing_stays_out_of_the_total(self) -> None:
        close(sm.contribution_to_growth([50.0, 50.0], [75.0, NAN]), [50, NAN])

    @pytest.mark.parametrize("before", [[0.0, 0.0], [-5.0, 1.0]])
    def test_no_rate_on_a_total_that_is_not_positive(self, before: list[float]) -> None:
        close(sm.contribution_to_growth(before, [1.0, 1.0]), [NAN, NAN])

    def test_empty(self) -> None:
        assert sm.contribution_to_growth([], []).size == 0

    def test_refuses(self) -> None:
        twice = pd.Series([1.0, 2.0], index=["A", "A"])
        with pytest.raises(ParameterError, match="each label once"):
            sm.contribution_to_growth(twice, self.after)
        with pytest.raises(ParameterError, match="two Series, or two arrays"):
            sm.contribution_to_growth(self.before, [1.0])
        with pytest.raises(ParameterError, match="differ in shape"):
            sm.contribution_to_growth([1.0], [1.0, 2.0])
        with pytest.raises(ParameterError, match="Allowed: nan, zero"):
            sm.contribution_to_growth([1.0], [1.0], "skip")  # type: ignore[arg-type]

    @given(st.lists(st.tuples(positive, st.floats(-1e6, 1e9)), min_size=1, max_size=20), factor)
    def test_add_up_to_the_growth_of_the_total(self, pairs, scale: float) -> None:
        before, after = np.array(pairs).T
        result = sm.contribution_to_growth(before, after)
        total = sm.growth(pd.Series({2001: before.sum(), 2002: after.sum()})).iloc[-1]
        tolerance = 1e-9 * np.abs(result).sum() + 1e-9
        close(result.sum(), total, atol=tolerance)
        close(sm.contribution_to_growth(before * scale, after * scale), result, rtol=1e-7)


class TestRank:
    values = pd.Series({"A": 5.0, "B": 7.0, "C": 5.0, "D": NAN, "E": 1.0})

    @pytest.mark.parametrize(
        ("method", "expected"),
        [
            ("min", [2, 1, 2, NAN, 4]),
            ("max", [3, 1, 3, NAN, 4]),
            ("dense", [2, 1, 2, NAN, 3]),
            ("average", [2.5, 1, 2.5, NAN, 4]),
            ("first", [2, 1, 3, NAN, 4]),
        ],
    )
    def test_ties(self, method: sm.structure.RankMethod, expected: list[float]) -> None:
        close(sm.rank(self.values, method=method), expected)

    def test_shapes(self) -> None:
        close(sm.rank(self.values.to_numpy(), ascending=True), [2, 4, 2, NAN, 1])
        close(sm.rank(pd.DataFrame({"a": [1, 2], "b": [4, 3]})), [[2, 1], [1, 2]])
        assert sm.rank(pd.Series(dtype=float)).empty

    def test_unrounded_values_decide(self) -> None:
        close(sm.rank(pd.Series([1.04, 1.01])), [1, 2])

    def test_refuses_a_method(self) -> None:
        with pytest.raises(ParameterError, match="did you mean 'dense'"):
            sm.rank(self.values, method="dens")  # type: ignore[arg-type]

    @given(flows)
    def test_strictly_increasing_maps_do_not_matter(self, values: list[float]) -> None:
        series = pd.Series(values)
        close(sm.rank(series * 8), sm.rank(series))
        assert sm.rank(series).min() == 1
