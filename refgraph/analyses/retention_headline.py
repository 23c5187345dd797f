"""The headline of `retention`: while the referrer stays, and what follows when it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from refgraph.analyses.retention_rows import CONTRASTS, MIN_REFERRED, RetentionRow
from refgraph.estimates.gap import MIN_SIDE, Gap
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import EPOCH
from refgraph.measures.retention_spells import ACTIVE, OTHERS, RetentionSpells
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message


def find_refusal(graph: Graph, spells: RetentionSpells | None) -> str:
    """Why retention cannot be measured at all; empty if it can."""
    if graph.as_of is None or graph.parties["since"].null_count() == len(graph):
        return "no-dates"
    if spells is None:
        return "no-left"
    if not spells.event.any():
        return "no-followed"
    if not (spells.state > 0).any():
        return "nobody-referred"
    return "all-referred" if (spells.state > 0).all() else ""


def build_refusal(graph: Graph, reason: str) -> Message:
    """The headline without any row."""
    why = message(f"phrase.unfollowed-{reason}")
    return message("headline.retention-cannot", reason=why, standing=as_of_phrase(graph))


def build_headline(graph: Graph, spells: RetentionSpells, rows: Sequence[RetentionRow]) -> Message:
    """While the referrer stays; then, from 1,000 referred, what follows its leaving."""
    by_contrast = {(row.state, row.against): row for row in rows}
    active = by_contrast[ACTIVE, OTHERS]
    standing = as_of_phrase(graph)
    if active.gap.reason:
        reason = describe_reason(active.gap)
        return message("headline.retention-cannot", reason=reason, standing=standing)
    values = {
        "active": describe_ratio(active.gap),
        "after": _describe_after(by_contrast, spells),
        "referred": active.gap.referred,
        "others": active.gap.others,
        "leavers": int(spells.event.sum()),
        "trees": active.gap.trees,
        "begin": EPOCH + timedelta(days=spells.begin + 1),
        "end": EPOCH + timedelta(days=spells.end),
        "standing": standing,
    }
    if active.gap.is_unknown:
        smallest = 1.0 - 1.0 / (1.0 + active.gap.detectable)
        return message("headline.retention-unknown", smallest=smallest, **values)
    return message("headline.retention", **values)


def _describe_after(rows: dict[tuple[str, str], RetentionRow], spells: RetentionSpells) -> Message:
    """What is known of the time after the referrer has left."""
    placebo, lower, upper = (rows[contrast].gap for contrast in CONTRASTS[1:4])
    if len(np.unique(spells.customer[spells.state > 0])) < MIN_REFERRED:
        return message("phrase.stay-after-few", least=MIN_REFERRED)
    refused = next((gap for gap in (lower, upper, placebo) if gap.reason), None)
    if refused is not None:
        return message("phrase.stay-after-cannot", reason=describe_reason(refused))
    follows = "follows" if lower.low > 0.0 else "unknown"
    if placebo.is_unknown:
        values: dict[str, object] = {"ratio": describe_ratio(upper)}
        return message(f"phrase.stay-after-{follows}", **values)
    values = {"placebo": describe_ratio(placebo)}
    values |= {"low": 1.0 + lower.gap, "high": 1.0 + upper.gap}
    return message(f"phrase.stay-after-range-{follows}", **values)


def describe_ratio(gap: Gap) -> Message:
    """A hazard ratio with its interval."""
    return message("phrase.stay-ratio", ratio=1.0 + gap.gap, low=1.0 + gap.low, high=1.0 + gap.high)


def describe_reason(gap: Gap) -> Message:
    """Why there is no hazard ratio."""
    counts = {"first": gap.referred, "second": gap.others, "least": MIN_SIDE}
    trees = {"trees": gap.trees, "effective": gap.known_effective}
    return message(f"phrase.stay-{gap.reason}", **counts, **trees)
