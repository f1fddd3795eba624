"""How a figure in words is read: the interval of true values that a printed figure stands for.

A printed figure is never one number. "43.85" was rounded, "nearly 70%" is a bound, "over 60 mn" is
another. The rules here are the only place of this package where such words become numbers; they
hold for the statements and for the figures on record alike. Shares in surveys have rules of their
own, `firms.reading`: they tend to be rounded to fives and tens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from ..errors import ParameterError
from ..rounding import last_digit, plain

_NOISE = 1e-9  # relative: what binary fractions add to decimal ones

RULES = {
    "exact": "any value that rounds to the printed digits",
    "about": "half a unit of the last digit that is not zero, either way",
    "nearly": "below the figure, by at most half a unit of its last digit that is not zero",
    "over": "the figure is a lower bound",
    "at_least": "the figure is a lower bound",
    "under": "the figure is an upper bound",
    "at_most": "the figure is an upper bound",
}


@dataclass(frozen=True)
class Interval:
    """The values from `low`, included, to `high`, excluded; both may be the same exact number.

    Examples
    --------
    >>> Interval(65, 70).overlaps(Interval(69.5, 70.5)), Interval(65, 70).overlaps(Interval(70, 71))
    (True, False)
    >>> Interval(26.5, 26.5).within(Interval(25, math.inf))
    True
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an interval that runs backwards."""
        if not self.low <= self.high:
            raise ParameterError(f"an interval cannot run from {self.low} to {self.high}")

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def overlaps(self, other: Interval) -> bool:
        """Say whether some value lies in both."""
        if self.exact or other.exact:
            point, whole = (self, other) if self.exact else (other, self)
            return point.within(whole)
        shared = min(self.high, other.high) - max(self.low, other.low)
        return shared > _noise(self, other)

    def within(self, other: Interval) -> bool:
        """Say whether every value lies in the other as well."""
        slack = _noise(self, other)
        if self.exact and not other.exact:
            return other.low - slack <= self.low < other.high - slack
        return other.low - slack <= self.low and self.high <= other.high + slack

    def scaled(self, factor: float) -> Interval:
        """Multiply by a positive number: another unit."""
        return Interval(self.low * factor, self.high * factor)

    def __str__(self) -> str:
        if self.exact:
            return plain(self.low)
        if math.isinf(self.high):
            return f"{plain(self.low)} or more"
        if math.isinf(self.low):
            return f"below {plain(self.high)}"
        return f"from {plain(self.low)} to below {plain(self.high)}"


def _noise(*intervals: Interval) -> float:
    ends = [abs(end) for i in intervals for end in (i.low, i.high) if math.isfinite(end)]
    return _NOISE * max([1.0, *ends])


def reading(value: float, bound: str = "exact", step: float | None = None) -> Interval:
    """Read a printed figure.

    Parameters
    ----------
    value : float
    bound : {"exact", "about", "nearly", "over", "at_least", "under", "at_most"}
        The qualifier printed with it.
    step : float, optional
        Size of the last printed digit of an exact figure (0.01 for 43.85, 0.1 for 5.0); by default
        that of the digits that the number needs.

    Returns
    -------
    Interval

    Raises
    ------
    ParameterError
        If the qualifier is unknown.

    Examples
    --------
    >>> print(reading(43.85)); print(reading(5, step=0.1)); print(reading(70, "nearly"))
    from 43.845 to below 43.855
    from 4.95 to below 5.05
    from 65 to below 70
    >>> print(reading(60, "over")); print(reading(52_000, "about"))
    60 or more
    from 51,500 to below 52,500
    """
    if bound not in RULES:
        raise ParameterError(f"unknown qualifier {bound!r}; allowed: {', '.join(RULES)}")
    half = grain(value) / 2
    if bound == "exact":
        half = (step or last_digit(value)) / 2
    return {
        "exact": Interval(value - half, value + half),
        "about": Interval(value - half, value + half),
        "nearly": Interval(value - half, value),
        "over": Interval(value, math.inf),
        "at_least": Interval(value, math.inf),
        "under": Interval(-math.inf, value),
        "at_most": Interval(-math.inf, value),
    }[bound]


def grain(value: float) -> float:
    """Return the size of the last digit that is not zero: how coarsely a round number is meant.

    >>> grain(70), grain(1200), grain(52_000), grain(8.4), grain(0)
    (10.0, 100.0, 1000.0, 0.1, 1.0)
    """
    if not value:
        return 1.0
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent)))


# What a word of quantity asks of a share in percent.
MOST = Interval(50, math.inf)
MANY = Interval(25, math.inf)
MINORITY = Interval(-math.inf, 50)
# What a word of direction asks of a change.
RISING = Interval(1e-6, math.inf)
