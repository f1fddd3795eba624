"""Goods between China and one economy, as each side reports them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .dossier import Dossier

FLOWS = ("export", "import")


@dataclass(frozen=True, eq=False)
class Trade:
    """Two measures of the same goods, never joined.

    Attributes
    ----------
    china : DataFrame indexed by flow
        Chinese customs, 2024: `value` (CNY mn), `growth` (percent), `source_id`; without a row for
        a flow that is not on record.
    partner : DataFrame indexed by year
        The partner's reports: `export` (goods from China) and `import` (goods to China) in US$ mn,
        blank where it did not report.
    open_registry, entrepot : bool
        Ships under a foreign flag, or goods that pass through, swell the figures.
    """

    china: pd.DataFrame
    partner: pd.DataFrame
    open_registry: bool
    entrepot: bool


def trade(about: Dossier) -> Trade:
    """Collect the trade of one economy with China; directions are seen from China."""
    rows = about["trade_by_partner"]
    own = rows[rows["reporter"] == "china"].sort_values("year").drop_duplicates("flow", keep="last")
    china = own.set_index("flow")[["year", "value", "unit", "growth", "source_id"]]
    theirs = rows[rows["reporter"] == "partner"]
    partner = theirs.pivot(index="year", columns="flow", values="value").reindex(columns=FLOWS)
    if len(partner):
        first = int(theirs["year"].min())
        partner = partner.reindex(range(first, int(theirs["year"].max()) + 1)).rename_axis("year")
    return Trade(
        china,
        partner.astype(float),
        bool(rows["open_registry"].any()),
        bool(rows["entrepot"].any()),
    )
