"""Questions about a few parties read only those who matter, and answer the same as from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.random_cases import choose, choose_few
from support.stores import open_store, run_cypher
from support.strangers import stranger

from refgraph import pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.engines.neo4j import subgraph
from refgraph.engines.neo4j.engine import Neo4jEngine
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import RefgraphError
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from refgraph.pipeline.drawing import build_picture
from refgraph.renderers.pictures import render_picture
from refgraph.renderers.style import PictureStyle

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
ENGINE_KEYS = {"engine", "source", "database", "version", "computed"}
"""Entries of an origin that depend on the engine."""
TOYS_WITH_PAIRS = [name for name, make in toys.TOYS.items() if make().customers.height > 1]


@pytest.fixture(autouse=True)
def _read_parts_of_small_companies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subgraph, "SMALL_COMPANY", 0)


def ask_about(engine: Engine, one: str, other: str, lang: str = "en") -> dict[str, Any]:
    """All answers about two parties, the picture and the summary; or the error."""

    def render(name: str, **parameters: object) -> tuple[bytes, ...]:
        result = pipeline.run(engine, name, parameters)
        return tuple(renderers.render(result, form, lang) for form in ("csv", "md"))

    def summarize() -> tuple[Any, ...]:
        summary = engine.summarize_source()
        return summary.totals, summary.customers, summary.settings

    questions = {
        "reach": lambda: render("reach", of=(one,)),
        "both": lambda: render("reach", of=(one, other)),
        "path": lambda: render("path", from_=one, to=other),
        "draw": lambda: render_picture(build_picture(engine, one), "svg", lang, PictureStyle()),
        "summary": summarize,
    }
    answers: dict[str, Any] = {}
    for name, ask in questions.items():
        try:
            answers[name] = ask()
        except RefgraphError as error:
            answers[name] = (error.id, error.values)
    return answers


def has_read_only_parts(engine: Neo4jEngine) -> bool:
    """Whether the whole graph has not been read."""
    return engine._offline is None


def check_pairs(data: Dataset, server: Any, *pairs: tuple[str, str], lang: str = "en") -> None:
    """A database answers questions about pairs as the Dataset does, from parts of the graph."""
    open_store(server).load(data)
    for one, other in pairs:
        engine = open_store(server)
        expected = ask_about(OfflineEngine(data), one, other, lang)
        assert ask_about(engine, one, other, lang) == expected
        assert has_read_only_parts(engine)
        assert pipeline.run(engine, "reach", {"of": (one,)}).origin["computed"] == "part"
        engine.close()


@pytest.mark.parametrize("toy", choose_few(TOYS_WITH_PAIRS, 2))
def test_subgraph_toy_answers_equal_offline(toy: str, neo4j_empty: Any) -> None:
    data = toys.TOYS[toy]()
    ids = data.customers["id"].sort()
    check_pairs(data, neo4j_empty, (ids[0], ids[-1]), (ids[-1], ids[0]))


@pytest.mark.parametrize("seed", choose(2, 8))
def test_subgraph_random_company_answers_equal_offline(seed: int, neo4j_empty: Any) -> None:
    data = stranger(seed)
    ids = data.customers["id"].sort()
    if len(ids) > 1:
        check_pairs(data, neo4j_empty, (ids[0], ids[-1]))


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_subgraph_sample_answers_equal_offline(lang: str, neo4j_empty: Any) -> None:
    data = pipeline.open_source(SAMPLE).dataset()
    check_pairs(data, neo4j_empty, ("C020", "C001"), ("C066", "C020"), lang=lang)


def test_subgraph_origin_counts_the_whole_company(neo4j_empty: Any) -> None:
    data, engine = pipeline.open_source(SAMPLE).dataset(), open_store(neo4j_empty)
    engine.load(data)
    part = pipeline.run(engine, "reach", {"of": ("C020",)}).origin
    whole = pipeline.run(OfflineEngine(data), "reach", {"of": ("C020",)}).origin
    assert {k: v for k, v in part.items() if k not in ENGINE_KEYS} == {
        k: v for k, v in whole.items() if k not in ENGINE_KEYS
    }


def make_chain_of_eight() -> Dataset:
    return toys.company({id: {} for id in "abcdefgh"}, list(zip("abcdefg", "bcdefgh", strict=True)))


@pytest.mark.parametrize(
    ("limit", "value"), [("SMALL_COMPANY", 8), ("MAX_PARTIES", 7), ("MAX_STEPS", 6)]
)
def test_subgraph_above_a_limit_reads_the_whole_graph(
    limit: str, value: int, neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, engine = make_chain_of_eight(), open_store(neo4j_empty)
    engine.load(data)
    monkeypatch.setattr(subgraph, limit, value)
    assert ask_about(engine, "a", "h") == ask_about(OfflineEngine(data), "a", "h")
    assert not has_read_only_parts(engine)


@pytest.mark.parametrize(("limit", "value"), [("MAX_PARTIES", 8), ("MAX_STEPS", 7)])
def test_subgraph_at_a_limit_reads_a_part(
    limit: str, value: int, neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, engine = make_chain_of_eight(), open_store(neo4j_empty)
    engine.load(data)
    monkeypatch.setattr(subgraph, limit, value)
    assert ask_about(engine, "a", "h") == ask_about(OfflineEngine(data), "a", "h")
    assert has_read_only_parts(engine)


def test_subgraph_hub_above_limit_reads_the_whole_graph(
    neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subgraph, "MAX_PARTIES", 50)
    monkeypatch.setattr(subgraph, "IDS_PER_STATEMENT", 7)
    ids = [f"c{number:03}" for number in range(200)]
    hub, *leaves = ids
    data = toys.company({id: {} for id in ids}, [(hub, leaf) for leaf in leaves])
    open_store(neo4j_empty).load(data)
    engine = open_store(neo4j_empty)
    assert engine.find_subgraph([hub], "below", Scope()) is None
    graph = engine.find_subgraph(leaves[:39], "below", Scope())
    assert graph is not None
    assert len(graph) == 40
    assert engine.find_subgraph(leaves[:2], "between", Scope()) is None
    pair = engine.find_subgraph([hub, leaves[6]], "between", Scope())
    assert pair is not None
    assert len(pair) == 2
    assert has_read_only_parts(engine)


def test_subgraph_name_scope_or_settings_reads_the_whole_graph(neo4j_empty: Any) -> None:
    files = pipeline.open_source(SAMPLE)
    engine = open_store(neo4j_empty)
    engine.load(files.dataset())
    assert engine.find_subgraph(["沙钢"], "below", Scope()) is None
    assert engine.find_subgraph(["C020"], "below", Scope(count=("staff",))) is None
    configured = open_store(neo4j_empty, settings=files.dataset().settings)
    assert configured.find_subgraph(["C020"], "below", Scope()) is None
    assert engine.find_subgraph(["C020"], "below", Scope()) is not None
    name = files.dataset().customers["name"][0]
    assert ask_about(engine, name, "nobody") == ask_about(files, name, "nobody")


def test_subgraph_load_without_summary_reads_the_whole_graph(neo4j_empty: Any) -> None:
    engine = open_store(neo4j_empty)
    engine.load(toys.chain())
    run_cypher(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.census = null")
    assert engine.find_subgraph(["a"], "below", Scope()) is None
    assert ask_about(engine, "a", "b") == ask_about(OfflineEngine(toys.chain()), "a", "b")


@pytest.mark.parametrize(
    ("change", "is_edited"),
    [
        ("MATCH (n:Customer {id: 'b'}) SET n.revenue = 1e9", True),
        ("CREATE (:Person)", False),
        ("CREATE (:Customer {id: 'x'})", False),
        ("CREATE INDEX odd FOR (n:Person) ON (n.name)", False),
    ],
)
def test_subgraph_after_foreign_commit_reads_the_whole_graph(
    change: str, is_edited: bool, neo4j_empty: Any
) -> None:
    engine = open_store(neo4j_empty)
    engine.load(toys.chain())
    assert engine.find_subgraph(["a"], "below", Scope()) is not None
    run_cypher(neo4j_empty, change)
    assert open_store(neo4j_empty).find_subgraph(["a"], "below", Scope()) is None
    if is_edited:
        changed = open_store(neo4j_empty)
        answers = ask_about(changed, "a", "b")
        assert answers == ask_about(OfflineEngine(changed.dataset()), "a", "b")
        assert answers != ask_about(OfflineEngine(toys.chain()), "a", "b")
    run_cypher(neo4j_empty, "DROP INDEX odd IF EXISTS")
