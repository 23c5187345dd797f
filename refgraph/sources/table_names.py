"""Which table a file or a sheet is named after, in English or Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from refgraph.intake.header_matches import find_absent_fields, match_headers
from refgraph.model.fields import SIDE_TABLES
from refgraph.sources.compression import strip_compression

_STEMS = {
    "customers": "customers?|客户",
    "referrals": "referrals?|推荐关系|推荐记录|推荐",
    "orders": "orders?|订单",
    "affiliations": "affiliations?|关联|隶属",
    "contacts": "contacts?|contact persons?|联系人|联系人名单|联系人表",
    "events": "events?|事件|活动记录|拜访记录|互动记录|跟进记录",
}
_PART_PATTERN = r"(?:[\s._-]*+(?:part|q|第)?[\s._-]*+\d++(?:部分|年|月|日|季度)?)*"
"""What may follow a stem if a table is split over files: -1, _2024-03, _2024Q1, .part2, 2024年."""


def find_table_by_stem(path: Path) -> str | None:
    """The table after which a file is named, None if there is none."""
    return find_table_by_name(strip_compression(path).stem)


def find_table_by_name(name: str) -> str | None:
    """The table that a stem or a sheet is named after, None if there is none."""
    stem = unicodedata.normalize("NFKC", name).strip()
    for table, names in _STEMS.items():
        if re.fullmatch(f"(?:{names}){_PART_PATTERN}", stem, re.IGNORECASE):
            return table
    return None


def weigh_name(named: str | None, headers: Sequence[str], by_headers: Sequence[str]) -> str | None:
    """The table that a file holds by its name; None if only its headers decide.

    Files of customers are often called contacts, too: such a name counts only if the headers fit
    contacts, or no table at all. by_headers: the tables that the headers fit.
    """
    if named not in SIDE_TABLES or named in by_headers or not by_headers:
        return named
    return None if find_absent_fields(named, match_headers(named, headers)) else named
