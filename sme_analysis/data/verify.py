"""Verification of a data folder: hashes, schema, keys, references, ranges, adding-up rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import DataError
from ..locations import folder
from . import catalogue, rules
from .parsing import parse

_SHOWN = 5  # examples named per failure; the count is always given


def verify(where: Path | None = None) -> list[str]:
    """Check every table of a data folder against its registry.

    Parameters
    ----------
    where : pathlib.Path, optional
        A data folder; the shipped one by default.

    Returns
    -------
    list of str
        One sentence per failure, empty when all is well. Checked are the file hashes, columns,
        types, required values, allowed values, patterns, ranges, unique columns, primary and
        foreign keys, and the adding-up rules of :mod:`sme_analysis.data.rules`.

    Raises
    ------
    DataError
        If the registry itself cannot be read.
    """
    where = where or folder("data")
    catalogue.registry.cache_clear()
    frames: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    for entry in catalogue.registry(where)["resources"]:
        name, path = entry["name"], where / entry["path"]
        if not path.is_file():
            problems.append(f"{name}: the file {entry['path']} is missing")
            continue
        problems.extend(_hash(entry, path))
        try:
            frames[name] = parse(entry["schema"]["fields"], path, name)
        except DataError as error:
            problems.append(str(error))
            continue
        problems.extend(_schema(entry, frames[name]))
    for entry in catalogue.registry(where)["resources"]:
        problems.extend(_foreign_keys(entry, frames))
    problems.extend(_orphans(catalogue.registry(where), frames))
    problems.extend(_strangers(where))
    problems.extend(rules.adding_up(frames))
    return problems


def verify_table(entry: dict[str, Any], where: Path, others: dict[str, pd.DataFrame]) -> list[str]:
    """Check one table of a folder against its own registry entry.

    Parameters
    ----------
    entry : dict
        The registry's entry of the table.
    where : pathlib.Path
        The folder that holds its file.
    others : dict of str to DataFrame
        The tables that it refers to, and those that its adding-up rules need.

    Returns
    -------
    list of str
        One sentence per failure; rules between other tables are left out.
    """
    name, path = entry["name"], where / entry["path"]
    problems = list(_hash(entry, path))
    try:
        frame = parse(entry["schema"]["fields"], path, name)
    except DataError as error:
        return [*problems, str(error)]
    problems.extend(_schema(entry, frame))
    frames = {**others, name: frame}
    problems.extend(_foreign_keys(entry, frames))
    problems.extend(text for text in rules.adding_up(frames) if name in text)
    return problems


def digest(path: Path) -> str:
    """Return the hash of a file as the registry writes it."""
    return catalogue.sha256(path.read_bytes())


def _hash(entry: dict[str, Any], path: Path) -> Iterator[str]:
    if entry.get("hash") != digest(path):
        yield (
            f"{entry['name']}: {entry['path']} is not the registered file (sha256 differs): "
            "it was edited or damaged"
        )


def _schema(entry: dict[str, Any], frame: pd.DataFrame) -> Iterator[str]:
    """Check every column's constraints, and the primary key."""
    name = entry["name"]
    for field in entry["schema"]["fields"]:
        column, rule = frame[field["name"]], field.get("constraints", {})
        filled = column.notna()
        where = f"{name}, column {field['name']!r}"
        if rule.get("required"):
            yield from _named(where, "must not be blank", column[~filled])
        allowed = [item["value"] for item in field.get("categories", [])] or rule.get("enum")
        if allowed:
            wrong = column[filled & ~column.isin(allowed)]
            yield from _named(where, f"must be one of {allowed}", wrong)
        if rule.get("unique"):
            yield from _named(
                where, "must not repeat", column[filled & column.duplicated(keep="first")]
            )
        if "pattern" in rule:
            wrong = _unlike(column[filled].astype("str"), partial(re.fullmatch, rule["pattern"]))
            yield from _named(where, f"must look like {rule['pattern']}", wrong)
        for bound, outside in (("minimum", column.lt), ("maximum", column.gt)):
            if bound in rule:
                wrong = outside(rule[bound]).fillna(False)
                yield from _named(where, f"{bound} is {rule[bound]}", column[wrong])
        if field["type"] == "date":
            wrong = _unlike(column[filled], _is_date)
            yield from _named(where, "must be a date (YYYY-MM-DD)", wrong)
        if field["type"] == "string":
            wrong = _unlike(column[filled], lambda value: value == value.strip())
            yield from _named(where, "has spaces around the text", wrong)
    yield from _primary_key(entry, frame)


def _unlike(column: pd.Series, fits: Callable[[str], object]) -> pd.Series:
    """Rows whose text does not fit; each distinct text is looked at once."""
    unfit = [text for text in column.drop_duplicates().to_numpy(dtype=object) if not fits(text)]
    return column[column.isin(unfit)] if unfit else column.iloc[:0]


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        return False
    return True


def _primary_key(entry: dict[str, Any], frame: pd.DataFrame) -> Iterator[str]:
    key = entry["schema"]["primaryKey"]
    key = [key] if isinstance(key, str) else key
    blank = frame[key].isna().any(axis=1)
    if blank.any():
        yield f"{entry['name']}: the key {', '.join(key)} is blank in {_lines(blank)}"
    twice = frame.duplicated(key, keep="first")
    if twice.any():
        yield f"{entry['name']}: the key {', '.join(key)} repeats in {_lines(twice)}"


def _foreign_keys(entry: dict[str, Any], frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    for key in entry["schema"].get("foreignKeys", []):
        target = key["reference"]["resource"]
        if entry["name"] not in frames or target not in frames:
            continue
        (own,), (other,) = key["fields"], key["reference"]["fields"]
        column = frames[entry["name"]][own].dropna()
        unknown = column[~column.isin(frames[target][other])]
        yield from _named(
            f"{entry['name']}, column {own!r}", f"must be in table {target!r}", unknown
        )


def _orphans(registry: dict[str, Any], frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Find registered sources that no figure uses."""
    if "sources" not in frames:
        return
    used: set[str] = set()
    for entry in registry["resources"]:
        for key in entry["schema"].get("foreignKeys", []):
            if key["reference"]["resource"] == "sources" and entry["name"] in frames:
                used |= set(frames[entry["name"]][key["fields"][0]].dropna())
    ids = frames["sources"]["source_id"]
    yield from _named("sources", "no row of any table uses this source", ids[~ids.isin(used)])


def _strangers(where: Path) -> Iterator[str]:
    """Find CSV files that the registry does not know."""
    known = {entry["path"] for entry in catalogue.registry(where)["resources"]}
    for path in sorted(where.glob("*.csv")):
        if path.name not in known:
            yield f"{path.name}: the registry has no such table"


def _named(where: str, rule: str, wrong: pd.Series) -> Iterator[str]:
    """Name the offending values and the lines of the file they stand on."""
    if len(wrong):
        examples = [f"line {int(str(i)) + 2}: {value!r}" for i, value in wrong.head(_SHOWN).items()]
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        yield f"{where}: {rule} ({'; '.join(examples)}{more})"


def _lines(flags: pd.Series) -> str:
    lines = [int(str(i)) + 2 for i in flags.index[flags]]
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"line {', '.join(map(str, lines[:_SHOWN]))}{more}"
