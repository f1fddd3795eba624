"""What the screening consists of, read from the data: indicators, sectors, weights, appetite."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .. import weighing
from ..errors import ParameterError, unknown
from .tables import Tables, one

ROOT = "market"
ACCESS = 0.2  # share of access in the score, whatever the appetite
APPETITES: Mapping[str, float] = {"low": 0.0, "medium": 0.5, "high": 1.0}
_MOST_SAFETY, _LEAST_SAFETY = 0.4, 0.1  # share of safety at no appetite and at a full one


def structure(*, tables: Tables | None = None) -> pd.DataFrame:
    """Return the score as declared: one row for each dimension, pillar and indicator.

    Returns
    -------
    DataFrame
        `code`, `parent`, `name`, `direction`, `table` and `indicator` (where the figures come
        from), `measure`, `window` and `max_age` (years), `scale`, `weight` (default, among
        siblings), `unit`, `strong` and `weak` (how a high and a low score are said), `reason`.
    """
    table = one("market_structure", tables).sort_values("place", ignore_index=True)
    return table.drop(columns=["place", "source_id"])


def sectors(*, tables: Tables | None = None) -> pd.DataFrame:
    """Return the sectors that can be asked for, by code.

    Returns
    -------
    DataFrame, index `sector`
        `name`, `weight_group`, `presence` (sector whose Chinese presence counts, blank for all),
        `risk_weights`, `unsuited` (income group that is no place for the sector), `reason`.
    """
    table = one("market_sectors", tables).drop(columns="source_id")
    return table.set_index("sector").sort_index()


def sector_code(wanted: str, *, tables: Tables | None = None) -> str:
    """Return the code of a sector given by its code or name.

    Raises
    ------
    ParameterError
        If there is none; the message has the nearest.

    Examples
    --------
    >>> sector_code("Textiles and garments"), sector_code("solar-equipment")
    ('textiles_garments', 'solar_equipment')
    """
    known = sectors(tables=tables)
    if isinstance(wanted, str):
        folded = wanted.strip().casefold()
        for code, name in zip(known.index, known["name"], strict=True):
            if folded.replace("-", "_").replace(" ", "_") == code or folded == name.casefold():
                return str(code)
    raise ParameterError(unknown("sector", wanted, list(known.index)))


def appetite(wanted: str | float) -> float:
    """Read a risk appetite: "low", "medium", "high", or a number from 0 (none) to 1 (full).

    Examples
    --------
    >>> appetite("medium"), appetite("0.8"), appetite(0)
    (0.5, 0.8, 0.0)
    """
    if isinstance(wanted, str) and wanted.strip().casefold() in APPETITES:
        return APPETITES[wanted.strip().casefold()]
    try:
        number = float(wanted)
    except (TypeError, ValueError):
        number = float("nan")
    if isinstance(wanted, bool) or not 0 <= number <= 1:
        raise ParameterError(
            f"a risk appetite is low, medium, high or a number from 0 to 1, not {wanted!r}."
        )
    return number


def appetite_weights(level: float) -> dict[str, float]:
    """Shares of opportunity, safety and access at a risk appetite from 0 to 1.

    Access is a fifth throughout. Safety falls in a straight line from two fifths at no appetite to
    a tenth at a full one; opportunity has the rest.

    Examples
    --------
    >>> {code: round(share, 2) for code, share in appetite_weights(0.5).items()}
    {'opportunity': 0.55, 'safety': 0.25, 'access': 0.2}
    """
    safety = _MOST_SAFETY + (_LEAST_SAFETY - _MOST_SAFETY) * level
    return {"opportunity": 1.0 - ACCESS - safety, "safety": safety, "access": ACCESS}


def weights(
    sector: str = "all", given: str | Mapping[str, float] = "", risk_appetite: str | float = 0.5,
    *, tables: Tables | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Weights of every node for a sector, an appetite and one's own changes.

    Parameters
    ----------
    sector : str
        See :func:`sectors`.
    given : mapping of code to weight, or text such as "gdp=3, zones=0"
        In place of the default or the sector's weight; any node but the root.
    risk_appetite : str or float
        See :func:`appetite_weights`.

    Returns
    -------
    DataFrame, index `code`
        `weight` (only ratios among siblings count; zero leaves a node out), `set_by` ("default",
        "sector", "risk appetite", "you"), `reason`.

    Raises
    ------
    ParameterError
        If a sector or node is unknown, a weight is no number from zero up, or nothing is left of
        opportunity.
    """
    table = structure(tables=tables).set_index("code")
    result = table[["weight", "reason"]].assign(set_by="default")
    group = sectors(tables=tables).at[sector_code(sector, tables=tables), "weight_group"]
    rows = one("market_weights", tables)
    for row in rows[rows["weight_group"] == group].to_dict("records"):
        _put(result, str(row["code"]), float(row["weight"]), "sector", str(row["reason"]))
    for code, share in appetite_weights(appetite(risk_appetite)).items():
        _put(result, code, share, "risk appetite", str(result.at[code, "reason"]))
    for code, value in weighing.read(given).items():
        if code not in result.index or code == ROOT:
            raise ParameterError(unknown("node", code, [c for c in result.index if c != ROOT]))
        _put(result, code, value, "you", "Your own choice.")
    return result


def kept(weighed: pd.DataFrame, tree: pd.DataFrame) -> list[str]:
    """Codes of the nodes that count: a weight above zero, as have all above, and some below.

    Raises
    ------
    ParameterError
        If the weights leave no indicator.
    """
    parents = tree.set_index("code")["parent"]
    leaves = set(tree.loc[tree["measure"].notna(), "code"])
    heft = weighed["weight"].to_dict()
    found: set[str] = set()
    for leaf in leaves:
        path = [str(leaf)]
        while pd.notna(parents[path[-1]]):
            path.append(str(parents[path[-1]]))
        if all(heft[code] > 0 for code in path[:-1]):
            found.update(path)
    if not found:
        raise ParameterError("weights: no indicator is left: at least one must count.")
    return [str(code) for code in tree["code"] if code in found]


def _put(table: pd.DataFrame, code: str, weight: float, by: str, reason: str) -> None:
    table.at[code, "weight"] = weight
    table.at[code, "set_by"] = by
    table.at[code, "reason"] = reason
