"""Host economies of outward FDI: selection, ranking, concentration, continents, intensity."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from .. import economies, statistics
from ..errors import ParameterError, UnknownNameError
from .period import between, check_measure

OTHERS = "All other hosts"
CONTINENTS = ("Africa", "Asia", "Europe", "Latin America", "North America", "Oceania")


def hosts(
    panel: pd.DataFrame,
    measure: str = "flow",
    start_year: int | None = None,
    end_year: int | None = None,
    *,
    group: str = "World",
    exclude_offshore: bool = False,
) -> pd.DataFrame:
    """Select host economies from the years whose table is complete.

    Parameters
    ----------
    panel : DataFrame
        The table `outward_fdi_by_economy`.
    measure : {"flow", "stock"}
    start_year, end_year : int, optional
    group : str
        World, a region or a grouping. Membership is that of `end_year` (of today without it) and
        the same for every year, so that a change is never one of membership.
    exclude_offshore : bool
        Leave out Hong Kong, the Cayman Islands and the British Virgin Islands. The statistics
        count the first destination, so that most of the stock stands in these three.

    Returns
    -------
    DataFrame
        One row per year and host: `year`, `iso3`, `economy`, `region` (continent, as the bulletin
        groups them), `value` (US$ mn), `offshore`, `source_id`, `confirmed_by`.
    """
    check_measure(measure)
    keep = (panel["measure"] == measure) & (panel["panel"] == "complete")
    keep &= between(panel["year"], start_year, end_year)
    if economies.canonical_group(group) != "World":
        keep &= panel["iso3"].isin(economies.members(group, end_year))
    centres = economies.offshore_centres()
    if exclude_offshore:
        keep &= ~panel["iso3"].isin(centres)
    columns = ["year", "iso3", "value", "source_id", "confirmed_by"]
    chosen = panel.loc[keep, columns].reset_index(drop=True)
    chosen.insert(2, "economy", economies.names(chosen["iso3"], "plain"))
    chosen.insert(3, "region", chosen["iso3"].map(_continent()))
    chosen.insert(5, "offshore", chosen["iso3"].isin(centres))
    return chosen


def ranking(chosen: pd.DataFrame, n: int = 10, year: int | None = None) -> pd.DataFrame:
    """Rank the hosts of one year, the rest in one row.

    Parameters
    ----------
    chosen : DataFrame
        From :func:`hosts`.
    n : int
        Hosts named.
    year : int, optional
        The latest by default.

    Returns
    -------
    DataFrame
        `economy`, `value` (US$ mn), `rank`, `share` (percent of the selection), `offshore`,
        and `earlier_rank`, `earlier_share` in the first year selected.
    """
    if chosen.empty:
        return chosen.assign(rank=[], share=[], earlier_rank=[], earlier_share=[])
    year = int(chosen["year"].max()) if year is None else year
    first = int(chosen["year"].min())
    table = statistics.top_n(chosen[chosen["year"] == year], "value", n, name="economy")
    before = chosen[chosen["year"] == first].set_index("economy")["value"]
    table["offshore"] = table["economy"].isin(chosen.loc[chosen["offshore"], "economy"])
    table["earlier_rank"] = table["economy"].map(statistics.rank(before)).astype("Int64")
    table["earlier_share"] = table["economy"].map(statistics.shares(before))
    rest = table["rank"].isna()
    if rest.any():
        named = table.loc[~rest, "economy"]
        table.loc[rest, "earlier_share"] = statistics.shares(before)[
            ~before.index.isin(named)
        ].sum()
    return table


def concentration(chosen: pd.DataFrame, k: int = 5) -> pd.DataFrame:
    """Measure how concentrated the hosts are, year by year.

    Negative flows (net withdrawals) have no share of activity and are left out of the index;
    `negative` counts them.

    Returns
    -------
    DataFrame
        Indexed by year: `total` (US$ bn), `hosts`, `negative`, `herfindahl` (0 to 1),
        `effective_number` (hosts of equal size that would give the same index: Adelman 1969),
        `top` (percent held by the `k` largest).
    """
    by_year = chosen.groupby("year")["value"]
    table = pd.DataFrame(
        {
            "total": by_year.sum() / 1000,
            "hosts": by_year.size(),
            "negative": by_year.agg(lambda values: int((values < 0).sum())),
            "herfindahl": statistics.herfindahl_by(chosen, "value", "year", negative="drop"),
        }
    )
    table["effective_number"] = 1 / table["herfindahl"]
    table["top"] = by_year.agg(
        lambda values: statistics.concentration_ratio(values, k, negative="drop")
    )
    return table


def regions(chosen: pd.DataFrame) -> pd.DataFrame:
    """Give the continents' shares, year by year, as the bulletin groups them.

    Parameters
    ----------
    chosen : DataFrame
        From :func:`hosts`.

    Returns
    -------
    DataFrame
        Indexed by year, one column per continent in percent of the selection, the largest of the
        last year first. Shares can be negative where more was withdrawn than invested.
    """
    sums = chosen.pivot_table(index="year", columns="region", values="value", aggfunc="sum")
    sums.columns.name = None
    shares = sums.apply(statistics.shares, axis=1) if len(sums) else sums
    return shares if shares.empty else shares[shares.iloc[-1].sort_values(ascending=False).index]


def leading(chosen: pd.DataFrame, n: int = 5) -> pd.DataFrame:
    """Give the amounts of the leading hosts of the last year, and of all others, year by year.

    Returns
    -------
    DataFrame
        Indexed by year, in US$ bn: one column for each of the `n` hosts that are largest in the
        last year, largest first, and "All other hosts" where there are more.
    """
    wide = chosen.pivot(index="year", columns="economy", values="value") / 1000
    wide.columns.name = None
    if wide.empty:
        return wide
    order = wide.iloc[-1].sort_values(ascending=False, kind="stable").index
    table = wide[order[:n]].copy()
    if len(order) > n:
        table[OTHERS] = wide[order[n:]].sum(axis=1)
    return table


def contributions(chosen: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Split the growth of a selection between two years into the hosts' contributions.

    Returns
    -------
    DataFrame
        `iso3`, `economy`, `before`, `after` (US$ mn), `points` (percentage points of the total's
        growth), largest absolute contribution first. A host without a row in one of the years
        counts as nil there, as the bulletin leaves out hosts without investment.

    Raises
    ------
    ParameterError
        If the two years are one and the same.
    """
    if first == last:
        raise ParameterError(f"contributions needs two different years, not {first} twice.")
    wide = chosen.pivot(index=["iso3", "economy"], columns="year", values="value")
    wide = wide.reindex(columns=[first, last])
    points = statistics.contribution_to_growth(wide[first], wide[last], missing="zero")
    table = wide.set_axis(["before", "after"], axis=1).assign(points=points).reset_index()
    order = table["points"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def intensity(chosen: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Relate the investment to the size of the host.

    Parameters
    ----------
    chosen : DataFrame
        From :func:`hosts`.
    indicators : DataFrame
        The table `country_indicators`.

    Returns
    -------
    DataFrame
        The rows of `chosen` with `per_gdp` (percent of the host's GDP of that year) and
        `per_person` (US$); missing where the host's GDP or population is not on record.
    """
    size = indicators[indicators["indicator"].isin(["gdp", "population"])]
    wide = size.pivot(index=["iso3", "year"], columns="indicator", values="value").reset_index()
    table = chosen.merge(wide, on=["iso3", "year"], how="left", validate="many_to_one")
    table["per_gdp"] = table["value"] * 1e6 / table["gdp"] * 100
    table["per_person"] = table["value"] * 1e6 / table["population"]
    return table.drop(columns=["gdp", "population"])


def recent_signals(
    signals: pd.DataFrame,
    start_year: int | None = None,
    end_year: int | None = None,
    *,
    group: str = "World",
    exclude_offshore: bool = False,
) -> pd.DataFrame:
    """Select the dated single figures on hosts that the full table does not reach.

    Rows on a region or a group are kept for World, and for the group of that name.
    """
    wanted = economies.canonical_group(group)
    keep = between(signals["year"], start_year, end_year)
    if wanted != "World":
        inside = signals["iso3"].isin(economies.members(wanted, end_year))
        keep &= inside | (signals["iso3"].isna() & signals["host"].map(_group).eq(wanted))
    if exclude_offshore:
        centres = economies.offshore_centres()
        # A figure on the centres together has no code of its own, only their names.
        named = "|".join(map(re.escape, economies.names(centres, "plain")))
        keep &= ~signals["iso3"].isin(centres) & ~signals["host"].str.contains(named)
    return signals[keep].reset_index(drop=True)


def _group(host: str) -> str | None:
    """Name of the group that a host is, if it is one."""
    try:
        return economies.canonical_group(host)
    except UnknownNameError:
        return None


@cache
def _continent() -> dict[str, str]:
    """Host -> continent in the bulletin's grouping."""
    return {iso3: name for name in CONTINENTS for iso3 in economies.members(name)}
