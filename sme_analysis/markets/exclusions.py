"""Who is not to be ranked: names, a user's list in a file, groups, small and risky economies."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from ..economies import members, name, to_iso3
from ..errors import DataError, ParameterError, UnknownNameError, unknown

# In the order in which they are applied: an economy is left out for the first that holds.
REASONS = {
    "current": "already a market of the firm",
    "excluded": "excluded by you",
    "listed": "on the list in your file",
    "elsewhere": "outside the group asked for",
    "small": "below the least population",
    "unsuited": "unsuited to the sector by its income",
    "no_data": "too few figures for a score",
    "risky": "above the risk ceiling",
}
_LARGEST = 1_000_000  # bytes of a list
_CODES, _NAMES = ("iso3", "code", "iso"), ("economy", "country", "name", "market")


def codes_of(given: Iterable[str], what: str) -> list[str]:
    """Read names or codes of economies, each once, in order.

    Raises
    ------
    ParameterError
        If it is one text where a list is wanted, or names China.
    UnknownNameError
        If a name is none.
    """
    if isinstance(given, str):
        raise ParameterError(f"{what} is a list of economies, not the one text {given!r}.")
    found = dict.fromkeys(str(to_iso3(item)) for item in given if str(item).strip())
    if "CHN" in found:
        raise ParameterError(f"{what}: China is the firm's home and not among the markets.")
    return list(found)


def read_list(path: str | Path) -> pd.DataFrame:
    """Read a list of economies to leave out, such as one made from a sanctions list.

    Parameters
    ----------
    path : str or Path
        A CSV file, UTF-8, with commas, semicolons or tabs, and a heading: a column `iso3` or
        `economy` (any name or code in either), and, if wanted, `reason`.

    Returns
    -------
    DataFrame
        `iso3`, `reason` ("" where none is given), each economy once; China is passed over.

    Raises
    ------
    DataError
        If the file cannot be read, has no such column, or names something that is no economy; the
        message gives file and line.
    """
    where = Path(path).expanduser()
    rows = _cells(where)
    if not rows:
        raise DataError(f"{where.name} is empty: needed is a heading with iso3 or economy.")
    heads = [cell.strip().casefold() for cell in rows[0][1]]
    column = next((heads.index(head) for head in (*_CODES, *_NAMES) if head in heads), None)
    if column is None:
        shown = ", ".join(heads)[:80]
        raise DataError(f"{where.name} has no column iso3 or economy: its heading is {shown!r}.")
    why = heads.index("reason") if "reason" in heads else None
    found: dict[str, str] = {}
    for line, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        text = cells[column].strip() if column < len(cells) else ""
        code = _code(text, where.name, line)
        reason = cells[why].strip()[:200] if why is not None and why < len(cells) else ""
        if code != "CHN":
            found.setdefault(code, reason)
    return pd.DataFrame({"iso3": list(found), "reason": list(found.values())}, dtype="object")


def _cells(where: Path) -> list[tuple[int, list[str]]]:
    """Rows of a file with the numbers of their lines."""
    try:
        size = where.stat().st_size if where.is_file() else -1
        content = where.read_bytes() if 0 <= size <= _LARGEST else b""
    except OSError as error:
        raise DataError(f"{where.name} cannot be read: {error.strerror}.") from None
    if size < 0:
        raise DataError(f"there is no file {str(where)!r} to read a list from.")
    if size > _LARGEST:
        raise DataError(f"{where.name} has {size:,} bytes: a list has at most {_LARGEST:,}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{where.name} is not UTF-8: save it as CSV in UTF-8.") from None
    if "\x00" in text:
        raise DataError(f"{where.name} is not a text file: save it as CSV in UTF-8.")
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise DataError(f"{where.name}, line {reader.line_num}: {error}.") from None


def _code(text: str, file: str, line: int) -> str:
    if not text:
        raise DataError(f"{file}, line {line}: the economy is blank.")
    try:
        return str(to_iso3(text[:200]))
    except (UnknownNameError, ParameterError) as error:
        raise DataError(f"{file}, line {line}: {error}") from None


def reasons(
    economies: pd.Index, *, year: int, current: list[str], exclude: list[str],
    listed: pd.DataFrame, group: str, population: pd.Series, minimum: float, unsuited: pd.Series,
    lacking: pd.Series, risk: pd.Series, ceiling: float,
) -> pd.DataFrame:  # fmt: skip
    """Every reason to leave each economy out.

    Parameters
    ----------
    economies : codes
    population : Series by economy, persons
    minimum : float, millions
    unsuited : Series by economy, why it does not suit the sector, "" if it does
    lacking : Series by economy, what its score lacks, "" if nothing
    risk : Series by economy, 0 to 100
    ceiling : float

    Returns
    -------
    DataFrame
        `iso3`, `reason` (a key of `REASONS`), `detail`; no row for who is to be ranked, and more
        than one where several reasons hold, in the order of `REASONS`.
    """
    inside = set(members(group, year))
    told = dict(zip(listed["iso3"], listed["reason"], strict=True))
    rows: list[tuple[str, str, str]] = []
    for code in economies:
        people, level = (float(found.get(code, np.nan)) for found in (population, risk))
        if code in current:
            rows.append((code, "current", REASONS["current"]))
        if code in exclude:
            rows.append((code, "excluded", REASONS["excluded"]))
        if code in told:
            words = f": {told[code]}" if told[code] else ""
            rows.append((code, "listed", f"{REASONS['listed']}{words}"))
        if code not in inside:
            rows.append((code, "elsewhere", f"not in {group}"))
        if minimum > 0 and not people >= minimum * 1e6:
            size = f"{people / 1e6:.2g} mn people" if people > 0 else "population not known"
            rows.append((code, "small", f"{size}; at least {minimum:g} mn asked for"))
        if unsuited.get(code):
            rows.append((code, "unsuited", str(unsuited[code])))
        if lacking.get(code):
            rows.append((code, "no_data", str(lacking[code])))
        if level > ceiling:
            rows.append((code, "risky", f"risk {level:.0f}, above the ceiling of {ceiling:g}"))
    return pd.DataFrame(rows, columns=["iso3", "reason", "detail"])


def first_reasons(every: pd.DataFrame) -> pd.DataFrame:
    """One row an economy: the first reason, its detail, and the others in `also`."""
    if every.empty:
        return pd.DataFrame(columns=["iso3", "economy", "reason", "detail", "also"])
    grouped = every.groupby("iso3", sort=False)
    table = grouped.first()
    table["also"] = grouped["detail"].agg(lambda details: "; ".join(details.iloc[1:]))
    table.insert(0, "economy", [name(str(code), "plain") for code in table.index])
    order = {reason: place for place, reason in enumerate(REASONS)}
    table["place"] = table["reason"].map(order)
    table = table.sort_values(["place", "economy"]).drop(columns="place")
    return table.reset_index()


def known_reason(reason: str) -> str:
    """Words of a reason, or a ParameterError."""
    if reason not in REASONS:
        raise ParameterError(unknown("reason", reason, list(REASONS)))
    return REASONS[reason]
