"""Contacts and events: the people inside accounts, and what happened with them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from support.toys import raw

import refgraph
from refgraph.intake import build_dataset
from refgraph.intake.pseudonyms import Pseudonyms, pseudonymize
from refgraph.model.dataset import LEDGER_COUNTS, Dataset
from refgraph.model.event_kinds import EVENT_KINDS
from refgraph.model.raw import RawTable
from refgraph.model.settings import Settings
from refgraph.pipeline.unknown_words import list_unknown_words

CUSTOMERS = [
    {"id": "C1", "name": "河北钢铁", "joined": "2020-01-01", "phone": "010-1111111"},
    {"id": "C2", "name": "沙钢", "joined": "2021-01-01"},
    {"id": "C3", "name": "张伟", "joined": "2021-02-01"},
]
CONTACTS = [
    {"party": "C1", "person": "王芳", "title": "采购部长", "phone": "13800000001"},
    {"party": "河北钢铁", "person": "李强", "since": "2022-05-01"},
    {"party": "C2", "person": "张伟"},
    {"party": "C2", "person": "李强"},
]


def read(
    contacts: list[dict[str, object]],
    events: list[dict[str, object]] = [],  # noqa: B006
    referrals: list[tuple[str, str]] = [],  # noqa: B006
    own: Settings | None = None,
) -> Dataset:
    """The three customers with these tables."""
    pairs = [{"referrer": a, "referred": b} for a, b in referrals]
    tables: dict[str, list[RawTable]] = {
        "customers": [raw("customers.csv", CUSTOMERS, ["id", "name", "joined", "phone"])],
        "referrals": [raw("referrals.csv", pairs, ["referrer", "referred"])],
    }
    if contacts:
        columns = ["party", "person", "title", "phone", "since"]
        tables["contacts"] = [raw("contacts.csv", contacts, columns)]
    if events:
        tables["events"] = [raw("events.csv", events, ["party", "at", "kind"])]
    return build_dataset(tables, own or Settings())


def ties(data: Dataset) -> bool:
    read, *parts = (data.ledger[name] for name in LEDGER_COUNTS)
    return bool((read == sum(parts)).all())


def test_contact_of_customer_by_id_or_name_is_kept_with_the_id() -> None:
    data = read(CONTACTS)
    assert data.contacts is not None
    assert data.contacts["party"].to_list() == ["C1", "C1", "C2", "C2"]
    assert data.contacts["since"].to_list() == [None, date(2022, 5, 1), None, None]
    assert ties(data)


def test_contact_rows_of_unknown_customer_and_without_person_are_rejected() -> None:
    rows = [*CONTACTS, {"party": "C9", "person": "x"}, {"party": "C1", "person": None}]
    data = read([*rows, CONTACTS[0]])
    counts = data.ledger.filter(pl.col("table") == "contacts").select(LEDGER_COUNTS).row(0)
    assert counts == (7, 4, 2, 1, 0)
    codes = sorted(data.rejects.select("code", "line").iter_rows())
    assert codes == [("missing-value", 7), ("unknown-id", 6)]


def test_referral_by_a_person_counts_for_the_party_and_is_reported() -> None:
    data = read(CONTACTS, referrals=[("王芳", "C2"), ("王芳 13800000001", "C3")])
    assert data.referrals["referrer"].to_list() == ["C1", "C1"]
    assert dict(data.warnings) == {
        "matched-by-person": 1,
        "matched-by-contact": 1,
        "matched-by-name": 1,
    }
    found = data.findings.filter(pl.col("code") == "matched-by-person")
    assert found["members"].to_list() == [["王芳", "C1"]]
    assert refgraph.run("recommenders", data).frame["direct"].to_list() == [2]


@pytest.mark.parametrize("phone", ["13800000001", "138 0000 0001", "010-1111111"])
def test_phone_alone_of_a_person_or_a_customer_means_the_party(phone: str) -> None:
    data = read(CONTACTS, referrals=[(phone, "C2")])
    assert data.referrals["referrer"].to_list() == ["C1"]
    assert dict(data.warnings)["matched-by-column"] == 1
    shared = [*CONTACTS, {"party": "C2", "person": "赵一", "phone": "13800000001"}]
    unknown = read(shared, referrals=[(phone, "C3")]).referrals["referrer"].to_list()
    assert unknown == (["C1"] if phone.startswith("010") else [phone])


def test_match_proposes_customers_for_parties_of_contacts_and_events() -> None:
    spelled = {"party": "河北钢铁集团", "person": "赵一"}
    visited = {"party": "河北钢铁集团", "at": "2024-01-01", "kind": "visit"}
    data = read([*CONTACTS, spelled], [visited], [("C1", "C2")])
    row = refgraph.match(data).frame.filter(written="河北钢铁集团").row(0, named=True)
    assert (row["candidate"], row["count"]) == ("C1", 2)


def test_person_of_two_parties_means_neither_and_is_flagged() -> None:
    data = read(CONTACTS, referrals=[("李强", "C3")])
    assert data.referrals["referrer"].to_list() == ["李强"]
    assert data.findings["code"].to_list() == ["unknown-party", "ambiguous-name"]


def test_name_of_a_customer_outranks_a_person_elsewhere_and_is_reported() -> None:
    data = read(CONTACTS, referrals=[("张伟", "C1")])
    assert data.referrals["referrer"].to_list() == ["C3"]
    assert "matched-by-name-or-person" in dict(data.warnings)


def test_party_of_a_contact_is_never_named_by_another_contact() -> None:
    data = read([*CONTACTS, {"party": "王芳", "person": "赵六"}])
    assert data.contacts is not None
    assert data.contacts.height == 4
    assert data.rejects["code"].to_list() == ["unknown-id"]


def test_unknown_kind_of_event_costs_its_cell_and_is_named_with_the_line_to_paste() -> None:
    events = [
        {"party": "C1", "at": "2021-03-01", "kind": "打球"},
        {"party": "沙钢", "at": "2021-03-02", "kind": " 恳谈会 "},
        {"party": "C1", "at": None, "kind": "visit"},
    ]
    data = read([], events)
    assert data.events is not None
    assert data.events.select("party", "kind").rows() == [("C1", None), ("C2", "interview")]
    losses = data.rejects.select("code", "loss").sort("code").rows()
    assert losses == [("missing-value", "row"), ("unknown-word", "cell")]
    (found,) = list_unknown_words(data)
    assert (found.table, found.words, found.choices[0]) == ("words", ["打球"], "visit")
    taught = read([], events, own=Settings.from_tables({"words": {"visit": ["打球"]}}))
    assert taught.events is not None
    assert taught.events["kind"].to_list() == ["visit", "interview"]


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_word_for_a_kind_of_event_has_one_meaning(kind: str) -> None:
    words = [w.lower() for words in EVENT_KINDS.values() for w in words]
    assert len(words) == len(set(words))
    rows = [{"party": "C1", "at": "2021-03-01", "kind": w} for w in (kind, *EVENT_KINDS[kind])]
    data = read([], rows)
    assert data.events is not None
    assert set(data.events["kind"]) == {kind}
    assert ties(data)


def test_equal_events_count_once_and_two_kinds_on_a_day_are_two() -> None:
    visit = {"party": "C1", "at": "2021-03-01", "kind": "visit"}
    data = read([], [visit, {**visit, "kind": "拜访"}, {**visit, "kind": "投诉"}])
    counts = data.ledger.filter(pl.col("table") == "events").select(LEDGER_COUNTS).row(0)
    assert counts == (3, 2, 0, 1, 0)


def test_tables_change_no_number_of_others_and_each_changes_the_fingerprint() -> None:
    plain = read([], referrals=[("C1", "C2")])
    events = [{"party": "C1", "at": "2035-01-01", "kind": "visit"}]
    full = read(CONTACTS, events, referrals=[("C1", "C2")])
    for name in ("effect", "recommenders", "growth", "trees"):
        a, b = (refgraph.run(name, data) for data in (plain, full))
        assert a.frame.equals(b.frame)
        assert a.headline == b.headline
    prints = {d.fingerprint for d in (plain, full, read(CONTACTS, referrals=[("C1", "C2")]))}
    assert len(prints) == 3


def test_contacts_known_later_and_events_after_the_day_are_not_in_the_graph() -> None:
    events = [{"party": "C1", "at": f"202{k}-01-01", "kind": "visit"} for k in range(5)]
    data = read(CONTACTS, events)
    graph = refgraph.build_graph(data, refgraph.Scope(as_of="2022-01-01"))
    assert graph.events is not None
    assert graph.contacts is not None
    assert graph.events["at"].max() == date(2022, 1, 1)
    assert graph.contacts["person"].to_list() == ["王芳", "张伟", "李强"]


def test_roll_up_gives_contacts_and_events_to_the_first_member() -> None:
    rows = [{**row, "group": "G" if row["id"] != "C3" else None} for row in CUSTOMERS]
    tables = {
        "customers": [raw("customers.csv", rows, ["id", "name", "joined", "group"])],
        "contacts": [raw("contacts.csv", CONTACTS, ["party", "person"])],
        "events": [
            raw(
                "e.csv",
                [{"party": "C2", "at": "2021-01-01", "kind": "visit"}],
                ["party", "at", "kind"],
            )
        ],
    }
    graph = refgraph.build_graph(build_dataset(tables, Settings()), refgraph.Scope(roll_up=True))
    assert graph.contacts is not None
    assert graph.events is not None
    assert set(graph.contacts["party"]) == {"C1"}
    assert graph.events["party"].to_list() == ["C1"]


def test_pseudonymized_data_have_events_and_no_contacts() -> None:
    events = [{"party": "C1", "at": "2021-03-01", "kind": "visit"}]
    data = read(CONTACTS, events)
    hidden = pseudonymize(data, Pseudonyms(b"k" * 32))
    assert hidden.contacts is None
    assert hidden.events is not None
    assert hidden.events["party"].to_list() == [Pseudonyms(b"k" * 32).make("P", "C1")]
    assert not any(column.startswith("contacts.") for column in hidden.recorded)


def test_networkx_graph_keeps_contacts_and_events() -> None:
    data = read(CONTACTS, [{"party": "C2", "at": "2021-03-01", "kind": "asked"}])
    graph = refgraph.build_graph(data, refgraph.Scope(as_of="2023-01-01"))
    back = refgraph.read(graph.to_networkx())
    assert back.fingerprint == data.fingerprint
