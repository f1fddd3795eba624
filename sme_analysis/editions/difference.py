"""What changed between two editions of a table: rows added, removed and revised.

Rows are matched by the table's key. A series whose method changed is another series: its rows are
told as removed and added, never as revised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.governance import method
from ..errors import DataError


@dataclass(frozen=True)
class Difference:
    """The difference between two editions of one table.

    Attributes
    ----------
    table, a, b : str
        The table, and the names of the earlier and the later edition.
    key : tuple of str
        Columns that identify a row.
    added, removed : DataFrame
        Whole rows, in the columns of the table.
    before, after : DataFrame
        The revised rows as they were and as they are, in the same order.
    renewed : tuple of str
        Series whose method changed; their rows are among the removed and the added.
    """

    table: str
    a: str
    b: str
    key: tuple[str, ...]
    added: pd.DataFrame
    removed: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    renewed: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the two editions hold the same rows."""
        return not len(self.added) and not len(self.removed) and not len(self.after)

    @property
    def sentence(self) -> str:
        """Say in one line what changed."""
        resourced = len(self.after) - len(self.figures())
        parts = [
            f"{len(self.added):,} rows added",
            f"{len(self.removed):,} removed",
            f"{len(self.figures()):,} revised",
        ]
        if resourced:
            parts.append(f"{resourced:,} with the same figure from another source")
        text = f"{self.table}, {self.a} to {self.b}: {', '.join(parts)}."
        if self.renewed:
            text += f" New series by another method: {', '.join(self.renewed)}."
        return text

    def figures(self) -> pd.DataFrame:
        """List the revised rows whose figure changed: key, old and new value, change.

        Returns
        -------
        DataFrame
            The key columns, `before`, `after`, `change` (after less before) and `change_percent`
            of the amount before; the largest change in per cent first.
        """
        columns = [*self.key, "before", "after", "change", "change_percent"]
        if "value" not in self.after.columns or not len(self.after):
            return pd.DataFrame(columns=columns)
        old = self.before["value"].astype("float64").to_numpy()
        new = self.after["value"].astype("float64").to_numpy()
        listed = self.after[list(self.key)].reset_index(drop=True).assign(before=old, after=new)
        listed = listed[~((listed["before"] == listed["after"]) | pd.isna(old) & pd.isna(new))]
        change = listed["after"] - listed["before"]
        share = change / listed["before"].abs().where(listed["before"] != 0) * 100
        listed = listed.assign(change=change, change_percent=share)
        order = share.abs().fillna(float("inf")).sort_values(ascending=False, kind="stable").index
        return listed.loc[order, columns].reset_index(drop=True)

    def by_series(self, column: str) -> pd.DataFrame:
        """Count added, removed and revised rows for each value of a column."""
        counts = {
            "added": self.added[column].value_counts(),
            "removed": self.removed[column].value_counts(),
            "revised": self.figures()[column].value_counts() if column in self.key else None,
        }
        frame = pd.DataFrame({name: part for name, part in counts.items() if part is not None})
        frame = frame.fillna(0).astype("int64").sort_index()
        frame.index.name = column
        return frame.reset_index()


def compare(
    a: pd.DataFrame,
    b: pd.DataFrame,
    key: list[str],
    *,
    table: str = "",
    names: tuple[str, str] = ("a", "b"),
    series: str = "",
) -> Difference:
    """Compare two editions of a table.

    Parameters
    ----------
    a, b : DataFrame
        The same columns; `key` identifies the rows of each.
    key : list of str
    table : str
    names : tuple of str
        How the editions are called.
    series : str
        Column that tells the series apart, to find those with another method.

    Raises
    ------
    DataError
        If the columns differ or the key repeats.
    """
    if list(a.columns) != list(b.columns):
        raise DataError("editions with different columns cannot be compared")
    for name, frame in zip(names, (a, b), strict=True):
        if frame.duplicated(key).any():
            raise DataError(f"edition {name}: the key {', '.join(key)} repeats")
    renewed = _renewed(a, b, series)
    old, new = pd.MultiIndex.from_frame(a[key]), pd.MultiIndex.from_frame(b[key])
    stays = np.asarray(old.isin(new)) & ~_of(a, series, renewed)
    stood = np.asarray(new.isin(old)) & ~_of(b, series, renewed)
    before = a[stays].sort_values(key, ignore_index=True)
    after = b[stood].sort_values(key, ignore_index=True)
    same = ((before == after) | (before.isna() & after.isna())).fillna(False)
    changed = np.flatnonzero(~same.to_numpy(dtype=bool).all(axis=1))
    return Difference(
        table=table,
        a=names[0],
        b=names[1],
        key=tuple(key),
        added=b[~stood].reset_index(drop=True),
        removed=a[~stays].reset_index(drop=True),
        before=before.iloc[changed].reset_index(drop=True),
        after=after.iloc[changed].reset_index(drop=True),
        renewed=renewed,
    )


def _of(frame: pd.DataFrame, series: str, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Tell which rows belong to some series."""
    if not names:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame[series].isin(names), dtype=bool)


def _renewed(a: pd.DataFrame, b: pd.DataFrame, series: str) -> tuple[str, ...]:
    if not series or "source_id" not in a.columns:
        return ()
    old, new = _methods(a, series), _methods(b, series)
    return tuple(sorted(name for name in old.keys() & new.keys() if old[name] != new[name]))


def _methods(frame: pd.DataFrame, series: str) -> dict[str, set[str]]:
    groups = frame.groupby(series)["source_id"]
    return {str(name): {method(x) for x in ids.unique()} for name, ids in groups}


def apply(a: pd.DataFrame, difference: Difference) -> pd.DataFrame:
    """Apply a difference to the edition it starts from; the other edition comes out.

    Returns
    -------
    DataFrame
        Rows in the order of the key.
    """
    key = list(difference.key)
    gone = pd.concat([difference.removed[key], difference.before[key]], ignore_index=True)
    left = ~np.asarray(pd.MultiIndex.from_frame(a[key]).isin(pd.MultiIndex.from_frame(gone)))
    parts = [part for part in (a[left], difference.added, difference.after) if len(part)]
    whole = pd.concat(parts, ignore_index=True) if parts else difference.added
    return whole.sort_values(key, ignore_index=True)
