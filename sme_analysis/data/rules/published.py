"""Sums of a table against the totals that its publisher prints."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

KEY = ["part", "indicator", "period"]
_UNITS = {
    "usd_bn": "US$ bn",
    "usd_mn": "US$ mn",
    "usd_mn_2021": "US$ mn of 2021",
    "count": "number",
}


def long(sums: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Turn a frame of sums, one column per indicator, into values keyed as `published_totals`.

    Parameters
    ----------
    sums : pandas.DataFrame
        Columns `part` and `period`, and one per indicator named in `keys`.
    keys : list of str
        The indicators.
    """
    values = sums.melt(["part", "period"], keys, "indicator", "sum")
    values["period"] = values["period"].astype("str")
    return values.set_index(KEY)["sum"]


def against(table: str, sums: pd.Series, totals: pd.DataFrame) -> Iterator[str]:
    """Compare sums with the totals on record for one table.

    An exact or approximate total may differ by its tolerance; a total said to be exceeded is a
    lower bound, one said to be a maximum an upper bound. A total whose part has no rows fails.
    """
    rows = totals[totals["table"] == table]
    for row in rows.to_dict("records"):
        part, indicator, period = (row[name] for name in KEY)
        found, printed = float(sums.get((part, indicator, period), 0.0)), float(row["value"])
        gap, slack = found - printed, float(row["tolerance"]) + 1e-6
        low, high = row["bound"] != "at_most", row["bound"] not in ("over", "at_least")
        if (low and gap < -slack) or (high and gap > slack):
            yield (
                f"{table}: the {indicator} of {period} ({part}) sums to {found:,.10g}, "
                f"{printed:,.10g} is published ({_UNITS.get(row['unit'], row['unit'])}; "
                f"gap {gap:+,.6g})"
            )
