"""Findings: what a frame says, in a sentence computed from it, with its table and source line."""

from . import concentration, hosts, outbound, partners, signals
from .finding import Finding

__all__ = ["Finding", "concentration", "hosts", "outbound", "partners", "signals"]
