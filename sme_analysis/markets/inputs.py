"""From trade, deals, projects, stocks, zones and visas to series by economy, year and indicator."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..sectors.presence import presence

LEAST_TRADE = 1000.0  # CNY mn below which growth on the year before says nothing
VISA_FREE = ("visa_free_for_chinese", "visa_mutual_exemption")
_PERIODS = 2  # five-year periods of deals that count
_COLUMNS = ["iso3", "year", "indicator", "value"]


def trade(table: pd.DataFrame) -> pd.DataFrame:
    """Trade with China as four series, none joined to another.

    Parameters
    ----------
    table : DataFrame
        `trade_by_partner`.

    Returns
    -------
    DataFrame
        `iso3`, `year`, `indicator`, `value`: "china_export", "china_import" (CNY mn, as China
        reports), "china_export_growth" (percent, where exports reach `LEAST_TRADE`),
        "partner_import" (US$ mn from China, as the partner reports). Open ship registries and
        entrepots have none: what is registered or passes through is not final demand.
    """
    final = table[~table["open_registry"].astype(bool) & ~table["entrepot"].astype(bool)]
    china = final[final["reporter"] == "china"]
    sold = china[china["flow"] == "export"]
    grown = sold[sold["value"] >= LEAST_TRADE].assign(value=lambda rows: rows["growth"])
    partner = final[(final["reporter"] == "partner") & (final["flow"] == "export")]
    parts = {
        "china_export": sold,
        "china_import": china[china["flow"] == "import"],
        "china_export_growth": grown[grown["value"].notna()],
        "partner_import": partner[partner["value"] > 0],
    }
    return pd.concat([rows.assign(indicator=name)[_COLUMNS] for name, rows in parts.items()])


def deals(
    table: pd.DataFrame, sector: str | None, economies: Iterable[str], year: int, last: int
) -> pd.DataFrame:
    """Large investments of a sector in the two newest five-year periods.

    Parameters
    ----------
    table : DataFrame
        `deals_by_economy`.
    sector : str or None
        Broad sector; None for all. A detailed sector that the list folds into "other" is that.
    year, last : int
        Year asked for, and the newest that can be. For an earlier year only periods that had
        ended by then count; for the newest all do.
    """
    ends = {p: int(p[-4:]) for p in table["period"].unique()}
    usable = sorted(p for p, end in ends.items() if year >= last or end <= year)[-_PERIODS:]
    if not usable:
        return pd.DataFrame(columns=_COLUMNS)
    rows = table[(table["kind"] == "investment") & table["period"].isin(usable)]
    if sector is not None:
        known = set(table["broad_sector"])
        rows = rows[rows["broad_sector"] == (sector if sector in known else "other")]
    counts = rows.groupby("iso3")["deals"].sum().reindex(list(economies), fill_value=0)
    return _series(counts, "deals", min(ends[usable[-1]], year))


def projects(table: pd.DataFrame, sector: str | None, year: int) -> pd.DataFrame:
    """Presence of earlier official projects of a sector: see :func:`sme_analysis.sectors.presence`.

    Economies that the list never names are left out: it covers those that receive such finance.
    """
    past = table[table["year"] < year]
    if past.empty:
        return pd.DataFrame(columns=_COLUMNS)
    hosts = sorted(past["iso3"].dropna().unique())
    rows = past if sector is None else past[past["analysis_sector"] == sector]
    if rows.empty:
        return _series(pd.Series(0.0, hosts), "projects", int(past["year"].max()))
    found = presence(rows.assign(analysis_sector="chosen"))
    held = found[found["year"] == found["year"].max()].set_index("iso3")["presence"]
    # The last year of the sector may lie before that of the list.
    late = int(past["year"].max()) - int(rows["year"].max())
    held = held.reindex(hosts, fill_value=0.0) * 2.0 ** (-late / 5.0)
    return _series(held, "projects", int(past["year"].max()))


def stock(table: pd.DataFrame, economies: pd.DataFrame) -> pd.DataFrame:
    """Stock of outward FDI by host, without the centres through which it passes."""
    offshore = set(economies.loc[economies["offshore_centre"].fillna(False).astype(bool), "iso3"])
    rows = table[
        (table["measure"] == "stock")
        & (table["panel"] == "complete")
        & ~table["iso3"].isin(offshore)
    ]
    return rows.assign(indicator="stock")[_COLUMNS]


def zones(table: pd.DataFrame, economies: Iterable[str]) -> pd.DataFrame:
    """Number of cooperation zones on the lists at hand; none counts as none."""
    counts = table.groupby("iso3").size().reindex(list(economies), fill_value=0)
    return _series(counts, "zones", 0)


def visas(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Economies known to ask no visa of Chinese citizens by a year: one; others are not known."""
    rows = table[table["condition"].isin(VISA_FREE) & (table["status"] == "in_force")]
    seen = rows["date"].fillna(rows["as_of"]).str[:4].astype(float)
    return _series(pd.Series(1.0, sorted(rows.loc[seen <= year, "iso3"].unique())), "visa", 0)


def _series(values: pd.Series, indicator: str, year: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"iso3": values.index, "year": year, "indicator": indicator,
         "value": values.to_numpy(dtype=np.float64)}
    )  # fmt: skip
