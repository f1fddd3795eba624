"""Tables that a user may obtain and put beside the shipped ones, marked as the user's own.

Three publications give more detail than can be shipped: the statistical bulletin on outward FDI
(annex tables 1 to 4: flow and stock, by country and by industry), the China Statistical Yearbook
(outward FDI by country or region, and by sector), and the workbook of the China Global Investment
Tracker. Saved as .xlsx, .csv or .tsv in one folder, they are recognised by what they hold.

- `read_folder`, `read_file`   read what is there: frames, what was read from where, warnings
- `merge`                      join supplied with shipped figures, one source per year and measure

>>> from sme_analysis.supplied import read_folder
>>> supplied = read_folder("my_tables")  # doctest: +SKIP
>>> panel = supplied.merged("outward_fdi_by_economy")  # doctest: +SKIP
"""

from .folder import Reading, Supplied, own, read_file, read_folder
from .merging import merge
from .shape import DEALS_BY_ECONOMY_AND_YEAR, SOURCE

__all__ = [
    "DEALS_BY_ECONOMY_AND_YEAR",
    "SOURCE",
    "Reading",
    "Supplied",
    "merge",
    "own",
    "read_file",
    "read_folder",
]
