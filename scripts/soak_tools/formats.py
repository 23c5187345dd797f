"""Damaged files of every format: a table or an error of refgraph, and a ledger that ties."""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import zstandard

from soak_tools.calls import limit_time
from soak_tools.companies import Table, make_company, to_text
from soak_tools.mutations import mutate_bytes, mutate_table

WORKBOOKS = Path(__file__).parents[2] / "tests" / "data" / "workbooks"
"""One small table as xls, xlsb and ods, for which nothing here has a writer."""
ARCS = [("1", "2"), ("1", "3"), ("2", "4"), ("4", "5")]
_STAMP = (2020, 1, 1, 0, 0, 0)


def _make_table(dice: random.Random) -> Table:
    """A table of customers with a fault in every second case."""
    table = make_company(dice)["customers"]
    if dice.random() < 0.5:
        mutate_table(dice, table)
    return table


def _make_frame(dice: random.Random) -> pl.DataFrame:
    header, *rows = make_company(dice)["customers"]
    return pl.DataFrame(rows, dict.fromkeys(header, pl.String), orient="row")


def _write_text(dice: random.Random) -> bytes:
    return to_text(_make_table(dice)).encode("utf-8", "replace")


def _write_parquet(dice: random.Random) -> bytes:
    out = io.BytesIO()
    _make_frame(dice).write_parquet(out, compression=dice.choice(["zstd", "uncompressed"]))
    return out.getvalue()


def _write_arrow(dice: random.Random) -> bytes:
    out = io.BytesIO()
    _make_frame(dice).write_ipc(out)
    return out.getvalue()


def _write_arrow_stream(dice: random.Random) -> bytes:
    out = io.BytesIO()
    _make_frame(dice).write_ipc_stream(out)
    return out.getvalue()


def _list_records(dice: random.Random) -> list[str]:
    return [json.dumps(row, ensure_ascii=False) for row in _make_frame(dice).to_dicts()]


def _write_workbook(dice: random.Random) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("customers")
        for number, row in enumerate(make_company(dice)["customers"]):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def _write_sqlite(dice: random.Random) -> bytes:
    frame = _make_frame(dice)
    with sqlite3.connect(":memory:") as base:
        names = ", ".join(f'"{name}"' for name in frame.columns)
        base.execute(f"CREATE TABLE customers ({names})")
        signs = ", ".join("?" * frame.width)
        base.executemany(f"INSERT INTO customers VALUES ({signs})", frame.rows())
        base.commit()
        return base.serialize()


def _write_graph(head: str, node: str, arc: str, tail: str) -> Callable[[random.Random], bytes]:
    """A writer of XML: what stands before and after, a node, an arc."""
    nodes = "".join(node.format(name) for name in sorted({name for pair in ARCS for name in pair}))
    arcs = "".join(arc.format(number, *pair) for number, pair in enumerate(ARCS))
    parts = tail.split("|")
    text = f'<?xml version="1.0"?>{head}{nodes}{parts[0]}{arcs}{parts[1]}'
    return lambda _: text.encode()


def _write_snap(_: random.Random) -> bytes:
    return ("# FromNodeId\tToNodeId\n" + "".join("\t".join(pair) + "\n" for pair in ARCS)).encode()


def _write_konect(_: random.Random) -> bytes:
    return ("% asym unweighted\n" + "".join(" ".join(pair) + "\n" for pair in ARCS)).encode()


def _write_neo4j(dice: random.Random) -> bytes:
    rows = [["_id", "_labels", "id", "name", "_start", "_end", "_type"]]
    rows += [[name, ":Customer", name, "x", "", "", ""] for name in "12345"]
    rows += [["", "", "", "", *pair, "REFERRED"] for pair in ARCS]
    if dice.random() < 0.5:
        mutate_table(dice, rows)
    return to_text(rows).encode("utf-8", "replace")


def _copy_workbook(suffix: str) -> Callable[[random.Random], bytes]:
    return lambda _: (WORKBOOKS / f"customers.{suffix}").read_bytes()


WRITERS: dict[str, Callable[[random.Random], bytes]] = {
    "customers.csv": _write_text,
    "customers.csv.gz": _write_text,
    "customers.csv.zst": _write_text,
    "customers.parquet": _write_parquet,
    "customers.arrow": _write_arrow,
    "customers.feather": _write_arrow_stream,
    "customers.jsonl": lambda dice: "\n".join(_list_records(dice)).encode(),
    "customers.json": lambda dice: f"[{', '.join(_list_records(dice))}]".encode(),
    "customers.xlsx": _write_workbook,
    "customers.xls": _copy_workbook("xls"),
    "customers.xlsb": _copy_workbook("xlsb"),
    "customers.ods": _copy_workbook("ods"),
    "company.sqlite": _write_sqlite,
    "net.graphml": _write_graph(
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">',
        '<node id="{0}"/>',
        '<edge source="{1}" target="{2}"/>',
        "|</graph></graphml>",
    ),
    "net.gexf": _write_graph(
        '<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph defaultedgetype="directed"><nodes>',
        '<node id="{0}" label="N{0}"/>',
        '<edge id="{0}" source="{1}" target="{2}"/>',
        "</nodes><edges>|</edges></graph></gexf>",
    ),
    "edges.txt": _write_snap,
    "out.net": _write_konect,
    "graph.csv": _write_neo4j,
}
"""Name of a file -> its bytes before they are damaged and compressed."""


def write_damaged_file(dice: random.Random, folder: Path, name: str = "") -> Path:
    """A file of one of the formats, or of this one, with one to four faults in its bytes."""
    name = name or dice.choice(list(WRITERS))
    data = WRITERS[name](dice)
    is_inside = dice.random() < 0.5
    if is_inside and data.startswith(b"PK"):
        data = _damage_member(dice, data)
    elif is_inside:
        data = _damage(dice, data)
    data = _compress(name, data)
    path = folder / name
    path.write_bytes(data if is_inside else _damage(dice, data))
    return path


def _damage(dice: random.Random, data: bytes) -> bytes:
    for _ in range(dice.randint(1, 4)):
        data = mutate_bytes(dice, data)
    return data


def _damage_member(dice: random.Random, data: bytes) -> bytes:
    """A zip with one member changed and sound checksums."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    chosen = dice.choice(sorted(members))
    members[chosen] = _damage(dice, members[chosen])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, member in members.items():
            package.writestr(zipfile.ZipInfo(name, _STAMP), member)
    return out.getvalue()


def _compress(name: str, data: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(data, 1, mtime=0)
    return zstandard.ZstdCompressor().compress(data) if name.endswith(".zst") else data


def check_damaged_file(path: Path) -> Iterator[str]:
    """What is wrong when it is read: an error of a library, a long time, rows unaccounted."""
    import refgraph
    from refgraph.errors import RefgraphError

    try:
        with limit_time(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = refgraph.read(path)
    except RefgraphError as error:
        if error.exit_code not in (2, 3) or not str(error):
            yield f"{path.name}: exit code {error.exit_code}: {error}"
        return
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        yield f"{path.name}: {type(error).__name__}: {error}"
        return
    parts = sum(data.ledger[part] for part in ("used", "rejected", "duplicates", "skipped"))
    if not (data.ledger["read"] == parts).all():
        yield f"{path.name}: rows read are not accounted for: {data.ledger.to_dicts()}"
