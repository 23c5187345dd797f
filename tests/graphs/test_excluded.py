"""``--exclude CODE`` leaves out every referral that the finding is about, and nothing else."""

from __future__ import annotations

import pytest

from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from tests.toys import company


@pytest.fixture(scope="module")
def data() -> Dataset:
    """A loop of three with a tail; x is unknown and named twice; d referred e before d joined."""
    people = {i: {"joined": f"2020-01-0{k + 1}"} for k, i in enumerate("abcd")} | {"e": {}, "f": {}}
    arcs = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("x", "e"), ("x", "f")]
    early = {"referrer": "d", "referred": "f", "at": "2019-01-01"}
    return company(people, [*({"referrer": r, "referred": d} for r, d in arcs), early])


def left(data: Dataset, *codes: str) -> set[str]:
    graph = Offline(data).graph(Scope(exclude=codes))
    counted = graph.arcs.filter("counted")
    ids = graph.parties["id"]
    return {ids[r] + ids[d] for r, d in counted.select("referrer", "referred").iter_rows()}


def test_each_code(data: Dataset) -> None:
    everything = {"ab", "bc", "ca", "cd", "xe", "xf", "df"}
    assert left(data) == everything
    assert left(data, "unknown-party") == everything - {"xe", "xf"}
    assert left(data, "referral-before-joined") == everything - {"df"}
    assert left(data, "referral-loop") == everything - {"ab", "bc", "ca"}
    assert left(data, "loop-cut") == everything - {"ca"}
    assert left(data, "unknown-party", "referral-loop") == {"cd", "df"}


def test_what_is_left_out_is_cut_no_longer_and_findings_stay(data: Dataset) -> None:
    graph = Offline(data).graph(Scope(exclude=("referral-loop",)))
    assert not graph.arcs["cut"].any()
    assert {"referral-loop", "loop-cut", "unknown-party"} <= set(graph.findings["code"])


def test_a_code_that_is_about_no_referral_is_refused(data: Dataset) -> None:
    with pytest.raises(UsageError) as told:
        Offline(data).graph(Scope(exclude=("negative-value",)))
    assert told.value.id == "unknown-code"
