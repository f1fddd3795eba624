"""Chinese presence in one economy: official figures, official finance, deals, later signals."""

from __future__ import annotations

import pandas as pd

from ...data.catalogue import labels
from .dossier import Dossier

FIRST, LAST = 2003, 2019  # years in which the bulletin's host table holds every host
ENTRIES = ("investment", "construction", "troubled", "projects")
OTHER = "other_of_deals"  # the rest of the list of deals, larger than that of the projects


def official(about: Dossier) -> pd.DataFrame:
    """Official flow and stock by first destination.

    Returns
    -------
    DataFrame indexed by year, 2003 to 2019 or to the last figure
        `flow` and `stock` in US$ mn, blank where the bulletin has no row. Figures up to 2006 are
        without the financial industry.
    """
    rows = about["outward_fdi_by_economy"]
    wide = rows.pivot(index="year", columns="measure", values="value")
    wide = wide.reindex(columns=["flow", "stock"]).astype(float)
    if wide.empty:
        return wide
    return wide.reindex(range(FIRST, max(LAST, int(wide.index.max())) + 1)).rename_axis("year")


def finance(about: Dossier) -> pd.DataFrame:
    """Chinese official finance by year of commitment.

    Returns
    -------
    DataFrame indexed by year, 2000 to 2021
        `value` (US$ mn at prices of 2021, with or without a known place) and `projects` (number,
        with a known place). A year without a record is blank.
    """
    amounts = about["development_finance_by_economy"]
    money = amounts[amounts["flow_class"] == "all"].set_index("year")["value"]
    number = about["development_projects"].groupby("year")["projects"].sum()
    if money.dropna().empty and number.empty:
        return pd.DataFrame({"value": [], "projects": []}, dtype=float)
    first, last = about.covered["development_finance_by_economy"]
    years = range(first, min(last, about.last or last) + 1)
    return pd.DataFrame(
        {"value": money.reindex(years), "projects": number.reindex(years)}
    ).rename_axis("year")


def sectors(about: Dossier) -> pd.DataFrame:
    """Large deals and development projects by sector, all years together.

    Returns
    -------
    DataFrame indexed by sector code, the most entries first
        `investment`, `construction`, `troubled` (number of transactions of US$100 mn and more) and
        the same with `_value` (US$ mn); `projects` (development projects). Zero where the source
        has none in the sector: it looked, and did not find. Blank where it does not know the
        sector: the list of deals tells neither health nor education nor tourism apart from the
        rest, which is therefore a row of its own, :data:`OTHER`.
    """
    deals = about["deals_by_economy"]
    sums = deals.groupby(["kind", "broad_sector"])[["deals", "value"]].sum()
    columns: dict[str, pd.Series] = {}
    for kind in ENTRIES[:3]:
        own = sums.xs(kind) if kind in sums.index else sums.droplevel("kind").iloc[:0]
        own = own.rename(index={"other": OTHER})
        columns |= {kind: own["deals"], f"{kind}_value": own["value"]}
    columns["projects"] = about["development_projects"].groupby("analysis_sector")["projects"].sum()
    table = pd.DataFrame(columns).sort_index().fillna(0.0).rename_axis("sector")
    known = set(labels("deals_by_economy", "broad_sector")) - {"other"} | {OTHER}
    table.loc[~table.index.isin(known), [name for name in table if name != "projects"]] = None
    table.loc[table.index == OTHER, "projects"] = None
    table = table.astype(dict.fromkeys(ENTRIES, "Int64"))
    order = table[["investment", "construction", "projects"]].sum(axis=1)
    return table.loc[order.sort_values(ascending=False, kind="stable").index]


def later(about: Dossier) -> pd.DataFrame:
    """Return dated figures on the economy from other bases, newest of each kind, never to be added.

    Returns
    -------
    DataFrame
        `year`, `period`, `indicator`, `value`, `unit`, `bound`, `definition`, `sector`, `partner`,
        `source_id`, `table`; newest year first.
    """
    signals = about["outward_fdi_recent_signals"].assign(
        table="outward_fdi_recent_signals", sector="all", partner="mainland_china"
    )
    hosts = about["host_side_fdi"].assign(table="host_side_fdi")
    columns = [
        "year", "period", "indicator", "value", "unit", "bound", "definition", "sector", "partner",
        "source_id", "table",
    ]  # fmt: skip
    rows = pd.concat(
        [part[columns] for part in (signals, hosts) if len(part)] or [signals[columns]]
    )
    rows = rows.sort_values(["year", "period"], kind="stable")
    kind = ["indicator", "definition", "sector", "partner", "unit"]
    newest = rows.drop_duplicates(kind, keep="last")
    return newest.sort_values(
        ["year", "definition", "indicator"], ascending=[False, True, True], ignore_index=True
    )
