"""Findings on how the index stands beside the OECD's country risk classes."""

from __future__ import annotations

import pandas as pd

from .. import risk
from ..data.citation import source_line
from ..data.tables import load
from ..risk.validate import CLAIMED
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, nothing, span
from .risk_terms import Terms, lower

_SINGLES, _RESIDUALS = 3, 12
_CLASSES = (
    "The classes, 0 to 7, say how likely it is that a country's payments cannot be converted or "
    "transferred. High-income members of the OECD and of the euro area are not classified by risk "
    "and stay out. Nothing here is fitted to the classes, and they enter no score."
)


def validation(asked: Terms, table: pd.DataFrame) -> Finding:
    """Say how closely the index goes with the classes, and which part of it does.

    Parameters
    ----------
    table : DataFrame
        From :func:`sme_analysis.risk.validate`.
    """
    index = table[table["level"] == "index"].iloc[0]
    if pd.isna(index["rho"]):
        return nothing(f"Too few economies are both scored and classified for {asked.year}.")
    single = table[table["level"] == "indicator"].iloc[0]
    nearest = table[table["code"] == "economic+compliance"].iloc[0]
    parts = table[table["level"] == "dimension"]
    headline = (
        f"The index follows the OECD's risk classes at {_rho(index)}; economy and compliance "
        f"alone at {_rho(nearest)}, the best single indicator at {_rho(single)}"
    )
    said = [
        f"The rank correlation of the index with the OECD's classes ({_list(index)}) is "
        f"{_rho(index)} over {int(index['n'])} classified economies "
        f"(95% interval {_interval(index)}).",
        f"The two dimensions nearest to what the classes claim to measure, economy and "
        f"compliance, reach {_rho(nearest)}; the best single indicator, {lower(single['name'])}, "
        f"{_rho(single)}, the difference being "
        + ("within" if _overlap(nearest, single) else "beyond")
        + " what the intervals leave open.",
        _beyond(parts),
    ]
    return Finding(
        headline=headline,
        text=" ".join(part for part in said if part),
        measure=asked.subtitle(
            "Spearman rank correlation with the OECD's country risk classes, with 95% interval; "
            f"{_list(index)}",
            f"{int(index['n'])} economies classified",
        ),
        source=_source(asked, asked.year),
        table=_table(table),
        decimals={"Correlation": 2},
        notes=(_CLASSES,),
    )


def _beyond(parts: pd.DataFrame) -> str:
    """Name the dimensions that the classes do not claim to measure."""
    rows = parts[~parts["code"].isin(CLAIMED) & parts["rho"].notna()].sort_values("rho")
    named = [f"{lower(row['name'])} ({_rho(row)})" for _, row in rows.iterrows()]
    if not named:
        return ""
    return (
        f"A firm also meets what the classes do not claim to measure, and there they have less in "
        f"common with it: {listed(named)}. That lowers the correlation of the whole, by intent."
    )


def _source(asked: Terms, start: int) -> str:
    classes = load("oecd_country_risk")
    newest = classes[classes["list_coverage"] == "complete"]["year"].max()
    used = classes[classes["year"].between(start, max(newest, asked.year))]
    return source_line(*asked.inputs(start), used if len(used) else classes.tail(1))


def _rho(row: pd.Series) -> str:
    return fixed(float(row["rho"]), 2)


def _interval(row: pd.Series) -> str:
    return f"{fixed(float(row['low']), 2)} to {fixed(float(row['high']), 2)}"


def _overlap(one: pd.Series, other: pd.Series) -> bool:
    return bool(one["low"] <= other["high"] and other["low"] <= one["high"])


def _list(row: pd.Series) -> str:
    return f"list of {row['list_date']}"


def _table(table: pd.DataFrame) -> pd.DataFrame:
    known = table[table["rho"].notna()]
    return pd.DataFrame(
        {
            "Level": known["level"].replace("joined", "mean of dimensions"),
            "Name": known["name"],
            "Correlation": known["rho"],
            "95% interval": [_interval(row) for _, row in known.iterrows()],
            "Economies": known["n"],
        }
    )


def validation_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows for :func:`sme_analysis.plots.dot_intervals`."""
    known = table[table["rho"].notna()]
    levels = known["level"]
    kept = pd.concat(
        [known[levels.isin(["index", "joined", "dimension"])],
         known[levels == "indicator"].head(_SINGLES)]
    )  # fmt: skip
    tones = {"index": "strong", "joined": "strong", "dimension": "pale", "indicator": "rest"}
    return pd.DataFrame(
        {
            "label": [_label(row) for _, row in kept.iterrows()],
            "value": kept["rho"], "low": kept["low"], "high": kept["high"],
            "text": [f"{_rho(row)}  ({_interval(row)})" for _, row in kept.iterrows()],
            "tone": kept["level"].map(tones),
        }
    )  # fmt: skip


def _label(row: pd.Series) -> str:
    if row["level"] == "index":
        return "The index, all six"
    if row["level"] == "joined":
        return {"economic+compliance": "Economic, compliance"}.get(
            row["code"], "Political, economic, compliance"
        )
    return f"{row['name']} (indicator)" if row["level"] == "indicator" else str(row["name"])


def over_time(asked: Terms) -> pd.DataFrame:
    """Correlations by year up to the one asked for: years by name, as `plots.lines` draws them."""
    table = risk.validate_years(**asked.weighed)
    table = table[table["year"] <= asked.year]
    wide = table.pivot(index="year", columns="code", values="rho")
    single = [code for code in wide if code not in ("risk", "economic+compliance")]
    names = dict(zip(table["code"], table["name"], strict=True))
    wide = wide[["risk", "economic+compliance", *single]]
    return wide.rename(
        columns={"risk": "The index", "economic+compliance": "Economic, compliance",
                 **{code: names[code] for code in single}}
    ).rename_axis(columns=None)  # fmt: skip


def apart(asked: Terms, table: pd.DataFrame, lines: pd.DataFrame) -> Finding:
    """Say where the index and the classes part, and how the correlation went over the years.

    Parameters
    ----------
    table : DataFrame
        From :func:`sme_analysis.risk.residuals`.
    lines : DataFrame
        From :func:`over_time`.
    """
    if lines.empty:
        return nothing(f"No complete list of classes can be compared up to {asked.year}.")
    index, nearest = lines["The index"].dropna(), lines["Economic, compliance"].dropna()
    years = span(index.index)
    headline = (
        f"The correlation of the index lay between {fixed(index.min(), 2)} and "
        f"{fixed(index.max(), 2)} in all {len(index)} years with a complete list, {years}"
        if len(index) > 1
        else f"The correlation of the index was {fixed(index.iloc[0], 2)} in {years}"
    )
    said = [f"{headline}; for economy and compliance alone it was {_range(nearest)}."]
    said.extend(_residuals(table))
    return Finding(
        headline=headline,
        text=" ".join(said),
        measure=(
            "Spearman rank correlation with the last complete list of each year, economies "
            f"classified; {asked.choices}"
        ),
        source=_source(asked, int(lines.index.min())),
        table=_residual_table(table),
        decimals={"Rank, index": 0, "Rank, classes": 0, "Gap": 0},
        notes=(
            "Ranks among the economies that have both; ties share a rank. The dimension is the one "
            "that does most to part the two. Fewer series reach back to the early years. A "
            "year without a complete list has no point; the newest year stands beside the newest "
            "list.",
        ),
    )


def _range(values: pd.Series) -> str:
    low, high = fixed(float(values.min()), 2), fixed(float(values.max()), 2)
    return low if low == high else f"{low} to {high}"


def _residuals(table: pd.DataFrame) -> list[str]:
    """Name the largest gaps, either way."""
    said = []
    for rows, words in (
        (table[table["gap"] < 0], "Less risk than the classes see the index finds in"),
        (table[table["gap"] > 0], "More risk in"),
    ):
        if len(rows):
            named = [
                f"{row['economy']} (class {row['risk_class']}, {lower(row['dimension'])})"
                for row in rows.head(3).to_dict("records")
            ]
            said.append(f"{words} {listed(named)}.")
    return said


def _residual_table(table: pd.DataFrame) -> pd.DataFrame:
    rows = table.head(_RESIDUALS)
    return pd.DataFrame(
        {
            "Economy": rows["economy"], "Class": rows["risk_class"],
            "Rank, index": rows["rank"], "Rank, classes": rows["class_rank"],
            "Gap": rows["gap"], "Dimension that does most": rows["dimension"],
        }
    )  # fmt: skip
