"""Adding up a user's transactions: by year and sector, and by host and year."""

from __future__ import annotations

import pandas as pd

from ..errors import DataError
from .shape import DEALS_BY_ECONOMY_AND_YEAR, SOURCE, shaped
from .tracker import Deals


def added_up(lists: list[Deals]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Add up the transactions of a workbook.

    Parameters
    ----------
    lists : list of Deals
        The sheets of one edition. A combined sheet serves only to check the two that it repeats.

    Returns
    -------
    dict of str to DataFrame
        `deals_by_sector`, by year, as the shipped table; `deals_by_economy_and_year`, the
        columns of `deals_by_economy` with a year for the period.
    list of str
        Warnings.

    Raises
    ------
    DataError
        If only the combined sheet is there, which does not say what each row is, or two sheets
        hold the same list.
    """
    own = [deals for deals in lists if deals.kind != "combined"]
    warnings = [warning for deals in lists for warning in deals.warnings]
    if not own:
        raise DataError(
            f"{lists[0].sheet.title}: investment and construction are in one list that does not "
            "tell them apart: supply the sheets 'Dataset 1' and 'Dataset 2'"
        )
    kinds = [kind for deals in own for kind in deals.frame["kind"].unique()]
    for kind in kinds:
        if kinds.count(kind) > 1:
            sheets = " and ".join(d.sheet.title for d in own if kind in set(d.frame["kind"]))
            raise DataError(f"{sheets} both hold the list of {kind}: supply one")
    frame = pd.concat([deals.frame for deals in own], ignore_index=True)
    for deals in lists:
        if deals.kind == "combined" and {"investment", "construction"} <= set(kinds):
            warnings += _checked(deals, frame[frame["kind"] != "troubled"])
    frame = _flagged(frame)
    keys = ["year", "kind", "sector", "subsector", "analysis_sector"]
    by_sector = _totals(frame, keys)
    flags = frame.groupby(keys)[
        ["deals_belt_and_road", "value_belt_and_road", "deals_greenfield", "value_greenfield"]
    ].sum(min_count=1)
    by_sector = by_sector.join(flags, on=keys)
    by_economy = _totals(frame, ["iso3", "year", "kind", "broad_sector"])
    frames = {
        "deals_by_sector": shaped("deals_by_sector", by_sector),
        DEALS_BY_ECONOMY_AND_YEAR: shaped("deals_by_economy", by_economy, {"period": "year"}).drop(
            columns="later_source_id", errors="ignore"
        ),
    }
    return frames, warnings


def _totals(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    grouped = frame.groupby(keys)["value"].agg(deals="size", value="sum").reset_index()
    return grouped.assign(unit="usd_mn", source_id=SOURCE)


def _checked(combined: Deals, parts: pd.DataFrame) -> list[str]:
    """Compare the combined sheet with the two lists that it repeats."""
    whole = combined.frame
    if len(whole) == len(parts) and abs(whole["value"].sum() - parts["value"].sum()) < 0.5:
        return []
    return [
        f"{combined.sheet.title}: {len(whole):,} rows of US${whole['value'].sum():,.0f} mn, but "
        f"the two lists it repeats have {len(parts):,} of US${parts['value'].sum():,.0f} mn, "
        "which count"
    ]


def _flagged(frame: pd.DataFrame) -> pd.DataFrame:
    """Add counts of marked rows; blank before the first Belt and Road mark, and without column."""
    frame = frame.copy()
    when = frame["year"] * 100 + frame["month"]
    marked = frame["bri"].eq(True)
    known = frame["bri"].notna() & (when >= when[marked].min() if marked.any() else False)
    green = frame["greenfield"].notna() & (frame["kind"] != "construction")
    for name, flag, valid in (
        ("belt_and_road", marked, known),
        ("greenfield", frame["greenfield"].eq(True), green),
    ):
        frame[f"deals_{name}"] = flag.astype("float64").where(valid)
        frame[f"value_{name}"] = frame["value"].where(flag, 0.0).where(valid)
    return frame
