"""Runs and sweeps through the program `mezz`, which is a process of its own.

The program is, in this order: the argument `mezz`, the environment variable MEZZ, `mezz` on the
PATH, the newest build/*/mezz of the checkout that this package lies in.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .errors import FailedRunWarning, LimitWarning, MezzError, RunFileError
from .result import Run, open_run
from .sweeps import Sweep, open_sweep

__all__ = ["Reproduction", "find_mezz", "reproduce", "resume", "run", "sweep"]

_Path = str | os.PathLike[str]
_LIMIT = "limit broken: "


class Reproduction(NamedTuple):
    """Whether a stored run came out again bit by bit, and what the program said."""

    reproduced: bool
    message: str

    def __bool__(self) -> bool:
        return self.reproduced


def find_mezz(mezz: _Path | None = None) -> str:
    """Path of the program; raises MezzError that says where it was looked for."""
    for given, where in ((mezz, "argument mezz"), (os.environ.get("MEZZ"), "variable MEZZ")):
        if given:
            found = shutil.which(os.fspath(given))
            if found is None:
                raise MezzError(f"{where}: {os.fspath(given)} is no program", None)
            return found
    found = shutil.which("mezz")
    if found is not None:
        return found
    checkout = os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))
    built = [p for p in glob.glob(os.path.join(checkout, "build", "*", "mezz")) if shutil.which(p)]
    if built:
        return max(built, key=os.path.getmtime)
    raise MezzError(
        "there is no program mezz: not on the PATH, not in build/*/mezz of the checkout; "
        "give mezz=PATH or set the environment variable MEZZ",
        None,
    )


def toml_value(value: object) -> str:
    """A Python value as the TOML value that --set and scenario files take.

    A timedelta is written as a duration; texts such as "250 ms" are quoted as they are.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, datetime.timedelta):
        ns = (value.days * 86_400 + value.seconds) * 10**9 + value.microseconds * 1_000
        return f'"{ns + int(getattr(value, "nanoseconds", 0))} ns"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple, range)):
        return "[" + ", ".join(toml_value(one) for one in value) + "]"
    if hasattr(value, "item"):  # a number of numpy
        return toml_value(value.item())
    if isinstance(value, (int, float, decimal.Decimal)):
        return str(value)
    raise TypeError(f"{value!r} ({type(value).__name__}) cannot be written into a scenario")


def _overrides(overrides: Mapping[str, object] | None, seed: int | None) -> list[str]:
    words = []
    for key, value in (overrides or {}).items():
        words += ["--set", f"{key}={toml_value(value)}"]
    if seed is not None:
        words += ["--seed", str(seed)]
    return words


class _Done(NamedTuple):
    code: int
    out: str
    err: str


def _stop(child: subprocess.Popen[str]) -> None:
    """Ends the program and waits; one more Ctrl-C meanwhile ends it at once."""
    try:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
        child.wait()
    except BaseException:
        child.kill()
        child.wait()
        raise


def _execute(command: Sequence[str], progress: bool) -> _Done:
    """Runs the program to its end. It is in a session of its own, so Ctrl-C reaches it once, from
    here: it then writes what was recorded, ends, and KeyboardInterrupt goes on."""
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise MezzError(f"{command[0]} cannot be started: {error}", None, command) from error
    said: list[str] = []

    def listen() -> None:
        for line in child.stderr or ():
            said.append(line)
            if progress:
                sys.stderr.write(line)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        out = child.stdout.read() if child.stdout else ""
        child.wait()
    except BaseException:
        _stop(child)
        raise
    finally:
        listener.join()
        for stream in (child.stdout, child.stderr):
            if stream:
                stream.close()
    return _Done(child.returncode, out, "".join(said))


def _message(done: _Done, what: str) -> str:
    lines = [line.removeprefix("mezz: ") for line in done.err.splitlines() if line.strip()]
    if done.code == 130:
        return f"{what} was interrupted" + (": " + "; ".join(lines) if lines else "")
    if done.code < 0:
        return f"{what} was ended by {signal.Signals(-done.code).name}"
    return "\n".join(lines) or f"{what} failed without a message"


def _answer(done: _Done, what: str, command: Sequence[str]) -> dict[str, Any]:
    """The JSON object on standard output. Raises MezzError unless the exit code is 0 or 1; for 1
    (a limit is broken) there is a result, and a LimitWarning."""
    if done.code not in (0, 1):
        raise MezzError(_message(done, what), done.code, command)
    try:
        answer: dict[str, Any] = json.loads(done.out)
        result = answer.get("result") or answer.get("folder")
    except ValueError:
        result = None
    if not result:
        raise MezzError(_message(done, what), done.code, command)
    return answer


def _warn(lines: Iterable[str], kind: type[Warning], caller: int) -> None:
    for line in lines:
        warnings.warn(line, kind, stacklevel=caller + 2)


def run(
    scenario: _Path,
    overrides: Mapping[str, object] | None = None,
    seed: int | None = None,
    out: _Path | None = None,
    mezz: _Path | None = None,
    *,
    until: str | None = None,
    progress: bool = False,
) -> Run:
    """Runs a scenario file, or one of the catalogue, and opens the result.

    overrides  {"market.insurance_fund": "1 MUSD", "run.duration": timedelta(hours=2)}, as --set
    out        the result file; without it a temporary one, removed when the Run is closed
    until      stop at this simulated time, "10 min"
    progress   show the program's messages on standard error

    Raises MezzError with exit code and message when the run fails (2: scenario or usage, 3: I/O).
    A broken [[limit]] is a LimitWarning. KeyboardInterrupt stops the program, which leaves a valid
    file marked interrupted when `out` was given, and goes on.
    """
    what = f"mezz run {os.fspath(scenario)}"
    command = [find_mezz(mezz), "run", os.fspath(scenario), *_overrides(overrides, seed), "--json"]
    if until is not None:
        command += ["--until", until]
    if not progress:
        command.append("--quiet")
    with contextlib.ExitStack() as keep:
        path = os.path.join(_temporary(keep), "run.h5") if out is None else os.fspath(out)
        done = _execute([*command, "--out", path], progress)
        if _answer(done, what, command).get("status") == "failed":
            raise MezzError(_message(done, what), done.code, command)
        found = open_run(path)
        if out is None:
            found._keep = keep.pop_all()
    lines = (line.removeprefix("mezz: ") for line in done.err.splitlines())
    _warn((line for line in lines if line.startswith(_LIMIT)), LimitWarning, 1)
    return found


def _temporary(keep: contextlib.ExitStack) -> str:
    return keep.enter_context(tempfile.TemporaryDirectory(prefix="mezz-"))


def _with_axes(scenario: _Path, axes: Mapping[str, Iterable[object]], folder: str) -> str:
    """A scenario file that adds the axes to a scenario; returns its path."""
    name = os.fspath(scenario)
    base = os.path.abspath(name) if os.path.isfile(name) else name
    lines = [f"extends = [{toml_value(base)}]", "[sweep]"]
    lines += [f"{json.dumps(key)} = {toml_value(list(values))}" for key, values in axes.items()]
    stem = os.path.splitext(os.path.basename(name))[0]
    path = os.path.join(folder, f"{stem}_sweep.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def _sweep_result(command: list[str], what: str, progress: bool) -> Sweep:
    if not progress:
        command.append("--quiet")
    done = _execute(command, progress)
    answer = _answer(done, what, command)
    found = open_sweep(answer["folder"])
    _warn(answer.get("failures") or (), FailedRunWarning, 2)
    _warn((_LIMIT + line for line in answer.get("limits_broken") or ()), LimitWarning, 2)
    return found


def sweep(
    scenario: _Path,
    axes: Mapping[str, Iterable[object]] | None = None,
    overrides: Mapping[str, object] | None = None,
    out: _Path | None = None,
    jobs: int | None = None,
    mezz: _Path | None = None,
    *,
    progress: bool = False,
) -> Sweep:
    """Runs everything that [sweep] of a scenario names, and opens the folder.

    axes       added to the scenario: {"layer2.design": ["plasma", "zk_rollup"],
               "run.seed": range(1, 51)}; every value with every other
    out        the folder; without it a temporary one, removed when the Sweep is closed
    jobs       runs at once; without it one per core

    A failed run is a row of `metrics` with its message, and a FailedRunWarning. Raises MezzError as
    run() does, also when `out` already holds a sweep (then resume() goes on with it).
    """
    command = [find_mezz(mezz), "sweep"]
    with contextlib.ExitStack() as keep:
        folder = os.path.join(_temporary(keep), "sweep") if out is None else os.fspath(out)
        file = _with_axes(scenario, axes, _temporary(keep)) if axes else os.fspath(scenario)
        command += [file, *_overrides(overrides, None), "--out", folder, "--json"]
        if jobs is not None:
            command += ["--jobs", str(jobs)]
        found = _sweep_result(command, f"mezz sweep {os.fspath(scenario)}", progress)
        if out is None:
            found._keep = keep.pop_all()
    return found


def resume(folder: _Path, mezz: _Path | None = None, *, progress: bool = False) -> Sweep:
    """Does what is left of a sweep that was ended before its end, and opens it."""
    command = [find_mezz(mezz), "resume", os.fspath(folder), "--json"]
    return _sweep_result(command, f"mezz resume {os.fspath(folder)}", progress)


def reproduce(path: _Path, mezz: _Path | None = None) -> Reproduction:
    """Runs the scenario stored in a result again; true when every event is the same.

    Raises MezzError when it cannot be run or read.
    """
    if not os.path.exists(path):
        raise RunFileError(os.fspath(path), "there is no such file")
    command = [find_mezz(mezz), "reproduce", os.fspath(path)]
    done = _execute(command, False)
    if done.code not in (0, 1):
        raise MezzError(_message(done, f"mezz reproduce {os.fspath(path)}"), done.code, command)
    return Reproduction(done.code == 0, (done.out or done.err).strip())
