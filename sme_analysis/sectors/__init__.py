"""Sectors: what Chinese investment consists of, where, how it changes, and whether it follows.

Tidy frames in, frames out. Counts of projects or deals come before amounts, and small counts carry
an interval.

- `shares`, `change`, `growth`   the mix by period, how far it moved and why, sectors on the rise
- `location`, `intervals`        who hosts what; the uncertainty of shares and of rates
- `presence`, `followers`        prior presence of a sector in a host, and whether it is followed
- `staggered`, `belt_and_road`   event study of steps taken in different years, and of joining
- `regression`, `absorb`         the regressions behind both; scipy and statsmodels load when run
"""

from . import followers
from .belt_and_road import Effect, belt_and_road_effect
from .change import shift_share, structural_change
from .conclusion import Verdict, verdict
from .growth import emerging
from .intervals import mix_interval, rate_ratio, share_interval
from .location import location_quotient, specialisation, symmetric
from .shares import concentration, in_periods, mix
from .staggered import EventStudy, event_study

__all__ = [
    "Effect",
    "EventStudy",
    "Verdict",
    "belt_and_road_effect",
    "concentration",
    "emerging",
    "event_study",
    "followers",
    "in_periods",
    "location_quotient",
    "mix",
    "mix_interval",
    "rate_ratio",
    "share_interval",
    "shift_share",
    "specialisation",
    "structural_change",
    "symmetric",
    "verdict",
]
