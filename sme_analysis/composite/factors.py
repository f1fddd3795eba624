"""What may vary when an index is replayed: steps, weights, indicators, measurements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .arrays import Floats, Integers, number
from .recipe import Recipe
from .state import State, Step
from .structure import Structure


@dataclass(frozen=True, eq=False)
class Factor(ABC):
    """One source of uncertainty. A replay turns a number from 0 to 1 into a setting of it."""

    @property
    @abstractmethod
    def label(self) -> str:
        """Name in tables and figures."""


@dataclass(frozen=True, eq=False)
class Alternatives(Factor):
    """Alternatives to one step of the recipe, given as steps.

    Parameters
    ----------
    step : the step of the recipe that they take the place of (the object, or one equal to it)
    options : steps of the same stage; include the step itself if it is one of them
    probabilities : numbers from zero up, optional; equal by default
    name : str, optional

    Notes
    -----
    Options that are equal count as one setting: a factor all of whose options are equal changes
    nothing, exactly.
    """

    step: Step
    options: Sequence[Step]
    probabilities: Sequence[float] | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if not self.options:
            raise ParameterError(f"{self.label}: there are no options.")
        for option in self.options:
            if not isinstance(option, Step) or option.stage != self.step.stage:
                shown = option.label if isinstance(option, Step) else repr(option)
                raise ParameterError(f"{self.label}: {shown} is no step to {self.step.stage}.")
        chances = self.chances
        bad = not np.isfinite(chances).all() or (chances < 0).any() or chances.sum() <= 0
        if bad or len(chances) != len(self.options):
            raise ParameterError(f"{self.label}: one probability from zero up for each option.")

    @property
    def label(self) -> str:
        """The name, or that of the step."""
        return self.name or (type(self.step).__name__ if isinstance(self.step, Step) else "factor")

    @property
    def chances(self) -> Floats:
        """Probability of each option, not yet made to sum to one."""
        given = [1.0] * len(self.options) if self.probabilities is None else self.probabilities
        return np.array(given, dtype=float)

    def choose(self, u: Floats) -> Integers:
        """Option for each number from 0 to 1; of equal options, the first."""
        edges = np.cumsum(self.chances / self.chances.sum())[:-1]
        first = [
            next(i for i, other in enumerate(self.options) if _equal(other, option))
            for option in self.options
        ]
        return np.array(first)[np.searchsorted(edges, u, side="right")]


def _equal(one: Step, other: Step) -> bool:
    try:
        return one is other or bool(one == other)
    except ValueError:  # a setting that cannot be compared, as a frame
        return False


@dataclass(frozen=True, eq=False)
class WeightFactor(Factor):
    """Base of the factors that change weights; a bank of settings is drawn once, from the seed."""

    level: int | None = None
    name: str = field(default="", kw_only=True)

    @property
    def label(self) -> str:
        """The name, or the kind and level."""
        where = "" if self.level is None else f" (level {self.level})"
        return self.name or f"{type(self).__name__}{where}"

    def places(self, structure: Structure) -> list[int]:
        """Nodes whose weights vary: those of the level, or all but the index."""
        if self.level is None:
            return [p for p, code in enumerate(structure.nodes) if code != structure.root]
        nodes = structure.at_level(self.level)
        if nodes == (structure.root,):
            raise ParameterError(f"{self.label}: the index itself has no weight to vary.")
        return [structure.places[code] for code in nodes]

    def size(self, structure: Structure, draws: int) -> int:
        """Number of settings in the bank."""
        return draws

    @abstractmethod
    def bank(self, structure: Structure, size: int, rng: np.random.Generator) -> Floats:
        """Settings: (size, nodes)."""

    def apply(self, weights: Floats, bank: Floats, structure: Structure) -> Floats:
        """Weights (draws, nodes) with one row of the bank for each draw."""
        return weights * bank


@dataclass(frozen=True, eq=False)
class WeightNoise(WeightFactor):
    """Multiply each weight by 1 + U(-spread, spread), independently.

    Parameters
    ----------
    level : int, optional
        Level whose nodes vary; all levels by default.
    spread : float from 0 to 1
        0.25 is a quarter up or down. Becker et al. (2022), get_noisy_weights.
    """

    spread: float = 0.25

    def __post_init__(self) -> None:
        number("spread", self.spread, 0, 1)

    def bank(self, structure: Structure, size: int, rng: np.random.Generator) -> Floats:
        """Factors around one."""
        result = np.ones((size, len(structure.nodes)))
        places = self.places(structure)
        result[:, places] += self.spread * rng.uniform(-1.0, 1.0, (size, len(places)))
        return result


@dataclass(frozen=True, eq=False)
class RandomWeights(WeightFactor):
    """Draw the weights of siblings evenly from all weights that sum to one (flat Dirichlet).

    Nodes with weight zero keep it.
    """

    def bank(self, structure: Structure, size: int, rng: np.random.Generator) -> Floats:
        """Unit exponentials, whose shares are a flat Dirichlet; NaN where weights stay."""
        result = np.full((size, len(structure.nodes)), np.nan)
        places = self.places(structure)
        result[:, places] = rng.exponential(size=(size, len(places)))
        return result

    def apply(self, weights: Floats, bank: Floats, structure: Structure) -> Floats:
        """The drawn weights in place of the old."""
        return np.where(np.isnan(bank) | (weights == 0), weights, bank)


@dataclass(frozen=True, eq=False)
class Omission(WeightFactor):
    """Leave out none, or one, of the nodes of a level (default: the indicators), evenly.

    OECD/JRC (2008), 7.2, factor X3. An aggregate that loses its last child goes too.
    """

    level: int | None = 1

    def size(self, structure: Structure, draws: int) -> int:
        """None left out, and each node."""
        return 1 + len(self.places(structure))

    def bank(self, structure: Structure, size: int, rng: np.random.Generator) -> Floats:
        """Ones, with a zero for what is left out."""
        result = np.ones((size, len(structure.nodes)))
        for row, place in enumerate(self.places(structure), start=1):
            result[row, place] = 0.0
        return result

    def apply(self, weights: Floats, bank: Floats, structure: Structure) -> Floats:
        """Zero weights, upwards to aggregates that have nothing left."""
        return without_empty(weights * bank, structure)


def without_empty(weights: Floats, structure: Structure) -> Floats:
    """Zero the weight of aggregates none of whose children has weight."""
    result = weights.copy()
    for above in structure.aggregates[:-1]:
        below = [structure.places[code] for code in structure.children[above]]
        result[(result[:, below] == 0).all(axis=1), structure.places[above]] = 0.0
    return result


@dataclass(frozen=True, eq=False)
class MeasurementError(Factor):
    """Add normal errors to the data before the first step, by published standard errors.

    Parameters
    ----------
    errors : DataFrame, optional
        Standard errors by unit (and year) and indicator, for some or all of the indicators. By
        default the data columns that the structure names in `error`.

    Notes
    -----
    Errors are independent. A value that is known must have its standard error, from zero up;
    missing values stay missing.
    """

    errors: pd.DataFrame | None = None
    name: str = field(default="Measurement error", kw_only=True)

    @property
    def label(self) -> str:
        """The name."""
        return self.name

    def sizes(self, state: State) -> Floats:
        """Standard errors (rows, indicators), zero where none are published for an indicator."""
        structure, result = state.structure, np.zeros(state.values.shape[1:])
        columns = self._columns(state)
        if not columns:
            raise DataError("no standard errors are given, nor named in the structure's 'error'.")
        for code, column in columns.items():
            if code not in structure.indicators:
                raise ParameterError(unknown("indicator", code, structure.indicators))
            place = structure.places[code]
            sizes = column.reindex(state.units).to_numpy(dtype="float64", na_value=np.nan)
            wrong = ~(np.isfinite(sizes) & (sizes >= 0)) & ~np.isnan(state.values[0, :, place])
            if wrong.any():
                raise DataError(
                    f"the standard error of {code!r} for {state.units[wrong][0]!r} is "
                    f"{sizes[wrong][0]:g}: every known value needs one from zero up."
                )
            result[:, place] = np.nan_to_num(sizes)
        return result

    def _columns(self, state: State) -> dict[str, pd.Series[Any]]:
        if self.errors is None:
            return {code: state.side[name] for code, name in state.structure.errors.items()}
        if not self.errors.index.is_unique:
            raise DataError("the index of the standard errors is not unique.")
        return {str(code): self.errors[code] for code in self.errors.columns}


def check_factors(recipe: Recipe, structure: Structure, factors: Sequence[Factor]) -> None:
    """Refuse what cannot be varied: unknown steps, one step twice, names that stand twice."""
    if not factors:
        raise ParameterError("at least one factor is needed, and none is given.")
    for factor in factors:
        if not isinstance(factor, Factor):
            raise ParameterError(f"{factor!r} is not a factor: Alternatives, WeightNoise, ...")
    labels = [factor.label for factor in factors]
    places = [recipe.place(f.step) for f in factors if isinstance(f, Alternatives)]
    if len(set(places)) < len(places):
        raise ParameterError("two factors vary the same step: join their options in one.")
    if len(set(labels)) < len(labels):
        raise ParameterError(f"factors need different names: {', '.join(labels)}.")
    if sum(isinstance(factor, MeasurementError) for factor in factors) > 1:
        raise ParameterError("there may be one MeasurementError.")
    for factor in factors:
        if isinstance(factor, WeightFactor):
            factor.places(structure)
