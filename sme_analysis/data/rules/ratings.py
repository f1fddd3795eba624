"""OECD country risk classes: lists that are complete, and zeros that were given by rule."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

_NAME = "oecd_country_risk"
_LAST = 2012  # last year in which economies of high income stood at 0 by rule


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check that whole lists name the same economies, and which zeros are by rule."""
    if _NAME not in frames:
        return
    table = frames[_NAME]
    everyone = set(table["iso3"])
    for year, rows in table[table["list_coverage"] != "subset"].groupby("year"):
        missing = sorted(everyone - set(rows["iso3"]))
        if missing:
            yield f"{_NAME}: the list of {year} lacks {', '.join(missing)}"
    # The rule ended in 2013: who was assessed has a class since, who was not has none.
    first = table[table["year"] == _LAST + 1].drop_duplicates("iso3")
    after = first.set_index("iso3")["risk_class"]
    unclassified = table["iso3"].map(after).isna()
    by_rule = table["risk_class"].eq(0).fillna(False) & (table["year"] <= _LAST) & unclassified
    for row in table[by_rule != table["zero_by_rule"]].itertuples():
        yield (
            f"{_NAME}: zero_by_rule of {row.iso3} in {row.year} is {row.zero_by_rule}, "
            f"its class {row.risk_class}"
        )
