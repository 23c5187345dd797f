"""`explain` states the limits by which the program decides, in both languages."""

from __future__ import annotations

import pytest

from refgraph.analyses import concentration
from refgraph.estimates import gapped_tails, survival
from refgraph.measures import chance, conversion_comparison, introductions, leaving_model, occasions
from refgraph.texts import look_up

LIMITS: list[tuple[str, float]] = [
    ("M5", survival.MIN_AT_RISK),
    ("M3", survival.MIN_AT_RISK),
    ("M10", concentration.MIN_PARTIES),
    ("M28", conversion_comparison.MIN_DECIDED),
    ("M28", conversion_comparison.MIN_LOST),
    ("M28", 100 * conversion_comparison.MIN_ENTERED_FIRST),
    ("M53", leaving_model.MIN_LEAVERS),
    ("M55", occasions.OCCASION_DAYS),
    ("M55", chance.LONG_OCCASION_DAYS),
    ("M55", 100 * chance.FALSE_DISCOVERY_RATE),
    ("M58", introductions.MAX_STEPS),
    ("M58", introductions.MAX_GROUP),
    ("M58", introductions.STRONG_STEPS),
    ("M58", introductions.STRONG_YEARS),
    ("M58", introductions.MODERATE_STEPS),
    ("M58", introductions.MODERATE_YEARS),
    ("M58", introductions.UNDATED_YEARS),
]
RULES = [
    ("M2", "no bounds without a source column", "没有来源列时不给上下界"),
    ("M9", "won back are in neither part", "赢回的客户不计入任何一部分"),
    ("M10", "undefined if Σ ≤ 0", "Σ ≤ 0 时无定义"),
    ("M15", "equally over i and all its ancestors", "由 i 及其全部上游均分"),
    ("M16", "who was not referred keeps its own", "非经推荐者自留"),
    ("M57", "if later, the first dated referral", "若数据中首条有日期的推荐更晚"),
    ("M60", "their pairs are one test", "合为一次检验"),
]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("formula", "limit"), LIMITS)
def test_explain_states_the_limit_that_the_program_uses(
    formula: str, limit: float, lang: str
) -> None:
    words = look_up("formula_definition", formula, lang).replace("–", " ").split()
    numbers = {word.strip(".,;:()，；：（）%").lstrip("≥<=") for word in words}
    text = look_up("formula_definition", formula, lang)
    assert f"{limit:g}" in numbers or f" {limit:g} " in text or f"= {limit:g}" in text


def test_explain_states_from_what_work_on_a_tail_is_a_bound() -> None:
    assert gapped_tails.MAX_STEPS == 3_000_000_000
    assert "3 billion additions" in look_up("formula_definition", "M55", "en")
    assert "30 亿次以上加法" in look_up("formula_definition", "M55", "zh")


@pytest.mark.parametrize(("formula", "en", "zh"), RULES)
def test_explain_states_rules_of_definitions(formula: str, en: str, zh: str) -> None:
    assert en in look_up("formula_definition", formula, "en")
    assert zh in look_up("formula_definition", formula, "zh")
