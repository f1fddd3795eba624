"""Asking a service: registered hosts, HTTPS, limits of time and size, patience, and a log.

Proxies and certificates are taken from the environment as `requests` takes them (HTTPS_PROXY,
NO_PROXY, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE), and SSL_CERT_FILE besides. Passwords that a .netrc
file holds for a host are not sent.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from .. import __version__
from ..errors import ServiceError
from .hosts import registered, service

_AGENT = f"sme_analysis/{__version__} (python-requests)"
_PASSING = (429, 500, 502, 503, 504)  # answers worth asking again after
_MOVED = (301, 302, 303, 307, 308)
_PIECE = 1 << 14
_HOPS = 4


@dataclass(frozen=True)
class Limits:
    """How long and how much.

    Attributes
    ----------
    connect, read : float
        Longest wait for a connection, and between two pieces of an answer, in seconds.
    whole : float
        Longest time for one answer, in seconds, however steadily it drips.
    size : int
        Largest answer, in bytes after decompression.
    tries : int
        How often an answer is asked for in all.
    pause : float
        Wait before the second try, in seconds; doubled for every further one.
    patience : float
        Longest wait that a service may ask for (Retry-After), in seconds.
    """

    connect: float = 10.0
    read: float = 60.0
    whole: float = 300.0
    size: int = 50_000_000
    tries: int = 4
    pause: float = 1.0
    patience: float = 60.0


@dataclass(frozen=True)
class Answer:
    """One answer of a service: what was asked for, and what came."""

    url: str
    status: int
    kind: str
    body: bytes

    @property
    def sha256(self) -> str:
        """The hash of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class _Question:
    """What is asked for; the meaning of each part is that of :meth:`Client.get`."""

    url: str
    parameters: Mapping[str, str | int]
    kinds: tuple[str, ...]
    headers: Mapping[str, str]
    secret: tuple[str, str] | None = field(repr=False)
    errors: tuple[int, ...] = ()
    size: int = 0
    first: int = 0


class _PassingError(Exception):
    """What went wrong may pass; `wait` is what the service asked for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass
class Client:
    """Asks services and keeps a log of it.

    Parameters
    ----------
    limits : Limits
    sleep : callable
        What waits; tests give another.
    """

    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], object] = time.sleep
    log: list[dict[str, Any]] = field(default_factory=list)
    _session: requests.Session | None = None
    _secrets: list[str] = field(default_factory=list, repr=False)

    def get(
        self,
        url: str,
        parameters: Mapping[str, str | int] | None = None,
        *,
        kinds: Sequence[str],
        headers: Mapping[str, str] | None = None,
        secret: tuple[str, str] | None = None,
        errors: Sequence[int] = (),
        size: int = 0,
        first: int = 0,
    ) -> Answer:
        """Ask for one answer.

        Parameters
        ----------
        url : str
            An address of a registered host.
        parameters : mapping, optional
            What follows the question mark.
        kinds : sequence of str
            Content types that the answer may have, without parameters.
        headers : mapping, optional
        secret : tuple of str, optional
            Name and value of a header that must appear in no log and no message.
        errors : sequence of int
            Status codes above 399 whose answers are returned, for the caller to explain.
        size : int, optional
            Largest answer in bytes, where it is not that of `limits`.
        first : int, optional
            Read no more than so many bytes of the answer and let the rest go.

        Raises
        ------
        ServiceError
            If the host is not registered or not reached, or the answer is refused, cut short, too
            large, too slow, of another type, or sent from elsewhere.
        """
        if secret:
            self._secrets.append(secret[1])
        name = service(url)
        asked = _Question(url, dict(parameters or {}), tuple(kinds), dict(headers or {}), secret)
        asked = replace(asked, errors=tuple(errors), size=size or self.limits.size, first=first)
        wait = self.limits.pause
        for attempt in range(1, self.limits.tries + 1):
            try:
                return self._ask(asked, attempt)
            except _PassingError as passing:
                reason = self.clean(str(passing))
                if attempt == self.limits.tries:
                    times = f" ({attempt} tries)" if attempt > 1 else ""
                    raise ServiceError(f"{name} {reason}{times}") from None
                pause = wait if passing.wait is None else passing.wait
                if pause > self.limits.patience:
                    raise ServiceError(
                        f"{name} {reason} and asks to wait {pause:,.0f} seconds: try again later"
                    ) from None
                self.sleep(pause)
                wait *= 2
        raise AssertionError("unreachable")

    def _ask(self, asked: _Question, attempt: int) -> Answer:
        """Ask once, and follow redirects within the host."""
        began, url, parameters = time.monotonic(), asked.url, asked.parameters
        headers = {"User-Agent": _AGENT, "Accept": ", ".join(asked.kinds), **asked.headers}
        headers |= dict([asked.secret]) if asked.secret else {}
        entry: dict[str, Any] = {"time": _now(), "url": url, "attempt": attempt}
        if parameters:
            entry["parameters"] = {key: str(value) for key, value in parameters.items()}
        self.log.append(entry)
        try:
            for _ in range(_HOPS):
                response = self._send(url, parameters, headers)
                entry["status"] = response.status_code
                with response:
                    if response.status_code not in _MOVED:
                        body = self._body(asked, response, began)
                        break
                    url, parameters = self._moved(url, response), {}
            else:
                raise ServiceError(f"{service(url)} sends from one address to another without end")
            entry.update(bytes=len(body), sha256=hashlib.sha256(body).hexdigest())
            return self._judged(asked, response, body)
        except (_PassingError, ServiceError) as error:
            entry["error"] = self.clean(str(error))
            raise

    def _send(
        self, url: str, parameters: Mapping[str, str | int], headers: dict[str, str]
    ) -> requests.Response:
        address = registered(url)
        try:
            return self._open().get(
                address,
                params=parameters,
                headers=headers,
                timeout=(self.limits.connect, self.limits.read),
                stream=True,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            raise ServiceError(
                f"{service(url)}: the connection is not trusted ({_short(error)}); behind a proxy "
                "that inspects traffic, REQUESTS_CA_BUNDLE must name its certificate"
            ) from None
        except requests.exceptions.ProxyError:
            raise _PassingError(
                "cannot be reached through the proxy that the environment names"
            ) from None
        except requests.exceptions.Timeout:
            raise _PassingError("does not answer in time") from None
        except requests.exceptions.ConnectionError:
            raise _PassingError("cannot be reached") from None
        except (requests.exceptions.RequestException, OSError, ValueError) as error:
            raise ServiceError(f"{service(url)} cannot be asked ({type(error).__name__})") from None

    def _open(self) -> requests.Session:
        if self._session is None:
            self._session = requests.Session()
            self._session.auth = _no_password
            bundles = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
            if not any(os.environ.get(name) for name in bundles) and os.environ.get(
                "SSL_CERT_FILE"
            ):
                self._session.verify = os.environ["SSL_CERT_FILE"]
        return self._session

    def _body(self, asked: _Question, response: requests.Response, began: float) -> bytes:
        """Read an answer piece by piece within the limits."""
        pieces, size = [], 0
        try:
            # What has come is taken at once: waiting for a full piece would be no limit to a drip.
            while piece := response.raw.read1(asked.first or _PIECE, decode_content=True):
                size += len(piece)
                if size > asked.size:
                    raise ServiceError(
                        f"{service(asked.url)} sends more than {asked.size / 1e6:,.0f} MB, "
                        "the limit for this answer"
                    )
                if time.monotonic() - began > self.limits.whole:
                    raise _PassingError(
                        f"takes longer than {self.limits.whole:,.0f} seconds to answer"
                    )
                pieces.append(piece)
                if asked.first and size >= asked.first:
                    break
        except (HTTPError, OSError) as error:
            slow = "timed out" in str(error).lower()
            reason = "stops in the middle of an answer" if slow else "cuts an answer short"
            raise _PassingError(reason) from None
        return b"".join(pieces)[: asked.first or None]

    def _moved(self, url: str, response: requests.Response) -> str:
        target = urljoin(url, response.headers.get("Location", ""))
        old, new = urlsplit(url), urlsplit(target)
        if new.scheme != "https" or new.netloc.lower() != old.netloc.lower():
            where = f"{new.scheme}://{new.netloc}"[:100]
            raise ServiceError(
                f"{service(url)} redirects to {self.clean(where)}, which is not followed: only the "
                "host that was asked may answer"
            )
        return target

    def _judged(self, asked: _Question, response: requests.Response, body: bytes) -> Answer:
        name, status = service(asked.url), response.status_code
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if status in asked.errors:
            return Answer(url=asked.url, status=status, kind=kind, body=body)
        if status in _PASSING:
            words = "limits how often it is asked" if status == 429 else "has a passing fault"
            raise _PassingError(f"{words} (HTTP {status})", _retry_after(response))
        if status >= 400:
            raise ServiceError(f"{name} refuses the request (HTTP {status})")
        if kind not in asked.kinds:
            shown = self.clean(kind) or "no content type"
            raise ServiceError(f"{name} answers with {shown}, not with {asked.kinds[0]}")
        return Answer(url=asked.url, status=status, kind=kind, body=body)

    def clean(self, text: str) -> str:
        """Make foreign text fit for a message: one line, no control characters, no secret."""
        for secret in self._secrets:
            if secret:
                text = text.replace(secret, "***")
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]

    def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _retry_after(response: requests.Response) -> float | None:
    """Read how many seconds the service asks to wait; it may give a date instead."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _short(error: Exception) -> str:
    text = str(error)
    return "certificate verify failed" if "CERTIFICATE_VERIFY_FAILED" in text else "TLS fails"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
