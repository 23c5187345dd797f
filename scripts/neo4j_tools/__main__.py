"""The command line of scripts/neo4j."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from neo4j_tools import Fault, home as house, jars, server

HELP = "A Neo4j Community server for development: loopback only, a password of its own, everything in .neo4j/."
TOLD = {
    "start": "fetch the server if need be, start it, print how to reach it",
    "stop": "stop it and wait",
    "status": "whether it runs, where, and how large it is",
    "cypher": "run a statement, print TSV",
    "admin": "run neo4j-admin on it, such as for refgraph load --via import (NEO4J_ADMIN='scripts/neo4j admin')",
}
SIZE = re.compile(r"[1-9]\d*[mg]")


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser("scripts/neo4j", description=HELP)
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(TOLD))
    for name, told in TOLD.items():
        action = actions.add_parser(name, help=told, description=told)
        action.add_argument("--home", type=Path, default=jars.KEPT / "home", metavar="DIR", help="its folder (.neo4j/home)")
        if name == "start":
            action.add_argument("--heap", type=size, default="512m", metavar="SIZE", help="memory: 512m (default), 2g")
            action.add_argument("--page-cache", type=size, metavar="SIZE", help="64m; 1g with a heap of 1g or more")
            action.add_argument("--plugins", action="store_true", help="with APOC and open GDS")
            action.add_argument("--offline", action="store_true", help="take the jars from Maven's own store, ask no network")
        if name == "cypher":
            action.add_argument("statement", help="such as 'RETURN 1'; - reads it from the standard input")
        if name == "admin":
            action.add_argument("words", nargs=argparse.REMAINDER, help="such as: database info neo4j")
    return parser.parse_args(words)


def size(text: str) -> str:
    """A size as 512m or 2g."""
    if not SIZE.fullmatch(text.lower()):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 512m or 2g")
    return text.lower()


def start(given: argparse.Namespace) -> None:
    """Start, and print what a person pastes."""
    cache = given.page_cache or ("1g" if given.heap.endswith("g") or int(given.heap[:-1]) >= 1024 else "64m")
    there = server.find(given.home)
    if there:
        print(f"neo4j: runs already (pid {there.pid}); what start was asked for is not changed", file=sys.stderr)
    how = {"heap": given.heap, "page_cache": cache, "plugins": given.plugins, "offline": given.offline}
    print(paste(there or server.start(given.home, **how)))


def paste(running: server.Server) -> str:
    """The address, and the line that gives it and the password to a shell without showing the latter.

    Raises Fault if the file that holds it was taken away.
    """
    file = running.env_file
    if not file.is_file():
        raise Fault(f"the password is lost, {file} is gone: stop the server, and start one with a new --home.")
    near = Path(os.path.relpath(file)) if file.is_relative_to(Path.cwd()) else file
    path = str(near) if len(near.parts) > 1 else f"./{near}"  # a name without a slash would be looked for on the PATH
    return f"NEO4J_URI={running.uri}\nset -a; . {shlex.quote(path)}; set +a"


def stop(given: argparse.Namespace) -> None:
    """Stop, and say so."""
    there = server.find(given.home)
    if there:
        there.stop()
    print("stopped" if there else "not running")


def status(given: argparse.Namespace) -> None:
    """One line a fact, the name and a tab before it."""
    there = server.find(given.home)
    facts: dict[str, object] = {"state": "running" if there else "stopped", "home": given.home.resolve()}
    if there:
        facts |= {"uri": there.uri, "pid": there.pid, "version": version(there), "env": there.env_file}
    print("\n".join(f"{name}\t{fact}" for name, fact in {**facts, "data": taken(given.home / "data")}.items()))


def version(there: server.Server) -> str:
    """What the server calls itself, or why it does not say."""
    try:
        rows = ask(there, "CALL dbms.components() YIELD name, versions AS v, edition RETURN name, v[0], edition")[1]
    except Fault as fault:
        return f"unknown: {fault}"
    return " ".join(rows[0])


def taken(folder: Path) -> str:
    """The room that a folder takes on disk, in MB; "none" if it is not there. Files may vanish meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_blocks * 512
    return f"{total / 1e6:.1f} MB" if folder.is_dir() else "none"


def cypher(given: argparse.Namespace) -> None:
    """Run a statement; TSV with a header, nothing for what returns no columns."""
    there = server.find(given.home)
    if not there:
        raise Fault(f"no server runs in {given.home}: start it with scripts/neo4j start.")
    columns, rows = ask(there, sys.stdin.read() if given.statement == "-" else given.statement)
    for row in [columns, *rows] if columns else []:
        print("\t".join(map(cell, row)))


def admin(given: argparse.Namespace) -> None:
    """The administration tool of the server, its output and its exit code; most of what it does wants a stopped server."""
    home = given.home.resolve()
    java, lib = jars.java(), jars.fetch()
    words = [str(java), "-Xmx2g", "-cp", f"{lib}/*", "org.neo4j.cli.AdminTool", *given.words]
    paths = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    sys.exit(subprocess.run(words, env=house.surroundings() | paths, check=False).returncode)


def ask(there: server.Server, statement: str) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows; raises Fault with the server's own words."""
    from neo4j import Query
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        with there.driver(notifications_min_severity="OFF") as driver, driver.session(database=house.DATABASE) as session:
            result = session.run(Query(statement))
            return result.keys(), [record.values() for record in result]
    except Neo4jError as fault:
        raise Fault(f"{fault.code}: {fault.message}") from None
    except DriverError as fault:
        raise Fault(f"the server does not answer: {fault}") from None


def cell(value: Any) -> str:
    """A value on one line: text with backslash, tab and line breaks escaped, nothing for null, JSON for lists and maps."""
    value = plain(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    for raw, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, written)
    return text


def plain(value: Any) -> Any:
    """Nodes and relationships as their properties, paths as their nodes', dates as text."""
    if hasattr(value, "relationships"):
        return [plain(node) for node in value.nodes]
    if hasattr(value, "items"):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)) and not hasattr(value, "iso_format"):
        return [plain(each) for each in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


ACTIONS: dict[str, Callable[[argparse.Namespace], None]] = {
    "start": start, "stop": stop, "status": status, "cypher": cypher, "admin": admin,
}  # fmt: skip


def main() -> None:
    """Do it; a fault is one sentence and code 4, Ctrl-C 130, a reader that left (as head does) no fault."""
    given = arguments()
    try:
        ACTIONS[given.action](given)
        sys.stdout.flush()
    except Fault as fault:
        print(f"neo4j: {fault}", file=sys.stderr)
        sys.exit(fault.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
