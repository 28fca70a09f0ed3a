"""Runs and sweeps started from Python, and how they fail."""

import contextlib
import datetime
import os
import shutil
import signal
import subprocess
import sys
import unittest
import warnings

import support
from support import CRASH, QUIET

import h5py
import numpy

import mezzanine
from mezzanine.command import toml_value

# Run as a program of its own, which the test interrupts as Ctrl-C would.
INTERRUPTED = """
import sys, mezzanine
try:
    mezzanine.run("flash_crash", {"run.duration": "10 d"}, out=sys.argv[1])
except KeyboardInterrupt:
    print("passed on", flush=True)
"""


class Running(support.FolderCase):
    def test_overrides_and_seed_reach_the_run(self):
        quiet = self.file("quiet.toml", QUIET)
        overrides = {
            "run.duration": datetime.timedelta(seconds=30),
            "market.insurance_fund": "3 MUSD",
            "layer2.design": "sidechain",
            "layer1.reorg_depth_max": numpy.int64(3),
        }
        with mezzanine.run(quiet, overrides, seed=7, out=self.file("a.h5")) as run:
            self.assertEqual((run.seed, run.design), (7, "sidechain"))
            self.assertEqual(run.parameters["run.duration"], "30 s")
            self.assertEqual(run.parameter("market.insurance_fund"), (3e6, "USD"))
            self.assertEqual(run.parameters["layer1.reorg_depth_max"], "3")
        self.assertTrue(os.path.exists(self.file("a.h5")))

    def test_until_ends_the_run_early(self):
        with mezzanine.run(self.file("quiet.toml", QUIET), until="10 s") as run:
            self.assertLess(run.series["price/price"].index[-1].total_seconds(), 10.5)

    def test_without_out_the_result_goes_with_the_run(self):
        run = mezzanine.run(self.file("quiet.toml", QUIET))
        self.assertTrue(os.path.exists(run.path))
        run.close()
        self.assertFalse(os.path.exists(os.path.dirname(run.path)))

    def test_a_wrong_scenario_is_an_error_with_exit_code_and_message(self):
        for scenario, overrides, parts in (
            ("calm_market", {"run.durtion": "2 min"}, ("run.durtion", "unknown key", "'duration'")),
            ("calm_market", {"run.duration": 5}, ("run.duration",)),
            ("no_such_market", None, ("no_such_market",)),
        ):
            with self.says(mezzanine.MezzError, "(exit code 2)", *parts) as caught:
                mezzanine.run(scenario, overrides, out=self.file("bad.h5"))
            self.assertEqual(caught.exception.exit_code, 2)
            self.assertEqual(caught.exception.command[1], "run")
        self.assertFalse(os.path.exists(self.file("bad.h5")))

    def test_a_place_that_cannot_be_written_is_exit_code_3(self):
        with self.says(mezzanine.MezzError, "cannot write", "(exit code 3)") as caught:
            mezzanine.run(self.file("q.toml", QUIET), out="/proc/nowhere/run.h5")
        self.assertEqual(caught.exception.exit_code, 3)

    def test_a_broken_limit_warns_and_gives_the_result(self):
        text = QUIET + '[[limit]]\nmetric = "blocks"\nmin = 1000.0\n'
        with self.assertWarnsRegex(mezzanine.LimitWarning, "limit broken: blocks"):
            with mezzanine.run(self.file("limit.toml", text)) as run:
                self.assertEqual(run.status, "complete")

    def test_keyboard_interrupt_is_passed_on_and_leaves_a_valid_file(self):
        out = self.file("stopped.h5")
        child = subprocess.Popen([sys.executable, "-c", INTERRUPTED, out],
                                 stdout=subprocess.PIPE, text=True)
        try:
            while not os.path.exists(out + ".part"):
                self.assertIsNone(child.poll(), "ended before it could be interrupted")
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate()
        finally:
            child.kill()
            child.wait()
        self.assertEqual((said, child.returncode), ("passed on\n", 0))
        with mezzanine.open_run(out) as run:
            self.assertEqual((run.is_part, run.status), (False, "interrupted"))

    def test_progress_goes_to_standard_error(self):
        said = subprocess.run(
            [sys.executable, "-c", "import sys, mezzanine; mezzanine.run(sys.argv[1], "
             "until='1 s', progress=True, overrides={'no.key': 1})",
             self.file("quiet.toml", QUIET)], capture_output=True, text=True).stderr
        self.assertEqual(said.count("mezz: command line: no"), 1)


class Program(support.FolderCase):
    @contextlib.contextmanager
    def environment(self, **values):
        before = {name: os.environ.get(name) for name in values}
        try:
            for name, value in values.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})

    def test_the_argument_comes_before_the_variable_before_the_path(self):
        for name in ("one", "two", "mezz"):
            shutil.copyfile("/bin/true", self.file(name))
            os.chmod(self.file(name), 0o755)
        with self.environment(MEZZ=self.file("two"), PATH=self.folder):
            self.assertEqual(mezzanine.find_mezz(self.file("one")), self.file("one"))
            self.assertEqual(mezzanine.find_mezz(), self.file("two"))
            os.environ.pop("MEZZ")
            self.assertEqual(mezzanine.find_mezz(), self.file("mezz"))

    def test_what_is_no_program_is_said_with_where_it_came_from(self):
        with self.environment(MEZZ=self.file("gone")):
            with self.says(mezzanine.MezzError, "variable MEZZ", "is no program"):
                mezzanine.run("calm_market")
        with self.says(mezzanine.MezzError, "argument mezz", "is no program"):
            mezzanine.run("calm_market", mezz=self.file("gone"))


class Repeating(support.FolderCase):
    def test_a_stored_run_comes_out_again(self):
        again = mezzanine.reproduce(self.simulate("quiet", QUIET))
        self.assertTrue(again)
        self.assertIn("reproduced", again.message)

    def test_a_run_of_another_scenario_does_not(self):
        path = self.simulate("changed", CRASH)
        with h5py.File(path, "r+") as file:
            for name in ("source", "resolved"):
                text = file["scenario"][name][()].decode()
                del file["scenario"][name]
                file["scenario"][name] = text.replace("seed = 42", "seed = 43")
        again = mezzanine.reproduce(path)
        self.assertFalse(again)

    def test_what_is_not_there_cannot_be_reproduced(self):
        with self.says(mezzanine.RunFileError, "there is no such file"):
            mezzanine.reproduce(self.file("gone.h5"))
        with self.assertRaises(mezzanine.MezzError) as caught:
            mezzanine.reproduce(self.file("foreign.h5", "no result"))
        self.assertEqual(caught.exception.exit_code, 3)


class Sweeping(support.FolderCase):
    def test_axes_are_added_to_a_scenario(self):
        axes = {"layer2.design": ["sidechain", "zk_rollup"], "run.seed": range(1, 4)}
        quiet = self.file("quiet.toml", QUIET)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with mezzanine.sweep(quiet, axes, {"run.duration": "12 s"}, jobs=1) as sweep:
                self.assertEqual(len(sweep.runs), 6)
                self.assertEqual(list(sweep.metrics["run.seed"]), [1, 2, 3, 1, 2, 3])
                with sweep.runs[5] as run:
                    self.assertEqual((run.design, run.seed), ("zk_rollup", 3))
                    self.assertEqual(run.parameters["run.duration"], "12 s")
                folder = sweep.path
        self.assertFalse(os.path.exists(folder))

    def test_a_folder_is_kept_and_can_be_resumed(self):
        out = self.file("kept")
        text = QUIET + '[sweep]\n"run.seed" = [1, 2]\n'
        first = mezzanine.sweep(self.file("s.toml", text), out=out)
        os.remove(os.path.join(out, "runs", "000001.h5"))
        again = mezzanine.resume(out)
        self.assertEqual(list(again.metrics["fingerprint"]), list(first.metrics["fingerprint"]))

    def test_a_scenario_without_axes_or_with_wrong_ones_is_refused(self):
        quiet = self.file("quiet.toml", QUIET)
        for axes in (None, {"run.sed": [1, 2]}):
            with self.assertRaises(mezzanine.MezzError) as caught:
                mezzanine.sweep(quiet, axes, out=self.file("refused"))
            self.assertEqual(caught.exception.exit_code, 2)


class Toml(unittest.TestCase):
    def test_python_values_are_written_as_toml(self):
        for value, text in (
            (True, "true"),
            (3, "3"),
            (0.5, "0.5"),
            ("250 ms", '"250 ms"'),
            ('a "b"', '"a \\"b\\""'),
            ([1, "x"], '[1, "x"]'),
            (range(2), "[0, 1]"),
            ({"from": 1}, '{"from" = 1}'),
            (datetime.timedelta(milliseconds=1.5), '"1500000 ns"'),
            (numpy.float64(2.0), "2.0"),
        ):
            self.assertEqual(toml_value(value), text)
        with self.assertRaises(TypeError):
            toml_value(object())


support.main()
