"""What a run hands out: scenario, headline numbers, histograms, and mappings that read lazily."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .errors import UnknownName, module
from .units import Metric

__all__ = ["Histogram", "Metrics", "Named", "Scenario", "Tables"]


class Scenario(NamedTuple):
    """The scenario as typed, with every parameter written out, and what was changed on the way."""

    source: str
    resolved: str
    interventions: str


class Histogram(NamedTuple):
    """counts[i] lies in [edges[i], edges[i + 1]); edges are in `unit`."""

    edges: Any
    counts: Any
    unit: str


class Metrics(dict[str, Metric]):
    """{name: Metric}; a metric that had no value in this run is not there."""

    def __missing__(self, name: str) -> Metric:
        raise UnknownName("metric", name, self)

    def series(self) -> Any:
        """A pandas Series of floats; attrs["units"] is {name: unit}."""
        pandas: Any = module("pandas", "metrics as a Series")
        values = {name: float(metric) for name, metric in self.items()}
        series = pandas.Series(values, dtype=float, name="value")
        series.attrs["units"] = {name: metric.unit for name, metric in self.items()}
        return series

    def frame(self) -> Any:
        """A pandas DataFrame with the columns value and unit."""
        pandas: Any = module("pandas", "metrics as a DataFrame")
        rows = [(float(metric), metric.unit) for metric in self.values()]
        return pandas.DataFrame(rows, index=list(self), columns=["value", "unit"])


class Named(Mapping[str, Any]):
    """A mapping that reads a value when it is asked for; names the nearest when there is none."""

    def __init__(self, what: str, names: list[str], read: Callable[[str], Any], place: str) -> None:
        self._what, self._names, self._read, self._place = what, names, read, place

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise UnknownName(self._what, name, self._names, self._place)
        return self._read(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<{len(self)} {self._what}: {', '.join(self._names)}>"


class Tables(Named):
    """Adds that "tables/trades" and "trades" are the same."""

    def __getitem__(self, name: str) -> Any:
        return self._read(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.strip("/").removeprefix("tables/") in self._names
