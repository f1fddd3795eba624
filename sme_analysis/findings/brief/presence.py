"""Chinese presence in one economy: over time, after the last full table, by sector."""

from __future__ import annotations

import pandas as pd

from ...data.catalogue import labels
from ...data.citation import source_line
from ...data.tables import load
from ...markets import brief
from ...markets.brief import Dossier
from ...wording import listed
from ..finding import Finding, counted, nothing, number, percent, read_as, year_of
from .words import capital, dollars, lower, qualified, sector, short, the

_NOUNS = {
    "investment": "large investment",
    "construction": "large construction contract",
    "projects": "development project",
}
_FEW = 12  # bars of one chart
_ROWS = 10  # years of one table


def presence(about: Dossier) -> Finding:
    """Say how Chinese investment and official finance have moved."""
    series, money = brief.official(about), brief.finance(about)
    where = the(about.name)
    said = [_stock(series, where), *_finance(money, where)]
    frames = [about[name] for name in _TABLES]
    if not len(series) and not len(money):
        return nothing(" ".join(said))
    return Finding(
        headline=_headline(series, money, where),
        text=" ".join(said),
        measure=_measure(series, money),
        source=source_line(*frames),
        table=_years(series, money),
        decimals={"Flow, US$ mn": 2, "Stock, US$ mn": 2, "Official finance, US$ mn": 1},
        notes=_notes(about, series, money),
    )


_TABLES = ("outward_fdi_by_economy", "development_finance_by_economy", "development_projects")


def _measure(series: pd.DataFrame, money: pd.DataFrame) -> str:
    parts = []
    if len(series):
        parts.append(f"Official FDI by first destination, {_span(series)}")
    if len(money):
        what = "official finance at commitment, prices of 2021, and projects"
        parts.append(f"{what}, {_span(money)}")
    return capital("; ".join(parts))


def _span(frame: pd.DataFrame) -> str:
    return f"{year_of(frame.index[0])}–{year_of(frame.index[-1])}"


def _headline(series: pd.DataFrame, money: pd.DataFrame, where: str) -> str:
    stock = series["stock"].dropna() if len(series) else pd.Series(dtype=float)
    if len(stock):
        year = year_of(stock.index[-1])
        return (
            f"Chinese FDI stock in {where} stood at {dollars(stock.iloc[-1])} at the end of {year}"
        )
    flow = series["flow"].dropna() if len(series) else pd.Series(dtype=float)
    if len(flow):
        year = year_of(flow.index[-1])
        return (
            f"The last Chinese FDI flow on record to {where} is {dollars(flow.iloc[-1])} in {year}"
        )
    total = money["value"].sum()
    if total:
        return f"China's official finance for {where} came to {dollars(total)} in 2000–2021"
    projects = int(money["projects"].sum())
    return f"{counted(projects, 'Chinese development project')} in {where}"


def _stock(series: pd.DataFrame, where: str) -> str:
    if not len(series):
        return (
            f"The official host tables of 2003–2019 have no row for {where}; a missing row is no "
            "zero."
        )
    stock, flow = series["stock"].dropna(), series["flow"].dropna()
    said = []
    if len(stock):
        first, last = year_of(stock.index[0]), year_of(stock.index[-1])
        begin = f", after {dollars(stock.iloc[0])} at the end of {first}" if first != last else ""
        said.append(
            f"The official stock of Chinese FDI in {where} was {dollars(stock.iloc[-1])} at the "
            f"end of {last}{begin}."
        )
    if len(flow) > 1:
        year = year_of(flow.idxmax())
        newest = year_of(flow.index[-1])
        most = f"The largest flow of a year was {dollars(flow.max())} ({year})"
        after = f", the last on record {dollars(flow.iloc[-1])} ({newest})"
        said.append(f"{most}{after if newest != year else ', the last on record'}.")
        out = int((flow < 0).sum())
        if out:
            more = "more was withdrawn than invested"
            said.append(f"In {counted(out, 'year')} {more}.")
    elif len(flow):
        said.append(f"One flow is on record: {dollars(flow.iloc[0])} in {year_of(flow.index[0])}.")
    return " ".join(said)


def _finance(money: pd.DataFrame, where: str) -> list[str]:
    """Sentences on official finance and on projects."""
    if not len(money):
        return [f"No amount of Chinese official finance for {where} is on record for 2000–2021."]
    said, value = [], money["value"].dropna()
    if len(value) and value.sum() > 0:
        top = year_of(value.idxmax())
        said.append(
            f"Official loans and grants, which are not investment, came to {dollars(value.sum())} "
            f"in 2000–2021 at prices of 2021, with {percent(100 * value.max() / value.sum(), 0)} "
            f"in {top}, the largest year."
        )
    projects = int(money["projects"].sum())
    if projects:
        known = counted(projects, "development project")
        said.append(
            f"{capital(known)} with a known place {'is' if projects == 1 else 'are'} listed."
        )
    return said


def _notes(about: Dossier, series: pd.DataFrame, money: pd.DataFrame) -> tuple[str, ...]:
    said = []
    if about["economies"]["offshore_centre"].iloc[0]:
        said.append(
            "An offshore centre: the figures count what arrives there first, not what stays."
        )
    elif len(series):
        said.append(
            "The statistics count the first destination: what comes through Hong Kong SAR is not "
            "in these figures, and what goes on elsewhere is."
        )
    if len(series) and series.loc[:2006].notna().any(axis=None):
        said.append("Up to 2006 without the financial industry.")
    if len(series) and year_of(series.index[-1]) > brief.presence.LAST:
        said.append("The figure of 2020 comes from a table of some hosts only.")
    if len(pd.concat([series, money], axis=1).dropna(how="all")) > _ROWS:
        said.append("The table keeps the first year, every fifth and the last five.")
    return tuple(said)


def _years(series: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat([series, money], axis=1).dropna(how="all")
    table = few(table.dropna(axis=1, how="all").sort_index())
    names = {"flow": "Flow, US$ mn", "stock": "Stock, US$ mn", "value": "Official finance, US$ mn",
             "projects": "Projects"}  # fmt: skip
    if "projects" in table:
        table["projects"] = table["projects"].astype("Int64")
    return table.rename(columns=names).rename_axis("Year").reset_index()


def few(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the first year, every fifth and the last five: what fits a page beside the figure."""
    years = [year_of(year) for year in table.index]
    kept = [*years[:1], *years[-5:]] + [year for year in years if year % 5 == 0]
    return table if len(years) <= _ROWS else table.loc[[year for year in years if year in kept]]


def presence_panels(about: Dossier) -> dict[str, pd.Series]:
    """Series for :func:`sme_analysis.plots.panels`, each in a unit that suits its size."""
    series, money = brief.official(about), brief.finance(about)
    found = {}
    for frame, column, name in (
        (series, "flow", "Flow in the year"), (series, "stock", "Stock at the end of the year"),
        (money, "value", "Official finance"),
    ):  # fmt: skip
        if len(frame) and frame[column].notna().any():
            values, unit = scaled(frame[column])
            found[f"{name}, {unit}"] = values
    if len(money) and money["projects"].notna().any():
        found["Development projects"] = money["projects"]
    return found


def scaled(millions: pd.Series) -> tuple[pd.Series, str]:
    """Bring US$ mn into the unit that suits their size."""
    largest = millions.abs().max()
    if largest >= 1000:
        return millions / 1000, "US$ bn"
    return (millions, "US$ mn") if largest >= 1 else (millions * 1000, "US$ thousand")


def later(about: Dossier) -> Finding:
    """List what is known after the last full host table."""
    rows, where = brief.later(about), the(about.name)
    if rows.empty:
        official = about["outward_fdi_by_economy"]["year"]
        last = int(official.max()) if len(official) else brief.presence.LAST
        return nothing(
            f"After {last} no dated figure on Chinese investment in {where} is on record, neither "
            "from the bulletin nor from the host."
        )
    new = _newer(int((rows["year"] > brief.presence.LAST).sum()), len(rows))
    what = {**labels("host_side_fdi", "indicator"),
            **labels("outward_fdi_recent_signals", "indicator")}  # fmt: skip
    figures = zip(rows["value"], rows["unit"], rows["bound"], strict=True)
    table = pd.DataFrame(
        {
            "Period": [_period(*pair) for pair in zip(rows["year"], rows["period"], strict=True)],
            "What": [_what(what[str(row.indicator)], row) for row in rows.itertuples()],
            "Figure": [qualified(*each) for each in figures],
            "Definition": rows["definition"].to_numpy(),
            "Read at": read_as(rows["source_id"], load("sources")).to_numpy(),
        }
    )
    return Finding(
        headline="",
        text=(
            f"No full host table after 2019 could be read. {counted(len(rows), 'figure')} of "
            f"other kinds on {where}, {new}, {_stand(len(rows))} below, the newest of each kind. "
            "Basis and definition are not those of the series above, which they do not continue."
        ),
        source=source_line(rows),
        table=table,
    )


def _newer(count: int, of: int) -> str:
    if not count:
        return "none later than 2019"
    return "later than 2019" if count == of else f"{count} of them later than 2019"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _what(name: str, row: object) -> str:
    sector, partner = row.sector, row.partner  # type: ignore[attr-defined]
    more = [] if sector == "all" else [lower(str(sector))]
    more += ["from Hong Kong SAR"] if partner == "hong_kong" else []
    return ", ".join([capital(name), *more])


def _period(year: int, period: str) -> str:
    """Write the time a figure refers to.

    >>> _period(2024, "full year"), _period(2022, "end of year"), _period(2023, "as of 2023-03-20")
    ('2024', 'end of 2022', '2023-03-20')
    """
    if period == "full year":
        return str(year)
    period = period.replace("end of year", f"end of {year}").replace("/", " to ")
    return period.removeprefix("as of ")


def sectors(about: Dossier) -> Finding:
    """Say in which sectors Chinese firms are, by three lists that are never added."""
    table, where = brief.sectors(about), the(about.name)
    if table.empty:
        return nothing(
            f"Neither a deal of US$100 mn or more (2005–2025) nor a development project "
            f"(2000–2021) in {where} is on record: nothing can be said about sectors."
        )
    names = _names()
    said = [_deals(table, kind, names, where) for kind in ("investment", "construction")]
    said += [_projects(table, names)] if table["projects"].sum() else []
    if trouble := int(table["troubled"].sum()):
        worth = dollars(table["troubled_value"].sum())
        said.append(f"{capital(counted(trouble, 'deal'))} ran into trouble ({worth}).")
    kind = _kind(table)
    return Finding(
        headline=_leader(table, kind, names, where),
        text=" ".join(said),
        measure=(
            f"{capital(_NOUNS[kind])}s by sector, number, "
            + ("2000–2021" if kind == "projects" else "US$100 mn and more each, 2005–2025")
        ),
        source=source_line(about["deals_by_economy"], about["development_projects"]),
        table=_sector_table(table, names),
        decimals={"Investments, US$ mn": 0, "Construction, US$ mn": 0},
        notes=(
            "The list of deals sees US$100 mn and more, that of projects official finance: small "
            "firms are in neither. Investment, construction and projects are not added.",
            *_apart(table),
        ),
        empty=int((table[kind] > 0).sum()) < 2,
    )  # one bar is no picture


def _names() -> dict[str, str]:
    """Names of sectors by code; the two lists agree in all but what they leave to the rest."""
    other = {brief.presence.OTHER: labels("deals_by_economy", "broad_sector")["other"]}
    return {**labels("development_projects", "analysis_sector"), **other}


def _kind(table: pd.DataFrame) -> str:
    """The list to draw: investments, else contracts, else projects."""
    several = [kind for kind in _NOUNS if (table[kind] > 0).sum() > 1]
    some = [kind for kind in _NOUNS if table[kind].sum()]
    return (several or some or ["investment"])[0]


def _deals(table: pd.DataFrame, kind: str, names: dict[str, str], where: str) -> str:
    total = int(table[kind].sum())
    noun = _NOUNS[kind]
    if not total:
        return f"No {noun} in {where} is on record."
    worth = dollars(table[f"{kind}_value"].sum())
    return f"{capital(counted(total, noun))} ({worth}) {_mostly(table, kind, names)}."


def _projects(table: pd.DataFrame, names: dict[str, str]) -> str:
    total = int(table["projects"].sum())
    return f"{capital(counted(total, 'development project'))} {_mostly(table, 'projects', names)}."


def _mostly(table: pd.DataFrame, kind: str, names: dict[str, str]) -> str:
    """Where the entries of one list are, named as far as they stand out."""
    counts = table[kind][table[kind] > 0]
    top = counts[counts == counts.max()]
    total = int(counts.sum())
    first = [f"in {sector(names[str(code)])}" for code in top.index]
    if total == 1:
        return f"is on record, {first[0]}"
    if len(counts) == 1:
        return f"are on record, {'both' if total == 2 else 'all'} {first[0]}"
    if len(top) > 3:
        return f"are on record, spread over {len(counts)} sectors"
    each = f"{int(top.iloc[0])} each" if len(top) > 1 else f"{int(top.iloc[0])} of them"
    return f"are on record, {each} {listed(first)}"


def _leader(table: pd.DataFrame, kind: str, names: dict[str, str], where: str) -> str:
    counts = table[kind][table[kind] > 0].sort_values(ascending=False, kind="stable")
    total = int(counts.sum())
    if not total:
        return ""
    plural = f"{_NOUNS[kind]}s"
    if len(counts) > 1 and counts.iloc[0] == counts.iloc[1]:
        return f"No sector leads among the {total} {plural} in {where}"
    name = capital(sector(names[str(counts.index[0])]))
    leads = "lead" if name.startswith("Other sectors") else "leads"
    return f"{name} {leads} with {int(counts.iloc[0])} of {total} {plural} in {where}"


def _sector_table(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    shown = pd.DataFrame(
        {
            "Sector": [names[str(code)] for code in table.index],
            "Investments": table["investment"].array,
            "Investments, US$ mn": table["investment_value"].array,
            "Construction": table["construction"].array,
            "Construction, US$ mn": table["construction_value"].array,
            "In trouble": table["troubled"].array,
            "Projects": table["projects"].array,
        }
    )
    empty = [name for name in shown.columns[1:] if not shown[name].any()]
    return shown.drop(columns=empty)


def _apart(table: pd.DataFrame) -> tuple[str, ...]:
    """Say why some cells are blank; nothing where none are."""
    if not table[["investment", "projects"]].isna().any(axis=None):
        return ()
    return ("The list of deals does not tell health, education and tourism apart from the rest.",)


def sector_bars(about: Dossier) -> pd.DataFrame:
    """Rows for :func:`sme_analysis.plots.ranked_bars`: number of entries by sector."""
    table, names = brief.sectors(about), _names()
    if table.empty:
        return pd.DataFrame(columns=["label", "value", "text", "tone"])
    kind = _kind(table)
    rows = table[table[kind] > 0].sort_values(kind, ascending=False, kind="stable").head(_FEW)
    worth = f"{kind}_value"
    texts = [
        f"{rows.at[code, kind]!s}"
        + (f" ({dollars(number(rows, code, worth))})" if worth in rows else "")
        for code in rows.index
    ]
    return pd.DataFrame(
        {"label": [short(names[str(code)]) for code in rows.index],
         "value": rows[kind].to_numpy(dtype=float), "text": texts, "tone": "strong"}
    )  # fmt: skip
