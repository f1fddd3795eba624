"""Following and joining: regressions against published, hand-worked and other programs' results."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sme_analysis as sme
from sme_analysis import sectors
from sme_analysis.errors import DataError, ParameterError, UnknownNameError
from sme_analysis.sectors import followers
from sme_analysis.sectors.absorb import Effects
from sme_analysis.sectors.regression import Fit, fit

close = np.testing.assert_allclose


def counts() -> pd.DataFrame:
    """An unbalanced panel of counts, made by a formula so that any program can make the same."""
    cells = [(h, s, t) for h in range(12) for s in range(4) for t in range(10)]
    rows = [(h, s, t) for h, s, t in cells if (h + 2 * s + 3 * t) % 11]
    f = pd.DataFrame(rows, columns=["host", "sector", "year"])
    f["x"] = np.sin(1.7 * f.host + 2.3 * f.sector * f.year + f.year**2)
    f["z"] = ((f.host * f.year + f.sector) % 5) / 2
    mean = np.exp(0.5 * f.x + 0.2 * np.cos(f.host) + 0.3 * f.sector / 4 + 0.1 * f.z)
    f["y"] = (mean * (1 + ((7 * f.host + 5 * f.sector + 3 * f.year) % 13) / 6)).round()
    f.loc[(f.host == 3) & (f.sector == 1), "y"] = 0
    f.loc[(f.sector == 2) & (f.year == 5), "y"] = 0
    f["sy"] = f.sector * 100 + f.year
    f["hs"] = f.host * 100 + f.sector
    return f


def with_dummies(frame: pd.DataFrame, effects: list[str], family: str = "Poisson"):
    """The same regression with a column for each effect, wholly by statsmodels."""
    import statsmodels.api as sm

    dummies = [
        pd.get_dummies(frame[name], prefix=name, drop_first=bool(i), dtype=float)
        for i, name in enumerate(effects)
    ]
    columns = pd.concat([frame[["x", "z"]], *dummies], axis=1)
    columns = columns.loc[:, np.abs(np.diag(np.linalg.qr(columns)[1])) > 1e-8]
    model = sm.GLM(frame["y"], columns, family=getattr(sm.families, family)())
    groups = {"groups": frame["host"], "use_correction": False}
    return model.fit(cov_type="cluster", cov_kwds=groups, tol=1e-12)


class TestRegression:
    def test_dobson_published(self) -> None:
        # Dobson (1990), a randomised trial, as in the documentation of R's `glm`.
        frame = pd.DataFrame(
            {
                "y": [18, 17, 15, 20, 10, 20, 25, 13, 12],
                "second": [0, 1, 0] * 3,
                "third": [0, 0, 1] * 3,
                "treatment": [1, 1, 1, 2, 2, 2, 3, 3, 3],
            }
        )
        found = fit(frame, "y", ["second", "third"], ["treatment"], cluster="treatment")
        close(found.estimates, [-0.4542553, -0.2929871], rtol=1e-6)

    def test_warpbreaks_published(self) -> None:
        # Tippett (1950), breaks of yarn by wool and tension, nine looms each, summed; R gives
        # -0.20599 for wool B with tension beside it (Poisson needs the sums alone).
        frame = pd.DataFrame(
            {
                "y": [401.0, 216, 221, 254, 259, 169],
                "wool_b": [0, 0, 0, 1, 1, 1],
                "tension": ["L", "M", "H"] * 2,
            }
        )
        found = fit(frame, "y", ["wool_b"], ["tension"], cluster="tension")
        close(found.estimates, [-0.20599], atol=5e-6)

    def test_two_by_two_by_hand(self) -> None:
        # Rows and columns as effects leave the logarithm of the cross ratio.
        frame = pd.DataFrame(
            {
                "y": [6.0, 2, 3, 5],
                "row": [0, 0, 1, 1],
                "column": [0, 1, 0, 1],
                "both": [0, 0, 0, 1],
            }
        )
        found = fit(frame, "y", ["both"], ["row", "column"], cluster="row")
        close(found.estimates, np.log([6 * 5 / (2 * 3)]))

    @pytest.mark.parametrize("effects", [["host"], ["host", "sy"], ["hs", "sy"], ["sy", "host"]])
    def test_poisson_equals_the_regression_with_dummies(self, effects: list[str]) -> None:
        frame = counts()
        for name in effects:
            frame = frame[frame.groupby(name)["y"].transform("sum") > 0]
        found = fit(frame, "y", ["x", "z"], effects, cluster="host")
        expected = with_dummies(frame, effects)
        close(found.estimates, expected.params[["x", "z"]], rtol=1e-7)
        errors = expected.bse[["x", "z"]] * np.sqrt(12 / 11)
        close(found.table()["std_error"], errors, rtol=1e-6)

    def test_linear_equals_the_regression_with_dummies(self) -> None:
        frame = counts()
        found = fit(frame, "y", ["x", "z"], ["host", "sy"], cluster="host", family="gaussian")
        expected = with_dummies(frame, ["host", "sy"], "Gaussian")
        close(found.estimates, expected.params[["x", "z"]])
        close(found.table()["std_error"], expected.bse[["x", "z"]] * np.sqrt(12 / 11))

    @pytest.mark.parametrize(
        ("effects", "estimates", "errors", "used"),
        # pyfixest 0.60.0, fepois("y ~ x + z | host + sy", vcov={"CRV1": "host"},
        # ssc=ssc(k_adj=False, G_adj=True), iwls_tol=1e-12, fixef_tol=1e-12).
        [
            (["host", "sy"], [0.53618273, 0.07444355], [0.02335878, 0.02930626], 425),
            (["hs", "sy"], [0.53719097, 0.08212777], [0.02554767, 0.03350833], 416),
        ],
    )
    def test_as_another_program(self, effects, estimates, errors, used: int) -> None:
        found = fit(counts(), "y", ["x", "z"], effects, cluster="host")
        close(found.estimates, estimates, rtol=1e-6)
        close(found.table()["std_error"], errors, rtol=1e-5)
        assert found.observations == used
        assert found.separated + found.singletons == len(counts()) - used

    @settings(max_examples=10, deadline=None)
    @given(st.floats(1e-3, 1e6))
    def test_units_do_not_matter(self, scale: float) -> None:
        frame = counts()
        found = fit(frame, "y", ["x", "z"], ["host", "sy"], cluster="host").table()
        scaled = frame.assign(y=frame["y"] * scale)
        again = fit(scaled, "y", ["x", "z"], ["host", "sy"], cluster="host").table()
        close(again.drop(columns="term"), found.drop(columns="term"), rtol=1e-5)

    def test_order_does_not_matter(self) -> None:
        frame = counts()
        found = fit(frame, "y", ["x", "z"], ["host", "sy"], cluster="host")
        shuffled = frame.sample(frac=1, random_state=1)
        again = fit(shuffled, "y", ["z", "x"], ["sy", "host"], cluster="host")
        close(again.estimates[["x", "z"]], found.estimates)

    def test_what_the_effects_explain_has_no_estimate(self) -> None:
        frame = counts()
        frame["distance"] = np.log(1000 + 321.7 * frame["host"])
        frame["twice"] = 2 * frame["x"]
        found = fit(frame, "y", ["distance", "x", "twice"], ["host", "sy"], cluster="host")
        table = found.table().set_index("term")["estimate"]
        assert table.index.to_list() == ["distance", "x", "twice"]
        assert table.isna().to_list() == [True, False, True]

    def test_separated_cells_and_singletons_are_dropped_and_counted(self) -> None:
        frame = counts()
        extra = frame.iloc[:2].assign(host=[90, 91], sy=[9000, 9001], y=[0.0, 4.0])
        grown = pd.concat([frame, extra, frame.iloc[:3].assign(x=np.nan)])
        found = fit(grown, "y", ["x", "z"], ["host", "sy"], cluster="host")
        usual = fit(frame, "y", ["x", "z"], ["host", "sy"], cluster="host")
        close(found.estimates, usual.estimates)
        counted = (found.missing, found.singletons, found.separated)
        assert counted == (3, usual.singletons + 1, usual.separated + 1)

    def test_a_regressor_that_separates(self) -> None:
        frame = counts()
        frame["closed"] = ((frame["host"] == 5) & (frame["year"] > 6)).astype(float)
        frame.loc[frame["closed"] == 1, "y"] = 0
        found = fit(frame, "y", ["x", "closed"], ["host", "sy"], cluster="host")
        without = frame[frame["closed"] == 0]
        close(found.estimates, fit(without, "y", ["x"], ["host", "sy"], cluster="host").estimates)
        assert np.isnan(found.table().set_index("term").loc["closed", "estimate"])

    def test_errors_of_two_strata_are_those_of_welch(self) -> None:
        # A mean and a difference of means of clusters of one observation, by Welch's formula.
        from scipy import stats

        one, other = [1.0, 4, 2, 7, 9], [3.0, 3.5, 2, 4, 4, 3, 1, 5]
        frame = pd.DataFrame({"y": [*one, *other], "all": 0, "second": [0] * 5 + [1] * 8})
        frame["cluster"] = range(13)
        found = fit(
            frame, "y", ["second"], ["all"], cluster="cluster", strata="second", family="gaussian"
        )
        expected = stats.ttest_ind(other, one, equal_var=False)
        close(found.table()["p_value"], expected.pvalue)
        close(found.table().loc[0, ["low", "high"]].astype(float), expected.confidence_interval())
        close(found.joint_test(np.eye(1))[2], expected.pvalue)

    def test_effects_without_connection(self) -> None:
        labels = pd.DataFrame({"a": [0, 0, 1, 1, 2, 2], "b": [0, 1, 0, 1, 2, 2]})
        values = np.array([[1.0], [2], [4], [7], [3], [5]])
        left = Effects(labels).residuals(values, np.ones(6))
        # By hand: interaction of the square block, and deviations from the mean of the other.
        close(left.ravel(), [0.5, -0.5, -0.5, 0.5, -1, 1])

    def test_refuses(self) -> None:
        frame = counts()
        with pytest.raises(ParameterError, match="did you mean 'host'"):
            fit(frame, "y", ["x"], ["hosts"], cluster="host")
        with pytest.raises(ParameterError, match="negative 'y'"):
            fit(frame.assign(y=-1), "y", ["x"], ["host"], cluster="host")
        with pytest.raises(ParameterError, match="one or two sets"):
            fit(frame, "y", ["x"], [], cluster="host")
        with pytest.raises(DataError, match="no observation"):
            fit(frame.assign(y=0), "y", ["x"], ["host"], cluster="host")


class TestPresence:
    past = pd.DataFrame(
        {
            "iso3": ["AAA", "AAA", "AAA", "BBB"],
            "analysis_sector": ["mines", "mines", "shops", "mines"],
            "year": [2001, 2003, 2002, 2004],
            "projects": [4, 1, 2, 3],
        }
    )

    def test_by_hand(self) -> None:
        rows = followers.presence(self.past, half_life=1).set_index(["iso3", "analysis_sector"])
        mines = rows.loc[("AAA", "mines")]
        assert mines["year"].to_list() == [2001, 2002, 2003, 2004, 2005]
        close(mines["presence"], [0, 4, 2, 2, 1])
        close(mines["elsewhere"], [0, 0, 2, 1, 0.5])
        close(mines["following"], [0.5, 1, 0, 0, np.nan])
        close(mines["since_first"], [np.nan, 1, 2, 3, 4])
        close(mines["since_last"], [np.nan, 1, 2, 1, 2])
        close(rows.loc[("BBB", "shops"), "presence"], 0)

    def test_without_decay_it_is_the_count(self) -> None:
        rows = followers.presence(self.past, half_life=float("inf"))
        close(rows.loc[rows["year"] == 2005, "presence"].sum(), self.past["projects"].sum())

    @settings(max_examples=30)
    @given(st.lists(st.integers(0, 9), min_size=2, max_size=12), st.floats(0.3, 30))
    def test_properties(self, made: list[int], half_life: float) -> None:
        frame = pd.DataFrame(
            {"iso3": "AAA", "analysis_sector": "mines", "year": range(len(made)), "projects": made}
        )
        rows = followers.presence(frame, half_life)
        turned = followers.presence(frame.assign(projects=made[::-1]), half_life)
        close(rows["following"].iloc[:-1], turned["presence"].iloc[:-1].iloc[::-1])
        assert (rows["presence"] <= np.cumsum([0, *made]) + 1e-9).all()
        double = followers.presence(frame.assign(projects=2 * frame["projects"]), half_life)
        close(double["presence"], 2 * rows["presence"])

    def test_score(self) -> None:
        table = followers.score(self.past, "mines", half_life=1)
        assert table["iso3"].to_list() == ["BBB", "AAA"]
        assert table["projects"].to_list() == [3, 5]
        close(table["share"], [75, 25])
        assert table["rank"].to_list() == [1, 2]
        assert followers.score(self.past, "mines", 2003)["iso3"].to_list() == ["AAA"]
        assert followers.score(self.past, "mines", 2001).empty
        assert len(followers.score(self.past, "mines", n=1)) == 1

    def test_refuses(self) -> None:
        with pytest.raises(UnknownNameError, match="did you mean 'mines'"):
            followers.score(self.past, "mine")
        with pytest.raises(ParameterError, match="between 2001 and 2005"):
            followers.score(self.past, "mines", 2009)
        with pytest.raises(ParameterError, match="half_life"):
            followers.presence(self.past, 0)
        with pytest.raises(ParameterError, match="none missing"):
            followers.presence(self.past.assign(projects=[1, np.nan, 1, 1]))


def simulated(following: float, seed: int = 7) -> pd.DataFrame:
    """Projects of 60 hosts in 5 sectors over 24 years: lasting attraction, and some following."""
    rng = np.random.default_rng(seed)
    lasting = rng.gamma(0.5, 0.8, size=(60, 5))
    recent, rows = np.zeros((60, 5)), []
    for year in range(2000, 2024):
        made = rng.poisson(0.4 * lasting * np.exp(following * np.minimum(np.log1p(recent), 1.5)))
        recent = 0.5 * recent + made
        for host, sector in zip(*np.nonzero(made), strict=True):
            rows.append((f"H{host:02}", f"s{sector}", year, made[host, sector]))
    return pd.DataFrame(rows, columns=["iso3", "analysis_sector", "year", "projects"])


class TestFollowing:
    def test_lasting_attraction_is_not_taken_for_following(self) -> None:
        frame = simulated(0.0)
        tested = followers.follow_the_leader(frame, models=["host_year"]).iloc[0]
        assert tested["low"] > 0  # presence predicts, although nothing is followed
        checked = [check(frame, models=["host_year"]) for check in (followers.placebo,)]
        recent = followers.recency(frame, models=["host_year"])
        gaps = pd.concat([*checked, recent]).set_index("term")
        for gap in ("past_less_future", "recent_less_older"):
            assert gaps.loc[gap, "low"] < 0 < gaps.loc[gap, "high"]
        assert followers.verdict(*checked, recent).endswith("Following is not shown.")

    def test_following_makes_recent_projects_count_for_more(self) -> None:
        recent = followers.recency(simulated(0.8), models=["host_year"]).set_index("term")
        assert recent.loc["recent_less_older", "low"] > 0

    def test_a_sector_is_biased_against_itself(self) -> None:
        # Nickell: nothing is followed, and the estimate with host-sector effects is negative.
        tested = followers.follow_the_leader(simulated(0.0), models=["host_sector"])
        assert tested.set_index("term").loc["presence", "estimate"] < 0

    def test_controls(self) -> None:
        frame = simulated(0.0)
        hosts = sorted(frame["iso3"].unique())
        fixed = pd.DataFrame({"iso3": hosts, "log_distance": np.linspace(7, 9, len(hosts))})
        index = pd.MultiIndex.from_product([hosts[5:], range(2000, 2024)], names=["iso3", "year"])
        yearly = index.to_frame(index=False)
        yearly["income"] = np.sin(np.arange(len(yearly)))
        table = followers.follow_the_leader(frame, [fixed, yearly]).set_index(["model", "term"])
        assert not np.isnan(table.loc[("sector_year", "log_distance"), "estimate"])
        assert np.isnan(table.loc[("host", "log_distance"), "estimate"])
        assert ("host_year", "income") not in table.index
        assert (table["missing"] == 5 * 5 * 19).all()
        assert table["clusters"].max() == len(hosts) - 5

    def test_sensitivity(self) -> None:
        table = followers.sensitivity(simulated(0.0), half_lives=[1, float("inf")])
        assert table["half_life"].to_list() == [1, float("inf")]
        assert set(table["term"]) == {"presence"}

    @pytest.mark.parametrize(
        ("recent", "gap", "ahead", "words"),
        [
            (-0.1, 0.1, 0.1, "no following is seen"),
            (0.2, -0.1, 0.1, "not shown"),
            (0.2, 0.1, -0.1, "cannot tell the two apart"),
            (0.2, 0.1, 0.1, "what following would look like"),
        ],
    )
    def test_verdict(self, recent: float, gap: float, ahead: float, words: str) -> None:
        def table(**low: float) -> pd.DataFrame:
            rows = pd.DataFrame({"term": list(low), "low": list(low.values())})
            return rows.assign(estimate=rows["low"] + 0.05, model="host_year")

        placebos = table(presence=recent, future_presence=0.1, past_less_future=ahead)
        recencies = table(recent=recent, older=0.1, recent_less_older=gap)
        assert words in followers.verdict(placebos, recencies)
        with pytest.raises(ParameterError, match="Allowed: host_year"):
            followers.verdict(placebos, recencies, "host")

    def test_refuses(self) -> None:
        frame = simulated(0.0)
        with pytest.raises(ParameterError, match="did you mean 'host_year'"):
            followers.follow_the_leader(frame, models=["host_years"])
        with pytest.raises(ParameterError, match="two margins"):
            followers.placebo(frame, burn_in=15)

    def test_on_the_shipped_projects(self) -> None:
        projects = sme.load("development_projects")
        controls = followers.size_and_income(sme.load("country_indicators"))
        table = followers.follow_the_leader(projects, controls, models=["host", "host_year"])
        assert table.set_index(["model", "term"]).loc[("host", "presence"), "low"] > 0
        assert table["clusters"].min() > 100


def steps() -> pd.DataFrame:
    """Forty units with gaps, three cohorts and controls, made by a formula."""
    rows = []
    for i in range(40):
        g = {0: 2012, 1: 2014, 2: 2016}.get(i % 4, np.nan)
        for t in range(2008, 2020):
            if (i * 7 + t) % 19 == 0:
                continue
            size = {2012: 0.2, 2014: 0.5, 2016: 0.9}.get(g, 0)
            effect = size * (1 + t - g) / 2 if t >= g else 0
            wave = np.sin(i) + 0.3 * np.cos(3.1 * i + 1.3 * t)
            rows.append((i, t, g, np.exp(0.05 * (t - 2008) + wave + effect)))
    return pd.DataFrame(rows, columns=["iso3", "year", "cohort", "y"])


def growing(seed: int = 8, noise: float = 0.05) -> pd.DataFrame:
    """A balanced panel whose effect grows by a tenth a year and is larger for early cohorts."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([range(60), range(2006, 2020)], names=["iso3", "year"])
    frame = index.to_frame(index=False)
    starts = frame["iso3"].map(lambda i: {0: 2010.0, 1: 2014.0}.get(i % 3, np.nan))
    frame["cohort"] = starts
    distance = frame["year"] - starts
    size = np.where(starts == 2010, 0.2, 0.1)
    frame["effect"] = np.where(distance >= 0, size * (distance + 1), 0.0)
    base = frame["iso3"].map(dict(enumerate(rng.normal(2, 1, 60)))) + 0.03 * frame["year"] % 7
    frame["log"] = base + frame["effect"] + rng.normal(0, noise, len(frame))
    return frame.assign(y=np.exp(frame["log"]))


class TestEventStudy:
    @pytest.mark.parametrize("family", ["gaussian", "poisson"])
    def test_closed_form(self, family) -> None:
        # Balanced and without other regressors: differences of means, or of logarithms of sums.
        frame = growing(noise=0.4)
        outcome = "log" if family == "gaussian" else "y"
        study = sectors.event_study(frame, outcome, family=family)
        sums = frame.assign(cohort=frame["cohort"].fillna(0)).pivot_table(
            index="cohort", columns="year", values=outcome, aggfunc="mean"
        )
        level = sums if family == "gaussian" else np.log(sums)
        change = level.loc[2014.0] - level.loc[2014.0, 2013]
        control = level.loc[0.0] - level.loc[0.0, 2013]
        found = study.fit.estimates
        close(found[["c2014e-3", "c2014e0", "c2014e5"]], (change - control)[[2011, 2014, 2019]])

    def test_known_effects_and_what_one_dummy_makes_of_them(self) -> None:
        frame = growing()
        study = sectors.event_study(frame, "log", family="gaussian")
        shown = study.events.set_index("event_time")
        true = frame.assign(event=frame["year"] - frame["cohort"]).groupby("event")["effect"].mean()
        for time in range(5):
            assert shown.loc[time, "low"] < true[time] < shown.loc[time, "high"]
        assert study.pre_trend["p_value"] > 0.01
        assert study.overall.loc[0, "low"] < true.loc[0:4].mean() < study.overall.loc[0, "high"]
        # Two-way fixed effects with one "after" dummy take early units as controls of late ones.
        frame["after"] = (frame["year"] >= frame["cohort"]).astype(float)
        one = fit(frame, "log", ["after"], ["iso3", "year"], cluster="iso3", family="gaussian")
        treated = frame.loc[frame["after"] == 1, "effect"].mean()
        assert one.estimates["after"] < 0.9 * treated
        assert one.table().loc[0, "high"] < treated

    def test_intervals_cover(self) -> None:
        hits = 0
        for seed in range(40):
            study = sectors.event_study(growing(seed, 0.5), "log", family="gaussian")
            row = study.events.set_index("event_time").loc[2]
            hits += row["low"] < 0.45 < row["high"]
        assert hits >= 34

    @pytest.mark.parametrize(
        ("family", "expected"),
        # The same saturated regressions by pyfixest 0.60.0 (fepois, feols), cells averaged by hand;
        # for the linear one its own event_study(estimator="saturated") gives these estimates too.
        [
            ("poisson", {-3: (-0.49777976, 0.04066980), 0: (0.33811897, 0.03705683)}),
            ("gaussian", {-3: (-0.49123810, 0.03371803), 0: (0.34410233, 0.02989042)}),
        ],
    )
    def test_as_another_program(self, family, expected) -> None:
        frame = steps().assign(log=lambda table: np.log(table["y"]))
        outcome = "y" if family == "poisson" else "log"
        events = sectors.event_study(frame, outcome, family=family).events.set_index("event_time")
        # Ten units in each cohort: n / (n - 1) by cohort, there G / (G - 1) for all.
        by_cohort = np.sqrt((10 / 9) / (40 / 39))
        for time, (estimate, error) in expected.items():
            found = events.loc[time, ["estimate", "std_error"]].astype(float)
            close(found, [estimate, error * by_cohort], rtol=1e-5)

    def test_proportions_do_not_depend_on_the_unit(self) -> None:
        frame = growing()
        study = sectors.event_study(frame, "y")
        again = sectors.event_study(frame.assign(y=frame["y"] * 1e6), "y")
        close(again.events["estimate"], study.events["estimate"], atol=1e-8)
        close(again.overall.to_numpy(), study.overall.to_numpy(), rtol=1e-5, atol=1e-8)

    def test_base_and_counts(self) -> None:
        study = sectors.event_study(growing(), "y", base=(-3, -2), window=(-4, 6))
        events = study.events.set_index("event_time")
        assert events.loc[[-3, -2], "estimate"].to_list() == [0, 0]
        assert np.isnan(events.loc[-2, "std_error"])
        assert events["treated"].to_dict()[5] == 40
        assert events["treated"].to_dict()[6] == 20
        assert study.controls == 20
        close(study.overall["mean_distance"], np.average([*range(7)], weights=[2] * 6 + [1]) + 2.5)

    def test_small_and_early_cohorts_are_left_out(self) -> None:
        frame = growing()
        frame.loc[frame["iso3"] == 2, "cohort"] = 2012.0
        frame.loc[frame["iso3"] == 5, "cohort"] = 2001.0
        left = sectors.event_study(frame, "y").left_out.set_index("unit")["reason"]
        assert left.to_dict() == {
            2: "cohort of fewer than 5",
            5: "took the step before the years observed",
        }

    def test_refuses(self) -> None:
        frame = growing()
        with pytest.raises(ParameterError, match="must lie before 0"):
            sectors.event_study(frame, "y", base=(0, 1))
        with pytest.raises(ParameterError, match="once in a 'year'"):
            sectors.event_study(pd.concat([frame, frame]), "y")
        with pytest.raises(ParameterError, match="one 'cohort' for each"):
            sectors.event_study(frame.assign(cohort=frame["year"]), "y")
        with pytest.raises(DataError, match="no control"):
            sectors.event_study(frame.assign(cohort=frame["cohort"].fillna(2014)), "y")
        with pytest.raises(DataError, match="no treated unit"):
            sectors.event_study(frame.assign(cohort=np.nan), "y")


class TestVerdict:
    def test_a_clear_effect(self) -> None:
        found = sectors.verdict(sectors.event_study(growing(), "y"))
        assert found.conclusion == "more"
        assert found.text.startswith("Joining was followed by more, which need not be its effect.")

    def test_nothing_happened(self) -> None:
        frame = growing()
        frame["y"] = frame["y"] / np.exp(frame["effect"])
        assert sectors.verdict(sectors.event_study(frame, "y")).conclusion == "no_change"

    def test_a_drift_before_forbids_a_conclusion(self) -> None:
        frame = growing()
        rising = 0.1 * (frame["year"] - 2006) * frame["cohort"].notna()
        frame["y"] = frame["y"] / np.exp(frame["effect"]) * np.exp(rising)
        found = sectors.verdict(sectors.event_study(frame, "y"))
        assert found.conclusion == "cannot_tell"
        assert "had not moved like the others before" in found.text
        assert "a drift of +" in found.text

    def test_a_wide_interval_forbids_a_conclusion(self) -> None:
        frame = growing(noise=1.5)
        frame["log"] -= frame["effect"]
        study = sectors.event_study(frame, "log", family="gaussian")
        found = sectors.verdict(study, "stock")
        assert found.conclusion == "cannot_tell"
        assert "both no change and one of 25%" in found.text

    def test_without_years_before(self) -> None:
        study = sectors.event_study(growing(), "y", window=(-1, 4))
        assert np.isnan(study.pre_trend["p_value"])
        assert "no earlier years" in sectors.verdict(study).text


class TestBeltAndRoad:
    panel = sme.load("outward_fdi_by_economy")
    members = sme.load("belt_and_road_members")

    @pytest.mark.parametrize("measure", ["flow", "stock"])
    def test_on_the_shipped_panel(self, measure) -> None:
        found = sectors.belt_and_road_effect(self.panel, self.members, measure)
        reasons = found.excluded.set_index("iso3")["reason"]
        assert reasons["HKG"].startswith("offshore centre")
        assert reasons["RUS"] == "no date of joining on record"
        assert reasons["THA"] == "cohort of fewer than 5"
        assert isinstance(found.study.fit, Fit)
        assert found.last_year == 2019
        assert found.study.fit.clusters > 150
        assert (found.negative > 0) == (measure == "flow")
        # What the data say today; a change of the data may change it, and then wants a look.
        assert found.verdict.conclusion == "cannot_tell"

    def test_within_continents(self) -> None:
        found = sectors.belt_and_road_effect(self.panel, self.members, within_continent=True)
        assert found.verdict.conclusion == "cannot_tell"

    def test_refuses(self) -> None:
        with pytest.raises(ParameterError, match="Allowed: flow, stock"):
            sectors.belt_and_road_effect(self.panel, self.members, "flows")  # type: ignore[arg-type]
        with pytest.raises(ParameterError, match="start_year"):
            sectors.belt_and_road_effect(self.panel, self.members, start_year=2020)
        with pytest.raises(ParameterError, match="above zero"):
            sectors.belt_and_road_effect(self.panel, self.members, material=0)
