"""A recipe: the steps from data to an index, in order, each fed by the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..errors import ParameterError
from .aggregate import Aggregate
from .normalise import MinMax
from .state import STAGES, Frames, State, Step
from .structure import Structure


@dataclass(frozen=True)
class Recipe:
    """Steps in order: any preparation, one normalisation, any weightings, one Aggregate.

    Parameters
    ----------
    steps : Step objects; the last is an Aggregate

    Raises
    ------
    ParameterError
        If something is no step, steps are out of order, or normalisation or aggregation is
        missing or stands twice.

    Examples
    --------
    >>> print(Recipe(MinMax(), Aggregate()))
    MinMax() > Aggregate()
    """

    steps: tuple[Step, ...]

    def __init__(self, *steps: Step) -> None:
        given: Sequence[Step] = steps
        if len(steps) == 1 and isinstance(steps[0], list | tuple):
            given = steps[0]
        object.__setattr__(self, "steps", tuple(given))
        self._check()

    def _check(self) -> None:
        for step in self.steps:
            if not isinstance(step, Step):
                raise ParameterError(f"a recipe is made of steps, and {step!r} is none.")
        order = [STAGES.index(step.stage) for step in self.steps]
        for place in range(1, len(order)):
            if order[place] < order[place - 1]:
                raise ParameterError(
                    f"{self.steps[place].label} cannot come after {self.steps[place - 1].label}: "
                    f"the order is {', '.join(STAGES)}."
                )
        for stage in ("normalise", "aggregate"):
            found = [step for step in self.steps if step.stage == stage]
            if len(found) != 1:
                raise ParameterError(
                    f"a recipe has one step to {stage}, and this one has {len(found)}."
                )

    @property
    def aggregate(self) -> Aggregate:
        """The last step."""
        last = self.steps[-1]
        assert isinstance(last, Aggregate)
        return last

    def place(self, step: Step) -> int:
        """Place of a step in the recipe: the very object, else the one equal to it."""
        same = [place for place, own in enumerate(self.steps) if own is step]
        equal = same or [place for place, own in enumerate(self.steps) if own == step]
        if len(equal) != 1:
            found = "stands in it more than once" if equal else "is not in it"
            label = step.label if isinstance(step, Step) else repr(step)
            raise ParameterError(f"{label} {found}: the recipe is {self}.")
        return equal[0]

    def instead(self, step: Step, other: Step) -> Recipe:
        """The recipe with one step changed for another."""
        place = self.place(step)
        return Recipe(*self.steps[:place], other, *self.steps[place + 1 :])

    def run(self, structure: Structure, data: pd.DataFrame) -> tuple[list[State], list[Frames]]:
        """States before, between and after the steps, and each step's report."""
        states, reports = [State.start(structure, data)], []
        for step in self.steps:
            states.append(step.transform(states[-1]))
            reports.append(step.report(states[-2], states[-1]))
        return states, reports

    def __str__(self) -> str:
        return " > ".join(step.label for step in self.steps)


DEFAULT = Recipe(MinMax(), Aggregate())
