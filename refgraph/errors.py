"""One tree of errors; each class knows its exit code.

    RefgraphError            1   internal: a promise of refgraph itself is broken
    ├── UsageError           2   unknown name, option or customer; a missing extra
    ├── DataError            3   the data cannot be read or lacks what the question needs
    ├── DatabaseError        4   unreachable or refused
    ├── FileError            5   a path is missing, unreadable or not writable
    └── LockedError          6   another load holds the lock

An error is an id and its values, never a sentence: the sentences (cause and remedy, English and
简体中文) live in ``texts/`` under ``error.<id>``. ``others`` carries further faults found in the same pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def _bare(error: RefgraphError) -> str:
    return f"{error.id} {error.values}"


class RefgraphError(Exception):
    """Base of all errors of refgraph; raised itself only for an internal breach."""

    exit_code = 1
    speak: Callable[[RefgraphError], str] = staticmethod(_bare)
    """Turns an error into a sentence; ``texts`` puts its own in place when it is loaded."""

    def __init__(self, id: str, /, others: Sequence[RefgraphError] = (), **values: object) -> None:
        super().__init__(id)
        self.id = id
        self.values = values
        self.others = tuple(others)

    def __str__(self) -> str:
        return RefgraphError.speak(self)


class UsageError(RefgraphError):
    """The call cannot be carried out as it was worded."""

    exit_code = 2


class DataError(RefgraphError):
    """The data cannot be read, or lacks what the question needs."""

    exit_code = 3


class DatabaseError(RefgraphError):
    """The database is unreachable or refused the call."""

    exit_code = 4


class FileError(RefgraphError):
    """A path is missing, unreadable or cannot be written."""

    exit_code = 5


class LockedError(RefgraphError):
    """Another load holds the lock of the database."""

    exit_code = 6


def together(faults: Sequence[RefgraphError]) -> RefgraphError:
    """The first of several faults, carrying the others."""
    first, *others = faults
    first.others = (*first.others, *others)
    return first
