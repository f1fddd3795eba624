"""What passes from step to step, and what a step is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, replace
from typing import ClassVar, Literal, get_args

import numpy as np
import pandas as pd

from ..errors import ParameterError
from .arrays import Floats, Integers, one_of
from .structure import Structure
from .structure_checks import check_data

Over = Literal["year", "panel"]
Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class State:
    """Data on their way through a recipe: (draws, rows, indicators) and the labels at the edges.

    Attributes
    ----------
    values : array (draws, rows, indicators); one draw in an ordinary build
    units : Index of the rows: unit labels, or (unit, year) in a panel
    rows : array, place of each row in the data given (screening drops rows)
    side : DataFrame, the other columns of the data (denominators, groups), row by row
    weights : array (draws, nodes), as wanted; siblings are made to sum to one when aggregating
    scores : array (draws, rows, nodes), or None before aggregation
    """

    structure: Structure
    values: Floats
    units: pd.Index
    rows: Integers
    side: pd.DataFrame
    weights: Floats
    scores: Floats | None = None

    @classmethod
    def start(cls, structure: Structure, data: pd.DataFrame) -> State:
        """Check data (units, or units and years, by columns) against a structure and wrap them."""
        if not isinstance(structure, Structure):
            raise ParameterError(f"structure must be a Structure, not {type(structure).__name__}.")
        if not isinstance(data, pd.DataFrame):
            raise ParameterError(f"data must be a DataFrame, not {type(data).__name__}.")
        others = [*structure.denominators.values(), *structure.errors.values()]
        check_data(data, [*structure.indicators, *others], structure.indicators, "the data")
        values = data[list(structure.indicators)].to_numpy(dtype="float64", na_value=np.nan)
        return cls(
            structure, values[None], data.index, np.arange(len(data)), data,
            structure.weights[None].copy(),
        )  # fmt: skip

    @property
    def panel(self) -> bool:
        """Whether the rows are unit-years."""
        return self.units.nlevels == 2

    def sections(self, over: Over = "year") -> list[Integers]:
        """Row places to work on together: each year by itself, or the whole panel."""
        everything = np.arange(len(self.units))
        if over == "panel" or not self.panel:
            return [everything]
        years = self.units.get_level_values(1).to_numpy()
        return [everything[years == year] for year in np.unique(years)]

    def take(self, draws: Integers) -> State:
        """Some of the draws; what is the same in all draws is left as it is."""
        several = len(self.values) > 1
        return replace(self, values=self.values[draws]) if several else self

    def table(self, draw: int = 0) -> pd.DataFrame:
        """Values of one draw as a frame of rows by indicators."""
        return pd.DataFrame(self.values[draw], self.units, list(self.structure.indicators))


STAGES = ("prepare", "normalise", "weigh", "aggregate")


@dataclass(frozen=True)
class Step(ABC):
    """One step of a recipe: a state in, a state out, and frames that say what it did.

    Steps are values: two with the same settings are equal (those that hold frames: only to
    themselves). `stage` fixes their order.
    """

    stage: ClassVar[str] = "prepare"

    @abstractmethod
    def transform(self, state: State) -> State:
        """Work on all draws of a state at once."""

    def report(self, before: State, after: State) -> Frames:
        """Say in frames what the step did to the first draw."""
        return {}

    @property
    def label(self) -> str:
        """Name of the step with the settings that differ from the defaults."""
        given = []
        for item in fields(self):
            value = getattr(self, item.name)
            made = item.default if item.default_factory is MISSING else item.default_factory()
            if value is not None and not _same(value, made):
                given.append(f"{item.name}={_brief(value)}")
        return f"{type(self).__name__}({', '.join(given)})"

    def __str__(self) -> str:
        return self.label


def _same(value: object, other: object) -> bool:
    try:
        return bool(value == other)
    except ValueError:
        return False


def _brief(value: object) -> str:
    text = value.label if isinstance(value, Step) else " ".join(repr(value).split())
    return text if len(text) <= 40 else text[:37] + "..."


def check_over(over: str) -> None:
    """Refuse a span that is neither one year at a time nor the whole panel."""
    one_of("span", over, get_args(Over))


def in_sections(state: State, over: Over) -> Iterator[tuple[Integers, Floats]]:
    """Each section's rows with its values (draws, rows of the section, indicators)."""
    for rows in state.sections(over):
        yield rows, state.values[:, rows]
