"""Regressions with fixed effects and errors clustered by host: Poisson and linear.

The estimates are those of `statsmodels`, which is in every channel that this project installs from.
It has no fixed effects of its own beyond dummy columns,
which here would be thousands; so the effects are partialled out first (:mod:`.absorb`), which by
the theorem of Frisch, Waugh and Lovell gives the estimates of the regression with all dummies.
Both libraries are imported when a regression is run, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError
from ..statistics.numbers import Floats, column_names, floats, one_of, ratio
from .absorb import Effects

Family = Literal["poisson", "gaussian"]
_COLLINEAR = 1e-7  # share of a column's length that must be left for it to be estimated
_ITERATIONS = 200


@dataclass(frozen=True)
class Fit:
    """A fitted regression.

    Errors are clustered. The clusters may fall into strata of clusters that are alike, such as the
    cohorts of an event study, on each of which some estimates rest alone. Then a correction for the
    number of all clusters would be far too small; here it is made stratum by stratum, with n / (n -
    1) for n clusters and degrees of freedom after Satterthwaite (1946). That is the correction of
    Bell and McCaffrey (2002) where a stratum's clusters have the same regressors. With one stratum
    it is the usual G / (G - 1), with G - 1 degrees of freedom.

    Attributes
    ----------
    terms : tuple of str, all those asked for
    estimates : Series, by term as far as estimated; log points for a Poisson regression
    influence : DataFrame, clusters x terms; what each cluster adds to the error of each estimate
    strata : Series, the stratum of each cluster
    observations : int, those used
    missing, singletons, separated : int, rows dropped before and why
    """

    terms: tuple[str, ...]
    estimates: pd.Series
    influence: pd.DataFrame
    strata: pd.Series
    observations: int
    missing: int
    singletons: int
    separated: int

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return len(self.influence)

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the estimates, terms x terms."""
        scaled = self.influence.mul(np.sqrt(self._size() / (self._size() - 1)), axis=0)
        return scaled.T @ scaled

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Estimates with intervals from Student's t.

        Returns
        -------
        DataFrame
            `term`, `estimate`, `std_error`, `low`, `high`, `p_value`; all missing for a term that
            the fixed effects or the terms before it explain wholly.
        """
        names = self.estimates.index.to_list()
        table = self.combine(np.eye(len(names)), names, level).set_index("term")
        return table.reindex(pd.Index(self.terms, name="term")).reset_index()

    def combine(self, weights: Floats, names: Sequence[str], level: float = 0.95) -> pd.DataFrame:
        """Linear combinations of the estimates (one per row of `weights`), as in :meth:`table`."""
        from scipy import stats

        value = weights @ self.estimates.to_numpy()
        error = np.sqrt(np.diag(weights @ self.covariance.to_numpy() @ weights.T))
        freedom = self._freedom(weights)
        reach = stats.t.ppf(0.5 + level / 2, freedom) * error
        return pd.DataFrame(
            {
                "term": list(names),
                "estimate": value,
                "std_error": error,
                "low": value - reach,
                "high": value + reach,
                "p_value": 2 * stats.t.sf(np.abs(ratio(value, error)), freedom),
            }
        )

    def joint_test(self, weights: Floats) -> tuple[float, int, float]:
        """Wald test that all combinations are zero: F, numerator degrees of freedom, p-value.

        With q combinations and d degrees of freedom, the fewest of any of them, the statistic is
        (d - q + 1) / (d q) W on (q, d - q + 1) degrees, as Hotelling's (Pustejovsky and Tipton
        2018); its p-value is missing where d is too small for q.
        """
        from scipy import stats

        value = weights @ self.estimates.to_numpy()
        spread = weights @ self.covariance.to_numpy() @ weights.T
        rank = int(np.linalg.matrix_rank(spread, hermitian=True))
        freedom = float(self._freedom(weights).min()) - rank + 1 if rank else 0.0
        if freedom <= 0:
            return float("nan"), rank, float("nan")
        wald = float(value @ np.linalg.pinv(spread, hermitian=True) @ value)
        statistic = wald * freedom / ((freedom + rank - 1) * rank)
        return statistic, rank, float(stats.f.sf(statistic, rank, freedom))

    def _size(self) -> pd.Series:
        """Number of clusters in the stratum of each."""
        return self.strata.map(self.strata.value_counts())

    def _freedom(self, weights: Floats) -> Floats:
        """Degrees of freedom of each combination."""
        size = self._size().to_numpy(dtype="float64")
        squares = (self.influence.to_numpy() @ weights.T) ** 2 * (size / (size - 1))[:, None]
        parts = pd.DataFrame(squares).groupby(self.strata.to_numpy()).sum().to_numpy()
        sizes = pd.Series(size).groupby(self.strata.to_numpy()).first().to_numpy()
        return ratio(parts.sum(axis=0) ** 2, (parts**2 / (sizes - 1)[:, None]).sum(axis=0))


def fit(
    frame: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    effects: Sequence[str],
    *,
    cluster: str,
    strata: str | None = None,
    family: Family = "poisson",
) -> Fit:
    """Fit E[y] = exp(x b + effects) by Poisson pseudo-maximum likelihood, or y = x b + effects.

    The Poisson estimates need only that the mean is right: the outcome may be any amount of zero
    or more, of any variance. Rows that carry no information are dropped first: rows with a missing
    value, those of an effect that stands once (singletons; Correia 2015) and, for Poisson, those of
    effects and of regressors under which every outcome is zero (separation), where no finite
    estimate exists and the others are not affected.

    Parameters
    ----------
    frame : DataFrame, one row per observation
    outcome : column of the outcome; zero or more for Poisson
    terms : columns of the regressors
    effects : one or two columns of labels
    cluster : column of labels within which errors may be correlated
    strata : column of labels of clusters that are alike (see :class:`Fit`); by default all are
    family : "poisson" or "gaussian"

    Raises
    ------
    ParameterError
        If a column does not exist, or the outcome is negative in a Poisson regression.
    DataError
        If nothing is left to estimate from, or the iterations do not settle.

    References
    ----------
    Santos Silva and Tenreyro (2006), "The Log of Gravity"; Correia, Guimarães and Zylkin (2020),
    "Fast Poisson Estimation with High-Dimensional Fixed Effects", sections 3 and 4; the same
    (2021), "Verifying the Existence of Maximum Likelihood Estimates for GLMs", on separation.
    """
    one_of("family", family, ("poisson", "gaussian"))
    if not 1 <= len(effects) <= 2:
        raise ParameterError(f"fit takes one or two sets of effects, not {len(effects)}.")
    kept = [*effects, cluster, *([strata] if strata else [])]
    names = list(dict.fromkeys(column_names(frame, kept, outcome, *terms)))
    data = frame[names].dropna()
    missing = len(frame) - len(data)
    if family == "poisson" and (data[outcome] < 0).any():
        raise ParameterError(f"a Poisson regression cannot take a negative {outcome!r}.")
    keep, singletons, separated = _informative(data, outcome, terms, effects, family)
    data = data[keep]
    if data.empty:
        raise DataError(f"no observation of {outcome!r} is left to estimate from.")
    y, x = floats(data[outcome]), floats(data[list(terms)])
    estimates, scores, chosen = _solve(y, x, Effects(data[list(effects)]), family)
    labels = [term for term, used in zip(terms, chosen, strict=True) if used]
    groups = data[cluster].to_numpy()
    strata_of = data.groupby(cluster)[strata].first() if strata else None
    influence = pd.DataFrame(scores, columns=labels).groupby(groups).sum()
    return Fit(
        terms=tuple(terms),
        estimates=pd.Series(estimates, labels, name="estimate"),
        influence=influence,
        strata=pd.Series(0, influence.index) if strata_of is None else strata_of,
        observations=len(data),
        missing=missing,
        singletons=singletons,
        separated=separated,
    )


def _informative(
    data: pd.DataFrame, outcome: str, terms: Sequence[str], effects: Sequence[str], family: Family
) -> tuple[pd.Series, int, int]:
    """Which rows to keep, and how many are singletons and how many are separated.

    One kind of drop can make the other, so both are repeated until nothing changes.
    """
    keep = pd.Series(True, index=data.index)
    dropped = {"singletons": 0, "separated": 0}
    # A regressor that is zero or more separates as an effect does where it is above zero.
    marks = [term for term in terms if family == "poisson" and (data[term] >= 0).all()]
    while True:
        left = data[keep]
        separated = pd.Series(False, index=left.index)
        single = separated.copy()
        for name in effects:
            group = left.groupby(name)[outcome]
            single |= group.transform("size") == 1
            if family == "poisson":
                separated |= group.transform("sum") == 0
        for term in marks:
            above = left[term] > 0
            if above.any() and left.loc[above, outcome].sum() == 0:
                separated |= above
        single &= ~separated
        if not (separated | single).any():
            return keep, dropped["singletons"], dropped["separated"]
        dropped["separated"] += int(separated.sum())
        dropped["singletons"] += int(single.sum())
        keep = keep & ~(separated | single).reindex(keep.index, fill_value=False)


def _solve(
    y: Floats, x: Floats, effects: Effects, family: Family
) -> tuple[Floats, Floats, list[bool]]:
    """Estimates, each row's influence on them, and which columns of `x` can be estimated."""
    import statsmodels.api as sm

    ones = np.ones_like(y)
    chosen = _independent(x, effects.residuals(x, ones))
    if not any(chosen):
        return np.zeros(0), np.zeros((len(y), 0)), chosen
    x = x[:, chosen]
    if family == "gaussian":
        left = effects.residuals(np.column_stack([y, x]), ones)
        within, start = left[:, 1:], None
        model = sm.GLM(left[:, 0], within, family=sm.families.Gaussian())
    else:
        # With the effects as an offset and the regressors net of them, the score, the information
        # and so the estimates and their covariance are those of the regression with all dummies.
        within, start, linear = _poisson(y, x, effects)
        offset = linear - within @ start
        model = sm.GLM(y, within, family=sm.families.Poisson(), offset=offset)
    result = model.fit(start_params=start)
    inverse = np.asarray(result.normalized_cov_params)
    influence = (within * np.asarray(result.resid_response)[:, None]) @ inverse
    return np.asarray(result.params), influence, chosen


def _poisson(y: Floats, x: Floats, effects: Effects) -> tuple[Floats, Floats, Floats]:
    """Solve a Poisson regression with effects by iteratively reweighted least squares.

    Returns the regressors net of the effects at the final weights, the slopes, and the linear
    index, effects included.
    """
    mean = (y + y.mean()) / 2
    linear, deviance = np.log(mean), np.inf
    for _ in range(_ITERATIONS):
        working = linear + y / mean - 1.0
        left = effects.residuals(np.column_stack([working, x]), mean)
        target, within = left[:, 0], left[:, 1:]
        weighted = within * mean[:, None]
        slopes = np.linalg.lstsq(within.T @ weighted, weighted.T @ target, rcond=None)[0]
        linear = working - (target - within @ slopes)
        mean = np.exp(np.clip(linear, -500.0, 500.0))
        before = deviance
        deviance = 2.0 * float((mean - y - np.where(y > 0, y * (linear - _log(y)), 0.0)).sum())
        if abs(before - deviance) <= 1e-12 * max(1.0, abs(deviance)):
            return within, slopes, linear
    raise DataError("the Poisson regression did not settle: an outcome may still be separated.")


def _log(y: Floats) -> Floats:
    return np.asarray(np.log(np.where(y > 0, y, 1.0)), dtype="float64")


def _independent(x: Floats, within: Floats) -> list[bool]:
    """Columns that neither the effects nor the columns before them explain."""
    if not x.shape[1]:
        return []
    length = np.linalg.norm(x, axis=0)
    scaled = within / np.where(length > 0, length, 1.0)
    chosen: list[bool] = []
    basis = np.zeros((len(x), 0))
    for column in scaled.T:
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        size = np.linalg.norm(rest)
        chosen.append(bool(size > _COLLINEAR))
        if chosen[-1]:
            basis = np.column_stack([basis, rest / size])
    return chosen
