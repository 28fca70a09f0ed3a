"""A result of the real program in Python: the numbers of `mezz info`, the rows of `mezz export`."""

import csv
import io
import math
from decimal import Decimal

import support
from support import CRASH, call, info

import numpy
import pandas

import mezzanine


def as_exported(value):
    """A value of a decimal=True, nanoseconds table as `mezz export` writes it."""
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class Result(support.FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.simulate("crash", CRASH)
        cls.run_ = mezzanine.open_run(cls.path)
        cls.addClassCleanup(cls.run_.close)

    def exported(self, table):
        return list(csv.DictReader(io.StringIO(call("export", self.path, "--table", table))))

    def test_header_and_scenario(self):
        said = info(self.path)
        run = self.run_
        self.assertEqual((run.title, run.status, run.is_part), ("A small crash", "complete", False))
        self.assertEqual((run.seed, run.design), (said["seed"], said["design"]))
        self.assertEqual(run.fingerprint, said["fingerprint"])
        self.assertEqual(run.header["rng"], "philox4x32-10")
        self.assertIn('extends = ["flash_crash"]', run.scenario.source)
        self.assertIn("[run]", run.scenario.resolved)
        self.assertEqual(run.parameters["run.duration"], "36 min")
        self.assertEqual(run.parameter("run.duration"), (2_160.0, "s"))
        self.assertEqual(run.parameter("layer2.design"), "optimistic_rollup")

    def test_metrics_are_those_of_info(self):
        said = {n: m for n, m in info(self.path)["metrics"].items() if m["value"] is not None}
        numbers = {**self.run_.metrics, **self.run_.profile}
        there = {name: m for name, m in numbers.items() if not math.isnan(m)}
        self.assertGreater(len(said), 50)
        self.assertEqual({n: (m["value"], m["unit"]) for n, m in said.items()},
                         {n: (m.value, m.unit) for n, m in there.items()})

    def test_metrics_as_series_and_frame_keep_their_units(self):
        series, frame = self.run_.metrics.series(), self.run_.metrics.frame()
        self.assertEqual(series["trades"], self.run_.metrics["trades"])
        self.assertEqual(series.attrs["units"]["liquidations.notional"], "USD")
        self.assertEqual(frame.loc["liquidations.notional", "unit"], "USD")

    def test_every_table_is_what_export_writes(self):
        filled = 0
        for path, rows in self.run_.rows.items():
            expected = self.exported(path)
            frame = self.run_.table(path, decimal=True, times="nanoseconds")
            self.assertEqual((len(frame), len(expected)), (rows, rows), path)
            for column in frame:
                found = [as_exported(value) for value in frame[column]]
                if frame[column].dtype == float:  # written as the shortest text that reads back
                    found = [float(value) for value in found]
                    self.assertEqual(found, [float(row[column]) for row in expected], path)
                    continue
                self.assertEqual(found, [row[column] for row in expected], f"{path}/{column}")
            filled += rows > 0
        self.assertGreater(filled, 8)

    def test_money_is_exact_integers_unless_asked(self):
        exact = self.run_.tables["liquidations"]
        scaled = self.run_.table("liquidations", scaled=True)
        first = self.exported("liquidations")[0]["notional"]
        self.assertEqual(exact["notional"].dtype, numpy.int64)
        self.assertEqual(Decimal(int(exact["notional"][0])) / 10**6, Decimal(first))
        self.assertEqual(scaled["notional"][0], float(first))
        self.assertEqual(exact.attrs["units"]["notional"], "1e-6 USD")
        self.assertEqual(scaled.attrs["units"]["notional"], "USD")
        with self.assertRaises(ValueError):
            self.run_.table("liquidations", decimal=True, scaled=True)

    def test_categories_are_names_and_yes_or_no_is_boolean(self):
        step = self.run_.tables["liquidations"]["step"]
        self.assertIn("bad_debt", step.cat.categories)
        self.assertIn("book", set(step))
        self.assertEqual(self.run_.tables["l1_blocks"]["missed"].dtype, bool)

    def test_times_count_from_the_epoch_and_never_is_not_a_time(self):
        calendar, elapsed = self.run_.tx, self.run_.table("tx", times="elapsed")
        stored = self.run_.table("tx", times="nanoseconds")
        at = 100
        start = pandas.Timestamp("2026-01-01")
        self.assertEqual(calendar["submitted"][at] - start, elapsed["submitted"][at])
        self.assertEqual(elapsed["submitted"][at].value, stored["submitted"][at])
        never = stored["published"] == -1
        self.assertTrue(0 < never.sum() < len(never))
        self.assertTrue((calendar["published"].isna() == never).all())
        self.assertTrue((elapsed["published"].isna() == never).all())

    def test_series_have_the_time_since_the_start_and_their_unit(self):
        fee = self.run_.series["l1/chain/base_fee"]
        first = self.exported("series/l1/chain/base_fee")[0]
        self.assertEqual(fee.iloc[0], float(first["value"]))
        self.assertEqual(fee.index[0].value, int(first["time"]))
        self.assertEqual(fee.attrs["units"], "gwei")
        lag = self.run_.series["l2/derivation/safe_head_lag"]
        stored = self.run_.table("series/l2/derivation/safe_head_lag", times="nanoseconds")
        self.assertEqual(lag.attrs["units"], "s")
        self.assertEqual(lag.max(), stored["value"].max() / 1e9)

    def test_entities_histograms_and_fingerprints(self):
        run = self.run_
        self.assertIn("SingleSequencer", set(run.entities["kind"]))
        self.assertEqual(set(run.hist), {"oracle/error", "oracle/staleness"})
        staleness = run.hist["oracle/staleness"]
        self.assertEqual((len(staleness.edges), staleness.unit), (len(staleness.counts) + 1, "s"))
        self.assertGreater(staleness.counts.sum(), 0)
        last = run.fingerprints.iloc[-1]
        self.assertLessEqual(last["events"], run.metrics["events"])
        self.assertEqual(len(last["fingerprint"]), 16)

    def test_events_of_one_kind_in_a_window_are_its_rows(self):
        rows = self.exported("liquidations")
        begin, end = int(rows[5]["time"]), int(rows[-5]["time"])
        window = (pandas.Timedelta(begin), pandas.Timedelta(end))
        found = self.run_.events("liquidations", between=window)
        inside = [i for i, row in enumerate(rows) if begin <= int(row["time"]) < end]
        self.assertTrue(0 < len(inside) < len(rows))
        self.assertEqual(list(found.index), inside)
        self.assertEqual(list(found["account"]), [int(rows[i]["account"]) for i in inside])
        self.assertEqual(found["notional"].iloc[0], float(rows[inside[0]]["notional"]))
        self.assertEqual(len(self.run_.events("liquidations")), len(rows))
        self.assertEqual(len(self.run_.events("liquidations", between=(None, "1 s"))), 0)
        with self.assertRaises(ValueError):
            self.run_.events("liquidations", between=("2 min", "1 min"))

    def test_events_of_many_kinds_are_one_log_in_order(self):
        log = self.run_.events("*", between=("33 min", "34 min"))
        self.assertLess({"trades", "blocks", "oracle_updates"}, set(log["kind"]))
        self.assertTrue(log["time"].is_monotonic_increasing)
        of_table = log[log["kind"] == "oracle_updates"]
        rows = self.exported("oracle_updates")
        self.assertIn(f"price={rows[of_table['row'].iloc[0]]['price']}", of_table["what"].iloc[0])

    def test_lifecycle_is_the_row_of_the_transaction(self):
        row = self.exported("tx")[1_000]
        found = self.run_.lifecycle(int(row["transaction"]))
        rungs = ["submitted", "preconfirmed", "published", "order_final", "asserted", "settled"]
        self.assertEqual(list(found.index), rungs)
        for rung in rungs:
            time = found["time"][rung]
            self.assertEqual(-1 if pandas.isna(time) else time.value, int(row[rung]))
        waited = int(row["preconfirmed"]) - int(row["submitted"])
        self.assertEqual(found["since_submitted"]["preconfirmed"].value, waited)
        self.assertEqual(found.attrs["kind"], row["kind"])
        with self.says(mezzanine.MezzanineError, "no transaction 1000000000", "go from 0 to"):
            self.run_.lifecycle(10**9)

    def test_to_xarray_has_coordinates_and_units(self):
        table = self.run_.to_xarray("liquidations")
        self.assertEqual(table["notional"].dims, ("time",))
        self.assertEqual(table["notional"].attrs["units"], "USD")
        self.assertEqual(float(table["notional"][0]),
                         float(self.exported("liquidations")[0]["notional"]))
        whole = self.run_.to_xarray()
        self.assertEqual(float(whole["trades"]), self.run_.metrics["trades"])
        fee = whole["l1/chain/base_fee"]
        self.assertEqual(fee.sizes[fee.dims[0]], self.run_.rows["series/l1/chain/base_fee"])

    def test_an_unknown_name_is_answered_with_the_nearest(self):
        run = self.run_
        for ask, near in (
            (lambda: run.tables["liquidation"], "'liquidations'"),
            (lambda: run.metrics["bad_debt.us"], "'bad_debt.usd'"),
            (lambda: run.series["price/prise"], "'price/price'"),
            (lambda: run.parameter("run.durtion"), "'run.duration'"),
            (lambda: run.events("trade"), "'trades'"),
            (lambda: run.hist["oracle/errors"], "'oracle/error'"),
        ):
            with self.says(mezzanine.UnknownName, "did you mean", near):
                ask()


support.main()
