"""The command line: `sme-analysis list | report | batch | notebooks | data`.

Each command imports what it needs when it runs, so that help and lists come at once. What goes
wrong is said in a sentence on stderr: exit code 2 if the input was wrong, 1 if the work failed.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import textwrap
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from . import __version__, cli_reports
from .errors import ParameterError, SmeAnalysisError, UnknownNameError, unknown
from .terminal import cells, complain, plain, table, width

if TYPE_CHECKING:
    from .reports.catalogue import Report

_EXAMPLES = """\
examples:
  sme-analysis list
  sme-analysis list outbound_investment
  sme-analysis report outbound_investment -p start_year 2010 -p group ASEAN
  sme-analysis batch outbound_investment --over group=all -p start_year 2010
  sme-analysis data describe outward_fdi_annual
  sme-analysis data cite outward_fdi_annual --bibtex
  sme-analysis data refresh country_indicators
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
            if sys.stdout is not None:  # closed by who started this
                sys.stdout.flush()
            return code
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is left to be said, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        import logging

        logging.getLogger("asyncio").disabled = True  # it would tell of the abandoned run at exit
        complain("interrupted.")
        return 130
    except SystemExit as stop:  # argparse after --help, --version and its own errors
        return stop.code if isinstance(stop.code, int) else 2
    except SmeAnalysisError as error:
        if debug:
            raise
        complain(str(error))
        return 2 if isinstance(error, ParameterError | UnknownNameError) else 1
    except Exception as error:
        if debug:
            raise
        complain(
            f"unexpected {type(error).__name__}: {str(error).partition(chr(10))[0][:500]} "
            "(SME_ANALYSIS_DEBUG=1 shows where)"
        )
        return 1


class _Parser(argparse.ArgumentParser):
    """argparse with this package's way of saying what is wrong."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message.rstrip('.')}." if not message.endswith((".", "?")) else message)
        complain(f"see `{self.prog} --help`.")
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

    cli_reports.add(commands)
    _add_data(commands)
    return parser


def _add_data(commands: Any) -> None:
    data = commands.add_parser("data", help="list, describe, cite, verify and refresh the tables")
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
    from .editions.commands import add

    add(parts)


def _join_parameters(argv: Sequence[str]) -> list[str]:
    """Turn `-p NAME VALUE` and `-p NAME=VALUE` into one argument each.

    argparse knows only a fixed number of values for an option, and takes a value that begins with a
    dash for another option.
    """
    joined, rest = [], list(argv)
    while rest:
        argument = rest.pop(0)
        if argument in ("-p", "--parameter", "--parameters") and rest:
            alone = len(rest) == 1 or rest[1].startswith("--")  # no value is given
            if not _NAME_AND_VALUE.fullmatch(rest[0]) and not alone:
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
    table(["report", "title"], [[report.name, report.title] for report in catalogue.reports()])
    return 0


def _show_report(report: Report) -> None:
    from .reports.parameters import allowed

    print(f"{report.name}: {report.title}")
    if report.summary:
        print(textwrap.fill(report.summary, width()))
    print()
    rows = [
        [item.name, item.type, plain(item.default), allowed(report, item), item.help]
        for item in report.parameters.values()
    ]
    table(["parameter", "type", "default", "allowed", "meaning"], rows)
    for rule in report.across:
        print(f"Also: {rule.allowed()}.")


def _data_list(arguments: argparse.Namespace) -> int:
    from .data.tables import catalog

    frame = catalog().reset_index()[["table", "title", "rows", "first_year", "last_year"]]
    table([name.replace("_", " ") for name in frame.columns], cells(frame))
    return 0


def _data_describe(arguments: argparse.Namespace) -> int:
    from .data.tables import describe

    frame = describe(arguments.table)
    print(f"{arguments.table}: {frame.attrs.get('title', '')}")
    print()
    columns = ["column", "type", "required", "values", "description", "allowed"]
    table(columns, cells(frame.reset_index()[columns]))
    return 0


def _data_cite(arguments: argparse.Namespace) -> int:
    from .data.citation import cite

    print(cite(arguments.name, style="bibtex" if arguments.bibtex else "text"))
    return 0


def _data_verify(arguments: argparse.Namespace) -> int:
    from .data import catalogue, verify

    problems = verify.verify()
    if problems:
        complain("\n".join(problems))
        return 1
    print(f"{len(catalogue.tables())} tables verified: data version {catalogue.data_version()}.")
    return 0
