"""``refgraph write-back ANALYSIS URI``: an answer as properties of the nodes of a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from refgraph import pipeline
from refgraph.commands.analysis import AnalysisGroup
from refgraph.commands.console import get_console
from refgraph.commands.localized_option import LocalizedOption
from refgraph.commands.option_families import (
    CONNECTION,
    DATABASE,
    OUTPUT,
    READING,
    SCOPE,
    define_command,
)
from refgraph.commands.options import DatabaseOptions
from refgraph.commands.progress_bar import show_progress
from refgraph.commands.session import Session
from refgraph.engines.write_back import WrittenRun
from refgraph.errors import UsageError
from refgraph.model.message import message
from refgraph.pipeline.databases import is_address, open_store
from refgraph.pipeline.write_back import DEFAULT_PREFIX, plan_write_back
from refgraph.texts import format_message

UNDO = "undo"


def _write_answer(
    session: Session,
    name: str,
    parameters: dict[str, object],
    *,
    prefix: str,
    write: tuple[str, ...],
    label: tuple[str, ...],
    undo: str | None,
) -> None:
    """Run the analysis, write its rows into the nodes, and print what was done.

    undo: never given here, see `WriteBackGroup.parse_args`.
    """
    source = session.reading.find_source() or ""
    if not is_address(source):
        raise UsageError("not-a-database", source=source)
    context = click.get_current_context().params
    node_label, key = _find_nodes(session, context.get("node_label"))
    result = pipeline.run(session.engine, name, parameters, session.scope, session.output.top)
    plan = plan_write_back(
        result,
        session.engine.dataset().fingerprint,
        prefix=prefix,
        columns=write,
        labels=label,
        node_label=node_label,
        node_key=key,
    )
    store = open_store(source, DatabaseOptions(**_select_connection(context)).to_connection())
    try:
        with show_progress(describe_progress()) as progress:
            run = store.write_back(plan, progress)
    finally:
        store.close()
    _print_run(run, plan.label)


def _print_run(run: WrittenRun, label: str) -> None:
    """What was written, and how it is undone."""
    done = message(
        "write-back.done",
        run=run.id,
        analysis=run.analysis,
        nodes=run.nodes,
        label=label,
        names=run.names,
        rows=run.rows - run.nodes,
    )
    click.echo(format_message(done, get_console().language))
    if run.labels:
        labeled = message("write-back.labels", labels=run.labels)
        click.echo(format_message(labeled, get_console().language))


def _find_nodes(session: Session, label: object) -> tuple[str, str]:
    """Label and key of the nodes: those of a load, or of the graph that the options name."""
    settings = session.engine.summarize_source().settings
    named = label or settings.neo4j.label
    labels = [named] if isinstance(named, str) and named else list(named or ())  # type: ignore
    if not labels:
        return "Customer", "id"
    if len(labels) > 1:
        raise UsageError("one-label-to-write", labels=labels)
    return labels[0], settings.columns.get("customers.id", "id")


def _select_connection(values: dict[str, Any]) -> dict[str, Any]:
    names = [str(parameter.name) for parameter in CONNECTION.parameters]
    return {name: values[name] for name in names}


def describe_progress() -> Callable[[str, int, int | None], str]:
    """A function that describes progress: stage and rows."""
    console = get_console()

    def describe(stage: str, done: int, total: int | None) -> str:
        name = console.look_up("write-back", stage)
        sentence = message("write-back.progress", stage=name, done=done)
        return format_message(sentence, console.language)

    return describe


@define_command(
    UNDO,
    click.Argument(["run"]),
    click.Argument(["uri"], envvar="REFGRAPH_SOURCE", metavar="URI"),
    families=[CONNECTION],
    text=("write-back", "help-undo"),
)
def undo_command(run: str, uri: str, database: DatabaseOptions) -> None:
    """Remove what a run wrote, and print from how many nodes."""
    store = open_store(uri, database.to_connection())
    try:
        with show_progress(describe_progress()) as progress:
            undone = store.undo_write_back(run, progress)
    finally:
        store.close()
    values = {"run": undone.id, "analysis": undone.analysis, "nodes": undone.nodes}
    sentence = message("write-back.undone", **values)
    click.echo(format_message(sentence, get_console().language))


class WriteBackGroup(AnalysisGroup):
    """The analyses, and ``--undo RUN`` in place of one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``--undo RUN``, wherever it stands, is the command ``undo`` with RUN first."""
        words = [part for word in args for part in _split_undo(word)]
        if f"--{UNDO}" in words[:-1]:
            place = words.index(f"--{UNDO}")
            words = [UNDO, words[place + 1], *words[:place], *words[place + 2 :]]
        return super().parse_args(ctx, words)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The analysis, or `undo_command`."""
        return undo_command if cmd_name == UNDO else super().get_command(ctx, cmd_name)


def _split_undo(word: str) -> list[str]:
    """``--undo=RUN`` as two words."""
    name, equals, value = word.partition("=")
    return [name, value] if equals and name == f"--{UNDO}" else [word]


command = WriteBackGroup(
    "write-back",
    _write_answer,
    [
        LocalizedOption("--prefix", default=DEFAULT_PREFIX, show_default=True, metavar="TEXT"),
        LocalizedOption("--write", multiple=True, metavar="COLUMN"),
        LocalizedOption("--label", multiple=True, metavar="COLUMN"),
        LocalizedOption("--undo", metavar="RUN"),
    ],
    families=(
        SCOPE,
        OUTPUT.select("top", "verbose"),
        READING.drop("pseudonymize", "rejects"),
        DATABASE,
    ),
)
