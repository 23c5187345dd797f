"""Random tables with titles, footers, encodings and delimiters come back as the clean table."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.intake.mapping import build_header_counter
from refgraph.model.raw import RawTable
from refgraph.sources.assembly import read_grid
from refgraph.sources.delimited import read
from refgraph.sources.layout import find_header
from refgraph.sources.options import Dialect

COUNT_KNOWN = build_header_counter()
DIALECT = Dialect(count_known=COUNT_KNOWN)
HEADERS = ["客户编号", "客户名称", "首次合同日期", "合同额(万元)", "推荐人", "我的备注栏"]
CELLS = st.sampled_from(
    ["", "", "甲一", "河北 钢铁", 'x"y', "a,b", "1;2", "3|4", "line\nline", "5"]
)
IDS = st.integers(1, 9999).map(lambda number: f"K{number}")
ROWS = st.lists(st.tuples(IDS, CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8)
TITLES = st.lists(
    st.sampled_from([["2023年度客户登记表"], ["制表人：", "", "日期：", "2024-01-05"], [" "]]),
    max_size=3,
)
FOOTERS = st.lists(
    st.sampled_from(
        [
            (["制表人：张三", "", "审核：李四"], "footer"),
            (["Confidential Information - Do Not Distribute"], "footer"),
            (["第 1 页 共 1 页"], "footer"),
            ([" "], "blank-row"),
            (HEADERS, "repeated-header"),
        ]
    ),
    max_size=3,
)
WRITTEN_AS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])


class Sheet(NamedTuple):
    """All rows as a person sees them, and how many of each kind are no data."""

    rows: list[list[str]]
    skipped: dict[str, int]
    top: int


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], Sheet]:
    """Data, and a sheet that holds them."""
    data = draw(ROWS)
    titles, footers = draw(TITLES), draw(FOOTERS)
    skipped: dict[str, int] = {}
    for title in titles:
        code = "above-header" if title[0].strip() else "blank-row"
        skipped[code] = skipped.get(code, 0) + 1
    for _, code in footers:
        skipped[code] = skipped.get(code, 0) + 1
    lines = [*titles, HEADERS, *map(list, data), *(row for row, _ in footers)]
    width, spare = len(HEADERS), draw(st.integers(0, 2))
    rows = [line + [""] * (width + spare - len(line)) for line in lines]
    return data, Sheet(rows, skipped, len(titles))


def write(sheet: Sheet, delimiter: str, encoding: str, is_short: bool) -> bytes:
    """The sheet as delimited text; is_short: without the empty cells at the end of titles."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in sheet.rows:
        filled = [k for k, cell in enumerate(row) if cell]
        is_note = is_short and bool(filled) and not row[0].startswith("K") and row[1] == ""
        writer.writerow(row[: filled[-1] + 1] if is_note else row)
    return out.getvalue().encode(encoding)


def check(table: RawTable, data: list[tuple[str, ...]], sheet: Sheet) -> None:
    assert table.frame.columns == HEADERS
    assert table.frame.rows() == [tuple(cell or None for cell in row) for row in data]
    codes = {code: count for code, count in table.warnings if code in SKIP_CODES}
    assert codes == sheet.skipped
    assert table.rows_skipped == sum(codes.values())
    assert table.rejects.height == table.cell_rejects.height == 0
    assert table.rows_read == len(sheet.rows) - 1
    assert table.rows_read == table.frame.height + table.rows_skipped
    assert dict(table.warnings).get("header-found", 0) == ("above-header" in sheet.skipped)


SKIP_CODES = {"above-header", "blank-row", "repeated-header", "footer"}


@settings(max_examples=cases(150), deadline=None)
@given(sheets(), st.sampled_from(",;\t|"), WRITTEN_AS, st.booleans())
def test_sheet_written_in_any_way_comes_back_as_clean_table(
    drawn: tuple[list[tuple[str, ...]], Sheet], delimiter: str, encoding: str, is_short: bool
) -> None:
    data, sheet = drawn
    content = write(sheet, delimiter, encoding, is_short)
    table = read(content, "t.csv", DIALECT)
    check(table, data, sheet)
    assert table.layout.delimiter == ("" if delimiter == "," else delimiter)
    is_marked = encoding in ("utf-8", "utf-8-sig", "utf-16")
    assert table.layout.encoding == ("" if is_marked else encoding)
    assert read(content, "t.csv", DIALECT._replace(header_row=table_line(sheet))).frame.equals(
        table.frame
    )


def table_line(sheet: Sheet) -> int:
    """The line of the header: no title holds a newline."""
    return sheet.top + 1


@settings(max_examples=cases(100), deadline=None)
@given(sheets())
def test_grid_of_a_spreadsheet_comes_back_as_clean_table(
    drawn: tuple[list[tuple[str, ...]], Sheet],
) -> None:
    data, sheet = drawn
    width = len(sheet.rows[0])
    columns = {f"c{k}": [row[k] or None for row in sheet.rows] for k in range(width)}
    grid = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    line = pl.int_range(1, grid.height + 1, dtype=pl.Int64, eager=True)
    check(read_grid(grid, line, "t.xlsx", count_known=COUNT_KNOWN), data, sheet)


TWO_LINES = [
    (
        [["客户编号", "客户名称", "业绩", "", "推荐人"], ["", "", "合同额(万元)", "利润", ""]],
        ["客户编号", "客户名称", "合同额(万元)", "利润", "推荐人"],
    ),
    (
        [["基本信息", "", "业绩"], ["客户编号", "客户名称", "合同额"]],
        ["客户编号", "客户名称", "合同额"],
    ),
    (
        [["推荐人", "", "被推荐人", ""], ["编号", "部门", "编号", "部门"]],
        ["推荐人 编号", "推荐人 部门", "被推荐人 编号", "被推荐人 部门"],
    ),
]


def test_header_of_two_lines_is_joined() -> None:
    for rows, names in TWO_LINES:
        found = find_header([["登记表"], *rows, ["1", "甲", "2", "3"]], COUNT_KNOWN)
        assert found is not None and found.names == names


def test_row_of_data_is_never_taken_for_the_header_of_a_known_table() -> None:
    rows = [["id", "name", "role"], ["1", "customer", "source"], ["2", "status", "name"]]
    found = find_header(rows, COUNT_KNOWN)
    assert found is not None and (found.first, found.last) == (0, 0)


def test_truncated_last_line_is_rejected_and_no_footer() -> None:
    table = read(b"id,name,joined\n1,Ann,2020-01-01\nBob Lee", "t.csv", DIALECT)
    assert table.rejects.select("line", "code").rows() == [(3, "ragged-row")]
    assert table.rows_skipped == 0


def test_customer_whose_name_sounds_like_a_notice_is_kept() -> None:
    text = "name,id,joined\nCopyright Clearance Center,7,2020-01-01\nTotal SA,8,2020-01-01\n"
    table = read(text.encode(), "t.csv", DIALECT)
    assert table.frame["id"].to_list() == ["7", "8"]
