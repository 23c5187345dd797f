"""P1: every row of every file is used, set aside or deduplicated; and neither order nor files change what comes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from intake_tables import Row, admit, table, totals
from refgraph import intake
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings

Tables = dict[str, list[Row]]
IDS = ("a", "b", "c", "A", " a", "1", "01", "")
CUSTOMER = st.fixed_dictionaries({
    "id": st.sampled_from(IDS), "name": st.sampled_from(["", "甲"]), "revenue": st.sampled_from(["1", "1.0", "-2", "x", "nan", ""]),
    "status": st.sampled_from(["成交", "", "?"]), "referred_by": st.sampled_from(["", "a", "b；z", "a;a", "无", "a;b|A"])})  # fmt: skip
REFERRAL = st.fixed_dictionaries({"referrer": st.sampled_from((*IDS, "z")), "referred": st.sampled_from((*IDS, "y")),
                                  "at": st.sampled_from(["2024-01-01", "2024-02-30", "2023-05-05", ""])})  # fmt: skip
ORDER = st.fixed_dictionaries({"order_id": st.sampled_from(["", "", "1", "2"]), "customer": st.sampled_from((*IDS, "z")),
                               "at": st.sampled_from(["2024-01-01", "", "bad"]), "revenue": st.sampled_from(["1", "0.1", "-3", "1e400"])})  # fmt: skip
DIRTY = st.fixed_dictionaries({"customers": st.lists(CUSTOMER, min_size=1, max_size=9), "referrals": st.lists(REFERRAL, max_size=9),
                               "orders": st.lists(ORDER, max_size=9)})  # fmt: skip


def expected(tables: Tables, strict: bool) -> dict[str, tuple[int, int, int, int]]:
    """Table -> read, used, set aside, deduplicated, row by row in plain Python."""
    versions: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    told: list[tuple[str, str]] = []
    for p in (p for p in tables["customers"] if p["id"] and p["revenue"] not in ("x", "nan") and p["status"] != "?"):
        versions[str(p["id"])].append((p["name"], float(p["revenue"] or "nan") if p["revenue"] else None, p["status"], p["referred_by"]))
    sound = {id: rows for id, rows in versions.items() if len({r[:3] for r in rows}) == 1}
    for id, rows in sound.items():
        told += [(r, id) for row in rows for r in str(row[3]).replace("；", ";").replace("|", ";").split(";") if r not in ("", "无")]
    kept = len(sound)
    n = len(tables["customers"])
    result = {"customers": (n, kept, n - sum(map(len, sound.values())), sum(map(len, sound.values())) - kept)}
    dated = [(r["referrer"], r["referred"]) for r in tables["referrals"] if r["at"] != "2024-02-30" and r["referrer"] and r["referred"]]
    arcs = [(str(r), str(d)) for r, d in [*dated, *told] if r != d and (not strict or (r in sound and d in sound))]
    read = len(tables["referrals"]) + len(told)
    if read:
        result["referrals"] = (read, len(set(arcs)), read - len(arcs), len(arcs) - len(set(arcs)))
    if tables["orders"]:
        result["orders"] = _orders(tables["orders"], set(sound))
    return result


def _orders(rows: list[Row], customers: set[str]) -> tuple[int, int, int, int]:
    good = [r for r in rows if r["customer"] and r["at"] == "2024-01-01" and r["revenue"] != "1e400"]
    contents = defaultdict(set)
    for r in good:
        contents[r["order_id"]].add((r["customer"], r["revenue"]))
    plain = [r["customer"] for r in good if not r["order_id"]]
    single = [next(iter(c))[0] for number, c in contents.items() if number and len(c) == 1]
    twice = sum(1 for r in good if r["order_id"] and len(contents[r["order_id"]]) == 1) - len(single)
    used = sum(c in customers for c in (*plain, *single))
    return len(rows), used, len(rows) - used - twice, twice


def summary(data: Dataset) -> tuple[object, ...]:
    """All that must not depend on the order of rows and columns or on the files they stand in."""
    rejects = Counter(data.rejects.select("code", "column", "value").iter_rows())
    findings = Counter((f["code"], *f["members"], f["detail"]) for f in data.findings.iter_rows(named=True))
    return data.fingerprint, totals(data), rejects, findings, data.warnings


@settings(max_examples=150, deadline=None)
@given(DIRTY, st.booleans())
def test_every_row_is_accounted_for(tables: Tables, strict: bool) -> None:
    data = admit(**tables, strict=strict)
    assert totals(data) == expected(tables, strict)
    for file, name, read, used, aside, twice in data.ledger.iter_rows():
        assert read == used + aside + twice
        assert min(used, aside, twice) >= 0
        frame = getattr(data, name)
        assert used == frame.filter(frame["file"] == file).height
    assert data.rejects["raw"].null_count() == 0


@settings(max_examples=80, deadline=None)
@given(DIRTY, st.booleans(), st.integers(0, 2**32), st.integers(1, 4))
def test_neither_order_nor_files_matter(tables: Tables, strict: bool, seed: int, files: int) -> None:
    options, random = intake.Options(strict=strict), Random(seed)
    split = {}
    for name, rows in tables.items():
        mixed = random.sample(rows, len(rows))
        parts = [mixed[k::files] for k in range(files)]
        split[name] = [table(f"{name}-{k}.csv", part) for k, part in enumerate(parts) if part]
        random.shuffle(split[name])
    data = intake.admit(split, Settings(), options)
    assert summary(data) == summary(admit(**tables, strict=strict))
    assert set(data.ledger["file"]) <= {raw.file for group in split.values() for raw in group}


def test_a_file_without_rows_and_a_table_without_files() -> None:
    full = table("1.csv", [{"id": "a"}])
    header_only = table("2.csv", [{"id": "b"}])
    empty = type(header_only)("2.csv", header_only.frame.clear(), header_only.line.clear(), 0, header_only.rejects)
    data = intake.admit({"customers": [full, empty], "referrals": [], "orders": []}, Settings())
    assert data.ledger.rows() == [("1.csv", "customers", 1, 1, 0, 0), ("2.csv", "customers", 0, 0, 0, 0)]
    assert data.orders is None


def test_all_faults_of_a_row_are_told_but_it_is_one_row() -> None:
    data = admit([{"id": "", "revenue": "x", "joined": "y", "status": "z"}])
    assert sorted(data.rejects["code"]) == ["bad-date", "bad-number", "missing-id", "unknown-word"]
    assert totals(data) == {"customers": (1, 0, 1, 0)}
    assert set(data.rejects["raw"]) == {",x,y,z"}
