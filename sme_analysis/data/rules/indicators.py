"""The catalogue of indicators says exactly what the tables of indicators hold."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

TABLES = ("country_indicators", "governance_indicators")
_CATALOGUE = "indicator_catalog"


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the catalogue against both tables of indicators, in both directions."""
    if not {_CATALOGUE, *TABLES} <= frames.keys():
        return
    listed = frames[_CATALOGUE].drop_duplicates("indicator").set_index("indicator")
    held = pd.concat([_summary(frames[table]).assign(table=table) for table in TABLES])
    for name in held.index[held.index.duplicated()]:
        yield f"{name!r} is in more than one table of indicators"
    held = held[~held.index.duplicated()]
    for name in held.index.difference(listed.index):
        yield f"{_CATALOGUE}: {name!r} of {held.loc[name, 'table']} is missing"
    for name in listed.index.difference(held.index):
        yield f"{_CATALOGUE}: {name!r} has no figure in any table"
    for name in listed.index.intersection(held.index):
        for column in ("table", "unit", "first_year", "last_year", "economies"):
            said, found = listed.loc[name, column], held.loc[name, column]
            if said != found:
                yield f"{_CATALOGUE}: {column} of {name!r} is {said}, its figures have {found}"


def _summary(table: pd.DataFrame) -> pd.DataFrame:
    """Units, first and last year, and number of economies of each indicator."""
    groups = table.groupby("indicator")
    return pd.DataFrame(
        {
            "unit": groups["unit"].agg(lambda units: ", ".join(sorted(set(units)))),
            "first_year": groups["year"].min(),
            "last_year": groups["year"].max(),
            "economies": groups["iso3"].nunique(),
        }
    )
