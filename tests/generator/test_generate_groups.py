"""Planted groups of companies: affiliations.csv holds those of the truth and no other."""

from __future__ import annotations

import pytest
from support import companies

from refgraph.generator import build_frames
from refgraph.generator.groups import MAX_GROUP_SIZE, MIN_GROUP_SIZE


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5])
def test_affiliations_are_those_of_the_truth(share: float) -> None:
    company = companies.company(size=4000, groups=share)
    planted = {
        (id, group["group"], relation)
        for group in companies.truth(company)["groups"]
        for id, relation in group["members"].items()
    }
    table = companies.dataset(company).affiliations
    rows = [] if table is None else table.select("customer", "group", "relation").rows()
    assert set(rows) == planted
    assert len({id for id, _, _ in rows}) == len(rows)


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5])
def test_groups_have_the_planned_share_of_customers(share: float) -> None:
    truth = companies.truth(companies.company(size=4000, groups=share))
    sizes = [len(group["members"]) for group in truth["groups"]]
    assert all(MIN_GROUP_SIZE <= size <= MAX_GROUP_SIZE for size in sizes)
    organic = truth["counts"]["existing"] - truth["counts"]["thin"]
    assert abs(sum(sizes) - share * organic) <= MAX_GROUP_SIZE


def test_plain_company_has_no_affiliations() -> None:
    company = companies.build_bare(size=1000)
    assert "affiliations" not in build_frames(company)
    assert not companies.truth(company)["groups"]
