"""Who belongs to a group of companies, and which member stands for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.toys import company

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.graph import build_graph
from refgraph.graph.rollup import roll_up_groups
from refgraph.model.scope import Scope

ROLLED_UP = Scope(roll_up=True)
Row = dict[str, object]


def test_find_members_without_two_customers_in_a_group_finds_none() -> None:
    people: dict[str, Row] = {
        "a": {"group": "G", "role": "customer"},
        "b": {"group": "G", "role": "staff"},
        "c": {"group": "G", "status": "void"},
        "d": {"group": "H"},
        "e": {"group": ""},
    }
    customers = {id: {"status": "closed"} | columns for id, columns in people.items()}
    data = company(customers, [("z", "a"), ("a", "d")])
    assert not roll_up_groups(data).groups
    assert build_graph(data, ROLLED_UP).parties["id"].to_list() == ["a", "b", "c", "d", "e", "z"]
    result = pipeline.run(OfflineEngine(data), "effect", scope=ROLLED_UP)
    assert "note.rolled-none" in {n.id for n in result.notes}


@pytest.mark.parametrize(
    ("relation", "is_rolled_up"),
    [("owner", True), ("", True), ("supplier", False), ("buyer", False), ("association", False)],
)
def test_find_members_by_affiliation_takes_owned_companies_only(
    tmp_path: Path, relation: str, is_rolled_up: bool
) -> None:
    (tmp_path / "customers.csv").write_text("id,joined\na,2020-01-01\nb,2021-01-01\nc,2021-01-01\n")
    (tmp_path / "affiliations.csv").write_text(
        f"customer,group,relation\na,G,{relation}\nb,G,{relation}\nb,F,association\n"
    )
    graph = pipeline.open_source(tmp_path).graph(ROLLED_UP)
    expected = ["a", "c"] if is_rolled_up else ["a", "b", "c"]
    assert graph.parties["id"].to_list() == expected


def test_company_with_two_owners_belongs_to_one_group_and_stays_one_party(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,joined\na,2020-01-01\nb,2021-01-01\nc,2021-01-01\n")
    (tmp_path / "affiliations.csv").write_text(
        "customer,group,relation\na,H,owner\na,G,owner\nb,G,owner\nc,H,owner\nc,F,\n"
    )
    graph = pipeline.open_source(tmp_path).graph(ROLLED_UP)
    assert graph.parties.select("id", "name").rows() == [("a", "G"), ("c", None)]


def test_find_members_puts_customers_first_and_a_group_leaves_with_its_last() -> None:
    people: dict[str, Row] = {
        "a": {"group": "G", "status": "negotiating"},
        "b": {"group": "G", "status": "closed", "joined": "2020-01-01", "left": "2021-01-01"},
        "c": {"group": "G", "status": "closed", "joined": "2020-06-01", "left": "2022-01-01"},
        "d": {"group": "H", "status": "lost"},
        "e": {"group": "H", "status": "contacted"},
        "f": {"status": "closed", "joined": "2023-01-01"},
    }
    graph = build_graph(company(people, [("f", "e"), ("f", "d")]), ROLLED_UP)
    rows = {row["id"]: row for row in graph.parties.iter_rows(named=True)}
    assert set(rows) == {"b", "e", "f"}
    assert (rows["b"]["stage"], rows["b"]["left"]) == ("former", date(2022, 1, 1))
    assert (rows["e"]["stage"], graph.arcs.height) == ("prospect", 1)
