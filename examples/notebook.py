#!/usr/bin/python3
# %% [markdown]
# # Two designs, one crash
# An optimistic rollup and a state channel live through the same fall of the price: same seed, same
# traders, same layer one. What differs is the design. Cells begin with `# %%` (VS Code, Spyder, and
# Jupyter with jupytext open this as a notebook); as a program it takes a folder for the picture:
#
#     notebook.py [FOLDER]
#
# Needs h5py, pandas and matplotlib, and the program mezz ($MEZZ, PATH or build/*/mezz).

# %%
import pathlib
import sys

if "__file__" in globals():  # from a checkout; not needed when the package is installed
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "analysis" / "python"))

import matplotlib

if __name__ == "__main__" and not hasattr(sys, "ps1") and "ipykernel" not in sys.modules:
    matplotlib.use("Agg")  # a program without a screen

import matplotlib.pyplot as plt

import mezzanine

# %% [markdown]
# ## One run of each
# `run` calls the program. The crash begins after half an hour; three thousand accounts are enough.

# %%
short = {"run.duration": "50 min", "agent[0].accounts": 3_000, "limit": []}
optimistic = mezzanine.run("flash_crash", {**short, "layer2.design": "optimistic_rollup"}, seed=7)
channel = mezzanine.run("flash_crash", {**short, "layer2.design": "state_channel"}, seed=7)

for run in (optimistic, channel):
    count, notional = run.metrics["liquidations.count"], run.metrics["liquidations.notional"]
    print(f"{run.design:<18} {count:,.0f} liquidations of {notional:,.0f} {notional.unit},"
          f" after {run.metrics['liquidations.delay.p50']} (median)")

# %% [markdown]
# ## What happened first, and what became of it

# %%
first = optimistic.events("liquidations").iloc[0]
print(f"\nThe first liquidation: account {first['account']}, {first['notional']:,.2f} USD "
      f"at {first['time'].total_seconds() / 60:.1f} min")

tx = optimistic.tx
sent = tx[(tx["kind"] == "liquidate") & (tx["block"] == first["block"])].iloc[0]
print(optimistic.lifecycle(sent["transaction"]))

# %% [markdown]
# ## Is the difference more than chance?
# Five seeds of both designs. Each pair shares its randomness, so the difference is known better
# than from runs that have nothing in common.

# %%
sweep = mezzanine.sweep(
    "flash_crash",
    {"layer2.design": ["optimistic_rollup", "state_channel"], "run.seed": range(1, 6)},
    {**short, "run.duration": "40 min"},
)
question = ("liquidations.notional", "layer2.design", "optimistic_rollup")
row = sweep.paired(*question).loc["state_channel"]
print(f"\nLiquidated in the channel, against the rollup: {row['difference']:+,.0f} USD, "
      f"95 % interval {row['low']:+,.0f} to {row['high']:+,.0f}; "
      f"variance reduction {row['variance_reduction']:.1f}")

# %% [markdown]
# ## One picture for the report

# %%
figure, axes = plt.subplots(2, 2, figsize=(14, 9), layout="constrained")
mezzanine.plot_ladder([optimistic, channel], ax=axes[0, 0])
mezzanine.plot_liquidations(optimistic, ax=axes[0, 1])
mezzanine.plot_waterfall(optimistic, ax=axes[1, 0])
mezzanine.plot_paired(sweep, *question, ax=axes[1, 1])
folder = pathlib.Path(sys.argv[1] if len(sys.argv) == 2 else ".")
figure.savefig(folder / "two_designs.png", dpi=110)
print(f"\nwritten: {folder / 'two_designs.png'}")

# %%
for result in (optimistic, channel, sweep):
    result.close()
