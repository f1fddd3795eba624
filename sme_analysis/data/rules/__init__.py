"""Adding-up rules between figures: what must sum to what, and within which rounding.

A printed figure is known to half a unit of its last digit, so a sum is compared with the rounding
of everything in it. A rule that fails names the year and both amounts. Rules whose tables are not
at hand are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from . import development, industries, outward, sizes, tracker


def adding_up(frames: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Check the adding-up rules on tables by name; yield one sentence per failure."""
    for module in (outward, industries, tracker, development, sizes):
        yield from module.adding_up(frames)
