"""Citations: text, BibTeX, the sources behind a frame, and its source line."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis.data import catalogue, citation
from sme_analysis.errors import UnknownNameError

TABLES = catalogue.tables()
REGISTER = sme.load("sources").set_index("source_id")
# tables of facts about names, which cite in prose or not at all
WITHOUT = {"economy_names"}
FIGURES = [name for name in TABLES if name != "sources" and name not in WITHOUT]
BULLETIN = "MOFCOM, NBS and SAFE, Statistical Bulletin of China's Outward FDI"


def frame(**counts: int) -> pd.DataFrame:
    ids = [source for source, count in counts.items() for _ in range(count)]
    return pd.DataFrame({"source_id": ids, "value": 1.0})


def one(access: str, place: int = 0) -> str:
    return str(REGISTER.index[REGISTER["access"] == access][place])


def entries(text: str) -> list[str]:
    return re.split(r"\n(?=@misc)", text[text.index("@misc") :])


def depth(text: str) -> int:
    """Check the braces of one entry, where `\\{` is a printed brace; return what stays open."""
    open_ = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        open_ += 1 if brace == "{" else -1
        assert open_ >= 0, text
    return open_


class TestEveryFigureHasASource:
    @pytest.mark.parametrize("name", FIGURES)
    def test_every_row(self, name: str) -> None:
        table = sme.load(name)
        assert table["source_id"].notna().all()
        assert set(table["source_id"]) <= set(REGISTER.index)
        for column in ("confirmed_by", "name_zh_source_id"):
            if column in table:
                assert set(table[column].dropna()) <= set(REGISTER.index)

    def test_a_figure_is_not_confirmed_by_its_own_source(self) -> None:
        for name in FIGURES:
            table = sme.load(name)
            if "confirmed_by" in table:
                assert not (table["confirmed_by"] == table["source_id"]).any(), name

    def test_every_source_says_what_it_is(self) -> None:
        for column in ("origin", "publisher", "title", "edition", "licence", "access"):
            assert REGISTER[column].notna().all(), column
        assert set(REGISTER["access"]) <= set(citation._HOW)

    def test_every_way_of_reading_has_its_words(self) -> None:
        described = set(catalogue.labels("sources", "access"))
        assert described == set(citation._HOW)
        assert set(citation._READ) == described | {citation.SUPPLIED}

    def test_a_mirror_or_an_address_leads_to_the_text(self) -> None:
        outside = REGISTER[REGISTER["access"] != "compiled"]
        lost = outside.index[outside["url"].isna() & outside["mirror"].isna()]
        known = [source for source in lost if pd.isna(REGISTER.loc[source, "note"])]
        assert known == []


class TestText:
    def test_one_source(self) -> None:
        source = REGISTER.loc["bulletin2025_mofcom"]
        assert sme.cite("bulletin2025_mofcom") == (
            f"{source['publisher']} ({source['edition']}): {source['title']}. {source['url']}. "
            f"{citation._HOW[source['access']].capitalize()}."
        )

    def test_a_source_without_an_address(self) -> None:
        source = REGISTER.index[REGISTER["url"].isna()][0]
        text = sme.cite(source)
        assert "nan" not in text
        assert "http" not in text
        assert text.count(". ") >= 1

    @pytest.mark.parametrize(
        ("access", "words"),
        [
            ("publisher", "Read at the publisher."),
            ("press", "Known from a press report."),
            ("mirror", "Read on a copy of the publisher's text."),
            ("secondary", "Quoted by a third party."),
            ("compiled", "Compiled by this project."),
        ],
    )
    def test_how_it_was_read(self, access: str, words: str) -> None:
        assert sme.cite(one(access)).endswith(f" {words}")

    @pytest.mark.parametrize("name", FIGURES)
    def test_a_table_with_every_source_behind_it(self, name: str) -> None:
        head, *lines = sme.cite(name).splitlines()
        assert head == f"{catalogue.resource(name)['title']}. sme_analysis data 2026.11."
        assert lines == [sme.cite(source) for source in sorted(set(sme.load(name)["source_id"]))]

    def test_no_citation_shows_a_blank_as_nan(self) -> None:
        assert not re.search(r"\bnan\b|\bNone\b", sme.cite("sources"))
        assert not re.search(r"\bnan\b|\bNone\b", sme.cite("sources", "bibtex"))

    @pytest.mark.parametrize(
        ("name", "style", "says"),
        [
            ("souces", "text", "unknown table or source 'souces': did you mean 'sources'?"),
            (
                "sources",
                "bibtx",
                "unknown citation style 'bibtx': did you mean 'bibtex'? Allowed: text, bibtex.",
            ),
            ("zzzzzz", "text", "unknown table or source 'zzzzzz'."),
        ],
    )
    def test_unknown_names(self, name: str, style: str, says: str) -> None:
        with pytest.raises(UnknownNameError) as caught:
            sme.cite(name, style)
        assert str(caught.value) == says


class TestBibtex:
    ALL = sme.cite("sources", "bibtex")

    def test_one_entry_per_source_under_its_own_key(self) -> None:
        keys = re.findall(r"^@misc\{([^,]+),$", self.ALL, flags=re.MULTILINE)
        assert keys == sorted(REGISTER.index)
        assert len(set(keys)) == len(keys)

    def test_braces_balance_in_every_entry(self) -> None:
        listed = entries(self.ALL)
        assert len(listed) == len(REGISTER)
        for entry in listed:
            assert depth(entry) == 0
            assert entry.rstrip().endswith("\n}")

    def test_special_characters_are_escaped_outside_addresses(self) -> None:
        for line in self.ALL.splitlines():
            if line.startswith(("  author", "  title", "  note")):
                value = line.partition(" = ")[2]
                assert not re.search(r"(?<!\\)[&%$#_~^]", value), line

    def test_addresses_are_left_alone(self) -> None:
        urls = re.findall(r"^  url = \{(.*)\},$", self.ALL, flags=re.MULTILINE)
        assert sorted(urls) == sorted(REGISTER["url"].dropna())

    def test_by_hand(self) -> None:
        source = pd.Series(
            {
                "source_id": "x_1",
                "publisher": "A & B",
                "title": "50% of {US$1}: a_b #1",
                "edition": "2019-20",
                "url": "https://x.org/a_b%20c?d=1&e=2",
                "access": "press",
            }
        )
        assert citation._bibtex(source) == (
            "@misc{x_1,\n"
            "  author = {{A \\& B}},\n"
            "  title = {{50\\% of \\{US\\$1\\}: a\\_b \\#1}},\n"
            "  year = {2019},\n"
            "  url = {https://x.org/a_b%20c?d=1&e=2},\n"
            "  note = {2019-20; known from a press report},\n"
            "}"
        )

    def test_no_year_and_no_address(self) -> None:
        source = pd.Series(
            {"source_id": "x", "publisher": "A", "title": "B", "edition": "undated"}
            | {"url": None, "access": "mirror"}
        )
        text = citation._bibtex(source)
        assert "year" not in text
        assert "url" not in text

    def test_a_table_begins_with_a_comment(self) -> None:
        text = sme.cite("contracted_projects", "bibtex")
        title = catalogue.resource("contracted_projects")["title"]
        assert text.startswith(f"% {title}. sme_analysis data 2026.11.\n@misc{{")


class TestSources:
    def test_counts_and_order(self) -> None:
        a, b, c = REGISTER.index[[5, 9, 2]]
        listed = sme.sources(frame(**{a: 2, b: 5}), frame(**{c: 2}), pd.DataFrame({"x": [1]}))
        assert listed["source_id"].tolist() == [b, *sorted([a, c])]
        assert listed["figures"].tolist() == [5, 2, 2]
        assert listed["title"].tolist() == REGISTER.loc[listed["source_id"], "title"].tolist()

    def test_the_same_source_in_two_frames_is_counted_together(self) -> None:
        a = REGISTER.index[0]
        assert sme.sources(frame(**{a: 2}), frame(**{a: 3}))["figures"].tolist() == [5]

    def test_blank_sources_are_not_counted(self) -> None:
        a = REGISTER.index[0]
        mixed = pd.DataFrame({"source_id": pd.Series([a, None, a], dtype="str")})
        assert sme.sources(mixed)["figures"].tolist() == [2]

    @pytest.mark.parametrize("frames", [(), (pd.DataFrame({"x": [1]}),), (frame(),)])
    def test_none(self, frames: tuple[pd.DataFrame, ...]) -> None:
        assert sme.sources(*frames).empty
        assert sme.source_line(*frames) == "No source: no figure is shown."

    @pytest.mark.parametrize("name", FIGURES)
    def test_all_rows_of_a_table_are_counted(self, name: str) -> None:
        table = sme.load(name)
        listed = sme.sources(table)
        assert listed["figures"].sum() == len(table)
        assert sorted(listed["source_id"]) == list(table.attrs["source_ids"])
        wanted = table["source_id"].map(REGISTER["access"]).value_counts()
        assert listed.groupby("access")["figures"].sum().to_dict() == wanted.to_dict()


class TestSourceLine:
    @pytest.mark.parametrize(
        ("access", "words"),
        [
            ("publisher", "read at the publisher"),
            ("mirror", "read on copies of the publisher's tables"),
            ("press", "in press reports"),
            ("secondary", "quoted by third parties"),
            ("compiled", "compiled by this project"),
        ],
    )
    def test_one_way_of_reading(self, access: str, words: str) -> None:
        source = one(access)
        origin = REGISTER.loc[source, "origin"]
        assert sme.source_line(frame(**{source: 1})) == f"Source: {origin}. The figure {words}."
        assert sme.source_line(frame(**{source: 1200})) == (
            f"Source: {origin}. All 1,200 figures {words}."
        )

    def test_mirrors_and_the_press_are_counted_apart(self) -> None:
        of_bulletin = REGISTER[REGISTER["origin"] == BULLETIN]
        chosen = {
            access: str(of_bulletin.index[of_bulletin["access"] == access][0])
            for access in ("publisher", "mirror", "press", "secondary")
        }
        mixed = frame(
            **{
                chosen["press"]: 1000,
                chosen["secondary"]: 1,
                chosen["publisher"]: 2,
                chosen["mirror"]: 30,
            }
        )
        assert sme.source_line(mixed) == (
            f"Source: {BULLETIN}. 1,033 figures: 2 read at the publisher, 30 read on copies of the "
            "publisher's tables, 1,000 in press reports, 1 quoted by third parties."
        )

    def test_three_origins_are_named_most_used_first_and_the_rest_counted(self) -> None:
        firsts = REGISTER.reset_index().drop_duplicates("origin")["source_id"].tolist()
        chosen = firsts[:5]
        line = sme.source_line(frame(**{source: 5 - i for i, source in enumerate(chosen)}))
        named = "; ".join(REGISTER.loc[source, "origin"] for source in chosen[:3])
        assert line.startswith(
            (
                f"Source: {named}; and 2 more. 15 figures: ",
                f"Source: {named}; and 2 more. All 15 figures ",
            )
        )

    def test_the_panel_is_known_through_copies_only(self) -> None:
        panel = sme.load("outward_fdi_by_economy")
        complete = panel[panel["panel"] == "complete"]
        assert sme.source_line(complete) == (
            f"Source: {BULLETIN}. All {len(complete):,} figures read on copies of the "
            "publisher's tables."
        )

    def test_the_newest_bulletin_is_marked_as_read(self) -> None:
        newest = sme.load("outward_fdi_annual").query("year == 2025 and basis == 'bulletin'")
        assert set(newest["source_id"].map(REGISTER["access"])) <= {"mirror", "press"}
        assert "read at the publisher" not in sme.source_line(newest)
