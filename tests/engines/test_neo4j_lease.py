"""One writer at a time: the lease, its takeover, and the token that stops a stalled writer."""

from __future__ import annotations

import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from support import companies
from support.stores import connect, describe_dataset, open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.neo4j.lease import Lease, hold_lease, is_dead
from refgraph.engines.neo4j.load_setup import create_constraints
from refgraph.engines.queries import load_statement
from refgraph.errors import LockedError, UsageError
from refgraph.model.dataset import Dataset

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "l96"


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return pipeline.open_source(SAMPLE).dataset()


def hold_lease_as(server: Any, holder: str) -> None:
    """Take the lease in the name of another process."""
    database = connect(server)
    create_constraints(database)
    parameters = {"holder": holder, "lease": 60_000, "takeover": -1}
    database.write((load_statement("lock/acquire").to_cypher(), parameters))


@pytest.mark.parametrize("holder", ["elsewhere 1 x", "", "odd"])
def test_is_dead_holder_on_another_machine_is_false(holder: str) -> None:
    assert not is_dead(holder)


@pytest.mark.neo4j
def test_load_while_lease_is_held_names_the_holder(neo4j_empty: Any, sample: Dataset) -> None:
    hold_lease_as(neo4j_empty, "elsewhere 1 x")
    with pytest.raises(LockedError) as caught:
        open_store(neo4j_empty).load(sample)
    assert caught.value.id == "locked"
    assert caught.value.values["holder"] == "elsewhere (1)"
    run_cypher(neo4j_empty, "MATCH (k:RefgraphLock) SET k.until = timestamp() - 1")
    assert open_store(neo4j_empty).load(sample) == "new"


@pytest.mark.neo4j
def test_load_lease_of_dead_local_process_is_taken_over(neo4j_empty: Any, sample: Dataset) -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    hold_lease_as(neo4j_empty, f"{socket.gethostname()} {process.pid} x")
    assert open_store(neo4j_empty).load(sample) == "new"


@pytest.mark.neo4j
def test_load_overtaken_writer_is_stopped_by_its_token(neo4j_empty: Any, sample: Dataset) -> None:
    """Its lease expired and another has taken over: none of its rows is written any more."""
    take_over = "MATCH (k:RefgraphLock) SET k.token = k.token + 1, k.holder = 'elsewhere 1 x'"

    def overtake(stage: str, done: int, total: int | None = None) -> None:
        if stage == "load-orders" and not done:
            run_cypher(neo4j_empty, take_over)

    with pytest.raises(LockedError) as caught:
        open_store(neo4j_empty).load(sample, overtake)
    assert caught.value.id == "lease-lost"
    assert run_cypher(neo4j_empty, "MATCH (o:Order) RETURN count(o)") == [[0]]
    holders = run_cypher(neo4j_empty, "MATCH (k:RefgraphLock) RETURN k.holder")
    assert holders == [["elsewhere 1 x"]]


@pytest.mark.neo4j
def test_load_concurrently_exactly_one_writes(neo4j_empty: Any) -> None:
    data = companies.dataset(companies.company(size=2_000, seed=5))
    outcomes: list[str] = []

    def load() -> None:
        try:
            outcomes.append(open_store(neo4j_empty).load(data))
        except (LockedError, UsageError) as error:
            outcomes.append(error.id)

    create_constraints(connect(neo4j_empty))
    threads = [threading.Thread(target=load) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("new") == 1
    assert set(outcomes) <= {"new", "locked", "same"}
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(data)


@pytest.mark.neo4j
def test_hold_lease_is_released_at_the_end(neo4j_empty: Any) -> None:
    database = connect(neo4j_empty)
    create_constraints(database)
    with hold_lease(database) as first, pytest.raises(LockedError), hold_lease(database):
        pass
    with hold_lease(database) as second:
        assert second.token == first.token + 1
        with pytest.raises(LockedError):
            database.write(Lease(first.token).guard_step(), guard=True)
