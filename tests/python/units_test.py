"""Amounts of scenario files as numbers."""

import datetime
import pickle
import unittest

import support
from mezzanine.units import Metric, nanoseconds, parse_amount, typed_column


class Amounts(unittest.TestCase):
    def test_every_unit_of_scenario_files_is_a_number_in_the_unit_of_its_kind(self):
        expected = {
            "250 ms": (0.25, "s"),
            "1.5us": (1.5e-6, "s"),
            "7 d": (604_800.0, "s"),
            "78 min": (4_680.0, "s"),
            "1_000_000 USD": (1e6, "USD"),
            "-2.5 kUSD": (-2_500.0, "USD"),
            "1 MUSD": (1e6, "USD"),
            "20 bp": (0.002, "1"),
            "-40 %": (-0.4, "1"),
            "5 ppm": (5e-6, "1"),
            "30 gwei": (30.0, "gwei"),
            "1 wei": (1e-9, "gwei"),
            "0.1 ETH": (0.1, "ETH"),
            "1.5 Mgas": (1.5e6, "gas"),
            "3 lots": (3.0, "lot"),
            "2 ticks": (2.0, "tick"),
            "1e3": (1_000.0, "1"),
        }
        for text, amount in expected.items():
            self.assertEqual(parse_amount(text), amount, text)

    def test_other_texts_are_no_amounts(self):
        for text in ("zk_rollup", "none", "", "ms", "1 parsec", "1__0 USD", "1 Ms", "-", "."):
            self.assertIsNone(parse_amount(text), text)

    def test_a_column_is_numbers_only_when_all_values_are_of_one_kind(self):
        self.assertEqual(typed_column(["250 ms", "1 s"]), ([0.25, 1.0], "s"))
        self.assertEqual(typed_column(["1 s", "1 USD"]), (["1 s", "1 USD"], None))
        self.assertEqual(typed_column(["none", "1 USD"]), (["none", "1 USD"], None))
        self.assertEqual(typed_column(["500_000_000 gwei", "2 ETH"]), ([0.5, 2.0], "ETH"))
        self.assertEqual(typed_column([1, 2]), ([1, 2], "1"))
        self.assertEqual(typed_column([True, False]), ([True, False], None))

    def test_a_metric_is_a_float_that_knows_its_unit(self):
        metric = Metric(1234.5, "USD")
        self.assertEqual((metric + 1, metric.value, metric.unit), (1235.5, 1234.5, "USD"))
        self.assertEqual((repr(metric), repr(Metric(0.25, "1"))), ("1,234.5 USD", "0.25"))
        self.assertEqual(pickle.loads(pickle.dumps(metric)).unit, "USD")


class Times(unittest.TestCase):
    def test_texts_seconds_timedeltas_and_dates_are_times_of_a_run(self):
        epoch = "2026-01-01 00:00:00"
        half_an_hour = 1_800 * 10**9
        utc = datetime.timezone.utc
        for time in (
            "30 min",
            "0.5 h",
            1_800,
            1_800.0,
            datetime.timedelta(minutes=30),
            "2026-01-01 00:30",
            datetime.datetime(2026, 1, 1, 0, 30),
            datetime.datetime(2026, 1, 1, 0, 30, tzinfo=utc),
        ):
            self.assertEqual(nanoseconds(time, epoch), half_an_hour, time)

    def test_a_time_without_unit_or_of_no_known_kind_is_an_error(self):
        for time in ("30", "30 USD", "soon", object()):
            with self.assertRaises(ValueError, msg=str(time)):
                nanoseconds(time, "2026-01-01 00:00:00")


support.main()
