"""The tables that a statement is checked against: those shipped, or others put in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data import catalogue
from ..data.tables import load
from ..errors import UnknownNameError, unknown


class Tables(Mapping[str, pd.DataFrame]):
    """The shipped tables by name, some of them replaced.

    Parameters
    ----------
    replaced : mapping of table name to DataFrame, optional
        Used instead of what is shipped.

    Raises
    ------
    UnknownNameError
        If a name is not that of a table.
    """

    def __init__(self, replaced: Mapping[str, pd.DataFrame] | None = None) -> None:
        self._replaced = dict(replaced or {})
        self._read: dict[str, pd.DataFrame] = {}
        known = catalogue.tables()
        for name in self._replaced:
            if name not in known:
                raise UnknownNameError(unknown("table", name, known))

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self._replaced:
            return self._replaced[name]
        if name not in self._read:
            self._read[name] = load(name)
            self._read[name].attrs = {}  # pandas copies them at every step
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(catalogue.tables())

    def __len__(self) -> int:
        return len(catalogue.tables())

    def rows(self, table: str, **where: Any) -> pd.DataFrame:
        """Select the rows of a table in which every named column holds what is asked.

        Parameters
        ----------
        table : str
        **where
            Column name and value; a list asks for one of several, a text that begins with "~" for
            a regular expression found anywhere in the cell, whatever its case.

        Raises
        ------
        UnknownNameError
            If the table has no such column.
        """
        return narrowed(self[table], table, **where)


def narrowed(frame: pd.DataFrame, table: str, **where: Any) -> pd.DataFrame:
    """Select rows as :meth:`Tables.rows` does, from rows already selected."""
    keep = np.ones(len(frame), dtype=bool)
    for column, wanted in where.items():
        if column not in frame:
            raise UnknownNameError(
                unknown("column", column, list(frame.columns), where=f"in table {table!r}")
            )
        keep &= _holds(frame[column], wanted)
    return frame.loc[keep]


def _holds(column: pd.Series, wanted: Any) -> npt.NDArray[np.bool_]:
    if isinstance(wanted, list):
        held = column.isin(wanted)
    elif isinstance(wanted, str) and wanted.startswith("~"):
        held = column.astype("str").str.contains(wanted[1:], case=False, regex=True)
    else:
        held = column == wanted
    return held.fillna(False).to_numpy(dtype=bool)
