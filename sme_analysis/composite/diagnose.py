"""Diagnosis: statistics, availability, correlations, consistency, components, importance."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError
from .arrays import Floats, number, one_of, skewness_kurtosis
from .components import principal
from .index import Index
from .structure import Structure

Correlation = Literal["pearson", "spearman", "kendall"]


def statistics(data: pd.DataFrame, *, skewness: float = 2.0, kurtosis: float = 3.5) -> pd.DataFrame:
    """Statistics of each column: counts, moments, quantiles, and an outlier flag.

    Parameters
    ----------
    data : DataFrame of numbers, units by indicators
    skewness, kurtosis : float
        `outliers` is true where |skewness| and kurtosis both reach these (as in `Treat`).

    Returns
    -------
    DataFrame by column
        n, missing, availability (share), unique, zeros, min, q25, median, mean, q75, max, sd
        (n - 1), skewness G1, kurtosis G2 (both bias-corrected), outliers, same (share of the most
        frequent value).
    """
    x = _floats(data)
    frame = pd.DataFrame(x, data.index, data.columns)
    skew, kurt = (part[0] for part in skewness_kurtosis(x[None]))
    n = frame.notna().sum()
    common = [frame[c].value_counts().max() if frame[c].notna().any() else 0 for c in frame]
    table = pd.DataFrame(
        {"n": n, "missing": len(frame) - n, "availability": n / max(len(frame), 1),
         "unique": frame.nunique(), "zeros": (frame == 0).sum(), "min": frame.min(),
         "q25": frame.quantile(0.25), "median": frame.median(), "mean": frame.mean(),
         "q75": frame.quantile(0.75), "max": frame.max(), "sd": frame.std(ddof=1)}
    )  # fmt: skip
    table["skewness"], table["kurtosis"] = skew, kurt
    table["outliers"] = (np.abs(skew) >= skewness) & (kurt >= kurtosis)
    table["same"] = np.divide(common, n.to_numpy(), out=np.zeros(len(n)), where=n.to_numpy() > 0)
    return table


def availability(structure: Structure, data: pd.DataFrame) -> pd.DataFrame:
    """Share of the indicators under each aggregate that each unit has, and the number missing."""
    columns = data[list(structure.indicators)]
    table = pd.DataFrame({"missing": columns.isna().sum(axis=1)}, index=data.index)
    for code in structure.top_down:
        table[code] = columns[list(structure.leaves(code))].notna().mean(axis=1)
    return table


def correlations(
    index: Index, level: int = 1, other: int | None = None, *, method: Correlation = "pearson",
    high: float = 0.92, low: float = 0.3,
) -> pd.DataFrame:  # fmt: skip
    """Correlations within a level or between two, pair by pair, with flags.

    Parameters
    ----------
    level, other : int
        1 for indicators (normalised) up to the index; `other` defaults to `level`.
    method : "pearson", "spearman" or "kendall" (tau-b)
    high, low : float
        Thresholds of the flags "redundant" and "weak".

    Returns
    -------
    DataFrame
        code, with, n (units that have both), correlation, same_parent (for one level), belongs
        (the first stands under the second), flag: "negative" for less than -0.4 within a family,
        "redundant" for at least `high` within a family, "weak" for less than `low` between a node
        and the aggregate above it; blank otherwise.

    References
    ----------
    Thresholds: Becker et al. (2022), plot_corr; OECD/JRC (2008), 4.1.
    """
    one_of("correlation", method, ("pearson", "spearman", "kendall"))
    number("high", high, -1, 1)
    number("low", low, -1, 1)
    structure, scores = index.structure, index.scores
    first, second = structure.at_level(level), structure.at_level(level if other is None else other)
    rows = []
    for place, a in enumerate(first):
        for b in second[place + 1 :] if first == second else second:
            pair = scores[[a, b]].dropna() if a != b else scores[[a]].dropna()
            varies = len(pair) > 1 and bool((np.ptp(pair.to_numpy(), axis=0) > 0).all())
            r = _correlation(pair[a], pair[b], method) if varies else np.nan
            family = structure.parents[a] == structure.parents[b]
            belongs = _under(structure, a, b) or _under(structure, b, a)
            flag = ""
            if family and r < -0.4:
                flag = "negative"
            elif family and r >= high:
                flag = "redundant"
            elif belongs and r < low:
                flag = "weak"
            rows.append((a, b, len(pair), r, family, belongs, flag))
    columns = ["code", "with", "n", "correlation", "same_parent", "belongs", "flag"]
    return pd.DataFrame(rows, columns=columns)


def _correlation(a: pd.Series, b: pd.Series, method: Correlation) -> float:
    if method == "kendall":
        from scipy.stats import kendalltau

        return float(kendalltau(a, b).statistic)
    if method == "spearman":
        a, b = a.rank(), b.rank()
    return float(np.corrcoef(a, b)[0, 1])


def _under(structure: Structure, code: str, above: str) -> bool:
    at = structure.parents[code]
    while at is not None and at != above:
        at = structure.parents[at]
    return at == above


def cronbach_alpha(data: pd.DataFrame, *, standardise: bool = True) -> float:
    """Cronbach's alpha: (Q / (Q - 1)) (1 - sum of variances / variance of the sum).

    Parameters
    ----------
    data : DataFrame, units by indicators; units with a missing value are left out
    standardise : bool
        Bring each indicator to variance one first.

    Raises
    ------
    DataError
        For fewer than two indicators or two complete units, or a sum that does not vary.

    References
    ----------
    Cronbach (1951); OECD/JRC (2008), eq. 18 and 4.3.
    """
    x = _floats(data)
    x = x[~np.isnan(x).any(axis=1)]
    if x.shape[1] < 2 or len(x) < 2:
        raise DataError(f"alpha needs two indicators and two complete units, not {x.shape[::-1]}.")
    spread = x.std(axis=0, ddof=1)
    if (np.ptp(x, axis=0) == 0).any():
        raise DataError("alpha needs indicators that vary among complete units.")
    x = (x - x.mean(axis=0)) / (spread if standardise else 1.0)
    total = x.sum(axis=1).var(ddof=1)
    if total <= 1e-12 * x.var(axis=0, ddof=1).sum():
        raise DataError("alpha is undefined: the sum of the indicators does not vary.")
    q = x.shape[1]
    return float(q / (q - 1) * (1 - x.var(axis=0, ddof=1).sum() / total))


def alpha_if_dropped(data: pd.DataFrame, *, standardise: bool = True) -> pd.DataFrame:
    """Alpha without each indicator, and its correlation with the sum of the others.

    OECD/JRC (2008), table 11.
    """
    x = pd.DataFrame(_floats(data), data.index, data.columns).dropna()
    z = (x - x.mean()) / x.std() if standardise else x
    rows = {}
    for code in data.columns:
        rest = z.drop(columns=code)
        rows[code] = (
            float(np.corrcoef(z[code], rest.sum(axis=1))[0, 1]),
            cronbach_alpha(rest, standardise=standardise) if rest.shape[1] > 1 else np.nan,
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=["correlation_with_rest", "alpha"])


def consistency(index: Index) -> pd.DataFrame:
    """Cronbach's alpha of the children of every aggregate that has two or more."""
    rows = []
    for code in index.structure.top_down:
        below = list(index.structure.children[code])
        if len(below) > 1:
            rows.append((code, len(below), cronbach_alpha(index.scores[below])))
    return pd.DataFrame(rows, columns=["code", "children", "alpha"])


def components(data: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Principal components: eigenvalues with shares of variance, and loadings.

    Parameters
    ----------
    data : DataFrame, units by indicators; units with a missing value are left out

    Returns
    -------
    variance : DataFrame by component: eigenvalue, share, cumulative
    loadings : DataFrame, indicators by components: correlations with the component

    References
    ----------
    OECD/JRC (2008), 4.1 and table 16.
    """
    found = principal(_floats(data))
    names = pd.Index(range(1, len(found.eigenvalues) + 1), name="component")
    variance = pd.DataFrame(
        {"eigenvalue": found.eigenvalues, "share": found.shares,
         "cumulative": np.cumsum(found.shares)}, names,
    )  # fmt: skip
    return variance, pd.DataFrame(found.loadings, data.columns, names)


def importance(index: Index) -> pd.DataFrame:
    """Effective weight of each node beside its squared correlation with the index.

    The squared Pearson correlation is the linear form of the correlation ratio, the share of the
    index's variance that fixing the node would take away: Paruolo, Saisana and Saltelli (2013),
    "Ratings and rankings: voodoo or science?". A weight is not an importance.
    """
    scores, root = index.scores, index.structure.root
    table = index.weights.set_index("code")[["name", "level", "effective"]]
    table = table[table.index != root]
    squared = {}
    for code in table.index:
        pair = scores[[code, root]].dropna()
        varies = len(pair) > 2 and bool((np.ptp(pair.to_numpy(), axis=0) > 0).all())
        squared[code] = _correlation(pair[code], pair[root], "pearson") ** 2 if varies else np.nan
    table["squared_correlation"] = pd.Series(squared)
    share = table["squared_correlation"] / table.groupby("level")["squared_correlation"].transform(
        "sum"
    )
    return table.assign(share=share)


def _floats(data: pd.DataFrame) -> Floats:
    if not isinstance(data, pd.DataFrame):
        raise ParameterError(f"data must be a DataFrame, not {type(data).__name__}.")
    for column in data.columns:
        kind = data[column].dtype
        if pd.api.types.is_bool_dtype(kind) or not pd.api.types.is_numeric_dtype(kind):
            raise DataError(f"column {column!r} is not numeric (dtype {kind}).")
    x = data.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(x).any():
        raise DataError("data must be finite or missing, and a value is infinite.")
    return x
