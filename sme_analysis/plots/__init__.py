"""Figures: frames in, matplotlib figures out. Nothing here loads data."""

from .changes import changes
from .counts import counted_bars
from .forest import forest, range_panels
from .frontier import frontier
from .intervals import dot_intervals, event_study
from .matrices import heat_map
from .profiles import profiles
from .rank_columns import rank_columns
from .ranks import ranked_bars
from .series import annual_bars, lines, panels, share_bars, stacked_bars
from .timeline import dated_points, dated_rows, lanes
from .uncertainty import rank_intervals, sensitivity_bars

__all__ = [
    "annual_bars",
    "changes",
    "counted_bars",
    "dated_points",
    "dated_rows",
    "dot_intervals",
    "event_study",
    "forest",
    "frontier",
    "heat_map",
    "lanes",
    "lines",
    "panels",
    "profiles",
    "range_panels",
    "rank_columns",
    "rank_intervals",
    "ranked_bars",
    "sensitivity_bars",
    "share_bars",
    "stacked_bars",
]
