"""Random dirty tables: read = used + rejected + duplicates + skipped, and cells on their own."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases
from support.toys import raw

from refgraph.intake import build_dataset
from refgraph.model.settings import Settings

IDS = st.sampled_from(["1", "2", "3", "x", "0", "无", ""])
DATES = st.sampled_from(["2024-01-01", "2024-13-01", "01/02/2024", ""])
AMOUNTS = st.sampled_from(["5", "-1", "abc", "$3", ""])
CUSTOMERS = {
    "id": st.sampled_from(["1", "2", "3", "4", "", "合计"]),
    "status": st.sampled_from(["closed", "蓝", "", "lost"]),
    "role": st.sampled_from(["", "customer", "绿"]),
    "joined": DATES,
    "revenue": AMOUNTS,
    "referred_by": IDS,
}
REFERRALS = {"referrer": IDS, "referred": IDS, "at": DATES, "share": AMOUNTS}
ORDERS = {
    "order_id": st.sampled_from(["", "A", "B"]),
    "customer": IDS,
    "at": DATES,
    "amount": AMOUNTS,
    "status": st.sampled_from(["paid", "refunded", "odd", ""]),
}
TABLES = {"customers": CUSTOMERS, "referrals": REFERRALS, "orders": ORDERS}
OPTIONAL_FAULTS = {"joined", "status", "role", "revenue", "share", "amount", "at"}


def draw_rows(cells: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(cells), max_size=8)


@given(st.fixed_dictionaries({name: draw_rows(cells) for name, cells in TABLES.items()}))
@settings(max_examples=cases(25), deadline=None)
def test_every_row_and_every_rejected_cell_is_accounted_for(
    rows: dict[str, list[dict[str, str]]],
) -> None:
    raws = {
        name: [raw(name, [{c: row[c] or None for c in cells} for row in rows[name]], list(cells))]
        for name, cells in TABLES.items()
    }
    data = build_dataset(raws, Settings())
    for entry in data.ledger.iter_rows(named=True):
        parts = (entry[c] for c in ("used", "rejected", "duplicates", "skipped"))
        assert entry["read"] == sum(parts)
        frame = getattr(data, entry["table"])
        used = frame.filter(pl.col("file") == entry["file"]).height
        assert used == entry["used"]
    cells = data.rejects.filter(pl.col("loss") == "cell")
    assert cells.height == data.ledger["cells"].sum()
    assert set(cells["column"]) <= OPTIONAL_FAULTS
    assert cells.select("code", "line", "value").null_count().row(0) == (0, 0, 0)
    assert cells.height == count_bad_cells(rows)


def count_bad_cells(rows: dict[str, list[dict[str, str]]]) -> int:
    """Bad cells of columns that are not mandatory, outside of rows with totals; by hand."""
    bad = {
        "joined": {"2024-13-01", "01/02/2024"},
        "status": {"蓝", "odd"},
        "role": {"绿"},
        "revenue": {"abc"},
        "amount": {"abc"},
        "share": {"abc", "$3", "5", "-1"},
    }
    bad_at = bad["joined"]
    count = 0
    for table, listed in rows.items():
        for row in listed:
            if row.get("id") == "合计":
                continue
            count += sum(row[c] in words for c, words in bad.items() if c in row)
            count += table == "referrals" and row["at"] in bad_at
    return count
