"""Patches: what they fill, what they must not touch, and a ledger that accounts for each row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.intake_tables import Row, codes, count_rows, table

from refgraph import intake
from refgraph.api import read
from refgraph.errors import DataError
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings
from refgraph.pipeline.options import SourceOptions

BASE: list[Row] = [
    {"id": "a", "name": "甲", "source": "展会", "revenue": "1"},
    {"id": "b", "name": "乙", "source": "", "revenue": ""},
    {"id": "c", "name": "丙", "source": "无", "revenue": "3"},
    {"id": "d", "name": "", "source": "", "revenue": ""},
]


def admit(
    *patches: list[Row], referrals: list[Row] | None = None, people: list[Row] | None = None
) -> Dataset:
    raws = {
        "customers": [table("customers.csv", people or BASE)],
        "patch": [table(f"patch-{k}.csv", rows) for k, rows in enumerate(patches)],
    }
    if referrals:
        raws["referrals"] = [table("referrals.csv", referrals)]
    return intake.build_dataset(raws, Settings())


def cells(data: Dataset, column: str) -> dict[str, object]:
    return dict(data.customers.select("id", column).iter_rows())


def arcs(data: Dataset) -> set[tuple[str, str]]:
    return set(data.referrals.select("referrer", "referred").iter_rows())


def test_patch_fills_empty_cells_and_words_for_unknown() -> None:
    data = admit(
        [
            {"id": "b", "source": "网络", "revenue": "2"},
            {"id": "c", "source": "短信", "revenue": ""},
        ]
    )
    assert cells(data, "source") == {"a": "展会", "b": "网络", "c": "短信", "d": None}
    assert cells(data, "revenue") == {"a": 1.0, "b": 2.0, "c": 3.0, "d": None}
    assert count_rows(data)["patch"] == (2, 2, 0, 0) and not codes(data)


def test_patch_row_that_fills_nothing_is_duplicate() -> None:
    data = admit(
        [
            {"id": "a", "source": " 展会 ", "revenue": "1.0"},
            {"id": "b", "source": "", "revenue": ""},
            {"id": "d", "source": "-", "revenue": ""},
        ]
    )
    assert count_rows(data)["patch"] == (3, 0, 0, 3)
    assert cells(data, "source") == cells(admit(), "source")


def test_patch_row_that_contradicts_is_rejected() -> None:
    data = admit(
        [
            {"id": "a", "source": "网络"},
            {"id": "c", "name": "丁", "source": "网络"},
            {"id": "z", "source": "网络"},
        ]
    )
    reported = data.rejects.select("file", "line", "code", "column", "value").rows()
    assert reported == [
        ("patch-0.csv", 2, "patch-contradicts", "source", "网络"),
        ("patch-0.csv", 3, "patch-contradicts", "name", "丁"),
        ("patch-0.csv", 4, "patch-unknown-id", "id", "z"),
    ]
    assert cells(data, "source") == cells(admit(), "source")
    assert count_rows(data)["patch"] == (3, 0, 3, 0)


def test_patch_names_referrers_by_id_or_name() -> None:
    data = admit([{"id": "b", "referred_by": "甲"}, {"id": "d", "referred_by": "a；丙"}])
    assert arcs(data) == {("a", "b"), ("a", "d"), ("c", "d")}
    assert (
        set(data.referrals["file"]) == {"patch-0.csv"}
        and data.referrals["line"].to_list().count(3) == 2
    )
    assert count_rows(data)["patch"] == (2, 2, 0, 0) and count_rows(data)["referrals"] == (
        3,
        3,
        0,
        0,
    )


def test_patch_with_other_referrer_is_rejected() -> None:
    reported: list[Row] = [
        {"referrer": "a", "referred": "b"},
        {"referrer": "c", "referred": "d", "status": "作废"},
    ]
    data = admit(
        [{"id": "b", "referred_by": "c"}, {"id": "d", "referred_by": "甲"}], referrals=reported
    )
    assert codes(data) == ["patch-contradicts"] and data.rejects["column"].to_list() == [
        "referred_by"
    ]
    assert arcs(data) == {("a", "b"), ("c", "d"), ("a", "d")}, (
        "a void referral is no record of a referrer"
    )
    again = admit([{"id": "b", "referred_by": "甲"}], referrals=reported)
    assert count_rows(again)["patch"] == (1, 0, 0, 1) and len(again.referrals) == 2


def test_patch_sees_cells_filled_by_earlier_patch() -> None:
    data = admit(
        [{"id": "b", "source": "网络"}],
        [{"id": "b", "source": "短信"}, {"id": "b", "source": "短信", "revenue": "1"}],
        [{"id": "b", "revenue": "2"}],
    )
    assert cells(data, "source")["b"] == "网络" and cells(data, "revenue")["b"] == 2.0
    assert codes(data) == ["conflicting-duplicate", "conflicting-duplicate"]


def test_patch_that_fills_column_makes_it_recorded() -> None:
    people: list[Row] = [{"id": "a"}, {"id": "b"}]
    assert not admit([{"id": "a", "source": "", "region": "河北"}], people=people).has(
        "customers.source"
    )
    data = admit([{"id": "a", "source": "展会", "note": "x"}], people=people)
    assert data.has("customers.source") and "note" not in data.customers.columns


def test_patch_with_ids_only_raises() -> None:
    with pytest.raises(DataError) as caught:
        admit([{"id": "a", "remarks": "x"}])
    assert caught.value.id == "patch-without-answers"


PATCH = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["a", "b", "c", "d", "z", ""]),
            "name": st.sampled_from(["", "", "甲", "丁"]),
            "source": st.sampled_from(["", "无", "展会", "网络"]),
            "revenue": st.sampled_from(["", "1", "3", "x"]),
            "referred_by": st.sampled_from(["", "a", "丙", "b;c", "y"]),
        }
    ),
    max_size=6,
)


@given(st.lists(PATCH, min_size=1, max_size=2), st.booleans())
def test_patches_keep_ledger_identity_and_recorded_cells(
    patches: list[list[Row]], referred: bool
) -> None:
    reported: list[Row] = [{"referrer": "a", "referred": "b"}] if referred else []
    patches = [p for p in patches if p]
    before, data = admit(referrals=reported), admit(*patches, referrals=reported)
    read, used, rejected, duplicates = count_rows(data).get("patch", (0, 0, 0, 0))
    assert read == sum(map(len, patches)) == used + rejected + duplicates
    for column in ("name", "source", "revenue"):
        old, new = cells(before, column), cells(data, column)
        assert all(new[id] == cell for id, cell in old.items() if cell not in (None, "无"))
    assert arcs(before) <= arcs(data)
    if not used:
        assert arcs(before) == arcs(data)
    if referred:
        assert {r for r, d in arcs(data) if d == "b"} == {"a"}


def test_patch_fills_a_data_frame(tmp_path: Path) -> None:
    people, answers = pl.DataFrame({"id": ["a"]}), tmp_path / "answers.csv"
    answers.write_text("id,region,referred_by\na,North,b\n", encoding="utf-8")
    data = read(people, SourceOptions(patches=(str(answers),)))
    assert data.customers["region"].to_list() == ["North", None]
