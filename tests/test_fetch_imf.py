"""The IMF's SDMX service on this machine: two bases, units, marks, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from publishers import HOSTS_OF_CHINA, Publishers, investment

from sme_analysis.errors import ServiceError
from sme_analysis.services.client import Client, Limits
from sme_analysis.services.imf import DirectInvestment
from sme_analysis.services.protocol import Cleaned, Order


def cleaned(*series: str) -> Cleaned:
    client = Client(Limits(tries=1), sleep=lambda seconds: None)
    service = DirectInvestment()
    try:
        return service.clean(service.fetch(client, Order("2026-11-22", 2009, 2026, series)))
    finally:
        client.close()


@pytest.fixture
def fund(services: Publishers) -> Publishers:
    return investment(services)


def test_both_bases_apart(fund: Publishers) -> None:
    found = cleaned()
    rows = found.rows.set_index(["basis", "iso3", "year"])["value"]
    assert rows["china_outward", "HKG", 2024] == pytest.approx(1_600_000.0)
    assert rows["host_inward", "HKG", 2024] == pytest.approx(1_280_000.0)
    years = found.rows.groupby("basis")["year"].agg(["min", "max"])
    assert years.loc["china_outward"].tolist() == [2018, 2024]
    assert years.loc["host_inward"].tolist() == [2009, 2024]
    assert set(found.rows["unit"]) == {"usd_mn"}
    assert set(found.series) == {"china_outward", "host_inward"}


def test_the_two_questions(fund: Publishers) -> None:
    cleaned()
    first, second = (path for path, _ in fund.asked)
    base = "/external/sdmx/2.1/data/IMF.STA,DIP/"
    assert first.startswith(f"{base}CHN.O.OTWD_D_NETAL_FALL_ALL..A?startPeriod=2009&endPeriod=2026")
    assert second.startswith(f"{base}.O.INWD_D_NETLA_FALL_ALL.CHN.A?")
    assert "application/vnd.sdmx.data+csv" in fund.asked[0][1]["Accept"]


def test_groups_are_left_out_and_codes_of_its_own_are_translated(fund: Publishers) -> None:
    found = cleaned("china_outward")
    assert set(found.rows["iso3"]) == set(HOSTS_OF_CHINA)
    assert found.notes == ("groups and codes that are no economies, left out: G001",)


def test_a_confidential_position_is_missing_not_zero(fund: Publishers) -> None:
    assert "LAO" not in set(cleaned("china_outward").rows["iso3"])


def test_the_mark_on_a_figure_is_kept(fund: Publishers) -> None:
    fund.positions[-3]["STATUS"] = "E"
    marks = cleaned().rows.dropna(subset=["status"])
    assert set(marks["status"]) == {"E"}


def test_negative_positions_are_kept(fund: Publishers) -> None:
    for row in fund.positions:
        if row["COUNTERPART_COUNTRY"] == "KAZ":
            row["OBS_VALUE"] = "-5000000"
    rows = cleaned("china_outward").rows
    assert set(rows.loc[rows["iso3"] == "KAZ", "value"]) == {-5.0}


def scaled(factor: float) -> Callable[[Publishers], None]:
    def change(fund: Publishers) -> None:
        for row in fund.positions:
            row["OBS_VALUE"] = row["OBS_VALUE"] and repr(float(row["OBS_VALUE"]) * factor)

    return change


def field(name: str, value: str) -> Callable[[Publishers], None]:
    """Change one field of an answer, as though the service gave something else than was asked."""

    def change(fund: Publishers) -> None:
        plain = fund._imf

        def other(key: str, query: dict[str, str]) -> tuple[int, str, bytes]:
            status, kind, body = plain(key, query)
            lines = body.decode().splitlines()
            columns = lines[0].split(",")
            cells = lines[1].split(",")
            cells[columns.index(name)] = value
            return status, kind, "\n".join([lines[0], ",".join(cells), *lines[2:]]).encode()

        fund._imf = other  # type: ignore[method-assign]

    return change


HEAD = "COUNTRY,DV_TYPE,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE\r\n"
KEY = "CHN,O,OTWD_D_NETAL_FALL_ALL"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.positions.clear(), "the IMF has no series CHN.O.OTWD_D_NETAL_FALL_ALL..A"),
        (scaled(1e-6), "the unit has changed: the IMF's positions (china_outward) come to"),
        (scaled(1e3), "the unit has changed"),
        (field("DV_TYPE", "SCC"), "another series than"),
        (field("INDICATOR", "OTWD_D_NETAL_F51_ALL"), "another series than"),
        (field("COUNTRY", "JPN"), "another series than"),
        (field("FREQUENCY", "Q"), "another series than"),
        (field("OBS_VALUE", "inf"), "gives inf for a position"),
        (field("OBS_VALUE", "n/a"), "a table that cannot be read"),
        (field("TIME_PERIOD", "2020-Q1"), "a table that cannot be read"),
        (lambda f: f.faults.append(("DIP", f"say:{HEAD}")), "the IMF gives no figure of"),
        (lambda f: f.faults.append(("DIP", "say:")), "other columns than SDMX-CSV has"),
        (lambda f: f.faults.append(("DIP", "say:A,B\r\n1,2\r\n")), "other columns than SDMX-CSV"),
        (
            lambda f: f.faults.append(("DIP", f"say:{HEAD}{KEY},HKG,A")),
            "cuts an answer short in the middle of a line",
        ),
        (
            lambda f: f.faults.append(
                ("DIP", f"say:{HEAD}" + f"{KEY},HKG,A,2024,1e12\r\n" * 2)
            ),
            "gives a figure of OTWD_D_NETAL_FALL_ALL twice",
        ),
        (lambda f: f.faults.append(("DIP", "html")), "answers with text/html"),
        (lambda f: f.faults.append(("DIP", "truncated")), "cuts an answer short"),
        (lambda f: f.faults.append(("DIP", "403")), "IMF refuses the request (HTTP 403)"),
        (lambda f: f.faults.append(("DIP", "redirect:https://x.org/")), "is not followed"),
    ],
)  # fmt: skip
def test_what_is_refused(
    fund: Publishers, change: Callable[[Publishers], object], says: str
) -> None:
    change(fund)
    with pytest.raises(ServiceError) as caught:
        cleaned("china_outward")
    assert says in str(caught.value)


def test_text_over_several_lines_is_one_field(fund: Publishers) -> None:
    body = "FULL_DESCRIPTION," + HEAD + f'"first\nsecond",{KEY},HKG,A,2024,1e12\r\n'
    fund.faults.append(("DIP", f"say:{body}"))
    (row,) = cleaned("china_outward").rows.to_dict("records")
    assert (row["iso3"], row["value"]) == ("HKG", 1_000_000.0)
