"""Rows as presets choose them: kept or skipped, the newest of several exports, those by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from refgraph.intake.preset_matches import PresetMatch, find_choice, find_header, find_presets
from refgraph.model.preset import PresetSection
from refgraph.model.raw import RawTable
from refgraph.model.vocabulary import STAFF_REFERRAL


def keep_newest(table: str, raws: Sequence[RawTable]) -> list[RawTable]:
    """Files of one table whose windows overlap: of the rows for one key, those of the last file.

    Only files read by a preset that names the key (`PresetSection.newest`); others stay as they
    are. Rows of earlier files are skipped and counted (``preset-older``).
    """
    seen: dict[str, pl.Series] = {}
    kept = []
    for raw in reversed(raws):
        match = find_presets(raw.frame.columns).get(table)
        header = match and find_header(match.section.newest, raw.frame.columns)
        if match and header:
            name, keys = match.preset.name, _read_keys(raw.frame[header], match.section)
            newer = seen.get(name, keys.clear())
            seen[name] = pl.concat([newer, keys.drop_nulls()]).unique()
            raw = skip_rows(raw, ~keys.is_in(newer.implode()).fill_null(False), "preset-older")
        kept.append(raw)
    return kept[::-1]


def _read_keys(cells: pl.Series, section: PresetSection) -> pl.Series:
    """The keys as they are compared; null for empty cells."""
    keys = cells.str.strip_chars().replace("", None).alias("key")
    return keys.str.to_lowercase() if section.fold else keys


def keep_rows(raw: RawTable, match: PresetMatch) -> RawTable:
    """The table with the rows that the preset keeps; the others are skipped and counted."""
    is_kept = pl.repeat(True, raw.frame.height, eager=True)
    for wanted, cells in match.section.keep.items():
        header = find_header(wanted, raw.frame.columns)
        if header is not None:
            is_kept &= raw.frame[header].str.strip_chars().fill_null("").is_in(list(cells))
    return skip_rows(raw, is_kept, "preset-row")


def skip_rows(raw: RawTable, is_kept: pl.Series, remark: str) -> RawTable:
    """The table with some of its rows; the others are counted under the code of a remark."""
    skipped = raw.frame.height - int(is_kept.sum())
    if not skipped:
        return raw
    return replace(
        raw,
        frame=raw.frame.filter(is_kept),
        line=raw.line.filter(is_kept),
        rows_skipped=raw.rows_skipped + skipped,
        warnings=(*raw.warnings, (remark, skipped)),
    )


def add_staff_source(frame: pl.DataFrame, section: PresetSection) -> tuple[pl.DataFrame, str]:
    """The frame with the source of rows that name an employee and no referrer, and its header.

    The header is empty if no column names employees. A source that is given stays.
    """
    staff = find_header(section.staff, frame.columns) if section.staff else None
    if staff is None:
        return frame, ""
    choices = (
        find_choice(section.columns.get(name, ()), frame.columns)
        for name in ("source", "referred_by")
    )
    source, referrer = (choice.headers[0] if choice else None for choice in choices)
    header = source or f"source: {staff}"
    given = _read_filled(source) if source else pl.lit(None, pl.String)
    is_by_staff = _read_filled(staff).is_not_null()
    if referrer:
        is_by_staff &= _read_filled(referrer).is_null()
    word = pl.when(given.is_null() & is_by_staff).then(pl.lit(STAFF_REFERRAL[0]))
    return frame.with_columns(pl.coalesce(given, word).alias(header)), header


def _read_filled(header: str) -> pl.Expr:
    """The cells, null where nothing is written."""
    return pl.col(header).str.strip_chars().replace("", None)
