"""Answers that were kept say the same bytes again: hundreds of odd companies, without a server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support import companies, examples, toys
from support.random_cases import choose, choose_few
from support.strangers import stranger

from refgraph import analyses, pipeline, renderers
from refgraph.engines.neo4j import answers as ledger
from refgraph.engines.offline import OfflineEngine
from refgraph.model.result import Result
from refgraph.model.result_serialization import make_question_key, result_from_json, result_to_json
from refgraph.model.settings import ChannelSettings, Settings
from refgraph.pipeline.stored_answers import STORED_QUESTIONS, compute_stored_answers

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
FORMS = ("table", "csv", "ndjson", "md")


def render_pages(result: Result, top: int | None) -> list[bytes]:
    return [
        renderers.render(result, form, lang, top=top) for form in FORMS for lang in ("en", "zh")
    ]


def restore(result: Result, rows: int) -> Result:
    """Through the text in which it is kept."""
    return result_from_json(
        json.loads(json.dumps(result_to_json(result, rows))), result.analysis, result.parameters
    )


def check_all_answers(engine: OfflineEngine) -> None:
    """What a load keeps, and every other answer too."""
    for result in compute_stored_answers(engine):
        whole = pipeline.run(engine, result.analysis, result.parameters)
        back = replace(restore(result, ledger.STORED_ROWS), origin=whole.origin)
        assert_same(whole, back)
        assert render_pages(back, 5) == render_pages(whole, 5)
        assert {**whole.origin, **result.origin} == whole.origin
    for name in analyses.NAMES:
        asked = examples.get_parameters(name, engine)
        if asked is not None:
            whole = pipeline.run(engine, name, asked)
            assert_same(whole, restore(whole, ledger.STORED_ROWS))


def assert_same(whole: Result, back: Result) -> None:
    assert back.frame.schema == whole.frame.schema
    assert back.frame.equals(whole.frame.head(ledger.STORED_ROWS))
    assert (back.columns, back.headline, back.notes, back.grain) == (
        whole.columns,
        whole.headline,
        whole.notes,
        whole.grain,
    )


@pytest.mark.parametrize("toy", choose_few(toys.TOYS, 2))
def test_stored_answers_toys_survive_serialization(toy: str) -> None:
    check_all_answers(OfflineEngine(toys.TOYS[toy]()))


@pytest.mark.parametrize("seed", choose(2, 15))
def test_stored_answers_strange_companies_survive_serialization(seed: int) -> None:
    check_all_answers(OfflineEngine(stranger(seed)))


def test_stored_answers_classic_case_survive_serialization() -> None:
    engine = pipeline.open_source(CASE)
    assert isinstance(engine, OfflineEngine)
    check_all_answers(engine)
    assert [r.analysis for r in compute_stored_answers(engine)] == [
        name for name, _ in STORED_QUESTIONS
    ]


def test_stored_answers_with_more_rows_than_stored() -> None:
    check_all_answers(OfflineEngine(companies.dataset(companies.company(size=1_500, seed=2))))


def test_stored_answer_rows_left_out_are_counted_on_pages() -> None:
    whole = pipeline.run(pipeline.open_source(CASE), "recommenders")
    some = restore(whole, 4)
    assert (some.frame.height, some.more) == (4, whole.frame.height - 4)
    assert render_pages(some, 3) == render_pages(whole, 3) == render_pages(whole.head(4), 3)
    assert some.head(3).more == whole.frame.height - 3
    assert restore(some, 2).more == whole.frame.height - 2


def test_question_key_ignores_the_order_of_options() -> None:
    assert make_question_key(
        "recommenders", {"by": "direct", "chance": False}
    ) == make_question_key("recommenders", {"chance": False, "by": "direct"})
    asked = {
        make_question_key("effect", {}),
        make_question_key("recommenders", {"by": "direct"}),
        make_question_key("recommenders", {"by": "closed"}),
    }
    assert len(asked) == 3


def test_stored_answers_with_wrong_settings_skip_the_analysis() -> None:
    data = replace(toys.chain(), settings=Settings(channels=ChannelSettings(reach=0)))
    assert {name for name, _ in STORED_QUESTIONS} - {
        r.analysis for r in compute_stored_answers(OfflineEngine(data))
    } == {"channels"}
