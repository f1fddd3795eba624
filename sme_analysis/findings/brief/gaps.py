"""What is not known about one economy."""

from __future__ import annotations

import pandas as pd

from ...markets import brief
from ...markets.brief import Dossier, Standing
from ..finding import Finding, counted
from .words import the, unbroken


def unknown(about: Dossier, placed: Standing) -> Finding:
    """List what the tables do not say about the economy, and what they say of none."""
    rows = brief.gaps(about, placed)
    empty = sum(len(frame) == 0 for frame in about.rows.values())
    everywhere = int((rows["table"] == "").sum()) + 1
    text = (
        f"Of {len(about.rows)} tables looked through, "
        f"{'each has something' if not empty else f'{_have(empty)} nothing'} on {the(about.name)}; "
        f"{counted(len(rows) - everywhere, 'gap')} of its own and "
        f"{counted(everywhere, 'gap')} that every economy has stand below."
    )
    table = pd.DataFrame(
        {
            "Subject": rows["subject"].to_numpy(),
            "Not known": rows["gap"].to_numpy(),
            "Looked at": [unbroken(str(years)) for years in rows["covers"]],
        }
    )
    return Finding(
        headline="", text=text, table=table,
        notes=("That something is not on record is no proof that it is not there.",),
    )  # fmt: skip


def _have(count: int) -> str:
    return f"{count} {'has' if count == 1 else 'have'}"
