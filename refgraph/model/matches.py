"""The file of proposed matches: its columns, and the words that a person may write into it."""

from __future__ import annotations

from collections.abc import Sequence

CELL, SAME_FIRM = "cell", "same-firm"
"""Kinds of rows: a text that stands in place of a customer, or a customer that is another one."""
MATCH_COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("kind", "类别"),
    "written": ("written", "原文"),
    "candidate": ("candidate", "候选编号"),
    "name": ("name", "候选名称"),
    "rule": ("rule", "规则"),
    "evidence": ("evidence", "依据"),
    "count": ("count", "次数"),
    "confirm": ("confirm", "确认"),
}
"""Column -> its headers in English and Chinese, in the order of the file."""
MANDATORY_COLUMNS = ("written", "candidate", "confirm")
KIND_WORDS = {
    CELL: ("", "cell", "单元格"),
    SAME_FIRM: ("same-firm", "same firm", "同一企业", "同一公司", "同一客户"),
}
"""Kind -> what may stand in its column, in lower case; a row without a kind is about a cell."""
YES_WORDS = ("yes", "y", "true", "1", "是", "对", "确认", "√", "✓")
NO_WORDS = ("no", "n", "false", "0", "否", "不", "不是", "×", "✗")


def count_match_headers(cells: Sequence[str]) -> int:
    """How many cells of a row are headers of the file."""
    known = {header for headers in MATCH_COLUMNS.values() for header in headers}
    return sum(cell.strip().lower() in known for cell in cells)
