"""Speed of `composite` beside a plain pandas replay of the same steps: `make bench`.

Each line times the batched engine on the full task, and the pandas replay, which rebuilds the index
draw by draw with the usual DataFrame calls, on a sample of the same draws. The two must agree
before their times count. pytest does not collect this file.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sme_analysis import composite as co
from sme_analysis.composite.replay import replay, settings
from sme_analysis.composite.sensitivity import saltelli_design

Task = tuple[co.Index, list[co.Factor]]


def made_up(units: int, indicators: int, pillars: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A structure of pillars and skewed data with a few outliers."""
    rng = np.random.default_rng(7)
    codes = [f"i{k}" for k in range(indicators)]
    above = [f"p{k}" for k in range(pillars)]
    parents = [None, *["top"] * pillars, *(f"p{k % pillars}" for k in range(indicators))]
    nodes = pd.DataFrame({"code": ["top", *above, *codes], "parent": parents})
    values = rng.lognormal(0, 0.6, (units, indicators))
    values[rng.integers(0, units, 60), rng.integers(0, indicators, 60)] *= 40
    return nodes, pd.DataFrame(values, [f"u{k}" for k in range(units)], codes)


def weight_draws() -> Task:
    """Draws of all weights: 150 units, 40 indicators in 5 pillars."""
    nodes, data = made_up(150, 40, 5)
    return co.Index.build(nodes, data), [co.WeightNoise(name="weights", spread=0.5)]


def four_factors() -> Task:
    """Treatment limit, normalisation, weights at two levels, aggregation: 50 x 50 in 8 pillars."""
    nodes, data = made_up(50, 50, 8)
    treat, scale, last = co.Treat(), co.MinMax(1, 100), co.Aggregate()
    index = co.Index.build(nodes, data, co.Recipe(treat, scale, last))
    return index, [
        co.Alternatives(treat, [co.Treat(winsorise=k) for k in range(1, 6)]),
        co.Alternatives(scale, [scale, co.ZScore(100, 10), co.RankScores()], name="scale"),
        co.WeightNoise(name="weights"),
        co.Alternatives(last, [last, co.Aggregate(co.Geometric())]),
    ]


def errors() -> Task:
    """Measurement error on every value, so that nothing can be shared: 150 x 40 in 5 pillars."""
    nodes, data = made_up(150, 40, 5)
    treat, scale = co.Treat(then="none"), co.MinMax(1, 100)
    index = co.Index.build(nodes, data, co.Recipe(treat, scale, co.Aggregate(co.Geometric())))
    return index, [co.MeasurementError(data * 0.02)]


def pandas_treat(data: pd.DataFrame, step: co.Treat) -> pd.DataFrame:
    """Winsorise column by column; the logarithm where that does not do."""
    treated = data.copy()
    for code in data.columns:
        column = data[code].copy()

        def fails(x: pd.Series) -> bool:
            return abs(x.skew()) >= step.skewness and x.kurt() >= step.kurtosis

        changed: set[object] = set()
        while fails(column) and len(changed) < step.winsorise:
            top = column.idxmax() if column.skew() >= 0 else column.idxmin()
            mark = column == column[top]
            changed |= set(column.index[mark])
            rest = column[~mark]
            column[mark] = rest.max() if column.skew() >= 0 else rest.min()
        if fails(column) and step.then == "log":
            low, spread = data[code].min(), np.ptp(data[code])
            column = np.log(data[code] - low + 0.01 * spread)
        treated[code] = column
    return treated


def pandas_scale(data: pd.DataFrame, step: co.Step) -> pd.DataFrame:
    """Normalise column by column."""
    if isinstance(step, co.MinMax):
        spread = data.max() - data.min()
        return step.low + (step.high - step.low) * (data - data.min()) / spread
    if isinstance(step, co.ZScore):
        return step.centre + step.spread * (data - data.mean()) / data.std()
    return data.rank(method="min")


def pandas_combine(x: pd.DataFrame, weights: pd.Series, method: co.Aggregator) -> pd.Series:
    """Aggregate children by their weights."""
    w = weights[x.columns] / weights[x.columns].sum()
    if isinstance(method, co.GeneralisedMean) and method.p == 0:
        return np.exp((np.log(x) * w).sum(axis=1))
    return (x * w).sum(axis=1)


def pandas_replay(task: Task, keys: np.ndarray, bank: int, seed: int) -> np.ndarray:
    """Rebuild draw by draw with DataFrames."""
    index, factors = task
    structure, rows = index.structure, []
    banks = {
        k: factor.bank(structure, bank, np.random.default_rng([seed, k]))
        for k, factor in enumerate(factors) if isinstance(factor, co.WeightNoise)
    }  # fmt: skip
    for key in keys:
        data, steps = index.data, list(index.recipe.steps)
        weights = pd.Series(structure.weights, structure.nodes)
        for k, factor in enumerate(factors):
            if isinstance(factor, co.Alternatives):
                steps[index.recipe.place(factor.step)] = factor.options[key[k]]
            elif isinstance(factor, co.MeasurementError):
                draw = np.random.Generator(np.random.Philox(key=[seed, int(key[k])]))
                assert factor.errors is not None
                data = data + factor.errors * draw.standard_normal(data.shape)
            else:
                weights = weights * banks[k][key[k]]
        for step in steps:
            if isinstance(step, co.Treat):
                data = pandas_treat(data, step)
            elif isinstance(step, co.Aggregate):
                for code in structure.aggregates:
                    method = step.levels.get(structure.levels[code], step.method)
                    data[code] = pandas_combine(
                        data[list(structure.children[code])], weights, method
                    )
            else:
                data = pandas_scale(data, step)
        data["top"].rank(ascending=False, method="min")
        rows.append(data["top"].to_numpy())
    return np.array(rows)


def timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Best time of a few runs, and the last result."""
    best, result = np.inf, None
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def line(name: str, task: Task, draws: int, sample: int, *, saltelli: int = 0) -> tuple[Any, ...]:
    """One line of the table."""
    index, factors = task
    if saltelli:
        u = saltelli_design(saltelli, len(factors), 1)
        ours, _ = timed(lambda: co.sensitivity(index, factors, n=saltelli, seed=1, progress=False))
    else:
        u = (np.arange(draws)[:, None] + 0.5) / draws * np.ones(len(factors))
        ours, _ = timed(lambda: co.uncertainty(index, factors, draws=draws, progress=False).table())
    keys = settings(index, factors, u)
    scores = replay(index, factors, keys, len(u), 1, progress=False)
    some = np.linspace(0, len(u) - 1, sample).astype(int)
    theirs, plain = timed(lambda: pandas_replay(task, keys[some], len(u), 1), times=1)
    np.testing.assert_allclose(scores[some], plain, rtol=1e-8, atol=1e-8)
    theirs *= len(u) / sample
    return name, len(u), ours, theirs, theirs / ours


def main() -> None:
    """Measure and print."""
    rows = [
        line("10,000 weight draws, 150 x 40", weight_draws(), 10_000, 100),
        line("four-factor sensitivity, 50 x 50", four_factors(), 600, 30, saltelli=100),
        line("1,000 error draws, 150 x 40", errors(), 1000, 20),
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    index, factors = weight_draws()
    seconds, _ = timed(
        lambda: co.uncertainty(index, factors, draws=100_000, progress=False).table(), times=1
    )
    unit = 1e9 if sys.platform == "darwin" else 1e6
    peak = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, before) / unit
    table = pd.DataFrame(rows, columns=["task", "rebuilds", "composite s", "pandas s", "ratio"])
    print(table.to_string(index=False, float_format=lambda value: f"{value:,.2f}"))
    print(f"\n100,000 weight draws, 150 x 40: {seconds:.1f} s, peak memory {peak:.2f} GB")


if __name__ == "__main__":
    main()
