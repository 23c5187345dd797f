"""Exported tables read back as the same data, graphs with the same values; folders stay whole."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import networkx as nx
import polars as pl
import pytest
from support import toys
from support.random_cases import choose
from support.strangers import stranger

from refgraph import intake, pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import FileError, UsageError
from refgraph.intake import IntakeOptions
from refgraph.intake.cast_rules import CastRules
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from refgraph.model.settings import KeyAccountRule, Settings
from refgraph.pipeline.export import EXPORT_FORMATS, MARK, write_export
from refgraph.pipeline.export_graphs import compute_positions

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
TABLE_FORMATS, GRAPH_FORMATS = ("csv", "parquet"), ("graphml", "gexf")
FILLED_TOYS = [toy for toy in toys.TOYS if toy != "empty"]
for_each_table_format = pytest.mark.parametrize("form", TABLE_FORMATS)
for_each_format = pytest.mark.parametrize("form", EXPORT_FORMATS)


def export(data: Dataset, folder: Path, form: str) -> Path:
    write_export(OfflineEngine(data), folder, form, "en")
    return folder


def read(folder: Path) -> Dataset:
    return pipeline.open_source(folder).dataset()


def draw_company(seed: int) -> Dataset:
    """A random company as files give it: they have no empty text, which is a missing value."""
    data = stranger(seed)
    frames: dict[str, Any] = {
        table: frame.with_columns(pl.col(pl.String).replace("", None))
        for table in ("customers", "referrals", "orders")
        if (frame := getattr(data, table)) is not None
    }
    return replace(data, **frames)


def assert_same(back: Dataset, data: Dataset) -> None:
    """Equal content, and equal in what decides an answer."""
    assert back.fingerprint == data.fingerprint
    assert dict(back.units) == dict(data.units)
    assert back.settings.key_account == data.settings.key_account
    assert not back.rejects.height
    answers = [pipeline.run(OfflineEngine(each), "effect").frame for each in (back, data)]
    assert answers[0].equals(answers[1])


@for_each_table_format
def test_tables_of_the_sample_read_back_as_the_same_data(form: str, tmp_path: Path) -> None:
    data = pipeline.open_source(CASE).dataset()
    back = read(export(data, tmp_path / "out", form))
    assert_same(back, data)
    assert back.recorded == data.recorded
    assert back.settings.accounts == data.settings.accounts
    assert back.settings.channels == data.settings.channels


@pytest.mark.parametrize(
    ("seed", "form"), [*zip(choose(12, 80), cycle(TABLE_FORMATS), strict=False)]
)
def test_tables_of_a_random_company_read_back_as_the_same_data(
    seed: int, form: str, tmp_path: Path
) -> None:
    data = draw_company(seed)
    assert_same(read(export(data, tmp_path / "out", form)), data)


@pytest.mark.parametrize(("toy", "form"), [*zip(FILLED_TOYS, cycle(TABLE_FORMATS), strict=False)])
def test_tables_of_a_toy_read_back_as_the_same_data(toy: str, form: str, tmp_path: Path) -> None:
    data = toys.TOYS[toy]()
    assert_same(read(export(data, tmp_path / "out", form)), data)


@for_each_table_format
def test_amounts_that_could_be_thousands_read_back(form: str, tmp_path: Path) -> None:
    people: Any = {"a": {"revenue": "1.25"}, "b": {"revenue": "1000.5"}}
    rules = IntakeOptions(rules=CastRules(loose_numbers=True))
    rows = [{"id": id, **row} for id, row in people.items()]
    raws = {"customers": [toys.raw("customers.csv", rows, ["id", "revenue"])]}
    data = intake.build_dataset(raws, Settings(), rules)
    odd = data.customers.with_columns(revenue=pl.Series([1.234, 5.678]))
    data = Dataset(customers=odd, referrals=data.referrals, recorded=data.recorded)
    back = read(export(data, tmp_path / "out", form))
    assert back.customers["revenue"].sort().to_list() == [1.234, 5.678]


@for_each_table_format
def test_amounts_that_were_converted_are_not_converted_again(form: str, tmp_path: Path) -> None:
    rows: Any = [
        {"order_id": "1", "customer": "a", "at": "2024-01-05", "revenue": "10", "currency": "EUR"},
        {"order_id": "2", "customer": "a", "at": "2024-02-05", "revenue": "10", "currency": "CNY"},
    ]
    settings = Settings(currency="CNY", rates={"EUR": 8.0})
    data = toys.company({"a": {}, "b": {}}, [("a", "b")], rows, settings)
    assert data.orders is not None and data.orders["revenue"].sum() == 90
    back = read(export(data, tmp_path / "out", form))
    assert back.fingerprint == data.fingerprint and dict(back.units) == dict(data.units)


def test_listed_key_accounts_and_words_read_back(tmp_path: Path) -> None:
    rule = KeyAccountRule(listed="等级", words=("金", "银\x7f"))
    settings = Settings(
        key_account=rule, words={"nobody": ['none "at" all']}, status={"closed": ["过了"]}
    )
    data = toys.company({"a": {"等级": "金"}, "b": {"等级": "铜"}}, [("a", "b")], (), settings)
    back = read(export(data, tmp_path / "out", "csv"))
    assert back.fingerprint == data.fingerprint
    assert back.settings.key_account == KeyAccountRule(listed="level", words=("金", "银\x7f"))
    assert (back.settings.words, back.settings.status) == (settings.words, settings.status)
    keys = [OfflineEngine(d).graph(Scope()).parties["key"].to_list() for d in (back, data)]
    assert keys[0] == keys[1] and True in keys[0]


def read_graph(folder: Path) -> Any:
    gexf = folder / "referrals.gexf"
    return nx.read_gexf(gexf) if gexf.exists() else nx.read_graphml(folder / "referrals.graphml")


def to_plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize(
    ("seed", "form"), [*zip(choose(6, 80), cycle(GRAPH_FORMATS), strict=False)]
)
def test_graph_of_a_random_company_holds_its_values(seed: int, form: str, tmp_path: Path) -> None:
    data = draw_company(seed)
    network = read_graph(export(data, tmp_path / "out", form))
    graph = OfflineEngine(data).graph(Scope())
    parties, names = graph.parties.to_dicts(), list(network)
    assert (len(names), network.number_of_edges()) == (len(parties), graph.arcs.height)
    for name, row in zip(names, parties, strict=True):
        for column in ("revenue", "joined", "left", "status", "sector"):
            assert network.nodes[name].get(column) == to_plain(row[column]), column
    for row in graph.arcs.to_dicts():
        edge = network.edges[names[row["referrer"]], names[row["referred"]]]
        assert edge.get("at") == to_plain(row["at"])
        assert edge.get("share") == row["share_given"]


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_graph_of_the_sample_reads_back_with_its_parties_and_referrals(
    form: str, tmp_path: Path
) -> None:
    data = pipeline.open_source(CASE).dataset()
    back = read(export(data, tmp_path / "out", form))
    columns = ["id", "name", "role", "status", "joined", "source", "sector"]
    assert (
        back.customers.select(columns).sort("id").equals(data.customers.select(columns).sort("id"))
    )
    columns = ["referrer", "referred", "at", "share", "tie", "status"]
    keys = ["referrer", "referred"]
    one, other = (d.referrals.select(columns).sort(keys) for d in (back, data))
    assert one.equals(other)


def test_gexf_has_labels_and_places_without_overlap(tmp_path: Path) -> None:
    data = pipeline.open_source(CASE).dataset()
    network = nx.read_gexf(export(data, tmp_path / "out", "gexf") / "referrals.gexf")
    assert network.nodes["C001"]["label"] == "河北钢铁"
    places = [a["viz"]["position"] for _, a in network.nodes(data=True)]
    spots = {(place["x"], place["y"]) for place in places}
    assert len(spots) == len(network)
    graph = OfflineEngine(data).graph(Scope())
    x, _ = compute_positions(graph)
    parent = graph.forest.parent
    for party, above in enumerate(parent):
        assert x[party] > x[above] if above >= 0 else x[party] == 0


@for_each_format
def test_export_twice_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    def read_bytes(folder: Path) -> Mapping[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    one = read_bytes(export(stranger(3), tmp_path / "one", form))
    other = read_bytes(export(stranger(3), tmp_path / "other", form))
    assert one == other and MARK in one
    assert set(one) - {MARK} <= set(EXPORT_FORMATS[form].files)
    again = export(stranger(3), tmp_path / "one", "csv")
    assert {path.suffix for path in again.iterdir()} == {".csv", ".toml", ".md"}


@for_each_format
def test_folder_that_is_no_export_is_left_alone(form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("customers.csv", "refgraph.toml"):
        (out / name).write_text("mine")
    with pytest.raises(FileError) as refused:
        export(toys.chain(), out, form)
    assert refused.value.id == "export-not-ours"
    assert {path.name: path.read_text() for path in out.iterdir()} == {
        "customers.csv": "mine",
        "refgraph.toml": "mine",
    }


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        export(toys.chain(), tmp_path / "out", "docx")


def test_import_scripts_name_every_file_and_differ_by_version(tmp_path: Path) -> None:
    folder = export(pipeline.open_source(CASE).dataset(), tmp_path / "out", "neo4j-import")
    five, next_one = ((folder / f"import-neo4j-{v}.sh").read_text() for v in ("5", "2026"))
    for file in folder.glob("*.csv"):
        assert f"={file.name} " in five and f"={file.name} " in next_one
    assert "neo4j-admin} database import full neo4j" in five
    assert "--path-pattern-style" in next_one and "--path-pattern-style" not in five
    assert str(tmp_path) not in five and "\x1f" not in five
    assert (folder / "constraints.cypher").read_text().count("IS UNIQUE;") == 10


def test_settings_file_is_toml_that_refgraph_accepts(tmp_path: Path) -> None:
    folder = export(pipeline.open_source(CASE).dataset(), tmp_path / "out", "csv")
    tables = tomllib.loads((folder / "refgraph.toml").read_text())
    assert tables["units"] == {"money": "元", "volume": "t"}
    assert tables["decimal"]["orders.revenue"] == "point"
