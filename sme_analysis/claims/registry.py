"""Which statement is checked how: one table made of those of the topics."""

from __future__ import annotations

from ..errors import DataError
from . import investing, roads, supporting, surveyed, trading
from .checks import Check

_TOPICS = (investing, roads, supporting, surveyed, trading)


def bindings() -> dict[str, Check]:
    """Return the check of every statement, by its id.

    Raises
    ------
    DataError
        If two topics claim the same statement.
    """
    bound: dict[str, Check] = {}
    for topic in _TOPICS:
        twice = sorted(bound.keys() & topic.CHECKS.keys())
        if twice:
            raise DataError(f"statement {twice[0]} is bound twice")
        bound.update(topic.CHECKS)
    return bound
