"""The registry and loading: every table, its types and keys, messages, and facts to anchor it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import economies
from sme_analysis.data import catalogue, dictionary, tables
from sme_analysis.data.verify import digest
from sme_analysis.errors import DataError, UnknownNameError
from sme_analysis.locations import folder

TABLES = catalogue.tables()
FIELDS = [{"name": "iso3", "type": "string"}, {"name": "value", "type": "number"}]
LISTED = ", ".join([*TABLES, *catalogue.live_tables()])


def parsed(path: Path, text: str, fields: list[dict[str, Any]] = FIELDS) -> pd.DataFrame:
    path.write_text(text, encoding="utf-8", newline="")
    return tables.parse(fields, path, "small")


class TestRegistry:
    def test_frictionless_finds_no_fault(self) -> None:
        frictionless = pytest.importorskip("frictionless")
        with frictionless.system.use_context(trusted=True):
            report = frictionless.Package(str(folder("data") / "datapackage.json")).validate()
        assert report.flatten(["name", "rowNumber", "fieldName", "note"]) == []
        assert report.stats["tasks"] == len(TABLES)
        assert report.valid

    def test_the_tables_asked_for_are_there(self) -> None:
        assert set(TABLES) == {
            "outward_fdi_annual",
            "outward_fdi_by_economy",
            "outward_fdi_by_region",
            "outward_fdi_recent_signals",
            "outward_fdi_belt_and_road",
            "contracted_projects",
            "mergers_and_acquisitions",
            "country_indicators",
            "governance_indicators",
            "indicator_catalog",
            "oecd_country_risk",
            "investment_treaties",
            "tax_treaties",
            "trade_agreements",
            "distance_to_china",
            "un_ideal_points",
            "risk_structure",
            "risk_weights",
            "economies",
            "economy_names",
            "economy_groups",
            "belt_and_road_members",
            "sources",
            "outward_fdi_by_industry",
            "deals_by_sector",
            "deals_by_economy",
            "development_projects",
            "development_finance_by_economy",
            "belt_and_road_engagement",
            "africa_stock_by_sector",
            "host_side_fdi",
            "survey_responses",
            "sector_crosswalk",
            "published_totals",
            "trade_annual",
            "trade_by_partner",
            "trade_by_region",
            "cross_border_ecommerce",
            "sme_statistics",
            "sme_finance",
            "acquisition_returns",
            "policy_events",
            "programmes",
            "cooperation_zones",
            "cooperation_zone_totals",
            "sme_cooperation_zones",
            "sme_cooperation_zone_totals",
            "entry_conditions",
            "entry_condition_totals",
            "articles",
            "claims",
            "income_groups",
            "market_structure",
            "market_sectors",
            "market_weights",
        }

    def test_files_and_registry_match(self) -> None:
        on_disk = {path.name for path in folder("data").glob("*.csv")}
        assert on_disk == {entry["path"] for entry in catalogue.registry()["resources"]}

    @pytest.mark.parametrize("name", TABLES)
    def test_size_and_hash_are_current(self, name: str) -> None:
        entry = catalogue.resource(name)
        path = folder("data") / entry["path"]
        assert entry["hash"] == digest(path)
        assert entry["bytes"] == path.stat().st_size
        assert entry["rows"] == len(sme.load(name))

    def test_the_dictionary_is_current(self) -> None:
        page = (folder("data") / "README.md").read_text(encoding="utf-8")
        assert page == dictionary.render(catalogue.registry()), "run `make data`"

    @pytest.mark.parametrize("name", TABLES)
    def test_the_dictionary_names_every_column_in_order(self, name: str) -> None:
        page = dictionary.render(catalogue.registry())
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        rows = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
        assert rows == [f"| `{field['name']}`" for field in catalogue.fields(name)]

    def test_the_dictionary_keeps_a_pipe_inside_its_cell(self) -> None:
        package = json.loads(json.dumps(catalogue.registry()))
        package["resources"][0]["schema"]["fields"][0]["description"] = "a | b\nc"
        assert "a \\| b c |" in dictionary.render(package)

    @pytest.mark.parametrize("name", TABLES)
    def test_every_column_is_described_and_every_constraint_is_one_that_verify_knows(
        self, name: str
    ) -> None:
        known = {"required", "unique", "minimum", "maximum", "pattern", "enum"}
        for field in catalogue.fields(name):
            assert len(field["description"]) > 10, field["name"]
            assert field["type"] in {"string", "integer", "number", "boolean", "date"}
            assert set(field.get("constraints", {})) <= known

    @pytest.mark.parametrize("name", TABLES)
    def test_a_reference_is_declared_wherever_there_is_one(self, name: str) -> None:
        own = {field["name"] for field in catalogue.fields(name)}
        wanted = {"source_id", "confirmed_by", "name_zh_source_id", "iso3"} & own
        wanted -= {"source_id"} if name == "sources" else set()
        wanted -= {"iso3"} if name == "economies" else set()
        keys = catalogue.resource(name)["schema"].get("foreignKeys", [])
        assert wanted <= {key["fields"][0] for key in keys}

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (None, r"has no datapackage\.json"),
            ("{", "cannot be read as JSON"),
            ("[]", "lists no resources"),
            ('{"resources": {}}', "lists no resources"),
        ],
    )
    def test_an_unreadable_registry(self, tmp_path: Path, text: str | None, says: str) -> None:
        if text is not None:
            (tmp_path / "datapackage.json").write_text(text)
        with pytest.raises(DataError, match=says):
            sme.verify(tmp_path)

    def test_a_registry_that_is_not_text(self, tmp_path: Path) -> None:
        (tmp_path / "datapackage.json").write_bytes(b"\xff\xfe\xfa")
        with pytest.raises(DataError, match="cannot be read as JSON"):
            sme.verify(tmp_path)

    def test_labels_of_a_closed_column(self) -> None:
        assert list(catalogue.labels("outward_fdi_by_economy", "measure")) == ["flow", "stock"]
        assert catalogue.labels("outward_fdi_by_economy", "note") == {}

    def test_unknown_column_of_the_registry(self) -> None:
        with pytest.raises(UnknownNameError, match="unknown column 'measur' in table 'outward_fdi"):
            catalogue.labels("outward_fdi_by_economy", "measur")


class TestLoad:
    @pytest.mark.parametrize("name", TABLES)
    def test_columns_and_dtypes_follow_the_registry(self, name: str) -> None:
        frame = sme.load(name)
        assert list(frame.columns) == [field["name"] for field in catalogue.fields(name)]
        assert isinstance(frame.index, pd.RangeIndex)
        expected = {"string": "str", "date": "str", "number": "float64", "boolean": "bool"}
        for field in catalogue.fields(name):
            dtype = str(frame[field["name"]].dtype)
            if field["type"] == "integer":
                gaps = bool(frame[field["name"]].isna().any())
                assert dtype == ("Int64" if gaps else "int64"), field["name"]
            else:
                assert dtype == expected[field["type"]], field["name"]

    @pytest.mark.parametrize("name", TABLES)
    def test_attrs(self, name: str) -> None:
        frame = sme.load(name)
        assert set(frame.attrs) == {
            "table",
            "title",
            "edition",
            "units",
            "source_ids",
            "data_version",
        }
        assert frame.attrs["edition"] == "shipped"
        assert frame.attrs["table"] == name
        assert frame.attrs["title"] == catalogue.resource(name)["title"]
        assert frame.attrs["data_version"] == catalogue.data_version() == "2026.11"
        units = sorted(set(frame["unit"].dropna())) if "unit" in frame else []
        assert frame.attrs["units"] == tuple(units)
        ids = tuple(sorted(set(frame["source_id"])) if "source_id" in frame else ())
        assert frame.attrs["source_ids"] == ids

    def test_units_are_those_that_occur(self) -> None:
        assert sme.load("outward_fdi_by_economy").attrs["units"] == ("usd_mn",)
        assert sme.load("economies").attrs["units"] == ()

    @pytest.mark.parametrize("name", TABLES)
    def test_rows_stand_in_the_order_of_their_key(self, name: str) -> None:
        key = catalogue.resource(name)["schema"]["primaryKey"]
        frame = sme.load(name)[key]
        pd.testing.assert_frame_equal(frame, frame.sort_values(key, ignore_index=True))

    def test_a_fresh_copy_every_time(self) -> None:
        before = sme.load("contracted_projects")
        spoilt = sme.load("contracted_projects")
        spoilt["value"] = 0.0
        spoilt.loc[0, "note"] = "spoilt"
        spoilt.iloc[:, 0] += 1
        spoilt.attrs["title"] = "spoilt"
        spoilt.attrs["units"] += ("spoilt",)
        del spoilt["year"]
        after = sme.load("contracted_projects")
        pd.testing.assert_frame_equal(before, after)
        assert after.attrs == before.attrs
        assert "spoilt" not in str(after.attrs)

    def test_columns_in_the_order_asked(self) -> None:
        frame = sme.load("outward_fdi_annual", ["value", "year"])
        assert list(frame.columns) == ["value", "year"]
        assert frame.attrs["table"] == "outward_fdi_annual"
        assert list(sme.load("outward_fdi_annual", (c for c in ["year"])).columns) == ["year"]

    def test_one_column_by_its_name(self) -> None:
        assert list(sme.load("outward_fdi_annual", "year").columns) == ["year"]

    def test_namibia_is_not_a_missing_value(self) -> None:
        table = sme.load("economies").set_index("iso3")
        assert table.loc["NAM", "iso2"] == "NA"
        assert "NA" in set(sme.load("economies")["iso2"])

    def test_blanks_are_missing_and_stay_so(self) -> None:
        left = sme.load("belt_and_road_members").set_index("iso3")["left"]
        assert left["ITA"].startswith("2023-12")
        assert pd.isna(left["KAZ"])

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            (
                "outward_fdi_anual",
                "unknown table 'outward_fdi_anual': did you mean 'outward_fdi_annual' or "
                "'outward_fdi_belt_and_road' or 'outward_fdi_by_industry'?",
            ),
            ("SOURCES", "unknown table 'SOURCES': did you mean 'sources' or 'articles'?"),
            ("zzz", f"unknown table 'zzz'. Allowed: {LISTED}."),
        ],
    )
    def test_unknown_table(self, name: str, says: str) -> None:
        for call in (sme.load, sme.describe, catalogue.resource):
            with pytest.raises(UnknownNameError) as caught:
                call(name)
            assert str(caught.value) == says

    def test_unknown_column(self) -> None:
        with pytest.raises(UnknownNameError) as caught:
            sme.load("outward_fdi_by_region", ["year", "reigon"])
        assert str(caught.value) == (
            "unknown column 'reigon' in table 'outward_fdi_by_region': did you mean 'region'? "
            "Allowed: year, region, measure, basis, value, unit, source_id, note."
        )

    def test_a_missing_file(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(tables, "folder", lambda name: tmp_path)
        with pytest.raises(DataError) as caught:
            sme.load("economies")
        assert str(caught.value) == "table 'economies': the data folder has no file economies.csv"

    def test_an_edited_file_is_refused_until_it_is_registered(
        self, monkeypatch: pytest.MonkeyPatch, copy: Any
    ) -> None:
        for module in (tables, catalogue):
            monkeypatch.setattr(module, "folder", lambda name: copy.where)
        catalogue.registry.cache_clear()
        try:
            path, name = copy.path("contracted_projects"), "contracted_projects"
            assert sme.load(name)["value"].iloc[0] == 104.56
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(",104.56,", ",104.57,"), encoding="utf-8", newline="")
            with pytest.raises(DataError, match=r"contracted_projects.csv is not the file that"):
                sme.load(name)
            copy.edit(name, lambda lines: None)  # registers it
            assert sme.load(name)["value"].iloc[0] == 104.57
            path.write_text(text[: len(text) // 2], encoding="utf-8", newline="")
            with pytest.raises(DataError, match=r"it was damaged or edited\. Restore it, or run"):
                sme.load(name)
        finally:
            catalogue.registry.cache_clear()


class TestParse:
    def test_types(self, tmp_path: Path) -> None:
        fields = [
            {"name": "a", "type": "integer"},
            {"name": "b", "type": "integer"},
            {"name": "c", "type": "number"},
            {"name": "d", "type": "boolean"},
            {"name": "e", "type": "string"},
        ]
        frame = parsed(tmp_path / "t.csv", "a,b,c,d,e\n1,,2,true,NA\n2,7,,false,\n", fields)
        assert [str(dtype) for dtype in frame.dtypes] == [
            "int64",
            "Int64",
            "float64",
            "bool",
            "str",
        ]
        assert frame["b"].isna().tolist() == [True, False]
        assert frame["d"].tolist() == [True, False]
        assert frame["e"].iloc[0] == "NA"
        assert frame["e"].isna().tolist() == [False, True]

    @pytest.mark.parametrize("text", ["NA", "nan", "null", "None", "N/A", "-"])
    def test_only_a_blank_is_missing(self, tmp_path: Path, text: str) -> None:
        frame = parsed(tmp_path / "t.csv", f"iso3,value\n{text},1\n")
        assert frame["iso3"].tolist() == [text]
        with pytest.raises(DataError, match=f"'{text}' is not number"):
            parsed(tmp_path / "t.csv", f"iso3,value\nHKG,{text}\n")

    @pytest.mark.parametrize("value", ["1,5", "abc", "1.2.3", "inf", "-inf", "1e999", "12%"])
    def test_a_wrong_number_names_line_and_column(self, tmp_path: Path, value: str) -> None:
        with pytest.raises(DataError) as caught:
            parsed(tmp_path / "t.csv", f'iso3,value\nAFG,1\nALB,\nAGO,"{value}"\nARE,x\n')
        assert str(caught.value) == (
            f"table 'small', line 4, column 'value': {value!r} is not number (2 such values)"
        )

    def test_a_year_with_a_fraction(self, tmp_path: Path) -> None:
        fields = [{"name": "year", "type": "integer"}]
        with pytest.raises(
            DataError, match=r"line 3, column 'year': '2004\.5' is not integer \(1 such"
        ):
            parsed(tmp_path / "t.csv", "year\n2003\n2004.5\n", fields)

    @pytest.mark.parametrize("value", ["True", "1", "yes", ""])
    def test_a_boolean_is_true_or_false(self, tmp_path: Path, value: str) -> None:
        fields = [{"name": "x", "type": "string"}, {"name": "flag", "type": "boolean"}]
        with pytest.raises(DataError, match=r"line 2, column 'flag': .* is not true or false"):
            parsed(tmp_path / "t.csv", f"x,flag\na,{value}\n", fields)

    @pytest.mark.parametrize(
        ("header", "shown"),
        [
            ("iso3,value,note", "iso3, value, note"),
            ("iso3", "iso3"),
            ("value,iso3", "value, iso3"),
            ("iso3,values", "iso3, values"),
        ],
    )
    def test_other_columns(self, tmp_path: Path, header: str, shown: str) -> None:
        row = ",".join("1" * (header.count(",") + 1))
        with pytest.raises(DataError) as caught:
            parsed(tmp_path / "t.csv", f"{header}\n{row}\n")
        assert str(caught.value) == (
            f"table 'small': the columns are {shown}; the registry has iso3, value"
        )

    def test_a_cell_too_many_in_the_first_row_does_not_shift_the_columns(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(DataError, match=r"line 2 of t\.csv has more cells than the header"):
            parsed(tmp_path / "t.csv", "iso3,value\nAFG,1,2\nALB,3,4\n")

    @pytest.mark.parametrize("text", ["", "iso3,value\nAFG,1\nALB,2,3\n", 'iso3,value\nAFG,"1\n'])
    def test_text_that_is_no_table(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(DataError, match=r"^table 'small': t\.csv cannot be read: ") as caught:
            parsed(tmp_path / "t.csv", text)
        assert "\n" not in str(caught.value)

    def test_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_bytes(b"iso3,value\n\xff\xfe,1\n")
        with pytest.raises(DataError, match="cannot be read"):
            tables.parse(FIELDS, tmp_path / "t.csv", "small")


class TestCatalogAndDescribe:
    def test_catalog(self) -> None:
        listed = sme.catalog()
        assert listed.index.name == "table"
        assert listed.index.tolist() == TABLES
        annual = listed.loc["outward_fdi_annual"]
        assert annual["rows"] == len(sme.load("outward_fdi_annual"))
        assert annual["columns"] == 10
        assert (annual["first_year"], annual["last_year"]) == (2002, 2025)
        assert annual["title"] == "China's outward FDI: national totals, 2002-2025"
        panel = listed.loc["outward_fdi_by_economy"]
        assert (panel["first_year"], panel["last_year"]) == (2003, 2020)
        assert pd.isna(listed.loc["sources", "first_year"])
        assert listed.loc["country_indicators", "licence"] == "CC-BY-4.0"

    def test_the_title_of_a_table_has_its_years(self) -> None:
        listed = sme.catalog().dropna(subset=["first_year"])
        for name, row in listed.iterrows():
            first, last = row["first_year"], row["last_year"]
            years = f"{first}-{last}" if first < last else str(first)
            assert years in row["title"] or "after 2019" in row["title"], name

    def test_describe(self) -> None:
        shown = sme.describe("outward_fdi_by_economy")
        assert shown.index.name == "column"
        assert shown.index.tolist() == list(sme.load("outward_fdi_by_economy").columns)
        assert shown.loc["value", "type"] == "number"
        assert bool(shown.loc["value", "required"]) is True
        assert bool(shown.loc["note", "required"]) is False
        assert shown.loc["measure", "allowed"] == "flow, stock"
        assert shown.loc["value", "allowed"] == ""
        notes = sme.load("outward_fdi_by_economy")["note"].notna().sum()
        assert shown.loc["note", "values"] == notes
        assert shown.attrs["table"] == "outward_fdi_by_economy"

    @pytest.mark.parametrize("name", TABLES)
    def test_values_lie_among_those_described(self, name: str) -> None:
        frame = sme.load(name)
        for column, allowed in sme.describe(name)["allowed"].items():
            if allowed and allowed.count(",") < 2:
                assert set(frame[column].dropna().astype(str)) <= set(allowed.split(", ")), column


def annual(indicator: str, year: int, basis: str = "bulletin", unit: str = "usd_bn") -> float:
    table = sme.load("outward_fdi_annual")
    keep = (table["indicator"] == indicator) & (table["year"] == year) & table["preferred"]
    (value,) = table.loc[keep & (table["basis"] == basis) & (table["unit"] == unit), "value"]
    return float(value)


def panel(year: int, measure: str) -> pd.Series:
    table = sme.load("outward_fdi_by_economy")
    keep = (table["year"] == year) & (table["measure"] == measure)
    return table[keep].set_index("iso3")["value"]


class TestFacts:
    """Figures known from the publications, independent of how the tables were compiled."""

    @pytest.mark.parametrize(
        ("indicator", "year", "value"),
        [
            ("flow", 2006, 21.16),
            ("flow", 2016, 196.15),
            ("flow", 2019, 136.91),
            ("flow", 2024, 192.2),
            ("flow", 2025, 213.58),
            ("stock", 2006, 90.63),
            ("stock", 2011, 424.781),
            ("stock", 2018, 1982.265),
            ("stock", 2020, 2580.66),
            ("stock", 2024, 3139.93),
            ("flow_new_equity", 2025, 122.74),
        ],
    )
    def test_national_totals(self, indicator: str, year: int, value: float) -> None:
        assert annual(indicator, year) == value

    def test_the_bulletin_starts_in_2006_and_the_earlier_figures_are_non_financial(self) -> None:
        table = sme.load("outward_fdi_annual").query("indicator in ['flow', 'stock']")
        first = table[table["basis"] == "bulletin"].groupby("indicator")["year"].min()
        assert first.to_dict() == {"flow": 2006, "stock": 2006}
        early = table[table["year"] < 2006]
        assert set(early["basis"]) == {"bulletin_non_financial"}
        assert annual("flow_growth", 2006, "bulletin_non_financial", "pct") == 43.8

    def test_every_year_has_a_bulletin_flow(self) -> None:
        table = sme.load("outward_fdi_annual").query("indicator == 'flow' and preferred")
        bases = table["basis"].isin(["bulletin", "bulletin_non_financial"])
        assert set(table.loc[bases, "year"]) == set(range(2002, 2026))

    def test_express_figures_stand_below_the_bulletin(self) -> None:
        assert annual("flow", 2024, "express") == 162.78
        assert annual("flow", 2025, "express") == 174.4

    def test_recovered_totals_are_the_sums_over_economies(self) -> None:
        table = sme.load("outward_fdi_annual").query("derivation == 'sum_over_economies'")
        found = set(zip(table["year"], table["indicator"], strict=True))
        assert found >= {(2011, "stock"), (2018, "stock")}
        for row in table.itertuples():
            total = panel(row.year, row.indicator).sum() / 1000
            assert math.isclose(total, row.value, abs_tol=0.0006), row

    def test_twenty_largest_flows_of_2018(self) -> None:
        top = panel(2018, "flow").nlargest(20)
        # printed: 133.63 bn, from figures rounded to 0.01 bn each
        assert math.isclose(top.sum() / 1000, 133.63, abs_tol=0.01)
        assert list(top.index[:5]) == ["HKG", "USA", "VGB", "SGP", "CYM"]
        assert round(top["CAN"] / 100, 1) == 15.6
        assert round(top["AUS"] / 100, 1) == 19.9
        assert round(top["MAC"] / 100, 1) == 8.1

    @pytest.mark.parametrize(("year", "total"), [(2012, 7.82), (2019, 14.22)])
    def test_stock_in_central_asia(self, year: int, total: float) -> None:
        stock = panel(year, "stock")
        assert round(stock[economies.members("Central Asia")].sum() / 1000, 2) == total

    def test_ten_largest_belt_and_road_hosts_of_2019_as_the_ministry_names_them(self) -> None:
        # along the route: the ministry's own list leaves out partners elsewhere
        africa_and_west = set(economies.members("Africa")) | set(economies.members("Latin America"))
        flow = panel(2019, "flow")
        road = set(economies.members("BRI", 2019)) - africa_and_west
        road -= {"KOR", "NZL", "ITA", "LUX", "AUT", "PRT", "MAC", "HKG"}
        named = ["SGP", "IDN", "VNM", "THA", "ARE", "LAO", "MYS", "IRQ", "KAZ", "KHM"]
        assert flow[flow.index.isin(road)].nlargest(10).index.tolist() == named

    @pytest.mark.parametrize(("last", "total"), [(2018, 98.62), (2019, 117.31), (2020, 139.85)])
    def test_flows_along_the_route(self, last: int, total: float) -> None:
        table = sme.load("outward_fdi_belt_and_road").query(
            "indicator == 'flow' and basis == 'bulletin' and definition == 'along_route'"
        )
        chosen = table[table["year"].between(2013, last)]
        assert len(chosen) == last - 2012
        assert round(chosen["value"].sum(), 2) == total

    def test_flow_to_partner_countries(self) -> None:
        table = sme.load("outward_fdi_belt_and_road").query(
            "indicator == 'flow' and basis == 'bulletin'"
        )
        partners = table[table["definition"] == "partner_countries"].set_index("year")["value"]
        assert partners.to_dict() == {2023: 40.71, 2024: 50.99, 2025: 46.05}
        along = table[table["definition"] == "along_route"]
        assert along["year"].max() == 2021
        assert not set(along["year"]) & set(partners.index)

    def test_the_panel_is_complete_to_2019_and_partial_after(self) -> None:
        table = sme.load("outward_fdi_by_economy")
        years = table.groupby("panel")["year"].agg(lambda y: sorted(set(y)))
        assert years["complete"] == list(range(2003, 2020))
        assert years["partial"] == [2020]

    @pytest.mark.parametrize(
        ("year", "hosts"), [(2003, 131), (2010, 177), (2016, 189), (2019, 186)]
    )
    def test_number_of_hosts_with_a_stock(self, year: int, hosts: int) -> None:
        assert len(panel(year, "stock")) == hosts

    def test_number_of_hosts_beside_the_printed_count(self) -> None:
        # the bulletin counts 178 economies in 2010, and 188 in 2019, some without a stock
        for year in (2010, 2019):
            printed = annual("host_economies", year, unit="count")
            assert abs(len(panel(year, "stock")) - printed) <= 2

    def test_no_figure_of_the_panel_is_rounded_to_nothing(self) -> None:
        table = sme.load("outward_fdi_by_economy")
        assert np.isfinite(table["value"]).all()
        assert table.groupby(["year", "measure"])["iso3"].apply(lambda s: s.is_unique).all()
        assert "CHN" not in set(table["iso3"])

    def test_recent_signals_begin_after_the_panel(self) -> None:
        table = sme.load("outward_fdi_recent_signals")
        assert table["year"].min() == 2020
        assert (table["iso3"].isna() | (table["iso3"] == table["host"])).all()

    def test_a_signal_of_2020_fits_the_panel_of_2019(self) -> None:
        table = sme.load("outward_fdi_recent_signals").query("host == 'USA' and year == 2020")
        printed = table[table["basis"] == "bulletin"].set_index("indicator")["value"]
        computed = panel(2019, "flow")["USA"] * (1 + printed["flow_growth"] / 100) / 1000
        assert math.isclose(computed, printed["flow"], abs_tol=0.02)

    @pytest.mark.parametrize("name", ["economy_groups", "belt_and_road_members"])
    def test_a_date_is_as_long_as_its_precision_says(self, name: str) -> None:
        table = sme.load(name)
        length = {"year": {4}, "month": {7}, "day": {10}, "by_end_of_year": {4, 7, 10}}
        for column in ("joined", "left"):
            dated = table.dropna(subset=[column])
            for row in dated[[column, f"{column}_precision"]].itertuples(index=False):
                assert len(row[0]) in length[row[1]], row
            assert table.loc[table[column].isna(), f"{column}_precision"].isna().all()

    def test_withdrawals_from_the_belt_and_road(self) -> None:
        table = sme.load("belt_and_road_members").set_index("iso3")
        assert set(table.index[table["status"] == "withdrawn"]) >= {"ITA", "PAN"}
        assert table.loc["PAN", "left"].startswith("2025")
        assert (table.loc[table["status"] == "withdrawn", "left"].notna()).all()
        assert table.loc[table["status"] != "withdrawn", "left"].isna().all()
