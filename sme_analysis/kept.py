"""Results that took long to make, kept for the next who asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The newest few results, each made once.

    Parameters
    ----------
    most : int
        How many are kept; beyond it the oldest goes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, Value] = {}

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key, made first if there is none."""
        if key not in self._found:
            made = make()
            while len(self._found) >= self._most:
                self._found.pop(next(iter(self._found)))
            self._found[key] = made
        return self._found[key]
