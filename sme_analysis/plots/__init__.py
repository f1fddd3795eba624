"""Figures: frames in, matplotlib figures out. Nothing here loads data."""

from .ranks import ranked_bars
from .series import annual_bars, lines, panels, share_bars, stacked_bars

__all__ = [
    "annual_bars",
    "lines",
    "panels",
    "ranked_bars",
    "share_bars",
    "stacked_bars",
]
