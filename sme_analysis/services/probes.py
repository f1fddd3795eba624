"""One small question to each service, and what its answer says in a line."""

from __future__ import annotations

import os
from collections.abc import Callable

from ..errors import ServiceError
from . import aiddata, comtrade, imf, world_bank
from .client import Client
from .protocol import plain

_YEAR = 2022  # every service has had it for years


def _world_bank(client: Client, code: str, database: int) -> str:
    parameters: dict[str, str | int] = {
        "format": "json",
        "source": database,
        "date": _YEAR,
        "per_page": 5,
    }
    url = f"{world_bank.BASE}/country/DEU/indicator/{code}"
    answer = client.get(url, parameters, kinds=world_bank.KINDS)
    head, rows = world_bank._opened(answer, code)
    value = rows[0].get("value")
    if rows[0].get("countryiso3code") != "DEU" or not isinstance(value, int | float):
        raise ServiceError(f"the World Bank gives no figure of {code} for Germany in {_YEAR}")
    updated = plain(head.get("lastupdated", "an unknown day"), 20)
    return f"answers, {code} of Germany in {_YEAR} is {value:,.6g}; last updated {updated}"


def _imf(client: Client) -> str:
    key = imf.KEYS["china_outward"].replace("..", f".{imf._WORLD}.")
    parameters = {"startPeriod": _YEAR, "endPeriod": _YEAR}
    answer = client.get(f"{imf.BASE}/{key}", parameters, kinds=imf.KINDS, errors=(404,))
    rows = imf._rows(answer, "china_outward")
    total = rows.loc[rows["year"] == _YEAR, "value"]
    if not len(total):
        raise ServiceError(f"the IMF gives no outward position of China for {_YEAR}")
    return f"answers, China's outward position of {_YEAR} is US${total.iloc[0] / 1e9:,.0f} bn"


def _comtrade(client: Client) -> str:
    rows = comtrade.records(comtrade.ask(client, "export", _YEAR))
    key = "with the key" if os.environ.get(comtrade.KEY, "").strip() else "without a key"
    if not rows:
        raise ServiceError(f"UN Comtrade gives no exports of China for {_YEAR} ({key})")
    return f"answers {key}, {len(rows)} partners of China's exports in {_YEAR}"


def _aiddata(client: Client) -> str:
    """Ask for the first bytes only: the archive has tens of megabytes."""
    answer = client.get(aiddata.URL, kinds=aiddata.KINDS, first=4)
    if answer.body[:4] != b"PK\x03\x04":
        raise ServiceError("AidData answers with something that is no zip archive")
    return "answers, the archive of version 3.0 is there"


PROBES: dict[str, Callable[[Client], str]] = {
    "World Bank, development indicators": lambda c: _world_bank(c, "SP.POP.TOTL", 2),
    "World Bank, governance indicators": lambda c: _world_bank(c, "GOV_WGI_PV.EST", 3),
    "World Bank, logistics index": lambda c: _world_bank(c, "LP.LPI.OVRL.XQ", 2),
    "IMF, direct investment": _imf,
    "UN Comtrade, trade": _comtrade,
    "AidData, development finance": _aiddata,
}
"""By name: a question that returns a line for the reader, or raises ServiceError."""
