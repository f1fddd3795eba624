"""Notebooks as plain JSON: reading, the parameters cell, the opening text, and tidying.

Reading needs the standard library only, so that checking a parameter costs milliseconds; importing
`nbformat` alone takes longer than the whole of `sme-analysis list`.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ..errors import DataError, SmeAnalysisError


class ReportError(SmeAnalysisError):
    """A report that could not be run or written; `cell` is the number of the failing one."""

    def __init__(self, message: str, cell: int | None = None) -> None:
        super().__init__(message)
        self.cell = cell


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's parameters cell.

    Attributes
    ----------
    name : str
    type : str
        "int", "float", "bool", "str" or "list[str]".
    default : object
    help : str
        The comment at the end of the line.
    """

    name: str
    type: str
    default: Any
    help: str


TYPES = ("int", "float", "bool", "str", "list[str]")


def read(path: Path) -> dict[str, Any]:
    """Return the notebook in `path` as a dictionary of format 4.

    Raises
    ------
    DataError
        If the file is missing, damaged or no notebook of format 4.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"notebook {path.name} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"notebook {path.name} is damaged: it is not valid JSON") from error
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or content.get("nbformat") != 4:
        raise DataError(f"notebook {path.name} is damaged: it is no notebook of format 4")
    if not isinstance(content.setdefault("metadata", {}), dict):
        raise DataError(f"notebook {path.name} is damaged: its metadata are no mapping")
    for number, cell in enumerate(cells, start=1):
        if not _is_cell(cell):
            raise DataError(f"notebook {path.name} is damaged: cell {number} is no cell")
    return cast("dict[str, Any]", content)


def _is_cell(cell: object) -> bool:
    return (
        isinstance(cell, dict)
        and isinstance(cell.get("cell_type"), str)
        and isinstance(cell.get("source"), str | list)
        and isinstance(cell.get("metadata", {}), dict)
        and isinstance(cell.get("metadata", {}).get("tags", []), list)
        and isinstance(cell.get("outputs", []), list)
        and all(map(_is_output, cell.get("outputs", [])))
    )


def _is_output(output: object) -> bool:
    return isinstance(output, dict) and isinstance(output.get("data", {}), dict)


def source(cell: Mapping[str, Any]) -> str:
    """Return a cell's text; the format allows one string or a list of lines."""
    return joined(cell["source"])


def joined(text: Any) -> str:
    """Return a multi-line string of the format as one string."""
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def tags(cell: Mapping[str, Any]) -> list[str]:
    """Return a cell's tags."""
    return list(cell.get("metadata", {}).get("tags", []))


def noted(output: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """Return what this package has noted about one form of an output, such as "text/csv"."""
    found: Any = output.get("metadata")
    for key in (kind, "sme_analysis"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def declared(notebook: Mapping[str, Any], name: str = "notebook") -> dict[str, Parameter]:
    """Return the parameters that the cell tagged "parameters" declares, in its order.

    Raises
    ------
    DataError
        If a line of the cell is not `name: type = literal  # help`.
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "parameters" in tags(cell):
            return {item.name: item for item in _parse(source(cell), name)}
    return {}


def used(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameter values of an executed notebook: the defaults and what was injected."""
    values = {item.name: item.default for item in declared(notebook).values()}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "injected-parameters" in tags(cell):
            for target, value, _ in _assignments(source(cell), "notebook"):
                values[target] = value
    return values


def _parse(code: str, name: str) -> Iterator[Parameter]:
    lines = list(_assignments(code, name))  # first: it refuses what is not Python
    comments = {
        token.start[0]: token.string.lstrip("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(code).readline)
        if token.type == tokenize.COMMENT
    }
    for target, default, node in lines:
        annotation = getattr(node, "annotation", None)
        if isinstance(annotation, ast.Constant):
            kind = str(annotation.value)
        elif annotation is not None:
            kind = ast.unparse(annotation)
        else:
            kind = "list[str]" if isinstance(default, list) else type(default).__name__
        if kind not in TYPES:
            allowed = ", ".join(TYPES)
            raise DataError(
                f"{name}: parameter {target} is declared as {kind}, but allowed are {allowed}"
            )
        yield Parameter(target, kind, default, comments.get(node.end_lineno or 0, ""))


def _assignments(code: str, name: str) -> Iterator[tuple[str, Any, ast.Assign | ast.AnnAssign]]:
    """Yield target, literal value and node of each assignment; values are never evaluated."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError) as error:
        raise DataError(f"{name}: the parameters cell is not valid Python") from error
    for node in body:
        try:
            target: ast.expr
            value: ast.expr | None
            if isinstance(node, ast.AnnAssign):
                target, value = node.target, node.value
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                target, value = node.targets[0], node.value
            else:
                raise ValueError
            if not isinstance(target, ast.Name) or value is None:
                raise ValueError
            literal = _literal(value)
        except ValueError as error:
            raise DataError(
                f"{name}: line {node.lineno} of the parameters cell is not `name: type = literal`"
            ) from error
        yield target.id, literal, node


def _literal(node: ast.expr) -> Any:
    """Return the value of a literal; papermill writes numbers without a literal as float('nan')."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "float"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value in ("nan", "inf", "-inf")
    ):
        return float(node.args[0].value)
    return ast.literal_eval(node)


def opening(notebook: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return title, summary and the rest of the notebook's first markdown cell.

    The title is its first heading, the summary its first paragraph.
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            blocks = [block.strip() for block in source(cell).strip().split("\n\n")]
            blocks = [block for block in blocks if block]
            break
    else:
        return "", "", ""
    title = ""
    if blocks and blocks[0].startswith("#"):
        heading, _, rest = blocks.pop(0).partition("\n")
        title = heading.lstrip("#").strip()
        if rest.strip():
            blocks.insert(0, rest.strip())
    summary = " ".join(blocks.pop(0).split()) if blocks and blocks[0][:1] not in "#|>-" else ""
    return title, summary, "\n\n".join(blocks)


def tidy(notebook: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove from an executed notebook, in place, all that differs between two equal runs.

    Times, durations and paths recorded by papermill and nbclient go; a cell without an id, and the
    injected one, whose id is drawn at random, get one from their position.
    """
    notebook["metadata"].pop("papermill", None)
    notebook["metadata"].get("language_info", {}).pop("version", None)
    for number, cell in enumerate(notebook["cells"], start=1):
        metadata = cell.setdefault("metadata", {})
        for key in ("papermill", "execution", "ExecuteTime"):
            metadata.pop(key, None)
        if not metadata.get("tags", True):
            del metadata["tags"]
        if "injected-parameters" in tags(cell):
            cell["id"] = "injected-parameters"
        else:
            cell.setdefault("id", f"cell-{number}")
        for output in cell.get("outputs", []):
            output.pop("transient", None)
    notebook["nbformat_minor"] = max(5, notebook.get("nbformat_minor", 5))
    return notebook
