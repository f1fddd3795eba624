"""Names and codes of economies: any common form to ISO 3166-1 alpha-3, and display names back.

How a name is recognised is in :mod:`sme_analysis.matching`, which groups exist and who belongs to
them in :mod:`sme_analysis.groups`; both are meant to be used through this module. How a name is
shown is decided in the table `economies` alone: World Bank usage in English, the usage of the
bulletin on outward FDI in Chinese.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from numbers import Real
from typing import Any, Literal, overload

import pandas as pd

from .data.tables import load
from .errors import ParameterError, UnknownNameError
from .errors import unknown as unknown_name
from .groups import canonical_group, groups, members, memberships
from .matching import Found, explain, match

__all__ = [
    "canonical_group",
    "groups",
    "members",
    "memberships",
    "name",
    "names",
    "offshore_centres",
    "to_iso3",
]

Unknown = Literal["raise", "blank"]
Language = Literal["en", "zh", "plain"]
_LANGUAGES = {"en": "name", "zh": "name_zh", "plain": "name_plain"}


@overload
def to_iso3(names: str | float | None, *, unknown: Unknown = ...) -> str | None: ...  # type: ignore[overload-overlap]  # a str is also an iterable
@overload
def to_iso3(names: Iterable[object], *, unknown: Unknown = ...) -> pd.Series: ...
def to_iso3(
    names: str | float | Iterable[object] | None, *, unknown: Unknown = "raise"
) -> str | pd.Series | None:
    """Translate names or codes of economies into ISO 3166-1 alpha-3 codes.

    Parameters
    ----------
    names : str, int, or iterable of them
        English or Chinese names, current or old, ISO alpha-2, alpha-3 or numeric codes. Case,
        accents, spaces, punctuation and full-width forms do not count.
    unknown : {"raise", "blank"}
        What to do with a name that is not one economy: refuse it, or leave it blank.

    Returns
    -------
    str or None
        For a single name. A missing value or an empty text gives None.
    pandas.Series
        For several names: codes, blank where the input is blank. A Series keeps its index, an
        Index becomes the index of the result.

    Raises
    ------
    UnknownNameError
        If a name is unknown, fits two economies, or is a group or an aggregate.
    ParameterError
        If `unknown` is not one of its two values, or a value is neither text nor a number.

    Examples
    --------
    >>> to_iso3("Ivory Coast"), to_iso3("中国香港"), to_iso3(410)
    ('CIV', 'HKG', 'KOR')
    >>> to_iso3(["Zaire", "ASEAN"], unknown="blank").tolist()
    ['COD', nan]
    """
    if unknown not in ("raise", "blank"):
        raise ParameterError(unknown_name("value of unknown", unknown, ["raise", "blank"]))
    many = isinstance(names, Iterable) and not isinstance(names, str | bytes)
    series = _series(names) if many else pd.Series([names], dtype=object)
    found = {value: _lookup(value) for value in _distinct(series)}
    bad = [value for value, outcome in found.items() if outcome.problem]
    if bad and unknown == "raise":
        more = f" ({len(bad) - 1} more such values)" if len(bad) > 1 else ""
        raise UnknownNameError(explain(_text(bad[0]), found[bad[0]]) + more)
    codes = {value: outcome.iso3 for value, outcome in found.items()}
    return _mapped(series, codes) if many else next(iter(codes.values()))


def name(iso3: str, language: Language = "en") -> str:
    """Return the display name of an economy.

    Parameters
    ----------
    iso3 : str
        ISO 3166-1 alpha-3 code.
    language : {"en", "zh", "plain"}
        World Bank name, Chinese name, or the short English name for charts.

    Raises
    ------
    UnknownNameError
        If the code is not in the table `economies`.
    ParameterError
        If the language is not one of the three.

    Examples
    --------
    >>> name("HKG"), name("HKG", "zh"), name("COD", "plain")
    ('Hong Kong SAR, China', '中国香港', 'DR Congo')
    """
    shown = _display(language)
    code = iso3.strip().upper() if isinstance(iso3, str) else iso3
    if code not in shown:
        raise UnknownNameError(unknown_name("code of an economy", iso3, sorted(shown)))
    return shown[code]


def offshore_centres() -> list[str]:
    """List the first-destination centres: Hong Kong SAR, the Cayman and British Virgin Islands.

    The bulletin counts an investment where it first arrives, and most of what arrives in these
    three goes on elsewhere. The list is a column of the table `economies`.
    """
    table = load("economies")
    return sorted(table.loc[table["offshore_centre"], "iso3"])


def names(codes: Iterable[str], language: Language = "en") -> pd.Series:
    """Return the display names of many economies; blank codes stay blank.

    Parameters
    ----------
    codes : pandas.Series, pandas.Index or iterable of str
        ISO 3166-1 alpha-3 codes.
    language : {"en", "zh", "plain"}
        As in :func:`name`.

    Returns
    -------
    pandas.Series
        Names, on the index of `codes`.

    Raises
    ------
    UnknownNameError
        If a code is not in the table `economies`.
    """
    series = _series(codes)
    _display(language)
    distinct = _distinct(series.dropna())
    return _mapped(series, {code: name(str(code), language) for code in distinct})


def _series(values: Any) -> pd.Series:
    """Take several values as a Series; an Index becomes the index too."""
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, pd.Index):
        return values.to_series()
    return pd.Series(list(values), dtype=object)


def _lookup(value: Any) -> Found:
    """Resolve one value; a missing one has neither a code nor a problem."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # NaN is not itself
        return Found(None, "")
    if isinstance(value, bool) or not isinstance(value, str | Real):
        raise ParameterError(f"a name of an economy is text or a number, not {value!r}")
    return match(_text(value))


def _text(value: Any) -> str:
    """Bring a value into one spelling: half-width, single spaces, whole numbers without point."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFKC", value).split())
    number = float(value)
    return str(int(number)) if number.is_integer() else str(number)


def _distinct(series: pd.Series) -> list[Hashable]:
    try:
        return list(series.unique())
    except TypeError:
        raise ParameterError("names of economies are texts or numbers, not lists") from None


def _mapped(series: pd.Series, found: Mapping[Hashable, str | None]) -> pd.Series:
    """Put results on the index of the input, as text with blanks."""
    known = {key: value for key, value in found.items() if value is not None}
    return series.astype(object).map(known).astype("str")


@cache
def _display(language: str) -> dict[str, str]:
    """Code -> display name in one language."""
    if language not in _LANGUAGES:
        raise ParameterError(unknown_name("language", language, _LANGUAGES))
    table = load("economies")
    return dict(zip(table["iso3"], table[_LANGUAGES[language]], strict=True))
