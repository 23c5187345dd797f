"""The decision table of a load, row by row, without a server."""

from __future__ import annotations

import pytest
from support import toys

from refgraph.engines.neo4j import store as stores
from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.load_plan import LoadPlan, plan_load
from refgraph.engines.neo4j.load_record import KEY_PROPERTIES, LoadRecord
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.engines.options import LoadAction, LoadOptions
from refgraph.errors import LockedError, UsageError

PLAN = plan_load(toys.star(), "source")
NO_OPTIONS, RESUME = LoadOptions(), LoadOptions(resume=True)
REPLACE, INTO_EXISTING = LoadOptions(replace=True), LoadOptions(into_existing=True)
OTHER = "another"
SAME_FINGERPRINT, SAME_IDENTITY = PLAN.fingerprint, PLAN.identity


def make_record(state: str, fingerprint: str, identity: str) -> LoadRecord:
    return LoadRecord(
        identity=identity,
        fingerprint=fingerprint,
        state=state,
        metadata={},
        rows={},
        written_rows={},
        source="earlier",
        finished=None,
        version="0",
    )


def make_store(
    monkeypatch: pytest.MonkeyPatch,
    record: LoadRecord | None,
    foreign_nodes: int = 0,
    customers: int = 0,
) -> Neo4jStore:
    """A store that finds this in its database."""
    counts = dict.fromkeys(KEY_PROPERTIES, 0) | {"*": foreign_nodes, "Customer": customers}
    store = Neo4jStore(Credentials("bolt://127.0.0.1:1"))
    monkeypatch.setattr(store, "read_load_record", lambda: record)
    monkeypatch.setattr(stores, "count_nodes", lambda _: counts)
    monkeypatch.setattr(stores, "require_free_lease", lambda _: None)
    return store


def choose(store: Neo4jStore, options: LoadOptions, plan: LoadPlan = PLAN) -> LoadAction:
    return store._choose_action(plan, options)


@pytest.mark.parametrize(
    ("state", "fingerprint", "identity", "options", "action"),
    [
        ("complete", SAME_FINGERPRINT, SAME_IDENTITY, NO_OPTIONS, LoadAction.SAME),
        ("complete", SAME_FINGERPRINT, SAME_IDENTITY, RESUME, LoadAction.SAME),
        ("complete", SAME_FINGERPRINT, OTHER, NO_OPTIONS, LoadAction.ALIKE),
        ("complete", SAME_FINGERPRINT, SAME_IDENTITY, REPLACE, LoadAction.REPLACE),
        ("complete", OTHER, OTHER, REPLACE, LoadAction.REPLACE),
        ("loading", "", SAME_IDENTITY, RESUME, LoadAction.RESUME),
        ("loading", "", OTHER, REPLACE, LoadAction.REPLACE),
        ("removing", "", OTHER, RESUME, LoadAction.REPLACE),
    ],
)
def test_choose_action_with_a_load(
    state: str,
    fingerprint: str,
    identity: str,
    options: LoadOptions,
    action: LoadAction,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = make_store(monkeypatch, make_record(state, fingerprint, identity))
    assert choose(store, options) is action


@pytest.mark.parametrize(
    ("state", "fingerprint", "identity", "options", "error"),
    [
        ("complete", OTHER, OTHER, NO_OPTIONS, "load-there"),
        ("complete", OTHER, OTHER, RESUME, "load-there"),
        ("loading", "", SAME_IDENTITY, NO_OPTIONS, "load-broken-off"),
        ("loading", "", OTHER, RESUME, "load-broken-off"),
        ("removing", "", OTHER, NO_OPTIONS, "load-broken-off"),
    ],
)
def test_choose_action_without_the_right_option_is_refused(
    state: str,
    fingerprint: str,
    identity: str,
    options: LoadOptions,
    error: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = make_store(monkeypatch, make_record(state, fingerprint, identity))
    with pytest.raises(UsageError) as caught:
        choose(store, options)
    assert caught.value.id == error


@pytest.mark.parametrize("options", [NO_OPTIONS, RESUME, REPLACE])
def test_choose_action_empty_database_is_new(
    options: LoadOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose(make_store(monkeypatch, None), options) is LoadAction.NEW


def test_choose_action_foreign_nodes_need_into_existing(monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(monkeypatch, None, foreign_nodes=3)
    assert choose(store, INTO_EXISTING) is LoadAction.NEW
    with pytest.raises(UsageError) as caught:
        choose(store, REPLACE)
    assert caught.value.id == "database-not-empty"


def test_choose_action_own_labels_without_a_load_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = make_store(monkeypatch, None, customers=1)
    with pytest.raises(UsageError) as caught:
        choose(store, INTO_EXISTING)
    assert caught.value.id == "labels-taken"
    assert caught.value.values["labels"] == ["Customer"]


def test_choose_action_incomplete_load_waits_for_its_writer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = make_store(monkeypatch, make_record("loading", "", SAME_IDENTITY))

    def refuse(_: object) -> None:
        raise LockedError("locked", holder="elsewhere (1)", seconds=5)

    monkeypatch.setattr(stores, "require_free_lease", refuse)
    with pytest.raises(LockedError):
        choose(store, RESUME)
    assert store._choose_action(PLAN, RESUME, has_lease=True) is LoadAction.RESUME
