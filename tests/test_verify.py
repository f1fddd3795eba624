"""verify(): every kind of damage to a data folder is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis.data import catalogue
from sme_analysis.data.verify import digest
from sme_analysis.locations import folder

if TYPE_CHECKING:
    from conftest import DataCopy

TABLES = catalogue.tables()


def only(problems: list[str]) -> str:
    assert len(problems) == 1, problems
    return problems[0]


def test_the_shipped_data_are_sound() -> None:
    assert sme.verify() == []


def test_a_copy_elsewhere_is_sound(copy: DataCopy) -> None:
    assert copy.verify() == []


def test_one_flipped_byte_in_every_table(copy: DataCopy) -> None:
    for table in TABLES:
        content = bytearray(copy.path(table).read_bytes())
        content[len(content) // 2] ^= 1
        copy.path(table).write_bytes(content)
    assert [problem for problem in copy.verify() if "sha256" in problem] == [
        f"{table}: {table}.csv is not the registered file (sha256 differs): "
        "it was edited or damaged"
        for table in TABLES
    ]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(TABLES), where=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255)
)
def test_any_change_of_any_byte(copy: DataCopy, table: str, where: float, mask: int) -> None:
    intact = copy.path(table).read_bytes()
    content = bytearray(intact)
    content[int(where * len(content))] ^= mask
    try:
        copy.path(table).write_bytes(content)
        problems = copy.verify()
    finally:
        copy.path(table).write_bytes(intact)
    assert any(problem.startswith(f"{table}:") and "sha256" in problem for problem in problems)


@settings(max_examples=200)
@given(
    table=st.sampled_from(TABLES), where=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255)
)
def test_the_hash_alone_sees_any_change(
    tmp_path_factory: pytest.TempPathFactory, table: str, where: float, mask: int
) -> None:
    content = bytearray((folder("data") / f"{table}.csv").read_bytes())
    content[int(where * len(content))] ^= mask
    changed = tmp_path_factory.getbasetemp() / "changed.csv"
    changed.write_bytes(content)
    assert digest(changed) != catalogue.resource(table)["hash"]


def test_an_added_or_lost_last_line(copy: DataCopy) -> None:
    path = copy.path("contracted_projects")
    path.write_bytes(path.read_bytes() + b"\n")
    assert "sha256 differs" in only(copy.verify())


@pytest.mark.parametrize("table", ["sources", "economies", "outward_fdi_annual"])
def test_a_missing_file(copy: DataCopy, table: str) -> None:
    copy.path(table).unlink()
    problems = copy.verify()
    assert f"{table}: the file {table}.csv is missing" in problems
    assert all(isinstance(problem, str) for problem in problems)


def test_a_file_that_is_not_registered(copy: DataCopy) -> None:
    (copy.where / "stray.csv").write_text("a\n1\n")
    assert only(copy.verify()) == "stray.csv: the registry has no such table"


def test_an_edited_registry_is_read_again(copy: DataCopy) -> None:
    assert copy.verify() == []
    copy.registry(lambda package: package["resources"][0].update(hash="sha256:0"))
    assert "outward_fdi_annual" in only(copy.verify())


def test_a_table_that_cannot_be_read_does_not_stop_the_others(copy: DataCopy) -> None:
    copy.edit("contracted_projects", lambda lines: ["year,value", "2008,1"])
    copy.edit("mergers_and_acquisitions", lambda lines: [line + ",x" for line in lines])
    problems = copy.verify()
    for table in ("contracted_projects", "mergers_and_acquisitions"):
        assert any(f"table '{table}': the columns are" in problem for problem in problems)


NO_SUCH_DAY = (folder("data") / "sources.csv").read_text(encoding="utf-8").split("\n")[1].partition(
    "2026-11-22"
)[0] + "2026-11-22"
# (table, line that begins with, becomes, what is said); {line} is the line's number
DAMAGE = {
    "blank required value": (
        "contracted_projects",
        "2008,new_contracts,all_hosts,104.56",
        "2008,new_contracts,all_hosts,",
        "contracted_projects, column 'value': must not be blank (line {line}: nan)",
    ),
    "not among the allowed": (
        "contracted_projects",
        "2015,new_contracts",
        "2015,contracts",
        "contracted_projects, column 'indicator': must be one of ['new_contracts', 'turnover'] "
        "(line {line}: 'contracts')",
    ),
    "below the minimum": (
        "outward_fdi_belt_and_road",
        "2013,flow",
        "2012,flow",
        "outward_fdi_belt_and_road, column 'year': minimum is 2013 (line {line}: 2012)",
    ),
    "above the maximum": (
        "outward_fdi_belt_and_road",
        "2025,stock",
        "2026,stock",
        "outward_fdi_belt_and_road, column 'year': maximum is 2025 (line {line}: 2026)",
    ),
    "negative size": (
        "country_indicators",
        "ABW,2004,gdp,2",
        "ABW,2004,gdp,-2",
        "country_indicators: the gdp of ABW in 2004 is -2254830726.0, which no size can be",
    ),
    "negative error": (
        "governance_indicators",
        "ABW,2023,political_stability,1.43252,0.261913",
        "ABW,2023,political_stability,1.43252,-0.261913",
        "governance_indicators, column 'standard_error': minimum is 0 (line {line}: -0.261913)",
    ),
    "pattern": (
        "belt_and_road_members",
        "AFG,member,2023-05,",
        "AFG,member,2023-5,",
        "belt_and_road_members, column 'joined': must look like "
        "[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}})?)? (line {line}: '2023-5')",
    ),
    "a pattern holds for the whole text": (
        "economies",
        "AGO,AO,",
        "AGO,AOX,",
        "economies, column 'iso2': must look like [A-Z]{{2}} (line {line}: 'AOX')",
    ),
    "no such day": (
        "sources",
        NO_SUCH_DAY,
        NO_SUCH_DAY[:-2] + "31",
        "sources, column 'date_recorded': must be a date (YYYY-MM-DD) (line {line}: '2026-11-31')",
    ),
    "spaces around": (
        "economies",
        "ABW,AW,Aruba,",
        "ABW,AW,Aruba ,",
        "economies, column 'name': has spaces around the text (line {line}: 'Aruba ')",
    ),
    "unknown source": (
        "outward_fdi_by_region",
        "2003,Africa,flow,bulletin_non_financial,74.81,usd_mn,mofcom_econ_export",
        "2003,Africa,flow,bulletin_non_financial,74.81,usd_mn,mofcom_econ_exports",
        "outward_fdi_by_region, column 'source_id': must be in table 'sources' "
        "(line {line}: 'mofcom_econ_exports')",
    ),
    "unknown economy": (
        "un_ideal_points",
        "AFG,2003,",
        "ZZZ,2003,",
        "un_ideal_points, column 'iso3': must be in table 'economies' (line {line}: 'ZZZ')",
    ),
    "a name twice": (
        "economies",
        "AFG,AF,Afghanistan,",
        "AFG,AF,Angola,",
        "economies, column 'name': must not repeat (line {other}: 'Angola')",
    ),
}


def test_damage_that_only_the_schema_sees(copy: DataCopy) -> None:
    expected = []
    for table, old, new, says in DAMAGE.values():
        line = copy.replace(table, old, new)
        expected.append(says.format(line=line, other=line + 1))
    problems = copy.verify()
    assert sorted(problems) == sorted(expected)


def test_a_value_of_the_wrong_type(copy: DataCopy) -> None:
    line = copy.replace("contracted_projects", "2008,", "2008.5,")
    said = [problem for problem in copy.verify() if "no row of any table" not in problem]
    assert only(said) == (
        f"table 'contracted_projects', line {line}, column 'year': '2008.5' is not integer "
        "(1 such values)"
    )


def test_a_row_twice_in_every_table(copy: DataCopy) -> None:
    # also: a rule that meets a table with repeated keys reports, and does not stop
    for table in TABLES:
        copy.edit(table, lambda lines: [*lines[:3], lines[2], *lines[3:]])
    problems = copy.verify()
    for table in TABLES:
        key = catalogue.resource(table)["schema"]["primaryKey"]
        shown = key if isinstance(key, str) else ", ".join(key)
        assert f"{table}: the key {shown} repeats in line 4" in problems


def test_a_blank_key(copy: DataCopy) -> None:
    copy.replace("economies", "ABW,AW,", ",AW,")
    assert "economies: the key iso3 is blank in line 2" in copy.verify()


def test_many_failures_are_counted_and_a_few_named(copy: DataCopy) -> None:
    copy.edit(
        "contracted_projects",
        lambda lines: [lines[0], *(line.replace(",usd_bn,", ",eur_bn,") for line in lines[1:])],
    )
    count = sum(",eur_bn," in line for line in copy.lines("contracted_projects"))
    (said,) = [problem for problem in copy.verify() if "column 'unit'" in problem]
    assert said.count("'eur_bn'") == 5
    assert said.endswith(f" and {count - 5} more)")


def test_a_source_that_no_row_uses(copy: DataCopy) -> None:
    def add(lines: list[str]) -> list[str]:
        row = ",".join(["zz_unused", "o", "p", "t", "e", "", "l", "press", "", "2026-11-22", ""])
        return [*lines, row]

    copy.edit("sources", add)
    assert only(copy.verify()) == (
        "sources: no row of any table uses this source "
        f"(line {len(copy.lines('sources'))}: 'zz_unused')"
    )


def test_a_register_without_its_sources_fails_every_table_that_has_some(copy: DataCopy) -> None:
    first = ("a", "b", "c", "f", "g", "m", "o", "r", "u", "w", "y", "z")
    copy.edit("sources", lambda lines: [x for x in lines if not x.startswith(first)])
    problems = copy.verify()
    for table in TABLES:
        if set(sme.load(table).attrs["source_ids"]) and table != "sources":
            said = f"{table}, column 'source_id': must be in table 'sources' (line "
            assert any(problem.startswith(said) for problem in problems), table


@pytest.mark.parametrize(
    "change",
    [
        lambda package: package["resources"][0].pop("hash"),
        lambda package: package["resources"][0].update(hash=package["resources"][1]["hash"]),
    ],
)
def test_a_hash_that_is_missing_or_another_tables(
    copy: DataCopy, change: Callable[[dict], object]
) -> None:
    copy.registry(change)
    assert "outward_fdi_annual.csv is not the registered file" in only(copy.verify())


def test_the_registry_is_left_as_it_was(copy: DataCopy) -> None:
    before = {path.name: path.read_bytes() for path in copy.where.iterdir()}
    copy.verify()
    assert {path.name: path.read_bytes() for path in copy.where.iterdir()} == before
    assert json.loads(before["datapackage.json"]) == catalogue.registry()


def test_loading_goes_on_after_verifying_another_folder(copy: DataCopy, tmp_path: Path) -> None:
    copy.registry(lambda package: package.update(version="1999.01"))
    assert copy.verify() == []
    assert sme.load("economies").attrs["data_version"] == catalogue.data_version() != "1999.01"
    assert catalogue.data_version(copy.where) == "1999.01"
