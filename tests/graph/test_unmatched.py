"""What to do about referrers that match no customer."""

from __future__ import annotations

import shlex

import pytest
from support.toys import company

from refgraph.graph.unmatched import diagnose_unmatched, make_column_option


@pytest.mark.parametrize("header", ["老客户", "Came Through", "it's", "a'b\"c d", "$HOME", "x;y"])
def test_column_option_is_one_word_of_a_shell(header: str) -> None:
    option = make_column_option("customers.id", header)
    assert shlex.split(option) == ["--column", f"customers.id={header}"]


def test_diagnosis_counts_each_unmatched_referrer_once() -> None:
    people = {id: {} for id in ("1", "2", "3", "4")}
    arcs = [("1.0", "2"), ("1.0", "3"), ("1.0", "4"), ("2.0", "3"), ("x", "4")]
    diagnosis = diagnose_unmatched(company(people, arcs), "referrer")
    assert (diagnosis.matched, diagnosis.option) == (2, "--repair-ids")
