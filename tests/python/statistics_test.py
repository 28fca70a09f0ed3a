"""Student's t and paired differences, against printed tables and calculations by hand."""

import math
import unittest

import support
from mezzanine.statistics import mean_interval, paired_difference, t_quantile


class Student(unittest.TestCase):
    def test_quantiles_are_those_of_the_printed_table(self):
        # Two-sided values of the usual table (Student 1908; e.g. NIST handbook 1.3.6.7.2).
        table = {
            (0.95, 1): 12.706,
            (0.95, 2): 4.303,
            (0.95, 9): 2.262,
            (0.95, 30): 2.042,
            (0.99, 5): 4.032,
            (0.90, 10): 1.812,
            (0.999, 4): 8.610,
        }
        for (confidence, degrees), expected in table.items():
            self.assertAlmostEqual(t_quantile(confidence, degrees), expected, 3)

    def test_many_degrees_are_the_normal_distribution(self):
        self.assertAlmostEqual(t_quantile(0.95, 10**7), 1.959964, 5)

    def test_one_degree_is_the_cauchy_distribution(self):
        # tan(pi/2 * confidence)
        self.assertAlmostEqual(t_quantile(0.5, 1), 1.0, 12)

    def test_a_confidence_must_be_a_probability(self):
        for confidence in (0.0, 1.0, 95):
            with self.assertRaises(ValueError):
                t_quantile(confidence, 3)


class Means(unittest.TestCase):
    def test_the_interval_of_three_values(self):
        # 2, 3, 7: mean 4, variance (4 + 1 + 9) / 2 = 7, half = 4.302653 * sqrt(7 / 3) = 6.572411.
        found = mean_interval([2.0, 3.0, 7.0])
        self.assertEqual((found.mean, found.n), (4.0, 3))
        self.assertAlmostEqual(found.low, 4.0 - 6.572411, 5)
        self.assertAlmostEqual(found.high, 4.0 + 6.572411, 5)

    def test_one_value_has_no_interval_and_none_has_no_mean(self):
        one, none = mean_interval([5.0]), mean_interval([])
        self.assertEqual((one.mean, one.n), (5.0, 1))
        self.assertTrue(math.isnan(one.low) and math.isnan(one.high))
        self.assertTrue(math.isnan(none.mean) and none.n == 0)


class Pairs(unittest.TestCase):
    def test_the_difference_and_what_pairing_gains(self):
        # Differences 2, 3, 7 as above. var(3, 5, 10) = (9 + 1 + 16) / 2 = 13, var(1, 2, 3) = 1:
        # reduction (13 + 1) / 7 = 2; covariance (13 + 1 - 7) / 2 = 3.5, correlation 3.5 / sqrt(13).
        found = paired_difference([3.0, 5.0, 10.0], [1.0, 2.0, 3.0])
        self.assertEqual(found.difference.mean, 4.0)
        self.assertAlmostEqual(found.difference.high, 10.572411, 5)
        self.assertAlmostEqual(found.variance_reduction, 2.0, 12)
        self.assertAlmostEqual(found.correlation, 3.5 / math.sqrt(13), 12)

    def test_a_constant_difference_needs_no_more_runs(self):
        found = paired_difference([2.0, 4.0, 9.0], [1.0, 3.0, 8.0])
        self.assertEqual(found.difference[:3], (1.0, 1.0, 1.0))
        self.assertEqual(found.variance_reduction, math.inf)

    def test_where_nothing_varies_there_is_no_factor(self):
        found = paired_difference([2.0, 2.0], [1.0, 1.0])
        self.assertTrue(math.isnan(found.variance_reduction) and math.isnan(found.correlation))

    def test_series_of_different_length_are_no_pairs(self):
        with self.assertRaises(ValueError):
            paired_difference([1.0], [1.0, 2.0])


support.main()
