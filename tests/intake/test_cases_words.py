"""Words of the usual systems, and words for nobody; the right answers are worked by hand."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from support.intake_tables import admit, cast_one
from support.public_cases import CASES, read_case

from refgraph.graph import build_graph
from refgraph.measures.account_figures import load_default_rules
from refgraph.measures.account_rules import build_reason_checks
from refgraph.measures.channels import build_channel_vocabulary
from refgraph.model.scope import Scope
from refgraph.model.settings import KEY_ACCOUNT_WORDS
from refgraph.model.vocabulary import VOCABULARIES
from refgraph.pipeline.unknown_words import describe_unknown_words

ZERO_ROOT = sorted((CASES / "01-zero-root").rglob("*.csv"))


@pytest.mark.parametrize("file", ZERO_ROOT, ids=[file.stem for file in ZERO_ROOT])
def test_words_for_nobody_name_no_referrer(file: Path) -> None:
    data = read_case(str(file))
    assert data.referrals.select("referrer", "referred").sort("referred").rows() == [
        ("1", "3"),
        ("1", "4"),
        ("3", "5"),
    ]
    assert (data.customers.height, dict(data.warnings)["nobody-referrer"]) == (6, 3)


def test_words_of_a_crm_give_the_status() -> None:
    data = read_case("15-crm-words/customers.csv")
    assert data.customers["status"].to_list() == [
        "closed",
        "closed",
        "contacted",
        "closed",
        "closed",
    ]
    assert data.customers["revenue"].to_list() == [1000.0, 500.0, 0.0, 200.0, 200.0]
    assert data.referrals.height == 4


def test_headers_of_a_member_system_are_known() -> None:
    data = read_case("15-crm-words/siblings/fenxiao.csv")
    assert data.referrals.select("referrer", "referred").rows() == [
        ("1", "2"),
        ("1", "3"),
        ("2", "4"),
    ]
    assert data.customers["revenue"].sum() == 1900.0


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("customer", "closed"),
        ("opportunity", "negotiating"),
        ("lead", "prospect"),
        ("evangelist", "closed"),
        ("Closed Lost", "lost"),
        ("未成交", "prospect"),
        ("赢单", "closed"),
        ("moved", "void"),
        ("Denied", "void"),
        ("Approved", "unknown-word"),
        ("Qualified", "contacted"),
    ],
)
def test_stage_of_a_known_system_has_a_status(word: str, status: str) -> None:
    assert cast_one("status", word) == status


def test_no_word_has_two_meanings() -> None:
    for name, vocabulary in VOCABULARIES.items():
        words = [w.lower() for canon, more in vocabulary.items() for w in {canon, *more}]
        assert len(words) == len(set(words)), name


@pytest.mark.parametrize(
    ("column", "word", "value"),
    [
        ("role", "主管单位", "authority"),
        ("kind", "普通消费者", "consumer"),
        ("kind", "分销商", "distributor"),
        ("kind", "经销商", "dealer"),
        ("kind", "批发商", "wholesaler"),
        ("kind", "代理商", "agent"),
    ],
)
def test_role_and_kind_are_known(column: str, word: str, value: str) -> None:
    assert cast_one(column, word) == value


@pytest.mark.parametrize(
    ("level", "words", "value"),
    [
        ("tie", "小学同学 大学同学", "schoolmate"),
        ("tie", "爱人的朋友", "family-friend"),
        ("tie", "合不来 有仇", "at-odds"),
        ("method", "扫街 扫楼 扫铺 扫小区", "advertising"),
        ("method", "论坛 博客 聊天群 网上", "internet"),
        ("method", "黄页 天眼查 企查查", "directories"),
        ("family", "沙龙 俱乐部 访谈 恳谈", "member-club"),
        ("family", "房展会", "fairs"),
        ("family", "短信 直邮", "direct-mail"),
        ("family", "二三级联动", "agents"),
        ("family", "老带新 转介绍", "customer-referral"),
        ("family", "宗教团体 政治团体", "institutions"),
    ],
)
def test_channel_and_tie_words_are_known(level: str, words: str, value: str) -> None:
    vocabulary = build_channel_vocabulary(build_graph(admit([{"id": "a"}]), Scope()), level)
    assert {vocabulary.get(word) for word in words.split()} == {value}


def test_listed_levels_of_key_accounts_are_known() -> None:
    assert {"重点", "优质", "KA", "A"} <= set(KEY_ACCOUNT_WORDS)


@pytest.mark.parametrize(("sensitive", "source"), [(False, "机构团体"), (True, "宗教团体")])
def test_religious_source_is_generalized_unless_asked_for(
    sensitive: bool, source: str, tmp_path: Path
) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("id,source\na,宗教团体\nb,展会\n", encoding="utf-8")
    data = read_case(str(file), intake={"no_referrals": True, "sensitive": sensitive})
    assert data.customers["source"].to_list() == [source, "展会"]
    assert dict(data.warnings).get("sensitive-word") == (None if sensitive else 1)


def test_unknown_word_names_the_line_that_teaches_it(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,status\na,已交付\nb,closed\n", encoding="utf-8")
    intake = {"no_referrals": True}
    (sentence,) = describe_unknown_words(read_case(str(tmp_path), intake=intake))
    assert sentence.values["line"] == 'status.closed = ["已交付"]'
    (tmp_path / "refgraph.toml").write_text(f"{sentence.values['line']}\n", encoding="utf-8")
    data = read_case(str(tmp_path), intake=intake)
    assert (data.customers["status"].to_list(), data.rejects.height) == (["closed"] * 2, 0)


def test_headers_of_advisers_and_first_entries_are_known(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    rows = "编号,建档日期,业主顾问\n1,2020-01-02,2021-03-04\n2,2020-02-03,\n"
    file.write_text(rows, encoding="utf-8")
    data = read_case(str(file), intake={"no_referrals": True})
    assert data.customers["entered_at"].dt.year().to_list() == [2020, 2020]
    assert data.customers["adviser_since"].count() == 1


def test_customers_of_special_sectors_are_key_accounts_by_nature() -> None:
    sectors = ["党政军", "公检法", "文教卫生", "医院", "学校", "新闻", "机械"]
    frame = pl.DataFrame({"sector": sectors, "region": "河北", "business": False})
    by_nature = build_reason_checks(load_default_rules() | {"territory": ["河北"]})[1]
    assert frame.select(by_nature).to_series().to_list() == [True] * 6 + [False]
