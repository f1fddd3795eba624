"""Rules: which values of a parameter a report accepts.

A rule is data. Bounds and choices may be callables, so that a rule written in the catalogue can
follow the shipped data without reading them at import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..errors import DamagedError, SmeAnalysisError, nearest

T = TypeVar("T")
Number = float | Callable[[], float]
Choices = Sequence[str] | Callable[[], Sequence[str]]


class RefusedError(Exception):
    """A value breaks a rule; the text completes "<parameter> ..."."""


def resolve(value: T | Callable[[], T]) -> T:
    """Return `value`, called if it is a callable."""
    return value() if callable(value) else value


def shown(value: object, limit: int = 60) -> str:
    """Return `repr` of a value, cut short so that a huge one cannot flood a message."""
    if isinstance(value, str):
        value = value[: limit * 2]  # the repr of a million characters is never built
    elif isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 256:
        return "a number of very many digits"  # too long for Python to print by default
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


@dataclass(frozen=True)
class Between:
    """A number from `lo` to `hi`, both included."""

    lo: Number
    hi: Number

    def accept(self, value: Any) -> Any:
        """Return the value, or raise `RefusedError`."""
        if not resolve(self.lo) <= value <= resolve(self.hi):
            raise RefusedError(f"must be {self.allowed()}, not {shown(value)}")
        return value

    def allowed(self) -> str:
        """Say what is allowed."""
        return f"between {resolve(self.lo)} and {resolve(self.hi)}"


@dataclass(frozen=True)
class OneOf:
    """One of some spellings; case is ignored.

    Attributes
    ----------
    values : sequence of str, or a callable that returns one
    canonical : callable, optional
        Turns other known spellings into one of `values`; may raise SmeAnalysisError.
    """

    values: Choices
    canonical: Callable[[str], str] | None = None

    def accept(self, value: str) -> str:
        """Return the canonical spelling, or raise `RefusedError`."""
        values = list(resolve(self.values))
        folded = {item.casefold(): item for item in reversed(values)}
        name = value.strip().casefold()
        if name in folded:
            return folded[name]
        if self.canonical is not None:
            try:
                name = self.canonical(value.strip()).casefold()
            except SmeAnalysisError:
                name = ""
            if name in folded:
                return folded[name]
        close = nearest(value, values, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise RefusedError(f"cannot be {shown(value)}{hint}; allowed: {self.allowed()}")

    def allowed(self) -> str:
        """Say what is allowed."""
        values = list(resolve(self.values))
        return ("; " if any("," in item for item in values) else ", ").join(values)


@dataclass(frozen=True)
class Folder:
    """An existing folder, or nothing."""

    def accept(self, value: str) -> str:
        """Return the folder's full path, or raise `RefusedError`."""
        if not value.strip():
            return ""
        path = Path(value).expanduser()
        if not path.is_dir():
            raise RefusedError(f"must be {self.allowed()}, not {shown(value)}")
        return str(path.resolve())

    def allowed(self) -> str:
        """Say what is allowed."""
        return "an existing folder, or nothing"


@dataclass(frozen=True)
class Readable:
    """A text that a checker of the library reads.

    Attributes
    ----------
    read : callable
        Returns the canonical spelling, or raises SmeAnalysisError.
    what : str
        What is allowed, as it ends "Allowed: ...".
    every : sequence of str, or callable, optional
        Every value, for a batch over all of them, where they can be listed.
    """

    read: Callable[[str], str]
    what: str
    every: Choices = ()

    def accept(self, value: str) -> str:
        """Return the canonical spelling, or raise `RefusedError`."""
        try:
            return self.read(value)
        except DamagedError:
            raise  # not the value is wrong
        except SmeAnalysisError as error:
            reason = str(error).strip()
            if "Allowed:" not in reason:
                reason = f"{reason.rstrip('.')}. Allowed: {self.what}"
            raise RefusedError(f"cannot be read: {reason.rstrip('.')}") from None

    def allowed(self) -> str:
        """Say what is allowed."""
        return self.what


@dataclass(frozen=True)
class NotAfter:
    """A rule across two parameters: `first` must not be larger than `second`."""

    first: str
    second: str

    def broken(self, values: Mapping[str, Any]) -> str:
        """Return what is wrong with the values, or an empty string."""
        first, second = values[self.first], values[self.second]
        if first <= second:
            return ""
        return f"{self.first} ({first}) must not be after {self.second} ({second})"

    def allowed(self) -> str:
        """Say what is allowed."""
        return f"{self.first} not after {self.second}"


Rule = Between | OneOf | Folder | Readable
