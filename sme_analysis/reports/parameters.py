"""Checking a report's parameters before anything is run.

The notebook's parameters cell is the one place for a parameter's name, type, default and help; the
catalogue adds rules. A value is data throughout: it is compared and converted, never evaluated.
"""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ParameterError, nearest
from .catalogue import Report, report
from .notebook import Parameter
from .rules import Between, RefusedError, Rule, shown

LONGEST = 200  # characters of a text value
_INT = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_BOOL = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# Controls, surrogates and the characters that reorder text on screen can only mislead a reader.
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_REORDERING = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "text",
    "list[str]": "a list of texts",
}


class _WrongTypeError(RefusedError):
    """A value is not of the declared type."""


class Parameters(Mapping[str, Any]):
    """The checked values of a report: a read-only mapping whose items are also attributes."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_values", dict(values))

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"no parameter {name!r}") from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("checked parameters cannot be changed")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self._values.items())
        return f"Parameters({inside})"

    def __reduce__(self) -> tuple[type[Parameters], tuple[dict[str, Any]]]:
        return Parameters, (self._values,)


def check_parameters(report_name: str, /, **values: Any) -> Parameters:
    """Check the values of a notebook's own parameters: the call in its setup cell.

    The record of the editions that are read begins anew here, with the run of the notebook.

    Raises
    ------
    ParameterError
        If a value is not accepted.

    Examples
    --------
    >>> check_parameters("outbound_investment", measure="Stock").measure
    'stock'
    """
    from ..data.fetched import forget_used

    forget_used()
    return check(report_name, values)


def check(name: str | Report, values: Mapping[str, Any], *, text: bool = False) -> Parameters:
    """Return all values of a report, defaults filled in, in their canonical spelling.

    Parameters
    ----------
    name : str or Report
    values : mapping of str to value
        Those that are given; the others keep the notebook's default.
    text : bool
        The values are texts typed by a person ("2010", "yes", "a,b") and are parsed first.

    Raises
    ------
    UnknownNameError
        If there is no such report.
    ParameterError
        If values are not accepted: one sentence, on a line of its own, for each problem.
    """
    found = name if isinstance(name, Report) else report(name)
    declared = found.parameters
    problems = [_no_such(item, declared) for item in values if item not in declared]
    accepted: dict[str, Any] = {}
    for parameter in declared.values():
        given = parameter.name in values
        value = values[parameter.name] if given else parameter.default
        try:
            typed = _parsed(parameter, value) if text and given else _typed(parameter, value)
            accepted[parameter.name] = _ruled(found.rules.get(parameter.name), typed)
        except _WrongTypeError:
            rule = found.rules.get(parameter.name)
            limits = f" {rule.allowed()}" if isinstance(rule, Between) else ""
            kind = f"{_KINDS[parameter.type]}{limits}"
            problems.append(f"{parameter.name} must be {kind}, not {shown(value)}")
        except RefusedError as refusal:
            problems.append(f"{parameter.name} {refusal}")
    for across in found.across:
        if {across.first, across.second} <= set(accepted) and (wrong := across.broken(accepted)):
            problems.append(wrong)
    if problems:
        raise ParameterError("\n".join(f"report {found.name}: {line}." for line in problems))
    return Parameters(accepted)


def allowed(found: Report, parameter: Parameter) -> str:
    """Say what a parameter accepts, such as "between 1 and 30"."""
    rule = found.rules.get(parameter.name)
    return rule.allowed() if rule else _KINDS[parameter.type]


def _no_such(given: object, declared: Mapping[str, Parameter]) -> str:
    close = nearest(str(given)[:LONGEST], declared, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    allowed = ", ".join(declared) or "none"
    return f"there is no parameter {shown(given)}{hint}; its parameters are {allowed}"


def _parsed(parameter: Parameter, value: Any) -> Any:
    """Turn typed text into a value of the parameter's type."""
    if not isinstance(value, str):
        return _typed(parameter, value)
    if parameter.type == "str":
        return _text(value)
    word = _text(value).strip()
    if parameter.type == "list[str]":
        return [item.strip() for item in word.split(",") if item.strip()]
    if parameter.type == "bool" and word.casefold() in _BOOL:
        return _BOOL[word.casefold()]
    if parameter.type == "int" and _INT.fullmatch(word):
        return int(word)
    if parameter.type == "float" and _FLOAT.fullmatch(word):
        return _typed(parameter, float(word))
    raise _WrongTypeError


def _typed(parameter: Parameter, value: Any) -> Any:
    """Return the value as a plain Python object of the parameter's type."""
    kind = parameter.type
    boolean = isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")
    if kind == "bool" and boolean:
        return bool(value)
    if kind == "int" and isinstance(value, numbers.Integral) and not boolean:
        return int(value)
    if kind == "float" and isinstance(value, numbers.Real) and not boolean:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
        raise RefusedError(f"must be a finite number, not {shown(value)}")
    if kind == "str" and isinstance(value, str):
        return _text(value)
    texts = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if kind == "list[str]" and texts:
        return [_text(item) for item in value]
    raise _WrongTypeError


def _text(value: str) -> str:
    """Return a text that is short and printable."""
    if len(value) > LONGEST:
        raise RefusedError(f"must be at most {LONGEST} characters long, not {len(value)}")
    for character in value:
        if unicodedata.category(character) in _UNSEEN or character in _REORDERING:
            raise RefusedError(f"must not contain the character U+{ord(character):04X}")
    return unicodedata.normalize("NFC", value)


def _ruled(rule: Rule | None, value: Any) -> Any:
    if rule is None:
        return value
    if isinstance(value, list):
        return [rule.accept(item) for item in value]
    return rule.accept(value)
