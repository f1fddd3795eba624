"""Is all well? The data folder, the choice of editions, and each service, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from ..data import choice, shelf
from ..errors import SmeAnalysisError
from ..services import probes
from ..services.client import Client, Limits
from .overview import listed

_HURRIED = Limits(connect=5, read=20, whole=40, size=5_000_000, tries=1)


@dataclass(frozen=True)
class Examined:
    """One thing that was examined: what it is, whether it is well, and what was found."""

    what: str
    well: bool
    words: str


def examine(limits: Limits = _HURRIED) -> Iterator[Examined]:
    """Examine the data folder, then every service, all services at once.

    Parameters
    ----------
    limits : Limits
        Short ones, and one try only: a service that is slow or gone is told as such.
    """
    yield _try("data folder", _folder)
    yield _try("editions in use", _editions)
    with ThreadPoolExecutor(len(probes.PROBES)) as pool:
        waiting = [
            pool.submit(_try, name, partial(probe, Client(limits)))
            for name, probe in probes.PROBES.items()
        ]
        for found in waiting:
            yield found.result()


def _try(what: str, examination: Callable[[], str]) -> Examined:
    try:
        return Examined(what, True, examination())
    except SmeAnalysisError as error:
        return Examined(what, False, " ".join(str(error).split()))
    except Exception as error:
        return Examined(what, False, f"an unexpected answer ({type(error).__name__})")


def _folder() -> str:
    held = shelf.held()
    return f"{shelf.home()}, {len(held)} {'edition' if len(held) == 1 else 'editions'}"


def _editions() -> str:
    chosen = choice.choices()
    frame = listed()
    wrong = frame[(frame["state"] != "sound") & frame["in_use"]]
    if len(wrong):
        raise SmeAnalysisError(str(wrong["state"].iloc[0]))
    for table, name in chosen.items():
        shelf.edition(table, name)
    shown = ", ".join(f"{table} {name}" for table, name in chosen.items())
    return shown or "the shipped tables"
