"""Names, contacts and planted patterns: invented, unique, shared only where the truth lists it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date
from math import gcd
from typing import Any

import numpy as np
import polars as pl
import pytest
from support import companies

from refgraph.estimates.chance_baseline import compute_chance_baseline
from refgraph.estimates.multiple_testing import benjamini_hochberg
from refgraph.generator import Company, build_company, make_plain_plan, names, words
from refgraph.generator.farms import FARM_DAYS
from refgraph.generator.party_counts import MAX_FARM_SIZE, MIN_FARM_SIZE
from refgraph.generator.referrals import BURST_DAYS, BURST_SIZE

RARE_CHARACTERS = "镕喆堃翀"


def list_customers(company: Company, role: str = "customer") -> pl.DataFrame:
    """The rows of customers.csv with a role; prospects have the role customer, too."""
    return companies.dataset(company).customers.filter(pl.col("role") == role)


def test_company_names_are_chinese_and_unique() -> None:
    company_names = list_customers(companies.company(size=20_000))["name"]
    assert company_names.n_unique() == company_names.len()
    assert all(unicodedata.category(c) == "Lo" for name in company_names for c in name)
    assert max(company_names.str.len_chars()) <= 14


def test_company_names_hold_rare_characters() -> None:
    letters = [set(name) for name in list_customers(companies.company(size=20_000))["name"]]
    for character in RARE_CHARACTERS:
        assert sum(character in name for name in letters) > 100
    assert 50 < sum("𠮷" in name for name in letters) < 1000


def test_staff_have_a_surname_and_two_characters() -> None:
    staff = list_customers(companies.company(size=20_000), "staff")["name"]
    assert staff.len()
    assert all(len(name) == 3 and name[0] in words.SURNAMES for name in staff)


def test_largest_sector_has_more_names_than_parties() -> None:
    weights = [weight for weight, _, _ in words.SECTORS.values()]
    assert 2 * 10_000_000 * max(weights) / sum(weights) < names.NAMES_PER_SECTOR
    assert gcd(names.STRIDE, names.NAMES_PER_SECTOR) == 1


@pytest.mark.parametrize("pool", [*names.PLACE_POOLS, *names.PERSON_POOLS[:2]])
def test_characters_of_a_pool_are_distinct(pool: str) -> None:
    assert len(set(pool)) == len(pool)


def test_trades_belong_to_one_sector_each() -> None:
    trades = [word for _, _, trades in words.SECTORS.values() for word in trades]
    assert len(set(trades)) == len(trades)


def test_company_names_fit_the_sector() -> None:
    customers = list_customers(companies.company(size=2000))
    for name, sector in customers.select("name", "sector").iter_rows():
        assert any(trade in name for trade in words.SECTORS[sector][2])


def normalize_contact(column: str, text: str) -> str:
    """A contact without the style in which it is written."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if column == "phone":
        return "".join(character for character in folded if character.isdigit())
    return folded.replace(" ", "")


def list_planted_sharers(company: Company) -> dict[str, set[frozenset[str]]]:
    """Kind of contact -> the groups of parties that share one, by the truth."""
    truth = companies.truth(company)
    customers = list_customers(company)
    has_email = set(customers.filter(pl.col("email").is_not_null())["id"])
    planted: dict[str, set[frozenset[str]]] = defaultdict(set)
    for farm in truth["farms"]:
        for channel in farm["channels"]:
            if channel != "email" or farm["hub"] in has_email:
                planted[channel].add(frozenset([farm["hub"], *farm["members"]]))
    for pair in truth["shared_contacts"]:
        planted[pair["kind"]].add(frozenset(pair["parties"]))
    return planted


@pytest.mark.parametrize("column", ["phone", "address", "email"])
def test_contacts_are_shared_only_where_planted(column: str) -> None:
    company = companies.company(size=20_000, farms=0.02, shared_contacts=0.01)
    planted = list_planted_sharers(company)
    assert len(planted["phone"]) > 20
    owners = defaultdict(set)
    customers = list_customers(company).filter(pl.col(column).is_not_null())
    for id, text in customers.select("id", column).iter_rows():
        owners[normalize_contact(column, text)].add(id)
    assert {frozenset(ids) for ids in owners.values() if len(ids) > 1} == planted[column]


def test_tax_ids_are_unique() -> None:
    customers = list_customers(companies.company(size=20_000, farms=0.02, shared_contacts=0.01))
    assert customers["tax_id"].n_unique() == customers.height


def test_contacts_cannot_be_real() -> None:
    customers = list_customers(companies.company(size=2000))
    for phone in customers["phone"]:
        plain = phone.replace("（", "").replace("）", "-").replace(" ", "-")
        assert plain.split("-")[1].startswith("0")
    assert all(email.casefold().endswith(".example") for email in customers["email"].drop_nulls())
    assert customers["tax_id"].str.contains("ZZ").all()


def list_referral_days(company: Company) -> dict[tuple[str, str], date]:
    """(referrer, referred) -> day."""
    referrals = companies.dataset(company).referrals.select("referrer", "referred", "at")
    return {(referrer, referred): at for referrer, referred, at in referrals.iter_rows()}


def test_farms_are_stars_within_three_weeks() -> None:
    company = companies.company(size=20_000, farms=0.02)
    days_by_pair = list_referral_days(company)
    for farm in companies.truth(company)["farms"]:
        days = [days_by_pair[farm["hub"], member] for member in farm["members"]]
        assert MIN_FARM_SIZE <= len(days) <= MAX_FARM_SIZE
        assert (max(days) - min(days)).days < FARM_DAYS


def test_thin_accounts_order_once_and_refer_nobody() -> None:
    company = companies.company(size=20_000, farms=0.02)
    truth, data = companies.truth(company), companies.dataset(company)
    thin = {member for farm in truth["farms"] for member in farm["members"]}
    assert len(thin) == truth["counts"]["thin"] == round(0.02 * truth["counts"]["customers"])
    assert data.orders is not None
    orders = dict(data.orders["customer"].value_counts().iter_rows())
    assert {orders[member] for member in thin} == {1}
    assert not thin & set(data.referrals["referrer"])


def test_honest_sharers_did_not_refer_each_other() -> None:
    company = companies.company(size=20_000, farms=0.02)
    honest = [tuple(pair["parties"]) for pair in companies.truth(company)["shared_contacts"]]
    assert len(honest) > 20
    reversed_pairs = {(second, first) for first, second in honest}
    assert not {*honest, *reversed_pairs} & set(list_referral_days(company))


def test_bursts_are_ten_referrals_in_one_week_by_one_referrer() -> None:
    company = companies.company(size=20_000, bursts=15)
    bursts, days_by_pair = companies.truth(company)["bursts"], list_referral_days(company)
    assert len(bursts) == 15
    for burst in bursts:
        days = [days_by_pair[burst["referrer"], referred] for referred in burst["referred"]]
        assert len(days) == BURST_SIZE
        first = date.fromisoformat(burst["from"])
        assert all(0 <= (day - first).days < BURST_DAYS for day in days)


def test_referrers_are_customers_on_the_day_and_the_referred_are_not_yet() -> None:
    company = companies.company(size=20_000, bursts=0, loops=0)
    known = list_customers(company).select("id", "joined", "left")
    arcs = companies.dataset(company).referrals.join(known, left_on="referrer", right_on="id")
    arcs = arcs.join(known, left_on="referred", right_on="id", suffix="_child")
    assert arcs.height > 5000
    assert not arcs.filter(pl.col("joined") >= pl.col("at")).height
    assert not arcs.filter(pl.col("left") <= pl.col("at")).height
    assert not arcs.filter(pl.col("joined_child") < pl.col("at")).height


def has_true_recommender(**knobs: Any) -> bool:
    """Whether anyone stands out from the chance baseline by Benjamini-Hochberg at 5 %."""
    company = build_company(make_plain_plan(size=500, **knobs))
    days = (company.arcs.referrer, company.arcs.at, company.joined, company.left)
    baseline = compute_chance_baseline(*(values.astype(np.int64) for values in days))
    return bool(benjamini_hochberg(baseline.p_value).any())


def test_chance_baseline_rarely_raises_an_alarm_without_an_effect() -> None:
    """40 companies without recommender effect: six or more alarms have a probability of 1.4 %."""
    assert sum(has_true_recommender(seed=seed) for seed in range(40)) <= 5


@pytest.mark.parametrize("seed", range(5))
def test_chance_baseline_finds_a_planted_effect(seed: int) -> None:
    assert has_true_recommender(seed=seed, heterogeneity=3.0)
