"""The replay: many settings of a recipe at once, on batched arrays.

Each distinct setting is computed once. Settings that agree up to a step share its work, so that
six hundred rebuilds with three normalisations and three treatments normalise nine times; weights
enter as a matrix product at the end. Work is cut into chunks that bound the memory.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .aggregate import Aggregate
from .arrays import Floats, Integers
from .factors import Alternatives, Factor, MeasurementError, WeightFactor
from .index import Index
from .state import State, Step

# Floats in one chunk of the largest array: 16 MB.
CHUNK = 2_000_000


@dataclass
class _Run:
    """One replay on its way: settings by draw and factor, and where the scores go."""

    index: Index
    factors: Sequence[Factor]
    keys: Integers
    banks: dict[int, Floats]
    code: str
    out: Floats
    done: Callable[[int], object]
    at: dict[int, tuple[int, Alternatives]]

    def descend(self, state: State, draws: Integers, place: int) -> None:
        """Take the state of these draws through the steps from `place` on."""
        steps = self.index.recipe.steps
        while place < len(steps):
            if place in self.at:
                column, factor = self.at[place]
                for choice in np.unique(self.keys[draws, column]):
                    mine = np.flatnonzero(self.keys[draws, column] == choice)
                    step = factor.options[choice]
                    self.advance(_take(state, mine), draws[mine], place, step)
                return
            if place == len(steps) - 1:
                self.advance(state, draws, place, steps[place])
                return
            state = steps[place].transform(state)
            place += 1

    def advance(self, state: State, draws: Integers, place: int, step: Step) -> None:
        """Do one step; the last one gives the scores."""
        if isinstance(step, Aggregate):
            self.finish(state, draws, step)
        else:
            self.descend(step.transform(state), draws, place + 1)

    def finish(self, state: State, draws: Integers, step: Aggregate) -> None:
        """Aggregate in chunks of draws and keep the scores of one node."""
        step._check(state)
        structure = state.structure
        width = len(state.units) * max(map(len, structure.children.values()), default=1)
        several = max(len(state.values), len(state.weights)) > 1
        for part in _chunks(len(draws), width):
            own = _take(state, part) if several else state
            weights = own.weights
            for column, bank in self.banks.items():
                factor = self.factors[column]
                assert isinstance(factor, WeightFactor)
                rows = bank[self.keys[draws[part], column]]
                weights = factor.apply(weights, rows, structure)
            if self.code == structure.root:
                scores = step.index(own, weights)
            elif self.code in structure.children:
                scores = step.scores(own, weights)[self.code]
            else:
                scores = own.values[:, :, structure.places[self.code]]
            self.out[np.ix_(draws[part], state.rows)] = scores
            self.done(len(part))


def _take(state: State, draws: Integers) -> State:
    part = state.take(draws)
    return replace(part, weights=part.weights[draws]) if len(part.weights) > 1 else part


def _chunks(draws: int, width: int) -> list[Integers]:
    size = max(1, CHUNK // max(1, width))
    return [np.arange(start, min(start + size, draws)) for start in range(0, draws, size)]


def settings(index: Index, factors: Sequence[Factor], u: Floats) -> Integers:
    """Setting of each factor (columns) in each draw (rows), from numbers in [0, 1)."""
    keys = np.empty(u.shape, dtype=np.intp)
    for column, factor in enumerate(factors):
        if isinstance(factor, Alternatives):
            keys[:, column] = factor.choose(u[:, column])
        else:
            size = bank_size(index, factor, len(u))
            keys[:, column] = np.minimum((u[:, column] * size).astype(np.intp), size - 1)
    return keys


def bank_size(index: Index, factor: Factor, draws: int) -> int:
    """Number of settings that a factor without options is drawn from."""
    if isinstance(factor, WeightFactor):
        return factor.size(index.structure, draws)
    return draws


def replay(
    index: Index, factors: Sequence[Factor], keys: Integers, bank: int, seed: int, *,
    code: str | None = None, progress: bool | None = None,
) -> Floats:  # fmt: skip
    """Scores of one node (default the index) under each row of settings: (draws, rows of the data).

    Parameters
    ----------
    keys : array (draws, factors), as from `settings`
    bank : number of draws that the settings were made for
    seed : int; with equal arguments two replays are equal to the last bit
    progress : show a bar on stderr after two seconds; by default only at a terminal

    Returns
    -------
    array; NaN for a unit that a draw leaves without a score
    """
    state = index.states[0]
    distinct, back = np.unique(keys, axis=0, return_inverse=True)
    banks = {
        column: factor.bank(index.structure, bank_size(index, factor, bank),
                            np.random.default_rng([seed, column]))
        for column, factor in enumerate(factors) if isinstance(factor, WeightFactor)
    }  # fmt: skip
    at = {
        index.recipe.place(factor.step): (column, factor)
        for column, factor in enumerate(factors)
        if isinstance(factor, Alternatives)
    }
    out = np.full((len(distinct), len(index.data)), np.nan)
    with _bar(len(distinct), progress) as done:
        run = _Run(index, factors, distinct, banks, code or index.structure.root, out, done, at)
        noisy = [c for c, factor in enumerate(factors) if isinstance(factor, MeasurementError)]
        if not noisy:
            run.descend(state, np.arange(len(distinct)), 0)
        else:
            factor = factors[noisy[0]]
            assert isinstance(factor, MeasurementError)
            sizes = factor.sizes(state)
            for draws in _chunks(len(distinct), state.values[0].size):
                values = _noisy(state.values[0], sizes, distinct[draws, noisy[0]], seed)
                run.descend(replace(state, values=values), draws, 0)
    return out if len(distinct) == len(keys) and _straight(back) else out[back.ravel()]


@contextlib.contextmanager
def _bar(total: int, progress: bool | None) -> Iterator[Callable[[int], object]]:
    """Count what is done: on a bar if one is wanted, which takes a thread of its own."""
    if progress is None:
        progress = sys.stderr is not None and sys.stderr.isatty()
    if not progress:
        yield lambda number: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc="replay", delay=2) as bar:
        yield bar.update


def _straight(back: Integers) -> bool:
    return bool((back.ravel() == np.arange(back.size)).all())


def _noisy(values: Floats, sizes: Floats, numbers: Integers, seed: int) -> Floats:
    """Values with errors, the same for the same number whatever the chunk."""
    result = np.empty((len(numbers), *values.shape))
    some = sizes.any(axis=0)
    result[:] = values
    for row, number in enumerate(numbers):
        draw = np.random.Generator(np.random.Philox(key=[seed, int(number)]))
        result[row][:, some] += sizes[:, some] * draw.standard_normal((len(values), some.sum()))
    return result
