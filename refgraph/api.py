"""The public Python functions: what ``refgraph.read``, ``refgraph.run`` and the others do."""

from __future__ import annotations

import warnings

from refgraph import analyses, pipeline
from refgraph.engines.options import LoadOptions
from refgraph.errors import RefgraphWarning
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Report, Result
from refgraph.model.scope import Scope
from refgraph.pipeline.databases import describe_left_out, open_store
from refgraph.pipeline.inputs import check_scope, open_dataset, open_objects
from refgraph.pipeline.intake_notes import list_intake_warnings
from refgraph.pipeline.matching import propose_matches
from refgraph.pipeline.options import Connection, SourceOptions
from refgraph.pipeline.stored_answers import compute_stored_answers
from refgraph.progress import Progress, ignore_progress
from refgraph.reports.report import build_report
from refgraph.texts import find_language, format_message


def read(
    source: object = None,
    options: SourceOptions = SourceOptions(),
    *,
    customers: object = None,
    referrals: object = None,
    orders: object = None,
    affiliations: object = None,
    contacts: object = None,
    events: object = None,
) -> Dataset:
    """Read files, frames, a networkx graph or a database as a Dataset.

    source: a folder, a file or an address ``neo4j://...``; or a frame of customers (polars, pandas,
    anything with ``__arrow_c_stream__``), which needs no other table if it has a column
    ``referred_by``; or a directed networkx graph. customers to events: a frame, a path, or a list
    of these; each replaces that table of the source.
    Integer ids become text, digit by digit; float ids are refused.
    Each kind of rejected, skipped or changed rows raises one RefgraphWarning with their number;
    ``data.rejects`` lists them and ``data.ledger`` counts the rows of each file.
    Raises FileError, DataError, UsageError.
    """
    tables = {
        "customers": customers,
        "referrals": referrals,
        "orders": orders,
        "affiliations": affiliations,
        "contacts": contacts,
        "events": events,
    }
    data = open_objects(source, options, tables).dataset()
    for id, rows, sentence in list_intake_warnings(data):
        text = format_message(sentence, find_language(), for_python=True)
        warnings.warn(RefgraphWarning(text, id, rows), stacklevel=2)
    return data


def build_graph(data: Dataset, scope: Scope = Scope()) -> Graph:
    """The Graph of a Dataset under a Scope, as analyses see it. Raises UsageError, DataError."""
    return open_dataset(data).graph(check_scope(scope))


def load(
    data: Dataset,
    uri: str,
    options: LoadOptions = LoadOptions(),
    connection: Connection = Connection(),
    progress: Progress = ignore_progress,
) -> str:
    """Load a Dataset into a database, as ``refgraph load`` does; ``refgraph.read(uri)`` reads it.

    Returns what was done: ``new``, ``resume`` or ``replace``; ``same`` or ``alike`` if the database
    held the data already and nothing changed. Credentials come from the environment
    (``NEO4J_USERNAME``, ``NEO4J_PASSWORD``) or from ``connection.env_file``. An interrupted load
    continues with ``LoadOptions(resume=True)``. Contacts and events are not loaded; each of these
    tables raises a RefgraphWarning ``left-out``.
    Raises UsageError, LockedError, DatabaseError.
    """
    open_dataset(data)
    store = open_store(uri, connection)
    try:
        done = store.load(data, progress, options, compute_answers=compute_stored_answers)
    finally:
        store.close()
    for sentence in describe_left_out(data):
        text = format_message(sentence, find_language(), for_python=True)
        rows = int(str(sentence.values["rows"]))
        warnings.warn(RefgraphWarning(text, "left-out", rows), stacklevel=2)
    return done


def run(
    name: str | Dataset,
    data: Dataset | str | None = None,
    scope: Scope = Scope(),
    **parameters: object,
) -> Result:
    """Run one analysis of a Dataset with its options: ``run("credit", data, delta=0.25)``.

    Two analyses take an option that asks another question, which stands alone: ``run("accounts",
    data, explain="C001")`` shows the rules for one customer; ``run("effect", claimed="27-30/96")``
    checks a quoted count and needs no data.

    name, data: in either order. scope: which part of the data. parameters: as the function of that
    name in `refgraph.ask` takes them; text is parsed where a number is meant.
    Raises UsageError for an unknown name, option or value, with the known ones; DataError if the
    data lack what the question needs.
    """
    if isinstance(name, Dataset):
        name, data = str(data), name
    variant = analyses.load(name).find_variant(parameters)
    if variant is None:
        return pipeline.run(open_dataset(data), name, parameters, check_scope(scope))
    what, text = variant
    engine = open_dataset(data) if what.needs_data or data is not None else None
    return pipeline.run_variant(engine, name, what.option, text, check_scope(scope))


def match(data: Dataset) -> Result:
    """Propose which customers the names in a Dataset mean, for a person to confirm.

    Nothing is applied. Write the proposals as a file, fill in its column ``confirm``, and read it
    with ``SourceOptions(matches="matches.csv")``.
    """
    return propose_matches(open_dataset(data))


def report(data: Dataset, scope: Scope = Scope()) -> Report:
    """The management report of a Dataset. Raises UsageError, DataError."""
    return build_report(open_dataset(data), check_scope(scope))
