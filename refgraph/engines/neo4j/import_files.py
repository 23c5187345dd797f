"""The files that the bulk import tool of Neo4j reads: CSV with types in the headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import polars as pl

from refgraph.engines import serialization
from refgraph.engines.neo4j.load_plan import LoadPlan, to_json
from refgraph.engines.neo4j.load_record import RELATIONSHIP_ENDS, ROW_PROPERTY, SUMMARY_LABELS
from refgraph.errors import DataError
from refgraph.model.dataset import PolarsType, get_schema

LIST_SEPARATOR = serialization.LIST_SEPARATOR
"""Between the members of a list; no cell of a table with lists can hold it."""
_IMPORT_TYPES: dict[PolarsType, str] = {
    pl.Date: "date",
    pl.Float64: "double",
    pl.Int64: "long",
    pl.Boolean: "boolean",
}
_SPECIAL_CHARACTERS = ':"\n\r,'
"""Characters of a column name that the tool would interpret."""
_ROW_NUMBER = pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW_PROPERTY)


@dataclass(frozen=True)
class ImportFolder:
    """A folder of files to import; each method writes one and returns the option that names it."""

    path: Path

    def write_nodes(self, label: str, frame: pl.DataFrame, types: Mapping[str, PolarsType]) -> str:
        """A file of nodes. types: of columns whose type the frame does not show."""
        return f"--nodes={label}={self._write_table(label, frame, types)}"

    def write_relationships(
        self,
        type: str,
        frame: pl.DataFrame,
        ends: tuple[str, str],
        types: Mapping[str, PolarsType],
    ) -> str:
        """A file of relationships. ends: columns with the ids of the start and the end node."""
        start, end = ends
        start_label, end_label = RELATIONSHIP_ENDS[type]
        columns = frame.select(
            pl.col(start).alias(f":START_ID({start_label})"),
            pl.col(end).alias(f":END_ID({end_label})"),
            pl.all().exclude(ends),
        )
        return f"--relationships={type}={self._write_table(type, columns, types)}"

    def _write_table(self, name: str, frame: pl.DataFrame, types: Mapping[str, PolarsType]) -> Path:
        headers = {}
        for column in frame.columns:
            headers[column] = _make_header(column, types.get(column, frame.schema[column]))
        file = self.path / f"{name}.csv"
        flat = frame.with_columns(pl.col(pl.List(pl.String)).list.join(LIST_SEPARATOR))
        flat.rename(headers).write_csv(file, quote_style="non_numeric")
        return file


def list_import_files() -> list[str]:
    """All files that `write_import_files` may write."""
    labels = ("Customer", "Order", "Group", *SUMMARY_LABELS.values(), "RefgraphLoad")
    return [f"{name}.csv" for name in (*labels, *RELATIONSHIP_ENDS)]


def write_import_files(folder: Path, plan: LoadPlan, is_dated: bool = True) -> list[str]:
    """Write everything that a load writes; returns the options that name the files.

    is_dated: whether the files are imported now, so that the load has a date.
    Raises DataError ``import-name`` for a column name that the tool would misread.
    """
    target = ImportFolder(folder)
    customers = _select_columns(plan, "customers").rename({"id": "id:ID(Customer)"})
    referrals = _select_columns(plan, "referrals")
    options = [
        target.write_nodes("Customer", customers, get_schema("customers")),
        target.write_relationships(
            "REFERRED", referrals, ("referrer", "referred"), get_schema("referrals")
        ),
    ]
    if "orders" in plan.tables:
        options += _write_orders(target, plan)
    if "affiliations" in plan.tables:
        options += _write_affiliations(target, plan)
    for table, label in SUMMARY_LABELS.items():
        rows = plan.tables[table].select(_ROW_NUMBER, pl.all())
        options.append(target.write_nodes(label, rows, serialization.SUMMARY_SCHEMAS[table]))
    options.append(target.write_nodes("RefgraphLoad", _make_load_record(plan, is_dated), {}))
    return options


def _write_orders(target: ImportFolder, plan: LoadPlan) -> list[str]:
    """Orders as nodes, and the relationships from their customers."""
    columns = _select_columns(plan, "orders")
    orders = columns.select(_ROW_NUMBER.alias(":ID(Order)"), _ROW_NUMBER, pl.all())
    placed = orders.select("customer", ROW_PROPERTY)
    return [
        target.write_nodes("Order", orders.drop("customer"), get_schema("orders")),
        target.write_relationships("PLACED", placed, ("customer", ROW_PROPERTY), {}),
    ]


def _write_affiliations(target: ImportFolder, plan: LoadPlan) -> list[str]:
    """Groups as nodes, and the relationships from their members."""
    rows = _select_columns(plan, "affiliations").select(_ROW_NUMBER, pl.all())
    groups = rows.select(pl.col("group").unique(maintain_order=True).alias("name:ID(Group)"))
    return [
        target.write_nodes("Group", groups, {}),
        target.write_relationships(
            "BELONGS_TO", rows, ("customer", "group"), get_schema("affiliations")
        ),
    ]


def _select_columns(plan: LoadPlan, table: str) -> pl.DataFrame:
    return plan.tables[table].select(plan.select_columns(table))


def _make_load_record(plan: LoadPlan, is_dated: bool) -> pl.DataFrame:
    """The ledger node of a complete load, as one row."""
    now = datetime.now(UTC).isoformat()
    dates = {"started:datetime": now, "finished:datetime": now} if is_dated else {}
    rows = json.dumps(plan.rows)
    about = to_json(plan.metadata)
    version = metadata.version("refgraph")
    return pl.DataFrame(
        {
            "id": "load",
            "identity": plan.identity,
            "fingerprint": plan.fingerprint,
            "state": "complete",
            "rows": rows,
            "done": rows,
            "about": about,
            "source": plan.source,
            "version": version,
            **plan.derived_properties,
            **dates,
        }
    )


def _make_header(column: str, type: PolarsType) -> str:
    """``name:type``; headers that have a type already stay as they are."""
    if column.startswith(":") or column.endswith((":datetime", ")")):
        return column
    if any(character in column for character in _SPECIAL_CHARACTERS):
        raise DataError("import-name", name=column)
    if isinstance(type, pl.List):
        return f"{column}:string[]"
    return f"{column}:{_IMPORT_TYPES.get(type, 'string')}"
