"""One term has one number: the report of twelve companies, read as text in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from support import companies

from refgraph import pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.model.result import Report
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings
from refgraph.reports.report import build_report

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
N, P = r"([\d,]+)", r"([\d.]+ %)"
TERMS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "existing customers": (
            rf"of {N} customers? (?:came|have no known|has no known)",
            rf"of {N} existing customers? came",
            rf"(?m)^{N} customers?, by the account",
            rf"\. {N} customers?: ",
            rf"is recorded for [\d,]+ of {N} customers?",
            rf"top 20 % of {N} customers",
            rf"including {N} existing customers?",
        ),
        "referred customers": (
            rf"(?m)^{N} of [\d,]+ (?:existing )?customers? came by referral",
            rf"referred customers \({N}\)",
        ),
        "customers of unknown source": (
            rf"source of {N} customers? is unknown",
            rf"(?m)^{N} of [\d,]+ customers? (?:have|has) no known source",
        ),
        "lower bound": (rf"between {P} and",),
        "upper bound": (rf"between [\d.]+ % and {P}",),
        "recommenders": (
            rf"\({N} recommenders? of ",
            rf"\({N} recommenders?; ",
            rf"top 20 % of {N} recommenders",
        ),
        "referred by them": (rf"recommenders? of {N} part",),
        "came by referral": (rf"far, {N} part(?:y|ies) came",),
        "existing and former": (rf"over {N} existing and former",),
        "key account": (r"A key account here is ([^\n]*)\.", r"Elsewhere, a key account is (.*)\."),
        "key accounts": (rf"Key accounts \({N}\)",),
    },
    "zh": {
        "existing customers": (
            rf"(?m)^{N} 家(?:现有)?客户中有 [\d,]+ 家(?:经推荐|来源不明|记录)",
            rf"(?m)^{N} 家客户，按本命令",
            rf"{N} 家客户中，(?:冠军型|前 20 %)",
            rf"其中现有客户 {N} 家",
        ),
        "referred customers": (
            rf"(?m)^[\d,]+ 家(?:现有)?客户中有 {N} 家经推荐",
            rf"经推荐的客户（{N} 家）",
        ),
        "customers of unknown source": (
            rf"另有 {N} 家来源不明",
            rf"(?m)^[\d,]+ 家客户中有 {N} 家来源不明",
        ),
        "lower bound": (rf"在 {P} 至",),
        "upper bound": (rf"在 [\d.]+ % 至 {P}",),
        "recommenders": (rf"（推荐人 {N} 位[，；]", rf"{N} 位推荐人中"),
        "referred by them": (rf"由其推荐 {N} 家；",),
        "came by referral": (rf"迄今经推荐而来的有 {N} 家",),
        "key account": (r"此处的大客户指([^\n]*)。", r"其他分析中，大客户指([^\n]*)。"),
        "key accounts": (rf"大客户（{N} 家）与",),
    },
}
SLOW = pytest.mark.slow


def open_sample(name: str) -> Engine:
    return pipeline.open_source(SAMPLES / name)


def open_without_rule(name: str) -> Engine:
    """A sample whose settings have no rule for key accounts."""
    data = pipeline.open_source(SAMPLES / name).dataset()
    return OfflineEngine(replace(data, settings=Settings()))


def generate_company(**knobs: object) -> Engine:
    return OfflineEngine(companies.dataset(companies.company(**knobs)))


CASES = [
    pytest.param(lambda: open_sample("l96"), Scope(), id="l96"),
    pytest.param(lambda: open_without_rule("l96"), Scope(), id="no-rule"),
    pytest.param(lambda: open_sample("five-zh"), Scope(), id="five-zh"),
    pytest.param(
        lambda: generate_company(size=120, seed=3, missing_sources=0.3, several=0.3, loops=2),
        Scope(as_of=date(2019, 6, 30)),
        id="past-day-with-loops",
    ),
    pytest.param(lambda: open_sample("five-en"), Scope(), id="five-en", marks=SLOW),
    pytest.param(lambda: open_sample("l96-29"), Scope(), id="l96-29", marks=SLOW),
    pytest.param(
        lambda: open_sample("l96"), Scope(as_of=date(2018, 12, 31)), id="l96-2018", marks=SLOW
    ),
    pytest.param(
        lambda: open_sample("l96"), Scope(as_of=date(2024, 6, 30)), id="l96-2024", marks=SLOW
    ),
    pytest.param(lambda: open_sample("l96"), Scope(value="volume"), id="by-volume", marks=SLOW),
    pytest.param(lambda: open_sample("l96"), Scope(roll_up=True), id="rolled-up", marks=SLOW),
    pytest.param(
        lambda: generate_company(size=300, seed=2, missing_sources=0.3, nameless=0.06, loops=3),
        Scope(),
        id="nameless-with-loops",
        marks=SLOW,
    ),
    pytest.param(
        lambda: generate_company(size=400, seed=4, churn=0.2, staff=0.1),
        Scope(),
        id="churn",
        marks=SLOW,
    ),
]


def find_numbers(text: str, lang: str) -> dict[str, set[str]]:
    """Term -> the numbers or words that stand under it."""
    return {
        term: {found.strip() for pattern in patterns for found in re.findall(pattern, text)}
        for term, patterns in TERMS[lang].items()
    }


def read_page(report: Report, lang: str) -> str:
    """The text of the HTML page without its tags, a line for each paragraph."""
    page = renderers.render(report, "html", lang).decode()
    page = re.sub(r"(?s)<(script|style|svg).*?</\1>", "", page)
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h\d|td|tr)>", "\n", page)))


@pytest.mark.parametrize(("open_engine", "scope"), CASES)
def test_report_has_one_number_under_one_term(open_engine, scope: Scope) -> None:  # type: ignore[no-untyped-def]
    report = build_report(open_engine(), scope, with_picture=False)
    for lang in TERMS:
        text = renderers.render(report, "md", lang).decode()
        found = find_numbers(text, lang)
        assert {term: n for term, n in found.items() if len(n) > 1} == {}
        assert len(found["existing customers"]) == len(found["referred customers"]) == 1
    for term, numbers in find_numbers(read_page(report, "en"), "en").items():
        assert len(numbers) <= 1, term


def test_report_without_a_rule_names_no_number_of_key_accounts() -> None:
    report = build_report(open_without_rule("l96"), with_picture=False)
    text = renderers.render(report, "md", "en").decode()
    assert "Key accounts (" not in text
    assert "via key accounts only" not in text
    assert "Key accounts are unknown: there is no rule for them." in text
