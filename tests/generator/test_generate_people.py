"""Names, contacts and planted patterns: Chinese, invented, unique; shared only where the truth says so; dealt by luck or not."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date
from math import gcd
from typing import Any

import companies
import numpy as np
import polars as pl

from refgraph.estimates.luck import luck_line
from refgraph.estimates.multiple import bh
from refgraph.generator import Company, build, names, plain, words

RARE = set("镕喆堃翀")


def buyers(made: Company) -> pl.DataFrame:
    return companies.dataset(made).customers.filter(pl.col("role") == "customer")


def test_names_are_chinese_unique_and_hold_rare_characters() -> None:
    called = buyers(companies.company(size=20_000))["name"]
    assert called.n_unique() == called.len()
    assert all(unicodedata.category(c) == "Lo" for name in called for c in name)
    letters = [set(name) for name in called]
    for c in RARE:
        assert sum(c in name for name in letters) > 100
    assert 50 < sum("𠮷" in name for name in letters) < 1000
    assert max(called.str.len_chars()) <= 14
    staff = companies.dataset(companies.company(size=20_000)).customers.filter(pl.col("role") == "staff")["name"]
    assert all(len(name) == 3 and name[0] in words.SURNAMES for name in staff)


def test_a_sector_of_the_largest_company_still_has_a_name_for_everyone() -> None:
    weights = [w for w, _, _ in words.SECTORS.values()]
    assert names.CAPACITY > 2 * 10_000_000 * max(weights) / sum(weights)
    assert gcd(names.STRIDE, names.CAPACITY) == 1
    for pool in (words.FIRST, words.SECOND, words.THIRD, words.SURNAMES, words.GIVEN):
        assert len(set(pool)) == len(pool)
    trades = [word for _, _, trade in words.SECTORS.values() for word in trade]
    assert len(set(trades)) == len(trades)


def test_names_fit_the_sector() -> None:
    for name, sector in buyers(companies.company(size=2000)).select("name", "sector").iter_rows():
        assert any(word in name for word in words.SECTORS[sector][2])


def plain_text(column: str, text: str) -> str:
    """What is left of a contact when the way of writing it is taken away."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isdigit()) if column == "phone" else folded.replace(" ", "")


def test_contacts_are_shared_only_by_farms_and_honest_pairs() -> None:
    made = companies.company(size=20_000, farms=0.02, shared_contacts=0.01)
    truth, people = companies.truth(made), buyers(made)
    planted: dict[str, set[frozenset[str]]] = defaultdict(set)
    for farm in truth["farms"]:
        for channel in farm["channels"]:
            if channel != "email" or people.filter(pl.col("id") == farm["hub"])["email"].item():
                planted[channel].add(frozenset([farm["hub"], *farm["members"]]))
    for pair in truth["shared_contacts"]:
        planted[pair["kind"]].add(frozenset(pair["parties"]))
    assert len(planted["phone"]) > 20
    for column in ("phone", "address", "email"):
        bearers = defaultdict(set)
        for id, text in people.filter(pl.col(column).is_not_null()).select("id", column).iter_rows():
            bearers[plain_text(column, text)].add(id)
        assert {frozenset(ids) for ids in bearers.values() if len(ids) > 1} == planted[column]
    assert people["tax_id"].n_unique() == people.height


def test_no_contact_can_be_real() -> None:
    people = buyers(companies.company(size=2000))
    assert all(p.replace("（", "").replace("）", "-").replace(" ", "-").split("-")[1].startswith("0") for p in people["phone"])
    assert all(mail.casefold().endswith(".example") for mail in people["email"].drop_nulls())
    assert people["tax_id"].str.contains("ZZ").all()


def test_farms_are_stars_of_thin_accounts() -> None:
    made = companies.company(size=20_000, farms=0.02)
    truth, data = companies.truth(made), companies.dataset(made)
    assert data.orders is not None
    thin = {member for farm in truth["farms"] for member in farm["members"]}
    assert len(thin) == truth["counts"]["thin"] == round(0.02 * truth["counts"]["customers"])
    pairs = {(a, b): at for a, b, at in data.referrals.select("referrer", "referred", "at").iter_rows()}
    orders = dict(data.orders["customer"].value_counts().iter_rows())
    for farm in truth["farms"]:
        days = [pairs[farm["hub"], member] for member in farm["members"]]
        assert 4 <= len(days) <= 12
        assert (max(days) - min(days)).days <= 20
        assert {orders[member] for member in farm["members"]} == {1}
    assert not thin & {a for a, _ in pairs}
    honest = [tuple(pair["parties"]) for pair in truth["shared_contacts"]]
    assert len(honest) > 20
    assert not {*honest, *(pair[::-1] for pair in honest)} & set(pairs)


def test_bursts_are_ten_in_one_week_by_one_referrer() -> None:
    made = companies.company(size=20_000, bursts=15)
    truth, data = companies.truth(made), companies.dataset(made)
    assert len(truth["bursts"]) == 15
    for burst in truth["bursts"]:
        rows = data.referrals.filter(pl.col("referrer") == burst["referrer"], pl.col("referred").is_in(burst["referred"]))
        assert rows.height == 10
        days = rows["at"].to_physical().to_list()
        assert min(days) >= date.fromisoformat(burst["from"]).toordinal() - date(1970, 1, 1).toordinal() > max(days) - 7


def test_referrers_are_customers_on_the_day() -> None:
    data = companies.dataset(companies.company(size=20_000, bursts=0, loops=0))
    known = data.customers.filter(pl.col("role") == "customer").select(pl.col("id"), "joined", "left")
    arcs = data.referrals.join(known, left_on="referrer", right_on="id")
    arcs = arcs.join(known, left_on="referred", right_on="id", suffix="_child")
    assert arcs.height > 5000
    assert arcs.filter(pl.col("joined") >= pl.col("at")).height == 0
    assert arcs.filter(pl.col("left") <= pl.col("at")).height == 0
    assert arcs.filter(pl.col("joined_child") < pl.col("at")).height == 0


def stands_out(**knobs: Any) -> bool:
    """Whether the luck line calls anybody a true recommender, by Benjamini-Hochberg at 5 % over all customers."""
    made = build(plain(size=500, **knobs))
    line = luck_line(*(days.astype(np.int64) for days in (made.arcs.referrer, made.arcs.at, made.joined, made.left)))
    return bool(bh(line.p_value).any())


def test_without_an_effect_luck_explains_it_and_with_one_it_does_not() -> None:
    """40 companies without any recommender effect: at 5 % six or more alarms have a probability of 1.4 %."""
    false = sum(stands_out(seed=k) for k in range(40))
    assert false <= 5
    true = [stands_out(seed=k, heterogeneity=3.0) for k in range(5)]
    assert all(true)
