"""The notes of `retention`: what the states mean, who is left out, what no method removes."""

from __future__ import annotations

import numpy as np

from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.referral_status import has_unknown_source
from refgraph.measures.retention_spells import RetentionSpells
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message


def build_notes(graph: Graph, spells: RetentionSpells, size: CustomerSize) -> list[Message]:
    """Notes in the order in which a reader asks."""
    notes = [message("note.stay-range"), message("note.stay-cause")]
    size_note = message("note.gap-size", column=size.name)
    notes.append(size_note if size.name else message("note.stay-no-size"))
    unknown = 0
    if graph.has("customers.source"):
        others = np.unique(spells.customer[spells.state == 0])
        unknown = int(has_unknown_source(graph)[others].sum())
    if unknown:
        notes.append(message("note.stay-out-unknown-source", customers=unknown))
    return notes + note_left_out(spells)


def note_left_out(spells: RetentionSpells) -> list[Message]:
    """How many customers are left out, by reason."""
    counts = {
        "late": spells.late,
        "unplaced": spells.unplaced,
        "undated": spells.undated,
        "unsized": spells.unsized,
    }
    return [message(f"note.stay-out-{name}", customers=n) for name, n in counts.items() if n]
