"""The report: several answers about one source, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from refgraph.engines.base import Engine
from refgraph.measures import tree_picture
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.picture import Picture
from refgraph.model.result import Report, Result, Section
from refgraph.model.scope import Scope
from refgraph.pipeline import run
from refgraph.pipeline.intake_notes import collect_intake_notes
from refgraph.pipeline.pseudonymous import PseudonymousEngine
from refgraph.pipeline.small_cells import hide_small_counts
from refgraph.renderers.charts import CHARTS
from refgraph.reports.key_figures import build_report_figures

CHAPTERS: Mapping[str, int | None] = {
    "effect": None,
    "growth": 10,
    "channels": 15,
    "payoff": None,
    "value-gap": None,
    "retention": None,
    "at-risk": 15,
    "referred": 40,
    "recommenders": 20,
    "chance": 5,
    "quadrants": 5,
    "accounts": 15,
    "concentration": None,
    "flows": None,
    "chains": 10,
    "trees": 10,
    "funnel": None,
    "prospects": 20,
    "missing-sources": 10,
    "integrity": 20,
}
"""Analysis -> rows that a page shows, None = all."""
REPORT_CHARTS = {
    "growth": "share-by-year",
    "recommenders": "top-recommenders",
    "concentration": "whale-curve",
}
"""Analysis -> the chart above its table."""
COUNTS = ("parties", "existing", "former", "prospects", "referrals")


def build_report(engine: Engine, scope: Scope = Scope(), with_picture: bool = True) -> Report:
    """One section for each of `CHAPTERS`.

    with_picture: whether to draw the most valuable tree and `REPORT_CHARTS`, for formats that show
    pictures.
    """
    graph = engine.graph(scope)
    answers = {name: run(engine, name, {}, scope) for name in CHAPTERS}
    intake_notes = collect_intake_notes(engine.summarize_source())
    for name, answer in answers.items():
        own_notes = tuple(note for note in answer.notes if note not in intake_notes)
        answers[name] = replace(answer, notes=own_notes)
    pictures = {"trees": _build_largest_tree(graph)} if with_picture else {}
    charts = _choose_charts(engine, scope, answers) if with_picture else {}
    sections = tuple(
        Section(answers[name], name, rows, pictures.get(name), charts.get(name))
        for name, rows in CHAPTERS.items()
    )
    origin = answers["effect"].origin
    is_pseudonymous = isinstance(engine, PseudonymousEngine)
    counts = message("report.counts", **{key: origin[key] for key in COUNTS})
    notes = (
        hide_small_counts(counts) if is_pseudonymous else counts,
        message("report.ledger", **count_ledger_rows(engine)),
        *intake_notes,
    )
    day = graph.as_of.isoformat() if graph.as_of else None
    title = message("report.title", day=day)
    return Report(title, sections, notes, build_report_figures(graph, answers))


def _choose_charts(
    engine: Engine, scope: Scope, answers: Mapping[str, Result]
) -> dict[str, tuple[str, Result]]:
    """Chapter -> its chart and the answer that it draws; none where there is nothing to draw."""
    charts = {}
    for chapter, name in REPORT_CHARTS.items():
        answer = answers[chapter]
        parameters = dict(CHARTS[name].parameters)
        if parameters and answer.frame.height:
            answer = run(engine, chapter, parameters, scope)
        if answer.frame.height:
            charts[chapter] = (name, answer)
    return charts


def _build_largest_tree(graph: Graph) -> Picture | None:
    """The picture of the most valuable tree; None where there are no referrals."""
    roots = tree_picture.list_roots(graph)
    return tree_picture.build_tree_picture(graph, roots[0]) if roots else None


def count_ledger_rows(engine: Engine) -> dict[str, int]:
    """Rows read, used, rejected and duplicate over all files, and the number of findings."""
    summary = engine.summarize_source()
    return summary.totals | {"findings": summary.findings}
