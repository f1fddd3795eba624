"""Where figures come from: citations, the sources behind a frame, and its source line."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from ..errors import UnknownNameError, unknown
from . import catalogue
from .tables import load

_HOW = {
    "publisher": "read at the publisher",
    "press": "known from a press report",
    "mirror": "read on a copy of the publisher's text",
    "secondary": "quoted by a third party",
    "compiled": "compiled by this project",
}
_COLUMNS = ["source_id", "origin", "publisher", "title", "edition", "url", "access"]
SUPPLIED = "supplied"  # source of the figures that a user brings
_OWN = {
    "source_id": SUPPLIED,
    "origin": "Your own files",
    "publisher": "supplied by the user",
    "title": "tables named below",
    "edition": "not checked here",
    "access": SUPPLIED,
}
_READ = {
    "publisher": "read at the publisher",
    "mirror": "read on copies of the publisher's tables",
    "press": "in press reports",
    "secondary": "quoted by third parties",
    "compiled": "compiled by this project",
    SUPPLIED: "from your own files",
}


def cite(name: str, style: str = "text") -> str:
    """Cite a table, with every source behind it, or one source.

    Parameters
    ----------
    name : str
        A table or a `source_id`.
    style : {"text", "bibtex"}
        Plain text, one source a line, or BibTeX entries.

    Raises
    ------
    UnknownNameError
        If `name` is neither a table nor a source, or the style is unknown.

    Examples
    --------
    >>> print(cite("bulletin2025_mofcom"))  # doctest: +ELLIPSIS
    MOFCOM, NBS and SAFE (2026-09-23): Statistical Bulletin of China's Outward FDI 2025...
    """
    if style not in ("text", "bibtex"):
        raise UnknownNameError(unknown("citation style", style, ["text", "bibtex"]))
    register = load("sources").set_index("source_id", drop=False)
    entry = _text if style == "text" else _bibtex
    if name in register.index:
        return entry(register.loc[[name]].iloc[0])
    tables = [*catalogue.tables(), *catalogue.live_tables()]
    if name not in tables:
        names = [*tables, *register.index]
        raise UnknownNameError(unknown("table or source", name, names))
    table = load(name)
    ids = table.attrs["source_ids"]
    head = f"{table.attrs['title']}. sme_analysis data {catalogue.data_version()}."
    lines = [entry(source) for _, source in register.loc[list(ids)].iterrows()]
    return "\n".join([head if style == "text" else f"% {head}", *lines])


def _text(source: pd.Series) -> str:
    parts = [f"{source['publisher']} ({source['edition']}): {source['title']}."]
    if not pd.isna(source["url"]):
        parts.append(f"{source['url']}.")
    parts.append(f"{_HOW[source['access']].capitalize()}.")
    return " ".join(parts)


def _bibtex(source: pd.Series) -> str:
    year = re.search(r"(19|20)\d\d", str(source["edition"]))
    lines = [
        f"@misc{{{source['source_id']},",
        f"  author = {{{{{_tex(source['publisher'])}}}}},",
        f"  title = {{{{{_tex(source['title'])}}}}},",
    ]
    if year:
        lines.append(f"  year = {{{year.group()}}},")
    if not pd.isna(source["url"]):
        lines.append(f"  url = {{{source['url']}}},")
    lines.append(f"  note = {{{_tex(source['edition'])}; {_HOW[source['access']]}}},")
    return "\n".join([*lines, "}"])


def _tex(text: object) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", str(text))


def sources(*frames: pd.DataFrame) -> pd.DataFrame:
    """List the sources behind one or more frames.

    Returns
    -------
    pandas.DataFrame
        One row per source that the `source_id` columns name: origin, publisher, title, edition,
        address, access, and the number of figures taken from it; most used first.
    """
    counts: Counter[str] = Counter()
    for frame in frames:
        if "source_id" in frame:
            counts.update(frame["source_id"].tolist())
    register = load("sources", _COLUMNS)
    if SUPPLIED in counts:
        register = pd.concat([register, pd.DataFrame([_OWN])], ignore_index=True)
    known = enumerate(register["source_id"])
    order = sorted((-counts[name], name, place) for place, name in known if name in counts)
    listed = register.take([place for *_, place in order]).reset_index(drop=True)
    listed["figures"] = pd.Series([-less for less, *_ in order], dtype="int64")
    return listed


def source_line(*frames: pd.DataFrame) -> str:
    """Say in one line whose figures the frames hold and how they were read.

    A figure that is known only through a copy, the press or a third party is counted as such:
    the line stands under every figure and table of a report.
    """
    listed = sources(*frames)
    if listed.empty:
        return "No source: no figure is shown."
    origins = list(dict.fromkeys(listed["origin"]))
    shown = "; ".join(origins[:3]) + (f"; and {len(origins) - 3} more" if len(origins) > 3 else "")
    total = int(listed["figures"].sum())
    by: Counter[str] = Counter()
    for access, figures in zip(listed["access"], listed["figures"], strict=True):
        by[access] += figures
    read = [(by[key], words) for key, words in _READ.items() if key in by]
    if len(read) == 1:
        counted = f"{'The figure' if total == 1 else f'All {total:,} figures'} {read[0][1]}"
    else:
        counted = f"{total:,} figures: " + ", ".join(f"{count:,} {words}" for count, words in read)
    return f"Source: {shown}. {counted}."
