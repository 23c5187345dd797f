"""Every option of every analysis under hostile values: a UsageError, or the right answer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

import numpy as np
import polars as pl
import pytest
from support import examples, toys

import refgraph
from refgraph import analyses
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import FileError, UsageError
from refgraph.graph.integrity_rules import RULES
from refgraph.model.parameter_values import LARGEST_COUNT, split_hint
from refgraph.model.scope import ExcludableCode
from refgraph.registry import Parameter
from refgraph.renderers.style import PictureStyle


class Hostile:
    """An object that is nothing in particular."""

    def __repr__(self) -> str:
        raise RuntimeError


HOSTILE: list[Any] = [
    *(None, "", " ", "nonsense", "money", "\x1b[31m", "a" * 10_000, b"bytes"),
    *(0, -1, 1.5, 2**80, -(10**5000), float("nan"), float("inf"), "nan", "1e400", "0.5", "7"),
    *(True, False, [], ["a"], ["a", "b", "c"], [None], [["a"]], ("a", 1), {"a": 1}, {"a"}),
    *(
        np.float64("nan"),
        np.int64(3),
        np.array([1.0, 2.0]),
        Decimal("0.5"),
        3j,
        object(),
        Hostile(),
    ),
    *(date(2024, 1, 1), pl.Series(["a", "b"]), pl.DataFrame({"a": [1]}), len),
]
PARAMETERS = [(name, p) for name in analyses.NAMES for p in analyses.load(name).parameters]
DATA = toys.company(
    {x: {"name": f"n{x}", "revenue": 10, "sector": "s", "joined": "2020-01-01"} for x in "abc"},
    [("a", "b"), ("b", "c")],
)
ENGINE = OfflineEngine(DATA)


def is_of_kind(value: Any, hint: object) -> bool:
    """Whether a converted value is what its hint says."""
    kind, limits = split_hint(hint)
    if value is None:
        return type(None) in get_args(hint)
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(isinstance(part, str) for part in value)
    return type(value) is kind and (kind in (bool, str) or limits.low <= value <= limits.high)


@pytest.mark.parametrize(
    ("name", "parameter"), PARAMETERS, ids=[f"{name}-{p.name}" for name, p in PARAMETERS]
)
def test_hostile_value_is_usage_error_or_of_the_right_kind(name: str, parameter: Parameter) -> None:
    valid = examples.get_parameters(name, ENGINE) or {}
    answered = []
    for value in HOSTILE:
        try:
            result = refgraph.run(name, DATA, **{**valid, parameter.name: value})
        except (UsageError, FileError) as error:
            assert len(str(error)) < 2000, value
            continue
        converted = result.parameters[parameter.name]
        assert is_of_kind(converted, parameter.hint), value
        again = refgraph.run(name, DATA, **{**valid, parameter.name: converted})
        assert again.frame.equals(result.frame), value
        answered.append(value)
    assert len(answered) < len(HOSTILE)


@pytest.mark.parametrize("name", analyses.NAMES)
def test_unknown_option_is_usage_error_that_names_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        refgraph.run(name, DATA, nonsense=1)
    names = sorted(p.name for p in analyses.load(name).options)
    assert caught.value.id == "unknown-parameter"
    assert caught.value.values["known"] == (names or None)


@pytest.mark.parametrize(
    ("name", "parameters", "id", "words"),
    [
        ("recomenders", {}, "unknown-analysis", "Did you mean recommenders?"),
        (["recommenders"], {}, "unknown-analysis", "effect"),
        ("recommenders", {"by": "direct-value"}, "bad-word", "Did you mean direct_value, direct?"),
        ("recommenders", {"by": "money"}, "bad-word", "for by."),
        ("recommenders", {"delta": "0.5"}, "unknown-parameter", "Its options: by, chance"),
        ("credit", {"split": "mixture"}, "bad-word", "shapley, conjunctive, direct, decay"),
        ("credit", {"delta": 1.1}, "out-of-range", "from 0 to 1"),
        ("credit", {"delta": True}, "not-a-number", "True"),
        ("without", {"of": "a", "follow": -0.1}, "out-of-range", "follow"),
        ("communities", {"resolution": 0}, "not-above", "above 0"),
        ("chains", {"paths": LARGEST_COUNT + 1}, "out-of-range", "paths"),
        ("concentration", {"curve": "yes"}, "not-yes-or-no", "curve"),
        ("path", {"from_": "a", "to": None}, "not-text", "to"),
        ("recommenders", {"rolle": "staff"}, "unknown-parameter", "Did you mean role?"),
    ],
)
def test_wrong_option_names_value_option_and_known_values(
    name: Any, parameters: dict[str, Any], id: str, words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        refgraph.run(name, DATA, **parameters)
    assert caught.value.id == id
    assert words in str(caught.value)


def test_text_of_a_number_and_a_single_name_give_the_answer_of_the_value() -> None:
    by_text = refgraph.run("credit", DATA, split="decay", delta="0.25")
    assert by_text.frame.equals(refgraph.run("credit", DATA, split="decay", delta=0.25).frame)
    assert by_text.parameters["delta"] == 0.25
    answers = [refgraph.run("without", DATA, of=of) for of in ("a", ["a"], pl.Series(["a"]))]
    assert [answer.parameters["of"] for answer in answers] == [("a",)] * 3
    numbered = toys.company({"7": {}, "8": {}}, [("7", "8")])
    assert refgraph.run("reach", numbered, of=np.int64(7)).parameters["of"] == ("7",)


def test_scope_parses_dates_and_lists_of_words() -> None:
    scope = refgraph.Scope(
        as_of="2024-06-30", since=datetime(2024, 1, 2, 3), count="staff, partner"
    )
    assert (scope.as_of, scope.since) == (date(2024, 6, 30), date(2024, 1, 2))
    assert scope.count == ("partner", "staff")
    assert scope == refgraph.Scope(
        as_of=date(2024, 6, 30), since=np.datetime64("2024-01-02"), count=["staff", "partner"]
    )
    assert refgraph.run("effect", DATA, refgraph.Scope(as_of="2020-06-30")).origin["as_of"] == (
        "2020-06-30"
    )


SCOPE_FIELDS = ("as_of", "since", "until", "value", "count", "exclude", "roll_up")


@pytest.mark.parametrize("name", SCOPE_FIELDS)
def test_scope_with_hostile_value_is_usage_error_or_answers(name: str) -> None:
    refused = 0
    for value in HOSTILE:
        try:
            scope = refgraph.Scope(**{name: value})
        except UsageError as error:
            assert len(str(error)) < 2000, value
            refused += 1
        else:
            assert hash(scope) == hash(refgraph.Scope(**{name: getattr(scope, name)}))
            assert refgraph.run("effect", DATA, scope).frame.height
    assert refused > len(HOSTILE) / 2


@pytest.mark.parametrize("name", PictureStyle.__dataclass_fields__)
def test_style_of_a_picture_with_hostile_value_is_usage_error_or_of_the_right_kind(
    name: str,
) -> None:
    refused = 0
    for value in HOSTILE:
        try:
            PictureStyle(**{name: value})
        except UsageError:
            refused += 1
    assert refused > len(HOSTILE) / 2


def test_codes_that_a_scope_excludes_contain_those_of_the_rules() -> None:
    assert set(RULES) <= set(get_args(ExcludableCode))
