"""The forms in which a report is written, each made of its executed notebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ParameterError, unknown

FORMATS = {
    "html": "one self-contained page",
    "pdf": "the page, printed by an installed browser",
    "xlsx": "the tables as an Excel workbook",
    "ipynb": "the executed notebook, with its code",
}


def prepare(to: str, browser: str | Path | None = None) -> None:
    """Refuse a form that cannot be written here, before any work is done.

    Raises
    ------
    ParameterError
        If there is no such form, or the browser given is none.
    ReportError
        If a PDF is wanted and there is no browser.
    """
    if to not in FORMATS:
        raise ParameterError(unknown("format of a report", to, FORMATS))
    if to == "pdf":
        from .browser import find_browser

        find_browser(browser)


def render(
    notebook: Mapping[str, Any],
    to: str,
    *,
    code: bool = False,
    browser: str | Path | None = None,
) -> bytes:
    """Return an executed notebook as the content of a file.

    Parameters
    ----------
    notebook : mapping
        A tidied notebook of format 4 with its outputs.
    to : {"html", "pdf", "xlsx", "ipynb"}
    code : bool
        Show the code in the page and the PDF. A notebook always has it.
    browser : path or name, optional
        Prints the PDF; by default one that is found.

    Returns
    -------
    bytes
        The same for the same notebook (and browser).

    Raises
    ------
    ParameterError, ReportError
        As :func:`prepare`, and if the browser fails.
    """
    if to in ("html", "pdf"):
        from .export import page

        html = page(notebook, code=code)
        if to == "html":
            return html.encode("utf-8")
        from .pdf import pdf

        return pdf(html, browser=browser)
    if to == "xlsx":
        from .workbook import workbook

        return workbook(notebook)
    if to == "ipynb":
        return as_text(notebook).encode("utf-8", "replace")  # JSON may hold half a character
    raise ParameterError(unknown("format of a report", to, FORMATS))


def as_text(notebook: Mapping[str, Any]) -> str:
    """Return a notebook as JupyterLab would save it, so that a later save leaves no diff."""
    import nbformat

    return str(nbformat.writes(nbformat.from_dict(notebook))) + "\n"
