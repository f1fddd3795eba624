"""China's outward FDI: national series, components, hosts, concentration, intensity.

Frames in, frames out. All amounts are the statistics of the first destination, not of the final
host; figures on different bases are never joined (see `sme.describe("outward_fdi_annual")`).

- `totals`        the country's totals, components, place in the world, Belt and Road partners
- `destinations`  where the investment goes, as far as it is known
"""

from .destinations import (
    CONTINENTS,
    OTHERS,
    concentration,
    contributions,
    hosts,
    intensity,
    leading,
    ranking,
    recent_signals,
    regions,
)
from .period import MEASURES
from .totals import (
    COMPONENTS,
    UNSPLIT,
    belt_and_road,
    components,
    national,
    select,
    world_position,
)

__all__ = [
    "COMPONENTS",
    "CONTINENTS",
    "MEASURES",
    "OTHERS",
    "UNSPLIT",
    "belt_and_road",
    "components",
    "concentration",
    "contributions",
    "hosts",
    "intensity",
    "leading",
    "national",
    "ranking",
    "recent_signals",
    "regions",
    "select",
    "world_position",
]
