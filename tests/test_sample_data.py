"""Every count of the classic case, recomputed from the files with the csv module alone, and by member ids."""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import l96
import pytest

ROOT = Path(__file__).parent.parent
AS_OF = date(2025, 12, 31)


def table(name: str, case: str = "l96") -> list[dict[str, str]]:
    with (ROOT / "sample_data" / case / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PEOPLE = {r["客户编号"]: r for r in table("customers")}
ARCS = table("referrals")
ORDERS = defaultdict(list)
for order in table("orders"):
    ORDERS[order["客户编号"]].append(order)
COUNTED = [a for a in ARCS if PEOPLE[a["推荐人"]]["角色"] == "客户"]


def total(id: str, column: str) -> Decimal:
    return sum((Decimal(o[column]) for o in ORDERS[id]), Decimal(0))


def yearly_tonnes(id: str) -> Fraction:
    years = 2025 - max(2022, int(PEOPLE[id]["首次合同日期"][:4])) + 1
    return Fraction(total(id, "数量(kg)")) / 1000 / years


def months_later(day: str, months: int) -> str:
    return f"{int(day[:4]) + months // 12}{day[4:]}"


def test_the_parties() -> None:
    closed = {i for i, p in PEOPLE.items() if p["成交状态"] == "已成交"}
    former = {i for i in closed if PEOPLE[i]["流失日期"]}
    assert (closed - former, former) == (l96.EXISTING, l96.FORMER)
    assert {i for i, p in PEOPLE.items() if p["角色"] == "客户"} - closed == l96.PROSPECTS
    assert {i for i, p in PEOPLE.items() if p["角色"] != "客户"} == l96.OTHERS
    assert len(PEOPLE) == 129
    assert len({p["客户名称"] for p in PEOPLE.values()}) == 129


def test_as_of_is_the_last_day_of_2025() -> None:
    days = [p["首次合同日期"] for p in PEOPLE.values()] + [a["推荐日期"] for a in ARCS]
    days += [o["订单日期"] for os in ORDERS.values() for o in os]
    assert max(days) == AS_OF.isoformat()
    assert {o["订单日期"][:4] for os in ORDERS.values() for o in os} == {"2022", "2023", "2024", "2025"}


def test_thirty_of_ninety_six_with_thirty_one_referrals() -> None:
    into = [a for a in COUNTED if a["被推荐人"] in l96.EXISTING]
    assert {a["被推荐人"] for a in into} == l96.REFERRED
    assert (len(into), len(l96.REFERRED)) == (31, 30)
    assert {a["推荐人"] for a in into if a["被推荐人"] == l96.DOUBLE_CLAIM} == l96.CLAIMANTS
    rewards = [a["奖励(元)"] for a in into]
    assert sum(r not in ("", "0") for r in rewards) == l96.PAID
    assert (rewards.count("0"), rewards.count("")) == (l96.UNPAID, l96.REWARD_BLANK)


@pytest.mark.parametrize(("role", "found"), [("员工", l96.BY_STAFF_ONLY), ("合作伙伴", l96.BY_PARTNER_ONLY)])
def test_staff_and_partners_bring_three_each_alone(role: str, found: set[str]) -> None:
    theirs = {a["被推荐人"] for a in ARCS if PEOPLE[a["推荐人"]]["角色"] == role} & l96.EXISTING
    assert theirs - l96.REFERRED == found


def test_sources() -> None:
    assert {i for i in l96.EXISTING if not PEOPLE[i]["客户来源"]} == l96.NO_SOURCE
    others = l96.EXISTING - l96.REFERRED - l96.BY_STAFF_ONLY - l96.BY_PARTNER_ONLY - l96.NO_SOURCE
    assert len(others) == 50
    assert others >= l96.BY_AUTHORITY
    assert not [i for i in others if "推荐" in PEOPLE[i]["客户来源"]]
    assert len({PEOPLE[i]["客户来源"] for i in others}) == 9


def test_through_whom() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for a in COUNTED:
        u, day = a["推荐人"], a["推荐日期"]
        before = sum(o["订单日期"] < day for o in ORDERS[u])
        old = months_later(PEOPLE[u]["首次合同日期"], 12) <= day or before >= 2
        seen[a["被推荐人"]] |= {"key"} if yearly_tonnes(u) > 100 else set()
        seen[a["被推荐人"]] |= {"old"} if old else set()
    by = {i: frozenset(seen[i]) for i in l96.REFERRED}
    assert {i for i, s in by.items() if s == {"key"}} == l96.KEY_ONLY
    assert {i for i, s in by.items() if s == {"old"}} == l96.OLD_ONLY
    assert {i for i, s in by.items() if s == {"key", "old"}} == l96.BOTH
    assert (len(l96.KEY_ONLY), len(l96.OLD_ONLY), len(l96.BOTH)) == (2, 16, 12)


def test_thirty_large_ones() -> None:
    assert {i for i in l96.EXISTING if yearly_tonnes(i) > 100} == l96.LARGE
    assert (yearly_tonnes(l96.JUST_OUT), yearly_tonnes(l96.JUST_IN)) == (100, Fraction(1001, 10))
    assert len(l96.LARGE & l96.REFERRED) == 11
    assert {i for i in l96.EXISTING if yearly_tonnes(i) > 500} == set(l96.MILLS)
    assert {i: PEOPLE[i]["客户名称"] for i in l96.MILLS} == l96.MILLS
    owners = [PEOPLE[i]["所有制"] for i in l96.LARGE]
    assert (sum(o in ("国有", "集体") for o in owners), owners.count("民营"), owners.count("")) == (16, 9, 5)
    tenures = {i: (AS_OF - date.fromisoformat(PEOPLE[i]["首次合同日期"])).days / 365.25 for i in l96.LARGE}
    assert {i for i, t in tenures.items() if t <= 2} == l96.YOUNG_LARGE
    assert int(max(tenures.values())) == 24


def test_three_false_large_ones() -> None:
    most = {i: max(Decimal(o["数量(kg)"]) for o in ORDERS[i]) for i in l96.LARGE}
    assert {i for i in l96.LARGE if most[i] > total(i, "数量(kg)") / 2} == {"C028"}
    assert {i for i in l96.LARGE if total(i, "利润(万元)") < total(i, "销售额(万元)") * Decimal("0.01")} == {"C029"}

    def net(i: str) -> Decimal:
        credit = sum(Decimal(o["销售额(万元)"]) * Decimal(o["账期(天)"]) * Decimal("0.06") / 365 for o in ORDERS[i])
        costs = sum((total(i, c) for c in ("返利(万元)", "退货(万元)", "服务成本(万元)")), Decimal(0))
        return total(i, "利润(万元)") - costs - credit

    assert {i for i in l96.LARGE if net(i) < 0} >= {"C030"}
    assert {i for i in l96.LARGE if net(i) < 0} <= {"C029", "C030"}


@pytest.mark.parametrize("column", ["销售额(万元)", "利润(万元)", "数量(kg)"])
def test_one_hidden_key_account(column: str) -> None:
    worth = {i: total(i, column) for i in l96.EXISTING}
    rank = sorted(worth, key=lambda i: (-worth[i], i)).index(l96.HIDDEN) + 1
    assert rank == 66
    low = {i for i, w in worth.items() if w < statistics.median(worth.values())}
    brought = {i: {a["被推荐人"] for a in COUNTED if a["推荐人"] == i} & l96.EXISTING for i in l96.EXISTING}
    assert {i for i in low if brought[i]} == {l96.HIDDEN}
    assert brought[l96.HIDDEN] == l96.HIDDEN_BROUGHT <= l96.LARGE


def test_the_longest_chain_has_four_referrals() -> None:
    above = {a["被推荐人"]: a["推荐人"] for a in COUNTED if a["被推荐人"] in l96.EXISTING}

    def line(i: str) -> list[str]:
        return [*line(above[i]), i] if i in above else [i]

    assert max((line(i) for i in above), key=len) == l96.LONGEST_CHAIN
    deep = max(len(line(a["推荐人"])) for a in COUNTED if a["被推荐人"] in l96.PROSPECTS)
    assert deep < len(l96.LONGEST_CHAIN)


def test_prospects_and_follow_ups() -> None:
    named = {a["被推荐人"] for a in COUNTED} & l96.PROSPECTS
    assert named == l96.OPEN | l96.LOST
    assert {i for i in l96.PROSPECTS if PEOPLE[i]["成交状态"] == "丢单"} == l96.LOST
    assert {i for i in l96.PROSPECTS if PEOPLE[i]["计划日期"]} == l96.OPEN


def test_former_customers() -> None:
    assert {a["被推荐人"] for a in COUNTED} & l96.FORMER == {"C097", "C098"}
    assert {a["推荐人"] for a in COUNTED} & l96.FORMER == {"C099"}


def test_nothing_else_is_odd() -> None:
    for a in COUNTED:
        referred = PEOPLE[a["被推荐人"]]["首次合同日期"]
        assert a["推荐日期"] >= PEOPLE[a["推荐人"]]["首次合同日期"]
        assert not referred or referred >= a["推荐日期"]
        first = min((o["订单日期"] for o in ORDERS[a["被推荐人"]]), default="9")
        assert first >= a["推荐日期"]
    phones = defaultdict(set)
    for i, p in PEOPLE.items():
        if p["电话"]:
            phones["".join(c for c in p["电话"].removeprefix("+86") if c.isdigit())].add(i)
    assert [s for s in phones.values() if len(s) > 1] == [l96.ALIASES]


def test_one_account_fell_silent() -> None:
    silent, single = set(), set()
    for i in l96.EXISTING:
        days = sorted(date.fromisoformat(o["订单日期"]) for o in ORDERS[i])
        gaps = [(b - a).days for a, b in zip(days, days[1:], strict=False)]
        single |= {i} if len(days) == 1 else set()
        silent |= {i} if gaps and (AS_OF - days[-1]).days > 2 * statistics.median(gaps) else set()
    assert (silent, single) == ({l96.SILENT}, {l96.ONE_OFF})


def test_the_variant_has_twenty_nine() -> None:
    people = {r["客户编号"]: r for r in table("customers", "l96-29")}
    referred = {a["被推荐人"] for a in table("referrals", "l96-29") if people[a["推荐人"]]["角色"] == "客户"}
    assert l96.REFERRED - referred == {"C048"}
    assert people["C048"]["客户来源"] == "自有销售"


def test_the_maker_writes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "make_sample_data", tmp_path], check=True)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    kept = {p: (ROOT / "sample_data" / p).read_bytes() for p in made}
    assert made == kept
