"""Which family, method or tie a source belongs to: the shipped lists, with what ``[channels]`` of refgraph.toml adds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from refgraph.graphs.groups import BLANK
from refgraph.model.graph import Graph
from refgraph.model.vocabulary import NONE_WORDS


@cache
def _shipped() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("refgraph.data").joinpath("channels.toml").read_text(encoding="utf-8"))


def words(graph: Graph, level: str) -> dict[str, str]:
    """Every writing, in lower case -> the word it means, of ``family``, ``method`` or ``tie`` (of nothing: none).

    What ``[channels]`` of refgraph.toml says of a writing goes before what is shipped.
    """
    if not level:
        return {}
    own: Any = graph.settings.other.get("channels", {})
    added = own.get(level, {}) if isinstance(own, Mapping) else {}
    found: dict[str, str] = {}
    for table in (_shipped()[level], added):
        for word, writings in table.items():
            several = writings if isinstance(writings, list) else [writings]
            found |= {str(each).strip().lower(): word for each in (word, *several)}
    return found


def told(graph: Graph, column: pl.Series, level: str) -> pl.Series:
    """A column of texts as words of a level; a writing that no list knows stays as it is, a blank is ``not_recorded``."""
    plain = column.str.strip_chars()
    known = plain.str.to_lowercase().replace_strict(words(graph, level), default=None, return_dtype=pl.String)
    blank = plain.is_null() | plain.str.to_lowercase().is_in(NONE_WORDS)
    frame = pl.DataFrame({"plain": plain, "known": known, "blank": blank})
    return frame.select(
        pl.when("blank").then(pl.lit(BLANK)).otherwise(pl.coalesce("known", "plain")).alias("channel")).to_series()
