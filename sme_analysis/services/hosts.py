"""Which hosts may be reached, and under which addresses."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

from ..errors import ServiceError

HOSTS = {
    "api.worldbank.org": "World Bank",
    "api.imf.org": "IMF",
    "comtradeapi.un.org": "UN Comtrade",
    "docs.aiddata.org": "AidData",
}
LOOPBACK = "SME_ANALYSIS_LOOPBACK"
"""Environment variable for tests: `host=port,host=port` sends what is meant for a registered host
to that port of this very machine, still over HTTPS and with its certificate checked."""


def registered(url: str) -> str:
    """Return the address to be asked, after checking that its host may be reached.

    Raises
    ------
    ServiceError
        If the address is not HTTPS, names an unregistered host or port, or carries a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ServiceError(f"the address {url[:100]!r} cannot be read") from None
    host = (parts.hostname or "").lower()
    if parts.scheme != "https":
        raise ServiceError(f"{host or url[:60]} is not asked: only https addresses are")
    if host not in HOSTS or port not in (None, 443) or parts.username or parts.password:
        raise ServiceError(
            f"{parts.netloc[:80]} is not asked: only {', '.join(HOSTS)} are registered"
        )
    stand_in = _stand_ins().get(host)
    if stand_in is None:
        return url
    return urlunsplit(parts._replace(netloc=f"localhost:{stand_in}"))


def service(url: str) -> str:
    """Return the name of the service behind an address, for messages."""
    host = (urlsplit(url).hostname or "").lower()
    return HOSTS.get(host, host)


def _stand_ins() -> dict[str, int]:
    given = os.environ.get(LOOPBACK, "")
    try:
        pairs = [item.split("=") for item in given.split(",") if item.strip()]
        return {host.strip(): int(port) for host, port in pairs}
    except ValueError:
        raise ServiceError(f"{LOOPBACK} must have the form host=port,host=port") from None
