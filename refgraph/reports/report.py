"""The report: several answers about one source, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from refgraph.engines.base import Engine
from refgraph.graph.lookup import find_party_index
from refgraph.measures import tree_picture
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.result import Report, Result, Section
from refgraph.model.scope import Scope
from refgraph.pipeline import run
from refgraph.pipeline.intake_notes import collect_intake_notes
from refgraph.pipeline.pseudonymous import PseudonymousEngine
from refgraph.pipeline.small_cells import hide_small_counts
from refgraph.renderers.charts import CHARTS
from refgraph.reports import next_steps
from refgraph.reports.key_figures import build_report_figures

CHAPTERS: Mapping[str, int | None] = {
    next_steps.NAME: None,
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
"""Section, which is an analysis or `next_steps` -> rows that a page shows, None = all."""
FINDINGS = ("effect", "recommenders", "quadrants", next_steps.NAME)
"""Analyses whose headlines open the report."""
OPENING_CHARTS = {"growth": "share-by-year", "recommenders": "top-recommenders"}
"""Analysis -> its chart on the first page."""
REPORT_CHARTS = {
    "growth": "joins-by-year",
    "channels": "channels",
    "retention": "retention",
    "chance": "chance-ranks",
    "quadrants": "quadrants",
    "concentration": "whale-curve",
    "chains": "chain-lengths",
    "trees": "largest-trees",
    "funnel": "funnel",
}
"""Analysis -> the chart above its table."""
COUNTS = ("parties", "existing", "former", "prospects", "referrals")


def build_report(engine: Engine, scope: Scope = Scope(), with_picture: bool = True) -> Report:
    """One section for each of `CHAPTERS`.

    with_picture: whether to draw `REPORT_CHARTS` and the pictures of the first page, for formats
    that show pictures.
    """
    graph = engine.graph(scope)
    names = (*(name for name in CHAPTERS if name != next_steps.NAME), "ask")
    answers = {name: run(engine, name, {}, scope) for name in names}
    intake_notes = collect_intake_notes(engine.summarize_source())
    for name, answer in answers.items():
        own_notes = tuple(note for note in answer.notes if note not in intake_notes)
        answers[name] = replace(answer, notes=own_notes)
    answers[next_steps.NAME] = next_steps.build_next_steps(graph, answers)
    charts = _choose_charts(engine, scope, answers) if with_picture else {}
    sections = tuple(
        Section(answers[name], name, rows, None, charts.get(name))
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
    figures = build_report_figures(graph, answers)
    if not with_picture:
        return Report(title, sections, notes, figures)
    opening = _build_opening(graph, answers)
    return Report(title, sections, notes, figures, FINDINGS, opening)


def _choose_charts(
    engine: Engine, scope: Scope, answers: Mapping[str, Result]
) -> dict[str, tuple[str, Result]]:
    """Chapter -> its chart and the answer that it draws; none where there is nothing to draw."""
    charts = {}
    for chapter, name in REPORT_CHARTS.items():
        answer = answers[chapter]
        parameters = dict(CHARTS[name].parameters)
        if chapter == "retention" and not answer.frame["stay_1"].is_not_null().any():
            continue
        if parameters and answer.frame.height:
            answer = run(engine, chapter, parameters, scope)
        if answer.frame.height:
            charts[chapter] = (name, answer)
    return charts


def _build_opening(graph: Graph, answers: Mapping[str, Result]) -> tuple[Section, ...]:
    """The pictures of the first page: the share over time, the first recommenders, the tree of the
    very first; none where there is nothing to draw.
    """
    charts = tuple(
        Section(answers[name], name, chart=(chart, answers[name]))
        for name, chart in OPENING_CHARTS.items()
        if answers[name].frame.height
    )
    recommenders = answers["recommenders"].frame
    if not recommenders.height:
        return charts
    first = find_party_index(graph, str(recommenders["customer"][0]))
    tree = tree_picture.build_tree_picture(graph, first)
    return (*charts, Section(answers["trees"], "trees", picture=tree))


def count_ledger_rows(engine: Engine) -> dict[str, int]:
    """Rows read, used, rejected and duplicate over all files, and the number of findings."""
    summary = engine.summarize_source()
    return summary.totals | {"findings": summary.findings}
