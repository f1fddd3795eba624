"""Findings on where the investment goes: ranking of hosts, and which places gained."""

from __future__ import annotations

import pandas as pd

from .. import investment
from ..data.citation import SUPPLIED, source_line
from ..wording import listed
from .finding import Finding, counted, number, percent, place, signed, span, usd
from .scope import FIRST_DESTINATION, LAST_TABLE, beyond, none, scope


def ranking(
    chosen: pd.DataFrame,
    everywhere: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    measure: str,
    group: str,
    top_n: int,
    exclude_offshore: bool,
    start_year: int,
    end_year: int,
) -> Finding:
    """Say where the investment goes.

    Parameters
    ----------
    chosen, everywhere : DataFrame
        From :func:`sme_analysis.investment.hosts`: the selection, and all hosts of the same years.
    indicators : DataFrame
        The table `country_indicators`.
    """
    if chosen.empty:
        return none(group, start_year, end_year, exclude_offshore)
    year, first = int(chosen["year"].max()), int(chosen["year"].min())
    now = chosen[chosen["year"] == year]
    table = investment.ranking(chosen, top_n)
    named = table[table["rank"].notna()]
    total = now["value"].sum() / 1000
    alone = len(now) == 1
    headline = _ranking_headline(named, alone, measure, group, year, total, exclude_offshore)
    whole = everywhere.loc[everywhere["year"] == year, "value"].sum() / 1000
    said = [f"{headline}.", _group_share(group, exclude_offshore, total, whole, measure, year)]
    said.append(_risers(table, first, year))
    return Finding(
        headline=headline,
        text=" ".join(part for part in said if part),
        measure=f"Outward FDI {measure} by host, {year}; {scope(group, exclude_offshore)}",
        source=source_line(now),
        table=_ranking_table(table, now, indicators, first),
        decimals={"US$ bn": 2, "% of host GDP": 2, "US$ per person": 0},
        notes=tuple(_ranking_notes(year, measure, group, now)),
    )


def _ranking_headline(
    named: pd.DataFrame,
    alone: bool,
    measure: str,
    group: str,
    year: int,
    total: float,
    exclude_offshore: bool,
) -> str:
    leader = named.iloc[0]
    where = "" if group == "World" else f" in {place(group)}"
    where += beyond(exclude_offshore)
    if total <= 0 or leader["value"] <= 0:
        return f"China's FDI {measure}{where} summed to {usd(total)} in {year}: net withdrawal"
    if alone:
        return f"{leader['economy']} held the whole {measure}{where} in {year}: {usd(total)}"
    share = percent(leader["share"], 0)
    held = "took" if measure == "flow" else "held"
    top = percent(named["share"].sum(), 0)
    what = f"China's outward FDI {measure}{where}"
    first = f"{leader['economy']} {held} {share} of {what} in {year}"
    if len(named) == 1 or top == "100%":
        return first
    return f"{first}, the first {len(named)} hosts {top}"


def _group_share(
    group: str, exclude_offshore: bool, total: float, whole: float, measure: str, year: int
) -> str:
    if group == "World" and not exclude_offshore:
        return f"All hosts together: {usd(total)}."
    share = percent(total / whole * 100)
    what = scope(group, exclude_offshore)
    return f"{what[0].upper()}{what[1:]}: {usd(total)}, {share} of China's {measure} of {year}."


def _risers(table: pd.DataFrame, first: int, year: int) -> str:
    """Name the hosts that were outside the top in the first year."""
    named = table[table["rank"].notna()]
    if first == year:
        return ""
    new = named[named["earlier_rank"].isna() | (named["earlier_rank"] > len(named))]
    if len(named) == 1:
        return f"It was {'not ' * len(new)}first already in {first}."
    if new.empty:
        return f"All of them were among the first {len(named)} already in {first}."
    return f"New among the first {len(named)} since {first}: {listed(new['economy'])}."


def _ranking_table(
    table: pd.DataFrame, now: pd.DataFrame, indicators: pd.DataFrame, first: int
) -> pd.DataFrame:
    size = investment.intensity(now, indicators).set_index("economy")
    year = int(now["year"].iloc[0])
    shown = pd.DataFrame(
        {
            "Rank": table["rank"],
            "Host": table["economy"],
            "US$ bn": table["value"] / 1000,
            "Share, %": table["share"],
            "% of host GDP": table["economy"].map(size["per_gdp"]),
            "US$ per person": table["economy"].map(size["per_person"]),
            "Second reading": _confirmed(table, now),
        }
    )
    if first != year:
        shown.insert(4, f"Rank {first}", table["earlier_rank"])
        shown.insert(5, f"Share {first}, %", table["earlier_share"])
    return shown


def _confirmed(table: pd.DataFrame, now: pd.DataFrame) -> pd.Series:
    """Say whether an independent source prints the same cell."""
    confirmed = now.set_index("economy")["confirmed_by"].notna()
    words = table["economy"].map(confirmed).map({True: "agrees", False: "none"})
    return words.where(table["rank"].notna(), "")


def _ranking_notes(year: int, measure: str, group: str, now: pd.DataFrame) -> list[str]:
    notes = [FIRST_DESTINATION] if now["offshore"].any() else []
    if year == 2019:
        notes.append(LAST_TABLE)
    if year <= 2006:
        notes.append("Up to 2006 the host tables leave out the financial industry.")
    if group != "World":
        notes.append(f"Membership of {place(group)} as of the last year asked for, in all years.")
    own = (now["source_id"] == SUPPLIED).any()
    table = "The host table is from your own file" if own else "The host table is known by a copy"
    notes.append(f"{table}; GDP and population are those of the same year.")
    if measure == "flow" and (now["value"] < 0).any():
        count = counted(int((now["value"] < 0).sum()), "host")
        notes.append(
            f"{count} had a negative flow (more withdrawn than invested); the rest includes them."
        )
    return notes


def ranking_bars(chosen: pd.DataFrame, top_n: int) -> pd.DataFrame:
    """Prepare the ranking for drawing: one bar a host, and one for all others."""
    table = investment.ranking(chosen, top_n)
    if table.empty:
        return pd.DataFrame(columns=["label", "value", "text", "tone"])
    now = chosen[chosen["year"] == chosen["year"].max()]
    others = len(now) - int(table["rank"].notna().sum())
    rest = table["rank"].isna()
    tone = pd.Series("strong", index=table.index).mask(table["offshore"], "pale").mask(rest, "rest")
    return pd.DataFrame(
        {
            "label": table["economy"].mask(rest, f"{counted(others, 'other host')}"),
            "value": table["value"] / 1000,
            "text": [
                f"{usd(value / 1000)} ({percent(share)})"
                for value, share in zip(table["value"], table["share"], strict=True)
            ],
            "tone": tone,
        }
    )


def places(
    parts: pd.DataFrame,
    chosen: pd.DataFrame,
    *,
    measure: str,
    group: str,
    exclude_offshore: bool,
    start_year: int,
    end_year: int,
) -> Finding:
    """Say which continents (World) or which hosts (a group) gained and lost.

    Parameters
    ----------
    parts : DataFrame
        From :func:`sme_analysis.investment.regions` for World, in percent; else from
        :func:`sme_analysis.investment.leading`, in US$ bn.
    chosen : DataFrame
        The hosts behind them.
    """
    if parts.empty:
        return none(group, start_year, end_year, exclude_offshore)
    last, first, world = int(parts.index[-1]), int(parts.index[0]), group == "World"
    amount = (lambda value: percent(value, 0)) if world else usd
    leader = str(parts.columns[0])
    verb = "took" if measure == "flow" else "held"
    where = ("" if world else f" in {place(group)}") + beyond(exclude_offshore)
    whole = f"China's outward FDI {measure}{where}"
    headline = f"{leader} {verb} {amount(number(parts, last, leader))} of {whole} in {last}"
    said = [f"{headline}."]
    if first != last:
        said.append(_gains(parts, first, last, world))
    unit = "percent" if world else "US$ bn"
    kind = "Continents" if world else "Largest hosts of the last year"
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            f"{kind}: outward FDI {measure}, {unit}, {span(parts.index)}; "
            f"{scope(group, exclude_offshore)}"
        ),
        source=source_line(chosen),
        table=parts.rename_axis("Year").reset_index(),
        decimals={} if world else dict.fromkeys(map(str, parts.columns), 2),
        notes=(
            "Continents as in the bulletin: Turkiye and Cyprus in Asia, the Cayman Islands and the "
            "British Virgin Islands in Latin America.",
        )
        if world
        else (),
    )


def _gains(parts: pd.DataFrame, first: int, last: int, world: bool) -> str:
    """Name the largest gain and the largest loss."""
    ends = parts.drop(columns=investment.OTHERS, errors="ignore").loc[[first, last]].fillna(0)
    moved = {str(name): number(ends, last, name) - number(ends, first, name) for name in ends}
    gain, loss = max(moved, key=moved.__getitem__), min(moved, key=moved.__getitem__)

    def by(name: str) -> str:
        return f"{signed(moved[name])} points" if world else usd(abs(moved[name]))

    said = []
    if moved[gain] > 0:
        said.append(f"{gain} gained most ({by(gain)})")
    if moved[loss] < 0:
        said.append(f"{loss} lost most ({by(loss)})")
    return f"Since {first} {listed(said)}." if said else f"Nothing moved since {first}."
