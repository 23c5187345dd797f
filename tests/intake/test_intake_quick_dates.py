"""The quick way of reading plain ISO dates gives what the patterns give, whatever the text."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.intake.cast import Rules, cast
from refgraph.intake.mapping import Mapped
from refgraph.model.fields import known

FORM = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ][\d:.,+Z-]*)?\s*|\s*(\d{4})(\d{2})(\d{2})\s*", re.ASCII)
TEXTS = st.text("0123456789-+ /.年T", min_size=6, max_size=11) | st.dates().map(str) | st.from_regex(
    r"[ +-]?\d{2,5}-[ +]?\d{1,2}-[ +]?\d{1,2}", fullmatch=True)


def slowly(text: str) -> date | None:
    found = FORM.fullmatch(text)
    if not found:
        return None
    try:
        return date(*(int(x) for x in found.groups() if x is not None))
    except ValueError:
        return None


def read(texts: list[str]) -> list[date | None]:
    field = known("customers", "joined")
    assert field
    value, _ = cast(pl.col("x"), Mapped(field, "x"), Rules())
    return pl.DataFrame({"x": texts}).select(value.alias("v"))["v"].to_list()


@settings(max_examples=600, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_as_the_patterns(texts: list[str]) -> None:
    assert read(texts) == [slowly(text) for text in texts]


@pytest.mark.parametrize("text", ["+2024-2-29", "2024- 2-29", "-024-02-29", "10000-10-1", "24-02-0029", "2024-02-30"])
def test_what_a_lenient_reader_takes_is_refused(text: str) -> None:
    assert read([text, "2024-02-29"]) == [None, date(2024, 2, 29)]
