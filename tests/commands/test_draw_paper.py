"""``refgraph draw`` on a paper, of the largest tree and of the top recommender."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from support import toys
from support.program import CASE, call

from refgraph import errors
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.picture_finding import build_finding
from refgraph.model.scope import Scope
from refgraph.pipeline import drawing


@pytest.mark.parametrize(
    ("flag", "expected"), [("--largest", "C020"), ("--top-recommender", "C020")]
)
def test_draw_without_a_name_finds_its_party(flag: str, expected: str) -> None:
    found = call("draw", flag, CASE, "--no-embed-font", "--lang", "zh")
    named = call("draw", expected, CASE, "--no-embed-font", "--lang", "zh")
    assert found.code == 0 and found.out == named.out != ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_draw_on_a_slide_has_its_size_and_the_finding_as_title(lang: str) -> None:
    words = ["draw", "C020", CASE, "--paper", "slide", "--no-embed-font", "--lang", lang]
    page = call(*words).out
    assert 'width="1920" height="1080"' in page
    expected = {
        "en": "12 parties came through 寻梅坞五金制品有限公司 (worth 504 k 元 itself): 8 closed,"
        " 7 are key accounts worth 16.72 M 元",
        "zh": "寻梅坞五金制品有限公司带来 12 家：成交 8 家，其中大客户 7 家，"
        "价值 1,672.3 万元；自身 50.4 万元",
    }
    title = re.search(r"<title>(.*?)</title>", page)
    assert title and title[1] == expected[lang]
    assert "<title>My words" in call(*words, "--title", "My words").out


FINDINGS = {
    "finding": ("revenue", ["closed", "lost"], [False, None]),
    "finding-keys": ("revenue", ["closed", "former"], [True, False]),
    "finding-none-closed": ("revenue", ["new", "lost"], [False, False]),
    "finding-counts": ("customers", ["closed", "new"], [None, None]),
    "finding-keys-only": ("customers", ["closed", "new"], [True, False]),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_finding_says_what_the_data_can_carry(name: str) -> None:
    basis, states, keys = FINDINGS[name]
    people: dict[str, dict[str, object]] = {"a": {"revenue": 5}, "b": {}, "c": {}}
    engine = OfflineEngine(toys.company(people, [("a", "b")]))
    graph = engine.graph(Scope(value=basis))
    nodes = pl.DataFrame(
        {
            "name": ["A", "B", "C"],
            "state": ["closed", *states],
            "key": [False, *keys],
            "value": [5.0, 70.0, 1.0],
        }
    )
    title = build_finding(graph, nodes)
    closed = sum(state in ("closed", "former") for state in states)
    assert title.id == f"picture.{name}"
    assert (title.values["parties"], title.values["closed"]) == (2, closed)
    worth = title.values.get("value")
    assert (worth and worth.number) == {"finding": 71.0, "finding-keys": 70.0}.get(name)
    assert build_finding(graph, nodes[:1]).id == "picture.finding-none"


def test_largest_tree_has_most_parties_not_most_value() -> None:
    people = {"a": {}, "b": {}, "c": {}, "x": {}, "y": {"revenue": "900"}}
    data = toys.company(people, [("a", "b"), ("b", "c"), ("x", "y")])
    assert drawing.find_largest_root(OfflineEngine(data)) == "a"


def test_largest_tree_of_nobody_is_an_error() -> None:
    engine = OfflineEngine(toys.company({"a": {}, "b": {}}, []))
    for find in (drawing.find_largest_root, drawing.find_top_recommender):
        with pytest.raises(errors.DataError):
            find(engine)


def test_draw_all_on_a_paper_gives_every_picture_that_size(tmp_path: Path) -> None:
    done = call(
        *("draw", "--all", CASE, "--paper", "a4", "--no-embed-font"), "-o", str(tmp_path / "all")
    )
    assert done.code == 0
    pages = sorted((tmp_path / "all").glob("*.svg"))
    assert len(pages) > 3
    assert all('width="794" height="1123"' in page.read_text("utf-8")[:300] for page in pages)


def test_draw_whole_counts_all_trees_and_those_outside(tmp_path: Path) -> None:
    done = call("draw", "--whole", CASE, "--no-embed-font")
    assert done.code == 0 and "67 parties in 21 referral trees: 53 closed" in done.out
    assert "62 further parties neither were referred nor have referred anybody" in done.out
    named = call("draw", "--whole", CASE, "--style", "icicle", "--no-embed-font")
    assert named.out == done.out
    wrong = call("draw", "--whole", CASE, "--style", "rows")
    assert wrong.code == 2 and "--whole draws all trees as an icicle" in wrong.err


def test_whole_picture_is_a_forest_in_preorder() -> None:
    arcs = [("b", "c"), ("c", "d"), ("e", "f"), ("d", "b"), ("e", "c")]
    engine = OfflineEngine(toys.company({x: {} for x in "abcdef"}, arcs))
    whole = drawing.build_whole_picture(engine)
    nodes = whole.nodes
    assert sorted(nodes["id"]) == ["b", "c", "d", "e", "f"]
    parent = nodes["parent"].to_list()
    assert parent.count(-1) == 2 and all(p < v for v, p in enumerate(parent))
    ids = nodes["id"].to_list()
    pairs = {(ids[p], ids[v]) for v, p in enumerate(parent) if p >= 0}
    assert pairs <= set(arcs) and len(pairs) == 3
    extra = {(ids[s], ids[t]) for s, t in whole.extras.select("source", "target").rows()}
    assert pairs | extra == set(arcs)
    with pytest.raises(errors.DataError):
        drawing.build_whole_picture(OfflineEngine(toys.company({"a": {}, "b": {}}, [])))
