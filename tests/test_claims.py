"""How statements are read, judged and listed."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis import claims
from sme_analysis.claims import checks, found, run, words
from sme_analysis.claims.claim import Claim
from sme_analysis.claims.reading import (
    MANY,
    MINORITY,
    MOST,
    RISING,
    Interval,
    grain,
    reading,
)
from sme_analysis.claims.records import Attributed, Recorded
from sme_analysis.errors import DataError, ParameterError, UnknownNameError
from sme_analysis.reports import catalogue

UNSAID = re.compile(r"(?<![\w-])(nan|None|inf|NaT|<NA>)(?![\w-])|nan%|\{|\}")


@pytest.fixture(scope="module")
def checked() -> pd.DataFrame:
    return claims.check()


@pytest.fixture(scope="module")
def evidence() -> pd.DataFrame:
    return claims.evidence()


# Reading


@pytest.mark.parametrize(
    ("value", "bound", "step", "low", "high"),
    [
        (43.85, "exact", None, 43.845, 43.855),
        (5.0, "exact", 0.1, 4.95, 5.05),
        (5.0, "exact", None, 4.5, 5.5),
        (192.2, "about", 0.1, 192.15, 192.25),
        (70, "nearly", None, 65, 70),
        (1200, "nearly", None, 1150, 1200),
        (50, "about", None, 45, 55),
        (60, "over", None, 60, math.inf),
        (60, "at_least", None, 60, math.inf),
        (30, "under", None, -math.inf, 30),
        (30, "at_most", None, -math.inf, 30),
        (0, "exact", 1, -0.5, 0.5),
        (-0.3, "exact", None, -0.35, -0.25),
    ],
)
def test_a_printed_figure_is_read_as_published(value, bound, step, low, high):
    read = reading(value, bound, step)
    assert read.low == pytest.approx(low)
    assert read.high == pytest.approx(high)


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_an_exact_figure_is_read_as_every_value_that_rounds_to_it(units, decimals):
    step = 10.0**-decimals
    value = float(Decimal(units).scaleb(-decimals))
    read = reading(value, "exact", step)
    third = Decimal(units).scaleb(-decimals) + Decimal(step).quantize(Decimal("0.00001")) / 3
    rounded = third.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert float(rounded) == value
    assert Interval(float(third), float(third)).within(read)
    beyond = value + 0.51 * step
    assert not Interval(beyond, beyond).within(read)


@given(st.floats(0.01, 1e6), st.sampled_from(["about", "nearly", "over", "under", "exact"]))
def test_every_reading_touches_the_printed_figure(value, bound):
    value = float(f"{value:.4g}")
    read = reading(value, bound)
    assert read.low <= value <= read.high
    if bound in ("nearly", "under"):
        assert not Interval(value, value).within(read)


@given(st.lists(st.floats(-100, 100), min_size=4, max_size=4))
def test_overlap_is_symmetric_and_within_implies_it(ends):
    a, b, c, d = ends
    one, two = Interval(min(a, b), max(a, b)), Interval(min(c, d), max(c, d))
    assert one.overlaps(two) == two.overlaps(one)
    if one.within(two) and one.high - one.low > 1e-6:
        assert one.overlaps(two)


def test_neighbouring_roundings_do_not_touch():
    assert not reading(43.84).overlaps(reading(43.85))
    assert reading(43.84679).overlaps(reading(43.85))
    assert not reading(60, "nearly").overlaps(reading(60, "over"))
    assert reading(50).overlaps(reading(50, "nearly"))


def test_the_words_of_quantity_are_those_of_the_notebook():
    method = catalogue.report("claims_check").path.read_text(encoding="utf-8")
    assert MOST.low == 50
    assert "*Most* is more than half" in method
    assert MANY.low == 25
    assert "are a quarter or more" in method
    assert not Interval(0, 0).within(RISING)


def test_grains_and_steps():
    assert [grain(v) for v in (70, 1200, 52_000, 8.4, 63)] == [10, 100, 1000, 0.1, 1]


def test_what_cannot_be_read_is_refused():
    with pytest.raises(ParameterError, match="unknown qualifier 'roughly'"):
        reading(5, "roughly")
    with pytest.raises(ParameterError, match="cannot run from 2 to 1"):
        Interval(2, 1)


# Finding


def _fixed(low: float, value: float, high: float) -> found.Finder:
    one = found.Found(value, "usd_bn", Interval(low, high), "x")
    return lambda tables: one


@given(
    st.floats(1, 100), st.floats(0.01, 5), st.floats(1, 100), st.floats(0.01, 5),
    st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_computed_readings_hold_whatever_the_true_values(a, wide_a, b, wide_b, at_a, at_b):
    first, second = _fixed(a, a + wide_a / 2, a + wide_a), _fixed(b, b + wide_b / 2, b + wide_b)
    true_a, true_b = a + at_a * wide_a, b + at_b * wide_b
    tables = claims.Tables()
    for find, truth in (
        (found.growth(first, second, ""), (true_a / true_b - 1) * 100),
        (found.share(first, second, ""), true_a / true_b * 100),
        (found.difference(first, second, "", "points"), true_a - true_b),
        (found.total(first, second, "", "usd_bn"), true_a + true_b),
    ):
        got = find(tables)
        assert got is not None
        assert got.reading.low - 1e-9 <= truth <= got.reading.high + 1e-9


def test_a_lower_bound_stays_open_in_what_is_computed_from_it():
    over = found.Found(30.0, "pct", reading(30, "over"), "x", "over")
    gap = found.difference(_fixed(55, 57, 60), lambda t: over, "", "points")(claims.Tables())
    assert gap is not None
    assert gap.reading.low == -math.inf
    assert gap.reading.high == 30


def test_two_rows_for_one_figure_are_refused():
    twice = found.printed("trade_annual", "", geography="world", year=2024)
    with pytest.raises(DataError, match="rows where one figure is asked for"):
        twice(claims.Tables())


def test_nothing_is_found_where_there_is_no_row():
    assert found.printed("trade_annual", "", year=1850)(claims.Tables()) is None
    of = {"outcome": "dividends"}
    assert found.counted("acquisition_returns", "", of=of, direction="positive")(
        claims.Tables()
    ) is None  # fmt: skip


def test_tables_can_be_replaced_but_not_invented():
    one = pd.DataFrame({"year": [2024], "value": [1.0]})
    assert claims.Tables({"trade_annual": one})["trade_annual"] is one
    with pytest.raises(UnknownNameError, match="did you mean 'trade_annual'"):
        claims.Tables({"trade_anual": one})
    with pytest.raises(UnknownNameError, match="unknown column 'yeer' in table 'trade_annual'"):
        claims.Tables().rows("trade_annual", yeer=2024)


# Judging


CLAIM = Claim("x01", "somewhere", "It is so.", own_sources=frozenset({"own"}))


def _judged(find: found.Finder, stated: Claim) -> str:
    return checks.Figure(find, "somewhere").judge(stated, claims.Tables()).verdict


@pytest.mark.parametrize(
    ("value", "bound", "low", "high", "verdict"),
    [
        (43.85, "exact", 43.8467, 43.8468, "confirmed"),
        (43.85, "exact", 43.86, 43.87, "differs"),
        (70, "nearly", 65, 70, "confirmed"),
        (70, "nearly", 64, 65, "differs"),
        (60, "over", 65, 70, "confirmed"),
        (60, "over", 55, 60, "differs"),
        (28, "exact", 28, 28, "confirmed"),
        (28, "exact", 27, 27, "differs"),
    ],
)
def test_a_figure_is_judged_by_both_readings(value, bound, low, high, verdict):
    stated = Claim("x01", "somewhere", "It is so.", value, bound)
    assert _judged(_fixed(low, low, high), stated) == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(51, 52, "confirmed"), (40, 50, "differs"), (49.5, 50.5, "cannot be checked")],
)
def test_a_figure_too_coarse_to_tell_decides_nothing(low, high, verdict):
    check = checks.Holds(_fixed(low, low, high), MOST, "a majority", proxy="p")
    judged = check.judge(CLAIM, claims.Tables())
    assert judged.verdict == verdict
    assert judged.proxy == "p"


def test_of_several_figures_the_first_that_can_tell_decides():
    coarse, plain = _fixed(40, 45, 60), _fixed(10, 11, 12)
    judged = checks.Holds((coarse, plain), MOST, "a majority").judge(CLAIM, claims.Tables())
    assert judged.verdict == "differs"
    assert judged.found is not None
    assert judged.found.value == 11


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((80, 90), "differs"),
        ((10, 20), "confirmed"),
        ((80, 10), "cannot be checked"),
        ((), "not found"),
    ],
)
def test_figures_that_disagree_decide_nothing(values, verdict):
    finds = tuple(_fixed(value, value, value) for value in values)
    judged = checks.Agree(finds, MINORITY, "p").judge(CLAIM, claims.Tables())
    assert judged.verdict == verdict
    assert ("They disagree" in judged.reason) == (verdict == "cannot be checked")


EVENTS = pd.DataFrame(
    {"title": ["A", "B"], "source_id": ["own", "own"], "confirmed_by": [None, None]}
)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "not found"),
        ({"source_id": ["own", "other"]}, "confirmed"),
        ({"confirmed_by": ["other", None]}, "confirmed"),
        ({"confirmed_by": ["own", None]}, "not found"),
        ({"title": ["C", "D"]}, "not found"),
    ],
)
def test_an_event_needs_a_source_besides_the_article(change, verdict):
    tables = claims.Tables({"policy_events": EVENTS.assign(**change)})
    check = Recorded("policy_events", "it", {"title": "~A|B"}, "{title}")
    assert check.judge(CLAIM, tables).verdict == verdict


def test_a_publisher_is_looked_up_in_the_register():
    rows = pd.DataFrame({"year": [2024], "value": [1.0], "source_id": ["s1"]})
    register = pd.DataFrame({"source_id": ["s1"], "origin": ["Customs"], "publisher": ["Press"]})
    tables = claims.Tables({"trade_annual": rows, "sources": register})
    for named, verdict in (("Customs", "confirmed"), ("Bureau", "differs")):
        judged = Attributed("trade_annual", {"year": 2024}, "They", named).judge(CLAIM, tables)
        assert judged.verdict == verdict
    nothing = Attributed("trade_annual", {"year": 1990}, "They", "Customs").judge(CLAIM, tables)
    assert nothing.verdict == "not found"


def test_words():
    assert words.amount(-3.25, "pct") == "−3.25%"
    assert words.amount(2500, "count", "over") == "over 2,500"
    assert words.decimals_of(0.01) == 2
    assert words.sentence("a b", "", "C.") == "A b. C."


# The list


def test_no_statement_of_the_articles_is_missing(checked):
    assert len(checked) == 79
    assert checked["claim_id"].is_unique
    counts = checked["article"].value_counts()
    for row in claims.articles().to_dict("records"):
        assert counts[row["article"]] == row["statements"]
    assert set(claims.bindings()) == set(checked["claim_id"])


def test_every_verdict_has_its_reason(checked):
    assert set(checked["verdict"]) <= set(claims.VERDICTS)
    for row in checked.to_dict("records"):
        assert row["reason"].endswith("."), row
        for said in (row["reason"], row["found"], row["stated"], row["proxy"]):
            assert not UNSAID.search(said), said
        if row["verdict"] in ("confirmed", "differs"):
            assert row["found"]
            assert row["source_id"], row["claim_id"]


def test_every_figure_with_a_number_is_compared_with_one(checked):
    """A statement with a figure is never waved through: confirmed, differs or not on record."""
    numbers = checked[checked["stated_value"].notna()]
    assert len(numbers) >= 18
    assert set(numbers["verdict"]) <= {"confirmed", "differs", "not found"}
    assert (numbers["proxy"] == "").all()
    known = numbers[numbers["verdict"] != "not found"]
    assert known["difference"].notna().all()
    gaps = known["found_value"] - known["stated_value"]
    assert gaps.to_numpy() == pytest.approx(known["difference"].astype(float).to_numpy())


def test_what_was_found_rests_on_rows_with_registered_sources(checked, evidence):
    found_ids = set(checked.loc[checked["found"] != "", "claim_id"])
    assert set(evidence["claim_id"]) == found_ids
    register = set(sme.load("sources")["source_id"])
    assert set(evidence["source_id"].dropna()) <= register
    for (table, _), rows in evidence.groupby(["table", "claim_id"]):
        assert set(rows["row"]) <= set(sme.load(table).index)


def test_hand_computed_figures(checked):
    rows = checked.set_index("claim_id")
    assert rows.loc["h04", "found_value"] == pytest.approx((192.2 / 177.29 - 1) * 100)
    assert rows.loc["t13", "found_value"] == pytest.approx((43846.79 / 41751.0 - 1) * 100)
    assert rows.loc["t17", "found_value"] == pytest.approx((18392.26 / 17985.4 - 1) * 100)
    assert rows.loc["t18", "found_value"] == pytest.approx(25.45 + 18.39)
    assert rows.loc["b13", "found_value"] == pytest.approx(112 / 148 * 100)
    assert rows.loc["t11", "found_value"] == 10
    assert rows.loc["b01", "found_value"] == 11
    share = (50.99 / 192.2 - 40.71 / 177.29) * 100
    assert rows.loc["h05", "found_value"] == pytest.approx(share)


def test_a_difference_of_edition_is_said_as_such(checked):
    quoted = checked[checked["claim_id"].isin(["h06", "h08", "h11"])]
    for reason in quoted["reason"]:
        assert "2023 edition" in reason
        assert "not an error of fact" in reason


def test_without_proxies_nothing_rests_on_one(checked):
    strict = claims.check(proxies=False).set_index("claim_id")
    loose = checked.set_index("claim_id")
    by_proxy = loose.index[loose["proxy"] != ""]
    assert (strict["proxy"] == "").all()
    assert (strict.loc[by_proxy, "verdict"] == "cannot be checked").all()
    direct = loose.index.difference(by_proxy)
    assert (strict.loc[direct, "verdict"] == loose.loc[direct, "verdict"]).all()
    assert not set(claims.evidence(proxies=False)["claim_id"]) & set(by_proxy)


def test_statements_can_be_chosen(checked):
    one = claims.check("hktdc_go_global", verdict="differs")
    both = checked[(checked["article"] == "hktdc_go_global") & (checked["verdict"] == "differs")]
    assert one["claim_id"].tolist() == both["claim_id"].tolist()
    assert len(claims.check("all", verdict="all")) == len(checked)
    with pytest.raises(UnknownNameError, match="unknown article 'hktdc'"):
        claims.check("hktdc")
    with pytest.raises(UnknownNameError, match="did you mean 'confirmed'"):
        claims.check(verdict="confirm")


def test_counts(checked):
    table = claims.counts(checked)
    assert list(table.columns) == list(claims.VERDICTS)
    assert table.to_numpy().sum() == 79
    assert table.index.tolist() == claims.articles()["article"].tolist()


def test_the_table_of_statements_says_how_they_are_checked():
    """The registry's words and the checks are one truth."""
    listed = sme.load("claims").set_index("claim_id")
    for claim, judgement in claims.examine().judged:
        row, check = listed.loc[claim.claim_id], claims.bindings()[claim.claim_id]
        proxy = getattr(check, "proxy", "")
        if proxy:
            assert row["check"] == "proxy"
            assert row["proxy"] == f"{proxy[0].upper()}{proxy[1:]}."
        else:
            advice = isinstance(check, checks.Shown)
            assert row["check"] == ("not_checkable" if advice else "recomputed"), claim.claim_id
            assert pd.isna(row["proxy"])
        if judgement.found is not None:
            assert row["table"] in {part.table for part in judgement.found.parts}


@pytest.mark.parametrize("extra", [True, False])
def test_a_statement_and_its_check_come_together(extra):
    rows = sme.load("claims")
    new = rows.iloc[[0]].assign(claim_id="z99")
    changed = pd.concat([rows, new], ignore_index=True) if extra else rows.iloc[1:]
    said = "statement z99 has no check" if extra else f"check {rows['claim_id'][0]} has no"
    with pytest.raises(DataError, match=said):
        run.statements(None, claims.Tables({"claims": changed}))
