"""What to do about referrers that match no customer."""

from __future__ import annotations

import shlex

import pytest

from refgraph.graph.unmatched import make_column_option


@pytest.mark.parametrize("header", ["老客户", "Came Through", "it's", "a'b\"c d", "$HOME", "x;y"])
def test_column_option_is_one_word_of_a_shell(header: str) -> None:
    option = make_column_option("customers.id", header)
    assert shlex.split(option) == ["--column", f"customers.id={header}"]
