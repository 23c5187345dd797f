"""The folders of sample_data: plausible figures, variants, worked examples, reproducible bytes."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from support import l96
from support.l96_recount import SAMPLES, Case, credit_earned, table

CASE, VARIANT = Case("l96"), Case("l96-29")
PEOPLE = CASE.people


def test_classic_case_has_plausible_prices_and_margins() -> None:
    for i, orders in CASE.orders.items():
        price = [Fraction(o["销售额(万元)"]) * 10**7 / int(o["数量(kg)"]) for o in orders]
        assert 3500 <= min(price) <= max(price) <= 6000
        margin = CASE.sum_orders(i, "利润(万元)") / CASE.sum_orders(i, "销售额(万元)")
        assert i == l96.NO_PROFIT or Fraction(2, 100) <= margin <= Fraction(12, 100)
    numbers = [o["订单号"] for o in table("orders")]
    assert numbers == sorted(set(numbers)) and len({len(n) for n in numbers}) == 1


def test_variant_differs_from_classic_case_by_one_customer() -> None:
    changed = {i for i in PEOPLE if PEOPLE[i] != VARIANT.people[i]}
    assert changed == {l96.OWN_SALES_IN_VARIANT} < l96.OLD_ONLY - l96.LARGE
    assert VARIANT.people[l96.OWN_SALES_IN_VARIANT]["客户来源"] == "自有销售"
    (gone,) = [a for a in CASE.arcs if a not in VARIANT.arcs]
    assert (gone["推荐人"], gone["被推荐人"], gone["奖励(元)"]) == (
        "C010",
        l96.OWN_SALES_IN_VARIANT,
        "0",
    )
    assert len({a["被推荐人"] for a in VARIANT.counted} & l96.EXISTING) == 29
    assert VARIANT.orders == CASE.orders


def test_worked_examples_add_up() -> None:
    people = {r["id"]: r for r in table("customers", "five-en")}
    worth = {i: Fraction(r["revenue"]) for i, r in people.items()}
    ids = {r["name"]: i for i, r in people.items()}
    by = {i: r["referred_by"] for i, r in people.items() if r["referred_by"]}
    shares = {i: {ids.get(u, u): Fraction(1)} for i, u in by.items()}
    earned = credit_earned(shares, worth)
    assert set(shares) == {"002", "003", "004"} and sum(worth.values()) == 100
    assert (earned["001"], earned["002"]) == (5 + Fraction(10, 3) + 20, Fraction(10, 3))
    pairs = [(a["推荐人"], a["被推荐人"]) for a in table("referrals", "five-zh")]
    assert pairs == [("01", "02"), ("02", "03")] and len(table("customers", "five-zh")) == 5


def test_make_sample_data_again_writes_same_bytes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, SAMPLES.parent / "scripts" / "make_sample_data", tmp_path], check=True
    )
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert len(made) == 6 + 6 + 2 + 3
    assert made == {p: (SAMPLES / p).read_bytes() for p in made}
