"""On which edition of the Worldwide Governance Indicators a table stands.

The edition of 2025 revised the method (aggregation, sources, reference) and estimated all years
anew, so estimates of the two methods are different series: they carry different sources here, and
a table that held both would compare what cannot be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..errors import DataError

INDICATORS = (
    "political_stability",
    "voice_and_accountability",
    "government_effectiveness",
    "regulatory_quality",
    "rule_of_law",
    "control_of_corruption",
)
_METHODS = {"wgi2025_": "the method of 2025", "wgi_": "the method before 2025"}


@dataclass(frozen=True)
class Governance:
    """An edition of the governance indicators.

    Attributes
    ----------
    source_id : str
        Row of `sources`.
    edition : str
        What the register says of its edition.
    method : str
        "the method of 2025" or "the method before 2025".
    """

    source_id: str
    edition: str
    method: str

    @property
    def sentence(self) -> str:
        """Say on what an index of these figures stands."""
        return f"Governance indicators: {self.edition}; {self.method}."


def method(source_id: str) -> str:
    """Return the method behind a source of governance figures, "" for any other source.

    >>> method("wgi_2024_update")
    'the method before 2025'
    """
    return next((words for stem, words in _METHODS.items() if source_id.startswith(stem)), "")


def governance_edition(indicators: pd.DataFrame, register: pd.DataFrame) -> Governance | None:
    """Tell which edition of the governance indicators a table holds.

    Parameters
    ----------
    indicators : DataFrame
        Rows of the table that holds them.
    register : DataFrame
        The table `sources`.

    Returns
    -------
    Governance or None
        None where the table has no governance indicator.

    Raises
    ------
    DataError
        If the rows come from more than one edition: they must not be joined.
    """
    ids = sorted(indicators.loc[indicators["indicator"].isin(INDICATORS), "source_id"].unique())
    if not ids:
        return None
    if len(ids) > 1:
        raise DataError(
            f"the governance indicators come from {len(ids)} editions ({', '.join(ids)}), "
            "which must not be joined"
        )
    known = register.set_index("source_id")["edition"]
    return Governance(ids[0], str(known.get(ids[0], ids[0])), method(ids[0]))
