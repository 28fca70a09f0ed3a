"""Columns of a result file as pandas and xarray objects: categories as names, times as times,
amounts exactly or in their unit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

import numpy

from .errors import UnknownName, module
from .reader import Column

__all__ = ["Amounts", "Times", "frame_of", "series_of", "variable_of"]

# "integer": as stored, exact; "decimal": decimal.Decimal in the unit, exact; "float": in the unit.
Amounts = Literal["integer", "decimal", "float"]
# "calendar": datetime64; "elapsed": timedelta64 since the start; both with NaT for never;
# "nanoseconds": int64 since the start, -1 = never.
Times = Literal["calendar", "elapsed", "nanoseconds"]
_TIMES = ("calendar", "elapsed", "nanoseconds")


def _times_of(stored: Any, times: Times, epoch: str) -> Any:
    if times == "nanoseconds":
        return stored
    never = stored == -1
    elapsed = stored.astype("timedelta64[ns]")
    found = elapsed if times == "elapsed" else numpy.datetime64(epoch, "ns") + elapsed
    found[never] = numpy.timedelta64("NaT") if times == "elapsed" else numpy.datetime64("NaT")
    return found


def _names_of(stored: Any, column: Column) -> Any:
    """Codes for pandas.Categorical; a value without a name becomes -1 (missing)."""
    values = numpy.array(list(column.categories), dtype=stored.dtype)
    order = numpy.argsort(values)
    at = numpy.clip(numpy.searchsorted(values[order], stored), 0, len(values) - 1)
    return numpy.where(values[order][at] == stored, order[at], -1)


def values_of(stored: Any, column: Column, amounts: Amounts, times: Times, epoch: str) -> Any:
    """What the stored integers mean, for one column of a DataFrame."""
    if column.categories:
        if column.is_boolean:
            return stored.astype(bool)
        pandas: Any = module("pandas", "tables")
        codes = _names_of(stored, column)
        return pandas.Categorical.from_codes(codes, list(column.categories.values()))
    if column.is_time:
        return _times_of(stored, times, epoch)
    if column.is_duration:
        return stored if times == "nanoseconds" else stored.astype("timedelta64[ns]")
    if column.decimals == 0 or amounts == "integer":
        return stored
    if amounts == "float":
        return stored / 10.0**column.decimals
    return numpy.array([Decimal(int(v)).scaleb(-column.decimals) for v in stored], dtype=object)


def unit_of(column: Column, amounts: Amounts) -> str:
    """The unit of the values in a DataFrame: "USD", "1e-6 USD" for exact integers, "" for names."""
    if column.is_time or column.is_duration:
        return "ns"
    if column.decimals and amounts == "integer":
        return f"1e-{column.decimals} {column.units}"
    return column.units


def frame_of(
    columns: Iterable[Column],
    amounts: Amounts = "integer",
    times: Times = "calendar",
    epoch: str = "1970-01-01",
    rows: slice = slice(None),
    keep: Any = None,
) -> Any:
    """A DataFrame; `attrs` has the dicts "units" and "descriptions" by column.

    `rows` are read, of these `keep` (a boolean array) stay.
    """
    pandas: Any = module("pandas", "tables")
    if times not in _TIMES:
        raise UnknownName("kind of times", times, _TIMES)
    columns = list(columns)
    data = {}
    for column in columns:
        stored = column.read(rows.start or 0, rows.stop)
        stored = stored if keep is None else stored[keep]
        data[column.name] = values_of(stored, column, amounts, times, epoch)
    frame = pandas.DataFrame(data)
    frame.attrs["units"] = {c.name: unit_of(c, amounts) for c in columns}
    frame.attrs["descriptions"] = {c.name: c.description for c in columns if c.description}
    return frame


def series_of(columns: list[Column], name: str, epoch: str, times: Times = "elapsed") -> Any:
    """A recorded series: a pandas Series, or a DataFrame when several quantities share the clock.

    The index is time since the start of the run; amounts are floats in their unit, durations in s.
    `attrs` has "units" and "description".
    """
    pandas: Any = module("pandas", "series")
    clock, *rest = columns
    index = pandas.Index(_times_of(clock.read(), times, epoch), name="time")
    found = {}
    for column in rest:
        values = column.read()
        if column.is_duration:
            values = values / 1e9
        else:
            values = values_of(values, column, "float", times, epoch)
        one = pandas.Series(values, index=index, name=name if len(rest) == 1 else column.name)
        one.attrs["units"] = "s" if column.is_duration else column.units
        one.attrs["description"] = column.description
        found[column.name] = one
    if len(found) == 1:
        return next(iter(found.values()))
    frame = pandas.DataFrame(found)
    frame.attrs["units"] = {name: one.attrs["units"] for name, one in found.items()}
    return frame


def variable_of(column: Column, dimension: str, epoch: str) -> Any:
    """An xarray Variable: names as texts, amounts as floats in their unit, never = NaT."""
    xarray: Any = module("xarray", "to_xarray()")
    values = values_of(column.read(), column, "float", "calendar", epoch)
    if column.categories and not column.is_boolean:
        values = numpy.asarray(values, dtype=object)
    attrs = {}
    if column.units and not (column.is_time or column.is_duration):
        attrs["units"] = column.units
    if column.description:
        attrs["long_name"] = column.description
    return xarray.Variable((dimension,), values, attrs)
