"""Tables that a user brings: every wrinkle of their layouts, and what is wrong named by cell."""

from __future__ import annotations

import csv
import datetime
import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sme_analysis import economies
from sme_analysis.data import catalogue
from sme_analysis.data.tables import load
from sme_analysis.errors import DataError, ParameterError, UnknownNameError
from sme_analysis.supplied import (
    DEALS_BY_ECONOMY_AND_YEAR,
    SOURCE,
    Supplied,
    cells,
    folder,
    industries,
    merge,
    names,
    read_file,
    read_folder,
    sheets,
)

Rows = list[list[Any]]

PANEL = load("outward_fdi_by_economy")
INDUSTRY = load("outward_fdi_by_industry")
REGION = load("economies").set_index("iso3")["bulletin_region"]
CONTINENTS = {
    "Asia": "亚洲",
    "Africa": "非洲",
    "Europe": "欧洲",
    "Latin America": "拉丁美洲",
    "North America": "北美洲",
    "Oceania": "大洋洲",
}
SECTIONS = load("sector_crosswalk").query("scheme == 'gbt_4754_2017' and subclass == 'any'")
ZH = dict(zip(SECTIONS["class_code"], SECTIONS["label_zh"], strict=True))
EN = dict(zip(SECTIONS["class_code"], SECTIONS["label"], strict=True))


def write(path: Path, tables: dict[str, Rows], merged: Sequence[str] = ()) -> Path:
    """Write a workbook, one sheet for each table."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell_range in merged:
            sheet.merge_cells(cell_range)
    book.save(path)
    return path


def text(rows: Rows, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(
        ["" if value is None else value for value in row] for row in rows
    )
    return out.getvalue()


def bulletin(
    measure: str,
    years: Sequence[int],
    *,
    show: Callable[[float], Any] = lambda value: round(value * 100),
    language: str = "zh",
    heading: Callable[[int], Any] = lambda year: year,
    blank: Any = None,
    keep: Iterable[str] | None = None,
) -> Rows:
    """The shipped panel in the layout of annex tables 1 and 2; sums are those of what is kept."""
    held = PANEL[(PANEL["measure"] == measure) & PANEL["year"].isin(years)]
    if keep is not None:
        held = held[held["iso3"].isin(list(keep))]
    wide = held.pivot_table(index="iso3", columns="year", values="value", sort=False)
    zh = language == "zh"
    word = {"flow": "流量", "stock": "存量"}[measure] if zh else f"{measure}s"
    first, last = years[0], years[-1]
    rows: Rows = [
        [f"附表  {first}-{last}年中国对外直接投资{word}情况（分国家地区）"]
        if zh
        else [f"Table: China's outward FDI {word} by country and region, {first}-{last}"],
        [None, None, "单位：万美元" if zh else "Unit: USD 10,000"],
        ["国家（地区）" if zh else "Country (region)", *map(heading, years)],
    ]

    def line(label: str, values: pd.Series) -> list[Any]:
        return [label, *(blank if pd.isna(values[y]) else show(values[y]) for y in years)]

    rows.append(line("合  计" if zh else "Total", wide.sum()))
    for region, chinese in CONTINENTS.items():
        inside = wide[wide.index.map(REGION) == region]
        if len(inside):
            rows.append(line(chinese if zh else region, inside.sum()))
        for iso3, values in inside.iterrows():
            shown = economies.name(str(iso3), "zh" if zh else "en")
            rows.append(line(f"　　{shown}" if zh else f"   {shown}", values))
    rows.append(["注：合计数可能不等于各项之和。" if zh else "Note: sums may differ by rounding."])
    return rows


def values(frame: pd.DataFrame, key: str = "iso3") -> pd.Series:
    return frame.set_index(["year", key, "measure"])["value"].sort_index()


def shipped(measure: str, years: Sequence[int]) -> pd.Series:
    return values(PANEL[(PANEL["measure"] == measure) & PANEL["year"].isin(years)])


def industry_rows(year: int = 2008, labels: dict[str, str] = ZH, **figures: float) -> Rows:
    held = INDUSTRY[(INDUSTRY["year"] == year) & (INDUSTRY["basis"] == "yearbook")]
    wide = held.pivot_table(index="industry", columns="measure", values="value")
    rows: Rows = [
        ["11-20 按行业分对外直接投资"],
        [None, None, "单位：万美元"],
        ["行业  Sector", "对外直接投资净额", "截至2008年对外直接投资存量"],
        [None, f"{year}年", None],
        ["合  计 Total", *(round(wide[m].sum() * 1e5) for m in ("flow", "stock"))],
    ]
    for letter, line in wide.iterrows():
        amounts = [None if pd.isna(line[m]) else round(line[m] * 1e5) for m in ("flow", "stock")]
        rows.append([f"  {labels[str(letter)]}", *amounts])
    return rows


DEALS_HEAD = [
    "Year", "Month", "Investor", "Quantity in Millions", "Share Size", "Transaction Party",
    "Sector", "Subsector", "Country", "Region", "BRI", "Greenfield",
]  # fmt: skip
DEALS: Rows = [
    [2012, "May", "Sany", 210, 0.6, "A", "Real estate", "Construction", "USA", "USA", None, "G"],
    [2013, "March", "CNOOC", "$15,100 ", "100%", "B", "Energy", "Oil", "Canada", "x", None, None],
    [2013, "October", "Wanda", 100, None, None, "Tourism", None, "Britain", "Europe", None, "G"],
    [2014, "June", "MCC", 900, None, None, "Metals", "Aluminum", "Congo", "Africa", 1, None],
    [2014, "July", "Geely", 300, None, None, "Transport", "Autos", "UAE", "x", 1, "G"],
]
BUILDS: Rows = [
    [2014, "May", "Sinohydro", 400, None, None, "Transport", "Autos", "Trinidad-Tobago", "x", 1],
    [2014, "June", "CRCC", 1270, None, None, "Transport", "Rail", "Turkey", "x", None],
]
TROUBLES: Rows = [
    [2014, "May", "China Railway Engineering", 500, "", "", "Transport", "Autos", "Poland", "x"],
    [2014, "June", "Great Wall Motor", 120, None, None, "Transport", "Autos", "Bulgaria", "x"],
]


def tracker() -> dict[str, Rows]:
    """The tracker's workbook: titles above the headings, four sheets."""
    title: Rows = [["China Global Investment Tracker"], [], ["(c) All rights reserved."], []]
    build = [*DEALS_HEAD[:2], "Contractor", *DEALS_HEAD[3:11]]
    both = [*DEALS_HEAD[:2], "Investor/Contractor", *DEALS_HEAD[3:11]]
    return {
        "Dataset 1": [*title, ["Dataset 1: investment"], DEALS_HEAD, *DEALS],
        "Dataset 2": [*title, ["Dataset 2: construction"], build, *BUILDS],
        "Dataset 3": [*title, ["Dataset 3: Troubled Transactions"], DEALS_HEAD[:10], *TROUBLES],
        "Dataset 1+2": [*title, both, *(row[:11] for row in DEALS), *BUILDS],
    }


# --- numbers, years, units, names ------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,369,075", "1369075"),
        ("1 369 075", "1369075"),
        ("1'369'075.5", "1369075.5"),
        ("１，２３４．５", "1234.5"),
        ("－12", "-12"),
        ("−0.5", "-0.5"),
        ("（1,234）", "-1234"),
        ("- 12", "-12"),
        ("'42", "42"),
        ("1234①", "1234"),
        ("1234¹", "1234"),
        ("1234*", "1234"),
        ("12[1]", "12"),
        (" 7\u00a0", "7"),
        (0.1 + 0.2, "0.3"),
        (10**15, str(10**15)),
    ],
)
def test_amounts_are_read_as_printed(cell: object, expected: str) -> None:
    assert cells.number(cell) == Decimal(expected)


@pytest.mark.parametrize(
    "cell", [None, "", " ", "-", "—", "——", "–", "...", "…", "……", "n.a.", "／"]
)
def test_signs_for_no_figure(cell: object) -> None:
    assert cells.number(cell) is None


@pytest.mark.parametrize(
    "cell",
    ["1,5", "12,34", "1.234.567", "1.37E+07", "12%", "#REF!", "1O0", True, "x", "1 2", float("nan"),
     float("inf"), datetime.date(2020, 1, 1), "--5", "1,234,56", "NaN", "inf"],
)  # fmt: skip
def test_what_is_not_an_amount_is_refused(cell: object) -> None:
    with pytest.raises(cells.NotANumber):
        cells.number(cell)


AMOUNTS = st.decimals(
    min_value=-(10**10), max_value=10**10, places=2, allow_nan=False, allow_infinity=False
)
FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(AMOUNTS, st.sampled_from([",", "", " ", "\u00a0", "\u3000", "'"]), st.booleans())
def test_a_written_amount_is_read_back(amount: Decimal, mark: str, wide: bool) -> None:
    written = f"{amount:,}".replace(",", mark)
    assert cells.number(written.translate(FULL_WIDTH) if wide else written) == amount


@given(AMOUNTS.filter(lambda amount: abs(amount) < 10**9))
def test_a_binary_number_is_read_back(amount: Decimal) -> None:
    assert cells.number(float(amount)) == amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_none_or_refused(cell: str) -> None:
    try:
        found = cells.number(cell)
    except cells.NotANumber:
        return
    assert found is None or found.is_finite()


@given(st.integers(1950, 2090))
def test_years_in_headings(year: int) -> None:
    forms: list[object] = [
        year, float(year), str(year), f"{year}年", f"{year} flow", f"截至{year}年底", f"FY {year}",
        str(year).translate(FULL_WIDTH), f"End of {year}", f"{year}年①",
        datetime.datetime(year, 12, 31),
    ]  # fmt: skip
    assert {cells.year(form) for form in forms} == {year}
    assert cells.year(f"{year}-{year + 3}") is None
    assert cells.year(f"{year}.5") is None
    assert cells.year(f"1{year}") is None


@pytest.mark.parametrize(
    ("stated", "million"),
    [
        ("单位：万美元", "0.01"),
        ("（单位:百万美元）", "1"),
        ("亿美元", "100"),
        ("十亿美元", "1000"),
        ("Unit: 10,000 US dollars", "0.01"),
        ("(USD 10 000)", "0.01"),
        ("US$10000", "0.01"),
        ("US$ mn", "1"),
        ("millions of US dollars", "1"),
        ("100 million US dollars", "100"),
        ("USD billion", "1000"),
        ("ten thousand dollars", "0.01"),
        ("US$ thousand", "0.001"),
    ],
)
def test_units(stated: str, million: str) -> None:
    assert cells.scale(stated) == Decimal(million)


def test_no_unit_is_seen_where_none_is() -> None:
    assert cells.scale("1 000 enterprises") is None
    assert cells.scale("Country") is None


@pytest.mark.parametrize(
    ("letter", "labels"),
    [
        ("A", "农、林、牧、渔业|农林牧渔业|Agriculture, Forestry, Animal Husbandry and Fishery"),
        ("B", "采矿业|采掘业|Mining"),
        ("C", "制造业|Manufacturing|C 制造业|C. Manufacturing|Manufacturing industry"),
        ("D", "电力、燃气及水的生产和供应业|电力、热力、燃气及水的生产和供应业"
              "|电力/热力/燃气及水的生产和供应业"
              "|Production and Supply of Electricity, Gas and Water"
              "|Production and Distribution of Electricity, Heating Power, Gas and Water"),
        ("F", "批发和零售业|批发与零售业|Wholesale and Retail Trades"),
        ("G", "交通运输、仓储和邮政业|交通运输/仓储和邮政业|Transport, Storage and Post"
              "|Transportation, warehousing and postal services"),
        ("H", "住宿和餐饮业|Hotels and Catering Services|Accommodation and restaurants"),
        ("I", "信息传输、计算机服务和软件业|信息传输/软件和信息技术服务业"
              "|Information Transmission, Computer Services and Software"
              "|Information transmission, software and information technology services"),
        ("J", "金融业|Finance|Financial Intermediation|Financial industry"),
        ("K", "房地产业|Real Estate"),
        ("L", "租赁和商务服务业|Leasing and Business Services"),
        ("M", "科学研究、技术服务和地质勘查业|科学研究和技术服务业"
              "|Scientific Research, Technical Service and Geologic Prospecting"
              "|Scientific research and technical services"),
        ("N", "水利、环境和公共设施管理业"
              "|Management of Water Conservancy, Environment and Public Facilities"),
        ("O", "居民服务和其他服务业|居民服务、修理和其他服务业"
              "|Services to Households and Other Services"
              "|Household services, repair and other services"),
        ("Q", "卫生、社会保障和社会福利业|卫生和社会工作"
              "|Health, Social Security and Social Welfare"),
        ("R", "文化、体育和娱乐业|Culture, Sports and Entertainment"),
        ("S", "公共管理和社会组织|公共管理、社会保障和社会组织"
              "|Public Management and Social Organizations"),
    ],
)  # fmt: skip
def test_names_of_industries(letter: str, labels: str) -> None:
    assert {name: industries.section(name) for name in labels.split("|")} == dict.fromkeys(
        labels.split("|"), letter
    )


def test_every_label_of_the_crosswalk_is_known() -> None:
    for labels in (ZH, EN):
        assert {industries.section(label) for label in labels.values()} == set(labels)


def test_parts_of_industries_are_not_industries() -> None:
    for name in (
        "装备制造业",
        "汽车制造业",
        "Equipment manufacturing",
        "其他",
        "Water",
        "Total",
        "",
    ):
        assert industries.section(name) is None


def test_names_in_two_languages_must_agree() -> None:
    assert names.understand("安哥拉 Angola", "economy").key == "AGO"
    assert names.understand("Angola 安哥拉", "economy").key == "AGO"
    assert names.understand("亚洲 Asia", "economy") == ("region", "Asia")
    assert names.understand("刚果(金) Congo, Dem. Rep.", "economy").key == "COD"
    assert names.understand("安哥拉 Gabon", "economy").kind == "unknown"
    assert names.understand("中国 China", "economy").kind == "unknown"
    assert names.understand("欧盟", "economy").kind == "memo"
    assert names.understand("荷属安的列斯", "economy").kind == "rest"


# --- the bulletin ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("measure", ["flow", "stock"])
def test_the_shipped_table_written_out_is_read_back_exactly(
    tmp_path: Path, language: str, measure: str
) -> None:
    path = write(
        tmp_path / "x.xlsx", {"Sheet1": bulletin(measure, [2018, 2019], language=language)}
    )
    supplied = read_file(path)
    frame = supplied.frame("outward_fdi_by_economy")
    pd.testing.assert_series_equal(values(frame), shipped(measure, [2018, 2019]))
    assert set(frame["panel"]) == {"complete"}
    assert set(frame["basis"]) == {"bulletin"}
    assert supplied.warnings == ()
    assert supplied.unread == ()


def test_every_shipped_year_round_trips(tmp_path: Path) -> None:
    years = list(range(2003, 2020))
    path = write(
        tmp_path / "all.xlsx", {m: bulletin(m, years, blank="—") for m in ("flow", "stock")}
    )
    frame = read_file(path).frame("outward_fdi_by_economy")
    columns = ["year", "iso3", "measure", "basis", "value", "unit", "panel"]
    expected = PANEL.loc[PANEL["panel"] == "complete", columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame[columns], expected)


def test_a_supplied_frame_has_the_columns_and_types_of_the_shipped_one(tmp_path: Path) -> None:
    tables = {"a": bulletin("flow", [2019]), "b": industry_rows()}
    supplied = read_file(write(tmp_path / "x.xlsx", tables))
    for name in ("outward_fdi_by_economy", "outward_fdi_by_industry"):
        frame = supplied.frame(name)
        assert list(frame.columns) == [field["name"] for field in catalogue.fields(name)]
        assert frame.dtypes.to_dict() == load(name).dtypes.to_dict()
        assert set(frame["source_id"]) == {SOURCE}
    assert set(supplied.frame("outward_fdi_by_economy")["note"]) == {"x.xlsx, sheet a"}


@pytest.mark.parametrize(
    ("encoding", "suffix", "delimiter"),
    [
        ("utf-8", "csv", ","),
        ("utf-8-sig", "csv", ","),
        ("gb18030", "csv", ","),
        ("utf-16", "csv", "\t"),
        ("utf-8", "csv", ";"),
        ("gb18030", "tsv", "\t"),
    ],
)
def test_text_files(tmp_path: Path, encoding: str, suffix: str, delimiter: str) -> None:
    rows = bulletin("flow", [2018, 2019], show=lambda v: f"{round(v * 100):,}", blank="...")
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(text(rows, delimiter).encode(encoding))
    frame = read_file(path).frame("outward_fdi_by_economy")
    pd.testing.assert_series_equal(values(frame), shipped("flow", [2018, 2019]))
    assert set(frame["note"]) == {path.name}


@pytest.mark.parametrize(
    "heading",
    [lambda y: f"{y}年", lambda y: f"{y} flow", lambda y: str(y).translate(FULL_WIDTH),
     lambda y: f"{y}年流量", lambda y: datetime.datetime(y, 12, 31), float],
)  # fmt: skip
@pytest.mark.parametrize("blank", ["—", "-", "...", "", None])
def test_headings_and_blanks(tmp_path: Path, heading: Callable[[int], Any], blank: Any) -> None:
    def show(value: float) -> str:
        return f"{round(value * 100):,}".translate(FULL_WIDTH)

    rows = bulletin("flow", [2018, 2019], heading=heading, blank=blank, show=show)
    frame = read_file(write(tmp_path / "x.xlsx", {"s": rows})).frame("outward_fdi_by_economy")
    pd.testing.assert_series_equal(values(frame), shipped("flow", [2018, 2019]))


def test_millions_are_read_as_stated(tmp_path: Path) -> None:
    rows = bulletin("stock", [2019], language="en", show=lambda value: round(value, 2))
    rows[1] = ["(US$ million)"]
    frame = read_file(write(tmp_path / "x.xlsx", {"s": rows})).frame("outward_fdi_by_economy")
    pd.testing.assert_series_equal(values(frame), shipped("stock", [2019]))


def test_without_a_unit_the_totals_on_record_tell_it(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019])
    rows[1] = []
    supplied = read_file(write(tmp_path / "x.xlsx", {"s": rows}))
    assert "no unit is stated" in supplied.warnings[0]
    pd.testing.assert_series_equal(
        values(supplied.frame("outward_fdi_by_economy")), shipped("flow", [2019])
    )


def test_every_wrinkle_at_once(tmp_path: Path) -> None:
    """Two languages, merged headings, serial numbers, shares, notes, continued pages."""
    rows: Rows = [
        [None, "表1 2018-2019年对外直接投资", None, None, None, None],
        [None, None, None, None, None, "单位：万美元 (USD 10,000)"],
        ["序号", "国别(地区)", "Country", "流量 Flows", None, "比重(%)", "存量"],
        [None, None, None, "2018年", "２０１９年", "2019", "截至2019年底"],
        [None, "总计", "Total", "300", 400, 100, "１，０００"],
        [None, "亚洲", "Asia", 250.0, "350", 87.5, "700"],
        [1, "　中国香港①", "Hong Kong, China", "200", "３００", 75, "650"],
        [2, "　其中：新加坡", "Singapore", "50", "50*", 12.5, "50"],
        ["续表1"],
        ["序号", "国别(地区)", "Country", "2018年", "２０１９年", "2019", "截至2019年底"],
        [None, "非洲", "Africa", "50", "50", 12.5, "300"],
        [3, "刚果（金）", "Congo, Dem. Rep.", "（50）", "…", None, "—"],
        [4, "南苏丹", "South Sudan", "100", "50", 12.5, "300"],
        [],
        [None, "注：①包括转口投资，2019年数据为初步数据。"],
        [None, "资料来源：商务部"],
    ]
    merged = ("B1:F1", "D3:E3", "A3:A4", "B3:B4")
    supplied = read_file(write(tmp_path / "x.xlsx", {"1": rows}, merged))
    frame = supplied.frame("outward_fdi_by_economy")
    found = frame.set_index(["measure", "year", "iso3"])["value"].to_dict()
    assert found == {
        ("flow", 2018, "HKG"): 2.0,
        ("flow", 2018, "SGP"): 0.5,
        ("flow", 2018, "COD"): -0.5,
        ("flow", 2018, "SSD"): 1.0,
        ("flow", 2019, "HKG"): 3.0,
        ("flow", 2019, "SGP"): 0.5,
        ("flow", 2019, "SSD"): 0.5,
        ("stock", 2019, "HKG"): 6.5,
        ("stock", 2019, "SGP"): 0.5,
        ("stock", 2019, "SSD"): 3.0,
    }
    assert set(frame["panel"]) == {"partial"}  # its totals are not the nation's
    assert len(supplied.warnings) == 3
    assert all("not the national" in warning for warning in supplied.warnings)


def test_a_sum_that_differs_is_named_with_its_cell(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019])
    row = next(i for i, line in enumerate(rows) if line[0] == "非洲")
    rows[row][1] += 1000
    supplied = read_file(write(tmp_path / "x.xlsx", {"s": rows}))
    (warning,) = supplied.warnings
    assert warning.startswith(f"x.xlsx, sheet 's', B{row + 1}: the flow of 2019 of '非洲' is")
    assert "-10.00 million US dollars" in warning
    assert set(supplied.frame("outward_fdi_by_economy")["panel"]) == {"complete"}


def test_rounding_is_no_difference(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019])
    for line in rows:
        if line[0] == "非洲":
            line[1] += 3
    assert read_file(write(tmp_path / "x.xlsx", {"s": rows})).warnings == ()


def test_a_table_of_main_hosts_is_partial(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019])
    rows = [row for row in rows if not str(row[0]).strip().startswith("美国")]
    supplied = read_file(write(tmp_path / "x.xlsx", {"s": rows}))
    assert set(supplied.frame("outward_fdi_by_economy")["panel"]) == {"partial"}
    assert len(supplied.warnings) == 2  # the continent and the total


def test_a_residual_row_counts_in_the_sums_and_makes_a_table_partial(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019])
    rows = [["其他国家（地区）", *r[1:]] if str(r[0]).strip() == "美国" else r for r in rows]
    supplied = read_file(write(tmp_path / "x.xlsx", {"s": rows}))
    assert supplied.warnings == ()
    assert set(supplied.frame("outward_fdi_by_economy")["panel"]) == {"partial"}


def test_sums_beside_the_table_are_not_hosts(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019])
    rows.insert(-1, ["欧盟", 123456])
    rows.insert(-1, ["“一带一路”沿线国家", 999999])
    frame = read_file(write(tmp_path / "x.xlsx", {"s": rows})).frame("outward_fdi_by_economy")
    pd.testing.assert_series_equal(values(frame), shipped("flow", [2019]))


def test_a_year_without_a_total_on_record_is_complete_by_its_continents(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019], heading=lambda year: 2031)
    frame = read_file(write(tmp_path / "x.xlsx", {"s": rows})).frame("outward_fdi_by_economy")
    assert set(frame["panel"]) == {"complete"}
    assert set(frame["year"]) == {2031}


# --- the yearbook, industries ----------------------------------------------------------------


@pytest.mark.parametrize("labels", [ZH, EN, {k: f"{ZH[k]} {EN[k]}" for k in ZH}])
def test_the_yearbook_by_sector(tmp_path: Path, labels: dict[str, str]) -> None:
    path = write(tmp_path / "x.xlsx", {"1": industry_rows(labels=labels)}, ("B3:B3", "C3:C4"))
    supplied = read_file(path)
    frame = supplied.frame("outward_fdi_by_industry")
    expected = INDUSTRY[(INDUSTRY["year"] == 2008) & (INDUSTRY["basis"] == "yearbook")]
    same = [name for name in frame.columns if name not in ("source_id", "note")]
    pd.testing.assert_frame_equal(frame[same], expected[same].reset_index(drop=True))
    assert supplied.warnings == ()


def test_the_yearbook_by_country_has_flows_of_two_years_and_a_stock(tmp_path: Path) -> None:
    hosts = ["HKG", "USA", "AUS", "ZAF", "DEU", "BRA"]
    flow = PANEL.query("measure == 'flow' and year in [2018, 2019]")
    stock = PANEL.query("measure == 'stock' and year == 2019")
    rows: Rows = [
        ["11-19 Overseas Direct Investment by Countries or Regions"],
        ["(USD 10 000)"],
        [
            "Country or Region",
            "Net Overseas Direct Investment",
            None,
            "Accumulated Overseas Direct",
        ],
        [None, 2018, 2019, "Investment by the End of 2019"],
    ]
    for name, codes in [("Total", None), *((economies.name(h), [h]) for h in hosts)]:
        chosen = [t if codes is None else t[t["iso3"].isin(codes)] for t in (flow, stock)]
        sums = chosen[0].groupby("year")["value"].sum()
        amounts = [sums.get(2018, 0), sums.get(2019, 0), chosen[1]["value"].sum()]
        rows.append([name, *(round(amount * 100) for amount in amounts)])
    supplied = read_file(write(tmp_path / "x.xlsx", {"11-19": rows}))
    frame = supplied.frame("outward_fdi_by_economy")
    held = values(PANEL)
    for key, value in values(frame).items():
        assert value == held[key]
    assert len(frame) == 18
    assert set(frame["panel"]) == {"partial"}
    assert sum("sum to" in warning for warning in supplied.warnings) == 3


def test_coverage_of_an_incomplete_table_by_industry(tmp_path: Path) -> None:
    rows = [row for row in industry_rows() if "租赁" not in str(row[0])]
    frame = read_file(write(tmp_path / "x.xlsx", {"1": rows})).frame("outward_fdi_by_industry")
    flow = frame[frame["measure"] == "flow"]
    assert flow["coverage"].iloc[0] == pytest.approx(100 * flow["value"].sum() / 55.907, abs=0.06)


def test_the_basis_before_2007(tmp_path: Path) -> None:
    tables = {"1": bulletin("flow", [2006, 2007])}
    frame = read_file(write(tmp_path / "x.xlsx", tables)).frame("outward_fdi_by_economy")
    basis = frame.groupby("year")["basis"].unique().str.join(",")
    assert basis.to_dict() == {2006: "bulletin_non_financial", 2007: "bulletin"}


# --- the tracker -----------------------------------------------------------------------------


def test_the_tracker(tmp_path: Path) -> None:
    supplied = read_file(write(tmp_path / "cgit.xlsx", tracker()))
    frame = supplied.frame("deals_by_sector")
    assert list(frame.columns) == [field["name"] for field in catalogue.fields("deals_by_sector")]
    keys = ["year", "kind", "sector", "subsector", "analysis_sector"]
    found = frame.set_index(keys)[["deals", "value"]].apply(tuple, axis=1).to_dict()
    assert found == {
        (2012, "investment", "real_estate", "construction", "construction_real_estate"): (1, 210),
        (2013, "investment", "energy", "oil", "fossil_energy"): (1, 15100),
        (2013, "investment", "tourism", "unspecified", "tourism_entertainment"): (1, 100),
        (2014, "investment", "metals", "aluminium", "mining_metals"): (1, 900),
        (2014, "investment", "transport", "autos", "manufacturing"): (1, 300),
        (2014, "construction", "transport", "autos", "transport_logistics"): (1, 400),
        (2014, "construction", "transport", "rail", "transport_logistics"): (1, 1270),
        (2014, "troubled", "transport", "autos", "transport_logistics"): (1, 500),
        (2014, "troubled", "transport", "autos", "manufacturing"): (1, 120),
    }
    assert supplied.unread == ()
    assert [w for w in supplied.warnings if "Dataset 3" not in w] == []
    hosts = supplied.frame(DEALS_BY_ECONOMY_AND_YEAR)
    assert list(hosts.columns[:4]) == ["iso3", "year", "kind", "broad_sector"]
    assert set(hosts["iso3"]) == {"USA", "CAN", "GBR", "COG", "ARE", "TTO", "TUR", "POL", "BGR"}
    assert hosts["value"].sum() == frame["value"].sum()
    assert hosts["deals"].sum() == frame["deals"].sum() == 9


def test_marks_are_blank_before_they_begin_and_where_not_given(tmp_path: Path) -> None:
    frame = read_file(write(tmp_path / "x.xlsx", tracker())).frame("deals_by_sector")
    marks = frame.set_index(["year", "kind", "sector", "analysis_sector"])
    early = marks.loc[(2013, "investment", "energy", "fossil_energy")]
    assert pd.isna(early["deals_belt_and_road"])
    assert early["deals_greenfield"] == 0
    late = marks.loc[(2014, "investment", "transport", "manufacturing")]
    assert (late["deals_belt_and_road"], late["value_belt_and_road"]) == (1, 300)
    rail = frame[(frame["kind"] == "construction") & (frame["subsector"] == "rail")].iloc[0]
    assert rail["deals_belt_and_road"] == 0
    assert pd.isna(rail["deals_greenfield"])
    assert marks.loc[(2014, "troubled"), "deals_belt_and_road"].isna().all()


def test_other_editions_of_the_headings(tmp_path: Path) -> None:
    head = [
        "Year",
        "Month",
        "Investor",
        "Millions",
        "Share Size",
        "Partner/Target",
        *DEALS_HEAD[6:11],
    ]
    rows = [head, *(row[:11] for row in DEALS)]
    path = tmp_path / "x.csv"
    path.write_text(text(rows), encoding="utf-8")
    frame = read_file(path).frame("deals_by_sector")
    assert frame["value"].sum() == 16610
    assert set(frame["kind"]) == {"investment"}
    assert frame["deals_greenfield"].isna().all()


def test_new_sub_sectors_are_named_and_counted_without(tmp_path: Path) -> None:
    rows = [*DEALS[:4], [*DEALS[4][:7], "Lithium", *DEALS[4][8:]]]
    rows[4][6] = "Metals"
    supplied = read_file(write(tmp_path / "x.xlsx", {"Dataset 1": [DEALS_HEAD, *rows]}))
    assert any(
        "new sub-sectors, counted under their sector: H6 'Metals: L" in warning
        for warning in supplied.warnings
    )
    frame = supplied.frame("deals_by_sector")
    assert set(frame.loc[frame["sector"] == "metals", "subsector"]) == {"aluminium", "unspecified"}


def test_every_class_of_the_shipped_tracker_tables_is_placed_alike(tmp_path: Path) -> None:
    table = load("deals_by_sector")
    classes = table[table["kind"] != "troubled"].drop_duplicates(["kind", "sector", "subsector"])
    for kind, word in (("investment", "Investor"), ("construction", "Contractor")):
        rows: Rows = [["Year", word, "Quantity in Millions", "Sector", "Subsector", "Country"]]
        chosen = classes[classes["kind"] == kind]
        for sector, sub in chosen[["sector", "subsector"]].itertuples(index=False):
            shown = "" if sub == "unspecified" else sub.replace("_", " ").title()
            rows.append([2020, "X", 100, sector.replace("_", " ").capitalize(), shown, "Peru"])
        frame = read_file(write(tmp_path / f"{kind}.xlsx", {"Dataset": rows})).frame(
            "deals_by_sector"
        )
        columns = ["sector", "subsector", "analysis_sector"]
        assert set(map(tuple, frame[columns].to_numpy())) == set(
            map(tuple, chosen[columns].to_numpy())
        )


def test_a_combined_sheet_that_differs_is_named(tmp_path: Path) -> None:
    tables = tracker()
    tables["Dataset 1+2"].pop()
    warnings = read_file(write(tmp_path / "x.xlsx", tables)).warnings
    assert any("'Dataset 1+2': 6 rows" in warning for warning in warnings)


# --- folders ---------------------------------------------------------------------------------


def everything(where: Path) -> Path:
    write(where / "a.xlsx", {"cover": [["Notes"]], "t1": bulletin("flow", [2018, 2019])})
    (where / "b.csv").write_text(text(bulletin("stock", [2019])), encoding="gb18030")
    write(where / "c.xlsx", {"x": industry_rows()})
    write(where / "d.xlsx", tracker())
    (where / "readme.txt").write_text("hello", encoding="utf-8")
    (where / "~$a.xlsx").write_bytes(b"lock")
    (where / ".hidden").write_bytes(b"")
    (where / "inner").mkdir()
    return where


def test_a_folder_is_recognised_by_content(tmp_path: Path) -> None:
    before = sorted(everything(tmp_path).iterdir())
    supplied = read_folder(tmp_path)
    assert set(supplied.frames) == {
        "outward_fdi_by_economy",
        "outward_fdi_by_industry",
        "deals_by_sector",
        DEALS_BY_ECONOMY_AND_YEAR,
    }
    summary = supplied.summary()
    assert summary[summary["table"] == "outward_fdi_by_economy"]["file"].tolist() == [
        "a.xlsx",
        "b.csv",
    ]
    assert summary["rows"].sum() > 500
    assert len(supplied.unread) == 3
    assert any("cover" in reason for reason in supplied.unread)
    assert sorted(tmp_path.iterdir()) == before
    with pytest.raises(UnknownNameError):
        supplied.frame("deals")


def test_frames_are_handed_out_as_copies(tmp_path: Path) -> None:
    supplied = read_folder(everything(tmp_path))
    frame = supplied.frame("deals_by_sector")
    frame["value"] = 0.0
    assert supplied.frame("deals_by_sector")["value"].sum() > 0
    with pytest.raises(TypeError):
        supplied.frames["x"] = pd.DataFrame()  # type: ignore[index]
    with pytest.raises(AttributeError):
        supplied.warnings = ()  # type: ignore[misc]


def test_a_year_comes_from_one_file_the_later_edition(tmp_path: Path) -> None:
    old = bulletin("flow", [2017, 2018])
    for row in old:
        if str(row[0]).strip() in ("合  计", "亚洲", "中国香港"):
            row[2] += 5000
    write(tmp_path / "old.xlsx", {"1": old})
    write(tmp_path / "new.xlsx", {"1": bulletin("flow", [2018, 2019])})
    supplied = read_folder(tmp_path)
    frame = supplied.frame("outward_fdi_by_economy")
    pd.testing.assert_series_equal(values(frame), shipped("flow", [2017, 2018, 2019]))
    assert frame.groupby("year")["note"].nunique().eq(1).all()
    assert any(
        re.search(r"old\.xlsx.*: 1 of \d+ figures of the flow of 2018 differ from new\.xlsx", w)
        for w in supplied.warnings
    )


def test_a_complete_table_wins_over_a_partial_one(tmp_path: Path) -> None:
    part = bulletin("flow", [2019], keep=["HKG", "USA"], heading=lambda year: year)
    part[2].append(2020)
    for row, amount in zip(part[3:-1], [20, 10, 10, 10, 10], strict=True):
        row.append(amount)
    write(tmp_path / "part.xlsx", {"1": part})
    write(tmp_path / "full.xlsx", {"1": bulletin("flow", [2019])})
    frame = read_folder(tmp_path).frame("outward_fdi_by_economy")
    assert set(frame.loc[frame["year"] == 2019, "panel"]) == {"complete"}
    assert len(frame[frame["year"] == 2020]) == 2


# --- merging ---------------------------------------------------------------------------------


def supplied_panel(tmp_path: Path, years: Sequence[int], as_years: dict[int, int]) -> Supplied:
    rows = bulletin("flow", years, heading=lambda year: as_years.get(year, year))
    return read_file(write(tmp_path / "mine.xlsx", {"1": rows}))


def test_supplied_years_fill_what_is_not_complete(tmp_path: Path) -> None:
    supplied = supplied_panel(tmp_path, [2018, 2019], {2019: 2031})
    merged = supplied.merged("outward_fdi_by_economy")
    mine = merged[merged["source_id"] == SOURCE]
    assert set(mine["year"]) == {2031}
    assert len(merged) == len(PANEL) + len(mine)
    rest = merged[merged["source_id"] != SOURCE].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, PANEL, check_like=False)
    assert merged.dtypes.equals(PANEL.dtypes)
    assert SOURCE in merged.attrs["source_ids"]
    assert (
        merged.groupby(["year", "measure"])["source_id"]
        .agg(lambda ids: (ids == SOURCE).nunique())
        .eq(1)
        .all()
    )


def test_prefer_supplied_replaces_whole_blocks(tmp_path: Path) -> None:
    supplied = supplied_panel(tmp_path, [2018, 2019], {})
    merged = supplied.merged("outward_fdi_by_economy", prefer="supplied")
    flows = merged[(merged["measure"] == "flow") & merged["year"].isin([2018, 2019])]
    assert set(flows["source_id"]) == {SOURCE}
    stocks = merged[(merged["measure"] == "stock") & merged["year"].isin([2018, 2019])]
    assert SOURCE not in set(stocks["source_id"])
    pd.testing.assert_series_equal(values(merged), values(PANEL))


def test_a_partial_table_never_replaces_anything(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019], keep=["HKG", "USA"])
    frame = read_file(write(tmp_path / "x.xlsx", {"1": rows})).frame("outward_fdi_by_economy")
    for year in (2019, 2020):  # complete and partial in the shipped table
        mine = frame.assign(year=year)
        for prefer in ("shipped", "supplied"):
            merged = merge(PANEL, mine, prefer=prefer)  # type: ignore[arg-type]
            assert SOURCE not in set(merged["source_id"])
    assert SOURCE in set(merge(PANEL, frame.assign(year=2031))["source_id"])


def test_a_complete_table_replaces_a_partial_year(tmp_path: Path) -> None:
    frame = read_file(write(tmp_path / "x.xlsx", {"1": bulletin("stock", [2019])})).frame(
        "outward_fdi_by_economy"
    )
    merged = merge(PANEL, frame.assign(year=2020))
    block = merged[(merged["year"] == 2020) & (merged["measure"] == "stock")]
    assert set(block["source_id"]) == {SOURCE}
    assert not block["iso3"].duplicated().any()


def test_industries_replace_levels_and_leave_other_bases(tmp_path: Path) -> None:
    frame = read_file(write(tmp_path / "x.xlsx", {"1": industry_rows()})).frame(
        "outward_fdi_by_industry"
    )
    assert SOURCE not in set(merge(INDUSTRY, frame)["source_id"])  # 2008 is complete as shipped
    mine = frame[frame["measure"] == "flow"].assign(year=2018)
    merged = merge(INDUSTRY, mine)
    block = merged[(merged["year"] == 2018) & (merged["measure"] == "flow")]
    level = block[
        block["indicator"].isin(["amount", "share"])
        & (block["scope"] == "all_hosts")
        & (block["period"] == "full_year")
        & block["basis"].str.contains("bulletin|yearbook")
    ]
    assert set(level["source_id"]) == {SOURCE}
    express = block[block["basis"].str.startswith("express")]
    assert len(express) == len(INDUSTRY.query("year == 2018 and basis.str.startswith('express')"))
    keys = catalogue.resource("outward_fdi_by_industry")["schema"]["primaryKey"]
    assert not merged.duplicated(keys).any()


def test_deals_fill_from_the_newest_shipped_year_of_each_list(tmp_path: Path) -> None:
    table = load("deals_by_sector")
    mine = read_file(write(tmp_path / "x.xlsx", tracker())).frame("deals_by_sector")
    newest = table.groupby("kind")["year"].max()
    for kind, year in newest.items():
        one = mine[mine["kind"] == kind].head(1)
        merged = merge(table, pd.concat([one.assign(year=y) for y in (year - 1, year, year + 1)]))
        used = merged[merged["source_id"] == SOURCE]
        assert set(zip(used["year"], used["kind"], strict=True)) == {(year, kind), (year + 1, kind)}
        assert len(merged[(merged["year"] == year) & (merged["kind"] == kind)]) == 1


def test_merge_refuses_what_it_cannot_join(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="not the same table"):
        merge(PANEL, INDUSTRY)
    with pytest.raises(ParameterError, match="prefer"):
        merge(PANEL, PANEL, prefer="mine")  # type: ignore[arg-type]
    economy = load("deals_by_economy")
    with pytest.raises(ParameterError, match="year and measure"):
        merge(economy, economy)


def test_a_table_that_was_not_supplied_comes_back_as_shipped(tmp_path: Path) -> None:
    supplied = supplied_panel(tmp_path, [2019], {})
    pd.testing.assert_frame_equal(supplied.merged("deals_by_sector"), load("deals_by_sector"))


# --- damaged files ---------------------------------------------------------------------------


def spoil(**changes: Any) -> Rows:
    """A bulletin table of 2019 with single cells overwritten, given as A1-like keys."""
    rows = bulletin("flow", [2019], language="en")
    for key, value in changes.items():
        column, row = "ABCDEFG".index(key[0]), int(key[1:]) - 1
        line = rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = value
    return rows


def deal(**changes: Any) -> Rows:
    row = dict(zip(DEALS_HEAD, DEALS[0], strict=True)) | changes
    return [DEALS_HEAD, *DEALS, [row[name] for name in DEALS_HEAD]]


LONG = bulletin("flow", [2019], language="en")
SHEETS: dict[str, tuple[Rows, str]] = {
    "a word for an amount": (
        spoil(B7="twelve"),
        r"bad.xlsx, sheet 'S', B7: 'twelve' is not a number; the flow of 2019 of '.*' is expec",
    ),
    "a decimal comma": (spoil(B8="12,5"), r"S', B8: '12,5' is not a number"),
    "an error of the spreadsheet": (spoil(B9="#REF!"), r"B9: '#REF!' is an error of the spread"),
    "lost digits": (spoil(B9="1.2E+05"), r"B9: '1.2E\+05' is in scientific notation"),
    "a truth value": (spoil(B9=True), r"B9: 'True' is a truth value"),
    "an unknown host": (
        spoil(A7="Atlantis", A8="Freedonia"),
        r"'S': names not known as economies: A7 'Atlantis', A8 'Freedonia' .*; correct them or",
    ),
    "a host twice": (spoil(A9=LONG[7][0]), r"B9: '.*' has a second figure; the first is in row 8"),
    "figures without a name": (spoil(A9=None), r"B9: a figure in a row without a name"),
    "a year twice": (
        spoil(C3="2019", C4="1", C5="1", C6="1", C7="1"),
        r"C3: the flow of 2019 is also in column B3: one column for each year",
    ),
    "no measure": (spoil(A1="Table 1"), r"B3: neither the heading nor the title says"),
    "two units": (spoil(B2="US$ million"), r"two units are stated: B2 .* and C2"),
    "a wrong unit": (spoil(C2="US$ million"), r"B4: the total of 2019 on record is 136,9\d\d"),
    "no unit and no total": (
        [["FDI flows"], *spoil()[2:3], *spoil()[4:]],
        r"no unit is stated above the table: write it there",
    ),
    "a sum among the members": (
        spoil(A5="Guam", A4="Total"),
        r"B4: the \d+ rows sum to [\d,]+, more than the printed total",
    ),
    "no years": (
        [["Country", "Flow", "Stock"], ["Total", 3, 4], ["Japan", 1, 2], ["Peru", 1, 2]],
        r"no table was recognised .*no row of headings with years",
    ),
    "provinces": (
        [["Flows, USD 10,000"], ["Province", 2019], ["Beijing", 1], ["Guangdong", 2], ["Hubei", 1]],
        r"no table was recognised .*(neither economies nor industries|no row with a known name)",
    ),
    "an unknown industry": (
        [*industry_rows(), ["Alchemy", 10, 20]],
        r"names not known as industries: A\d+ 'Alchemy'; correct them or take",
    ),
    "industries of some hosts": (
        [*industry_rows()[:4], ["Total", 300, 300], *[[ZH[s], 100, 100] for s in "BCF"]],
        r"B5: the total, 3 million .* is not the national flow .* all hosts together is expected",
    ),
    "an unknown country": (deal(Country="Ruritania"), r"countries that are not known: I7 'Rurit"),
    "an unknown sector": (deal(Sector="Alchemy"), r"that are not known: G7 'Alchemy: Const"),
    "a year that is none": (deal(Year="last"), r"S', A7: 'last' is not a year"),
    "a deal without amount": (deal(**{DEALS_HEAD[3]: None}), r"D7: an amount above zero"),
    "a deal with a wrong amount": (deal(**{DEALS_HEAD[3]: "a lot"}), r"D7: 'a lot' is not"),
    "a negative deal": (deal(**{DEALS_HEAD[3]: -5}), r"D7: an amount above zero"),
    "a deal without country": (deal(Country=None), r"I7: a country is expected"),
    "no amounts at all": (
        [["Year", "Sector", "Country"], [2019, "Energy", "Peru"]],
        r"S', A1: the tracker's headings are here, but no column for the amount",
    ),
    "headings only": ([DEALS_HEAD], r"no transaction follows the headings"),
    "lists in one": (
        [[*DEALS_HEAD[:2], "Investor/Contractor", *DEALS_HEAD[3:]], *DEALS],
        r"one list that does not tell them apart",
    ),
    "nothing": ([], r"no table was recognised .*the sheet is empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHEETS)
def test_a_wrong_table_is_named_by_file_sheet_and_cell(tmp_path: Path, case: str) -> None:
    rows, message = SHEETS[case]
    path = write(tmp_path / "bad.xlsx", {"S": rows})
    for read in (lambda: read_file(path), lambda: read_folder(tmp_path)):
        with pytest.raises(DataError, match=message) as caught:
            read()
        assert "\n" not in str(caught.value)
        assert str(tmp_path) not in str(caught.value)


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def good(tmp_path: Path) -> bytes:
    return write(tmp_path / "good.xlsx", {"S": bulletin("flow", [2019])}).read_bytes()


def repacked(content: bytes, how: str) -> bytes:
    """Do one harm to a good workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    if how == "declare":
        entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///nowhere">]>'
        members[sheet] = entity + members[sheet]
    elif how == "macro":
        members["xl/vbaProject.bin"] = b"x"
    elif how == "cut":
        members[sheet] = members[sheet][: len(members[sheet]) // 2]
    elif how == "bomb":
        members["xl/media/image.bin"] = b"\0" * (sheets.MAX_UNPACKED + 1)
    elif how == "formula":
        members[sheet] = members[sheet].replace(b"<v>2019</v>", b"<f>2018+1</f><v></v>")
    elif how == "stored":
        members[sheet] = members[sheet].replace(b"<v>2019</v>", b"<f>2018+1</f><v>2019</v>")
    return archive(members)


OLD = b"\xd0\xcf\x11\xe0" + b"\0" * 600
PICTURE = b"\x89PNG" + struct.pack("<8Q", *range(8))
FILES: dict[str, tuple[str, bytes | Callable[[Path], bytes], str]] = {
    "an old workbook": ("x.xls", OLD, r"x.xls is an old .xls workbook .* save it as .xlsx"),
    "a renamed old workbook": ("x.xlsx", OLD, r"x.xlsx .* is protected by a password: open it"),
    "a new workbook named old": ("x.xls", good, r"x.xls is named .xls, which is not read: open"),
    "an empty file": ("x.csv", b"", r"x.csv is empty"),
    "a truncated workbook": ("x.xlsx", lambda p: good(p)[:-200], r"x.xlsx is damaged or cut short"),
    "a broken byte": (
        "x.xlsx",
        lambda p: good(p)[:900] + b"\xff" * 40 + good(p)[940:],
        r"x.xlsx is damaged",
    ),
    "a broken sheet": (
        "x.xlsx",
        lambda p: repacked(good(p), "cut"),
        r"x.xlsx is damaged and cannot be read as a workbook",
    ),
    "another archive": ("x.xlsx", archive({"a.txt": b"a"}), r"is a zip archive, not an .xlsx"),
    "an OpenDocument": ("x.xlsx", archive({"mimetype": b"a"}), r"OpenDocument"),
    "an external entity": (
        "x.xlsx",
        lambda p: repacked(good(p), "declare"),
        r"x.xlsx declares a document type or entities in xl/worksheets/sheet1.xml",
    ),
    "macros": ("x.xlsx", lambda p: repacked(good(p), "macro"), r"x.xlsx holds macros"),
    "a bomb": ("x.xlsx", lambda p: repacked(good(p), "bomb"), r"unpacks to more than 300 MB"),
    "a formula without result": (
        "x.xlsx",
        lambda p: repacked(good(p), "formula"),
        r"x.xlsx, sheet 'S', B3: a formula without a stored result",
    ),
    "a web page": ("x.csv", b"<html><table></table></html>", r"x.csv is a web page"),
    "a picture": ("x.csv", PICTURE, r"x.csv.*(neither UTF-8 nor GB18030|not a text)"),
    "an unknown encoding": ("x.csv", b"a,b\nc,\xff\xff\n", r"x.csv, row 2: the text is neither"),
    "an open quotation": ("x.csv", b'a,b\n"c,2019\n', r"x.csv, row 2: cannot be split"),
    "too many columns": ("x.csv", b"a," * 400 + b"b", r"x.csv, row 1 has more than 300 columns"),
    "too many rows": ("x.csv", b"a,1\n" * 100_001, r"x.csv has more than 100,000 rows"),
    "a PDF": ("x.csv", b"%PDF-1.4", r"x.csv is a PDF"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_damaged_file_is_named_and_never_parsed_further(tmp_path: Path, case: str) -> None:
    name, make, message = FILES[case]
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / name).write_bytes(make if isinstance(make, bytes) else make(tmp_path))
    for read in (lambda: read_file(inner / name), lambda: read_folder(inner)):
        with pytest.raises(DataError, match=message) as caught:
            read()
        assert "\n" not in str(caught.value)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.truncate(sheets.MAX_BYTES + 1)
    with pytest.raises(DataError, match="files up to 50 MB are read"):
        read_file(path)


def test_paths_must_exist(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.xlsx does not exist"):
        read_file(tmp_path / "gone.xlsx")
    with pytest.raises(DataError, match="is a folder, not a file"):
        read_file(tmp_path)
    with pytest.raises(DataError, match="does not exist: name a folder"):
        read_folder(tmp_path / "gone")
    with pytest.raises(DataError, match="no table was recognised"):
        read_folder(tmp_path)
    path = tmp_path / "x.txt"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="is a file: name a folder"):
        read_folder(path)


def test_two_editions_of_the_tracker_are_refused(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write(tmp_path / name, tracker())
    with pytest.raises(DataError, match=r"a\.xlsx, b\.xlsx: more than one edition"):
        read_folder(tmp_path)


def test_formulas_with_stored_results_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(repacked(good(tmp_path), "stored"))
    assert set(read_file(path).frame("outward_fdi_by_economy")["year"]) == {2019}


CELLS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.integers(),
    st.floats(),
    st.sampled_from(
        ["Total", "亚洲", "Japan", 2019, "Flow", "Year", "Sector", "Country", "Mining"]
    ),
)


def test_a_bomb_that_lies_about_its_size_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = good(tmp_path)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 5_000)
    infolist = zipfile.ZipFile.infolist
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda self: infolist(self)[:1])
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(DataError, match="unpacks to more than"):
        read_file(path)


def test_an_amount_that_looks_like_its_year_is_an_amount(tmp_path: Path) -> None:
    rows = bulletin("flow", [2019], keep=["HKG", "USA"])
    rows[5][1] = 2019
    frame = read_file(write(tmp_path / "x.xlsx", {"1": rows})).frame("outward_fdi_by_economy")
    assert frame.loc[frame["iso3"] == "HKG", "value"].tolist() == [20.19]


def test_notes_spread_over_cells_are_passed_over(tmp_path: Path) -> None:
    rows = [*bulletin("flow", [2019]), ["Source:", "Ministry of Commerce"], ["数据来源", "商务部"]]
    frame = read_file(write(tmp_path / "x.xlsx", {"1": rows})).frame("outward_fdi_by_economy")
    pd.testing.assert_series_equal(values(frame), shipped("flow", [2019]))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_any_sheet_is_read_or_refused_in_one_sentence(rows: Rows) -> None:
    sheet = sheets.Sheet("x.xlsx", "S", tuple(tuple(row) for row in rows))
    try:
        found = folder._recognised(sheet)
    except DataError as error:
        found = str(error)
    assert found
