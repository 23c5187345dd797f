"""scripts/neo4j: a private Neo4j Community server for development and tests; not part of refgraph.

`jars` finds Java and fetches the server with Maven, once; `server_home` writes the files in a
server's folder; `server` starts and stops it; `readiness` waits for it; `statements` runs Cypher;
`__main__` is the command line. Tests use the same functions: tests/support/neo4j_server.py.
"""

from __future__ import annotations


class ToolError(Exception):
    """Something a person can put right, in one sentence; the command line exits with the code."""

    code = 4


class MissingDependency(ToolError):  # noqa: N818
    """A program, or the files of the server, are not here and cannot be fetched."""
