"""Which family, method or tie a source belongs to: the shipped lists, with what ``[channels]`` of refgraph.toml adds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from refgraph.errors import DataError
from refgraph.graphs.amounts import whole
from refgraph.graphs.groups import BLANK
from refgraph.model.graph import Floats, Graph
from refgraph.model.vocabulary import NONE_WORDS

OTHER = {"family": "method", "method": "family"}
OWN, UNTOLD = "own-sales", "not-told"
"""Own sales stand beside families and methods; a source that names a family only tells no method, and the other way round."""
LAW = 250
"""People whom one person knows: Girard's law of 250, an assumption, ``reach`` in ``[channels]``."""


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
    """A column of texts as words of a level; a blank is ``not_recorded``.

    A writing that no list knows stays as it is; one that only the other of family and method knows is ``not-told``.
    """
    plain = column.str.strip_chars()
    table = words(graph, level)
    other = {writing: word if word == OWN else UNTOLD for writing, word in words(graph, OTHER.get(level, "")).items()}
    known = plain.str.to_lowercase().replace_strict(other | table, default=None, return_dtype=pl.String)
    blank = plain.is_null() | plain.str.to_lowercase().is_in(NONE_WORDS)
    frame = pl.DataFrame({"plain": plain, "known": known, "blank": blank})
    return frame.select(
        pl.when("blank").then(pl.lit(BLANK)).otherwise(pl.coalesce("known", "plain")).alias("channel")).to_series()


def reach(graph: Graph) -> int:
    """``reach`` of ``[channels]``, else `LAW`. Raises DataError unless it is above 0."""
    own: Any = graph.settings.other.get("channels", {})
    found = own.get("reach", LAW)
    if found <= 0:
        raise DataError("config-type", file="refgraph.toml", name="[channels] reach", value=found, kind="whole")
    return int(found)


def margins(graph: Graph) -> tuple[Floats, Floats] | None:
    """float64[n] twice, whole in a common scale where decimals allow: profit and revenue of each party by its orders in the
    scope's window, else by its own columns; None where either is not recorded."""
    names = ("profit", "revenue")
    if graph.orders is not None and all(graph.has(f"orders.{name}") for name in names):
        kept = np.ones(graph.orders.height, np.bool_)
        for end, late in ((graph.scope.since, False), (graph.scope.until, True)):
            if end is not None:
                kept &= graph.orders.select(pl.col("at") <= end if late else pl.col("at") >= end).to_series().to_numpy()
        rows = graph.orders.filter(pl.Series(kept))
        amounts, place = [rows[name] for name in names], rows["customer"].to_numpy()
    elif all(graph.has(f"customers.{name}") for name in names):
        amounts, place = [graph.parties[name] for name in names], np.arange(len(graph))
    else:
        return None
    both, _ = whole(np.concatenate([each.fill_null(0.0).to_numpy() for each in amounts]))
    profit, revenue = (np.bincount(place, weights=each, minlength=len(graph)) for each in np.split(both, 2))
    return profit.astype(np.float64), revenue.astype(np.float64)
