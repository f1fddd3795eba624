"""Every word that a page, a workbook or an index adds by itself: one table a language.

What a report says comes from its notebook. Another language needs another table here and nothing
else: no other module of the exports holds words for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Labels = Mapping[str, str]

LABELS: dict[str, Labels] = {
    "en": {
        "skip": "Skip to the report",
        "contents": "Contents",
        "parameters": "Parameters of this report",
        "parameter": "Parameter",
        "value": "Value",
        "meaning": "Meaning",
        "figure": "Figure",
        "table": "Table",
        "sources": "Sources",
        "report": "Report",
        "true": "yes",
        "false": "no",
        "empty": "none",
        "failed": "This cell failed",
        "data": "Data (CSV)",
        "data_of": "Data (CSV) of {kind} {number}, {rows} rows",
        "data_of_sources": "Data (CSV) of the sources, {rows} rows",
        "too_many": "These rows are too many to be saved from the page; the workbook holds them.",
        "data_version": "Data version",
        "package_version": "Version of sme_analysis",
        # Workbook
        "sheet": "Sheet",
        "what": "What it holds",
        "measure": "Measure",
        "rows": "Rows",
        "source": "Source",
        "back": "Contents of the workbook",
        "cut": "Cut after {rows} rows, the most that a sheet holds.",
        "figure_rows": "Rows drawn in the figure",
        "section": "Section",
        # Index
        "reports": "Reports",
        "search": "Search these reports",
        "search_hint": "such as a name, a value or a word of a message",
        "only_failed": "only those that failed",
        "found": "{shown} of {all} reports",
        "counted": "{all} reports",
        "counted_one": "1 report",
        "and_failed": "{failed} failed",
        "same": "The same for all",
        "files": "Files",
        "status": "Status",
        "message": "Message",
        "open": "Open",
        "done": "done",
        "skipped": "unchanged",
        "none_found": "No report matches.",
        "status_failed": "failed",
    }
}

# Characters that reorder the text around them, and controls: they can only mislead a reader, and
# HTML forbids the controls. (Marks U+200E and U+200F, which move only neutral signs, can stay.)
_TRICKS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")


def visible(text: str) -> str:
    r"""Return text without controls and without characters that reorder it on screen.

    Examples
    --------
    >>> visible("Report\u202etxt.exe\x00")
    'Reporttxt.exe'
    """
    return _TRICKS.sub("", text)


def visible_html(html: str) -> str:
    """Return HTML without such characters, written as themselves or as references.

    Examples
    --------
    >>> visible_html("a&#x202E;b&#8238;c&#233;")
    'abc&#233;'
    """

    def judge(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else int(match[2])
        if code > 0x10FFFF or _TRICKS.match(chr(code)):
            return ""
        return match[0]

    return visible(_REFERENCE.sub(judge, html))
