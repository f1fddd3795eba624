"""What a screening was asked for, in words and as arguments of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from ... import markets
from ...data.citation import source_line
from ...data.tables import load
from ...wording import listed
from ..finding import Finding, nothing, place

WORLD = "World"
_RISK_TABLES = ("governance_indicators",)
_PROPER = ("Belt", "Chinese")
_REACH = 3  # years of the risk index's own indicators that are counted as sources
_LONG = (
    "United States", "United Kingdom", "Netherlands", "Philippines", "United Arab Emirates",
    "Russian Federation", "Czech Republic", "Dominican Republic", "Kyrgyz Republic", "Maldives",
    "Bahamas", "Gambia", "Solomon Islands", "Marshall Islands", "Central African Republic",
    "Rep. of Korea", "Rep. of Congo", "DR Congo", "Slovak Republic", "Seychelles", "Comoros",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Terms:
    """The question of a screening.

    Attributes
    ----------
    asked : mapping
        The checked parameters of the report.
    """

    asked: Mapping[str, Any]

    @property
    def question(self) -> dict[str, Any]:
        """Arguments of :func:`sme_analysis.markets.screen`."""
        left = ("top_n",)
        return {key: value for key, value in self.asked.items() if key not in left}

    @property
    def n(self) -> int:
        """Length of the short list."""
        return int(self.asked["top_n"])

    @property
    def current(self) -> list[str]:
        """Current markets as given."""
        return [str(item) for item in self.asked["current_markets"] if str(item).strip()]

    @property
    def sector(self) -> str:
        """Name of the sector in running text."""
        if self.asked["sector"] == "all":
            return "a firm of any sector"
        return str(markets.sectors().at[self.asked["sector"], "name"]).lower()

    @property
    def where(self) -> str:
        """The group as it ends a clause: " in ASEAN", or nothing for the world."""
        group = self.asked["group"]
        return "" if group == WORLD else f" in {place(group)}"

    @property
    def appetite(self) -> str:
        """The risk appetite in words."""
        given = str(self.asked["risk_appetite"])
        return f"{given} risk appetite" if not given[0].isdigit() else f"risk appetite {given}"

    def subtitle(self, measure: str) -> str:
        """Measure, sector, appetite and scope of a figure."""
        scope = "all economies" if self.asked["group"] == WORLD else f"economies{self.where}"
        return f"{measure}; {self.sector}, {self.appetite}; {self.asked['year']}, {scope}"

    def none(self, screened: markets.Screening) -> Finding:
        """Say that nobody is ranked."""
        return nothing(
            f"No economy{self.where} is left to rank: all {len(screened.left_out)} are left out, "
            "for the reasons counted below. Widen the group, or take back an exclusion."
        )


def terms(asked: Mapping[str, Any]) -> Terms:
    """Make the terms of a report from its checked parameters."""
    return Terms(asked)


def the(name: str) -> str:
    """Name an economy in running text.

    >>> the("Netherlands"), the("Viet Nam")
    ('the Netherlands', 'Viet Nam')
    """
    return f"the {name}" if name in _LONG else name


def all_of(names: Iterable[str]) -> str:
    """Join names of economies as a sentence does, by semicolons where a name has a comma.

    >>> all_of(["Netherlands", "Mali"]), all_of(["Taiwan, China", "Mali"])
    ('the Netherlands and Mali', 'Taiwan, China; and Mali')
    """
    words = [the(name) for name in names]
    if len(words) > 1 and any("," in word for word in words):
        return f"{'; '.join(words[:-1])}; and {words[-1]}"
    return listed(words)


def number_word(count: int) -> str:
    """Write a small whole number as a word.

    >>> number_word(6), number_word(13)
    ('six', '13')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if 0 <= count < len(words) else f"{count:,}"


def capital(text: str) -> str:
    """Begin a sentence with a text.

    >>> capital("the Netherlands")
    'The Netherlands'
    """
    return text[:1].upper() + text[1:]


def short(name: str) -> str:
    """Name an indicator where room is scarce: up to its first comma, the first letter small.

    >>> short("Income per person, as a stand-in for wages"), short("GDP")
    ('income per person', 'GDP')
    """
    head = name.split(",")[0]
    return head if head[:2].isupper() or head.startswith(_PROPER) else head[:1].lower() + head[1:]


def inputs(screened: markets.Screening) -> Iterator[pd.DataFrame]:
    """Rows of the tables that the screening of the year draws on."""
    leaves = screened.figures.leaves
    codes = screened.items["code"].unique()
    year = screened.year
    used = leaves[leaves.index.isin(codes)]
    for table, rows in used.groupby("table", sort=False):
        if table == "risk":
            for other in _RISK_TABLES:
                frame = load(other)
                yield frame[frame["year"].between(year - _REACH, year)]
            continue
        frame = load(str(table))
        if table in ("country_indicators", "distance_to_china"):
            column = "indicator" if "indicator" in frame else "kind"
            frame = frame[frame[column].isin(rows["indicator"])]
        if "year" in frame:
            back = int((rows["window"] + rows["max_age"].fillna(0)).max())
            frame = frame[frame["year"].between(year - back, year)]
        yield frame


@lru_cache(maxsize=8)
def source(screened: markets.Screening) -> str:
    """Source line of whatever rests on the score."""
    return source_line(*inputs(screened))
