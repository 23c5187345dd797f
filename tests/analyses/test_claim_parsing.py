"""Claimed counts: every accepted form, Chinese numerals against an independent writer, refusals."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refgraph.analyses import claim_parsing
from refgraph.analyses.claim_parsing import Claim, parse_claim
from refgraph.estimates.proportion import wilson

DIGITS = "零一二三四五六七八九"


def write_chinese(n: int, two_hundred: str = "二") -> str:
    """A whole number up to 999 in Chinese numerals."""
    if n < 10:
        return DIGITS[n]
    if n < 20:
        return "十" + (DIGITS[n - 10] if n > 10 else "")
    if n < 100:
        return DIGITS[n // 10] + "十" + (DIGITS[n % 10] if n % 10 else "")
    hundreds, rest = divmod(n, 100)
    head = (two_hundred if hundreds == 2 else DIGITS[hundreds]) + "百"
    if rest == 0:
        return head
    if rest < 10:
        return head + "零" + DIGITS[rest]
    return head + DIGITS[rest // 10] + "十" + (DIGITS[rest % 10] if rest % 10 else "")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("27-30/96", (27, 30, 96)),
        ("27–30 / 96", (27, 30, 96)),
        ("27~30/96", (27, 30, 96)),
        ("２７～３０／９６", (27, 30, 96)),
        ("二十七至三十/九十六", (27, 30, 96)),
        ("27 to 30 of 96", (27, 30, 96)),
        ("27到30/96", (27, 30, 96)),
        ("30/96", (30, 30, 96)),
        ("30 of 96", (30, 30, 96)),
        ("30 out of 96", (30, 30, 96)),
        ("0/96", (0, 0, 96)),
        ("近三十/96", (27, 30, 96)),
        ("近30/96", (27, 30, 96)),
        ("将近三十/九十六", (27, 30, 96)),
        ("nearly 30 of 96", (27, 30, 96)),
        ("Almost 30 out of 96", (27, 30, 96)),
        ("近31/96", (28, 31, 96)),
        ("约30/96", (27, 33, 96)),
        ("about 30/96", (27, 33, 96)),
        ("about 95/96", (86, 96, 96)),
        ("1,200/9,600", (1200, 1200, 9600)),
        ("近百/两百", (90, 100, 200)),
        ("一百二十/两百", (120, 120, 200)),
    ],
)
def test_parse_claim_accepted_forms_give_low_high_and_total(
    text: str, expected: tuple[int, int, int]
) -> None:
    assert parse_claim(text) == Claim(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "30/",
        "/96",
        "31 %",
        "30.5/96",
        "-3/96",
        "30/0",
        "97/96",
        "30-27/96",
        "27-97/96",
        "近27-30/96",
        "about 97/96",
        "nearly 97/96",
        "3,0/96",
        "1,20/9,600",
        "一百五/二百",
        "十两/96",
        "两十/96",
        "九六/96",
        "三零/96",
        "一百零十/200",
        "千/9999",
        "百百/999",
        "thirty of 96",
        "30/96/2",
        "30/九",
        "30//96",
        "近近30/96",
        "零五/96",
        "27--/96",
    ],
)
def test_parse_claim_other_texts_raise_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        parse_claim(text)


@pytest.mark.parametrize("two_hundred", ["二", "两", "兩"])
def test_parse_claim_reads_every_chinese_numeral_up_to_999(two_hundred: str) -> None:
    for n in range(1, 1000):
        word = write_chinese(n, two_hundred)
        assert parse_claim(f"{word}/{word}") == Claim(n, n, n), word


@given(st.text(alphabet="0129近约三十百零两/-~ ofnearly,", max_size=14))
def test_parse_claim_any_text_gives_valid_claim_or_value_error(text: str) -> None:
    try:
        claim = parse_claim(text)
    except ValueError:
        return
    assert 0 <= claim.low <= claim.high <= claim.n


@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_parse_claim_nearly_covers_the_last_tenth(count: tuple[int, int]) -> None:
    k, n = count
    claim = parse_claim(f"nearly {k} of {n}")
    assert claim.high == k and claim.low * 10 >= 9 * k > (claim.low - 1) * 10


def test_claim_share_range_and_confidence_interval_worked_numbers() -> None:
    claim = parse_claim("近三十/96")
    assert claim.share_range() == (27 / 96, 30 / 96) == (0.28125, 0.3125)
    assert claim.confidence_interval() == (wilson(27, 96)[0], wilson(30, 96)[1])
    assert [round(x, 4) for x in claim.confidence_interval()] == [0.2011, 0.4109]


def test_parse_claim_variants_of_two_and_zero_are_equal() -> None:
    assert parse_claim("两/两百") == parse_claim("二/二百") == Claim(2, 2, 200)
    assert parse_claim("一百〇五/二百") == Claim(105, 105, 200)


def test_claim_parsing_doctests_pass() -> None:
    result = doctest.testmod(claim_parsing)
    assert result.attempted > 0 and result.failed == 0
