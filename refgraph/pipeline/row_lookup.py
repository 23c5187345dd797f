"""Find a row of an answer by what a person types: an id, a word as printed, or a name."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from refgraph.errors import UsageError
from refgraph.model.parameter_values import describe_value, suggest_nearest
from refgraph.model.units import Unit
from refgraph.registry import Analysis

MAX_KNOWN = 8
"""Rows that an error names."""
MAX_COMPARED = 2000
"""Names that a mistyped one is compared with."""


def find_row(analysis: Analysis, frame: pl.DataFrame, texts: Sequence[str]) -> int:
    """The number of the only row that all texts fit; without a text, of the only row there is.

    An id comes before a word as printed, and that before a name. Raises UsageError
    ``unknown-row``, ``several-rows``.
    """
    keys = [name for name in analysis.keys if name in frame.columns]
    words = [c.name for c in analysis.columns if c.name in keys and c.unit is Unit.LABEL]
    for fits in (_fits_id, _fits_label, _fits_name):
        mask = pl.repeat(True, frame.height, eager=True)
        for text in texts:
            mask &= fits(frame, text, words if fits is _fits_label else keys)
        found = mask.arg_true()
        if len(found) == 1:
            return int(found[0])
        if len(found) > 1 and (texts or fits is _fits_name):
            known = _list_rows(frame[found], keys)[:MAX_KNOWN]
            shown = describe_value(" ".join(texts))
            raise UsageError("several-rows", name=shown, known=known, keys=keys)
    known = _list_rows(frame.head(MAX_COMPARED), keys)
    near = suggest_nearest(texts[0] if texts else "", known)
    shown = describe_value(" ".join(texts))
    raise UsageError(
        "unknown-row", name=shown, analysis=analysis.name, known=known[:MAX_KNOWN], near=near
    )


def _fits_id(frame: pl.DataFrame, text: str, keys: Sequence[str]) -> pl.Series:
    return _is_any(frame, [pl.col(key).cast(pl.String) == text for key in keys])


def _fits_label(frame: pl.DataFrame, text: str, words: Sequence[str]) -> pl.Series:
    """Whether the text is a word as a table shows it, in either language, or an id."""
    from refgraph.texts import LANGUAGES, get_label  # not needed to open a source

    fits = [_fits_id(frame, text, words)]
    for name in words:
        known = frame[name].drop_nulls().unique()
        same = [w for w in known if text in [get_label(w, lang) for lang in LANGUAGES]]
        fits.append(frame[name].is_in(same).fill_null(False))
    return pl.select(pl.any_horizontal(fits)).to_series()


def _fits_name(frame: pl.DataFrame, text: str, keys: Sequence[str]) -> pl.Series:
    """Whether the text is the name or the rank of the row, or an id."""
    others = ("name", "rank")
    names = [c for c in frame.columns if c in others or c.endswith("_name") or c in keys]
    return _is_any(frame, [pl.col(name).cast(pl.String) == text for name in names])


def _is_any(frame: pl.DataFrame, conditions: Sequence[pl.Expr]) -> pl.Series:
    if not conditions:
        return pl.repeat(False, frame.height, eager=True)
    return frame.select(pl.any_horizontal(conditions).fill_null(False).alias("fits"))["fits"]


def _list_rows(frame: pl.DataFrame, keys: Sequence[str]) -> list[str]:
    """The keys of the rows, in one text each."""
    parts = [pl.col(key).cast(pl.String).fill_null("") for key in keys]
    return frame.select(pl.concat_str(parts, separator=" ").alias("key"))["key"].to_list()
