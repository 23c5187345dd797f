"""A report: several answers about one source, in the order in which a person asks."""

from __future__ import annotations

from refgraph.engines.base import Engine
from refgraph.flow import run
from refgraph.flow.figures import of_report
from refgraph.graphs import pictured
from refgraph.model.message import message
from refgraph.model.result import Report, Section
from refgraph.model.scope import Scope

CHAPTERS = (
    ("effect", None), ("growth", 10), ("channels", 15), ("referred", 40), ("recommenders", 20), ("luck", 5), ("quadrants", 5),
    ("accounts", 15), ("concentration", None), ("flows", None), ("chains", 10), ("trees", 10),
    ("funnel", None), ("prospects", 20), ("ask-source", 10), ("integrity", 20),
)  # fmt: skip
"""Analysis and how many rows of it a page shows."""


def report(engine: Engine, scope: Scope = Scope(), draws: bool = True) -> Report:
    """The report on a source: one section for each of `CHAPTERS`.

    draws: with the picture of the most valuable tree, for formats that show it.
    """
    graph = engine.graph(scope)
    answers = {name: run(engine, name, {}, scope) for name, _ in CHAPTERS}
    best = next(pictured.pictures(graph, pictured.roots(graph)[:1]), None) if draws else None
    sections = [Section(answers[name], name, rows, best if name == "trees" else None) for name, rows in CHAPTERS]
    values = {key: sections[0].result.origin[key] for key in ("parties", "existing", "former", "prospects", "referrals")}
    day = graph.as_of.isoformat() if graph.as_of else None
    notes = (message("report.counts", **values), message("report.ledger", **ledger(engine)))
    return Report(message("report.title", day=day), tuple(sections), notes, of_report(graph, answers))


def ledger(engine: Engine) -> dict[str, int]:
    """Rows read, used, set aside and deduplicated, over all files, and findings."""
    told = engine.account()
    return told.totals | {"findings": told.findings}
