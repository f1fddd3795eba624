"""Host risk for a Chinese firm: six dimensions, a score, and how far to trust it.

The index is declared in the tables `risk_structure` and `risk_weights`, measured from the shipped
indicators, treaties and distances, and built by :mod:`sme_analysis.composite`.

- `structure`, `dimensions`, `presets`, `weights`   what it consists of
- `score`, `left_out`, `missing`   scores of a year, and who has none
- `simulate`, `intervals`, `sensitivity`   how sure a rank is, and what it hangs on
- `profile`, `strengths`, `weaknesses`   one economy
- `trend`, `history`   change, with the same indicators at both ends
- `validate`, `validate_years`, `residuals`   beside the OECD's classes
- `distance`   how far an economy is from China

Risk runs from 0 to 100, more is riskier; rank 1 is the least risk.
"""

from .declared import dimensions, presets, structure, weights
from .distances import distance, kogut_singh, mahalanobis
from .grades import GRADES, grade, span
from .intervals import Simulation, intervals, sensitivity, simulate
from .profile import profile, strengths, weaknesses
from .score import left_out, missing, score
from .trend import history, trend
from .validate import residuals, validate, validate_years

__all__ = [
    "GRADES",
    "Simulation",
    "dimensions",
    "distance",
    "grade",
    "history",
    "intervals",
    "kogut_singh",
    "left_out",
    "mahalanobis",
    "missing",
    "presets",
    "profile",
    "residuals",
    "score",
    "sensitivity",
    "simulate",
    "span",
    "strengths",
    "structure",
    "trend",
    "validate",
    "validate_years",
    "weaknesses",
    "weights",
]
