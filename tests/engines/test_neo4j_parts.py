"""Questions about a few parties read those who matter for them and no more, and say the same bytes as from files."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

import toys
from refgraph import flow, renderers
from refgraph.engines.base import Engine
from refgraph.engines.neo4j import loading, parts
from refgraph.engines.neo4j.bookmark import committed
from refgraph.engines.neo4j.engine import Neo4j
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.engines.offline import Offline
from refgraph.errors import DataError, RefgraphError
from refgraph.flow.drawing import picture
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from refgraph.renderers.look import Look
from refgraph.renderers.pictures import render_picture
from strangers import stranger
from stores import database, run, store

pytestmark = pytest.mark.neo4j
CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(autouse=True)
def of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part is read of the smallest company, too."""
    monkeypatch.setattr(parts, "SMALL", 0)


def answers(engine: Engine, one: str, other: str, lang: str = "en") -> dict[str, Any]:
    """What is said of two parties: the answers in two forms, the picture, the account; or why there is none."""

    def page(name: str, **given: object) -> tuple[bytes, ...]:
        result = flow.run(engine, name, given)
        return tuple(renderers.render(result, form, lang) for form in ("csv", "md"))

    asked = {"reach": lambda: page("reach", of=(one,)), "both": lambda: page("reach", of=(one, other)),
             "path": lambda: page("path", from_=one, to=other),
             "draw": lambda: render_picture(picture(engine, one), "svg", lang, Look()),
             "account": lambda: (engine.account().totals, engine.account().customers, engine.account().settings)}  # fmt: skip
    found: dict[str, Any] = {}
    for name, ask in asked.items():
        try:
            found[name] = ask()
        except RefgraphError as error:
            found[name] = (error.id, error.values)
    return found


def is_read_in_parts(engine: Neo4j) -> bool:
    """Whether the whole has not been carried over."""
    return engine._offline is None


def together(data: Dataset, server: Any, *pairs: tuple[str, str], lang: str = "en") -> None:
    """A database that was filled with a Dataset says what the Dataset says, and is not read for it."""
    store(server).load(data)
    for one, other in pairs:
        engine = store(server)
        assert answers(engine, one, other, lang) == answers(Offline(data), one, other, lang)
        assert is_read_in_parts(engine)
        assert flow.run(engine, "reach", {"of": (one,)}).origin["computed"] == "part"
        engine.close()


@pytest.mark.parametrize("toy", [name for name, made in toys.TOYS.items() if made().customers.height > 1])
def test_toys(toy: str, neo4j_empty: Any) -> None:
    data = toys.TOYS[toy]()
    ids = data.customers["id"].sort()
    together(data, neo4j_empty, (ids[0], ids[-1]), (ids[-1], ids[0]))


@pytest.mark.parametrize("seed", range(12))
def test_strange_companies(seed: int, neo4j_empty: Any) -> None:
    data = stranger(seed)
    ids = data.customers["id"].sort()
    if len(ids) > 1:
        together(data, neo4j_empty, (ids[0], ids[-1]))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_classic_case(lang: str, neo4j_empty: Any) -> None:
    together(flow.open_source(CASE).dataset(), neo4j_empty, ("C020", "C001"), ("C066", "C020"), lang=lang)


def test_the_origin_counts_the_whole_company(neo4j_empty: Any) -> None:
    data, engine = flow.open_source(CASE).dataset(), store(neo4j_empty)
    engine.load(data)
    part, whole = (flow.run(e, "reach", {"of": ("C020",)}).origin for e in (engine, Offline(data)))
    own = {"engine", "source", "database", "version", "computed"}
    assert {k: v for k, v in part.items() if k not in own} == {k: v for k, v in whole.items() if k not in own}


@pytest.mark.parametrize("limit", ["SMALL", "MOST", "LEVELS"])
def test_beyond_a_limit_the_whole_is_read_and_says_the_same(limit: str, neo4j_empty: Any,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    data, engine = toys.company({k: {} for k in "abcdefgh"}, list(zip("abcdefg", "bcdefgh", strict=True))), store(neo4j_empty)
    engine.load(data)
    monkeypatch.setattr(parts, limit, {"SMALL": 8, "MOST": 7, "LEVELS": 6}[limit])
    assert answers(engine, "a", "h") == answers(Offline(data), "a", "h")
    assert not is_read_in_parts(engine)


@pytest.mark.parametrize("limit", ["MOST", "LEVELS"])
def test_at_a_limit_the_part_is_read(limit: str, neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data, engine = toys.company({k: {} for k in "abcdefgh"}, list(zip("abcdefg", "bcdefgh", strict=True))), store(neo4j_empty)
    engine.load(data)
    monkeypatch.setattr(parts, limit, {"MOST": 8, "LEVELS": 7}[limit])
    assert answers(engine, "a", "h") == answers(Offline(data), "a", "h") and is_read_in_parts(engine)


def test_a_hub_of_many_is_read_whole(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST", 50)
    monkeypatch.setattr(parts, "AT_ONCE", 7)
    data = toys.company({f"c{k:03}": {} for k in range(200)}, [("c000", f"c{k:03}") for k in range(1, 200)])
    store(neo4j_empty).load(data)
    engine = store(neo4j_empty)
    assert engine.part(["c000"], "below", Scope()) is None
    leaves = tuple(f"c{k:03}" for k in range(1, 40))
    some = engine.part(leaves, "below", Scope())
    assert some is not None and len(some) == 40 and is_read_in_parts(engine)
    assert engine.part(leaves[:2], "between", Scope()) is None
    line = engine.part(["c000", "c007"], "between", Scope())
    assert line is not None and len(line) == 2 and is_read_in_parts(engine)


def test_names_codes_of_scope_and_settings_are_for_the_whole(neo4j_empty: Any) -> None:
    files = flow.open_source(CASE)
    engine = store(neo4j_empty)
    engine.load(files.dataset())
    assert engine.part(["沙钢"], "below", Scope()) is None
    assert engine.part(["C020"], "below", Scope(count=("staff",))) is None
    assert store(neo4j_empty, settings=files.dataset().settings).part(["C020"], "below", Scope()) is None
    assert engine.part(["C020"], "below", Scope()) is not None
    name = files.dataset().customers["name"][0]
    assert answers(engine, name, "nobody") == answers(files, name, "nobody")


def test_a_load_of_an_older_refgraph_is_read_whole(neo4j_empty: Any) -> None:
    engine = store(neo4j_empty)
    engine.load(toys.chain())
    run(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.census = null")
    assert engine.part(["a"], "below", Scope()) is None
    assert answers(engine, "a", "b") == answers(Offline(toys.chain()), "a", "b")


@pytest.mark.parametrize("change", ["MATCH (n:Customer {id: 'b'}) SET n.revenue = 1e9", "CREATE (:Person)", "CREATE (:Customer {id: 'x'})",
                                    "CREATE INDEX odd FOR (n:Person) ON (n.name)"])  # fmt: skip
def test_after_any_commit_of_anybody_the_whole_is_read(change: str, neo4j_empty: Any) -> None:
    engine = store(neo4j_empty)
    engine.load(toys.chain())
    assert engine.part(["a"], "below", Scope()) is not None
    run(neo4j_empty, change)
    assert store(neo4j_empty).part(["a"], "below", Scope()) is None
    if "SET" in change:
        changed = store(neo4j_empty)
        assert answers(changed, "a", "b") == answers(Offline(changed.dataset()), "a", "b") != answers(
            Offline(toys.chain()), "a", "b")
    run(neo4j_empty, "DROP INDEX odd IF EXISTS")


def refused(engine: Neo4jStore, *given: Any) -> None:
    with pytest.raises(DataError) as caught:
        engine.load(*given)
    assert caught.value.id == "database-edited"


def test_a_load_that_ended_before_it_was_settled_is_settled_by_the_next_if_it_is_as_it_was(neo4j_empty: Any) -> None:
    engine = store(neo4j_empty)
    engine.load(toys.chain())
    for change, good in (("SET n.revenue = 77.0", False), ("SET n.revenue = 10.0", True)):
        run(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.settled = null")
        run(neo4j_empty, f"MATCH (n:Customer {{id: 'b'}}) {change}")
        assert engine.part(["a"], "below", Scope()) is None
        if good:
            assert engine.load(toys.chain()) == "same"
        else:
            refused(engine, toys.chain())
        assert (engine.part(["a"], "below", Scope()) is not None) is good


def test_numbers_are_read_out_of_bookmarks_of_the_one_form_known(neo4j_empty: Any) -> None:
    base = database(neo4j_empty)
    run(neo4j_empty, "CREATE (:Person)")  # a label that is new takes a transaction of its own
    first = committed(base.token())
    assert first is not None
    for turn in range(1, 150):
        run(neo4j_empty, "CREATE (:Person)")
        assert committed(base.token()) == first + turn


def packed(number: bytes, head: bytes = b"\x91\xcc\x10", tail: bytes = b"\x90") -> str:
    return "FB:" + base64.b64encode(head + bytes(16) + number + tail).decode().rstrip("=")


@pytest.mark.parametrize(("number", "found"), [
    (b"\x00", 0), (b"\x7f", 127), (b"\xc8\x7f", 127), (b"\xc9\x01\x00", 256), (b"\xca\x00\x01\x00\x00", 65_536),
    (b"\xcb\x00\x00\x00\x01\x00\x00\x00\x00", 2**32), (b"", None), (b"\x80", None), (b"\xc9\x01", None), (b"\xc1\x00", None),
])  # fmt: skip
def test_packed_numbers(number: bytes, found: int | None) -> None:
    assert committed(packed(number)) == found


@pytest.mark.parametrize("token", ["", "FB:", "neo4j:bookmark:v1:tx7", "FB:!!", packed(b"\x05")[3:],
                                   packed(b"\x05", head=b"\x92\xcc\x10"), packed(b"\x05", tail=b"\x91")])
def test_other_tokens_have_no_number(token: str) -> None:
    assert committed(token) is None


def test_a_stranger_who_writes_while_a_load_is_under_way_is_noticed(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 1)
    done = list[int]()

    def meddle(stage: str, rows: int, total: int | None = None) -> None:
        if stage == "load-customers" and rows == 3 and not done:
            run(neo4j_empty, "MATCH (n:Customer {id: 'a'}) SET n.revenue = 12345.0")
            done.append(rows)

    data = toys.chain()
    engine = store(neo4j_empty)
    refused(engine, data, meddle)  # what was written is not what stands there
    assert done and store(neo4j_empty).part(["a"], "below", Scope()) is None
    refused(store(neo4j_empty), data)
    assert store(neo4j_empty).part(["a"], "below", Scope()) is None
    run(neo4j_empty, "MATCH (n:Customer {id: 'a'}) SET n.revenue = $was", was=data.customers.filter(id="a")["revenue"][0])
    assert store(neo4j_empty).load(data) == "same"
    assert store(neo4j_empty).part(["a"], "below", Scope()) is not None


def test_a_stranger_who_changes_nothing_of_a_load_does_no_harm(neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 1)

    def meddle(stage: str, rows: int, total: int | None = None) -> None:
        if stage == "load-referrals" and rows == 1:
            run(neo4j_empty, "CREATE (:Stranger)")

    assert store(neo4j_empty).load(toys.chain(), meddle) == "new"
    assert store(neo4j_empty).part(["a"], "below", Scope()) is not None
