"""What the index consists of, read from the data: dimensions, indicators, directions, weights."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .. import weighing
from ..composite import Structure
from ..data.tables import load, stamp
from ..errors import ParameterError, unknown
from ..kept import Kept
from .tables import Tables, single

ROOT = "risk"


def structure(*, tables: Tables | None = None) -> pd.DataFrame:
    """Return the index as declared: one row for each dimension, pillar and indicator.

    Returns
    -------
    DataFrame
        `code`, `parent`, `name`, `direction` ("higher_is_safer", "higher_is_riskier"), `table` and
        `indicator` (where the figures come from), `measure` (how a figure for a year is made of
        them), `window` and `max_age` (years), `scale` ("level", "log", "log1p"), `panel` ("yes" if
        the series reaches back to 2005, "no", or "user" if it comes from one's own file), `reason`.
    """
    if tables is not None and "risk_structure" in tables:
        return _ordered(tables["risk_structure"])
    shipped = _shipped.get(stamp("risk_structure"), lambda: _ordered(load("risk_structure")))
    return shipped.copy(deep=False)


_shipped: Kept[pd.DataFrame] = Kept(1)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values("place", ignore_index=True).drop(columns=["place", "source_id"])


def dimensions(*, tables: Tables | None = None) -> dict[str, str]:
    """Return the dimensions, code to name, in order.

    Examples
    --------
    >>> list(dimensions())
    ['political', 'economic', 'social', 'environmental', 'compliance', 'ties']
    """
    table = structure(tables=tables)
    rows = table[table["parent"] == ROOT]
    return dict(zip(rows["code"], rows["name"], strict=True))


def level(structure: Structure, code: str) -> str:
    """Return what a node of a built index is: "index", "dimension", "pillar" or "indicator"."""
    parent = structure.parents[code]
    if parent is None:
        return "index"
    if code in structure.indicators:
        return "indicator"
    return "dimension" if parent == ROOT else "pillar"


def presets(*, tables: Tables | None = None) -> pd.DataFrame:
    """Return the named sets of weights: preset by dimension, "equal" first.

    Returns
    -------
    DataFrame
        One row a preset, one column a dimension; only the ratios within a row count.
    """
    table = single("risk_weights", tables)
    wide = table.pivot(index="preset", columns="dimension", values="weight")
    equal = pd.DataFrame(1.0, index=["equal"], columns=list(dimensions(tables=tables)))
    return pd.concat([equal, wide[equal.columns]]).rename_axis(index="preset", columns="dimension")


def weights(wanted: str | Mapping[str, float], *, tables: Tables | None = None) -> dict[str, float]:
    """Read weights of the dimensions.

    Parameters
    ----------
    wanted : str or mapping
        A preset ("equal", "cautious_lender", "exporter", "plant_builder"), a mapping of dimension
        to weight, or the same as text: "political=2, ties=0". Dimensions that are not named weigh
        one.

    Returns
    -------
    dict
        Dimension to weight, zero or more; only the ratios count.

    Raises
    ------
    ParameterError
        If a preset or dimension is unknown, or a weight is no number from zero up, or all are zero.

    Examples
    --------
    >>> weights("political=3, ties=0")["political"]
    3.0
    >>> weights("exporter")["economic"]
    3.0
    """
    known = presets(tables=tables)
    if isinstance(wanted, str):
        name = wanted.strip().casefold().replace("-", "_").replace(" ", "_")
        if name in known.index:
            row = known.loc[name].to_numpy(dtype=float)
            return dict(zip(map(str, known.columns), row.tolist(), strict=True))
        if "=" not in wanted:
            raise ParameterError(
                unknown("preset of weights", wanted, list(known.index))
                + " Or give weights of dimensions, as in 'political=2, ties=0'."
            )
    elif not isinstance(wanted, Mapping):
        raise ParameterError(f"weights are a preset or a mapping, not {type(wanted).__name__}.")
    found = dict.fromkeys(map(str, known.columns), 1.0)
    for code, value in weighing.read(wanted, "dimension").items():
        if code not in found:
            raise ParameterError(unknown("dimension", code, list(found)))
        found[code] = value
    if not any(found.values()):
        raise ParameterError("all weights are zero: at least one dimension must count.")
    return found
