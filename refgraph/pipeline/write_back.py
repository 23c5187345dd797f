"""An answer as properties and labels of nodes: which columns, under which names."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from refgraph import analyses
from refgraph.engines.write_back import WriteBack
from refgraph.errors import UsageError
from refgraph.model.result import Column, Result
from refgraph.model.units import Unit

DEFAULT_PREFIX = "refgraph_"
OWN_NAMES = frozenset({"refgraph_row"})
"""Properties that a load uses."""
SHOWN_NAMES = ("name",)
"""Columns that nodes have anyway."""
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORD = re.compile(r"[^\W_]+")


def plan_write_back(
    result: Result,
    fingerprint: str,
    *,
    prefix: str = DEFAULT_PREFIX,
    columns: Sequence[str] = (),
    labels: Sequence[str] = (),
    node_label: str = "Customer",
    node_key: str = "id",
) -> WriteBack:
    """The plan to write an answer with one row per customer into the nodes of a label.

    columns: empty = all but the id and the name. labels: columns of words that also become labels:
    ``account`` gives ``RefgraphKeyAccount`` to key accounts. Raises UsageError ``bad-prefix``,
    ``answer-without-nodes``, ``unknown-column-to-write``, ``not-a-label-column``,
    ``write-back-taken``.
    """
    if not _PREFIX.fullmatch(prefix):
        raise UsageError("bad-prefix", prefix=prefix)
    key = _find_key(result)
    known = {c.name: c for c in result.columns if c.name not in (key, *SHOWN_NAMES)}
    chosen = [_look_up(known, name) for name in columns or known]
    frame = result.frame.filter(pl.col(key).is_not_null()).sort(key)
    values = frame.select(pl.col(c.name).alias(prefix + c.name) for c in chosen)
    marks = pl.DataFrame([m for name in labels for m in _mark(frame, known, name, prefix)])
    marker = f"{prefix}{result.analysis.replace('-', '_')}_run"
    clashing = sorted(OWN_NAMES.intersection(values.columns))
    if clashing or marker in values.columns:
        raise UsageError("write-back-taken", names=clashing or [marker], nodes=frame.height)
    return WriteBack(
        analysis=result.analysis,
        parameters=result.parameters,
        fingerprint=fingerprint,
        keys=frame[key],
        values=values,
        marks=marks,
        marker=marker,
        label=node_label,
        key=node_key,
    )


def _find_key(result: Result) -> str:
    """The column whose id names the node of each row. Raises UsageError."""
    keys = analyses.load(result.analysis).keys
    units = {column.name: column.unit for column in result.columns}
    is_id = len(keys) == 1 and units.get(keys[0]) is Unit.ID
    if not is_id or result.frame[keys[0]].is_duplicated().any():
        raise UsageError("answer-without-nodes", analysis=result.analysis, grain=result.grain)
    return keys[0]


def _look_up(known: dict[str, Column], name: str) -> Column:
    """Raises UsageError ``unknown-column-to-write``."""
    if name not in known:
        raise UsageError("unknown-column-to-write", column=name, known=list(known))
    return known[name]


def _mark(frame: pl.DataFrame, known: dict[str, Column], name: str, prefix: str) -> list[pl.Series]:
    """One column per word of a column: whether a row has it. Raises UsageError."""
    if _look_up(known, name).unit is not Unit.LABEL or frame[name].dtype != pl.String:
        words = [c.name for c in known.values() if c.unit is Unit.LABEL]
        raise UsageError("not-a-label-column", column=name, known=words or ["–"])
    words = frame[name].drop_nulls().unique().sort().to_list()
    series = []
    for word in words:
        label = to_label(prefix, word, name)
        series.append((frame[name] == word).fill_null(False).alias(label))
    return series


def to_label(prefix: str, word: str, column: str) -> str:
    """The label of a word: ``refgraph_``, ``account-key``, ``account`` give RefgraphKeyAccount."""
    ending = _WORD.findall(column)
    words = [part for part in _WORD.findall(word) if part not in ending]
    return "".join(part[0].upper() + part[1:] for part in (*_WORD.findall(prefix), *words, *ending))
