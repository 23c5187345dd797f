"""THE PAGE TO READ FIRST: the whole journey of refgraph, from files to pages.

    files --sources--> raw tables --intake--> Dataset --engine--> Graph --analyses--> Answer --here--> Result --renderers--> page

`open_source` goes from a SOURCE to an engine, `run` from an engine to a Result, `report` to several Results in order.
Nothing here computes a number; a step is one call into the room that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import cast

from refgraph import analyses, config, intake, sources
from refgraph.engines.base import Engine
from refgraph.engines.offline import Offline
from refgraph.flow import exclusion
from refgraph.flow.databases import is_address, open_database
from refgraph.flow.origin import again, origin
from refgraph.flow.reading import Reading
from refgraph.intake.mapping import tell
from refgraph.model.graph import Graph
from refgraph.model.raw import RawTable
from refgraph.model.result import Answer, Column, Result
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.model.units import Unit
from refgraph.registry import Analysis, checked


def open_source(source: str | Path | None, reading: Reading = Reading()) -> Engine:
    """The engine that answers for a SOURCE: a folder, one file, an address ``neo4j://...``, or single tables in ``reading``.

    Raises FileError, DataError and UsageError, with every fault of every file at once; DatabaseError when it is asked.
    """
    if is_address(source):
        return open_database(str(source), reading)
    settings = settled(source, reading)
    tables, ignored = read_files(source, reading, settings)
    return Offline(intake.admit(tables, settings, reading.intake, ignored), str(source or ""))


def settled(source: str | Path | None, reading: Reading) -> Settings:
    """The settings that hold for a SOURCE. Raises FileError, DataError."""
    settings = config.load(config.locate(str(source) if source else None, reading.config))
    return config.with_columns(settings, reading.columns)


def read_files(source: str | Path | None, reading: Reading, settings: Settings) -> tuple[
    dict[str, list[RawTable]], tuple[str, ...]
]:
    """The raw tables of all files, and the names of files left unread; raises as `open_source`."""
    tables = sources.read_tables(
        source, customers=reading.customers, referrals=reading.referrals, orders=reading.orders,
        affiliations=reading.affiliations, patches=reading.patches, tell=partial(tell, settings=settings),
        delimiter=reading.delimiter, encoding=reading.encoding,
    )  # fmt: skip
    ignored = tuple(str(name) for name in tables.pop("ignored", ()))
    return tables, ignored


def run(engine: Engine, name: str, parameters: Mapping[str, object] | None = None, scope: Scope = Scope(),
        rows: int | None = None) -> Result:
    """One question, asked of an engine: its answer if it kept that with its first ``rows`` rows (None = all), else from its
    graph, or from a part of it where that says the same and is quicker to get.

    Raises UsageError for an unknown analysis or parameter, DataError where the data lacks what it needs.
    """
    what = analyses.load(name)
    settled = what.settle(parameters or {})
    kept = engine.answer(name, settled, scope, rows)
    if kept is not None:
        return replace(kept, origin=again(engine, kept.origin))
    graph = _part(engine, what, settled, scope) or engine.graph(scope)
    answer = checked(what, settled, what.function(graph, **settled))
    return Result(
        analysis=name,
        parameters=settled,
        scope=scope,
        frame=answer.frame,
        columns=tuple(resolved(c, graph) for c in what.asked(settled)),
        grain=what.grain,
        headline=answer.headline,
        notes=(*answer.notes, *exclusion.told(engine, graph, scope), *graph.notes),
        origin=origin(engine, graph),
    )


def _part(engine: Engine, what: Analysis, settled: Mapping[str, object], scope: Scope) -> Graph | None:
    named = [settled[name] for name in what.about]
    parties = [text for each in named for text in ([each] if isinstance(each, str) else cast(tuple[str, ...], each)) if text]
    return engine.part(parties, what.way, scope) if parties else None


def claimed(text: str) -> Result:
    """The referral share of a count that was read somewhere, such as ``27-30/96`` or ``近三十/96``; no data needed."""
    from refgraph.analyses.claimed import COLUMNS, claimed_share

    answer: Answer = claimed_share(text)
    return Result("effect", {"claimed": text}, Scope(), answer.frame, COLUMNS, "claim", answer.headline, answer.notes,
                  {"engine": "none", "refgraph": version("refgraph")})


def explained(engine: Engine, customer: str, scope: Scope = Scope()) -> Result:
    """Every rule for accounts with its figures and outcome for one customer. Raises UsageError for one that is not known."""
    from refgraph.analyses.account_rules import COLUMNS
    from refgraph.analyses.account_rules import explained as asked

    graph = engine.graph(scope)
    answer = asked(graph, customer)
    return Result("accounts", {"explain": customer}, scope, answer.frame, COLUMNS, "rule", answer.headline,
                  (*answer.notes, *graph.notes), origin(engine, graph))


def resolved(column: Column, graph: Graph) -> Column:
    """VALUE becomes money, quantity or count by the basis; amounts get the unit of the data."""
    if column.unit is Unit.VALUE:
        return replace(column, unit=graph.value.kind, symbol="" if graph.value.basis == "customers" else graph.value.unit)
    if column.unit is Unit.MONEY:
        return replace(column, symbol=graph.units.get("money", ""))
    return column
