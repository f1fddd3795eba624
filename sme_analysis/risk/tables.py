"""The tables that the risk index stands on, shipped or given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ..data.tables import load, stamp
from ..errors import DataError, ParameterError, unknown

NAMES = (
    "risk_structure", "risk_weights", "governance_indicators", "country_indicators",
    "distance_to_china", "un_ideal_points", "investment_treaties", "tax_treaties",
    "trade_agreements", "belt_and_road_members", "oecd_country_risk", "economies",
)  # fmt: skip
OWN = ("iso3", "year", "indicator", "value")
Tables = Mapping[str, pd.DataFrame]


def gather(
    tables: Tables | None = None, own: pd.DataFrame | None = None
) -> dict[str, pd.DataFrame]:
    """Return every table of the index: the shipped ones, with those given in their place.

    Parameters
    ----------
    tables : mapping of table name to DataFrame, optional
        Tables of the shipped layout that stand in for the shipped ones.
    own : DataFrame, optional
        Indicators of one's own for which the structure has a place: `iso3`, `year`, `indicator`,
        `value`.

    Raises
    ------
    ParameterError
        If a name is none of the index's tables.
    DataError
        If `own` lacks a column, names an unknown indicator or gives a value twice.
    """
    given = dict(tables or {})
    for name in given:
        if name not in NAMES:
            raise ParameterError(unknown("table of the risk index", name, NAMES))
    found = {name: given[name] if name in given else load(name) for name in NAMES}
    found["own"] = _checked(own, found["risk_structure"])
    return found


def single(name: str, tables: Tables | None = None) -> pd.DataFrame:
    """Return one table of the index: the one given, or the shipped one."""
    return tables[name] if tables is not None and name in tables else load(name)


def fingerprint(
    tables: Tables | None, own: pd.DataFrame | None = None, names: Iterable[str] = NAMES
) -> tuple[object, ...]:
    """What tells one set of tables from another: the file of those shipped, the rows of others.

    Nothing shipped is read for it.
    """
    given = dict(tables or {})
    parts: list[object] = [-1 if own is None else _content(own)]
    for name in names:
        parts.append((name, _content(given[name])) if name in given else stamp(name))
    return tuple(parts)


def _content(frame: pd.DataFrame) -> int:
    return int(pd.util.hash_pandas_object(frame, index=False).to_numpy().sum())


def _checked(own: pd.DataFrame | None, structure: pd.DataFrame) -> pd.DataFrame:
    if own is None:
        return pd.DataFrame(columns=list(OWN)).astype({"year": "int64", "value": "float64"})
    for column in OWN:
        if column not in own.columns:
            raise DataError(
                f"indicators of one's own lack the column {column!r}: needed are {', '.join(OWN)}."
            )
    allowed = structure.loc[structure["panel"] == "user", "indicator"].tolist()
    for name in own["indicator"].unique():
        if name not in allowed:
            raise DataError(unknown("indicator of one's own", name, allowed))
    twice = own.duplicated(["iso3", "year", "indicator"])
    if twice.any():
        row = own[twice].iloc[0]
        raise DataError(
            f"indicators of one's own give {row['indicator']!r} of {row['iso3']} in {row['year']} "
            "twice: one value each."
        )
    return own[list(OWN)].reset_index(drop=True)
