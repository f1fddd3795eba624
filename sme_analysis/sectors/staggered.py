"""Event study of a step that units take in different years (staggered adoption).

One regression on all units and years gives every cohort (those that took the step in one year) its
own effect in every year before and after, against a base of years just before, with effects of
unit and year (Sun and Abraham 2021; Wooldridge 2021, and 2023 for an exponential mean). The
cohorts' effects are then averaged by event time with the numbers of units as weights. A regression
with one "after" dummy instead would use units that took the step early as controls for later ones,
and goes wrong where effects differ or grow (Goodman-Bacon 2021).

Without other regressors and with every unit in every year, the estimates have a closed form, which
says what they rest on: in a linear regression the cohort's mean change from the base years less
that of the units that never took the step; in a Poisson regression the same with logarithms of
sums, so that units count by their amounts within a cohort, and amounts of zero are no obstacle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError
from ..statistics.numbers import Floats, column_names, positive_integer
from .regression import Family, Fit, fit

_EARLY = "took the step before the years observed"
_RESULT = ("estimate", "std_error", "low", "high", "p_value")


@dataclass(frozen=True)
class EventStudy:
    """Results of :func:`event_study`; estimates in log points, or in the unit of the outcome.

    Attributes
    ----------
    events : DataFrame
        One row per event time within the window, base years included as zero without an interval:
        `event_time`, `estimate`, `std_error`, `low`, `high`, `p_value`, `treated` (units behind
        the estimate: later event times rest on early cohorts only), `cohorts`.
    overall : DataFrame, one row
        Mean effect over all treated units and years from event time 0 to the end of the window:
        `estimate`, `std_error`, `low`, `high`, `p_value`, `mean_distance` (mean years from the
        middle of the base to the cells averaged), `treated` (units).
    drift : DataFrame, one row
        Slope per event year of the line through the base that fits the leads best (generalised
        least squares), with its interval: how fast the cohorts were moving apart beforehand.
    pre_trend : dict
        Joint Wald test that all leads in the window are zero: `statistic` (F), `df`, `p_value`.
    left_out : DataFrame
        `unit`, `reason`: units of cohorts that are too small or treated all along.
    controls : int, units that did not take the step in time
    level : float, coverage of the intervals
    fit : Fit, the regression
    """

    events: pd.DataFrame
    overall: pd.DataFrame
    drift: pd.DataFrame
    pre_trend: dict[str, float]
    left_out: pd.DataFrame
    controls: int
    level: float
    fit: Fit


def event_study(
    panel: pd.DataFrame,
    outcome: str,
    *,
    unit: str = "iso3",
    year: str = "year",
    cohort: str = "cohort",
    family: Family = "poisson",
    base: tuple[int, int] = (-1, -1),
    window: tuple[int, int] = (-5, 4),
    min_cohort: int = 5,
    within: str | None = None,
    level: float = 0.95,
) -> EventStudy:
    """Estimate what followed a step taken in different years.

    It takes parallel trends: without the step, the units that took it would have changed as those
    that did not, in proportion (Poisson) or in the outcome itself (linear); and no effect before
    the step. The leads test this for the years before, and nothing can for the years after.

    Parameters
    ----------
    panel : DataFrame, one row per unit and year; rows with a missing outcome are not used
    outcome : column; zero or more for Poisson
    unit, year : columns of the labels; errors are clustered by unit
    cohort : column, the year of the step; missing, or after the last year, for the controls
    family : "poisson" (log points; for amounts with zeros) or "gaussian"
    base : first and last event time of the base, both negative
    window : first and last event time that are shown, tested and averaged; every other event time
        has its own effect too, and is not assumed to be nil
    min_cohort : fewest units in a cohort; clustered errors of fewer cannot be trusted, and those
        of the others are corrected cohort by cohort (see :class:`.regression.Fit`)
    within : column, such as a region, within which years are compared
    level : coverage of the intervals

    Raises
    ------
    ParameterError
        If a column does not exist, a unit has two cohorts or stands twice in a year, or base and
        window do not fit together.
    DataError
        If no cohort, no control or no treated year is left.

    References
    ----------
    Sun and Abraham (2021), "Estimating Dynamic Treatment Effects in Event Studies with
    Heterogeneous Treatment Effects", section 4; Wooldridge (2023), "Simple Approaches to Nonlinear
    Difference-in-Differences with Panel Data"; Goodman-Bacon (2021). For proportions of the mean
    rather than log(1 + y): Chen and Roth (2024), "Logs with Zeros? Some Problems and Solutions".
    """
    positive_integer("min_cohort", min_cohort)
    if not window[0] <= base[0] <= base[1] < 0 <= window[1]:
        raise ParameterError(f"base {base} must lie before 0 within the window {window}.")
    data, left_out = _prepared(panel, outcome, unit, year, cohort, min_cohort, within)
    controls = int(data.loc[data["cohort"].isna(), "unit"].nunique())
    cells = _cells(data)
    if not (cells["event"] >= 0).any():
        raise DataError("no treated unit is left: cohorts are too small, or outside the years.")
    if not controls:
        raise DataError("no unit is left that did not take the step: there is no control.")
    estimated = cells.index[~cells["event"].between(*base)]
    dummies = pd.get_dummies(data["cell"], dtype="float64")[estimated]
    table = pd.concat([data, dummies], axis=1)
    fitted = fit(
        table.assign(stratum=data["cohort"].fillna(0)),
        "outcome",
        list(estimated),
        ["unit", "period"],
        cluster="unit",
        strata="stratum",
        family=family,
    )
    found = cells.loc[fitted.estimates.index]
    times = np.array(sorted({time for time in found["event"] if window[0] <= time <= window[1]}))
    weights = np.array([_mean_over(found, found["event"] == time) for time in times])
    leads, middle = times < 0, sum(base) / 2
    test = fitted.joint_test(weights[leads]) if leads.any() else (np.nan, 0, np.nan)
    return EventStudy(
        events=_events(fitted, weights, times, cells, base, level),
        overall=_overall(fitted, found, window[1], middle, level),
        drift=_drift(fitted, weights[leads], times[leads] - middle, level),
        pre_trend=dict(zip(("statistic", "df", "p_value"), test, strict=True)),
        left_out=left_out,
        controls=controls,
        level=level,
        fit=fitted,
    )


def _prepared(
    panel: pd.DataFrame,
    outcome: str,
    unit: str,
    year: str,
    cohort: str,
    min_cohort: int,
    within: str | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows to use with event time, cell and period, and the units left out with the reason."""
    column_names(panel, [unit, year], outcome, cohort, *([within] if within else []))
    data = pd.DataFrame(
        {
            "unit": panel[unit],
            "year": panel[year],
            "outcome": panel[outcome],
            "cohort": panel[cohort].astype("float64"),
            "within": panel[within] if within else "all",
        }
    ).dropna(subset=["outcome"])
    if data.duplicated(["unit", "year"]).any():
        raise ParameterError(f"event_study needs each {unit!r} once in a {year!r}.")
    if (data.groupby("unit")["cohort"].nunique(dropna=False) > 1).any():
        raise ParameterError(f"event_study needs one {cohort!r} for each {unit!r}.")
    data["cohort"] = data["cohort"].where(data["cohort"] <= data["year"].max())
    one = data.drop_duplicates("unit").sort_values("unit")
    early = one["cohort"] <= data["year"].min()
    few = one.groupby("cohort")["unit"].transform("size") < min_cohort
    reason = np.select([early, few], [_EARLY, f"cohort of fewer than {min_cohort}"], "")
    left_out = pd.DataFrame({"unit": one["unit"], "reason": reason})
    left_out = left_out[left_out["reason"] != ""].reset_index(drop=True)
    data = data[~data["unit"].isin(left_out["unit"])].reset_index(drop=True)
    data["event"] = data["year"] - data["cohort"]
    data["period"] = data.groupby(["year", "within"]).ngroup()
    whole = data[["cohort", "event"]].astype("Int64").astype("str")
    data["cell"] = ("c" + whole["cohort"] + "e" + whole["event"]).where(data["event"].notna())
    return data, left_out


def _cells(data: pd.DataFrame) -> pd.DataFrame:
    """Cohort, event time and number of units of every cell, indexed by its name."""
    cells = data.dropna(subset=["event"]).groupby("cell")
    table = cells.agg(cohort=("cohort", "first"), event=("event", "first"), units=("unit", "size"))
    return table.sort_values(["cohort", "event"]).astype("int64")


def _mean_over(cells: pd.DataFrame, chosen: pd.Series) -> Floats:
    """Weights of all cells that give the mean over the units of the chosen ones."""
    units = cells["units"].where(chosen, 0).to_numpy(dtype="float64")
    return np.asarray(units / units.sum(), dtype="float64")


def _events(
    fitted: Fit,
    weights: Floats,
    times: Floats,
    cells: pd.DataFrame,
    base: tuple[int, int],
    level: float,
) -> pd.DataFrame:
    table = fitted.combine(weights, [str(time) for time in times], level)
    table.insert(0, "event_time", times.astype("int64"))
    zero = pd.DataFrame({"event_time": range(base[0], base[1] + 1), "estimate": 0.0})
    table = pd.concat([table.drop(columns="term"), zero]).sort_values("event_time")
    by_time = cells.groupby("event")["units"].agg(treated="sum", cohorts="size")
    return table.merge(by_time, left_on="event_time", right_index=True, how="inner").reset_index(
        drop=True
    )


def _overall(
    fitted: Fit, cells: pd.DataFrame, last: int, middle: float, level: float
) -> pd.DataFrame:
    after = cells["event"].between(0, last)
    weights = _mean_over(cells, after)
    return (
        fitted.combine(weights[None, :], ["overall"], level)
        .drop(columns="term")
        .assign(
            mean_distance=float(weights @ (cells["event"].to_numpy() - middle)),
            treated=int(cells[after].groupby("cohort")["units"].max().sum()),
        )
    )


def _drift(fitted: Fit, leads: Floats, distance: Floats, level: float) -> pd.DataFrame:
    """Slope of the leads, by generalised least squares through zero at the base."""
    if not len(leads):
        return pd.DataFrame({name: [np.nan] for name in _RESULT})
    spread = leads @ fitted.covariance.to_numpy() @ leads.T
    pull = np.linalg.pinv(spread, hermitian=True) @ distance
    weights = (pull / (distance @ pull)) @ leads
    return fitted.combine(weights[None, :], ["drift"], level).drop(columns="term")
