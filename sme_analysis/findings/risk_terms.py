"""What a report on host risk was asked for, in words and as arguments of the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import risk
from ..data.citation import SUPPLIED, source_line
from ..data.governance import governance_edition
from ..data.tables import load
from ..economies import members, name, to_iso3
from ..rounding import fixed, plain
from ..wording import listed
from .finding import Finding, counted, nothing, place

WORLD = "World"
SURE = 0.9  # a pair is told apart from this probability on
FIRST_YEAR = 2005
_BY_YEAR = ("governance_indicators", "country_indicators", "un_ideal_points")
_BESIDE = {"reserves": ("imports", "gdp"), "co2_per_person": ("gni_per_capita",)}


@dataclass(frozen=True, eq=False)
class Terms:
    """The question of a report: whom, when, how weighed.

    Attributes
    ----------
    group, year, weights, aggregation, draws, seed : as in :func:`sme_analysis.risk.simulate`
    highlight : tuple of ISO 3166-1 alpha-3 codes
    own : DataFrame or None
        Indicators of the user's own.
    """

    group: str
    year: int
    weights: str
    aggregation: str
    draws: int
    seed: int
    highlight: tuple[str, ...]
    own: pd.DataFrame | None = None

    @property
    def how(self) -> dict[str, Any]:
        """Arguments that every function of a single year takes."""
        return {"year": self.year, **self.weighed}

    @property
    def weighed(self) -> dict[str, Any]:
        """Arguments that every function of many years takes."""
        return {"weights": self.weights, "aggregation": self.aggregation, "own": self.own}

    @property
    def drawn(self) -> dict[str, Any]:
        """Arguments of whatever is simulated."""
        return {"draws": self.draws, "seed": self.seed}

    @property
    def governance(self) -> str:
        """On which edition of the governance indicators the index stands."""
        found = governance_edition(load("governance_indicators"), load("sources"))
        return found.sentence if found else ""

    @property
    def where(self) -> str:
        """The group as it ends a clause: " in ASEAN", or nothing for the world."""
        return "" if self.group == WORLD else f" in {place(self.group)}"

    @property
    def scope(self) -> str:
        """Whose risk is shown."""
        if self.group == WORLD:
            return "all economies scored"
        return place(self.group) if self.group == "BRI" else f"economies{self.where}"

    @property
    def choices(self) -> str:
        """Weights and mean in words.

        "equal weights, arithmetic mean"
        """
        return f"{weights_in_words(self.weights)}, {self.aggregation} mean"

    def subtitle(self, measure: str, scope: str | None = None) -> str:
        """Measure, year, choices and scope of a figure."""
        return f"{measure}; {self.year}, {scope or self.scope}; {self.choices}"

    def source(self, start: int | None = None) -> str:
        """Source line of figures that rest on the index, over years if `start` is given."""
        return source_line(*self.inputs(start))

    def inputs(self, start: int | None = None) -> list[pd.DataFrame]:
        """Rows of the tables that the index of the year can draw on."""
        return list(_inputs(start or self.year, self.year, self.own))

    def none(self) -> Finding:
        """Say why there is nothing to show."""
        if self.group != WORLD and not members(self.group, self.year):
            return nothing(f"{capital(place(self.group))} had no members in {self.year}.")
        return nothing(f"No economy{self.where} can be scored for {self.year}.")


def terms(asked: Mapping[str, Any], own: pd.DataFrame | None = None) -> Terms:
    """Make the terms of a report from its checked parameters."""
    codes = dict.fromkeys(str(to_iso3(item)) for item in asked["highlight"] if item.strip())
    same = {key: asked[key] for key in ("group", "year", "weights", "aggregation", "draws", "seed")}
    return Terms(**same, highlight=tuple(codes), own=own)


def weights_in_words(weights: str) -> str:
    """Say how the dimensions are weighed.

    >>> weights_in_words("plant_builder"), weights_in_words("political=2, ties=0")
    ('weights of a plant builder', 'weights political 2, ties 0, all others 1')
    """
    if weights in risk.presets().index:
        words = weights.replace("_", " ")
        article = "an" if words[0] in "aeiou" else "a"
        return "equal weights" if weights == "equal" else f"weights of {article} {words}"
    found = risk.weights(weights)
    apart = [f"{code} {plain(value)}" for code, value in found.items() if value != 1]
    if not apart:
        return "equal weights"
    return f"weights {', '.join(apart)}" + (", all others 1" if len(apart) < len(found) else "")


def _inputs(start: int, end: int, own: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    structure = risk.structure()
    rows = structure[structure["table"].notna()]
    for table in rows["table"].unique():
        frame = load(str(table))
        if table in _BY_YEAR:
            frame = _used(frame, rows[rows["table"] == table], start, end)
        elif table == "distance_to_china":
            frame = frame[frame["kind"].isin(rows["indicator"])]
        yield frame
    if own is not None:
        yield own.assign(source_id=SUPPLIED)


def _used(frame: pd.DataFrame, rows: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """Rows within the reach of the indicators' windows and ages."""
    reach = dict(zip(rows["indicator"], rows[["window", "max_age"]].max(axis=1), strict=True))
    for code, others in _BESIDE.items():
        for other in others:
            reach[other] = max(reach.get(other, 0), reach.get(code, 0))
    if "indicator" not in frame:
        back: Any = max(reach.values())
    elif rows["indicator"].isna().any():  # a distance over all of them
        back = frame["indicator"].map(reach).fillna(rows["max_age"].max())
    else:
        frame = frame[frame["indicator"].isin(list(reach))]
        back = frame["indicator"].map(reach)
    return pd.DataFrame(frame[(frame["year"] <= end) & (frame["year"] > start - back - 1)])


def unscored(asked: Terms, scored: pd.DataFrame, missing: pd.DataFrame) -> list[str]:
    """Say of each highlighted economy without a score why it has none.

    Parameters
    ----------
    scored : DataFrame
        From :func:`sme_analysis.risk.score`, all economies.
    missing : DataFrame
        From :func:`sme_analysis.risk.left_out`, all economies.
    """
    reasons = missing.set_index("iso3")["reason"]
    said = []
    for code in asked.highlight:
        if code in set(scored["iso3"]):
            continue
        if code == "CHN":
            said.append("China is the home of the investing firms and has no score.")
        elif code in reasons.index:
            said.append(f"{plain_name(code)} has no score for {asked.year}: it {reasons[code]}.")
        else:
            said.append(f"{plain_name(code)} is not among the economies of the index.")
    return said


def plain_name(code: str) -> str:
    """Short name of an economy for sentences."""
    return name(code, "plain")


def chance(probability: float) -> str:
    """Write a probability without claiming certainty of a finite number of draws.

    >>> chance(0.834), chance(1.0), chance(0.002)
    ('83%', 'more than 99%', 'less than 1%')
    """
    if probability > 0.99:
        return "more than 99%"
    return "less than 1%" if probability < 0.01 else f"{fixed(100 * probability, 0)}%"


def capital(text: str) -> str:
    """Write a sentence's first letter large."""
    return text[:1].upper() + text[1:]


def lower(label: str) -> str:
    """Write a name of the index within a sentence; what follows its first letter stays.

    >>> lower("Ties with China")
    'ties with China'
    """
    return label[:1].lower() + label[1:]


def some(names: list[str], most: int = 4, noun: str = "other") -> str:
    """List a few names and count the rest.

    >>> some(["a", "b", "c"], 2), some(["a", "b"], 2)
    ('a, b and 1 other', 'a and b')
    """
    if len(names) <= most:
        return listed(names)
    return listed([*names[:most], counted(len(names) - most, noun)])
