"""Worked examples printed in OECD/JRC (2008), Handbook on Constructing Composite Indicators.

Pages are those of the Handbook. The raw data (table A.2) are printed with two decimals for the
logarithms, so that statistics of telephones and electricity agree to about half a per cent.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sme_analysis import composite as co
from sme_analysis.composite.components import factor_weights, principal, varimax

TABLE_23 = [
    "Finland",
    "United States",
    "Sweden",
    "Japan",
    "Korea",
    "Netherlands",
    "United Kingdom",
    "Singapore",
    "Canada",
    "Australia",
    "Germany",
    "Norway",
    "Ireland",
    "Belgium",
    "New Zealand",
    "Austria",
    "France",
    "Israel",
    "Spain",
    "Italy",
    "Czech Republic",
    "Hungary",
    "Slovenia",
]
# Goalposts of the published index: UNDP, Human Development Report 2001, technical note 2.
POSTS = {
    "patents": (0, 994), "royalties": (0, 272.6), "internet": (0, 232.4), "exports": (0, 80.8),
    "telephones": (0, np.log10(901)), "electricity": (np.log10(22), np.log10(6969)),
    "schooling": (0.8, 12.0), "university": (0.1, 27.4),
}  # fmt: skip


def close(actual: object, expected: object, atol: float) -> None:
    np.testing.assert_allclose(
        np.asarray(actual, dtype=float), np.asarray(expected, dtype=float), 0, atol
    )


@pytest.fixture
def published(flat: pd.DataFrame) -> pd.DataFrame:
    """The structure with the goalposts of the published index."""
    low, high = zip(*POSTS.values(), strict=True)
    return flat.assign(lower=[None, *low], upper=[None, *high])


def profile(rankings: dict[str, int]) -> pd.DataFrame:
    """Units by indicators from "abc" -> number of indicators that rank a first, b second, ..."""
    columns = [ranking for ranking, n in rankings.items() for _ in range(n)]
    units = sorted(columns[0])
    cells = [[len(units) - ranking.index(unit) for ranking in columns] for unit in units]
    return pd.DataFrame(cells, units, [f"i{place}" for place in range(len(columns))], dtype=float)


def combined(method: co.Aggregator, data: pd.DataFrame) -> dict[str, float]:
    x, weights = data.to_numpy().T[None], np.full((1, data.shape[1]), 1 / data.shape[1])
    found = method.combine(x, weights, tuple(data.columns))[0]
    return dict(zip(data.index, found.tolist(), strict=True))


def support(data: pd.DataFrame, weights: float = 1.0) -> np.ndarray:
    x, equal = data.to_numpy().T[None], np.full((1, data.shape[1]), 1 / data.shape[1])
    return co.outranking(x, equal)[0] * data.shape[1] * weights


class TestMultivariate:
    def test_eigenvalues_table_16_p90(self, tai: pd.DataFrame) -> None:
        variance, _ = co.components(tai)
        close(variance["eigenvalue"], [3.3, 1.7, 1.0, 0.9, 0.5, 0.3, 0.2, 0.1], 0.06)
        close(100 * variance["share"], [41.9, 21.8, 12.3, 11.1, 6.0, 3.7, 2.2, 0.9], 0.15)
        close(variance["eigenvalue"].sum(), 8.0, 1e-9)

    def test_rotated_loadings_table_9_p71(self, tai: pd.DataFrame) -> None:
        printed = [
            [0.07, 0.97, 0.06, 0.06], [0.13, 0.07, -0.07, 0.93], [0.79, -0.21, 0.21, 0.42],
            [-0.64, 0.56, -0.04, 0.36], [0.37, 0.17, 0.38, 0.68], [0.82, -0.04, 0.25, 0.35],
            [0.88, 0.23, -0.09, 0.09], [0.08, 0.04, 0.96, 0.04],
        ]  # fmt: skip
        rotated = varimax(principal(tai.to_numpy()).loadings[:, :4])
        order = [int(np.argmax(np.abs(rotated.T @ np.array(printed)[:, [k]]))) for k in range(4)]
        close(rotated[:, order], printed, 0.013)
        close((rotated[:, order] ** 2).sum(axis=0), [2.64, 1.39, 1.19, 1.76], 0.025)

    def test_factor_weights_table_18_p91(self, tai: pd.DataFrame) -> None:
        printed = [0.17, 0.15, 0.11, 0.07, 0.08, 0.12, 0.14, 0.16]
        close(factor_weights(tai.to_numpy(), 4), printed, 0.0101)

    def test_factor_weights_from_the_printed_loadings_p90(self) -> None:
        # 0.24 x 0.38 for internet, ..., made to sum to one (note 25).
        own = np.array([0.67, 0.49, 0.24, 0.23, 0.26, 0.25, 0.29, 0.77])
        share = np.array([0.20, 0.25, 0.38, 0.20, 0.25, 0.38, 0.38, 0.17])
        close(own * share / (own * share).sum(), [0.17, 0.15, 0.11, 0.06, 0.08, 0.12, 0.14, 0.16],
              0.006)  # fmt: skip

    def test_cronbach_alpha_p72_and_table_11_p73(self, tai: pd.DataFrame) -> None:
        assert round(co.cronbach_alpha(tai), 2) == 0.70
        table = co.alpha_if_dropped(tai)
        rest = [0.261, 0.527, 0.566, -0.108, 0.701, 0.614, 0.451, 0.249]
        alpha = [0.704, 0.645, 0.636, 0.774, 0.603, 0.624, 0.662, 0.706]
        close(table["correlation_with_rest"], rest, 0.007)
        close(table["alpha"], alpha, 0.002)

    def test_kendall_p82(self) -> None:
        # The text prints 0.57 for 22 concordant pairs of 28: 4 * 22 / (8 * 7) - 1.
        heights, weights = range(1, 9), [3, 4, 1, 2, 5, 7, 8, 6]
        data = pd.DataFrame({"a": heights, "b": weights}, dtype=float)
        nodes = pd.DataFrame({"code": ["top", "a", "b"], "parent": [None, "top", "top"]})
        index = co.Index.build(nodes, data)
        (found,) = co.correlations(index, method="kendall")["correlation"]
        assert round(found, 2) == 0.57


# Table 15 (p. 87): mean years of school.
TABLE_15 = pd.DataFrame.from_dict(
    {
        # rank, z, min-max, c=mean, c=best, c=worst (ratio), difference from the mean, above/below,
        # percentile
        "Finland": (15, 0.26, 0.59, 1.04, 0.83, 1.41, 0.04, 0, 65.2),
        "United States": (23, 1.52, 1.00, 1.25, 1.00, 1.69, 0.25, 1, 100),
        "Sweden": (19, 1.14, 0.88, 1.19, 0.95, 1.61, 0.19, 0, 82.6),
        "Japan": (12, -0.06, 0.49, 0.99, 0.79, 1.34, -0.01, 0, 52.2),
        "Korea": (17, 0.76, 0.76, 1.13, 0.90, 1.52, 0.13, 0, 73.9),
        "Netherlands": (9, -0.12, 0.47, 0.98, 0.78, 1.32, -0.02, 0, 39.1),
        "United Kingdom": (9, -0.12, 0.47, 0.98, 0.78, 1.32, -0.02, 0, 39.1),
        "Canada": (20, 1.27, 0.92, 1.21, 0.97, 1.63, 0.21, 1, 87.0),
        "Australia": (18, 0.83, 0.78, 1.14, 0.91, 1.54, 0.14, 0, 78.3),
        "Singapore": (1, -1.58, 0.00, 0.74, 0.59, 1.00, -0.26, -1, 4.3),
        "Germany": (16, 0.38, 0.63, 1.06, 0.85, 1.44, 0.06, 0, 69.6),
        "Norway": (22, 1.46, 0.98, 1.24, 0.99, 1.68, 0.24, 1, 95.7),
        "Ireland": (9, -0.12, 0.47, 0.98, 0.78, 1.32, -0.02, 0, 39.1),
        "Belgium": (8, -0.19, 0.45, 0.97, 0.78, 1.31, -0.03, 0, 34.8),
        "New Zealand": (21, 1.33, 0.94, 1.22, 0.98, 1.65, 0.22, 1, 91.3),
        "Austria": (6, -0.76, 0.27, 0.88, 0.70, 1.18, -0.12, 0, 26.1),
        "France": (5, -1.08, 0.16, 0.82, 0.66, 1.11, -0.18, 0, 21.7),
        "Israel": (14, 0.00, 0.51, 1.00, 0.80, 1.35, 0.00, 0, 60.9),
        "Spain": (4, -1.46, 0.04, 0.76, 0.61, 1.03, -0.24, -1, 17.4),
        "Italy": (3, -1.52, 0.02, 0.75, 0.60, 1.01, -0.25, -1, 13.0),
        "Czech Republic": (12, -0.06, 0.49, 0.99, 0.79, 1.34, -0.01, 0, 52.2),
        "Hungary": (7, -0.31, 0.41, 0.95, 0.76, 1.28, -0.05, 0, 30.4),
        "Slovenia": (1, -1.58, 0.00, 0.74, 0.59, 1.00, -0.26, -1, 4.3),
    },
    orient="index",
)
METHODS = [
    co.RankScores(), co.ZScore(), co.MinMax(0, 1), co.RatioToReference("mean"),
    co.RatioToReference("best"), co.RatioToReference("worst"),
    co.RatioToReference("mean", difference=True), co.AboveBelowMean(0.2),
    co.PercentileRank(of="all"),
]  # fmt: skip


class TestNormalisation:
    @pytest.mark.parametrize("column", range(9), ids=lambda k: METHODS[k].label)
    def test_table_15_p87(self, tai: pd.DataFrame, flat: pd.DataFrame, column: int) -> None:
        index = co.Index.build(flat, tai, co.Recipe(METHODS[column], co.Aggregate()))
        decimals = 1 if column == 8 else 2
        close(index.scores["schooling"].reindex(TABLE_15.index), TABLE_15[column],
              0.5 * 10**-decimals + 1e-9)  # fmt: skip

    def test_interval_scales_table_14_p83(self) -> None:
        nodes = pd.DataFrame({"code": ["top", "t", "h"], "parent": [None, "top", "top"]})
        scores = {}
        for unit, (a, b) in {"C": ((35, 35.9), (39, 40)), "F": ((95, 96.62), (102.2, 104))}.items():
            for year in (0, 1):
                data = pd.DataFrame({"t": [a[year], b[year]], "h": [[75, 50], [70, 45]][year]},
                                    ["A", "B"], dtype=float)  # fmt: skip
                index = co.Index.build(
                    nodes, data, co.Recipe(co.FractionOfMaximum(), co.Aggregate())
                )
                scores[unit, year] = index.scores["top"].to_list()
        close(scores["C", 0], [0.949, 0.833], 6e-4)
        close(scores["C", 1], [0.949, 0.821], 6e-4)
        close(scores["F", 0], [0.965, 0.833], 6e-4)
        close(scores["F", 1], [0.965, 0.821], 6e-4)
        assert scores["C", 1][0] > scores["C", 0][0]  # what the text is about
        assert scores["F", 1][0] < scores["F", 0][0]


class TestWeightsAndRankings:
    def test_comparison_matrix_table_20_p97(self) -> None:
        half, third, fifth, quarter = 1 / 2, 1 / 3, 1 / 5, 1 / 4
        matrix = [
            [1, 2, 3, 2, 5, 5, 1, 3], [half, 1, 2, half, 4, 4, half, 3],
            [third, half, 1, quarter, 2, 2, fifth, half], [half, 2, 4, 1, 4, 4, half, 3],
            [fifth, quarter, half, quarter, 1, 1, fifth, half],
            [fifth, quarter, half, quarter, 1, 1, fifth, half], [1, 2, 5, 2, 5, 5, 1, 4],
            [third, third, 2, third, 2, 2, quarter, 1],
        ]  # fmt: skip
        found = co.judge(matrix)
        vector = np.linalg.matrix_power(np.array(matrix), 60) @ np.ones(8)
        close(found.weights, vector / vector.sum(), 1e-12)
        assert found.ratio < 0.1  # the rule of thumb of p. 98
        close(found.index, (found.eigenvalue - 8) / 7, 1e-12)

    def test_published_index(self, tai: pd.DataFrame, published: pd.DataFrame) -> None:
        """UNDP (2001), Human Development Report, annex table A2.1: scores of the same index."""
        printed = [
            0.744, 0.733, 0.703, 0.698, 0.666, 0.630, 0.606, 0.589, 0.587, 0.585, 0.583, 0.579,
            0.566, 0.553, 0.548, 0.544, 0.535, 0.514, 0.481, 0.471, 0.465, 0.464, 0.458,
        ]  # fmt: skip
        # UNDP had no royalties for Singapore and counted them as zero.
        tai.loc["Singapore", "royalties"] = 0.0
        index = co.Index.build(published, tai, co.Recipe(co.Goalposts(top=1.0), co.Aggregate()))
        close(index.scores["tai"], printed, 0.0016)

    def test_equal_weights_table_23_and_linear_table_38(
        self, tai: pd.DataFrame, published: pd.DataFrame
    ) -> None:
        index = co.Index.build(published, tai, co.Recipe(co.Goalposts(), co.Aggregate()))
        assert index.ranks()["tai"].reindex(TABLE_23).to_list() == list(range(1, 24))

    @pytest.mark.parametrize(
        ("weights", "printed", "astray"),
        [
            # Tables 22 and 23 (p. 100). With weights printed to two decimals, neighbours may swap.
            ((17, 15, 11, 6, 8, 13, 13, 17),
             (1, 2, 3, 4, 5, 6, 8, 11, 10, 7, 12, 9, 14, 15, 13, 16, 17, 18, 19, 20, 21, 23, 22),
             4),
            ((11, 11, 11, 18, 10, 6, 15, 18),
             (1, 2, 3, 5, 4, 8, 7, 6, 10, 11, 9, 13, 12, 14, 17, 15, 16, 18, 19, 21, 22, 20, 23),
             0),
            ((9, 10, 7, 21, 5, 6, 18, 25),
             (1, 3, 4, 5, 2, 11, 7, 6, 10, 9, 8, 16, 12, 13, 18, 15, 14, 17, 19, 21, 22, 20, 23),
             3),
        ], ids=["FA", "BAP", "AHP"],
    )  # fmt: skip
    def test_other_weights_table_23(
        self, tai: pd.DataFrame, published: pd.DataFrame, weights: tuple[int, ...],
        printed: tuple[int, ...], astray: int,
    ) -> None:  # fmt: skip
        chosen = co.GivenWeights(dict(zip(tai.columns, weights, strict=True)))
        recipe = co.Recipe(co.Goalposts(), chosen, co.Aggregate())
        ranks = co.Index.build(published, tai, recipe).ranks()["tai"].reindex(TABLE_23)
        away = np.abs(ranks.to_numpy() - np.array(printed))
        assert (away > 0).sum() == astray
        assert away.max() <= 2

    def test_budget_allocation_gives_the_same_as_its_mean(
        self, tai: pd.DataFrame, published: pd.DataFrame
    ) -> None:
        points = pd.DataFrame(
            [[10, 12, 10, 20, 10, 6, 14, 18], [12, 10, 12, 16, 10, 6, 16, 18]],
            columns=tai.columns, dtype=float,
        )  # fmt: skip
        recipe = co.Recipe(co.Goalposts(), co.BudgetAllocation(points), co.Aggregate())
        index = co.Index.build(published, tai, recipe)
        close(
            index.weights["effective"][:8], [0.11, 0.11, 0.11, 0.18, 0.10, 0.06, 0.15, 0.18], 1e-12
        )

    def test_geometric_table_38_p116(self, tai: pd.DataFrame, flat: pd.DataFrame) -> None:
        printed = [
            2,
            1,
            3,
            4,
            16,
            5,
            6,
            18,
            13,
            14,
            8,
            11,
            7,
            9,
            17,
            12,
            10,
            15,
            19,
            21,
            23,
            22,
            20,
        ]
        recipe = co.Recipe(co.AsMeasured(), co.Aggregate(co.Geometric()))
        index = co.Index.build(flat, tai, recipe)
        assert index.ranks()["tai"].reindex(TABLE_23).to_list() == printed


class TestAggregation:
    def test_additive_and_geometric_p104(self) -> None:
        data = pd.DataFrame([[21, 1, 1, 1], [6, 6, 6, 6.0]], ["one", "two"])
        assert combined(co.Arithmetic(), data) == {"one": 6.0, "two": 6.0}
        geometric = combined(co.Geometric(), data)
        assert round(geometric["one"], 2) == 2.14
        assert round(geometric["two"], 2) == 6.00
        more = data + np.array([0, 1, 0, 0])
        assert round(combined(co.Geometric(), more)["one"], 2) in (2.54, 2.55)
        assert round(combined(co.Geometric(), more)["two"], 2) == 6.24  # printed 6.23, cut short

    def test_borda_tables_25_and_26_p106(self) -> None:
        votes = profile({"abcd": 3, "acbd": 5, "bdca": 7, "cbda": 6})
        points = {unit: 21 * score for unit, score in combined(co.BordaCount(), votes).items()}
        assert {unit: round(p, 9) for unit, p in points.items()} == {
            "a": 24,
            "b": 44,
            "c": 38,
            "d": 20,
        }

    def test_condorcet_table_27_p107(self) -> None:
        votes = profile({"abcd": 3, "acbd": 5, "bdca": 7, "cbda": 6})
        matrix = np.nan_to_num(support(votes))
        close(matrix, [[0, 8, 8, 8], [13, 0, 10, 21], [13, 11, 0, 14], [13, 0, 7, 0]], 1e-9)
        ranked = co.Kemeny().rankings(support(votes))[1]
        assert [[votes.index[place] for place in one] for one in ranked] == [["c", "b", "d", "a"]]
        assert combined(co.Copeland(), votes) == {"a": -3, "b": 1, "c": 3, "d": -1}

    def test_condorcet_tables_28_to_30_p108_and_111(self) -> None:
        votes = profile({"abc": 23, "bca": 17, "bac": 2, "cab": 10, "cba": 8})
        points = {unit: 60 * score for unit, score in combined(co.BordaCount(), votes).items()}
        assert {unit: round(p, 9) for unit, p in points.items()} == {"a": 58, "b": 69, "c": 53}
        close(np.nan_to_num(support(votes)), [[0, 33, 25], [27, 0, 42], [35, 18, 0]], 1e-9)
        total, ranked = co.Kemeny().rankings(support(votes, 1 / 60))
        assert ranked == [(1, 2, 0)]
        close(60 * total, 104, 1e-9)

    def test_fishburn_tables_31_to_33_p109(self) -> None:
        votes = profile({"cbad": 3, "badc": 2, "adcb": 2})
        points = {
            unit: round(7 * score, 9) for unit, score in combined(co.BordaCount(), votes).items()
        }
        assert points == {"a": 13, "b": 12, "c": 11, "d": 6}
        fewer = combined(co.BordaCount(), votes.drop(index="d"))
        assert {unit: round(7 * s, 9) for unit, s in fewer.items()} == {"a": 6, "b": 7, "c": 8}

    def test_unsolvable_table_34_p112(self) -> None:
        votes = profile({"abc": 1, "cab": 1, "bca": 1})
        scores = combined(co.Kemeny(), votes)
        close(list(scores.values()), [1, 1, 1], 1e-12)
        ranked = co.Kemeny().rankings(support(votes, 1 / 3))[1]
        assert sorted(ranked) == [(0, 1, 2), (1, 2, 0), (2, 0, 1)]
        close(list(combined(co.BordaCount(), votes).values()), [1, 1, 1], 1e-12)

    def test_outranking_tables_35_to_37_p113(self, tai: pd.DataFrame) -> None:
        five = tai.loc[["Finland", "United States", "Sweden", "Japan", "Korea"]].copy()
        five["telephones"] = [3.080, 2.997, 3.096, 3.003, 2.972]
        five["electricity"] = [4.150, 4.073, 4.145, 3.865, 3.653]
        matrix = support(five, 1 / 8)
        close(
            np.nan_to_num(matrix),
            [[0, 0.5, 0.375, 0.75, 0.625], [0.5, 0, 0.5, 0.625, 0.625],
             [0.625, 0.5, 0, 0.75, 0.625], [0.25, 0.375, 0.25, 0, 0.75],
             [0.375, 0.375, 0.375, 0.25, 0]], 1e-12,
        )  # fmt: skip
        total, ranked = co.Kemeny().rankings(matrix)
        close(total, 6.375, 1e-12)
        names = [[five.index[place] for place in one[:3]] for one in ranked]
        assert sorted(names) == [
            ["Sweden", "Finland", "United States"], ["Sweden", "United States", "Finland"],
            ["United States", "Sweden", "Finland"],
        ]  # fmt: skip
        assert all([five.index[p] for p in one[3:]] == ["Japan", "Korea"] for one in ranked)
