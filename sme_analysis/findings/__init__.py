"""Findings: what a frame says, in a sentence computed from it, with its table and source line."""

from . import (
    concentration,
    following,
    hosts,
    industries,
    outbound,
    partners,
    risk,
    signals,
    specialisation,
    surveys,
    trouble,
)
from .finding import Finding

__all__ = [
    "Finding",
    "concentration",
    "following",
    "hosts",
    "industries",
    "outbound",
    "partners",
    "risk",
    "signals",
    "specialisation",
    "surveys",
    "trouble",
]
