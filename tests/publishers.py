"""The publishers' services on this machine, for tests: an HTTPS server that answers as they do.

Every form of answer follows what the services document or were seen to give (see the modules of
`sme_analysis.services` for the references). Nothing leaves the machine: `serving` sets the
environment so that questions for the registered hosts come here, over TLS, with a certificate that
is made for the occasion and checked.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import ssl
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

HOSTS = ("api.worldbank.org", "api.imf.org", "comtradeapi.un.org", "docs.aiddata.org")
JSON = "application/json;charset=utf-8"
SDMX_CSV = "application/vnd.sdmx.data+csv; charset=utf-8"
NOT_FOUND = {
    "id": "175",
    "key": "Invalid format",
    "value": "The indicator was not found. It may have been deleted or archived.",
}
_BOMB = gzip.compress(b" " * 5_000_000)
INVALID = {
    "id": "120",
    "key": "Invalid value",
    "value": "The provided parameter value is not valid",
}

WORLD_BANK = {
    "NY.GDP.MKTP.CD": (2, "GDP (current US$)", "gdp"),
    "NY.GDP.PCAP.KD": (2, "GDP per capita (constant 2015 US$)", "gdp_per_capita"),
    "SP.POP.TOTL": (2, "Population, total", "population"),
    "FP.CPI.TOTL.ZG": (2, "Inflation, consumer prices (annual %)", "inflation"),
    "IT.NET.USER.ZS": (2, "Individuals using the Internet (% of population)", "internet_users"),
    "LP.LPI.OVRL.XQ": (
        2,
        "Logistics performance index: Overall (1=low to 5=high)",
        "logistics_performance",
    ),
    **{
        f"GOV_WGI_{code}.EST": (3, f"{name} - Governance estimate (approx. -2.5 to +2.5)", series)
        for code, name, series in (
            ("PV", "Political Stability", "political_stability"),
            ("VA", "Voice and Accountability", "voice_and_accountability"),
            ("GE", "Government Effectiveness", "government_effectiveness"),
            ("RQ", "Regulatory Quality", "regulatory_quality"),
            ("RL", "Rule of Law", "rule_of_law"),
            ("CC", "Control of Corruption", "control_of_corruption"),
        )
    },
}


@dataclass
class Publishers:
    """What the services hold, how they fail, and what they were asked.

    Attributes
    ----------
    values : dict
        World Bank: code -> {(iso3, year): value or None}; labels beside it.
    cap : int
        World Bank: rows a page holds at most.
    faults : list of (part of the address, fault)
        Each is used once, by the first question whose address holds the part.
    asked : list of (path and query, headers)
    """

    values: dict[str, dict[tuple[str, int], float | None]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    databases: dict[str, int] = field(default_factory=dict)
    updated: str = "2026-10-14"
    cap: int = 20_000
    positions: list[dict[str, str]] = field(default_factory=list)
    trade: dict[tuple[int, str], list[tuple[int, str, float]]] = field(default_factory=dict)
    key: str = ""
    archive: bytes = b""
    faults: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def fault(self, address: str) -> str:
        """Return the fault for a question, and use it up."""
        for number, (part, _) in enumerate(self.faults):
            if part in address:
                return self.faults.pop(number)[1]
        return ""

    def answer(self, path: str, query: dict[str, str], headers: Any) -> tuple[int, str, bytes]:
        """Return status, content type and body for a question."""
        if path.startswith("/v2/country/"):
            return self._world_bank(path, query)
        if path.startswith("/external/sdmx/2.1/data/IMF.STA,DIP/"):
            return self._imf(path.rsplit("/", 1)[1], query)
        if path.startswith(("/public/v1/preview/C/A/HS", "/data/v1/get/C/A/HS")):
            return self._comtrade(path, query, headers)
        if path.startswith("/ad4/datasets/") and self.archive:
            return 200, "application/zip", self.archive
        return 404, "text/html", b"<html>not found</html>"

    def _world_bank(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        _, _, _, areas, _, code = path.split("/")
        if code not in self.values:
            return 200, JSON, json.dumps([{"message": [NOT_FOUND]}]).encode()
        if self.databases[code] != int(query.get("source", 2)):
            return 200, JSON, json.dumps([{"message": [INVALID]}]).encode()
        first, _, last = query["date"].partition(":")
        rows = [
            (iso3, year, value)
            for (iso3, year), value in self.values[code].items()
            if int(first) <= year <= int(last or first) and areas in ("all", iso3)
        ]
        page, size = int(query.get("page", 1)), min(int(query["per_page"]), self.cap)
        head = {
            "page": page,
            "pages": -(-len(rows) // size),
            "per_page": size,
            "total": len(rows),
            "sourceid": query.get("source", "2"),
            "lastupdated": self.updated,
        }
        shown = [
            {
                "indicator": {"id": code, "value": self.labels[code]},
                "country": {"id": iso3[:2], "value": iso3},
                "countryiso3code": iso3,
                "date": str(year),
                "value": value,
                "unit": "",
                "obs_status": "",
                "decimal": 1,
            }
            for iso3, year, value in rows[(page - 1) * size : page * size]
        ]
        return 200, JSON, json.dumps([head, shown or None]).encode()

    def _imf(self, key: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        parts = key.split(".")
        columns = ["COUNTRY", "DV_TYPE", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY"]
        first, last = int(query["startPeriod"]), int(query["endPeriod"])
        rows = [
            row
            for row in self.positions
            if all(not part or row[name] == part for name, part in zip(columns, parts, strict=True))
            and first <= int(row["TIME_PERIOD"]) <= last
        ]  # fmt: skip
        if not rows:
            return 404, "application/xml", b"<Error>No results found</Error>"
        out = io.StringIO()
        names = ["DATAFLOW", *columns, "TIME_PERIOD", "OBS_VALUE", "SCALE", "STATUS"]
        writer = csv.DictWriter(out, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({"DATAFLOW": "IMF.STA:DIP(12.0.1)", "SCALE": "6"} | row for row in rows)
        return 200, SDMX_CSV, out.getvalue().encode()

    def _comtrade(self, path: str, query: dict[str, str], headers: Any) -> tuple[int, str, bytes]:
        if path.startswith("/data/") and headers.get("Ocp-Apim-Subscription-Key") != self.key:
            words = (
                "Access denied due to invalid subscription key. Make sure to provide a valid key "
                "for an active subscription."
            )
            return 401, JSON, json.dumps({"statusCode": 401, "message": words}).encode()
        year, flow = int(query["period"]), query["flowCode"]
        data = [
            {
                "typeCode": "C", "freqCode": "A", "refYear": year, "period": str(year),
                "reporterCode": 156, "reporterISO": "CHN", "flowCode": flow, "partnerCode": number,
                "partnerISO": iso3, "partner2Code": 0, "classificationCode": "H6",
                "cmdCode": "TOTAL", "customsCode": "C00", "motCode": 0, "primaryValue": value,
            }
            for number, iso3, value in self.trade.get((year, flow), [])
        ]  # fmt: skip
        whole = data[:500] if path.startswith("/public/") else data
        answer = {"elapsedTime": "0.02 secs", "count": len(whole), "data": whole, "error": ""}
        return 200, JSON, json.dumps(answer).encode()


def _handler(publishers: Publishers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            publishers.asked.append((self.path, dict(self.headers)))
            fault = publishers.fault(self.path)
            with suppress(OSError):
                if fault:
                    _fail(self, fault, publishers, parts.path, query)
                else:
                    _send(self, *publishers.answer(parts.path, query, self.headers))

    return Handler


def _send(
    handler: BaseHTTPRequestHandler,
    status: int,
    kind: str,
    body: bytes,
    *,
    claimed: int | None = None,
    **headers: str,
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body) if claimed is None else claimed))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def _fail(
    handler: BaseHTTPRequestHandler,
    fault: str,
    publishers: Publishers,
    path: str,
    query: dict[str, str],
) -> None:
    """Answer with a fault: `429`, `429:120` (wait), `truncated`, `html`, `hang` and others."""
    status, kind, body = publishers.answer(path, query, handler.headers)
    number, _, wait = fault.partition(":")
    if number.isdigit():
        words = json.dumps({"statusCode": int(number), "message": "Rate limit is exceeded."})
        extra = {"Retry_After": wait} if wait else {}
        _send(handler, int(number), JSON, words.encode(), **extra)
    elif fault == "truncated":
        _send(handler, status, kind, body[: len(body) // 2], claimed=len(body))
        handler.close_connection = True
    elif fault == "closed":
        handler.close_connection = True
        handler.connection.close()
    elif fault == "html":
        _send(handler, 200, "text/html", b"<html>Please sign in to the network</html>")
    elif fault == "hang":
        time.sleep(3)
        handler.close_connection = True
    elif fault == "drip":
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        for _ in range(18):
            handler.wfile.write(b" " * 10)
            handler.wfile.flush()
            time.sleep(0.1)
    elif fault == "bomb":
        _send(handler, 200, kind, _BOMB, Content_Encoding="gzip")
    elif fault == "half_json":
        _send(handler, 200, kind, body[: len(body) // 2])
    elif fault.startswith("redirect:"):
        _send(handler, 302, "text/html", b"", Location=fault.partition(":")[2])
    elif fault.startswith("say:"):
        _send(handler, 200, kind, fault[4:].encode())
    else:
        raise AssertionError(fault)


@contextmanager
def serving(publishers: Publishers, folder: Path) -> Iterator[dict[str, str]]:
    """Serve on a free port of this machine.

    Parameters
    ----------
    publishers : Publishers
    folder : Path
        Takes the certificate.

    Yields
    ------
    dict of str to str
        The environment that a client needs.
    """
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(publishers))
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    port = server.server_address[1]
    try:
        yield {
            "SME_ANALYSIS_LOOPBACK": ",".join(f"{host}={port}" for host in HOSTS),
            "REQUESTS_CA_BUNDLE": str(bundle),
            "NO_PROXY": "localhost",
            "no_proxy": "localhost",
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def world(publishers: Publishers, *, revision: float = 0.01, last: int = 2025) -> Publishers:
    """Fill the World Bank with the shipped figures, revised a little, and a newer year.

    Aggregates and an area without a code are among the rows, as at the service itself.
    """
    for code, (database, label, values) in _world(revision, last).items():
        publishers.values[code] = dict(values)
        publishers.labels[code] = label
        publishers.databases[code] = database
    return publishers


@lru_cache(maxsize=4)
def _world(revision: float, last: int) -> dict[str, tuple[int, str, dict[Any, Any]]]:
    from sme_analysis.data.tables import load
    from sme_analysis.services.directory import tables
    from sme_analysis.services.world_bank_series import WORDS, known

    found = {}
    listed = [
        (load(table, edition="shipped"), item)
        for table in ("country_indicators", "governance_indicators")
        if table in tables()
        for item in known(table).values()
    ]
    for shipped, item in listed:
        code, series, database = item.code, item.indicator, item.database
        words = " ".join(WORDS.get(item.unit, ()))
        label = WORLD_BANK[code][1] if code in WORLD_BANK else f"{series} ({words})"
        rows = shipped[shipped["indicator"] == series]
        values: dict[tuple[str, int], float | None] = {
            (str(row.iso3), int(row.year)): float(row.value) * _factor(row.year, revision)
            for row in rows.itertuples()
            if row.iso3 != "TWN"
        }
        if item.unit == "percent_of_population":
            values = {cell: min(value or 0.0, 100.0) for cell, value in values.items()}
        newest = max(year for _, year in values)
        others = (2022,) if len({year for _, year in values}) == 1 else ()
        for year in (*others, last):
            values |= {(iso3, year): value for (iso3, of), value in values.items() if of == newest}
        if series == "logistics_performance":  # the service enters the edition of 2023 under 2022
            values = {
                (iso3, 2022 if year == 2023 else year): value
                for (iso3, year), value in values.items()
                if year not in (2022, last)
            }
        values |= {("WLD", newest): 3.0, ("", newest): 1.5, ("AFG", last): None}
        found[code] = (database, label, values)
        if database == 3:
            name = f"{label.partition(' - ')[0]} - Standard error of the governance estimate"
            errors = {cell: 0.2 for cell, value in values.items() if value is not None}
            found[code.replace(".EST", ".SE")] = (3, name, errors)
    return found


def _factor(year: int, revision: float) -> float:
    return 1 + revision if year >= 2020 else 1.0


HOSTS_OF_CHINA = {"HKG": 1.6e12, "USA": 9e10, "SGP": 8e10, "AUS": 4e10, "KAZ": 8e9, "XKX": 1e6}


def investment(publishers: Publishers, last: int = 2024) -> Publishers:
    """Fill the IMF with positions: of China from 2018 on, of hosts from 2009 on."""
    rows = publishers.positions
    for year in range(2009, last + 1):
        growth = 1 + (year - last) * 0.03
        sums = {"OTWD": 0.0, "INWD": 0.0}
        for host, size in HOSTS_OF_CHINA.items():
            code = {"XKX": "KOS"}.get(host, host)
            if year >= 2018:
                rows.append(_position("CHN", "OTWD_D_NETAL", code, year, size * growth))
                sums["OTWD"] += size * growth
            rows.append(_position(code, "INWD_D_NETLA", "CHN", year, size * growth * 0.8))
        if year >= 2018:
            rows.append(_position("CHN", "OTWD_D_NETAL", "G001", year, sums["OTWD"]))
            rows.append(_position("CHN", "OTWD_D_NETAL", "LAO", year, None, "C"))
    return publishers


def _position(
    country: str, stem: str, counterpart: str, year: int, value: float | None, mark: str = ""
) -> dict[str, str]:
    return {
        "COUNTRY": country,
        "DV_TYPE": "O",
        "INDICATOR": f"{stem}_FALL_ALL",
        "COUNTERPART_COUNTRY": counterpart,
        "FREQUENCY": "A",
        "TIME_PERIOD": str(year),
        "OBS_VALUE": "" if value is None else repr(value),
        "STATUS": mark,
    }


PARTNERS = [(842, "USA", 5.0e11), (344, "HKG", 2.7e11), (699, "IND", 1.2e11), (490, "S19", 7e10)]


def trade(publishers: Publishers, first: int = 2000, last: int = 2024) -> Publishers:
    """Fill UN Comtrade with exports and imports by partner, and the world."""
    for year in range(first, last + 1):
        for flow, share in (("X", 1.0), ("M", 0.6)):
            rows = [(number, iso3, value * share) for number, iso3, value in PARTNERS]
            world = (0, "W00", sum(value for _, _, value in rows))
            publishers.trade[year, flow] = [world, *rows]
    return publishers


FINANCE = [
    # iso3, year, recommended, class, amount, estimated
    ("AGO", 2010, "Yes", "OOF-like", 2_000_000.0, "No"),
    ("AGO", 2010, "Yes", "ODA-like", 500_000.0, "Yes"),
    ("AGO", 2010, "No", "ODA-like", 9_000_000.0, "No"),
    ("AGO", 2011, "Yes", "Vague (Official Finance)", None, None),
    ("KEN", 2015, "Yes", "ODA-like", 1_250_000.0, "No"),
    ("Africa, regional", 2015, "Yes", "ODA-like", 1_000_000.0, "No"),
]
COLUMNS = [
    "Recipient ISO-3", "Commitment Year", "Recommended For Aggregates", "Flow Class",
    "Adjusted Amount (Constant USD 2021)", "Amount Estimated",
]  # fmt: skip


def workbook(rows: list[tuple[Any, ...]] = FINANCE, columns: list[str] = COLUMNS) -> bytes:
    """Write a workbook with the sheet and the columns of AidData's."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Definitions"
    sheet = book.create_sheet("GCDF_3.0")
    sheet.append(["AidData Record ID", *columns])
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**members: bytes) -> bytes:
    """Write a zip archive; `__` in a name stands for a slash, `_dot_` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def environment(folder: Path, extra: dict[str, str]) -> dict[str, str]:
    """Return the environment of a process that has its own data folder and asks only here."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith(("_PROXY", "_CA_BUNDLE"))
        and not name.startswith(("SME_ANALYSIS_", "COMTRADE", "SSL_CERT_"))
    }
    return {**clean, "SME_ANALYSIS_DATA": str(folder), **extra}
