"""Scores: by hand, by their properties, and the promises about coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sme_analysis import risk
from sme_analysis.economies import members
from sme_analysis.errors import DataError, ParameterError, UnknownNameError
from sme_analysis.risk.model import GOALPOSTS, model

DIMENSIONS = list(risk.dimensions())


def test_at_least_150_economies_and_each_says_what_it_rests_on(scores):
    assert len(scores) >= 150
    assert scores["iso3"].is_unique
    assert scores[["risk", "coverage", "missing", "age", "oldest"]].notna().all(axis=None)
    assert scores["coverage"].between(0.5, 1).all()
    assert scores["risk"].between(0, 100).all()
    assert scores["rank"].iloc[0] == 1
    assert scores["risk"].is_monotonic_increasing


def test_everyone_is_scored_or_left_out_with_a_reason(scores, shipped):
    out = risk.left_out()
    economies = shipped["economies"].query("kind == 'economy' and iso3 != 'CHN'")["iso3"]
    assert sorted([*scores["iso3"], *out["iso3"]]) == sorted(economies)
    assert out["reason"].str.match(r"has \d+% of .+ indicators; at least \d+% are needed").all()


def test_missing_indicators_are_those_counted(scores):
    counted = risk.missing()["iso3"].value_counts()
    known = scores.set_index("iso3")["missing"]
    assert counted.reindex(known.index, fill_value=0).equals(known.rename("count"))


def test_arithmetic_index_is_the_weighted_mean_of_its_dimensions(scores):
    complete = scores.dropna(subset=DIMENSIONS)
    assert np.allclose(complete["risk"], complete[DIMENSIONS].mean(axis=1))
    heavy = risk.score(weights="political=3, ties=0").dropna(subset=DIMENSIONS)
    weights = np.array([3, 1, 1, 1, 1, 0]) / 7
    assert np.allclose(heavy["risk"], heavy[DIMENSIONS].to_numpy() @ weights)


def test_geometric_index_is_the_geometric_mean_of_safety(scores):
    table = risk.score(aggregation="geometric").dropna(subset=DIMENSIONS)
    safety = 100 - 99 * table[DIMENSIONS].to_numpy() / 100
    joined = np.exp(np.log(safety).mean(axis=1))
    assert np.allclose(table["risk"], 100 * (100 - joined) / 99)
    plain = scores.set_index("iso3")["risk"]
    assert (table.set_index("iso3")["risk"] >= plain.reindex(table["iso3"]) - 1e-9).all()


def test_a_dimension_by_hand():
    made = model()
    posts = made.structure.set_index("code")
    values = made.measures.values.loc[("VNM", 2024)]
    safety = []
    for code in ("regulatory_quality", "rule_of_law", "control_of_corruption"):
        low, high = posts.loc[code, ["lower", "upper"]]
        safety.append(1 + 99 * np.clip((values[code] - low) / (high - low), 0, 1))
    expected = 100 * (100 - np.mean(safety)) / 99
    found = risk.score().set_index("iso3").loc["VNM", "compliance"]
    assert found == pytest.approx(expected)


def test_goalposts_are_those_of_all_years_together():
    made = model()
    values = made.measures.values["rule_of_law"]
    row = made.structure.set_index("code").loc["rule_of_law"]
    assert row["lower"] == pytest.approx(values.quantile(0.025))
    assert row["upper"] == pytest.approx(values.quantile(0.975))
    assert values.index.get_level_values("year").min() == 2005
    assert made.structure.set_index("code").loc["tax_treaty", ["lower", "upper"]].tolist() == [0, 1]
    assert GOALPOSTS.bottom == 1.0


@pytest.mark.parametrize(
    ("table", "indicator", "dimension", "worse"),
    [
        ("governance_indicators", "rule_of_law", "compliance", -1.0),
        ("governance_indicators", "political_stability", "political", -1.0),
        ("country_indicators", "unemployment", "social", 10.0),
    ],
)
def test_worse_figures_never_lower_a_risk(shipped, table, indicator, dimension, worse):
    changed = shipped[table].copy()
    mine = (changed["iso3"] == "THA") & (changed["indicator"] == indicator)
    changed.loc[mine, "value"] += worse
    before = risk.score().set_index("iso3").loc["THA"]
    after = risk.score(tables={table: changed}).set_index("iso3").loc["THA"]
    assert after[dimension] > before[dimension]
    assert after["risk"] > before["risk"]


def test_rescaling_a_currency_changes_nothing(shipped):
    changed = shipped["country_indicators"].copy()
    changed.loc[changed["indicator"].isin(["gdp", "reserves"]), "value"] *= 7.1
    found = risk.score(tables={"country_indicators": changed})
    pd.testing.assert_frame_equal(found, risk.score())


def test_shuffled_tables_give_the_same_scores(shipped, rng):
    mixed = {name: table.iloc[rng.permutation(len(table))] for name, table in shipped.items()}
    pd.testing.assert_frame_equal(risk.score(tables=mixed), risk.score())


def test_turning_an_indicator_round_turns_its_score(shipped):
    table = shipped["risk_structure"].copy()
    table.loc[table["code"] == "urbanisation", "direction"] = "higher_is_riskier"
    found = risk.profile("VNM", tables={"risk_structure": table}).set_index("code")["risk"]
    nominal = risk.profile("VNM").set_index("code")["risk"]
    assert found["urbanisation"] == pytest.approx(100 - nominal["urbanisation"])


def test_a_group_is_ranked_within_and_scored_in_the_world(scores):
    asean = risk.score(group="asean")
    assert set(asean["iso3"]) <= set(members("ASEAN", 2024))
    assert asean["rank"].tolist() == list(range(1, len(asean) + 1))
    world = scores.set_index("iso3")["risk"]
    assert np.allclose(asean["risk"], world.reindex(asean["iso3"]))


def test_no_datum_of_a_later_year_enters_an_earlier_score(shipped):
    cut = {
        name: table[table["year"] <= 2015] if name.endswith("indicators") else table
        for name, table in shipped.items()
    }
    early = risk.profile("VNM", 2015).set_index("code")["value"]
    again = risk.profile("VNM", 2015, tables=cut).set_index("code")["value"]
    pd.testing.assert_series_equal(early, again)


def test_own_indicators_enter_their_dimension(scores):
    own = pd.DataFrame(
        {"iso3": scores["iso3"], "year": 2024, "indicator": "climate_vulnerability",
         "value": np.linspace(0.3, 0.7, len(scores))}
    )  # fmt: skip
    found = risk.score(own=own).set_index("iso3")
    nominal = scores.set_index("iso3")
    assert (found["environmental"] - nominal["environmental"]).abs().max() > 5
    assert found["political"].reindex(nominal.index).equals(nominal["political"])
    assert "climate_vulnerability" in set(risk.profile("VNM", own=own)["code"])
    assert "climate_vulnerability" not in set(risk.profile("VNM")["code"])


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"year": 2004}, DataError, "2005 to"),
        ({"year": 2024.5}, DataError, "2005 to"),
        ({"year": True}, DataError, "True"),
        ({"aggregation": "geometrical"}, ParameterError, "geometric"),
        ({"group": "Asean plus"}, UnknownNameError, "group"),
        ({"weights": "exporters"}, ParameterError, "exporter"),
    ],
)
def test_bad_requests(asked, error, words):
    with pytest.raises(error, match=words):
        risk.score(**asked)


def test_two_editions_of_the_governance_indicators_are_never_joined(shipped):
    table = shipped["governance_indicators"].copy()
    table.loc[table["year"] == 2023, "source_id"] = "wgi2025_api_rl"
    with pytest.raises(DataError, match="must not be joined"):
        risk.score(tables={"governance_indicators": table})


def test_profile_adds_up():
    table = risk.profile("Viet Nam").set_index("code")
    leaves = table[table["level"] == "indicator"]
    assert leaves["weight"].sum() == pytest.approx(1)
    assert table["level"].iloc[0] == "index"
    assert table.loc["political", "parent"] == "risk"
    children = table[table["parent"] == "compliance"]["risk"]
    assert table.loc["compliance", "risk"] == pytest.approx(children.mean())
    # Viet Nam lacks nothing, so its contributions add up from level to level.
    for level in ("dimension", "indicator"):
        rows = table[table["level"] == level]
        assert (rows["weight"] * rows["risk"]).sum() == pytest.approx(table.loc["risk", "risk"])


def test_strengths_and_weaknesses_are_signed_and_ordered():
    table = risk.profile("Viet Nam")
    strong, weak = risk.strengths(table, 4), risk.weaknesses(table, 4)
    assert strong["contribution"].is_monotonic_increasing
    assert weak["contribution"].is_monotonic_decreasing
    assert (strong["contribution"] < 0).all()
    assert (weak["contribution"] > 0).all()
    assert "trade_agreement" in set(strong["code"])


@pytest.mark.parametrize(
    ("name", "words"),
    [("Taiwan", "41% of all indicators"), ("Eritrea", "economic"), ("China", "home"),
     ("Vietnm", "Viet")],
)  # fmt: skip
def test_who_has_no_profile_is_told_why(name, words):
    with pytest.raises((DataError, UnknownNameError), match=words):
        risk.profile(name)
