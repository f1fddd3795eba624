"""A difference as one HTML page, everything in it escaped."""

from __future__ import annotations

from html import escape

import pandas as pd

from ..display import table_html
from .difference import Difference
from .gates import SERIES

_SHOWN = 200
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}"
    "table{border-collapse:collapse;font-size:.9rem}th,td{padding:.2rem .7rem;text-align:left;"
    "border-bottom:1px solid #ddd}.num{text-align:right;font-variant-numeric:tabular-nums}"
)


def html(difference: Difference) -> str:
    """Write a difference as a page of its own.

    Series are counted, then come the largest revisions, and the rows added and removed, up to 200
    of each.
    """
    title = f"{difference.table}: {difference.a} to {difference.b}"
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(difference.sentence)}</p>"]
    column = SERIES.get(difference.table, "")
    if column and not difference.empty:
        parts += _section("By series", difference.by_series(column))
    parts += _section("Largest revisions", _percent(difference.figures()))
    parts += _section("Rows added", difference.added)
    parts += _section("Rows removed", difference.removed)
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n{body}\n"
        "</body></html>\n"
    )


def _section(title: str, frame: pd.DataFrame) -> list[str]:
    if frame.empty:
        return []
    more = len(frame) - _SHOWN
    note = f"<p>The first {_SHOWN} of {len(frame):,} rows.</p>" if more > 0 else ""
    shown = frame.head(_SHOWN).rename(columns={"year": "Year"})
    decimals = {str(name): _decimals(shown[name]) for name in shown.columns}
    return [f"<h2>{escape(title)}</h2>{note}", table_html(shown, decimals)]


def _decimals(column: pd.Series) -> int:
    if not pd.api.types.is_float_dtype(column):
        return 0
    largest = column.abs().max()
    return 0 if largest >= 1e5 else 1 if largest >= 1000 else 3


def _percent(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={"change_percent": "change, %"})
