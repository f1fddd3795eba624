"""How small firms are financed: loan balances and rates, by publisher and by definition."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from .bases import implied_base

APART = ("single", "period_means")  # segments whose figures make no series
LOANS, RATE = "inclusive_loans", "rate_on_new_inclusive_loans"


def moment(date: str) -> float:
    """Place a date on the axis of years: the end of its month, or of its year.

    >>> moment("2021-12"), moment("2022-03"), moment("2004")
    (2022.0, 2022.25, 2005.0)
    """
    year, _, month = date.partition("-")
    return int(year) + int(month[:2] or 12) / 12 if month else int(year) + 1.0


def series(finance: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return one indicator in order of time, publishers and definitions apart.

    Parameters
    ----------
    finance : DataFrame
        The table `sme_finance`.

    Returns
    -------
    DataFrame
        Its rows, with `when` (years, see :func:`moment`), `change` (percent a year since the
        point before of the same publisher and segment, compounded; blank where the segment is no
        series) and `new_segment` (the first
        point on another definition or coverage than the point before).
    """
    rows = finance[finance["indicator"] == indicator].copy()
    rows["when"] = [moment(str(date)) for date in rows["date"]]
    rows = rows.sort_values(["provider", "when"], ignore_index=True)
    same = rows.groupby(["provider", "segment"], sort=False)
    years = same["when"].diff()
    ratio = rows["value"] / same["value"].shift()
    change = (ratio ** (1 / years) - 1) * 100
    rows["change"] = change.where(~rows["segment"].isin(APART))
    before = rows.groupby("provider")["segment"].shift()
    rows["new_segment"] = before.notna() & (before != rows["segment"])
    return rows


def checks(finance: pd.DataFrame, indicator: str = LOANS) -> pd.DataFrame:
    """Compare each printed growth rate with the value on record a year before.

    A rate that does not lead back to the value on record says that the earlier value has been
    revised or that the coverage has changed.

    Returns
    -------
    DataFrame
        One row per printed rate: `provider`, `date`, `value`, `growth`, `base_date`, `implied`
        (value a year before), `low`, `high` (as rounding allows), `recorded` (blank where nothing
        is on record), `agrees` (blank there), `source_id`.
    """
    rows = series(finance, indicator)
    found: list[dict[str, Any]] = []
    for row in rows[rows["growth"].notna()].to_dict("records"):
        value, growth = float(row["value"]), float(row["growth"])
        base = implied_base(value, growth, float(row["step"]))
        base_date = _year_before(str(row["date"]))
        mine = rows[rows["provider"] == row["provider"]].set_index("date")
        own = mine["value"]
        recorded = float(own.get(base_date, math.nan))
        known = recorded == recorded
        holds = base.holds(recorded, float(mine.at[base_date, "step"])) if known else None
        found.append(
            {
                **{name: row[name] for name in ("provider", "date", "value", "growth")},
                "base_date": base_date, "implied": base.value, "low": base.low, "high": base.high,
                "recorded": recorded, "agrees": holds, "source_id": row["source_id"],
            }
        )  # fmt: skip
    columns = ["provider", "date", "value", "growth", "base_date", "implied", "low", "high",
               "recorded", "agrees", "source_id"]  # fmt: skip
    return pd.DataFrame(found, columns=columns)


def contradicted(finance: pd.DataFrame, indicator: str = LOANS) -> pd.DataFrame:
    """Find balances above what later growth rates imply for later dates.

    Balances of a growing series that stand out so are on another coverage, or misprinted.

    Returns
    -------
    DataFrame
        One row per balance and implied value below it: `provider`, `date`, `value`, `later` (date
        of the implied value), `implied`, `from_date` (whose growth implies it).
    """
    rows, found = series(finance, indicator), []
    for base in checks(finance, indicator).to_dict("records"):
        before = rows[(rows["provider"] == base["provider"]) & (rows["date"] < base["base_date"])]
        for row in before[before["value"] > base["high"]].to_dict("records"):
            found.append(
                {
                    "provider": row["provider"], "date": row["date"], "value": row["value"],
                    "later": base["base_date"], "implied": base["implied"],
                    "from_date": base["date"],
                }
            )  # fmt: skip
    return pd.DataFrame(
        found, columns=["provider", "date", "value", "later", "implied", "from_date"]
    )


def _year_before(date: str) -> str:
    year, dash, month = date.partition("-")
    return f"{int(year) - 1}{dash}{month}"
