"""The sample company as five graphs that plain Cypher made, and as files with the same cells.

Each graph has its own labels, types, directions and keys; refgraph has loaded none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from refgraph import config, pipeline
from refgraph.engines.base import Engine
from refgraph.engines.neo4j.external_graph import ExternalGraph, ReferralType
from refgraph.model.settings import Settings
from refgraph.pipeline.export_tables import list_tables
from refgraph.pipeline.settings_file import format_settings
from support.stores import open_driver

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
ID_COLUMNS = ("id", "referrer", "referred", "customer")
BATCH = "UNWIND $rows AS row "
Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True, kw_only=True)
class ForeignGraph:
    """write: statements, each with the table that its rows come from. graph: how it is read.

    columns: names of fields, where properties are called otherwise. write_id: how this company
    writes the id of its customer of a number.
    """

    write: tuple[tuple[str, str], ...]
    graph: ExternalGraph
    columns: dict[str, str]
    write_id: Callable[[int], str] = "C{:03}".format


def write_affiliations(key: str) -> tuple[str, str]:
    """The statement that writes which customer belongs to which group."""
    text = f"MATCH (c {{{key}: row.customer}}) MERGE (g:Club {{name: row.group}})"
    return "affiliations", f"{text} CREATE (c)-[:BELONGS {{relation: row.relation}}]->(g)"


def read_affiliations(key: str) -> dict[str, str]:
    """The statement that reads them."""
    text = f"MATCH (c)-[b:BELONGS]->(g:Club) RETURN c.{key} AS customer, g.name AS group"
    return {"affiliations": f"{text}, b.relation AS relation"}


def write_composite(number: int) -> str:
    """The id of a customer whose key has two parts."""
    return f"{number}-{'south' if number % 3 else 'north'}"


PERSONS = ForeignGraph(
    write=(
        ("customers", "CREATE (p:Person) SET p = row"),
        (
            "referrals",
            "MATCH (a:Person {id: row.referrer}), (b:Person {id: row.referred})"
            " CREATE (a)-[k:KNOWS]->(b) SET k = row, k.referrer = null, k.referred = null",
        ),
        (
            "orders",
            "MATCH (p:Person {id: row.customer}) MERGE (g:Good {name: 'steel'})"
            " CREATE (p)-[b:BOUGHT]->(g) SET b = row, b.customer = null",
        ),
        write_affiliations("id"),
    ),
    graph=ExternalGraph(
        labels=("Person",),
        types=(ReferralType("KNOWS"),),
        orders_type="BOUGHT",
        statements=read_affiliations("id"),
    ),
    columns={},
)
ACCOUNTS = ForeignGraph(
    write=(
        ("customers", "CREATE (a:Account) SET a = row, a.code = row.id, a.id = null"),
        (
            "referrals",
            "MATCH (a:Account {code: row.referrer}), (b:Account {code: row.referred})"
            " CREATE (a)-[i:INTRODUCED]->(b) SET i = row, i.referrer = null, i.referred = null",
        ),
        (
            "orders",
            "MATCH (a:Account {code: row.customer})"
            " CREATE (a)-[:BILLED]->(i:Invoice) SET i = row, i.customer = null",
        ),
        write_affiliations("code"),
    ),
    graph=ExternalGraph(
        labels=("Account",),
        types=(ReferralType("INTRODUCED"),),
        orders_label="Invoice",
        orders_type="BILLED",
        statements=read_affiliations("code"),
    ),
    columns={"customers.id": "code"},
)
REVERSED = ForeignGraph(
    write=(
        ("customers", "CREATE (c:Client) SET c = row"),
        (
            "referrals",
            "MATCH (a:Client {id: row.referrer}), (b:Client {id: row.referred})"
            " CREATE (b)-[r:REFERRED_BY]->(a) SET r = row, r.referrer = null, r.referred = null",
        ),
        ("orders", "CREATE (o:Sale) SET o = row, o.billed_to = row.customer, o.customer = null"),
        write_affiliations("id"),
    ),
    graph=ExternalGraph(
        labels=("Client",),
        types=(ReferralType("REFERRED_BY", True),),
        orders_label="Sale",
        statements=read_affiliations("id"),
    ),
    columns={"orders.customer": "billed_to"},
)
SEVERAL = ForeignGraph(
    write=(
        (
            "customers",
            "CREATE (c) SET c = row FOREACH (_ IN CASE WHEN row.id < '5' THEN [1] ELSE [] END |"
            " SET c:Firm) FOREACH (_ IN CASE WHEN row.id > '4' THEN [1] ELSE [] END | SET c:Shop)",
        ),
        (
            "referrals",
            "MATCH (a:Firm|Shop {id: row.referrer}), (b:Firm|Shop {id: row.referred})"
            " FOREACH (_ IN CASE WHEN"
            " row.referrer < '5' THEN [1] ELSE [] END | CREATE (a)-[r:LED_TO]->(b) SET r = row)"
            " FOREACH (_ IN CASE WHEN row.referrer >= '5' THEN [1] ELSE [] END |"
            " CREATE (b)-[r:CAME_FROM]->(a) SET r = row)",
        ),
        (
            "orders",
            "MATCH (c:Firm|Shop {id: row.customer})"
            " CREATE (c)<-[:OF]-(o:Sale) SET o = row, o.customer = null",
        ),
        write_affiliations("id"),
    ),
    graph=ExternalGraph(
        labels=("Firm", "Shop"),
        types=(ReferralType("LED_TO"), ReferralType("CAME_FROM", True)),
        orders_label="Sale",
        orders_type="OF",
        statements=read_affiliations("id"),
    ),
    columns={},
    write_id=str,
)
KEYS = ForeignGraph(
    write=(
        (
            "customers",
            "CREATE (c:Site) SET c = row, c.id = null, c.number = toInteger(split(row.id, '-')[0]),"
            " c.side = split(row.id, '-')[1]",
        ),
        (
            "referrals",
            "MATCH (a:Site {number: toInteger(split(row.referrer, '-')[0])}),"
            " (b:Site {number: toInteger(split(row.referred, '-')[0])})"
            " CREATE (a)-[r:SENT]->(b) SET r = row, r.referrer = null, r.referred = null",
        ),
        (
            "orders",
            "MATCH (c:Site {number: toInteger(split(row.customer, '-')[0])})"
            " CREATE (c)-[:PAID]->(o:Bill) SET o = row, o.customer = null",
        ),
        (
            "affiliations",
            "MATCH (c:Site {number: toInteger(split(row.customer, '-')[0])})"
            " MERGE (g:Club {name: row.group}) CREATE (c)-[:IN {relation: row.relation}]->(g)",
        ),
    ),
    graph=ExternalGraph(),
    columns={},
    write_id=write_composite,
)
GRAPHS = dict(persons=PERSONS, accounts=ACCOUNTS, reversed=REVERSED, several=SEVERAL, keys=KEYS)


def read_tables(graph: ForeignGraph) -> Frames:
    """The tables of the sample with the ids of this company, all parties of which have a row."""
    tables = list_tables(pipeline.open_source(SAMPLE).dataset())
    ids = tables["customers"]["id"].sort().to_list()
    renamed = {id: graph.write_id(number) for number, id in enumerate(ids, 1)}
    known = pl.col("referrer").is_in(ids) & pl.col("referred").is_in(ids)
    tables["referrals"] = tables["referrals"].filter(known)
    return {
        table: frame.with_columns(
            pl.col(name).replace(renamed) for name in ID_COLUMNS if name in frame.columns
        )
        for table, frame in tables.items()
    }


def write_files(folder: Path, tables: Frames) -> Engine:
    """The tables as files with the settings of the sample, opened."""
    data = pipeline.open_source(SAMPLE).dataset()
    for table, frame in tables.items():
        frame.write_csv(folder / f"{table}.csv")
    text = format_settings(data, tables)
    (folder / "refgraph.toml").write_text(text, encoding="utf-8")
    return pipeline.open_source(folder)


def read_settings(folder: Path, graph: ForeignGraph) -> Settings:
    """The settings of these files, with what the graph calls its columns."""
    settings = config.load_settings(folder / "refgraph.toml")
    return config.with_columns(settings, graph.columns)


def write_graph(server: Any, graph: ForeignGraph, tables: Frames) -> ExternalGraph:
    """Write it without refgraph; returns how it is read."""
    with open_driver(server) as driver, driver.session(database="neo4j") as session:
        for table, text in graph.write:
            session.run(BATCH + text, rows=tables[table].to_dicts()).consume()
    if graph.graph.labels:
        return graph.graph
    return replace(graph.graph, statements=make_statements(tables))


def make_statements(tables: Frames) -> dict[str, str]:
    """Statements that return every column of the graph with composite keys."""

    def key(node: str) -> str:
        return f"toString({node}.number) + '-' + {node}.side"

    def columns(variable: str, table: str, *keys: str) -> str:
        names = [name for name in tables[table].columns if name not in keys]
        return ", ".join(f"{variable}.`{name}` AS `{name}`" for name in names)

    return {
        "customers": f"MATCH (c:Site) RETURN {key('c')} AS id, {columns('c', 'customers', 'id')}",
        "referrals": f"MATCH (a)-[r:SENT]->(b) RETURN {key('a')} AS referrer,"
        f" {key('b')} AS referred, {columns('r', 'referrals', 'referrer', 'referred')}",
        "orders": f"MATCH (c)-[:PAID]->(o) RETURN {key('c')} AS customer,"
        f" {columns('o', 'orders', 'customer')}",
        "affiliations": f"MATCH (c)-[i:IN]->(g) RETURN {key('c')} AS customer, g.name AS group,"
        " i.relation AS relation",
    }
