"""``--debug`` tells each step with its counts and how long it took, and nothing else does."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from support.program import CASE, call

import refgraph
from refgraph.progress import log_step

STEPS = (
    "refgraph.sources: read customers.csv as customers",
    "refgraph.sources: customers.csv: 129 rows, 0 not well formed",
    "refgraph.intake.build_dataset: map and cast columns",
    "refgraph.intake.build_dataset: check rows",
    "refgraph.pipeline: open",
    "refgraph.pipeline: <Dataset: 129 customers, 58 referrals",
    "refgraph.pipeline: build the graph for Scope()",
    "refgraph.pipeline: compute recommenders",
    "refgraph.pipeline: recommenders: 31 rows",
)


def test_debug_tells_steps_counts_and_times_in_order(clean_environment: Path) -> None:
    log = call("recommenders", CASE, "--debug").err
    places = [log.find(step) for step in STEPS]
    assert -1 not in places, log
    assert [places[k] for k in (0, 2, 3, 5, 6, 7)] == sorted(places[k] for k in (0, 2, 3, 5, 6, 7))
    assert len(re.findall(r": [\d.]+ ms$", log, re.M)) >= 8


def test_without_debug_nothing_is_logged(clean_environment: Path) -> None:
    assert call("recommenders", CASE).err == ""


def test_steps_reach_the_logging_of_a_python_program(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "refgraph")
    refgraph.run("effect", refgraph.read(CASE))
    names = {record.name for record in caplog.records}
    assert {"refgraph.sources", "refgraph.intake.build_dataset", "refgraph.pipeline"} <= names
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}


def test_step_that_fails_is_logged_as_well(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "refgraph")
    with pytest.raises(ValueError), log_step(logging.getLogger("refgraph.x"), "work on %s", 7):
        raise ValueError
    assert re.fullmatch(r"work on 7: [\d.]+ ms", caplog.messages[0])
