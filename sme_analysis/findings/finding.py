"""A finding, and the words that findings are made of."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

import pandas as pd

from ..data.citation import SUPPLIED
from ..rounding import MINUS, fixed, plain
from ..wording import QUALIFIERS

_UNITS = {
    "usd_bn": ("US$", " bn"),
    "eur_bn": ("EUR ", " bn"),
    "hkd_bn": ("HKD ", " bn"),
    "jpy_bn": ("JPY ", " bn"),
    "myr_bn": ("MYR ", " bn"),
    "thb_bn": ("THB ", " bn"),
    "pct": ("", "%"),
}
_ACCESS = {
    "publisher": "publisher",
    "press": "press",
    "mirror": "copy",
    "secondary": "third party",
    "compiled": "computed",
}
_GROUPS = {
    "AFRICAN_UNION": "the African Union",
    "BRI": "Belt and Road partner countries",
    "BRICS": "the BRICS",
    "CENTRAL_ASIA": "Central Asia",
    "CHINA_CEEC": "the China–CEEC countries",
    "CPTPP": "the CPTPP",
    "EU": "the European Union",
    "GCC": "the Gulf Cooperation Council",
    "SCO": "the SCO",
}


@dataclass(frozen=True)
class Finding:
    """What one section of a report has to say.

    Attributes
    ----------
    headline : str
        The finding in one line: the title of the figure.
    text : str
        The finding in sentences.
    measure : str
        Measure, unit and scope: the subtitle of the figure.
    source : str
        The source line.
    table : DataFrame, optional
        The figures behind it, numbers as numbers, columns as a reader should see them.
    decimals : mapping of column to number of decimals, optional
    notes : tuple of str
        Caveats that belong beside the figure.
    empty : bool
        True when the selection holds nothing to draw; the text then says so.
    prose : bool
        True when the rows of the table are sentences to be read one after the other.
    """

    headline: str
    text: str
    measure: str = ""
    source: str = ""
    table: pd.DataFrame | None = None
    decimals: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    empty: bool = False
    prose: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """Title, subtitle and source, as every plot function takes them."""
        return {"title": self.headline, "subtitle": self.measure, "source": self.source}


def nothing(text: str, *notes: str) -> Finding:
    """Say in a sentence that a selection is empty."""
    return Finding(headline="", text=text, notes=notes, empty=True)


def place(group: str) -> str:
    """Name a group as it stands after "in".

    >>> place("EU"), place("ASEAN"), place("Latin America")
    ('the European Union', 'ASEAN', 'Latin America')
    """
    return _GROUPS.get(group, group)


def usd(billions: float, decimals: int = 1) -> str:
    """Write an amount given in US$ bn, in the unit that suits its size.

    >>> usd(3139.93), usd(192.2), usd(0.99963), usd(0.0421), usd(-2.5)
    ('US$3.14 tn', 'US$192.2 bn', 'US$1.0 bn', 'US$42 mn', '−US$2.5 bn')
    """
    sign, size = (MINUS if billions < 0 else ""), abs(billions)
    if size >= 999.95:
        return f"{sign}US${fixed(size / 1000, 2)} tn"
    if size >= 0.9995:  # below it, no whole number of millions is a thousand
        return f"{sign}US${fixed(size, decimals)} bn"
    millions = size * 1000
    return f"{sign}US${fixed(millions, 0 if millions >= 10 or not millions else decimals)} mn"


def percent(value: float, decimals: int = 1) -> str:
    """Write a percentage.

    >>> percent(8.414), percent(-0.04), percent(-3.25)
    ('8.4%', '0.0%', '−3.3%')
    """
    return f"{fixed(value, decimals)}%"


def signed(value: float, decimals: int = 1) -> str:
    """Write a change with its sign.

    >>> signed(2.31), signed(-2.31), signed(0)
    ('+2.3', '−2.3', '0.0')
    """
    return f"{'+' if value > 0 else ''}{fixed(value, decimals)}"


def change(value: float, decimals: int = 1) -> str:
    """Say a change of a percentage as a verb.

    >>> change(8.4), change(-19.3), change(0.01)
    ('rose by 8.4%', 'fell by 19.3%', 'hardly changed')
    """
    if round(abs(value), decimals) == 0:
        return "hardly changed"
    return f"{'rose' if value > 0 else 'fell'} by {percent(abs(value), decimals)}"


def number(frame: pd.DataFrame, row: Hashable, column: Hashable) -> float:
    """Return one cell of a frame as a number."""
    return float(cast(float, frame.at[row, column]))


def year_of(position: object) -> int:
    """Return the year that stands in an index.

    >>> year_of(2019)
    2019
    """
    return int(cast(int, position))


def ordinal(number: int) -> str:
    """Write a rank in words or figures.

    >>> [ordinal(n) for n in (1, 2, 3, 11, 22, 103)]
    ['first', 'second', 'third', '11th', '22nd', '103rd']
    """
    if number in (1, 2, 3):
        return ("first", "second", "third")[number - 1]
    suffix = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"


def span(years: Iterable[int]) -> str:
    """Write the first and last year.

    >>> span([2003, 2019]), span([2019])
    ('2003–2019', '2019')
    """
    known = sorted(int(year) for year in years)
    return str(known[0]) if known[0] == known[-1] else f"{known[0]}–{known[-1]}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number with its noun.

    >>> counted(1, "host"), counted(1200, "host"), counted(2, "economy", "economies")
    ('1 host', '1,200 hosts', '2 economies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def figure(value: float, unit: str, bound: str) -> str:
    """Write a single figure with its unit and the qualifier of its source.

    >>> figure(60, "pct", "nearly"), figure(2.5, "usd_bn", "over"), figure(10, "rank", "at_most")
    ('nearly 60%', 'over US$2.5 bn', 'among the first 10')
    """
    if unit == "rank":
        return {
            "at_most": f"among the first {plain(value)}",
            "over": f"behind the first {plain(value)}",
        }.get(bound, ordinal(int(value)))
    before, after = _UNITS[unit]
    return bounded(f"{before}{plain(value)}{after}", bound)


def bounded(text: str, bound: str) -> str:
    """Put the qualifier of the source before a figure.

    >>> bounded("4.1", "over"), bounded("4.1", "exact")
    ('over 4.1', '4.1')
    """
    return QUALIFIERS[bound] + text


def read_as(source_ids: pd.Series, register: pd.DataFrame) -> pd.Series:
    """Say in a word how each figure was read: publisher, press, copy, third party.

    Parameters
    ----------
    source_ids : Series
    register : DataFrame
        The table `sources`.
    """
    known = source_ids.map(register.set_index("source_id")["access"]).map(_ACCESS)
    return known.where(source_ids != SUPPLIED, "your file")
