"""The commands `sme-analysis data refresh | editions | use | diff | doctor`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import ParameterError
from ..terminal import table


def add(parts: Any) -> None:
    """Add the commands to those of `sme-analysis data`."""
    fetching = parts.add_parser(
        "refresh", help="fetch a new edition of a table from its publisher's service and use it"
    )
    fetching.add_argument("table", metavar="TABLE", nargs="?", help="without: list the tables")
    fetching.add_argument(
        "--series", action="append", default=[], metavar="NAME", help="fetch this series only"
    )
    fetching.add_argument(
        "--without", action="append", default=[], metavar="NAME", help="leave this series as it is"
    )
    fetching.add_argument(
        "--no-use", action="store_true", help="keep using what is in use, and only store the new"
    )
    fetching.add_argument(
        "--trust-new", action="store_true", help="take an archive that its publisher replaced"
    )
    fetching.set_defaults(run=_refresh)

    listing = parts.add_parser("editions", help="list the editions, and which is in use")
    listing.add_argument("table", metavar="TABLE", nargs="?")
    listing.set_defaults(run=_editions)

    using = parts.add_parser("use", help="use an edition of a table, or go back to the shipped one")
    using.add_argument("table", metavar="TABLE", help='a table ("all" with "shipped")')
    using.add_argument("edition", metavar="EDITION", help='an edition, or "shipped"')
    using.set_defaults(run=_use)

    comparing = parts.add_parser("diff", help="show what differs between two editions of a table")
    comparing.add_argument("table", metavar="TABLE")
    comparing.add_argument("a", metavar="A", nargs="?", default="shipped", help="(shipped)")
    comparing.add_argument("b", metavar="B", nargs="?", help="(the edition in use)")
    comparing.add_argument("--html", metavar="FILE", help="write a page instead")
    comparing.add_argument("--top", type=int, default=10, metavar="N", help="revisions shown (10)")
    comparing.set_defaults(run=_diff)

    checking = parts.add_parser("doctor", help="check the data folder and ask each service once")
    checking.set_defaults(run=_doctor)


def _refresh(arguments: argparse.Namespace) -> int:
    if arguments.table is None:
        return _fetchable()
    from ..services.directory import known
    from .renewal import refresh

    known(arguments.table)
    say(f"asking for {arguments.table}: this takes a minute or more")
    done = refresh(
        arguments.table,
        series=tuple(arguments.series),
        without=tuple(arguments.without),
        use=not arguments.no_use,
        trust=arguments.trust_new,
    )
    for note in done.notes:
        say(note)
    if not done.edition:
        show(f"{done.table}: the service gives what is in use already, the edition {done.base}.")
        return 0
    if done.difference is None:
        show(f"{done.table}: first edition.")
    else:
        show(done.difference.sentence)
        _revisions(done.difference, 5)
    if done.used:
        show(f"In use from now on: edition {done.edition}.")
        if done.base:
            show(f"Back: sme-analysis data use {done.table} {done.base}")
    else:
        show(f"Stored: edition {done.edition}. Use it: sme-analysis data use {done.table} "
             f"{done.edition}")  # fmt: skip
    return 0


def _fetchable() -> int:
    from ..data import catalogue, choice
    from ..services.directory import service_for, tables

    rows = [
        [table, service_for(table).title, choice.chosen(table), catalogue.resource(table)["title"]]
        for table in tables()
    ]
    rows = [
        [name, title, "none yet" if used == "shipped" and name in catalogue.live_tables() else used,
         words]
        for name, title, used, words in rows
    ]  # fmt: skip
    table(["table", "service", "in use", "title"], rows)
    return 0


def _editions(arguments: argparse.Namespace) -> int:
    from ..data import catalogue
    from .overview import listed

    frame = listed()
    if arguments.table is not None:
        catalogue.resource(arguments.table)
        frame = frame[frame["table"] == arguments.table]
    if frame.empty:
        what = f"of {arguments.table} " if arguments.table else ""
        show(f"No edition {what}besides the shipped: `sme-analysis data refresh` fetches one.")
        return 0
    rows = [
        [row["table"], row["edition"], "yes" if row["in_use"] else "", _count(row["rows"]),
         row["years"], row["service"], row["fetched"][:16],
         "" if row["state"] == "sound" else row["state"]]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    header = ["table", "edition", "in use", "rows", "years", "service", "fetched", "problem"]
    if not any(row[-1] for row in rows):
        header, rows = header[:-1], [row[:-1] for row in rows]
    table(header, rows)
    return 0


def _count(number: float | None) -> str:
    return "" if number is None or number != number else f"{number:,.0f}"


def _use(arguments: argparse.Namespace) -> int:
    from .overview import use

    remark = use(arguments.table, arguments.edition)
    what = "every table" if arguments.table == "all" else arguments.table
    show(f"In use from now on: {what}, {arguments.edition}.")
    if remark:
        say(remark)
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from .gates import SERIES
    from .overview import diff

    if arguments.top < 0:
        raise ParameterError(f"--top must be 0 or more, not {arguments.top}.")
    found = diff(arguments.table, arguments.a, arguments.b)
    if arguments.html:
        from .page import html

        path = Path(arguments.html)
        try:
            path.write_text(html(found), encoding="utf-8", newline="\n")
        except OSError as error:
            raise ParameterError(f"cannot write {path}: {error.strerror}.") from None
        show(str(path))
        return 0
    show(found.sentence)
    column = SERIES.get(found.table, "")
    if column and not found.empty:
        counts = found.by_series(column)
        show("")
        rows = counts.astype("str").to_numpy().tolist()
        table([str(name) for name in counts.columns], rows)
    _revisions(found, arguments.top)
    return 0


def _revisions(found: Any, top: int) -> None:
    figures = found.figures()
    if figures.empty or not top:
        return
    show(f"\nLargest of {len(figures):,} revisions:")
    rows = [
        [*[str(getattr(row, name)) for name in found.key], f"{row.before:,.6g}",
         f"{row.after:,.6g}", _percent(row.change_percent)]
        for row in figures.head(top).itertuples()
    ]  # fmt: skip
    table([*found.key, "before", "after", "change"], rows)


def _percent(share: float) -> str:
    return "" if share != share else f"{share:+,.1f}%"


def _doctor(arguments: argparse.Namespace) -> int:
    from .doctor import examine

    sound = True
    for finding in examine():
        sound &= finding.well
        show(f"{'ok  ' if finding.well else 'FAIL'}  {finding.what}: {finding.words}")
    return 0 if sound else 1


def show(text: str) -> None:
    """Print a result."""
    sys.stdout.write(f"{text}\n")


def say(text: str) -> None:
    """Tell what is going on, apart from the results."""
    for line in text.splitlines():
        sys.stderr.write(f"sme-analysis: {line}\n")
