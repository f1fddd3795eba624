"""Statements about Chinese firms going abroad, each recomputed from the shipped tables.

Every quantitative statement is bound to a function that computes its figure anew; the verdict
follows from that figure, from how the stated one was rounded, and from words such as "nearly".
Nothing here is a typed verdict: change a table, and the verdict that rests on it changes.
"""

from .claim import CANNOT, CONFIRMED, DIFFERS, NOT_FOUND, VERDICTS, Claim, Judgement
from .reading import RULES, Interval, reading
from .registry import bindings
from .run import ALL, Examination, articles, check, counts, evidence, examine
from .tables import Tables

__all__ = [
    "ALL",
    "CANNOT",
    "CONFIRMED",
    "DIFFERS",
    "NOT_FOUND",
    "RULES",
    "VERDICTS",
    "Claim",
    "Examination",
    "Interval",
    "Judgement",
    "Tables",
    "articles",
    "bindings",
    "check",
    "counts",
    "evidence",
    "examine",
    "reading",
]
