"""Base of the normalisations: directions, spans, overrides and refusals."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .arrays import Floats
from .state import Frames, Over, State, Step, check_over


@dataclass(frozen=True, eq=False)
class Columns:
    """The indicators that one normalisation works on: arrays with one place each."""

    codes: tuple[str, ...]
    directions: Floats
    targets: Floats
    lower: Floats
    upper: Floats
    units: pd.Index

    def posts(self) -> tuple[Floats, Floats]:
        """Goalposts turned so that more is better: (worst, best)."""
        ends = np.stack([self.directions * self.lower, self.directions * self.upper])
        return ends.min(axis=0), ends.max(axis=0)

    def refuse(self, wrong: Any, x: Floats, why: str) -> None:
        """Raise DataError for the first indicator where `wrong` (draws, 1, indicators) holds."""
        bad = np.broadcast_to(wrong, (len(x), 1, x.shape[2]))
        if bad.any():
            draw, _, place = np.argwhere(bad)[0]
            known = x[draw, :, place][~np.isnan(x[draw, :, place])]
            shown = "no value" if not known.size else f"values {known.min():g} to {known.max():g}"
            raise DataError(f"indicator {self.codes[place]!r} ({shown}) {why}.")


@dataclass(frozen=True)
class Normalisation(Step):
    """Base of the normalisations: brings every indicator to one scale on which more is better."""

    stage: ClassVar[str] = "normalise"
    over: Over = field(default="year", kw_only=True)

    def __post_init__(self) -> None:
        check_over(self.over)

    @abstractmethod
    def scale(self, x: Floats, columns: Columns) -> Floats:
        """Normalise (draws, rows, indicators); `x` is as measured, not yet turned."""

    def transform(self, state: State) -> State:
        """Normalise every indicator, section by section."""
        values = np.full_like(state.values, np.nan)
        structure = state.structure
        for method, places in self._plan(state):
            for rows in state.sections(method.over):
                columns = Columns(
                    tuple(structure.indicators[place] for place in places),
                    structure.directions[places], structure.targets[places],
                    structure.lower[places], structure.upper[places], state.units[rows],
                )  # fmt: skip
                part = state.values[:, rows[:, None], places]
                columns.refuse(np.isnan(part).all(axis=1, keepdims=True), part, "is empty here")
                values[:, rows[:, None], places] = method.scale(part, columns)
        return replace(state, values=values)

    def report(self, before: State, after: State) -> Frames:
        """`normalised`: method, lowest, mean and highest normalised value of each indicator."""
        x, codes = after.values[0], after.structure.indicators
        method = {place: m.label for m, places in self._plan(before) for place in places}
        table = pd.DataFrame({"code": codes, "method": [method[p] for p in range(len(codes))]})
        frame = pd.DataFrame(x)
        return {"normalised": table.assign(low=frame.min(), mean=frame.mean(), high=frame.max())}

    def _plan(self, state: State) -> list[tuple[Normalisation, list[int]]]:
        return [(self, list(range(len(state.structure.indicators))))]


@dataclass(frozen=True)
class Mixed(Step):
    """Different normalisations for different indicators.

    Parameters
    ----------
    default : Normalisation
    overrides : mapping of indicator code to Normalisation
    """

    stage: ClassVar[str] = "normalise"
    default: Normalisation
    overrides: Mapping[str, Normalisation]

    def __post_init__(self) -> None:
        for method in (self.default, *self.overrides.values()):
            if not isinstance(method, Normalisation):
                raise ParameterError(f"Mixed takes normalisations, not {method!r}.")

    def transform(self, state: State) -> State:
        """Normalise each indicator by its own method."""
        return self._joined().transform(state)

    def report(self, before: State, after: State) -> Frames:
        """As for one normalisation."""
        return self._joined().report(before, after)

    def _joined(self) -> _Joined:
        return _Joined(default=self.default, overrides=self.overrides)


@dataclass(frozen=True)
class _Joined(Normalisation):
    default: Normalisation | None = None
    overrides: Mapping[str, Normalisation] | None = None

    def _plan(self, state: State) -> list[tuple[Normalisation, list[int]]]:
        assert self.default is not None
        assert self.overrides is not None
        indicators = state.structure.indicators
        for code in self.overrides:
            if code not in indicators:
                raise ParameterError(unknown("indicator", code, indicators, where="in overrides"))
        rest = [place for place, code in enumerate(indicators) if code not in self.overrides]
        plan = [(m, [state.structure.places[code]]) for code, m in self.overrides.items()]
        return [(self.default, rest), *plan] if rest else plan

    def scale(self, x: Floats, columns: Columns) -> Floats:
        raise NotImplementedError
