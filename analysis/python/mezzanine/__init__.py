"""Reads Mezzanine result files (sim/record/schema.md) into Python.

    import mezzanine
    run = mezzanine.open_run("out.h5")
    run.attrs["status"], run.metrics["bad_debt.usd"].value
    run.table("liquidations")    # pandas DataFrame; a dict of numpy arrays without pandas
    run.dataset("liquidations")  # xarray Dataset

Needs h5py; pandas and xarray only where they are used. Money and ratios become floats in their unit;
`exact=True` keeps the stored integers. A NAME.h5.part is read up to its last commit.
"""

import collections
import os

__all__ = ["Metric", "Run", "RunFileError", "open_run"]

FORMAT_MAJOR = 1
Metric = collections.namedtuple("Metric", "value unit")


class RunFileError(Exception):
    """The file cannot be used; the message has its path and the reason."""


def open_run(path):
    path = os.fspath(path)
    if not os.path.exists(path) and os.path.exists(path + ".part"):
        path += ".part"
    return Run(path)


def _text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def _attributes(node):
    """The attributes that say something to people; not those by which HDF5 links dimensions."""
    hidden = ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST")
    found = {}
    for name in node.attrs:
        if name in hidden:
            continue
        value = node.attrs[name]
        found[name] = _text(value) if isinstance(value, (bytes, str)) else value
    return found


def _checksum(words):
    total = 0xCBF29CE484222325
    for word in words:
        total = ((total ^ (int(word) % 2**64)) * 0x100000001B3) % 2**64
        total ^= total >> 29
    return total


class Run:
    def __init__(self, path):
        try:
            import h5py
        except ImportError as error:
            raise RunFileError(f"{path}: reading needs the module h5py") from error
        self.path = path
        self.is_part = path.endswith(".part")
        try:
            self._file = h5py.File(path, "r", swmr=self.is_part)
        except OSError as error:
            raise RunFileError(f"{path}: {error}") from error
        self.attrs = _attributes(self._file)
        if "mezz_format" not in self.attrs or "commit" not in self._file:
            raise RunFileError(f"{path}: not a result file")
        major = int(self.attrs["mezz_format"][0])
        if major != FORMAT_MAJOR:
            raise RunFileError(f"{path}: format {major}; this module reads {FORMAT_MAJOR}")
        self._rows = self._committed_rows()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._file.close()

    def _committed_rows(self):
        """Rows of each table at the newest commit whose checksum is right."""
        commit = self._file["commit"]
        tables = [name for name in _text(commit.attrs["tables"]).split("\n") if name]
        stride = len(tables) + 3
        words = commit[:]
        for record in reversed(range(len(words) // stride)):
            *fields, checksum = words[record * stride : (record + 1) * stride]
            if _checksum(fields) == int(checksum) % 2**64:
                return dict(zip(tables, (int(rows) for rows in fields[2:])))
        return dict.fromkeys(tables, 0)

    @property
    def metrics(self):
        """{name: Metric(value, unit)}; empty while the run is not over."""
        return self._numbers("metrics")

    @property
    def profile(self):
        return self._numbers("profile")

    def _numbers(self, group):
        if group not in self._file or "name" not in self._file[group]:
            return {}
        node = self._file[group]
        rows = zip(node["name"][:], node["value"][:], node["unit"][:])
        return {_text(name): Metric(float(value), _text(unit)) for name, value, unit in rows}

    def metrics_frame(self):
        """The metrics as a pandas DataFrame with the columns value and unit."""
        import pandas

        return pandas.DataFrame.from_dict(self.metrics, orient="index", columns=["value", "unit"])

    @property
    def parameters(self):
        node = self._file["scenario/parameters"]
        if "name" not in node:
            return {}
        return {_text(n): _text(v) for n, v in zip(node["name"][:], node["value"][:])}

    @property
    def scenario(self):
        """The scenario as typed, and with every parameter written out."""
        node = self._file["scenario"]
        return {name: _text(node[name][()]) for name in ("source", "resolved", "interventions")}

    def tables(self):
        """{path: number of rows}"""
        return dict(self._rows)

    def _path(self, name):
        name = name.strip("/")
        for path in (name, "tables/" + name):
            if path in self._rows:
                return path
        raise KeyError(f"no table {name!r}; there are: {', '.join(self._rows)}")

    def _columns(self, path):
        import h5py

        node = self._file[path]
        return [(name, node[name]) for name in node if isinstance(node[name], h5py.Dataset)]

    def arrays(self, name, exact=False):
        """{column: numpy array}; a category becomes an array of its names unless exact."""
        import numpy

        path = self._path(name)
        found = {}
        for column, data in self._columns(path):
            values = data[: self._rows[path]]
            if not exact and "flag_meanings" in data.attrs:
                names = numpy.array(_text(data.attrs["flag_meanings"]).split(), dtype=object)
                values = names[values]
            elif not exact and "scale_factor" in data.attrs:
                values = values * float(data.attrs["scale_factor"])
            found[column] = values
        return found

    def table(self, name, exact=False):
        """A pandas DataFrame (times stay int64 ns); without pandas what arrays() gives."""
        arrays = self.arrays(name, exact)
        try:
            import pandas
        except ImportError:
            return arrays
        return pandas.DataFrame(arrays)

    def dataset(self, name):
        """An xarray Dataset on the table's first column, decoded by xarray's CF rules."""
        import xarray

        path = self._path(name)
        columns = self._columns(path)
        dimension = columns[0][0]
        variables = {
            column: xarray.Variable((dimension,), data[: self._rows[path]], _attributes(data))
            for column, data in columns
        }
        attrs = _attributes(self._file[path])
        return xarray.decode_cf(xarray.Dataset(variables, attrs=attrs))
