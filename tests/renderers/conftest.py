"""Texts for the columns and sentences of the samples, beside the real ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.browser import open_browser
from support.render_samples import SENTENCES, TITLES

from refgraph import texts


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A running Chromium; see `open_browser`."""
    yield from open_browser()


@pytest.fixture(autouse=True)
def sample_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adds the sample keys to the tables of both languages for one test."""
    for lang in texts.LANGUAGES:
        tables = texts.load_texts(lang)
        more = {
            "title": TITLES[lang],
            "column": {k: f"{v}, meant" for k, v in TITLES[lang].items()},
            "note": SENTENCES[lang],
            "caption": {"test-caption": f"Caption {lang}"},
        }
        for table, keys in more.items():
            monkeypatch.setitem(tables, table, tables.get(table, {}) | keys)
