"""Grids: which values a batch runs through, given as choices, as a CSV or as a YAML file.

A grid is data: texts and numbers that are checked as any parameter is. Its size is known before it
is written out, so that an enormous one costs nothing.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ParameterError, nearest
from .catalogue import Report
from .parameters import Parameters, check
from .rules import Between, OneOf, Readable, resolve, shown

LIMIT = 1000  # reports of a batch, unless more are allowed
MOST = 1_000_000  # reports of a batch, however many are allowed
_LARGEST = 10_000_000  # bytes of a file
_TOLD = 10  # problems that are listed one by one
ALL = "all"

Row = dict[str, Any]
Grid = Mapping[str, Any] | Iterable[Mapping[str, Any]] | str | Path


def rows(found: Report, grid: Grid, *, limit: int | None = LIMIT) -> list[tuple[str, Row]]:
    """Return where each row of a grid stands, for messages, and its values.

    Parameters
    ----------
    found : Report
    grid : mapping, iterable of mappings, or path
        A mapping of names to lists of values stands for all their combinations; "all" for a list
        takes every value that the report accepts. An iterable has one mapping for each report. A
        path leads to a CSV (a column for each parameter, a row for each report) or a YAML file (a
        list of mappings, or one mapping of lists).
    limit : int, optional
        Longest grid.

    Raises
    ------
    ParameterError
        If it is empty, too long, or no grid.
    """
    text = isinstance(grid, str | Path) and Path(grid).suffix.casefold() == ".csv"
    content = _file(Path(grid)) if isinstance(grid, str | Path) else grid
    name = Path(grid).name if isinstance(grid, str | Path) else "grid"
    if isinstance(content, Mapping):
        return [("", row) for row in _product(found, content, limit)]
    listed: list[tuple[str, Row]] = []
    first, where = (2, "line") if text else (1, "row")
    for number, row in enumerate(content, start=first):
        if isinstance(row, _Line):
            number = row.number
        if not isinstance(row, Mapping) or not all(isinstance(key, str) for key in row):
            raise ParameterError(
                f"{name}, {where} {number}: a row has names and values, not {shown(row)}."
            )
        if limit is not None and len(listed) == limit:
            raise ParameterError(_too_long(None, limit))
        listed.append((f"{name}, {where} {number}: ", dict(row)))
    if not listed:
        raise ParameterError(f"{name} has no rows: there is nothing to run.")
    return listed


def checked(
    found: Report,
    grid: Grid,
    fixed: Mapping[str, Any] | None = None,
    *,
    limit: int | None = LIMIT,
    text: bool = False,
) -> list[Parameters]:
    """Return the checked values of every report of a grid; each set of values once.

    Parameters
    ----------
    found : Report
    grid : see :func:`rows`
    fixed : mapping, optional
        Values that are the same for all; a row may not give them again.
    limit : int, optional
        Longest grid.
    text : bool
        Values are texts typed by a person; those of a CSV file are in any case.

    Raises
    ------
    ParameterError
        If any row is not accepted: a line for each problem, as far as there is room.
    """
    same = dict(fixed or {})
    text = text or (isinstance(grid, str | Path) and Path(grid).suffix.casefold() == ".csv")
    accepted: dict[tuple[tuple[str, str], ...], Parameters] = {}
    problems: list[str] = []
    for where, row in rows(found, grid, limit=limit):
        try:
            if twice := sorted(set(row) & set(same)):
                raise ParameterError(f"report {found.name}: {twice[0]} is given twice.")
            values = check(found, {**same, **row}, text=text)
        except ParameterError as error:
            problems.extend(f"{where}{_hinted(line, grid)}" for line in str(error).splitlines())
            continue
        accepted.setdefault(tuple((name, repr(value)) for name, value in values.items()), values)
    problems = list(dict.fromkeys(problems))
    if problems:
        more = len(problems) - _TOLD
        told = problems[:_TOLD] + ([f"and {more:,} more such problems."] if more > 0 else [])
        raise ParameterError("\n".join(told))
    return list(accepted.values())


def _hinted(line: str, grid: Grid) -> str:
    yaml = isinstance(grid, str | Path) and Path(grid).suffix.casefold() in (".yaml", ".yml")
    if yaml and line.endswith(("must be text, not False.", "must be text, not True.")):
        return f'{line[:-1]} (YAML takes no and yes for that: write "no").'
    return line


def choices(texts: Sequence[str]) -> dict[str, Any]:
    """Turn `name=a,b,c` texts of a command line into a mapping of lists.

    Values are divided at ";" where there is one, else at ",".
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, values = text.partition("=")
        listed = [item.strip() for item in values.split(";" if ";" in values else ",")]
        if not equals or not name.strip() or not any(listed):
            raise ParameterError(f"--over takes name=a,b,c or name=all, not {shown(text)}.")
        if name.strip() in found:
            raise ParameterError(f"--over gives {shown(name.strip())} twice.")
        every = [item.casefold() for item in listed] == [ALL]
        found[name.strip()] = ALL if every else [item for item in listed if item]
    return found


def _product(found: Report, grid: Mapping[str, Any], limit: int | None) -> Iterator[Row]:
    lists: dict[str, Sequence[Any]] = {}
    for name, values in grid.items():
        if isinstance(values, str) and values.casefold() == ALL:
            lists[str(name)] = _every(found, str(name))
        elif isinstance(values, list | tuple | range) and len(values):
            lists[str(name)] = values
        elif isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping):
            lists[str(name)] = list(itertools.islice(values, 10_000_000))
        else:
            lists[str(name)] = [values]
    size = math.prod(len(values) for values in lists.values())
    if not lists or not size:
        raise ParameterError("the grid has no values: there is nothing to run.")
    if limit is not None and size > limit:
        raise ParameterError(_too_long(size, limit))
    if size > MOST:
        raise ParameterError(f"the grid has {size:,} reports, more than any batch: {MOST:,}.")
    for combination in itertools.product(*lists.values()):
        yield dict(zip(lists, combination, strict=True))


def _too_long(size: int | None, limit: int) -> str:
    big = size is not None and size >= 10**15
    much = "more" if size is None or big else f"{size:,} reports, more"
    return (
        f"the grid has {much} than the limit of {limit:,} reports: "
        "make it shorter, or allow more with --limit (`limit=` in Python)."
    )


def _every(found: Report, name: str) -> Sequence[Any]:
    """Return every value that a parameter accepts."""
    declared = found.parameters
    if name not in declared:
        close = nearest(name, declared, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise ParameterError(
            f"report {found.name}: there is no parameter {shown(name)}{hint}; "
            f"its parameters are {', '.join(declared)}."
        )
    rule = found.rules.get(name)
    if isinstance(rule, OneOf):
        return list(resolve(rule.values))
    if isinstance(rule, Readable) and resolve(rule.every):
        return list(resolve(rule.every))
    if isinstance(rule, Between) and declared[name].type == "int":
        return range(int(resolve(rule.lo)), int(resolve(rule.hi)) + 1)
    if declared[name].type == "bool":
        return [True, False]
    raise ParameterError(f"report {found.name}: {name}=all has no meaning: give its values.")


def _file(path: Path) -> Any:
    """Return what a CSV or YAML file holds."""
    name = shown(path.name, limit=200)
    if "\0" in str(path):
        raise ParameterError("the name of a file cannot contain the character U+0000.")
    ending = path.suffix.casefold()
    if ending not in (".csv", ".yaml", ".yml"):
        raise ParameterError(f"a grid is a file in .csv, .yaml or .yml, not {name}.")
    try:
        if path.stat().st_size > _LARGEST:
            raise ParameterError(f"{name} is too large for a grid: more than {_LARGEST:,} bytes.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ParameterError(f"cannot read {name}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ParameterError(f"{name} is not UTF-8 text.") from error
    return _csv(text, name) if ending == ".csv" else _yaml(text, name)


class _Line(dict[str, Any]):
    """A row of a file that knows its line."""

    def __init__(self, given: Iterable[tuple[str, str]], number: int) -> None:
        super().__init__(given)
        self.number = number


def _csv(text: str, name: str) -> Iterator[Row]:
    """Yield the rows; a blank cell leaves the parameter at its default."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if not all(header) or len(set(header)) < len(header):
            raise ParameterError(f"{name}: the first line must name each parameter once.")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue  # as spreadsheets write an empty row
            if len(cells) != len(header):
                raise ParameterError(
                    f"{name}, line {reader.line_num}: {len(cells)} cells below {len(header)} names."
                )
            given = zip(header, cells, strict=True)
            yield _Line(((key, cell) for key, cell in given if cell.strip()), reader.line_num)
    except csv.Error as error:
        raise ParameterError(f"{name}, line {reader.line_num}: {error}.") from error


def _yaml(text: str, name: str) -> Any:
    """Return plain data only: a tag that would make an object is refused."""
    import yaml

    try:
        content = yaml.load(text, _once(yaml))  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        problem = shown(str(error.problem), limit=150).strip("'\"")
        raise ParameterError(f"{name}{line}: not plain YAML ({problem}).") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ParameterError(f"{name}: not plain YAML.") from error
    if not isinstance(content, list | dict) or not content:
        raise ParameterError(f"{name}: a grid is a list of rows, or names with lists of values.")
    if isinstance(content, dict) and not all(isinstance(key, str) for key in content):
        raise ParameterError(f"{name}: the name of a parameter is a text.")
    inner = content.values() if isinstance(content, dict) else content
    if not all(_is_shallow(item, 2) for item in inner):  # aliases can make a few lines endless
        raise ParameterError(f"{name}: lists and names stand too deep in one another for a grid.")
    return content


def _once(yaml: Any) -> Any:
    """Return YAML's safe loader that refuses a name which stands twice in one mapping."""

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            for place, name in enumerate(names):
                if name in names[:place]:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"{name} stands twice", node.start_mark
                    )
            return super().construct_mapping(node, deep)

    return Loader


def _is_shallow(value: object, depth: int) -> bool:
    if isinstance(value, Mapping):
        return depth > 0 and all(_is_shallow(item, depth - 1) for item in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_shallow(item, depth - 1) for item in value)
    return True
