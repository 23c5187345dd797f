"""What the cells of a column look like: dates, numbers, words, ids, names of customers, lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import polars as pl

from refgraph.intake.cast import normalize_word
from refgraph.intake.dates import read_dates
from refgraph.intake.referred_by import SEPARATORS
from refgraph.model.vocabulary import EMPTY_WORDS, NOBODY_WORDS

SAMPLE_ROWS = 20_000
"""Rows of a table that are looked at, from its start."""
_NUMBER = r"^[-+(]?\s*[¥￥$€£]?\s*\d[\d,. ]*\s*[元万亿%)]*$"
_CODE = r"^[!-~]*\d[!-~]*$"
_MAX_EXAMPLES = 3
_MOST_DISTINCT = 0.9
"""Share of the filled cells of a column that differ if they identify their rows."""


class ColumnShape:
    """A column of text: its cells without spaces around them, words for "empty" left out.

    Shares are of the filled cells, 0.0 if there is none.
    """

    def __init__(self, header: str, cells: pl.Series) -> None:
        self.header = header
        texts = cells.head(SAMPLE_ROWS).str.strip_chars().replace("", None)
        is_word = texts.alias("t").to_frame().select(normalize_word(pl.col("t")).is_in(EMPTY_WORDS))
        self.rows = texts.len()
        self.cells = texts.set(is_word.to_series().fill_null(False), None)
        self.filled = self.cells.drop_nulls()

    @cached_property
    def distinct(self) -> pl.Series:
        """The different filled cells, in order."""
        return self.filled.unique(maintain_order=True)

    @property
    def examples(self) -> list[str]:
        """The first few different cells."""
        return self.distinct.head(_MAX_EXAMPLES).to_list()

    @property
    def is_unique(self) -> bool:
        """Whether every row has a cell of its own."""
        return 0 < self.rows == self.filled.len() == self.distinct.len()

    @cached_property
    def dates(self) -> float:
        """Share of cells that are dates, whatever the order of day and month."""
        return max(self._find_share_of_dates(forms) for forms in ((), ("dmy",), ("mdy",)))

    @property
    def numbers(self) -> float:
        """Share of cells that look like numbers or amounts."""
        return _get_share(self.filled.str.contains(_NUMBER))

    @property
    def codes(self) -> float:
        """Share of cells that look like ids: ASCII without spaces, with a digit."""
        return _get_share(self.filled.str.contains(_CODE))

    @property
    def identifies(self) -> bool:
        """Whether most cells are codes that differ, such as e-mails; no numbers, no dates."""
        is_distinct = self.distinct.len() > _MOST_DISTINCT * self.filled.len()
        return is_distinct and self.codes > 0.5 > max(self.numbers, self.dates)

    def count_words(self, words: Collection[str]) -> float:
        """Share of cells that are one of these words, in lower case."""
        cells = self.filled.alias("t").to_frame().select(normalize_word(pl.col("t")))
        return _get_share(cells.to_series().is_in(list(words)))

    def match_keys(self, keys: pl.Series, own: pl.Series | None = None) -> float:
        """Share of cells that are one of the keys, those of nobody left out.

        own: key of each row itself, which does not count. Each name of a list counts as a cell.
        """
        frame = pl.DataFrame({"cell": self.cells})
        frame = frame.with_columns(own=pl.lit(None, pl.String) if own is None else own)
        frame = frame.drop_nulls("cell")
        frame = frame.filter(~normalize_word(pl.col("cell")).is_in(NOBODY_WORDS))
        whole = pl.col("cell").is_in(keys.implode())
        parts = pl.col("cell").str.replace_all(SEPARATORS, "\x00").str.split("\x00")
        split = frame.with_columns(
            cell=pl.when(whole).then(pl.concat_list("cell")).otherwise(parts)
        ).explode("cell")
        is_key = split["cell"].is_in(keys.implode()) & split["cell"].ne_missing(split["own"])
        return _get_share(is_key)

    def _find_share_of_dates(self, forms: Sequence[str]) -> float:
        if not self.filled.len():
            return 0.0
        dates = read_dates(self.filled, forms).values
        return 1 - dates.null_count() / self.filled.len()


def _get_share(is_true: pl.Series) -> float:
    return float(is_true.sum()) / is_true.len() if is_true.len() else 0.0


def list_shapes(frame: pl.DataFrame) -> dict[str, ColumnShape]:
    """Header -> the shape of its column."""
    return {header: ColumnShape(header, frame[header]) for header in frame.columns}
