"""scripts/neo4j: a Neo4j Community server of one's own, for development and tests; never shipped with refgraph.

`jars` finds Java and fetches the server with Maven, once; `home` writes what stands in a server's folder; `server` starts
and stops; `__main__` is the command line. Tests call the same functions: tests/neo4j_server.py.
"""

from __future__ import annotations


class Fault(Exception):
    """Something that a person can put right, in one sentence; the command line prints it and ends with the code."""

    code = 4


class Missing(Fault):
    """A program of the machine, or the server's own files, are not there and cannot be fetched."""
