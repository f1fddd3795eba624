"""Findings on zones: abroad, and those for small firms in China, each by its definition."""

from __future__ import annotations

import pandas as pd

from ..data.catalogue import labels
from ..data.citation import source_line
from ..data.tables import load
from ..rounding import plain
from ..wording import listed
from .dates import short, spoken
from .finding import Finding, bounded, counted, nothing, read_as


def zones(
    named: pd.DataFrame, totals: pd.DataFrame, listed_small: pd.DataFrame, small: pd.DataFrame
) -> Finding:
    """Say how many zones there are, abroad and for small firms in China, by definition.

    Parameters
    ----------
    named, totals, listed_small, small : DataFrame
        The tables `cooperation_zones`, `cooperation_zone_totals`, `sme_cooperation_zones` and
        `sme_cooperation_zone_totals`.
    """
    said, abroad = [], totals[totals["indicator"] == "zones"].sort_values("as_of")
    everywhere = abroad[abroad["scope"] == "all"]
    if len(everywhere):
        last = everywhere.iloc[-1]
        said.append(
            f"Abroad {plain(last['value'])} cooperation zones were counted in "
            f"{spoken(str(last['as_of']))}; {len(named)}, in "
            f"{counted(named['iso3'].nunique(), 'host')}, are known by name."
        )
    if len(named):
        regions = load("economies").set_index("iso3")["bulletin_region"]
        most = named["iso3"].map(regions).value_counts()
        said.append(f"By region: {listed(f'{region} {n}' for region, n in most.items())}.")
    said += [_small_zones(str(kind), rows) for kind, rows in small.groupby("list", sort=True)]
    if len(listed_small):
        where = sorted(set(listed_small["province"].astype(str)))
        said.append(f"{len(listed_small)} are known by name, in {listed(where)}.")
    if not said:
        return nothing("No count of cooperation zones is on record.")
    return Finding(
        headline="",
        text=" ".join(said),
        source=source_line(named, totals, listed_small, small),
        table=_zone_table(totals, small),
        notes=(
            "Counts differ by who counts what: all zones, zones in Belt and Road countries, zones "
            "under construction, the ministry's statistics from 2018. No difference is taken "
            "between two of them. The zones for small firms lie in China and receive "
            "foreign firms.",
        ),
    )


def _small_zones(kind: str, rows: pd.DataFrame) -> str:
    newest = rows.sort_values("as_of").drop_duplicates("indicator", keep="last")
    at = {str(row["indicator"]): row for _, row in newest.iterrows()}
    if "zones" not in at:
        return ""
    where = (
        f" in {plain(at['provinces']['value'])} provinces or cities of that rank"
        if "provinces" in at
        else ""
    )
    what = {"approved": "approved to date", "list_2025": "on the new list"}.get(kind, kind)
    return (
        f"Sino-foreign cooperation zones for small firms, {what}: {plain(at['zones']['value'])}"
        f"{where} ({spoken(str(at['zones']['as_of']))})."
    )


def _zone_table(totals: pd.DataFrame, small: pd.DataFrame) -> pd.DataFrame:
    scopes, what = (labels("cooperation_zone_totals", name) for name in ("scope", "indicator"))
    lists, counts = (labels("sme_cooperation_zone_totals", n) for n in ("list", "indicator"))
    parts = [
        (totals, "Abroad", totals["scope"].map(scopes), totals["indicator"].map(what)),
        (small, "For small firms, in China", small["list"].map(lists),
         small["indicator"].map(counts)),
    ]  # fmt: skip
    frames = [
        pd.DataFrame(
            {
                "Zones": name, "Definition": [_capital(str(text)) for text in definition],
                "Date": [short(str(date)) for date in rows["as_of"]], "What": measured.to_numpy(),
                "Figure": [_amount(row) for row in rows.to_dict("records")],
                "Read at": read_as(rows["source_id"], load("sources")).to_numpy(),
            }
        )
        for rows, name, definition, measured in parts
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _amount(row: dict[object, object]) -> str:
    number = float(str(row["value"]))
    text = f"US${plain(number / 1000)} bn" if row["unit"] == "usd_mn" else plain(number)
    return bounded(text, str(row["bound"]))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
