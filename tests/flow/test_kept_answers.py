"""Answers that were kept say the same bytes again: hundreds of odd companies, without a server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import companies
import examples
import toys
from refgraph import analyses, flow, renderers
from refgraph.engines.neo4j import answers as ledger
from refgraph.engines.offline import Offline
from refgraph.flow.keeping import QUESTIONS, answers
from refgraph.model.plain_result import as_json, from_json, question
from refgraph.model.result import Result
from refgraph.model.settings import Settings
from strangers import stranger

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
FORMS = ("table", "csv", "ndjson", "md")


def pages(result: Result, top: int | None) -> list[bytes]:
    return [renderers.render(result, form, lang, top=top) for form in FORMS for lang in ("en", "zh")]


def again(result: Result, rows: int) -> Result:
    """Through the text in which it is kept."""
    return from_json(json.loads(json.dumps(as_json(result, rows))), result.analysis, result.parameters)


def all_again(engine: Offline) -> None:
    """What a load keeps, and every other answer too."""
    for result in answers(engine):
        whole = flow.run(engine, result.analysis, result.parameters)
        back = replace(again(result, ledger.ROWS), origin=whole.origin)
        same_again(whole, back)
        assert pages(back, 5) == pages(whole, 5)
        assert {**whole.origin, **result.origin} == whole.origin
    for name in analyses.NAMES:
        asked = examples.given(name, engine)
        if asked is not None:
            whole = flow.run(engine, name, asked)
            same_again(whole, again(whole, ledger.ROWS))


def same_again(whole: Result, back: Result) -> None:
    assert back.frame.schema == whole.frame.schema
    assert back.frame.equals(whole.frame.head(ledger.ROWS))
    assert (back.columns, back.headline, back.notes, back.grain) == (whole.columns, whole.headline, whole.notes, whole.grain)


@pytest.mark.parametrize("toy", toys.TOYS)
def test_toys(toy: str) -> None:
    all_again(Offline(toys.TOYS[toy]()))


@pytest.mark.parametrize("seed", range(60))
def test_strange_companies(seed: int) -> None:
    all_again(Offline(stranger(seed)))


def test_the_classic_case() -> None:
    engine = flow.open_source(CASE)
    assert isinstance(engine, Offline)
    all_again(engine)
    assert [r.analysis for r in answers(engine)] == [name for name, _ in QUESTIONS]


def test_more_rows_than_are_kept() -> None:
    all_again(Offline(companies.dataset(companies.company(size=1_500, seed=2))))


def test_rows_left_out_are_counted_on_pages() -> None:
    whole = flow.run(flow.open_source(CASE), "recommenders")
    some = again(whole, 4)
    assert (some.frame.height, some.more) == (4, whole.frame.height - 4)
    assert pages(some, 3) == pages(whole, 3) == pages(whole.top(4), 3)
    assert some.top(3).more == whole.frame.height - 3
    assert again(some, 2).more == whole.frame.height - 2


def test_a_question_is_its_options_in_any_order() -> None:
    assert question("recommenders", {"by": "direct", "luck": False}) == question("recommenders", {"luck": False, "by": "direct"})
    asked = {question("effect", {}), question("recommenders", {"by": "direct"}), question("recommenders", {"by": "closed"})}
    assert len(asked) == 3


def test_nothing_is_kept_where_settings_are_wrong() -> None:
    data = replace(toys.chain(), settings=Settings(other={"channels": {"reach": 0}}))
    assert {name for name, _ in QUESTIONS} - {r.analysis for r in answers(Offline(data))} == {"channels"}
