"""Firms: readings of qualifiers, intervals, comparisons, checks of growth, pooling of returns."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis import firms
from sme_analysis.errors import DataError, ParameterError, SmeAnalysisError, UnknownNameError
from sme_analysis.firms import bounds, ecommerce, finance, returns, surveys
from sme_analysis.firms.bases import implied_base
from sme_analysis.firms.finance import moment
from sme_analysis.rounding import last_digit

NAN = float("nan")
SURVEYS = sme.load("survey_responses")
FINANCE = sme.load("sme_finance")
COMMERCE = sme.load("cross_border_ecommerce")
RETURNS = sme.load("acquisition_returns")
EVENTS = sme.load("policy_events")


# -- bounds


@pytest.mark.parametrize(
    ("value", "word", "low", "high"),
    [
        (70, "nearly", 65, 70),
        (45, "nearly", 42.5, 45),
        (60, "over", 60, 70),
        (65, "over", 65, 70),
        (64, "at_least", 64, 69),
        (90, "under", 80, 90),
        (30, "at_most", 20, 30),
        (50, "about", 45, 55),
        (35, "about", 32.5, 37.5),
        (63, "about", 62, 64),
        (72, "exact", 71.5, 72.5),
        (79.5, "exact", 79.45, 79.55),
        (95, "over", 95, 100),
        (3, "nearly", 0.5, 3),
        (0, "under", 0, 0),
    ],
)
def test_a_qualifier_is_read_as_documented(
    value: float, word: str, low: float, high: float
) -> None:
    assert firms.reading(value, word) == pytest.approx((low, high))


def test_words_guarantee_one_side_only() -> None:
    assert firms.guaranteed(70, "nearly") == (0, 70)
    assert firms.guaranteed(60, "over") == (60, 100)
    assert firms.guaranteed(60, "at_least") == (60, 100)
    assert firms.guaranteed(90, "under") == (0, 90)
    assert firms.guaranteed(50, "about") == (0, 100)
    assert firms.guaranteed(43.6, "exact") == pytest.approx((43.55, 43.65))


@given(
    st.decimals(0, 100, places=1, allow_nan=False).map(float),
    st.sampled_from(bounds.WORDS),
)
def test_a_reading_holds_the_figure_and_lies_within_the_guarantee(value: float, word: str) -> None:
    low, high = firms.reading(value, word)
    assert 0 <= low <= value <= high <= 100
    widest = firms.guaranteed(value, word)
    assert widest[0] <= low
    assert high <= widest[1]


def test_an_unknown_qualifier_is_named() -> None:
    with pytest.raises(DataError, match="unknown qualifier 'neary': did you mean 'nearly'"):
        firms.reading(70, "neary")


@pytest.mark.parametrize(("value", "step"), [(72, 1), (79.5, 0.1), (0, 1), (33.41, 0.01)])
def test_the_last_digit_of_a_number(value: float, step: float) -> None:
    assert last_digit(value) == pytest.approx(step)


# -- surveys


def row(survey: str = "s", edition: str = "2023", value: float = 50, **more: object) -> dict:
    return {
        "survey": survey, "edition": edition, "question": "plan", "option": "Expand",
        "value": value, "bound": "exact", "unit": "pct", "respondents": NAN,
        "respondents_bound": None, "source_id": "ccpit2023_pd", "note": None, **more,
    }  # fmt: skip


def wilson(share: float, n: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson 1927, written out."""
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return 100 * (middle - half), 100 * (middle + half)


def test_the_interval_is_wilsons_around_the_reading() -> None:
    rows = pd.DataFrame(
        [row(value=81, respondents=205), row(value=70, bound="nearly", respondents=600)]
    )
    got = firms.intervals(rows)
    assert got["sample_low"].tolist() == pytest.approx(
        [wilson(0.805, 205)[0], wilson(0.65, 600)[0]]
    )
    assert got["sample_high"].tolist() == pytest.approx(
        [wilson(0.815, 205)[1], wilson(0.70, 600)[1]]
    )


def test_wilsons_published_example() -> None:
    """Newcombe (1998, Statistics in Medicine 17, 857-872), table I: 81 of 263, 0.2553 to 0.3662."""
    low, high = wilson(81 / 263, 263)
    assert (round(low, 2), round(high, 2)) == (25.53, 36.62)


def test_no_interval_without_a_number_or_for_a_part_of_the_firms() -> None:
    rows = pd.DataFrame([row(), row(edition="2024", respondents=600, note="base: exporters")])
    got = firms.intervals(rows)
    assert got["sample_low"].isna().all()
    assert got["firms"].isna().all()


def test_the_shipped_shares_of_parts_have_no_interval() -> None:
    got = firms.intervals(firms.select(SURVEYS, edition="all"))
    parts = got[got["option"].str.startswith(("Exporting", "Non-exporting", "Of those"))]
    assert len(parts) == 5
    assert parts["sample_low"].isna().all()


def test_select_takes_the_newest_edition_of_each_question() -> None:
    got = firms.select(SURVEYS, survey="ccpit_outbound", theme="destinations")
    editions = dict(zip(got["question"], got["edition"], strict=False))
    assert editions == {"preferred_destination": "2023", "preferred_industry": "2025"}
    assert got["value"].notna().all()


def test_select_keeps_scores_and_unprinted_shares_out() -> None:
    got = firms.select(SURVEYS, edition="all")
    assert set(got["unit"]) == {"pct"}
    assert "index" not in set(got["question"])
    assert set(got["theme"]) == set(firms.THEMES)


def test_small_firms_are_asked_by_two_surveys() -> None:
    got = firms.select(SURVEYS, survey="small_firms", edition="all")
    assert set(got["survey"]) == {"fedex_sme", "sme_exporters"}
    assert set(got["survey"].map(firms.asked)) == {"small firms", "small exporters"}


@pytest.mark.parametrize(
    "wrong", [{"survey": "ccpit"}, {"edition": "1999"}, {"theme": "motive"}], ids=str
)
def test_an_unknown_choice_is_refused_with_the_nearest(wrong: dict[str, str]) -> None:
    (kind,) = wrong
    with pytest.raises(ParameterError, match=f"unknown {kind}"):
        firms.select(SURVEYS, **wrong)


# -- editions


def test_answers_match_by_their_words_in_any_order() -> None:
    assert firms.same_answer("Maintain or expand outbound investment",
                             "Expand or maintain outbound investment")  # fmt: skip
    assert not firms.same_answer("Wholesale and retail", "Wholesale and retail; leasing")
    assert not firms.same_answer("Belt and Road countries", "Belt and Road partner countries first")


def test_a_share_that_was_over_eighty_and_is_nearly_eighty_fell() -> None:
    change = firms.compare(
        SURVEYS, "ccpit_outbound", "plan", "Expand or maintain outbound investment", "2024", "2025"
    )
    assert (change.direction, change.low, change.high) == ("fell", -15, 0)
    assert not change.sampled


def test_touching_bounds_decide_only_where_a_word_excludes_the_figure() -> None:
    def direction(first: str, second: str) -> str:
        rows = pd.DataFrame(
            [row(value=70, bound=first), row(edition="2024", value=70, bound=second)]
        )
        return firms.compare(rows, "s", "plan", "Expand", "2023", "2024").direction

    assert direction("nearly", "over") == "rose"
    assert direction("over", "under") == "fell"
    assert direction("at_most", "at_least") == "cannot tell"
    assert direction("about", "over") == "cannot tell"


def test_sampling_error_is_newcombes_where_both_numbers_are_known() -> None:
    """Method 10 by hand: the Wilson limits of both shares, combined by Pythagoras."""
    rows = pd.DataFrame(
        [row(value=78, respondents=200), row(edition="2024", value=81, respondents=205)]
    )
    change = firms.compare(rows, "s", "plan", "Expand", "2023", "2024")

    def end(two: float, one: float, side: int) -> float:
        first, second = wilson(one / 100, 200), wilson(two / 100, 205)
        a, b = (two - second[0], first[1] - one) if side < 0 else (second[1] - two, one - first[0])
        return two - one + side * math.hypot(a, b)

    assert change.sampled
    assert change.low == pytest.approx(end(80.5, 78.5, -1), abs=1e-4)
    assert change.high == pytest.approx(end(81.5, 77.5, 1), abs=1e-4)
    assert change.direction == "cannot tell"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (row(option="Grow"), row(edition="2024"), "No answer of 2023 has the same words"),
        (row(), row(edition="2024", value=NAN), "2024 names the answer without a figure"),
        (row(unit="index_points"), row(edition="2024", unit="index_points"), "is a score"),
        (row(), row(edition="2024", note="base: exporters"), "different parts of the firms"),
        (row(question="outlook"), row(edition="2024"), "not on record for 2023"),
    ],
)
def test_what_does_not_match_is_refused_with_a_sentence(
    first: dict, second: dict, reason: str
) -> None:
    change = firms.compare(pd.DataFrame([first, second]), "s", "plan", "Expand", "2023", "2024")
    assert change.direction == "not compared"
    assert math.isnan(change.low)
    assert reason in change.reason
    assert change.reason.endswith(".")


def test_an_answer_that_was_not_asked_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="unknown answer 'Expanding'"):
        firms.compare(pd.DataFrame([row()]), "s", "plan", "Expanding", "2022", "2023")


def test_the_belt_and_road_share_of_2023_has_no_earlier_edition() -> None:
    got = firms.changes(SURVEYS)
    belt = got[got["option"] == "Belt and Road partner countries first"]
    assert set(belt["direction"]) == {"not compared"}


def test_tracked_answers_have_one_wording_and_two_editions_at_least() -> None:
    got = firms.tracked(SURVEYS)
    editions = got.groupby(["survey", "question", "answer"])["edition"].agg(list)
    assert all(len(found) == len(set(found)) >= 2 for found in editions)
    plans = editions["ccpit_outbound", "plan", "Expand or maintain outbound investment"]
    assert plans == ["2021", "2022", "2023", "2024", "2025"]


# -- growth led back to its base


@given(
    st.floats(1, 1e4), st.floats(-50, 200).map(lambda rate: round(rate, 1)),
    st.sampled_from([0.01, 0.1, 1.0]),
)  # fmt: skip
def test_the_base_of_a_rounded_value_and_growth_holds_the_true_one(
    base: float, growth: float, step: float
) -> None:
    value = round(base * (1 + growth / 100) / step) * step
    assert implied_base(value, growth, step).holds(base, 0.0)


def test_a_silent_revision_is_found() -> None:
    base = implied_base(2750, 69.7, 10)
    assert base.value == pytest.approx(1620.51, abs=0.01)
    assert not base.holds(1690, 10)
    assert base.holds(1620, 10)


# -- finance


def test_months_and_years_end_where_they_end() -> None:
    assert [moment(date) for date in ("2024", "2024-12", "2024-03", "2023-08")] == pytest.approx(
        [2025, 2025, 2024.25, 2023 + 2 / 3]
    )


def test_no_change_crosses_a_segment_or_a_publisher() -> None:
    got = finance.series(FINANCE, finance.LOANS)
    first = ~got.duplicated(["provider", "segment"])
    assert got.loc[first, "change"].isna().all()
    assert got.loc[~first, "change"].notna().all()
    assert int(got["new_segment"].sum()) == int((first & got["provider"].duplicated()).sum())


def test_a_change_is_the_compound_yearly_rate() -> None:
    got = finance.series(FINANCE, finance.LOANS).set_index(["provider", "date"])["change"]
    assert got["pboc", "2021-12"] == pytest.approx((19.2 / 15.1 - 1) * 100)
    assert got["pboc", "2023-08"] == pytest.approx(((27.8 / 20.77) ** (12 / 17) - 1) * 100)


def test_means_over_periods_make_no_series() -> None:
    got = finance.series(FINANCE, finance.RATE)
    assert got.loc[got["provider"] == "nfra", "change"].isna().all()


def test_printed_growth_leads_back_to_the_value_on_record_within_a_segment() -> None:
    got = finance.checks(FINANCE).dropna(subset=["recorded"])
    assert len(got) == 2
    assert got["agrees"].all()


def test_the_balance_of_march_2024_is_contradicted_by_later_growth() -> None:
    got = finance.contradicted(FINANCE)
    assert set(got["date"]) == {"2024-03"}
    implied = dict(zip(got["later"], got["implied"], strict=True))
    assert implied == pytest.approx({"2024-06": 35.57 / 1.123, "2024-12": 36.6 / 1.111})


# -- e-commerce


def test_vintages_stand_apart() -> None:
    got = ecommerce.totals(COMMERCE)
    assert got.loc[2021, ["preliminary", "revised"]].tolist() == [1980, 1920]
    assert math.isnan(got.loc[2018, "preliminary"])


def test_growth_rates_say_which_base_they_start_from() -> None:
    got = ecommerce.checks(COMMERCE).set_index(["year", "vintage"])
    assert got.loc[(2022, "preliminary"), "base"] == "revised"
    assert got.loc[(2021, "revised"), "base"] == "neither"
    assert pd.isna(got.loc[(2020, "preliminary"), "base"])
    assert got.loc[(2025, "preliminary"), "base_year"] == 2020


def test_partner_shares_are_one_economy_each() -> None:
    got = ecommerce.partners(COMMERCE)
    assert set(got["flow"]) == {"exports", "imports"}
    assert got["iso3"].notna().all()
    assert got.groupby(["year", "flow"])["value"].sum().le(100).all()


# -- timeline


def test_events_are_placed_as_exactly_as_they_are_dated() -> None:
    rows = pd.DataFrame(
        {
            "event_id": list("abc"), "date": ["2024", "2024-03", "2024-01-31"], "side": "host",
            "category": "host_screening",
        }
    )  # fmt: skip
    got = firms.events(rows, "host").set_index("event_id")
    assert got.loc["a", ["begins", "ends"]].tolist() == [2024, 2025]
    assert got.loc["b", ["begins", "ends"]].tolist() == pytest.approx([2024 + 2 / 12, 2024.25])
    assert got.loc["c", "begins"] == got.loc["c", "ends"] == pytest.approx(2024 + 30.5 / 31 / 12)


def test_every_event_has_a_side_and_counts_add_up() -> None:
    parts = [firms.events(EVENTS, side) for side in EVENTS["side"].unique()]
    assert sum(map(len, parts)) == len(EVENTS)
    own = firms.events(EVENTS)
    assert int(firms.by_category(own, 2024)["events"].sum()) == len(own)
    with pytest.raises(ParameterError, match="unknown side 'hosts': did you mean 'host'"):
        firms.events(EVENTS, "hosts")


# -- pooling

# Thirteen trials of the BCG vaccine (Colditz et al. 1994, JAMA 271, 698-702): cases and others
# among the vaccinated, cases and others among the controls.
BCG = [
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
    (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
    (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]  # fmt: skip


def test_dersimonian_and_laird_give_the_published_result_of_the_bcg_trials() -> None:
    """Risk ratio 0.49, 0.34 to 0.70 (Colditz et al. 1994, by the same method)."""
    a, b, c, d = np.array(BCG, dtype=float).T
    effects = np.log(a / (a + b)) - np.log(c / (c + d))
    errors = np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    got = firms.pool(pd.Series(effects), pd.Series(errors))
    ratios = np.exp([got.estimate, got.low, got.high])
    assert ratios.round(2).tolist() == [0.49, 0.34, 0.70]
    assert got.tau2 == pytest.approx(0.3088, abs=5e-5)  # as metafor (Viechtbauer 2010) prints it
    assert got.q == pytest.approx(152.233, abs=5e-4)
    assert got.i2 == pytest.approx(0.9212, abs=5e-5)


def test_two_estimates_by_hand() -> None:
    """Weights 4 and 4: mean 2, Q = 8, C = 8 - 32/8 = 4, tau2 = 7/4, variance (1/4 + 7/4)/2."""
    got = firms.pool(pd.Series([1.0, 3.0]), pd.Series([0.5, 0.5]))
    assert (got.estimate, got.q, got.tau2, got.standard_error) == pytest.approx((2, 8, 1.75, 1))
    assert got.low_hk == pytest.approx(2 - 12.7062047, abs=1e-6)  # t with one degree of freedom


def test_where_studies_agree_the_variance_between_them_is_nil() -> None:
    """statsmodels goes on with a negative variance; the pooled error must be the fixed one."""
    got = firms.pool(pd.Series([1.0, 1.1]), pd.Series([0.5, 0.5]))
    assert (got.tau2, got.i2) == (0, 0)
    assert got.standard_error == pytest.approx(0.5 / math.sqrt(2))


@given(
    st.lists(st.tuples(st.floats(-10, 10), st.floats(0.1, 5)), min_size=2, max_size=8),
    st.floats(-5, 5),
)
def test_pooling_moves_with_the_effects_and_stays_among_them(
    studies: list[tuple[float, float]], shift: float
) -> None:
    effects, errors = (pd.Series(column) for column in zip(*studies, strict=True))
    got, moved = firms.pool(effects, errors), firms.pool(effects + shift, errors)
    assert effects.min() - 1e-9 <= got.estimate <= effects.max() + 1e-9
    assert moved.estimate == pytest.approx(got.estimate + shift, abs=1e-6)
    assert got.low_hk <= got.low <= got.high <= got.high_hk


@pytest.mark.parametrize(
    ("effects", "errors"),
    [([1.0], [0.5]), ([1.0, 2.0], [0.5, 0.0]), ([1.0, NAN], [0.5, 0.5]), ([1.0, 2.0], [0.5])],
)
def test_what_cannot_be_pooled_is_refused(effects: list[float], errors: list[float]) -> None:
    with pytest.raises(DataError):
        firms.pool(pd.Series(effects), pd.Series(errors))


# -- returns


def study(name: str, value: float, start: int, end: int, **more: object) -> dict:
    return {
        "study": name, "estimate": 1, "authors": name, "published": 2015, "sample_start": start,
        "sample_end": end, "observations": 50, "outcome": "announcement_return",
        "indicator": "cumulative_abnormal_return", "window": "[-1,1]", "window_start": -1,
        "window_end": 1, "value": value, "unit": "pct", "bound": "exact", "standard_error": 0.5,
        "t_statistic": NAN, "significance": "significant", "direction": "positive",
        "sample": "cross_border_acquisitions", "part": "whole", "subsample": "all",
        "doubtful": False, "source_id": "ma_zhao2011", "note": None, **more,
    }  # fmt: skip


def left_out(*rows: dict) -> dict[str, str]:
    got = firms.pool_announcements(pd.DataFrame(rows)).estimates
    return dict(zip(got["study"] + got["estimate"].astype(str), got["left_out"], strict=True))


def test_comparable_studies_are_pooled() -> None:
    rows = [study("a", 1, 2000, 2004), study("b", 3, 2005, 2009)]
    got = firms.pool_announcements(pd.DataFrame(rows))
    assert got.reason == ""
    assert got.pooled is not None
    assert got.pooled.estimate == pytest.approx(2)


def test_an_error_follows_from_a_t_statistic() -> None:
    rows = [
        study("a", 1, 2000, 2004, standard_error=NAN, t_statistic=-2.0),
        study("b", 3, 2005, 2009),
        study("c", 3, 2010, 2012, standard_error=NAN, t_statistic=0.0),
    ]
    got = firms.with_errors(pd.DataFrame(rows))
    assert got["error"].tolist()[:2] == [0.5, 0.5]
    assert got["error_from"].tolist() == ["t statistic", "printed", ""]
    assert math.isnan(got["error"].iloc[2])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"doubtful": True}, "doubtful"),
        ({"unit": "as_printed"}, "not in percent"),
        ({"sample": "other"}, "more than acquisitions abroad"),
        ({"window": "[-30,1]", "window_start": -30}, "longer than 11 days"),
        ({"window": "36 months", "window_start": NAN, "window_end": NAN}, "no window"),
        ({"indicator": "cumulative_abnormal_return_low"}, "ends of a range"),
        ({"standard_error": NAN}, "no standard error"),
        ({"sample_start": 2007, "sample_end": 2008}, "may share deals with b"),
        ({"sample_start": NAN, "sample_end": NAN}, "may share deals with b"),
        ({"study": "b", "estimate": 2, "part": "subset"}, "stands for the study"),
    ],
)
def test_each_estimate_left_out_has_its_reason(change: dict, reason: str) -> None:
    wrong = study("a", 1, 2000, 2004) | change
    got = left_out(wrong, study("b", 3, 2005, 2009, observations=90))
    assert reason in got[f"{wrong['study']}{wrong['estimate']}"]
    assert got["b1"] == ""


def test_the_larger_of_two_overlapping_studies_stands_whatever_the_order() -> None:
    small, large = study("a", 1, 2000, 2006), study("b", 3, 2005, 2009, observations=90)
    assert left_out(small, large) == left_out(large, small)
    assert left_out(small, large)["b1"] == ""


def test_a_level_of_significance_bounds_the_error() -> None:
    rows = [
        study("a", 2.0, 2000, 2001, standard_error=NAN, significance=said)
        for said in (
            "significant",
            "significant_1",
            "significant_10",
            "not_significant",
            "not_stated",
        )
    ]
    got = firms.with_errors(pd.DataFrame(rows))
    assert got["error"].isna().all()
    assert got["error_high"].tolist() == pytest.approx(
        [2 / 1.644854, 2 / 2.575829, 2 / 1.644854, math.inf, math.inf], rel=1e-6
    )
    assert got["error_low"].tolist() == pytest.approx(
        [0, 0, 2 / 1.959964, 2 / 1.644854, 0], rel=1e-6
    )


def test_the_shipped_returns_are_not_pooled_and_the_sentence_says_why() -> None:
    got = firms.pool_announcements(RETURNS)
    assert got.pooled is None
    assert got.reason.startswith("No pooled number: ")
    assert "none of them is printed with a standard error" in got.reason
    assert (got.estimates["left_out"] != "").all()


def test_a_printed_error_lets_the_shipped_returns_be_pooled() -> None:
    known = RETURNS.copy()
    chosen = known["study"].isin(["zhao_2011", "wang_2020"]) & (known["estimate"] == 1)
    known.loc[chosen, "standard_error"] = 0.9
    got = firms.pool_announcements(known)
    assert got.pooled is not None
    assert got.pooled.estimate == pytest.approx((2.34 + 2.18) / 2)


def test_one_vote_a_study_and_none_for_doubtful_figures_or_mere_differences() -> None:
    votes = firms.directions(RETURNS)
    studies = RETURNS[(RETURNS["outcome"] == "announcement_return") & ~RETURNS["doubtful"]]
    abroad = studies[
        (studies["sample"] == returns.ABROAD)
        & (studies["indicator"] != "effect_of_state_ownership")
    ]
    assert int(votes.loc["announcement_return"].sum()) == abroad["study"].nunique()
    assert (
        votes.loc["announcement_return", "mixed"] == 1
    )  # +1.28 in three days, -1.48 in eighty-one
    assert votes.loc["accounting_performance", "negative"] == 1


def test_a_study_votes_with_its_whole_sample() -> None:
    rows = [
        study("a", 1, 2000, 2004),
        study("a", -1, 2000, 2004, estimate=2, part="subset", direction="negative"),
        study("b", -1, 2000, 2004, direction="zero_or_negative"),
    ]
    votes = firms.directions(pd.DataFrame(rows)).loc["announcement_return"]
    assert votes[votes > 0].to_dict() == {"positive": 1, "no gain": 1}


def test_the_errors_are_the_houses_own() -> None:
    for error in (DataError, ParameterError, UnknownNameError):
        assert issubclass(error, SmeAnalysisError)
    assert set(surveys.THEMES) == set(firms.THEMES)
