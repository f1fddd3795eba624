"""Firms: what they say in surveys, how they are financed and supported, what acquisitions returned.

The modules take frames and return frames. Figures printed with a qualifier are bounds; figures on
different definitions are never joined; estimates are pooled only where they can be.
"""

from . import bases, bounds, ecommerce, editions, finance, pooling, returns, surveys, timeline
from .bases import Base, implied_base
from .bounds import guaranteed, reading, with_bounds
from .editions import Change, changes, compare, same_answer, tracked
from .pooling import Pooled, pool
from .returns import Pooling, directions, pool_announcements, with_errors
from .surveys import THEMES, asked, intervals, select
from .timeline import by_category, events

__all__ = [
    "THEMES",
    "Base",
    "Change",
    "Pooled",
    "Pooling",
    "asked",
    "bases",
    "bounds",
    "by_category",
    "changes",
    "compare",
    "directions",
    "ecommerce",
    "editions",
    "events",
    "finance",
    "guaranteed",
    "implied_base",
    "intervals",
    "pool",
    "pool_announcements",
    "pooling",
    "reading",
    "returns",
    "same_answer",
    "select",
    "surveys",
    "timeline",
    "tracked",
    "with_bounds",
    "with_errors",
]
