"""Cells with the ids, names or codes of one or more parties, such as ``referred_by``."""

from __future__ import annotations

import polars as pl

from refgraph.intake.cast import normalize_word
from refgraph.intake.findings import make_findings
from refgraph.intake.party_lookup import PartyLookup
from refgraph.intake.party_resolution import LISTED
from refgraph.model.dataset import FINDINGS_SCHEMA

LIST_SEPARATORS = r"\s*[;|]\s*"
"""What always separates several names in a cell of ``referred_by``."""
SEPARATORS = r"\s*[;|；、，,/&\\\r\n]+\s*"
"""What separates several names if all of them are known parties."""
LOOSE_SEPARATORS = r"\s*[;|；、，,/&\\\r\n]+\s*|\s+(?:and|und|et|y)\s+|\s*[和与及跟]\s*|\s+"
"""What may separate several names; such a cell is flagged, never split."""
_MARKS = [";", "|", "；", "、", "，", ",", "/", "&", "\\", "\r", "\n"]


def extract_referrals(
    customers: pl.DataFrame, lookup: PartyLookup, nobody: frozenset[str] = frozenset()
) -> pl.DataFrame:
    """The referrals that ``referred_by`` lists, one row per name.

    Columns ``referrer`` (an id, a name or a code), ``referred``, ``file``, ``line`` and `LISTED`. A
    cell that is an id or a name as it stands is not split.
    customers: rows with ``referred_by``. lookup: of all customers. nobody: words that are left out
    unless a customer has such an id or name.
    """
    referrer = pl.col("referred_by")
    rows = customers.filter(referrer.str.strip_chars().str.len_bytes() > 0)
    listed = rows.select(
        referrer="referred_by",
        referred="id",
        file="file",
        line="line",
        **{LISTED: pl.lit(True)},
    )
    listed = _split_lists(listed, lookup)
    if nobody:
        is_nobody = listed.select(normalize_word(pl.col("referrer")).is_in(nobody)).to_series()
        if is_nobody.any():
            is_customer = lookup.find_rows(listed["referrer"])[0].is_not_null()
            listed = listed.filter(~is_nobody | is_customer)
    return listed


def split_cells(rows: pl.DataFrame, column: str, lookup: PartyLookup) -> pl.DataFrame:
    """One row per name for cells with several names, if every name is a known party.

    A cell that means one party as it stands is not split.
    """
    cells = rows[column]
    if not cells.str.contains_any(_MARKS).any():
        return rows
    written = cells.drop_nulls().unique().sort()
    has_marks = written.str.contains_any(_MARKS)
    several = written.filter(has_marks)
    several = several.filter(lookup.find_rows(several)[0].is_null())
    parts = _split(several, SEPARATORS).filter(pl.col("parts").list.len() > 1)
    return _replace_cells(rows, column, _keep_known(parts, written.filter(~has_marks), lookup))


def _split_lists(listed: pl.DataFrame, lookup: PartyLookup) -> pl.DataFrame:
    """One row per name where `LIST_SEPARATORS` stand in a cell that is no id and no name."""
    is_list = listed["referrer"].str.contains_any([";", "|"])
    if not is_list.any():
        return listed
    lists = listed["referrer"].filter(is_list).unique().sort()
    lists = lists.filter(lookup.find_rows(lists)[0].is_null())
    return _replace_cells(listed, "referrer", _split(lists, LIST_SEPARATORS))


def _replace_cells(rows: pl.DataFrame, column: str, parts: pl.DataFrame) -> pl.DataFrame:
    """One row for each of the ``parts`` of a cell that is ``written`` there."""
    if not parts.height:
        return rows
    split = rows.join(parts, left_on=column, right_on="written", how="left", maintain_order="left")
    names = pl.coalesce("parts", pl.concat_list(column))
    return split.with_columns(names.alias(column)).drop("parts").explode(column)


def find_unsplit_cells(rows: pl.DataFrame, column: str, lookup: PartyLookup) -> pl.DataFrame:
    """Findings ``several-names`` for unknown cells in which some names, but not all, are parties.

    rows: those whose cell means no party.
    """
    cells = rows[column].drop_nulls().unique().sort()
    parts = _split(cells, LOOSE_SEPARATORS).filter(pl.col("parts").list.len() > 1)
    if not parts.height:
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    texts = parts.explode("parts")
    known = lookup.find_rows(texts["parts"])[0].is_not_null()
    flagged = texts.filter(known)["written"].unique()
    found = rows.filter(pl.col(column).is_in(flagged.implode()))
    return make_findings("several-names", found, [column])


def _split(cells: pl.Series, pattern: str) -> pl.DataFrame:
    """``written`` and its ``parts`` at a pattern, without empty ones; one empty part if all are."""
    frame = cells.to_frame("written")
    unified = pl.col("written").str.strip_chars().str.replace_all(pattern or "$^", "\x00")
    parts = unified.str.split("\x00")
    kept = parts.list.filter(pl.element().str.len_bytes() > 0)
    nothing = pl.lit([""], pl.List(pl.String))
    return frame.select("written", parts=pl.when(kept.list.len() > 0).then(kept).otherwise(nothing))


def _keep_known(parts: pl.DataFrame, others: pl.Series, lookup: PartyLookup) -> pl.DataFrame:
    """The cells whose parts are all known parties.

    others: the other cells of the column; a column of codes must hold all of them, too.
    """
    if not parts.height:
        return parts
    texts = parts.explode("parts")
    column = pl.concat([texts["parts"], others])
    row = lookup.find_rows(column)[0].head(texts.height)
    unknown = texts.filter(row.is_null())["written"].unique()
    return parts.filter(~pl.col("written").is_in(unknown.implode()))
