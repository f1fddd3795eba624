"""Rules of the tables by industry, and of the crosswalk that joins them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from . import published

_GROUP = ["year", "period", "scope", "measure", "basis"]
_TOTAL = ["year", "scope", "measure", "basis"]


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the tables by industry and the crosswalk."""
    industry = frames.get("outward_fdi_by_industry")
    if industry is not None and "published_totals" in frames:
        yield from _to_published(industry, frames["published_totals"])
    needed = {"published_totals", "outward_fdi_annual", "outward_fdi_belt_and_road"}
    if industry is not None and needed <= frames.keys():
        yield from _coverage(industry, _national(frames))
    if {"africa_stock_by_sector", "outward_fdi_by_region"} <= frames.keys():
        yield from _africa(frames["africa_stock_by_sector"], frames["outward_fdi_by_region"])
    for name, shares in (("outward_fdi_by_industry", ["share"]), ("host_side_fdi", None)):
        if name in frames:
            yield from _shares(name, frames[name], shares)
    if "sector_crosswalk" in frames:
        yield from _crosswalk(frames)


def _single(industry: pd.DataFrame) -> pd.DataFrame:
    """Rows of whole sections: parts of a section and combined groups would count twice."""
    return industry[~industry["combined"] & (industry["industry"].str.len() == 1)]


def _to_published(industry: pd.DataFrame, totals: pd.DataFrame) -> Iterator[str]:
    """All sections of a full table sum to its printed total."""
    rows = _single(industry)
    rows = rows[(rows["indicator"] == "amount") & (rows["scope"] == "all_hosts")]
    rows = rows[rows["period"] == "full_year"]
    part = rows["measure"] + ", " + rows["basis"]
    sums = rows.groupby([part.rename("part"), rows["year"].rename("period")])["value"].sum()
    table = sums.rename("amount").reset_index()
    yield from published.against(
        "outward_fdi_by_industry", published.long(table, ["amount"]), totals
    )


def _national(frames: dict[str, pd.DataFrame]) -> pd.Series:
    """Totals in US$ bn by year, scope, measure and basis, from every table that has some."""
    annual = frames["outward_fdi_annual"]
    annual = annual[annual["preferred"] & annual["indicator"].isin(["flow", "stock"])]
    annual = annual.rename(columns={"indicator": "measure"}).assign(scope="all_hosts")
    road = frames["outward_fdi_belt_and_road"]
    road = road[road["definition"] == "along_route"].rename(columns={"indicator": "measure"})
    yearbook = frames["published_totals"]
    yearbook = yearbook[yearbook["table"] == "outward_fdi_by_industry"]
    parts = yearbook["part"].str.split(", ", expand=True).reindex(columns=[0, 1])
    yearbook = yearbook.assign(measure=parts[0], basis=parts[1], scope="all_hosts")
    yearbook["year"] = yearbook["period"].str[:4].astype("int64")
    rows = pd.concat([annual, road.assign(scope="along_route"), yearbook])
    rows = rows[rows["unit"] == "usd_bn"]
    return rows.groupby(_TOTAL)["value"].first()


def _coverage(industry: pd.DataFrame, national: pd.Series) -> Iterator[str]:
    """The coverage on record is what the separate industries make, and one per group."""
    known = _single(industry)
    known = known[known["bound"].isin(["exact", "about"])]
    amounts = known[(known["indicator"] == "amount") & (known["period"] == "full_year")]
    amounts = amounts.join(national.rename("total"), on=_TOTAL)
    percent = amounts.assign(part=amounts["value"] / amounts["total"] * 100)
    shares = known[known["indicator"] == "share"].rename(columns={"value": "part"})
    # An amount is sharper than the rounded share printed beside it.
    both = pd.concat([percent.dropna(subset=["part"]), shares])
    both = both.drop_duplicates([*_GROUP, "industry"])
    sums = both.groupby(_GROUP)["part"].sum()
    for group, rows in industry.groupby(_GROUP):
        stated = rows["coverage"].dropna().unique()
        if len(stated) == 0:
            continue
        found = float(sums.get(group, 0.0))
        if len(stated) > 1 or abs(found - stated[0]) > 0.06:
            yield (
                f"outward_fdi_by_industry: the coverage of {' '.join(map(str, group))} is given as "
                f"{', '.join(f'{value:g}' for value in stated)} per cent, "
                f"the separate industries make {found:.1f}"
            )


def _africa(africa: pd.DataFrame, regions: pd.DataFrame, tolerance: float = 0.25) -> Iterator[str]:
    """Amount and share of a sector agree, given the stock in Africa."""
    table = africa.pivot_table(index=["year", "industry"], columns="indicator", values="value")
    stock = regions[(regions["region"] == "Africa") & (regions["measure"] == "stock")]
    total = stock.groupby("year")["value"].first() / 1000
    table = table.reindex(columns=["amount", "share"]).dropna().join(total.rename("total"))
    computed = table["amount"] / table["total"] * 100
    for key in table.index[(computed - table["share"]).abs() > tolerance]:
        year, industry = key
        yield (
            f"africa_stock_by_sector: {industry} of {year} makes {computed[key]:.1f} per cent "
            f"of the stock in Africa, {table['share'][key]:.1f} is printed"
        )


def _shares(name: str, table: pd.DataFrame, indicators: list[str] | None) -> Iterator[str]:
    """No share lies outside 0 to 100 (growth rates may)."""
    rows = table[table["unit"] == "pct"]
    if indicators is not None:
        rows = rows[rows["indicator"].isin(indicators)]
    for row in rows[(rows["value"] < 0) | (rows["value"] > 100)].itertuples():
        yield f"{name}: a share of {row.year} is {row.value:g} per cent"


_CLASSES = {  # table -> scheme, columns of the table that name the class, columns of the crosswalk
    "deals_by_sector": (
        "deals",
        ["sector", "subsector", "kind", "analysis_sector"],
        ["class_code", "subclass", "kind", "analysis_sector"],
    ),
    "development_projects": (
        "development",
        ["dac_sector", "analysis_sector"],
        ["class_code", "analysis_sector"],
    ),
    "outward_fdi_by_industry": ("gbt_4754_2017", ["industry"], ["class_code"]),
    "africa_stock_by_sector": ("gbt_4754_2017", ["industry"], ["class_code"]),
    "belt_and_road_engagement": ("engagement", ["category"], ["class_code"]),
    "host_side_fdi": ("host_side", ["sector"], ["class_code"]),
}


def _crosswalk(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Every class of every table has a sector, and a sector lies in one broad sector."""
    cross = frames["sector_crosswalk"]
    broad = cross.groupby("analysis_sector")["broad_sector"].unique()
    for sector, names in broad[broad.map(len) > 1].items():
        yield f"sector_crosswalk: {sector} lies in several broad sectors: {', '.join(names)}"
    for name, (scheme, own, other) in _CLASSES.items():
        if name not in frames:
            continue
        rows = cross[cross["scheme"] == scheme]
        known = set(rows[other].itertuples(index=False, name=None))
        if "kind" in other:  # a class that means one thing holds for every list
            every = rows[rows["kind"] == "any"]
            for kind in ("investment", "construction", "troubled"):
                known |= set(every.assign(kind=kind)[other].itertuples(index=False, name=None))
        classes = set(_used(name, frames[name])[own].itertuples(index=False, name=None))
        for found in sorted(classes - known):
            label = " / ".join(found)
            yield f"sector_crosswalk: {name} has the class {label}, which has no row"


def _used(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Rows whose class is one class: no combined groups, no totals, no places."""
    if "combined" in table:
        return table[~table["combined"]]
    if name == "belt_and_road_engagement":
        return table[table["dimension"] == "sector"]
    if name == "host_side_fdi":
        return table[table["sector"] != "all"]
    return table
