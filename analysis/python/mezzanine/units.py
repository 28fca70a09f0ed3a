"""Amounts as scenario files write them ("250 ms", "1_000_000 USD", "20 bp"), and metrics.

`parse_amount` turns a text into a number in the one unit of its kind: s, USD, 1 (ratios), gwei (gas
prices), ETH, gas, lot, tick. Calculated exactly, rounded once at the end to the nearest double.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

__all__ = ["Amount", "Metric", "nanoseconds", "parse_amount", "typed_column"]

NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "min": 60 * 10**9,
    "h": 3_600 * 10**9,
    "d": 86_400 * 10**9,
}
# Unit as written -> (unit of the number, size in it). wei and gwei are prices of gas; a column that
# also has amounts in ETH is converted as a whole (typed_column).
_UNITS: dict[str, tuple[str, Fraction]] = {
    **{unit: ("s", Fraction(size, 10**9)) for unit, size in NANOSECONDS.items()},
    "USD": ("USD", Fraction(1)),
    "kUSD": ("USD", Fraction(10**3)),
    "MUSD": ("USD", Fraction(10**6)),
    "ppm": ("1", Fraction(1, 10**6)),
    "bp": ("1", Fraction(1, 10**4)),
    "%": ("1", Fraction(1, 100)),
    "wei": ("gwei", Fraction(1, 10**9)),
    "gwei": ("gwei", Fraction(1)),
    "ETH": ("ETH", Fraction(1)),
    "gas": ("gas", Fraction(1)),
    "Mgas": ("gas", Fraction(10**6)),
    "lot": ("lot", Fraction(1)),
    "lots": ("lot", Fraction(1)),
    "tick": ("tick", Fraction(1)),
    "ticks": ("tick", Fraction(1)),
}
_AMOUNT = re.compile(r"\s*([+-]?(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?)\s*(\S*)\s*")


class Amount(NamedTuple):
    """A number and its unit; "1" for a plain number or a ratio."""

    value: float
    unit: str


class Metric(float):
    """A headline number: a float that knows its unit (s, USD, ETH, gwei, 1, ...). NaN: no value."""

    unit: str

    def __new__(cls, value: float, unit: str) -> Metric:
        self = super().__new__(cls, value)
        self.unit = unit
        return self

    def __getnewargs__(self) -> tuple[float, str]:
        return float(self), self.unit

    @property
    def value(self) -> float:
        return float(self)

    def __repr__(self) -> str:
        return f"{float(self):,.6g}" + ("" if self.unit == "1" else f" {self.unit}")


def _exact(text: str) -> tuple[Fraction, str] | None:
    """(number, unit as written), or None when the text is no amount."""
    found = _AMOUNT.fullmatch(text)
    if found is None or not any(c.isdigit() for c in found[1]):
        return None
    if found[2] and found[2] not in _UNITS:
        return None
    return Fraction(found[1].replace("_", "")), found[2]


def parse_amount(text: str) -> Amount | None:
    """"250 ms" -> (0.25, "s"), "1 MUSD" -> (1e6, "USD"), "20 bp" -> (0.002, "1"), "7" -> (7, "1").

    None when the text is no amount ("zk_rollup", "none").
    """
    found = _exact(text)
    if found is None:
        return None
    number, written = found
    unit, size = _UNITS[written] if written else ("1", Fraction(1))
    return Amount(float(number * size), unit)


def typed_column(values: Sequence[object]) -> tuple[list[object], str | None]:
    """The values of one swept key as numbers and their unit, or as they are and None.

    Numbers and booleans stay; texts become numbers when all of them are amounts of one kind.
    """
    if not values or not all(isinstance(value, str) for value in values):
        plain = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)
        return list(values), "1" if plain and values else None
    amounts = [parse_amount(str(value)) for value in values]
    units = {amount.unit for amount in amounts if amount is not None}
    if any(amount is None for amount in amounts):
        return list(values), None
    if units == {"gwei", "ETH"}:
        return [a.value * (1e-9 if a.unit == "gwei" else 1) for a in amounts if a], "ETH"
    if len(units) != 1:
        return list(values), None
    return [amount.value for amount in amounts if amount is not None], units.pop()


def nanoseconds(time: object, epoch: str) -> int:
    """A point in simulated time as nanoseconds since the start of the run.

    Takes "30 min", a number of seconds, a timedelta (datetime, numpy, pandas), or a calendar date
    ("2026-01-01 00:30", datetime, pandas Timestamp), which is counted from `epoch`.
    Raises ValueError for anything else.
    """
    import numpy
    import pandas

    if isinstance(time, str):
        found = _exact(time)
        if found is not None and found[1] in NANOSECONDS:
            return round(found[0] * NANOSECONDS[found[1]])
        if found is not None:
            raise ValueError(f"{time!r} is no time: write a unit, one of {', '.join(NANOSECONDS)}")
    elif isinstance(time, (datetime.timedelta, numpy.timedelta64)):
        return int(pandas.Timedelta(time).value)
    elif isinstance(time, (int, float, numpy.integer, numpy.floating)):
        return round(Fraction(float(time)) * 10**9)
    try:
        stamp = pandas.Timestamp(time)
    except (TypeError, ValueError) as error:
        raise ValueError(f'{time!r} is no time such as "30 min" or "2026-01-01 00:30"') from error
    if stamp.tzinfo is not None:
        stamp = stamp.tz_convert("UTC").tz_localize(None)
    return int(stamp.value) - int(pandas.Timestamp(epoch).value)
