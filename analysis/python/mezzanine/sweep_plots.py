"""Pictures of many runs. Each returns the Axes and draws on `ax` when given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy

from .errors import MezzanineError, UnknownName
from .result import Run
from .style import (
    COLOURS,
    LINES,
    NEUTRAL,
    WIDTHS,
    axes_of,
    metric_label,
    tick_in_usd,
    time_label,
    time_unit,
)
from .sweeps import Sweep

__all__ = ["plot_ensemble", "plot_heatmap", "plot_paired"]


def _texts(sweep: Sweep, key: str) -> dict[object, str]:
    """{typed value: text as the scenario has it}."""
    frame = sweep.metrics
    texts = frame[f"{key}.text"] if f"{key}.text" in frame else frame[key].astype(str)
    return {value: str(text).replace("_", " ") for value, text in zip(frame[key], texts)}


def plot_heatmap(sweep: Sweep, x: str, y: str, metric: str, ax: Any = None) -> Any:
    """Mean of a metric over the runs with each pair of values of two swept keys.

    The axes are the keys in the order of the plan (not to scale); a cell without a number is empty.
    """
    frame = sweep.metrics
    for key in (x, y):
        if key not in sweep.keys:
            raise UnknownName("swept key", key, sweep.keys, sweep.path)
    units = frame.attrs["units"]
    if metric not in units:
        raise UnknownName("metric", metric, [m for m in units if m not in sweep.keys], sweep.path)
    columns, rows = sweep.values(x), sweep.values(y)
    means = frame.groupby([y, x], sort=False)[metric].mean()
    cells = numpy.array([[float(means.get((r, c), numpy.nan)) for c in columns] for r in rows])
    ax = axes_of(ax, 2.6 + 1.1 * len(columns), 1.6 + 0.6 * len(rows))
    image = ax.imshow(cells, cmap="cividis", aspect="auto")
    ax.set_xticks(range(len(columns)), [_texts(sweep, x)[value] for value in columns])
    ax.set_yticks(range(len(rows)), [_texts(sweep, y)[value] for value in rows])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    for (row, column), value in numpy.ndenumerate(cells):
        dark = numpy.isfinite(value) and image.norm(value) < 0.5
        ax.text(column, row, f"{value:,.4g}" if numpy.isfinite(value) else "no value", ha="center",
                va="center", color="white" if dark else "black", fontsize="small")
    bar = ax.figure.colorbar(image, ax=ax)
    bar.set_label("mean of " + metric_label(metric, units[metric]))
    return ax


def plot_paired(
    sweep: Sweep,
    metric: str,
    by: str,
    baseline: object,
    on: str = "run.seed",
    confidence: float = 0.95,
    ax: Any = None,
) -> Any:
    """Differences to the baseline, pair by pair, and their mean with its interval.

    Right of each line: number of pairs, and how many times more runs an unpaired comparison would
    need (variance reduction).
    """
    table = sweep.paired(metric, by, baseline, on, confidence)
    pairs = sweep.pairs(metric, by, baseline, on)
    ax = axes_of(ax, 7.5, 1.5 + 0.6 * len(table))
    names = []
    for at, (index, row) in enumerate(table.iterrows()):
        values = index if isinstance(index, tuple) else (index,)
        chosen, told = pairs, []
        for key, value in zip(table.index.names, values):
            chosen = chosen[chosen[key] == value]
            text = _texts(sweep, key)[value]
            told.append(text if key == by else f"{key} = {text}")
        names.append(f"{told[-1]}" + "".join(f"\n{one}" for one in told[:-1]))
        colour = COLOURS[at % len(COLOURS)]
        spread = numpy.linspace(-0.14, 0.14, len(chosen)) if len(chosen) > 1 else [0.0]
        ax.scatter(chosen["difference"], at + numpy.asarray(spread[: len(chosen)]), s=14,
                   color=NEUTRAL, linewidth=0, zorder=3)
        ax.plot([row["low"], row["high"]], [at, at], color=colour, linewidth=3)
        ax.plot(row["difference"], at, marker="D", color=colour)
        factor = row["variance_reduction"]
        gain = f", {factor:,.3g}" if factor == factor else ""
        ax.annotate(f"{int(row['n'])}{gain}", (1.01, at),
                    xycoords=("axes fraction", "data"), va="center", fontsize="small")
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    unit = table.attrs["unit"]
    named = baseline if isinstance(baseline, str) else _texts(sweep, by)[baseline]
    ax.set_xlabel(metric_label(metric, unit) + f", difference to {named.replace('_', ' ')}")
    ax.set_title(f"Dots: pairs; bar: {confidence:.0%} interval of the mean", fontsize="small",
                 loc="left")
    ax.text(1.01, 1.0, "pairs, variance\nreduction", transform=ax.transAxes, fontsize="small")
    ax.locator_params(axis="x", nbins=6)
    ax.xaxis.set_major_formatter("{x:,g}")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    return ax


def _on_grid(run: Run, name: str, grid: Any) -> tuple[Any, str]:
    """A series at the times of a grid (s): the last value by then, else NaN; and its unit."""
    series = run.series[name]
    times = series.index.total_seconds().to_numpy()
    values, unit = series.to_numpy().astype(float), series.attrs["units"]
    tick = tick_in_usd(run) if unit == "tick" else None
    if tick is not None:
        values, unit = values * tick, "USD"
    at = numpy.searchsorted(times, grid, side="right") - 1
    if len(values) == 0:
        return numpy.full(len(grid), numpy.nan), unit
    return numpy.where(at >= 0, values[numpy.maximum(at, 0)], numpy.nan), unit


def _groups(runs: Sweep | Iterable[Run], by: str | None) -> dict[str, list[Any]]:
    """{label: [functions that open a run]} in the order of the sweep."""
    if not isinstance(runs, Sweep):
        if by is not None:
            raise ValueError("by needs a Sweep: a list of runs has no swept keys")
        return {"": [run for run in runs]}
    if by is not None and by not in runs.keys:
        raise UnknownName("swept key", by, runs.keys, runs.path)
    found: dict[str, list[Any]] = {}
    for number in runs.runs:
        label = "" if by is None else _texts(runs, by)[runs.metrics[by][number]]
        found.setdefault(label, []).append(number)
    return found


def plot_ensemble(
    runs: Sweep | Iterable[Run],
    series: str,
    by: str | None = None,
    bands: Sequence[float] = (0.5, 0.9),
    ax: Any = None,
) -> Any:
    """A recorded series over many runs: the median, and bands that hold 50 % and 90 % of the runs.

    `by`: one colour per value of this swept key. At each moment, quantiles over the runs.
    """
    runs = runs if isinstance(runs, Sweep) else list(runs)
    groups = _groups(runs, by)
    if not any(groups.values()):
        raise MezzanineError("plot_ensemble: there are no finished runs")
    ax = axes_of(ax)
    label, end = "", 0.0
    for number, (name, members) in enumerate(groups.items()):
        colour = COLOURS[number % len(COLOURS)]
        curves = []
        for member in members:
            run = runs.runs[member] if isinstance(runs, Sweep) else member
            if not curves:
                index = run.series[series].index
                end = float(index[-1].total_seconds()) if len(index) else 0.0
                grid = numpy.linspace(0.0, end, 400)
            values, label = _on_grid(run, series, grid)
            curves.append(values)
            if isinstance(runs, Sweep):
                run.close()
        block = numpy.array(curves)
        x = grid / time_unit(end).value
        seen = ~numpy.isnan(block).all(axis=0)
        for band in sorted(bands, reverse=True):
            edges = [50 - 50 * band, 50 + 50 * band]
            low, high = numpy.nanpercentile(block[:, seen], edges, axis=0)
            ax.fill_between(x[seen], low, high, color=colour, alpha=0.18, linewidth=0)
        told = f"{name}, {len(curves)} runs" if name else f"{len(curves)} runs"
        ax.plot(x[seen], numpy.nanmedian(block[:, seen], axis=0), color=colour, label=told,
                linestyle=LINES[number % len(LINES)],
                linewidth=1.8 if len(groups) == 1 else WIDTHS[min(number, len(WIDTHS) - 1)])
    ax.set_xlabel(time_label(time_unit(end).unit))
    ax.set_ylabel(metric_label(series, label))
    ax.yaxis.set_major_formatter("{x:,g}")
    shares = " and ".join(f"{band:.0%}" for band in sorted(bands))
    ax.set_title(f"Line: median; bands: {shares} of the runs", fontsize="small", loc="left")
    ax.grid(color="#EEEEEE", linewidth=0.8)
    ax.legend(frameon=False, fontsize="small")
    return ax
