"""Sectors: hand-worked and published examples, and properties that must hold for any data."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis import sectors
from sme_analysis.errors import ParameterError

close = np.testing.assert_allclose
NAN = float("nan")
counts = st.lists(st.integers(0, 200), min_size=2, max_size=8)


@st.composite
def tables(draw: st.DrawFn, rows: int = 2, least: int = 0) -> pd.DataFrame:
    """Frames of counts, periods or hosts by sectors, no row of them empty."""
    width = draw(st.integers(2, 6))
    cells = st.lists(st.integers(least, 300), min_size=width, max_size=width).filter(any)
    values = [draw(cells) for _ in range(rows)]
    return pd.DataFrame(values, columns=[f"s{i}" for i in range(width)], dtype=float)


class TestMix:
    deals = pd.DataFrame(
        {
            "period": ["2005-2009"] * 3 + ["2010-2014"] * 2,
            "analysis_sector": ["mines", "mines", "shops", "mines", "grids"],
            "deals": [4, 2, 2, 5, 5],
        }
    )

    def test_by_hand(self) -> None:
        table = sectors.mix(self.deals, "deals").set_index(["period", "analysis_sector"])
        assert table["share"].to_dict() == {
            ("2005-2009", "mines"): 75.0,
            ("2005-2009", "shops"): 25.0,
            ("2005-2009", "grids"): 0.0,
            ("2010-2014", "grids"): 50.0,
            ("2010-2014", "mines"): 50.0,
            ("2010-2014", "shops"): 0.0,
        }
        assert table.loc[("2010-2014", "grids"), "rank"] == 1

    def test_concentration(self) -> None:
        table = sectors.concentration(self.deals, "deals", k=1)
        assert table.loc["2010-2014"].to_dict() == {
            "total": 10,
            "sectors": 2,
            "herfindahl": 0.5,
            "effective_number": 2,
            "top": 50,
        }

    def test_periods(self) -> None:
        years = pd.Series([2005, 2011, 2015, 2019])
        assert sectors.in_periods(years, [2005, 2010, 2015], 2015).to_list()[:3] == [
            "2005-2009",
            "2010-2014",
            "2015",
        ]
        with pytest.raises(ParameterError, match="ascending"):
            sectors.in_periods(years, [2010, 2005])

    def test_refuses(self) -> None:
        with pytest.raises(ParameterError, match="did you mean 'deals'"):
            sectors.mix(self.deals, "deal")

    @given(tables(rows=3), st.integers(1, 50))
    def test_shares_add_up_and_forget_the_unit(self, wide: pd.DataFrame, scale: int) -> None:
        long = wide.rename_axis(index="period").reset_index().melt("period", var_name="sector")
        table = sectors.mix(long, "value", sector="sector")
        close(table.groupby("period")["share"].sum(), 100)
        again = sectors.mix(long.assign(value=long["value"] * scale), "value", sector="sector")
        close(again["share"], table["share"])

    def test_on_the_shipped_deals(self) -> None:
        deals = sme.load("deals_by_sector")
        table = sectors.mix(deals[deals["kind"] == "investment"], "deals", period="year")
        close(table.groupby("year")["share"].sum(), 100)
        assert table["deals"].sum() == deals.loc[deals["kind"] == "investment", "deals"].sum()


class TestStructuralChange:
    def test_by_hand(self) -> None:
        # Shares 1/2, 1/2 -> 1/4, 3/4: NAV is a quarter; log ratios are -log 2 and log 3/2.
        wide = pd.DataFrame({"A": [5, 5], "B": [5, 15]}, index=[2010, 2020])
        row = sectors.structural_change(wide).loc[2020]
        fall, rise = np.log(2) ** 2, np.log(1.5) ** 2
        close(row["nav"], 25)
        close(row["lilien"], np.sqrt(0.25 * fall + 0.75 * rise))
        close(row["modified_lilien"], np.sqrt(0.375 * fall + 0.625 * rise))
        assert (row["before"], row["left_out"]) == (2010, 0)

    def test_growth_form_of_lilien(self) -> None:
        wide = pd.DataFrame([[30.0, 50.0, 20.0], [45.0, 60.0, 45.0]])
        growth = np.log(wide.loc[1] / wide.loc[0]) - np.log(wide.loc[1].sum() / wide.loc[0].sum())
        lilien = np.sqrt((wide.loc[1] / wide.loc[1].sum() * growth**2).sum())
        close(sectors.structural_change(wide)["lilien"], [lilien])

    def test_a_sector_that_appears(self) -> None:
        row = sectors.structural_change(pd.DataFrame({"A": [1, 1], "B": [0, 1]})).iloc[0]
        close(row[["nav", "left_out"]].to_numpy(dtype=float), [50, 25])
        close(row["lilien"], np.sqrt(0.5) * np.log(2))

    def test_an_empty_period(self) -> None:
        table = sectors.structural_change(pd.DataFrame({"A": [1, 0, 1], "B": [1, 0, 1]}))
        assert table[["nav", "lilien", "modified_lilien", "left_out"]].isna().all().all()

    def test_refuses_a_withdrawal(self) -> None:
        with pytest.raises(ParameterError, match="negative"):
            sectors.structural_change(pd.DataFrame({"A": [1, -1]}))

    @given(tables(), st.integers(2, 9), st.randoms())
    def test_properties(self, wide: pd.DataFrame, scale: int, random) -> None:
        names = ["nav", "lilien", "modified_lilien", "left_out"]
        found = sectors.structural_change(wide)[names]
        order = random.sample(list(wide.columns), len(wide.columns))
        close(sectors.structural_change(wide[order])[names], found, atol=1e-9)
        rescaled = wide.mul([1, scale], axis=0)
        close(sectors.structural_change(rescaled)[names], found, atol=1e-9)
        back = sectors.structural_change(wide.iloc[::-1])
        symmetric = ["nav", "modified_lilien", "left_out"]
        close(back[symmetric], found[symmetric], atol=1e-9)
        assert 0 <= found["nav"].iloc[0] <= 100 + 1e-9
        assert (sectors.structural_change(wide.iloc[[0, 0]])[names[:3]] == 0).all().all()


class TestShiftShare:
    old = pd.DataFrame({"mines": [10.0, 10.0], "shops": [0.0, 20.0]}, index=["A", "B"])
    new = pd.DataFrame({"mines": [10.0, 20.0], "shops": [0.0, 30.0]}, index=["A", "B"])

    def test_by_hand(self) -> None:
        # Everything grows by a half, as do mines and shops: no mix term; A loses what B gains.
        table = sectors.shift_share(self.old, self.new)
        parts = ["common", "sector_mix", "host_own"]
        close(table.loc[("A", "mines"), parts].to_list(), [5, 0, -5])
        close(table.loc[("B", "mines"), parts].to_list(), [5, 0, 5])
        close(table.loc[("B", "shops"), parts].to_list(), [10, 0, 0])

    def test_mix_term(self) -> None:
        old = pd.DataFrame({"mines": [50.0], "shops": [50.0]}, index=["A"])
        new = pd.DataFrame({"mines": [50.0], "shops": [100.0]}, index=["A"])
        table = sectors.shift_share(old, new)
        close(table["common"], [25, 25])
        close(table["sector_mix"], [-25, 25])
        close(table["host_own"], [0, 0])

    def test_new_labels(self) -> None:
        new = self.new.assign(grids=[6.0, 0.0])
        table = sectors.shift_share(self.old, new)
        close(table.loc[("A", "grids"), ["change", "host_own"]].to_list(), [6, 6])
        close(table["sector_mix"].sum(), -6)

    @given(tables(rows=3), tables(rows=3))
    def test_parts_add_up(self, old: pd.DataFrame, new: pd.DataFrame) -> None:
        table = sectors.shift_share(old, new)
        parts = table[["common", "sector_mix", "host_own"]]
        close(parts.sum(axis=1), table["change"], atol=1e-6)
        before = table.groupby(level=1)["before"].sum()
        own = table.groupby(level=1)["host_own"].sum()
        close(own[before > 0], 0, atol=1e-6)
        close(table["change"].sum(), new.sum().sum() - old.sum().sum())

    def test_refuses(self) -> None:
        with pytest.raises(ParameterError, match="positive total"):
            sectors.shift_share(self.old * 0, self.new)
        with pytest.raises(ParameterError, match="once"):
            sectors.shift_share(self.old.rename(index={"B": "A"}), self.new)


class TestSpecialisation:
    wide = pd.DataFrame({"mines": [6, 2], "shops": [2, 10]}, index=["A", "B"])

    def test_by_hand(self) -> None:
        # A: 6 of 8 against 8 of 20; B: 10 of 12 against 12 of 20.
        close(sectors.location_quotient(self.wide), [[1.875, 0.25 / 0.6], [5 / 12, 25 / 18]])

    def test_zeros(self) -> None:
        wide = pd.DataFrame({"mines": [4, 0, 0], "shops": [4, 3, 0], "grids": [0, 0, 0]})
        found = sectors.location_quotient(wide)
        assert found.loc[1, "mines"] == 0
        assert found.loc[2].isna().all()
        assert found["grids"].isna().all()
        assert sectors.symmetric(found).loc[1, "mines"] == -1

    def test_small_counts_are_not_judged(self) -> None:
        frame = pd.DataFrame(
            {
                "iso3": ["AAA", "BBB", "BBB", "CCC", "CCC"],
                "analysis_sector": ["mines", "mines", "shops", "mines", "shops"],
                "projects": [3, 20, 5, 5, 60],
            }
        )
        table = sectors.specialisation(frame, "projects").set_index(["iso3", "analysis_sector"])
        # All of AAA's three projects are mines, and yet nothing can be said of it.
        assert table.loc[("AAA", "mines"), "lq"] > table.loc[("BBB", "mines"), "lq"]
        assert table["specialised"].to_dict()[("AAA", "mines")] is False
        assert table["specialised"].to_dict()[("BBB", "mines")] is True
        assert ((table["lq_low"] <= table["lq"]) & (table["lq"] <= table["lq_high"])).all()

    @given(tables(rows=4), st.integers(2, 9))
    def test_properties(self, wide: pd.DataFrame, scale: int) -> None:
        found = sectors.location_quotient(wide)
        close(sectors.location_quotient(wide * scale), found)
        # Weighted with the hosts' totals, the quotients of a sector have mean one.
        present = wide.sum() > 0
        means = (found.mul(wide.sum(axis=1), axis=0)).sum() / wide.to_numpy().sum()
        close(means[present], 1)
        symmetric = sectors.symmetric(found).loc[:, present]
        assert symmetric.min().min() >= -1
        assert symmetric.max().max() < 1

    def test_refuses(self) -> None:
        with pytest.raises(ParameterError, match="negative"):
            sectors.location_quotient(-self.wide)


class TestShareInterval:
    @pytest.mark.parametrize(
        ("x", "n", "low", "high"),
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
        [
            (81, 263, 25.53, 36.62),
            (15, 148, 6.24, 16.05),
            (0, 20, 0.0, 16.11),
            (1, 29, 0.61, 17.18),
        ],
    )
    def test_published(self, x: int, n: int, low: float, high: float) -> None:
        found = sectors.share_interval([x], n).iloc[0]
        close([found["low"], found["high"]], [low, high], atol=0.005)

    @given(st.integers(0, 400), st.integers(1, 400), st.floats(0.5, 0.999))
    def test_properties(self, x: int, more: int, level: float) -> None:
        n = x + more
        low, high = sectors.share_interval([x], n, level=level).iloc[0]
        assert 0 <= low <= 100 * x / n <= high <= 100
        mirrored = sectors.share_interval([more], n, level=level).iloc[0]
        close([100 - mirrored["high"], 100 - mirrored["low"]], [low, high], atol=1e-9)
        many = sectors.share_interval([100 * x], 100 * n, level=level).iloc[0]
        assert many["high"] - many["low"] < high - low

    def test_empty_and_refused(self) -> None:
        assert sectors.share_interval([0], 0).isna().all().all()
        for bad in ([5], [-1]):
            with pytest.raises(ParameterError, match="from zero to their total"):
                sectors.share_interval(bad, 4)
        with pytest.raises(ParameterError, match="between 0 and 1"):
            sectors.share_interval([1], 4, level=95)
        with pytest.raises(ParameterError, match="does not fit"):
            sectors.share_interval([1, 2], [4, 4, 4])


class TestMixInterval:
    def test_goodman_against_another_implementation(self) -> None:
        from statsmodels.stats.proportion import multinomial_proportions_confint

        # Counts of Sison and Glaz (1995), section 4.
        counted = pd.Series([56, 72, 73, 59, 62, 87, 58])
        expected = multinomial_proportions_confint(counted.to_numpy(), 0.05, method="goodman")
        close(sectors.mix_interval(counted, method="goodman") / 100, expected, atol=1e-9)

    def test_jeffreys_for_two_sectors_is_the_binomial_one(self) -> None:
        from statsmodels.stats.proportion import proportion_confint

        expected = proportion_confint(7, 20, method="jeffreys")
        close(sectors.mix_interval([7, 13]).iloc[0] / 100, expected)

    @given(counts.filter(any), st.sampled_from(["dirichlet", "goodman"]))
    def test_properties(self, values: list[int], method) -> None:
        found = sectors.mix_interval(pd.Series(values), method=method)
        assert ((found["low"] >= 0) & (found["high"] <= 100)).all()
        assert (found["low"] < found["high"]).all()
        back = sectors.mix_interval(pd.Series(values[::-1]), method=method)
        close(back.to_numpy()[::-1], found)
        one = sectors.share_interval(values, sum(values))
        together = sectors.mix_interval(values, method="goodman")
        assert (together["high"] - one["high"] >= -1e-9).all()

    def test_nothing_there(self) -> None:
        assert sectors.mix_interval([0, 0]).isna().all().all()
        with pytest.raises(ParameterError, match="Allowed: dirichlet, goodman"):
            sectors.mix_interval([1, 2], method="wald")  # type: ignore[arg-type]


class TestRateRatio:
    def test_published(self) -> None:
        # The example of `poisson.test` in the documentation of R: 11 cases in 800 person-years
        # against 21 in 3011; ratio 1.971488, interval 0.8584264 to 4.2772659, p = 0.07967.
        found = sectors.rate_ratio([21], [11], [3011], [800]).iloc[0]
        close(found.to_list(), [1.971488, 0.8584264, 4.2772659, 0.07967], rtol=1e-4)

    def test_zeros(self) -> None:
        table = sectors.rate_ratio([0, 4, 0], [4, 0, 0])
        assert table.loc[0, "ratio"] == np.inf
        assert table.loc[0, "high"] == np.inf
        assert 0 < table.loc[0, "low"] < 1
        assert (table.loc[1, "ratio"], table.loc[1, "low"]) == (0, 0)
        assert table.loc[2].isna().all()

    @given(st.integers(0, 80), st.integers(0, 80), st.integers(1, 9))
    def test_properties(self, before: int, after: int, scale: int) -> None:
        found = sectors.rate_ratio([before], [after], [3.0], [5.0]).iloc[0]
        same = sectors.rate_ratio([before], [after], [3.0 * scale], [5.0 * scale]).iloc[0]
        close(same.to_list(), found.to_list())
        back = sectors.rate_ratio([after], [before], [5.0], [3.0]).iloc[0]
        with np.errstate(divide="ignore"):
            close(back["low"], 1 / np.float64(found["high"]), rtol=1e-6)
        close(back["p_value"], found["p_value"], rtol=1e-6)
        if before + after:
            assert found["low"] <= found["ratio"] <= found["high"]
            # The test and the interval need not agree exactly, but far from one they must.
            if found["p_value"] < 0.02:
                assert not found["low"] <= 1 <= found["high"]

    def test_refuses(self) -> None:
        with pytest.raises(ParameterError, match="whole numbers"):
            sectors.rate_ratio([1.5], [2])
        with pytest.raises(ParameterError, match="exposure"):
            sectors.rate_ratio([1], [2], [0])


class TestEmerging:
    frame = pd.DataFrame(
        {
            "period": ["a"] * 4 + ["b"] * 4,
            "analysis_sector": ["mines", "shops", "grids", "farms"] * 2,
            "deals": [60, 30, 2, 1, 40, 30, 25, 3],
        }
    )

    def test_judgements(self) -> None:
        table = sectors.emerging(self.frame, "deals", "a", "b").set_index("analysis_sector")
        assert table["judgement"].to_dict() == {
            "grids": "emerging",
            "shops": "no clear change",
            "farms": "too few",
            "mines": "receding",
        }
        close(table.loc["grids", "ratio"], (25 / 98) / (2 / 93))
        assert table.index[0] == "grids"

    def test_per_year(self) -> None:
        table = sectors.emerging(
            self.frame, "deals", "a", "b", relative_to="years", years=(5, 10)
        ).set_index("analysis_sector")
        close(table.loc["shops", "ratio"], 0.5)

    def test_refuses(self) -> None:
        with pytest.raises(ParameterError, match="unknown period 'c'"):
            sectors.emerging(self.frame, "deals", "a", "c")
        with pytest.raises(ParameterError, match="needs years"):
            sectors.emerging(self.frame, "deals", "a", "b", relative_to="years")

    @settings(max_examples=25)
    @given(tables(rows=2, least=1))
    def test_nothing_emerges_between_equal_mixes(self, wide: pd.DataFrame) -> None:
        wide = wide.iloc[[0, 0]].set_axis(["a", "b"]).rename_axis(index="period")
        long = wide.reset_index().melt("period", var_name="analysis_sector")
        table = sectors.emerging(long, "value", "a", "b")
        assert set(table["judgement"]) <= {"no clear change", "too few"}
        close(table["ratio"], 1)


def test_the_libraries_of_the_regressions_load_late() -> None:
    code = (
        "import sys, sme_analysis.sectors; "
        "sys.exit(any(name in sys.modules for name in ('scipy', 'statsmodels')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
