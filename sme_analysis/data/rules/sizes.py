"""Sizes of economies are above zero, which the schema cannot say of one indicator among many."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

_SIZES = ("gdp", "gdp_per_capita", "gni_per_capita", "population", "exchange_rate", "reserves")


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check that no GDP, income, population, rate or reserve is nil or negative."""
    if "country_indicators" not in frames:
        return
    table = frames["country_indicators"]
    wrong = table[table["indicator"].isin(_SIZES) & (table["value"] <= 0)]
    for row in wrong.itertuples():
        yield (
            f"country_indicators: the {row.indicator} of {row.iso3} in {row.year} is {row.value}, "
            "which no size can be"
        )
