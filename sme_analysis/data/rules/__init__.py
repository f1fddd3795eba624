"""Adding-up rules between figures: what must sum to what, and within which rounding.

A printed figure is known to half a unit of its last digit, so a sum is compared with the rounding
of everything in it. A rule that fails names the year and both amounts. Rules whose tables are not
at hand are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from . import (
    development,
    firms,
    indicators,
    industries,
    outward,
    ratings,
    sizes,
    tracker,
    trade,
    treaties,
)

_MODULES = (
    outward, industries, tracker, development, sizes, indicators, ratings, treaties, trade, firms,
)  # fmt: skip


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the adding-up rules on tables by name; yield one sentence per failure."""
    for module in _MODULES:
        yield from module.adding_up(frames)
