"""What can go wrong, one class per kind; all derive from `MezzanineError`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

__all__ = [
    "FailedRunWarning",
    "LimitWarning",
    "MezzanineError",
    "MezzError",
    "MissingModule",
    "RunFileError",
    "UnknownName",
    "module",
]


class MezzanineError(Exception):
    """Base of all errors of this package."""


class RunFileError(MezzanineError):
    """A file or folder cannot be used; the message has its path and the reason."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class UnknownName(MezzanineError, KeyError):
    """There is nothing of this name; the message has the nearest names and what there is."""

    def __init__(self, what: str, name: object, known: Iterable[object], place: str = "") -> None:
        names = [str(one) for one in known]
        message = f"{place}: no {what} {str(name)!r}" if place else f"no {what} {str(name)!r}"
        close = difflib.get_close_matches(str(name), names, 3, 0.5)
        if close:
            message += "; did you mean " + " or ".join(repr(one) for one in close) + "?"
        if not names:
            message += "; there are none"
        elif not close or len(names) <= 20:
            shown = names if len(names) <= 20 else names[:20] + [f"... ({len(names)} in all)"]
            message += (" There" if close else "; there") + f" are: {', '.join(shown)}"
        super().__init__(message)
        self.name = name

    def __str__(self) -> str:  # KeyError would print the message in quotes
        return str(self.args[0])


class MezzError(MezzanineError):
    """The program `mezz` failed; `exit_code` is that of the command line (2 bad usage or scenario,
    3 I/O, 130 interrupted, negative: killed by that signal; None when it could not be started)."""

    def __init__(self, message: str, exit_code: int | None, command: Sequence[str] = ()) -> None:
        ended = "" if exit_code is None else f" (exit code {exit_code})"
        super().__init__(message + ended)
        self.message = message
        self.exit_code = exit_code
        self.command = list(command)


class MissingModule(MezzanineError, ImportError):
    """An optional Python module is not installed; the message says what to install."""


class FailedRunWarning(UserWarning):
    """A run of a sweep failed; the others are there, and its message is in Sweep.metrics."""


class LimitWarning(UserWarning):
    """A [[limit]] of the scenario is broken; the result is there all the same."""


def module(name: str, purpose: str, path: str = "") -> object:
    """The imported module, or MissingModule that says what it is needed for and where it is."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = "python3-" + name.split(".")[0]
        before = f"{path}: " if path else ""
        raise MissingModule(
            f"{before}{purpose} needs the Python module {name.split('.')[0]} "
            f"(Debian: apt-get install {package})"
        ) from error
