"""Every count of the sample company, recounted from the files with csv alone, and by member ID."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest
from support import l96
from support.l96_recount import AS_OF, SAMPLES, Case, fold_text, table

CASE, VARIANT = Case("l96"), Case("l96-29")
PEOPLE = CASE.people
INTO_EXISTING = [a for a in CASE.counted if a["被推荐人"] in l96.EXISTING]


def test_classic_case_has_planned_parties() -> None:
    customers, closed = (
        CASE.select_parties("角色", "客户"),
        CASE.select_parties("成交状态", "已成交"),
    )
    former = {i for i in closed if PEOPLE[i]["流失日期"]}
    assert (closed - former, former, customers - closed) == (
        l96.EXISTING,
        l96.FORMER,
        l96.PROSPECTS,
    )
    assert (len(l96.EXISTING), len(l96.FORMER), len(l96.PROSPECTS), len(l96.OTHERS)) == (
        96,
        4,
        24,
        5,
    )
    assert all(date.fromisoformat(PEOPLE[i]["流失日期"]) <= AS_OF for i in former)
    roles = [CASE.select_parties("角色", r) for r in ("员工", "合作伙伴", "权威机构")]
    assert roles == [l96.STAFF, l96.PARTNERS, l96.AUTHORITY]
    assert len(PEOPLE) == len({p["客户名称"] for p in PEOPLE.values()}) == 129


def test_classic_case_uses_all_words_of_columns() -> None:
    assert {PEOPLE[i]["类型"] for i in l96.EXISTING} == {
        "终端用户",
        "分销商",
        "经销商",
        "批发商",
        "代理商",
    }
    assert {p["所有制"] for p in PEOPLE.values()} == {"国有", "集体", "民营", "外资", ""}
    ties = {"前同事", "同学", "亲戚", "朋友", "邻居", "家人朋友", "未见过面"}
    assert {a["关系"] for a in CASE.counted} == ties
    text = "".join(p["客户名称"] for p in PEOPLE.values())
    assert {"镕", "喆", "堃", "翀"} < set(text)
    assert [i for i, p in PEOPLE.items() if "𠮷" in p["客户名称"]] == [l96.BEYOND_BMP]


def test_classic_case_ends_on_last_day_of_2025() -> None:
    days = [p["首次合同日期"] for p in PEOPLE.values()] + [a["推荐日期"] for a in CASE.arcs]
    ordered = {o["订单日期"]: i for i, orders in CASE.orders.items() for o in orders}
    assert max(days) < max(ordered) == AS_OF.isoformat()
    assert ordered[AS_OF.isoformat()] == l96.AS_OF_ORDER_BY
    assert {d[:4] for d in ordered} == {"2022", "2023", "2024", "2025"}
    late = {c for p in PEOPLE.values() for c, v in p.items() if v.startswith("2026-")}
    assert late == {"计划日期", "完成日期"}


def test_classic_case_has_30_of_96_referred_by_31_referrals() -> None:
    assert (
        {a["被推荐人"] for a in INTO_EXISTING}
        == l96.REFERRED
        == CASE.select_parties("客户来源", "老客户推荐") & l96.EXISTING
    )
    assert (len(INTO_EXISTING), len(l96.REFERRED)) == (31, 30)
    assert {a["推荐人"] for a in INTO_EXISTING} == l96.RECOMMENDERS
    claims = {a["推荐人"]: a["份额"] for a in INTO_EXISTING if a["被推荐人"] == l96.DOUBLE_CLAIM}
    assert claims == l96.CLAIMED_SHARES and set(claims) == l96.CLAIMANTS
    by_reward: dict[str, set[str]] = defaultdict(set)
    for a in INTO_EXISTING:
        by_reward[a["奖励(元)"]].add(a["被推荐人"])
    assert by_reward.pop("") == l96.REWARD_NOT_RECORDED
    assert sum(a["奖励(元)"] == "0" for a in INTO_EXISTING) == l96.UNPAID and by_reward.pop("0")
    assert set.union(*by_reward.values()) == l96.PAID_FOR and min(map(int, by_reward)) > 0
    assert not [a for a in CASE.arcs if a not in INTO_EXISTING and a["奖励(元)"]]


def test_classic_case_referrals_by_staff_partners_and_authority() -> None:
    assert (
        CASE.list_referred_by("员工") == l96.BY_STAFF_ONLY | {l96.BY_STAFF_TOO}
        and l96.BY_STAFF_TOO in l96.REFERRED
    )
    assert CASE.list_referred_by("合作伙伴") == l96.BY_PARTNER_ONLY | l96.PARTNERS
    assert CASE.list_referred_by("权威机构") == l96.BY_AUTHORITY
    assert len(l96.REFERRED | l96.BY_STAFF_ONLY) == 33
    assert len(l96.REFERRED | l96.BY_STAFF_ONLY | l96.BY_PARTNER_ONLY) == 36
    assert len(CASE.arcs) == 31 + 2 + 14 + 4 + 3 + 2 + 2


def test_classic_case_sources_of_customers() -> None:
    assert CASE.select_parties("客户来源", "") & l96.EXISTING == l96.NO_SOURCE
    assert CASE.select_parties("客户来源", "员工推荐") == l96.BY_STAFF_ONLY
    others = l96.EXISTING - l96.REFERRED - l96.BY_STAFF_ONLY - l96.BY_PARTNER_ONLY - l96.NO_SOURCE
    assert len(others) == 50 and others > l96.BY_AUTHORITY
    families = {PEOPLE[i]["客户来源"] for i in others}
    assert len(families) == 9 and not [f for f in families if "推荐" in f]
    assert {PEOPLE[i]["客户来源"] for i in l96.BY_PARTNER_ONLY} == {"代理及联盟商家"} < families
    assert not l96.NO_SOURCE & {a["被推荐人"] for a in CASE.arcs}


def test_classic_case_referrers_are_key_accounts_or_old_customers() -> None:
    seen: dict[str, set[str]] = {i: set() for i in l96.REFERRED}
    only_by_orders = set()
    for a in INTO_EXISTING:
        u, v, at = a["推荐人"], a["被推荐人"], a["推荐日期"]
        months, orders = CASE.is_customer_for_a_year(u, at), CASE.has_two_orders(u, at)
        seen[v] |= {"key"} if CASE.compute_yearly_tonnes(u) > 100 else set()
        seen[v] |= {"old"} if months or orders else set()
        only_by_orders |= {u} if orders and not months else set()
    groups: list[set[str]] = [{"key"}, {"old"}, {"key", "old"}, set()]
    split = [{i for i, s in seen.items() if s == wanted} for wanted in groups]
    assert split == [l96.KEY_ONLY, l96.OLD_ONLY, l96.BOTH, set()]
    assert [len(s) for s in split] == [2, 16, 12, 0]
    assert only_by_orders == l96.OLD_BY_ORDERS


def test_classic_case_longest_chain_has_four_referrals() -> None:
    lines = CASE.lines()
    assert [line for line in lines if len(line) >= 5] == [l96.LONGEST_CHAIN]
    assert max(len(line) for line in lines if line[-1] in l96.PROSPECTS) == 4


def test_classic_case_prospects_have_planned_follow_ups() -> None:
    assert {a["被推荐人"] for a in CASE.counted} & l96.PROSPECTS == l96.OPEN | l96.LOST
    assert {
        a["推荐人"] for a in CASE.counted if a["被推荐人"] in l96.PROSPECTS
    } == l96.NAMING_PROSPECTS
    assert CASE.select_parties("成交状态", "丢单") == l96.LOST
    assert CASE.select_parties("成交状态", "意向", "已联系", "洽谈中") == l96.OPEN | l96.COLD
    assert (len(l96.OPEN), len(l96.LOST), len(l96.COLD)) == (11, 3, 10)
    assert all(a["状态"] == PEOPLE[a["被推荐人"]]["成交状态"] for a in CASE.counted)
    groups: dict[str, set[str]] = defaultdict(set)
    for i in l96.OPEN | l96.COLD:
        due, done = PEOPLE[i]["计划日期"], PEOPLE[i]["完成日期"]
        planned = "overdue" if due < AS_OF.isoformat() else "to come"
        key = f"done {done[:4]}" if done else planned if due else "none"
        groups[key].add(i)
    assert (groups["done 2025"], groups["done 2026"]) == (l96.DONE_2025, l96.DONE_2026)
    assert (groups["overdue"], groups["to come"] & l96.OPEN) == (l96.OVERDUE, l96.TO_COME)
    assert (groups["none"] & l96.OPEN, groups["to come"] & l96.COLD) == (
        l96.UNPLANNED,
        l96.COLD_TO_COME,
    )


def test_classic_case_former_customers_have_planned_referrals() -> None:
    assert {a["被推荐人"] for a in CASE.counted} & l96.FORMER == l96.FORMER_REFERRED
    assert {a["推荐人"] for a in CASE.counted} & l96.FORMER == {l96.FORMER_REFERRER}
    for i in l96.FORMER:
        assert max(CASE.days(i)).isoformat() <= PEOPLE[i]["流失日期"]
        assert all(a["推荐日期"] < PEOPLE[i]["流失日期"] for a in CASE.arcs if a["推荐人"] == i)


def test_classic_case_has_one_example_of_each_account_kind() -> None:
    sectors = {i: PEOPLE[i]["行业"] for i in PEOPLE if PEOPLE[i]["行业"] in ("卫生", "教育")}
    assert sectors == {l96.IMPORTANT: "卫生", l96.NATURE_INSIDE: "教育", l96.NATURE_OUTSIDE: "教育"}
    text = (SAMPLES / "l96" / "refgraph.toml").read_text(encoding="utf-8")
    inside = {i: f'"{PEOPLE[i]["地区"]}"' in text for i in sectors}
    assert inside == {l96.IMPORTANT: True, l96.NATURE_INSIDE: True, l96.NATURE_OUTSIDE: False}
    assert CASE.select_parties("发展潜力", "高") & CASE.select_parties("竞争风险", "高") == {
        l96.STRATEGIC
    }
    links: dict[str, set[str]] = defaultdict(set)
    for row in table("affiliations"):
        links[row["关系"]].add(row["客户编号"])
    assert links == {
        "采购方": {l96.GROUP},
        "股东": {l96.GROUP_WITHOUT_PURCHASES},
        "协会": l96.ASSOCIATION_MEMBERS,
    }
    assert CASE.select_parties("所属集团", l96.GROUP_NAME) == {
        l96.GROUP,
        l96.GROUP_WITHOUT_PURCHASES,
    }
    assert (
        CASE.sum_orders(l96.GROUP, "数量(kg)") > 0
        and l96.GROUP_WITHOUT_PURCHASES not in CASE.orders
    )


def test_classic_case_has_one_inactive_customer() -> None:
    silent, few = set(), set()
    for i in l96.EXISTING:
        days = CASE.days(i)
        few |= {i} if len(days) < 3 else set()
        since, gaps = (AS_OF - days[-1]).days, [(b - a).days for a, b in pairwise(days)]
        assert min(gaps, default=1) > 0
        silent |= {i} if gaps and since > 2 * statistics.median(gaps) else set()
        assert i in silent or not gaps or since < statistics.median(gaps)
        assert days[0].year == max(2022, CASE.joined(i).year)
    assert (silent, few, len(CASE.orders[l96.ONE_OFF])) == ({l96.SILENT}, {l96.ONE_OFF}, 1)


@pytest.mark.parametrize("case", [CASE, VARIANT], ids=["l96", "l96-29"])
def test_sample_data_has_no_unplanned_finding(case: Case) -> None:
    pairs = {(a["推荐人"], a["被推荐人"]) for a in case.arcs}
    assert len(pairs) == len(case.arcs) and not [p for p in pairs if p[0] == p[1]]
    assert {p for p in pairs if p[::-1] in pairs} == {("P01", "P02"), ("P02", "P01")}
    assert case.lines()  # would not end if there were a cycle
    dates_by_referrer: dict[str, list[date]] = defaultdict(list)
    for a in case.arcs:
        u, v, at = a["推荐人"], a["被推荐人"], date.fromisoformat(a["推荐日期"])
        dates_by_referrer[u].append(at)
        assert not case.people[u]["首次合同日期"] or case.joined(u) <= at
        assert not case.people[v]["首次合同日期"] or at <= case.joined(v) <= case.days(v)[0]
    assert (
        min((b - a).days for days in dates_by_referrer.values() for a, b in pairwise(sorted(days)))
        >= 180
    )
    for column, twins in {
        "邮箱": [],
        "地址": [],
        "电话": [l96.ALIASES],
        "税号": [l96.ALIASES],
    }.items():
        same: dict[str, set[str]] = defaultdict(set)
        for i, p in case.people.items():
            same[fold_text(p[column])].add(i)
        assert [s for text, s in same.items() if text and len(s) > 1] == twins
    assert not [p for p in pairs if set(p) <= l96.ALIASES or set(p) <= l96.ASSOCIATION_MEMBERS]
