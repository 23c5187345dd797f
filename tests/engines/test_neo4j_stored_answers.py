"""Answers stored by a load are given without the data, while they hold; the same as from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import companies, toys
from support.random_cases import choose, choose_few
from support.stores import open_store, run_cypher
from support.strangers import stranger

from refgraph import intake, pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.engines.neo4j.answers import STORED_ROWS
from refgraph.engines.neo4j.engine import Neo4jEngine
from refgraph.engines.offline import OfflineEngine
from refgraph.engines.options import LoadOptions
from refgraph.errors import DataError
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from refgraph.pipeline.options import SourceOptions
from refgraph.pipeline.stored_answers import STORED_QUESTIONS, compute_stored_answers
from refgraph.progress import listen

pytestmark = pytest.mark.neo4j
SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
REPLACE = LoadOptions(replace=True)
ENGINE_KEYS = {"engine", "source", "database", "version", "computed"}
"""Entries of an origin that depend on the engine."""
SHOWN_ROWS = 20


def load_with_answers(
    data: Dataset, server: Any, options: LoadOptions = LoadOptions()
) -> Neo4jEngine:
    """A new engine on a server that holds the data and the answers."""
    open_store(server).load(data, options=options, compute_answers=compute_stored_answers)
    return open_store(server)


def render_stored(engine: Engine, lang: str = "en", rows: int = SHOWN_ROWS) -> list[bytes]:
    """Every question that a load stores the answer to, in two formats; a refusal by its text."""
    pages = []
    for name, parameters in STORED_QUESTIONS:
        try:
            result = pipeline.run(engine, name, parameters, rows=rows)
        except DataError as error:
            pages.append(str(error).encode())
            continue
        pages += [renderers.render(result, form, lang, top=rows) for form in ("csv", "md")]
    return pages


def find_computed(
    engine: Engine,
    name: str = "effect",
    rows: int | None = SHOWN_ROWS,
    scope: Scope = Scope(),
    **parameters: object,
) -> object:
    """How an answer was found: ``kept`` (stored), ``part`` or ``columns`` (all data)."""
    return pipeline.run(engine, name, parameters, scope, rows).origin["computed"]


def check_stored_answers(data: Dataset, server: Any, lang: str = "en") -> None:
    """A load gives every stored answer as the data does, without reading the data."""
    engine, offline = load_with_answers(data, server), OfflineEngine(data)
    assert render_stored(engine, lang) == render_stored(offline, lang)
    assert engine._offline is None
    assert engine.summarize_source().totals == offline.summarize_source().totals
    assert engine.summarize_source().settings == data.settings


@pytest.mark.parametrize("toy", choose_few(toys.TOYS, 2))
def test_find_answer_toy_equals_offline(toy: str, neo4j_empty: Any) -> None:
    check_stored_answers(toys.TOYS[toy](), neo4j_empty)


@pytest.mark.parametrize("seed", choose(1, 8))
def test_find_answer_random_company_equals_offline(seed: int, neo4j_empty: Any) -> None:
    check_stored_answers(stranger(seed), neo4j_empty, ("en", "zh")[seed % 2])


def test_find_answer_sample_equals_offline_with_its_origin(neo4j_empty: Any) -> None:
    data = pipeline.open_source(SAMPLE).dataset()
    check_stored_answers(data, neo4j_empty)
    check_stored_answers(data, neo4j_empty, "zh")
    stored = pipeline.run(open_store(neo4j_empty), "effect").origin
    computed = pipeline.run(OfflineEngine(data), "effect").origin
    assert {k: v for k, v in stored.items() if k not in ENGINE_KEYS} == {
        k: v for k, v in computed.items() if k not in ENGINE_KEYS
    }
    assert stored["engine"] == "neo4j"
    assert stored["computed"] == "kept"


@pytest.mark.slow
def test_find_answer_more_rows_than_stored_are_computed(neo4j_empty: Any) -> None:
    data = companies.dataset(companies.company(size=3_000, seed=5))
    engine = load_with_answers(data, neo4j_empty)
    assert find_computed(engine, "recommenders", STORED_ROWS) == "kept"
    assert pipeline.run(engine, "recommenders", rows=3).more > 0
    assert find_computed(engine, "effect", None) == "kept"
    for rows in (STORED_ROWS + 1, None):
        assert find_computed(open_store(neo4j_empty), "recommenders", rows) == "columns"
    offline = OfflineEngine(data)
    assert render_stored(engine, rows=STORED_ROWS) == render_stored(offline, rows=STORED_ROWS)


def test_find_answer_other_options_are_computed(neo4j_empty: Any) -> None:
    data = pipeline.open_source(SAMPLE).dataset()
    load_with_answers(data, neo4j_empty)

    def ask(*question: Any, **parameters: Any) -> object:
        return find_computed(open_store(neo4j_empty), *question, **parameters)

    assert ask("recommenders", by="closed") == "kept"
    assert ask("recommenders", chance=True) == "columns"
    assert ask("recommenders", role="staff") == "columns"
    assert ask(scope=Scope(value="profit")) == "columns"
    assert ask("rfm") == "columns"


def test_find_answer_other_read_options_are_computed(neo4j_empty: Any) -> None:
    data = pipeline.open_source(SAMPLE).dataset()
    load_with_answers(data, neo4j_empty)
    assert find_computed(open_store(neo4j_empty, settings=data.settings)) == "columns"
    assert find_computed(open_store(neo4j_empty, compute_all=True)) == "columns"
    engine = open_store(neo4j_empty)
    engine.dataset()
    assert find_computed(engine) == "columns"


def test_find_answer_nothing_stored_is_computed(neo4j_empty: Any) -> None:
    open_store(neo4j_empty).load(toys.chain())
    assert find_computed(open_store(neo4j_empty)) == "columns"
    run_cypher(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.answers = null")
    assert render_stored(open_store(neo4j_empty)) == render_stored(OfflineEngine(toys.chain()))


def test_find_answer_other_answers_version_is_computed(neo4j_empty: Any) -> None:
    """The last transaction is set to the one that sets it, so that the load counts as fresh."""
    load_with_answers(toys.chain(), neo4j_empty)
    read = "MATCH (n:RefgraphLoad) RETURN n.answers_version, n.settled"
    version, last = run_cypher(neo4j_empty, read)[0]
    for number, (stored, computed) in enumerate([(version, "kept"), (version - 1, "columns")], 1):
        run_cypher(
            neo4j_empty,
            "MATCH (n:RefgraphLoad) SET n.answers_version = $version, n.settled = $last",
            version=stored,
            last=last + number,
        )
        assert find_computed(open_store(neo4j_empty)) == computed


@pytest.mark.parametrize(
    "change", ["n.seen = 1", "n.answers_version = 0, n.answers = '{}', n.census = 'x'"]
)
def test_load_again_stale_answers_are_stored_again(change: str, neo4j_empty: Any) -> None:
    load_with_answers(toys.chain(), neo4j_empty)
    run_cypher(neo4j_empty, f"MATCH (n:RefgraphLoad) SET {change}")
    assert find_computed(open_store(neo4j_empty)) == "columns"
    store = open_store(neo4j_empty)
    assert store.load(toys.chain(), compute_answers=compute_stored_answers) == "same"
    assert find_computed(open_store(neo4j_empty)) == "kept"
    assert render_stored(open_store(neo4j_empty)) == render_stored(OfflineEngine(toys.chain()))
    before = store._database.version()
    assert store.load(toys.chain(), compute_answers=compute_stored_answers) == "same"
    assert store._database.version() == before


def test_load_again_edited_database_is_left_as_it_is(neo4j_empty: Any) -> None:
    load_with_answers(toys.chain(), neo4j_empty)
    for change in (
        "MATCH (n:Customer {id: 'b'}) SET n.revenue = 1e9",
        "CREATE (:Customer {id: 'new'})",
    ):
        run_cypher(neo4j_empty, change)
        remarks: list[str] = []
        with listen(remarks.append):
            load_with_answers(toys.chain(), neo4j_empty)
        assert "edited" in remarks
        assert open_store(neo4j_empty).dataset().fingerprint != toys.chain().fingerprint
    engine = load_with_answers(toys.chain(), neo4j_empty, REPLACE)
    assert find_computed(engine) == "kept"


@pytest.mark.parametrize(
    ("change", "has_same_answers"),
    [("MATCH (n:Customer {id: 'b'}) SET n.revenue = 1e9", False), ("CREATE (:Person)", True)],
)
def test_find_answer_after_foreign_commit_is_computed(
    change: str, has_same_answers: bool, neo4j_empty: Any
) -> None:
    assert find_computed(load_with_answers(toys.chain(), neo4j_empty)) == "kept"
    run_cypher(neo4j_empty, change)
    engine = open_store(neo4j_empty)
    assert find_computed(engine) == "columns"
    pages = render_stored(engine)
    assert pages == render_stored(OfflineEngine(engine.dataset()))
    assert (pages == render_stored(OfflineEngine(toys.chain()))) is has_same_answers


def test_find_answer_replaced_load_gives_new_answers(neo4j_empty: Any) -> None:
    load_with_answers(toys.star(), neo4j_empty)
    engine = load_with_answers(toys.chain(), neo4j_empty, REPLACE)
    assert find_computed(engine) == "kept"
    pages = render_stored(engine)
    assert pages == render_stored(OfflineEngine(toys.chain()))
    assert pages != render_stored(OfflineEngine(toys.star()))


def test_find_answer_sensitive_columns_change_nothing(neo4j_empty: Any, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(
        "id,joined,religion,referred_by\na,2020-01-01,x,\nb,2021-01-01,,a\n"
    )
    sensitive = intake.IntakeOptions(sensitive=True)
    source_options = SourceOptions(intake=sensitive)
    load_with_answers(pipeline.open_source(tmp_path, source_options).dataset(), neo4j_empty)
    for options in (sensitive, intake.IntakeOptions()):
        engine = open_store(neo4j_empty, intake=options)
        files = pipeline.open_source(tmp_path, SourceOptions(intake=options))
        assert render_stored(engine) == render_stored(files)
        assert engine._offline is None
