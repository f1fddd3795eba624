"""Findings and figures on firms, and the notebook with any of its parameters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pandas as pd
import pytest
from cells import NOTHING_SAID, Shown, runner
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import sme_analysis as sme
from sme_analysis import firms, plots
from sme_analysis.findings import (
    Finding,
    acquisitions,
    answers,
    ecommerce,
    moves,
    small_firms,
    support,
    zones,
)
from sme_analysis.findings.dates import short, spoken
from sme_analysis.reports import catalogue
from sme_analysis.reports.parameters import check

SURVEYS = sme.load("survey_responses")
RETURNS = sme.load("acquisition_returns")
EVENTS = sme.load("policy_events")
FINANCE = sme.load("sme_finance")
COMMERCE = sme.load("cross_border_ecommerce")
REPORT = catalogue.report("firms_and_support")
ASKED = 4  # parameters, set-up and the two cells that the parameters change
CLUMSY = re.compile(r"  |_")


def sound(said: Finding) -> None:
    words = [w for w in (said.headline, said.text, said.measure, said.source, *said.notes) if w]
    for word in words:
        assert not NOTHING_SAID.search(word), word
        assert not CLUMSY.search(word), word
    assert said.text.endswith(".")
    assert said.empty == (said.table is None)


def drawn(figure: Figure) -> Figure:
    """Draw; then no word may leave the figure or lie on another."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    boxes = []
    for axes in figure.axes:
        texts = [*axes.texts, *axes.get_yticklabels()]
        texts += [axes.title, axes._left_title] if axes.get_visible() else []
        boxes += [(text.get_text(), text.get_window_extent(renderer)) for text in _shown(texts)]
    for words, box in boxes:
        assert box.x0 >= -1, words
        assert box.x1 <= figure.bbox.width + 1, words
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 2 or b.y1 <= a.y0 + 2
        assert apart, (one, two)
    return figure


def _shown(texts: list[Text]) -> list[Text]:
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


# -- findings


def test_dates_are_written_for_readers() -> None:
    assert spoken("2025-02-08") == "8 February 2025"
    months = short("2024-11", "2025-02").replace("\N{WORD JOINER}", "")
    assert months.split() == ["Nov", "2024–Feb", "2025"]
    assert short("2025-02", "2025-04").replace("\N{WORD JOINER}", "").split() == ["Feb–Apr", "2025"]


def test_the_survey_shares_keep_edition_and_qualifier() -> None:
    said = answers.said(SURVEYS, "destinations", "ccpit_outbound", "2023")
    assert said.headline == (
        "Destination named most: Belt and Road partner countries first (nearly 70%, CCPIT 2023)"
    )
    assert said.table is not None
    first = said.table.iloc[0]
    assert (first["As printed"], first["from, %"], first["to, %"]) == ("nearly 70%", 65, 70)


def test_every_share_has_a_row_and_a_mark() -> None:
    for theme in firms.THEMES:
        said = answers.said(SURVEYS, theme, edition="all")
        bars = answers.bars(SURVEYS, theme, edition="all")
        assert said.table is not None
        rows = firms.select(SURVEYS, edition="all", theme=theme)
        assert len(said.table) == len(rows)
        assert len(bars) == min(len(rows), 34)
        assert (bars["value"].notna() | (bars["low"] < bars["high"])).all()


def test_the_reading_of_the_figures_is_explained_once() -> None:
    notes = [said.notes[0] for said, _ in answers.by_theme(SURVEYS)]
    assert notes[0].startswith("A share printed with a qualifier")
    assert set(notes[1:]) == {"Bars, dots and lines as in the first figure."}


def test_a_survey_without_the_edition_names_those_it_has() -> None:
    ((said, _),) = answers.by_theme(SURVEYS, "plans", "ccpit_outbound", "2019")
    assert said.empty
    assert said.text.endswith("Its editions on record: 2021, 2022, 2023, 2024, 2025.")


def test_moves_count_what_the_comparisons_say() -> None:
    compared = firms.changes(SURVEYS)
    compared = compared[compared["question"].isin(sum(firms.THEMES.values(), ()))]
    done = compared[compared["direction"] != "not compared"]
    clear = done[done["direction"].isin(["rose", "fell"])]
    said = moves.moved(SURVEYS)
    assert said.headline.startswith(f"{len(clear)} of {len(done)} repeated answers")
    assert said.table is not None
    assert len(said.table) == len(compared)
    panels = moves.panels(SURVEYS)
    assert (panels["low"] <= panels["high"]).all()
    assert panels.groupby("panel")["year"].nunique().ge(2).all()


def test_one_edition_is_set_against_the_one_before_alone() -> None:
    panels = moves.panels(SURVEYS, survey="ccpit_outbound", edition="2025")
    assert set(panels["year"]) == {2024, 2025}


def test_loans_name_the_figure_that_stands_apart() -> None:
    said = small_firms.financing(FINANCE)
    sound(said)
    assert "CNY 33.41 tn printed for March 2024" in said.text
    fixed = FINANCE.copy()
    fixed.loc[(fixed["date"] == "2024-03") & (fixed["provider"] == "pboc"), "value"] = 31.41
    assert "stands apart" not in small_firms.financing(fixed).text


def test_no_line_joins_what_stands_apart() -> None:
    balance = small_firms.panels(FINANCE)["Balance, CNY tn"]
    bank = balance[(balance["series"] == "Central bank") & balance["filled"]]
    assert bank.loc[bank["value"] == 33.41, "segment"].tolist() == [""]
    assert bank.loc[bank["value"] != 33.41, "segment"].ne("").all()


def test_commerce_tells_first_prints_from_revisions() -> None:
    said = ecommerce.value(COMMERCE)
    sound(said)
    assert "2020, first printed as CNY 1.69 tn, must since stand at some 1.62 tn" in said.text
    assert "70% more than in 2020 as revised" in said.headline
    sound(ecommerce.places(COMMERCE))


def test_measures_are_counted_by_kind() -> None:
    own = EVENTS[EVENTS["side"] == "china_outward"]
    said, lanes = support.timeline(EVENTS), support.lanes(EVENTS)
    sound(said)
    recent = own["date"].str[:4].astype(int).ge(2024).sum()
    assert said.headline.startswith(f"{recent} of {len(own)} measures")
    assert len(lanes) == len(own)
    assert "negative list" not in " ".join(said.table["What"]).casefold()  # type: ignore[index]


def test_screening_is_the_hosts_alone() -> None:
    said = support.screening(EVENTS)
    sound(said)
    assert said.table is not None
    assert len(said.table) == (EVENTS["side"] == "host").sum()


def test_zones_lie_in_ten_provinces_not_in_three() -> None:
    names = "cooperation_zones", "cooperation_zone_totals"
    said = zones.zones(*[sme.load(f"{owner}{name}") for owner in ("", "sme_") for name in names])
    sound(said)
    assert "15 in 10 provinces" in said.text
    sound(support.programmes(sme.load("programmes")))
    sound(small_firms.numbers(sme.load("sme_statistics")))


def test_the_statement_on_returns_is_answered_both_ways() -> None:
    votes = firms.directions(RETURNS)
    said = acquisitions.answer(RETURNS, sme.load("sme_statistics"))
    sound(said)
    gains = votes.loc["announcement_return", "positive"]
    assert f"Against it: a gain in {gains} studies at the announcement" in said.text
    assert "1 study in accounts of the years after" in said.text


def test_the_headline_on_returns_follows_the_table() -> None:
    pooling = firms.pool_announcements(RETURNS)
    before = acquisitions.announcement(RETURNS, pooling)
    sound(before)
    turned = RETURNS.copy()
    turned.loc[turned["study"] == "tao_2016", "direction"] = "negative"
    after = acquisitions.announcement(turned, pooling)
    count = [int(said.headline.split()[0]) for said in (before, after)]
    assert count[0] - count[1] == 1
    sound(acquisitions.later(RETURNS))


def test_a_pooled_number_is_said_where_there_is_one() -> None:
    known = RETURNS.copy()
    known.loc[known["study"].isin(["zhao_2011", "wang_2020"]), "standard_error"] = 0.9
    said = acquisitions.announcement(known, firms.pool_announcements(known))
    assert "Pooled over 2 comparable studies: +2.26%" in said.text


def test_empty_tables_say_so() -> None:
    for said in (
        small_firms.numbers(sme.load("sme_statistics").head(0)),
        small_firms.financing(FINANCE.head(0)),
        ecommerce.value(COMMERCE.head(0)),
        ecommerce.places(COMMERCE.head(0)),
        support.programmes(sme.load("programmes").head(0)),
        acquisitions.later(RETURNS.head(0)),
        acquisitions.announcement(RETURNS.head(0), firms.pool_announcements(RETURNS.head(0))),
    ):
        assert said.empty
        sound(said)


# -- figures


@pytest.mark.parametrize("theme", list(firms.THEMES))
def test_words_keep_apart_in_the_figures_of_answers(theme: str) -> None:
    said = answers.said(SURVEYS, theme, edition="all")
    bars = answers.bars(SURVEYS, theme, edition="all")
    drawn(plots.forest(bars, **said.labels, limits=(0, 100)))


def test_a_forest_draws_its_numbers() -> None:
    rows = pd.DataFrame(
        {
            "group": ["A", "A"], "label": ["one", "two"], "value": [1.0, float("nan")],
            "filled": True, "low": [float("nan"), 2.0], "high": [float("nan"), 3.0],
            "outer_low": [0.5, float("nan")], "outer_high": [float("inf"), float("nan")],
            "text": ["1", "2 to 3"], "tone": ["strong", "pale"],
        }
    )  # fmt: skip
    figure = drawn(plots.forest(rows, title="T", subtitle="S", source="Source: s.", reference=0.0))
    (axes,) = figure.axes
    ends = [path.get_segments()[0][:, 0].tolist() for path in axes.collections[:3:2]]
    assert ends[0] == pytest.approx([0.5, axes.get_xlim()[1]])  # an open end runs to the edge
    assert ends[1] == [2.0, 3.0]


def test_words_keep_apart_in_the_other_figures() -> None:
    pooling = firms.pool_announcements(RETURNS)
    for plot, said, data, more in (
        (plots.range_panels, moves.moved(SURVEYS), moves.panels(SURVEYS), {}),
        (plots.dated_points, small_firms.financing(FINANCE), small_firms.panels(FINANCE), {}),
        (plots.dated_points, ecommerce.value(COMMERCE), ecommerce.panels(COMMERCE), {}),
        (plots.lanes, support.timeline(EVENTS), support.lanes(EVENTS), {}),
        (plots.dated_rows, support.screening(EVENTS), support.screening_rows(EVENTS), {}),
        (plots.forest, acquisitions.announcement(RETURNS, pooling), acquisitions.rows(RETURNS),
         {"reference": 0.0}),
        (plots.forest, acquisitions.later(RETURNS),
         acquisitions.rows(RETURNS, "long_run_return"), {"reference": 0.0}),
    ):  # fmt: skip
        drawn(plot(data, **said.labels, **more))


# -- notebook


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Shown]]:
    return runner(monkeypatch, REPORT.path)


def read(found: list[Shown]) -> None:
    """Every sentence is whole, every figure has its words and a table."""
    for shown in found:
        shown.is_sound()
        for bundle in shown.bundles:
            html, words = bundle.get("text/html", ""), bundle["text/plain"]
            if "sme-finding" in html or ("sme-note" in html and not words.startswith("Parameters")):
                assert not NOTHING_SAID.search(words), words
                assert not CLUMSY.search(words), words


def test_the_whole_notebook_runs_with_its_defaults(run) -> None:
    found = run()
    assert len(found) == 11
    assert sum(len(shown.figures) for shown in found) == len(firms.THEMES) + 7
    read(found)


GRID = [
    ("all", "undated", "all"),
    ("all", "2012", "motives"),
    ("small_firms", "latest", "all"),
    ("small_firms", "2021", "support"),
    ("ccpit_outbound", "all", "motives"),
    ("all", "2023", "destinations"),
    ("ccpit_outbound", "2025", "plans"),
    ("ccpit_outbound", "2019", "destinations"),
    ("ccpit_eu", "latest", "obstacles"),
    ("cgcc_usa", "2024", "all"),
    ("ccceu_flagship", "all", "results"),
    ("kreston_china", "2024", "destinations"),
    ("hktdc_uob_gba", "latest", "all"),
]


@pytest.mark.parametrize(("survey", "edition", "theme"), GRID, ids=str)
def test_any_parameters_give_a_sensible_page(run, survey: str, edition: str, theme: str) -> None:
    found = run(upto=ASKED, survey=survey, edition=edition, theme=theme)
    read(found)
    assert next(shown.said for shown in found if shown.bundles).endswith(".")


def test_the_rules_follow_the_data() -> None:
    for survey in SURVEYS["survey"].unique():
        assert check(REPORT, {"survey": str(survey).upper()})["survey"] == survey
    with pytest.raises(sme.ParameterError, match=r"theme cannot be 'motive'.*did you mean motives"):
        check(REPORT, {"theme": "motive"})
    with pytest.raises(sme.ParameterError, match="edition cannot be '2001'"):
        check(REPORT, {"edition": "2001"})
