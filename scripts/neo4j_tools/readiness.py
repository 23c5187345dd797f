"""Wait until a server answers, and set its password."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from neo4j_tools import ToolError
from neo4j_tools.server_home import DATABASE, USER

READY_SECONDS = 180.0
"""It takes 5 seconds on an idle machine, 30 on a busy one."""
POLL_SECONDS = 0.1
BOLT_READY = "Bolt enabled on"
"""In the console once the port is ours; before, another server might answer at it."""
INITIAL_PASSWORD = "neo4j"
"""The password of a fresh database; the server demands a new one before anything else."""
WRONG_PASSWORD = (
    "the database's password is not the one in its env file: "
    "put the file back, or use a new --home."
)


def await_ready(
    uri: str,
    password: str,
    process: subprocess.Popen[bytes],
    console: Path,
    patience: float = READY_SECONDS,
) -> None:
    """Return when the database answers with the password, which is set on a fresh database.

    password: empty for a server without authentication. console: file with the server's output.
    Raises ToolError if the process ends or after ``patience`` seconds.
    """
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    deadline = time.monotonic() + patience
    last_error = "no answer"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ToolError(f"the server ended with code {process.returncode} while it started.")
        try:
            if BOLT_READY in console.read_text(encoding="utf-8", errors="replace"):
                return _ping(uri, password)
        except AuthError:
            _change_password(uri, password)
        except (DriverError, Neo4jError, OSError) as error:
            last_error = type(error).__name__
        time.sleep(POLL_SECONDS)
    raise ToolError(f"the server did not answer within {patience:.0f} s: {last_error}.")


def _ping(uri: str, password: str) -> None:
    from neo4j import GraphDatabase

    address = uri.replace("neo4j://", "bolt://")
    auth = (USER, password) if password else None
    with (
        GraphDatabase.driver(address, auth=auth, connection_timeout=5) as driver,
        driver.session(database=DATABASE) as session,
    ):
        session.run("RETURN 1").consume()


def _change_password(uri: str, password: str) -> None:
    """From the initial password to ours. Raises ToolError if the database has another one."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    address = uri.replace("neo4j://", "bolt://")
    auth = (USER, INITIAL_PASSWORD)
    statement = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
    try:
        with (
            GraphDatabase.driver(address, auth=auth, connection_timeout=5) as driver,
            driver.session(database="system") as session,
        ):
            session.run(statement, old=INITIAL_PASSWORD, new=password).consume()
    except AuthError:
        raise ToolError(WRONG_PASSWORD) from None
    except (DriverError, Neo4jError):
        return  # not ready yet; the caller tries again


def find_cause(console: Path) -> str:
    """The innermost cause of an error that the server has printed; empty if there is none."""
    text = console.read_text(encoding="utf-8", errors="replace")
    causes = re.findall(r"^Caused by: (.*)$", text, re.M)
    if not causes:
        causes = [line for line in text.splitlines() if "ERROR" in line]
    return causes[-1].strip() if causes else ""
