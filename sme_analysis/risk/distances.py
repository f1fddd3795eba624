"""How far an economy is from China: geographic, linguistic, political, institutional, cultural."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from ..errors import DataError, ParameterError, unknown
from .tables import Tables, single

HOME = "CHN"
KINDS = (
    "geographic", "linguistic", "political", "institutional", "institutional_mahalanobis",
    "cultural", "cultural_mahalanobis",
)  # fmt: skip


def distance(
    kind: str, year: int | None = None, *, own: pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Distance of every economy from China.

    Parameters
    ----------
    kind : str
        "geographic" (km between the largest cities), "linguistic" (1 where no language is spoken
        by at least nine percent of both populations, else 0), "political" (absolute difference of
        ideal points in the United Nations), "institutional" (Kogut-Singh over the six governance
        indicators), "institutional_mahalanobis", "cultural" and "cultural_mahalanobis" (the same
        over `own`).
    year : int, optional
        Year of the votes or of the governance indicators; the newest by default.
    own : DataFrame, for the cultural distances only
        Cultural dimensions of one's own file, `iso3` by dimension, China among them: the published
        ones are not open, so none is shipped.

    Returns
    -------
    DataFrame
        `iso3`, `distance`, `year` (blank for what has none), nearest first.

    Raises
    ------
    ParameterError
        If the kind is unknown, or a cultural one without `own`.
    DataError
        If there are no figures for the year, or none for China.

    References
    ----------
    Mayer and Zignago (2011), "Notes on CEPII's distances measures: The GeoDist database".
    Bailey, Strezhnev and Voeten (2017), "Estimating Dynamic State Preferences from United Nations
    Voting Data". Kogut and Singh (1988), "The Effect of National Culture on the Choice of Entry
    Mode". Berry, Guillen and Zhou (2010), "An institutional approach to cross-national distance",
    for Mahalanobis distance.
    """
    if kind not in KINDS:
        raise ParameterError(unknown("kind of distance", kind, KINDS))
    if kind in ("geographic", "linguistic"):
        return _frame(_bilateral(single("distance_to_china", tables), kind), None)
    if kind == "political":
        votes = single("un_ideal_points", tables)
        wide = votes.pivot(index="iso3", columns="year", values="ideal_point")
        chosen = _year(votes["year"].unique(), year, "votes")
        return _frame(from_china(wide)[chosen], chosen)
    if kind.startswith("cultural"):
        if own is None:
            raise ParameterError(
                f"the {kind} distance needs dimensions of your own: the published ones may not be "
                "passed on, so give `own`, a frame of iso3 by dimension."
            )
        return _frame(_method(kind)(own), None)
    governance = single("governance_indicators", tables)
    chosen = _year(governance["year"].unique(), year, "governance indicators")
    rows = governance[governance["year"] == chosen]
    measured = rows.pivot(index="iso3", columns="indicator", values="value")
    return _frame(_method(kind)(measured), chosen)


def _method(kind: str) -> Callable[[pd.DataFrame], pd.Series]:
    return mahalanobis if kind.endswith("mahalanobis") else kogut_singh


def kogut_singh(table: pd.DataFrame, home: str = HOME) -> pd.Series:
    """Kogut-Singh index: mean over dimensions of (I_j - I_home)^2 / V, V the sample variance.

    Parameters
    ----------
    table : DataFrame, economies by dimensions
        Economies that lack a dimension have no distance and do not enter V.
    home : label of the home economy

    Returns
    -------
    Series by economy, without the home

    References
    ----------
    Kogut and Singh (1988), page 422.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [0.0, 1.0, 2.0], "y": [0.0, 2.0, 4.0]}, ["CHN", "A", "B"])
    >>> kogut_singh(table).to_dict()
    {'A': 1.0, 'B': 4.0}
    """
    known, gap = _gaps(table, home)
    spread = known.var(ddof=1)
    _refuse_flat(spread)
    return (gap**2 / spread).mean(axis=1).rename("distance")


def mahalanobis(table: pd.DataFrame, home: str = HOME) -> pd.Series:
    """Mahalanobis distance: sqrt((x - home)' S^-1 (x - home)), S the sample covariance.

    Unlike the Kogut-Singh index it does not count dimensions twice that move together, and it does
    not depend on the scale of a dimension or on a rotation of them.

    Parameters
    ----------
    table : DataFrame, economies by dimensions
    home : label of the home economy

    Returns
    -------
    Series by economy, without the home
    """
    known, gap = _gaps(table, home)
    spread = known.cov(ddof=1)
    _refuse_flat(pd.Series(np.diag(spread), spread.index))
    if np.linalg.matrix_rank(spread.to_numpy()) < len(spread):
        raise DataError("the dimensions are linearly dependent: leave one of them out.")
    squared = np.einsum("ij,ji->i", gap, np.linalg.solve(spread, gap.T))
    return pd.Series(np.sqrt(squared), gap.index, name="distance")


def from_china(wide: pd.DataFrame) -> pd.DataFrame:
    """Absolute difference from China's value, economies by years; without China."""
    if HOME not in wide.index:
        raise DataError("there is no row for China to measure a distance from.")
    return (wide - wide.loc[HOME]).abs().drop(index=HOME)


def _gaps(table: pd.DataFrame, home: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = table.dropna()
    if home not in known.index:
        raise DataError(f"{home} lacks a dimension, and distances are measured from it.")
    if len(known) < 3:
        raise DataError("a variance needs at least three economies with every dimension.")
    return known, (known - known.loc[home]).drop(index=home)


def _refuse_flat(spread: pd.Series) -> None:
    flat = spread[~(spread > 0)]
    if len(flat):
        raise DataError(f"dimension {flat.index[0]!r} does not vary: it measures no distance.")


def _bilateral(table: pd.DataFrame, kind: str) -> pd.Series:
    if kind == "geographic":
        return _of_kind(table, "distance_largest_cities").set_index("iso3")["value"]
    return 1.0 - _of_kind(table, "common_ethnic_language").set_index("iso3")["value"]


def _of_kind(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    return table[table["kind"] == kind]


def _year(years: Iterable[int], wanted: int | None, what: str) -> int:
    known = sorted(int(year) for year in years)
    if wanted is None:
        return known[-1]
    if wanted not in known:
        raise DataError(
            f"there are no {what} for {wanted}: they run from {known[0]} to {known[-1]}."
        )
    return int(wanted)


def _frame(values: pd.Series, year: int | None) -> pd.DataFrame:
    values = values.dropna().drop(index=HOME, errors="ignore").rename_axis("iso3")
    frame = values.rename("distance").reset_index()
    frame["year"] = pd.array([year] * len(frame), dtype="Int64")
    return frame.sort_values(["distance", "iso3"], ignore_index=True)
