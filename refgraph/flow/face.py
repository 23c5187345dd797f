"""The functions of the public face: the journey for people who write Python."""

from __future__ import annotations

import os

from refgraph import flow
from refgraph.engines.neo4j.store import Loading
from refgraph.engines.offline import Offline
from refgraph.flow import networks
from refgraph.flow.databases import store
from refgraph.flow.keeping import answers
from refgraph.flow.objects import open_objects
from refgraph.flow.reading import Connection, Reading
from refgraph.flow.reports import report as _report
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.result import Report, Result
from refgraph.model.scope import Scope
from refgraph.progress import Progress, silent
from refgraph.renderers.notebook import notebook
from refgraph.texts import LANGUAGES, preferred


def read(source: object = None, reading: Reading = Reading(), *, customers: object = None, referrals: object = None,
         orders: object = None, affiliations: object = None) -> Dataset:
    """Files or objects as a Dataset.

    source: a folder, a file or an address ``neo4j://...``; or a frame of customers (polars, pandas, anything with
    ``__arrow_c_stream__``), which a column ``referred_by`` makes enough; or a directed graph of networkx. customers,
    referrals, orders, affiliations: a frame, a path, or a list of these for each table, in place of what SOURCE has for it.
    Ids of whole numbers become text digit by digit; ids that are floats are refused.
    Raises FileError, DataError, UsageError.
    """
    named = {"customers": customers, "referrals": referrals, "orders": orders, "affiliations": affiliations}
    return open_objects(source, reading, named).dataset()


def graph(data: Dataset, scope: Scope = Scope()) -> Graph:
    """The Graph of a Dataset under a Scope, as analyses see it. Raises UsageError, DataError."""
    return Offline(data).graph(scope)


def load(data: Dataset, uri: str, how: Loading = Loading(), connection: Connection = Connection(),
         progress: Progress = silent) -> str:
    """Put a Dataset into the database at an address, as ``refgraph load`` does; ``refgraph.read(uri)`` reads it back.

    Returns what was done: ``new``, ``resume``, ``replace``, or ``same`` and ``alike``, where the data is there already and
    nothing was changed. Credentials come from the environment (``NEO4J_USERNAME``, ``NEO4J_PASSWORD``) or from
    ``connection.env_file``. Raises UsageError, LockedError, DatabaseError; a load that breaks off goes on with
    ``Loading(resume=True)``.
    """
    target = store(uri, connection)
    try:
        return target.load(data, progress, how, keep=answers)
    finally:
        target.close()


def run(name: str, data: Dataset, scope: Scope = Scope(), **parameters: object) -> Result:
    """One analysis of a Dataset, by its name and options. Raises UsageError, DataError."""
    return flow.run(Offline(data), name, parameters, scope)


def report(data: Dataset, scope: Scope = Scope()) -> Report:
    """The report of a Dataset."""
    return _report(Offline(data), scope)


def _shown(result: Result) -> str:
    named = os.environ.get("REFGRAPH_LANG", "")
    return notebook(result, named if named in LANGUAGES else preferred())


Result.show = staticmethod(_shown)
Graph.export = staticmethod(networks.to_networkx)
