"""Mezzanine results and runs in Python.

    import mezzanine
    run = mezzanine.open_run("runs/flash_crash.h5")
    run.metrics["bad_debt.usd"]                     # a float with a unit
    run.tables["liquidations"]                      # a pandas DataFrame, exact integers
    sweep = mezzanine.open_sweep("runs/my_sweep")   # one row per run, swept keys as columns
    sweep.paired("bad_debt.usd", by="layer2.design", baseline="optimistic_rollup")
    run = mezzanine.run("flash_crash", {"market.insurance_fund": "1 MUSD"}, seed=7)

Needs h5py and pandas; xarray and matplotlib only where they are used. See README.md.
"""

from .command import Reproduction, find_mezz, reproduce, resume, run, sweep
from .errors import (
    FailedRunWarning,
    LimitWarning,
    MezzanineError,
    MezzError,
    MissingModule,
    RunFileError,
    UnknownName,
)
from .plots import (
    plot_fund,
    plot_ladder,
    plot_latency_ecdf,
    plot_liquidations,
    plot_waterfall,
)
from .result import Run, open_run
from .sweep_plots import plot_ensemble, plot_heatmap, plot_paired
from .sweeps import Sweep, open_sweep
from .units import Amount, Metric, parse_amount
from .values import Histogram, Metrics, Scenario

__all__ = [
    "Amount",
    "FailedRunWarning",
    "Histogram",
    "LimitWarning",
    "Metric",
    "Metrics",
    "MezzError",
    "MezzanineError",
    "MissingModule",
    "Reproduction",
    "Run",
    "RunFileError",
    "Scenario",
    "Sweep",
    "UnknownName",
    "find_mezz",
    "open_run",
    "open_sweep",
    "parse_amount",
    "plot_ensemble",
    "plot_fund",
    "plot_heatmap",
    "plot_ladder",
    "plot_latency_ecdf",
    "plot_liquidations",
    "plot_paired",
    "plot_waterfall",
    "reproduce",
    "resume",
    "run",
    "sweep",
]
