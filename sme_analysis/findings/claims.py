"""Findings on statements: how many hold, which differ, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..claims import ALL, CANNOT, CONFIRMED, DIFFERS, NOT_FOUND, Tables, bindings, counts
from ..claims.editions import Edition
from ..claims.reading import reading
from ..claims.trading import trade_growth
from ..data.citation import source_line
from ..data.tables import load
from ..wording import listed
from .finding import Finding, bounded, counted, nothing, percent

_AS_SAID = {
    CONFIRMED: ("is confirmed", "are confirmed"),
    DIFFERS: ("differs", "differ"),
    NOT_FOUND: ("is not found", "are not found"),
    CANNOT: ("cannot be checked", "cannot be checked"),
}
_GROWTH = {"t13": "total", "t15": "export", "t17": "import"}
_FLOWS = {"total": "all trade", "export": "exports", "import": "imports"}
_VINTAGES = {"revised": "revised 2023", "first_release": "first release of 2023"}
_NAMED = 3  # sources beyond these are counted
_HEADINGS = {
    CONFIRMED: "Confirmed",
    DIFFERS: "Differs",
    NOT_FOUND: "Not found",
    CANNOT: "Cannot be checked",
}


def selected(checked: pd.DataFrame, verdict: str) -> pd.DataFrame:
    """Keep the statements with one verdict; all of them for "all"."""
    return checked if verdict == ALL else checked[checked["verdict"] == verdict]


def overview(checked: pd.DataFrame, evidence: pd.DataFrame, verdict: str) -> Finding:
    """Say how many statements hold.

    Parameters
    ----------
    checked : DataFrame
        From :func:`sme_analysis.claims.check`, whatever the verdict.
    evidence : DataFrame
        From :func:`sme_analysis.claims.evidence`.
    verdict : str
        The verdict asked for, or "all".
    """
    tally = checked["verdict"].value_counts()
    said = _tally(tally)
    stand_ins = checked["proxy"].ne("") & checked["verdict"].isin([CONFIRMED, DIFFERS])
    holds = checked["verdict"] == CONFIRMED
    near = int((holds & checked["proxy"].ne("")).sum())
    headline = f"{int(holds.sum()) - near} of {len(checked)} statements are confirmed"
    headline += f" by figures or records of their own, {near} more by a proxy" if near else ""
    text = [f"Of {counted(len(checked), 'statement')}, {said}."]
    if stand_ins.any():
        text.append(
            f"{counted(int(stand_ins.sum()), 'verdict')} of these rest on a proxy, which is "
            "named and measures something near the statement, not the statement itself."
        )
    if verdict != ALL:
        some = f"Below are the rows with the verdict: {verdict}."
        none = f"No statement has the verdict asked for, {verdict}, so that no row follows."
        text.append(some if tally.get(verdict, 0) else none)
    table = counts(checked).rename(columns=_HEADINGS)
    table.insert(0, "Article", _titles(table.index))
    table.insert(1, "Name", table.index)
    table["Statements"] = table[list(_HEADINGS.values())].sum(axis=1)
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure="Statements by article and verdict, number",
        source=source_line(evidence[evidence["claim_id"].isin(checked["claim_id"])]),
        table=table.reset_index(drop=True),
        notes=(
            "A verdict is computed: the figure found, how the stated one was rounded, and its "
            "qualifier decide it. Not found means that no shipped table carries it, not that "
            "it is untrue.",
        ),
    )


def overview_bars(checked: pd.DataFrame) -> pd.DataFrame:
    """Count verdicts by article for drawing, under the names of the articles."""
    table = counts(checked)
    return table.set_axis(_titles(table.index), axis=0)


def _titles(names: Iterable[str]) -> list[str]:
    known = load("articles").set_index("article")["title"]
    return [str(known.get(name, name)) for name in names]


def _tally(tally: pd.Series) -> str:
    words = [
        f"{int(tally[verdict])} {forms[int(tally[verdict] > 1)]}"
        for verdict, forms in _AS_SAID.items()
        if verdict in tally.index and tally[verdict]
    ]
    return listed(words)


def topic(
    chosen: pd.DataFrame, evidence: pd.DataFrame, subjects: Iterable[str], words: str
) -> Finding:
    """Say what holds among the statements on some subjects, one row each.

    Parameters
    ----------
    chosen : DataFrame
        Rows of :func:`sme_analysis.claims.check`.
    evidence : DataFrame
        From :func:`sme_analysis.claims.evidence`.
    subjects : iterable of str
        Values of the column `subject`.
    words : str
        What they are about, as it stands after "on".
    """
    rows = chosen[chosen["subject"].isin(list(subjects))]
    rows = rows.iloc[rows["stated"].eq("").argsort(kind="stable")]  # figures first
    if rows.empty:
        return nothing(f"The selection holds no statement on {words}.")
    tally = rows["verdict"].value_counts()
    said = [f"Of {counted(len(rows), 'statement')} on {words}, {_tally(tally)}."]
    for row in rows[rows["verdict"] == DIFFERS].to_dict("records"):
        said.append(
            f"What differs: \N{LEFT DOUBLE QUOTATION MARK}{row['statement']}"
            f"\N{RIGHT DOUBLE QUOTATION MARK} {row['reason']}"
        )
    behind = evidence[evidence["claim_id"].isin(rows["claim_id"])]
    return Finding(
        headline="",
        text=" ".join(said),
        source=source_line(behind),
        table=statements(rows),
        prose=True,
    )


def statements(rows: pd.DataFrame) -> pd.DataFrame:
    """Set statements as a table for a reader."""
    found = rows["found"].mask(
        rows["proxy"].ne("") & rows["found"].ne(""), rows["found"] + "\N{NO-BREAK SPACE}*"
    )
    names = load("sources").set_index("source_id")["origin"]
    table = pd.DataFrame(
        {
            "Statement": rows["statement"].to_numpy(),
            "Verdict": rows["verdict"].to_numpy(),
            "Stated": rows["stated"].replace("", "–").to_numpy(),
            "Found": found.replace("", "–").to_numpy(),
            "Why": [
                f"{reason} * Proxy: {proxy}." if proxy else reason
                for reason, proxy in zip(rows["reason"], rows["proxy"], strict=True)
            ],
            "Source": [_origins(ids, names) for ids in rows["source_id"]],
        }
    )
    return table if rows["stated"].ne("").any() else table.drop(columns="Stated")


def _origins(ids: str, names: pd.Series) -> str:
    """Name whose figures they are: without the title of the work; many are counted."""
    full = [str(names.get(i, i)) for i in ids.split("; ") if i]
    origins = list(dict.fromkeys(name.rsplit(", ", 1)[0] for name in full))
    if len(origins) > _NAMED:
        return counted(len(origins), "source")
    return "; ".join(origins) or "–"


def _shares(chosen: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """List every edition of every survey share that a chosen statement gives a figure for."""
    tables, rows = Tables(), []
    quoted = chosen[chosen["stated_value"].notna()].set_index("claim_id")
    for claim_id, check in bindings().items():
        if not isinstance(check, Edition) or claim_id not in quoted.index:
            continue
        answers = check.answers(tables)
        used = evidence.loc[evidence["claim_id"] == claim_id, "row"]
        stated = str(quoted.loc[claim_id, "stated"])
        fits = answers.index.isin(used)
        rows.append(
            answers.assign(claim_id=claim_id, stated=stated, fits=fits, beside=check.beside)
        )
    return pd.concat(rows) if rows else pd.DataFrame()


def editions(chosen: pd.DataFrame, evidence: pd.DataFrame) -> Finding:
    """Say which edition of the survey the quoted shares come from."""
    shares = _shares(chosen, evidence)
    if shares.empty:
        return nothing("No statement of the selection quotes a survey share.")
    fitting = shares[shares["fits"]]
    years = sorted(set(fitting["edition"].astype(str)))
    beside = int(shares["beside"].iloc[0])
    count = shares["claim_id"].nunique()
    if years and all(year < str(beside) for year in years):
        headline = (
            f"The survey shares quoted beside figures of {beside} are those of {listed(years)}"
        )
        text = (
            f"{headline}: {counted(len(fitting), 'share')} of {count} quoted. The article names no "
            f"edition, and the edition of {beside} prints {_kept(shares, beside)} of them in the "
            "same words. That is a difference of edition, not an error of fact."
        )
    else:
        headline = f"The survey shares quoted fit the edition of {listed(years) or 'no year'}"
        text = f"{headline} ({counted(len(fitting), 'share')} of {count} quoted)."
    return Finding(
        headline=headline,
        text=text,
        measure="Share of firms, percent, with the range that the words of the source allow",
        source=source_line(shares),
        table=pd.DataFrame(
            {
                "Answer": shares["option"].to_numpy(),
                "Edition": shares["edition"].astype(str).to_numpy(),
                "On record": [
                    bounded(percent(value, 0 if value % 1 == 0 else 1), str(bound))
                    for value, bound in zip(shares["value"], shares["bound"], strict=True)
                ],
                "Stated": shares["stated"].to_numpy(),
                "Same edition": shares["fits"].map({True: "yes", False: ""}).to_numpy(),
            }
        ),
        notes=("The survey asks firms of all sizes; none of its shares is one of small firms.",),
    )


def _kept(shares: pd.DataFrame, beside: int) -> str:
    """Count the quoted shares that the newer edition prints as they are quoted."""
    newer = shares[shares["edition"].astype(str) == str(beside)]
    quoted = shares[shares["fits"]].set_index("claim_id")
    same = [
        row["value"] == quoted.at[row["claim_id"], "value"]
        and row["bound"] == quoted.at[row["claim_id"], "bound"]
        for row in newer.to_dict("records")
    ]
    return str(sum(same)) if any(same) else "none"


def _bases(chosen: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recompute each stated growth of trade on two vintages of the year before; with the rows."""
    tables, rows, used = Tables(), [], [pd.DataFrame(columns=["source_id"])]
    for claim in chosen[chosen["claim_id"].isin(list(_GROWTH))].to_dict("records"):
        flow = _GROWTH[claim["claim_id"]]
        for vintage, words in _VINTAGES.items():
            found = trade_growth(flow, vintage)(tables)
            if found is None:
                continue
            used += [part.rows for part in found.parts]
            rows.append(
                {
                    "flow": _FLOWS[flow], "vintage": words, "value": found.value,
                    "stated": claim["stated"], "stated_value": claim["stated_value"],
                    "fits": percent(found.value) == claim["stated"],
                }
            )  # fmt: skip
    return pd.DataFrame(rows), pd.concat(used).drop_duplicates()


def trade_bases(chosen: pd.DataFrame) -> Finding:
    """Say on which figures of the year before the stated growth of trade comes out."""
    rows, used = _bases(chosen)
    if rows.empty:
        return nothing("The selection holds no growth rate of trade.")
    revised = rows[rows["vintage"] == _VINTAGES["revised"]]
    missed = [
        f"{row['flow']} would show {percent(row['value'])}, not {row['stated']}"
        for row in rows[~rows["fits"] & ~rows.index.isin(revised.index)].to_dict("records")
    ]
    rates = counted(len(revised), "stated growth rate")
    headline = (
        f"{int(revised['fits'].sum())} of {rates} of trade come out on the revised figures of the "
        "year before"
    )
    rest = f"on the first release, {listed(missed)}" if missed else "as on the first release"
    return Finding(
        headline=headline,
        text=f"{headline}; {rest}.",
        measure="Recomputed less stated growth, percentage points; the bar: what rounding allows",
        source=source_line(used),
        table=pd.DataFrame(
            {
                "Flow": rows["flow"].str.capitalize(),
                "Base": rows["vintage"],
                "Stated": rows["stated"],
                "Recomputed, %": rows["value"],
                "As stated": rows["fits"].map({True: "yes", False: "no"}),
            }
        ),
        decimals={"Recomputed, %": 2},
        notes=("Growth in yuan. The first release prints exports and imports rounded.",),
    )


def base_dots(chosen: pd.DataFrame) -> pd.DataFrame:
    """Prepare the recomputed growth of trade for drawing: how far from the stated rate."""
    rows, _ = _bases(chosen)
    if rows.empty:
        return rows
    return pd.DataFrame(
        {
            "label": rows["flow"].str.capitalize() + ", " + rows["vintage"],
            "value": rows["value"] - rows["stated_value"].astype(float),
            "low": -0.05,
            "high": 0.05,
            "text": [
                f"{percent(value, 2)}; stated: {stated}"
                for value, stated in zip(rows["value"], rows["stated"], strict=True)
            ],
            "tone": rows["vintage"].map({_VINTAGES["revised"]: "strong"}).fillna("pale"),
        }
    )


def edition_dots(chosen: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Prepare the shares by edition for drawing: a dot with what its words allow."""
    shares = _shares(chosen, evidence)
    if shares.empty:
        return shares
    readings = [
        reading(float(value), str(bound))
        for value, bound in zip(shares["value"], shares["bound"], strict=True)
    ]
    words = [
        bounded(percent(value, 0 if value % 1 == 0 else 1), str(bound))
        + (f"; stated: {stated}" if fits else "")
        for value, bound, stated, fits in zip(
            shares["value"], shares["bound"], shares["stated"], shares["fits"], strict=True
        )
    ]
    return pd.DataFrame(
        {
            "label": (shares["option"] + ", " + shares["edition"].astype(str)).to_numpy(),
            "value": shares["value"].to_numpy(),
            "low": [max(0.0, one.low) for one in readings],
            "high": [min(100.0, one.high) for one in readings],
            "text": words,
            "tone": shares["fits"].map({True: "strong", False: "pale"}).to_numpy(),
        }
    )
