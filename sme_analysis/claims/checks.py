"""The ways in which a statement can be checked. Each turns tables into a verdict and a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from .claim import CANNOT, CONFIRMED, DIFFERS, NOT_FOUND, Claim, Judgement
from .found import Finder, Found
from .reading import Interval
from .tables import Tables
from .words import amount, sentence

_KINDS = {
    "opinion": "This is an opinion; no figure can bear it out or refute it",
    "recommendation": "This is a recommendation; it can be weighed, not checked",
    "forecast": "This is about the future; nothing on record can check it",
    "announcement": "This tells what the page itself offers; there is nothing to check",
}


class Check(Protocol):
    """Anything that can judge a statement by the tables."""

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Return the verdict, the reason and what was found."""


def said(found: Found) -> str:
    """Write what was found: figures computed here with the decimals that they are known to.

    A computed figure is known as finely as its interval is narrow; never more than two decimals.
    """
    if found.text:
        return found.text
    if not found.computed:
        return amount(found.value, found.unit, found.bound)
    width = found.reading.high - found.reading.low
    decimals = 1 if found.unit in ("pct", "points") else 2
    if (found.reading.exact and float(found.value).is_integer()) or width > 1:
        decimals = 0
    return amount(found.value, found.unit, "exact" if found.bound == "exact" else "about", decimals)


@dataclass(frozen=True)
class Figure:
    """The stated figure against the same figure from the tables.

    Attributes
    ----------
    find : Finder
    looked : str
        The table where it was looked for: named when no row carries it.
    notes : tuple of Finder
        Other figures worth a clause: another vintage, another definition.
    with_note : bool
        Whether to quote the first clause of the row's own note.
    """

    find: Finder
    looked: str
    notes: tuple[Finder, ...] = ()
    with_note: bool = False

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Compare the two readings."""
        found = self.find(tables)
        if found is None:
            return Judgement(
                NOT_FOUND, sentence(f"No row of the table {self.looked} carries this figure")
            )
        stated = claim.reading
        if stated is None:
            raise ValueError(f"statement {claim.claim_id} has no figure to compare")
        agrees = found.reading.overlaps(stated)
        lead = f"{found.what}: {said(found)}"
        if agrees:
            lead += f", {_agreement(claim, found)}"
        else:
            lead += f", where the statement has {claim.stated}"
        noted = _first_clause(found) if self.with_note else ""
        reason = sentence(lead, noted, *_asides(self.notes, tables))
        return Judgement(CONFIRMED if agrees else DIFFERS, reason, found)


def _asides(notes: tuple[Finder, ...], tables: Tables) -> list[str]:
    return [f"{n.what}: {said(n)}" for find in notes if (n := find(tables)) is not None]


def _first_clause(found: Found) -> str:
    """Take what the note of the row says first."""
    note = found.parts[0].rows["note"].iloc[0]
    return "" if pd.isna(note) else str(note).split(";")[0]


def _agreement(claim: Claim, found: Found) -> str:
    plainly = claim.bound in ("exact", "about", found.bound) and found.bound in ("exact", "about")
    if said(found) == claim.stated or (plainly and found.value == claim.value):
        return "as stated"
    if claim.bound == "exact":
        return f"which rounds to the {claim.stated} stated"
    return f'which "{claim.stated}" covers ({claim.reading})'


@dataclass(frozen=True)
class Holds:
    """A proposition that the statement implies, tested on a figure.

    Attributes
    ----------
    find : Finder or sequence of finders
        What is measured; of several, the first that can tell decides.
    needs : Interval
        Where the figure must lie for the statement to hold.
    means : str
        What that is, in words: "a rise", "a majority".
    absent : str
        What is missing where nothing is found, in a sentence.
    proxy : str
        What is measured in place of the statement; empty where it is the statement itself.
    fails : str
        What it is where the figure lies elsewhere; by default "not" and `means`.
    notes : tuple of Finder
        Other figures worth a clause.
    beyond : str
        What the figure does not measure, in a sentence.
    """

    find: Finder | tuple[Finder, ...]
    needs: Interval
    means: str
    absent: str = "No row of the shipped tables measures it"
    proxy: str = ""
    fails: str = ""
    notes: tuple[Finder, ...] = ()
    beyond: str = ""

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Test the proposition."""
        finders = self.find if isinstance(self.find, tuple) else (self.find,)
        known = [found for finder in finders if (found := finder(tables)) is not None]
        asides = _asides(self.notes, tables)
        if not known:
            return Judgement(NOT_FOUND, sentence(self.absent, *asides))
        found = next((one for one in known if self._tells(one)), known[0])
        verdict = CANNOT
        ending = f"too coarse a figure to tell whether that is {self.means}"
        if found.reading.within(self.needs):
            verdict, ending = CONFIRMED, self.means
        elif not found.reading.overlaps(self.needs):
            verdict, ending = DIFFERS, self.fails or f"not {self.means}"
        lead = f"{found.what}: {said(found)}, {ending}"
        reason = sentence(lead, *asides, self.beyond)
        only = sentence(f"Only a proxy could be measured: {self.proxy}") if self.proxy else ""
        return Judgement(verdict, reason, found, self.proxy, only)

    def _tells(self, found: Found) -> bool:
        return found.reading.within(self.needs) or not found.reading.overlaps(self.needs)


@dataclass(frozen=True)
class Agree:
    """A proposition tested on several figures that measure different sides of it.

    It holds if all of them say so, differs if all say the contrary; if they disagree, it is neither
    borne out nor refuted.

    Attributes
    ----------
    finds : tuple of Finder
    needs : Interval
        Where a figure must lie to speak for the statement.
    proxy : str
        What is measured in place of the statement.
    beyond : str
        What the figures do not measure, in a sentence.
    """

    finds: tuple[Finder, ...]
    needs: Interval
    proxy: str
    beyond: str = ""

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Ask every figure, and see whether they agree."""
        known = [found for find in self.finds if (found := find(tables)) is not None]
        if not known:
            return Judgement(NOT_FOUND, sentence("No row of the shipped tables measures it"))
        sides = [self._side(found) for found in known]
        verdict, ending = CANNOT, "They disagree, so that it is neither borne out nor refuted"
        if len(set(sides)) == 1:
            verdict = {"for": CONFIRMED, "against": DIFFERS}.get(sides[0], CANNOT)
            ending = f"All of them speak {sides[0]} it" if verdict != CANNOT else "None can tell"
        said_each = [
            f"{found.what}: {said(found)}, which "
            + (f"speaks {side} it" if side else "is too coarse to tell")
            for found, side in zip(known, sides, strict=True)
        ]
        parts = tuple(part for found in known for part in found.parts)
        words = "; ".join(said(found) for found in known)
        found = replace(known[0], parts=parts, text=words)
        reason = sentence(*said_each, ending, self.beyond)
        only = sentence(f"Only a proxy could be measured: {self.proxy}")
        return Judgement(verdict, reason, found, self.proxy, only)

    def _side(self, found: Found) -> str:
        if found.reading.within(self.needs):
            return "for"
        return "" if found.reading.overlaps(self.needs) else "against"


@dataclass(frozen=True)
class Shown:
    """A statement that no figure decides; one is shown beside it, as a proxy.

    Attributes
    ----------
    kind : {"opinion", "recommendation", "forecast", "announcement"} or a sentence
        Why it cannot be checked.
    find : Finder, optional
        The proxy.
    proxy : str
        What the proxy is, in words.
    """

    kind: str
    find: Finder | None = None
    proxy: str = ""

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Say why, and show the proxy."""
        why = _KINDS.get(self.kind, self.kind)
        found = None if self.find is None else self.find(tables)
        if found is None:
            return Judgement(CANNOT, sentence(why))
        aside = f"A figure near it: {found.what}, {said(found)}"
        return Judgement(CANNOT, sentence(why, aside), found, self.proxy, sentence(why))
