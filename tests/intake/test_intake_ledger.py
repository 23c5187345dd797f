"""Every row read is used, rejected, a duplicate or skipped, in any order and split of files."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import Row, admit, count_rows, table
from support.random_cases import cases

from refgraph import intake
from refgraph.errors import RefgraphError
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings

Tables = dict[str, list[Row]]
IDS = ("a", "b", "c", "A", " a", "1", "01", "")
CUSTOMER = st.fixed_dictionaries(
    {
        "id": st.sampled_from(IDS),
        "name": st.sampled_from(["", "甲"]),
        "revenue": st.sampled_from(["1", "1.0", "-2", "x", "nan", ""]),
        "status": st.sampled_from(["成交", "", "?"]),
        "referred_by": st.sampled_from(["", "a", "b；z", "a;a", "无", "a;b|A"]),
    }
)
REFERRAL = st.fixed_dictionaries(
    {
        "referrer": st.sampled_from((*IDS, "z")),
        "referred": st.sampled_from((*IDS, "y")),
        "at": st.sampled_from(["2024-01-01", "2024-02-30", "2023-05-05", ""]),
    }
)
ORDER = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from(["", "", "1", "2"]),
        "customer": st.sampled_from((*IDS, "z")),
        "at": st.sampled_from(["2024-01-01", "", "bad"]),
        "revenue": st.sampled_from(["1", "0.1", "-3", "1e400"]),
    }
)
DIRTY = st.fixed_dictionaries(
    {
        "customers": st.lists(CUSTOMER, min_size=1, max_size=9),
        "referrals": st.lists(REFERRAL, max_size=9),
        "orders": st.lists(ORDER, max_size=9),
    }
)


def find_sound(customers: list[Row]) -> dict[str, list[tuple[object, ...]]]:
    """Customer -> its rows without bad cells, where all of them agree."""
    versions: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for p in (p for p in customers if p["id"]):
        is_number = p["revenue"] not in ("", "x", "nan")
        versions[str(p["id"])].append(
            (
                p["name"],
                float(str(p["revenue"])) if is_number else None,
                p["status"],
                p["referred_by"],
            )
        )
    return {id: rows for id, rows in versions.items() if len({r[:3] for r in rows}) == 1}


def count_expected(tables: Tables, strict: bool) -> dict[str, tuple[int, int, int, int]]:
    """Table -> read, used, set aside, duplicates, row by row in plain Python."""
    sound = find_sound(tables["customers"])
    reported: list[tuple[str, str]] = []
    for id, rows in sound.items():
        reported += [(r, id) for row in rows for r in str(row[3]).replace("|", ";").split(";") if r]
    kept = len(sound)
    n = len(tables["customers"])
    result = {
        "customers": (
            n,
            kept,
            n - sum(map(len, sound.values())),
            sum(map(len, sound.values())) - kept,
        )
    }
    dated = [
        (r["referrer"], r["referred"])
        for r in tables["referrals"]
        if r["referrer"] and r["referred"]
    ]
    arcs = [
        (str(r), str(d))
        for r, d in [*dated, *reported]
        if r not in (d, "无") and (not strict or (r in sound and d in sound))
    ]
    read = len(tables["referrals"]) + len(reported)
    if read:
        result["referrals"] = (read, len(set(arcs)), read - len(arcs), len(arcs) - len(set(arcs)))
    if tables["orders"]:
        result["orders"] = _orders(tables["orders"], set(sound))
    return result


def _fill_lines(rows: list[Row]) -> list[dict[str, str]]:
    """Blank customers and days of an order number as its other lines have them, if they agree."""
    filled = [{name: str(cell or "") for name, cell in row.items()} for row in rows]
    for name in ("customer", "at"):
        known = defaultdict(set)
        for row in rows:
            known[row["order_id"]].add(str(row[name] or ""))
        for row in filled:
            values = known[row["order_id"]] - {""}
            if row["order_id"] and not row[name] and len(values) == 1:
                row[name] = next(iter(values))
    return filled


def _orders(rows: list[Row], customers: set[str]) -> tuple[int, int, int, int]:
    good = [r for r in _fill_lines(rows) if r["customer"] and r["at"] == "2024-01-01"]
    lines = defaultdict(list)
    for r in good:
        lines[r["order_id"]].append(r)
    plain = [r["customer"] for r in lines.pop("", [])]
    single, twice = [], 0
    for order in lines.values():
        owners = {r["customer"] for r in order}
        if len(owners) == 1 and len({r["revenue"] for r in order} - {"1e400"}) < 2:
            single.append(owners.pop())
            twice += len(order) - 1
    used = sum(c in customers for c in (*plain, *single))
    return len(rows), used, len(rows) - used - twice, twice


def summary(data: Dataset) -> tuple[object, ...]:
    """All that must not depend on the order of rows and columns or on the files they stand in."""
    rejects = Counter(data.rejects.select("code", "column", "value").iter_rows())
    findings = Counter(
        (f["code"], *f["members"], f["detail"]) for f in data.findings.iter_rows(named=True)
    )
    return data.fingerprint, count_rows(data), rejects, findings, data.warnings


@settings(max_examples=cases(150), deadline=None)
@given(DIRTY, st.booleans())
def test_ledger_of_dirty_tables_equals_plain_count(tables: Tables, strict: bool) -> None:
    data = admit(**tables, strict=strict)
    assert count_rows(data) == count_expected(tables, strict)
    for file, name, read, *parts, _ in data.ledger.iter_rows():
        used = parts[0]
        assert read == sum(parts) and min(parts) >= 0
        frame = getattr(data, name)
        assert used == frame.filter(frame["file"] == file).height
    assert data.rejects["raw"].null_count() == 0


@settings(max_examples=cases(80), deadline=None)
@given(DIRTY, st.booleans(), st.integers(0, 2**32), st.integers(1, 4))
def test_build_dataset_in_any_order_or_split_gives_same_dataset(
    tables: Tables, strict: bool, seed: int, files: int
) -> None:
    options, random = intake.IntakeOptions(strict=strict), Random(seed)
    split = {}
    for name, rows in tables.items():
        mixed = random.sample(rows, len(rows))
        parts = [mixed[k::files] for k in range(files)]
        split[name] = [table(f"{name}-{k}.csv", part) for k, part in enumerate(parts) if part]
        random.shuffle(split[name])
    data = intake.build_dataset(split, Settings(), options)
    assert summary(data) == summary(admit(**tables, strict=strict))
    assert set(data.ledger["file"]) <= {raw.file for group in split.values() for raw in group}


def test_ledger_of_empty_file_has_row_of_zeros() -> None:
    full = table("1.csv", [{"id": "a"}])
    header_only = table("2.csv", [{"id": "b"}])
    empty = replace(
        header_only, frame=header_only.frame.clear(), line=header_only.line.clear(), rows_read=0
    )
    data = intake.build_dataset(
        {"customers": [full, empty], "referrals": [], "orders": []}, Settings()
    )
    assert data.ledger.rows() == [
        ("1.csv", "customers", 1, 1, 0, 0, 0, 0),
        ("2.csv", "customers", 0, 0, 0, 0, 0, 0),
    ]
    assert data.orders is None


def test_rejects_of_row_with_several_faults_count_as_one_row() -> None:
    data = admit([{"id": "", "revenue": "x", "joined": "y", "status": "z"}])
    assert sorted(data.rejects["code"]) == ["bad-date", "bad-number", "missing-id", "unknown-word"]
    assert count_rows(data) == {"customers": (1, 0, 1, 0)}
    assert set(data.rejects["raw"]) == {",x,y,z"}


def test_rows_skipped_by_reader_are_counted_as_skipped() -> None:
    raw = replace(table("1.csv", [{"id": "a"}, {"id": "a"}, {"id": ""}]), rows_skipped=2)
    data = intake.build_dataset({"customers": [replace(raw, rows_read=5)]}, Settings())
    assert data.ledger.to_dicts() == [
        {
            "file": "1.csv",
            "table": "customers",
            "read": 5,
            "used": 1,
            "rejected": 1,
            "duplicates": 1,
            "skipped": 2,
            "cells": 0,
        }
    ]


def test_ledger_of_reader_that_loses_rows_raises() -> None:
    raw = replace(table("1.csv", [{"id": "a"}]), rows_read=2)
    with pytest.raises(RefgraphError) as caught:
        intake.build_dataset({"customers": [raw]}, Settings())
    assert caught.value.id == "ledger-differs"
    assert caught.value.values["read"] == 2 and caught.value.values["skipped"] == 0
