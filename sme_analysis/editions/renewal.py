"""Refreshing a table: ask, clean, judge, and only then write a new edition and use it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from ..data import catalogue, choice, shelf
from ..data.parsing import parse
from ..data.tables import load
from ..data.verify import verify_table
from ..errors import DataError, ParameterError, ServiceError, UnknownNameError, unknown
from ..services.client import Client
from ..services.directory import SERVICES, known, service_for
from ..services.protocol import Cleaned, Order
from . import gates, lock, package, store
from .difference import Difference, compare
from .package import Making

_SHOWN = 8  # problems told in one message
# Tables that the adding-up rules compare with a table, besides those that its columns refer to.
_RULES = {"development_finance_by_economy": ("published_totals", "development_projects")}


@dataclass(frozen=True)
class Renewal:
    """What a refresh did.

    Attributes
    ----------
    table, edition, base : str
        The table, the new edition ("" if the service gives what is in use already), and the edition
        it was compared with ("" if there was none).
    difference : Difference or None
    notes : tuple of str
        What the service's rows leave out.
    used : bool
        Whether the new edition is in use from now on.
    """

    table: str
    edition: str
    base: str
    difference: Difference | None
    notes: tuple[str, ...] = field(default=())
    used: bool = False


def refresh(
    table: str,
    *,
    series: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    use: bool = True,
    trust: bool = False,
    client: Client | None = None,
    now: datetime | None = None,
) -> Renewal:
    """Fetch a new edition of a table from its publisher's service.

    Parameters
    ----------
    table : str
        One of the tables that a service fills.
    series, without : tuple of str
        Series to fetch, and to leave as they are; all are fetched by default.
    use : bool
        Use the new edition from now on.
    trust : bool
        Take an archive that differs from the one first downloaded.
    client : Client, optional
    now : datetime, optional
        When the refresh takes place; by default now.

    Returns
    -------
    Renewal

    Raises
    ------
    ServiceError
        If the service cannot be reached, or its answer is refused. What was in use stays in use.
    DataError
        If the edition does not verify or cannot be written, or another refresh is under way.
    UnknownNameError, ParameterError
        If the table or a series does not exist, or none is left to fetch.
    """
    known(table)
    moment = now or datetime.now(UTC)
    client = client or Client()
    service = service_for(table)
    home = shelf.home()
    with lock.held(home):
        store.clear_left()
        base_name = choice.chosen(table)
        base = _base(table, base_name)
        name = store.next_name(table, moment.date().isoformat())
        chosen = _series(table, series, without)
        order = Order(name, service.first_year, moment.year, chosen, trust)
        try:
            cleaned = service.clean(service.fetch(client, order))
        except ServiceError as error:
            raise ServiceError(_refusal(table, str(error).splitlines())) from None
        finally:
            client.close()
        whole = _judged(table, base, cleaned)
        before = "" if base.empty else base_name
        difference = _difference(table, (before, name), base, whole) if before else None
        if difference is not None and _nothing_new(difference):
            return Renewal(table, "", before, difference, cleaned.notes)
        files = package.files(Making(service, order, cleaned, whole, before, moment), client.log)
        store.write(table, name, files, lambda folder: _verify(table, folder))
        if use:
            choice.choose(table, name)
        return Renewal(table, name, before, difference, cleaned.notes, used=use)


def _base(table: str, name: str) -> pd.DataFrame:
    """Return the edition in use; no rows where a table was never fetched."""
    if name == shelf.SHIPPED and table in catalogue.live_tables():
        return pd.DataFrame(columns=[entry["name"] for entry in catalogue.fields(table)])
    return load(table, edition=name)


def _series(table: str, series: tuple[str, ...], without: tuple[str, ...]) -> tuple[str, ...]:
    if not series and not without:
        return ()
    served = SERVICES[table].series()
    for name in (*series, *without):
        if name not in served:
            raise UnknownNameError(unknown("series", name, served, where=f"of table {table!r}"))
    left = tuple(name for name in (series or served) if name not in without)
    if not left:
        raise ParameterError(f"no series of table {table!r} is left to be fetched")
    return left


def _refusal(table: str, problems: list[str]) -> str:
    """Compose what is said when a refresh ends without an edition."""
    more = len(problems) - _SHOWN
    lines = [*problems[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return "\n".join([*lines, f"table {table!r} was not refreshed: what was in use stays in use"])


def _judged(table: str, base: pd.DataFrame, cleaned: Cleaned) -> pd.DataFrame:
    """Put the fetched series in their places, or refuse them."""
    columns = [entry["name"] for entry in catalogue.fields(table)]
    rows = cleaned.rows.reindex(columns=columns)
    problems = list(gates.refused(table, base, rows))
    whole = gates.replaced(table, base, rows) if len(base) else rows
    problems += gates.mixed(table, whole, cleaned.sources)
    if problems:
        raise ServiceError(_refusal(table, problems))
    return whole


def _difference(
    table: str, names: tuple[str, str], base: pd.DataFrame, whole: pd.DataFrame
) -> Difference:
    typed = whole.astype({name: kind for name, kind in base.dtypes.items() if name in whole})
    key = catalogue.resource(table)["schema"]["primaryKey"]
    return compare(base, typed, key, table=table, names=names, series=gates.SERIES[table])


def _nothing_new(difference: Difference) -> bool:
    """Whether an edition would only repeat the one in use, apart from the day it was read."""
    if difference.a == shelf.SHIPPED or len(difference.added) or len(difference.removed):
        return False
    figures = [name for name in difference.after.columns if name != "source_id"]
    return bool(difference.after[figures].equals(difference.before[figures]))


def _verify(table: str, folder: Path) -> None:
    """Verify an edition where it was written aside, with the shipped tables that it answers to.

    Its own sources and the shipped ones must do: it stands without the editions before it.
    """
    written = json.loads((folder / catalogue.REGISTRY).read_bytes())
    keys = written["resources"][0]["schema"].get("foreignKeys", [])
    names = {key["reference"]["resource"] for key in keys} | set(_RULES.get(table, ()))
    others = {name: load(name, edition=shelf.SHIPPED) for name in names}
    own = parse(catalogue.fields("sources"), folder / shelf.SOURCES, "sources")
    others["sources"] = pd.concat([load("sources", edition=shelf.SHIPPED), own], ignore_index=True)
    problems = verify_table(written["resources"][0], folder, others)
    if problems:
        raise DataError(_refusal(table, problems))
