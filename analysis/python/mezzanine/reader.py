"""The result file as it is stored (sim/record/schema.md): which rows count, what columns there are.

`ResultFile` opens and checks; it trusts nothing beyond the last commit whose checksum is right. Its
columns know what they mean and give raw numpy arrays; `frames` makes tables of them.

libhdf5 itself can crash on a damaged file. Files of strangers are for `mezz info` and `mezz
export`, which read in a process of their own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .errors import MezzanineError, RunFileError, UnknownName, module

__all__ = ["Column", "ResultFile"]

FORMAT_MAJOR = 1
# While a run is being created or completed nobody can read its .part; then it is looked at again.
_LOOKS = 40
_SECONDS_BETWEEN_LOOKS = 0.05
# What h5py raises where HDF5 fails.
_FAILURES = (KeyError, OSError, RuntimeError, ValueError)
# By which HDF5 links dimensions; they say nothing to people.
_HIDDEN = ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST")


def text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def attributes(node: Any) -> dict[str, Any]:
    """The attributes of a group or dataset, texts decoded."""
    found = {}
    for name in node.attrs:
        if name not in _HIDDEN:
            value = node.attrs[name]
            found[name] = text(value) if isinstance(value, (bytes, str)) else value
    return found


def _checksum(words: Any) -> int:
    total = 0xCBF29CE484222325
    for word in words:
        total = ((total ^ (int(word) % 2**64)) * 0x100000001B3) % 2**64
        total ^= total >> 29
    return total


@dataclass(frozen=True)
class Column:
    """One column: what it is, and its dataset."""

    name: str
    units: str  # as stored: "USD", "gwei", "tick", "nanoseconds since ...", "" for a category
    description: str
    decimals: int  # stored integer * 10^-decimals is the value in `units`; 0: as it is
    categories: dict[int, str] = field(repr=False)
    rows: int
    dataset: Any = field(repr=False)

    @property
    def is_time(self) -> bool:
        """A point in time, int64 ns since the epoch, -1 = never."""
        return self.units.startswith("nanoseconds since ")

    @property
    def is_duration(self) -> bool:
        return self.units == "nanoseconds"

    @property
    def is_boolean(self) -> bool:
        return self.categories == {0: "false", 1: "true"}

    def read(self, begin: int = 0, end: int | None = None) -> Any:
        """The stored values of the committed rows [begin, end) as a numpy array."""
        end = self.rows if end is None else min(end, self.rows)
        try:
            return self.dataset[begin:end]
        except OSError as error:
            path = f"{self.dataset.file.filename}"
            raise RunFileError(path, f"{self.dataset.name} is damaged: {error}") from error


def _decimals(scale: float, where: str, path: str) -> int:
    for decimals in range(19):
        if scale == float(f"1e-{decimals}"):
            return decimals
    raise RunFileError(path, f"{where} has the scale_factor {scale}, which is no power of ten")


def _open_finished(h5py: Any, path: str) -> Any:
    # HDF5 keeps one state per file and driver in a process: by the driver that a .part needs, the
    # finished file would be no more than what a .part that is still open has last seen of it.
    try:
        return h5py.File(path, "r", driver="stdio")
    except OSError:
        return h5py.File(path, "r")  # this one says what is wrong


def _open(path: str, is_part: bool) -> Any:
    h5py: Any = module("h5py", "reading results", path)
    if os.path.isdir(path):
        hint = "; open_sweep() reads it" if os.path.exists(os.path.join(path, "sweep.json")) else ""
        raise RunFileError(path, "is a folder, not a result file" + hint)
    if not os.path.exists(path):
        folder = os.path.dirname(path) or "."
        if not os.path.isdir(folder):
            raise RunFileError(path, f"there is no folder {folder}")
        here = sorted(name for name in os.listdir(folder) if name.endswith((".h5", ".h5.part")))
        raise RunFileError(path, str(UnknownName("such file", os.path.basename(path), here)))
    try:
        return h5py.File(path, "r", swmr=True) if is_part else _open_finished(h5py, path)
    except OSError as error:
        reason = str(error)
        if "signature not found" in reason:
            reason = "is not an HDF5 file, so no result of mezz"
        elif "truncated file" in reason:
            size = os.path.getsize(path)
            reason = f"is cut off after {size} bytes: copy it again, or run the scenario again"
        raise RunFileError(path, reason) from error


class ResultFile:
    """An open result; close it, or use it in a `with` statement."""

    def __init__(self, path: str) -> None:
        for looks_left in reversed(range(_LOOKS)):
            try:
                self._look(path)
                return
            except (MezzanineError, *_FAILURES):
                if looks_left == 0 or not self._may_change(path):
                    raise
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def _may_change(self, path: str) -> bool:
        if not self.is_part:
            return False
        lock = path.removesuffix(".part") + ".lock"  # there while the run is written
        return os.path.exists(lock) or path != self.path and os.path.exists(path)

    def _look(self, path: str) -> None:
        part = path + ".part"
        # The .part may become the result between the first two questions.
        if not os.path.exists(path) and os.path.exists(part) and not os.path.exists(path):
            path = part
        self.path = path
        self.is_part = path.endswith(".part")
        self._file = _open(path, self.is_part)
        try:
            self.header = attributes(self.file)
            self._check_format()
            self.rows = self._committed_rows()
            for table in self.rows if self.is_part else ():
                self._datasets(table)  # all of them can be read, or this look came too early
        except BaseException:
            self._file.close()
            raise

    @property
    def file(self) -> Any:
        if not self._file:
            raise RunFileError(self.path, "has been closed: read it before, or open it again")
        return self._file

    def close(self) -> None:
        self._file.close()

    def _check_format(self) -> None:
        if "mezz_format" not in self.header or "commit" not in self.file:
            sweep = "run" in self.file and "fingerprint" in self.file
            reason = "is the table of a sweep; open_sweep() reads it" if sweep else (
                "is an HDF5 file, but no result of mezz (it has no mezz_format)"
            )
            raise RunFileError(self.path, reason)
        major = int(self.header["mezz_format"][0])
        if major != FORMAT_MAJOR:
            raise RunFileError(
                self.path, f"has format {major}, this package reads format {FORMAT_MAJOR}"
            )

    def _committed_rows(self) -> dict[str, int]:
        """Rows of each table at the newest commit whose checksum is right."""
        commit = self.file["commit"]
        self._update(commit)
        tables = [name for name in text(commit.attrs["tables"]).split("\n") if name]
        stride = len(tables) + 3
        words = commit[:]
        for record in reversed(range(len(words) // stride)):
            *fields, checksum = words[record * stride : (record + 1) * stride]
            if _checksum(fields) == int(checksum) % 2**64:
                return dict(zip(tables, (int(rows) for rows in fields[2:])))
        if not self.is_part:
            raise RunFileError(self.path, "is damaged: it has no valid commit record")
        return dict.fromkeys(tables, 0)

    def find_table(self, name: str) -> str:
        """"trades", "tables/trades" and "/tables/trades" are "tables/trades"."""
        wanted = name.strip("/")
        for path in (wanted, "tables/" + wanted, "series/" + wanted):
            if path in self.rows:
                return path
        short = [path.removeprefix("tables/") for path in self.rows]
        raise UnknownName("table", name, short, self.path)

    def _update(self, data: Any) -> None:
        """Lets a dataset of a .part grow to what is on the disk now.

        It may be open already, through an earlier Run of this process, as it was then.
        """
        if self.is_part:
            data.refresh()

    def _datasets(self, path: str) -> dict[str, Any]:
        """{column: dataset} of a table in the order in which they were declared."""
        rows = self.rows[path]
        found = {}
        try:
            if path not in self.file:
                raise RunFileError(self.path, f"is damaged: {path} is missing")
            node = self.file[path]
            for name in node:
                data = node[name]
                if not hasattr(data, "shape"):
                    continue  # a group: series lie below each other
                self._update(data)
                if data.shape[0] < rows:
                    raise RunFileError(
                        self.path,
                        f"is damaged: {path}/{name} has {data.shape[0]} rows, "
                        f"{rows} were committed",
                    )
                found[name] = data
        except _FAILURES as error:
            raise RunFileError(self.path, f"is damaged: {path}: {error}") from error
        return found

    def columns(self, path: str) -> list[Column]:
        """The columns of a table in the order in which they were declared."""
        rows = self.rows[path]
        return [self._column(path, name, data, rows) for name, data in self._datasets(path).items()]

    def _column(self, path: str, name: str, data: Any, rows: int) -> Column:
        attrs = attributes(data)
        meanings = str(attrs.get("flag_meanings", "")).split()
        scale = float(attrs.get("scale_factor", 1.0))
        return Column(
            name=name,
            units=str(attrs.get("units", "")),
            description=str(attrs.get("long_name", "")),
            decimals=_decimals(scale, f"{path}/{name}", self.path),
            categories={int(v): m for v, m in zip(attrs.get("flag_values", ()), meanings)},
            rows=rows,
            dataset=data,
        )

    def texts(self, group: str, column: str) -> list[str]:
        """A column of texts outside the tables; empty when the group is not there."""
        if group not in self.file or column not in self.file[group]:
            return []
        return [text(value) for value in self.file[group][column][:]]

    def groups_with(self, root: str, *members: str) -> Iterator[tuple[str, Any]]:
        """(path below root, group) of every group that has these datasets."""
        if root not in self.file:
            return
        found: list[tuple[str, Any]] = []

        def visit(name: str, node: Any) -> None:
            if all(member in node for member in members) if hasattr(node, "keys") else False:
                found.append((name, node))

        self.file[root].visititems(visit)
        yield from found
