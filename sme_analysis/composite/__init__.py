"""Composite indicators: from a table of indicators to scores, ranks and how far to trust them.

General: units may be economies, firms or anything else. A `Structure` says which indicator belongs
where; a `Recipe` is a chain of small typed steps, each of which works on what the step before it
made; an `Index` is the result, with every step's report. `uncertainty` and `sensitivity` replay a
recipe many times on batched arrays.

>>> import pandas as pd
>>> from sme_analysis.composite import Aggregate, Geometric, Index, MinMax, Recipe
>>> nodes = pd.DataFrame({"code": ["all", "x", "y"], "parent": [None, "all", "all"]})
>>> table = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [5.0, 9.0, 6.0]}, ["A", "B", "C"])
>>> index = Index.build(nodes, table, Recipe(MinMax(1, 100), Aggregate(Geometric())))
>>> index.ranks()["all"].to_dict()
{'A': 3.0, 'B': 1.0, 'C': 2.0}

References
----------
OECD/JRC (2008), *Handbook on Constructing Composite Indicators: Methodology and User Guide*.
Becker, Caperna, Del Sorbo, Norlen, Papadimitriou and Saisana (2022), "COINr: An R package for
developing composite indicators", *Journal of Open Source Software* 7(78), 4567.
"""

from __future__ import annotations

from .adjust import compare, drop_one_out, rank_correlations, what_if
from .aggregate import Aggregate, Aggregator, Arithmetic, GeneralisedMean, Geometric, Harmonic
from .diagnose import (
    alpha_if_dropped,
    availability,
    components,
    consistency,
    correlations,
    cronbach_alpha,
    importance,
    statistics,
)
from .factors import (
    Alternatives,
    Factor,
    MeasurementError,
    Omission,
    RandomWeights,
    WeightNoise,
)
from .hierarchy import Judgement, judge
from .index import Index
from .normalise import (
    AboveBelowMean,
    AsMeasured,
    BordaScores,
    DistanceToBest,
    DistanceToReference,
    DistanceToTarget,
    FractionOfMaximum,
    Goalposts,
    MinMax,
    Mixed,
    PercentileRank,
    RankScores,
    RatioToReference,
    Scaled,
    ZScore,
)
from .optimise import OptimisedWeights
from .outrank import BordaCount, Copeland, Kemeny, outranking
from .prepare import Denominate, Impute, Screen
from .recipe import Recipe
from .scales import Normalisation
from .sensitivity import MeanRankShift, RankOf, ScoreOf, Sensitivity, sensitivity, sobol_indices
from .state import State, Step
from .structure import Structure
from .treat import Treat
from .uncertainty import Uncertainty, uncertainty
from .weigh import (
    AnalyticHierarchy,
    BudgetAllocation,
    EqualWeights,
    GivenWeights,
    PrincipalComponents,
    Weighting,
)

__all__ = [
    "AboveBelowMean",
    "Aggregate",
    "Aggregator",
    "Alternatives",
    "AnalyticHierarchy",
    "Arithmetic",
    "AsMeasured",
    "BordaCount",
    "BordaScores",
    "BudgetAllocation",
    "Copeland",
    "Denominate",
    "DistanceToBest",
    "DistanceToReference",
    "DistanceToTarget",
    "EqualWeights",
    "Factor",
    "FractionOfMaximum",
    "GeneralisedMean",
    "Geometric",
    "GivenWeights",
    "Goalposts",
    "Harmonic",
    "Impute",
    "Index",
    "Judgement",
    "Kemeny",
    "MeanRankShift",
    "MeasurementError",
    "MinMax",
    "Mixed",
    "Normalisation",
    "Omission",
    "OptimisedWeights",
    "PercentileRank",
    "PrincipalComponents",
    "RandomWeights",
    "RankOf",
    "RankScores",
    "RatioToReference",
    "Recipe",
    "Scaled",
    "ScoreOf",
    "Screen",
    "Sensitivity",
    "State",
    "Step",
    "Structure",
    "Treat",
    "Uncertainty",
    "WeightNoise",
    "Weighting",
    "ZScore",
    "alpha_if_dropped",
    "availability",
    "compare",
    "components",
    "consistency",
    "correlations",
    "cronbach_alpha",
    "drop_one_out",
    "importance",
    "judge",
    "outranking",
    "rank_correlations",
    "sensitivity",
    "sobol_indices",
    "statistics",
    "uncertainty",
    "what_if",
]
