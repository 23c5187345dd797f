"""Graphs in the formats of graph tools, edge lists alone, tables of a database."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import networkx as nx
import pytest

import refgraph
from refgraph.errors import RefgraphError
from refgraph.pipeline import SourceOptions

GEXF = (
    '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph defaultedgetype="directed">'
    '<nodes><node id="007" label="Ada"/><node id="2" label="Ben"/></nodes>'
    '<edges><edge id="0" source="007" target="2" weight="3"/></edges></graph></gexf>'
)
GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="k" for="node" '
    'attr.name="name" attr.type="string"/><graph edgedefault="{kind}">'
    '<node id="007"><data key="k">Ada</data></node><node id="2"><data key="k">Ben</data></node>'
    '<edge source="007" target="2"/></graph></graphml>'
)
FOLDERS = {
    "gexf": {"t.gexf": GEXF},
    "graphml": {"t.graphml": GRAPHML.format(kind="directed")},
    "gephi": {
        "nodes.csv": "Id,Label,Timeset\n007,Ada,\n2,Ben,\n",
        "edges.csv": "Source,Target,Type,Id,Label,Weight\n007,2,Directed,0,,3\n",
    },
    "neo4j": {
        "nodes.csv": ":ID(Customer),name,:LABEL\n007,Ada,Customer\n2,Ben,Customer\n",
        "rels.csv": ":START_ID(Customer),:END_ID(Customer),:TYPE\n007,2,REFERRED\n",
    },
}


def fill(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("tool", FOLDERS)
def test_read_graph_of_any_tool_gives_nodes_and_edges(tmp_path: Path, tool: str) -> None:
    data = refgraph.read(fill(tmp_path, FOLDERS[tool]))
    assert data.customers.select("id", "name", "stub").rows() == [
        ("007", "Ada", False),
        ("2", "Ben", False),
    ]
    assert data.referrals.select("referrer", "referred", "share").rows() == [("007", "2", None)]


EDGES = {
    "referrals.csv": "referrer,referred,weight\n0,1,5\n0,2,5\n1,3,5\n",
    "edges.txt": "# Directed graph\n# FromNodeId\tToNodeId\n0\t1\n0\t2\n1\t3\n",
    "out.demo": "% asym weighted\n% 3 4 4\n0 1 5 99\n0 2 5 99\n1 3 5 99\n",
}


@pytest.mark.parametrize("name", EDGES)
def test_read_edge_list_alone_makes_customers_of_all_parties(tmp_path: Path, name: str) -> None:
    path = fill(tmp_path, {name: EDGES[name]}) / name
    for source in (tmp_path, path):
        data = refgraph.read(source)
        assert data.customers["id"].to_list() == ["0", "1", "2", "3"]
        assert not data.customers["stub"].any()
        assert data.findings.height == 0
        assert ("only-referrals", 4) in data.warnings
        assert data.ledger.select("table", "read", "used").rows() == [("referrals", 3, 3)]
        result = refgraph.run("recommenders", data)
        assert result.frame.select("customer", "direct").rows() == [("0", 2), ("1", 1)]


def test_read_edge_list_given_as_table_needs_no_customers(tmp_path: Path) -> None:
    path = fill(tmp_path, {"e.csv": "from,to\na,b\n"}) / "e.csv"
    data = refgraph.read(referrals=path)
    assert data.customers["id"].to_list() == ["a", "b"]


REFUSED = [
    ("t.graphml", GRAPHML.format(kind="undirected"), "undirected-graph"),
    ("t.graphml", GRAPHML.format(kind="directed")[:-9], "damaged-file"),
    ("t.gexf", f'<!DOCTYPE a [<!ENTITY b "{"c" * 99}">]>{GEXF}', "damaged-file"),
    ("t.gexf", "", "damaged-file"),
    ("t.sqlite", "no database at all", "damaged-file"),
    ("out.x", "% a\n1 2\n1 2 3\n", "not-an-edge-list"),
]


@pytest.mark.parametrize(("name", "text", "code"), REFUSED)
def test_read_of_bad_graph_is_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    with pytest.raises(RefgraphError) as caught:
        refgraph.read(fill(tmp_path, {name: text}) / name)
    assert caught.value.id == code
    assert str(caught.value)


def test_read_graphml_of_networkx_gives_the_same_referrals(tmp_path: Path) -> None:
    network, out = nx.gn_graph(30, seed=18).reverse(), io.BytesIO()
    nx.write_graphml(network, out)
    (tmp_path / "t.graphml").write_bytes(out.getvalue())
    data = refgraph.read(tmp_path / "t.graphml")
    pairs = set(data.referrals.select("referrer", "referred").rows())
    assert pairs == {(str(u), str(v)) for u, v in network.edges}


def test_read_sqlite_gives_tables_and_views(tmp_path: Path) -> None:
    path = tmp_path / "crm.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """
            create table klienten (id, name text, revenue real);
            insert into klienten values ('007', 'Ada', 1.0), (12345678901234567, '', 0.1);
            create view referrals as select '007' as referrer, 12345678901234567 as referred;
            create table log (what);
            """
        )
    connection.close()
    data = refgraph.read(path)
    assert data.customers.select("id", "name", "revenue").rows() == [
        ("007", "Ada", 1.0),
        ("12345678901234567", None, 0.1),
    ]
    assert data.referrals.height == 1
    assert data.ledger["file"].to_list() == [f"{path}[klienten]", f"{path}[referrals]"]
    only = refgraph.read(path, SourceOptions(sheets=("klienten",)))
    assert only.referrals.height == 0
