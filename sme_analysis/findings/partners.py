"""Findings on Belt and Road partners, and on the firms, deals and projects behind the totals."""

from __future__ import annotations

import pandas as pd

from .. import investment
from ..data.citation import source_line
from ..data.tables import load
from ..rounding import fixed
from ..wording import listed
from .finding import (
    Finding,
    bounded,
    change,
    nothing,
    number,
    percent,
    read_as,
    span,
    usd,
)

ROUTE, PARTNERS = "Along the route (63–65 countries)", "All partner countries"
_TITLES = {"along_route": ROUTE, "partner_countries": PARTNERS}

FIRMS = {
    "domestic_investors": "Investing firms, thousand",
    "overseas_enterprises": "Overseas enterprises, thousand",
    "employees_abroad": "Employees abroad, million",
}
DEALS, DEAL_VALUE = "M&A deals announced", "M&A announced, US$ bn"
TURNOVER = "Contracted turnover, US$ bn"


def belt_and_road(rows: pd.DataFrame, measure: str) -> Finding:
    """Say what goes to Belt and Road partners, under each definition apart.

    Parameters
    ----------
    rows : DataFrame
        From :func:`sme_analysis.investment.belt_and_road`.
    measure : {"flow", "stock"}
    """
    if rows.empty:
        return nothing(
            f"No figure for the {measure} in Belt and Road economies is on record for these years; "
            "the series begins in 2013."
        )
    said = []
    for definition, title in _TITLES.items():
        part = rows[rows["definition"] == definition].set_index("year")
        if len(part):
            said.append(_one_definition(part, title))
    latest = rows.sort_values("year").iloc[-1]
    amount = bounded(usd(latest["value"], 2), latest["bound"])
    verb = "received" if measure == "flow" else "held"
    headline = (
        f"Belt and Road economies {verb} {amount} in {latest['year']}, "
        f"{percent(latest['share'])} of the {measure}"
    )
    both = rows["definition"].nunique() > 1
    return Finding(
        headline=headline,
        text=" ".join([f"{headline}.", *said]),
        measure=f"Outward FDI {measure} in Belt and Road economies, US$ bn, by two definitions",
        source=source_line(rows),
        table=pd.DataFrame(
            {
                "Year": rows["year"],
                "Definition": rows["definition"].map(_TITLES),
                "US$ bn": rows["value"],
                "Share of the total, %": rows["share"],
                "As printed": rows["bound"],
                "Read at": read_as(rows["source_id"], load("sources")),
            }
        ),
        decimals={"US$ bn": 2},
        notes=(
            "The step between the two definitions is mostly one of definition, not of investment.",
        )
        if both
        else (),
    )


def _one_definition(part: pd.DataFrame, title: str) -> str:
    """Describe one definition from its first to its last year."""
    first, last = int(part.index[0]), int(part.index[-1])
    before, after = number(part, first, "value"), number(part, last, "value")
    ends = f"{usd(after, 2)} in {last}"
    if first == last:
        return f"{title}: {ends}."
    moved = change((after / before - 1) * 100, 0)
    return f"{title}: {usd(before, 2)} in {first}, {ends}: it {moved}."


def belt_and_road_panels(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Split the rows into one series per definition, for small multiples."""
    found = {}
    for definition, title in _TITLES.items():
        part = rows[rows["definition"] == definition].set_index("year")["value"]
        if len(part):
            found[title] = part
    return found


def activity_panels(
    annual: pd.DataFrame,
    deals: pd.DataFrame,
    projects: pd.DataFrame,
    start_year: int,
    end_year: int,
) -> dict[str, pd.Series]:
    """Collect the series on firms, deals and projects, each on its own scale.

    Returns
    -------
    dict of title to Series indexed by year; series without a figure are left out.
    """
    rows = investment.select(annual, list(FIRMS), start_year, end_year)
    found = {}
    for indicator, title in FIRMS.items():
        series = rows[rows["indicator"] == indicator].set_index("year")["value"]
        found[title] = series / 1000 if "thousand" in title else series
    announced = _announced(deals, start_year, end_year)
    for indicator, title in (("deals", DEALS), ("value", DEAL_VALUE)):
        found[title] = announced[announced["indicator"] == indicator].set_index("year")["value"]
    turnover = _turnover(projects, start_year, end_year)
    found[TURNOVER] = turnover.set_index("year")["value"]
    return {title: series for title, series in found.items() if len(series)}


def _announced(deals: pd.DataFrame, start_year: int, end_year: int) -> pd.DataFrame:
    keep = (deals["status"] == "announced") & deals["year"].between(start_year, end_year)
    return deals[keep]


def _turnover(projects: pd.DataFrame, start_year: int, end_year: int) -> pd.DataFrame:
    keep = (projects["indicator"] == "turnover") & (projects["scope"] == "all_hosts")
    return projects[
        keep & (projects["unit"] == "usd_bn") & projects["year"].between(start_year, end_year)
    ]


def activity(
    annual: pd.DataFrame,
    deals: pd.DataFrame,
    projects: pd.DataFrame,
    start_year: int,
    end_year: int,
) -> Finding:
    """Say how many firms, deals and projects stand behind the totals.

    Parameters
    ----------
    annual, deals, projects : DataFrame
        The tables `outward_fdi_annual`, `mergers_and_acquisitions` and `contracted_projects`.
    """
    panels = activity_panels(annual, deals, projects, start_year, end_year)
    if not panels:
        return nothing("No count of firms, deals or projects is on record for these years.")
    rows = investment.select(annual, list(FIRMS), start_year, end_year)
    used = [
        rows,
        _announced(deals, start_year, end_year),
        _turnover(projects, start_year, end_year),
    ]
    said = [_latest(title, series) for title, series in panels.items()]
    enterprises = panels.get(FIRMS["overseas_enterprises"])
    if enterprises is not None:
        year = int(enterprises.index[-1])
        count = fixed(enterprises[year] * 1000, 0)
        headline = f"Some {count} overseas enterprises stood behind it in {year}"
    else:
        headline = f"What is on record of firms, deals and projects, {_span(panels)}"
    table = pd.DataFrame(panels).sort_index().rename_axis("Year").reset_index()
    return Finding(
        headline=headline,
        text=f"{headline}. Latest on record: {listed(said)}.",
        measure="Each panel on its own scale from zero; years without a bar were not found",
        source=source_line(*used),
        table=table,
        decimals={DEALS: 0, FIRMS["employees_abroad"]: 2},
        notes=(
            "Announced deals include acquirers from Hong Kong, Macao and Taiwan and are first "
            "prints: later editions revise them. Contracted projects are services sold abroad, not "
            "investment.",
        ),
    )


def _span(panels: dict[str, pd.Series]) -> str:
    return span(year for series in panels.values() for year in series.index)


def _latest(title: str, series: pd.Series) -> str:
    """Say the latest figure of a series in words."""
    year = int(series.index[-1])
    amount = float(series[year])
    words = {
        FIRMS["domestic_investors"]: f"some {fixed(amount * 1000, 0)} investing firms",
        FIRMS["overseas_enterprises"]: f"some {fixed(amount * 1000, 0)} overseas enterprises",
        FIRMS["employees_abroad"]: f"{fixed(amount)} million employees abroad",
        DEALS: f"{fixed(amount, 0)} acquisitions announced",
        DEAL_VALUE: f"acquisitions of {usd(amount)} announced",
        TURNOVER: f"a turnover of {usd(amount)} in contracted projects",
    }
    return f"{words[title]} ({year})"
