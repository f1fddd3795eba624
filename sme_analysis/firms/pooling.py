"""Random-effects pooling of published estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate, in the unit of the estimates.

    Attributes
    ----------
    estimate, standard_error, low, high : float
        Mean of the effects, its standard error and the normal 95% interval.
    low_hk, high_hk : float
        Interval of Hartung and Knapp on Student's t, never narrower in its error than the normal
        one: the safer one for few studies.
    tau2 : float
        Variance of the effects between studies, not below zero.
    q, p : float
        Cochran's Q and its p-value against the hypothesis of one common effect.
    i2 : float
        Share of the variation that is more than chance, 0 to 1.
    count : int
        Number of estimates.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    low_hk: float
    high_hk: float
    tau2: float
    q: float
    p: float
    i2: float
    count: int


def pool(estimates: pd.Series, standard_errors: pd.Series) -> Pooled:
    """Pool estimates of independent studies by the method of DerSimonian and Laird.

    Parameters
    ----------
    estimates, standard_errors : Series
        One value a study, in one unit; standard errors are positive.

    Raises
    ------
    DataError
        If there are fewer than two estimates, or a value is missing or not positive.

    References
    ----------
    DerSimonian, R. and Laird, N. (1986), Meta-analysis in clinical trials, Controlled Clinical
    Trials 7, 177-188, equations 6 to 9. Hartung, J. and Knapp, G. (2001), Statistics in Medicine
    20, 3875-3889.

    Examples
    --------
    >>> found = pool(pd.Series([1.0, 3.0]), pd.Series([0.5, 0.5]))
    >>> round(found.estimate, 3), round(found.tau2, 3)
    (2.0, 1.75)
    """
    from scipy.stats import chi2, norm, t
    from statsmodels.stats.meta_analysis import combine_effects

    effects = np.asarray(estimates, dtype=float)
    errors = np.asarray(standard_errors, dtype=float)
    if len(effects) != len(errors):
        raise DataError(f"{len(effects)} estimates cannot be pooled with {len(errors)} errors")
    if len(effects) < 2:
        raise DataError("fewer than two estimates cannot be pooled")
    if not (np.isfinite(effects).all() and np.isfinite(errors).all() and (errors > 0).all()):
        raise DataError("every estimate needs a finite value and a standard error above zero")
    with np.errstate(divide="ignore", invalid="ignore"):  # of the negative value, see below
        fit = combine_effects(effects, errors**2, method_re="dl")
    # Where Q is below its degrees of freedom, tau squared is nil by definition; statsmodels goes on
    # with the negative value and would give too narrow an interval.
    part = "re" if fit.tau2 > 0 else "fe"
    mean, error = (float(getattr(fit, f"{name}_{part}")) for name in ("mean_effect", "sd_eff_w"))
    wider = max(error, float(getattr(fit, f"var_hksj_{part}")) ** 0.5)
    q, free = float(fit.q), len(effects) - 1
    normal, student = norm.isf(0.025) * error, t.isf(0.025, free) * wider
    return Pooled(
        estimate=mean, standard_error=error, low=mean - float(normal), high=mean + float(normal),
        low_hk=mean - float(student), high_hk=mean + float(student), tau2=max(0.0, float(fit.tau2)),
        q=q, p=float(chi2.sf(q, free)), i2=max(0.0, 1 - free / q) if q > 0 else 0.0,
        count=len(effects),
    )  # fmt: skip
