"""What all pictures share: colours that colour-blind readers tell apart, axes of time and money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .errors import module
from .result import Run
from .units import Amount, parse_amount

# Okabe and Ito, "Color Universal Design" (2008), without its yellow, which is faint on white.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000")
LOSS, GAIN, NEUTRAL = "#D55E00", "#0072B2", "#666666"
LINES = ("-", "--", ":", "-.")
# The first curve is the widest, so that one that lies on it leaves it visible.
WIDTHS = (3.6, 2.0, 1.2)

_LATENCIES = (
    (1e-3, "1 ms"),
    (1e-2, "10 ms"),
    (1e-1, "100 ms"),
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3_600.0, "1 h"),
    (21_600.0, "6 h"),
    (86_400.0, "1 d"),
    (604_800.0, "7 d"),
    (2_592_000.0, "30 d"),
)


def axes_of(ax: Any, width: float = 7.0, height: float = 4.0) -> Any:
    """The axes to draw on: those given, or those of a new figure (in inches)."""
    pyplot: Any = module("matplotlib.pyplot", "a plot")
    if ax is None:
        _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    return ax


def labelled(runs: Run | Mapping[str, Run] | Iterable[Run]) -> dict[str, Run]:
    """One run, several, or {label: run}, as {label: run}; the label is what tells them apart."""
    if isinstance(runs, Run):
        return {runs.title or runs.path: runs}
    if isinstance(runs, Mapping):
        return dict(runs)
    chosen = list(runs)
    for label in (
        lambda run: run.design.replace("_", " "),
        lambda run: run.title,
        lambda run: f"seed {run.seed}",
        lambda run: f"{run.design.replace('_', ' ')}, seed {run.seed}",
    ):
        labels = [label(run) for run in chosen]
        if len(set(labels)) == len(chosen):
            return dict(zip(labels, chosen))
    return {run.path: run for run in chosen}


def time_unit(seconds: float) -> Amount:
    """The unit in which a span of time is shown, with its size in seconds."""
    for size, name, up_to in ((1.0, "s", 180), (60.0, "min", 10_800), (3_600.0, "h", 259_200)):
        if seconds <= up_to:
            return Amount(size, name)
    return Amount(86_400.0, "d")


def money_unit(largest: float) -> Amount:
    """USD, kUSD or MUSD, with its size in USD."""
    for size, name in ((1e6, "MUSD"), (1e3, "kUSD")):
        if abs(largest) >= size:
            return Amount(size, name)
    return Amount(1.0, "USD")


def time_label(unit: str) -> str:
    return f"Simulated time ({unit})"


def metric_label(metric: str, unit: str) -> str:
    return metric if unit in ("1", "") else f"{metric} ({unit})"


def latency_axis(ax: Any, low: float, high: float) -> None:
    """A logarithmic axis of waiting times with ticks that people say: 1 s, 1 min, 7 d."""
    ticker: Any = module("matplotlib.ticker", "a plot")
    low = max((at for at, _ in _LATENCIES if at <= low), default=_LATENCIES[0][0])
    high = max(high, 2 * low) * 1.15
    shown = [(at, name) for at, name in _LATENCIES if low <= at <= high]
    ax.set_xscale("log")
    ax.set_xlim(low / 1.05, high)
    ax.xaxis.set_major_locator(ticker.FixedLocator([at for at, _ in shown]))
    ax.xaxis.set_major_formatter(ticker.FixedFormatter([name for _, name in shown]))
    ax.xaxis.set_minor_locator(ticker.NullLocator())
    ax.set_xlabel("Time since submission")
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.8)


def tick_in_usd(run: Run) -> float | None:
    """Worth of a tick of the perpetual's price; None when the scenario does not say."""
    amount = parse_amount(run.parameters.get("market.contract.tick", ""))
    return amount.value if amount is not None and amount.unit == "USD" else None
