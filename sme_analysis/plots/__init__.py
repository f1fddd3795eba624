"""Figures: frames in, matplotlib figures out. Nothing here loads data."""

from .intervals import dot_intervals, event_study
from .matrices import heat_map
from .ranks import ranked_bars
from .series import annual_bars, lines, panels, share_bars, stacked_bars
from .uncertainty import rank_intervals, sensitivity_bars

__all__ = [
    "annual_bars",
    "dot_intervals",
    "event_study",
    "heat_map",
    "lines",
    "panels",
    "rank_intervals",
    "ranked_bars",
    "sensitivity_bars",
    "share_bars",
    "stacked_bars",
]
