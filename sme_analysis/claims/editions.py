"""Survey shares against every edition of the survey, to see which one a statement quotes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..wording import listed
from .checks import said
from .claim import CONFIRMED, DIFFERS, NOT_FOUND, Claim, Judgement
from .found import Found, of_row
from .reading import Interval
from .tables import Tables
from .words import sentence


@dataclass(frozen=True)
class Edition:
    """A survey share against every edition that prints it.

    Attributes
    ----------
    survey, question, option : str
        Of the table `survey_responses`; the option as a regular expression.
    name : str
        The survey in words.
    beside : int
        The year of the figures that the statement stands beside.
    needs : Interval, optional
        What a word such as "many" asks, for a statement without a figure.
    means : str
        That, in words.
    """

    survey: str
    question: str
    option: str
    name: str
    beside: int = 2024
    needs: Interval | None = None
    means: str = ""

    def answers(self, tables: Tables) -> pd.DataFrame:
        """Return the share in every edition that prints one."""
        rows = tables.rows(
            "survey_responses",
            survey=self.survey, question=self.question, option=f"~{self.option}",
        )  # fmt: skip
        return rows[rows["value"].notna()]

    def judge(self, claim: Claim, tables: Tables) -> Judgement:
        """Find the edition that the statement fits."""
        rows = self.answers(tables)
        wanted = claim.reading or self.needs
        if rows.empty or wanted is None:
            return Judgement(NOT_FOUND, sentence(f"No edition of {self.name} on record prints it"))
        editions = [
            of_row("survey_responses", rows.iloc[[i]], "the {edition} edition of " + self.name)
            for i in range(len(rows))
        ]
        years = rows["edition"].astype(str).tolist()
        fits = [i for i, found in enumerate(editions) if found.reading.overlaps(wanted)]
        best = max(
            fits or range(len(rows)),
            key=lambda i: (self._same(editions[i], claim), years[i]),
        )
        return Judgement(
            CONFIRMED if fits else DIFFERS,
            self._reason(claim, editions, years, best, bool(fits)),
            editions[best],
        )

    @staticmethod
    def _same(found: Found, claim: Claim) -> bool:
        return found.value == claim.value and found.bound == claim.bound

    def _reason(
        self, claim: Claim, editions: list[Found], years: list[str], best: int, fits: bool
    ) -> str:
        found, year = editions[best], years[best]
        lead = f"{found.what} prints {said(found)}"
        if claim.value is None:
            lead += f", {'' if fits else 'not '}{self.means}"
        elif not fits:
            lead += f", where the statement has {claim.stated}"
        gap = ""
        if fits and claim.value is not None and year.isdigit() and int(year) < self.beside:
            gap = self._gap(claim, editions, years)
        told = {year, str(self.beside)} if gap else {year}
        others = [f"{one} {said(e)}" for one, e in zip(years, editions, strict=True)
                  if one not in told]  # fmt: skip
        rest = f"Other editions on record: {listed(others)}" if others else ""
        return sentence(lead, gap, rest)

    def _gap(self, claim: Claim, editions: list[Found], years: list[str]) -> str:
        """Say that the share is older than the figures beside it, and what the newer one has."""
        wanted = claim.reading
        newer = [e for year, e in zip(years, editions, strict=True) if year == str(self.beside)]
        if newer and wanted is not None:
            covered = "also covers" if newer[0].reading.overlaps(wanted) else "does not cover"
            prints = f"the {self.beside} edition prints {said(newer[0])}"
            then = f'{prints}, which "{claim.stated}" {covered}'
        else:
            then = f"no share of the {self.beside} edition is on record"
        return (
            f"It stands beside figures of {self.beside} without the edition being named; {then}. "
            "That is a difference of edition, not an error of fact"
        )
