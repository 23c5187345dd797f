"""Make the archive of the server's classes, once for each set of jars."""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

from neo4j_tools import jars, java_process
from neo4j_tools.server import start_server

NOTE = "neo4j: writing the classes of the server into one file (once, about a minute) ..."
STOP_SECONDS = 300
"""How long the server may take to write the archive when it stops."""
STATEMENTS = (
    "CREATE CONSTRAINT a IF NOT EXISTS FOR (n:A) REQUIRE n.id IS UNIQUE",
    "UNWIND [{id: 1}, {id: 2}] AS row CREATE (n:A) SET n = row",
    "MATCH (a:A), (b:A) WHERE a.id < b.id MERGE (a)-[r:TO]->(b) RETURN a, r",
    "MATCH (n:A) OPTIONAL MATCH (n)-[r]->(m) RETURN count(DISTINCT n), collect(m.id)",
    "SHOW CONSTRAINTS YIELD name",
    "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS",
)
"""Work of all kinds, so that its classes are in the archive, too."""


@cache
def ensure_archive(plugins: bool = False) -> None:
    """Make the archive if there is none; concurrent calls wait. Raises as `start_server`.

    A Java that writes no archive is no fault: its servers start without one.
    """
    lib = jars.fetch_jars(plugins)
    archive = java_process.find_archive(lib)
    with jars.hold_file_lock(archive.with_suffix(".archive-lock")):
        if archive.is_file():
            return
        new = java_process.find_new_archive(lib)
        new.unlink(missing_ok=True)  # of a call that was killed
        print(NOTE, file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            server = start_server(
                Path(folder) / "home", fast=True, tied=True, plugins=plugins, records=True
            )
            with server.driver() as driver, driver.session(database="neo4j") as session:
                for statement in STATEMENTS:
                    session.run(statement).consume()
            server.stop(STOP_SECONDS)
        if new.is_file():
            new.rename(archive)
