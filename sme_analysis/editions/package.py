"""The files of an edition: table, sources, log of requests, and the description that binds them."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from .. import __version__
from ..data import catalogue, shelf
from ..data.tables import load
from ..services.protocol import Cleaned, Order, Service
from . import store

REQUESTS = "requests.jsonl"


@dataclass(frozen=True)
class Making:
    """What an edition is made of.

    Attributes
    ----------
    service, order, cleaned
        Who was asked for what, and what came of it.
    whole : DataFrame
        All rows of the edition.
    base : str
        The edition whose other series are carried over, "" where there is none.
    moment : datetime
    """

    service: Service
    order: Order
    cleaned: Cleaned
    whole: pd.DataFrame
    base: str
    moment: datetime


def files(making: Making, log: list[dict[str, Any]]) -> dict[str, bytes]:
    """Compose the files of an edition, by name.

    Parameters
    ----------
    making : Making
    log : list of dict
        The requests that were sent.
    """
    table, moment = making.service.table, making.moment.isoformat(timespec="seconds")
    entry = _entry(making)
    rows = store.as_csv(making.whole, entry["schema"])
    entry |= {"hash": _hash(rows), "bytes": len(rows), "rows": len(making.whole)}
    register = copy.deepcopy(catalogue.resource("sources"))
    used = _sources(making)
    sources = store.as_csv(used, register["schema"])
    register |= {"path": shelf.SOURCES, "hash": _hash(sources), "bytes": len(sources)}
    register["rows"] = len(used)
    requests = "".join(json.dumps(line, sort_keys=True) + "\n" for line in log).encode()
    package = {
        "$schema": catalogue.registry()["$schema"],
        "name": table.replace("_", "-"),
        "version": making.order.edition,
        "created": moment,
        "resources": [entry, register],
        "edition": {
            "base": making.base or None,
            "data_version": catalogue.data_version(),
            "package": __version__,
            "service": making.service.title,
            "fetched": moment,
            "series": _series(making),
            "notes": list(making.cleaned.notes),
            "hashes": {shelf.SOURCES: _hash(sources), REQUESTS: _hash(requests)},
        },
    }
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    return {
        str(entry["path"]): rows,
        shelf.SOURCES: sources,
        REQUESTS: requests,
        catalogue.REGISTRY: text.encode(),
    }


def _entry(making: Making) -> dict[str, Any]:
    """Return the registry's entry: what this edition is, and years as wide as it needs."""
    order, entry = making.order, copy.deepcopy(catalogue.resource(making.service.table))
    rest = f", the others as in the edition {making.base!r}" if making.base else ""
    entry["title"] = f"{entry['title']} (edition of {order.edition})"
    entry["description"] = (
        f"Edition of {order.edition} from {making.service.title}: "
        f"{', '.join(making.cleaned.series)} as fetched, each as a whole{rest}. Of the table as "
        f"registered: {entry['description']}"
    )
    entry["path"] = f"{entry['name']}.csv"
    for column in entry["schema"]["fields"]:
        if column["name"] == "year":
            rules = column.setdefault("constraints", {})
            rules["minimum"] = min(rules.get("minimum", order.first_year), order.first_year)
            # No figure is of a year after the refresh, unless one carried over is.
            rules["maximum"] = max(rules.get("maximum", order.last_year), order.last_year)
    return entry


def _sources(making: Making) -> pd.DataFrame:
    """Return the sources of the edition that the shipped register lacks."""
    shipped = load("sources", edition=shelf.SHIPPED)
    register = pd.concat([load("sources"), making.cleaned.sources], ignore_index=True)
    fresh = ~register["source_id"].isin(shipped["source_id"])
    wanted = register["source_id"].isin(making.whole["source_id"].unique())
    return register[fresh & wanted].drop_duplicates("source_id")


def _series(making: Making) -> dict[str, Mapping[str, str]]:
    """Return what is known of every series: those fetched now, and those carried over."""
    carried: dict[str, Mapping[str, str]] = {}
    if making.base not in ("", shelf.SHIPPED):
        base = shelf.edition(making.service.table, making.base)
        carried = dict(base.about.get("series", {}))
    return {**carried, **making.cleaned.series}


def _hash(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
