"""``--exclude CODE`` leaves out every referral that a finding is about, and nothing else."""

from __future__ import annotations

import pytest
from support.toys import company

from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.graph.referrals import collect_notes
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope


@pytest.fixture(scope="module")
def data() -> Dataset:
    """A cycle of three with a tail; x is unknown and named twice; d referred f before d joined."""
    people = {i: {"joined": f"2020-01-0{k + 1}"} for k, i in enumerate("abcd")} | {"e": {}, "f": {}}
    arcs = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("x", "e"), ("x", "f")]
    early = {"referrer": "d", "referred": "f", "at": "2019-01-01"}
    return company(people, [*({"referrer": r, "referred": d} for r, d in arcs), early])


def list_counted(data: Dataset, *codes: str) -> set[str]:
    """The counted referrals without those of some codes, as "ab" for a referred b."""
    graph = OfflineEngine(data).graph(Scope(exclude=codes))
    counted = graph.arcs.filter("counted")
    ids = graph.parties["id"]
    return {ids[r] + ids[d] for r, d in counted.select("referrer", "referred").iter_rows()}


def test_exclude_of_each_code_removes_its_referrals_only(data: Dataset) -> None:
    everything = {"ab", "bc", "ca", "cd", "xe", "xf", "df"}
    assert list_counted(data) == everything
    assert list_counted(data, "unknown-party") == everything - {"xe", "xf"}
    assert list_counted(data, "referral-before-joined") == everything - {"df"}
    assert list_counted(data, "referral-loop") == everything - {"ab", "bc", "ca"}
    assert list_counted(data, "loop-cut") == everything - {"ca"}
    assert list_counted(data, "unknown-party", "referral-loop") == {"cd", "df"}


def test_exclude_of_cycles_leaves_nothing_to_cut_and_keeps_the_findings(data: Dataset) -> None:
    graph = OfflineEngine(data).graph(Scope(exclude=("referral-loop",)))
    assert not graph.arcs["cut"].any()
    assert {"referral-loop", "loop-cut", "unknown-party"} <= set(graph.findings["code"])


def test_exclude_of_a_code_not_about_referrals_raises() -> None:
    with pytest.raises(UsageError) as caught:
        Scope(exclude=("negative-value",))
    assert caught.value.id == "bad-word"


def test_notes_count_undated_referrals_that_count_and_others_by_kind() -> None:
    people = {"a": {}, "b": {}, "w": {"role": "staff"}, "p": {"role": "partner"}, "v": {}}
    rows = [
        {"referrer": "a", "referred": "b"},
        {"referrer": "a", "referred": "v", "status": "void", "at": "2020-01-01"},
        {"referrer": "w", "referred": "b", "at": "2020-01-01"},
        {"referrer": "p", "referred": "b"},
    ]
    data = company(people, rows)
    notes = {
        count: {n.id: dict(n.values) for n in collect_notes(build_graph(data, count).arcs)}
        for count in ("", "staff", "partner")
    }
    others = "note.uncounted-referrals"
    assert notes[""]["note.undated-referrals"] == {"referrals": 1}
    assert notes["partner"]["note.undated-referrals"] == {"referrals": 2}
    assert notes[""][others] == {"referrals": 2, "staff": 1, "partner": 1, "authority": 0}
    assert notes["staff"][others] == {"referrals": 1, "staff": 0, "partner": 1, "authority": 0}


def build_graph(data: Dataset, count: str) -> Graph:
    return OfflineEngine(data).graph(Scope(count=(count,) if count else ()))
