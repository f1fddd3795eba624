"""Trade of one economy with China: two measures, side by side and apart."""

from __future__ import annotations

import pandas as pd

from ...data.citation import source_line
from ...markets import brief
from ...markets.brief import Dossier
from ...markets.brief.trade import Trade
from ...wording import listed
from ..finding import Finding, nothing, number, signed, span, year_of
from .presence import few, scaled
from .words import capital, dollars, the, yuan

_AMOUNTS = ["From China", "To China"]
_WORDS = {"export": "goods from China", "import": "goods to China"}


def trade(about: Dossier) -> Finding:
    """Say what is traded with China, as each side has it."""
    found, where = brief.trade(about), the(about.name)
    if found.china.empty and found.partner.empty:
        return nothing(
            f"No trade in goods between China and {where} is on record, from neither side."
        )
    series, table = found.partner.dropna(how="all"), _table(found)
    return Finding(
        headline=_headline(series, where),
        text=" ".join([_china(found, where), _partner(series, where)]),
        measure=f"Goods as {where} reports them to UN Comtrade, {_years(series)}",
        source=source_line(about["trade_by_partner"]),
        table=table,
        decimals={name: _decimals(table[name]) for name in _AMOUNTS},
        notes=_notes(found, about),
        empty=series.empty,
    )


def _years(series: pd.DataFrame) -> str:
    return span(map(year_of, series.index)) if len(series) else ""


def _headline(series: pd.DataFrame, where: str) -> str:
    bought = series["export"].dropna() if len(series) else pd.Series(dtype=float)
    column = "export"
    if bought.empty and len(series):
        bought, column = series["import"].dropna(), "import"
    if bought.empty:
        return ""
    last, first = year_of(bought.index[-1]), year_of(bought.index[0])
    words = f"{capital(where)} reports {dollars(bought.iloc[-1])} of {_WORDS[column]} in {last}"
    before = f", {dollars(bought.iloc[0])} in {first}" if first != last else ""
    return f"{words}{before}"


def _china(found: Trade, where: str) -> str:
    """What Chinese customs report."""
    said: list[str] = []
    for flow, words in (("export", "of goods to"), ("import", "of goods from")):
        if flow in found.china.index:
            value = number(found.china, flow, "value")
            growth = number(found.china, flow, "growth")
            more = f" ({signed(growth)}% on the year before)" if pd.notna(growth) else ""
            it = where if not said else "it"
            said.append(f"{yuan(value)} {words} {it}{more}")
    if not said:
        return "Chinese customs print no figure for 2024."
    year = int(found.china["year"].iloc[0])
    missing = "" if len(said) == 2 else "; the other direction has no figure"
    return f"Chinese customs count {listed(said)} in {year}{missing}."


def _partner(series: pd.DataFrame, where: str) -> str:
    """What the partner reports, newest year."""
    if series.empty:
        return f"{capital(where)} itself has not reported its trade for any year since 2014."
    last = year_of(series.index[-1])
    row = series.iloc[-1]
    said = [f"{dollars(row[flow])} of {words}" for flow, words in _WORDS.items()
            if pd.notna(row[flow])]  # fmt: skip
    verb = "reports" if last >= 2023 else "last reported"
    return f"{capital(where)} itself {verb} {listed(said)} for {last}."


def _notes(found: Trade, about: Dossier) -> tuple[str, ...]:
    said = [
        "The two sides are never joined: China counts the first known destination, in yuan; the "
        "partner counts the origin, in US dollars."
    ]
    if found.open_registry:
        said.append(
            "An open ship registry: part of what China exports to it may be ships that only fly "
            "its flag."
        )
    if found.entrepot:
        said.append("An entrepot: part of these goods passes through.")
    remarks = about["trade_by_partner"]["note"].dropna().unique()
    said += [f"{capital(str(remark))}." for remark in remarks]
    return tuple(said)


def _table(found: Trade) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    if len(found.china):
        value = found.china["value"]
        rows.append({"Reported by": "Chinese customs", "Year": str(found.china["year"].iloc[0]),
                     "From China": value.get("export"), "To China": value.get("import"),
                     "Unit": "CNY mn"})  # fmt: skip
    for year, row in few(found.partner.dropna(how="all")).iloc[::-1].iterrows():
        rows.append({"Reported by": "the partner", "Year": str(year), "From China": row["export"],
                     "To China": row["import"], "Unit": "US$ mn"})  # fmt: skip
    table = pd.DataFrame(rows)
    table[_AMOUNTS] = table[_AMOUNTS].astype(float)
    return table


def _decimals(amounts: pd.Series) -> int:
    """Return the fewest decimals, one to three, that leave each amount within a tenth of itself.

    >>> _decimals(pd.Series([2.15, 0.0])), _decimals(pd.Series([2.15, 0.07])), _decimals(
    ...     pd.Series([0.015, None]))
    (1, 2, 3)
    """
    known = amounts.dropna()
    for decimals in (1, 2):
        if ((known.round(decimals) - known).abs() <= known.abs() / 10).all():
            return decimals
    return 3


def trade_panels(about: Dossier) -> dict[str, pd.Series]:
    """Series for :func:`sme_analysis.plots.panels`: the partner's reports."""
    series = brief.trade(about).partner
    found = {}
    for flow, words in _WORDS.items():
        if len(series) and series[flow].notna().any():
            values, unit = scaled(series[flow])
            found[f"{capital(words)}, {unit}"] = values
    return found
