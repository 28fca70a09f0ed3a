"""What scripts/gallery's answers are made of: a sweep as a table, means with intervals, tables, curves."""
import dataclasses
import math
import statistics

import h5py
import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

# Okabe and Ito: told apart by colour-blind readers; markers differ as well.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
matplotlib.rcParams.update({
    "svg.hashsalt": "mezzanine", "svg.fonttype": "none", "font.size": 10, "axes.grid": True, "grid.color": "#dddddd",
    "axes.axisbelow": True, "axes.spines.top": False, "axes.spines.right": False, "figure.constrained_layout.use": True,
    "legend.frameon": False,
})
# Student's t, 97.5 %, by degrees of freedom; 1.96 beyond.
T975 = [0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086]

SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
UNITS = {**SECONDS, "%": 0.01, "bp": 1e-4, "ppm": 1e-6, "gwei": 1.0, "lots": 1.0, "USD": 1.0, "kUSD": 1e3, "MUSD": 1e6,
         "Mgas": 1e6, "gas": 1.0}


def amount(value):
    """'5 min' as 300.0; a number as it is."""
    if not isinstance(value, str):
        return float(value)
    number, _, unit = value.partition(" ")
    return float(number.replace("_", "")) * UNITS[unit]


@dataclasses.dataclass
class Answer:
    table: str
    sentence: str
    comparison: str
    figure: object = None


class Sweep:
    """DIR/sweep.h5: one row per run, keys and headline numbers as columns."""

    def __init__(self, folder):
        self.folder = folder
        columns = {}
        with h5py.File(folder / "sweep.h5") as file:
            for name, data in file.items():
                if not isinstance(data, h5py.Dataset) or data.ndim != 1:
                    continue
                values = data[:]
                columns[name] = [v.decode() for v in values] if values.dtype.kind in "SO" else values
        self.runs = pd.DataFrame(columns)

    def mean(self, keys, value):
        """Mean and half the 95 % interval over the seeds, by the values of `keys` in the order of the sweep.
        `value` is a headline number or a function of the rows."""
        keys = [keys] if isinstance(keys, str) else list(keys)
        frame = self.runs[keys].copy()
        frame["value"] = value(self.runs) if callable(value) else self.runs[value]
        grouped = frame.groupby(keys, sort=False)["value"]
        out = grouped.agg(["mean", "std", "count"]).reset_index()
        t = [T975[n - 1] if n <= len(T975) else 1.96 for n in out["count"].astype(int)]
        out["half"] = np.where(out["count"] > 1, np.array(t) * out["std"] / np.sqrt(out["count"]), 0.0)
        return out

    def ratio(self, keys, above, below):
        """Sum over the seeds of one number over that of another; for losses, of which most runs have none."""
        keys = [keys] if isinstance(keys, str) else list(keys)
        sums = self.runs.groupby(keys, sort=False)[[above, below]].sum().reset_index()
        sums["mean"] = sums[above] / sums[below].where(sums[below] > 0, np.nan)
        return sums

    def table_of_run(self, run, path, columns):
        """Columns of a table that a run has recorded."""
        with h5py.File(self.folder / f"runs/{run:06d}.h5") as file:
            return pd.DataFrame({c: file[path][c][:] for c in columns})


def number(value, half=0.0, digits=3):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "n/a"
    if isinstance(value, str):
        return value
    text = f"{value:,.{digits}g}" if abs(value) < 1000 else f"{value:,.0f}"
    if "e" in text and 1e-4 <= abs(value):
        text = f"{value:,.0f}"
    return f"{text} +- {half:,.2g}" if half > 0 else text


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(number(c) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def axes(x, y, xlog=False, ylog=False, size=(5.6, 3.6)):
    figure, ax = plt.subplots(figsize=size)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    if xlog:
        ax.set_xscale("log")
    if ylog:
        ax.set_yscale("log")
    return figure, ax


def curve(ax, i, x, y, half=None, label=None):
    ax.errorbar(x, y, yerr=half, color=COLOURS[i], marker=MARKERS[i], markersize=5, capsize=3, linewidth=1.2, label=label)


def law(ax, i, x, y, label=None):
    ax.plot(x, y, color=COLOURS[i], linestyle="--", linewidth=1.2, label=label)


def save_figure(figure, path):
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)


def normal(x):
    """Distribution function of the standard normal law."""
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


YEAR = 365.0 * 86400.0


def polled_loss(delay, volatility, margin, jumps=0.0, jump_mean=0.0, jump_deviation=0.0):
    """Bad debt over liquidated notional when prices are looked at every `delay` seconds and touched prices are spread evenly:
    E[g(x)] / E[1 - exp(-x)] over falls x > 0 of the log price, g(x) = integral of max(0, 1 - m - exp(-u)) for u from 0 to x."""
    years = delay / YEAR
    mean_jumps = jumps * years
    drift = -0.5 * volatility**2 - jumps * (math.exp(jump_mean + 0.5 * jump_deviation**2) - 1.0)
    lost = taken = 0.0
    weight = math.exp(-mean_jumps)
    for n in range(60):
        mean = drift * years + n * jump_mean
        deviation = math.sqrt(volatility**2 * years + n * jump_deviation**2)
        fall = -(mean + deviation * np.linspace(-8.0, 8.0, 8001))
        density = np.exp(-0.5 * np.linspace(-8.0, 8.0, 8001) ** 2)
        density /= density.sum()
        first = -math.log(1.0 - margin)
        g = np.where(fall > first, (1.0 - margin) * (fall - first) - (1.0 - margin) + np.exp(-fall), 0.0)
        h = np.where(fall > 0.0, 1.0 - np.exp(-fall), 0.0)
        lost += weight * float((density * g).sum())
        taken += weight * float((density * h).sum())
        weight *= mean_jumps / (n + 1)
    return lost / taken


def touched_loss(delay, block, length, volatility, margin, seeds, jumps=0.0, jump_mean=0.0, jump_deviation=0.0):
    """Bad debt over liquidated notional of a crowd that is there from the start: an account is liquidated at the first look below its
    price, a block later, and is gone; so a fall finds accounts only below the lowest price looked at before. Looks every `delay`, at blocks.
    Over `length` seconds, on paths of its own (no market, chain or keeper). Leverage as the population's default: lognormal, median 8,
    deviation 0.6, cut at 1.5 and 20. Returns the ratio and between what 95 % of samples of `seeds` paths lie."""
    years = max(1, round(delay / block)) * block / YEAR
    looks = int(length / YEAR / years)
    count = seeds * int(min(400, max(25, 1e6 / looks)))
    draw = np.random.default_rng(1)
    drift = -0.5 * volatility**2 - jumps * (math.exp(jump_mean + 0.5 * jump_deviation**2) - 1.0)

    def increments(shape, time):
        x = drift * time + volatility * math.sqrt(time) * draw.standard_normal(shape)
        n = draw.poisson(jumps * time, shape)
        return x + n * jump_mean + np.sqrt(n) * jump_deviation * draw.standard_normal(shape) if jumps > 0.0 else x

    accounts = 400
    quantiles = [statistics.NormalDist(math.log(8.0), 0.6).inv_cdf((i + 0.5) / accounts) for i in range(accounts)]
    leverage = np.clip(np.exp(quantiles), 1.5, 20.0)
    touched = np.log((1.0 - 1.0 / leverage) / (1.0 - margin))[::-1]  # of the price at the start; highest first
    sums = np.empty((count, 2))
    for i in range(count):
        price = np.cumsum(increments(looks, years))
        first = np.searchsorted(-np.minimum.accumulate(price), -touched)
        hit = first < looks
        paid = np.exp(price[first[hit]] + increments(1, block / YEAR))
        sums[i] = np.maximum(0.0, (1.0 - margin) * np.exp(touched[hit]) - paid).sum(), paid.sum()
    lost, taken = sums.reshape(-1, seeds, 2).sum(axis=1).T
    groups = np.divide(lost, taken, out=np.zeros(len(lost)), where=taken > 0)
    return (lost.sum() / taken.sum(), *np.quantile(groups, [0.025, 0.975]))
