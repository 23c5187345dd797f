"""``value-gap --group recommenders``: what making a first referral does to the recommender."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from refgraph.analyses.gap_headline import describe_amount, describe_gap, describe_reason
from refgraph.analyses.gap_rows import GapRow
from refgraph.estimates.comparison import Comparison
from refgraph.estimates.gap import Gap, count_sides, estimate_gap
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.components import label_components
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.gap_comparison import classify_referred, list_factors
from refgraph.measures.landmarks import Landmarks, list_landmarks
from refgraph.model.graph import Floats, Graph
from refgraph.model.message import Message, message


def compare_recommenders(graph: Graph, size: CustomerSize) -> list[GapRow]:
    """Two rows: value after the first referral, and, as a placebo, value before it."""
    marks = list_landmarks(graph)
    if marks is None or not len(marks.customer):
        refused = Gap(reason="no-orders" if marks is None else "no-landmarks")
        return [GapRow(method, refused, True) for method in ("gap-recommending", "gap-placebo")]
    is_used = np.ones(len(marks.customer), np.bool_)
    if size.name:
        is_used = ~np.isnan(size.log[marks.customer])
    after = compare_marks(graph, marks, size, marks.after, (marks.before, marks.earlier))
    before = compare_marks(graph, marks, size, marks.before, (marks.earlier,))
    return [
        estimate_marks("gap-recommending", after.select(is_used), marks, is_used),
        estimate_marks("gap-placebo", before.select(is_used), marks, is_used),
    ]


def compare_marks(
    graph: Graph, marks: Landmarks, size: CustomerSize, y: Floats, earlier: tuple[Floats, ...]
) -> Comparison:
    """Value y of those who refer and of others with equal earlier values, tenure and groups."""
    rows = marks.customer
    came = classify_referred(graph).is_referred[rows].astype(np.float64)
    values = [np.log1p(np.maximum(column, 0.0)) for column in earlier]
    quarter = np.unique(marks.quarter, return_inverse=True)[1].astype(np.int64)
    sector = list_factors(graph, rows, marks.is_treated, with_years=False)
    return Comparison(
        y=y,
        referred=marks.is_treated,
        size=size.log[rows] if size.name else None,
        factors=(*sector, quarter),
        cluster=label_components(graph)[rows].astype(np.int64),
        scale="difference" if bool((y < 0.0).any()) else "ratio",
        weight=marks.weight,
        numbers=(*values, np.log(marks.tenure), came),
        party=rows,
    )


def estimate_marks(method: str, data: Comparison, marks: Landmarks, is_used: np.ndarray) -> GapRow:
    """The gap, with the number of customers instead of that of rows."""
    treated = np.unique(marks.customer[is_used & marks.is_treated])
    others = np.setdiff1d(marks.customer[is_used], treated)
    gap = estimate_gap(data) if len(data.y) else replace(count_sides(data), reason="too-few")
    counted = replace(gap, referred=len(treated), others=len(others))
    return GapRow(method, counted, data.scale == "ratio", sides=data)


def build_recommender_headline(graph: Graph, rows: list[GapRow]) -> Message:
    """What changes after the first referral; no result if it had changed before."""
    main, placebo = rows
    reason = main.gap.reason or placebo.gap.reason
    standing = as_of_phrase(graph)
    if reason:
        reason = "too-few-recommenders" if reason == "too-few" else reason
        why = describe_reason(reason, main.gap if main.gap.reason else placebo.gap)
        return message("headline.recommender-gap-cannot", reason=why, standing=standing)
    values = {
        "recommenders": main.gap.referred,
        "others": main.gap.others,
        "trees": main.gap.trees,
        "placebo": describe_gap(graph, "total", placebo),
        "basis": value_basis_phrase(graph),
        "standing": standing,
    }
    if not placebo.gap.is_unknown:
        return message("headline.recommender-gap-before", **values)
    values["gap"] = describe_gap(graph, "total", main)
    if main.gap.is_unknown:
        smallest = describe_amount(graph, "total", main, main.gap.detectable)
        return message("headline.recommender-gap-unknown", smallest=smallest, **values)
    return message("headline.recommender-gap", **values)


def build_recommender_notes(graph: Graph, size: CustomerSize) -> list[Message]:
    """Who is compared, and what is not known."""
    marks = list_landmarks(graph)
    if marks is None or not len(marks.customer):
        return []
    notes = [message("note.recommender-gap", quarters=len(np.unique(marks.quarter)))]
    size_note = message("note.gap-size", column=size.name)
    notes.append(size_note if size.name else message("note.recommender-gap-no-size"))
    if marks.undated:
        notes.append(message("note.recommender-gap-undated", customers=marks.undated))
    return notes
