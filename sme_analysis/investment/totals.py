"""National figures of outward FDI: series with their breaks, components, world position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from .. import statistics
from .period import between, check_measure

COMPONENTS = {
    "flow": {
        "flow_new_equity": "New equity",
        "flow_reinvested_earnings": "Reinvested earnings",
        "flow_debt_instruments": "Debt instruments",
    },
    "stock": {
        "stock_equity": "Equity",
        "stock_reinvested_earnings": "Reinvested earnings",
        "stock_debt_instruments": "Debt instruments",
    },
}
UNSPLIT = "Not broken down"


def select(
    annual: pd.DataFrame,
    indicators: str | Iterable[str],
    start_year: int | None = None,
    end_year: int | None = None,
    *,
    basis: str | Sequence[str] = "bulletin",
    unit: str | None = None,
) -> pd.DataFrame:
    """Select the preferred national figures of some indicators.

    Parameters
    ----------
    annual : DataFrame
        The table `outward_fdi_annual`.
    indicators : str or iterable of str
    start_year, end_year : int, optional
        First and last year, both included.
    basis : str or sequence of str
        Statistical bases to keep.
    unit : str, optional
        Keep figures in this unit only.

    Returns
    -------
    DataFrame
        Rows of `annual`, each with its unit, bound and source.
    """
    wanted = [indicators] if isinstance(indicators, str) else list(indicators)
    bases = [basis] if isinstance(basis, str) else list(basis)
    keep = annual["preferred"] & annual["indicator"].isin(wanted) & annual["basis"].isin(bases)
    keep &= between(annual["year"], start_year, end_year)
    if unit is not None:
        keep &= annual["unit"] == unit
    return annual[keep].reset_index(drop=True)


def national(
    annual: pd.DataFrame,
    measure: str = "flow",
    start_year: int | None = None,
    end_year: int | None = None,
) -> pd.DataFrame:
    """Build the national series of the bulletin, with its break in coverage kept visible.

    Parameters
    ----------
    annual : DataFrame
        The table `outward_fdi_annual`.
    measure : {"flow", "stock"}
    start_year, end_year : int, optional
        First and last year, both included.

    Returns
    -------
    DataFrame
        Indexed by year: `value` (US$ bn), `basis`, `non_financial` (True up to 2005, when the
        financial industry was left out), `growth` (percent on the year before **on the same
        basis**; that of 2006 is non-financial), `bound`, `source_id`.

    Raises
    ------
    ParameterError
        If the measure is unknown.
    """
    check_measure(measure)
    bases = ["bulletin", "bulletin_non_financial"]
    rows = select(annual, measure, basis=bases, unit="usd_bn")
    by_basis = rows.pivot(index="year", columns="basis", values="value").reindex(columns=bases)
    growth = statistics.growth(by_basis)
    main = rows.sort_values("basis").drop_duplicates("year").set_index("year").sort_index()
    series = main[["value", "basis", "bound", "source_id"]].copy()
    series.insert(2, "non_financial", series["basis"] == "bulletin_non_financial")
    series.insert(3, "growth", growth["bulletin"].fillna(growth["bulletin_non_financial"]))
    return series[between(series.index.to_series(), start_year, end_year)]


def components(
    annual: pd.DataFrame,
    measure: str = "flow",
    start_year: int | None = None,
    end_year: int | None = None,
) -> pd.DataFrame:
    """Split the flow or the stock into its components, as far as they are published.

    Returns
    -------
    DataFrame
        Indexed by year, one column per component and "Not broken down" (the total less the known
        components), in US$ bn. An unpublished component stays missing. Years before 2006, on
        another basis, are left out.
    """
    check_measure(measure)
    names = COMPONENTS[measure]
    rows = select(annual, [measure, *names], start_year, end_year, unit="usd_bn")
    table = rows.pivot(index="year", columns="indicator", values="value")
    table = table.reindex(columns=[measure, *names])
    parts = table[list(names)].rename(columns=names)
    rest = table[measure] - parts.sum(axis=1)
    # A fully published year leaves nothing but rounding.
    parts[UNSPLIT] = rest.where(parts.isna().any(axis=1), 0.0)
    parts.columns.name = None
    return parts


def world_position(
    annual: pd.DataFrame,
    measure: str = "flow",
    start_year: int | None = None,
    end_year: int | None = None,
) -> pd.DataFrame:
    """Give China's share in the world's outward FDI, and its rank, as the bulletins print them.

    Returns
    -------
    DataFrame
        Indexed by every year from the first to the last on record: `share` (percent) and `rank`;
        years that no source prints are missing.
    """
    check_measure(measure)
    names = {f"{measure}_share_of_world": "share", f"{measure}_world_rank": "rank"}
    rows = select(annual, names, start_year, end_year)
    table = rows.pivot(index="year", columns="indicator", values="value")
    table = table.reindex(columns=list(names)).rename(columns=names)
    table.columns.name = None
    if len(table):
        table = table.reindex(pd.RangeIndex(table.index.min(), table.index.max() + 1, name="year"))
    return table.astype({"rank": "Int64"})


def belt_and_road(
    partners: pd.DataFrame,
    annual: pd.DataFrame,
    measure: str = "flow",
    start_year: int | None = None,
    end_year: int | None = None,
) -> pd.DataFrame:
    """Give the investment in Belt and Road economies under each of the two definitions.

    Parameters
    ----------
    partners, annual : DataFrame
        The tables `outward_fdi_belt_and_road` and `outward_fdi_annual`.

    Returns
    -------
    DataFrame
        `year`, `definition`, `value` (US$ bn, bulletin), `share` (percent of the national total
        of the bulletin), `bound`, `source_id`. The two definitions are never joined.
    """
    check_measure(measure)
    keep = (partners["indicator"] == measure) & (partners["basis"] == "bulletin")
    keep &= (partners["unit"] == "usd_bn") & between(partners["year"], start_year, end_year)
    rows = partners.loc[keep, ["year", "definition", "value", "bound", "source_id"]]
    total = national(annual, measure)["value"]
    rows = rows.assign(share=rows["value"] / rows["year"].map(total) * 100)
    return rows.sort_values(["definition", "year"], ignore_index=True)
