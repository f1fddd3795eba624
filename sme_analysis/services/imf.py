"""The IMF's survey of direct investment: what China holds abroad, by host economy.

The data set is `IMF.STA:DIP`, Direct Investment Positions by Counterpart Economy, until 2025 the
Coordinated Direct Investment Survey. It is read through the IMF's SDMX 2.1 service as SDMX-CSV with
the key COUNTRY.DV_TYPE.INDICATOR.COUNTERPART_COUNTRY.FREQUENCY, where DV_TYPE `O` is what the
economy itself reports. Values are US dollars; the column SCALE only says how to show them. China
reports its outward positions from 2018 on; the years from 2009 on are known from hosts that report
what they hold from China. The two are different bases and stay apart.

References
----------
Data set: https://data.imf.org/en/datasets/IMF.STA:DIP
Service: https://datasupport.imf.org/knowledge?id=knowledge_category
SDMX-CSV 1.0: https://github.com/sdmx-twg/sdmx-csv

The copy in DBnomics was weighed and not taken: it was made from the service that the IMF shut down
in 2025 and ends with 2023. The client sdmx1 is kept well, yet brings XML and modelling for what is
one CSV table here, and would have to be bound to the same limits of hosts, time and size.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

import pandas as pd

from ..data.tables import load
from ..errors import ServiceError
from .client import Answer, Client
from .protocol import Cleaned, Fetched, Order, plain, source_row

BASE = "https://api.imf.org/external/sdmx/2.1/data/IMF.STA,DIP"
KINDS = ("application/vnd.sdmx.data+csv", "text/csv", "application/csv")
_INDICATORS = {"china_outward": "OTWD_D_NETAL_FALL_ALL", "host_inward": "INWD_D_NETLA_FALL_ALL"}
KEYS = {
    "china_outward": f"CHN.O.{_INDICATORS['china_outward']}..A",
    "host_inward": f".O.{_INDICATORS['host_inward']}.CHN.A",
}
_COLUMNS = {
    "COUNTRY", "DV_TYPE", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY",
    "TIME_PERIOD", "OBS_VALUE",
}  # fmt: skip
_WORLD = "G001"
_OWN_CODES = {"KOS": "XKX", "WBG": "PSE"}  # where the IMF's codes are not those of ISO 3166
# All positions of one year together, in US dollars. China's are near three trillion; a value in
# thousands or millions would lie far outside.
_PLAUSIBLE = {"china_outward": (2e11, 5e13), "host_inward": (2e10, 5e13)}


class DirectInvestment:
    """China's direct investment positions from the IMF."""

    title = "IMF SDMX service"
    table = "direct_investment_positions"
    first_year = 2009

    def fetch(self, client: Client, order: Order) -> Fetched:
        """Ask for both bases, each in one answer."""
        answers = {}
        for basis in order.series or tuple(KEYS):
            parameters = {"startPeriod": order.first_year, "endPeriod": order.last_year}
            url = f"{BASE}/{KEYS[basis]}"
            answers[basis] = [client.get(url, parameters, kinds=KINDS, errors=(404,))]
        return Fetched(order, answers)

    def clean(self, fetched: Fetched) -> Cleaned:
        """Make rows of `direct_investment_positions`; groups of economies are left out."""
        economies = set(load("economies")["iso3"])
        source = fetched.order.source("imf_dip_api")
        parts, about, left = [], {}, set()
        for basis, answers in fetched.answers.items():
            rows = _rows(answers[0], basis)
            _same_unit(rows, basis)
            known = rows["iso3"].isin(economies) & (rows["iso3"] != "CHN")
            left |= {plain(code) for code in rows.loc[~known, "iso3"]}
            part = rows[known]
            if part.duplicated(["iso3", "year"]).any():
                raise ServiceError(f"the IMF gives a figure of {_INDICATORS[basis]} twice")
            value = (part["value"] / 1e6).round(6)
            parts.append(part.assign(value=value, basis=basis, unit="usd_mn", source_id=source))
            about[basis] = {"code": KEYS[basis], "unit": "usd_mn", "name": _INDICATORS[basis]}
        said = f"groups and codes that are no economies, left out: {', '.join(sorted(left))}"
        rows = pd.concat(parts, ignore_index=True)
        return Cleaned(rows, pd.DataFrame([_source(fetched.order)]), about, (said,) if left else ())


def _rows(answer: Answer, basis: str) -> pd.DataFrame:
    """Read one answer: host, year, US dollars, mark."""
    if answer.status == 404:
        raise ServiceError(f"the IMF has no series {KEYS[basis]}")
    found = list(_records(answer, basis))
    if not found:
        raise ServiceError(f"the IMF gives no figure of {KEYS[basis]}")
    return pd.DataFrame(found, columns=["iso3", "year", "value", "status"])


def _records(answer: Answer, basis: str) -> Iterator[tuple[str, int, float, str | None]]:
    try:
        reader = csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")), strict=True)
        if not set(reader.fieldnames or ()) >= _COLUMNS:
            raise ServiceError("the IMF answers with other columns than SDMX-CSV has")
        host = "COUNTERPART_COUNTRY" if basis == "china_outward" else "COUNTRY"
        reporter = "COUNTRY" if basis == "china_outward" else "COUNTERPART_COUNTRY"
        for row in reader:
            if None in row.values() or None in row:
                raise ServiceError("the IMF cuts an answer short in the middle of a line")
            key = (row["DV_TYPE"], row["INDICATOR"], row[reporter], row["FREQUENCY"])
            if key != ("O", _INDICATORS[basis], "CHN", "A"):
                raise ServiceError(f"the IMF answers with another series than {KEYS[basis]}")
            if not row["OBS_VALUE"].strip():
                continue  # confidential or not available
            value = float(row["OBS_VALUE"])
            if not math.isfinite(value):
                raise ServiceError(f"the IMF gives {plain(row['OBS_VALUE'])} for a position")
            code = _OWN_CODES.get(row[host], row[host])
            mark = plain(row.get("STATUS") or row.get("OBS_STATUS") or "", 10)
            yield code, int(row["TIME_PERIOD"]), value, mark or None
    except (ValueError, csv.Error):
        raise ServiceError("the IMF answers with a table that cannot be read") from None


def _same_unit(rows: pd.DataFrame, basis: str) -> None:
    """Refuse figures whose sum shows that they are not US dollars any more."""
    last = rows[rows["year"] == _fullest(rows)]
    world = last.loc[last["iso3"] == _WORLD, "value"]
    total = float(world.iloc[0]) if len(world) else float(last["value"].sum())
    low, high = _PLAUSIBLE[basis]
    if not low <= total <= high:
        raise ServiceError(
            f"the unit has changed: the IMF's positions ({basis}) come to {total:,.0f} together, "
            f"between {low:,.0f} and {high:,.0f} US dollars was expected"
        )


def _fullest(rows: pd.DataFrame) -> int:
    """Return the latest of the years with the most rows."""
    counts = rows.groupby("year").size()
    return int(counts[counts == counts.max()].index.max())


def _source(order: Order) -> dict[str, str | None]:
    return source_row(
        source_id=order.source("imf_dip_api"),
        origin="IMF, Direct Investment Positions by Counterpart Economy",
        publisher="International Monetary Fund",
        title="Direct Investment Positions by Counterpart Economy (formerly CDIS)",
        edition=f"read on {order.day}",
        url="https://data.imf.org/en/datasets/IMF.STA:DIP",
        licence="IMF terms of use: reuse with attribution",
        date_recorded=order.day,
    )
