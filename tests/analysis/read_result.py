# Run by python_reader_test.cpp: folder of the module, result file, number of rows.
# The rows are those of tests/sim/record/fixture.h.
import sys

sys.path.insert(0, sys.argv[1])
path, rows = sys.argv[2], int(sys.argv[3])

import numpy as np

import mezzanine


def equal(what, found, expected):
    if not np.array_equal(found, expected):
        sys.exit(f"{what}: found {found}, expected {expected}")


i = np.arange(rows, dtype=np.int64)
with mezzanine.open_run(path) as run:
    equal("title", run.title, "A market of functions")
    equal("seed", run.seed, 42)
    equal("parameters", run.parameters["settlement.challenge_window"], "7 d")
    equal("scenario", run.scenario.resolved, "run.seed = 42\n")
    equal("tables", run.rows, {"tables/liquidations": rows, "series/l2_block": 10})
    if not run.is_part:
        equal("metric", run.metrics["bad_debt.usd"], 1234.5)
        equal("metrics", run.metrics.frame().loc["trades", "value"], 1e6)
    exact = run.table("liquidations", times="nanoseconds")
    equal("columns", list(exact.columns)[:3], ["time", "account", "notional"])
    equal("exact money", exact.notional.values, 9_007_199_254_740_993 + i)
    equal("time", exact.time.values, i * 1_000_000_007 + 1)
    decoded = run.table("tables/liquidations", scaled=True)
    equal("fee", decoded.fee.values, (i * 31 - 5) / 1e9)
    equal("reason", list(decoded.reason[:3]), ["margin", "expiry", "delisting"])
    data = run.to_xarray("series/l2_block")
    equal("dimension", data["mid"].dims, ("time",))
    equal("first time", str(data["time"].values[0])[:10], "2026-01-01")
    equal("money", data["open_interest"].values, np.arange(10) * 1000001 / 1e6)
    try:
        run.table("weather")
        sys.exit("found a table that does not exist")
    except mezzanine.UnknownName as error:
        if "liquidations" not in str(error):
            sys.exit(f"the message does not name the tables: {error}")
try:
    mezzanine.open_run(__file__)
    sys.exit("opened a file that is no result")
except mezzanine.RunFileError as error:
    if __file__ not in str(error):
        sys.exit("the message does not name the file")
