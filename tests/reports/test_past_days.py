"""Nothing sees past the as-of day: the same answers on data cut by hand at that day.

Stated exceptions, by name:

* ``origin`` and the ledger (`LEDGER_NOTES`), which count the rows that were read or left out;
* where a company has stages without a date (`UNDATED`), the columns and sentences that say so;
* how rows are read: names, spellings, currencies and repeated rows, which are settled once, from
  all rows (the glossary says so; `test_reading_uses_all_rows_on_every_day` shows each).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support import cut_by_hand
from support.toys import company

from refgraph import analyses, pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.errors import UsageError
from refgraph.graph import build_graph
from refgraph.model.result import Report, Result
from refgraph.model.scope import Scope
from refgraph.pipeline.drawing import build_pictures
from refgraph.renderers.pictures import render_picture
from refgraph.reports.customer_page import build_customer_page
from refgraph.reports.report import build_report

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
DAYS = ("2009-06-30", "2014-12-31", "2018-03-01", "2022-12-31", "2024-07-15")
RICH = (
    "--self-referrals 3 --several 0.3 --staff 0.1 --partners 0.1 --loops 2 --groups 0.2 --churn 0.2"
)
STRANGE = "--missing-sources 0.3 --strangers 0.05 --nameless 0.06 --order-years 4"
OUTCOMES = {"lost", "open", "conversion", "conversion_low", "conversion_high", "above_chance"}
OUTCOMES |= {"difference", "difference_low", "difference_high"}
STAGES = {"prospect", "contacted", "negotiating", "status", "stands"}
LEDGER_NOTES = ("report.ledger", "note.rows-rejected", "note.later-rows")
UNDATED = OUTCOMES | STAGES
"""Columns that are blank on a past day of a company whose stages have no date."""
Answers = dict[str, bytes]


def generate(folder: Path, size: int, seed: int, options: str) -> Path:
    """A synthetic company, made by the program."""
    command = [sys.executable, "-m", "refgraph", "generate", str(folder), *options.split()]
    command += ["--size", str(size), "--seed", str(seed)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def strip(result: Result, hidden: set[str]) -> Result:
    """The answer without its origin and ledger; with hidden columns also without sentences."""
    notes = tuple(note for note in result.notes if note.id not in LEDGER_NOTES)
    result = replace(result, origin={}, notes=notes)
    if not hidden:
        return result
    columns = tuple(column for column in result.columns if column.name not in hidden)
    frame = result.frame.select(column.name for column in columns)
    if "element" in frame.columns:
        frame = frame.filter(~frame["element"].is_in(list(hidden)))
    silent = replace(result.headline, id="caption.trees", values={})
    return replace(result, frame=frame, columns=columns, headline=silent, notes=())


def answer_all(engine: Engine, ids: list[str], scope: Scope, hidden: set[str]) -> Answers:
    """Every analysis, the page of some parties, the report and every picture, as bytes."""
    answers: Answers = {}
    for name in analyses.NAMES:
        result = run_or_refuse(engine, name, ids, scope)
        if result is not None:
            answers[name] = renderers.render(strip(result, hidden), "json", "en")
    for id in ids:
        answers[f"customer {id}"] = render_report(
            build_customer_page(engine, id, scope, with_picture=False), hidden
        )
    answers["report"] = render_report(build_report(engine, scope, with_picture=False), hidden)
    for number, picture in enumerate(build_pictures(engine, scope)):
        if hidden:
            answers[f"draw {number}"] = picture.nodes.write_json().encode()
        else:
            answers[f"draw {number}"] = render_picture(picture, "svg", "en")
    return answers


def run_or_refuse(engine: Engine, name: str, ids: list[str], scope: Scope) -> Result | None:
    """The answer about the first two parties; None if the question cannot be asked of them."""
    pair = {"of": (ids[0], ids[1])}
    parameters = {"path": {"from_": ids[0], "to": ids[1]}, "common": pair, "compare": pair}
    parameters |= {"without": {"of": (ids[0],)}, "reach": {"of": (ids[0],)}}
    try:
        return pipeline.run(engine, name, parameters.get(name, {}), scope)
    except UsageError:
        return None


def render_report(report: Report, hidden: set[str]) -> bytes:
    """The sections as JSON, and the notes but for that on the rows read."""
    sections = tuple(
        replace(section, result=strip(section.result, hidden)) for section in report.sections
    )
    notes = [repr(n) for n in report.notes if n.id not in LEDGER_NOTES]
    text = renderers.render(replace(report, sections=sections), "json", "en")
    return text if hidden else text + repr((notes, report.figures)).encode()


def list_parties(engine: Engine, scope: Scope) -> list[str]:
    """The four best recommenders, and one party that nobody referred."""
    top = pipeline.run(engine, "recommenders", {}, scope).frame["customer"].head(3).to_list()
    others = engine.graph(scope).parties["id"].to_list()
    return list(dict.fromkeys([*top, others[0], others[-1]]))


def compare(
    folder: Path, work: Path, hidden: set[str], days: Sequence[str] = DAYS
) -> Iterator[str]:
    """The questions whose answers differ, with the day."""
    whole = pipeline.open_source(folder)
    for day in days:
        scope = Scope(as_of=date.fromisoformat(day))
        cut = pipeline.open_source(cut_by_hand.cut_folder(folder, work / day, day))
        ids = list_parties(whole, scope)
        before, after = (answer_all(engine, ids, scope, hidden) for engine in (whole, cut))
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                yield f"{day} {name}"


def test_answers_of_past_days_equal_those_of_dated_data_cut_by_hand(tmp_path: Path) -> None:
    source = generate(tmp_path / "source", 150, 7, RICH)
    dated = cut_by_hand.date_all_stages(source, tmp_path / "dated")
    named = cut_by_hand.name_all_referrers(dated, tmp_path / "named")
    whole = cut_by_hand.add_contacts_and_events(named, tmp_path / "whole")
    assert sorted(compare(whole, tmp_path / "cut", set(), DAYS[::2])) == []


@pytest.mark.parametrize(
    ("customers", "referrals", "expected"),
    [
        ([("1", "Ada", "2010-01-01"), ("2", "Ada", "2020-01-01")], [("Ada", "B", "2015-01-01")], 1),
        ([("1", "Ada Ltd", "2010-01-01"), ("2", "Ada Inc", "2020-01-01")], [("Ada", "B", "")], 1),
        ([("1", "Ada", "2010-01-01")], [("1", "B", ""), ("1", "B", "2020-01-01")], 0),
    ],
    ids=["one-name", "one-spelling", "repeated-row"],
)
def test_reading_uses_all_rows_on_every_day(
    customers: list[tuple[str, str, str]], referrals: list[tuple[str, str, str]], expected: int
) -> None:
    """The stated exception: a name that two bear today meant nobody alone before, either."""
    people = {id: {"name": name, "joined": joined} for id, name, joined in customers}
    ends = ("referrer", "referred", "at")
    rows = [dict(zip(ends, (*row[:2], row[2] or None), strict=True)) for row in referrals]
    data = company({**people, "B": {"joined": "2016-01-01"}}, rows)
    graph = build_graph(data, Scope(as_of=date(2016, 6, 1)))
    referrers = graph.parties["id"].gather(graph.arcs["referrer"])
    assert (graph.arcs.height, "1" in referrers.to_list()) == (expected, False)


def test_answers_of_past_days_equal_those_of_the_sample_cut_by_hand(tmp_path: Path) -> None:
    assert sorted(compare(SAMPLES / "l96", tmp_path / "cut", UNDATED, DAYS[1::2])) == []


@pytest.mark.slow
def test_answers_of_five_past_days_of_the_dated_sample_equal_cut_data(tmp_path: Path) -> None:
    dated = cut_by_hand.date_all_stages(SAMPLES / "l96", tmp_path / "dated")
    assert sorted(compare(dated, tmp_path / "cut", set())) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "options", [RICH, STRANGE, f"{RICH} {STRANGE}"], ids=["rich", "odd", "all"]
)
def test_answers_of_past_days_of_many_companies_equal_cut_data(
    tmp_path: Path, seed: int, options: str
) -> None:
    source = generate(tmp_path / "source", 400, seed, options)
    dated = cut_by_hand.date_all_stages(source, tmp_path / "dated")
    named = cut_by_hand.name_all_referrers(dated, tmp_path / "named")
    assert sorted(compare(dated, tmp_path / "cut", set())) == []
    whole = cut_by_hand.add_contacts_and_events(named, tmp_path / "whole")
    assert sorted(compare(whole, tmp_path / "cut-whole", set())) == []
    assert sorted(compare(source, tmp_path / "cut-undated", UNDATED)) == []
