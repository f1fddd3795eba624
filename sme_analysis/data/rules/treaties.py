"""Treaties and agreements: dates in their order, and a status that fits them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

TABLES = ("investment_treaties", "tax_treaties", "trade_agreements")
_ORDER = ("first_signed", "signed", "in_force", "terminated")
_LENGTH = {"year": 4, "month": 7, "day": 10}


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the dates and states of every table of treaties."""
    for name in TABLES:
        if name in frames:
            yield from _precise(name, frames[name])
            yield from _ordered(name, frames[name])
            yield from _fitting(name, frames[name])
    if "investment_treaties" in frames:
        yield from _one_at_a_time(frames["investment_treaties"])


def _precise(name: str, table: pd.DataFrame) -> Iterator[str]:
    """A date is as long as its precision says, and has one if it is there."""
    for column in _dates(table):
        said = table[f"{column}_precision"].map(_LENGTH)
        found = table[column].str.len()
        for i in table.index[~(said.eq(found) | (said.isna() & found.isna()))]:
            yield (
                f"{name}: {column} of {_row(table, i)} is {table.loc[i, column]}, "
                f"its precision {table.loc[i, f'{column}_precision']}"
            )


def _ordered(name: str, table: pd.DataFrame) -> Iterator[str]:
    """Nothing enters into force before it is signed, or ends before it enters into force."""
    columns = _dates(table)
    for place, later in enumerate(columns):
        for earlier in columns[:place]:
            both = table[[earlier, later]].dropna()
            for i, (first, last) in both.iterrows():
                common = min(len(first), len(last))
                if first[:common] > last[:common]:
                    yield f"{name}: {_row(table, i)} has {earlier} {first} after {later} {last}"


def _fitting(name: str, table: pd.DataFrame) -> Iterator[str]:
    """What is in force has a date for it and no end; what is signed only has neither."""
    begun = table["in_force"].notna()
    ended = table.get("terminated", pd.Series(None, table.index, dtype="str")).notna()
    status = table["status"]
    fits = (
        (status.eq("in_force") & begun & ~ended)
        | (status.eq("terminated") & ended)
        | (status.isin(["signed", "under_negotiation"]) & ~begun & ~ended)
    )
    for i in table.index[~fits]:
        yield f"{name}: the dates of {_row(table, i)} do not fit its status {status[i]!r}"


def _one_at_a_time(table: pd.DataFrame) -> Iterator[str]:
    now = table.loc[table["status"] == "in_force", "iso3"].value_counts()
    for iso3, count in now[now > 1].items():
        yield f"investment_treaties: {iso3} has {count} treaties in force"


def _dates(table: pd.DataFrame) -> list[str]:
    return [column for column in _ORDER if column in table]


def _row(table: pd.DataFrame, i: object) -> str:
    row = table.loc[i]  # type: ignore[call-overload]
    return str(row["iso3"]) + (f" in {row['agreement_id']}" if "agreement_id" in table else "")
