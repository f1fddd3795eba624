"""Beside the OECD's classes: correlations by another route, and what is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from sme_analysis import risk


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return risk.validate()


def test_correlation_is_scipys(table, scores, shipped):
    lists = shipped["oecd_country_risk"]
    newest = lists[(lists["list_coverage"] == "complete") & (lists["year"] == 2026)]
    both = scores.merge(newest.dropna(subset="risk_class"), on="iso3")
    row = table.set_index("code").loc["risk"]
    assert row["n"] == len(both)
    assert row["rho"] == pytest.approx(spearmanr(both["risk"], both["risk_class"]).statistic)
    half = 1.959964 * np.sqrt((1 + row["rho"] ** 2 / 2) / (row["n"] - 3))
    assert row["low"] == pytest.approx(np.tanh(np.arctanh(row["rho"]) - half), abs=1e-6)


def test_transfer_risk_is_met_better_than_by_any_single_indicator(table):
    """What the index promises in public; a change of the data may break it and must be said."""
    rho = table.set_index("code")["rho"]
    best = table[table["level"] == "indicator"]["rho"].max()
    assert rho["economic+compliance"] > best
    assert rho["economic+compliance"] == pytest.approx(0.85, abs=0.02)
    assert rho["risk"] > 0.75
    assert rho["ties"] < 0.3


def test_every_dimension_pillar_and_indicator_stands_beside_it(table):
    structure = risk.structure()
    codes = set(structure.loc[structure["panel"] != "user", "code"])
    assert codes <= set(table["code"])


def test_zeros_by_rule_are_left_out(shipped):
    table = risk.validate(2010).set_index("code")
    lists = shipped["oecd_country_risk"]
    rows = lists[(lists["year"] == 2010) & lists["risk_class"].notna()]
    assert rows["zero_by_rule"].any()
    assert table.loc["risk", "n"] <= (~rows["zero_by_rule"]).sum()


def test_over_time_only_complete_lists_count(shipped):
    table = risk.validate_years()
    lists = shipped["oecd_country_risk"].set_index(["year", "list_date"])["list_coverage"]
    dates = table[["year", "list_date"]].drop_duplicates()
    assert 2023 not in set(dates["year"])
    assert (lists[lists.index.get_level_values(1).isin(dates["list_date"])] == "complete").all()
    wide = table.pivot(index="year", columns="code", values="rho")
    assert (wide["economic+compliance"] > wide["risk"] - 0.02).all()


def test_residuals_are_gaps_of_mean_ranks(scores):
    table = risk.residuals()
    assert table["gap"].abs().is_monotonic_decreasing
    assert np.allclose(table["gap"], table["rank"] - table["class_rank"])
    assert table["gap"].sum() == pytest.approx(0)
    assert set(table["dimension"]) <= set(risk.dimensions().values())
    mine = scores[scores["iso3"].isin(table["iso3"])].set_index("iso3")["risk"].rank()
    assert np.allclose(table.set_index("iso3")["rank"], mine.reindex(table["iso3"]))


def test_nothing_is_fitted_to_the_classes(shipped):
    classes = shipped["oecd_country_risk"].copy()
    classes["risk_class"] = 7 - classes["risk_class"]
    turned = risk.score(tables={"oecd_country_risk": classes})
    pd.testing.assert_frame_equal(turned, risk.score())
    flipped = risk.validate(tables={"oecd_country_risk": classes}).set_index("code")["rho"]
    nominal = risk.validate().set_index("code")["rho"]
    assert flipped["risk"] == pytest.approx(-nominal["risk"])
