"""Wait until a server answers, and give it its password."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from neo4j_tools import Fault
from neo4j_tools.home import DATABASE, USER

PATIENCE = 180.0
"""Seconds: 5 at rest, 30 on a busy machine."""
BOUND = "Bolt enabled on"
"""What the console says once the port is ours; before that, another server of the machine might answer there."""
FIRST = "neo4j"
"""The password of a fresh database; it has to be changed before anything else."""


def await_ready(uri: str, password: str, process: subprocess.Popen[bytes], console: Path, patience: float = PATIENCE) -> None:
    """Return when the database answers RETURN 1 with the password, changed from the first one if that still stands.

    An empty password asks without. Raises Fault if the process ends or patience runs out.
    """
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    until, last = time.monotonic() + patience, "no answer"
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Fault(f"the server ended with code {process.returncode} while it started.")
        try:
            if BOUND in console.read_text(encoding="utf-8", errors="replace"):
                return _answer(uri, password)
        except AuthError:
            _change(uri, password)
        except (DriverError, Neo4jError, OSError) as fault:
            last = type(fault).__name__
        time.sleep(0.1)
    raise Fault(f"the server did not answer within {patience:.0f} s: {last}.")


def _answer(uri: str, password: str) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(uri.replace("neo4j://", "bolt://"), auth=(USER, password) if password else None,
                              connection_timeout=5) as driver:  # fmt: skip
        with driver.session(database=DATABASE) as session:
            session.run("RETURN 1").consume()


def _change(uri: str, password: str) -> None:
    """From the first password to ours; raises Fault if the database has a third."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    try:
        with GraphDatabase.driver(uri.replace("neo4j://", "bolt://"), auth=(USER, FIRST), connection_timeout=5) as driver:
            with driver.session(database="system") as session:
                session.run("ALTER CURRENT USER SET PASSWORD FROM $old TO $new", old=FIRST, new=password).consume()
    except AuthError:
        raise Fault("the database's password is not the one in its env file: put the file back, or use a new --home.") from None
    except (DriverError, Neo4jError):
        return  # not ready yet; asked again


def reason(console: Path) -> str:
    """The innermost cause that the server printed."""
    text = console.read_text(encoding="utf-8", errors="replace")
    causes = re.findall(r"^Caused by: (.*)$", text, re.M) or [line for line in text.splitlines() if "ERROR" in line]
    return causes[-1].strip() if causes else ""
