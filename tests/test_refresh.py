"""`make data`: rows sorted, hashes and dictionary rewritten, changes printed, files whole."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sme_analysis.data import catalogue, dictionary, refresh
from sme_analysis.data.verify import verify
from sme_analysis.errors import DataError

if TYPE_CHECKING:
    from conftest import DataCopy

TABLE = "contracted_projects"
ENTRY = {"name": "t", "schema": {"primaryKey": ["year", "host"]}}


@pytest.fixture
def repository(copy: DataCopy, monkeypatch: pytest.MonkeyPatch) -> DataCopy:
    """Commit a copy of the data to a new repository, and point `make data` at it."""
    monkeypatch.setattr(refresh, "folder", lambda name: copy.where)
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)
    git = [
        "git",
        "-C",
        str(copy.where.parent),
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
    ]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "before", "--no-verify"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    return copy


def said(capsys: pytest.CaptureFixture[str], table: str = TABLE) -> list[str]:
    lines = capsys.readouterr().out.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{table}: "))
    rest = lines[first + 1 :]
    until = next((i for i, line in enumerate(rest) if not line.startswith("  ")), len(rest))
    return [lines[first], *rest[:until]]


def test_nothing_to_do(repository: DataCopy, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in repository.where.iterdir()}
    assert refresh.main() == 0
    assert {path.name: path.read_bytes() for path in repository.where.iterdir()} == before
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(catalogue.tables())
    assert all(line.endswith("; 0 added, 0 removed, 0 changed") for line in lines)


def test_rows_are_sorted_and_the_registry_follows(
    repository: DataCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    path = repository.path(TABLE)
    before = path.read_bytes()
    header, *rows = before.decode().splitlines()
    path.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8", newline="")
    assert verify(repository.where) != []
    assert refresh.main() == 0
    assert path.read_bytes() == before
    assert said(capsys) == [f"{TABLE}: {len(rows)} rows; 0 added, 0 removed, 0 changed"]
    assert verify(repository.where) == []


def test_an_edit_is_registered_and_shown(
    repository: DataCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    path = repository.path(TABLE)
    header, first, second, *rest = path.read_text(encoding="utf-8").splitlines()
    key = [*first.split(",")[:3], first.split(",")[4]]
    added = "2014,turnover,all_hosts,142.41,usd_bn,exact,mofcom2015_proj,"
    changed = first.replace("104.56", "104.65")
    path.write_text("\n".join([header, added, changed, *rest]) + "\n", encoding="utf-8")
    (repository.where / "README.md").write_text("an older dictionary")
    assert refresh.main() == 0
    lost = second.split(",")
    assert said(capsys) == [
        f"{TABLE}: {len(rest) + 2} rows; 1 added, 1 removed, 1 changed",
        "  + 2014 turnover all_hosts usd_bn",
        f"  - {lost[0]} {lost[1]} {lost[2]} {lost[4]}",
        f"  ~ {' '.join(key)}",
    ]
    assert path.read_text(encoding="utf-8").splitlines()[:3] == [header, changed, added]
    package = json.loads((repository.where / "datapackage.json").read_text(encoding="utf-8"))
    (entry,) = [item for item in package["resources"] if item["name"] == TABLE]
    assert entry["rows"] == len(rest) + 2
    assert entry["bytes"] == path.stat().st_size
    page = (repository.where / "README.md").read_text(encoding="utf-8")
    assert page == dictionary.render(package)
    assert f"| {len(rest) + 2} |" in page
    assert verify(repository.where) == []


def test_data_that_do_not_verify(repository: DataCopy, capsys: pytest.CaptureFixture[str]) -> None:
    path = repository.path(TABLE)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",mofcom2015_proj,", ",nobody,", 1), encoding="utf-8")
    assert refresh.main() == 1
    assert "must be in table 'sources'" in capsys.readouterr().err


def test_outside_a_repository(
    copy: DataCopy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refresh, "folder", lambda name: copy.where)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(copy.where.parent.parent))
    assert refresh.main() == 0
    rows = len(copy.lines(TABLE)) - 1
    assert said(capsys) == [f"{TABLE}: {rows} rows, not committed before"]


def test_without_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refresh._committed(tmp_path / "t.csv") is None


class TestReplace:
    def test_text_is_written_as_it_is(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        refresh.replace(path, "a\n中\n")
        assert path.read_bytes() == "a\n中\n".encode()
        assert [item.name for item in tmp_path.iterdir()] == ["t.csv"]

    def test_a_failure_leaves_the_old_file_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "t.csv"
        path.write_text("old")
        write = Path.write_text

        def full(self: Path, data: str, **options: object) -> int:
            write(self, data[:1])
            raise OSError("no space left")

        monkeypatch.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="no space"):
            refresh.replace(path, "new text")
        assert path.read_text() == "old"


class TestSort:
    SCHEMA = {  # noqa: RUF012
        "primaryKey": ["host", "rank"],
        "fields": [{"name": "rank", "type": "integer"}, {"name": "host", "type": "string"}],
    }

    def test_numbers_as_numbers_text_as_text(self) -> None:
        rows = [("10", "a"), ("9", "a"), ("1", "b"), ("", "a"), ("2", "B")]
        assert refresh.sort_rows(["rank", "host"], rows, self.SCHEMA) == [
            ("2", "B"),
            ("", "a"),
            ("9", "a"),
            ("10", "a"),
            ("1", "b"),
        ]

    def test_a_key_of_one_column(self) -> None:
        schema = self.SCHEMA | {"primaryKey": "rank"}
        assert refresh.sort_rows(["rank"], [("10",), ("9",)], schema) == [("9",), ("10",)]

    def test_equal_keys_keep_their_order(self) -> None:
        schema = self.SCHEMA | {"primaryKey": "host"}
        rows = [("2", "a"), ("1", "a")]
        assert refresh.sort_rows(["rank", "host"], rows, schema) == rows


class TestDifference:
    HEADER = ["year", "host", "value"]  # noqa: RUF012

    def new(self, *rows: tuple[str, ...]) -> tuple[list[str], list[tuple[str, ...]]]:
        return self.HEADER, list(rows)

    def test_a_row_whose_key_changed_is_lost_and_added(self) -> None:
        text = refresh.difference(
            ENTRY, "year,host,value\n2019,A,1\n", self.new(("2020", "A", "1"))
        )
        assert text == "t: 1 rows; 1 added, 1 removed, 0 changed\n  + 2020 A\n  - 2019 A"

    def test_five_examples_and_the_count_of_the_others(self) -> None:
        rows = [(str(year), "A", "1") for year in range(2001, 2009)]
        lines = refresh.difference(ENTRY, "year,host,value\n", self.new(*rows)).splitlines()
        assert lines[0] == "t: 8 rows; 8 added, 0 removed, 0 changed"
        assert lines[1] == "  + 2001 A"
        assert lines[-1] == "  + ... and 3 more"
        assert len(lines) == 7

    def test_a_new_column_changes_every_row(self) -> None:
        text = refresh.difference(ENTRY, "year,host\n2019,A\n", self.new(("2019", "A", "1")))
        assert text == "t: 1 rows; 0 added, 0 removed, 1 changed\n  ~ 2019 A"

    def test_another_key_cannot_be_compared(self) -> None:
        text = refresh.difference(ENTRY, "year,value\n2019,1\n", self.new(("2019", "A", "1")))
        assert text == "t: 1 rows; the key changed, no comparison"

    def test_quoted_cells_are_compared_as_values(self) -> None:
        old = 'year,host,value\n2019,"A, B","1"\n'
        text = refresh.difference(ENTRY, old, self.new(("2019", "A, B", "1")))
        assert text == "t: 1 rows; 0 added, 0 removed, 0 changed"


def test_a_short_row_names_its_line() -> None:
    with pytest.raises(DataError, match=r"t, line 3: 1 cells, the header has 2"):
        refresh._parse("a,b\n1,2\n3\n", "t")
