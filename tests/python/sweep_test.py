"""A sweep of the real program in Python: typed keys, failed runs, pairs, grids."""

import json
import math
import os
import shutil
import statistics

import support
from support import call

import h5py

import mezzanine

# Three seeds of two designs of two lengths, traders included: the numbers differ by seed.
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


class Sweeps(support.FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.file("done")
        call("sweep", cls.file("s.toml", SWEEP), "--out", cls.path, "--quiet")
        cls.sweep = mezzanine.open_sweep(cls.path)

    def test_one_row_per_run_with_typed_keys_and_their_text(self):
        frame = self.sweep.metrics
        self.assertEqual(self.sweep.keys, ["layer2.design", "market.insurance_fund", "run.seed"])
        self.assertEqual(list(frame.index), list(range(12)))
        self.assertEqual(list(frame["run.seed"]), [1, 2, 3] * 4)
        self.assertEqual(list(frame["market.insurance_fund"][:6]), [5e5] * 3 + [1e6] * 3)
        self.assertEqual(frame["market.insurance_fund.text"][3], "1 MUSD")
        self.assertEqual(frame["layer2.design"][11], "state_channel")
        self.assertEqual(frame.attrs["units"]["market.insurance_fund"], "USD")
        self.assertNotIn("run.seed.text", frame)
        self.assertEqual(set(frame["state"]), {"finished"})

    def test_numbers_are_those_of_each_run(self):
        for number in self.sweep.runs:
            with self.sweep.runs[number] as run:
                row = self.sweep.metrics.loc[number]
                self.assertEqual(row["fingerprint"], run.fingerprint)
                self.assertEqual(row["run.seed"], run.seed)
                for name, metric in run.metrics.items():
                    same = row[name] == metric or (math.isnan(metric) and math.isnan(row[name]))
                    self.assertTrue(same, name)
        units = self.sweep.metrics.attrs["units"]
        self.assertEqual((units["insurance_fund.end"], units["blocks.longest_gap"]), ("USD", "s"))

    def test_runs_are_found_by_number_or_text_of_a_key(self):
        by_text = {"layer2.design": "state_channel", "market.insurance_fund": "1 MUSD"}
        self.assertEqual(self.sweep.numbers(by_text), [9, 10, 11])
        self.assertEqual(self.sweep.numbers({"market.insurance_fund": 1e6, "run.seed": 2}), [4, 10])
        with self.says(mezzanine.UnknownName, "'layer2.desing'", "'layer2.design'"):
            self.sweep.numbers({"layer2.desing": "plasma"})

    def test_paired_difference_is_that_of_a_calculation_by_hand(self):
        frame = self.sweep.metrics
        table = self.sweep.paired("trades", by="layer2.design", baseline="optimistic_rollup")
        self.assertEqual(list(table.index), [(5e5, "state_channel"), (1e6, "state_channel")])
        row = table.loc[(5e5, "state_channel")]
        base, other = list(frame["trades"][0:3]), list(frame["trades"][6:9])
        differences = [b - a for a, b in zip(base, other)]
        self.assertGreater(len(set(differences)), 1)
        # Student's t for 95 % and two degrees of freedom is 4.302653.
        half = 4.302653 * statistics.stdev(differences) / math.sqrt(3)
        reduction = statistics.variance(base) + statistics.variance(other)
        self.assertEqual((row["n"], row["unpaired"]), (3, 0))
        self.assertAlmostEqual(row["difference"], statistics.mean(differences), 9)
        self.assertAlmostEqual(row["high"] - row["difference"], half, 5 - len(str(int(half))))
        self.assertAlmostEqual(row["difference"] - row["low"], half, 5 - len(str(int(half))))
        self.assertAlmostEqual(
            row["variance_reduction"], reduction / statistics.variance(differences), 9
        )
        self.assertEqual(table.attrs["unit"], "1")

    def test_paired_difference_is_that_of_mezz_compare(self):
        path = self.file("pairs")
        one_fund = [line for line in SWEEP.splitlines() if "insurance_fund" not in line]
        call("sweep", self.file("p.toml", "\n".join(one_fund)), "--out", path, "--quiet")
        words = ["--by", "layer2.design", "--metric", "trades", "--json"]
        said = json.loads(call("compare", path, *words))["metrics"]["trades"]["groups"][1]
        sweep = mezzanine.open_sweep(path)
        row = sweep.paired("trades", "layer2.design", "optimistic_rollup").loc["state_channel"]
        self.assertEqual(row["n"], said["pairs"])
        for found, expected in (
            (row["difference"], said["difference"]),
            (row["low"], said["difference_interval"][0]),
            (row["high"], said["difference_interval"][1]),
            (row["variance_reduction"], said["variance_reduction"]),
            (row["correlation"], said["correlation"]),
        ):
            self.assertAlmostEqual(found, expected, delta=1e-9 * abs(expected))

    def test_the_baseline_may_be_a_number_or_its_text(self):
        one = self.sweep.paired("events", by="market.insurance_fund", baseline="1 MUSD")
        two = self.sweep.paired("events", by="market.insurance_fund", baseline=1e6)
        self.assertTrue(one.equals(two))
        self.assertEqual([index[1] for index in one.index], [5e5, 5e5])

    def test_wrong_questions_are_answered_with_what_there_is(self):
        for ask, parts in (
            (lambda: self.sweep.paired("trade", "layer2.design", "state_channel"), ("'trades'",)),
            (lambda: self.sweep.paired("trades", "design", "plasma"), ("'layer2.design'",)),
            (lambda: self.sweep.paired("trades", "layer2.design", "plasma"), ("state_channel",)),
            (lambda: self.sweep.runs[12], ("no run '12'",)),
        ):
            with self.says(mezzanine.UnknownName, *parts):
                ask()
        with self.assertRaises(ValueError):
            self.sweep.paired("trades", "run.seed", 1)

    def test_xarray_has_the_keys_as_coordinates_and_as_a_grid(self):
        flat = self.sweep.to_xarray()
        self.assertEqual(flat["trades"].dims, ("run",))
        self.assertEqual(flat["market.insurance_fund"].attrs["units"], "USD")
        self.assertIn("market.insurance_fund.text", flat.coords)
        grid = self.sweep.to_xarray(grid=True)
        self.assertEqual(grid["trades"].shape, (2, 2, 3))
        one = {"layer2.design": "state_channel", "market.insurance_fund": 1e6, "run.seed": 2}
        self.assertEqual(float(grid["trades"].sel(one)), self.sweep.metrics["trades"][10])

    def test_without_the_master_file_the_numbers_are_the_same(self):
        path = self.file("no_master")
        shutil.copytree(self.path, path)
        os.remove(os.path.join(path, "sweep.h5"))
        again = mezzanine.open_sweep(path).metrics
        self.assertTrue(again[list(self.sweep.metrics)].equals(self.sweep.metrics))

    def test_a_sweep_that_is_not_over_shows_what_is_there(self):
        path = self.file("half")
        shutil.copytree(self.path, path)
        os.remove(os.path.join(path, "runs", "000008.h5"))
        half = mezzanine.open_sweep(os.path.join(path, "sweep.json"))
        self.assertEqual(half.metrics["state"][8], "left")
        self.assertTrue(math.isnan(half.metrics["trades"][8]))
        self.assertEqual(half.metrics["trades"][7], self.sweep.metrics["trades"][7])
        with self.says(mezzanine.RunFileError, "run 8 is not done yet"):
            half.runs[8]
        table = half.paired("trades", "layer2.design", "optimistic_rollup")
        self.assertEqual(list(table["n"]), [2, 3])
        self.assertEqual(list(table["unpaired"]), [1, 0])

    def test_a_failed_run_has_its_message(self):
        path = self.file("failing")
        call("sweep", self.file("f.toml", SWEEP), "--out", path, "--prepare", "--quiet")
        failure = {"run": 4, "message": "balance is negative", "event": "Deposit to l2/bridge"}
        with open(os.path.join(path, "failed", "000004.json"), "w", encoding="utf-8") as file:
            json.dump(failure, file)
        with self.assertWarnsRegex(mezzanine.FailedRunWarning, "balance is negative"):
            sweep = mezzanine.resume(path)
        self.assertEqual(sweep.failures, {4: "balance is negative (at Deposit to l2/bridge)"})
        row = sweep.metrics.loc[4]
        self.assertEqual((row["state"], row["fingerprint"]), ("failed", ""))
        self.assertEqual(row["message"], "balance is negative (at Deposit to l2/bridge)")
        self.assertTrue(math.isnan(row["trades"]))
        self.assertEqual(len(sweep.runs), 11)
        with self.says(mezzanine.RunFileError, "run 4 failed", "balance is negative"):
            sweep.runs[4]


class BadFolders(support.FolderCase):
    def test_what_is_no_sweep_is_named_as_what_it_is(self):
        file = self.file("a.txt", "")
        for path, reason in (
            (self.file("nowhere"), "there is no such folder"),
            (self.folder, "no sweep.json"),
            (file, "is a file"),
        ):
            with self.says(mezzanine.RunFileError, path, reason):
                mezzanine.open_sweep(path)

    def test_damaged_plans_and_master_files_are_refused(self):
        path = self.file("bad")
        os.mkdir(path)
        for text in ("{", "[]", '{"mezz_sweep": 1}', '{"mezz_sweep": 2}'):
            self.file("bad/sweep.json", text)
            with self.says(mezzanine.RunFileError, "sweep.json"):
                mezzanine.open_sweep(path)
        plan = {"mezz_sweep": 1, "name": "n", "title": "", "keys": ["run.seed"], "runs": [[1]]}
        self.file("bad/sweep.json", json.dumps(plan))
        with h5py.File(self.file("bad/sweep.h5"), "w") as other:
            other["x"] = [1]
        with self.says(mezzanine.RunFileError, "sweep.h5", "no table of a sweep"):
            mezzanine.open_sweep(path).metrics


support.main()
