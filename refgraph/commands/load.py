"""``refgraph load SOURCE --into neo4j://...``: load files into a database, to answer from there."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from refgraph.commands.console import get_console
from refgraph.commands.load_choices import LoadChoices
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import (
    DATABASE,
    OUTPUT,
    READING,
    OptionFamily,
    define_command,
)
from refgraph.commands.options import DatabaseOptions, OutputOptions, ReadingOptions, ScopeOptions
from refgraph.commands.parameter_types import WordType
from refgraph.commands.progress_bar import show_progress
from refgraph.commands.session import Session, open_session
from refgraph.commands.sync import sync_load
from refgraph.engines.base import Store
from refgraph.engines.serialization import drop_side_tables
from refgraph.errors import CommitLostError, DatabaseError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.message import message
from refgraph.pipeline.databases import describe_left_out, open_store
from refgraph.pipeline.stored_answers import compute_stored_answers
from refgraph.progress import Progress
from refgraph.texts import format_message

TARGET_OPTIONS = (
    LocalizedOption("--into", metavar="URI", required=True),
    LocalizedOption("--resume", is_flag=True),
    LocalizedOption("--replace", is_flag=True),
    LocalizedOption("--yes", is_flag=True),
    LocalizedOption("--into-existing", is_flag=True),
)
VIA = LocalizedOption("--via", type=WordType(["bolt", "import"]), default="bolt", show_default=True)
ADMIN = LocalizedOption(
    "--admin", metavar="PROGRAM", envvar="NEO4J_ADMIN", default="neo4j-admin", show_default=True
)
SYNC_OPTIONS = (
    LocalizedOption("--sync", is_flag=True),
    LocalizedOption("--plan", is_flag=True),
    LocalizedOption("--prune", is_flag=True),
)
CHOICES = OptionFamily("choices", LoadChoices, (*TARGET_OPTIONS, *SYNC_OPTIONS, VIA, ADMIN))


@define_command("load", families=[CHOICES, OUTPUT.select("verbose"), READING, DATABASE])
def command(
    choices: LoadChoices, output: OutputOptions, reading: ReadingOptions, database: DatabaseOptions
) -> int:
    """Load, print what was done, and report the rows as every command does."""
    store = open_store(choices.into, database.to_connection())
    try:
        with open_session(reading, database, ScopeOptions(), output) as session:
            session.require_customers()
            with _report_interruption():
                click.echo(_load(store, session, choices))
            for sentence in describe_left_out(session.engine.dataset()):
                get_console().print_message(sentence)
            return session.report_ledger()
    finally:
        store.close()


def _load(store: Store, session: Session, choices: LoadChoices) -> str:
    """Load the data of the session; returns the sentence that describes what was done."""
    data, options = drop_side_tables(session.engine.dataset()), choices.to_load_options()
    source = session.reading.find_source() or ""
    if choices.sync or choices.plan or choices.prune:
        return sync_load(store, data, choices, source)
    if choices.via == "import":
        start = time.perf_counter()
        done = store.bulk_load(data, choices.admin, options, source, compute_stored_answers)
        return _describe_load(store, data, done, time.perf_counter() - start)
    if choices.replace:
        _confirm_replace(store, choices.yes)
    with show_progress(_make_description()) as progress:
        timed_progress, read_seconds = _time_progress(progress)
        done = store.load(data, timed_progress, options, source, compute_stored_answers)
    return _describe_load(store, data, done, read_seconds())


def _confirm_replace(store: Store, is_confirmed: bool) -> None:
    """Print what would be deleted, and ask.

    Raises UsageError ``replace-unasked`` if nobody can be asked, Abort if the answer is no.
    """
    existing = store.read_load_record()
    if existing is None:
        return
    console = get_console()
    warning = message(
        "load.goes",
        source=existing.source,
        customers=existing.rows.get("customers", 0),
        referrals=existing.rows.get("referrals", 0),
        state=existing.state_label,
    )
    console.print_message(warning)
    if is_confirmed:
        return
    if not sys.stdin.isatty():
        raise UsageError("replace-unasked")
    click.confirm(console.look_up("load", "sure"), abort=True, err=True)


def _describe_load(store: Store, data: Dataset, done: str, seconds: float) -> str:
    """The sentence about a finished load. done: ``new``, ``replace``, ``same`` and so on."""
    tables = (data.customers, data.referrals, data.orders, data.affiliations)
    rows = sum(table.height for table in tables if table is not None)
    rows_per_second = round(rows / max(seconds, 1e-9))
    values = {
        "customers": data.customers.height,
        "referrals": data.referrals.height,
        "rows": rows,
        "fingerprint": data.fingerprint[:12],
        "seconds": round(seconds, 1),
        "rate": rows_per_second,
        "uri": store.origin()["source"],
    }
    return format_message(message(f"load.{done}", **values), get_console().language)


@contextmanager
def _report_interruption() -> Iterator[None]:
    """Print how an interrupted load can be continued.

    Exit means that SIGTERM ended the program.
    """
    try:
        yield
    except (KeyboardInterrupt, click.exceptions.Exit, DatabaseError) as error:
        if not isinstance(error, DatabaseError) or isinstance(error, CommitLostError):
            console = get_console()
            click.echo(console.look_up("load", "resumable"), err=True)
        raise


def _time_progress(progress: Progress) -> tuple[Progress, Callable[[], float]]:
    """The Progress, and a clock: seconds since now, or since the last row that was deleted."""
    start = time.perf_counter()

    def report(stage: str, done: int, total: int | None = None) -> None:
        nonlocal start
        if stage == "load-removed":
            start = time.perf_counter()
        progress(stage, done, total)

    return report, lambda: time.perf_counter() - start


def _make_description() -> Callable[[str, int, int | None], str]:
    """A function that describes progress: stage, rows, rows per second."""
    console = get_console()
    beginnings: dict[str, tuple[float, int]] = {}

    def describe(stage: str, done: int, total: int | None) -> str:
        start, first = beginnings.setdefault(stage, (time.perf_counter(), done))
        rate = round((done - first) / max(time.perf_counter() - start, 1e-3))
        stage_name = console.look_up("load", stage)
        sentence = message("load.progress", stage=stage_name, done=done, total=total, rate=rate)
        return format_message(sentence, console.language)

    return describe
