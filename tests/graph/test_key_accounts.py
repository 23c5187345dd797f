"""Key accounts: by a measure, by the company's own list, or unknown; never 0 over nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support import toys

import refgraph
from refgraph import pipeline
from refgraph.config import load_settings
from refgraph.engines.offline import OfflineEngine
from refgraph.engines.serialization import restore_settings
from refgraph.errors import RefgraphError
from refgraph.graph import build_graph
from refgraph.graph.summary import summarize_graph
from refgraph.model.graph_summary import summary_from_json
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.pipeline.options import SourceOptions

BY_VOLUME = {"key_account": {"measure": "volume", "over": 100}}
BY_LIST = {"key_account": {"listed": "客户级别"}}
Rows = dict[str, dict[str, object]]


def make_engine(rows: Rows, tables: dict[str, Any], orders: Any = ()) -> OfflineEngine:
    """Customers of which the first referred all others."""
    first, *others = rows
    arcs = [{"referrer": first, "referred": x, "at": "2020-06-01"} for x in others]
    people = {x: {"joined": "2020-01-01", **row} for x, row in rows.items()}
    return OfflineEngine(toys.company(people, arcs, orders, Settings.from_tables(tables)))


def find_marks(engine: OfflineEngine) -> dict[str, bool | None]:
    graph = engine.graph(Scope())
    return dict(zip(graph.parties["id"], graph.parties["key"], strict=True))


def test_key_accounts_without_a_rule_are_blank_everywhere() -> None:
    rows: Rows = {"a": {"revenue": 900}, "b": {"revenue": 10}, "c": {"revenue": 5}}
    engine = make_engine(rows, {})
    assert find_marks(engine) == {"a": None, "b": None, "c": None}
    blank = {
        "effect": ["key_only", "old_only", "both", "neither"],
        "segments": ["key_accounts"],
        "quadrants": ["keys_brought", "keys_named"],
        "referred": ["through"],
        "prospects": ["through"],
    }
    for name, columns in blank.items():
        result = pipeline.run(engine, name)
        assert all(result.frame[c].null_count() == result.frame.height for c in columns), name
        assert "note.key-no-rule" in [note.id for note in result.notes], name
    flows = pipeline.run(engine, "flows")
    assert flows.frame.height == 0
    assert flows.notes[0].id == "note.key-no-rule"
    only_key = pipeline.run(engine, "segments", {"of": "key"})
    assert (only_key.headline.id, only_key.frame.height) == ("headline.flows-cannot-tell", 0)


@pytest.mark.parametrize("other", [{"status": "negotiating"}, {"role": "staff"}])
@pytest.mark.parametrize("tables", [BY_VOLUME, BY_LIST])
def test_key_accounts_with_nothing_recorded_stay_unknown_beside_a_prospect_or_employee(
    other: dict[str, object], tables: dict[str, Any]
) -> None:
    """A false mark of a prospect made "unknown" look like "0 via key accounts"."""
    column = "volume" if tables is BY_VOLUME else "客户级别"
    rows: Rows = {x: {"status": "closed", "role": "customer", column: None} for x in "ab"}
    rows["p"] = {"status": "closed", "role": "customer", column: None, **other}
    engine = make_engine(rows, tables)
    assert set(find_marks(engine).values()) == {None}
    result = pipeline.run(engine, "effect")
    assert result.frame["key_only"].to_list() == [None] * 3
    assert "note.key-no-value" in [note.id for note in result.notes]
    assert "note.effect-through" not in [note.id for note in result.notes]


@pytest.mark.parametrize("other", [{"status": "negotiating"}, {"role": "staff"}])
def test_key_accounts_stay_unknown_if_only_a_prospect_or_employee_has_a_volume(
    other: dict[str, object],
) -> None:
    rows: Rows = {x: {"status": "closed", "role": "customer"} for x in "ab"}
    rows["p"] = {"status": "closed", "role": "customer", "volume": "500", **other}
    assert find_marks(make_engine(rows, BY_VOLUME)) == {"a": None, "b": None, "p": None}


def test_key_account_measure_is_null_where_no_value_is_recorded() -> None:
    rows: Rows = {"a": {"volume": 101}, "b": {"volume": 100}, "c": {"volume": None}}
    assert find_marks(make_engine(rows, BY_VOLUME)) == {"a": True, "b": False, "c": None}
    orders = [
        {"customer": "a", "at": "2020-02-01", "volume": 300},
        {"customer": "b", "at": "2020-02-01", "volume": None},
    ]
    rows = {"a": {}, "b": {}, "c": {}}
    found = find_marks(make_engine(rows, BY_VOLUME, orders))
    assert found == {"a": True, "b": None, "c": False}


@pytest.mark.parametrize(
    ("word", "is_key"),
    [
        ("重点客户", True),
        ("ＫＡ", True),
        (" a ", True),
        ("优质客户", True),
        ("普通", False),
        (None, False),
    ],
)
def test_key_account_list_reads_words_of_any_width_and_case(word: str | None, is_key: bool) -> None:
    rows: Rows = {"x": {"客户级别": "大客户"}, "y": {"客户级别": word}}
    assert find_marks(make_engine(rows, BY_LIST)) == {"x": True, "y": is_key}


def test_key_account_list_takes_words_of_its_own_and_any_column() -> None:
    tables = {"key_account": {"listed": "评级", "words": ["金牌"]}}
    rows: Rows = {"x": {"评级": "金牌"}, "y": {"评级": "A"}}
    engine = make_engine(rows, tables)
    assert find_marks(engine) == {"x": True, "y": False}
    notes = pipeline.run(engine, "quadrants", scope=Scope(value="customers")).notes
    result = pipeline.run(engine, "segments")
    (note,) = [n for n in result.notes if n.id == "note.key-rule"]
    assert note.values["rule"].values == {"column": "评级"}
    assert not notes


def test_key_account_list_from_files_equals_frames(tmp_path: Path) -> None:
    customers = pl.DataFrame({"客户编号": ["A", "B", "C"], "客户级别": ["KA", "C级", None]})
    referrals = pl.DataFrame({"推荐人": ["B"], "被推荐人": ["A"]})
    customers.write_csv(tmp_path / "customers.csv")
    referrals.write_csv(tmp_path / "referrals.csv")
    config = tmp_path / "refgraph.toml"
    config.write_text('[key_account]\nlisted = "客户级别"\n', encoding="utf-8")
    options = SourceOptions(config=str(config))
    frames = refgraph.read(customers=customers, referrals=referrals, options=options)
    files = refgraph.read(tmp_path)
    for data in (frames, files):
        assert find_marks(OfflineEngine(data)) == {"A": True, "B": False, "C": False}
        assert data.customers["level"].to_list() == ["KA", "C级", None]
    stored = json.loads(json.dumps(asdict(files.settings)))
    assert restore_settings(stored) == files.settings


def test_key_account_marks_of_a_part_equal_those_of_the_whole() -> None:
    """A part in which nobody has a level is not a company without a list."""
    whole = toys.company(
        {"a": {"客户级别": "KA"}, "b": {"客户级别": None}},
        [("a", "b")],
        settings=Settings.from_tables(BY_LIST),
    )
    summary = summarize_graph(whole, build_graph(whole, Scope()))
    assert summary == summary_from_json(json.loads(json.dumps(summary.to_json())))
    part = replace(
        whole, customers=whole.customers.filter(id="b"), referrals=whole.referrals.clear()
    )
    graph = build_graph(part, Scope(), summary)
    assert (graph.is_key_account_known, graph.parties["key"].to_list()) == (True, [False])


def test_key_account_rule_and_list_exclude_each_other(tmp_path: Path) -> None:
    file = tmp_path / "refgraph.toml"
    file.write_text('[key_account]\nlisted = "x"\nmeasure = "volume"\n', encoding="utf-8")
    with pytest.raises(RefgraphError) as error:
        load_settings(file)
    assert error.value.id == "config-both"
    file.write_text('[key_account]\nmeasure = "volume"\n', encoding="utf-8")
    with pytest.raises(RefgraphError) as error:
        load_settings(file)
    assert error.value.id == "config-missing"


def test_key_account_list_names_a_column_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RefgraphError) as error:
        make_engine({"a": {}, "b": {}}, BY_LIST)
    assert error.value.id == "absent-header"
    assert error.value.values["column"] == "key_account.listed"
