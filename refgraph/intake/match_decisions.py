"""What a person decided in the file of proposed matches: which rows can be applied, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from refgraph.errors import DataError
from refgraph.intake.cast import normalize_word
from refgraph.intake.firm_groups import group_firms
from refgraph.intake.partition import Partition
from refgraph.intake.rejects import make_rejects
from refgraph.intake.typed_columns import TypedTable
from refgraph.kernels.id_index import IdIndex
from refgraph.model.matches import (
    CELL,
    KIND_WORDS,
    MANDATORY_COLUMNS,
    MATCH_COLUMNS,
    NO_WORDS,
    SAME_FIRM,
    YES_WORDS,
)
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.spreadsheet_text import unprotect

_COLUMNS = ("kind", "written", "candidate", "name", "confirm")
DECISIONS_SCHEMA = {
    **dict.fromkeys(_COLUMNS, pl.String),
    "file": pl.String,
    "line": pl.Int64,
}
_DECISIONS = {**dict.fromkeys(YES_WORDS, "yes"), **dict.fromkeys(NO_WORDS, "no"), "": ""}
_KINDS = {word: kind for kind, words in KIND_WORDS.items() for word in words}
_WORKBOOK = r"(?i)\.(?:xls[xmb]?|ods)(?:\[.*)?$"
"""Workbooks keep texts as they are, so theirs have no apostrophes to drop."""


class Decisions(NamedTuple):
    """cells: ``written`` and ``candidate``, the id of the customer that it means. firms: the same
    for customers, ``written`` being the id of one that is part of another.

    partition: what became of every row; rows without a decision, with "no", and of customers that
    are no longer there are skipped. skipped: code of the reason -> rows.
    """

    cells: pl.DataFrame
    firms: pl.DataFrame
    partition: Partition
    skipped: Mapping[str, int]


def cast_matches(raw: RawTable) -> TypedTable:
    """The columns of a file of matches, `DECISIONS_SCHEMA`, with words in their usual form.

    A kind or a decision that is no known word is null. Raises DataError ``match-column-missing``.
    """
    headers = {header.strip().lower(): header for header in raw.frame.columns}
    found: dict[str, str] = {}
    for column in _COLUMNS:
        names = [headers[name] for name in MATCH_COLUMNS[column] if name in headers]
        if names:
            found[column] = names[0]
        elif column in MANDATORY_COLUMNS:
            seen = list(raw.frame.columns)
            raise DataError("match-column-missing", file=raw.file, column=column, seen=seen)
    cells = {column: pl.col(header).fill_null("") for column, header in found.items()}
    if pl.select(~pl.lit(raw.file).str.contains(_WORKBOOK)).item():
        protected = [name for name in ("written", "candidate", "name") if name in cells]
        cells |= {column: unprotect(cells[column]) for column in protected}
    frame = raw.frame.select(
        kind=normalize_word(cells.get("kind", pl.lit(""))).replace_strict(_KINDS, default=None),
        written=cells["written"],
        candidate=cells["candidate"],
        name=cells.get("name", pl.lit("")),
        confirm=normalize_word(cells["confirm"]).replace_strict(_DECISIONS, default=None),
        file=pl.lit(raw.file),
    )
    frame = frame.with_columns(line=raw.line.cast(pl.Int64)).cast(DECISIONS_SCHEMA)  # type: ignore[arg-type]
    rejects = pl.concat([raw.rejects, raw.cell_rejects])
    return TypedTable(frame=frame, rejects=rejects, headers={}, units=frozenset())


def settle_decisions(
    tables: Sequence[TypedTable], customers: pl.DataFrame, index: IdIndex
) -> Decisions:
    """Which decisions can be applied to these customers.

    Rejected are words that are unknown, candidates that are no customer, texts that are the ID or
    the exact name of another customer, and decisions that contradict each other. Skipped are those
    whose candidate bears another name than when they were made. customers: with ``id`` and
    ``name``. index: of their ids.
    """
    rows = pl.concat([table.frame for table in tables])
    work = _Sorting(rows)
    for column in ("kind", "confirm"):
        work.reject(pl.col(column).is_null(), "unknown-word", column)
    refused = work.rest.filter(pl.col("confirm") == "no")
    work.skip(pl.col("confirm") == "", "match-undecided")
    work.skip(pl.col("confirm") == "no", "match-refused")
    work.reject(pl.col("written") == "", "missing-value", "written")
    work.rest = _find_candidates(work.rest, customers, index)
    work.reject(pl.col("candidate_id").is_null(), "match-unknown-candidate", "candidate")
    work.skip(_has_other_name(), "match-other-name")
    is_id = index.find_indices(work.rest["written"]).is_not_null()
    work.rest = work.rest.with_columns(is_id=is_id)
    is_firm = pl.col("kind") == SAME_FIRM
    work.reject(~is_firm & pl.col("is_id"), "match-names-an-id", "written")
    work.skip(is_firm & ~pl.col("is_id"), "stale-match")
    work.drop_repeated()
    refused = _find_candidates(refused, customers, index)
    target = _settle_firms(work, refused)
    _settle_cells(work, refused, target)
    is_taken = _bears_other_name(work.rest, customers, target)
    work.reject((pl.col("kind") == CELL) & is_taken, "match-names-a-customer", "written")
    accepted = work.rest
    is_firm_row = accepted["kind"] == SAME_FIRM
    firms = pl.DataFrame(
        {"written": list(target), "candidate": list(target.values())},
        schema={"written": pl.String, "candidate": pl.String},
    )
    cells = accepted.filter(~is_firm_row).select("written", candidate="final")
    return Decisions(cells, firms, work.to_partition(), work.counts)


class _Sorting:
    """The rows that are still to be judged, and what became of the others."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rest = rows
        self.counts: Counter[str] = Counter()
        self._rejected = [make_empty_rejects()]
        self._skipped = [rows.clear()]
        self._repeated = [rows.clear()]

    def reject(self, condition: pl.Expr, code: str, column: str) -> None:
        """Reject the rows that meet a condition."""
        self._rejected.append(make_rejects(self._take(condition), code, column, column))

    def skip(self, condition: pl.Expr, code: str) -> None:
        """Skip the rows that meet a condition."""
        taken = self._take(condition)
        self.counts[code] += taken.height
        self._skipped.append(taken)

    def drop_repeated(self) -> None:
        """Count rows that say the same as an earlier one as duplicates."""
        is_first = pl.struct("kind", "written", "candidate_id").is_first_distinct()
        self._repeated.append(self._take(~is_first))

    def to_partition(self) -> Partition:
        """The outcome; every row is in one part."""
        skipped, repeated = (
            pl.concat(parts, how="diagonal") for parts in (self._skipped, self._repeated)
        )
        return Partition(self.rest, pl.concat(self._rejected), repeated, skipped)

    def _take(self, condition: pl.Expr) -> pl.DataFrame:
        is_taken = self.rest.select(condition.fill_null(False)).to_series()
        taken = self.rest.filter(is_taken)
        self.rest = self.rest.filter(~is_taken)
        return taken


def _find_candidates(rows: pl.DataFrame, customers: pl.DataFrame, index: IdIndex) -> pl.DataFrame:
    """The rows with ``candidate_id``: by id, else by the exact name of a single customer.

    ``current_name``: the name of that customer.
    """
    by_id = customers["id"].gather(index.find_indices(rows["candidate"]))
    names = customers.select(candidate="name", by_name="id")
    names = names.filter(pl.col("candidate").is_unique() & pl.col("candidate").is_not_null())
    rows = rows.join(names, on="candidate", how="left", maintain_order="left")
    rows = rows.with_columns(candidate_id=pl.coalesce(by_id, pl.col("by_name")))
    bearers = customers.select(candidate_id="id", current_name="name")
    rows = rows.join(bearers, on="candidate_id", how="left", maintain_order="left")
    return rows.drop("by_name")


def _has_other_name() -> pl.Expr:
    """Whether the name beside the candidate is not the name that this customer has now."""
    name, current = pl.col("name").str.strip_chars(), pl.col("current_name").str.strip_chars()
    return (name != "") & (name != current).fill_null(True)


def _bears_other_name(
    rows: pl.DataFrame, customers: pl.DataFrame, target: Mapping[str, str]
) -> pl.Expr:
    """Whether a text is the exact name of customers other than the one that it shall mean.

    target: id of a customer -> the id of the one that it is part of.
    """
    names = rows.select("written").unique()
    bearers = customers.select(written="name", final=pl.col("id").replace(target))
    own = bearers.join(rows.select("written", "final"), on=["written", "final"])["written"]
    taken = bearers.join(names, on="written", how="semi")["written"].unique()
    taken = taken.filter(~taken.is_in(own.implode()))
    return pl.col("written").is_in(taken.implode())


def _settle_firms(work: _Sorting, refused: pl.DataFrame) -> dict[str, str]:
    """Id of a customer -> the id of the one that it is part of; contradictions are rejected."""
    pairs = work.rest.filter(pl.col("kind") == SAME_FIRM).select("written", "candidate_id")
    others = refused.filter(pl.col("kind") == SAME_FIRM).select("written", "candidate_id")
    groups = group_firms(pairs.rows(), others.drop_nulls().rows())
    is_refuted = pl.col("written").is_in(sorted(groups.refuted))
    work.reject((pl.col("kind") == SAME_FIRM) & is_refuted, "match-conflicts", "written")
    return groups.target


def _settle_cells(work: _Sorting, refused: pl.DataFrame, target: Mapping[str, str]) -> None:
    """Add ``final``, the id that a text means; texts with several meanings are rejected."""
    final = pl.col("candidate_id").replace(target)
    work.rest = work.rest.with_columns(final=final)
    is_cell = pl.col("kind") == CELL
    no_rows = refused.filter(is_cell).select("written", "candidate_id", is_refused=pl.lit(True))
    no_rows = no_rows.unique()
    keys = ["written", "candidate_id"]
    work.rest = work.rest.join(no_rows, on=keys, how="left", maintain_order="left")
    meanings = pl.col("final").n_unique().over("kind", "written")
    is_refuted = pl.col("is_refused").any().over("kind", "written")
    work.reject(is_cell & ((meanings > 1) | is_refuted), "match-conflicts", "written")
