"""Joining a user's figures with the shipped ones, never two sources within one year and measure."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from ..errors import ParameterError, unknown
from .shape import SOURCE

Prefer = Literal["shipped", "supplied"]
_WHOLE = 99.5  # per cent of the total from which a table by industry counts as complete


def merge(
    shipped: pd.DataFrame, supplied: pd.DataFrame, *, prefer: Prefer = "shipped"
) -> pd.DataFrame:
    """Join supplied figures with a shipped table, year by year.

    A block is a year and measure (flow or stock), or for deals a year and kind; its rows all come
    from one side. A complete supplied block is used where the shipped table does not hold the
    block complete, a partial one only where the shipped table has nothing. Rows on other bases,
    other periods or other hosts (express statistics, half-years, groups of hosts) and growth
    rates stay as they are.

    Parameters
    ----------
    shipped, supplied : pandas.DataFrame
        The same table, with the same columns: `outward_fdi_by_economy`,
        `outward_fdi_by_industry` or `deals_by_sector`. Neither is changed.
    prefer : {"shipped", "supplied"}
        Which side wins where both hold a block complete.

    Returns
    -------
    pandas.DataFrame
        The columns of `shipped`; `source_id` is "supplied" in the rows that the user brought.

    Raises
    ------
    ParameterError
        If `prefer` is neither value, or the two frames are not the same table.
    """
    if prefer not in ("shipped", "supplied"):
        raise ParameterError(unknown("value of prefer", prefer, ["shipped", "supplied"]))
    if set(shipped.columns) != set(supplied.columns):
        differ = sorted(set(shipped.columns) ^ set(supplied.columns))
        raise ParameterError(
            f"the two frames are not the same table: they differ in {', '.join(differ)}"
        )
    keys = _keys(shipped)
    here, there = _levels(shipped), _levels(supplied)
    held = _complete(shipped[here], keys)
    brought = _complete(supplied[there], keys)
    blocks = {
        key: whole
        for key, whole in brought.items()
        if key not in held or (whole and (prefer == "supplied" or not held[key]))
    }
    out = here & _among(shipped, keys, set(blocks))
    parts = [shipped[~out], supplied[there & _among(supplied, keys, set(blocks))]]
    parts = [part for part in parts if len(part)]
    joined = pd.concat(parts, ignore_index=True)[list(shipped.columns)] if parts else shipped.copy()
    order = [name for name in shipped.columns if name not in ("value", "note")]
    joined = joined.sort_values(order, ignore_index=True, na_position="first")
    joined.attrs = dict(shipped.attrs)
    joined.attrs["source_ids"] = sorted(joined["source_id"].dropna().unique())
    return joined


def _keys(frame: pd.DataFrame) -> list[str]:
    """The columns that make a block."""
    if "year" not in frame.columns or not {"measure", "kind"} & set(frame.columns):
        raise ParameterError(
            "merge joins outward_fdi_by_economy, outward_fdi_by_industry and deals_by_sector, "
            "tables by year and measure or kind"
        )
    return ["year", "measure" if "measure" in frame.columns else "kind"]


def _levels(frame: pd.DataFrame) -> pd.Series:
    """Rows that a full table replaces: national levels of whole years on the bulletin's basis."""
    if "indicator" not in frame.columns:
        return pd.Series(True, index=frame.index)
    return (
        frame["indicator"].isin(["amount", "share"])
        & (frame["period"] == "full_year")
        & (frame["scope"] == "all_hosts")
        & frame["basis"].str.contains("bulletin|yearbook", regex=True)
    )


def _complete(frame: pd.DataFrame, keys: list[str]) -> dict[tuple[object, ...], bool]:
    """Block to whether it is complete."""
    if "panel" in frame.columns:
        whole = frame["panel"] == "complete"
    elif "coverage" in frame.columns:
        single = (frame["indicator"] == "amount") & ~frame["combined"]
        whole = single & (frame["coverage"] >= _WHOLE)
    else:
        # The newest year of each list of deals always grows later.
        whole = frame["year"] < frame.groupby("kind")["year"].transform("max")
        if (frame["source_id"] == SOURCE).all():
            whole = pd.Series(True, index=frame.index)
    marks = whole.groupby([frame[key] for key in keys]).any()
    return dict(zip(marks.index.tolist(), marks.tolist(), strict=True))


def _among(frame: pd.DataFrame, keys: list[str], blocks: set[tuple[object, ...]]) -> pd.Series:
    found = [key in blocks for key in zip(*(frame[name] for name in keys), strict=True)]
    return pd.Series(found, index=frame.index, dtype=bool)
