"""What the tests of analysis/python share: the program, a folder of its own, a skip with a message.

Run by ctest (python.cmake), which sets MEZZ and PYTHONPATH. By hand, from the root of the project:
    MEZZ=build/dev/mezz PYTHONPATH=analysis/python python3 -B tests/python/result_test.py
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

MODULES = ("h5py", "matplotlib", "numpy", "pandas", "xarray")
missing = [name for name in MODULES if importlib.util.find_spec(name) is None]
if missing:
    print(f"skipped: python3 has not all of {', '.join(MODULES)}; missing: {', '.join(missing)}")
    sys.exit(0)

MEZZ = os.path.abspath(os.environ.get("MEZZ", "build/dev/mezz"))
os.environ["MEZZ"] = MEZZ
os.environ["MPLBACKEND"] = "Agg"

# Accounts that are liquidated within minutes, with histograms of two probes.
CRASH = """
title = "A small crash"
extends = ["flash_crash"]
limit = []
[run]
duration = "36 min"
[[agent]]
kind = "leveraged_population"
accounts = 3000
[[agent]]
kind = "market_maker"
[[agent]]
kind = "noise_trader"
traders = 50
[[agent]]
kind = "liquidator"
[[agent]]
kind = "withdrawal_user"
[[record]]
match = "oracle/*"
with = "histogram"
"""
# Blocks, but nobody in them.
QUIET = 'title = "Nobody"\n[run]\nduration = "20 s"\n'


def call(*words):
    """Standard output of mezz, which must end with 0."""
    done = subprocess.run([MEZZ, *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"mezz {' '.join(words)}: {done.returncode}: {done.stderr}")
    return done.stdout


class FolderCase(unittest.TestCase):
    """A test class with a folder of its own, shared by its tests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="mezz-python-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)

    @classmethod
    def file(cls, name, text=None):
        path = os.path.join(cls.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    @classmethod
    def simulate(cls, name, scenario, *words):
        """Runs a scenario text to NAME.h5; returns its path."""
        toml, result = cls.file(name + ".toml", scenario), cls.file(name + ".h5")
        call("run", toml, "--out", result, "--quiet", *words)
        return result

    def says(self, error, *parts):
        """A context in which `error` is raised, with all parts in its message."""
        pattern = "(?s)" + "".join(f"(?=.*{re.escape(part)})" for part in parts)
        return self.assertRaisesRegex(error, pattern)


def main():
    unittest.main(verbosity=2)


def info(path):
    return json.loads(call("info", path, "--json"))
