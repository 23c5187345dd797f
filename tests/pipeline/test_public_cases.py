"""Inputs that people reported, as files, on the command line: the right answer or the cure."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from support.program import ask, call
from support.public_cases import CASES, read_case

import refgraph
from refgraph.errors import UsageError
from refgraph.texts import format_message

DAMAGED_IDS = CASES / "03-ids-through-excel"
NETWORKS = CASES / "10-edge-lists"
PICTURES = sorted((CASES / "12-names-in-pictures").glob("*.csv"))
ATTACK, AUDIT = CASES / "attack", CASES / "audit"
SETTINGS = sorted(ATTACK.glob("*.toml"))
REPAIRED = {
    "apostrophe": (2, 3, 4),
    "fullwidth": (2, 3, 4),
    "tab": (2, 3, 4),
    "unit-separator": (1, 2, 2),
}
"""Sibling -> referred, customers, repaired ids."""
DIRECT = {
    "demo.gexf": ("1", 1),
    "demo.graphml": ("1", 1),
    "gephi-csv": ("1", 2),
    "konect/out.demo": ("1", 2),
    "neo4j-apoc.csv": ("0", 1),
    "neo4j-export": ("1", 2),
    "only-referrals": ("甲一", 2),
    "snap/edges.txt": ("0", 2),
}
"""Network -> the first recommender and how many it referred."""


@pytest.mark.parametrize("sibling", REPAIRED)
def test_case_03_damaged_ids_are_refused_with_the_cure_and_repaired_by_it(sibling: str) -> None:
    source, (referred, customers, repaired) = (
        str(DAMAGED_IDS / "siblings" / sibling),
        REPAIRED[sibling],
    )
    done = call("effect", source, "--lang", "en")
    assert done.code == 3
    assert "would match after" in done.err and "--repair-ids" in done.err
    code, row, told = ask("effect", source, "--repair-ids")
    assert (code, row["referred"], row["customers"]) == (0, referred, customers)
    assert f"{repaired} damaged IDs or names matched a customer after a repair" in told


def test_case_03_rounded_ids_are_refused_with_the_cause() -> None:
    done = call("effect", str(DAMAGED_IDS / "customers.csv"), "--repair-ids", "--lang", "en")
    assert done.code == 3
    assert "a spreadsheet rounded 2 IDs in the column 推荐人, such as 1.38E+10" in done.err


@pytest.mark.parametrize("name", DIRECT)
def test_case_10_networks_are_companies(name: str) -> None:
    code, row, _ = ask("recommenders", str(NETWORKS / name), "--by", "direct")
    assert (code, row["customer"], row["direct"]) == (0, *DIRECT[name])


def test_case_11_own_ancestor_is_no_fault_of_the_others() -> None:
    code, row, told = ask("effect", str(CASES / "11-own-ancestor" / "customers.csv"))
    assert (code, row["referred"], row["customers"]) == (3, 6, 8)
    assert "1 rejected" in told


@pytest.mark.parametrize("file", PICTURES, ids=[file.stem for file in PICTURES])
def test_case_12_names_of_any_script_are_drawn(file: Path, tmp_path: Path) -> None:
    picture = tmp_path / "tree.svg"
    done = call("draw", str(file), "--largest", "-o", str(picture))
    assert done.code == 0, done.err
    assert len(list(ElementTree.parse(picture).iter())) > 5


@pytest.mark.parametrize(
    ("build", "id"),
    [
        (lambda: nx.DiGraph([(1, 2), ("1", 3)]), "nodes-alike"),
        (lambda: nx.Graph([("a", "b")]), "undirected"),
        (lambda: nx.DiGraph([(1.0, 2.0)]), "float"),
        (lambda: nx.DiGraph([("a", "b"), (float("nan"), "c")]), "float"),
    ],
)
def test_case_16_unclear_networks_are_refused(build: Any, id: str) -> None:
    with pytest.raises(UsageError) as caught:
        refgraph.read(build())
    assert id in caught.value.id


@pytest.mark.parametrize(
    ("network", "arcs"),
    [
        (nx.MultiDiGraph([("a", "b"), ("a", "b"), ("b", "c")]), {"a": 1, "b": 1}),
        (nx.DiGraph([("a", "b"), ("b", "c"), ("c", "a")]), {"a": 1, "b": 1, "c": 1}),
        (nx.DiGraph([("a", "b", {"weight": 5})]), {"a": 1}),
    ],
)
def test_case_16_networks_are_read(network: Any, arcs: dict[str, int]) -> None:
    frame = refgraph.run("recommenders", refgraph.read(network)).frame
    assert dict(frame.select("customer", "direct").iter_rows()) == arcs


def test_case_17_workbook_is_read() -> None:
    code, row, _ = ask("recommenders", str(CASES / "17-xlsx" / "customers.xlsx"))
    assert (code, row["name"], row["direct"]) == (0, "Ada", 1)


def test_case_18_every_member_is_listed_by_generation() -> None:
    result = refgraph.run("generations", read_case("18-levels/customers.csv"))
    frame = result.frame.select("recommender", "generation", "parties", "value")
    first = frame.filter(recommender="1").drop("recommender").rows()
    assert first == [(1, 2, 200.0), (2, 2, 200.0), (3, 1, 100.0), (4, 1, 100.0)]


def test_case_19_no_referral_column_is_no_answer() -> None:
    folder = CASES / "19-no-referral-column"
    done = call("effect", str(folder / "customers.csv"), "--lang", "en")
    assert done.code == 3 and "No referrals in this data" in done.err
    done = call("effect", str(folder / "other-header.csv"), "--lang", "en")
    assert done.code == 3 and "--column customers.referred_by=介绍人姓名" in done.err


def test_case_25_campaign_of_three_is_exact() -> None:
    words = ("--k", "3", "--probability", "0.1")
    code, _, _ = ask("campaign", str(CASES / "25-manual-graph"), *words)
    data = read_case("25-manual-graph")
    frame = refgraph.run("campaign", data, k=3, probability="0.1").frame
    assert code == 0
    assert frame["customer"].to_list() == ["Alice", "Ethan", "Michael"]
    assert frame["reached"].to_list() == pytest.approx([1.54781, 2.79710, 3.88710], abs=1e-5)


@pytest.mark.parametrize("file", SETTINGS, ids=[file.stem for file in SETTINGS])
def test_senseless_settings_get_a_sentence(file: Path, tmp_path: Path) -> None:
    shutil.copy(CASES / "18-levels" / "customers.csv", tmp_path)
    shutil.copy(file, tmp_path / "refgraph.toml")
    done = call("accounts", str(tmp_path), "--lang", "en")
    lines = done.err.splitlines()
    assert done.code == 3 and len(lines) == (4 if file.stem == "months2" else 2)
    assert all("refgraph.toml: " in line for line in lines[::2])


@pytest.mark.parametrize(
    ("name", "options", "code", "told"),
    [
        ("far", (), 0, "9999-12-31 in 1 cell"),
        ("year1", ("--no-referrals",), 0, "0001-01-01 in 1 cell"),
        ("inf-sum", (), 3, "2 cells were rejected"),
        ("star-header", ("--no-referrals",), 0, ""),
        ("control-id", (), 0, ""),
    ],
)
def test_hostile_tables_get_a_number_or_a_sentence(
    name: str, options: tuple[str, ...], code: int, told: str
) -> None:
    done = call("effect", str(ATTACK / name), *options, "--format", "csv", "--lang", "en")
    assert done.code == code
    assert told in done.err
    assert not set(done.out + done.err) & {chr(k) for k in range(32) if chr(k) not in "\r\n"}


def test_escape_in_a_file_name_reaches_no_terminal(tmp_path: Path) -> None:
    file = tmp_path / "\x1b[31mcustomers.csv"
    file.write_text("id,referred_by\n1,\n2,1\n3,3\n", encoding="utf-8")
    done = call("check", str(file), "--format", "md", "--lang", "en")
    assert "customers.csv" in done.out and "\x1b" not in done.out + done.err


def test_audited_inputs_promise_no_more_than_they_hold() -> None:
    for name in ("f3", "lp"):
        result = refgraph.run("time-to-refer", read_case(f"audit/{name}"))
        assert "half have referred has not been reached" in format_message(result.headline, "en")
    _, row, _ = ask("chance", str(AUDIT / "h3"))
    assert row["customer"] == "c00" and not row["above_chance"]
    code, row, _ = ask("effect", str(AUDIT / "h2"))
    assert (code, row["referred"], row["customers"]) == (0, 2, 4)
