"""What is on record about one host economy, and what is not.

- `dossier`   every shipped row on the economy, found once
- `brief_facts`   key facts, each with its year, table and source
- `official`, `finance`, `sectors`, `later`   Chinese presence over time and by sector
- `trade`   goods, as China and as the partner report them
- `standing`, `chances`, `indicators`   risk beside the region and other economies
- `access`, `events`   treaties, agreements, zones and conditions with dates; policy
- `gaps`   what the tables do not say
"""

from .access import access, events
from .dossier import Dossier, dossier
from .facts import brief_facts
from .gaps import gaps
from .names import host, peers
from .presence import finance, later, official, sectors
from .standing import Standing, chances, indicators, standing
from .trade import trade

__all__ = [
    "Dossier",
    "Standing",
    "access",
    "brief_facts",
    "chances",
    "dossier",
    "events",
    "finance",
    "gaps",
    "host",
    "indicators",
    "later",
    "official",
    "peers",
    "sectors",
    "standing",
    "trade",
]
