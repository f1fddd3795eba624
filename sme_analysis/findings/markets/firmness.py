"""Findings on how firm the short list is, and what it hangs on."""

from __future__ import annotations

import pandas as pd

from ...markets import Screening, leave_one_out
from ...rounding import fixed
from ..finding import Finding, counted
from .terms import Terms, all_of, capital, number_word, source, the

_SURE, _SHOWN = 0.9, 0.05


def firmness(asked: Terms, screened: Screening) -> Finding:
    """Say how many of the short list stay on it in nearly all draws, and who stands at the door."""
    if screened.ranked.empty:
        return asked.none(screened)
    top = screened.top(asked.n)
    names = screened.ranked.set_index("iso3")["economy"]
    first = top.iloc[: asked.n]
    sure = first[first >= _SURE]
    count = capital(number_word(len(sure)))
    headline = (
        f"{count} of {len(first)} {'is' if len(sure) == 1 else 'are'} firmly on the short list"
    )
    if len(screened.ranked) <= asked.n:
        headline = f"All {counted(len(first), 'economy', 'economies')} ranked are on the list"
        return Finding(headline=headline, text=f"{headline}: none competes for a place.",
                       source=source(screened), empty=True)  # fmt: skip
    who = f": {all_of(names[sure.index])}" if len(sure) else ""
    text = [f"{headline}, in at least 90% of the draws{who}."]
    weak = str(first.idxmin())
    outside = top.iloc[asked.n :]
    door = str(outside.idxmax())
    text.append(
        f"The loosest is {the(names[weak])}, in the first {asked.n} in "
        f"{fixed(100 * first[weak], 0)}% of the draws; at the door stands {the(names[door])}, with "
        f"{fixed(100 * outside[door], 0)}%."
    )
    if outside[door] > first[weak]:
        text.append(
            "The draws let the second in before the first, since they try means and scales under "
            "which risk counts otherwise: take the two for equals."
        )
    shown = _shown(asked, screened)
    return Finding(
        headline=headline,
        text=" ".join(text),
        measure=asked.subtitle(
            f"Share of {screened.draws:,} draws in the first {asked.n}; dark: on the short list"
        ),
        source=source(screened),
        table=pd.DataFrame(
            {"Economy": names[shown.index].to_numpy(),
             "Rank": screened.ranked.set_index("iso3")["rank"][shown.index].to_numpy(),
             f"In first {asked.n}, %": 100 * shown.to_numpy()}
        ),
        decimals={f"In first {asked.n}, %": 0},
        notes=(
            "Drawn anew each time: all weights, that of safety among them, by up to half; the "
            "normalisation; the mean; what stands for missing figures; the risk score within its "
            "own spread.",
        ),
    )  # fmt: skip


def top_bars(asked: Terms, screened: Screening) -> pd.DataFrame:
    """Bars of the figure."""
    shown = _shown(asked, screened)
    names = screened.ranked.set_index("iso3")["economy"]
    first = set(screened.ranked.head(asked.n)["iso3"])
    return pd.DataFrame(
        {"label": names[shown.index].to_numpy(), "value": 100 * shown.to_numpy(),
         "text": [f"{fixed(100 * value, 0)}%" for value in shown],
         "tone": ["strong" if code in first else "pale" for code in shown.index]}
    )  # fmt: skip


def hangs_on(asked: Terms, screened: Screening) -> Finding:
    """Say what the list would be without each part of the score."""
    if len(screened.ranked) <= asked.n:
        return asked.none(screened) if screened.ranked.empty else _all_in(screened)
    table = leave_one_out(screened, asked.n)
    first, size = table.iloc[0], min(asked.n, len(screened.ranked))
    if first["stay"] == size:
        text = "Leaving out any one part of the score leaves the short list as it is."
    else:
        text = (
            f"{capital(first['name'])} matters most: without it {first['stay']} of {size} stay; "
            f"{all_of(first['enter'].split('; '))} would come in."
        )
    return Finding(
        headline="",
        text=text,
        source=source(screened),
        table=pd.DataFrame(
            {"Without": table["name"], "Its weight, %": 100 * table["weight"],
             "Stay": table["stay"], "Would come in": table["enter"].str.replace("; ", ", "),
             "Would go": table["leave"].str.replace("; ", ", ")}
        ),
        decimals={"Its weight, %": 0},
    )  # fmt: skip


def _all_in(screened: Screening) -> Finding:
    return Finding(headline="", text="With everyone on the list there is nothing to hang on.",
                   source=source(screened), empty=True)  # fmt: skip


def _shown(asked: Terms, screened: Screening) -> pd.Series:
    top = screened.top(asked.n)
    first = set(screened.ranked.head(asked.n)["iso3"])
    kept = top[(top >= _SHOWN) | top.index.isin(first)]
    return kept.sort_values(ascending=False, kind="stable").head(3 * asked.n)
