"""All operations, in the order in which they are measured."""

from __future__ import annotations

from bench_tools import (
    components,
    credit,
    database_queries,
    digraph,
    drawing,
    end_to_end,
    file_formats,
    influence,
    loading,
    pagerank,
    reading,
    stored_answers,
    text_ids,
    value,
)

OPERATIONS = (
    *value.OPERATIONS,
    *components.OPERATIONS,
    *credit.OPERATIONS,
    *pagerank.OPERATIONS,
    *digraph.OPERATIONS,
    *influence.OPERATIONS,
    *text_ids.OPERATIONS,
    *end_to_end.OPERATIONS,
    *file_formats.OPERATIONS,
    *drawing.OPERATIONS,
    *loading.OPERATIONS,
    *reading.OPERATIONS,
    *stored_answers.OPERATIONS,
    *database_queries.OPERATIONS,
)
