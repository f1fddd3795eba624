"""The reports: which notebooks there are and which parameter values each accepts.

What a notebook can say itself (title, summary, parameters with type, default and help) is read from
the notebook; only the rules stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import UnknownNameError, unknown
from ..locations import folder
from . import notebook as nb
from .rules import Between, Folder, NotAfter, OneOf, Readable, Rule


@dataclass(frozen=True)
class Report:
    """A report: a notebook and the rules for its parameters.

    Attributes
    ----------
    name : str
        The notebook's file name without number and ending.
    notebook : str
        File name in the folder of notebooks, or an absolute path.
    rules : mapping of str to Rule
        What each parameter accepts beyond its type.
    across : tuple of NotAfter
        Rules between parameters.
    warm : tuple of str
        What every run of the report needs and the library does not load at once: modules to import
        ("statsmodels.api"), and functions of the library to call that keep what they compute
        ("risk.simulate()"). A process from which many reports are forked does it once before.
    """

    name: str
    notebook: str
    rules: Mapping[str, Rule] = field(default_factory=dict, hash=False)
    across: tuple[NotAfter, ...] = ()
    warm: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where the notebook is."""
        return folder("notebooks") / self.notebook

    @property
    def title(self) -> str:
        """The notebook's first heading."""
        return nb.opening(_content(self.path))[0] or self.name

    @property
    def summary(self) -> str:
        """The notebook's first paragraph."""
        return nb.opening(_content(self.path))[1]

    @property
    def parameters(self) -> dict[str, nb.Parameter]:
        """The declared parameters, in the notebook's order."""
        return nb.declared(_content(self.path), self.path.name)


def _content(path: Path) -> dict[str, Any]:
    """Return the notebook, read again only after it was changed: JupyterLab stays open for days."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(path, changed)


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> dict[str, Any]:
    return nb.read(path)


def _bound(which: str, table: str = "outward_fdi_annual", column: str = "year") -> int:
    """Return the registry's "minimum" or "maximum" of a column."""
    from ..data import catalogue as data

    for entry in data.resource(table)["schema"]["fields"]:
        if entry["name"] == column:
            return int(entry["constraints"][which])
    raise UnknownNameError(f"the registry has no column {column!r} in table {table!r}")


def _first_year() -> int:
    return _bound("minimum")


def _last_year() -> int:
    return _bound("maximum")


def _groups() -> list[str]:
    from ..economies import groups

    return ["World", *groups()]


def _canonical_group(name: str) -> str:
    from ..economies import canonical_group

    return canonical_group(name)


def _sectors() -> list[str]:
    from ..data.catalogue import labels

    return ["all", *labels("development_projects", "analysis_sector")]


def _economy(name: str) -> str:
    """Return the short name of an economy given by any name or code."""
    from .. import economies

    return economies.name(economies.to_iso3(name) or "", "plain") if name.strip() else ""


def _weights(text: str) -> str:
    """Return a preset's name, or weights as "dimension=number, ..."."""
    from ..risk import presets, weights

    found = weights(text)
    name = text.strip().casefold().replace("-", "_").replace(" ", "_")
    if name in presets().index:
        return name
    return ", ".join(f"{code}={value:g}" for code, value in found.items() if value != 1) or "equal"


def _first_score() -> int:
    from ..risk.model import FIRST_YEAR

    return FIRST_YEAR


def _last_score() -> int:
    return _bound("maximum", "country_indicators")


def _surveys() -> list[str]:
    from ..data.tables import load
    from ..firms.surveys import surveys

    return surveys(load("survey_responses"))


def _editions() -> list[str]:
    from ..data.tables import load
    from ..firms.surveys import editions

    return editions(load("survey_responses"))


def _themes() -> list[str]:
    from ..firms.surveys import ALL, THEMES

    return [ALL, *THEMES]


def _articles() -> list[str]:
    from ..claims import ALL, articles

    return [ALL, *articles()["article"]]


def _verdicts() -> list[str]:
    from ..claims import ALL, VERDICTS

    return [ALL, *VERDICTS]


def _hosts() -> list[str]:
    """Every economy on which there is a brief, by its short name."""
    from ..data.tables import load

    table = load("economies")
    rows = table[(table["kind"] == "economy") & (table["iso3"] != "CHN")]
    return sorted(rows["name_plain"])


def _host(name: str) -> str:
    from ..economies import name as shown
    from ..markets.brief import host

    return shown(host(name), "plain")


def _market_sectors() -> list[str]:
    from ..markets import sectors

    return ["all", *(code for code in sectors().index if code != "all")]


def _market_sector(name: str) -> str:
    from ..markets.declared import sector_code

    return sector_code(name)


def _appetite(text: str) -> str:
    """Return low, medium or high, or the number."""
    from ..markets.declared import APPETITES, appetite

    level = appetite(text)
    word = text.strip().casefold()
    return word if word in APPETITES else f"{level:g}"


def _market_weights(text: str) -> str:
    """Return weights as "node=number, ..."."""
    from ..markets import weights

    found = weights("all", text)
    return ", ".join(f"{c}={w:g}" for c, w in found.loc[found["set_by"] == "you", "weight"].items())


def _exclusions(path: str) -> str:
    """Return the full path of a readable list of economies, or nothing."""
    from ..markets import read_list

    if not path.strip():
        return ""
    read_list(path)
    return str(Path(path).expanduser().resolve())


def _first_screening() -> int:
    from ..markets.model import FIRST_YEAR

    return FIRST_YEAR


def _last_screening() -> int:
    return _bound("maximum", "country_indicators")


_FIRST_PROJECT = 2000  # the list of development projects begins here

_HOST = "any name or code of a host economy"

_REPORTS = (
    Report(
        name="outbound_investment",
        notebook="01_outbound_investment.ipynb",
        rules={
            "start_year": Between(_first_year, _last_year),
            "end_year": Between(_first_year, _last_year),
            "group": OneOf(_groups, _canonical_group),
            "measure": OneOf(("flow", "stock")),
            "top_n": Between(1, 30),
            "own_files": Folder(),
        },
        across=(NotAfter("start_year", "end_year"),),
    ),
    Report(
        name="sectors",
        notebook="02_sectors.ipynb",
        rules={
            "start_year": Between(_FIRST_PROJECT, _last_year),
            "end_year": Between(_FIRST_PROJECT, _last_year),
            "group": OneOf(_groups, _canonical_group),
            "sector": OneOf(_sectors),
            "source": OneOf(("deals", "development", "official")),
            "top_n": Between(1, 30),
            "own_files": Folder(),
        },
        across=(NotAfter("start_year", "end_year"),),
        warm=("scipy.stats", "statsmodels.api"),
    ),
    Report(
        name="host_risk",
        notebook="03_host_risk.ipynb",
        rules={
            "group": OneOf(_groups, _canonical_group),
            "year": Between(_first_score, _last_score),
            "weights": Readable(
                _weights,
                "equal, cautious_lender, exporter, plant_builder, or weights such as "
                "political=2, ties=0",
            ),
            "aggregation": OneOf(("arithmetic", "geometric")),
            "draws": Between(100, 10_000),
            "seed": Between(0, 2**32 - 1),
            "highlight": Readable(_economy, "any name or code of an economy"),
        },
        warm=("scipy.stats", "risk.simulate()"),
    ),
    Report(
        name="market_screening",
        notebook="04_market_screening.ipynb",
        rules={
            "sector": OneOf(_market_sectors, _market_sector),
            "current_markets": Readable(_host, _HOST),
            "risk_appetite": Readable(_appetite, "low, medium, high or a number from 0 to 1"),
            "top_n": Between(1, 30),
            "year": Between(_first_screening, _last_screening),
            "group": OneOf(_groups, _canonical_group),
            "exclude": Readable(_host, _HOST),
            "exclude_file": Readable(_exclusions, "a CSV file with a column iso3 or economy"),
            "minimum_population": Between(0, 1500),
            "risk_ceiling": Between(0, 100),
            "weights": Readable(_market_weights, "weights such as gdp=3, zones=0"),
            "draws": Between(100, 10_000),
            "seed": Between(0, 2**32 - 1),
        },
        warm=("risk.model.model()",),
    ),
    Report(
        name="country_brief",
        notebook="05_country_brief.ipynb",
        rules={
            "economy": Readable(_host, _HOST, _hosts),
            "compare_with": Readable(_host, _HOST),
            "draws": Between(100, 10_000),
            "seed": Between(0, 2**32 - 1),
        },
        warm=("markets.brief.dossier.records()", "markets.brief.standing.everyone()"),
    ),
    Report(
        name="firms_and_support",
        notebook="06_firms_and_support.ipynb",
        rules={
            "survey": OneOf(_surveys),
            "edition": OneOf(_editions),
            "theme": OneOf(_themes),
        },
        warm=("statsmodels.stats.meta_analysis", "statsmodels.stats.proportion"),
    ),
    Report(
        name="claims_check",
        notebook="07_claims_check.ipynb",
        rules={"article": OneOf(_articles), "verdict": OneOf(_verdicts)},
    ),
)


def reports() -> tuple[Report, ...]:
    """Return every report, in the order of the notebooks."""
    return _REPORTS


def report(name: str) -> Report:
    """Return the report called `name`; "-" and "_" and case are taken as equal.

    Raises
    ------
    UnknownNameError
        If there is no such report; the message has the nearest names.
    """
    wanted = name.strip().casefold().replace("-", "_")
    for item in reports():
        if item.name == wanted:
            return item
    raise UnknownNameError(unknown("report", name, [item.name for item in reports()]))
