"""Every rule in both outcomes, the planted cases of l96 by name.

Also what excluding a code changes.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from support import l96
from support.toys import company

from refgraph import pipeline
from refgraph.analyses.integrity import SEVERITY_BY_CODE
from refgraph.engines.offline import OfflineEngine
from refgraph.graph.integrity_rules import RULES
from refgraph.model.dataset import Dataset
from refgraph.model.message import Label
from refgraph.model.result import Result
from refgraph.model.scope import Scope

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
Row = dict[str, object]


def ask(data: Dataset, *exclude: str) -> Result:
    return pipeline.run(OfflineEngine(data), "integrity", scope=Scope(exclude=exclude))


def find_cases(data: Dataset) -> dict[str, set[str]]:
    """Code -> the members of each of its cases."""
    frame = ask(data).frame
    return {code: set(frame.filter(code=code)["members"]) for code in frame["code"].unique()}


def people(*names: str, **columns: object) -> dict[str, Row]:
    return {n: {"status": "closed", "revenue": 100, **columns} for n in names}


def test_integrity_classic_case_finds_planted_cases() -> None:
    engine = pipeline.open_source(CASE)
    names = dict(engine.dataset().customers.select("id", "name").iter_rows())
    result = pipeline.run(engine, "integrity")
    frame = result.frame
    values = result.headline.values
    for severity in ("high", "medium", "low"):
        assert values[severity] == frame.filter(severity=severity).height
    assert values["cases"] == frame.height
    cases = {
        code: set(members.split("; "))
        for code, members in frame.select("code", "members").iter_rows()
    }
    assert cases == {
        "alias": {names[i] for i in l96.ALIASES},
        "double-claim": {names[i] for i in (l96.DOUBLE_CLAIM, *l96.CLAIMANTS)},
    }
    claim = frame.row(by_predicate=pl.col("code") == "double-claim", named=True)
    assert (claim["referrals"], claim["detail"]) == (2, ["0.4 / 0.6"])
    assert claim["members"].startswith(names[l96.DOUBLE_CLAIM])


def test_integrity_double_claim_without_shares_tells_equal_parts_rounded() -> None:
    claims = [(x, "d") for x in "abc"] + [("a", "e"), ("b", "e")]
    data = company(people("a", "b", "c", "d", "e", "x", "y"), [*claims, ("x", "y"), ("y", "x")])
    result = pipeline.run(OfflineEngine(data), "integrity")
    found = result.frame.filter(pl.col("code") == "double-claim").sort("members")
    assert found.select("members", "detail").rows() == [
        ("d; a; b; c", ["0.333 / 0.333 / 0.333"]),
        ("e; a; b", ["0.5 / 0.5"]),
    ]
    assert result.frame["code"].n_unique() > 1
    values = result.headline.values
    assert (values["code"], values["most"]) == (Label("double-claim"), 2)


def test_integrity_every_rule_has_severity_and_reason() -> None:
    assert set(RULES) <= set(SEVERITY_BY_CODE)


def test_integrity_mutual_referrals_count_for_customers_not_partners() -> None:
    partners = {p: {"role": "partner"} for p in ("p", "q")}
    data = company(people("a", "b") | partners, [("a", "b"), ("b", "a"), ("p", "q"), ("q", "p")])
    cases = find_cases(data)
    assert cases["reciprocal-referral"] == {"a; b"}
    assert cases["referral-loop"] == {"a; b"}


@pytest.mark.parametrize(
    ("day", "is_case"), [("2020-01-02", True), ("2020-01-01", False), ("", False)]
)
def test_integrity_referral_after_first_contract_is_a_case(day: str, is_case: bool) -> None:
    data = company(
        people("a", joined="2010-01-01") | people("b", joined="2020-01-01"),
        [{"referrer": "a", "referred": "b", "at": day}],
    )
    assert ("referral-after-order" in find_cases(data)) is is_case


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"email": "A.b+x@c.example"}, {"email": "a.B@c.example"}, True),
        ({"phone": "+86 138-0013-8000"}, {"phone": "13800138000"}, True),
        ({"address": "云溪路 1号"}, {"address": "云溪路1号"}, False),
        ({"address": "河北云溪路 1号"}, {"address": "河北云溪路１号"}, True),
        ({"tax_id": "91-37 zz"}, {"tax_id": "9137ZZ"}, False),
        ({"tax_id": "9137-000x"}, {"tax_id": "9137000X"}, True),
        ({"phone": "123"}, {"phone": "123"}, False),
        ({"email": "none"}, {"email": "none"}, False),
        ({"phone": "13800138000"}, {"phone": "13800138001"}, False),
        ({"address": "无"}, {"address": "无"}, False),
    ],
)
def test_integrity_same_contact_makes_an_alias(first: Row, second: Row, same: bool) -> None:
    data = company(people("a", **first) | people("b", **second), [])
    assert ("alias" in find_cases(data)) is same


def test_integrity_contact_shared_by_many_makes_no_alias() -> None:
    data = company(people(*(f"c{k:02d}" for k in range(51)), phone="010-12345678"), [])
    assert not ask(data).frame.height


def farm(size: int, worth: int = 0, share: bool = True) -> Dataset:
    """A hub that referred ``size`` accounts of a worth, and ten ordinary customers.

    share: one phone for all accounts; otherwise one for each.
    """
    thin = {
        f"t{k}": {"status": "closed", "revenue": worth, "phone": f"1380000{0 if share else k:04d}"}
        for k in range(size)
    }
    return company(people("hub", *(f"c{k}" for k in range(10))) | thin, [("hub", t) for t in thin])


def test_integrity_aliases_with_rewards_are_a_farm() -> None:
    assert find_cases(farm(3))["alias-farm"] == {"hub; t0; t1; t2"}
    assert "alias-farm" not in find_cases(farm(2))
    assert "alias-farm" not in find_cases(farm(3, worth=50))
    assert "alias-farm" not in find_cases(farm(3, share=False))


def make_weekly(counts: list[int]) -> Dataset:
    """A referrer with so many referrals in each week from 2024-01-01 on, all on the Monday."""
    start = date(2024, 1, 1)
    arcs: list[Row] = [
        {"referrer": "a", "referred": f"w{k}n{n}", "at": str(start + timedelta(weeks=k))}
        for k, count in enumerate(counts)
        for n in range(count)
    ]
    members = people(*(str(arc["referred"]) for arc in arcs))
    last = {"z": {"status": "closed", "joined": str(start + timedelta(weeks=len(counts) - 1))}}
    return company(people("a") | members | last, arcs)


@pytest.mark.parametrize(
    ("counts", "bursts"),
    [
        ([1, 0, 0, 0, 0, 0, 0, 6, 0, 0], 1),
        ([1, 0, 0, 0, 0, 0, 0, 4, 0, 0], 0),
        ([3, 4, 5, 4, 3, 5, 4, 12], 1),
        ([5, 6, 5, 7, 6, 5, 6, 7], 0),
        ([6], 0),
        ([2, 0, 2, 2, 2, 0, 9, 2], 1),
    ],
)
def test_integrity_many_referrals_on_a_day_are_a_burst(counts: list[int], bursts: int) -> None:
    frame = ask(make_weekly(counts)).frame.filter(code="burst")
    assert frame.height == bursts
    if bursts:
        assert frame["referrals"].to_list() == [max(counts)]
        assert frame["parties"].to_list() == [max(counts) + 1]


def test_integrity_inside_group_excludes_associations() -> None:
    data = company(people("a", "b", group="G") | people("c"), [("a", "b"), ("b", "c")])
    assert find_cases(data)["inside-group"] == {"a; b"}


def test_exclude_code_leaves_its_referrals_out_with_a_note() -> None:
    data = farm(3)
    result = ask(data, "alias-farm")
    assert "alias-farm" not in set(result.frame["code"])
    is_case = next(note for note in result.notes if note.id == "note.excluded")
    assert is_case.values["referrals"] == 3
    assert (is_case.values["before"], is_case.values["after"]) == (3 / 14, 0.0)
    assert (is_case.values["changed"], is_case.values["top"]) == (1, 1)


def test_integrity_self_referral_shows_file_and_line() -> None:
    data = company(people("a", "b"), [("a", "a"), ("a", "b")])
    row = ask(data).frame.row(0, named=True)
    assert (row["code"], row["severity"], row["rows"]) == (
        "self-referral",
        "high",
        "referrals.csv:2",
    )


def test_cases_without_a_line_have_an_empty_place() -> None:
    """A loop is no row of a file."""
    rows = ask(company(people("a", "b", "c"), [("a", "b"), ("b", "a"), ("c", "a")])).frame
    loop = rows.row(by_predicate=pl.col("code") == "referral-loop", named=True)
    assert loop["rows"] == "" and rows["rows"].null_count() == 0
