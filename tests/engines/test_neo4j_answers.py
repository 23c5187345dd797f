"""The same answer on every engine: what is loaded comes back the same, and every analysis says the same bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import companies
import examples
import toys
from strangers import stranger
from refgraph import analyses, flow, intake, renderers
from refgraph.engines.base import Engine
from refgraph.engines.neo4j.store import Loading
from refgraph.engines.offline import Offline
from refgraph.flow.checking import check
from refgraph.flow.customers import customer
from refgraph.flow.reading import Reading
from refgraph.flow.reports import report
from refgraph.flow.timeline import timeline
from refgraph.model.dataset import Dataset
from refgraph.model.scope import Scope
from stores import content, store

pytestmark = pytest.mark.neo4j
ROOT = Path(__file__).parent.parent.parent
CASE = ROOT / "sample_data" / "l96"
SEEDS, ANSWERED = range(200 * int(os.environ.get("REFGRAPH_SOAK", "1"))), 15


def bytes_of(engine: Engine, name: str, scope: Scope = Scope(), lang: str = "en") -> list[bytes]:
    result = flow.run(engine, name, examples.given(name, engine), scope)
    return [renderers.render(result, form, lang) for form in ("csv", "md")]


def told(engine: Engine) -> dict[str, list[bytes]]:
    """What every analysis says, where there are parties enough to be asked about."""
    return {name: bytes_of(engine, name) for name in analyses.NAMES if examples.given(name, engine) is not None}


@pytest.mark.parametrize("toy", toys.TOYS)
def test_toys(toy: str, neo4j_empty: Any) -> None:
    data, engine = toys.TOYS[toy](), store(neo4j_empty)
    assert engine.load(data) == "new"
    assert content(engine.dataset()) == content(data)
    assert engine.dataset().fingerprint == data.fingerprint
    assert told(engine) == told(Offline(data))


@pytest.mark.parametrize("seed", SEEDS)
def test_strange_companies(seed: int, neo4j_empty: Any) -> None:
    data, engine = stranger(seed), store(neo4j_empty)
    assert engine.load(data) == "new"
    back = engine.dataset()
    assert content(back) == content(data)
    if seed < ANSWERED and data.customers.height:
        assert told(engine) == told(Offline(data))


def test_the_classic_case(neo4j_empty: Any) -> None:
    files, engine = flow.open_source(CASE), store(neo4j_empty)
    engine.load(files.dataset())
    assert content(engine.dataset()) == content(files.dataset())
    assert told(engine) == told(files)
    for lang in ("en", "zh"):
        assert all(bytes_of(engine, name, lang=lang) == bytes_of(files, name, lang=lang) for name in analyses.NAMES)
        assert renderers.render(report(engine), "md", lang) == renderers.render(report(files), "md", lang)
        assert renderers.render(check(engine), "md", lang) == renderers.render(check(files), "md", lang)
        assert renderers.render(customer(engine, "C020"), "md", lang) == renderers.render(customer(files, "C020"), "md", lang)
    narrow = Scope(count=("staff", "partner"), value="profit", exclude=("referral-before-joined",))
    assert bytes_of(engine, "effect", narrow) == bytes_of(files, "effect", narrow)
    assert renderers.render(timeline(engine, "growth"), "csv", "en") == renderers.render(timeline(files, "growth"), "csv", "en")


def test_a_company_of_twenty_thousand(neo4j_empty: Any) -> None:
    data = companies.dataset(companies.company(size=20_000, seed=3))
    engine = store(neo4j_empty)
    assert engine.load(data) == "new"
    assert engine.dataset().fingerprint == data.fingerprint
    assert told(engine) == told(Offline(data))
    fresh = store(neo4j_empty)
    for name in ("reach", "path"):
        asked = examples.given(name, engine)
        part = flow.run(fresh, name, asked)
        assert part.origin["computed"] == "part"
        assert renderers.render(part, "md", "zh") == renderers.render(flow.run(engine, name, asked), "md", "zh")


def test_rows_in_any_order_are_the_same_load(neo4j_empty: Any) -> None:
    data, engine = flow.open_source(CASE).dataset(), store(neo4j_empty)
    engine.load(data)
    mixed = {t: getattr(data, t).sample(fraction=1.0, shuffle=True, seed=4) for t in ("customers", "referrals", "orders")}
    other = Dataset(**{**{f: getattr(data, f) for f in data.__dataclass_fields__}, **mixed})
    assert engine.load(other) == "same"
    moved = Dataset(**{**{f: getattr(data, f) for f in data.__dataclass_fields__},
                       "customers": data.customers.with_columns(line=pl.col("line") + 1)})  # fmt: skip
    assert engine.load(moved) == "alike"
    assert engine.load(moved, how=Loading(replace=True)) == "replace"
    assert content(engine.dataset()) == content(moved)


def test_religion_and_politics_come_out_only_when_asked_for(neo4j_empty: Any, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,joined,religion,referred_by\na,2020-01-01,x,\nb,2021-01-01,,a\n")
    asked = intake.Options(sensitive=True)
    data = flow.open_source(tmp_path, Reading(intake=asked)).dataset()
    assert store(neo4j_empty).load(data) == "new"
    assert content(store(neo4j_empty, options=asked).dataset()) == content(data)
    plain = store(neo4j_empty).dataset()
    assert plain.fingerprint == flow.open_source(tmp_path).dataset().fingerprint != data.fingerprint
    assert not plain.has("customers.religion") and plain.customers["religion"].null_count() == 2
