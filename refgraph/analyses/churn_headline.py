"""The headline of `churn`: what follows the leaving of a referrer, and of a referred customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from refgraph.analyses.retention_headline import describe_ratio, describe_reason
from refgraph.analyses.retention_headline import find_refusal as find_retention_refusal
from refgraph.analyses.retention_rows import CONTRASTS, MIN_REFERRED, RetentionRow
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import EPOCH
from refgraph.measures.retention_spells import RetentionSpells
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message


def find_refusal(graph: Graph, spells: RetentionSpells | None) -> str:
    """Why nothing can be said of leaving; empty if something can. All referred is no reason."""
    reason = find_retention_refusal(graph, spells)
    return "" if reason == "all-referred" else reason


def build_headline(
    graph: Graph,
    spells: Mapping[str, RetentionSpells],
    rows: Mapping[str, Sequence[RetentionRow]],
) -> Message:
    """A sentence per direction, with how many left and when they were followed."""
    first, second = (_describe(neighbor, spells[neighbor], rows[neighbor]) for neighbor in spells)
    followed = next(iter(spells.values()))
    return message(
        "headline.churn",
        first=first,
        second=second,
        leavers=int(followed.event.sum()),
        customers=len(np.unique(followed.customer)),
        begin=EPOCH + timedelta(days=followed.begin + 1),
        end=EPOCH + timedelta(days=followed.end),
        standing=as_of_phrase(graph),
    )


def _describe(neighbor: str, spells: RetentionSpells, rows: Sequence[RetentionRow]) -> Message:
    """What is known of the time after a neighbor left."""
    by_contrast = {(row.state, row.against): row.gap for row in rows}
    placebo, lower, upper = (by_contrast[contrast] for contrast in CONTRASTS[1:4])
    whether, who = message(f"phrase.whether-{neighbor}"), message(f"phrase.after-{neighbor}")
    watched = len(np.unique(spells.customer[spells.state > 0]))
    if watched < MIN_REFERRED:
        return message("phrase.churn-few", whether=whether, watched=watched, least=MIN_REFERRED)
    refused = next((gap for gap in (lower, upper, placebo) if gap.reason), None)
    if refused is not None:
        return message("phrase.churn-no-number", whether=whether, reason=describe_reason(refused))
    follows = "follows" if lower.low > 0.0 else "unknown"
    if placebo.is_unknown:
        ratio, smallest = describe_ratio(upper), 1.0 + upper.detectable
        return message(f"phrase.churn-told-{follows}", who=who, ratio=ratio, smallest=smallest)
    return message(
        f"phrase.churn-range-{follows}",
        who=who,
        placebo=describe_ratio(placebo),
        low=1.0 + lower.gap,
        high=1.0 + upper.gap,
    )
