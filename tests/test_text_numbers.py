"""Numbers, shares and lists of names as a sentence writes them, in both languages."""

from __future__ import annotations

import pytest

from refgraph.model.message import Amount, Names, message
from refgraph.texts import fill_text, format_message
from refgraph.texts.numbers import format_amount, format_names, format_percent


@pytest.mark.parametrize(
    ("number", "en", "zh"),
    [
        (31_933_317, "31.93 M 元", "3,193.3 万元"),
        (640, "640 元", "640 元"),
        (12_345, "12.35 k 元", "1.23 万元"),
        (-2e9, "-2 bn 元", "-20 亿元"),
    ],
)
def test_money_is_scaled_by_language(number: float, en: str, zh: str) -> None:
    assert (
        format_amount(Amount(number, "元", True), "en"),
        format_amount(Amount(number, "元", True), "zh"),
    ) == (en, zh)


def test_shares_round_halves_up_and_long_lists_of_names_are_shortened() -> None:
    assert (
        format_percent(0.3125),
        format_percent(0.3125, 2),
        format_percent(1 / 3),
        format_percent(0.0005),
    ) == ("31.3", "31.25", "33.3", "0.1")
    assert format_names(Names(("A", "B"), 3), "en") == "A, B and 3 more"
    assert format_names(Names(("甲", "乙"), 3), "zh") == "甲、乙等 5 家"


def test_word_follows_the_number() -> None:
    text = "{n:count} {n:customer/customers}"
    assert [fill_text(text, message("x", n=n).values, "en") for n in (1, 2)] == [
        "1 customer",
        "2 customers",
    ]


def test_chinese_sentence_has_no_space_between_a_chinese_value_and_its_words() -> None:
    def say(first: str, last: str) -> str:
        return format_message(message("figure.chain-detail", first=first, last=last), "zh")

    assert say("甲", "𠮷云坊") == "从甲到𠮷云坊"
    assert say("Ada", "乙 丙") == "从 Ada 到乙 丙"
    assert say("甲2", "7乙") == "从甲2 到 7乙"


def test_english_sentence_keeps_the_spaces_around_a_chinese_value() -> None:
    sentence = format_message(message("figure.chain-detail", first="甲", last="乙"), "en")
    assert sentence == "from 甲 to 乙"
