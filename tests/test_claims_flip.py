"""A verdict follows its table: change the figure, and the verdict that rests on it changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest

import sme_analysis as sme
from sme_analysis import claims
from sme_analysis.claims import run
from sme_analysis.claims.claim import Claim, Judgement
from sme_analysis.claims.editions import Edition
from sme_analysis.claims.found import Part

Change = Callable[[pd.DataFrame, pd.Index], pd.DataFrame]


@cache
def _statements() -> dict[str, Claim]:
    return {claim.claim_id: claim for claim in run.statements(None, claims.Tables())}


def judged(claim_id: str, **tables: pd.DataFrame) -> Judgement:
    return run.judge(_statements()[claim_id], claims.Tables(tables))


def parts(claim_id: str) -> tuple[Part, ...]:
    """Return the rows behind a verdict; of a survey share, all editions."""
    check = claims.bindings()[claim_id]
    if isinstance(check, Edition):
        return (Part("survey_responses", check.answers(claims.Tables())),)
    found = judged(claim_id).found
    assert found is not None
    return found.parts


def scaled(factor: float) -> Change:
    def change(frame: pd.DataFrame, rows: pd.Index) -> pd.DataFrame:
        frame.loc[rows, "value"] = frame.loc[rows, "value"] * factor
        return frame

    return change


def written(**cells: object) -> Change:
    def change(frame: pd.DataFrame, rows: pd.Index) -> pd.DataFrame:
        for column, value in cells.items():
            frame[column] = frame[column].astype(object)
            frame.loc[rows, column] = value
        return frame

    return change


def changed(part: Part, change: Change) -> dict[str, pd.DataFrame]:
    return {part.table: change(sme.load(part.table).copy(), part.rows.index)}


# Statement -> what is done to the rows of its first table, and the verdict that must follow.
SMALLER, LARGER = scaled(0.2), scaled(5.0)
FLIPS: dict[str, tuple[Change, str]] = {
    "h01": (SMALLER, "differs"),
    "h02": (SMALLER, "differs"),
    "h03": (SMALLER, "differs"),
    "h04": (SMALLER, "differs"),
    "h05": (SMALLER, "differs"),
    "h06": (SMALLER, "differs"),
    "h07": (SMALLER, "differs"),
    "h08": (SMALLER, "differs"),
    "h09": (SMALLER, "differs"),
    "h10": (scaled(-1), "differs"),
    "h11": (written(value=12.0, bound="exact"), "differs"),
    "h12": (SMALLER, "differs"),
    "h13": (written(value=13.0, bound="exact"), "differs"),
    "h15": (written(direction="negative"), "confirmed"),
    "h21": (LARGER, "confirmed"),
    "h22": (SMALLER, "differs"),
    "b01": (written(date="2020-09-07"), "differs"),
    "b03": (SMALLER, "differs"),
    "b08": (scaled(4), "differs"),
    "b09": (scaled(0.5), "confirmed"),
    "b12": (scaled(1.4), "differs"),
    "b13": (written(income_group="high_income"), "differs"),
    "b18": (SMALLER, "differs"),
    "t06": (written(description="Two left in manufacturing."), "differs"),
    "t07": (written(source_id="article_troib_sme", confirmed_by=None), "not found"),
    "t10": (scaled(14 / 15), "differs"),
    "t11": (scaled(0.3), "confirmed"),
    "t12": (scaled(1.001), "differs"),
    "t13": (scaled(1.001), "differs"),
    "t14": (scaled(1.001), "differs"),
    "t15": (scaled(1.001), "differs"),
    "t16": (scaled(1.001), "differs"),
    "t17": (scaled(1.001), "differs"),
    "t18": (scaled(1.01), "differs"),
    "t25": (written(source_id="article_troib_sme", confirmed_by=None), "not found"),
}
# Where other rows are left to judge by: a coarser edition, an older year, an older list.
LEFT = {"h02": "cannot be checked", "h10": "confirmed", "t10": "differs"}
# Statements whose rows are changed one by one below.
APART = {"b11", "b14", "b29", "t19"}


def test_every_verdict_that_was_recomputed_is_flipped_here():
    decided = claims.check()
    decided = decided[decided["verdict"].isin(["confirmed", "differs"])]
    assert set(decided["claim_id"]) <= set(FLIPS) | APART
    assert not set(FLIPS) & APART


@pytest.mark.parametrize("claim_id", FLIPS)
def test_changing_the_table_flips_the_verdict(claim_id):
    before = judged(claim_id).verdict
    change, after = FLIPS[claim_id]
    first = parts(claim_id)[0]
    if claim_id == "h21":  # the newest year alone grows
        newest = first.rows["year"].max()
        first = Part(first.table, first.rows[first.rows["year"] == newest])
    assert before != after
    assert judged(claim_id, **changed(first, change)).verdict == after


@pytest.mark.parametrize("claim_id", [*FLIPS, *sorted(APART)])
def test_without_its_rows_a_statement_is_not_on_record(claim_id):
    taken: dict[str, pd.DataFrame] = {}
    for part in parts(claim_id):
        rows = taken.get(part.table, sme.load(part.table))
        taken[part.table] = rows.drop(index=part.rows.index, errors="ignore")
    assert judged(claim_id, **taken).verdict == LEFT.get(claim_id, "not found")


@pytest.mark.parametrize("claim_id", ["b11", "b29", "b14"])
def test_the_size_of_projects_decides(claim_id):
    projects = sme.load("development_projects")
    flat = projects.assign(value=projects["projects_with_amount"] * 20.0)
    even = flat.assign(
        analysis_sector=["health" if i % 2 else "transport_logistics" for i in range(len(flat))],
        projects=1,
        year=[2014 + (i // 2) % 6 for i in range(len(flat))],
    )
    even.loc[even["analysis_sector"] == "transport_logistics", "value"] *= 0.5
    more_early = pd.concat(
        [even, even[(even["year"] < 2017) & (even["analysis_sector"] == "health")]]
    )
    tables = {"development_projects": more_early.reset_index(drop=True)}
    assert judged(claim_id).verdict == "confirmed"
    assert judged(claim_id, **tables).verdict == "differs"


def test_who_published_is_read_from_the_register():
    register = sme.load("sources").copy()
    trade = sme.load("trade_annual")
    used = trade.loc[trade["year"] == 2024, "source_id"]
    register["origin"] = register["origin"].mask(
        register["source_id"].isin(used), "National Bureau of Statistics of China"
    )
    assert judged("t19").verdict == "differs"
    assert judged("t19", sources=register).verdict == "confirmed"


def _with(table: str, **cells: object) -> dict[str, pd.DataFrame]:
    rows = sme.load(table)
    new = rows.iloc[[0]].astype(object).assign(**dict.fromkeys(rows.columns) | cells)
    return {table: pd.concat([rows, new], ignore_index=True)}


OTHER = "bri_history"
APPEARS = [
    ("t08", "sme_statistics", {"indicator": "cooperation_agreements", "date": "2024",
                               "value": 28.0, "bound": "exact", "unit": "count", "step": 1.0},
     "confirmed"),
    ("t08", "sme_statistics", {"indicator": "cooperation_agreements", "date": "2024",
                               "value": 30.0, "bound": "exact", "unit": "count", "step": 1.0},
     "differs"),
    ("t09", "sme_statistics", {"indicator": "cooperation_agreement_partners", "date": "2024",
                               "value": 24.0, "bound": "exact", "unit": "count", "step": 1.0},
     "confirmed"),
    ("h14", "survey_responses", {"question": "challenges", "option": "Cultural differences",
                                 "edition": "2025", "value": 40.0, "bound": "exact",
                                 "unit": "pct"}, "confirmed"),
    ("h14", "survey_responses", {"question": "challenges", "option": "Cultural differences",
                                 "edition": "2025", "value": 10.0, "bound": "nearly",
                                 "unit": "pct"}, "differs"),
    ("b05", "survey_responses", {"question": "challenges", "option": "Compliance costs",
                                 "edition": "2025", "value": 60.0, "bound": "over",
                                 "unit": "pct"}, "confirmed"),
    ("b06", "survey_responses", {"question": "challenges", "option": "Lack of talent",
                                 "edition": "2025", "value": 55.0, "bound": "exact",
                                 "unit": "pct"}, "confirmed"),
    ("h17", "policy_events", {"date": "2025-10-15", "actor": "HKTDC", "title": "Seminar",
                              "source_id": OTHER}, "confirmed"),
    ("t03", "programmes", {"programme": "enterprise_expansion_2025", "kind": "launch",
                           "activity": "launch", "place": "Beijing", "source_id": OTHER},
     "confirmed"),
    ("t05", "programmes", {"iso3": "ARE", "activity": "meeting", "place": "Dubai",
                           "source_id": OTHER}, "confirmed"),
    ("t01", "policy_events", {"date": "2025-02-10", "actor": "industry ministry",
                              "title": "Measures for small firms", "source_id": OTHER},
     "confirmed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("claim_id", "table", "cells", "verdict"), APPEARS, ids=[f"{c[0]}-{c[3]}" for c in APPEARS]
)
def test_what_is_not_found_is_found_once_a_row_is_there(claim_id, table, cells, verdict):
    assert judged(claim_id).verdict == "not found"
    assert judged(claim_id, **_with(table, **cells)).verdict == verdict


def test_the_public_check_takes_tables_too():
    zones = sme.load("sme_cooperation_zone_totals")
    ours = zones["indicator"].eq("provinces") & zones["list"].eq("approved")
    fewer = zones.assign(value=zones["value"].mask(ours, 3.0))
    before = claims.check("troib_sme_support").set_index("claim_id")
    after = claims.check(
        "troib_sme_support", tables={"sme_cooperation_zone_totals": fewer}
    ).set_index("claim_id")
    assert before.loc["t11", "verdict"] == "differs"
    assert after.loc["t11", "verdict"] == "confirmed"
    assert after.loc["t11", "found"] == "3"
    others = before.index.drop("t11")
    assert (before.loc[others, "verdict"] == after.loc[others, "verdict"]).all()


def test_another_edition_can_carry_the_same_words():
    """If the edition of the year beside prints the share, no gap of editions is spoken of."""
    surveys = sme.load("survey_responses")
    new = surveys["edition"].eq("2024") & surveys["option"].str.contains("Belt and Road")
    assert new.sum() == 1
    filled = surveys.assign(
        value=surveys["value"].mask(new, 70.0), bound=surveys["bound"].mask(new, "nearly")
    )
    said = judged("h06", survey_responses=filled).reason
    assert said.startswith("The 2024 edition")
    assert "difference of edition" not in said
