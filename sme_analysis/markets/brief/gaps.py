"""What is not known about one economy: read off what each table lacks."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ... import risk
from ...data.tables import load
from .dossier import Dossier
from .presence import FIRST, LAST, later, official
from .standing import Standing

STALE = 5  # years after which a figure is called old
COLUMNS = ["subject", "gap", "covers", "table"]
_LISTS = {
    "deals_by_economy": (
        "Deals of US$100 mn and more", "none on record, so smaller ones only, or none", "2005–2025",
    ),
    "development_finance_by_economy": (
        "Chinese official finance", "no record; it may not have been a recipient", "2000–2021",
    ),
    "development_projects": (
        "Development projects", "none with a known place", "2000–2021",
    ),
    "oecd_country_risk": ("OECD country risk class", "never on the lists", "2000–2026"),
    "un_ideal_points": ("Votes in the United Nations", "no votes on record", "2000–2024"),
    "distance_to_china": ("Distance and language", "not in the database", ""),
    "belt_and_road_members": ("Belt and Road", "neither listed nor named as outside", ""),
    "investment_treaties": ("Investment treaty", "none in the collection", "to 2025"),
    "tax_treaties": ("Double tax treaty", "none in the collection", "to about 2021"),
    "trade_agreements": ("Trade agreement", "none on record", "to 2025"),
    "cooperation_zones": ("Cooperation zones", "none by name; no full list was found", "to 2023"),
    "income_groups": ("Income group", "not in the World Bank's list", "2025"),
}  # fmt: skip


def gaps(about: Dossier, placed: Standing) -> pd.DataFrame:
    """List what is not known.

    Parameters
    ----------
    about : Dossier
    placed : Standing
        For the indicators that the risk index misses.

    Returns
    -------
    DataFrame
        `subject`, `gap`, `covers` (years in which the table looked), `table`. The last rows hold
        for every economy.
    """
    rows = [*_official(about), *_dated(about), *_absent(about), *_trade(about), *_visa(about),
            *_indicators(about), *_risk(about, placed), *_always()]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


Row = tuple[str, str, str, str]


def _official(about: Dossier) -> Iterator[Row]:
    table = "outward_fdi_by_economy"
    series, last = official(about), min(LAST, about.last or LAST)
    covers = f"{FIRST}–{last}"
    for measure in ("stock", "flow"):
        name = f"Official {measure}"
        known = series[measure].dropna().index if len(series) else pd.Index([])
        lacking = [year for year in range(FIRST, last + 1) if year not in known]
        if len(lacking) == last - FIRST + 1:
            yield name, "no row in any year; a missing row is no zero", covers, table
        elif lacking:
            yield name, f"no row for {runs(lacking)}; a missing row is no zero", covers, table


def _dated(about: Dossier) -> Iterator[Row]:
    """What dated figures lack: two tables hold them, and either may have those of a host."""
    signals, hosts = about["outward_fdi_recent_signals"], about["host_side_fdi"]
    if not (later(about)["year"] > LAST).any():
        yield ("Chinese investment after 2019", "no dated figure", "2020–2025",
               "outward_fdi_recent_signals")  # fmt: skip
    if hosts.empty and not (signals["basis"] == "host_side").any():
        yield ("Statistics or monitors of the host", "no figure on Chinese investment",
               "1999–2025", "host_side_fdi")  # fmt: skip


def _absent(about: Dossier) -> Iterator[Row]:
    for table, (subject, gap, covers) in _LISTS.items():
        if about[table].empty:
            yield subject, gap, covers, table
    classes = about["oecd_country_risk"].sort_values("year")
    if len(classes) and pd.isna(classes["risk_class"].iloc[-1]):
        covers = f"list of {int(classes['year'].iloc[-1])}"
        yield "OECD country risk class", "not classified", covers, "oecd_country_risk"


def _trade(about: Dossier) -> Iterator[Row]:
    rows, table = about["trade_by_partner"], "trade_by_partner"
    own = set(rows.loc[rows["reporter"] == "china", "flow"])
    for flow, name in (("export", "from"), ("import", "to")):
        if flow not in own:
            yield (f"Goods {name} China, Chinese customs", "no figure; there may have been none",
                   "2024", table)  # fmt: skip
    theirs = rows[rows["reporter"] == "partner"]
    if theirs.empty:
        yield "Trade as the partner reports it", "no report", "2014–2024", table
        return
    known = set(theirs["year"])
    lacking = [year for year in range(2014, 2025) if year not in known]
    if lacking:
        yield (
            "Trade as the partner reports it",
            f"no report for {runs(lacking)}",
            "2014–2024",
            table,
        )


def _visa(about: Dossier) -> Iterator[Row]:
    rows = about["entry_conditions"]
    if not rows["condition"].str.startswith("visa").any():
        gap = "not on the partial lists that were found; ask the embassy"
        yield "Visas", gap, "2022–2025", "entry_conditions"


def _indicators(about: Dossier) -> Iterator[Row]:
    listed = load("indicator_catalog").set_index("indicator")
    for table in ("country_indicators", "governance_indicators"):
        codes = listed.index[listed["table"] == table]
        rows = about[table]
        known = rows.groupby("indicator")["year"].max()
        lacking = [code for code in codes if code not in known.index]
        name = "Governance" if table == "governance_indicators" else "Indicators"
        first, last = about.covered[table]
        covers = f"{first}–{last}"
        if len(lacking) == len(codes):
            yield name, f"none of {len(codes)} on record", covers, table
            continue
        if lacking:
            said = "; ".join(str(listed.at[code, "name"]) for code in lacking)
            yield f"{name}: {len(lacking)} of {len(codes)} never reported", said, covers, table
        newest = listed.loc[known.index, "last_year"]
        old = known[(newest - known) > STALE]
        if len(old):
            said = "; ".join(f"{listed.at[code, 'name']!s} ({year})" for code, year in old.items())
            yield f"{name}: {len(old)} older than {STALE} years", said, covers, table


def _risk(about: Dossier, placed: Standing) -> Iterator[Row]:
    year = str(placed.year)
    if about.code in placed.reasons:
        yield "Host risk", f"no score: it {placed.reasons[about.code]}", year, "risk_structure"
        return
    profile = placed.profile
    lacking = profile[(profile["level"] == "indicator") & profile["risk"].isna()]
    if len(lacking):
        said = "; ".join(lacking["name"])
        yield f"Host risk: {len(lacking)} indicators missing", said, year, "risk_structure"
    declared = risk.structure()
    own = declared.loc[declared["panel"] == "user", "name"]
    if len(own):
        yield "Host risk: nobody's, unless you supply it", "; ".join(own), year, "risk_structure"


def _always() -> Iterator[Row]:
    yield ("Official host figures after 2019", "no full table could be read", "2003–2019",
           "outward_fdi_by_economy")  # fmt: skip
    yield "Investment of small firms", "not published for any host", "", ""
    yield "Official investment by industry in this host", "not published", "", ""


def runs(years: list[int]) -> str:
    """Write years as runs.

    >>> runs([2003, 2004, 2005, 2009])
    '2003–2005 and 2009'
    """
    parts: list[list[int]] = []
    for year in sorted(years):
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    said = [str(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
