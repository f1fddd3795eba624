"""A report's page as PDF, printed by a browser that is installed on the machine.

The page's own print style does the layout: page numbers and the running title stand in the margin
boxes of `@page` (CSS Paged Media), which Chromium draws from version 131 on; the contents are links
in the PDF, the headings its bookmarks.
"""

from __future__ import annotations

import re
from pathlib import Path

from .browser import command, find_browser, run, workshop
from .notebook import ReportError

_OLDEST = 131  # the first Chromium with margin boxes
_MADE_BY = re.compile(rb"Skia/PDF m(\d+)")
_WHERE = re.compile(r"^\[[^\]]*\]\s*")
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) ?\(D:)\d{14}([^)]*)\)")


def pdf(html: str, *, browser: str | Path | None = None, timeout: float = 120) -> bytes:
    """Print a self-contained page.

    Parameters
    ----------
    html : str
        As `export.page` makes it.
    browser : path or name, optional
        See :func:`sme_analysis.reports.browser.find_browser`.
    timeout : float
        In seconds.

    Returns
    -------
    bytes
        The PDF, A4. Equal pages, printed by the same browser, give equal files: the time of
        printing, which the browser writes into them, is taken out.

    Raises
    ------
    ParameterError, ReportError
        If there is no browser, or it fails, or it is too old to number the pages.
    """
    program = find_browser(browser)
    with workshop(program) as folder:
        page, out = folder / "report.html", folder / "report.pdf"
        page.write_text(html, encoding="utf-8")
        said = run(
            command(
                program,
                folder / "profile",
                "--no-pdf-header-footer",
                "--generate-pdf-document-outline",
                f"--print-to-pdf={out}",
                page.as_uri(),
            ),
            timeout,
        )
        try:
            made = out.read_bytes()
        except OSError:
            made = b""
    if not made.startswith(b"%PDF-") or not made.rstrip().endswith(b"%%EOF"):
        raise ReportError(f"the browser {program.name} printed no PDF{_reason(said)}.")
    version = _MADE_BY.search(made)
    if version and int(version[1]) < _OLDEST:
        raise ReportError(
            f"the browser {program.name} is of version {int(version[1])}: page numbers need "
            f"Chromium, Chrome or Edge {_OLDEST} or newer."
        )
    return _DATE.sub(rb"\g<1>19800101000000\g<2>)", made)


def _reason(said: str) -> str:
    """Return the last thing the browser complained of, without its time and place in the code."""
    lines = [line.strip() for line in said.splitlines() if ":ERROR:" in line or ":FATAL:" in line]
    return f" ({_WHERE.sub('', lines[-1])[:300]})" if lines else ""
