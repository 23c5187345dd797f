"""The notes of `churn`: why a range, what no method removes, who is left out."""

from __future__ import annotations

from refgraph.analyses.retention_notes import note_left_out
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.retention_spells import RetentionSpells
from refgraph.model.graph import Graph
from refgraph.model.message import Message, message


def build_notes(graph: Graph, spells: RetentionSpells, size: CustomerSize) -> list[Message]:
    """Notes in the order in which a reader asks."""
    notes = [message("note.churn-range"), message("note.churn-cause")]
    size_note = message("note.gap-size", column=size.name)
    notes.append(size_note if size.name else message("note.churn-no-size"))
    return notes + note_left_out(spells)
