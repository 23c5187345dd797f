"""Proposed matches: each rule proposes what it promises, and near misses are no proposals."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.intake.firm_proposals import propose_firms
from refgraph.intake.match_proposals import MAX_CANDIDATES, add_keys, propose_customers
from refgraph.intake.match_rules import match_parts
from refgraph.intake.short_names import match_short_names
from refgraph.intake.similar_names import match_similar_names

FULL_NAME = "河北钢铁集团有限公司"


def number(names: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"name": names}, schema={"name": pl.String}).with_row_index("number")


def propose(written: str, names: list[str]) -> list[tuple[str, str]]:
    """(rule, name) of every proposal for one text."""
    pairs = propose_customers(pl.Series([written]), number(names)).pairs
    return [(rule, names[k]) for k, rule in pairs.select("offered", "rule").iter_rows()]


@pytest.mark.parametrize(
    ("written", "name", "rule"),
    [
        ("河北鋼鐵集團", FULL_NAME, "other-script"),
        ("乙二先生", "乙二", "without-title"),
        ("Mr Tom Smith", "Tom Smith", "without-title"),
        ("ABC（中国）有限公司", "ABC有限公司", "without-brackets"),
        ("河北钢铁", FULL_NAME, "without-group-word"),
        ("Aspen Holdings Ltd", "Aspen PLC", "without-group-word"),
        ("鲁能塔杆", "济南鲁能塔杆有限公司", "without-place"),
        ("河北省唐山市瑞丰机械", "唐山瑞丰机械有限公司", "without-place"),
        ("大连船用阀门有限公司沈阳分公司", "大连船用阀门有限公司", "branch-name"),
        ("Acme Ltd London Branch", "Acme Ltd", "branch-name"),
        ("唐山瑞丰", "唐山瑞丰机械有限公司", "part-of-name"),
        ("唐山瑞丰机械制造", "唐山瑞丰机械有限公司", "part-of-name"),
        ("Smith Sons", "Smith Sons Engineering", "part-of-name"),
        ("河钢", FULL_NAME, "short-name"),
        ("河钢集团", FULL_NAME, "short-name"),
        ("中石化", "中国石油化工股份有限公司", "short-name"),
        ("郑州宇通零件有限公司", "郑州宇通零部件有限公司", "similar-name"),
        ("Smyth Engineering Ltd", "Smith Engineering", "similar-name"),
    ],
)
def test_name_is_proposed_by_the_rule_for_its_difference(
    written: str, name: str, rule: str
) -> None:
    assert propose(written, [name, "完全无关物资"]) == [(rule, name)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("中铁一建筑工程", "中铁二建筑工程"),
        ("北京燃气", "深圳燃气"),
        ("唐山瑞丰机械", "沧州瑞丰机械"),
        ("燃气", "北京燃气"),
        ("张*", "张伟"),
        ("王总", "王二"),
        ("张伟", "张维"),
        ("瑞丰机械", "瑞峰机械"),
        ("Smith", "Smith Engineering"),
        ("Smith So", "Smith Sons"),
        ("钢河", FULL_NAME),
        ("A17", "A18"),
    ],
)
def test_near_miss_is_no_proposal(written: str, name: str) -> None:
    assert propose(written, [name]) == []


def test_surer_rule_silences_the_vague_ones() -> None:
    names = ["河北钢铁集团有限公司", "河北钢铁物资有限公司"]
    assert propose("河北钢铁", names) == [("without-group-word", names[0])]


def test_name_that_fits_too_many_has_no_proposal_and_is_reported() -> None:
    names = [f"河北钢铁{word}有限公司" for word in ("物资", "贸易", "运输", "建材")]
    assert len(names) > MAX_CANDIDATES
    found = propose_customers(pl.Series(["河北钢铁", "无关公司"]), number(names))
    assert not found.pairs.height
    assert found.vague.to_list() == [0]
    assert len(propose("河北钢铁", names[:MAX_CANDIDATES])) == MAX_CANDIDATES


LETTERS = "甲乙丙丁戊己庚辛"
LONG_NAMES = st.lists(st.text(st.sampled_from(LETTERS), min_size=3, max_size=9), max_size=12)


def find_pairs(pairs: pl.DataFrame) -> set[tuple[int, int]]:
    return set(pairs.select("wanted", "offered").iter_rows())


def count_errors(one: str, other: str) -> int:
    """Optimal string alignment by its recursion, written without any library."""
    rows = [[k + m for m in range(len(other) + 1)] for k in range(len(one) + 1)]
    for k in range(1, len(one) + 1):
        for m in range(1, len(other) + 1):
            is_other = one[k - 1] != other[m - 1]
            best = min(rows[k - 1][m] + 1, rows[k][m - 1] + 1, rows[k - 1][m - 1] + is_other)
            if k > 1 and m > 1 and one[k - 2 : k] == other[m - 1] + other[m - 2]:
                best = min(best, rows[k - 2][m - 2] + 1)
            rows[k][m] = best
    return rows[-1][-1]


@given(LONG_NAMES, LONG_NAMES)
@settings(max_examples=cases(300), deadline=None)
def test_similar_names_are_those_one_error_apart(left: list[str], right: list[str]) -> None:
    found = {
        pair
        for pairs in match_similar_names(add_keys(number(left)), add_keys(number(right)))
        for pair in find_pairs(pairs)
    }
    expected = {
        (k, m)
        for k, one in enumerate(left)
        for m, other in enumerate(right)
        if k != m and min(len(one), len(other)) >= 5 and count_errors(one, other) == 1
    }
    assert found == expected


@given(LONG_NAMES, LONG_NAMES)
@settings(max_examples=cases(200), deadline=None)
def test_parts_are_beginnings_of_four_characters(left: list[str], right: list[str]) -> None:
    found = {
        pair
        for pairs in match_parts(add_keys(number(left)), add_keys(number(right)))
        for pair in find_pairs(pairs)
    }
    expected = set()
    for k, one in enumerate(left):
        for m, other in enumerate(right):
            short, long = sorted((one, other), key=len)
            if 3 <= len(short) < len(long) and long.startswith(short):
                expected.add((k, m))
    assert found == expected


def is_in_order(short: str, name: str) -> bool:
    rest = iter(name)
    return short[0] == name[0] and all(character in rest for character in short)


@given(LONG_NAMES, LONG_NAMES)
@settings(max_examples=cases(200), deadline=None)
def test_short_names_are_found_in_order_from_the_first_character(
    left: list[str], right: list[str]
) -> None:
    found = find_pairs(match_short_names(add_keys(number(left)), add_keys(number(right))))
    expected = {
        (k, m)
        for k, one in enumerate(left)
        for m, other in enumerate(right)
        if len(one) <= 4 and len(one) < len(other) and is_in_order(one, other)
    }
    assert found == expected


COLUMNS = ("tax_id", "region", "phone", "email", "kind")


def propose_merges(*customers: dict[str, str]) -> list[tuple[str, str, str]]:
    """(written, candidate, rule) of every proposal; ids are positions."""
    schema = dict.fromkeys(("id", "name", *COLUMNS), pl.String)
    rows = [{"id": str(k)} | customer for k, customer in enumerate(customers)]
    frame = pl.DataFrame(rows, schema=schema)
    pairs = propose_firms(frame).pairs
    return [
        (str(a), str(b), rule)
        for a, b, rule in pairs.select("wanted", "offered", "rule").iter_rows()
    ]


def test_three_spellings_of_one_firm_lead_to_the_longest_name_without_detours() -> None:
    names = ["河钢集团", FULL_NAME, "河北钢铁"]
    merges = propose_merges(*({"name": name} for name in names))
    assert merges == [("0", "1", "short-name"), ("2", "1", "without-group-word")]


@pytest.mark.parametrize(
    "facts",
    [
        ({"tax_id": "91A"}, {"tax_id": "91B"}),
        ({"region": "河北"}, {"region": "山东"}),
    ],
)
def test_customers_distinguished_by_another_column_are_not_proposed(
    facts: tuple[dict[str, str], dict[str, str]],
) -> None:
    one, other = {"name": "瑞丰机械有限公司"}, {"name": "瑞丰机械集团"}
    assert len(propose_merges(one, other)) == 1
    assert not propose_merges(one | facts[0], other | facts[1])


def test_persons_of_one_name_are_proposed_only_with_a_common_contact() -> None:
    assert not propose_merges({"name": "张伟"}, {"name": "张伟"})
    assert not propose_merges({"name": "张伟", "phone": "1"}, {"name": "张伟", "phone": "2"})
    both = propose_merges({"name": "张伟", "phone": "1"}, {"name": "张伟", "phone": "1"})
    assert [rule for *_, rule in both] == ["same-name"]


def test_one_tax_number_is_proposed_whatever_the_names_are() -> None:
    found = propose_merges(
        {"name": "甲公司", "tax_id": "91 a"}, {"name": "乙丙丁", "tax_id": "91A"}
    )
    assert [rule for *_, rule in found] == ["by-tax-id"]


def test_branch_among_the_customers_is_a_customer_of_its_own() -> None:
    assert not propose_merges({"name": FULL_NAME}, {"name": f"{FULL_NAME}唐山分公司"})
