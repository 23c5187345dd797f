"""Case 13: one row per contact person of a customer; counts stay per customer."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.intake_tables import Row, admit, count_rows
from support.program import ask, call
from support.public_cases import CASES, read_case
from support.random_cases import cases

import refgraph
from refgraph.intake.several_contacts import join_contacts

FOLDER = "13-one-row-per-contact"
CONTACTS = {"duplicates": "contacts"}


def test_case_13_columns_that_differ_and_the_option_are_reported() -> None:
    code, _, remarks = ask("effect", str(CASES / FOLDER / "customers.csv"))
    assert code == 3
    assert "2 customers have several rows that differ only in 联系人, 电话" in remarks
    assert "--duplicates contacts" in remarks


def test_case_13_contacts_become_people_of_one_customer() -> None:
    source = str(CASES / FOLDER / "customers.csv")
    code, row, remarks = ask("effect", source, "--duplicates", "contacts")
    assert (code, row["customers"], row["referred"], row["value"]) == (0, 3, 2, 1_900_000)
    assert "2 rows were joined to their customers as further contacts" in remarks
    data = read_case(f"{FOLDER}/customers.csv", intake=CONTACTS)
    firm = data.customers.filter(id="1").row(0, named=True)
    assert (firm["contact"], firm["phone"]) == ("赵; 钱", "13800000001; 13800000002")
    assert count_rows(data)["customers"] == (5, 3, 0, 2)


def test_case_13_customer_page_lists_the_people() -> None:
    source = str(CASES / FOLDER / "customers.csv")
    done = call(
        "customer", "3", source, "--duplicates", "contacts", "--format", "md", "--lang", "en"
    )
    assert done.code == 0
    assert "李; 周" in done.out
    assert "13800000004; 13800000005" in done.out


def test_case_13_sibling_with_two_referrers_keeps_both() -> None:
    data = read_case(f"{FOLDER}/siblings/two-referrers.csv")
    assert set(data.referrals["referrer"]) == {"1", "2"}
    assert data.customers.height == 3


def test_case_13_sibling_with_another_name_tells_the_column() -> None:
    source = str(CASES / FOLDER / "siblings" / "case.csv")
    code, row, remarks = ask("effect", source)
    assert (code, row["customers"]) == (3, 1)
    assert "1 customer has several rows that differ in name" in remarks
    assert "--duplicates first" in remarks
    code, row, _ = ask("effect", source, "--duplicates", "first", "--allow-rejects")
    assert (code, row["customers"], row["referred"]) == (0, 2, 1)
    assert ask("effect", source, "--duplicates", "contacts")[1]["customers"] == 1


def test_settings_may_choose_the_rule(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("people")
    text = (CASES / FOLDER / "customers.csv").read_text(encoding="utf-8")
    (folder / "customers.csv").write_text(text, encoding="utf-8")
    (folder / "refgraph.toml").write_text('[read]\nduplicates = "contacts"\n', encoding="utf-8")
    assert ask("effect", str(folder))[1]["customers"] == 3


PEOPLE: list[Row] = [
    {"id": "1", "name": "甲一", "contact": "赵", "phone": "13800000001", "title": "经理"},
    {"id": "1", "name": "甲一", "contact": "钱", "phone": "13800000002", "title": ""},
    {"id": "2", "name": "乙二", "contact": "孙", "phone": "13800000003", "title": "经理"},
]


@pytest.mark.parametrize("written", ["13800000002", "138 0000 0001"])
def test_phone_of_any_contact_means_the_customer(written: str) -> None:
    data = admit(PEOPLE, [{"referrer": written, "referred": "2"}], duplicates="contacts")
    assert data.referrals["referrer"].to_list() == ["1"]
    data = admit(
        PEOPLE, [{"referrer": f"甲一（{written}）", "referred": "2"}], duplicates="contacts"
    )
    assert data.referrals["referrer"].to_list() == ["1"]


def test_unknown_column_is_joined_and_an_empty_cell_keeps_its_place() -> None:
    data = admit(PEOPLE, duplicates="contacts")
    assert data.customers.sort("id")["title"].to_list() == ["经理; –", "经理"]


WORDS = st.sampled_from(["", "x", "y"])
TABLE = st.lists(st.tuples(st.sampled_from("abc"), WORDS, WORDS), max_size=8)


@given(TABLE)
@settings(max_examples=cases(200), deadline=None)
def test_every_row_is_kept_or_joined_and_no_contact_is_lost(
    rows: list[tuple[str, str, str]],
) -> None:
    schema = {"id": pl.String, "region": pl.String, "phone": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        file=pl.lit("f"), line=pl.int_range(pl.len())
    )
    kept, others = join_contacts(frame)
    assert kept.height + others.height == frame.height
    regions = {id: {r for i, r, _ in rows if i == id} for id, *_ in rows}
    phones = {id: [p for i, _, p in rows if i == id] for id, *_ in rows}
    for id, values in regions.items():
        found = kept.filter(id=id)
        if len(values) == 1 and len(set(phones[id])) > 1:
            assert found["phone"].item().split("; ") == list(dict.fromkeys(phones[id]))
        else:
            assert found.drop("line").equals(frame.filter(id=id).drop("line"))


@pytest.mark.parametrize("people", [2, 40])
def test_contacts_stand_in_the_order_of_their_rows(people: int) -> None:
    phones = [f"{(7 * k) % people:02}" for k in range(people)]
    columns = {"id": ["1"] * people, "phone": phones, "file": ["f"] * people}
    frame = pl.DataFrame(columns).with_columns(line=pl.int_range(pl.len()))
    assert join_contacts(frame)[0]["phone"].to_list() == ["; ".join(phones)]


def test_customers_of_several_contacts_stand_in_the_order_of_their_rows() -> None:
    ids = [f"{(7 * k) % 40:02}" for k in range(40)]
    columns = {"id": ids * 2, "phone": [f"{k:02}" for k in range(80)], "file": ["f"] * 80}
    frame = pl.DataFrame(columns).with_columns(line=pl.int_range(pl.len()))
    assert join_contacts(frame)[0]["id"].to_list() == ids


def test_contact_person_is_proposed_as_the_customer_and_never_matched_alone() -> None:
    data = admit(PEOPLE, [{"referrer": "孙", "referred": "1"}], duplicates="contacts")
    assert data.referrals["referrer"].to_list() == ["孙"]
    row = refgraph.match(data).frame.row(0, named=True)
    assert (row["written"], row["candidate"], row["rule"]) == ("孙", "2", "by-column")
