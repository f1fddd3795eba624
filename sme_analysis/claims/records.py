"""Statements that are no figures: what happened, and who published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..wording import listed
from .claim import CONFIRMED, DIFFERS, NOT_FOUND, Claim, Judgement
from .found import Found, Part
from .reading import Interval
from .tables import Tables
from .words import sentence


@dataclass(frozen=True)
class Recorded:
    """An event or an arrangement, to be on record from a source other than the article.

    Attributes
    ----------
    table : str
    what : str
        What was looked for, in words.
    where : mapping
        What the columns must hold, as in :meth:`Tables.rows`.
    label : str
        A row in words, columns in braces.
    least : int
        How many rows must be on record.
    """

    table: str
    what: str
    where: dict[str, Any]
    label: str
    least: int = 1

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Look for rows, and for whether anyone but the article says so."""
        rows = tables.rows(self.table, **self.where)
        title = self.table.replace("_", " ")
        if rows.empty:
            return Judgement(NOT_FOUND, sentence(f"The table of {title} has no row on {self.what}"))
        others = rows[_second_source(rows, claim.own_sources)]
        if len(others) < self.least:
            few = f" ({len(others)} of them from elsewhere)" if len(others) else ""
            count = f"{len(rows)} row" + "s" * (len(rows) != 1)
            reason = (
                f"The table of {title} has {count} on {self.what}, known from the article alone"
                f"{few}: no second source was read"
            )
            found = _records(self.table, rows, self.what, "the article alone")
            return Judgement(NOT_FOUND, sentence(reason), found)
        names = [self.label.format_map(row) for row in others.astype(object).to_dict("records")]
        found = _records(self.table, others, self.what, "on record")
        return Judgement(CONFIRMED, sentence(f"On record: {listed(names[:4])}"), found)


def _second_source(rows: pd.DataFrame, own: frozenset[str]) -> pd.Series:
    """Say which rows someone else than the article vouches for."""
    other = ~rows["source_id"].isin(own)
    if "confirmed_by" in rows:
        other |= rows["confirmed_by"].notna() & ~rows["confirmed_by"].isin(own)
    return other


def _records(table: str, rows: pd.DataFrame, what: str, text: str) -> Found:
    count = float(len(rows))
    return Found(
        count, "count", Interval(count, count), what, parts=(Part(table, rows),), computed=True,
        text=text,
    )  # fmt: skip


@dataclass(frozen=True)
class Attributed:
    """A publisher named for some figures, against the register of sources.

    Attributes
    ----------
    table : str
    where : mapping
        Which figures, as in :meth:`Tables.rows`.
    what : str
        The figures in words.
    named : str
        The publisher that the statement names, as it would stand in the register.
    """

    table: str
    where: dict[str, Any]
    what: str
    named: str

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Compare the name with the origins of the rows."""
        rows = tables.rows(self.table, **self.where)
        if rows.empty:
            return Judgement(NOT_FOUND, sentence(f"{self.what} are not on record"))
        register = tables.rows("sources", source_id=sorted(set(rows["source_id"])))
        origins = sorted(set(register["origin"].astype(str)))
        fits = any(self.named.casefold() in origin.casefold() for origin in origins)
        ending = "" if fits else f", not from the {self.named}, which may repeat them"
        reason = sentence(f"{self.what} come from the {listed(origins)}{ending}")
        count = float(len(register))
        found = Found(
            count, "count", Interval(count, count), self.what,
            parts=(Part(self.table, rows), Part("sources", register)), computed=True,
            text=listed(origins),
        )  # fmt: skip
        return Judgement(CONFIRMED if fits else DIFFERS, reason, found)
