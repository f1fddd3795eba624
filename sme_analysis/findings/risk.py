"""Findings on host risk: ranking, drivers, movement, distances, choices, validation, gaps."""

from .risk_choices import (
    compared,
    sensitivity,
    sensitivity_rows,
    weighings,
    weights_matrix,
)
from .risk_distances import distance_matrix, distances, measured
from .risk_drivers import drivers, drivers_matrix, profile_panels, profiles
from .risk_gaps import gaps, lacking, lacking_bars
from .risk_movers import drawn_paths, history, moved, mover_rows, movers, paths
from .risk_ranking import ranking, ranking_rows
from .risk_terms import Terms, terms
from .risk_validation import apart, over_time, validation, validation_rows

__all__ = [
    "Terms",
    "apart",
    "compared",
    "distance_matrix",
    "distances",
    "drawn_paths",
    "drivers",
    "drivers_matrix",
    "gaps",
    "history",
    "lacking",
    "lacking_bars",
    "measured",
    "moved",
    "mover_rows",
    "movers",
    "over_time",
    "paths",
    "profile_panels",
    "profiles",
    "ranking",
    "ranking_rows",
    "sensitivity",
    "sensitivity_rows",
    "terms",
    "validation",
    "validation_rows",
    "weighings",
    "weights_matrix",
]
