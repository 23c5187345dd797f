"""A Dataset cut at a day: who is on record, who is lost, and what no date tells."""

from __future__ import annotations

from datetime import date

import pytest
from support.toys import company

from refgraph.engines.offline import OfflineEngine
from refgraph.graph import build_graph
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope
from refgraph.pipeline import run
from refgraph.reports.comparison import compare_periods
from refgraph.reports.timeline import compute_timeline

DAY = date(2018, 12, 31)
OUTCOMES = ("conversion", "conversion_low", "conversion_high", "difference", "lost")


def build(dataset: Dataset, day: date = DAY) -> Graph:
    return build_graph(dataset, Scope(as_of=day))


def stages(graph: Graph) -> dict[str, tuple[str, str | None]]:
    columns = graph.parties.select("id", "stage", "status")
    return {id: (stage, status) for id, stage, status in columns.iter_rows()}


def make_lost_and_open() -> Dataset:
    """A customer, and two that somebody named as referred six years later."""
    people: dict[str, dict[str, object]] = {
        "A": {"status": "closed", "joined": "2015-01-01", "source": "own sales"},
        "D": {"status": "lost", "source": "customer referral"},
        "E": {"status": "negotiating", "source": "customer referral"},
    }
    return company(
        people,
        [
            {"referrer": "A", "referred": "D", "at": "2024-02-01"},
            {"referrer": "A", "referred": "E", "at": "2024-03-01"},
        ],
    )


def make_losses(**lost_at: str) -> Dataset:
    """a referred b, c and d in 2016 (b closed in 2017, the others are lost), e in 2024."""
    people: dict[str, dict[str, object]] = {
        "a": {"status": "closed", "joined": "2015-01-01"},
        "b": {"status": "closed", "joined": "2017-01-01"},
        **{id: {"status": "lost", "丢单日期": lost_at.get(id)} for id in "cd"},
        "e": {"status": "prospect"},
    }
    years = {"b": 2016, "c": 2016, "d": 2016, "e": 2024}
    return company(
        people, [{"referrer": "a", "referred": k, "at": f"{y}-05-01"} for k, y in years.items()]
    )


def test_parties_named_only_later_are_not_on_record() -> None:
    assert list(stages(build(make_lost_and_open()))) == ["A"]
    funnel = run(OfflineEngine(make_lost_and_open()), "funnel", {}, Scope(as_of=DAY))
    assert funnel.frame["parties"].head(3).to_list() == [1, 1, 0]


def test_lost_party_is_lost_from_its_date_on() -> None:
    data = make_losses(c="2018-06-01", d="2019-06-01")
    assert stages(build(data)) == {
        "a": ("existing", "closed"),
        "b": ("existing", "closed"),
        "c": ("prospect", "lost"),
        "d": ("prospect", "prospect"),
    }
    row = run(OfflineEngine(data), "recommenders", {}, Scope(as_of=DAY)).frame.row(0, named=True)
    assert (row["closed"], row["lost"], row["open"], row["conversion"]) == (1, 1, 1, 0.5)
    assert build(data, date(2018, 5, 31)).undated_lost == 0


@pytest.mark.parametrize(
    ("status", "joined", "expected"),
    [
        (None, None, ("prospect", "lost")),
        ("negotiating", None, ("prospect", "lost")),
        ("closed", "2021-01-01", ("prospect", "lost")),
        ("closed", "2015-01-01", ("existing", "closed")),
        ("void", None, ("void", "void")),
    ],
)
def test_date_of_a_loss_makes_lost_who_had_not_closed_by_then(
    status: str | None, joined: str | None, expected: tuple[str, str]
) -> None:
    people: dict[str, dict[str, object]] = {
        "x": {"status": status, "joined": joined, "lost_at": "2018-01-01"},
        "y": {"status": "closed", "joined": "2022-01-01"},
    }
    assert stages(build(company(people, [])))["x"] == expected


def test_loss_date_without_a_status_column_makes_lost_and_records_conversion() -> None:
    people: dict[str, dict[str, object]] = {"x": {"lost_at": "2018-01-01"}, "y": {}}
    data = company({"a": {}} | people, [("a", "x"), ("a", "y")])
    assert [stage for stage, _ in stages(build(data)).values()] == [
        "existing",
        "prospect",
        "existing",
    ]
    row = run(OfflineEngine(data), "recommenders").frame.row(0, named=True)
    assert (row["lost"], row["conversion"]) == (1, 0.5)


@pytest.mark.parametrize("analysis", ["funnel", "channels", "recommenders", "flows"])
def test_undated_loss_leaves_outcomes_of_past_days_blank_with_the_reason(analysis: str) -> None:
    engine = OfflineEngine(make_losses(c="2018-06-01"))
    parameters = {"by": "recommender_tier"} if analysis == "flows" else {}
    past = run(engine, analysis, parameters, Scope(as_of=DAY))
    now = run(engine, analysis, parameters)
    for name in {*OUTCOMES, "open"} & set(past.frame.columns):
        assert past.frame[name].null_count() == past.frame.height
    assert now.frame["lost"].sum() > 0
    assert "note.losses-undated" in {note.id for note in past.notes}
    assert "note.losses-undated" not in {note.id for note in now.notes}


def test_compare_on_a_past_day_with_undated_losses_has_no_conversion() -> None:
    engine = OfflineEngine(make_losses())
    result = run(engine, "compare", {"of": ("a", "b")}, Scope(as_of=DAY))
    rows = {row["element"]: row for row in result.frame.iter_rows(named=True)}
    for name in ("lost", "conversion"):
        assert [rows[name][c] for c in ("first", "second", "difference")] == [None] * 3
    assert rows["closed"]["first"] == 1


def test_undated_stages_of_a_past_day_are_blank_and_losses_known() -> None:
    people: dict[str, dict[str, object]] = {
        "a": {"status": "closed", "joined": "2015-01-01"},
        "c": {"status": "contacted"},
        "e": {"status": "closed", "joined": "2024-01-01"},
    }
    data = company(people, [{"referrer": "a", "referred": "c", "at": "2016-01-01"}])
    engine = OfflineEngine(data)
    funnel = run(engine, "funnel", {}, Scope(as_of=DAY)).frame.row(2, named=True)
    assert [funnel[s] for s in ("prospect", "contacted", "negotiating")] == [None] * 3
    assert (funnel["closed"], funnel["lost"], funnel["parties"]) == (0, 0, 1)
    prospects = run(engine, "prospects", {}, Scope(as_of=DAY))
    assert prospects.frame["status"].to_list() == [None]
    assert "note.stages-undated" in {note.id for note in prospects.notes}
    assert run(engine, "prospects").frame["status"].to_list() == ["contacted"]


def test_timeline_and_changes_draw_no_difference_from_undated_losses() -> None:
    engine = OfflineEngine(make_losses())
    timeline = compute_timeline(engine, "funnel")
    past = timeline.frame.filter(timeline.frame["period"] < "2024")
    assert past["conversion"].null_count() == past["lost"].null_count() == past.height > 0
    changes = compare_periods(engine, "funnel", "2018", "2024")
    for name in ("conversion_change", "lost_change", "difference_change"):
        assert changes.frame[name].null_count() == changes.frame.height
    for result in (timeline, changes):
        assert "note.losses-undated" in {note.id for note in result.notes}


def test_customer_of_a_later_year_is_a_prospect_once_referred_without_its_later_facts() -> None:
    people: dict[str, dict[str, object]] = {
        "A": {"status": "closed", "joined": "2015-01-01", "left": "2020-01-01", "left_to": "Z"},
        "B": {"status": "closed", "joined": "2024-01-01"},
        "C": {"status": "closed", "joined": "2024-01-01"},
    }
    data = company(people, [{"referrer": "A", "referred": "B", "at": "2015-06-01"}])
    graph = build(data)
    assert stages(graph) == {"A": ("existing", "closed"), "B": ("prospect", "prospect")}
    for column in ("left", "left_to"):
        assert graph.parties[column].null_count() == 2
    trees = run(OfflineEngine(data), "trees", {}, Scope(as_of=DAY)).frame
    assert trees["years"].to_list() == [0.0]


def test_stub_is_outside_only_once_it_has_referred() -> None:
    data = company(
        {"a": {"joined": "2015-01-01"}, "b": {"joined": "2015-01-01"}},
        [
            {"referrer": "a", "referred": "s", "at": "2016-01-01"},
            {"referrer": "s", "referred": "b", "at": "2024-01-01"},
        ],
    )
    assert stages(build(data))["s"] == ("prospect", "prospect")
    assert stages(build_graph(data, Scope()))["s"] == ("other", None)


def test_as_of_without_dates_leaves_all_parties_on_record() -> None:
    data = company({"a": {"status": "lost"}, "b": {}}, [("b", "a")])
    graph = build(data)
    assert len(graph) == 2 and graph.undated_lost == 0


def test_similar_ids_are_reported_once_two_of_them_are_on_record() -> None:
    joined = {"x9": 2018, "X9": 2018, " x 9": 2022, "b": 2018, "B": 2022}
    data = company({id: {"joined": f"{year}-01-01"} for id, year in joined.items()}, [])
    found = {
        year: build(data, date(year, 12, 31))
        .findings.filter(code="similar-ids")["members"]
        .to_list()
        for year in (2018, 2022)
    }
    assert found == {2018: [["X9", "x9"]], 2022: [[" x 9", "X9", "x9"], ["B", "b"]]}


def test_what_happens_on_the_day_itself_is_on_record() -> None:
    people: dict[str, dict[str, object]] = {
        "a": {"joined": "2018-01-01", "status": "closed"},
        "b": {"joined": "2018-12-31", "status": "closed"},
        "c": {"joined": "2019-01-01", "status": "closed"},
        "d": {"status": "lost", "丢单日期": "2018-12-31"},
        "e": {"status": "lost", "丢单日期": "2019-01-01"},
    }
    days = {"b": "2018-12-31", "c": "2018-12-31", "d": "2018-12-31", "e": "2018-12-31"}
    arcs = [{"referrer": "a", "referred": id, "at": day} for id, day in days.items()]
    orders = [
        {"customer": "a", "at": day, "revenue": 1}
        for day in ("2018-12-30", "2018-12-31", "2019-01-01")
    ]
    graph = build(
        company(people, [*arcs, {"referrer": "b", "referred": "a", "at": "2019-01-01"}], orders)
    )
    assert stages(graph) == {
        "a": ("existing", "closed"),
        "b": ("existing", "closed"),
        "c": ("prospect", "prospect"),
        "d": ("prospect", "lost"),
        "e": ("prospect", "prospect"),
    }
    assert graph.arcs["referrer"].to_list() == [0, 0, 0, 0]
    assert graph.value.numbers.tolist() == [2.0, 0.0, 0.0, 0.0, 0.0]
