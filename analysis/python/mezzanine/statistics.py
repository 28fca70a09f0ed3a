"""Means with Student's t intervals, and paired comparisons; plain Python, no scipy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Interval", "PairedDifference", "mean_interval", "paired_difference", "t_quantile"]


class Interval(NamedTuple):
    """A mean and its two-sided confidence interval; NaN bounds for fewer than two values."""

    mean: float
    low: float
    high: float
    n: int


class PairedDifference(NamedTuple):
    """values - baseline, pair by pair.

    `variance_reduction` is (var(values) + var(baseline)) / var(differences): how many times more
    runs an unpaired comparison would need for the same interval. NaN when nothing varies.
    """

    difference: Interval
    variance_reduction: float
    correlation: float


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function, evaluated by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    found = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1.0 + step * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + step / c
            c = c if abs(c) > tiny else tiny
            found *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return found


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised I_x(a, b)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log_front + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _beta_fraction(a, b, x) / a
    return 1.0 - front * _beta_fraction(b, a, 1.0 - x) / b


def t_quantile(confidence: float, degrees: int) -> float:
    """Two-sided quantile of Student's t: P(|T| <= t) = confidence. 0.95 and 2 give 4.303."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if degrees < 1:
        return math.nan
    low, high = 0.0, 1.0
    while 1.0 - _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + high**2)) < confidence:
        high *= 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        inside = 1.0 - _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + middle**2))
        low, high = (middle, high) if inside < confidence else (low, middle)
    return (low + high) / 2.0


def _variance(values: Sequence[float], mean: float) -> float:
    return math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1)


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """Mean of independent values with Student's t interval."""
    n = len(values)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = math.fsum(values) / n
    if n == 1:
        return Interval(mean, math.nan, math.nan, 1)
    half = t_quantile(confidence, n - 1) * math.sqrt(_variance(values, mean) / n)
    return Interval(mean, mean - half, mean + half, n)


def paired_difference(
    values: Sequence[float], baseline: Sequence[float], confidence: float = 0.95
) -> PairedDifference:
    """The difference of two series of runs that share their randomness pair by pair."""
    if len(values) != len(baseline):
        raise ValueError(f"{len(values)} values cannot be paired with {len(baseline)}")
    differences = [v - b for v, b in zip(values, baseline)]
    found = mean_interval(differences, confidence)
    if len(values) < 2:
        return PairedDifference(found, math.nan, math.nan)
    a = _variance(values, math.fsum(values) / len(values))
    b = _variance(baseline, math.fsum(baseline) / len(baseline))
    d = _variance(differences, found.mean)
    reduction = (a + b) / d if d > 0.0 else math.inf if a + b > 0.0 else math.nan
    correlation = (a + b - d) / (2.0 * math.sqrt(a * b)) if a > 0.0 and b > 0.0 else math.nan
    return PairedDifference(found, reduction, correlation)
