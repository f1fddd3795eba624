"""Which economy is meant, and which others stand beside it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ... import economies
from ...data.tables import load, stamp
from ...errors import ParameterError
from ...kept import Kept

HOME = "CHN"
BESIDE = 4  # economies set beside one that the reader did not choose
# What makes economies alike: the first of which everything is known of the economy.
_MEASURES = {
    ("gdp", "gni_per_capita"): "size", ("gdp",): "size", ("population",): "population",
}  # fmt: skip


def host(economy: str) -> str:
    """Return the code of a host economy.

    Parameters
    ----------
    economy : str
        Any name or code.

    Raises
    ------
    UnknownNameError
        If there is no such economy; the message has the nearest name.
    ParameterError
        If nothing is named, or China, the home of the firms, or an entry of the data that is no
        economy of today.

    Examples
    --------
    >>> host("Ivory Coast"), host("香港")
    ('CIV', 'HKG')
    """
    if not isinstance(economy, str) or not economy.strip():
        raise ParameterError(f"no economy is named: {economy!r} is empty or no text.")
    code = economies.to_iso3(economy)
    if code is None:
        raise ParameterError("no economy is named.")
    if code == HOME:
        raise ParameterError(
            "China is the home of the investing firms: a brief is about a host, such as Viet Nam "
            "or Hong Kong SAR."
        )
    table = load("economies", ["iso3", "name", "kind"]).set_index("iso3")
    kind = str(table.at[code, "kind"])
    if kind != "economy":
        what = {"former": "an economy that no longer exists", "residual": "a remainder of a region"}
        raise ParameterError(f"{table.at[code, 'name']!s} is {what[kind]}: it has no brief.")
    return code


def peers(code: str, wanted: Iterable[str] = (), *, scored: Iterable[str] = ()) -> list[str]:
    """Return the economies to set beside one, by code.

    Parameters
    ----------
    code : str
    wanted : iterable of str
        Names or codes that the reader chose; the economy itself and repetitions are passed over.
    scored : iterable of str
        If nothing was chosen: the economies that may be taken.

    Returns
    -------
    list of str
        What was chosen; else up to four of the same World Bank region (the continent of the
        bulletin where there is none) that are nearest in output and income per person, in output
        or population alone where that is unknown, else first in Chinese stock of 2019.
    """
    return selection(code, wanted, scored=scored)[0]


def selection(
    code: str, wanted: Iterable[str] = (), *, scored: Iterable[str] = ()
) -> tuple[list[str], str]:
    """Return what :func:`peers` returns, and what it went by.

    Returns
    -------
    list of str
        The economies, by code.
    str
        "chosen", "size" (output, with or without income per person), "population" or "stock"
        (the largest Chinese stock of 2019 in the region).
    """
    chosen = [other for other in dict.fromkeys(host(name) for name in wanted) if other != code]
    if chosen:
        return chosen, "chosen"
    table = load("economies").set_index("iso3")
    column = "bulletin_region" if pd.isna(table["wb_region"])[code] else "wb_region"
    near = table.index[(table[column] == table.at[code, column]) & (table["kind"] == "economy")]
    near = near[near.isin(list(scored)) & ~near.isin([code, HOME])]
    gaps, basis = _gaps(code, near)
    gaps = gaps.fillna(np.inf)
    return sorted(near, key=lambda other: (float(gaps[other]), other))[:BESIDE], basis


def _gaps(code: str, near: pd.Index) -> tuple[pd.Series, str]:
    """How far each economy is from one on logarithmic scales, and in what."""
    newest = _newest.get(stamp("country_indicators"), _last_values)
    for measures, basis in _MEASURES.items():
        if all((name, code) in newest.index for name in measures):
            logs = [np.log(newest[name].reindex(near) / newest[name, code]) for name in measures]
            return pd.Series(np.sqrt(sum(log**2 for log in logs)), near), basis
    stock = load("outward_fdi_by_economy")
    stock = stock[(stock["measure"] == "stock") & (stock["year"] == 2019)]
    return -stock.set_index("iso3")["value"].reindex(near), "stock"


_newest: Kept[pd.Series] = Kept(1)


def _last_values() -> pd.Series:
    """Newest value of every indicator of every economy."""
    table = load("country_indicators").sort_values("year")
    return table.groupby(["indicator", "iso3"])["value"].last()
