"""The difference between two editions: applying it to the first gives the second."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sme_analysis.data import catalogue
from sme_analysis.editions import page
from sme_analysis.editions.difference import Difference, apply, compare
from sme_analysis.errors import DataError

KEY = ["iso3", "indicator", "year"]
OLD, NEW = "wgi_2024_update", "wgi2025_api_2026_11_22"

cells = st.tuples(
    st.sampled_from(["AGO", "KEN", "VNM"]),
    st.sampled_from(["gdp", "rule_of_law"]),
    st.integers(2019, 2022),
)
figures = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from([0.0, -0.0, 1.5])
)
rows = st.tuples(figures, st.one_of(st.none(), st.floats(0, 9)), st.sampled_from([OLD, NEW, "b"]))
editions = st.dictionaries(cells, rows, max_size=12)


def frame(edition: dict) -> pd.DataFrame:
    """Make a table in the columns and with the types of `country_indicators`."""
    made = pd.DataFrame(
        {
            "iso3": pd.Series([key[0] for key in edition], dtype="str"),
            "year": pd.Series([key[2] for key in edition], dtype="int64"),
            "indicator": pd.Series([key[1] for key in edition], dtype="str"),
            "value": pd.Series([row[0] for row in edition.values()], dtype="float64"),
            "standard_error": pd.Series(
                [math.nan if row[1] is None else row[1] for row in edition.values()],
                dtype="float64",
            ),
            "source_id": pd.Series([row[2] for row in edition.values()], dtype="str"),
        }
    )
    return made.sort_values(KEY, ignore_index=True)


@given(editions, editions)
def test_applied_to_the_first_it_gives_the_second(a: dict, b: dict) -> None:
    first, second = frame(a), frame(b)
    found = compare(first, second, KEY, series="indicator")
    pd.testing.assert_frame_equal(apply(first, found), second)


@settings(max_examples=30)
@given(editions, editions)
def test_turned_round_it_gives_the_first(a: dict, b: dict) -> None:
    first, second = frame(a), frame(b)
    pd.testing.assert_frame_equal(apply(second, compare(second, first, KEY)), first)


@settings(max_examples=30)
@given(editions)
def test_an_edition_does_not_differ_from_itself(a: dict) -> None:
    found = compare(frame(a), frame(a), KEY, series="indicator")
    assert found.empty
    assert found.figures().empty


@settings(max_examples=30)
@given(editions, editions)
def test_every_row_is_told_once(a: dict, b: dict) -> None:
    found = compare(frame(a), frame(b), KEY)
    assert len(found.added) == len(b.keys() - a.keys())
    assert len(found.removed) == len(a.keys() - b.keys())
    same = lambda x, y: x[0] == y[0] and x[1] == y[1] and x[2] == y[2]  # noqa: E731
    assert len(found.after) == sum(not same(a[key], b[key]) for key in a.keys() & b.keys())
    assert len(found.before) == len(found.after)


@settings(max_examples=30)
@given(editions, editions)
def test_figures_are_the_changes_of_value_largest_first(a: dict, b: dict) -> None:
    listed = compare(frame(a), frame(b), KEY).figures()
    assert len(listed) == sum(a[key][0] != b[key][0] for key in a.keys() & b.keys())
    assert (listed["before"] + listed["change"]).tolist() == pytest.approx(
        (listed["before"] + (listed["after"] - listed["before"])).tolist()
    )
    sizes = listed["change_percent"].abs().fillna(math.inf).tolist()
    assert sizes == sorted(sizes, reverse=True)


def example() -> Difference:
    a = {
        ("AGO", "gdp", 2020): (100.0, None, "b"),
        ("KEN", "gdp", 2020): (50.0, None, "b"),
        ("VNM", "gdp", 2020): (0.0, None, "b"),
        ("VNM", "gdp", 2021): (7.0, None, "b"),
    }
    b = {
        ("AGO", "gdp", 2020): (101.0, None, "c"),
        ("KEN", "gdp", 2020): (40.0, None, "c"),
        ("VNM", "gdp", 2020): (3.0, None, "c"),
        ("VNM", "gdp", 2021): (7.0, None, "c"),
        ("VNM", "gdp", 2022): (8.0, None, "c"),
    }
    return compare(frame(a), frame(b), KEY, table="country_indicators", names=("shipped", "x"))


def test_what_it_says() -> None:
    assert example().sentence == (
        "country_indicators, shipped to x: 1 rows added, 0 removed, 3 revised, "
        "1 with the same figure from another source."
    )
    assert example().figures()["iso3"].tolist() == ["VNM", "KEN", "AGO"]
    assert example().figures()["change_percent"].tolist()[1:] == [-20.0, 1.0]
    assert math.isnan(example().figures()["change_percent"][0])  # from nil: no per cent
    counts = example().by_series("indicator")
    assert counts.to_dict("records") == [
        {"indicator": "gdp", "added": 1, "removed": 0, "revised": 3}
    ]


def test_a_series_by_another_method_is_another_series() -> None:
    a = {("AGO", "rule_of_law", 2020): (0.1, 0.2, OLD), ("KEN", "gdp", 2020): (1.0, None, "b")}
    b = {("AGO", "rule_of_law", 2020): (0.3, 0.2, NEW), ("KEN", "gdp", 2020): (2.0, None, "c")}
    found = compare(frame(a), frame(b), KEY, series="indicator")
    assert found.renewed == ("rule_of_law",)
    assert (
        found.added["indicator"].tolist() == found.removed["indicator"].tolist() == ["rule_of_law"]
    )
    assert found.after["indicator"].tolist() == ["gdp"]
    assert "New series by another method: rule_of_law." in found.sentence


def test_an_edition_of_the_same_method_is_revised() -> None:
    a = {("AGO", "rule_of_law", 2020): (0.1, 0.2, NEW)}
    b = {("AGO", "rule_of_law", 2020): (0.3, 0.2, NEW.replace("2026", "2027"))}
    found = compare(frame(a), frame(b), KEY, series="indicator")
    assert found.renewed == ()
    assert len(found.after) == 1


def test_other_columns_and_repeated_keys() -> None:
    a = frame({("AGO", "gdp", 2020): (1.0, None, "b")})
    with pytest.raises(DataError, match="different columns"):
        compare(a, a.drop(columns="value"), KEY)
    with pytest.raises(DataError, match=r"edition y: the key iso3, indicator, year repeats"):
        compare(a, pd.concat([a, a]), KEY, names=("x", "y"))


class TestPage:
    def test_every_part_is_there_and_hostile_text_is_harmless(self) -> None:
        hostile = "<script>alert(1)</script>"
        a = {(hostile, "gdp", 2020): (1.0, None, "b"), ("X", "gdp", 2020): (1.0, None, "b")}
        b = {(hostile, "gdp", 2020): (2.0, None, "b"), ("Y", "gdp", 2020): (1.0, None, hostile)}
        found = compare(frame(a), frame(b), KEY, table="country_indicators", names=(hostile, "x"))
        text = page.html(found)
        assert "<script" not in text
        assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
        for heading in ("By series", "Largest revisions", "Rows added", "Rows removed"):
            assert f"<h2>{heading}</h2>" in text

    def test_nothing_to_show(self) -> None:
        same = frame({("AGO", "gdp", 2020): (1.0, None, "b")})
        text = page.html(compare(same, same, KEY, table="country_indicators"))
        assert "<table" not in text
        assert "0 rows added, 0 removed, 0 revised" in text

    def test_long_lists_are_cut_and_say_so(self) -> None:
        many = {
            (f"A{k:02d}", "gdp", 2000 + y): (1.0, None, "b") for k in range(30) for y in range(9)
        }
        found = compare(frame({}), frame(many), KEY, table="country_indicators")
        text = page.html(found)
        assert "The first 200 of 270 rows." in text
        assert text.count("<tr>") == 1 + 1 + 1 + 200  # series, and added, with their headings


def test_the_columns_are_those_of_the_table() -> None:
    columns = {field["name"] for field in catalogue.fields("governance_indicators")}
    assert set(frame({}).columns) == columns - {"unit"}
