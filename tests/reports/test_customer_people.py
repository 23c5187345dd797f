"""The people inside an account, and what happened with it, on a customer page."""

from __future__ import annotations

from datetime import date

from support.toys import raw

from refgraph.intake import build_dataset
from refgraph.model.dataset import Dataset
from refgraph.model.settings import Settings
from refgraph.pipeline.inputs import open_dataset
from refgraph.reports.customer_page import build_customer_page

Rows = list[dict[str, object]]


def read(contacts: Rows, events: Rows) -> Dataset:
    people: Rows = [{"id": f"C{k}", "joined": f"202{k}-02-01"} for k in (0, 1)]
    tables = {
        "customers": [raw("customers.csv", people, ["id", "joined"])],
        "referrals": [
            raw("r.csv", [{"referrer": "C0", "referred": "C1"}], ["referrer", "referred"])
        ],
        "contacts": [raw("contacts.csv", contacts, ["party", "person", "since"])],
        "events": [raw("events.csv", events, ["party", "at", "kind"])],
    }
    return build_dataset(tables, Settings())


def test_customer_page_lists_people_and_events() -> None:
    contacts: Rows = [{"party": "C0", "person": "Ann"}, {"party": "C1", "person": "Ben"}]
    engine = open_dataset(read(contacts, [{"party": "C0", "at": "2020-01-01", "kind": "praise"}]))
    frames = {s.caption: s.result.frame for s in build_customer_page(engine, "C0").sections}
    assert frames["customer-contacts"]["person"].to_list() == ["Ann"]
    assert frames["customer-events"].select("date", "kind").rows() == [(date(2020, 1, 1), "praise")]
    others = {s.caption for s in build_customer_page(engine, "C1").sections}
    assert others & {"customer-contacts", "customer-events"} == {"customer-contacts"}


def test_customer_page_says_what_lies_after_the_as_of_day() -> None:
    events: Rows = [
        {"party": "C0", "at": day, "kind": "visit"} for day in ("2020-06-01", "2031-01-01")
    ]
    engine = open_dataset(read([{"party": "C0", "person": "Max", "since": "2030-01-01"}], events))
    notes = {n.id: dict(n.values) for n in build_customer_page(engine, "C0").notes}
    assert notes["note.later-rows"] == {"events": 1, "contacts": 1, "day": date(2021, 2, 1)}
    others = [n.id for n in build_customer_page(engine, "C1").notes]
    assert "note.later-rows" not in others
