"""Rejected cells by the column they stand in."""

from __future__ import annotations

import polars as pl

from refgraph.model.dataset import Dataset


def locate_rejects(data: Dataset) -> pl.DataFrame:
    """The rejects of cells with ``target``, their ``table.column``.

    Rejects of no column are left out, and those whose cell is hidden by a key.
    """
    files = data.ledger.select("file", "table").unique()
    fields = [(target.split(".")[0], target, header) for target, header in data.mapping.items()]
    schema = {"table": pl.String, "target": pl.String, "column": pl.String}
    columns = pl.DataFrame(fields, schema=schema, orient="row")
    shown = data.rejects.filter(pl.col("value").is_not_null())
    return shown.join(files, on="file").join(columns, on=["table", "column"])
