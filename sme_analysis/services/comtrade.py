"""UN Comtrade: China's exports and imports of all goods, by partner.

Without a key the public preview is asked, which gives at most 500 records an answer; with the
user's own key, taken from the environment variable COMTRADE_API_KEY, the full service. The key goes
into a header, and into no address, log, file or message. An answer is `{"elapsedTime", "count",
"data", "error"}`, an error `{"statusCode", "message"}`, or status 200 with words in `error`.

References
----------
Service: https://comtradedeveloper.un.org/
Official client, for parameters and addresses: https://github.com/uncomtrade/comtradeapicall
Limits: https://uncomtrade.org/docs/subscriptions/
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..data.tables import load
from ..errors import ServiceError
from .client import Answer, Client
from .protocol import Cleaned, Fetched, Order, as_json, plain, source_row

PREVIEW = "https://comtradeapi.un.org/public/v1/preview/C/A/HS"
FULL = "https://comtradeapi.un.org/data/v1/get/C/A/HS"
KEY = "COMTRADE_API_KEY"
KINDS = ("application/json",)
FLOWS = {"export": "X", "import": "M"}
_HEADER = "Ocp-Apim-Subscription-Key"
_CAP = {PREVIEW: 500, FULL: 100_000}  # records an answer holds at most
_PAUSE = 1.2  # seconds between two questions
_CHINA = 156
_FIXED: dict[str, str | int] = {
    "reporterCode": _CHINA,
    "cmdCode": "TOTAL",
    "partner2Code": 0,
    "customsCode": "C00",
    "motCode": 0,
    "includeDesc": "true",
}
_REASONS = {401: f"refuses the key in {KEY}", 403: f"has no more questions for the key in {KEY}"}


class Trade:
    """China's trade by partner from UN Comtrade."""

    title = "UN Comtrade"
    table = "goods_trade_by_partner"
    first_year = 2000

    def fetch(self, client: Client, order: Order) -> Fetched:
        """Ask for every year and flow."""
        answers: dict[str, list[Answer]] = {}
        for flow in order.series or tuple(FLOWS):
            answers[flow] = []
            for year in range(order.first_year, order.last_year + 1):
                if answers[flow] or len(answers) > 1:
                    client.sleep(_PAUSE)
                answers[flow].append(ask(client, flow, year))
        return Fetched(order, answers)

    def clean(self, fetched: Fetched) -> Cleaned:
        """Make rows of `goods_trade_by_partner`; areas that are no economies are left out."""
        economies = set(load("economies")["iso3"])
        source = fetched.order.source("un_comtrade_api")
        parts, left = [], set()
        for flow, answers in fetched.answers.items():
            rows = _whole(answers, flow, fetched.order)
            world = rows[rows["partner"] == 0].set_index("year")["value"]
            known = rows["iso3"].isin(economies)
            left |= {plain(code) or "(blank)" for code in rows.loc[~known, "iso3"]} - {"W00"}
            part = rows[known]
            _covers(part, world, flow)
            parts.append(part.assign(flow=flow, unit="usd", source_id=source))
        columns = ["year", "iso3", "flow", "value", "unit", "source_id"]
        said = f"areas that are no economies, left out: {', '.join(sorted(left))}"
        about = {flow: {"code": FLOWS[flow], "unit": "usd"} for flow in fetched.answers}
        return Cleaned(
            pd.concat(parts, ignore_index=True)[columns],
            pd.DataFrame([_source(fetched.order)]),
            about,
            (said,) if left else (),
        )


def ask(client: Client, flow: str, year: int) -> Answer:
    """Ask for one flow of one year."""
    key = os.environ.get(KEY, "").strip()
    parameters = {**_FIXED, "flowCode": FLOWS[flow], "period": year}
    return client.get(
        FULL if key else PREVIEW,
        parameters,
        kinds=KINDS,
        secret=(_HEADER, key) if key else None,
        errors=tuple(_REASONS),
    )


def records(answer: Answer) -> list[dict[str, Any]]:
    """Return the records of an answer.

    Raises
    ------
    ServiceError
        If it is an error, cut at the limit of records, or of another form.
    """
    if answer.status in _REASONS:
        raise ServiceError(f"UN Comtrade {_REASONS[answer.status]}")
    content = as_json(answer)
    if not isinstance(content, dict):
        raise ServiceError("UN Comtrade answers with another form than it documents")
    if content.get("error") or content.get("statusCode"):
        words = plain(content.get("error") or content.get("message", ""))
        raise ServiceError(f"UN Comtrade answers with an error: {words}")
    data = content.get("data")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ServiceError("UN Comtrade answers with another form than it documents")
    if len(data) >= _CAP.get(answer.url, 500):
        raise ServiceError(
            f"UN Comtrade cuts the answer at {len(data):,} records: {KEY} gives more"
        )
    if content.get("count") not in (None, len(data)):
        raise ServiceError("UN Comtrade gives another number of records than it counts")
    return data


def _whole(answers: Sequence[Answer], flow: str, order: Order) -> pd.DataFrame:
    """Return the records of all years; only the last years may be missing still."""
    found: list[dict[str, Any]] = []
    empty = 0
    for year, answer in zip(range(order.first_year, order.last_year + 1), answers, strict=True):
        data = records(answer)
        if not data:
            empty = empty or year
            continue
        if empty:
            raise ServiceError(
                f"UN Comtrade gives no {flow}s of {empty}, and gives those of {year}"
            )
        found += [_record(row, flow, year) for row in data]
    if not found:
        raise ServiceError(f"UN Comtrade gives no {flow}s of China")
    table = pd.DataFrame(found)
    if table.duplicated(["partner", "year"]).any():
        raise ServiceError(f"UN Comtrade gives the {flow}s of a partner twice")
    return table


def _record(row: dict[str, Any], flow: str, year: int) -> dict[str, Any]:
    try:
        asked = {**_FIXED, "flowCode": FLOWS[flow], "period": year}
        if any(str(row[key]) != str(asked[key]) for key in asked if key != "includeDesc"):
            raise ServiceError(f"UN Comtrade answers with another series than the {flow}s of China")
        return {
            "year": year,
            "partner": int(row["partnerCode"]),
            "iso3": str(row["partnerISO"] or ""),
            "value": float(row["primaryValue"]),
        }
    except (KeyError, TypeError, ValueError):
        raise ServiceError("UN Comtrade answers with another form than it documents") from None


def _covers(part: pd.DataFrame, world: pd.Series, flow: str) -> None:
    """Refuse years whose partners come to less than half, or more, of the trade with the world."""
    sums = part.groupby("year")["value"].sum()
    share = sums / world.reindex(sums.index)
    wrong = share[(share < 0.5) | (share > 1.001)]
    if len(wrong):
        year = wrong.index[0]
        raise ServiceError(
            f"UN Comtrade's {flow}s of {year} by partner come to {wrong[year]:.0%} of the world's"
        )


def _source(order: Order) -> dict[str, str | None]:
    return source_row(
        source_id=order.source("un_comtrade_api"),
        origin="United Nations, UN Comtrade",
        publisher="United Nations Statistics Division",
        title="China's exports and imports of all goods, as China reports them",
        edition=f"read on {order.day}",
        url="https://comtradeplus.un.org/",
        licence="UN Comtrade's policy on use and re-dissemination",
        date_recorded=order.day,
    )
