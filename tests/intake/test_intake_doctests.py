"""The examples in the docstrings of intake hold."""

import doctest

import pytest

from refgraph.intake import date_words, mapping, numbers


@pytest.mark.parametrize(
    "module", [date_words, mapping, numbers], ids=lambda module: module.__name__
)
def test_docstring_examples_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0 and result.failed == 0
