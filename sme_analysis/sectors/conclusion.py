"""What an event study allows to conclude, in words; and when it does not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..rounding import fixed
from .staggered import EventStudy

Conclusion = Literal["more", "less", "no_change", "cannot_tell"]
_SIGNIFICANCE = 0.05
_LEAD: dict[Conclusion, str] = {
    "more": "Joining was followed by more, which need not be its effect.",
    "less": "Joining was followed by less, which need not be its effect.",
    "no_change": "No change that matters followed.",
    "cannot_tell": "The data cannot tell.",
}


@dataclass(frozen=True)
class Verdict:
    """What the event study allows to conclude.

    Attributes
    ----------
    conclusion : "more", "less", "no_change" or "cannot_tell"
    text : str, the conclusion, the estimate and the grounds, in sentences
    reasons : tuple of str, the grounds alone
    """

    conclusion: Conclusion
    text: str
    reasons: tuple[str, ...]


def verdict(study: EventStudy, measure: str = "flow", *, material: float = 25.0) -> Verdict:
    """Conclude from an event study, or say why it does not allow a conclusion.

    It cannot tell if there were no years before to test; if those that joined had not moved like
    the controls before (the leads together differ from zero at 5 percent); if the interval of the
    overall effect holds both nil and a change of `material` percent; or if the interval excludes
    nil, but a drift begun before, which the leads do not exclude, would drawn on make the same
    effect: a pre-trend that is not rejected may still be large (Roth 2022, "Pretest with Caution").
    Otherwise it is "no_change" where the interval holds nil, else "more" or "less".

    Parameters
    ----------
    study : EventStudy, estimates in log points
    measure : the word for the outcome
    material : percent; a change that would matter
    """
    overall = study.overall.iloc[0]
    low, high = float(overall["low"]), float(overall["high"])
    limit = math.log1p(material / 100)
    holds_nil, wide = low <= 0 <= high, low < -limit or high > limit
    against = _against(study, holds_nil, wide, material)
    conclusion: Conclusion
    if against:
        conclusion, grounds = "cannot_tell", against
    elif holds_nil:
        conclusion = "no_change"
        grounds = [f"the interval excludes a change of {fixed(material, 0)}% either way"]
    else:
        conclusion = "more" if low > 0 else "less"
        grounds = ["the years before show no drift that would explain it"]
    last = int(study.events["event_time"].max())
    period = f"the year of joining and the {last} after it" if last else "the year of joining"
    said = (
        f"Over {period} the {measure} was {_percent(overall['estimate'])} "
        f"({fixed(100 * study.level, 0)}% interval {_percent(low)} to {_percent(high)}) against "
        f"hosts that had not joined: {'; and '.join(grounds)}."
    )
    return Verdict(conclusion, f"{_LEAD[conclusion]} {said}", tuple(grounds))


def _against(study: EventStudy, holds_nil: bool, wide: bool, material: float) -> list[str]:
    """Grounds on which nothing can be concluded."""
    p_value, drift = study.pre_trend["p_value"], study.drift.iloc[0]
    found = []
    if math.isnan(p_value):
        found.append("there are no earlier years to test whether they had moved alike")
    elif p_value < _SIGNIFICANCE:
        shown = "p < 0.001" if p_value < 0.001 else f"p = {fixed(p_value, 3)}"
        found.append(
            f"those that joined had not moved like the others before (joint test: {shown})"
        )
    if holds_nil and wide:
        found.append(f"the interval holds both no change and one of {fixed(material, 0)}%")
    needed = float(study.overall["estimate"].iloc[0] / study.overall["mean_distance"].iloc[0])
    if not holds_nil and drift["low"] <= needed <= drift["high"]:
        found.append(
            f"a drift of {_percent(needed, 1)} a year begun before joining, which the years before "
            "do not exclude, would give the same"
        )
    return found


def _percent(log_points: float, decimals: int = 0) -> str:
    """Percent change of a difference in logarithms, with its sign."""
    text = fixed(100 * math.expm1(log_points), decimals)
    return f"{'+' if log_points > 0 and float(text.replace(',', '')) else ''}{text}%"
