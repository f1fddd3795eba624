"""The command line: `sme-analysis list | report | data`.

Each command imports what it needs when it runs, so that help and lists come at once. What goes
wrong is said in a sentence on stderr: exit code 2 if the input was wrong, 1 if the work failed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import textwrap
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from . import __version__
from .errors import ParameterError, SmeAnalysisError, UnknownNameError, unknown

if TYPE_CHECKING:
    from .reports.catalogue import Report

_EXAMPLES = """\
examples:
  sme-analysis list
  sme-analysis list outbound_investment
  sme-analysis report outbound_investment -p start_year 2010 -p group ASEAN
  sme-analysis data describe outward_fdi_annual
  sme-analysis data cite outward_fdi_annual --bibtex
"""
_NAME_AND_VALUE = re.compile(r"\w+=.*", re.DOTALL)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a character must not stop us
            stream.reconfigure(errors="backslashreplace")
    debug = os.environ.get("SME_ANALYSIS_DEBUG", "") not in ("", "0")
    try:
        with warnings.catch_warnings():
            if not debug and not sys.warnoptions:
                warnings.simplefilter("ignore")
            arguments = _parser().parse_args(
                _join_parameters(sys.argv[1:] if argv is None else argv)
            )
            code: int = arguments.run(arguments)
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is left to be said, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        import logging

        logging.getLogger("asyncio").disabled = True  # it would tell of the abandoned run at exit
        _complain("interrupted.")
        return 130
    except SystemExit as stop:  # argparse after --help, --version and its own errors
        return stop.code if isinstance(stop.code, int) else 2
    except SmeAnalysisError as error:
        if debug:
            raise
        _complain(str(error))
        return 2 if isinstance(error, ParameterError | UnknownNameError) else 1
    except Exception as error:
        if debug:
            raise
        _complain(
            f"unexpected {type(error).__name__}: {str(error).partition(chr(10))[0][:500]} "
            "(SME_ANALYSIS_DEBUG=1 shows where)"
        )
        return 1


def _complain(message: str) -> None:
    for line in message.splitlines():
        print(f"sme-analysis: {line}", file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    """argparse with this package's way of saying what is wrong."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message.rstrip('.')}." if not message.endswith((".", "?")) else message)
        _complain(f"see `{self.prog} --help`.")
        raise SystemExit(2)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            kind = "command" if isinstance(action, argparse._SubParsersAction) else "value"
            where = "" if kind == "command" else f"of {action.option_strings[0]}"
            self.error(unknown(kind, value, map(str, action.choices), where=where))


def _parser() -> _Parser:
    parser = _Parser(
        prog="sme-analysis",
        description="How Chinese firms go abroad: reports and the data behind them.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sme-analysis {__version__}")
    parser.set_defaults(run=lambda arguments: _help(parser))
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    listing = commands.add_parser("list", help="list the reports, or what one report accepts")
    listing.add_argument("report", nargs="?", metavar="NAME", help="show this report's parameters")
    listing.add_argument(
        "-v", "--verbose", action="store_true", help="show every report's parameters"
    )
    listing.set_defaults(run=_list)

    running = commands.add_parser("report", help="run a report and print where it was written")
    running.add_argument("report", metavar="NAME", help="a report, as `sme-analysis list` names it")
    running.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME VALUE",
        help="a parameter that differs from its default (also NAME=VALUE); repeat for several",
    )
    running.add_argument("--out", metavar="DIR", default="out", help="folder to write to (out)")
    running.add_argument("--to", choices=("html", "ipynb"), default="html", help="format (html)")
    running.add_argument("--code", action="store_true", help="show the code in the page")
    running.set_defaults(run=_report)
    _add_data(commands)
    return parser


def _add_data(commands: Any) -> None:
    data = commands.add_parser("data", help="list, describe, cite and verify the tables")
    data.set_defaults(run=lambda arguments: _help(data))
    parts = data.add_subparsers(metavar="COMMAND", title="commands")
    parts.add_parser("list", help="list the tables").set_defaults(run=_data_list)
    describing = parts.add_parser("describe", help="describe the columns of a table")
    describing.add_argument("table", metavar="TABLE")
    describing.set_defaults(run=_data_describe)
    citing = parts.add_parser("cite", help="cite a table with its sources, or one source")
    citing.add_argument("name", metavar="TABLE_OR_SOURCE")
    citing.add_argument("--bibtex", action="store_true", help="as BibTeX entries")
    citing.set_defaults(run=_data_cite)
    verifying = parts.add_parser("verify", help="check every table against the registry")
    verifying.set_defaults(run=_data_verify)


def _join_parameters(argv: Sequence[str]) -> list[str]:
    """Turn `-p NAME VALUE` and `-p NAME=VALUE` into one argument each.

    argparse knows only a fixed number of values for an option, and takes a value that begins with a
    dash for another option.
    """
    joined, rest = [], list(argv)
    while rest:
        argument = rest.pop(0)
        if argument in ("-p", "--parameter", "--parameters") and rest:
            if not _NAME_AND_VALUE.fullmatch(rest[0]) and len(rest) > 1:
                rest[:2] = [f"{rest[0]}={rest[1]}"]
            argument = f"--parameter={rest.pop(0)}"
        joined.append(argument)
    return joined


def _help(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from .reports import catalogue

    if arguments.report:
        _show_report(catalogue.report(arguments.report))
        return 0
    if arguments.verbose:
        for number, report in enumerate(catalogue.reports()):
            print("\n" if number else "", end="")
            _show_report(report)
        return 0
    _table(["report", "title"], [[report.name, report.title] for report in catalogue.reports()])
    return 0


def _show_report(report: Report) -> None:
    from .reports.parameters import allowed

    print(f"{report.name}: {report.title}")
    if report.summary:
        print(textwrap.fill(report.summary, _width()))
    print()
    rows = [
        [item.name, item.type, _plain(item.default), allowed(report, item), item.help]
        for item in report.parameters.values()
    ]
    _table(["parameter", "type", "default", "allowed", "meaning"], rows)
    for rule in report.across:
        print(f"Also: {rule.allowed()}.")


def _report(arguments: argparse.Namespace) -> int:
    from .reports.catalogue import report
    from .reports.parameters import check

    found = report(arguments.report)
    given: dict[str, str] = {}
    for item in arguments.parameter:
        name, equals, value = item.partition("=")
        if not equals:
            raise ParameterError(f"parameter {name} has no value: write -p {name} VALUE")
        if name in given:
            raise ParameterError(f"parameter {name} is given twice")
        given[name] = value
    values = check(found, given, text=True)
    from .reports.run import run  # after the check: this import takes seconds

    print(run(found, values, out=arguments.out, to=arguments.to, code=arguments.code))
    return 0


def _data_list(arguments: argparse.Namespace) -> int:
    from .data.tables import catalog

    frame = catalog().reset_index()[["table", "title", "rows", "first_year", "last_year"]]
    _table([name.replace("_", " ") for name in frame.columns], _cells(frame))
    return 0


def _data_describe(arguments: argparse.Namespace) -> int:
    from .data.tables import describe

    frame = describe(arguments.table)
    print(f"{arguments.table}: {frame.attrs.get('title', '')}")
    print()
    columns = ["column", "type", "required", "values", "description", "allowed"]
    _table(columns, _cells(frame.reset_index()[columns]))
    return 0


def _data_cite(arguments: argparse.Namespace) -> int:
    from .data.citation import cite

    print(cite(arguments.name, style="bibtex" if arguments.bibtex else "text"))
    return 0


def _data_verify(arguments: argparse.Namespace) -> int:
    from .data import catalogue, verify

    problems = verify.verify()
    if problems:
        _complain("\n".join(problems))
        return 1
    print(f"{len(catalogue.tables())} tables verified: data version {catalogue.data_version()}.")
    return 0


def _cells(frame: Any) -> list[list[str]]:
    """Return the cells of a frame as text; a blank for what is missing."""
    return [[_plain(value) for value in row] for row in frame.itertuples(index=False)]


def _plain(value: object) -> str:
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None or str(value) in ("<NA>", "nan") else str(value)


def _width() -> int:
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 140))


def _table(header: list[str], rows: list[list[str]]) -> None:
    """Print rows in columns; the widest columns are wrapped until a row fits the terminal."""
    widths = [max(len(row[k]) for row in [header, *rows]) for k in range(len(header))]
    spare = _width() - 2 * (len(widths) - 1)
    while sum(widths) > spare and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1
    for row in [header, ["-" * width for width in widths], *rows]:
        wrapped = [
            textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)
        ]
        for line in range(max(map(len, wrapped))):
            cells = [part[line] if line < len(part) else "" for part in wrapped]
            text = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
            print(text.rstrip())
