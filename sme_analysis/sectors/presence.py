"""Prior presence: how much of a sector from China a host already has, and of how long ago."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import statistics
from ..errors import ParameterError, UnknownNameError, unknown
from ..statistics.numbers import Floats, column_names, floats, positive_integer


def presence(
    frame: pd.DataFrame,
    half_life: float = 5.0,
    *,
    host: str = "iso3",
    sector: str = "analysis_sector",
    year: str = "year",
    count: str = "projects",
) -> pd.DataFrame:
    """Prior presence of every sector in every host and year, from counts of earlier projects.

    P_t = sum over u < t of n_u 2^(-(t - 1 - u) / h): a project of the year before counts one, one
    of h years before that a half. Counts come before amounts: a follower asks whether others found
    a way, and amounts are unknown for many projects.

    Parameters
    ----------
    frame : DataFrame, rows of any detail (they are added up); a year without a row has no project
    half_life : h in years, above zero; infinity counts every earlier project alike
    host, sector, year, count : columns

    Returns
    -------
    DataFrame
        Every host, sector and year from the first of the data to one after the last: the three
        labels, the count (missing in the year after the last), `presence` (projects, decayed),
        `elsewhere` (presence of the host's other sectors), `following` (the mirror image of
        `presence`, from the projects of later years; missing in the last row), `since_first`
        and `since_last` (years since the first and the latest earlier project, missing before it).

    Raises
    ------
    ParameterError
        If a column does not exist, a count is negative or missing, or the half-life is not above
        zero.

    Examples
    --------
    >>> past = pd.DataFrame({"iso3": "AAA", "analysis_sector": "mines", "year": [2001, 2003],
    ...                      "projects": [4, 1]})
    >>> presence(past, half_life=1)["presence"].to_list()
    [0.0, 4.0, 2.0, 2.0]
    """
    column_names(frame, [host, sector], year, count)
    if not half_life > 0:
        raise ParameterError(f"half_life must be above zero, not {half_life!r}.")
    if frame.empty:
        raise ParameterError("presence needs at least one project.")
    if (~(floats(frame[count]) >= 0)).any():
        raise ParameterError(f"{count!r} must be counts of zero or more, none missing.")
    wide = frame.pivot_table(index=year, columns=[host, sector], values=count, aggfunc="sum")
    years = range(int(frame[year].min()), int(frame[year].max()) + 1)
    hosts, sectors = (sorted(frame[name].dropna().unique()) for name in (host, sector))
    pairs = pd.MultiIndex.from_product([hosts, sectors], names=[host, sector])
    counts = np.nan_to_num(floats(wide.reindex(index=years, columns=pairs)))
    past = _decayed(counts, half_life)
    future = _decayed(counts[::-1], half_life)[::-1]
    beyond = np.full((1, counts.shape[1]), np.nan)
    in_host = past.reshape(len(past), len(hosts), len(sectors)).sum(axis=2)
    ages = _ages(counts)
    columns = {
        count: np.vstack([counts, beyond]),
        "presence": past,
        "elsewhere": np.repeat(in_host, len(sectors), axis=1) - past,
        "following": np.vstack([future[1:], beyond]),
        "since_first": ages[0],
        "since_last": ages[1],
    }
    labels = pairs.to_frame(index=False)
    times = [*years, years.stop]
    table = labels.loc[np.repeat(labels.index, len(times))].reset_index(drop=True)
    table.insert(2, year, np.tile(times, len(labels)))
    return table.assign(**{name: values.ravel(order="F") for name, values in columns.items()})


def score(
    frame: pd.DataFrame,
    chosen: str,
    asked: int | None = None,
    *,
    half_life: float = 5.0,
    n: int | None = None,
    host: str = "iso3",
    sector: str = "analysis_sector",
    year: str = "year",
    count: str = "projects",
) -> pd.DataFrame:
    """Rank the hosts by the prior presence of one sector.

    Parameters
    ----------
    frame, half_life, host, sector, year, count : as in :func:`presence`
    chosen : the sector
    asked : the year for which to ask; only earlier projects count. By default the year after the
        last of the data.
    n : hosts kept, by default all that ever had a project

    Returns
    -------
    DataFrame
        The host, `presence` (decayed projects), `share` (percent of the sector's presence in all
        hosts), `projects` (all earlier ones), `since_first`, `since_last` (years), `rank` (ties
        share the better one), best first.

    Raises
    ------
    UnknownNameError
        If the data have no such sector.
    ParameterError
        As :func:`presence`, or if `asked` is not from the first year of the data to one after the
        last.
    """
    rows = presence(frame, half_life, host=host, sector=sector, year=year, count=count)
    known = sorted(rows[sector].unique())
    if chosen not in known:
        raise UnknownNameError(unknown("sector", chosen, map(str, known)))
    first, last = int(rows[year].min()), int(rows[year].max())
    asked = last if asked is None else asked
    if not first <= asked <= last:
        raise ParameterError(f"the year must lie between {first} and {last}, not be {asked!r}.")
    rows = rows[rows[sector] == chosen]
    earlier = rows[rows[year] < asked].groupby(host)[count].sum()
    table = rows[rows[year] == asked].set_index(host)
    table = table[["presence", "since_first", "since_last"]].copy()
    table.insert(1, "share", statistics.shares(table["presence"]))
    table.insert(2, "projects", earlier.reindex(table.index).fillna(0).astype("int64"))
    table = table[table["projects"] > 0]
    table["rank"] = statistics.rank(table["presence"]).astype("int64")
    table = table.reset_index().sort_values(
        ["rank", "projects", host], ascending=[True, False, True]
    )
    if n is not None:
        positive_integer("n", n)
        table = table.head(n)
    return table.reset_index(drop=True)


def _decayed(counts: Floats, half_life: float) -> Floats:
    """Presence before each row and after the last, shape (rows + 1, pairs)."""
    keep = 0.5 ** (1.0 / half_life)
    result = np.zeros((len(counts) + 1, counts.shape[1]))
    for row, count in enumerate(counts):
        result[row + 1] = keep * result[row] + count
    return result


def _ages(counts: Floats) -> tuple[Floats, Floats]:
    """Years since the first and since the latest earlier project, shape (rows + 1, pairs)."""
    rows = np.arange(len(counts), dtype="float64")[:, None]
    there = counts > 0
    latest = np.maximum.accumulate(np.where(there, rows, -np.inf), axis=0)
    earliest = np.minimum.accumulate(np.where(there, rows, np.inf), axis=0)
    before = np.full((1, counts.shape[1]), np.nan)
    ages = [np.vstack([before, rows + 1 - item]) for item in (earliest, latest)]
    return tuple(np.where(np.isfinite(age), age, np.nan) for age in ages)  # type: ignore[return-value]
