"""Figures: frames in, matplotlib figures out. Nothing here loads data."""

from .changes import changes
from .intervals import dot_intervals, event_study
from .matrices import heat_map
from .profiles import profiles
from .rank_columns import rank_columns
from .ranks import ranked_bars
from .series import annual_bars, lines, panels, share_bars, stacked_bars
from .uncertainty import rank_intervals, sensitivity_bars

__all__ = [
    "annual_bars",
    "changes",
    "dot_intervals",
    "event_study",
    "heat_map",
    "lines",
    "panels",
    "profiles",
    "rank_columns",
    "rank_intervals",
    "ranked_bars",
    "sensitivity_bars",
    "share_bars",
    "stacked_bars",
]
