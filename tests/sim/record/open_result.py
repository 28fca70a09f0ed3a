"""Opens a result file with stock readers only: h5py, netCDF4, xarray (both engines).

usage: open_result.py RUN.h5 ROWS   (the file of hdf5_sink_test.cpp; the formulas are fixture.h's)
"""
import sys
import warnings

import h5py
import netCDF4
import numpy as np
import xarray as xr

path, rows = sys.argv[1], int(sys.argv[2])
i = np.arange(rows, dtype=np.int64)
epoch = np.datetime64("2026-01-01T00:00:00", "ns")
time_ns = i * 1_000_000_007 + 1


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def equal(name, got, want):
    if not np.array_equal(np.asarray(got), np.asarray(want)):
        sys.exit(f"{name}: got {got}, want {want}")


def check_h5py():
    with h5py.File(path) as f:
        for name, want in {
            "Conventions": "CF-1.8", "creator": "mezz 0.1.0", "git_commit": "0123456789abcdef",
            "compiler": "g++ 12", "flags": "-O2", "rng": "philox4x32-10", "seed": 42,
            "fingerprint": "00c0ffee12345678", "status": "complete",
        }.items():
            equal(name, text(f.attrs[name]), want)
        equal("mezz_format", f.attrs["mezz_format"], [1, 0])
        equal("groups", sorted(f), sorted(["scenario", "entities", "series", "tables", "metrics",
                                           "hist", "fingerprints", "profile", "commit"]))
        t = f["tables/liquidations"]
        equal("time", t["time"][:], time_ns)
        equal("notional", t["notional"][:], 9007199254740993 + i)
        equal("scale", t["notional"].attrs["scale_factor"], 1e-6)
        equal("fee", t["fee"][:], i * 31 - 5)
        equal("flag_values", t["reason"].attrs["flag_values"], [0, 1, 2])
        equal("flag dtype", t["reason"].attrs["flag_values"].dtype, t["reason"].dtype)
        equal("chunks", t["time"].chunks, (4096,))
        equal("filters", (t["time"].shuffle, t["time"].compression, t["time"].compression_opts,
                          t["time"].fletcher32), (True, "gzip", 1, True))
        equal("dimension", t["notional"].dims[0][0].name, t["time"].name)
        equal("column order", list(f["tables/liquidations"])[:3], ["time", "account", "notional"])
        for group, signal in [("series/l2_block", "mid"), ("series/clearing/fund/balance", "value")]:
            a = f[group].attrs
            equal(group, [text(a[k]) for k in ("NX_class", "signal", "axes")],
                  ["NXdata", signal, "time"])
        equal("source", f["scenario/source"][()].decode(), 'title = "Ünïcode"\n[run]\nseed = 42\n')
        m = dict(zip((n.decode() for n in f["metrics/name"][:]), f["metrics/value"][:]))
        equal("metrics", (m["trades"], m["bad_debt.usd"]), (12.0, 1.5))
        equal("fund", m["clearing.fund.balance.last"], (rows - 1) // 1000 * 1000 * 1000003 * 1e-6)
        edges, counts = (f["hist/layer2/sequencer/delay"][k][:] for k in ("edges", "counts"))
        equal("counts", (counts.sum(), len(edges)), (rows, len(counts) + 1))
        equal("counts", counts,  # the bins against numpy on the raw delays, in ns
              np.histogram(i % 2000 + 1, np.append(np.round(edges[:-1] * 1e9), 1e18))[0])
        equal("entities", [n.decode() for n in f["entities/trader/name"][:]],
              ["agents/alice", "agents/bob"])


def check_xarray(engine):
    with xr.open_dataset(path, group="tables/liquidations", engine=engine) as ds:
        equal("dims", dict(ds.sizes), {"time": rows})
        equal("decoded time", ds.time.values, epoch + time_ns.astype("timedelta64[ns]"))
        equal("delay", ds.delay.values, (i * 3 + 1).astype("timedelta64[ns]"))
        equal("money", ds.notional.values, (9007199254740993 + i) * 1e-6)
        equal("units", (ds.notional.units, ds.fee.units, ds.price.units), ("USD", "1", "tick"))
        equal("flags", ds.reason.attrs["flag_meanings"], "margin expiry delisting")
        equal("reason", ds.reason.values, i % 3)
        equal("frame", len(ds[["notional", "reason"]].isel(time=slice(5)).to_dataframe()), 5)
    with xr.open_dataset(path, group="tables/liquidations", engine=engine,
                         mask_and_scale=False, decode_times=False) as ds:
        equal("raw money", ds.notional.values, 9007199254740993 + i)
        equal("never", ds.settled.values, np.where(i % 3 == 0, -1, time_ns + 11))
        equal("wide integers", ds.sequence.values, i.astype(np.uint64) << np.uint64(40))
    with xr.open_dataset(path, group="series/clearing/fund/balance", engine=engine) as ds:
        equal("balance", ds.value.values, i[::1000] * 1000003 * 1e-6)
    with xr.open_dataset(path, group="metrics", engine=engine) as ds:
        equal("metric", float(ds.value.sel(name="bad_debt.usd")), 1.5)
        equal("unit", str(ds.unit.sel(name="bad_debt.usd").values), "USD")
    with xr.open_dataset(path, group="fingerprints", engine=engine) as ds:
        equal("sub-hashes", ds.fingerprint.values, np.array([2, 2**64 - 1], dtype=np.uint64))
    for group in ["/", "scenario", "scenario/parameters", "entities/trader", "profile",
                  "hist/layer2/sequencer/delay", "series/l2_block", "tables/disputes"]:
        with xr.open_dataset(path, group=group, engine=engine) as ds:
            ds.load()


def check_netcdf4():
    with netCDF4.Dataset(path) as f:
        v = f["tables/liquidations/reason"]
        equal("netCDF dims", v.dimensions, ("time",))
        equal("netCDF values", v[:], i % 3)
        equal("netCDF status", f.status, "complete")


warnings.simplefilter("error")
warnings.filterwarnings("ignore", category=DeprecationWarning)
check_h5py()
check_netcdf4()
for engine in ("netcdf4", "h5netcdf"):
    check_xarray(engine)
