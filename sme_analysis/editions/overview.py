"""What is on the shelf, what is in use, and what two editions differ in."""

from __future__ import annotations

import pandas as pd

from ..data import catalogue, choice, shelf
from ..data.choice import pinned
from ..data.governance import Governance, governance_edition
from ..data.tables import load
from ..errors import DataError
from .difference import Difference, compare
from .gates import SERIES

__all__ = ["diff", "governance", "listed", "pinned", "use"]


def listed() -> pd.DataFrame:
    """List the editions of every table that has any besides the shipped one.

    Returns
    -------
    DataFrame
        One row an edition, by table and age: table, edition, whether it is in use, rows, first and
        last year, base, service, when it was fetched, and `state`: "sound" or what is wrong.
    """
    rows: list[dict[str, object]] = []
    chosen = choice.choices()
    for table in dict.fromkeys(name for name, _ in shelf.held()):
        if table in catalogue.tables():
            rows.append(_row(table, shelf.SHIPPED, chosen))
        rows += [_row(table, name, chosen) for name in shelf.names(table)]
    columns = ["table", "edition", "in_use", "rows", "years", "base", "service", "fetched", "state"]
    return pd.DataFrame(rows, columns=columns)


def _row(table: str, name: str, chosen: dict[str, str]) -> dict[str, object]:
    row: dict[str, object] = {
        "table": table,
        "edition": name,
        "in_use": chosen.get(table, shelf.SHIPPED) == name,
        "rows": None,
        "years": "",
        "base": "",
        "service": "",
        "fetched": "",
        "state": "sound",
    }
    try:
        frame = load(table, edition=name)
        row["rows"] = len(frame)
        if "year" in frame and len(frame):
            row["years"] = f"{frame['year'].min()}-{frame['year'].max()}"
        if name != shelf.SHIPPED:
            about = shelf.edition(table, name).about
            row |= {key: about.get(key) or "" for key in ("base", "service", "fetched")}
    except DataError as error:
        row["state"] = str(error)
    return row


def use(table: str, edition: str) -> str:
    """Use an edition of a table from now on; "shipped" goes back.

    Parameters
    ----------
    table : str
        A table; "all" with "shipped" returns every table, whatever state the settings are in.
    edition : str

    Returns
    -------
    str
        A remark for the user, or "".

    Raises
    ------
    UnknownNameError
        If there is no such table or edition.
    DataError
        If the edition is damaged or the settings cannot be written.
    """
    return choice.choose(table, edition)


def diff(table: str, a: str = shelf.SHIPPED, b: str | None = None) -> Difference:
    """Compare two editions of a table.

    Parameters
    ----------
    table : str
    a : str
        The earlier edition.
    b : str, optional
        The later edition; by default the one in use.

    Raises
    ------
    UnknownNameError
        If there is no such table or edition.
    DataError
        If an edition is damaged.
    """
    later = choice.chosen(table) if b is None else b
    old, new = load(table, edition=a), load(table, edition=later)
    key = catalogue.resource(table)["schema"]["primaryKey"]
    key = [key] if isinstance(key, str) else list(key)
    series = SERIES.get(table, "")
    return compare(old, new, key, table=table, names=(a, later), series=series)


def governance(edition: str | None = None) -> Governance | None:
    """Tell on which edition of the governance indicators the tables stand.

    Parameters
    ----------
    edition : str, optional
        An edition of the table that holds them; by default the one in use.

    >>> governance("shipped").method
    'the method before 2025'
    """
    own = "governance_indicators"  # where they are a table of their own
    table = own if own in catalogue.tables() else "country_indicators"
    return governance_edition(load(table, edition=edition), load("sources"))
