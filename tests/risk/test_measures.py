"""From tables to figures: windows, ages, carrying, and what is never done."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sme_analysis.risk import measures, ties


def row(**changes: object) -> measures.Row:
    base = {
        "code": "x", "table": "country_indicators", "indicator": "x", "measure": "latest",
        "window": 1, "max_age": 3, "scale": "level", "panel": "yes",
    }  # fmt: skip
    return measures.Row(**{**base, **changes})  # type: ignore[arg-type]


def one(values: dict[int, float], years: list[int], **changes: object) -> tuple[list, list]:
    table = pd.DataFrame(
        {"iso3": "VNM", "year": list(values), "indicator": "x", "value": list(values.values())}
    )
    calendar = list(range(1990, 2025))
    wide, age = measures._one(row(**changes), {"country_indicators": table}, ["VNM"], calendar)
    return wide.loc["VNM", years].tolist(), age.loc["VNM", years].tolist()


def same(found: list, expected: list) -> None:
    np.testing.assert_allclose(np.array(found), np.array(expected, dtype=float), rtol=1e-12)


def test_latest_is_carried_for_as_long_as_it_may_be_and_no_longer():
    values, ages = one({2010: 5.0}, [2009, 2010, 2013, 2014])
    same(values, [np.nan, 5.0, 5.0, np.nan])
    same(ages, [np.nan, 0.0, 3.0, np.nan])


def test_nothing_is_interpolated_between_observations():
    values, _ = one({2010: 5.0, 2012: 9.0}, [2011])
    same(values, [5.0])


def test_mean_needs_six_in_ten_years_of_its_window():
    known = {2006: 1.0, 2007: 2.0, 2010: 6.0}
    values, ages = one(known, [2010, 2011, 2012], measure="mean", window=5)
    same(values, [3.0, np.nan, np.nan])
    same(ages, [0.0, np.nan, np.nan])


def test_deviation_is_the_sample_deviation():
    known = dict(zip(range(2001, 2011), [3, 1, 4, 1, 5, 9, 2, 6, 5, 3], strict=True))
    values, _ = one(known, [2010], measure="deviation", window=10)
    same(values, [np.std(list(known.values()), ddof=1)])


def test_log_change_is_the_mean_yearly_loss_of_value():
    values, _ = one({2015: 10.0, 2018: 10.0 * np.exp(0.6)}, [2018, 2020], measure="log_change",
                    window=5)  # fmt: skip
    same(values, [0.2, 0.2])
    short, _ = one({2017: 10.0, 2018: 11.0}, [2018], measure="log_change", window=5)
    same(short, [np.nan])


def test_reserves_in_months_of_imports_by_hand():
    rows = [("reserves", 30.0), ("imports", 40.0), ("gdp", 300.0)]
    table = pd.DataFrame(
        [("VNM", 2020, name, value) for name, value in rows],
        columns=["iso3", "year", "indicator", "value"],
    )
    wide, _ = measures._one(
        row(indicator="reserves", measure="months_of_imports"), {"country_indicators": table},
        ["VNM"], list(range(2015, 2025)),
    )  # fmt: skip
    assert wide.loc["VNM", 2020] == pytest.approx(12 * 30 / (0.4 * 300))


@pytest.mark.parametrize(
    ("scale", "given", "expected"),
    [("log", [np.e, 0.0, -1.0], [1.0, np.nan, np.nan]), ("log1p", [np.e - 1, 0.0, -3.0], [1, 0, 0]),
     ("level", [1.0, -2.0, 0.0], [1.0, -2.0, 0.0])],
)  # fmt: skip
def test_scales(scale, given, expected):
    same(measures._scaled(pd.DataFrame([given]), scale).iloc[0].tolist(), expected)


def treaty(**changes: object) -> pd.DataFrame:
    base = {"iso3": "VNM", "status": "in_force", "in_force": "1993-09-01", "terminated": None}
    return pd.DataFrame([{**base, **changes}])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [0, 1, 1, 1]),
        ({"terminated": "1995-03", "status": "terminated"}, [0, 1, 0, 0]),
        ({"in_force": None, "status": "signed"}, [0, 0, 0, 0]),
        ({"in_force": None}, [np.nan, np.nan, np.nan, 1]),
        ({"status": "terminated"}, [0, np.nan, np.nan, np.nan]),
        ({"iso3": "LAO"}, [0, 0, 0, 0]),
    ],
)
def test_agreements_in_force_by_year(changes, expected):
    wide = ties.in_force(treaty(**changes), ["VNM"], [1992, 1993, 1995, 1996])
    same(wide.loc["VNM"].tolist(), expected)


def test_a_renewed_treaty_counts_on():
    both = pd.concat(
        [treaty(terminated="1995", status="terminated"), treaty(in_force="1995-01-01")]
    )
    assert ties.in_force(both, ["VNM"], [1993, 1994, 1995, 1996]).loc["VNM"].tolist() == [1.0] * 4


def test_years_of_an_earlier_undated_treaty_are_blank():
    table = treaty(first_signed="1985", signed="2014", in_force="2016")
    wide = ties.in_force(table, ["VNM"], [1984, 1985, 2015, 2016])
    same(wide.loc["VNM"].tolist(), [0, np.nan, np.nan, 1])


def test_membership_is_that_of_the_economies_module(shipped):
    from sme_analysis.economies import members

    wide = ties.member(shipped["belt_and_road_members"], ["ITA", "VNM", "HKG"], [2012, 2020, 2023])
    for year in wide.columns:
        inside = set(members("BRI", year))
        assert [bool(wide.loc[code, year]) for code in ("ITA", "VNM")] == [
            code in inside for code in ("ITA", "VNM")
        ]
    assert wide.loc["HKG"].isna().all()


def test_every_figure_of_the_newest_year_can_be_traced(shipped):
    """A random sample of plain figures equals the row of the table it comes from."""
    found = measures.measure({**shipped, "own": measures_own()}, [2024])
    table = pd.concat([shipped["governance_indicators"], shipped["country_indicators"]])
    lookup = table.set_index(["iso3", "indicator", "year"])["value"]
    plain = [
        r for r in measures.rows_of(shipped["risk_structure"])
        if r.measure == "latest" and r.table.endswith("indicators") and r.max_age is not None
    ]  # fmt: skip
    rng = np.random.default_rng(3)
    checked = 0
    for r in plain:
        known = found.values[r.code].dropna().index.to_list()
        for place in rng.choice(len(known), 5, replace=False):
            iso3, year = known[place]
            age = found.ages.loc[(iso3, year), r.code]
            value = lookup[(iso3, r.indicator, int(year - age))]
            scaled = {"level": value, "log": np.log(value) if value > 0 else np.nan,
                      "log1p": np.log1p(max(value, 0))}[r.scale]  # fmt: skip
            assert found.values.loc[(iso3, year), r.code] == pytest.approx(scaled)
            checked += 1
    assert checked >= 50


def measures_own() -> pd.DataFrame:
    return pd.DataFrame({"iso3": [], "year": [], "indicator": [], "value": []}).astype(
        {"year": "int64", "value": "float64"}
    )
