"""Every analysis as a tool: schema, answer, rows, errors, pseudonyms; without a connection."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from support import examples
from support.program import CASE

from refgraph import analyses, pipeline
from refgraph.assistant.answers import Questions, ToolAnswer, answer
from refgraph.assistant.tools import DEFAULT_ROWS, MAX_ROWS, SCOPE_FIELDS, describe_tools
from refgraph.model.scope import Scope, ValueBasis
from refgraph.pipeline.options import SourceOptions
from refgraph.pipeline.small_cells import GROUP_GRAINS
from refgraph.texts import LANGUAGES, format_message

NOBODY = "一个没有的名字"


@cache
def open_questions(lang: str = "en", *, is_hidden: bool = False) -> Questions:
    key = bytes(range(32)) if is_hidden else None
    engine = pipeline.open_source(CASE, SourceOptions(pseudonym_key=key))
    return Questions(engine, Scope(as_of="2024-12-31"), lang)


def call(name: str, questions: Questions, **arguments: object) -> ToolAnswer:
    parameters = examples.get_parameters(name, questions.engine) or {}
    given = {key: list(v) if isinstance(v, tuple) else v for key, v in parameters.items()}
    return answer(questions, name, given | arguments)


def read_content(found: ToolAnswer) -> dict[str, Any]:
    assert not found.is_error and found.content, found.text
    assert json.loads(json.dumps(found.content, allow_nan=False)) == found.content
    return found.content


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_tool_has_a_valid_schema_that_names_all_options(lang: str) -> None:
    tools = describe_tools(lang)
    assert [tool.name for tool in tools] == list(analyses.NAMES)
    for tool in tools:
        Draft202012Validator.check_schema(tool.schema)
        properties = tool.schema["properties"]
        options = [option.name for option in analyses.load(tool.name).options]
        assert list(properties) == [*options, *SCOPE_FIELDS, "top"]
        assert all(p["description"] and "--" not in p["description"] for p in properties.values())
        assert properties["value"]["enum"] == list(get_args(ValueBasis))
        validator = Draft202012Validator(tool.schema)
        assert validator.is_valid({}) and not validator.is_valid({"nonsense": 1})
        assert not validator.is_valid({"top": MAX_ROWS + 1})


@pytest.mark.parametrize("name", analyses.NAMES)
def test_every_answer_is_that_of_the_analysis_with_headline_notes_and_period(name: str) -> None:
    questions = open_questions()
    content = read_content(call(name, questions))
    parameters = examples.get_parameters(name, questions.engine)
    plain = pipeline.run(questions.engine, name, parameters, questions.scope)
    assert content["headline"].startswith(format_message(plain.headline, "en")[:40])
    assert len(content["notes"]) == len(plain.notes)
    assert content["scope"]["as_of"] == content["origin"]["as_of"] == "2024-12-31"
    assert len(content["rows"]) == min(plain.frame.height, DEFAULT_ROWS)
    assert len(content["rows"]) + content["more_rows"] == plain.frame.height
    assert {frozenset(row) for row in content["rows"]} <= {frozenset(plain.frame.columns)}


def test_rows_are_limited_and_the_text_says_how_many_more_there_are() -> None:
    found = call("recommenders", open_questions(), top=2)
    content = read_content(found)
    assert len(content["rows"]) == 2
    assert f"… {content['more_rows']} more" in found.text
    assert len([line for line in found.text.splitlines() if line.startswith("| ")]) == 4


def test_scope_of_a_question_replaces_that_of_the_start_for_this_question_alone() -> None:
    questions = open_questions()
    earlier = read_content(call("effect", questions, as_of="2020-12-31", value="volume"))
    assert earlier["scope"]["as_of"] == "2020-12-31" and earlier["scope"]["value"] == "volume"
    assert read_content(call("effect", questions))["scope"]["as_of"] == "2024-12-31"
    assert questions.scope.as_of == date(2024, 12, 31)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("nonsense", {}),
        ("effect", {"nonsense": 1}),
        ("effect", {"as_of": "soon"}),
        ("effect", {"since": "2024-01-02", "until": "2024-01-01"}),
        ("recommenders", {"by": 7}),
        ("recommenders", {"top": MAX_ROWS + 1}),
        ("reach", {"of": [NOBODY]}),
        ("reach", {"of": {"a": 1}}),
        ("effect", {"claimed": "many"}),
        ("effect", {"claimed": "3/9", "top": 5, "nonsense": 1}),
        ("rewards", {"plan": f"{NOBODY}.toml"}),
    ],
)
def test_faulty_question_is_an_error_of_two_lines(
    name: str, arguments: dict[str, object], lang: str
) -> None:
    found = answer(open_questions(lang), name, arguments)
    assert found.is_error and len(found.text.splitlines()) == 2
    assert all(line.strip() for line in found.text.splitlines())


def test_unexpected_fault_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(pipeline, "run", fail)
    found = answer(open_questions(), "effect", {})
    assert found.is_error and "ZeroDivisionError" in found.text


def test_variant_without_data_is_answered() -> None:
    content = read_content(answer(open_questions(), "effect", {"claimed": "近三十/96"}))
    assert content["rows"][0]["customers"] == 96


def test_with_a_key_no_name_leaves_and_small_counts_stay_hidden() -> None:
    plain, hidden = open_questions().engine.dataset(), open_questions(is_hidden=True)
    names = plain.customers["name"].drop_nulls().to_list()
    for name in analyses.NAMES:
        found = call(name, hidden)
        assert not [text for text in names if text in found.text + json.dumps(found.content)]
        content = read_content(found)
        if analyses.load(name).grain in GROUP_GRAINS:
            counts = [c["name"] for c in content["columns"] if c["unit"] == "count"]
            assert not [row for row in content["rows"] for c in counts if row[c] in (1, 2, 3, 4)]
    one = plain.customers.filter(name=names[0])["id"].item()
    by_id, by_name = (answer(hidden, "reach", {"of": [text]}) for text in (one, names[0]))
    assert read_content(by_id)["rows"] == read_content(by_name)["rows"]
