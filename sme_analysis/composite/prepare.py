"""Before anything is scored: divide by size, set units aside, fill gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .arrays import Floats, Integers, count, mean, number, one_of
from .state import Frames, State, Step


@dataclass(frozen=True)
class Denominate(Step):
    """Divide indicators by the denominators that the structure names: x / (denominator / per).

    Parameters
    ----------
    per : float
        Units of the denominator to express the result in (1000 gives "per thousand").

    Notes
    -----
    A missing denominator leaves a missing value, which is reported; one that is not above zero is
    refused. Indicators without a denominator pass unchanged. OECD/JRC (2008), step 5 (5.1).
    """

    per: float = 1.0

    def __post_init__(self) -> None:
        number("per", self.per, np.nextafter(0, 1))

    def transform(self, state: State) -> State:
        """Divide; DataError where a denominator is zero or negative."""
        structure = state.structure
        if not structure.denominators:
            raise DataError("Denominate has nothing to do: the structure names no denominators.")
        values = state.values.copy()
        for code, column in structure.denominators.items():
            place = structure.places[code]
            below = state.side[column].to_numpy(dtype="float64", na_value=np.nan)
            wrong = (below <= 0) & ~np.isnan(values[0, :, place])
            if wrong.any():
                unit = state.units[wrong][0]
                raise DataError(
                    f"denominator {column!r} of {code!r} must be above zero, "
                    f"and is {below[wrong][0]:g} for {unit!r}."
                )
            with np.errstate(divide="ignore", invalid="ignore"):
                values[:, :, place] /= np.where(below > 0, below, np.nan) / self.per
        return replace(state, values=values)

    def report(self, before: State, after: State) -> Frames:
        """`denominated`: indicator, denominator and the values lost for want of one."""
        lost = np.isnan(after.values[0]) & ~np.isnan(before.values[0])
        places, pairs = before.structure.places, before.structure.denominators
        rows = [(code, name, int(lost[:, places[code]].sum())) for code, name in pairs.items()]
        return {"denominated": pd.DataFrame(rows, columns=["code", "denominator", "lost"])}


@dataclass(frozen=True)
class Screen(Step):
    """Keep the units with enough data.

    Parameters
    ----------
    minimum : float from 0 to 1
        Least share of all indicators that a unit must have.
    by_node : mapping of aggregate code to a share
        Least share of the indicators under that aggregate.
    include, exclude : unit labels
        Kept, or set aside, whatever their data.

    Notes
    -----
    Becker et al. (2022), function Screen. In a panel each unit-year is screened by itself.
    """

    minimum: float = 2 / 3
    by_node: Mapping[str, float] = field(default_factory=dict)
    include: tuple[object, ...] = ()
    exclude: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        number("minimum", self.minimum, 0, 1)
        for code, share in self.by_node.items():
            number(f"by_node[{code!r}]", share, 0, 1)
        both = set(self.include) & set(self.exclude)
        if both:
            raise ParameterError(f"{both.pop()!r} is both in include and in exclude.")

    def transform(self, state: State) -> State:
        """Drop the rows that fall short; DataError if none are left."""
        keep = self._table(state)["kept"].to_numpy(dtype=bool)
        if not keep.any():
            raise DataError("Screen leaves no unit: lower its minimum or include some by name.")
        return replace(
            state, values=state.values[:, keep], units=state.units[keep], rows=state.rows[keep],
            side=state.side[keep],
        )  # fmt: skip

    def report(self, before: State, after: State) -> Frames:
        """`screened`: every row with its data availability, whether it was kept, and why."""
        return {"screened": self._table(before)}

    def _table(self, state: State) -> pd.DataFrame:
        structure = state.structure
        present = ~np.isnan(state.values[0])
        labels = state.units.get_level_values(0)
        for unit in (*self.include, *self.exclude):
            if unit not in labels:
                raise ParameterError(unknown("unit", unit, map(str, labels.unique())))
        limits = {structure.root: self.minimum, **self.by_node}
        table = pd.DataFrame(index=state.units)
        reason = np.full(len(state.units), "", dtype=object)
        for code, limit in limits.items():
            structure.place(code)
            share = present[:, [structure.places[leaf] for leaf in structure.leaves(code)]].mean(1)
            table[f"available_{code}"] = share
            # A share is a ratio of counts: one that equals the limit must not fail by rounding.
            low = (share < limit - 1e-9) & (reason == "")
            reason[low] = [f"{part:.0%} of {code}, below {limit:.0%}" for part in share[low]]
        table["kept"] = reason == ""
        table["reason"] = reason
        for units, kept, words in ((self.include, True, "included by name"),
                                   (self.exclude, False, "excluded by name")):  # fmt: skip
            named = labels.isin(list(units))
            table.loc[named, "kept"] = kept
            table.loc[named, "reason"] = words
        return table


Method = Literal["mean", "median", "last", "linear"]


@dataclass(frozen=True)
class Impute(Step):
    """Fill missing values, indicator by indicator, and report each cell that was filled.

    Parameters
    ----------
    method : "mean", "median", "last" or "linear"
        "mean" and "median" are taken over the units of the same year. "last" carries a unit's
        last known year forward and "linear" interpolates between known years (both for panels
        only; nothing is extrapolated beyond them).
    by : str, optional
        Column of the data whose groups give the mean or median; a group without any value, or a
        unit without a group, leaves the cell missing.
    limit : int, optional
        Longest gap in years that "last" carries over.
    function : callable, optional
        Used in place of `method`: takes a frame of rows by indicators, returns one of the same
        shape; known values must come back unchanged.

    Notes
    -----
    OECD/JRC (2008), step 3: unconditional mean imputation (6), and by class in note 10. To leave
    gaps as they are, leave the step out: aggregation then uses what a unit has.
    """

    method: Method = "mean"
    by: str | None = None
    limit: int | None = None
    function: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def __post_init__(self) -> None:
        one_of("imputation method", self.method, get_args(Method))
        if self.by is not None and self.method not in ("mean", "median"):
            raise ParameterError(f"by goes with 'mean' and 'median', not with {self.method!r}.")
        if self.limit is not None and (self.method != "last" or self.limit < 1):
            raise ParameterError("limit goes with method 'last' and is at least 1 year.")

    def transform(self, state: State) -> State:
        """Fill; the known values are untouched."""
        if self.function is not None:
            filled = np.stack([self._custom(state.table(d)) for d in range(len(state.values))])
        elif self.method in ("last", "linear"):
            if not state.panel:
                raise ParameterError(f"imputation by {self.method!r} needs a panel (unit, year).")
            filled = self._along_years(state)
        else:
            filled = self._from_units(state)
        known = ~np.isnan(state.values)
        return replace(state, values=np.where(known, state.values, filled))

    def report(self, before: State, after: State) -> Frames:
        """`imputed`: each filled cell with its value; `still_missing`: each that could not be."""
        filled = np.isnan(before.values[0]) & ~np.isnan(after.values[0])
        return {
            "imputed": cells(after, filled, {"value": after.values[0]}),
            "still_missing": cells(after, np.isnan(after.values[0]), {}),
        }

    def _custom(self, table: pd.DataFrame) -> Floats:
        assert self.function is not None
        result = self.function(table.copy())
        if not isinstance(result, pd.DataFrame) or result.shape != table.shape:
            raise DataError("an imputation function must return a frame of the shape it was given.")
        filled = result.reindex(index=table.index, columns=table.columns).to_numpy(dtype=float)
        known = table.notna().to_numpy()
        if not np.array_equal(filled[known], table.to_numpy()[known]) or np.isinf(filled).any():
            raise DataError(
                "an imputation function changed known values or returned infinite ones."
            )
        return filled

    def _from_units(self, state: State) -> Floats:
        filled = np.full_like(state.values, np.nan)
        for rows in self._groups(state):
            part = state.values[:, rows]
            gaps = np.flatnonzero(np.isnan(part).any(axis=(0, 1)))
            filled[:, rows[:, None], gaps] = self._centre(part[:, :, gaps])
        return filled

    def _centre(self, part: Floats) -> Floats:
        if self.method == "mean":
            return mean(part)
        ordered = np.sort(part, axis=1)  # missing values come last
        n = count(part).astype(int)
        low, high = np.maximum((n - 1) // 2, 0), np.minimum(n // 2, max(part.shape[1] - 1, 0))
        middle = [np.take_along_axis(ordered, place, axis=1) for place in (low, high)]
        return (middle[0] + middle[1]) / 2.0

    def _groups(self, state: State) -> list[Integers]:
        sections = state.sections("year")
        if self.by is None:
            return sections
        if self.by not in state.side.columns:
            raise ParameterError(unknown("column", self.by, map(str, state.side.columns)))
        groups = pd.factorize(state.side[self.by])[0]
        return [
            rows[groups[rows] == group]
            for rows in sections
            for group in np.unique(groups[rows][groups[rows] >= 0])
        ]

    def _along_years(self, state: State) -> Floats:
        filled = state.values.copy()
        units, years = (state.units.get_level_values(place).to_numpy() for place in (0, 1))
        for unit in pd.unique(units):
            rows = np.flatnonzero(units == unit)
            rows = rows[np.argsort(years[rows])]
            when = years[rows].astype(float)
            for draw, place in np.ndindex(len(filled), filled.shape[2]):
                column = filled[draw, rows, place]
                known = ~np.isnan(column)
                if known.any() and not known.all():
                    filled[draw, rows, place] = self._series(when, column, known)
        return filled

    def _series(self, when: Floats, column: Floats, known: np.ndarray) -> Floats:
        if self.method == "linear":
            return np.asarray(np.interp(when, when[known], column[known], np.nan, np.nan))
        before = np.searchsorted(when[known], when, side="right") - 1
        last = np.maximum(before, 0)
        reach = np.inf if self.limit is None else self.limit
        near = (before >= 0) & (when - when[known][last] <= reach)
        return np.asarray(np.where(near, column[known][last], np.nan))


def cells(state: State, where: np.ndarray, columns: Mapping[str, Floats]) -> pd.DataFrame:
    """A row for each marked cell: unit (and year), code, and the columns' values there."""
    rows, places = np.nonzero(where)
    table = pd.DataFrame({"unit": state.units.get_level_values(0)[rows]})
    if state.panel:
        table["year"] = state.units.get_level_values(1)[rows]
    table["code"] = [state.structure.indicators[place] for place in places]
    for name, values in columns.items():
        table[name] = values[rows, places]
    return table
