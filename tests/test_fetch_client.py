"""Asking a service: hosts, redirects, limits, patience, proxies, certificates, secrets.

Everything runs over TLS on this machine, with the client that asks the real services.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from publishers import JSON, Publishers

from sme_analysis.errors import ServiceError
from sme_analysis.services import hosts
from sme_analysis.services.client import Answer, Client, Limits

URL = "https://api.worldbank.org/v2/country/all/indicator/X"
PARAMETERS = {"format": "json", "date": "2020:2021", "per_page": 10, "page": 1}
KINDS = ("application/json",)
QUICK = Limits(connect=1, read=0.4, whole=0.8, size=1_000_000, tries=2, pause=0.5)


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(services: Publishers, waits: list[float]) -> Iterator[Client]:
    services.values["X"] = {("KEN", 2020): 1.0}
    services.labels["X"], services.databases["X"] = "Something", 2
    made = Client(QUICK, sleep=waits.append)
    yield made
    made.close()


def ask(client: Client, **options: object) -> Answer:
    return client.get(URL, PARAMETERS, kinds=KINDS, **options)  # type: ignore[arg-type]


def refused(client: Client) -> str:
    with pytest.raises(ServiceError) as caught:
        ask(client)
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


def test_an_answer_is_kept_with_its_hash_and_the_question_is_logged(client: Client) -> None:
    answer = ask(client)
    assert json.loads(answer.body)[1][0]["value"] == 1.0
    assert (answer.status, answer.kind, answer.url) == (200, "application/json", URL)
    (line,) = client.log
    assert line["url"] == URL
    assert line["parameters"]["per_page"] == "10"
    assert (line["status"], line["bytes"], line["sha256"], line["attempt"]) == (
        200, len(answer.body), answer.sha256, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://api.worldbank.org/v2", "only https"),
        ("ftp://api.worldbank.org/v2", "only https"),
        ("https://example.org/v2", "example.org is not asked"),
        ("https://api.worldbank.org.example.org/", "is not asked"),
        ("https://api.worldbank.org:8443/v2", "is not asked"),
        ("https://someone:word@api.worldbank.org/v2", "is not asked"),
        ("https://api.worldbank.org:x/v2", "cannot be read"),
        ("file:///etc/passwd", "only https"),
        ("https://localhost/v2", "is not asked"),
        ("", "only https"),
    ],
)
def test_only_registered_hosts_over_https(url: str, says: str) -> None:
    with pytest.raises(ServiceError, match=says):
        hosts.registered(url)


def test_the_hook_for_tests_leads_to_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.LOOPBACK, "api.worldbank.org=8443")
    assert hosts.registered(URL) == URL.replace("api.worldbank.org", "localhost:8443")
    assert hosts.registered("https://api.imf.org/x") == "https://api.imf.org/x"
    monkeypatch.setenv(hosts.LOOPBACK, "api.worldbank.org=example.org:443")
    with pytest.raises(ServiceError, match="must have the form"):
        hosts.registered(URL)


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/v2", "http://api.worldbank.org/v2", "//example.org/", "http:///x",
        "https://api.imf.org/external", "https://localhost/v2", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_redirect_elsewhere_is_refused(client: Client, services: Publishers, target: str) -> None:
    services.faults.append(("/X", f"redirect:{target}"))
    assert "which is not followed" in refused(client)
    assert len(services.asked) == 1


def test_a_redirect_within_the_host_is_followed(client: Client, services: Publishers) -> None:
    query = "format=json&date=2020:2021&per_page=10"
    services.faults.append(("/X", f"redirect:/v2/country/all/indicator/X?{query}"))
    assert json.loads(ask(client).body)[0]["total"] == 1
    assert len(services.asked) == 2


def test_redirects_without_end(client: Client, services: Publishers) -> None:
    services.faults += [("/X", "redirect:/v2/country/all/indicator/X?date=2020&per_page=1")] * 9
    assert "without end" in refused(client)
    assert len(services.asked) == 4


@pytest.mark.parametrize("fault", ["500", "502", "503", "504", "429", "truncated", "closed"])
def test_a_passing_fault_is_waited_out(
    client: Client, services: Publishers, waits: list[float], fault: str
) -> None:
    client.limits = replace(client.limits, tries=3)
    services.faults += [("/X", fault)] * 2
    assert json.loads(ask(client).body)[1][0]["value"] == 1.0
    assert waits == [0.5, 1.0]
    assert [line["attempt"] for line in client.log] == [1, 2, 3]
    assert [bool(line.get("error")) for line in client.log] == [True, True, False]


def test_a_fault_that_does_not_pass(
    client: Client, services: Publishers, waits: list[float]
) -> None:
    services.faults += [("/X", "503")] * 2
    assert refused(client) == "World Bank has a passing fault (HTTP 503) (2 tries)"
    assert waits == [0.5]


def test_what_the_service_asks_to_wait_is_waited(
    client: Client, services: Publishers, waits: list[float]
) -> None:
    client.limits = replace(client.limits, tries=3)
    services.faults += [("/X", "429:7"), ("/X", "429:Thu, 01 Jan 1970 00:00:00 GMT")]
    ask(client)
    assert waits == [7.0, 0.0]


def test_no_wait_beyond_patience(client: Client, services: Publishers, waits: list[float]) -> None:
    services.faults += [("/X", "429:3600")]
    assert refused(client) == (
        "World Bank limits how often it is asked (HTTP 429) and asks to wait 3,600 seconds: "
        "try again later"
    )
    assert waits == []


@pytest.mark.parametrize("status", ["400", "401", "403", "404"])
def test_a_refusal_is_not_asked_again(client: Client, services: Publishers, status: str) -> None:
    services.faults.append(("/X", status))
    assert refused(client) == f"World Bank refuses the request (HTTP {status})"
    assert len(services.asked) == 1


def test_a_refusal_that_the_caller_explains(client: Client, services: Publishers) -> None:
    services.faults.append(("/X", "404"))
    assert ask(client, errors=(404,)).status == 404


def test_another_content_type_is_refused(client: Client, services: Publishers) -> None:
    services.faults.append(("/X", "html"))
    assert refused(client) == "World Bank answers with text/html, not with application/json"
    assert len(services.asked) == 1


def test_a_service_that_hangs(client: Client, services: Publishers) -> None:
    services.faults += [("/X", "hang")] * 2
    assert "does not answer in time (2 tries)" in refused(client)


def test_an_answer_that_drips(client: Client, services: Publishers) -> None:
    services.faults += [("/X", "drip")] * 2
    assert "takes longer than" in refused(client)


def test_an_answer_cut_short(client: Client, services: Publishers) -> None:
    services.faults += [("/X", "truncated")] * 2
    assert refused(client) == "World Bank cuts an answer short (2 tries)"


def test_an_answer_that_unpacks_to_more_than_the_limit(
    client: Client, services: Publishers
) -> None:
    services.faults.append(("/X", "bomb"))
    assert refused(client) == "World Bank sends more than 1 MB, the limit for this answer"


def test_only_the_beginning_is_read_where_that_is_asked(
    client: Client, services: Publishers
) -> None:
    services.faults.append(("/X", "bomb"))
    assert ask(client, first=4).body == b"    "


def test_a_host_that_is_not_there(
    client: Client, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv(hosts.LOOPBACK, f"api.worldbank.org={port}")
    assert refused(client) == "World Bank cannot be reached (2 tries)"
    assert waits == [0.5]


class TestCertificates:
    def test_an_unknown_authority_is_not_trusted(
        self, client: Client, services: Publishers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        message = refused(client)
        assert "is not trusted (certificate verify failed)" in message
        assert services.asked == []

    @pytest.mark.parametrize("variable", ["CURL_CA_BUNDLE", "SSL_CERT_FILE"])
    def test_each_variable_that_names_one_counts(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
    ) -> None:
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        monkeypatch.setenv(variable, str(tmp_path / "authority.pem"))
        assert ask(client).status == 200

    def test_a_bundle_that_does_not_exist(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
        assert refused(client).startswith("World Bank cannot be asked (OSError)")


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[str]]]:
    """Tunnel as a proxy does (CONNECT), and keep what was asked for."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[str] = []

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                head = near.recv(65536).decode()
                seen.append(head.split("\r\n")[0])
                host, port = head.split()[1].rsplit(":", 1)
                far = socket.create_connection((host, int(port)))
                near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1], seen
    listener.close()


def test_a_proxy_of_the_environment_is_used(
    client: Client, proxy: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, seen = proxy
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    assert ask(client).status == 200
    assert len(seen) == 1
    assert seen[0].startswith("CONNECT localhost:")


def test_a_proxy_that_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert "through the proxy that the environment names (2 tries)" in refused(client)


class TestSecrets:
    KEY = "b5f1-very-secret-77"

    def test_a_secret_is_sent_and_nowhere_written(
        self, client: Client, services: Publishers
    ) -> None:
        ask(client, secret=("Ocp-Apim-Subscription-Key", self.KEY))
        path, headers = services.asked[0]
        assert headers["Ocp-Apim-Subscription-Key"] == self.KEY
        assert self.KEY not in path
        assert self.KEY not in json.dumps(client.log)
        assert self.KEY not in repr(client)

    def test_a_secret_that_the_service_repeats_is_struck_out(
        self, client: Client, services: Publishers
    ) -> None:
        services.faults.append(("/X", f"redirect:https://{self.KEY}.example.org/"))
        with pytest.raises(ServiceError) as caught:
            ask(client, secret=("Ocp-Apim-Subscription-Key", self.KEY))
        assert "https://***.example.org" in str(caught.value)
        assert self.KEY not in str(caught.value) + json.dumps(client.log)

    def test_passwords_of_a_netrc_file_are_not_sent(
        self,
        client: Client,
        services: Publishers,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        (tmp_path / "netrc").write_text("machine localhost login someone password word\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        ask(client)
        assert "Authorization" not in services.asked[0][1]


def test_foreign_text_becomes_one_harmless_line() -> None:
    assert Client().clean("a\x1b[31m\nb\u202e\t c") == "a [31m b c"
    assert len(Client().clean("x" * 999)) == 200


def test_the_form_of_an_error_of_the_server_is_what_the_tests_take_it_for() -> None:
    assert JSON.startswith("application/json")
