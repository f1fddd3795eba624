"""The base that a printed growth rate implies: a check for silent revisions and new coverage."""

from __future__ import annotations

from typing import NamedTuple

from ..rounding import last_digit


class Base(NamedTuple):
    """The earlier value behind a printed growth rate, in the unit of the value.

    `low` and `high` are the ends that the rounding of both printed figures allows.
    """

    value: float
    low: float
    high: float

    def holds(self, recorded: float, step: float) -> bool:
        """Whether a recorded earlier value, rounded to `step`, can be this base."""
        return recorded + step / 2 >= self.low and recorded - step / 2 <= self.high


def implied_base(value: float, growth: float, step: float | None = None) -> Base:
    """Return the earlier value that a later one and its growth in percent imply.

    Parameters
    ----------
    value : float
        The later value.
    growth : float
        Its growth on the base, percent.
    step : float, optional
        Size of the last printed digit of the value; by default that which it shows.

    Examples
    --------
    >>> base = implied_base(19.2, 27.3)
    >>> round(base.value, 2), base.holds(15.1, 0.1)
    (15.08, True)
    """
    half = (last_digit(value) if step is None else step) / 2
    rate = last_digit(growth) / 2
    return Base(
        value / (1 + growth / 100),
        (value - half) / (1 + (growth + rate) / 100),
        (value + half) / (1 + (growth - rate) / 100),
    )
