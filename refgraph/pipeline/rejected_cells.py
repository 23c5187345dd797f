"""Rejected cells by the column they stand in."""

from __future__ import annotations

import polars as pl

from refgraph.model.dataset import Dataset


def locate_rejects(data: Dataset) -> pl.DataFrame:
    """The rejects of cells with ``target``, their ``table.column``; rejects of no column are left
    out.
    """
    files = data.ledger.select("file", "table").unique()
    fields = [(target.split(".")[0], target, header) for target, header in data.mapping.items()]
    schema = {"table": pl.String, "target": pl.String, "column": pl.String}
    columns = pl.DataFrame(fields, schema=schema, orient="row")
    return data.rejects.join(files, on="file").join(columns, on=["table", "column"])
