"""Figures over years: bars, stacks, lines and small multiples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ..rounding import fixed, plain
from . import style
from .style import styled

Floats = NDArray[np.float64]


def _amount(value: float, _: Any = None) -> str:
    """Write an axis number: thousands separated, no needless decimals."""
    return plain(round(value, 9))


def _axis(axes: Axes, bins: int = 5) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(_amount))


def _limits(low: float, high: float, room: float) -> tuple[float, float]:
    """Give an axis that holds zero and all values, with a share of its length as room beyond."""
    low, high = np.nanmin([0.0, low]), np.nanmax([0.0, high])
    if low == high:
        return 0.0, 1.0
    more = (high - low) * room
    return float(low - more if low else 0.0), float(high + more)


def _years(frame: pd.DataFrame | pd.Series) -> list[int]:
    """Years of the index, or places in order where it names periods."""
    if pd.api.types.is_integer_dtype(frame.index):
        return [int(year) for year in frame.index]
    return list(range(len(frame)))


def _ticks(axes: Axes, frame: pd.DataFrame, years: list[int]) -> None:
    """Label years, or the periods that the index names."""
    style.year_ticks(axes, years)
    if not pd.api.types.is_integer_dtype(frame.index):
        axes.set_xticks(years, [str(name) for name in frame.index])


def _landmarks(values: pd.Series) -> list[int]:
    """Years worth a number: last, highest, highest peak, first and lowest, without crowding."""
    known = values.dropna()
    if known.empty:
        return []
    wanted = [known.index[-1], known.idxmax(), known.index[0], known.idxmin()]
    peaks = known[(known > known.shift(1)) & (known > known.shift(-1))]
    if len(peaks):
        wanted.insert(2, peaks.idxmax())
    kept: list[int] = []
    gap = max(1, len(values) // 12)
    for year in wanted:
        if all(abs(int(year) - other) > gap for other in kept):
            kept.append(int(year))
    return kept


@styled
def annual_bars(
    values: pd.Series,
    *,
    title: str,
    subtitle: str,
    source: str,
    muted: pd.Series | None = None,
    break_note: str = "",
) -> Figure:
    """Draw one bar a year from a zero line, the landmark years labelled.

    Parameters
    ----------
    values : pandas.Series
        Indexed by year; a missing year stays empty.
    muted : pandas.Series of bool, optional
        Years on another definition: drawn pale, with a line where the definition changes.
    break_note : str
        What changes there.
    """
    years = _years(values)
    pale = pd.Series(False, index=values.index) if muted is None else muted.astype(bool)
    above = 0.2 if break_note and pale.any() else 0.12
    figure, (axes,) = style.canvas(title, subtitle, source, height=2.9, above=above)
    colours = [style.SKY if pale[year] else style.BLUE for year in years]
    style.bars(axes, years, values.to_numpy(dtype=float), colours)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    _axis(axes)
    axes.set_ylim(_limits(values.min(), values.max(), 0.12))
    for year in _landmarks(values):
        amount = float(values[year])
        side = 1 if amount >= 0 else -1
        axes.annotate(
            fixed(amount, 0 if abs(amount) >= 1000 else 1), (year, amount), xytext=(0, 3 * side),
            textcoords="offset points", ha="center", va="bottom" if side > 0 else "top",
            fontsize=8.5, fontweight=700,
        )  # fmt: skip
    _definition_break(axes, pale, break_note)
    style.year_ticks(axes, years)
    return figure


def _definition_break(axes: Axes, pale: pd.Series, text: str) -> None:
    """Mark the year in which the definition changes."""
    if pale.all() or not pale.any():
        if pale.all() and text:
            style.note(axes, 0.0, 1.0, text, xycoords="axes fraction", va="bottom")
        return
    edge = int(pale.index[pale.to_numpy()].max()) + 0.5
    axes.axvline(edge, color=style.MUTED, linewidth=0.8, linestyle=(0, (3, 3)))
    if text:  # above the bars, whose labels it would meet
        late = edge > pale.index[0] + 0.75 * (pale.index[-1] - pale.index[0])
        style.note(
            axes, edge, 1.0, text, xycoords=("data", "axes fraction"), va="bottom",
            ha="right" if late else "left", xytext=(0, 1), textcoords="offset points",
        )  # fmt: skip


@styled
def stacked_bars(
    parts: pd.DataFrame, *, title: str, subtitle: str, source: str, unknown: str | None = None
) -> Figure:
    """Stack the parts of a total, one bar a year, the first part at the bottom.

    Parameters
    ----------
    parts : pandas.DataFrame
        Years x parts, same unit; missing values are drawn as nothing, negative ones below zero.
    unknown : str, optional
        Part that holds what the source does not break down: hatched.
    """
    years = _years(parts)
    names = [name for name in parts.columns if parts[name].notna().any()]
    colours = style.hues(names)
    per_row = _entries_per_row(names)
    order = [i for start in range(per_row) for i in range(start, len(names), per_row)]
    above = 0.12 + 0.22 * -(-len(names) // per_row)
    figure, (axes,) = style.canvas(title, subtitle, source, height=2.9, above=above)
    low, high = 0.0, 0.0
    for name, bottom, heights in _stack(parts[names]):
        low, high = min(low, (bottom + heights).min()), max(high, (bottom + heights).max())
        axes.bar(
            years, heights, bottom=bottom, width=0.74, color=colours[name], label=name,
            hatch="////" if name == unknown else None, edgecolor="white", linewidth=0.4,
        )  # fmt: skip
    axes.set_ylim(_limits(low, high, 0.05))
    axes.axhline(0, color=style.INK, linewidth=0.8)
    _axis(axes)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(  # matplotlib fills columns, a reader reads rows
        [handles[i] for i in order], [labels[i] for i in order],
        loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=per_row, frameon=False, fontsize=8.5,
        handlelength=1.0, handleheight=0.9, handletextpad=0.5, columnspacing=1.4, borderaxespad=0.2,
    )  # fmt: skip
    style.year_ticks(axes, years)
    return figure


def _entries_per_row(names: Sequence[str]) -> int:
    """How many legend entries fit side by side."""
    widths = [style.inches(name, 8.5) + 0.45 for name in names]
    room = style.WIDTH - 0.9
    return len(names) if sum(widths) <= room else max(1, int(room / max(widths)))


def _stack(parts: pd.DataFrame) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield name, base and height of every part: positive ones upwards, negative ones downwards."""
    up, down = np.zeros(len(parts)), np.zeros(len(parts))
    for name in parts.columns:
        heights = parts[name].fillna(0).to_numpy(dtype=float)
        yield str(name), np.where(heights >= 0, up, down), heights
        up, down = up + np.clip(heights, 0, None), down + np.clip(heights, None, 0)


@styled
def share_bars(shares: pd.DataFrame, *, title: str, subtitle: str, source: str) -> Figure:
    """Draw how a whole is divided, one bar of shares a year, labelled at the last bar.

    Parameters
    ----------
    shares : pandas.DataFrame
        Years (or periods) x parts in percent. Negative shares (net withdrawals) hang below zero.
    """
    years, colours = _years(shares), style.hues(shares.columns)
    labels = {
        name: f"{name} {fixed(shares[name].iloc[-1], 0)}%"
        for name in shares.columns
        if pd.notna(shares[name].iloc[-1])
    }
    right = max(1.35, _room(labels.values()))
    figure, (axes,) = style.canvas(title, subtitle, source, height=3.1, right=right)
    middles: dict[str, float] = {}
    low, high = 0.0, 100.0
    for name, bottom, heights in _stack(shares):
        axes.bar(years, heights, bottom=bottom, width=0.86, color=colours[name], linewidth=0)
        middles[name] = float(bottom[-1] + heights[-1] / 2)
        low, high = min(low, (bottom + heights).min()), max(high, (bottom + heights).max())
    axes.set_ylim(low * 1.05, high * (1.0 if high <= 100.001 else 1.03))
    _axis(axes)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    _ticks(axes, shares, years)
    _end_labels(axes, years[-1] + 0.55, {name: middles[name] for name in labels}, labels, colours)
    return figure


def _end_labels(
    axes: Axes,
    x: float,
    at: Mapping[str, float],
    text: Mapping[str, str],
    colours: Mapping[str, str],
) -> None:
    """Label series at their right ends, pushed apart where they would overlap."""
    low, high = axes.get_ylim()
    gap = (high - low) * 0.062
    names = sorted(at, key=lambda name: at[name])
    places: list[float] = []
    for name in names:
        places.append(max(at[name], places[-1] + gap if places else low + gap / 2))
    overflow = max(0.0, places[-1] - (high - gap / 3)) if places else 0.0
    for i in range(len(places) - 1, -1, -1):
        limit = places[i + 1] - gap if i + 1 < len(places) else places[i] - overflow
        places[i] = min(places[i], limit)
    for name, y in zip(names, places, strict=True):
        style.note(
            axes, x, y, text[name], color=style.in_text(colours[name]), fontweight=700, va="center",
            annotation_clip=False, xytext=(4, 0), textcoords="offset points",
        )  # fmt: skip


@styled
def lines(
    values: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    ranks: pd.Series | None = None,
    decimals: int = 1,
) -> Figure:
    """Draw series over years from a zero line, labelled at their ends; no line bridges a gap.

    Parameters
    ----------
    values : pandas.DataFrame
        Years x series, one unit. A year that is absent or missing breaks the line.
    ranks : pandas.Series, optional
        Ranks by year, written above the points of the first series.
    """
    values = values.reindex(range(int(values.index.min()), int(values.index.max()) + 1))
    years, colours = _years(values), style.hues(values.columns)
    named = len(values.columns) > 1
    ends = {n: float(v.iloc[-1]) for n in map(str, values) if len(v := values[n].dropna())}
    texts = {name: f"{name} " * named + fixed(end, decimals) for name, end in ends.items()}
    right = max(1.9 if named else 0.5, _room(texts.values()))
    figure, (axes,) = style.canvas(title, subtitle, source, height=2.8, right=right)
    for name in values.columns:
        axes.plot(
            years, values[name].to_numpy(dtype=float), color=colours[name], linewidth=2,
            marker="o", markersize=4.5, markeredgewidth=0,
        )  # fmt: skip
    axes.set_ylim(_limits(values.min().min(), values.max().max(), 0.18))
    _axis(axes)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    style.year_ticks(axes, years)
    if ranks is not None:
        _ranks(axes, values[values.columns[0]], ranks)
    last = int(values.dropna(how="all").index[-1])
    _end_labels(axes, last + 0.2, ends, texts, colours)
    return figure


def _room(labels: Iterable[str]) -> float:
    """Room in inches for labels at the right ends of series."""
    return max((style.inches(label, 8, 700) for label in labels), default=0.0) + 0.2


def _ranks(axes: Axes, values: pd.Series, ranks: pd.Series) -> None:
    """Write the rank above each point that has one, below it in a valley."""
    both = pd.DataFrame({"value": values, "rank": ranks}).dropna()
    low, high = axes.get_ylim()
    floor = low + (high - low) * 0.12  # a label below a lower point would meet the years
    for year, row in both.iterrows():
        beside = values.reindex([int(str(year)) - 1, int(str(year)) + 1]).dropna()
        valley = len(beside) > 0 and bool((beside > row["value"]).all()) and row["value"] > floor
        style.note(
            axes, float(str(year)), float(row["value"]), f"no. {int(row['rank'])}",
            xytext=(0, -6 if valley else 6), textcoords="offset points", ha="center",
            va="top" if valley else "bottom", fontsize=7.6,
        )  # fmt: skip


@styled
def panels(
    series: Mapping[str, pd.Series],
    *,
    title: str,
    subtitle: str,
    source: str,
    columns: int = 3,
    sharey: bool = False,
    height: float = 1.35,
) -> Figure:
    """Draw small multiples: one panel of bars per series, years on a common axis.

    Parameters
    ----------
    series : mapping of panel title to Series indexed by year
        Each on its own scale from zero, unless `sharey`. Missing years stay empty.
    """
    names = list(series)
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    figure, all_axes = style.canvas(
        title, subtitle, source, rows=rows, columns=columns,
        height=rows * height + (rows - 1) * 0.65, above=0.3,
        wspace=0.08 if sharey else 0.24, hspace=0.65 / height, sharey=sharey,
    )  # fmt: skip
    spans = [year for name in names for year in _years(series[name])]
    years = list(range(min(spans), max(spans) + 1))
    for axes, name in zip(all_axes, names, strict=False):
        values = series[name]
        colours = [style.BLUE] * len(values)
        style.bars(axes, _years(values), values.to_numpy(dtype=float), colours)
        axes.axhline(0, color=style.INK, linewidth=0.8)
        axes.set_title(name)
        scale = pd.concat(list(series.values())) if sharey else values
        axes.set_ylim(_limits(scale.min(), scale.max(), 0.22))
        _axis(axes, bins=4)
        style.year_ticks(axes, years, most=6)
        _panel_labels(axes, values)
    for axes in all_axes[len(names) :]:
        axes.set_visible(False)
    return figure


def _panel_labels(axes: Axes, values: pd.Series) -> None:
    """Label the last bar, and the first where there is room for both."""
    known = values.dropna()
    wanted = [known.index[-1]] if len(known) else []
    if len(known) > 3 and known.index[-1] - known.index[0] > 4:
        wanted.append(known.index[0])
    left, right = axes.get_xlim()
    a_year = axes.get_position().width * style.WIDTH / (right - left)
    for year in wanted:
        text = _short(float(known[year]))
        half = style.inches(text, 8, 700) / a_year / 2
        middle = max(left + half, min(float(year), right - half))  # not over the scale beside it
        if 2 * half > right - left:
            middle = float(year)
        beside = known[np.abs(known.index - middle) < half + 0.4]  # a label clears these bars
        axes.annotate(
            text, (middle, max(0.0, float(beside.max()))), xytext=(0, 2),
            textcoords="offset points", ha="center", va="bottom", fontsize=8, fontweight=700,
        )  # fmt: skip


def _short(number: float) -> str:
    """Write a number with as many decimals as its size deserves: two digits of a small one.

    What the axis rounds to zero, such as the residue of a sum, is zero here too.

    >>> _short(0.0199), _short(-0.01), _short(0.05), _short(7.0), _short(0.0)
    ('0.020', '−0.010', '0.1', '7', '0')
    """
    if 5e-10 < abs(number) < 0.05:  # one decimal would make it zero
        return fixed(number, 1 - Decimal(repr(number)).adjusted())
    return fixed(number, 0 if abs(number) >= 100 or number == int(number) else 1)
