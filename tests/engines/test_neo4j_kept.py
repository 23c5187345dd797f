"""A database gives the answers that its load kept, without the data, while they are true; the same bytes as from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import companies
import toys
from refgraph import flow, intake, renderers
from refgraph.engines.base import Engine
from refgraph.engines.neo4j.answers import ROWS
from refgraph.engines.neo4j.engine import Neo4j
from refgraph.engines.neo4j.store import Loading
from refgraph.engines.offline import Offline
from refgraph.errors import DataError
from refgraph.flow.keeping import QUESTIONS, answers
from refgraph.flow.reading import Reading
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from stores import run, store
from strangers import stranger

pytestmark = pytest.mark.neo4j
CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


def loaded(data: Dataset, server: Any, **more: Any) -> Neo4j:
    """A new engine on the server, in which the data and the answers are."""
    store(server).load(data, keep=answers, **more)
    return store(server)


def pages(engine: Engine, lang: str = "en", top: int = 20) -> list[bytes]:
    results = [flow.run(engine, name, parameters, rows=top) for name, parameters in QUESTIONS]
    return [renderers.render(r, form, lang, top=top) for r in results for form in ("csv", "md")]


def computed(engine: Engine, name: str = "effect", rows: int | None = 20, scope: Scope = Scope(), **parameters: object) -> object:
    return flow.run(engine, name, parameters, scope, rows).origin["computed"]


def kept(data: Dataset, server: Any, lang: str = "en") -> None:
    engine = loaded(data, server)
    assert pages(engine, lang) == pages(Offline(data), lang)
    assert engine._offline is None
    assert engine.account().totals == Offline(data).account().totals
    assert engine.account().settings == data.settings


@pytest.mark.parametrize("toy", toys.TOYS)
def test_toys(toy: str, neo4j_empty: Any) -> None:
    kept(toys.TOYS[toy](), neo4j_empty)


@pytest.mark.parametrize("seed", range(15))
def test_strange_companies(seed: int, neo4j_empty: Any) -> None:
    kept(stranger(seed), neo4j_empty, ("en", "zh")[seed % 2])


def test_the_classic_case_with_its_origin(neo4j_empty: Any) -> None:
    data = flow.open_source(CASE).dataset()
    kept(data, neo4j_empty)
    kept(data, neo4j_empty, "zh")
    engine = store(neo4j_empty)
    one, other = (flow.run(e, "effect").origin for e in (engine, Offline(data)))
    own = {"engine", "source", "database", "version", "computed"}
    assert {k: v for k, v in one.items() if k not in own} == {k: v for k, v in other.items() if k not in own}
    assert {k: one[k] for k in ("engine", "computed")} == {"engine": "neo4j", "computed": "kept"}


def test_only_as_many_rows_as_are_kept(neo4j_empty: Any) -> None:
    data = companies.dataset(companies.company(size=3_000, seed=5))
    engine = loaded(data, neo4j_empty)
    assert computed(engine, "recommenders", ROWS) == "kept"
    assert flow.run(engine, "recommenders", rows=3).more > 0
    assert computed(engine, "effect", None) == "kept"
    for rows in (ROWS + 1, None):
        assert computed(store(neo4j_empty), "recommenders", rows) == "columns"
    assert pages(engine, top=ROWS) == pages(Offline(data), top=ROWS)


def test_other_questions_are_computed(neo4j_empty: Any) -> None:
    data = flow.open_source(CASE).dataset()
    loaded(data, neo4j_empty)
    fresh = lambda **more: store(neo4j_empty, **more)  # noqa: E731
    assert computed(fresh(), "recommenders", by="closed") == "kept"
    assert computed(fresh(), "recommenders", luck=True) == computed(fresh(), "recommenders", role="staff") == "columns"
    assert computed(fresh(), scope=Scope(value="profit")) == computed(fresh(), "rfm") == "columns"
    assert computed(fresh(settings=data.settings)) == computed(fresh(whole=True)) == "columns"
    one = fresh()
    one.dataset()
    assert computed(one) == "columns"


def test_without_answers_all_is_computed(neo4j_empty: Any) -> None:
    store(neo4j_empty).load(toys.chain())
    assert computed(store(neo4j_empty)) == "columns"
    run(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.answers = null")
    assert pages(store(neo4j_empty)) == pages(Offline(toys.chain()))


def test_answers_of_other_code_are_not_given(neo4j_empty: Any) -> None:
    loaded(toys.chain(), neo4j_empty)
    code, last = run(neo4j_empty, "MATCH (n:RefgraphLoad) RETURN n.code, n.settled")[0]
    for turn, (now, how) in enumerate([(code, "kept"), ("other", "columns")], 1):  # settled, whoever told of it
        run(neo4j_empty, "MATCH (n:RefgraphLoad) SET n.code = $now, n.settled = $number", now=now, number=last + turn)
        assert computed(store(neo4j_empty)) == how


@pytest.mark.parametrize("change", ["n.seen = 1", "n.code = 'other', n.answers = '{}', n.census = 'x'"])
def test_a_second_load_tells_anew_what_is_no_longer_trusted(change: str, neo4j_empty: Any) -> None:
    loaded(toys.chain(), neo4j_empty)
    run(neo4j_empty, f"MATCH (n:RefgraphLoad) SET {change}")
    assert computed(store(neo4j_empty)) == "columns"
    again = store(neo4j_empty)
    assert again.load(toys.chain(), keep=answers) == "same"
    assert computed(store(neo4j_empty)) == "kept"
    assert pages(store(neo4j_empty)) == pages(Offline(toys.chain()))
    before = again._database.token()
    assert again.load(toys.chain(), keep=answers) == "same"
    assert again._database.token() == before


def test_a_second_load_notices_what_was_edited(neo4j_empty: Any) -> None:
    loaded(toys.chain(), neo4j_empty)
    for change, id in (("MATCH (n:Customer {id: 'b'}) SET n.revenue = 1e9", "database-edited"),
                       ("CREATE (:Customer {id: 'new'})", "database-changed")):
        run(neo4j_empty, change)
        with pytest.raises(DataError) as caught:
            loaded(toys.chain(), neo4j_empty)
        assert caught.value.id == id
    assert store(neo4j_empty).load(toys.chain(), how=Loading(replace=True), keep=answers) == "replace"
    assert computed(store(neo4j_empty)) == "kept"


@pytest.mark.parametrize("change", ["MATCH (n:Customer {id: 'b'}) SET n.revenue = 1e9", "CREATE (:Person)"])
def test_after_any_commit_of_anybody_all_is_computed(change: str, neo4j_empty: Any) -> None:
    assert computed(loaded(toys.chain(), neo4j_empty)) == "kept"
    run(neo4j_empty, change)
    changed = store(neo4j_empty)
    assert computed(changed) == "columns"
    assert pages(changed) == pages(Offline(changed.dataset()))
    assert (pages(changed) == pages(Offline(toys.chain()))) is ("SET" not in change)


def test_a_replaced_load_gives_its_own_answers(neo4j_empty: Any) -> None:
    loaded(toys.star(), neo4j_empty)
    engine = loaded(toys.chain(), neo4j_empty, how=Loading(replace=True))
    assert computed(engine) == "kept"
    assert pages(engine) == pages(Offline(toys.chain())) != pages(Offline(toys.star()))


def test_religion_and_politics_change_no_kept_answer(neo4j_empty: Any, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,joined,religion,referred_by\na,2020-01-01,x,\nb,2021-01-01,,a\n")
    asked = intake.Options(sensitive=True)
    loaded(flow.open_source(tmp_path, Reading(intake=asked)).dataset(), neo4j_empty)
    for options in (asked, intake.Options()):
        engine = store(neo4j_empty, options=options)
        assert pages(engine) == pages(flow.open_source(tmp_path, Reading(intake=options)))
        assert engine._offline is None
