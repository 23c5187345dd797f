"""English sentences agree with the number 1, whatever they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from support import toys

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.texts import fill_text, format_message, load_texts
from refgraph.texts.agreement import _NOUNS, agree_with_counts

NOUNS = "|".join(noun for noun in _NOUNS if noun not in ("accounts", "links", "names"))
"""Without those that may be verbs: a referral links, the first accounts for."""
ONE_OF_MANY = re.compile(rf"\b1 (?:(?!and|by|in|of|to|via)[a-z-]+ )?(?:{NOUNS})\b")


def iterate_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from iterate_texts(each)


def test_agreement_no_text_counts_one_of_many() -> None:
    for text in iterate_texts(load_texts("en")):
        if ":count}" not in text and ":tenth}" not in text:
            continue
        counted = re.sub(r"\{\w+:(?:count|tenth)\}", "1", agree_with_counts(text))
        counted = re.sub(r"\{\w+:([^{}/]*)/[^{}]*\}", r"\1", counted)
        assert not ONE_OF_MANY.search(counted), text


@pytest.mark.parametrize(
    ("text", "one", "two"),
    [
        ("{n:count} pairs", "1 pair", "2 pairs"),
        ("{n:count} hidden key accounts", "1 hidden key account", "2 hidden key accounts"),
        ("{n:count} parties were lost", "1 party was lost", "2 parties were lost"),
        ("one of {n:count} customers is", "one of 1 customer is", "one of 2 customers is"),
        ("{n:count} of them", "1 of them", "2 of them"),
        ("after {n:tenth} years", "after 1 year", "after 2 years"),
        ("{n:count} {n:group/groups} have", "1 group have", "2 groups have"),
    ],
)
def test_agreement_of_nouns_and_verbs_follows_the_number(text: str, one: str, two: str) -> None:
    assert fill_text(text, {"n": 1}, "en") == one
    assert fill_text(text, {"n": 2}, "en") == two


def test_agreement_follows_the_number_that_is_shown() -> None:
    shown = [fill_text("{n:tenth} years", {"n": n}, "en") for n in (0.96, 1.04, 1.06)]
    assert shown == ["1 year", "1 year", "1.1 years"]


def test_value_of_one_customer_says_customer() -> None:
    data = toys.company({"a": {}, "b": {}}, [("a", "b")])
    assert "worth 2 customers" in str(pipeline.run(OfflineEngine(data), "trees"))
    people: dict[str, dict[str, object]] = {"a": {"status": "closed"}, "b": {"status": "prospect"}}
    data = toys.company(people, [("a", "b")])
    assert "worth 1 customer (" in str(pipeline.run(OfflineEngine(data), "trees"))


def test_headline_of_one_customer_says_customer() -> None:
    headline = pipeline.run(OfflineEngine(toys.single()), "effect").headline
    assert "of 1 customer came" in format_message(headline, "en")


def test_times_with_an_offset_keep_the_written_day_and_are_reported() -> None:
    days = ("2024-01-01T23:30:00-05:00", "2024-01-02T00:10:00Z", "2024-01-03 10:00", "2024-01-04")
    people: dict[str, dict[str, object]] = {
        x: {"joined": day} for x, day in zip("abcd", days, strict=True)
    }
    data = toys.company(people, [])
    assert data.customers["joined"].dt.day().to_list() == [1, 2, 3, 4]
    assert ("time-offset", 2) in data.warnings
