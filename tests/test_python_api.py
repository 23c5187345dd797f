"""The package at a Python prompt: short texts of objects, sentences, tables, warnings, errors."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

import refgraph
from refgraph import analyses, pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import RefgraphWarning, UsageError
from refgraph.model.dataset import Dataset
from refgraph.model.message import Label, message
from refgraph.model.result import Report, Result
from refgraph.renderers import table
from refgraph.renderers.view import View
from refgraph.texts import format_message

CASE = Path(__file__).parent.parent / "sample_data" / "l96"
PEOPLE = pl.DataFrame({"id": [7, 8, 9], "referred_by": [None, 7, 7]})


@pytest.fixture(scope="module")
def data() -> Dataset:
    return refgraph.read(CASE)


@pytest.fixture(scope="module")
def result(data: Dataset) -> Result:
    return refgraph.run("recommenders", data)


@pytest.fixture(scope="module")
def report(data: Dataset) -> Report:
    return refgraph.report(data)


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFGRAPH_LANG", "en")


def find_objects(value: object, seen: set[int]) -> Iterator[object]:
    """All objects of refgraph that hang on a value."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if type(value).__module__.startswith("refgraph"):
        yield value
        if is_dataclass(value):
            for field in fields(value):
                yield from find_objects(getattr(value, field.name), seen)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from find_objects(part, seen)


def test_repr_of_every_object_is_short_and_names_its_class(
    data: Dataset, result: Result, report: Report
) -> None:
    graph = refgraph.build_graph(data)
    engine = pipeline.open_source(CASE)
    roots = [data, result, report, graph, engine, refgraph.draw(data, "C020"), refgraph.Scope()]
    roots += [analyses.load("recommenders"), result.headline, refgraph.SourceOptions(), graph.value]
    roots += [
        engine.summarize_source(),
        analyses.load("credit").function(graph),
        data.customer_rows,
    ]
    seen: set[int] = set()
    texts = {type(x): repr(x) for root in roots for x in find_objects(root, seen)}
    assert {Dataset, Result, Report, type(graph.forest), OfflineEngine} <= set(texts)
    assert not [text for kind, text in texts.items() if kind.__name__ not in text]
    assert not [text for text in texts.values() if len(text) > 500 or "\n" in text]


def test_repr_tells_counts(data: Dataset, result: Result) -> None:
    graph = refgraph.build_graph(data)
    assert repr(data) == "<Dataset: 129 customers, 58 referrals, 2,862 orders, 5 affiliations>"
    assert repr(graph) == "<Graph: 129 parties, 58 referrals, as of 2025-12-31, revenue>"
    assert repr(result) == "<Result: recommenders, 31 rows, 22 columns, as of 2025-12-31>"
    assert repr(result.head(3)) == "<Result: recommenders, 31 rows, 22 columns, as of 2025-12-31>"
    assert repr(refgraph.Scope(as_of="2024-12-31")) == ("Scope(as_of=datetime.date(2024, 12, 31))")


def test_str_of_a_message_and_of_a_result_is_the_sentence(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert str(result.headline) == format_message(result.headline, "en") == str(result)
    monkeypatch.setenv("REFGRAPH_LANG", "zh")
    assert str(result.headline) == format_message(result.headline, "zh")


def test_show_prints_the_table_and_the_rows_that_it_leaves_out(
    result: Result, report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    result.show(3)
    printed = capsys.readouterr().out
    assert printed == table.render(result, View(format="table", lang="en", top=3)).decode()
    assert "… 28 more" in printed
    report.show()
    assert len(capsys.readouterr().out.splitlines()) > 100
    with pytest.raises(UsageError, match="rows"):
        result.show(-1)


def test_show_in_a_notebook_displays_html(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    module = SimpleNamespace(display=shown.append, HTML=str)
    shell = SimpleNamespace(kernel=object())
    ipython = SimpleNamespace(display=module, get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)  # type: ignore[arg-type]
    result.show(5)
    assert shown == [refgraph.to_html(result, rows=5)]
    assert shown[0].count("<tr>") == 1 + 5


def test_html_of_a_report_holds_every_section(report: Report) -> None:
    html = report._repr_html_()
    assert html.count('<div class="refgraph"') == html.count("</div>") == 1 + len(report.sections)


@pytest.mark.parametrize("subject", ["x", None, 3, PEOPLE])
def test_show_of_anything_else_is_usage_error(subject: Any) -> None:
    for show in (refgraph.show, refgraph.to_html, refgraph.to_text):
        with pytest.raises(UsageError) as caught:
            show(subject)
        assert caught.value.id == "not-an-answer"


def test_rejected_cells_are_warned_of_and_stand_in_notes_and_html() -> None:
    orders = pl.DataFrame(
        {
            "customer": [8, 9, 9],
            "at": ["2024-01-31", "2024-01-30", "2024-01-29"],
            "revenue": ["1.100"] * 3,
        }
    )
    with pytest.warns(RefgraphWarning) as caught:
        data = refgraph.read(PEOPLE, orders=orders)
    (reported,) = [warning.message for warning in caught]
    assert isinstance(reported, RefgraphWarning)
    assert (reported.id, reported.count) == ("cells-rejected", 3)
    for part in ("3 cells of orders", "point or comma", "revenue = 1.100", "CastRules("):
        assert part in str(reported)
    assert caught[0].filename == __file__
    answer = refgraph.run("effect", data)
    noted = message("note.cells-rejected", table=Label("orders"), cells=3)
    assert noted in answer.notes
    assert "3 cells of orders were rejected" in refgraph.to_html(answer)
    assert [note for note in refgraph.report(data).notes if note == noted] == [noted]
    rules = refgraph.IntakeOptions(rules=refgraph.CastRules(loose_numbers=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loose = refgraph.read(PEOPLE, refgraph.SourceOptions(intake=rules), orders=orders)
    assert refgraph.run("effect", loose).origin["value"] == "revenue"


def test_each_kind_of_fault_is_one_warning_with_its_count(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(
        "id,joined,religion\na,2024-13-01,x\nb,soon,x\nc,2024-01-01,x\nd\n", encoding="utf-8"
    )
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    with pytest.warns(RefgraphWarning) as caught:
        data = refgraph.read(tmp_path)
    reported = [w.message for w in caught if isinstance(w.message, RefgraphWarning)]
    counts = {warning.id: warning.count for warning in reported}
    assert counts["sensitive"] == 1
    assert counts["ignored"] == 1
    rejected = sum(warning.count for warning in reported if warning.id == "rows-rejected")
    assert rejected == data.ledger["rejected"].sum() > 0
    assert len({str(warning) for warning in reported}) == len(reported)


def test_data_without_faults_warn_of_nothing(recwarn: pytest.WarningsRecorder) -> None:
    refgraph.read(CASE)
    assert not [w for w in recwarn if issubclass(w.category, RefgraphWarning)]


def test_run_and_draw_take_data_and_name_in_either_order(data: Dataset) -> None:
    first, second = refgraph.run("effect", data), refgraph.run(data, "effect")
    assert first.frame.equals(second.frame)
    drawings = refgraph.draw(data, "C020", depth=1), refgraph.draw("C020", data, depth=1)
    assert drawings[0].render("svg") == drawings[1].render("svg")


@pytest.mark.parametrize(
    ("options", "id"),
    [
        ({"colour_by": "state"}, "unknown-parameter"),
        ({"color_by": "colour"}, "bad-word"),
        ({"depth": -1}, "out-of-range"),
        ({"depth": "many"}, "not-an-integer"),
        ({"lang": "fr"}, "bad-word"),
        ({"scope": "2024"}, "not-a-scope"),
        ({"party": None}, "not-text"),
        ({"data": "sample_data/l96"}, "not-a-dataset"),
    ],
)
def test_draw_with_a_wrong_argument_is_usage_error(
    data: Dataset, options: dict[str, Any], id: str
) -> None:
    with pytest.raises(UsageError) as caught:
        refgraph.draw(**{"data": data, "party": "C020", **options})
    assert caught.value.id == id


@pytest.mark.parametrize("wrong", [None, "x", 3, PEOPLE, CASE])
def test_anything_but_a_dataset_is_usage_error(wrong: Any) -> None:
    for call in (refgraph.build_graph, refgraph.report, refgraph.ask.effect):
        with pytest.raises(UsageError) as caught:
            call(wrong)
        assert caught.value.id == "not-a-dataset"
    with pytest.raises(UsageError):
        refgraph.run("effect", wrong)
