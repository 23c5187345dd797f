"""Relationships of several types in a file of referrals: which types are referrals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from refgraph.errors import DataError
from refgraph.model.raw import RawTable
from refgraph.model.setting_lines import write_setting
from refgraph.model.settings import Settings

_TYPE_HEADERS = (":type", "_type")
"""Headers of types in exports of Neo4j, in lower case."""


def select_types(
    tables: Mapping[str, Sequence[RawTable]], settings: Settings
) -> dict[str, Sequence[RawTable]]:
    """The tables, with the referrals of the types that ``[neo4j] relationship`` names.

    Others are skipped. Raises DataError ``several-types`` if there are several and none is named.
    """
    names = settings.neo4j.relationship
    referrals = [_select_in_file(raw, names) for raw in tables.get("referrals", ())]
    return {**tables, "referrals": referrals} if referrals else dict(tables)


def _select_in_file(raw: RawTable, names: Sequence[str]) -> RawTable:
    header = next((h for h in raw.frame.columns if h.strip().lower() in _TYPE_HEADERS), None)
    if header is None or not raw.frame.height:
        return raw
    types = raw.frame[header].str.strip_chars()
    known = types.drop_nulls().unique().sort().to_list()
    if not names:
        if len(known) > 1:
            line = write_setting("neo4j.relationship", known[0])
            raise DataError("several-types", file=raw.file, types=known, line=line)
        return raw
    is_kept = types.is_in(list(names)).fill_null(False)
    skipped = raw.frame.height - int(is_kept.sum())
    return replace(
        raw,
        frame=raw.frame.filter(is_kept),
        line=raw.line.filter(is_kept),
        rows_skipped=raw.rows_skipped + skipped,
        warnings=(*raw.warnings, *((("other-type", skipped),) if skipped else ())),
    )
