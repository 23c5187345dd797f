"""The functions of the public face: the journey for people who write Python."""

from __future__ import annotations

from pathlib import Path

from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.flow.reading import Reading
from refgraph.flow.reports import report as _report
from refgraph.model.dataset import Dataset
from refgraph.model.result import Report, Result
from refgraph.model.scope import Scope


def read(source: str | Path, reading: Reading = Reading()) -> Dataset:
    """A folder or file as a Dataset. Raises FileError, DataError, UsageError."""
    return flow.open_source(source, reading).dataset()


def run(name: str, data: Dataset, scope: Scope = Scope(), **parameters: object) -> Result:
    """One analysis of a Dataset, by its name and options. Raises UsageError, DataError."""
    return flow.run(Offline(data), name, parameters, scope)


def report(data: Dataset, scope: Scope = Scope()) -> Report:
    """The report of a Dataset."""
    return _report(Offline(data), scope)
