"""Risk of one economy beside its region and others; what makes it strong and weak."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ... import risk as index
from ...data.citation import source_line
from ...markets import brief
from ...markets.brief import Dossier, Standing
from ...markets.brief.standing import behind
from ...wording import listed
from ..finding import Finding, counted, number, ordinal, percent
from .words import amount, capital, lower, the, unbroken

_SURE = 0.9
_NAMED = 4  # strengths, and as many weaknesses
_BESIDE = {
    "chosen": "economies that you chose",
    "size": "economies of its region nearest in size",
    "population": "economies of its region nearest in population",
    "stock": "economies of its region first in Chinese stock of 2019",
}


def risk(about: Dossier, placed: Standing, chances: pd.Series) -> Finding:
    """Say how risky the economy is, how sure that is, and beside whom.

    Parameters
    ----------
    about : Dossier
    placed : Standing
    chances : Series by code
        Probability that it is riskier: :func:`sme_analysis.markets.brief.chances`.
    """
    where, others = the(about.name), placed.table.iloc[1:]
    beside = _BESIDE[placed.basis]
    shown = placed.table.index[placed.table["risk"].notna()]
    said = [_score(about, placed, where)] if placed.scored else [_none(about, placed, where)]
    if not placed.scored and len(shown):
        said.append(f"The table has {beside}.")
    if placed.scored and len(chances):
        said.append(_against(placed, chances))
    lacking = [code for code in others.index if code in placed.reasons]
    said += [f"{capital(the(str(others.at[code, 'economy'])))} has no score: it "
             f"{placed.reasons[code]}." for code in lacking]  # fmt: skip
    row: Any = placed.table.loc[about.code]
    headline, table = "", _table(placed)
    if placed.scored:
        headline = (
            f"{capital(where)} ranks {ordinal(int(row['rank']))} of {placed.of} in host risk, "
            f"{_ends(row)} in nine draws of ten"
        )
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            f"Rank by host risk, 1 the least, {placed.year}; line: 5th to 95th percentile of "
            f"{placed.draws:,} draws; {beside}"
        ),
        source=_source(shown),
        table=table,
        notes=() if table is None else (
            "From 0 to 100, more is riskier. The six dimensions weigh the same; the draws vary "
            "weights, scaling, gaps and the errors of the governance indicators.",
        ),
        empty=not placed.scored,
    )  # fmt: skip


def _score(about: Dossier, placed: Standing, where: str) -> str:
    row: Any = placed.table.loc[about.code]
    value = float(row["risk"])
    said = [
        f"{capital(where)} has a host risk of {value:.0f} (0 to 100, more is riskier) and ranks "
        f"{ordinal(int(row['rank']))} of {placed.of}, the first being the safest; nine draws in "
        f"ten put it {_ends(row)}, which is {row['grades']} risk."
    ]
    world = float(placed.world["risk"])
    if pd.notna(placed.region["risk"]):
        said.append(
            f"The median is {placed.region['risk']:.0f} in {about.region} and {world:.0f} among "
            "all."
        )
    else:
        said.append(f"The median of all is {world:.0f}.")
    parts = index.dimensions()
    gaps = pd.Series({code: float(row[code] - placed.world[code]) for code in parts}).dropna()
    worst, best = str(gaps.idxmax()), str(gaps.idxmin())
    if gaps[worst] > 0:
        said.append(f"It is furthest above the median of all in {_dimension(parts[worst])}")
        said[-1] += f", furthest below in {_dimension(parts[best])}." if gaps[best] < 0 else "."
    return " ".join(said)


def _ends(row: pd.Series) -> str:
    """Ends of an interval of ranks in words."""
    low, high = f"{row['low']:.0f}", f"{row['high']:.0f}"
    return f"between {low} and {high}" if low != high else f"at {low}"


def _dimension(name: str) -> str:
    return f"its {lower(name)}" if name.startswith("Ties") else f"{name.casefold()} risk"


def _none(about: Dossier, placed: Standing, where: str) -> str:
    known = "what is known of it stands below; " if len(brief.indicators(about)) else ""
    return (
        f"{capital(where)} has no risk score for {placed.year}: it {placed.reasons[about.code]}. "
        f"{capital(known + 'a score would rest on too little')}."
    )


def _against(placed: Standing, chances: pd.Series) -> str:
    """Compare with the others as far as the draws decide."""
    name = placed.table["economy"].map(lambda text: the(str(text)))
    riskier = [name[code] for code in chances.index[chances >= _SURE]]
    safer = [name[code] for code in chances.index[chances <= 1 - _SURE]]
    undecided = chances[(chances > 1 - _SURE) & (chances < _SURE)]
    open_ = [
        f"{name[str(code)]} ({'' if place else 'riskier in '}{percent(100 * share, 0)}"
        f"{'' if place else ' of the draws'})"
        for place, (code, share) in enumerate(undecided.items())
    ]
    said = []
    if riskier:
        said.append(f"It is riskier than {listed(riskier)} in at least nine draws of ten")
    if safer:
        said.append(f"{'it is ' if said else 'It is '}less risky than {listed(safer)}")
        said[-1] += "" if riskier else " in at least nine draws of ten"
    if open_:
        said.append(f"{'the' if said else 'The'} order is open against {listed(open_)}")
    return "; ".join(said) + "."


def _source(codes: Iterable[str]) -> str:
    """Name the sources behind the scores of every economy that is shown."""
    return f"{source_line(*behind(codes))} The index is this project's."


def _table(placed: Standing) -> pd.DataFrame | None:
    parts = index.dimensions()
    rows = placed.table[placed.table["risk"].notna()]
    if rows.empty:
        return None
    wanted = {"risk": "Risk", **parts}
    table = pd.DataFrame(
        {
            "Economy": rows["economy"].to_numpy(),
            "Rank": rows["rank"].astype(int).astype(str).to_numpy(),
            "Interval": [unbroken(f"{low:.0f}–{high:.0f}") for low, high in
                         zip(rows["low"], rows["high"], strict=True)],
        }
    )  # fmt: skip
    for code, name in wanted.items():
        table[name] = rows[code].to_numpy()
    for label, medians in (
        ("Median of the region", placed.region),
        ("Median of all", placed.world),
    ):
        if medians.notna().any():
            table.loc[len(table)] = [label, None, None, *(medians[code] for code in wanted)]
    return table


def risk_rows(placed: Standing) -> pd.DataFrame:
    """Rows for :func:`sme_analysis.plots.dot_intervals`, least risk on top."""
    rows = placed.table[placed.table["rank"].notna()].sort_values("rank")
    own = placed.table.index[0]
    return pd.DataFrame(
        {
            "label": rows["economy"].to_numpy(),
            "value": rows["rank"].to_numpy(dtype=float),
            "low": rows["low"].to_numpy(dtype=float),
            "high": rows["high"].to_numpy(dtype=float),
            "text": [f"{int(rank)}  {grades}" for rank, grades in
                     zip(rows["rank"], rows["grades"], strict=True)],
            "tone": ["strong" if code == own else "pale" for code in rows.index],
        }
    )  # fmt: skip


def balance(about: Dossier, placed: Standing) -> Finding:
    """Name strengths and weaknesses; without a score, what is known at all."""
    if not placed.scored:
        return _known(about)
    declared = index.structure().set_index("code")
    strong = _marked(index.strengths(placed.profile, _NAMED), "lowers", declared)
    weak = _marked(index.weaknesses(placed.profile, _NAMED), "raises", declared)
    where = capital(the(about.name))
    said = []
    if len(strong):
        said.append(f"What lowers its risk most: {_words(strong)}.")
    if len(weak):
        said.append(f"What raises it most: {_words(weak)}.")
    if not said:
        said.append(f"{where} is at the mean in everything that is measured.")
    both = pd.concat([strong, weak])
    ages = both["age"].astype(float)
    table = pd.DataFrame(
        {
            "Risk": both["side"].to_numpy(),
            "Indicator": [f"{name} ({much})" for name, much in
                          zip(both["name"], both["much"], strict=True)],
            "Here, 0–100": both["risk"].to_numpy(dtype=float),
            "Median of all": both["world"].to_numpy(dtype=float),
            "Rank": [f"{rank} of {of}" for rank, of in zip(both["rank"], both["of"], strict=True)],
            "Figures of": [_when(placed.year, age) for age in ages],
        }
    )  # fmt: skip
    return Finding(
        headline="", text=" ".join(said), table=table, source=_source([about.code]),
        decimals={"Here, 0–100": 0, "Median of all": 0},
    )  # fmt: skip


def _when(year: int, age: float) -> str:
    return str(year - int(age)) if pd.notna(age) else "–"


def _words(rows: pd.DataFrame) -> str:
    first = rows.head(3)
    return listed(
        f"{lower(str(name))} ({much})"
        for name, much in zip(first["name"], first["much"], strict=True)
    )


def _marked(rows: pd.DataFrame, side: str, declared: pd.DataFrame) -> pd.DataFrame:
    """Add whether it is much or little of each indicator that lowers or raises risk."""
    return rows.assign(side=side, much=[_much(declared.loc[code], side) for code in rows["code"]])


def _much(indicator: pd.Series, side: str) -> str:
    much = (indicator["direction"] == "higher_is_riskier") == (side == "raises")
    if indicator["measure"] in ("in_force", "member") or indicator.name == "common_language":
        return "yes" if much else "none"
    return "high" if much else "low"


def _known(about: Dossier) -> Finding:
    """Every indicator that is known of an economy without a score."""
    known, where = brief.indicators(about), the(about.name)
    if known.empty:
        text = (
            f"No figure on the economy or the governance of {where} is on record: the indicators "
            "that it has are all of its ties with China."
        )
        return Finding(headline="", text=text, empty=True)
    table = pd.DataFrame(
        {
            "Indicator": known["name"].to_numpy(),
            "Figure": [_figure(number(known, code, "value"), str(known.at[code, "unit"]))
                       for code in known.index],
            "Year": known["year"].astype(str).to_numpy(),
        }
    )  # fmt: skip
    oldest = int(known["year"].min())
    text = (
        f"{counted(len(known), 'figure')} on the economy and the governance of {where} "
        f"{'is' if len(known) == 1 else 'are'} known, the oldest of {oldest}."
    )
    return Finding(headline="", text=text, table=table, source=source_line(known))


def _figure(value: float, unit: str) -> str:
    """Write an indicator; an estimate of governance in standard deviations around the mean."""
    said = str(amount(value, unit))
    suffix = {"standard_normal": " (mean 0, deviation 1)", "local_currency_per_usd": " per US$",
              "tonnes_per_person": " t"}.get(unit, "")  # fmt: skip
    return said + suffix
