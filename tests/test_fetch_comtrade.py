"""UN Comtrade on this machine: the preview, the user's key, gaps, caps, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from publishers import PARTNERS, Publishers, trade

from sme_analysis.editions.renewal import refresh
from sme_analysis.errors import ServiceError
from sme_analysis.services import comtrade
from sme_analysis.services.client import Client, Limits
from sme_analysis.services.comtrade import Trade
from sme_analysis.services.protocol import Cleaned, Order

KEY = "0123456789abcdef0123456789abcdef"


def client() -> Client:
    return Client(Limits(tries=2, pause=0), sleep=lambda seconds: None)


def cleaned(*series: str) -> Cleaned:
    asking, service = client(), Trade()
    try:
        return service.clean(service.fetch(asking, Order("2026-11-22", 2022, 2026, series)))
    finally:
        asking.close()


@pytest.fixture
def nations(services: Publishers) -> Publishers:
    return trade(services, first=2022)


def test_exports_and_imports_by_partner(nations: Publishers) -> None:
    found = cleaned()
    rows = found.rows.set_index(["flow", "iso3", "year"])["value"]
    assert rows["export", "USA", 2024] == 5.0e11
    assert rows["import", "USA", 2024] == 3.0e11
    assert set(found.rows["iso3"]) == {"USA", "HKG", "IND"}
    assert set(found.rows["year"]) == {2022, 2023, 2024}
    assert found.notes == ("areas that are no economies, left out: S19",)


def test_the_preview_is_asked_without_a_key(nations: Publishers) -> None:
    cleaned("export")
    assert len(nations.asked) == 5
    path, headers = nations.asked[0]
    assert path.startswith("/public/v1/preview/C/A/HS?reporterCode=156&cmdCode=TOTAL")
    assert "period=2022" in path
    assert "Ocp-Apim-Subscription-Key" not in headers


def test_there_is_a_pause_between_questions(nations: Publishers) -> None:
    waits: list[float] = []
    asking = Client(Limits(tries=1), sleep=waits.append)
    Trade().fetch(asking, Order("2026-11-22", 2023, 2024))
    assert waits == [comtrade._PAUSE] * 3


class TestKey:
    @pytest.fixture(autouse=True)
    def key(self, nations: Publishers, monkeypatch: pytest.MonkeyPatch) -> None:
        nations.key = KEY
        monkeypatch.setenv(comtrade.KEY, KEY)

    def test_it_opens_the_full_service(self, nations: Publishers) -> None:
        cleaned("export")
        path, headers = nations.asked[0]
        assert path.startswith("/data/v1/get/C/A/HS?")
        assert headers["Ocp-Apim-Subscription-Key"] == KEY

    def test_it_stands_in_no_address_file_or_log(self, nations: Publishers) -> None:
        from sme_analysis.data import shelf

        trade(nations)
        refresh("goods_trade_by_partner", client=client())
        assert nations.asked
        assert not [path for path, _ in nations.asked if KEY in path]
        files = [path for path in shelf.home().rglob("*") if path.is_file()]
        assert len(files) > 4
        assert not [path for path in files if KEY.encode() in path.read_bytes()]

    def test_a_wrong_key_is_told_without_showing_it(self, nations: Publishers) -> None:
        nations.key = "another"
        with pytest.raises(ServiceError) as caught:
            cleaned()
        assert str(caught.value) == "UN Comtrade refuses the key in COMTRADE_API_KEY"

    def test_an_answer_that_repeats_it(self, nations: Publishers) -> None:
        words = json.dumps({"statusCode": 400, "message": "quota of all keys"})
        nations.faults.append(("/data/v1", f"say:{words}"))
        with pytest.raises(ServiceError) as caught:
            cleaned()
        assert KEY not in str(caught.value)

    def test_a_used_up_key(self, nations: Publishers) -> None:
        nations.faults.append(("/data/v1", "403"))
        with pytest.raises(ServiceError, match="no more questions for the key in COMTRADE_API_KEY"):
            cleaned()


def altered(**change: object) -> Callable[[Publishers], None]:
    """Answer with a record in which something is not as asked."""

    def apply(nations: Publishers) -> None:
        row = {
            "reporterCode": 156, "flowCode": "X", "period": "2022", "partnerCode": 842,
            "partnerISO": "USA", "partner2Code": 0, "cmdCode": "TOTAL", "customsCode": "C00",
            "motCode": 0, "primaryValue": 1.0,
        }  # fmt: skip
        body = json.dumps({"count": 1, "data": [row | change], "error": ""})
        nations.faults.append(("/public", f"say:{body}"))

    return apply


def say(content: object) -> Callable[[Publishers], None]:
    return lambda nations: nations.faults.append(("/public", f"say:{json.dumps(content)}"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda n: n.trade.clear(), "UN Comtrade gives no exports of China"),
        (lambda n: n.trade.pop((2023, "X")), "gives no exports of 2023, and gives those of 2024"),
        (say({"count": 0, "data": [], "error": "Invalid period"}), "with an error: Invalid period"),
        (say({"statusCode": 500, "message": "oh"}), "with an error: oh"),
        (say([]), "another form than it documents"),
        (say({"data": None}), "another form than it documents"),
        (say({"data": [1]}), "another form than it documents"),
        (say({"count": 9, "data": []}), "another number of records than it counts"),
        (altered(reporterCode=842), "another series than the exports of China"),
        (altered(flowCode="M"), "another series than"),
        (altered(period="2021"), "another series than"),
        (altered(motCode=1000), "another series than"),
        (altered(primaryValue=None), "another form than it documents"),
        (altered(partnerCode="many"), "another form than it documents"),
        (lambda n: n.trade[2023, "X"].pop(1), "of 2023 by partner come to"),
        (lambda n: n.trade[2023, "X"].append(PARTNERS[0]), "of a partner twice"),
        (
            lambda n: n.trade[2023, "X"].extend((1000 + k, "AIA", 1.0) for k in range(500)),
            "cuts the answer at 500 records: COMTRADE_API_KEY gives more",
        ),
        (lambda n: n.faults.extend([("/public", "429:9999")]), "asks to wait 9,999 seconds"),
        (lambda n: n.faults.extend([("/public", "half_json")]), "JSON that cannot be read"),
    ],
)  # fmt: skip
def test_what_is_refused(
    nations: Publishers, change: Callable[[Publishers], object], says: str
) -> None:
    change(nations)
    if says.startswith("of 2023 by partner"):  # less than half of the world is left
        nations.trade[2023, "X"][0] = (0, "W00", 5e12)
    with pytest.raises(ServiceError) as caught:
        cleaned("export")
    assert says in str(caught.value)


def test_throttling_is_waited_out(nations: Publishers) -> None:
    nations.faults.append(("/public", "429:1"))
    assert len(cleaned("export").rows) == 9
