"""Change over time: the same indicators at both ends, and fixed goalposts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sme_analysis import risk
from sme_analysis.errors import DataError, ParameterError

DIMENSIONS = list(risk.dimensions())


@pytest.fixture(scope="module")
def moved() -> pd.DataFrame:
    return risk.trend(2010, 2024)


def test_change_is_end_less_start_and_the_mean_of_its_dimensions(moved):
    assert np.allclose(moved["change"], moved["end"] - moved["start"])
    complete = moved.dropna(subset=DIMENSIONS)
    assert np.allclose(complete["change"], complete[DIMENSIONS].mean(axis=1))
    assert moved["change"].is_monotonic_increasing


def test_figures_that_stand_still_mean_no_change(shipped):
    """With every figure of the one year in the other's place, nothing moves."""
    frozen = {}
    for name in ("governance_indicators", "country_indicators", "un_ideal_points"):
        table = shipped[name]
        last = table[table["year"] <= 2010].sort_values("year").groupby(
            [column for column in ("iso3", "indicator") if column in table.columns]
        ).tail(1)  # fmt: skip
        frozen[name] = pd.concat(
            [last.assign(year=year) for year in range(2000, 2025)], ignore_index=True
        )
    for name in ("investment_treaties", "tax_treaties", "trade_agreements"):
        table = shipped[name]
        old = table["in_force"].fillna("9999").str[:4].astype(int) <= 2004
        ended = table["terminated"].notna() if "terminated" in table.columns else False
        frozen[name] = table[old & ~ended & (table["status"] == "in_force")]
    members = shipped["belt_and_road_members"]
    frozen["belt_and_road_members"] = members[members["status"] == "not_member"]
    table = risk.trend(2012, 2024, tables=frozen)
    assert table["change"].abs().max() == pytest.approx(0, abs=1e-9)


def test_each_economy_is_compared_on_what_it_has_in_both_years(shipped):
    changed = shipped["country_indicators"]
    gone = (changed["iso3"] == "THA") & (changed["indicator"] == "gini") & (changed["year"] < 2015)
    fewer = risk.trend(2010, 2024, tables={"country_indicators": changed[~gone]})
    before = risk.trend(2010, 2024).set_index("iso3").loc["THA", "indicators"]
    assert fewer.set_index("iso3").loc["THA", "indicators"] == before - 1


def test_history_ends_where_the_trend_ends():
    lines = risk.history(["Viet Nam", "DEU"], start=2010)
    assert lines.groupby("iso3")["indicators"].nunique().eq(1).all()
    assert set(lines["year"]) == set(range(2010, 2025))
    vnm = lines[lines["iso3"] == "VNM"].set_index("year")["risk"]
    assert vnm[2024] < vnm[2010]


def test_an_economy_without_data_has_no_history():
    assert risk.history(["Taiwan"]).empty


def test_probability_of_a_rise_agrees_with_large_changes():
    table = risk.trend(2010, 2024, draws=200, seed=2)
    assert (table.loc[table["change"] > 5, "rose"] > 0.9).all()
    assert (table.loc[table["change"] < -8, "rose"] < 0.1).all()
    again = risk.trend(2010, 2024, draws=200, seed=2)
    pd.testing.assert_frame_equal(table, again)


def test_only_series_that_reach_back_enter(moved):
    structure = risk.structure()
    assert moved["indicators"].max() <= (structure["panel"] == "yes").sum()


def test_bad_periods():
    with pytest.raises(ParameterError, match="before"):
        risk.trend(2020, 2010)
    with pytest.raises(DataError, match="2005 to"):
        risk.trend(1999)
