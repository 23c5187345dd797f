"""What the driver raises, as errors of refgraph: one cause, one remedy, never a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from refgraph import lean
from refgraph.engines.neo4j.access import Access
from refgraph.errors import DatabaseError, RefgraphError

_CODES = (
    ("Security.Unauthorized", "db-refused"), ("AuthenticationRateLimit", "db-rate-limit"),
    ("CredentialsExpired", "db-expired"), ("Security.Forbidden", "db-forbidden"),
    ("DatabaseNotFound", "db-unknown"), ("TransactionTimedOut", "db-timeout"), ("LockClientStopped", "db-timeout"),
    ("MemoryPoolOutOfMemory", "db-memory"), ("ConstraintCreationFailed", "db-constraint"),
    ("ConstraintValidationFailed", "db-attached"),
)  # fmt: skip
"""End of the server's code -> error of refgraph."""


@contextmanager
def spoken(access: Access) -> Iterator[None]:
    """Errors of the driver become DatabaseErrors, with the address and without the password."""
    exceptions: Any = lean.imported("neo4j", without="pandas").exceptions
    try:
        yield
    except exceptions.IncompleteCommit as error:
        raise DatabaseError("db-lost-commit", uri=access.uri) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired) as error:
        raise DatabaseError("db-unreachable", uri=access.uri, why=_why(error)) from error
    except exceptions.Neo4jError as error:
        raise _of_server(error, access) from error
    except exceptions.DriverError as error:
        raise DatabaseError("db-driver", uri=access.uri, why=_why(error)) from error


def _of_server(error: Exception, access: Access) -> RefgraphError:
    code = str(getattr(error, "code", "") or "")
    for end, id in _CODES:
        if end in code:
            return DatabaseError(id, uri=access.uri, user=access.user, database=access.database, why=_why(error))
    return DatabaseError("db-said", uri=access.uri, code=code.rpartition("Neo.")[2], why=_why(error))


def _why(error: BaseException) -> str:
    """The first sentence of the innermost cause, such as ``Connection refused``."""
    while error.__cause__ is not None:
        error = error.__cause__
    text = str(getattr(error, "message", None) or getattr(error, "strerror", None) or error or type(error).__name__)
    return text.splitlines()[0][:200] if text else type(error).__name__
