"""Rules of the tables on Chinese official finance."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from . import published

_CELL = ["iso3", "year"]
_CLASSES = ["oda_like", "oof_like", "vague"]


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check official finance by economy, and the projects among it."""
    finance = frames.get("development_finance_by_economy")
    projects = frames.get("development_projects")
    totals = frames.get("published_totals")
    if finance is not None:
        yield from _classes(finance)
        if totals is not None:
            yield from _finance_to_published(finance, totals)
    if projects is not None:
        yield from _amounts(projects)
        if totals is not None:
            yield from _projects_to_published(projects, totals)
    if finance is not None and projects is not None:
        yield from _projects_within_records(projects, finance)


def _classes(finance: pd.DataFrame, tolerance: float = 0.001) -> Iterator[str]:
    """The classes of finance sum to the whole where all of them are known."""
    wide = finance.pivot_table(index=_CELL, columns="flow_class", values="value")
    wide = wide.reindex(columns=["all", *_CLASSES]).dropna()
    sums = wide[_CLASSES].sum(axis=1)
    for iso3, year in wide.index[(sums - wide["all"]).abs() > tolerance]:
        yield (
            f"development_finance_by_economy: the classes of {iso3} in {year} sum to US$"
            f"{sums[iso3, year]:,.3f} mn, all together are {wide['all'][iso3, year]:,.3f}"
        )


def _finance_to_published(finance: pd.DataFrame, totals: pd.DataFrame) -> Iterator[str]:
    rows = finance[finance["flow_class"] == "all"]
    sums = {"amount": rows["value"].sum(), "records": float(rows["records"].sum())}
    table = pd.DataFrame([{"part": "all", "period": "2000-2021", **sums}])
    yield from published.against(
        "development_finance_by_economy", published.long(table, ["amount", "records"]), totals
    )


def _amounts(projects: pd.DataFrame) -> Iterator[str]:
    """An amount needs a project that has one, and no more of these than projects."""
    some = projects["projects_with_amount"] > 0
    wrong = (projects["projects_with_amount"] > projects["projects"]) | (
        some != projects["value"].notna()
    )
    for row in projects[wrong].itertuples():
        yield (
            f"development_projects: {row.iso3} {row.year} {row.dac_sector}: "
            f"{row.projects_with_amount} of {row.projects} projects have an amount, "
            f"their sum is {row.value}"
        )


def _projects_to_published(projects: pd.DataFrame, totals: pd.DataFrame) -> Iterator[str]:
    sums = {"amount": projects["value"].sum(), "projects": float(projects["projects"].sum())}
    table = pd.DataFrame([{"part": "all", "period": "2000-2021", **sums}])
    yield from published.against(
        "development_projects", published.long(table, ["amount", "projects"]), totals
    )


def _projects_within_records(projects: pd.DataFrame, finance: pd.DataFrame) -> Iterator[str]:
    """Projects with a place are a part of the records, in number and in amount."""
    whole = finance[finance["flow_class"] == "all"].groupby(_CELL)[["records", "value"]].sum()
    part = projects.groupby(_CELL)[["projects", "value"]].sum()
    both = part.join(whole.rename(columns={"value": "finance"})).fillna(
        {"records": 0, "finance": 0}
    )
    wrong = (both["projects"] > both["records"]) | (both["value"] > both["finance"] + 0.01)
    for row in both[wrong].reset_index().itertuples():
        yield (
            f"development_projects: {row.iso3} has {row.projects} projects of US$"
            f"{row.value:,.1f} mn in {row.year}, development_finance_by_economy "
            f"{row.records:g} records of US${row.finance:,.1f} mn"
        )
