"""Findings on the choices behind the index: which of them move the ranks, and what weights do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .. import risk
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, counted, number, signed
from .risk_terms import Terms, capital, lower, plain_name, weights_in_words

_MOST_ROWS, _FULL = 16, 60.0
_COLUMN = {"equal": "Equal", "asked": "As asked"}


def sensitivity(asked: Terms, table: pd.DataFrame) -> Finding:
    """Say which choice moves the ranks most.

    Parameters
    ----------
    table : DataFrame
        From :func:`sme_analysis.risk.sensitivity`: always all economies.
    """
    rows = table.sort_values("total", ascending=False, ignore_index=True)
    first, second = rows.iloc[0], rows.iloc[1]
    headline = (
        f"{capital(first['factor'])} {_move(first['factor'])} the ranks most "
        f"({_share(first['total'])} of the variance, with interactions), then {second['factor']} "
        f"({_share(second['total'])})"
    )
    least = rows.iloc[-1]
    apart = first["total_low"] > second["total_high"]
    order = "is" if apart else "is not"
    together = float(rows["first_order"].clip(lower=0).sum())
    said = [
        f"{headline}.",
        f"The order of these two {order} sure: their intervals "
        f"{'do not overlap' if apart else 'overlap'}.",
        f"Least is moved by {least['factor']} ({_share(least['total'])}).",
        f"What each does by itself adds up to {_share(min(together, 1.0))}; the rest comes from "
        "choices acting together.",
    ]
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=asked.subtitle(
            "Sobol' indices of the mean shift in rank, with 90% bootstrap intervals",
            "all economies scored",
        ),
        source=asked.source(),
        table=_sensitivity_table(rows),
        decimals=dict.fromkeys(("By itself", "With interactions"), 2),
    )


def _move(factor: str) -> str:
    return "move" if factor.endswith("s") or factor.startswith("errors") else "moves"


def _share(value: float) -> str:
    return f"{fixed(100 * value, 0)}%"


def _sensitivity_table(rows: pd.DataFrame) -> pd.DataFrame:
    def interval(name: str) -> list[str]:
        ends = zip(rows[f"{name}_low"], rows[f"{name}_high"], strict=True)
        return [f"{fixed(low, 2)} to {fixed(high, 2)}" for low, high in ends]

    return pd.DataFrame(
        {
            "Choice": rows["factor"].map(capital),
            "By itself": rows["first_order"],
            "90% interval": interval("first_order"),
            "With interactions": rows["total"],
            "90% interval, total": interval("total"),
        }
    )


def sensitivity_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows for :func:`sme_analysis.plots.sensitivity_bars`."""
    return table.assign(factor=table["factor"].map(capital)).set_index("factor")


def compared(asked: Terms) -> pd.DataFrame:
    """Ranks in the group under every preset, and under the weights asked for if they are others.

    Returns
    -------
    DataFrame
        Economies (codes) by sets of weights, "equal" first; least risky first under "equal".
    """
    others: dict[str, Any] = {
        "aggregation": asked.aggregation,
        "own": asked.own,
        "group": asked.group,
    }
    names = list(risk.presets().index)
    wanted = {name: name for name in names}
    if asked.weights not in names:
        wanted["asked"] = asked.weights
    ranks = {
        name: risk.score(asked.year, weights, **others).set_index("iso3")["rank"]
        for name, weights in wanted.items()
    }
    return pd.DataFrame(ranks).sort_values("equal", kind="stable")


def weighings(asked: Terms, ranks: pd.DataFrame) -> Finding:
    """Say how far each set of weights changes the ranking.

    Parameters
    ----------
    ranks : DataFrame
        From :func:`compared`.
    """
    if ranks.empty:
        return asked.none()
    if len(ranks) == 1:
        return Finding(
            headline="", text="With one economy there is no order for weights to change.",
            empty=True,
        )  # fmt: skip
    others = [str(name) for name in ranks if name != "equal"]
    shifts = ranks[others].sub(ranks["equal"], axis=0)
    rho = {name: float(ranks["equal"].corr(ranks[name])) for name in others}
    far = min(others, key=lambda name: (rho[name], name))
    largest = shifts.abs().max()
    top = str(largest.idxmax())
    code = str(shifts[top].abs().idxmax())
    places = int(number(shifts, code, top))
    if places == 0:
        headline = f"No other set of weights changes the order{asked.where}"
    else:
        way = "safer" if places < 0 else "riskier"
        headline = (
            f"Weights move single economies, hardly the whole: {plain_name(code)} looks "
            f"{counted(abs(places), 'place')} {way} to {_whose(asked, top)}"
            if rho[far] >= 0.9
            else f"Weights matter{asked.where}: {plain_name(code)} looks "
            f"{counted(abs(places), 'place')} {way} to {_whose(asked, top)}"
        )
    said = [f"{headline}."]
    said.append(
        "Rank correlation with equal weights: "
        + listed(f"{_label(name).casefold()} {fixed(rho[name], 2)}" for name in others)
        + "."
    )
    if places:
        said.append("Largest shifts under each, minus being safer.")
    said.extend(_whom(name, shifts[name]) for name in others if shifts[name].any())
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            f"Rank by risk under each set of weights, 1 the least; blue safer, red riskier than "
            f"under equal weights; {asked.year}, {asked.scope}, {asked.aggregation} mean"
            f"{_some_rows(asked, ranks)}"
        ),
        source=asked.source(),
        table=_weights_table(ranks),
        notes=(_declared(asked),),
    )


def _whose(asked: Terms, name: str) -> str:
    if name == "asked":
        return "the weights asked for"
    return weights_in_words(name).removeprefix("weights of ")


def _label(name: str) -> str:
    return _COLUMN.get(name, name.replace("_", " ").capitalize())


def _whom(name: str, shift: pd.Series) -> str:
    """Name who gains and who loses most under some weights."""
    safer, riskier = str(shift.idxmin()), str(shift.idxmax())
    parts = [
        f"{plain_name(code)} {signed(float(shift[code]), 0)}"
        for code in (safer, riskier)
        if shift[code]
    ]
    return f"{_label(name)}: {listed(parts)} places."


def _declared(asked: Terms) -> str:
    names = risk.dimensions()
    table = risk.presets().drop(index="equal")
    said = []
    for preset, row in table.iterrows():
        apart = [f"{lower(names[str(code)])} {fixed(value, 1).removesuffix('.0')}"
                 for code, value in row.items() if value != 1]  # fmt: skip
        said.append(f"{_label(str(preset))}: {', '.join(apart)}")
    return f"Weights other than 1. {'; '.join(said)}."


def _rows_shown(asked: Terms, ranks: pd.DataFrame) -> pd.DataFrame:
    if len(ranks) <= _MOST_ROWS:
        return ranks
    moved = ranks.sub(ranks["equal"], axis=0).abs().max(axis=1)
    marked = [code for code in asked.highlight if code in ranks.index][:_MOST_ROWS]
    order = moved.sort_values(ascending=False, kind="stable").index
    keep = {*marked, *order[: max(8, _MOST_ROWS - len(marked))]}
    return ranks[ranks.index.isin(keep)]


def _some_rows(asked: Terms, ranks: pd.DataFrame) -> str:
    shown = _rows_shown(asked, ranks)
    if len(shown) == len(ranks):
        return ""
    return f"; those that shift most and those highlighted, of {len(ranks)}"


def weights_matrix(asked: Terms, ranks: pd.DataFrame) -> dict[str, Any]:
    """Arguments of :func:`sme_analysis.plots.heat_map`: ranks, coloured by shift."""
    if ranks.empty:
        return {"data": ranks, "text": ranks}
    shown = _rows_shown(asked, ranks)
    named = shown.rename(index=plain_name, columns=_label)
    shift = named.rsub(named["Equal"], axis=0).astype(float)
    least = max(4.0, 0.1 * len(ranks))
    limit = float(np.clip(shift.abs().to_numpy().max(), least, _FULL))
    return {"data": shift, "text": named, "sure": shift.abs() >= least, "limit": limit}


def _weights_table(ranks: pd.DataFrame) -> pd.DataFrame:
    table = ranks.rename(columns=_label)
    table.insert(0, "Economy", [plain_name(str(code)) for code in ranks.index])
    return table.reset_index(drop=True)
