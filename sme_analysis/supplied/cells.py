"""What stands in a cell: amounts, years, units and names as statistical tables print them."""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

MISSING = frozenset(["", "-", "--", "---", ".", "..", "...", "....", "......", "/", "n.a.", "na"])
MISSING |= frozenset(["n/a", "nil", "null", "none", "空", "无"])
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－ー─━", "-"))
# NFKC would turn these footnote marks into digits of the number they stand behind.
_MARKS = re.compile(r"[¹²³⁰⁴-⁹₀-₉①-⓿❶-➓㉑-㉟㊱-㊿]+|(?<=.)\*+\s*$|\[\d{1,2}\]\s*$")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(
    r"[+-]?\d{1,3}(?:(,)\d{3}(?:,\d{3})*|(\s)\d{3}(?:\s\d{3})*|(')\d{3}(?:'\d{3})*)(\.\d+)?"
)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_YEAR = r"(?<![\d.,])(?:19[5-9]\d|20\d\d)(?![\d,]|\.\d)"
_RANGE = re.compile(rf"{_YEAR}\s*年?末?\s*(?:-|~|/|至|到|to)\s*(?:{_YEAR}|\d\d(?!\d))")
_SCALES = (  # the longer wording first: "million" is part of "100 million"
    (r"十亿美元|billions?\b|\bbn\b", Decimal(1000)),
    (r"百万美元", Decimal(1)),
    (r"亿美元|(?:100|hundred) ?millions?\b", Decimal(100)),
    (r"万美元|10[, ]?000|\bten thousands?\b", Decimal("0.01")),
    (r"millions?\b|\bmn\b|\bmil\.", Decimal(1)),
    (r"千美元|thousands?\b|1[, ]?000", Decimal("0.001")),
)
_HAN = "\u3400-\u9fff"
_CHINESE_FIRST = re.compile(rf"([^A-Za-z]*[{_HAN}][^A-Za-z]*?)\s*([A-Z][^{_HAN}]*)")
_LATIN_FIRST = re.compile(rf"([A-Z][^{_HAN}]*?)\s*([{_HAN}][^A-Za-z]*)")
_CURRENCY = re.compile(r"美元|dollar|usd|us ?\$|\$", re.IGNORECASE)


class NotANumber(ValueError):  # noqa: N818 - it says what the cell is
    """A cell that should hold an amount and does not; the text says what is wrong with it."""


def clean(value: object) -> str:
    """Return the text of a cell in half-width characters, without marks and superfluous spaces.

    Examples
    --------
    >>> clean(" ２０２１年\u3000①"), clean(None), clean(2021.0)
    ('2021年', '', '2021')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _cleaned(str(value))


@lru_cache(maxsize=65536)
def _cleaned(text: str) -> str:
    text = unicodedata.normalize("NFKC", _MARKS.sub("", text))
    text = "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.split())


def number(value: object) -> Decimal | None:
    """Read an amount, exactly as printed.

    Parameters
    ----------
    value : object
        What the cell holds: a number, or a text such as ``1,234.5``, ``－12``, ``(12)``, ``１２``.

    Returns
    -------
    decimal.Decimal or None
        The amount; None for a blank cell or a sign that stands for "no figure" (a dash, dots).

    Raises
    ------
    NotANumber
        If the cell holds anything else. A comma must separate thousands, since ``1,5`` could be
        meant as a decimal, and scientific notation is refused because digits were lost in it.

    Examples
    --------
    >>> number("1,369,075.5"), number("（１２）"), number("—"), number(0.1)
    (Decimal('1369075.5'), Decimal('-12'), None, Decimal('0.1'))
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise NotANumber("is a truth value, not a number")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        # A workbook stores binary numbers: 15 digits are what a spreadsheet shows.
        exact = Decimal(f"{value:.15g}")
        if not exact.is_finite():
            raise NotANumber("is not a finite number")
        return exact
    if not isinstance(value, str):
        raise NotANumber("is not a number")
    return _from_text(value)


def _from_text(value: str) -> Decimal | None:
    text = clean(value).translate(_DASHES).replace("…", "...").lstrip("'").strip()
    if text.casefold() in MISSING or set(text) <= {"-", "."}:
        return None
    if text.startswith("#"):
        raise NotANumber("is an error of the spreadsheet")
    if _SCIENTIFIC.fullmatch(text):
        raise NotANumber("is in scientific notation, in which digits are lost")
    if text.startswith("(") and text.endswith(")") and text[1:2].isdigit():
        text = f"-{text[1:-1].strip()}"
    text = re.sub(r"^([+-]) +", r"\1", text)
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise NotANumber("is not a number")
    return Decimal(re.sub(r"[,\s']", "", text))


def year(value: object) -> int | None:
    """Return the one year that a heading names; None if it names no year, two, or a range.

    Examples
    --------
    >>> year("2021年"), year("Stock, end of 2020"), year("2007-2015"), year(2019.0), year("13.7")
    (2021, 2020, None, 2019, None)
    """
    if isinstance(value, datetime.date):  # a spreadsheet's idea of a heading such as 2021-12
        return value.year
    if isinstance(value, bool):
        return None
    text = clean(value).translate(_DASHES)
    if _RANGE.search(text):
        return None
    found = {int(match) for match in re.findall(_YEAR, text)}
    return found.pop() if len(found) == 1 else None


def scale(text: str) -> Decimal | None:
    """Return how many million US dollars one unit of a stated unit is; None if none is stated.

    Examples
    --------
    >>> scale("单位：万美元"), scale("(USD 10 000)"), scale("Unit: millions of US dollars")
    (Decimal('0.01'), Decimal('0.01'), Decimal('1'))
    """
    plain = clean(text).casefold()
    if not _CURRENCY.search(plain):
        return None
    for pattern, factor in _SCALES:
        if re.search(pattern, plain):
            return factor
    return None


def label(value: object) -> str:
    """Return the name in a cell without indentation, numbering, "of which" and note marks.

    Examples
    --------
    >>> label("　　其中：中国香港*"), label("  of which: Japan"), label("1. Asia")
    ('中国香港', 'Japan', 'Asia')
    """
    text = clean(value) if isinstance(value, str) else ""
    text = re.sub(r"^[#+\-–—·•*>]+\s*", "", text)
    text = re.sub(r"^(?:其中|of which|including)\s*[:：]?\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:\(?\d{1,3}[.)、]|\(?[一二三四五六七八九十]{1,3}[)、.])\s*", "", text)
    return text.rstrip(" :：").strip()


def readings(name: str) -> list[str]:
    """List what a name may be: the whole, and its Chinese and its Latin part if it has both.

    Examples
    --------
    >>> readings("阿富汗 Afghanistan")
    ['阿富汗 Afghanistan', '阿富汗', 'Afghanistan']
    >>> readings("刚果(金)")
    ['刚果(金)']
    """
    parts = [name]
    for pattern in (_CHINESE_FIRST, _LATIN_FIRST):
        if found := pattern.fullmatch(name):
            parts += [_unbracketed(part) for part in found.groups()]
            break
    return parts


def _unbracketed(part: str) -> str:
    """Drop a bracket that held the other language and so lost its partner."""
    part = part.strip(" /")
    if part.endswith(")") and "(" not in part:
        part = part[:-1]
    return part.removesuffix("(").strip()
