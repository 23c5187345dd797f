"""``refgraph load SOURCE --into neo4j://...``: put what files say into a database, so that it can be asked there."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import click

from refgraph import flow
from refgraph.commands import options, output
from refgraph.commands.bar import away, bar
from refgraph.commands.language import chosen
from refgraph.engines.neo4j.store import Loading, Neo4jStore
from refgraph.errors import DatabaseError, UsageError
from refgraph.flow.databases import store
from refgraph.flow.keeping import answers
from refgraph.model.dataset import Dataset
from refgraph.model.message import message
from refgraph.progress import Progress
from refgraph.texts import LANGUAGES, lookup, say


@click.command("load", help=lookup("command", "load", chosen()))
@options.source
@options.option("--into", metavar="URI", required=True)
@options.option("--resume", is_flag=True)
@options.option("--replace", is_flag=True)
@options.option("--yes", is_flag=True)
@options.option("--into-existing", is_flag=True)
@options.option("--via", type=click.Choice(["bolt", "import"]), default="bolt", show_default=True)
@options.option("--admin", metavar="PROGRAM", envvar="NEO4J_ADMIN", default="neo4j-admin", show_default=True)
@options.option("--lang", type=click.Choice(LANGUAGES), envvar="REFGRAPH_LANG")
@options.option("--quiet", is_flag=True)
@options.option("--verbose", is_flag=True)
@options.option("--debug", is_flag=True)
@options.reading_options
def command(**given: Any) -> int:
    """Load, say what was done, and account for the rows as every command does."""
    reading, lang = options.reading(given), output.language(given)
    source = options.source_of(given)
    target = store(given["into"], reading.connection)
    engine = flow.open_source(source, reading)
    output.answerable(engine, given)
    data, how = engine.dataset(), Loading(given["resume"], given["replace"], given["into_existing"])
    try:
        if given["via"] != "import":
            _agreed(target, data, how, given, lang)
        progress, seconds = _timed(_bar(lang, given["quiet"]))
        if given["via"] == "import":
            done = target.bulk(data, given["admin"], how, str(source or ""), answers)
        else:
            done = target.load(data, progress, how, str(source or ""), answers)
        away(given["quiet"])
        click.echo(_told(target, data, done, seconds(), lang))
    except (KeyboardInterrupt, click.exceptions.Exit, DatabaseError) as broken:
        away(given["quiet"])
        _broken(broken, lang)
        raise
    finally:
        target.close()
    return output.settle(engine, given)


def _agreed(target: Neo4jStore, data: Dataset, how: Loading, given: dict[str, Any], lang: str) -> None:
    """With ``--replace``: show what would go, and ask. Raises UsageError ``replace-unasked``; Abort where the answer is no."""
    there = target.inspect() if how.replace else None
    if there is None:
        return
    click.echo(say(message("load.goes", source=there.source, customers=there.rows.get("customers", 0),
                           referrals=there.rows.get("referrals", 0), state=there.spoken), lang), err=True)  # fmt: skip
    if given["yes"]:
        return
    if not sys.stdin.isatty():
        raise UsageError("replace-unasked")
    click.confirm(lookup("load", "sure", lang), abort=True, err=True)


def _told(target: Neo4jStore, data: Dataset, done: str, seconds: float, lang: str) -> str:
    tables = (data.customers, data.referrals, data.orders, data.affiliations)
    rows = sum(table.height for table in tables if table is not None)
    values = {"customers": data.customers.height, "referrals": data.referrals.height, "rows": rows,
              "fingerprint": data.fingerprint[:12], "seconds": round(seconds, 1), "rate": round(rows / max(seconds, 1e-9)),
              "uri": target.origin()["source"]}  # fmt: skip
    return say(message(f"load.{done}", **values), lang)


def _broken(error: BaseException, lang: str) -> None:
    """What a person can do about a load that broke off under way; an Exit is an end asked for from outside (SIGTERM)."""
    if not isinstance(error, DatabaseError) or error.id.startswith("db-lost"):
        click.echo(lookup("load", "resumable", lang), err=True)


def _timed(tell: Progress) -> tuple[Progress, Callable[[], float]]:
    """The Progress, and how many seconds have gone by since now, or since the last that was taken away."""
    since = time.perf_counter()

    def told(stage: str, done: int, total: int | None = None) -> None:
        nonlocal since
        if stage == "load-removed":
            since = time.perf_counter()
        tell(stage, done, total)

    return told, lambda: time.perf_counter() - since


def _bar(lang: str, quiet: bool) -> Progress:
    """Stage, rows and rows a second."""
    started: dict[str, tuple[float, int]] = {}

    def said(stage: str, done: int, total: int | None) -> str:
        start, first = started.setdefault(stage, (time.perf_counter(), done))
        rate = round((done - first) / max(time.perf_counter() - start, 1e-3))
        return say(message("load.progress", stage=lookup("load", stage, lang), done=done, total=total, rate=rate), lang)

    return bar(said, quiet)
