"""Markets: where a firm could go next, and what is known of every economy.

Opportunity, safety and access are declared in the tables `market_structure`, `market_sectors` and
`market_weights`, measured from the shipped data, and joined by :mod:`sme_analysis.composite`.

- `screen`   a ranked, explained list, with intervals and everyone who was left out
- `leave_one_out`   what a short list hangs on
- `compare`, `gower`   candidates beside the firm's current markets
- `pareto`   the front of opportunity against risk
- `brief_facts`   key facts of one host economy, each with its year and source
- `structure`, `sectors`, `weights`, `appetite_weights`   what the score consists of
- `read_list`   a file of economies to leave out
"""

from .brief import brief_facts
from .declared import appetite, appetite_weights, sectors, structure, weights
from .exclusions import REASONS, read_list
from .explain import contributions, drivers
from .front import pareto
from .relative import Comparison, compare, gower
from .screening import Screening, screen
from .sensitivity import leave_one_out

__all__ = [
    "REASONS",
    "Comparison",
    "Screening",
    "appetite",
    "appetite_weights",
    "brief_facts",
    "compare",
    "contributions",
    "drivers",
    "gower",
    "leave_one_out",
    "pareto",
    "read_list",
    "screen",
    "sectors",
    "structure",
    "weights",
]
