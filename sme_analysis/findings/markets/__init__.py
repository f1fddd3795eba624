"""Findings of a market screening."""

from .access import access, access_matrix
from .appetite import appetite, appetite_matrix
from .beside import beside, beside_matrix
from .firmness import firmness, hangs_on, top_bars
from .frontier import frontier, frontier_rows
from .left_out import left_bars, left_out
from .make_up import make_up, weight_bars
from .short_list import short_list, short_list_rows
from .terms import Terms, inputs, terms

__all__ = [
    "Terms",
    "access",
    "access_matrix",
    "appetite",
    "appetite_matrix",
    "beside",
    "beside_matrix",
    "firmness",
    "frontier",
    "frontier_rows",
    "hangs_on",
    "inputs",
    "left_bars",
    "left_out",
    "make_up",
    "short_list",
    "short_list_rows",
    "terms",
    "top_bars",
    "weight_bars",
]
