"""Texts that go through a spreadsheet: protected ones are inert, and come back as they were."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.model.spreadsheet_text import protect, unprotect

ODD = st.text(st.sampled_from("'=+-@;\t\r\n 0159eE./:,(甲aＪ＝\u200b"), max_size=8)


def apply(expression: pl.Expr, *texts: str) -> list[str]:
    return pl.DataFrame({"text": list(texts)}).select(expression).to_series().to_list()


@given(st.lists(ODD, min_size=1, max_size=20))
@settings(max_examples=cases(300), deadline=None)
def test_protected_text_is_inert_and_comes_back(texts: list[str]) -> None:
    shown = apply(protect(pl.col("text")), *texts)
    assert apply(unprotect(pl.col("text")), *shown) == texts
    for text in shown:
        assert not re.match(r"[\s\u200b]*[=+\-@＝]", text)
        assert not re.search(r"[;\t\r\n][\s\u200b]*[=+\-@＝]", text)


@pytest.mark.parametrize(
    "text", ["0012", "138000000001", "1e5", "3-4", "2024/1/2", "TRUE", "Sept 2", "50%", "￥5", "'a"]
)
def test_text_that_a_spreadsheet_would_change_is_marked(text: str) -> None:
    assert apply(protect(pl.col("text")), text) == [f"'{text}"]


@pytest.mark.parametrize("text", ["KH0001", "101", "0", "河钢", "Ada Lee", "", "may day"])
def test_plain_text_is_left_alone(text: str) -> None:
    assert apply(protect(pl.col("text")), text) == [text]
