"""Distances: by hand, by their properties, and beside what is known of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import mahalanobis as scipy_mahalanobis

from sme_analysis import risk
from sme_analysis.errors import DataError, ParameterError

LABELS = ["CHN", "A", "B", "C", "D", "E", "F"]
tables = st.integers(0, 2**32 - 1).map(
    lambda seed: pd.DataFrame(
        np.random.default_rng(seed).normal(size=(len(LABELS), 3)), LABELS, ["x", "y", "z"]
    )
)


def test_kogut_singh_by_hand():
    table = pd.DataFrame({"x": [1.0, 3.0, 5.0], "y": [2.0, 2.0, 8.0]}, ["CHN", "A", "B"])
    # Variances (n - 1): x 4, y 12. A: (4/4 + 0) / 2; B: (16/4 + 36/12) / 2.
    assert risk.kogut_singh(table).to_dict() == {"A": 0.5, "B": 3.5}


def test_kogut_singh_leaves_out_who_lacks_a_dimension():
    table = pd.DataFrame(
        {"x": [1.0, 3.0, 5.0, 100.0], "y": [2.0, 2.0, 8.0, np.nan]}, ["CHN", "A", "B", "C"]
    )
    assert risk.kogut_singh(table).to_dict() == {"A": 0.5, "B": 3.5}


@settings(max_examples=40, deadline=None)
@given(tables, st.floats(0.01, 100), st.floats(-50, 50))
def test_neither_distance_depends_on_unit_or_origin(table, factor, shift):
    moved = table.assign(x=table["x"] * factor + shift)
    for method in (risk.kogut_singh, risk.mahalanobis):
        np.testing.assert_allclose(method(moved), method(table), rtol=1e-6, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(tables, st.permutations(range(1, len(LABELS))))
def test_neither_distance_depends_on_the_order(table, order):
    mixed = table.iloc[[*order, 0], ::-1]
    for method in (risk.kogut_singh, risk.mahalanobis):
        found = method(mixed).reindex(method(table).index)
        np.testing.assert_allclose(found, method(table), rtol=1e-7)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_mahalanobis_is_scipys(table):
    inverse = np.linalg.inv(table.cov())
    for label, found in risk.mahalanobis(table).items():
        assert found == pytest.approx(
            scipy_mahalanobis(table.loc[label], table.loc["CHN"], inverse), rel=1e-8
        )


def test_a_doubled_dimension_counts_twice_in_one_and_not_in_the_other():
    table = pd.DataFrame(np.random.default_rng(1).normal(size=(7, 2)), LABELS, ["x", "y"])
    noisy = table.assign(z=table["x"] + np.random.default_rng(2).normal(scale=1e-4, size=7))
    rank = risk.kogut_singh(noisy).corr(((table - table.loc["CHN"]) ** 2 / table.var())["x"][1:])
    assert rank > risk.kogut_singh(table).corr(
        ((table - table.loc["CHN"]) ** 2 / table.var())["x"][1:]
    )


@pytest.mark.parametrize(
    ("kind", "nearest"), [("geographic", "PRK"), ("linguistic", "HKG"), ("institutional", "VNM")]
)
def test_shipped_distances(kind, nearest):
    table = risk.distance(kind)
    assert table["iso3"].iloc[0] == nearest
    assert table["distance"].is_monotonic_increasing
    assert "CHN" not in set(table["iso3"])


def test_geographic_distance_is_the_published_figure(shipped):
    rows = shipped["distance_to_china"]
    row = rows[(rows["iso3"] == "ABW") & (rows["kind"] == "distance_largest_cities")]
    found = risk.distance("geographic").set_index("iso3")["distance"]
    assert found["ABW"] == row["value"].item() == 14155.35


def test_political_distance_is_the_gap_of_ideal_points(shipped):
    votes = shipped["un_ideal_points"].query("year == 2024").set_index("iso3")["ideal_point"]
    found = risk.distance("political", 2024).set_index("iso3")["distance"]
    assert found["USA"] == pytest.approx(abs(votes["USA"] - votes["CHN"]))
    assert found.idxmax() in {"USA", "ISR"}


def test_cultural_distance_needs_dimensions_of_ones_own():
    with pytest.raises(ParameterError, match="may not be passed on"):
        risk.distance("cultural")
    own = pd.DataFrame({"x": [1.0, 3.0, 5.0], "y": [2.0, 2.0, 8.0]}, ["CHN", "VNM", "LAO"])
    found = risk.distance("cultural", own=own)
    assert dict(zip(found["iso3"], found["distance"], strict=True)) == {"VNM": 0.5, "LAO": 3.5}
    assert found["year"].isna().all()


def test_bad_distances():
    with pytest.raises(ParameterError, match="geographic"):
        risk.distance("geografic")
    with pytest.raises(DataError, match="1990"):
        risk.distance("institutional", 1990)
    table = pd.DataFrame({"x": [1.0, 1.0, 1.0], "y": [2.0, 2.0, 8.0]}, ["CHN", "A", "B"])
    with pytest.raises(DataError, match="'x' does not vary"):
        risk.kogut_singh(table)
    with pytest.raises(DataError, match="CHN"):
        risk.kogut_singh(table.rename(index={"CHN": "C"}))
    double = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [2.0, 4.0, 8.0]}, ["CHN", "A", "B"])
    with pytest.raises(DataError, match="dependent"):
        risk.mahalanobis(double)
