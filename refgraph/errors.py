"""One tree of errors; each class knows its exit code.

    RefgraphError              1   internal: refgraph breaks one of its own promises
    ├── UsageError             2   unknown name, option or customer; a missing extra
    ├── DataError              3   the data cannot be read or lacks what the question needs
    │   └── EditedError            what was loaded has been changed by somebody else
    ├── DatabaseError          4   unreachable, or it refused the call
    │   ├── LoginError             wrong user or password
    │   ├── ForbiddenError         the user lacks the permission
    │   ├── OutOfMemoryError       the transaction is too large for the server
    │   ├── CommitLostError        the connection broke in a commit: its outcome is unknown
    │   └── ServerError            any other error code of the server
    ├── FileError              5   a path is missing, unreadable or not writable
    └── LockedError            6   another load holds the lock

An error is an id and its values, never a sentence: the sentences (cause and remedy, in English and
in Chinese) live in ``texts/`` under ``error.<id>``. Code that has to react to one kind of error
catches its class; only ``refgraph init`` goes by ids, to propose a line for each fault. ``others``
carries further errors of the same pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def _format_bare(error: RefgraphError) -> str:
    return f"{error.id} {error.values}"


class RefgraphError(Exception):
    """Base class of all errors of refgraph; raised itself only for an internal fault."""

    exit_code = 1
    formatter: Callable[[RefgraphError], str] = staticmethod(_format_bare)
    """Turns an error into a sentence; ``refgraph/__init__`` registers one that uses the texts."""

    def __init__(self, id: str, /, others: Sequence[RefgraphError] = (), **values: object) -> None:
        super().__init__(id)
        self.id = id
        self.values = values
        self.others = tuple(others)

    def __str__(self) -> str:
        return RefgraphError.formatter(self)


class UsageError(RefgraphError):
    """The call is wrong: an unknown name, a missing option, options that exclude each other."""

    exit_code = 2


class DataError(RefgraphError):
    """The data cannot be read, or lacks what the question needs."""

    exit_code = 3


class EditedError(DataError):
    """What refgraph loaded has been changed by somebody else."""


class DatabaseError(RefgraphError):
    """The database is unreachable or refused the call."""

    exit_code = 4


class LoginError(DatabaseError):
    """The server does not accept the user and password (id ``db-refused``)."""


class ForbiddenError(DatabaseError):
    """The user is not allowed to do this (id ``db-forbidden``)."""


class OutOfMemoryError(DatabaseError):
    """The server lacks the memory for the transaction (id ``db-memory``); a smaller one may fit."""


class CommitLostError(DatabaseError):
    """The connection broke during a commit, which may have happened (id ``db-lost-commit``)."""


class ServerError(DatabaseError):
    """An error of the server that no other class describes (id ``db-said``)."""


class FileError(RefgraphError):
    """A path is missing, unreadable or cannot be written."""

    exit_code = 5


class LockedError(RefgraphError):
    """Another load holds the lock of the database."""

    exit_code = 6


class RefgraphWarning(UserWarning):
    """What reading left out or changed; one warning per kind, whose text says how many rows.

    id: the kind, such as ``rows-rejected`` or ``trimmed``. count: rows, columns or ids.
    """

    def __init__(self, text: str, id: str, count: int) -> None:
        super().__init__(text)
        self.id = id
        self.count = count


def combine_errors(errors: Sequence[RefgraphError]) -> RefgraphError:
    """The first of several errors, with the others attached to it."""
    first, *others = errors
    first.others = (*first.others, *others)
    return first
