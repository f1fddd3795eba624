"""The registry: `data/datapackage.json`, read once, describing every table and column."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import DamagedError, UnknownNameError, unknown
from ..locations import folder

REGISTRY = "datapackage.json"
_LIVE = "liveResources"  # tables that are described but not shipped: a refresh brings them


def sha256(content: bytes) -> str:
    """Return the hash of a file's content as the registry writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


@cache
def registry(where: Path | None = None) -> dict[str, Any]:
    """Return the parsed registry of the shipped data, or of another data folder.

    Raises
    ------
    DataError
        If the file is missing or is not a data package.
    """
    path = (where or folder("data")) / REGISTRY
    try:
        package: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise DamagedError(f"the data folder has no {REGISTRY}: {path.parent}") from None
    except ValueError as error:
        raise DamagedError(f"{path.name} cannot be read as JSON: {error}") from None
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise DamagedError(f"{path.name} is not a data package: it lists no resources")
    return package


def tables(where: Path | None = None) -> list[str]:
    """Return the names of all shipped tables, in the registry's order."""
    return [resource["name"] for resource in registry(where)["resources"]]


def live_tables(where: Path | None = None) -> list[str]:
    """Return the names of the tables that are not shipped and that a refresh brings."""
    return [resource["name"] for resource in registry(where).get(_LIVE, [])]


def resource(name: str, where: Path | None = None) -> dict[str, Any]:
    """Return the registry's entry of one table, shipped or not.

    Raises
    ------
    UnknownNameError
        If there is no such table; the message gives the nearest names.
    """
    package = registry(where)
    for entry in [*package["resources"], *package.get(_LIVE, [])]:
        if entry["name"] == name:
            found: dict[str, Any] = entry
            return found
    raise UnknownNameError(unknown("table", name, [*tables(where), *live_tables(where)]))


def fields(name: str, where: Path | None = None) -> list[dict[str, Any]]:
    """Return the column descriptors of one table, in the order of its columns."""
    entries: list[dict[str, Any]] = resource(name, where)["schema"]["fields"]
    return entries


def field(name: str, column: str) -> dict[str, Any]:
    """Return the descriptor of one column.

    Raises
    ------
    UnknownNameError
        If the table or the column does not exist.
    """
    for entry in fields(name):
        if entry["name"] == column:
            return entry
    columns = [entry["name"] for entry in fields(name)]
    raise UnknownNameError(unknown("column", column, columns, where=f"in table {name!r}"))


def labels(name: str, column: str) -> dict[str, str]:
    """Return value -> label of a column with a closed list of values (empty if it has none)."""
    return {item["value"]: item["label"] for item in field(name, column).get("categories", [])}


def data_version(where: Path | None = None) -> str:
    """Return the version of the data, as the registry states it."""
    return str(registry(where)["version"])
