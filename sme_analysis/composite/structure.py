"""The structure of an index: which indicator belongs where, with what weight and direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .arrays import Floats
from .structure_checks import check_structure

COLUMNS = (
    "code", "parent", "name", "weight", "direction", "denominator", "target", "lower", "upper",
    "error",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Structure:
    """A tree of indicators and aggregates, made by `Structure.from_frame` and checked there.

    Attributes
    ----------
    indicators : tuple of str, the leaves, in the order given
    aggregates : tuple of str, every node above, children before parents; the last is the index
    parents : dict of code to parent (None for the index)
    weights : array, one per node, as given (1 where blank); only ratios among siblings count
    levels : dict of code to level: 1 for an indicator, one above its highest child for an aggregate
    """

    indicators: tuple[str, ...]
    aggregates: tuple[str, ...]
    parents: Mapping[str, str | None]
    names: Mapping[str, str]
    weights: Floats
    directions: Floats
    targets: Floats
    lower: Floats
    upper: Floats
    denominators: Mapping[str, str]
    errors: Mapping[str, str]
    levels: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Structure:
        """Read a structure from a frame with one row a node and check it whole.

        Parameters
        ----------
        frame : DataFrame
            Columns `code` and `parent` (blank for the one index), and as needed `name`, `weight`
            (default 1), `direction` (1 more is better, -1 less is better; default 1),
            `denominator` (a data column to divide by), `target`, `lower` and `upper` (goalposts,
            in the indicator's unit), `error` (a data column with its standard errors).

        Raises
        ------
        DataError
            One sentence for each fault: duplicate or blank codes, orphans, cycles, several roots,
            unknown directions, weights that are no weights, settings on an aggregate.

        Examples
        --------
        >>> nodes = {"code": ["index", "gdp", "risk"], "parent": [None, "index", "index"]}
        >>> tree = Structure.from_frame(pd.DataFrame(nodes | {"direction": [None, 1, -1]}))
        >>> tree.indicators, tree.root, tree.levels["index"]
        (('gdp', 'risk'), 'index', 2)
        """
        if not isinstance(frame, pd.DataFrame):
            raise ParameterError(f"a structure is a DataFrame, not {type(frame).__name__}.")
        for column in frame.columns:
            if column not in COLUMNS:
                raise ParameterError(unknown("structure column", column, COLUMNS))
        clean = check_structure(frame)
        parents = dict(zip(clean["code"], clean["parent"], strict=True))
        levels = _levels(parents)
        order = list(parents)
        above = sorted((code for code in order if levels[code] > 1), key=lambda code: levels[code])
        leaves = [code for code in order if levels[code] == 1]
        rows = clean.set_index("code")

        def named(column: str) -> dict[str, str]:
            return {code: rows[column][code] for code in order if rows[column][code] is not None}

        def numbers(column: str) -> Floats:
            return rows[column].reindex(leaves).to_numpy(dtype=float)

        return cls(
            tuple(leaves), tuple(above), parents, {code: code for code in order} | named("name"),
            rows["weight"].reindex(leaves + above).to_numpy(dtype=float),
            numbers("direction"),
            numbers("target"), numbers("lower"), numbers("upper"), named("denominator"),
            named("error"), levels,
        )  # fmt: skip

    @property
    def nodes(self) -> tuple[str, ...]:
        """Indicators, then aggregates: the order of every array with one place a node."""
        return self.indicators + self.aggregates

    @property
    def root(self) -> str:
        """Code of the index itself."""
        return self.aggregates[-1]

    @property
    def top_down(self) -> tuple[str, ...]:
        """Aggregates from the index down, siblings in the order given."""
        return tuple(sorted(self.aggregates, key=lambda code: -self.levels[code]))

    @property
    def depth(self) -> int:
        """Number of levels, that of the index."""
        return self.levels[self.root]

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Children of each aggregate."""
        return {
            above: tuple(code for code in self.nodes if self.parents[code] == above)
            for above in self.aggregates
        }

    @cached_property
    def places(self) -> dict[str, int]:
        """Place of each node in `nodes`."""
        return {code: place for place, code in enumerate(self.nodes)}

    def at_level(self, level: int) -> tuple[str, ...]:
        """Nodes of one level."""
        if level not in set(self.levels.values()):
            raise ParameterError(f"there is no level {level!r}: the index is level {self.depth}.")
        return tuple(code for code in self.nodes if self.levels[code] == level)

    def place(self, code: Any) -> int:
        """Place of a node, or an error with the nearest code."""
        if code not in self.places:
            raise ParameterError(unknown("code", code, self.nodes, where="in the structure"))
        return self.places[code]

    def leaves(self, code: str) -> tuple[str, ...]:
        """Indicators under a node (itself, if it is one)."""
        if code not in self.children:
            return (code,)
        return tuple(leaf for child in self.children[code] for leaf in self.leaves(child))

    def local(self, weights: Floats) -> Floats:
        """Weights (draws, nodes) made to sum to one among siblings; the index has 1."""
        result = np.ones_like(weights)
        for above, below in self.children.items():
            places = [self.places[code] for code in below]
            total = weights[:, places].sum(axis=1, keepdims=True)
            if (total == 0).any() and len(weights) == 1:
                raise DataError(f"the weights of the children of {above!r} sum to zero.")
            result[:, places] = np.divide(
                weights[:, places], total, out=np.zeros((len(weights), len(places))),
                where=total > 0,
            )  # fmt: skip
        return result

    def effective(self, weights: Floats) -> Floats:
        """Effective weights (draws, nodes): products of local weights from node to index."""
        result = self.local(weights)
        for above in reversed(self.aggregates):
            for code in self.children[above]:
                result[:, self.places[code]] *= result[:, self.places[above]]
        return result

    def frame(self) -> pd.DataFrame:
        """One row a node: code, parent, name, level, weight, and direction of indicators."""
        table = pd.DataFrame({"code": list(self.nodes)})
        table["parent"] = [self.parents[code] for code in self.nodes]
        table["name"] = [self.names[code] for code in self.nodes]
        table["level"] = [self.levels[code] for code in self.nodes]
        table["weight"] = self.weights
        table["direction"] = pd.Series(self.directions).reindex(table.index).astype("Int64")
        return table


def _levels(parents: Mapping[str, str | None]) -> dict[str, int]:
    """Level of each node: 1 for a leaf, else one more than the highest child."""
    levels = dict.fromkeys(parents, 1)
    for code in parents:
        level, above = 1, parents[code]
        while above is not None:
            level += 1
            levels[above] = max(levels[above], level)
            above = parents[above]
    return levels
