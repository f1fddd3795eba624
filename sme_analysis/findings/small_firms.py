"""Findings on the number and the financing of small firms, definitions apart."""

from __future__ import annotations

import pandas as pd

from ..data.catalogue import labels
from ..data.citation import source_line
from ..data.tables import load
from ..firms import finance as money
from ..rounding import fixed, plain
from ..wording import listed
from .dates import short, spoken
from .finding import Finding, bounded, nothing, percent, read_as

_WHO = {"pboc": "Central bank", "nfra": "Regulator"}
_UNITS = {"million": " million", "pct": "%", "cny_tn": " tn", "usd_bn": " bn", "count": ""}
_BEFORE = {"cny_tn": "CNY ", "usd_bn": "US$"}


def numbers(statistics: pd.DataFrame) -> Finding:
    """Say how many small firms there are, what they weigh and what is not known of them.

    Parameters
    ----------
    statistics : DataFrame
        The table `sme_statistics`.
    """
    if statistics.empty:
        return nothing("No statistic of small firms is on record.")
    newest = statistics.sort_values("date").drop_duplicates("indicator", keep="last")
    at = {str(row["indicator"]): row for _, row in newest.iterrows()}
    said = []
    if "msme_count" in at:
        row = at["msme_count"]
        said.append(f"China counts {_figure(row)} small firms ({spoken(row['date'])}).")
    giants = statistics[statistics["indicator"] == "little_giants"].sort_values("date")
    if len(giants) > 1:
        first, last = giants.iloc[0], giants.iloc[-1]
        said.append(
            f'The firms recognised as "little giants" went from {_figure(first)} '
            f"({spoken(first['date'])}) to {_figure(last)} ({spoken(last['date'])})."
        )
    if "sme_share_of_outward_fdi_value" in at:
        value, cases = at["sme_share_of_outward_fdi_value"], "sme_share_of_outward_fdi_cases"
        many = f" and {_figure(at[cases])} of the cases" if cases in at else ""
        said.append(
            "What they invest abroad is not published; the only figures found, "
            f"{_figure(value)} of the value{many} in {value['date']}, are one person's statement."
        )
    names = labels("sme_statistics", "indicator")
    order = {name: place for place, name in enumerate(names)}
    shown = statistics.assign(place=statistics["indicator"].map(order)).sort_values(
        ["place", "date"]
    )
    return Finding(
        headline="",
        text=" ".join(said),
        source=source_line(shown),
        table=pd.DataFrame(
            {
                "What": [_capital(names[name]) for name in shown["indicator"]],
                "Date": [short(date) for date in shown["date"]],
                "Figure": [_figure(row) for _, row in shown.iterrows()],
                "Remark": shown["note"].to_numpy(),
                "Read at": read_as(shown["source_id"], load("sources")).to_numpy(),
            }
        ),
        notes=(
            "The number of firms may have been counted anew in 2024: no growth is computed across "
            "that year.",
        ),
    )


def financing(finance: pd.DataFrame) -> Finding:
    """Say how much is lent to small firms, at what rate, and where the figures break.

    Parameters
    ----------
    finance : DataFrame
        The table `sme_finance`.
    """
    loans, rates = money.series(finance, money.LOANS), money.series(finance, money.RATE)
    if loans.empty:
        return nothing("No balance of loans to small firms is on record.")
    ends = loans.groupby("provider").tail(1)
    balances = listed(
        f"CNY {plain(row['value'])} tn by the {_WHO[row['provider']].lower()} "
        f"({spoken(row['date'])})"
        for row in ends.to_dict("records")
    )
    text = f"Inclusive loans to micro and small firms stood at {balances}."
    bank = rates[rates["provider"] == "pboc"]
    if len(bank) > 1:
        first, last = bank.iloc[0], bank.iloc[-1]
        text += (
            f" The central bank's average rate on new ones went from {percent(first['value'], 2)} "
            f"({spoken(first['date'])}) to {percent(last['value'], 2)} ({spoken(last['date'])})."
        )
    text += _odd(finance)
    text += _insurer(finance)
    last = ends.sort_values("when").iloc[-1]
    return Finding(
        headline=f"Loans to small firms reached some CNY {fixed(last['value'], 0)} tn"
        + (" while their price fell" if len(bank) > 1 and bank["change"].iloc[-1] < 0 else ""),
        text=text,
        measure=(
            "Inclusive loans to micro and small firms by two statistics, never joined; hollow: "
            "implied by growth printed a year later; dashed: the coverage changes"
        ),
        source=source_line(loans, rates),
        table=_table(loans, rates),
        decimals={"Balance, CNY tn": 2, "Rate, %": 2},
        notes=(
            f"{_definitions(loans)} The regulator's rates are means since January of the year and "
            "are not joined; the central bank's are those of a month.",
        ),
    )


def panels(finance: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the panels of the figure for :func:`financing`, as `plots.dated_points` takes them."""
    found = {}
    for name, title in ((money.LOANS, "Balance, CNY tn"), (money.RATE, "Rate on new loans, %")):
        rows = money.series(finance, name)
        if len(rows):
            drawn = _points(rows, rows["value"], rows["when"], filled=True)
            alone = rows["segment"].isin(money.APART) | _stands_apart(finance, rows)
            drawn["segment"] = rows["segment"].where(~alone, "")
            checked = money.checks(finance, name)
            checked = checked[checked["recorded"].isna()]
            whens = checked["base_date"].map(lambda date: money.moment(str(date)))
            implied = _points(checked, checked["implied"], whens, filled=False)
            both = pd.concat([drawn, implied], ignore_index=True)
            ends = drawn.sort_values("when").groupby("series")["value"].last()
            both["label"] = both["series"].map(lambda who, ends=ends: f"{who} {plain(ends[who])}")
            found[title] = both
    return found


def _definitions(loans: pd.DataFrame) -> str:
    """Say what each statistic counts, as its publisher puts it."""
    kept = loans.dropna(subset=["definition"]).drop_duplicates("provider", keep="last")
    return " ".join(
        f"The {_WHO[row['provider']].lower()} counts {row['definition']}."
        for row in kept.to_dict("records")
    )


def _points(
    rows: pd.DataFrame, values: pd.Series, whens: pd.Series, *, filled: bool
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "when": whens.astype(float), "value": values.astype(float),
            "series": rows["provider"].map(_WHO), "segment": "", "filled": filled,
        }
    )  # fmt: skip


def _stands_apart(finance: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    odd = money.contradicted(finance)
    keys = set(zip(odd["provider"], odd["date"], strict=True))
    mine = zip(rows["provider"], rows["date"], strict=True)
    return pd.Series([key in keys for key in mine], index=rows.index, dtype=bool) & (
        rows["indicator"] == money.LOANS
    )


def _odd(finance: pd.DataFrame) -> str:
    """Say which balance does not fit what later growth rates imply."""
    odd = money.contradicted(finance)
    if odd.empty:
        return ""
    row = odd.iloc[0]
    same = odd[(odd["date"] == row["date"]) & (odd["provider"] == row["provider"])]
    implied = listed(
        f"CNY {fixed(other['implied'], 1)} tn for {spoken(other['later'])}"
        for other in same.to_dict("records")
    )
    return (
        f" One figure of the {_WHO[row['provider']].lower()} stands apart: growth printed later "
        f"implies {implied}, less than the CNY {plain(row['value'])} tn printed for "
        f"{spoken(row['date'])}; that figure has another coverage or is misprinted."
    )


def _insurer(finance: pd.DataFrame) -> str:
    """Say what part of the export credit insurer's business is with small firms."""
    rows = finance[finance["provider"] == "sinosure"].set_index(["indicator", "date"])
    parts = []
    for part, whole, words in (
        ("small_clients_first_half", "clients_first_half", "of its clients"),
        ("insured_small_first_half", "insured_first_half", "of the amount insured"),
    ):
        both = [
            (rows.loc[(part, date)], rows.loc[(whole, date)], date)
            for name, date in rows.index
            if name == part and (whole, date) in rows.index
        ]
        if both:
            small, every, date = both[-1]
            value = float(small["value"]) / float(every["value"]) * 100
            parts.append((f"some {percent(value, 0)} {words}", date))
    if not parts:
        return ""
    return (
        f" Of the state export credit insurer's business small and micro firms were "
        f"{listed(text for text, _ in parts)} in the half-year to {spoken(parts[0][1])}."
    )


def _table(loans: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([loans, rates]).sort_values(["provider", "when"], ascending=[False, True])
    wide = both.pivot_table(
        index=["provider", "when", "date"], columns="indicator", values="value", sort=True
    ).reset_index()
    growth = loans.set_index(["provider", "date"])["growth"]
    notes = loans.set_index(["provider", "date"])["note"]
    keys = list(zip(wide["provider"], wide["date"], strict=True))
    breaks = {
        (row["provider"], row["date"]) for row in loans[loans["new_segment"]].to_dict("records")
    }
    remarks = [
        "; ".join(
            text
            for text in (
                "coverage changes" if key in breaks else "",
                str(notes.get(key)) if isinstance(notes.get(key), str) else "",
            )
            if text
        )
        for key in keys
    ]
    return pd.DataFrame(
        {
            "Statistic of": wide["provider"].map(_WHO),
            "Date": [short(date) for date in wide["date"]],
            "Balance, CNY tn": wide.get(money.LOANS),
            "Growth, % (printed)": [growth.get(key) for key in keys],
            "Rate, %": wide.get(money.RATE),
            "Remark": [text or None for text in remarks],
        }
    )


def _figure(row: pd.Series) -> str:
    unit = str(row["unit"])
    return bounded(f"{_BEFORE.get(unit, '')}{plain(row['value'])}{_UNITS[unit]}", str(row["bound"]))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
