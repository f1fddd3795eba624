"""Weights that a person gives: a mapping, or a text such as "gdp=3, zones=0"."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .errors import ParameterError


def read(given: str | Mapping[str, float], what: str = "node") -> dict[str, float]:
    """Read weights, zero or more each.

    Parameters
    ----------
    given : str or mapping of code to weight
    what : str
        What is weighed, for the message.

    Raises
    ------
    ParameterError
        If the text is of another form, a code stands twice, or a weight is no number from zero up.

    Examples
    --------
    >>> read("gdp=3, zones=0")
    {'gdp': 3.0, 'zones': 0.0}
    """
    if isinstance(given, Mapping):
        return {code: _number(code, value) for code, value in given.items()}
    if not isinstance(given, str):
        raise ParameterError(
            f"weights are a text such as '{what}=3' or a mapping, not {type(given).__name__}."
        )
    found: dict[str, float] = {}
    for part in filter(str.strip, given.split(",")):
        code, sign, value = (piece.strip() for piece in part.partition("="))
        code = code.casefold().replace(" ", "_")
        if not sign or not code:
            raise ParameterError(f"weights: {part.strip()!r} is not of the form {what}=number.")
        if code in found:
            raise ParameterError(f"weights: {code!r} is given twice.")
        found[code] = _number(code, value)
    return found


def _number(code: str, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number) or number < 0:
        raise ParameterError(f"weights: {code!r} weighs {value!r}, and must be a number >= 0.")
    return number
