"""One run: what a result file holds, as Python objects."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping
from typing import Any

from .errors import MezzanineError, RunFileError, UnknownName, module
from .frames import Amounts, Times, frame_of, series_of, variable_of
from .reader import Column, ResultFile, text
from .units import Amount, Metric, nanoseconds, parse_amount
from .values import Histogram, Metrics, Named, Scenario, Tables

__all__ = ["RUNGS", "Run", "open_run"]

RUNGS = ("submitted", "preconfirmed", "published", "order_final", "asserted", "settled")


class Run:
    """A result file. Close it, or use it in a `with` statement; what was read stays valid.

    A `NAME.h5.part` is read up to its last commit: it has tables, but no metrics. It is a snapshot:
    open it again to see what came later.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._keep: Any = None  # a temporary folder that lives as long as the run
        self._file = ResultFile(os.fspath(path))

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; a result that `run(...)` made without `out` is removed."""
        self._file.close()
        if self._keep is not None:
            self._keep.close()
            self._keep = None

    def __repr__(self) -> str:
        return f"<Run {self.path}: {self.title!r}, {self.design}, seed {self.seed}, {self.status}>"

    # Header

    @property
    def path(self) -> str:
        return self._file.path

    @property
    def is_part(self) -> bool:
        """Whether this is a run on its way, or one that was killed."""
        return self._file.is_part

    @property
    def header(self) -> dict[str, Any]:
        """Attributes of the file: title, seed, git_commit, compiler, fingerprint, status, ..."""
        return dict(self._file.header)

    @property
    def title(self) -> str:
        return str(self._file.header.get("title", ""))

    @property
    def seed(self) -> int:
        return int(self._file.header["seed"])

    @property
    def design(self) -> str:
        """layer2.design of the scenario; empty when it has none."""
        return self.parameters.get("layer2.design", "")

    @property
    def status(self) -> str:
        """complete, running, failed or interrupted."""
        return str(self._file.header["status"])

    @property
    def fingerprint(self) -> str:
        """Hash of every event, 16 hex digits: equal for equal runs."""
        return str(self._file.header["fingerprint"])

    @property
    def epoch(self) -> str:
        """Calendar date of time 0 (UTC)."""
        return str(self._file.header.get("epoch", "1970-01-01 00:00:00"))

    # Scenario

    @property
    def scenario(self) -> Scenario:
        node = self._file.file["scenario"]
        return Scenario(*(text(node[name][()]) for name in Scenario._fields))

    @property
    def parameters(self) -> dict[str, str]:
        """Every resolved parameter as its text: {"run.duration": "2 h", ...}."""
        group = "scenario/parameters"
        return dict(zip(self._file.texts(group, "name"), self._file.texts(group, "value")))

    def parameter(self, key: str) -> Amount | str:
        """One parameter as a number with its unit (s, USD, 1, gwei, ETH, ...), else its text."""
        parameters = self.parameters
        if key not in parameters:
            raise UnknownName("parameter", key, parameters, self.path)
        amount = parse_amount(parameters[key])
        return parameters[key] if amount is None else amount

    # Numbers

    def _numbers(self, group: str) -> Metrics:
        if self.is_part:
            return Metrics()  # they may be on their way into the file right now
        names, units = self._file.texts(group, "name"), self._file.texts(group, "unit")
        values = self._file.file[group]["value"][:] if names else []
        return Metrics((n, Metric(float(v), u)) for n, v, u in zip(names, values, units))

    @property
    def metrics(self) -> Metrics:
        """Headline numbers, in the order of the file; empty while the run is not over."""
        return self._numbers("metrics")

    @property
    def profile(self) -> Metrics:
        """Wall time, memory, events per second: differs between runs, never compare."""
        return self._numbers("profile")

    # Tables

    def table(
        self, name: str, *, decimal: bool = False, scaled: bool = False, times: Times = "calendar"
    ) -> Any:
        """A table, series or "tx" as a pandas DataFrame.

        Categories are decoded. Money, ratios and gas prices are the exact stored integers; with
        `decimal` exact decimal.Decimal in their unit, with `scaled` floats in their unit.
        frame.attrs["units"] says which ("1e-6 USD", "USD"). Prices are ticks, quantities lots.
        Times: "calendar" (datetime64, UTC), "elapsed" (timedelta64 since the start), both with NaT
        for never; "nanoseconds" (int64, -1 = never). An identifier with all bits set means none.
        """
        path = self._file.find_table(name)
        return frame_of(self._file.columns(path), self._amounts(decimal, scaled), times, self.epoch)

    @staticmethod
    def _amounts(decimal: bool, scaled: bool) -> Amounts:
        if decimal and scaled:
            raise ValueError("decimal and scaled exclude each other: choose one")
        return "decimal" if decimal else "float" if scaled else "integer"

    @property
    def tables(self) -> Mapping[str, Any]:
        """{name: DataFrame} as of table(name); read when asked for."""
        names = [p.removeprefix("tables/") for p in self._file.rows if p.startswith("tables/")]
        return Tables("tables", names, self.table, self.path)

    @property
    def rows(self) -> dict[str, int]:
        """{path: committed rows} of everything that is a table: tables/*, series/*, tx."""
        return dict(self._file.rows)

    @property
    def tx(self) -> Any:
        """One row per transaction, with the time of every rung of finality."""
        return self.table("tx")

    @property
    def series(self) -> Mapping[str, Any]:
        """{path: pandas Series over the time since the start}, amounts as floats in their unit."""
        names = [p.removeprefix("series/") for p in self._file.rows if p.startswith("series/")]

        def read(name: str) -> Any:
            return series_of(self._file.columns("series/" + name), name, self.epoch)

        return Named("series", names, read, self.path)

    @property
    def entities(self) -> Any:
        """A DataFrame of the world's entities by id: kind and name."""
        pandas: Any = module("pandas", "entities")
        rows = []
        for kind, node in self._file.groups_with("entities", "id", "name"):
            rows += [(int(i), kind, text(n)) for i, n in zip(node["id"][:], node["name"][:])]
        frame = pandas.DataFrame(sorted(rows), columns=["id", "kind", "name"])
        return frame.set_index("id")

    @property
    def hist(self) -> Mapping[str, Histogram]:
        """{probe: Histogram} of the probes recorded with "histogram"."""
        groups = () if self.is_part else self._file.groups_with("hist", "edges", "counts")
        found = dict(groups)

        def read(name: str) -> Histogram:
            edges = found[name]["edges"]
            unit = text(edges.attrs.get("units", "1"))
            return Histogram(edges[:], found[name]["counts"][:], unit)

        return Named("histograms", list(found), read, self.path)

    @property
    def fingerprints(self) -> Any:
        """A DataFrame of the fingerprint on the way: time since the start, events, hex digits."""
        pandas: Any = module("pandas", "fingerprints")
        node = self._file.file["fingerprints"]
        if self.is_part or "time" not in node:
            return pandas.DataFrame(columns=["time", "events", "fingerprint"])
        time = node["time"][:].astype("timedelta64[ns]")
        hashes = [f"{int(value):016x}" for value in node["fingerprint"][:]]
        return pandas.DataFrame({"time": time, "events": node["events"][:], "fingerprint": hashes})

    # Events

    def events(
        self, kind: str = "*", between: tuple[object, object] | None = None, scaled: bool = True
    ) -> Any:
        """What happened in [begin, end): rows of event tables, `time` being that since the start.

        `kind` is a table ("liquidations"), which gives its columns, or a pattern ("*", "oracle*"),
        which gives time, kind, row and a text of what happened, in the order of time. `between`:
        each "30 min", seconds, a timedelta or a calendar date; None: open.
        """
        window = self._window(between)
        if not any(c in kind for c in "*?["):
            return self._events_of(self._file.find_table(kind), window, scaled)
        names = list(self.tables)
        matching = [name for name in names if fnmatch.fnmatchcase(name, kind)]
        if not matching:
            raise UnknownName("table", kind, names, self.path)
        pandas: Any = module("pandas", "events")
        logs = []
        for name in matching:
            frame = self._events_of("tables/" + name, window, scaled)
            rest = [column for column in frame.columns if column != "time"]
            cells = zip(*(frame[column] for column in rest))
            what = [", ".join(f"{c}={v}" for c, v in zip(rest, row)) for row in cells]
            log = {"time": frame["time"], "kind": name, "row": frame.index, "what": what}
            logs.append(pandas.DataFrame(log))
        found = pandas.concat(logs, ignore_index=True)
        return found.sort_values("time", kind="stable", ignore_index=True)

    def _window(self, between: tuple[object, object] | None) -> tuple[int, int]:
        begin, end = between if between is not None else (None, None)
        low = 0 if begin is None else nanoseconds(begin, self.epoch)
        high = 2**63 - 1 if end is None else nanoseconds(end, self.epoch)
        if low > high:
            raise ValueError(f"between: {begin!r} is later than {end!r}")
        return low, high

    def _events_of(self, path: str, window: tuple[int, int], scaled: bool) -> Any:
        columns = self._file.columns(path)
        clock = next((column for column in columns if column.is_time), None)
        if clock is None:
            raise MezzanineError(f"{self.path}: {path} has no column with a time")
        time = clock.read()
        inside = (time >= window[0]) & (time < window[1])
        hits = inside.nonzero()[0]
        begin, end = (int(hits[0]), int(hits[-1]) + 1) if len(hits) else (0, 0)
        frame = frame_of(
            columns,
            "float" if scaled else "integer",
            "elapsed",
            self.epoch,
            slice(begin, end),
            inside[begin:end],
        )
        frame.index = hits
        return frame

    def lifecycle(self, transaction: int) -> Any:
        """The rungs that one transaction reached: time since the start and since submission.

        A DataFrame by rung (submitted ... settled; NaT = never). attrs has the rest of its row:
        transaction, block, account, kind, status.
        """
        pandas: Any = module("pandas", "lifecycle()")
        columns = self._file.columns(self._file.find_table("tx"))
        by_name: dict[str, Column] = {column.name: column for column in columns}
        numbers = by_name["transaction"].read()
        hits = (numbers == transaction).nonzero()[0]
        if len(hits) == 0:
            known = f"they go from {numbers.min()} to {numbers.max()}" if len(numbers) else "none"
            raise MezzanineError(f"{self.path}: no transaction {transaction} ({known})")
        row = int(hits[-1])
        frame = frame_of(columns, "float", "elapsed", self.epoch, slice(row, row + 1))
        rungs = [name for name in RUNGS if name in by_name]
        found = pandas.DataFrame({"time": frame[rungs].iloc[0]}, dtype="timedelta64[ns]")
        found.index.name = "rung"
        found["since_submitted"] = found["time"] - found["time"]["submitted"]
        found.attrs = {name: frame[name].iloc[0] for name in frame if name not in rungs}
        return found

    # xarray

    def to_xarray(self, name: str | None = None) -> Any:
        """A table as an xarray Dataset along its first column; without a name, the whole run's
        metrics (scalars) and series, each along its clock (clocks that agree are one dimension)."""
        xarray: Any = module("xarray", "to_xarray()")
        if name is not None:
            path = self._file.find_table(name)
            columns = self._file.columns(path)
            dimension = columns[0].name
            variables = {c.name: variable_of(c, dimension, self.epoch) for c in columns}
            return xarray.Dataset(variables)
        variables = {
            name: xarray.Variable((), float(metric), {"units": metric.unit})
            for name, metric in self.metrics.items()
        }
        clocks: dict[bytes, str] = {}
        for path in self._file.rows:
            if not path.startswith("series/"):
                continue
            clock, *rest = self._file.columns(path)
            name = path.removeprefix("series/")
            dimension = clocks.setdefault(clock.read().tobytes(), f"{name}.time")
            variables[dimension] = variable_of(clock, dimension, self.epoch)
            for column in rest:
                key = name if len(rest) == 1 else f"{name}.{column.name}"
                variables[key] = variable_of(column, dimension, self.epoch)
        attrs = {key: self._file.header[key] for key in ("title", "seed", "fingerprint", "status")}
        return xarray.Dataset(variables, attrs=attrs)


def open_run(path: str | os.PathLike[str]) -> Run:
    """Opens a result file. When NAME.h5 is not there, NAME.h5.part is opened.

    Raises RunFileError when it is missing, no result, of another format, cut off or damaged.
    """
    try:
        return Run(path)
    except (KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
        if isinstance(error, MezzanineError):
            raise
        raise RunFileError(os.fspath(path), f"is damaged: {error}") from error
