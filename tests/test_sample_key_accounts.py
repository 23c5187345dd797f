"""The large customers of the sample company, true, false and hidden, recounted from the files."""

from __future__ import annotations

import statistics
from datetime import date
from fractions import Fraction

import pytest
from support import l96
from support.l96_recount import BASES, Case, credit_earned

CASE = Case("l96")
PEOPLE = CASE.people


def test_classic_case_has_thirty_large_customers() -> None:
    assert {i for i in l96.EXISTING if CASE.compute_yearly_tonnes(i) > 100} == l96.LARGE
    assert not [i for i in l96.FORMER if CASE.compute_yearly_tonnes(i) > 100]
    edge = (CASE.compute_yearly_tonnes(l96.JUST_OUT), CASE.compute_yearly_tonnes(l96.JUST_IN))
    assert edge == (Fraction(100), Fraction(1001, 10))
    assert l96.LARGE & l96.REFERRED == l96.LARGE_AND_REFERRED and len(l96.LARGE_AND_REFERRED) == 11
    assert {
        i: PEOPLE[i]["客户名称"] for i in l96.EXISTING if CASE.compute_yearly_tonnes(i) > 500
    } == l96.MILLS
    kinds = [
        CASE.select_parties("所有制", *words) & l96.LARGE
        for words in (("国有", "集体"), ("民营",), ("",))
    ]
    assert kinds == [l96.LARGE_STATE, l96.LARGE_PRIVATE, set(l96.MILLS)]
    assert [len(k) for k in kinds] == [16, 9, 5]
    assert {i for i in l96.LARGE if CASE.joined(i) >= date(2023, 12, 31)} == l96.YOUNG_LARGE
    assert min(l96.EXISTING, key=CASE.joined) == l96.LONGEST_TENURE
    assert CASE.joined(l96.LONGEST_TENURE) == date(2001, 12, 31)
    assert not set(l96.MILLS) & (
        l96.CLAIMANTS | {l96.DOUBLE_CLAIM, l96.SILENT} | set(l96.FALSE_LARGE)
    )


def test_classic_case_has_three_false_large_customers() -> None:
    heaviest = {i: max(Fraction(o["数量(kg)"]) for o in CASE.orders[i]) for i in l96.LARGE}
    bulk = {i for i in l96.LARGE if heaviest[i] > CASE.sum_orders(i, "数量(kg)") / 5}
    assert (bulk, int(heaviest[l96.BULK])) == ({l96.BULK}, 600_000)
    margin = {
        i: CASE.sum_orders(i, "利润(万元)") / CASE.sum_orders(i, "销售额(万元)") for i in l96.LARGE
    }
    assert {i for i, m in margin.items() if m < Fraction(4, 100)} == {l96.NO_PROFIT}
    assert {i for i in l96.EXISTING if CASE.net(i) < 0} == {l96.EXPLOITER}
    assert margin[l96.EXPLOITER] > Fraction(9, 100) and margin[l96.NO_PROFIT] < Fraction(1, 100)
    assert set(l96.FALSE_LARGE) == {l96.BULK, l96.NO_PROFIT, l96.EXPLOITER} < l96.LARGE


@pytest.mark.parametrize("column", BASES.values(), ids=BASES)
def test_classic_case_has_one_hidden_key_account(column: str) -> None:
    worth = {i: CASE.sum_orders(i, column) for i in PEOPLE}
    assert sum(worth[i] > worth[l96.HIDDEN] for i in l96.EXISTING) == 65
    assert l96.HIDDEN not in l96.LARGE
    shares = CASE.compute_shares()
    direct = {u: sum(s.get(u, 0) * worth[v] for v, s in shares.items()) for u in l96.EXISTING}
    assert l96.HIDDEN in sorted(direct, key=lambda u: -direct[u])[:3]
    median = statistics.median(w for w in worth.values() if w > 0)
    low = {i for i in l96.EXISTING | l96.FORMER if worth[i] < median}

    def find_hidden(shares: dict[str, dict[str, Fraction]]) -> set[str]:
        earned = credit_earned(shares, worth)
        top = {
            u for u in sorted(earned, key=lambda u: -earned[u])[:13] if earned[u] > 0
        }  # a tenth of 129
        brought = {u: {v for v in shares if u in shares[v]} & l96.LARGE for u in low}
        return {u for u in low if len(brought[u]) >= 2 or u in top}

    assert find_hidden(shares) == {l96.HIDDEN}
    assert {v for v in shares if l96.HIDDEN in shares[v]} & l96.LARGE == l96.HIDDEN_BROUGHT
    assert len(l96.HIDDEN_BROUGHT) == 6
    assert find_hidden({v: s for v, s in shares.items() if l96.HIDDEN not in s}) == set()
