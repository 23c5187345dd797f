"""Dataset -> an empty, stopped server, by the bulk import tool of Neo4j: files of its own form, one call."""

from __future__ import annotations

import json
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import polars as pl

from refgraph.engines import archive
from refgraph.engines.neo4j.access import Access
from refgraph.engines.neo4j.keeping import ACCOUNT
from refgraph.engines.neo4j.loading import Plan
from refgraph.engines.neo4j.probe import probe
from refgraph.errors import DatabaseError, DataError, UsageError
from refgraph.model.dataset import Kind, schema

SEPARATOR = "\x1f"
"""Between the members of a list; no cell of the tables that have lists can hold it."""
FORM = ("--id-type=string", "--input-encoding=utf-8", "--multiline-fields=true", "--bad-tolerance=0",
        f"--array-delimiter={SEPARATOR}")  # fmt: skip
_CUSTOMERS, _ORDERS, _GROUPS = ("Customer", "Customer"), ("Customer", "Order"), ("Customer", "Group")
_TYPES: dict[Kind, str] = {pl.Date: "date", pl.Float64: "double", pl.Int64: "long", pl.Boolean: "boolean"}


def bulk(access: Access, wanted: Plan, admin: str, overwrite: bool) -> None:
    """Fill the database while its server is stopped; on its next start it holds what `loading.carry` would have written.

    admin: the program, as a shell would split it: ``neo4j-admin``, ``scripts/neo4j admin``. overwrite: what the database holds
    goes. Raises UsageError ``import-running`` (the server answers), ``import-missing`` (no such program); DataError
    ``import-name`` (a column whose name the tool would take apart); DatabaseError ``import-refused`` with what the tool said.
    """
    try:
        probe(access)
    except DatabaseError:
        pass
    else:
        raise UsageError("import-running", uri=access.uri)
    with tempfile.TemporaryDirectory(prefix="refgraph-import-") as folder:
        words = [*shlex.split(admin), "database", "import", "full", access.database, *_files(Path(folder), wanted), *FORM,
                 f"--report-file={folder}/report", f"--overwrite-destination={str(overwrite).lower()}"]  # fmt: skip
        try:
            done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        except OSError as error:
            raise UsageError("import-missing", admin=admin, why=error.strerror or str(error)) from error
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        told = next((line for line in said if "rror" in line or "exist" in line), said[-1] if said else str(done.returncode))
        raise DatabaseError("import-refused", why=told.strip()[:300], uri=access.uri)


def _files(folder: Path, wanted: Plan) -> list[str]:
    """Write the files; the options that name them."""
    tables, number = wanted.tables, pl.int_range(pl.len(), dtype=pl.Int64).alias("refgraph_row")
    people = _carried("customers", wanted).rename({"id": "id:ID(Customer)"})
    arcs = _carried("referrals", wanted)
    found = [_node(folder, "Customer", people, schema("customers")),
             _link(folder, "REFERRED", arcs, ("referrer", "referred"), _CUSTOMERS, "referrals")]  # fmt: skip
    if "orders" in tables:
        orders = _carried("orders", wanted).select(number.alias(":ID(Order)"), number, pl.all())
        found.append(_node(folder, "Order", orders.drop("customer"), schema("orders")))
        found.append(_link(folder, "PLACED", orders.select("customer", "refgraph_row"), ("customer", "refgraph_row"), _ORDERS))
    if "affiliations" in tables:
        rows = _carried("affiliations", wanted).select(number, pl.all())
        groups = rows.select(pl.col("group").unique(maintain_order=True).alias("name:ID(Group)"))
        found.append(_node(folder, "Group", groups, {}))
        found.append(_link(folder, "BELONGS_TO", rows, ("customer", "group"), _GROUPS, "affiliations"))
    for table, label in ACCOUNT.items():
        found.append(_node(folder, label, tables[table].select(number, pl.all()), archive.ROWS[table]))
    return [*found, _node(folder, "RefgraphLoad", _ledger(wanted), {})]


def _carried(table: str, wanted: Plan) -> pl.DataFrame:
    return wanted.tables[table].select(archive.moved(wanted.about, table))


def _ledger(wanted: Plan) -> pl.DataFrame:
    now = datetime.now(timezone.utc).isoformat()
    rows = json.dumps(wanted.rows)
    return pl.DataFrame({
        "id": "load", "identity": wanted.identity, "fingerprint": wanted.fingerprint, "state": "complete",
        "rows": rows, "done": rows, "about": json.dumps(wanted.about, ensure_ascii=False), "source": wanted.source,
        "version": version("refgraph"), **wanted.told, "started:datetime": now, "finished:datetime": now,
    })  # fmt: skip


def _node(folder: Path, label: str, frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> str:
    return f"--nodes={label}={_written(folder, label, frame, kinds)}"


def _link(folder: Path, type: str, frame: pl.DataFrame, ends: Sequence[str], labels: Sequence[str], table: str = "") -> str:
    sides = zip(ends, ("START", "END"), labels, strict=True)
    ids = [pl.col(name).alias(f":{side}_ID({label})") for name, side, label in sides]
    whole = frame.select(*ids, pl.all().exclude(ends))
    return f"--relationships={type}={_written(folder, type, whole, schema(table) if table else {})}"


def _written(folder: Path, name: str, frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> str:
    headers = []
    for column in frame.columns:
        kind = kinds.get(column, frame.schema[column])
        special = column.startswith(":") or column.endswith((":datetime", ")"))
        if not special and any(sign in column for sign in ':"\n\r,'):
            raise DataError("import-name", name=column)
        listed = isinstance(kind, pl.List)
        headers.append(column if special else f"{column}:string[]" if listed else f"{column}:{_TYPES.get(kind, 'string')}")
    flat = frame.with_columns(pl.col(pl.List(pl.String)).list.join(SEPARATOR))
    path = folder / f"{name}.csv"
    flat.rename(dict(zip(frame.columns, headers, strict=True))).write_csv(path, quote_style="non_numeric")
    return str(path)
