"""A statement, and what checking it gave."""

from __future__ import annotations

from dataclasses import dataclass

from .found import Found
from .reading import Interval, reading
from .words import amount, decimals_of

CONFIRMED = "confirmed"
DIFFERS = "differs"
NOT_FOUND = "not found"
CANNOT = "cannot be checked"
VERDICTS = (CONFIRMED, DIFFERS, NOT_FOUND, CANNOT)


@dataclass(frozen=True)
class Claim:
    """A statement of an article, in this project's words.

    Attributes
    ----------
    claim_id, article, statement : str
    value : float, optional
        The figure stated.
    bound : str
        Its qualifier.
    unit : str
    step : float, optional
        Size of its last printed digit.
    own_sources : frozenset of str
        The sources that are the article itself: they confirm nothing.
    """

    claim_id: str
    article: str
    statement: str
    value: float | None = None
    bound: str = "exact"
    unit: str = "count"
    step: float | None = None
    own_sources: frozenset[str] = frozenset()

    @property
    def reading(self) -> Interval | None:
        """The true values that the statement allows."""
        return None if self.value is None else reading(self.value, self.bound, self.step)

    @property
    def stated(self) -> str:
        """The figure as it was stated, in words; empty where there is none."""
        if self.value is None:
            return ""
        decimals = None if self.step is None else decimals_of(self.step)
        return amount(self.value, self.unit, self.bound, decimals)


@dataclass(frozen=True)
class Judgement:
    """What checking a statement gave.

    Attributes
    ----------
    verdict : one of VERDICTS
    reason : str
        Why, in sentences computed from what was found.
    found : Found, optional
    proxy : str
        What was measured in place of the statement; empty where the statement itself was.
    without : str
        The reason if no stand-in is allowed; only where there is one.
    """

    verdict: str
    reason: str
    found: Found | None = None
    proxy: str = ""
    without: str = ""
