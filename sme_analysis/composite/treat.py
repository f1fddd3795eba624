"""Outliers: test skewness and kurtosis, winsorise point by point, else transform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError
from .arrays import Floats, highest, lowest, number, one_of, skewness_kurtosis, whole
from .prepare import cells
from .state import Frames, Over, State, Step, check_over

Transform = Literal["log", "plain log", "box-cox", "none"]


@dataclass(frozen=True)
class Treat(Step):
    """Treat the indicators whose distribution fails the test on skewness and kurtosis.

    An indicator fails when |skewness| >= `skewness` and kurtosis >= `kurtosis`. It is then
    winsorised point by point: the extreme value on the side of the skew takes the next one's
    value, until it passes or more than `winsorise` points would have changed. If it still fails,
    the values as they came in are transformed by `then`; every transform is increasing.

    Parameters
    ----------
    skewness, kurtosis : float
        Limits for the bias-corrected skewness G1 and excess kurtosis G2.
    winsorise : int
        Most points to winsorise in one indicator; points tied at the extreme count each.
    then : "log", "plain log", "box-cox" or "none"
        "log" is ln(x - min + a) with a = 1% of the range, mirrored, -ln(max - x + a), where the
        skew is to the left. "plain log" is ln(x) and refuses values not above zero. "box-cox" is
        (x^k - 1) / k of x over its geometric mean, with k of highest likelihood, after the shift
        of "log" (and its mirror) where a value is not above zero or the skew is to the left.
    overrides : mapping of indicator code to Treat or None
        Other settings for some indicators; None leaves one untreated.
    over : "panel" or "year"
        Test and treat all rows of a panel together (the default), or each year by itself.

    Notes
    -----
    Becker et al. (2022), function Treat, whose log carries no sign; OECD/JRC (2008), 5.1. Fewer
    than four values, or a constant, cannot be tested and pass.
    """

    skewness: float = 2.0
    kurtosis: float = 3.5
    winsorise: int = 5
    then: Transform = "log"
    overrides: Mapping[str, Treat | None] = field(default_factory=dict)
    over: Over = "panel"

    def __post_init__(self) -> None:
        number("skewness", self.skewness, 0)
        number("kurtosis", self.kurtosis)
        whole("winsorise", self.winsorise, 0)
        one_of("transform", self.then, get_args(Transform))
        check_over(self.over)
        for code, other in self.overrides.items():
            if other is not None and (not isinstance(other, Treat) or other.overrides):
                raise ParameterError(
                    f"overrides[{code!r}] must be a Treat without overrides or None."
                )

    def transform(self, state: State) -> State:
        """Treat every indicator by its own settings."""
        values = state.values.copy()
        for settings, places in self._plan(state):
            if settings is not None:
                for rows in state.sections(settings.over):
                    part = values[:, rows[:, None], places]
                    names = [state.structure.indicators[place] for place in places]
                    values[:, rows[:, None], places] = settings._treated(part, names)
        return replace(state, values=values)

    def report(self, before: State, after: State) -> Frames:
        """`treatment`: a row an indicator; `treated_points`: every winsorised cell.

        In `treatment`, `action` says "passes", "winsorised n", the transform, or "fails still".
        """
        old, new = before.values, after.values
        changed = (old[0] != new[0]) & ~np.isnan(old[0])
        tests = [moment[0] for moment in (*skewness_kurtosis(old), *skewness_kurtosis(new))]
        table = pd.DataFrame(
            {"code": before.structure.indicators, "skewness_before": tests[0],
             "kurtosis_before": tests[1], "skewness": tests[2], "kurtosis": tests[3],
             "points_changed": changed.sum(axis=0)}
        )  # fmt: skip
        actions, transformed = [], np.zeros(old.shape[2], dtype=bool)
        settings_of = {place: s for s, places in self._plan(before) for place in places}
        for place, settings in sorted(settings_of.items()):
            action, transformed[place] = _action(settings, old[:1, :, place], new[:1, :, place])
            actions.append(action.replace("{n}", str(int(changed[:, place].sum()))))
        table["action"] = actions
        points = {"before": old[0], "after": new[0]}
        return {"treatment": table, "treated_points": cells(before, changed & ~transformed, points)}

    def _plan(self, state: State) -> list[tuple[Treat | None, list[int]]]:
        indicators = state.structure.indicators
        for code in self.overrides:
            state.structure.place(code)
            if code not in indicators:
                raise ParameterError(f"overrides names {code!r}, which is not an indicator.")
        rest = [place for place, code in enumerate(indicators) if code not in self.overrides]
        own = [(other, [state.structure.places[code]]) for code, other in self.overrides.items()]
        return [(self, rest), *own] if rest else list(own)

    def _fails(self, x: Floats) -> np.ndarray:
        skew, kurt = skewness_kurtosis(x)
        return np.asarray((np.abs(skew) >= self.skewness) & (kurt >= self.kurtosis))

    def _treated(self, x: Floats, names: list[str]) -> Floats:
        draws, places = np.nonzero(self._fails(x))
        if not draws.size:
            return x
        # From here the failing columns of all draws stand side by side: (1, units, columns).
        columns = np.ascontiguousarray(x[draws, :, places].T)[None]
        treated = self._winsorised(columns)
        if self.then != "none":
            for column in np.flatnonzero(self._fails(treated)[0]):
                name = names[places[column]]
                treated[0, :, column] = self._transformed(columns[0, :, column], name)
        result = x.copy()
        result[draws, :, places] = treated[0].T
        return result

    def _winsorised(self, columns: Floats) -> Floats:
        treated = columns.copy()
        active = np.arange(columns.shape[2])
        for _ in range(self.winsorise):
            if not active.size:
                break
            part = treated[:, :, active]
            right = np.nan_to_num(skewness_kurtosis(part)[0])[:, None] >= 0
            mirrored = np.where(right, part, -part)
            top = highest(mirrored)
            following = highest(np.where(mirrored == top, np.nan, mirrored))
            moved = np.where(mirrored == top, following, mirrored)
            trial = np.where(right, moved, -moved)
            changed = ((trial != columns[:, :, active]) & ~np.isnan(trial)).sum(axis=(0, 1))
            allowed = (changed <= self.winsorise) & ~np.isnan(following[0, 0])
            treated[:, :, active[allowed]] = trial[:, :, allowed]
            active = active[allowed]
            active = active[self._fails(treated[:, :, active])[0]]
        return treated

    def _transformed(self, x: Floats, name: str) -> Floats:
        known = ~np.isnan(x)
        values, result = x[known], np.full_like(x, np.nan)
        if self.then == "plain log":
            if (values <= 0).any():
                raise DataError(
                    f"Treat cannot take the log of {name!r}: its lowest value is {values.min():g}; "
                    "then='log' shifts values first."
                )
            result[known] = np.log(values)
            return result
        sign = -1.0 if skewness_kurtosis(x[None, :, None])[0][0, 0] < 0 else 1.0
        positive = sign * values
        if self.then == "log" or positive.min() <= 0:
            positive = positive - positive.min() + 0.01 * np.ptp(values)
        if self.then == "log":
            result[known] = sign * np.log(positive)
        else:
            from scipy import stats

            result[known] = sign * stats.boxcox(positive / stats.gmean(positive))[0]
        return result


def _action(settings: Treat | None, old: Floats, new: Floats) -> tuple[str, bool]:
    """What happened to one indicator, and whether it was a transform."""
    if settings is None:
        return "left as it is", False
    old, new = old[:, :, None], new[:, :, None]
    if np.array_equal(old, new, equal_nan=True):
        return ("fails still" if settings._fails(old).any() else "passes"), False
    inside = (lowest(new) >= lowest(old)).all() and (highest(new) <= highest(old)).all()
    known = ~np.isnan(old)
    values = set(old[known].tolist())
    if inside and all(value in values for value in new[known].tolist()):
        return "winsorised {n}" + (", fails still" if settings._fails(new).any() else ""), False
    return settings.then, True
