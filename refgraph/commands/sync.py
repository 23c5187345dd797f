"""``refgraph load --sync``: bring a load up to date with changed files."""

from __future__ import annotations

import sys

import click

from refgraph.commands.console import get_console
from refgraph.commands.load_choices import LoadChoices
from refgraph.commands.progress_bar import show_progress
from refgraph.commands.write_back import describe_progress
from refgraph.engines.base import Store
from refgraph.engines.sync import SyncSummary
from refgraph.errors import UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.message import Label, Message, message
from refgraph.pipeline.stored_answers import compute_stored_answers
from refgraph.texts import format_message


def sync_load(store: Store, data: Dataset, choices: LoadChoices, source: str) -> str:
    """Print what changes, and change it unless ``--plan`` is given; returns the last sentence."""
    _check_options(choices)
    uri = store.origin()["source"]
    if choices.plan:
        summary = store.plan_sync(data)
        for sentence in describe_changes(summary):
            click.echo(_format(sentence))
        return _format(message("sync.planned", uri=uri, rows=summary.changes))

    def confirm(summary: SyncSummary) -> None:
        for sentence in describe_changes(summary):
            get_console().print_message(sentence)
        if choices.prune and summary.removed and not choices.yes:
            _ask()

    with show_progress(describe_progress()) as progress:
        summary = store.sync(data, progress, choices.prune, confirm, source, compute_stored_answers)
    return _format(_describe_end(summary, data, choices.prune, uri))


def _check_options(choices: LoadChoices) -> None:
    """Raises UsageError ``sync-with`` for options that belong to another way of loading."""
    others = {
        "--replace": choices.replace,
        "--resume": choices.resume,
        "--via import": choices.via == "import",
    }
    for option, is_given in others.items():
        if is_given:
            raise UsageError("sync-with", option=option)


def _describe_end(summary: SyncSummary, data: Dataset, prune: bool, uri: object) -> Message:
    values = {
        "uri": uri,
        "rows": summary.changes - (0 if prune else summary.removed),
        "kept": summary.removed,
        "fingerprint": data.fingerprint[:12],
    }
    if summary.same:
        return message("sync.same", **values)
    return message("sync.kept" if summary.removed and not prune else "sync.done", **values)


def describe_changes(summary: SyncSummary) -> list[Message]:
    """One sentence for each table that changes, with the names of some rows; then what is lost."""
    sentences = []
    for table, changes in summary.tables.items():
        if not changes.total:
            continue
        sentences.append(
            message(
                "sync.table",
                table=Label(table),
                added=changes.added,
                updated=changes.updated,
                moved=changes.moved,
                removed=changes.removed,
            )
        )
        for word, names in changes.examples.items():
            sentences.append(message("sync.examples", kind=Label(f"sync-{word}"), names=names))
    if summary.lost_properties:
        sentences.append(message("sync.lost", names=summary.lost_properties))
    return sentences


def _ask() -> None:
    """Raises UsageError ``prune-unasked`` if nobody can be asked, Abort if the answer is no."""
    if not sys.stdin.isatty():
        raise UsageError("prune-unasked")
    click.confirm(get_console().look_up("sync", "sure"), abort=True, err=True)


def _format(sentence: Message) -> str:
    return format_message(sentence, get_console().language)
