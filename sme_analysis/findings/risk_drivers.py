"""Findings on what drives risk: the dimensions of many economies, the profiles of a few."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import risk
from ..rounding import fixed
from ..wording import listed
from .finding import Finding, counted, nothing, number, ordinal
from .risk_terms import WORLD, Terms, lower, plain_name, some, unscored

MOST_ROWS, AT_EACH_END = 30, 9
_LEAST_CORRELATED = 8  # members of a group
_REACH = 40.0  # points from the median at which a colour is full
_MOST_PANELS = 9
_EDGES = (0.1, 0.9)


def drivers(asked: Terms, scored: pd.DataFrame, everyone: pd.DataFrame) -> Finding:
    """Say which dimensions part safe from risky economies.

    Parameters
    ----------
    scored, everyone : DataFrame
        From :func:`sme_analysis.risk.score`: the group, and all economies.
    """
    if scored.empty:
        return asked.none()
    names = risk.dimensions()
    parts = scored[list(names)]
    if len(scored) >= _LEAST_CORRELATED:
        headline, more = _together(asked, scored, names)
    else:
        spread = (parts.max() - parts.min()).dropna().sort_values()
        widest, closest = str(spread.index[-1]), str(spread.index[0])
        one = len(scored) == 1
        headline = (
            _single(scored, everyone, names) if one else
            f"The economies{asked.where} differ most in the dimension "
            f"{lower(names[widest])} ({fixed(spread[widest], 0)} points), least in "
            f"{lower(names[closest])} ({fixed(spread[closest], 0)})"
        )  # fmt: skip
        more = ""
    said = [f"{headline}.", more, _against_world(asked, scored, everyone, names)]
    chosen = _chosen(asked, scored)
    shown = "" if len(chosen) == len(scored) else (
        f"; the {AT_EACH_END} least and {AT_EACH_END} most risky and those highlighted, of "
        f"{len(scored)}"
    )  # fmt: skip
    return Finding(
        headline=headline,
        text=" ".join(part for part in said if part),
        measure=asked.subtitle(
            "Risk, 0 to 100, by dimension; blue below, red above the world's median; bold: in the "
            f"lowest or highest fifth of all economies{shown}"
        ),
        source=asked.source(),
        table=_table(scored, names),
        decimals=dict.fromkeys(["Risk", *names.values()], 1),
    )


def _together(asked: Terms, scored: pd.DataFrame, names: dict[str, str]) -> tuple[str, str]:
    """Rank correlation of each dimension with the whole, in words."""
    parts = [code for code in names if scored[code].nunique() > 1]
    rho = scored[parts].rank().corrwith(scored["risk"].rank()).dropna().sort_values()
    best, least = str(rho.index[-1]), str(rho.index[0])
    headline = (
        f"{names[best]} risk goes most closely with the whole{asked.where} (rank correlation "
        f"{fixed(rho[best], 2)}), {lower(names[least])} least ({fixed(rho[least], 2)})"
    )
    between = [f"{lower(names[str(code)])} {fixed(rho[code], 2)}" for code in rho.index[-2:0:-1]]
    return headline, f"Between them: {listed(between)}." if between else ""


def _single(scored: pd.DataFrame, everyone: pd.DataFrame, names: dict[str, str]) -> str:
    parts = list(names)
    away = (scored[parts].iloc[0] - everyone[parts].median()).dropna().sort_values()
    high, low = str(away.index[-1]), str(away.index[0])
    return (
        f"{scored['economy'].iloc[0]}: furthest above the world's median in "
        f"{lower(names[high])}, furthest below in {lower(names[low])}"
    )


def _against_world(
    asked: Terms, scored: pd.DataFrame, everyone: pd.DataFrame, names: dict[str, str]
) -> str:
    if asked.group == WORLD:
        return ""
    parts = list(names)
    away = scored[parts].median() - everyone[parts].median()
    ends = away.dropna().sort_values()
    low, high = str(ends.index[0]), str(ends.index[-1])
    said = []
    if ends[low] < -0.5:
        said.append(f"most below in {lower(names[low])} (by {fixed(-ends[low], 0)} points)")
    if ends[high] > 0.5:
        said.append(f"most above in {lower(names[high])} (by {fixed(ends[high], 0)})")
    return f"Beside the world's medians those of the group are {listed(said)}." if said else ""


def _chosen(asked: Terms, scored: pd.DataFrame) -> pd.DataFrame:
    """All economies, or those at both ends and the highlighted ones, least risky first."""
    if len(scored) <= MOST_ROWS:
        return scored
    ends = {*range(AT_EACH_END), *range(len(scored) - AT_EACH_END, len(scored))}
    keep = scored["iso3"].isin(asked.highlight[:MOST_ROWS]) | scored.index.isin(ends)
    return scored[keep]


def drivers_matrix(asked: Terms, scored: pd.DataFrame, everyone: pd.DataFrame) -> dict[str, Any]:
    """Arguments of :func:`sme_analysis.plots.heat_map`: distance from the world's medians."""
    names = {"risk": "Risk, all six", **risk.dimensions()}
    chosen, columns = _chosen(asked, scored), list(names)
    numbers = chosen[columns].to_numpy()
    pairs = zip(chosen["economy"].tolist(), chosen["rank"].tolist(), strict=True)
    labels = [f"{economy}  {rank}" for economy, rank in pairs]
    values = pd.DataFrame(numbers, labels, list(names.values()))
    middle, low, high = (everyone[columns].quantile(q).to_numpy() for q in (0.5, 0.2, 0.8))
    return {
        "data": middle - values,
        "text": values.map(lambda number: "" if pd.isna(number) else fixed(number, 0)),
        "sure": (values <= low) | (values >= high),
        "limit": _REACH,
    }


def _table(scored: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    table = scored[["rank", "economy", "risk", *names]]
    return table.rename(
        columns={"rank": "Rank", "economy": "Economy", "risk": "Risk", **names}
    )  # fmt: skip


def profiles(asked: Terms, everyone: pd.DataFrame, missing: pd.DataFrame) -> Finding:
    """Say what is strong and weak in the highlighted economies.

    Parameters
    ----------
    everyone, missing : DataFrame
        From :func:`sme_analysis.risk.score` and `left_out`, all economies.
    """
    codes = _scored(asked, everyone)
    reasons = unscored(asked, everyone, missing)
    if not codes:
        return nothing(" ".join(reasons) or "No economy was asked for by name.")
    of, rank = len(everyone), everyone.set_index("iso3")["rank"]
    rows, sentences = [], []
    for code in codes:
        found = risk.profile(code, **asked.how)
        strong, weak = risk.strengths(found, 4), risk.weaknesses(found, 4)
        ends = [list(map(lower, part["name"].head(2))) for part in (strong, weak)]
        sentences.append(
            f"{plain_name(code)} is {ordinal(int(rank[code]))} of {of}"
            + (f": its risk is lowered most by {listed(ends[0])}" if ends[0] else "")
            + (f", raised most by {listed(ends[1])}" if ends[1] else "")
            + "."
        )
        rows.extend(_rows(plain_name(code), strong, "strength"))
        rows.extend(_rows(plain_name(code), weak, "weakness"))
    said = sentences[:_MOST_PANELS]
    if len(sentences) > len(said):
        said.append(f"The table has {counted(len(sentences) - len(said), 'more economy', 'more')}.")
    return Finding(
        headline=_profiles_headline(codes, everyone),
        text=" ".join([*said, *reasons]),
        measure=asked.subtitle(
            "Risk, 0 to 100: dot (red above, blue below the median); band: from the 10th to the "
            "90th percentile of all economies; tick: their median",
            some([plain_name(code) for code in codes[:_MOST_PANELS]], _MOST_PANELS),
        ),
        source=asked.source(),
        table=pd.DataFrame(rows),
        decimals={"Risk": 0, "World median": 0, "Adds to risk, points": 2},
        notes=(
            "What an indicator adds is its share of the weight times its distance from the mean "
            "economy.",
        ),
    )  # fmt: skip


def _scored(asked: Terms, everyone: pd.DataFrame) -> list[str]:
    known = set(everyone["iso3"])
    return [code for code in asked.highlight if code in known]


def _rows(economy: str, part: pd.DataFrame, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "Economy": economy, "Kind": kind, "Indicator": row["name"],
            "Risk": row["risk"], "World median": row["world"],
            "Rank": row["rank"], "Of": row["of"], "Adds to risk, points": row["contribution"],
        }
        for row in part.to_dict("records")
    ]  # fmt: skip


def _profiles_headline(codes: list[str], everyone: pd.DataFrame) -> str:
    names = risk.dimensions()
    table, middle = everyone.set_index("iso3"), everyone[list(names)].median()
    if len(codes) == 1:
        return _single(table.loc[codes].reset_index(), everyone, names)
    gaps = table.loc[codes, list(names)] - middle
    above = gaps.gt(0).sum().sort_values(kind="stable", ascending=False)
    top = str(above.index[0])
    if above[top] == len(codes):
        every = "Both" if len(codes) == 2 else f"All {len(codes)}"
        return f"{every} stand above the world's median risk in the dimension {lower(names[top])}"
    if above[top] == 0:
        return f"None of the {len(codes)} stands above the world's median risk in any dimension"
    shared = [lower(names[str(code)]) for code in above.index[above == above[top]]]
    return (
        f"{above[top]} of the {len(codes)} {'stands' if above[top] == 1 else 'stand'} above the "
        f"world's median risk in {', and as many in '.join(shared[:2])}"
    )


def profile_panels(asked: Terms, everyone: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One frame an economy for :func:`sme_analysis.plots.profiles`."""
    names = {"risk": "Risk, all six", **risk.dimensions()}
    parts = everyone[list(names)]
    world = {"middle": parts.median(), "low": parts.quantile(_EDGES[0]),
             "high": parts.quantile(_EDGES[1])}  # fmt: skip
    table = everyone.set_index("iso3")
    return {
        f"{plain_name(code)}, rank {number(table, code, 'rank'):.0f}": pd.DataFrame(
            {"label": pd.Series(names), "value": table.loc[code, list(names)].astype(float),
             **world}
        ).loc[list(names)]
        for code in _scored(asked, everyone)[:_MOST_PANELS]
    }  # fmt: skip
