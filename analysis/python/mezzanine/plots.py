"""Pictures of one run, or of a few side by side. Each returns its Axes; draws on `ax` if given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy

from .errors import MezzanineError, UnknownName
from .result import RUNGS, Run
from .style import (
    COLOURS,
    GAIN,
    LINES,
    LOSS,
    NEUTRAL,
    WIDTHS,
    axes_of,
    labelled,
    latency_axis,
    money_unit,
    tick_in_usd,
    time_label,
    time_unit,
)

__all__ = [
    "plot_fund",
    "plot_ladder",
    "plot_latency_ecdf",
    "plot_liquidations",
    "plot_waterfall",
]

_Runs = Run | Mapping[str, Run] | Iterable[Run]
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def _rung_name(rung: str) -> str:
    return rung.replace("_", " ")


def plot_ladder(runs: _Runs, ax: Any = None) -> Any:
    """How long transactions take to each rung of finality: median to 99th percentile, by run.

    From the headline metrics. Beside a rung: how many transactions did not reach it in the run.
    """
    chosen = labelled(runs)
    rungs = list(RUNGS[1:])
    ax = axes_of(ax, 7.5, 1.6 + len(rungs) * (0.2 + 0.22 * len(chosen)))
    step = 0.8 / len(chosen)
    seen: list[float] = []
    for number, (label, run) in enumerate(chosen.items()):
        metrics = run.metrics
        if not any(f"finality.{rung}.never" in metrics for rung in rungs):
            raise MezzanineError(f"{run.path}: has no metrics of finality (status {run.status})")
        colour, total = COLOURS[number % len(COLOURS)], run.rows.get("tx", 0)
        for at, rung in enumerate(rungs):
            y = at + (number - (len(chosen) - 1) / 2) * step
            middle = float(metrics.get(f"finality.{rung}.p50", numpy.nan))
            late = float(metrics.get(f"finality.{rung}.p99", numpy.nan))
            never = int(metrics.get(f"finality.{rung}.never", 0))
            if middle > 0 and late > 0:
                ax.plot([middle, late], [y, y], color=colour, linewidth=3, solid_capstyle="butt")
                ax.plot(middle, y, marker=_MARKERS[number % len(_MARKERS)], color=colour)
                ax.plot(late, y, marker="|", color=colour, markersize=11, markeredgewidth=2)
                seen += [middle, late]
            if never:
                share = f" ({max(never / total, 0.001):.1%})" if total else ""
                share = share.replace("(0.1%", "(<0.1%") if never < 0.001 * total else share
                ax.annotate(
                    f"{never:,} never{share}",
                    (1.01, y),
                    xycoords=("axes fraction", "data"),
                    va="center",
                    fontsize="small",
                    color=colour,
                )
        ax.plot([], [], color=colour, linewidth=3, marker=_MARKERS[number % len(_MARKERS)],
                label=label)
    latency_axis(ax, min(seen, default=1.0), max(seen, default=1.0))
    ax.set_yticks(range(len(rungs)), [_rung_name(rung) for rung in rungs])
    ax.set_ylim(len(rungs) - 0.5, -0.5)
    ax.set_ylabel("Rung of finality")
    ax.set_title("Marker: median; bar: to the 99th percentile", fontsize="small", loc="left")
    if len(chosen) > 1:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.07), ncol=3, frameon=False)
    return ax


def plot_latency_ecdf(runs: _Runs, rungs: Sequence[str] | None = None, ax: Any = None) -> Any:
    """Share of all transactions that reached a rung within a time since their submission.

    A curve that ends below 100 % shows those that never did. Needs the table tx. `rungs`: all that
    were reached, or some of preconfirmed, published, order_final, asserted, settled.
    """
    for rung in rungs or ():
        if rung not in RUNGS[1:]:
            raise UnknownName("rung", rung, RUNGS[1:])
    chosen = labelled(runs)
    ax = axes_of(ax)
    low, high = numpy.inf, 0.0
    for number, (label, run) in enumerate(chosen.items()):
        tx = run.table("tx", times="nanoseconds")
        if tx.empty:
            raise MezzanineError(f"{run.path}: recorded no transactions")
        for at, rung in enumerate(rungs or RUNGS[1:]):
            reached = tx[tx[rung] >= 0]
            waits = numpy.sort((reached[rung] - reached["submitted"]).to_numpy()) / 1e9
            if len(waits) == 0:
                continue
            # At most a thousand steps are drawn; more cannot be seen.
            picked = numpy.unique(numpy.linspace(0, len(waits) - 1, 1_000).astype(int))
            share = (picked + 1) / len(tx)
            one = len(chosen) == 1
            ax.step(
                waits[picked],
                100 * share,
                where="post",
                color=COLOURS[(at if one else number) % len(COLOURS)],
                linestyle=LINES[(0 if one else at) % len(LINES)],
                linewidth=1.8 if one else WIDTHS[min(number, len(WIDTHS) - 1)],
                label=_rung_name(rung) if one else f"{label}, {_rung_name(rung)}",
            )
            low, high = min(low, waits[len(waits) // 1_000]), max(high, waits[-1])
    latency_axis(ax, low if low < numpy.inf else 1.0, high or 1.0)
    ax.set_ylim(0, 102)
    ax.set_ylabel("Share of transactions (%)")
    ax.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    return ax


def _standing(run: Run, frame: Any) -> Any:
    """Rows of blocks that were not rolled back: those of the last incarnation of their block."""
    if "incarnation" not in frame or not run.rows.get("tables/blocks"):
        return frame
    last = run.table("blocks").groupby("block")["incarnation"].max()
    return frame[frame["incarnation"] == frame["block"].map(last)]


def plot_liquidations(run: Run, ax: Any = None) -> Any:
    """Liquidations of the perpetual on the price outside: the area of a mark is the notional.

    Marks of one step of liquidation within 1/150 of the run are drawn as one.
    """
    tick = tick_in_usd(run)
    price = run.series["price/price"]
    seconds = price.index.total_seconds().to_numpy()
    unit = time_unit(float(seconds[-1]) if len(seconds) else 0.0)
    ax = axes_of(ax, 7.5, 4.2)
    values = price.to_numpy() * (tick or 1.0)
    ax.plot(seconds / unit.value, values, color="black", linewidth=1, zorder=3,
            label="price outside")
    rows = run.table("liquidations", scaled=True, times="nanoseconds")
    rows = _standing(run, rows)
    rows = rows[(rows["instrument"] == 0) & (rows["notional"] > 0)]
    if not rows.empty:
        width = max(float(seconds[-1]) * 1e9 / 150, 1.0)
        rows = rows.assign(
            bin=(rows["time"] // width).astype("int64"),
            paid=rows["price"] * rows["notional"],
            at=rows["time"] * rows["notional"],
        )
        groups = rows.groupby(["step", "bin"], observed=True)[["notional", "paid", "at"]].sum()
        largest = groups["notional"].max()
        steps = [step for step in rows["step"].cat.categories if step in set(rows["step"])]
        for number, step in enumerate(steps):
            marks = groups.loc[step]
            notional = marks["notional"].sum()
            total = money_unit(notional)
            ax.scatter(
                marks["at"] / marks["notional"] / 1e9 / unit.value,
                marks["paid"] / marks["notional"] * (tick or 1.0),
                s=6 + 260 * marks["notional"] / largest,
                color=COLOURS[number % len(COLOURS)],
                marker=_MARKERS[number % len(_MARKERS)],
                alpha=0.7,
                edgecolor="white",
                linewidth=0.4,
                label=f"{_rung_name(step)}: {notional / total.value:,.1f} {total.unit}",
            )
    ax.set_xlabel(time_label(unit.unit))
    ax.set_ylabel("Price (USD)" if tick else "Price (tick)")
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.grid(color="#EEEEEE", linewidth=0.8)
    ax.set_title("Liquidated notional by step" if not rows.empty else "No liquidations",
                 fontsize="small", loc="left")
    legend = ax.legend(frameon=False, fontsize="small")
    for handle in legend.legendHandles[1:]:
        handle.set_sizes([40])
    return ax


class _Bar(NamedTuple):
    label: str
    bottom: float
    height: float
    colour: str
    is_change: bool  # a step from the level before it, which a line leads to


def _draw_bars(bars: Sequence[_Bar], title: str, ax: Any) -> Any:
    """Bars of US dollars in USD, kUSD or MUSD, with their amounts above them."""
    unit = money_unit(max(max(abs(bar.bottom), abs(bar.bottom + bar.height)) for bar in bars))
    ax = axes_of(ax)
    for at, bar in enumerate(bars):
        bottom, height = bar.bottom / unit.value, bar.height / unit.value
        ax.bar(at, height, bottom=bottom, color=bar.colour, width=0.65)
        sign = "+" if bar.is_change and height > 0 else ""
        ax.annotate(f"{sign}{height:,.4g}", (at, max(bottom, bottom + height)), (0, 3),
                    ha="center", textcoords="offset points", fontsize="small")
        if bar.is_change:
            ax.plot([at - 0.675, at - 0.325], [bottom, bottom], color=NEUTRAL, linewidth=0.8)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set_xticks(range(len(bars)), [bar.label for bar in bars])
    ax.tick_params(axis="x", length=0)
    ax.set_ylabel(f"Amount ({unit.unit})")
    ax.set_title(title, fontsize="small", loc="left")
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.08 * (high - low))
    return ax


def plot_waterfall(run: Run, ax: Any = None) -> Any:
    """Who bore what liquidations lost against the mark, in the order of the waterfall.

    The liquidated accounts themselves (fees included), the insurance fund or the vault, deleveraged
    counterparties, all accounts together, and the bad debt that was booked: loss.* of the
    metrics, in USD. A counterparty that gained by deleveraging lowers the bar.
    """
    metrics = run.metrics
    parties = {
        "loss.penalty": "liquidated\naccounts",
        "loss.fund": "insurance\nfund",
        "loss.adl": "deleveraged\naccounts",
        "loss.socialised": "all\naccounts",
        "loss.bad_debt": "bad debt\nbooked",
    }
    if not all(name in metrics for name in parties):
        raise MezzanineError(f"{run.path}: has no metrics loss.* (status {run.status})")
    bars, level = [], 0.0
    for name, label in parties.items():
        loss = float(metrics[name])
        bars.append(_Bar(label, level, loss, LOSS if name == "loss.bad_debt" else GAIN, bool(bars)))
        level += loss
    bars.append(_Bar("total", 0.0, level, NEUTRAL, False))
    return _draw_bars(bars, "Losses of liquidations, by who bore them", ax)


def plot_fund(run: Run, ax: Any = None) -> Any:
    """The insurance fund from its start to its end, and the bad debt that is left, in USD.

    Fees and payments of liquidations are exact sums of the table; "other" is what else moved the
    fund, so that the bars always add up.
    """
    metrics = run.metrics
    rows = _standing(run, run.tables["liquidations"])
    fees, paid = int(rows["fee"].sum()) / 1e6, int(rows["fund_paid"].sum()) / 1e6
    start, end = float(metrics["insurance_fund.start"]), float(metrics["insurance_fund.end"])
    other = end - (start + fees - paid)
    bars, level = [_Bar("fund at\nthe start", 0.0, start, NEUTRAL, False)], start
    changes = {"liquidation\nfees": fees, "paid for\nlosses": 0.0 - paid, "other": other}
    for label, change in changes.items():
        if label != "other" or abs(change) >= 0.005:
            bars.append(_Bar(label, level, change, GAIN if change >= 0 else COLOURS[1], True))
        level += change
    bars.append(_Bar("fund at\nthe end", 0.0, end, NEUTRAL, False))
    debt = 0.0 - float(metrics["bad_debt.usd"])
    bars.append(_Bar("bad debt", 0.0, debt, LOSS, False))
    return _draw_bars(bars, "Insurance fund", ax)
