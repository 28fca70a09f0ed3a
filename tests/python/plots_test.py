"""Pictures: what they show is what the tables say, and every axis has a name with its unit."""

import os

import support
from support import CRASH, call

import matplotlib
import matplotlib.pyplot as pyplot
import numpy

import mezzanine

SWEEP = """
title = "Two designs"
[run]
duration = "40 s"
[[agent]]
kind = "market_maker"
[[agent]]
kind = "noise_trader"
traders = 50
[sweep]
"layer2.design" = ["optimistic_rollup", "state_channel"]
"market.insurance_fund" = ["500_000 USD", "1 MUSD"]
"run.seed" = { from = 1, to = 3 }
"""


class Pictures(support.FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_ = mezzanine.open_run(cls.simulate("crash", CRASH))
        cls.addClassCleanup(cls.run_.close)
        folder = cls.file("sweep")
        call("sweep", cls.file("s.toml", SWEEP), "--out", folder, "--quiet")
        cls.sweep = mezzanine.open_sweep(folder)

    def tearDown(self):
        pyplot.close("all")

    def drawn(self, ax, x, y):
        """The axes have these names, and the picture can be written."""
        self.assertEqual((ax.get_xlabel(), ax.get_ylabel()), (x, y))
        path = self.file("picture.png")
        ax.figure.savefig(path, dpi=40)
        self.assertGreater(os.path.getsize(path), 1_000)
        return ax

    def test_ladder_goes_from_median_to_99th_percentile(self):
        ax = mezzanine.plot_ladder(self.run_)
        self.drawn(ax, "Time since submission", "Rung of finality")
        metrics = self.run_.metrics
        wanted = [metrics["finality.published.p50"], metrics["finality.published.p99"]]
        self.assertIn(wanted, [list(line.get_xdata()) for line in ax.lines])
        never = int(metrics["finality.published.never"])
        self.assertIn(f"{never:,} never", " ".join(text.get_text() for text in ax.texts))

    def test_two_ladders_are_told_apart_by_what_differs(self):
        with mezzanine.run(self.file("s.toml"), {"layer2.design": "sidechain"}) as other:
            ax = mezzanine.plot_ladder([self.run_, other])
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        self.assertEqual(labels, ["optimistic rollup", "sidechain"])

    def test_curves_end_at_the_share_that_reached_the_rung(self):
        ax = self.drawn(mezzanine.plot_latency_ecdf(self.run_, ["published", "order_final"]),
                        "Time since submission", "Share of transactions (%)")
        tx = self.run_.tx
        for line, rung in zip(ax.lines, ("published", "order_final")):
            waits = (tx[rung] - tx["submitted"]).dropna()
            self.assertAlmostEqual(line.get_ydata()[-1], 100 * len(waits) / len(tx), 9)
            self.assertEqual(line.get_xdata()[-1], waits.max().value / 1e9)
        with self.says(mezzanine.UnknownName, "'publishd'", "'published'"):
            mezzanine.plot_latency_ecdf(self.run_, ["publishd"])

    def test_liquidations_lie_on_the_price_in_dollars(self):
        ax = self.drawn(mezzanine.plot_liquidations(self.run_),
                        "Simulated time (min)", "Price (USD)")
        price = self.run_.series["price/price"]
        self.assertEqual(list(ax.lines[0].get_ydata()), list(price))  # a tick is one dollar here
        marks = numpy.concatenate([marks.get_offsets() for marks in ax.collections])
        rows = self.run_.table("liquidations", scaled=True, times="elapsed")
        self.assertGreaterEqual(marks[:, 0].min(), rows["time"].min().total_seconds() / 60 - 1e-9)
        self.assertLessEqual(marks[:, 1].max(), rows["price"].max())

    def test_waterfall_is_who_bore_the_losses(self):
        ax = mezzanine.plot_waterfall(self.run_)
        sizes = {"Amount (USD)": 1.0, "Amount (kUSD)": 1e3, "Amount (MUSD)": 1e6}
        self.drawn(ax, "", ax.get_ylabel())
        heights = [bar.get_height() * sizes[ax.get_ylabel()] for bar in ax.patches]
        parties = ("penalty", "fund", "adl", "socialised", "bad_debt")
        for height, party in zip(heights, parties):
            self.assertAlmostEqual(height, self.run_.metrics[f"loss.{party}"], 6)
        self.assertAlmostEqual(sum(heights[:-1]), heights[-1], 6)
        self.assertNotEqual(heights[-1], 0)

    def test_the_bars_of_the_fund_add_up_to_its_end(self):
        ax = self.drawn(mezzanine.plot_fund(self.run_), "", "Amount (MUSD)")
        heights = [bar.get_height() for bar in ax.patches]
        metrics = self.run_.metrics
        self.assertEqual(heights[0], metrics["insurance_fund.start"] / 1e6)
        self.assertEqual(heights[-2], metrics["insurance_fund.end"] / 1e6)
        self.assertAlmostEqual(sum(heights[:-2]), heights[-2], 9)
        self.assertEqual(heights[-1], -metrics["bad_debt.usd"] / 1e6)
        fees = self.run_.tables["liquidations"]["fee"].sum()
        self.assertAlmostEqual(heights[1], fees / 1e12, 12)

    def test_heatmap_has_the_mean_of_each_cell(self):
        ax = self.drawn(
            mezzanine.plot_heatmap(self.sweep, "layer2.design", "market.insurance_fund", "trades"),
            "layer2.design", "market.insurance_fund")
        cells = ax.images[0].get_array()
        trades = self.sweep.metrics["trades"]
        of = [trades[first : first + 3].mean() for first in (0, 3, 6, 9)]
        self.assertEqual(cells.tolist(), [[of[0], of[2]], [of[1], of[3]]])
        self.assertEqual([t.get_text() for t in ax.get_yticklabels()], ["500 000 USD", "1 MUSD"])
        with self.says(mezzanine.UnknownName, "'trades'"):
            mezzanine.plot_heatmap(self.sweep, "layer2.design", "run.seed", "trade")

    def test_paired_shows_every_pair_and_the_mean(self):
        key = "market.insurance_fund"
        ax = mezzanine.plot_paired(self.sweep, "insurance_fund.end", key, "1 MUSD")
        self.drawn(ax, "insurance_fund.end (USD), difference to 1 MUSD", "")
        # Without liquidations the fund ends as it starts: half a million less in every pair.
        for dots in ax.collections:
            self.assertEqual(dots.get_offsets()[:, 0].tolist(), [-5e5] * 3)
        self.assertEqual(len(ax.collections), 2)

    def test_ensemble_median_is_that_of_the_runs(self):
        ax = self.drawn(mezzanine.plot_ensemble(self.sweep, "price/price", by="layer2.design"),
                        "Simulated time (s)", "price/price (USD)")
        self.assertEqual(len(ax.lines), 2)
        last = []
        for number in range(6):
            with self.sweep.runs[number] as run:
                last.append(run.series["price/price"].iloc[-1])
        self.assertEqual(ax.lines[0].get_ydata()[-1], numpy.median(last))

    def test_given_axes_are_drawn_on(self):
        figure, axes = pyplot.subplots(1, 2)
        self.assertIs(mezzanine.plot_fund(self.run_, ax=axes[1]), axes[1])
        self.assertEqual(len(figure.axes), 2)
        self.assertEqual(matplotlib.get_backend().lower(), "agg")

    def test_without_matplotlib_the_message_says_what_to_install(self):
        import sys
        from unittest import mock

        with mock.patch.dict(sys.modules, {"matplotlib.pyplot": None}):
            with self.says(mezzanine.MissingModule, "matplotlib", "python3-matplotlib"):
                mezzanine.plot_fund(self.run_)


support.main()
