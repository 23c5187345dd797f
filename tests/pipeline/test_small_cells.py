"""Answers about groups show no count from 1 to 4, nor what gives one away; others are unchanged."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from support import examples
from support.random_cases import choose
from support.strangers import stranger

from refgraph import analyses, pipeline
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import UsageError
from refgraph.intake.pseudonyms import Pseudonyms, pseudonymize
from refgraph.model.message import Amount, Message, message
from refgraph.model.result import Result
from refgraph.model.units import Unit
from refgraph.pipeline.pseudonymous import PseudonymousEngine
from refgraph.pipeline.small_cells import GROUP_GRAINS, SMALL, hide_small_counts
from refgraph.texts import LANGUAGES, format_message

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
KEY = Pseudonyms(bytes(range(32)))
GROUPED = [name for name in analyses.NAMES if analyses.load(name).grain in GROUP_GRAINS]


INDIVIDUAL_GRAINS = {
    *("party", "customer", "prospect", "case", "chain", "tree", "community", "element"),
    *("generation", "step", "plan"),
}
"""What a row stands for where it is a party, or about parties that are named."""


def test_every_analysis_is_about_groups_or_about_parties() -> None:
    grains = {analyses.load(name).grain for name in analyses.NAMES}
    assert grains <= GROUP_GRAINS | INDIVIDUAL_GRAINS, "decide whether small counts are hidden"
    assert not GROUP_GRAINS & INDIVIDUAL_GRAINS and grains >= GROUP_GRAINS


@cache
def open_both(seed: int | None) -> tuple[Engine, Engine]:
    """The same company with pseudonyms: with all cells, and with small ones hidden."""
    data = pipeline.open_source(CASE).dataset() if seed is None else stranger(seed)
    return OfflineEngine(pseudonymize(data, KEY)), PseudonymousEngine(data, "", KEY)


def run_both(engines: tuple[Engine, Engine], name: str) -> tuple[Result, Result]:
    parameters = examples.get_parameters(name, engines[0])
    whole, hidden = (pipeline.run(engine, name, parameters) for engine in engines)
    return whole, hidden


def check_hidden(whole: Result, hidden: Result) -> None:
    counts = [c.name for c in whole.columns if c.unit is Unit.COUNT]
    shares = [c.name for c in whole.columns if c.unit is Unit.SHARE]
    for before, after in zip(whole.frame.to_dicts(), hidden.frame.to_dicts(), strict=True):
        small = [before[name] for name in counts if before[name] and 0 < before[name] < 5]
        for name in before:
            assert after[name] in (None, before[name]) or before[name] != before[name]
            assert after[name] is not None or before[name] is None or small, name
        for name in counts:
            assert not after[name] or after[name] >= 5
        for name in shares:
            wholes = [before[other] for other in counts if before[other]]
            reported = [part / total for part in small for total in wholes]
            assert after[name] is None or not [x for x in reported if abs(x - after[name]) < 1e-12]


@pytest.mark.parametrize("name", GROUPED)
@pytest.mark.parametrize("seed", [None, *choose(3, 20)])
def test_answers_about_groups_show_no_small_count(name: str, seed: int | None) -> None:
    whole, hidden = run_both(open_both(seed), name)
    check_hidden(whole, hidden)
    assert hidden.frame.schema == whole.frame.schema
    assert hidden.grain == whole.grain
    cells = (
        hidden.frame.null_count().sum_horizontal()[0]
        - (whole.frame.null_count().sum_horizontal()[0])
    )
    notes = [note.values["cells"] for note in hidden.notes if note.id == "note.small-cells"]
    assert notes == ([cells] if cells else [])
    for lang in LANGUAGES:
        assert format_message(hidden.headline, lang)


@pytest.mark.parametrize("name", ["recommenders", "credit", "chains"])
def test_answers_about_parties_are_unchanged(name: str) -> None:
    whole, hidden = run_both(open_both(None), name)
    assert hidden.frame.equals(whole.frame)
    assert (hidden.headline, hidden.notes) == (whole.headline, whole.notes)


def test_sample_keeps_its_main_figures() -> None:
    _, hidden = run_both(open_both(None), "effect")
    row = hidden.frame.row(0, named=True)
    assert (row["customers"], row["referred"], row["share"]) == (96, 30, 0.3125)
    assert row["key_only"] is None and row["old_only"] == 16


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"n": 3, "all": 40, "share": 3 / 40}, {"n": SMALL, "all": 40, "share": "…"}),
        ({"n": 0, "all": 40, "share": 0.0}, {"n": 0, "all": 40, "share": 0.0}),
        ({"n": 5, "all": 40, "share": 5 / 40}, {"n": 5, "all": 40, "share": 5 / 40}),
        ({"n": 1, "flag": True, "rest": 0.75, "all": 4}, {"n": SMALL, "flag": True}),
        ({"parts": [2, 7]}, {"parts": [SMALL, 7]}),
        ({"n": 1, "low": 0.006, "worth": Amount(9.0)}, {"n": SMALL, "low": "…", "worth": "…"}),
        ({"groups": 3, "low": 0.006}, {"groups": SMALL, "low": 0.006}),
    ],
)
def test_sentences_lose_small_counts_and_their_shares(
    values: dict[str, object], expected: dict[str, object]
) -> None:
    got = hide_small_counts(message("x", **values)).values
    assert {key: got[key] for key in expected} == expected


def test_sentences_within_sentences_lose_small_counts() -> None:
    inner = hide_small_counts(message("x", part=message("y", n=2))).values["part"]
    assert isinstance(inner, Message) and inner.values["n"] == SMALL
    inner = hide_small_counts(message("x", n=2, part=message("y", share=0.25))).values["part"]
    assert isinstance(inner, Message) and inner.values["share"] == "…"


def test_rows_of_pseudonymous_figures_name_pseudonyms_and_small_cells_stay_closed() -> None:
    whole, hidden = run_both(open_both(None), "segments")
    names = set(pipeline.open_source(CASE).dataset().customers["name"])
    keys = whole.frame["segment"].to_list()
    closed = opened = 0
    for row, key in enumerate(keys):
        for name in ("customers", "referred"):
            if hidden.frame[name][row] is None and whole.frame[name][row] is not None:
                with pytest.raises(UsageError) as caught:
                    hidden.rows(key, name)
                assert caught.value.id == "small-cell"
                closed += 1
            elif hidden.frame[name][row]:
                rows = hidden.rows(key, name).frame
                assert rows.height == hidden.frame[name][row]
                assert rows["party"].str.starts_with("P").all()
                assert not set(rows["name"]) & names
                opened += 1
    assert closed and opened
