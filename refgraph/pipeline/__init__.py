"""THE PAGE TO READ FIRST: how refgraph gets from files to an answer.

    files, frames, databases
        |  sources      read every format into tables of raw text
        |  intake       map, cast, match and check them: a Dataset and its ledger of rejected rows
    Dataset
        |  engines      hold the data, in memory or in a database
        |  graph        apply a scope (which referrals count, which orders, as of when): a Graph
    Graph
        |  analyses     answer one question with a table, a headline and notes: an Answer
    Answer
        |  pipeline     add parameters, scope and origin: a Result
    Result
        |  renderers    write it as a table, CSV, JSON, Markdown, HTML ...
    page

`open_source` covers the upper half, from a source to an engine; `run` covers the lower half, from
an engine to a Result. Both only connect the rooms that do the work: nothing here computes a figure.

The other files of this room, by what they serve:

* opening a source: `options`, `inputs` (Python objects), `databases`,
  `database_files`, `source_files`, `file_copies`, `pseudonymous`, `networkx_interchange`;
* what stands beside an answer: `provenance`, `scope_notes`, `intake_notes`, `referral_check`,
  `small_cells`, `unknown_words`, `rejected_cells`, `cell_proposals`;
* pictures: `drawing`, `drawing_handle`;
* commands that answer no question: `generate`, `matching` and `doctor`; `export` with its
  `export_*`, `flat_network` and `settings_file`; ``init`` with `planned_files`, `proposed_*` and
  `settings_*`; `stored_answers` and `snapshots` for databases.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from refgraph import analyses, config, intake, sources
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.intake.mapping import build_header_counter, detect_tables
from refgraph.model.graph import Graph
from refgraph.model.message import Message
from refgraph.model.raw import Tables
from refgraph.model.result import Answer, Column, Result
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.model.units import Unit
from refgraph.pipeline.database_files import add_files
from refgraph.pipeline.databases import is_address, open_database
from refgraph.pipeline.file_copies import leave_out_copies
from refgraph.pipeline.intake_notes import collect_intake_notes
from refgraph.pipeline.opening import Opener
from refgraph.pipeline.options import SourceOptions, complete_options
from refgraph.pipeline.provenance import describe_no_engine, describe_origin, refresh_origin
from refgraph.pipeline.pseudonymous import PseudonymousEngine, hide_engine, hide_errors
from refgraph.pipeline.referral_check import check_referrals, collect_empty_notes
from refgraph.pipeline.scope_notes import collect_scope_notes
from refgraph.pipeline.small_cells import hide_small_cells
from refgraph.progress import log_step
from refgraph.registry import Analysis, check_columns

LOGGER = logging.getLogger(__name__)


def open_source(source: str | Path | None, options: SourceOptions = SourceOptions()) -> Engine:
    """Open a source: a folder, one file, an address ``neo4j://...``, or the tables in ``options``.

    Files are read and checked at once; a database is read when it is first asked.
    Raises FileError, DataError and UsageError, which report every fault of every file together.
    """
    with hide_errors(options):
        return hide_engine(_open_engine(source, options), options)


def _open_engine(source: str | Path | None, options: SourceOptions) -> Engine:
    if is_address(source):
        return _open_database(str(source), options)
    settings = load_settings(source, options)
    with log_step(LOGGER, "open %r", source):
        tables = read_files(source, options, settings)
        dataset = intake.build_dataset(tables.by_name, settings, options.intake, tables.ignored)
    LOGGER.debug("%r", dataset)
    return OfflineEngine(dataset, str(source or ""))


def _open_database(uri: str, options: SourceOptions) -> Engine:
    """A database, with the tables that files replace; then it is read at once."""
    engine = open_database(uri, options)
    if not options.has_files:
        return engine
    settings = load_settings(None, options)
    files = read_files(None, options, settings)
    return add_files(engine, files, uri, options, settings)


def load_settings(source: str | Path | None, options: SourceOptions) -> Settings:
    """The settings that apply to a source. Raises FileError, DataError."""
    path = config.find_config(str(source) if source else None, options.config)
    return config.with_columns(config.load_settings(path), options.columns)


def read_files(source: str | Path | None, options: SourceOptions, settings: Settings) -> Tables:
    """The raw tables of all files, and the names of files that were ignored.

    Files of a SOURCE that repeat another one are left out, see `leave_out_copies`.
    Raises as `open_source`.
    """
    options = complete_options(options, settings)
    detector = partial(detect_tables, settings=settings)
    counter = build_header_counter(settings)
    tables = sources.read_tables(source, options, detect_tables=detector, count_known=counter)
    named = [table for table, files in options.paths_by_table.items() if files]
    return leave_out_copies(tables, settings, named)


def run(
    engine: Engine,
    name: str,
    parameters: Mapping[str, object] | None = None,
    scope: Scope = Scope(),
    rows: int | None = None,
) -> Result:
    """Run one analysis on an engine.

    A stored answer is used if the engine has one with at least ``rows`` rows (None = all of them).
    Otherwise the answer is computed, on a subgraph if that is equivalent and quicker to read.
    Raises UsageError for an unknown analysis or parameter, DataError if the data lacks what the
    analysis needs.
    """
    analysis = analyses.load(name)
    settled = analysis.fill_defaults(parameters or {})
    compute = partial(_compute_answer, engine, analysis, settled, scope)
    stored = engine.find_answer(name, settled, scope, rows)
    if stored is not None:
        LOGGER.debug("%s was stored with the data: %r", name, stored)
        found = replace(stored, origin=refresh_origin(engine, stored.origin))
        return replace(found, opener=Opener(analysis, found, compute))

    graph, answer = compute()
    LOGGER.debug("%s: %d rows", name, answer.frame.height)
    notes = (*answer.notes, *_collect_notes(engine, graph, scope))
    columns = analysis.select_columns(settled)
    result = Result(
        analysis=name,
        parameters=settled,
        scope=scope,
        frame=answer.frame,
        columns=tuple(resolve_column(column, graph) for column in columns),
        grain=analysis.grain,
        headline=answer.headline,
        notes=notes,
        origin=describe_origin(engine, graph),
    )
    if isinstance(engine, PseudonymousEngine):
        result = hide_small_cells(result)
    return replace(result, opener=Opener(analysis, result, lambda: (graph, answer)))


def _compute_answer(
    engine: Engine, analysis: Analysis, parameters: Mapping[str, object], scope: Scope
) -> tuple[Graph, Answer]:
    """The graph under a scope, and the answer with all parameters filled in. Raises as `run`."""
    with log_step(LOGGER, "build the graph for %s", scope):
        graph = _find_subgraph(engine, analysis, parameters, scope) or engine.graph(scope)
    LOGGER.debug("%r", graph)
    if analysis.needs_referrals:
        check_referrals(engine, graph)
    columns = analysis.select_columns(parameters)
    with log_step(LOGGER, "compute %s %s", analysis.name, parameters):
        answer = analysis.function(graph, **parameters)
    return graph, check_columns(analysis.name, columns, answer)


def _collect_notes(engine: Engine, graph: Graph, scope: Scope) -> tuple[Message, ...]:
    """Notes that do not come from the analysis: on scope, referrers, the graph and intake."""
    return (
        *collect_scope_notes(engine, graph, scope),
        *collect_empty_notes(engine, graph),
        *graph.notes,
        *collect_intake_notes(engine.summarize_source()),
    )


def run_variant(
    engine: Engine | None, name: str, option: str, text: str, scope: Scope = Scope()
) -> Result:
    """Answer a variant of an analysis, such as ``effect --claimed TEXT``.

    engine: None is enough for a variant that needs no data.
    Raises UsageError for an unknown option, or a text that the variant cannot answer.
    """
    variant = analyses.load(name).get_variant(option)
    if variant.needs_data:
        assert engine is not None
        graph = engine.graph(scope)
        answer = variant.function(graph, text)
        intake_notes = collect_intake_notes(engine.summarize_source())
        notes = (*answer.notes, *graph.notes, *intake_notes)
        origin = describe_origin(engine, graph)
    else:
        scope = Scope()
        answer = variant.function(text)
        notes = answer.notes
        origin = describe_no_engine()
    return Result(
        analysis=name,
        parameters={option: text},
        scope=scope,
        frame=check_columns(name, variant.columns, answer).frame,
        columns=variant.columns,
        grain=variant.grain,
        headline=answer.headline,
        notes=notes,
        origin=origin,
    )


def resolve_column(column: Column, graph: Graph) -> Column:
    """The column with the unit of the data: VALUE becomes money, quantity or count by its basis."""
    if column.unit is Unit.VALUE:
        symbol = "" if graph.value.basis == "customers" else graph.value.unit
        return replace(column, unit=graph.value.kind, symbol=symbol)
    if column.unit is Unit.MONEY:
        return replace(column, symbol=graph.units.get("money", ""))
    return column


def _find_subgraph(
    engine: Engine, analysis: Analysis, parameters: Mapping[str, object], scope: Scope
) -> Graph | None:
    """The part of the graph around the parties that the options name, if the engine offers it."""
    parties: list[str] = []
    for option in analysis.party_options:
        value = parameters[option]
        if isinstance(value, tuple):
            parties.extend(value)
        elif isinstance(value, str):
            parties.append(value)
    parties = [party for party in parties if party]
    return engine.find_subgraph(parties, analysis.neighborhood, scope) if parties else None
