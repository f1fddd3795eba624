"""A browser driven through the DevTools protocol: just what these tests need of it."""

from __future__ import annotations

import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sme_analysis.errors import SmeAnalysisError
from sme_analysis.reports.browser import command, end, find_browser


def installed() -> Path:
    """Return the browser, or skip the test where there is none."""
    try:
        return find_browser()
    except SmeAnalysisError as missing:
        pytest.skip(f"no Chromium-family browser is installed: {missing}")


class Browser:
    """A headless browser with a profile of its own; every network request is recorded."""

    def __init__(self, program: Path, home: Path, *options: str) -> None:
        self._profile = home / "profile"
        options = ("--remote-debugging-port=0", "--window-size=1280,1600", *options, "about:blank")
        self._process = subprocess.Popen(
            command(program, self._profile, *options),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._socket: Any = None
        self._numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []

    def connect(self) -> None:
        from websocket import create_connection

        noted = self._profile / "DevToolsActivePort"  # port and path, once the browser listens
        port, path = wait(lambda: noted.is_file() and noted.read_text().split()[:2], 30)
        self._socket = create_connection(
            f"ws://127.0.0.1:{port}{path}", timeout=60, suppress_origin=True
        )

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a method and return its result; events that come in between are kept."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer)
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def page(self) -> Page:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        page = Page(self, attached["sessionId"])
        for domain in ("Page", "Network", "Runtime", "Log"):
            page.call(f"{domain}.enable")
        return page

    def requests(self) -> list[str]:
        """Return the address of everything that any page has asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """Return what the pages complained of: exceptions, refused scripts, failed requests."""
        found = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(json.dumps(event["params"]["exceptionDetails"])[:500])
            if event.get("method") == "Log.entryAdded":
                entry = event["params"]["entry"]
                if entry["level"] == "error":
                    found.append(f"{entry['text']} {entry.get('url', '')}")
        return found

    def close(self) -> None:
        if self._socket is not None:
            self._socket.shutdown()
        end(self._process)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def open(self, address: str, seconds: float = 30) -> None:
        answer = self.call("Page.navigate", url=address)
        assert "errorText" not in answer, answer
        wait(lambda: self.value("document.readyState") == "complete", seconds)

    def value(self, expression: str) -> Any:
        """Evaluate JavaScript and return its value; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, (expression, answer)
        return answer["result"].get("value")

    def wait(self, expression: str, seconds: float) -> Any:
        """Return an expression's value as soon as it is true of the page."""
        return wait(lambda: self.value(expression), seconds, expression)

    def picture(self, path: Path) -> None:
        import base64

        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


def wait(what: Any, seconds: float, name: str = "") -> Any:
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"{name or what} was not true within {seconds} seconds"
        time.sleep(0.1)
    return found


@contextmanager
def browsing(home: Path, *options: str) -> Iterator[Browser]:
    """Give a running browser, and end it."""
    browser = Browser(installed(), home, *options)
    try:
        browser.connect()
        yield browser
    finally:
        browser.close()
