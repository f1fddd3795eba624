"""Market screening: hand computations, properties, exclusions, and what is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis import economies, markets
from sme_analysis.errors import DataError, ParameterError, UnknownNameError
from sme_analysis.markets import declared, inputs, model, relative
from sme_analysis.markets.explain import unit_weights

HOSTS = set(economies.members("World"))


@cache
def screened(**question: Any) -> markets.Screening:
    return markets.screen(**{"draws": 60, **question})


def garments() -> markets.Screening:
    return screened(sector="textiles_garments", current_markets=("Viet Nam", "Cambodia"))


class TestGower:
    def test_by_hand(self) -> None:
        table = pd.DataFrame(
            {"gdp": [2.0, 4.0, np.nan], "treaty": [1.0, 0.0, 1.0], "risk": [30.0, 40.0, 70.0]},
            ["A", "B", "C"],
        )
        ranges = pd.Series({"gdp": 4.0, "treaty": 1.0, "risk": 50.0})
        found = markets.gower(table, ranges=ranges)
        assert found.at["A", "B"] == pytest.approx((2 / 4 + 1 + 10 / 50) / 3)
        assert found.at["A", "C"] == pytest.approx((0 + 40 / 50) / 2)  # gdp of C is missing
        assert found.at["B", "C"] == pytest.approx((1 + 30 / 50) / 2)
        assert (np.diag(found) == 0).all()

    def test_nothing_in_common_is_missing_not_zero(self) -> None:
        table = pd.DataFrame({"x": [1.0, np.nan], "y": [np.nan, 2.0]}, ["A", "B"])
        assert np.isnan(markets.gower(table, ranges=pd.Series({"x": 1.0, "y": 1.0})).at["A", "B"])

    def test_a_column_without_range_is_left_out(self) -> None:
        table = pd.DataFrame({"x": [1.0, 3.0], "same": [5.0, 5.0]}, ["A", "B"])
        assert markets.gower(table).at["A", "B"] == 1.0

    def test_columns_must_agree(self) -> None:
        with pytest.raises(ParameterError, match="same columns"):
            markets.gower(pd.DataFrame({"x": [1.0]}), pd.DataFrame({"y": [1.0]}))

    @given(
        st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=2, max_size=7),
        st.tuples(*[st.sampled_from([0.5, 2.0, 4.0])] * 3),
        st.randoms(use_true_random=False),
    )
    def test_symmetric_bounded_and_free_of_units(
        self, rows: list[tuple[float, ...]], factor: tuple[float, ...], shuffler: Any
    ) -> None:
        table = pd.DataFrame(rows, columns=["x", "y", "z"])
        found = markets.gower(table).to_numpy()
        known = found[~np.isnan(found)]
        assert np.allclose(found, found.T, equal_nan=True)
        assert ((known >= 0) & (known <= 1 + 1e-12)).all()
        scaled = markets.gower(table * np.array(factor)).to_numpy()
        assert np.allclose(scaled, found, equal_nan=True, atol=1e-9)
        columns = list(table.columns)
        shuffler.shuffle(columns)
        assert np.allclose(markets.gower(table[columns]), found, equal_nan=True)


class TestPareto:
    def test_by_hand(self) -> None:
        rows = pd.DataFrame(
            {"opportunity": [5, 9, 4, 9, 5, np.nan], "risk": [1, 3, 2, 4, 1, 0]}, list("abcdef")
        )
        assert markets.pareto(rows).to_dict() == {
            "a": True, "b": True, "c": False, "d": False, "e": True, "f": False,
        }  # fmt: skip

    def test_unknown_column(self) -> None:
        with pytest.raises(ParameterError, match="did you mean 'opportunity'"):
            markets.pareto(pd.DataFrame({"opportunity": [1], "risk": [1]}), gain="opportunty")

    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=25))
    def test_on_the_front_if_and_only_if_not_beaten(self, pairs: list[tuple[int, int]]) -> None:
        rows = pd.DataFrame(pairs, columns=["opportunity", "risk"])
        found = markets.pareto(rows)
        for place, (gain, cost) in enumerate(pairs):
            beaten = any(g >= gain and c <= cost and (g > gain or c < cost) for g, c in pairs)
            assert found[place] == (not beaten)
        assert found.any()
        turned = markets.pareto(rows.iloc[::-1])
        assert turned.sort_index().equals(found.sort_index())


class TestInputs:
    TRADE = pd.DataFrame(
        {"reporter": ["china"] * 4 + ["partner"], "year": [2024] * 4 + [2023],
         "iso3": ["AAA", "BBB", "CCC", "AAA", "AAA"],
         "flow": ["export", "export", "export", "import", "export"],
         "value": [2000.0, 50.0, 9e5, 30.0, 290.0], "growth": [4.0, 900.0, 3.0, 1.0, None],
         "open_registry": [False, False, True, False, False], "entrepot": [False] * 5}
    )  # fmt: skip

    def test_registries_have_no_trade_and_small_trade_no_growth(self) -> None:
        found = inputs.trade(self.TRADE)
        assert "CCC" not in set(found["iso3"])
        grown = found[found["indicator"] == "china_export_growth"]
        assert grown[["iso3", "value"]].to_numpy().tolist() == [["AAA", 4.0]]

    def test_partner_reports_stand_apart(self) -> None:
        found = inputs.trade(self.TRADE).set_index(["indicator", "iso3"])["value"]
        assert found["partner_import", "AAA"] == 290.0
        assert found["china_export", "AAA"] == 2000.0

    def test_deals_of_two_periods_and_none_is_none(self) -> None:
        table = pd.DataFrame(
            {"iso3": ["AAA"] * 4, "kind": ["investment"] * 3 + ["construction"],
             "period": ["2010-2014", "2015-2019", "2020-2025", "2020-2025"],
             "broad_sector": "manufacturing", "deals": [8, 2, 3, 50]}
        )  # fmt: skip
        newest = inputs.deals(table, "manufacturing", ["AAA", "BBB"], 2024, 2024)
        assert newest.set_index("iso3")["value"].to_dict() == {"AAA": 5.0, "BBB": 0.0}
        assert set(newest["year"]) == {2024}
        before = inputs.deals(table, None, ["AAA"], 2021, 2024)  # the last had not ended
        assert before["value"].tolist() == [10.0]

    def test_projects_fade_by_half_in_five_years(self) -> None:
        table = pd.DataFrame(
            {"iso3": ["AAA", "BBB"], "year": [2016, 2021], "projects": [4, 1],
             "analysis_sector": ["health", "other"]}
        )  # fmt: skip
        found = inputs.projects(table, "health", 2024).set_index("iso3")["value"]
        assert found["AAA"] == pytest.approx(4 * 2 ** (-5 / 5))
        assert found["BBB"] == 0.0

    def test_growth_over_five_years_by_hand(self) -> None:
        trade = sme.load("trade_by_partner")
        rows = trade[
            (trade["reporter"] == "partner")
            & (trade["flow"] == "export")
            & (trade["iso3"] == "VNM")
        ].set_index("year")["value"]
        last = int(rows.index[rows.index <= 2024].max())
        first = int(rows.index[rows.index >= 2019].min())
        by_hand = np.log(rows[last] / rows[first]) / (last - first)
        found = model.figures("all").values.at["VNM", "partner_imports_growth"]
        assert found == pytest.approx(by_hand)

    def test_entrepots_have_blank_trade(self) -> None:
        values = model.figures("all").values
        for code in ("SGP", "HKG", "NLD", "ARE", "PAN", "LBR"):
            assert values.loc[code, ["chinese_exports", "partner_imports_growth"]].isna().all()
        assert values.at["VNM", "chinese_exports"] > 0


class TestDeclared:
    def test_every_indicator_has_a_reason_a_source_and_words(self) -> None:
        table = markets.structure()
        leaves = table[table["measure"].notna()]
        assert leaves[["reason", "table", "direction", "strong", "weak"]].notna().all(axis=None)

    def test_sector_weights_name_nodes_and_differ_from_the_default(self) -> None:
        base = markets.structure().set_index("code")["weight"]
        for row in sme.load("market_weights").itertuples():
            assert row.code in base.index

    def test_every_sector_of_the_crosswalk_can_be_asked(self) -> None:
        assert set(sme.load("sector_crosswalk")["analysis_sector"]) <= set(markets.sectors().index)

    def test_appetite_shares_sum_to_one_and_only_trade_safety_for_opportunity(self) -> None:
        low, high = (markets.appetite_weights(level) for level in (0.0, 1.0))
        assert [sum(low.values()), sum(high.values())] == pytest.approx([1, 1])
        assert low["safety"] > high["safety"]
        assert low["access"] == high["access"]

    def test_your_weights_come_last(self) -> None:
        found = markets.weights("software", "internet_users=7, opportunity=2")
        assert found.at["internet_users", "weight"] == 7
        assert found.at["opportunity", "set_by"] == "you"
        assert found.at["human_development", "set_by"] == "sector"

    @pytest.mark.parametrize(
        ("text", "message"),
        [("gpd=2", "did you mean 'gdp'"), ("gdp", "not of the form"), ("gdp=x", "number >= 0"),
         ("gdp=-1", "number >= 0"), ("gdp=1, gdp=2", "given twice"), ("market=2", "unknown node")],
    )  # fmt: skip
    def test_bad_weights(self, text: str, message: str) -> None:
        with pytest.raises(ParameterError, match=message):
            markets.weights("all", text)

    @pytest.mark.parametrize("value", ["bold", "1.5", -0.1, True, None])
    def test_bad_appetite(self, value: Any) -> None:
        with pytest.raises(ParameterError, match="low, medium, high or a number"):
            markets.appetite(value)

    def test_bad_sector_has_the_nearest(self) -> None:
        with pytest.raises(ParameterError, match="did you mean 'software'"):
            declared.sector_code("softwear")


class TestScore:
    def test_everyone_is_ranked_or_left_out_once(self) -> None:
        for found in (garments(), screened(group="ASEAN"), screened(risk_ceiling=0)):
            ranked, left = found.ranked["iso3"].tolist(), found.left_out["iso3"].tolist()
            assert len(ranked) + len(left) == len(set(ranked) | set(left))
            assert set(ranked) | set(left) == HOSTS
            assert found.attrition()["left"].iloc[-1] == len(ranked)

    def test_score_is_the_weighted_sum_of_its_items(self) -> None:
        found = garments()
        items = found.items[found.items["iso3"] == "IDN"].dropna(subset=["score"])
        assert items["weight"].sum() == pytest.approx(1)
        by_hand = (items["weight"] * items["score"]).sum()
        row = found.ranked.set_index("iso3").loc["IDN"]
        assert row["score"] == pytest.approx(by_hand)
        shares = markets.appetite_weights(0.5)
        parts = sum(shares[part] * row[part] for part in shares)
        assert row["score"] == pytest.approx(parts)

    def test_weights_of_units_with_gaps_sum_to_one(self) -> None:
        made = model.figures("all")
        index = model.index_of(made, markets.weights("all"))
        table = unit_weights(index)[list(index.structure.indicators)]
        assert np.allclose(table.sum(axis=1), 1)
        assert table.at["SGP", "chinese_exports"] == 0

    @pytest.mark.parametrize("code", ["gdp", "growth", "internet_users", "risk", "trade_agreement"])
    def test_improving_one_indicator_never_lowers_the_score(self, code: str) -> None:
        made = model.figures("all")
        weighed = markets.weights("all")
        better = made.values.copy()
        sign = 1 if made.leaves.at[code, "direction"] == "higher_is_better" else -1
        room = made.values[code].max() - made.values[code].min()
        step = 1.0 if code == "trade_agreement" else 0.2 * room
        better.loc["KEN", code] = np.clip(
            better.at["KEN", code] + sign * step, made.values[code].min(), made.values[code].max()
        )
        changed = model.Figures(**{**_fields(made), "values": better})
        before, after = (
            model.index_of(one, weighed).scores[declared.ROOT] for one in (made, changed)
        )
        # Goalposts are quantiles: one economy moves them hardly at all.
        assert after["KEN"] > before["KEN"] - 1e-9
        assert after["KEN"] - before["KEN"] >= (after - before).drop("KEN").abs().max()

    def test_leaving_out_changes_no_score(self) -> None:
        whole = screened().ranked.set_index("iso3")["score"]
        part = screened(exclude=("Germany", "JPN")).ranked.set_index("iso3")["score"]
        assert np.allclose(part, whole.reindex(part.index))

    def test_order_of_markets_and_exclusions_does_not_count(self) -> None:
        one = screened(current_markets=("VNM", "KHM"), exclude=("DEU", "FRA"))
        two = screened(current_markets=("Cambodia", "Viet Nam"), exclude=("France", "DE"))
        pd.testing.assert_frame_equal(one.ranked, two.ranked)
        assert np.array_equal(one.ranks, two.ranks)

    def test_equal_seeds_equal_draws(self) -> None:
        again = markets.screen("textiles_garments", ("Viet Nam", "Cambodia"), draws=60)
        assert np.array_equal(again.ranks, garments().ranks)

    def test_probabilities_of_the_first_n_sum_to_n(self) -> None:
        top = garments().top(10)
        assert top.between(0, 1).all()
        assert top.sum() == pytest.approx(10, abs=0.2)  # ties share a rank
        assert (garments().top(5) <= top + 1e-12).all()
        assert (garments().top(len(top)) == 1).all()

    def test_a_higher_appetite_favours_opportunity(self) -> None:
        low, high = screened(risk_appetite="low"), screened(risk_appetite="high")
        first = [found.ranked.head(15) for found in (low, high)]
        assert first[0]["risk"].mean() < first[1]["risk"].mean()
        assert first[0]["opportunity"].mean() < first[1]["opportunity"].mean()
        ranks = screened().appetites
        assert ranks["low"].to_dict() == low.ranked.set_index("iso3")["rank"].to_dict()

    def test_firms_differ_in_their_short_lists(self) -> None:
        lists = [
            set(found.ranked.head(10)["iso3"])
            for found in (
                garments(),
                screened(sector="solar_equipment"),
                screened(sector="software", current_markets=("Singapore",)),
            )
        ]
        assert all(len(a & b) <= 6 for a in lists for b in lists if a is not b)

    def test_an_earlier_year_knows_nothing_later(self) -> None:
        found = screened(year=2018)
        assert found.items.query("code == 'chinese_exports'").empty
        assert (found.figures.ages.min().dropna() >= 0).all()
        italy = [screened(year=y).figures.values.at["ITA", "belt_and_road"] for y in (2018, 2020)]
        assert italy == [0, 1]

    def test_leave_one_out_names_who_comes_and_goes(self) -> None:
        table = markets.leave_one_out(garments(), 10)
        for row in table.itertuples():
            come, go = ([x for x in text.split("; ") if x] for text in (row.enter, row.leave))
            assert len(come) == len(go) == 10 - row.stay


def _fields(made: model.Figures) -> dict[str, Any]:
    names = ("year", "sector", "values", "ages", "unsuited", "risk_error", "tree", "names")
    return {name: getattr(made, name) for name in (*names, "regions")}


class TestExclusions:
    def test_each_reason_is_given(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_text("economy;reason\nIran;on a list\nRussia;\n", encoding="utf-8-sig")
        found = markets.screen(
            "textiles_garments", ["Viet Nam"], exclude=["Myanmar"], exclude_file=path,
            group="Asia", minimum_population=5, risk_ceiling=60, draws=10,
        )  # fmt: skip
        left = found.left_out.set_index("iso3")
        assert left.at["VNM", "reason"] == "current"
        assert left.at["MMR", "reason"] == "excluded"
        assert left.at["IRN", "reason"] == "listed"
        assert left.at["IRN", "detail"].endswith("on a list")
        assert left.at["RUS", "reason"] == "listed"
        assert left.at["DEU", "reason"] == "elsewhere"
        assert left.at["BTN", "reason"] == "small"
        assert left.at["JPN", "reason"] == "unsuited"
        assert left.at["PRK", "reason"] == "no_data"
        assert left.at["AFG", "reason"] == "risky"
        assert left.at["MMR", "also"]  # too risky besides
        assert set(found.attrition()["reason"]) == set(markets.REASONS)

    def test_unsuited_only_where_the_sector_says_so(self) -> None:
        assert "JPN" in set(screened().ranked["iso3"])
        found = markets.screen("textiles_garments", only_suited=False, draws=5)
        assert "JPN" in set(found.ranked["iso3"])

    def test_nobody_left_is_an_answer(self) -> None:
        found = screened(risk_ceiling=0)
        for table in (found.ranked, found.top(10), found.short_list(10)):
            assert table.empty

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("country_code\nDE\n", "no column iso3 or economy"),
            ("iso3\nDEU\nXXQ\n", "line 3"),
            ("iso3,reason\n,none\n", "line 2: the economy is blank"),
            ("", "is empty"),
        ],
    )
    def test_bad_lists(self, tmp_path: Path, text: str, message: str) -> None:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=message):
            markets.read_list(path)

    def test_lists_that_are_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_bytes(b"iso3\n\xff\xfe\n")
        with pytest.raises(DataError, match="not UTF-8"):
            markets.read_list(path)
        with pytest.raises(DataError, match="there is no file"):
            markets.read_list(tmp_path / "none.csv")
        with pytest.raises(DataError, match="there is no file"):
            markets.read_list(tmp_path)

    def test_a_good_list(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_text('Reason,ISO3\n"a, b",Iran\n,IRN\n,CHN\n', encoding="utf-8")
        assert markets.read_list(path).to_numpy().tolist() == [["IRN", "a, b"]]

    @pytest.mark.parametrize(
        ("question", "error", "message"),
        [
            ({"exclude": ["Germny"]}, UnknownNameError, "Germany"),
            ({"exclude": "Germany"}, ParameterError, "list of economies"),
            ({"current_markets": ["China"]}, ParameterError, "home"),
            ({"minimum_population": -1}, ParameterError, "minimum_population is a number"),
            ({"risk_ceiling": 101}, ParameterError, "from 0 to 100"),
            ({"draws": 0}, ParameterError, "draws is a whole number"),
            ({"seed": -1}, ParameterError, "seed"),
            ({"year": 2009}, DataError, "from 2015"),
            ({"group": "Aseann"}, UnknownNameError, "ASEAN"),
        ],
    )
    def test_bad_questions(self, question: dict[str, Any], error: type, message: str) -> None:
        with pytest.raises(error, match=message):
            markets.screen(**question)


class TestCompare:
    def test_new_and_like(self) -> None:
        found = markets.compare(
            ["India", "Lao PDR"], ["Viet Nam", "Cambodia"], sector="textiles_garments"
        )
        table = found.table.set_index("iso3")
        assert table.at["LAO", "similarity"] > table.at["IND", "similarity"]
        assert "first market outside ASEAN" in table.at["IND", "new"]
        assert "first without an investment treaty" in table.at["IND", "new"]
        assert "outside ASEAN" not in table.at["LAO", "new"]

    def test_a_market_is_wholly_like_itself(self) -> None:
        found = markets.compare("Viet Nam", ["Viet Nam"])
        assert found.table["similarity"].tolist() == [100.0]
        assert not found.table[["better", "worse", "new"]].to_numpy().any()

    def test_what_is_better_is_so_by_the_score(self) -> None:
        found = markets.compare("Germany", ["Kenya"])
        items = found.items.set_index("code")
        assert items.at["risk", "value"] < items.at["risk", "current"]
        assert items.at["risk", "difference"] > relative.CLEAR

    def test_nothing_to_compare(self) -> None:
        with pytest.raises(ParameterError, match="one current market"):
            markets.compare(["Kenya"], [])
        with pytest.raises(ParameterError, match="one candidate"):
            markets.compare([], ["Kenya"])
