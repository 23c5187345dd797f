"""Every engine gives the same answers: loaded data and all analyses come back the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support import companies, examples, toys
from support.random_cases import choose, choose_few
from support.stores import describe_dataset, open_store
from support.strangers import stranger

from refgraph import analyses, intake, pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.engines.options import LoadOptions
from refgraph.model.result import Report
from refgraph.model.scope import Scope
from refgraph.pipeline.options import SourceOptions
from refgraph.reports.check import check
from refgraph.reports.customer_page import build_customer_page
from refgraph.reports.report import build_report
from refgraph.reports.timeline import compute_timeline

pytestmark = pytest.mark.neo4j
ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "l96"
SEEDS = choose(4, 40)
ANSWERED_SEEDS = 1
"""Random companies of which every analysis is compared; of the others only the data is."""


def render_analysis(
    engine: Engine, name: str, scope: Scope = Scope(), lang: str = "en"
) -> list[bytes]:
    """An analysis in two formats."""
    result = pipeline.run(engine, name, examples.get_parameters(name, engine), scope)
    return [renderers.render(result, form, lang) for form in ("csv", "md")]


def render_all(engine: Engine, lang: str = "en") -> dict[str, list[bytes]]:
    """Every analysis that has enough parties for its example."""
    names = [name for name in analyses.NAMES if examples.get_parameters(name, engine) is not None]
    return {name: render_analysis(engine, name, lang=lang) for name in names}


@pytest.mark.parametrize("toy", choose_few(toys.TOYS, 2))
def test_load_toy_every_answer_equals_offline(toy: str, neo4j_empty: Any) -> None:
    data, engine = toys.TOYS[toy](), open_store(neo4j_empty)
    assert engine.load(data) == "new"
    assert describe_dataset(engine.dataset()) == describe_dataset(data)
    assert engine.dataset().fingerprint == data.fingerprint
    assert render_all(engine) == render_all(OfflineEngine(data))


@pytest.mark.parametrize("seed", SEEDS)
def test_load_random_company_comes_back_the_same(seed: int, neo4j_empty: Any) -> None:
    data, engine = stranger(seed), open_store(neo4j_empty)
    assert engine.load(data) == "new"
    assert describe_dataset(engine.dataset()) == describe_dataset(data)
    if seed < ANSWERED_SEEDS and data.customers.height:
        assert render_all(engine) == render_all(OfflineEngine(data))


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_load_sample_every_answer_and_report_equals_files(lang: str, neo4j_empty: Any) -> None:
    files, engine = pipeline.open_source(SAMPLE), open_store(neo4j_empty)
    engine.load(files.dataset())
    assert describe_dataset(engine.dataset()) == describe_dataset(files.dataset())
    assert render_all(engine, lang) == render_all(files, lang)

    def render_reports(engine: Engine) -> list[bytes]:
        reports: list[Report] = [
            build_report(engine),
            check(engine),
            build_customer_page(engine, "C020"),
        ]
        return [renderers.render(report, "md", lang) for report in reports]

    assert render_reports(engine) == render_reports(files)


def test_load_sample_figures_open_to_the_same_rows_by_id_file_and_line(neo4j_empty: Any) -> None:
    files, engine = pipeline.open_source(SAMPLE), open_store(neo4j_empty)
    assert engine.load(files.dataset()) == "new"
    for name, key, column in (
        ("effect", "customers", "share"),
        ("effect", "customers", "referred_value"),
        ("recommenders", "C013", "direct_value"),
        ("retention", ("stay-active", "stay-others"), "leavers"),
    ):
        stored, read = (pipeline.run(e, name).rows(key, column) for e in (engine, files))
        assert stored.frame.equals(read.frame)
        assert stored.frame["line"].null_count() == 0 and stored.frame["party"].null_count() == 0


def test_load_sample_scope_and_timeline_equal_files(neo4j_empty: Any) -> None:
    files, engine = pipeline.open_source(SAMPLE), open_store(neo4j_empty)
    engine.load(files.dataset())
    scope = Scope(count=("staff", "partner"), value="profit", exclude=("referral-before-joined",))
    assert render_analysis(engine, "effect", scope) == render_analysis(files, "effect", scope)
    timelines = [compute_timeline(source, "growth") for source in (engine, files)]
    first, second = (renderers.render(timeline, "csv", "en") for timeline in timelines)
    assert first == second


def test_load_large_company_every_answer_equals_offline(neo4j_empty: Any) -> None:
    data = companies.dataset(companies.company(size=5_000, seed=3))
    engine = open_store(neo4j_empty)
    assert engine.load(data) == "new"
    assert engine.dataset().fingerprint == data.fingerprint
    assert render_all(engine) == render_all(OfflineEngine(data))
    unread = open_store(neo4j_empty)
    for name in ("reach", "path"):
        parameters = examples.get_parameters(name, engine)
        part = pipeline.run(unread, name, parameters)
        whole = pipeline.run(engine, name, parameters)
        assert part.origin["computed"] == "part"
        assert renderers.render(part, "md", "zh") == renderers.render(whole, "md", "zh")


def test_load_shuffled_rows_is_the_same_load(neo4j_empty: Any) -> None:
    data, engine = pipeline.open_source(SAMPLE).dataset(), open_store(neo4j_empty)
    engine.load(data)
    shuffled = {}
    for table in ("customers", "referrals", "orders"):
        shuffled[table] = getattr(data, table).sample(fraction=1.0, shuffle=True, seed=4)
    assert engine.load(replace(data, **shuffled)) == "same"
    moved = replace(data, customers=data.customers.with_columns(line=pl.col("line") + 1))
    assert engine.load(moved) == "alike"
    assert engine.load(moved, options=LoadOptions(replace=True)) == "replace"
    assert describe_dataset(engine.dataset()) == describe_dataset(moved)


def test_dataset_sensitive_columns_are_read_only_on_request(
    neo4j_empty: Any, tmp_path: Path
) -> None:
    (tmp_path / "customers.csv").write_text(
        "id,joined,religion,referred_by\na,2020-01-01,x,\nb,2021-01-01,,a\n"
    )
    sensitive = intake.IntakeOptions(sensitive=True)
    data = pipeline.open_source(tmp_path, SourceOptions(intake=sensitive)).dataset()
    assert open_store(neo4j_empty).load(data) == "new"
    requested = open_store(neo4j_empty, intake=sensitive).dataset()
    assert describe_dataset(requested) == describe_dataset(data)
    redacted = open_store(neo4j_empty).dataset()
    assert redacted.fingerprint == pipeline.open_source(tmp_path).dataset().fingerprint
    assert redacted.fingerprint != data.fingerprint
    assert not redacted.has("customers.religion")
    assert redacted.customers["religion"].null_count() == 2
