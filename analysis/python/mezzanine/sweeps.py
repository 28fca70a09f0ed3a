"""A sweep: the folder that `mezz sweep` leaves, as one tidy table and as runs (scenarios/sweep)."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from .errors import MezzanineError, RunFileError, UnknownName, module
from .reader import text
from .result import Run, open_run
from .statistics import paired_difference
from .units import typed_column
from .values import Metrics

__all__ = ["Sweep", "open_sweep"]

_STATES = ("left", "finished", "failed")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


class _Runs(Mapping[int, Run]):
    """{number: Run} of the finished runs; each access opens the file."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._numbers = [i for i, state in enumerate(sweep.states) if state == "finished"]
        self._known = set(self._numbers)

    def __getitem__(self, number: int) -> Run:
        if number not in self:
            if 0 <= number < len(self._sweep.states):
                failure = self._sweep.failures.get(number)
                why = f"failed: {failure}" if failure is not None else "is not done yet"
                raise RunFileError(self._sweep.path, f"run {number} {why}")
            raise UnknownName("run", number, self._numbers, self._sweep.path)
        return open_run(self._sweep.file_of(number))

    def __contains__(self, number: object) -> bool:
        return number in self._known

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class Sweep:
    """The runs of one sweep. Files are opened when they are needed and closed again."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        path = os.fspath(path)
        if os.path.basename(path) in ("sweep.h5", "sweep.json"):
            path = os.path.dirname(path) or "."
        self.path = path
        self._keep: Any = None  # a temporary folder that lives as long as the sweep
        plan = self._read_plan()
        self.name: str = plan["name"]
        self.title: str = plan["title"] or plan["name"]
        self.keys: list[str] = list(plan["keys"])
        self._values: list[list[object]] = plan["runs"]
        self.states = [self._state(i) for i in range(len(self._values))]
        self.failures = self._read_failures()

    def _read_plan(self) -> dict[str, Any]:
        path = os.path.join(self.path, "sweep.json")
        if not os.path.exists(path):
            reason = "holds no sweep (no sweep.json); mezz sweep FILE --out DIR makes one"
            if not os.path.exists(self.path):
                reason = "there is no such folder"
            elif os.path.isfile(self.path):
                reason = "is a file; give the folder of a sweep, or open one run with open_run()"
            raise RunFileError(self.path, reason)
        try:
            with open(path, encoding="utf-8") as file:
                plan: dict[str, Any] = json.load(file)
            if plan["mezz_sweep"] != 1:
                raise RunFileError(path, f"has format {plan['mezz_sweep']}, this package reads 1")
            keys = plan["keys"]
            if not plan["runs"] or any(len(run) != len(keys) for run in plan["runs"]):
                raise ValueError("runs and keys do not fit")
            plan["name"], plan["title"] = str(plan["name"]), str(plan["title"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunFileError(path, f"is no plan of a sweep, or damaged: {error}") from error
        return plan

    def _state(self, number: int) -> str:
        if os.path.exists(self.file_of(number)):
            return "finished"
        return "failed" if os.path.exists(self._failure_file(number)) else "left"

    def _failure_file(self, number: int) -> str:
        return os.path.join(self.path, "failed", f"{number:06}.json")

    def _read_failures(self) -> dict[int, str]:
        found = {}
        for number, state in enumerate(self.states):
            if state != "failed":
                continue
            try:
                with open(self._failure_file(number), encoding="utf-8") as file:
                    one = json.load(file)
                event = one.get("event") or ""
                found[number] = one["message"] + (f" (at {event})" if event else "")
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                found[number] = f"no message: {self._failure_file(number)} is damaged"
        return found

    def __enter__(self) -> Sweep:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Only a sweep made without `out` has anything to give back: its folder is removed."""
        if self._keep is not None:
            self._keep.close()
            self._keep = None

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        counts = {state: self.states.count(state) for state in _STATES}
        told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        return f"<Sweep {self.path}: {len(self)} runs over {', '.join(self.keys)}; {told}>"

    # Runs

    def file_of(self, number: int) -> str:
        """Path of the result of a run, whether it is there or not."""
        return os.path.join(self.path, "runs", f"{number:06}.h5")

    @property
    def runs(self) -> Mapping[int, Run]:
        """{number: Run} of the finished runs, opened on access: with sweep.runs[3] as run: ..."""
        return _Runs(self)

    def numbers(self, values: Mapping[str, object]) -> list[int]:
        """Numbers of the runs with these values of swept keys (number or text, as in metrics)."""
        for key in values:
            self._check_key(key)
        frame = self.metrics
        chosen = frame["state"].notna()
        for key, value in values.items():
            chosen &= self._has(key, value)
        return list(frame.index[chosen])

    def _has(self, key: str, value: object) -> Any:
        """For each run, whether a swept key has this value (number or text)."""
        frame = self.metrics
        found = frame[key] == value
        return found | (frame[f"{key}.text"] == value) if f"{key}.text" in frame else found

    def _check_key(self, key: str) -> None:
        if key not in self.keys:
            raise UnknownName("swept key", key, self.keys, self.path)

    def values(self, key: str) -> list[object]:
        """The different values of a swept key, typed as in `metrics`, in the order of the plan."""
        self._check_key(key)
        return list(dict.fromkeys(self.metrics[key]))

    # Numbers

    @cached_property
    def metrics(self) -> Any:
        """A pandas DataFrame with one row per run, by number.

        First the swept keys: numbers where all values are amounts of one kind ("250 ms" -> 0.25,
        attrs["units"] says s), then also the text as KEY.text. Then state (finished, failed, left),
        message of a failed run, fingerprint, and every headline number, NaN where a run has none.
        attrs["units"] has the unit of every column.
        """
        pandas: Any = module("pandas", "metrics of a sweep")
        columns: dict[str, Any] = {}
        units: dict[str, str] = {}
        for k, key in enumerate(self.keys):
            written = [run[k] for run in self._values]
            columns[key], unit = typed_column(written)
            if unit is not None:
                units[key] = unit
            if columns[key] != written:
                columns[key + ".text"] = [_as_text(value) for value in written]
        columns["state"] = self.states
        columns["message"] = [self.failures.get(i, "") for i in range(len(self))]
        fingerprints, numbers, metric_units = self._headline()
        columns["fingerprint"] = fingerprints
        keys = pandas.DataFrame(columns)
        found = pandas.concat([keys, pandas.DataFrame(numbers, index=keys.index)], axis=1)
        found.index.name = "run"
        found.attrs["units"] = {**units, **metric_units}
        return found

    def _headline(self) -> tuple[list[str], dict[str, Any], dict[str, str]]:
        """Fingerprints, {metric: column} and {metric: unit}: from sweep.h5, or run by run."""
        master = os.path.join(self.path, "sweep.h5")
        if os.path.exists(master):
            found = self._read_master(master)
            if found is not None:
                return found
        fingerprints = [""] * len(self)
        numbers: dict[str, list[float]] = {}
        units: dict[str, str] = {}
        for number in self.runs:
            with self.runs[number] as run:
                fingerprints[number] = run.fingerprint
                metrics: Metrics = run.metrics
            for name, metric in metrics.items():
                numbers.setdefault(name, [math.nan] * len(self))[number] = float(metric)
                units.setdefault(name, metric.unit)
        return fingerprints, numbers, units

    def _read_master(self, path: str) -> tuple[list[str], dict[str, Any], dict[str, str]] | None:
        """None when sweep.h5 is older than what the folder holds now."""
        h5py: Any = module("h5py", "reading results", path)
        try:
            with h5py.File(path, "r") as file:
                if len(file["run"]) != len(self):
                    return None
                if [_STATES[int(state)] for state in file["state"][:]] != self.states:
                    return None
                fingerprints = [text(value) for value in file["fingerprint"][:]]
                numbers, units = {}, {}
                for name in file:
                    data = file.get(name, getlink=False)
                    if not hasattr(data, "shape") or name in ("run", "state", "fingerprint"):
                        continue
                    if name not in self.keys:
                        numbers[name] = data[:]
                        units[name] = text(data.attrs.get("units", "1"))
        except (OSError, KeyError, IndexError, ValueError) as error:
            raise RunFileError(path, f"is no table of a sweep, or damaged: {error}") from error
        return fingerprints, numbers, units

    def to_xarray(self, grid: bool = False) -> Any:
        """The metrics as an xarray Dataset over `run`, with the swept keys as coordinates.

        With `grid` over the swept keys themselves (NaN for combinations that were not run).
        """
        xarray: Any = module("xarray", "to_xarray()")
        frame = self.metrics
        units = frame.attrs["units"]

        def variable(name: str) -> Any:
            attrs = {"units": units[name]} if name in units else {}
            return xarray.Variable(("run",), frame[name].to_numpy(), attrs)

        coordinates = [c for c in frame if c in self.keys or c.removesuffix(".text") in self.keys]
        data = xarray.Dataset(
            {name: variable(name) for name in frame if name not in coordinates},
            coords={"run": frame.index.to_numpy()} | {n: variable(n) for n in coordinates},
            attrs={"title": self.title},
        )
        if not grid:
            return data
        texts = [name for name in coordinates if name not in self.keys]
        index = data.drop_vars([*texts, "message", "fingerprint", "state", "run"])
        if len(self.keys) == 1:
            return index.swap_dims(run=self.keys[0])
        return index.set_index(run=self.keys).unstack("run")

    # Comparison

    def pairs(self, metric: str, by: str, baseline: object, on: str = "run.seed") -> Any:
        """Run against baseline run: a DataFrame with the other swept keys, `by`, `on`, baseline,
        value and difference. Runs without the metric or without a partner are left out.

        `by` is the key that is compared, `baseline` its value (number or text) to compare with,
        `on` the key whose equal values share their randomness.
        """
        frame = self.metrics
        for key in (by, on):
            self._check_key(key)
        if by == on:
            raise ValueError(f"by and on are both {by!r}: choose two different keys")
        metrics = [c for c in frame if c in frame.attrs["units"] and c not in self.keys]
        if metric not in metrics:
            raise UnknownName("metric", metric, metrics, self.path)
        is_baseline = self._has(by, baseline)
        if not is_baseline.any():
            raise UnknownName(f"value of {by}", baseline, self.values(by), self.path)
        others = [key for key in self.keys if key not in (by, on)]
        rows = frame[[*others, by, on, metric]].rename(columns={metric: "value"})
        reference = rows[is_baseline].drop(columns=by).rename(columns={"value": "baseline"})
        found = rows[~is_baseline].merge(reference, on=[*others, on], how="inner")
        if found.empty:
            shared = ", ".join([on, *others])
            raise MezzanineError(f"{self.path}: no runs of {by} = {baseline} share {shared}")
        found = found.dropna(subset=["value", "baseline"]).reset_index(drop=True)
        found["difference"] = found["value"] - found["baseline"]
        unit = frame.attrs["units"][metric]
        found.attrs = {"metric": metric, "unit": unit, "by": by, "baseline": baseline, "on": on}
        return found

    def paired(
        self,
        metric: str,
        by: str,
        baseline: object,
        on: str = "run.seed",
        confidence: float = 0.95,
    ) -> Any:
        """Mean of value - baseline over pairs of runs with the same `on`, with its t interval.

        A DataFrame by the other swept keys and `by` (`mezz compare` averages over the others): n
        (pairs), unpaired (runs left out: they or their partner failed or have no such number),
        baseline, value, difference, low, high, variance_reduction (how many times more runs an
        unpaired comparison would need), correlation. attrs: metric, unit, by, baseline, on,
        confidence.
        """
        pandas: Any = module("pandas", "paired comparisons")
        pairs = self.pairs(metric, by, baseline, on)
        keys = [*(key for key in self.keys if key not in (by, on)), by]
        planned = self.metrics.groupby(keys, sort=False).size()
        baselines = set(self.metrics[by][self._has(by, baseline)])
        rows, index = [], []
        for group, planned_runs in planned.items():
            values = group if isinstance(group, tuple) else (group,)
            chosen = pairs
            for key, value in zip(keys, values):
                chosen = chosen[chosen[key] == value]
            if values[-1] in baselines:
                continue
            found = paired_difference(list(chosen["value"]), list(chosen["baseline"]), confidence)
            index.append(values)
            rows.append(
                {
                    "n": found.difference.n,
                    "unpaired": int(planned_runs) - found.difference.n,
                    "baseline": chosen["baseline"].mean(),
                    "value": chosen["value"].mean(),
                    "difference": found.difference.mean,
                    "low": found.difference.low,
                    "high": found.difference.high,
                    "variance_reduction": found.variance_reduction,
                    "correlation": found.correlation,
                }
            )
        labels = pandas.MultiIndex.from_tuples(index, names=keys)
        labels = labels if len(keys) > 1 else labels.get_level_values(0)
        table = pandas.DataFrame(rows, index=labels)
        table.attrs = {**pairs.attrs, "confidence": confidence}
        return table


def open_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Opens the folder of a sweep (or its sweep.json or sweep.h5), finished or not.

    Raises RunFileError when there is none, or when it is damaged.
    """
    return Sweep(path)
