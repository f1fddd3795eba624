"""What a short list hangs on: leave one part of the score out at a time."""

from __future__ import annotations

import pandas as pd

from ..errors import ParameterError
from . import declared
from .model import index_of
from .screening import Screening


def leave_one_out(screened: Screening, n: int = 10) -> pd.DataFrame:
    """Rank the same economies again without each pillar in turn.

    Parameters
    ----------
    screened : Screening
    n : int
        Length of the short list.

    Returns
    -------
    DataFrame, the part that moves the list most first
        `code`, `name`, `weight` (effective, sums to one), `stay` (how many of the first `n`
        remain), `enter` and `leave` (names, best first).
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ParameterError(f"n is a whole number from one up, not {n!r}.")
    tree = screened.figures.tree
    codes = declared.kept(screened.weights, tree)
    first = screened.ranked.head(n)["iso3"].tolist()
    names = screened.ranked.set_index("iso3")["economy"]
    shares = index_of(screened.figures, screened.weights).weights.set_index("code")["effective"]
    parents = tree.set_index("code")["parent"]
    leaves = set(screened.figures.leaves.index)
    rows = []
    for code in codes:
        if code in leaves or code == declared.ROOT or code == "opportunity" or code not in shares:
            continue
        if parents[code] == "access" or (parents[code] == "safety"):
            continue
        order = _order_without(screened, code)
        if order is None:
            continue
        now = order[: len(first)]
        rows.append(
            {"code": code, "name": tree.set_index("code").at[code, "name"],
             "weight": shares[code], "stay": len(set(first) & set(now)),
             "enter": "; ".join(names[c] for c in now if c not in first),
             "leave": "; ".join(names[c] for c in first if c not in now)}
        )  # fmt: skip
    columns = ["code", "name", "weight", "stay", "enter", "leave"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["stay", "weight"], ascending=[True, False], ignore_index=True)


def _order_without(screened: Screening, code: str) -> list[str] | None:
    """Ranked economies in the order of a score without one node; None if nothing is left."""
    weighed = screened.weights.copy()
    weighed.loc[code, "weight"] = 0.0
    try:
        index = index_of(screened.figures, weighed)
    except ParameterError:
        return None
    scores = index.scores[declared.ROOT].reindex(screened.ranked["iso3"])
    return [str(c) for c in scores.sort_values(ascending=False, kind="stable").index]
