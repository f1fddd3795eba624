"""Normalisation: bring indicators to one scale on which more is better.

Sources: OECD/JRC (2008), step 5, by section; Becker et al. (2022), functions n_*. Equations are
written for an indicator of direction 1; for direction -1 the value and the posts change sign first,
except where a ratio to a value is taken, which is then turned upside down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import ParameterError, unknown
from .arrays import (
    Floats,
    Ties,
    count,
    deviation,
    highest,
    lowest,
    mean,
    number,
    one_of,
    rank_units,
)
from .scales import Columns, Mixed, Normalisation

__all__ = [
    "AboveBelowMean", "AsMeasured", "BordaScores", "DistanceToBest", "DistanceToReference",
    "DistanceToTarget", "FractionOfMaximum", "Goalposts", "MinMax", "Mixed", "PercentileRank",
    "RankScores", "RatioToReference", "Scaled", "ZScore",
]  # fmt: skip


@dataclass(frozen=True)
class MinMax(Normalisation):
    """Min-max: low + (high - low) (x - min) / (max - min). OECD/JRC (2008), 5.3.

    Parameters
    ----------
    low, high : float
        Range of the result. A geometric or harmonic mean needs `low` above zero.
    over : "year" or "panel"
        Take minimum and maximum over each year or over the whole panel.
    """

    low: float = 0.0
    high: float = 100.0

    def __post_init__(self) -> None:
        super().__post_init__()
        number("low", self.low)
        number("high", self.high)
        if self.low >= self.high:
            raise ParameterError(f"low ({self.low:g}) must be below high ({self.high:g}).")

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Min-max values."""
        turned = x * columns.directions
        low, high = lowest(turned), highest(turned)
        columns.refuse(high - low <= 0, x, "has no range, and min-max would divide by zero")
        return self.low + (self.high - self.low) * ((turned - low) / (high - low))


@dataclass(frozen=True)
class Goalposts(Normalisation):
    """Fixed goalposts: bottom + (top - bottom) (x - lower) / (upper - lower), capped at the ends.

    The posts stand in the structure's columns `lower` and `upper`, in the indicator's own unit;
    for direction -1 the lower one is the best. Becker et al. (2022), n_goalposts.

    Parameters
    ----------
    cap : bool
        Hold values beyond the posts at the posts.
    top, bottom : float
        Scores at the two posts. A geometric or harmonic mean needs `bottom` above zero.
    """

    cap: bool = True
    top: float = 100.0
    bottom: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        number("bottom", self.bottom)
        number("top", self.top)
        if self.top <= self.bottom:
            raise ParameterError(f"top ({self.top:g}) must be above bottom ({self.bottom:g}).")

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Share of the way between the posts."""
        columns.refuse(
            np.isnan(columns.lower + columns.upper), x, "has no goalposts (lower, upper)"
        )
        worst, best = columns.posts()
        share = (x * columns.directions - worst) / (best - worst)
        if self.cap:
            share = np.clip(share, 0.0, 1.0)
        return self.bottom + (self.top - self.bottom) * share


@dataclass(frozen=True)
class ZScore(Normalisation):
    """Standardise: centre + spread (x - mean) / s. OECD/JRC (2008), 5.2.

    Parameters
    ----------
    ddof : 1 for the sample standard deviation (the default), 0 for the population's
    """

    centre: float = 0.0
    spread: float = 1.0
    ddof: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        number("centre", self.centre)
        number("spread", self.spread, np.nextafter(0, 1))
        one_of("ddof", self.ddof, (0, 1))

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Standard scores."""
        turned = x * columns.directions
        s = deviation(turned, self.ddof)
        flat = ~(highest(turned) - lowest(turned) > 0) | ~(s > 0)
        columns.refuse(flat, x, "does not vary, and a z-score would divide by zero")
        return self.centre + self.spread * ((turned - mean(turned)) / s)


@dataclass(frozen=True)
class Scaled(Normalisation):
    """Linear scaling by two given numbers: top (x - lower) / (upper - lower), never capped.

    Becker et al. (2022), n_scaled. The same two numbers serve every indicator.
    """

    lower: float = 0.0
    upper: float = 100.0
    top: float = 100.0

    def __post_init__(self) -> None:
        super().__post_init__()
        number("lower", self.lower)
        number("upper", self.upper)
        if self.lower >= self.upper:
            raise ParameterError(f"lower ({self.lower:g}) must be below upper ({self.upper:g}).")
        number("top", self.top, np.nextafter(0, 1))

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Scaled values."""
        share = (x - self.lower) / (self.upper - self.lower)
        return self.top * np.where(columns.directions < 0, 1.0 - share, share)


@dataclass(frozen=True)
class RankScores(Normalisation):
    """Ranks over units: 1 for the worst, n for the best. OECD/JRC (2008), table 15.

    Parameters
    ----------
    ties : "min" (the default), "max" or "average"
    """

    ties: Ties = "min"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of("tie rule", self.ties, ("min", "max", "average"))

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Ranks from below."""
        return rank_units(x * columns.directions, self.ties)


@dataclass(frozen=True)
class BordaScores(RankScores):
    """Borda scores: the rank from below less one, 0 for the worst. OECD/JRC (2008), 6.12."""

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Number of units beaten."""
        return super().scale(x, columns) - 1.0


@dataclass(frozen=True)
class PercentileRank(RankScores):
    """Percentile rank: 100 (r - 1) / (n - 1), or 100 r / n, with r the rank from below.

    Parameters
    ----------
    of : "others" or "all"
        "others" is the share of the other units beaten (Becker et al. 2022, n_prank, there from 0
        to 1); "all" divides the rank by n (OECD/JRC 2008, table 15).
    """

    of: Literal["others", "all"] = "others"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of("percentile base", self.of, ("others", "all"))

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Percentile ranks."""
        n = count(x)
        if self.of == "all":
            return 100.0 * super().scale(x, columns) / n
        columns.refuse(n < 2, x, "has one value, which has no others to be ranked among")
        return 100.0 * (super().scale(x, columns) - 1.0) / (n - 1.0)


@dataclass(frozen=True)
class DistanceToBest(Normalisation):
    """Distance to the best unit: 1 - (max - x) / (max - min). Becker et al. (2022), n_dist2max."""

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """One for the best unit, zero for the worst."""
        return MinMax(0.0, 1.0).scale(x, columns)


@dataclass(frozen=True)
class DistanceToReference(Normalisation):
    """Distance to a reference unit: 1 - (ref - x) / (ref - min).

    Becker et al. (2022), n_dist2ref.

    Parameters
    ----------
    unit : label of the reference unit
    cap : bool
        Hold units beyond the reference at 1.
    """

    unit: object = None
    cap: bool = False

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """One for the reference unit, zero for the worst."""
        turned = x * columns.directions
        reference, low = _row(turned, columns, self.unit), lowest(turned)
        why = f"has reference unit {self.unit!r} missing or at the worst value"
        columns.refuse(~(reference > low), x, why)
        result = 1.0 - (reference - turned) / (reference - low)
        return np.minimum(result, 1.0) if self.cap else result


@dataclass(frozen=True)
class DistanceToTarget(Normalisation):
    """Distance to the structure's targets: 1 - (target - x) / (target - min).

    Becker et al. (2022), n_dist2targ.

    Parameters
    ----------
    cap : bool
        Hold units beyond the target at 1.
    """

    cap: bool = False

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """One at the target, zero for the worst unit."""
        turned, target = x * columns.directions, columns.targets * columns.directions
        columns.refuse(np.isnan(target), x, "has no target in the structure")
        low = lowest(turned)
        columns.refuse(~(target > low), x, "has a target no better than its worst value")
        result = 1.0 - (target - turned) / (target - low)
        return np.minimum(result, 1.0) if self.cap else result


@dataclass(frozen=True)
class FractionOfMaximum(Normalisation):
    """Fraction of the best value: x / max, or min / x where less is better.

    Needs values on a ratio scale, none below zero (none at zero where less is better).
    OECD/JRC (2008), 5.4 with the leader as reference; Becker et al. (2022), n_fracmax.
    """

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """One for the best unit."""
        return RatioToReference("best").scale(x, columns)


@dataclass(frozen=True)
class RatioToReference(Normalisation):
    """Ratio to a reference value: x / ref, or (x - ref) / ref. OECD/JRC (2008), 5.4.

    Parameters
    ----------
    reference : "mean", "best", "worst" or a unit's label
    difference : bool
        Give x / ref - 1, which is centred on 0.

    Notes
    -----
    Where less is better the ratio is ref / x, so that more of the result is better.
    """

    reference: object = "mean"
    difference: bool = False

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Ratios to the reference."""
        reverse = columns.directions < 0
        columns.refuse(lowest(x) < 0, x, "has negative values, of which a ratio has no meaning")
        known: dict[object, Floats] = {
            "mean": mean(x),
            "best": np.where(reverse, lowest(x), highest(x)),
            "worst": np.where(reverse, highest(x), lowest(x)),
        }
        listed = isinstance(self.reference, str) and self.reference in known
        reference = known[self.reference] if listed else _row(x, columns, self.reference)
        columns.refuse(~(reference > 0), x, "has a reference value that is not above zero")
        columns.refuse((lowest(x) <= 0) & reverse, x, "has a zero, and less is better: no ratio")
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(reverse, reference / x, x / reference)
        return ratio - 1.0 if self.difference else ratio


@dataclass(frozen=True)
class AboveBelowMean(Normalisation):
    """Sign of the distance from the mean: 1 above (1 + p) mean, -1 below (1 - p) mean, else 0.

    OECD/JRC (2008), 5.5; `p` is the neutral band around the mean.
    """

    p: float = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        number("p", self.p, 0, 1)

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """One of 1, 0 and -1."""
        columns.refuse(~(mean(x) > 0), x, "has a mean not above zero: no band around it")
        away = x / mean(x) - 1.0
        sign = np.where(away > self.p, 1.0, np.where(away < -self.p, -1.0, 0.0))
        return np.where(np.isnan(x), np.nan, columns.directions * sign)


@dataclass(frozen=True)
class AsMeasured(Normalisation):
    """Leave values as measured; every indicator must have direction 1. OECD/JRC (2008), eq. 37."""

    def scale(self, x: Floats, columns: Columns) -> Floats:
        """The values themselves."""
        columns.refuse(columns.directions < 0, x, "has direction -1 and cannot stay as measured")
        return x


def _row(x: Floats, columns: Columns, unit: object) -> Floats:
    """Values of one unit in this section: (draws, 1, indicators)."""
    labels = columns.units.get_level_values(0)
    found = np.flatnonzero(labels == unit)
    if not found.size:
        raise ParameterError(unknown("reference unit", unit, map(str, labels.unique())))
    if found.size > 1:
        raise ParameterError(f"reference unit {unit!r} has several years: use over='year'.")
    return x[:, found]
