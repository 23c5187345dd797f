"""GraphML and GEXF files -> parts: the nodes are customers, an edge leads from the referrer."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from refgraph.errors import DataError, FileError, UsageError
from refgraph.model.field_types import FieldType
from refgraph.model.raw import RawTable
from refgraph.sources import networks
from refgraph.sources.compression import strip_compression
from refgraph.sources.content import read_bytes
from refgraph.sources.damage import describe_damage
from refgraph.sources.options import Dialect
from refgraph.sources.parts import Part

_NAMES = {"customers": "nodes", "referrals": "edges"}
_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)|<!\0", re.IGNORECASE)


def open_parts(path: Path, file: str) -> list[Part]:
    """The nodes and edges of a directed graph, cited by their number, from 1.

    Raises FileError; UsageError ``undirected-graph``, ``nodes-alike``; DataError ``damaged-file``,
    also for a file that declares entities, whose expansion would fill the memory.
    """
    network = _parse(read_bytes(path), file, strip_compression(path).suffix.lower())
    tables = networks.read(network, _find_no_types)
    return [
        Part(
            _NAMES.get(table, table),
            partial(_list_headers, raws[0]),
            partial(_cite, raws[0]),
            table,
        )
        for table, raws in tables.items()
        if raws[0].frame.height
    ]


def _parse(data: bytes, file: str, suffix: str) -> Any:
    """The graph. Names of nodes stay text; a GEXF label is the name. How nodes look is left out."""
    import networkx

    if _ENTITY.search(data) or b"\0" in data[:64]:
        raise DataError("damaged-file", file=file, format="XML", why=describe_damage("DOCTYPE"))
    read = networkx.read_gexf if suffix == ".gexf" else networkx.read_graphml
    try:
        network = read(io.BytesIO(data), node_type=str)
    except (DataError, FileError):
        raise
    except Exception as error:  # whatever the XML lacks
        why = describe_damage(error)
        raise DataError("damaged-file", file=file, format="graph", why=why) from error
    if not network.is_directed():
        raise UsageError("undirected-graph")
    for node, attributes in network.nodes(data=True):
        attributes.pop("viz", None)
        label = attributes.pop("label", node)
        if label != node:
            attributes.setdefault("name", label)
    return network


def _find_no_types(headers: Sequence[str], table: str) -> Mapping[str, FieldType]:
    return {}


def _list_headers(raw: RawTable, dialect: Dialect) -> list[str]:
    return raw.frame.columns


def _cite(raw: RawTable, file: str, dialect: Dialect) -> RawTable:
    rejects = raw.rejects.with_columns(file=pl.lit(file, pl.String))
    return replace(raw, file=file, rejects=rejects)
