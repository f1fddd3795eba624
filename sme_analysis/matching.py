"""Matching of names to economies: how two spellings are compared, and where a name is looked up.

The shipped tables `economies` and `economy_names` come first, then the patterns of
country_converter (Stadler 2017, Journal of Open Source Software 2(16), 332). A sum of economies is
refused rather than guessed, and so is a name that fits two.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from .data.tables import load
from .errors import unknown

if TYPE_CHECKING:
    from country_converter import CountryConverter

_WORDS = {
    "saint": "st",
    "republic": "rep",
    "democratic": "dem",
    "federated": "fed",
    "islands": "is",
    "isds": "is",
    "island": "is",
}
_AMBIGUOUS = {
    "Congo": ("COG", "COD"),
    "Korea": ("KOR", "PRK"),
    "Virgin Islands": ("VGB", "VIR"),
    "刚果": ("COG", "COD"),
    "维尔京群岛": ("VGB", "VIR"),
    "圣马丁": ("MAF", "SXM"),
    "剛果": ("COG", "COD"),
}
# Words that make a name a sum of economies; country_converter would match the economy beside them.
_AGGREGATE = re.compile(
    r"\b(excl|excluding|except|without|minus|other|others|rest|world|all|total|nes|unspecified"
    r"|various|group|countries|economies|average|aggregate)\b"
)
_SEPARATORS = re.compile(r"\b(?:and|or|plus)\b|[,;/&+]")
_FILLERS = frozenset(["of", "rep", "dem", "and", "kingdom", "state", "federal", "former"])
_LONGEST = 100  # characters; no name of an economy is longer


UNKNOWN = "unknown"  # in place of a sentence: looking for the nearest names is slow


class Found(NamedTuple):
    """Outcome of one look-up: a code, or the sentence that says why there is none."""

    iso3: str | None
    problem: str


def fold(text: str) -> str:
    """Reduce a name to the form in which names are compared.

    Case, accents, width (full or half), punctuation, spaces and the article "the" do not count;
    "Saint" and "St.", "Republic" and "Rep.", "Islands" and "Is." are the same.

    >>> fold("  The  Democratic Republic of the Congo ") == fold("DEM. REP. OF CONGO")
    True
    """
    plain = unicodedata.normalize("NFKC", re.sub("[´`‘’]", "'", text)).casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = plain.replace("&", " and ").replace("'", "").replace(".", "").replace("_", " ")
    words = re.findall(r"\w+", plain)
    if len(words) > 1:
        words = [_WORDS.get(word, word) for word in words if word != "the"] or words
    # Chinese is written without spaces, so a space between two characters says nothing.
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", " ".join(words))


@lru_cache(maxsize=8192)
def match(text: str) -> Found:
    """Look a cleaned text up: own tables first, then country_converter."""
    key = fold(text)
    if not key or len(text) > _LONGEST:
        return Found(None, UNKNOWN if text else "")
    codes, refused = _index()
    if key in refused:
        return Found(None, f"{text!r} is not one economy: {refused[key]}")
    for ambiguous, candidates in _AMBIGUOUS.items():
        if key == fold(ambiguous):
            return Found(None, _either(text, candidates))
    if text.isdecimal():
        code = _numeric().get(int(text)) if len(text) <= 3 else None
    else:
        code = codes.get(key)
    if code:
        return Found(code, "")
    return _converted(text)


def explain(text: str, found: Found) -> str:
    """Return the sentence that says why a text is not one economy."""
    return unknown("economy", text, _known()) if found.problem == UNKNOWN else found.problem


@cache
def _index() -> tuple[dict[str, str], dict[str, str]]:
    """Folded name -> code, and folded name -> why it is not an economy."""
    economies, aliases = load("economies"), load("economy_names")
    codes: dict[str, str] = {}
    for column in ("iso3", "iso2", "name", "name_plain", "name_zh"):
        for text, iso3 in economies.loc[economies[column].notna(), [column, "iso3"]].to_numpy():
            codes[fold(text)] = iso3
    refused: dict[str, str] = {}
    for text, iso3, note in aliases[["alias", "iso3", "note"]].to_numpy():
        if isinstance(iso3, str):
            codes[fold(text)] = iso3
        else:
            refused[fold(text)] = note
    return codes, refused


@cache
def _vocabulary() -> dict[str, set[str]]:
    """Code -> the words of its names, in the tables and in country_converter."""
    table = _converter().data
    named = [(code, text) for text, code in _index()[0].items()]
    for column in ("name_short", "name_official"):
        named += zip(table["ISO3"], table[column].map(fold), strict=True)
    words: dict[str, set[str]] = {}
    for code, text in named:
        words.setdefault(code, set()).update(text.split())
    return words


@cache
def _english() -> dict[str, str]:
    """Code -> English name."""
    table = load("economies")
    return dict(zip(table["iso3"], table["name"], strict=True))


@cache
def _known() -> list[str]:
    """Names to choose the nearest from."""
    economies, aliases = load("economies"), load("economy_names")
    columns = [economies[c].dropna() for c in ("name", "name_plain", "name_zh", "iso3")]
    return [str(n) for n in pd.concat([*columns, aliases.loc[aliases["iso3"].notna(), "alias"]])]


def _either(text: str, candidates: Iterable[str]) -> str:
    shown = " or ".join(f"{_english()[code]} ({code})" for code in candidates)
    return f"{text!r} is ambiguous: it can be {shown}"


def _converted(text: str) -> Found:
    """Ask country_converter, but never about a sum of economies."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
    if _AGGREGATE.search(plain):
        return Found(None, f"{text!r} is a group or an aggregate, not one economy")
    codes, _ = _index()
    parts = {codes[fold(part)] for part in _SEPARATORS.split(plain) if fold(part) in codes}
    if len(parts) > 1:
        several = " and ".join(_english()[code] for code in sorted(parts))
        return Found(None, f"{text!r} is a group or an aggregate, not one economy: {several}")
    # Two and three letters are codes, and every code in use is in the table.
    if len(fold(text)) <= 3 or re.search(r"\d", text):
        return Found(None, UNKNOWN)
    with _silence():
        answer = _converter().convert(plain, src="regex", to="ISO3", not_found="none")
    if isinstance(answer, list):
        return Found(None, _either(text, [code for code in answer if code in _english()]))
    if answer == "none":
        return Found(None, UNKNOWN)
    if answer not in _english():
        return Found(None, f"{text!r} is {answer} in ISO 3166-1: the data have no such economy")
    # Its patterns look anywhere in a text, so every word must be one of the economy's own.
    if set(fold(text).split()) - _vocabulary()[answer] - _FILLERS:
        return Found(None, UNKNOWN)
    return Found(answer, "")


@cache
def _numeric() -> dict[int, str]:
    """ISO 3166-1 numeric code -> alpha-3 code, for the economies of the data."""
    table = _converter().data[["ISOnumeric", "ISO3"]].dropna()
    pairs = zip(table["ISOnumeric"], table["ISO3"], strict=True)
    return {int(number): code for number, code in pairs if code in _english()}


@cache
def _converter() -> CountryConverter:
    """Start country_converter on its own table.

    Its reader takes the ISO 3166 code of Namibia, NA, for a missing value under pandas 3 and then
    fails, so the table is read here as text and handed over.
    """
    import country_converter  # slow to import and rarely needed

    with as_file(files("country_converter") / "country_data.tsv") as path:
        table = pd.read_csv(path, sep="\t", dtype=object, keep_default_na=False).astype(object)
    text = ["name_short", "name_official", "regex", "ISO2", "ISO3"]
    others = table.columns.difference(text)
    table[others] = table[others].where(table[others] != "", None)
    current = table[table["obsolete"].isna()].reset_index(drop=True)
    with _silence():
        return country_converter.CountryConverter(country_data=current)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep country_converter's warnings about names it does not know out of a report."""
    logger = logging.getLogger("country_converter")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
