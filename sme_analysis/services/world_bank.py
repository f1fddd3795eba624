"""The World Bank's Indicators API, version 2: development, governance and logistics indicators.

An answer is a JSON array of two: a header (page, pages, per_page, total, sourceid, lastupdated) and
the rows. A request that fails is answered with status 200 and an array of one, `[{"message":
[{"id", "key", "value"}]}]`: 120 for an invalid value, 175 for a series that is archived or was
never there. In database 3 the ISO code stands in `countryiso3code` only, blank for some areas.

References
----------
Basic call structures: https://datahelpdesk.worldbank.org/knowledgebase/articles/898581
Answers of version 2: https://datahelpdesk.worldbank.org/knowledgebase/articles/1886674
Error codes: https://datahelpdesk.worldbank.org/knowledgebase/articles/898620

The client wbgapi (1.0.14) was weighed and not taken: it has one maintainer and no retries, follows
redirects to any host, sets no limit to an answer, keeps its settings in module globals, and needs
tabulate and PyYAML for what is a page of code here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..data.tables import load
from ..errors import ServiceError
from .client import Answer, Client
from .protocol import Cleaned, Fetched, Order, as_json, plain, source_row
from .world_bank_series import (
    DATABASES,
    GOVERNANCE,
    METHODS,
    RANGES,
    TABLE,
    WHOLE,
    WORDS,
    YEARS,
    Series,
    wanted,
)

BASE = "https://api.worldbank.org/v2"
KINDS = ("application/json", "text/json")
_PAGE = 20_000  # rows a page; the API allows some 32,500
_PAGES = 40  # more than any series has
_ERRORS = " standard errors"
_STEMS = {2: "wdi_api", 3: "wgi2025_api", 63: "hci_api"}


class WorldBank:
    """Indicators of economies from the World Bank."""

    title = "World Bank Indicators API"
    table = TABLE
    first_year = 2000

    def fetch(self, client: Client, order: Order) -> Fetched:
        """Ask for every series, each with all its pages."""
        answers: dict[str, Sequence[Answer]] = {}
        for series in wanted(order.series, self.table):
            answers[series.indicator] = _pages(client, order, series.code, series.database)
            if series.error:
                key = series.indicator + _ERRORS
                answers[key] = _pages(client, order, series.error, series.database)
        return Fetched(order, answers)

    def clean(self, fetched: Fetched) -> Cleaned:
        """Make rows of the table; aggregates and areas without a code are left out."""
        economies = set(load("economies")["iso3"])
        parts, problems, about, notes = [], [], {}, set()
        updated: dict[int, str] = {}
        for series in wanted(fetched.order.series, self.table):
            try:
                rows, label, date = _rows(fetched.answers[series.indicator], series.code)
                _same_unit(series, label, rows)
                part, left = _part(rows, series, economies)
                if series.error:
                    errors, _, _ = _rows(fetched.answers[series.indicator + _ERRORS], series.error)
                    part = _with_errors(part, errors, series)
            except ServiceError as error:
                problems.append(f"{series.indicator}: {error}")
                continue
            parts.append(part.assign(source_id=fetched.order.source(_STEMS[series.database])))
            about[series.indicator] = _about(series, label, date)
            updated[series.database] = max(date, updated.get(series.database, ""))
            notes |= left
        if problems:
            raise ServiceError("\n".join(problems))
        sources = [_source(fetched.order, number, date) for number, date in updated.items()]
        said = f"codes that are no economies of this project, left out: {', '.join(sorted(notes))}"
        return Cleaned(
            pd.concat(parts, ignore_index=True),
            pd.DataFrame(sources),
            about,
            (said,) if notes else (),
        )


class GovernanceIndicators(WorldBank):
    """The Worldwide Governance Indicators, where they are a table of their own."""

    title = "World Bank Indicators API, database 3"
    table = GOVERNANCE


def _pages(client: Client, order: Order, code: str, database: int) -> list[Answer]:
    answers: list[Answer] = []
    total = 1
    while len(answers) < total:
        parameters: dict[str, str | int] = {
            "format": "json",
            "source": database,
            "date": f"{order.first_year}:{order.last_year}",
            "per_page": _PAGE,
            "page": len(answers) + 1,
        }
        url = f"{BASE}/country/all/indicator/{code}"
        answers.append(client.get(url, parameters, kinds=KINDS))
        head, _ = _opened(answers[-1], code)
        total = _count(head, "pages", code)
        if total > _PAGES:
            raise ServiceError(
                f"the World Bank gives {total} pages of {code}: too many to be right"
            )
    return answers


def _opened(answer: Answer, code: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return header and rows of an answer; explain the error inside one."""
    content = as_json(answer)
    if not isinstance(content, list) or not content or not isinstance(content[0], dict):
        raise ServiceError(f"the World Bank answers with another form than it documents ({code})")
    head = content[0]
    if "message" in head:
        raise ServiceError(_explained(head["message"], code))
    if len(content) < 2 or content[1] is None or content[1] == []:
        raise ServiceError(f"the World Bank gives no rows of {code}")
    rows = content[1]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ServiceError(f"the World Bank answers with another form than it documents ({code})")
    return head, rows


def _explained(message: object, code: str) -> str:
    first = message[0] if isinstance(message, list) and message else message
    number = str(first.get("id", "")) if isinstance(first, dict) else ""
    if number == "175":
        return (
            f"the World Bank no longer serves {code}: it may be renamed, or archived (database 57, "
            "which is listed and not served)"
        )
    if number == "120":
        return f"the World Bank does not know {code} in this database"
    words = str(first.get("value", "")) if isinstance(first, dict) else ""
    return f"the World Bank refuses {code} (error {number[:6] or 'without number'}: {plain(words)})"


def _count(head: dict[str, Any], key: str, code: str) -> int:
    try:
        return int(head[key])
    except (KeyError, TypeError, ValueError):
        raise ServiceError(f"the World Bank does not say how many {key} {code} has") from None


def _rows(answers: Sequence[Answer], code: str) -> tuple[pd.DataFrame, str, str]:
    """Return all rows of a series, its name, and the day of the database's last update."""
    found: list[dict[str, Any]] = []
    heads = []
    for answer in answers:
        head, rows = _opened(answer, code)
        heads.append(head)
        found += rows
    dates = {str(head.get("lastupdated", "")) for head in heads}
    if len(dates) != 1:
        raise ServiceError(f"the World Bank updated {code} while it was read: refresh again")
    if len(found) != _count(heads[0], "total", code):
        raise ServiceError(
            f"the World Bank gives {len(found)} rows of {code} and says there are "
            f"{heads[0]['total']}"
        )
    try:
        names = {(row["indicator"]["id"], row["indicator"]["value"]) for row in found}
        table = pd.DataFrame(
            {
                "iso3": [str(row["countryiso3code"] or "") for row in found],
                "year": [int(row["date"]) for row in found],
                "value": [None if row["value"] is None else float(row["value"]) for row in found],
            }
        )
    except (KeyError, TypeError, ValueError):
        raise ServiceError(
            f"the World Bank answers with another form than it documents ({code})"
        ) from None
    if {name for name, _ in names} != {code}:
        raise ServiceError(f"the World Bank answers with another series than {code}")
    return table.dropna(subset=["value"]), str(min(label for _, label in names)), dates.pop()


def _same_unit(series: Series, label: str, rows: pd.DataFrame) -> None:
    """Refuse a series whose name or whose values show another unit."""
    words = WORDS.get(series.unit, ())
    if not all(word.casefold() in label.casefold() for word in words):
        raise ServiceError(
            f"the unit has changed: {series.code} is now called {plain(label)!r}, "
            f"{' and '.join(map(repr, words))} was expected"
        )
    low, high = RANGES.get(series.unit, (float("-inf"), float("inf")))
    outside = rows[(rows["value"] < low) | (rows["value"] > high)]
    if len(outside):
        raise ServiceError(
            f"the unit has changed: {series.code} has values such as {outside['value'].iloc[0]:g}, "
            f"between {low:g} and {high:g} was expected"
        )


def _part(rows: pd.DataFrame, series: Series, economies: set[str]) -> tuple[pd.DataFrame, set[str]]:
    """Return the rows of economies in the columns of the table, and the codes left out."""
    known = rows["iso3"].isin(economies)
    left = {plain(code) or "(blank)" for code in rows.loc[~known, "iso3"]}
    kept = rows[known]
    if kept.empty:
        raise ServiceError(f"the World Bank gives no figure of {series.code} for any economy")
    if kept.duplicated(["iso3", "year"]).any():
        raise ServiceError(f"the World Bank gives a figure of {series.code} twice")
    there, here = YEARS.get(series.code, (0, 0))
    year = kept["year"] if (kept["year"] == here).any() else kept["year"].replace(there, here)
    value = kept["value"].round() if series.unit in WHOLE else kept["value"]
    part = kept.assign(
        year=year,
        value=value,
        indicator=series.indicator,
        unit=series.unit,
        standard_error=float("nan"),
    )
    return part, left


def _with_errors(part: pd.DataFrame, errors: pd.DataFrame, series: Series) -> pd.DataFrame:
    wide = errors.drop_duplicates(["iso3", "year"]).set_index(["iso3", "year"])["value"]
    if (wide < 0).any():
        raise ServiceError(f"the World Bank gives a negative standard error ({series.error})")
    index = pd.MultiIndex.from_frame(part[["iso3", "year"]])
    found = wide.reindex(index).to_numpy()
    if pd.isna(found).mean() > 0.5:
        raise ServiceError(
            f"the World Bank gives standard errors for less than half of {series.code}"
        )
    return part.assign(standard_error=found)


def _about(series: Series, label: str, date: str) -> dict[str, str]:
    about = {
        "code": series.code,
        "database": str(series.database),
        "name": plain(label),
        "unit": series.unit,
        "updated": plain(date),
    }
    return about | ({"method": METHODS[series.database]} if series.database in METHODS else {})


def _source(order: Order, database: int, date: str) -> dict[str, str | None]:
    name = DATABASES[database]
    method = f", {METHODS[database]}" if database in METHODS else ""
    note = (
        "estimates of all years by the method of 2025: not to be joined to earlier editions"
        if database == 3
        else None
    )
    return source_row(
        source_id=order.source(_STEMS[database]),
        origin=f"World Bank, {name}",
        publisher="World Bank",
        title=f"{name}, through the Indicators API, database {database}",
        edition=f"read on {order.day}; last updated {plain(date) or 'on an unknown day'}{method}",
        url="https://datahelpdesk.worldbank.org/knowledgebase/articles/889392",
        licence="CC BY 4.0",
        date_recorded=order.day,
    ) | {"note": note}
