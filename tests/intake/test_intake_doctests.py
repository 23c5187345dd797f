"""The examples in the docstrings of what reads text hold."""

import doctest

import pytest

from refgraph.intake import date_words, header_matches, numbers
from refgraph.model import setting_lines


@pytest.mark.parametrize(
    "module",
    [date_words, header_matches, numbers, setting_lines],
    ids=lambda module: module.__name__,
)
def test_docstring_examples_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0 and result.failed == 0
