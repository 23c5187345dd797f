"""Exceptions of the driver as errors of refgraph: one cause, one remedy, never a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from refgraph.engines.neo4j.credentials import Credentials
from refgraph.errors import (
    CommitLostError,
    DatabaseError,
    ForbiddenError,
    LoginError,
    OutOfMemoryError,
    ServerError,
)

_IDS_BY_CODE = {
    "Security.Unauthorized": "db-refused",
    "AuthenticationRateLimit": "db-rate-limit",
    "CredentialsExpired": "db-expired",
    "Security.Forbidden": "db-forbidden",
    "DatabaseNotFound": "db-unknown",
    "TransactionTimedOut": "db-timeout",
    "LockClientStopped": "db-timeout",
    "MemoryPoolOutOfMemory": "db-memory",
    "ConstraintCreationFailed": "db-constraint",
    "ConstraintValidationFailed": "db-attached",
}
"""Part of the server's code -> id of the error."""
_CLASSES_BY_ID: dict[str, type[DatabaseError]] = {
    "db-refused": LoginError,
    "db-forbidden": ForbiddenError,
    "db-memory": OutOfMemoryError,
}
"""Errors with a class of their own; the others are a DatabaseError."""
MAX_CAUSE_CHARACTERS = 200


@contextmanager
def translate_driver_errors(credentials: Credentials) -> Iterator[None]:
    """Turn exceptions of the driver into DatabaseErrors that name the address."""
    from neo4j import exceptions

    uri = credentials.uri
    try:
        yield
    except exceptions.IncompleteCommit as error:
        raise CommitLostError("db-lost-commit", uri=uri) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired) as error:
        raise DatabaseError("db-unreachable", uri=uri, why=_describe_cause(error)) from error
    except exceptions.Neo4jError as error:
        raise _translate_server_error(error.code or "", error, credentials) from error
    except exceptions.DriverError as error:
        raise DatabaseError("db-driver", uri=uri, why=_describe_cause(error)) from error


def _translate_server_error(code: str, error: Exception, credentials: Credentials) -> DatabaseError:
    why = _describe_cause(error)
    for part, id in _IDS_BY_CODE.items():
        if part in code:
            error_class = _CLASSES_BY_ID.get(id, DatabaseError)
            return error_class(
                id,
                uri=credentials.uri,
                user=credentials.user,
                database=credentials.database,
                why=why,
            )
    short_code = code.rpartition("Neo.")[2]
    return ServerError("db-said", uri=credentials.uri, code=short_code, why=why)


def _describe_cause(error: BaseException) -> str:
    """The first line of the innermost cause, such as ``Connection refused``."""
    while error.__cause__ is not None:
        error = error.__cause__
    message = getattr(error, "message", None) or getattr(error, "strerror", None)
    text = str(message or error or "")
    if not text:
        return type(error).__name__
    return text.splitlines()[0][:MAX_CAUSE_CHARACTERS]
