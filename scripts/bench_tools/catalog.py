"""All operations, in the order in which they are measured."""

from __future__ import annotations

from bench_tools import components, credit, depth, digraph, drawing, inside, journey, loading, pagerank, reading, text_ids, value

OPERATIONS = (*depth.OPERATIONS, *value.OPERATIONS, *components.OPERATIONS, *credit.OPERATIONS,
              *pagerank.OPERATIONS, *digraph.OPERATIONS, *text_ids.OPERATIONS, *journey.OPERATIONS, *drawing.OPERATIONS,
              *loading.OPERATIONS, *reading.OPERATIONS, *inside.OPERATIONS)  # fmt: skip
