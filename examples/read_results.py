#!/usr/bin/python3
"""What a result file says, in one screen:  read_results.py RUN.h5

The Python twin of read_results.cpp; needs h5py and pandas.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "analysis" / "python"))

import mezzanine


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: read_results.py RUN.h5")
    with mezzanine.open_run(sys.argv[1]) as run:
        print(f"{run.title} ({run.status}, seed {run.seed})\n")
        for name, metric in run.metrics.items():
            print(f"  {name:<40} {metric.value:>20,.6g} {metric.unit}")
        if not run.rows.get("tables/liquidations"):
            print("\nThis run recorded no liquidations.")
            return
        table = run.table("liquidations", times="elapsed")  # money in millionths of a dollar
        print(f"\nThe largest of {len(table)} liquidations:")
        largest = table.nlargest(5, "notional")[["time", "account", "notional"]]
        for row in largest.itertuples():
            usd = f"{row.notional // 10**6:,}.{row.notional % 10**6:06}"
            print(f"  at {row.time.total_seconds():12.3f} s  account {row.account:>8}  {usd:>24} USD")


try:
    main()
except mezzanine.RunFileError as error:
    print(error, file=sys.stderr)
    sys.exit(3)
