"""What every service offers: fetch answers, clean them into rows of one registered table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from ..errors import ServiceError
from .client import Answer, Client
from .hosts import service


@dataclass(frozen=True)
class Order:
    """What a refresh asks a service for.

    Attributes
    ----------
    edition : str
        Name of the edition to be made; its day is the day of the refresh.
    first_year, last_year : int
        Years to ask for.
    series : tuple of str
        Series of the table to fetch; all that the service has where it is empty.
    trust : bool
        Take an archive that differs from the one first downloaded.
    """

    edition: str
    first_year: int
    last_year: int
    series: tuple[str, ...] = ()
    trust: bool = False

    @property
    def day(self) -> str:
        """The day of the refresh, as an ISO date."""
        return self.edition.partition(".")[0]

    def source(self, stem: str) -> str:
        """Return the id of a source of this edition.

        >>> Order("2026-11-22.2", 2003, 2026).source("wdi_api")
        'wdi_api_2026_11_22_2'
        """
        return f"{stem}_{self.edition.replace('-', '_').replace('.', '_')}"


@dataclass(frozen=True)
class Fetched:
    """Answers as they came, by series; a series may take several."""

    order: Order
    answers: Mapping[str, Sequence[Answer]]


@dataclass(frozen=True)
class Cleaned:
    """Rows of a registered table, ready to be judged.

    Attributes
    ----------
    rows : DataFrame
        Columns of the table. Every series in it is whole.
    sources : DataFrame
        Rows of `sources` for the ids that the rows name.
    series : mapping
        For each series fetched, what it is at the service.
    notes : tuple of str
        What a reader should know, such as what was left out.
    """

    rows: pd.DataFrame
    sources: pd.DataFrame
    series: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...] = field(default=())


class Service(Protocol):
    """A publisher's service for one table.

    Attributes
    ----------
    title : str
        Name for a reader.
    table : str
        The registered table it fills.
    first_year : int
        First year that is asked for.
    """

    title: str
    table: str
    first_year: int

    def fetch(self, client: Client, order: Order) -> Fetched:
        """Ask the service for everything that `order` names."""
        ...

    def clean(self, fetched: Fetched) -> Cleaned:
        """Make rows of the table out of the answers, or refuse them."""
        ...


def as_json(answer: Answer) -> Any:
    """Parse an answer as JSON.

    Raises
    ------
    ServiceError
        If it is none.
    """
    try:
        return json.loads(answer.body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ServiceError(f"{service(answer.url)} answers with JSON that cannot be read") from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def plain(text: object, limit: int = 120) -> str:
    """Make foreign text fit for a message or a table: one line, no control characters."""
    shown = "".join(c if c.isprintable() else " " for c in str(text))
    return " ".join(shown.split())[:limit]


def source_row(**given: str) -> dict[str, str | None]:
    """Return a row of `sources` for figures read at the publisher's own service."""
    blank: dict[str, str | None] = {"mirror": None, "note": None, "url": None}
    return {**blank, "access": "publisher", **given}
