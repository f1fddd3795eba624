"""What firms say: shares of a survey, chosen by survey, edition and theme, with their intervals."""

from __future__ import annotations

import pandas as pd

from ..errors import ParameterError, unknown
from .bounds import with_bounds

# theme of a report -> the questions that belong to it
THEMES = {
    "destinations": ("preferred_destination", "attraction", "preferred_industry"),
    "motives": ("motivation",),
    "obstacles": ("challenges", "assessment", "impact"),
    "plans": ("plan", "outlook", "outlook_expansion_12m", "mode", "currency", "status"),
    "results": ("performance",),
    "support": ("policy_support", "policy_awareness", "services"),
}
SMALL = "small_firms"  # the surveys that asked small firms only
ALL, LATEST = "all", "latest"

_ASKED = {
    "ccpit_outbound": "firms of all sizes",
    "fedex_sme": "small firms",
    "sme_exporters": "small exporters",
    "kreston_china": "mid-sized firms",
    "uob_china": "medium and large firms",
}
_SMALL = ("fedex_sme", "sme_exporters")
_PART = "base: "  # a note that begins so names the part of the firms that a share refers to


def asked(survey: str) -> str:
    """Say what firms a survey asked.

    >>> asked("fedex_sme"), asked("ccpit_outbound"), asked("cgcc_usa")
    ('small firms', 'firms of all sizes', 'size of firms not stated')
    """
    return _ASKED.get(survey, "size of firms not stated")


def surveys(responses: pd.DataFrame) -> list[str]:
    """List what can be asked for: all surveys, those of small firms, or one by its name."""
    return [ALL, SMALL, *dict.fromkeys(responses["survey"].astype(str))]


def editions(responses: pd.DataFrame) -> list[str]:
    """List the editions that can be asked for: the latest of each survey, all, or a year."""
    return [LATEST, ALL, *sorted(set(responses["edition"].astype(str)))]


def select(
    responses: pd.DataFrame, *, survey: str = ALL, edition: str = LATEST, theme: str = ALL
) -> pd.DataFrame:
    """Choose shares by survey, edition and theme.

    Parameters
    ----------
    responses : DataFrame
        The table `survey_responses`.
    survey : str
        A survey, "all", or "small_firms" for the surveys that asked small firms only.
    edition : str
        A year, "undated", "all", or "latest": of each question of a survey the newest edition that
        prints a share.
    theme : str
        A key of :data:`THEMES`, or "all".

    Returns
    -------
    DataFrame
        Rows with a printed share in percent, and a column `theme`.

    Raises
    ------
    ParameterError
        If there is no such survey, edition or theme.
    """
    for kind, given, known in (
        ("survey", survey, surveys(responses)),
        ("edition", edition, editions(responses)),
        ("theme", theme, [ALL, *THEMES]),
    ):
        if given not in known:
            raise ParameterError(unknown(kind, given, known))
    themes = {question: name for name, questions in THEMES.items() for question in questions}
    rows = responses[responses["unit"] == "pct"].dropna(subset=["value"])
    rows = rows.assign(theme=rows["question"].map(themes))
    rows = rows[rows["theme"].isin([theme] if theme != ALL else list(THEMES))]
    if survey != ALL:
        rows = rows[rows["survey"].isin(_SMALL if survey == SMALL else [survey])]
    if edition == LATEST:
        dated = rows["edition"].where(rows["edition"] != "undated", "")
        newest = dated.groupby([rows["survey"], rows["question"]]).transform("max")
        return rows[dated == newest].reset_index(drop=True)
    return rows[(edition == ALL) | (rows["edition"] == edition)].reset_index(drop=True)


def intervals(rows: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Add to each share its reading and, where the number of firms is known, a Wilson interval.

    The interval of sampling is laid around the reading: its lower end is the Wilson limit of the
    lowest share that the words allow, its upper end that of the highest. It supposes a simple
    random sample, which no source claims.

    Parameters
    ----------
    rows : DataFrame
        As from :func:`select`.
    level : float
        Level of confidence.

    Returns
    -------
    DataFrame
        With the columns of :func:`~sme_analysis.firms.bounds.with_bounds`, `firms` (the number the
        share refers to; blank where it is unknown, or where the share refers to a part of those
        asked) and `sample_low`, `sample_high` in percent.

    References
    ----------
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 209-212.
    """
    from statsmodels.stats.proportion import proportion_confint

    read = with_bounds(rows)
    part = read["note"].astype(str).str.startswith(_PART)
    read["firms"] = read["respondents"].where(~part).astype("Float64").astype(float)
    size = read["firms"].to_numpy()
    ends = {}
    for name, place in (("low", 0), ("high", 1)):
        counts = read[name].to_numpy() / 100 * size
        limits = proportion_confint(counts, size, alpha=1 - level, method="wilson")
        ends[name] = limits[place] * 100
    read["sample_low"], read["sample_high"] = ends["low"], ends["high"]
    return read
