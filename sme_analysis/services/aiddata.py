"""AidData's Global Chinese Development Finance Dataset, version 3.0, as its publisher offers it.

The archive holds a workbook with one row a record. As AidData asks, only records marked
"Recommended For Aggregates" are summed. Its checksum is recorded at the first download and compared
later. The library pooch compares checksums too, but records none at a first download and brings a
downloader without this project's limits of hosts.

References
----------
https://www.aiddata.org/data/aiddatas-global-chinese-development-finance-dataset-version-3-0
Custer et al. (2023), Tracking Chinese Development Finance: An Application of AidData's TUFF 3.0
Methodology.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..data.tables import load
from ..errors import ServiceError
from . import archive
from .client import Client
from .protocol import Cleaned, Fetched, Order, plain, source_row
from .trust import trusted

URL = (
    "https://docs.aiddata.org/ad4/datasets/"
    "AidDatas_Global_Chinese_Development_Finance_Dataset_Version_3_0.zip"
)
KINDS = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
_PACKED, _WORKBOOK, _UNPACKED = 200_000_000, 200_000_000, 2_000_000_000
_SHEET = "GCDF_3.0"
_COLUMNS = {
    "Recipient ISO-3": "iso3",
    "Commitment Year": "year",
    "Recommended For Aggregates": "sums",
    "Flow Class": "flow_class",
    "Adjusted Amount (Constant USD 2021)": "amount",
    "Amount Estimated": "estimated",
}
_CLASSES = {
    "ODA-like": "oda_like",
    "OOF-like": "oof_like",
    "Vague (Official Finance)": "vague",
    "Vague": "vague",
}
_CELL = ["iso3", "year"]


class DevelopmentFinance:
    """Chinese official finance by economy from AidData."""

    title = "AidData"
    table = "development_finance_by_economy"
    first_year = 2000

    def fetch(self, client: Client, order: Order) -> Fetched:
        """Download the archive and compare its checksum with the first download."""
        answer = client.get(URL, kinds=KINDS, size=_PACKED)
        if not zipfile.is_zipfile(io.BytesIO(answer.body)):
            raise ServiceError("AidData answers with something that is no zip archive")
        trusted(URL, answer.sha256, order.day, renew=order.trust)
        return Fetched(order, {"all": [answer]})

    def clean(self, fetched: Fetched) -> Cleaned:
        """Sum the records by economy, year and class; those of whole regions are left out."""
        answer = fetched.answers["all"][0]
        workbook = archive.member(answer.body, ".xlsx", _WORKBOOK)
        archive.check(workbook, _UNPACKED)
        records = _judged(pd.DataFrame(_records(workbook)))
        economies = set(load("economies")["iso3"])
        known = records["iso3"].isin(economies)
        left = len(records) - int(known.sum())
        rows = _sums(records[known]).assign(
            unit="usd_mn_2021", source_id=fetched.order.source("aiddata_gcdf3_archive")
        )
        about = {"all": {"code": _SHEET, "unit": "usd_mn_2021", "sha256": answer.sha256}}
        note = (f"{left} records of regions and other areas are left out",) if left else ()
        return Cleaned(rows, pd.DataFrame([_source(fetched.order)]), about, note)


def _records(workbook: bytes) -> Iterator[dict[str, Any]]:
    """Read the columns that are needed, row by row."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True, data_only=True)
        if _SHEET not in book.sheetnames:
            raise ServiceError(f"the workbook has no sheet {_SHEET}")
        rows = book[_SHEET].iter_rows(values_only=True)
        head = [str(cell) for cell in next(rows, ())]
        missing = [name for name in _COLUMNS if name not in head]
        if missing:
            raise ServiceError(f"the workbook has no column {missing[0]!r}")
        places = {name: head.index(column) for column, name in _COLUMNS.items()}
        for row in rows:
            if any(cell is not None for cell in row):
                yield {name: row[k] if k < len(row) else None for name, k in places.items()}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, SyntaxError) as error:
        raise ServiceError(f"the workbook cannot be read ({type(error).__name__})") from None


def _judged(records: pd.DataFrame) -> pd.DataFrame:
    """Keep the records recommended for sums, with types, or refuse what is not understood."""
    if records.empty:
        raise ServiceError("the workbook holds no records")
    records = records[records["sums"].astype("str").str.strip().str.casefold() == "yes"]
    year = pd.to_numeric(records["year"], errors="coerce")
    amount = pd.to_numeric(records["amount"], errors="coerce")
    flow_class = records["flow_class"].map(_CLASSES)
    if records.empty or year.isna().any() or (amount.isna() & records["amount"].notna()).any():
        raise ServiceError("the workbook has years or amounts that are no numbers")
    if flow_class.isna().any():
        shown = plain(records.loc[flow_class.isna(), "flow_class"].iloc[0])
        raise ServiceError(f"the workbook has an unknown class of finance: {shown!r}")
    estimated = records["estimated"].astype("str").str.strip().str.casefold() == "yes"
    return records.assign(
        iso3=records["iso3"].astype("str").str.strip(),
        year=year.astype("int64"),
        amount=amount,
        flow_class=flow_class,
        estimated=estimated,
    )


def _sums(records: pd.DataFrame) -> pd.DataFrame:
    """Return one row for all classes of an economy and year, and one for each class."""
    groups = records.groupby(_CELL)
    whole = pd.DataFrame(
        {
            "value": groups["amount"].sum(min_count=1) / 1e6,
            "records": groups.size().astype("float64"),
            "estimated_share": groups["estimated"].mean() * 100,
        }
    ).reset_index()
    priced = records[records["amount"].notna()]  # without an amount there is nothing to split
    wide = priced.pivot_table(index=_CELL, columns="flow_class", values="amount", aggfunc="sum")
    wide = wide.reindex(columns=list(dict.fromkeys(_CLASSES.values()))).fillna(0.0) / 1e6
    by_class = wide.reset_index().melt(id_vars=_CELL, var_name="flow_class", value_name="value")
    rows = pd.concat([whole.assign(flow_class="all"), by_class], ignore_index=True)
    shares = rows["estimated_share"].round(2)
    return rows.assign(value=rows["value"].round(6), estimated_share=shares)


def _source(order: Order) -> dict[str, str | None]:
    return source_row(
        source_id=order.source("aiddata_gcdf3_archive"),
        origin="AidData at William & Mary, Global Chinese Development Finance Dataset",
        publisher="AidData at William & Mary",
        title="Global Chinese Development Finance Dataset, version 3.0: sums by economy and year",
        edition=f"3.0, archive downloaded on {order.day}",
        url="https://www.aiddata.org/data/aiddatas-global-chinese-development-finance-dataset-version-3-0",
        licence="ODC-BY 1.0",
        date_recorded=order.day,
    )
