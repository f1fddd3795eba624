"""Checking the statements: one row each, with figure, verdict and reason."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..errors import DataError, UnknownNameError, unknown
from .checks import said
from .claim import CANNOT, VERDICTS, Claim, Judgement
from .registry import bindings
from .tables import Tables

COLUMNS = (
    "claim_id", "article", "subject", "statement", "stated", "stated_value", "found", "found_value",
    "unit", "difference", "table", "source_id", "verdict", "reason", "proxy",
)  # fmt: skip
ALL = "all"


def articles(tables: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Return the articles that the statements come from."""
    return Tables(tables)["articles"].reset_index(drop=True)


@dataclass(frozen=True)
class Examination:
    """Statements with what checking them gave.

    Attributes
    ----------
    judged : tuple of (Claim, Judgement)
    subjects : mapping of claim id to subject
    """

    judged: tuple[tuple[Claim, Judgement], ...]
    subjects: Mapping[str, str]

    def rows(self) -> pd.DataFrame:
        """Return one row per statement, as :func:`check` does."""
        rows = [
            {"subject": self.subjects[claim.claim_id], **_row(claim, judgement)}
            for claim, judgement in self.judged
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def evidence(self) -> pd.DataFrame:
        """Return the rows of the tables that the verdicts rest on, as :func:`evidence` does."""
        columns = ["claim_id", "table", "row", "value", "source_id"]
        listed = [pd.DataFrame(columns=columns)]
        for claim, judgement in self.judged:
            found = judgement.found
            for part in found.parts if found is not None else ():
                rows = part.rows.reindex(columns=["value", "source_id"]).astype(object)
                rows = rows.assign(claim_id=claim.claim_id, table=part.table, row=rows.index)
                listed.append(rows)
        return pd.concat(listed, ignore_index=True)[columns]


def examine(
    article: str | None = None,
    *,
    verdict: str | None = None,
    proxies: bool = True,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Examination:
    """Judge the statements once, for their rows and for the evidence; parameters of :func:`check`.

    Raises
    ------
    UnknownNameError, DataError
        As :func:`check` does.
    """
    known = Tables(tables)
    if verdict not in (None, ALL, *VERDICTS):
        raise UnknownNameError(unknown("verdict", verdict, [ALL, *VERDICTS]))
    judged = ((claim, judge(claim, known, proxies)) for claim in statements(article, known))
    kept = tuple(pair for pair in judged if verdict in (None, ALL, pair[1].verdict))
    listed = known["claims"]
    return Examination(kept, dict(zip(listed["claim_id"], listed["subject"], strict=True)))


def check(
    article: str | None = None,
    *,
    verdict: str | None = None,
    proxies: bool = True,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Check every statement by the shipped tables.

    Parameters
    ----------
    article : str, optional
        Id of one article, or "all", the default.
    verdict : str, optional
        Keep the statements with this verdict: "confirmed", "differs", "not found" or "cannot be
        checked"; "all" by default.
    proxies : bool
        Whether a measurable stand-in may decide a statement. If not, such statements cannot be
        checked.
    tables : mapping of table name to DataFrame, optional
        Used instead of what is shipped, so that one can see what a verdict rests on.

    Returns
    -------
    DataFrame
        One row per statement, in the order of the articles: `claim_id`, `article`, `subject`,
        `statement`; `stated` (in words) and `stated_value`; `found` and `found_value`, in `unit`;
        `difference` (found less stated, for figures compared); `table` and `source_id` (those that
        the found value rests on, joined by "; "); `verdict`, `reason`, and `proxy` (what was
        measured in place of the statement; empty where it was the statement itself).

    Raises
    ------
    UnknownNameError
        If there is no such article, verdict or table.
    DataError
        If a statement has no check, or a check no statement.

    Examples
    --------
    >>> rows = check("troib_sme_support").set_index("claim_id")
    >>> rows.loc["t17", ["stated", "found", "verdict"]].tolist()
    ['2.3%', '2.3%', 'confirmed']
    """
    return examine(article, verdict=verdict, proxies=proxies, tables=tables).rows()


def evidence(
    article: str | None = None,
    *,
    proxies: bool = True,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """List the rows of the tables that the verdicts rest on.

    Parameters
    ----------
    article, proxies, tables
        As in :func:`check`.

    Returns
    -------
    DataFrame
        `claim_id`, `table`, `row` (its label in that table's index), `value` and `source_id`; a
        statement that rests on two rows has two.
    """
    return examine(article, proxies=proxies, tables=tables).evidence()


def counts(checked: pd.DataFrame) -> pd.DataFrame:
    """Count verdicts by article: one row an article, one column a verdict, in their order."""
    table = pd.crosstab(checked["article"], checked["verdict"])
    order = list(dict.fromkeys(checked["article"]))
    return table.reindex(index=order, columns=list(VERDICTS), fill_value=0).rename_axis(
        index=None, columns=None
    )


def statements(article: str | None, tables: Tables) -> list[Claim]:
    """Return the statements of one article or of all, each with the sources that are itself."""
    rows, listed = tables["claims"], tables["articles"]
    names = listed["article"].tolist()
    article = None if article == ALL else article
    if article is not None and article not in names:
        raise UnknownNameError(unknown("article", article, [ALL, *names]))
    _complete(rows)
    own = {row["article"]: _own_sources(row["source_id"], tables) for _, row in listed.iterrows()}
    order = {name: place for place, name in enumerate(names)}
    rows = rows.assign(place=rows["article"].map(order))
    rows = rows.sort_values(["place", "claim_id"], kind="stable")
    chosen = rows if article is None else rows[rows["article"] == article]
    return [_claim(row, own[row["article"]]) for row in chosen.to_dict("records")]


def judge(claim: Claim, tables: Tables, proxies: bool = True) -> Judgement:
    """Judge one statement."""
    judgement = bindings()[claim.claim_id].judge(claim, tables)
    if proxies or not judgement.proxy:
        return judgement
    return Judgement(CANNOT, judgement.without)


def _complete(rows: pd.DataFrame) -> None:
    """Refuse a list of statements that the checks do not match one to one."""
    listed, bound = set(rows["claim_id"]), set(bindings())
    for claim_id in sorted(listed - bound):
        raise DataError(f"statement {claim_id} has no check")
    for claim_id in sorted(bound - listed):
        raise DataError(f"check {claim_id} has no statement in table 'claims'")


def _own_sources(source_id: str, tables: Tables) -> frozenset[str]:
    """Find every source that is the article: its own id, and others at the same address."""
    register = tables["sources"]
    own = register[register["source_id"] == source_id]
    if own.empty:
        raise DataError(f"table 'articles' names the source {source_id!r}, which is not registered")
    same = register["url"].notna() & register["url"].isin(own["url"])
    return frozenset({source_id, *register.loc[same, "source_id"]})


def _claim(row: Mapping[Hashable, Any], own: frozenset[str]) -> Claim:
    def given(name: str) -> Any:
        value = row.get(name)
        return None if value is None or pd.isna(value) else value

    value = given("value")
    return Claim(
        claim_id=row["claim_id"],
        article=row["article"],
        statement=row["statement"],
        value=None if value is None else float(value),
        bound=given("bound") or "exact",
        unit=given("unit") or "count",
        step=given("step"),
        own_sources=own,
    )


def _row(claim: Claim, judgement: Judgement) -> dict[str, Any]:
    found = judgement.found
    parts = found.parts if found is not None else ()
    apart = None if found is None or claim.value is None else found.value - claim.value
    return {
        "claim_id": claim.claim_id,
        "article": claim.article,
        "statement": claim.statement,
        "stated": claim.stated,
        "stated_value": claim.value,
        "found": "" if found is None else said(found),
        "found_value": None if found is None else found.value,
        "unit": claim.unit if claim.value is not None else ("" if found is None else found.unit),
        "difference": apart,
        "table": "; ".join(dict.fromkeys(part.table for part in parts)),
        "source_id": "; ".join(_ids(judgement)),
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "proxy": judgement.proxy,
    }


def _ids(judgement: Judgement) -> Iterator[str]:
    parts = judgement.found.parts if judgement.found is not None else ()
    ids = [str(i) for part in parts for i in part.rows.get("source_id", pd.Series()).dropna()]
    yield from dict.fromkeys(ids)
