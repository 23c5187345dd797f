"""The explorer: what is packed into it, and the page in a real Chromium."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support import toys
from support.browser import OpenPage
from support.program import CASE, call
from support.render_samples import NASTY

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.measures.explorer_parties import list_explorer_parties
from refgraph.model.picture import STATES
from refgraph.model.scope import Scope
from refgraph.pipeline.exploring import build_explorer
from refgraph.renderers.explorer import pack_parties


@pytest.fixture(scope="module")
def page() -> bytes:
    return build_explorer(pipeline.open_source(CASE), "en")


def unpack(packed: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return content


def test_packed_parties_are_those_of_the_graph() -> None:
    graph = pipeline.open_source(CASE).graph(Scope())
    parties = list_explorer_parties(graph)
    data = unpack(pack_parties(parties, "元", True))
    assert data["id"] == parties["id"].to_list() and len(data["id"]) == len(graph)
    names = [name or id for name, id in zip(data["name"], data["id"], strict=True)]
    assert names == parties["name"].to_list()
    parents = [data["id"][p] if p >= 0 else None for p in data["parent"]]
    referrer = graph.forest.parent
    ids = graph.parties["id"].to_list()
    wanted = {ids[k]: ids[p] if p >= 0 else None for k, p in enumerate(referrer.tolist())}
    assert dict(zip(data["id"], parents, strict=True)) == wanted
    assert sum(data["value"]) == pytest.approx(float(graph.value.numbers.sum()))
    assert {STATES[k] for k in data["state"]} == set(parties["state"])
    sectors = [data["sectors"][k] if k >= 0 else None for k in data["sector"]]
    assert sectors == parties["sector"].to_list()
    assert data["pinyin"]["梅"] == "mei" and data["pinyin"]["钢"] == "gang"


def test_libraries_are_the_pinned_ones_with_their_licence() -> None:
    vendor = files("refgraph.renderers").joinpath("vendor")
    pins = tomllib.loads(vendor.joinpath("vendored.toml").read_text("utf-8"))
    assert {"d3-hierarchy", "d3-zoom"} <= set(pins)
    for name, pin in pins.items():
        content = vendor.joinpath(f"{name}.min.js").read_bytes()
        assert hashlib.sha256(content).hexdigest() == pin["sha256"]
        assert f"v{pin['version']}".encode() in content.splitlines()[0]
    assert "Mike Bostock" in vendor.joinpath("LICENSE-d3.txt").read_text("utf-8")


def test_page_is_the_same_twice_and_allows_only_its_own_script(page: bytes) -> None:
    assert build_explorer(pipeline.open_source(CASE), "en") == page
    text = page.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy and "unsafe" not in policy[1] and "http" not in policy[1]
    assert len(page) < 300_000


def test_command_writes_html_only(tmp_path: Path) -> None:
    target = tmp_path / "explore.html"
    assert call("explore", CASE, "-o", str(target), "--lang", "zh").code == 0
    assert target.read_bytes().startswith(b'<!doctype html>\n<html lang="zh-Hans"')
    refused = call("explore", CASE, "-o", str(tmp_path / "explore.svg"))
    assert refused.code == 2 and ".html" in refused.err


def open_page(chromium: Any, folder: Path, content: bytes, hash: str = "") -> OpenPage:
    opened = OpenPage(chromium, folder / "explore.html", content)
    if hash:
        opened.page.goto(opened.home + hash)
        opened.page.reload()
    opened.page.wait_for_selector("html[data-ready]")
    return opened


@pytest.fixture
def opened(chromium: Any, page: bytes, tmp_path: Path) -> OpenPage:
    return open_page(chromium, tmp_path, page)


def read_panel(opened: OpenPage) -> dict[str, str]:
    terms = opened.page.locator("#panel dt").all_inner_texts()
    return dict(zip(terms, opened.page.locator("#panel dd").all_inner_texts(), strict=True))


def search(opened: OpenPage, word: str) -> str:
    opened.page.locator("#search").fill(word)
    opened.page.keyboard.press("Enter")
    return str(opened.page.locator("#panel h2").inner_text())


@pytest.mark.browser
@pytest.mark.parametrize("word", ["寻梅坞", "C020", "c020", "xunmeiwu", "xmw"])
def test_search_finds_a_party_by_name_id_pinyin_and_initials(opened: OpenPage, word: str) -> None:
    assert search(opened, word) == "寻梅坞五金制品有限公司"
    panel = read_panel(opened)
    assert (panel["ID"], panel["referred directly"], panel["parties below"]) == ("C020", "8", "12")
    assert panel["of them closed"] == "8" and panel["their value"] == "17.82 M 元"
    opened.assert_no_errors_or_requests()


@pytest.mark.browser
def test_click_on_a_cell_shows_its_party_and_names_lead_on(opened: OpenPage) -> None:
    opened.page.locator("#drawing").click(position={"x": 60, "y": 40})
    assert opened.page.locator("#panel h2").inner_text() == "寻梅坞五金制品有限公司"
    opened.page.locator("#panel .party").first.click()
    child = opened.page.locator("#panel h2").inner_text()
    assert child != "寻梅坞五金制品有限公司"
    assert opened.page.locator("#panel .party").first.inner_text() == "寻梅坞五金制品有限公司"
    assert "#id=" in opened.page.evaluate("location.href")
    opened.assert_no_errors_or_requests()


@pytest.mark.browser
def test_year_slider_counts_who_was_there(opened: OpenPage) -> None:
    graph = pipeline.open_source(CASE).graph(Scope())
    year = list_explorer_parties(graph)["year"].fill_null(0)
    before = opened.page.locator("#drawing").screenshot()
    opened.page.locator("#year").fill("2012")
    expected = f"{int((year <= 2012).sum())} parties by 2012"
    assert opened.page.locator("#status").inner_text() == expected
    opened.page.wait_for_timeout(100)
    assert opened.page.locator("#drawing").screenshot() != before


@pytest.mark.browser
def test_view_is_saved_as_svg_with_its_names(opened: OpenPage) -> None:
    search(opened, "C020")
    with opened.page.expect_download() as saving:
        opened.page.locator("#export").click()
    root = ElementTree.parse(saving.value.path()).getroot()
    found = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "寻梅坞五金制品有限公司" in found and len(found) > 8
    opened.page.locator("#mode").select_option("tree")
    with opened.page.expect_download() as saving:
        opened.page.locator("#export").click()
    root = ElementTree.parse(saving.value.path()).getroot()
    circles = list(root.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == 13
    opened.assert_no_errors_or_requests()


@pytest.mark.browser
def test_link_opens_the_same_party(chromium: Any, page: bytes, tmp_path: Path) -> None:
    opened = open_page(chromium, tmp_path, page, "#id=C025&mode=tree")
    assert read_panel(opened)["ID"] == "C025"
    assert opened.page.locator("#mode").input_value() == "tree"
    assert opened.errors == []


@pytest.mark.browser
def test_keyboard_walks_from_party_to_party(opened: OpenPage) -> None:
    opened.page.locator("#drawing").focus()
    for key in ("Home", "ArrowRight", "ArrowDown", "ArrowLeft"):
        opened.page.keyboard.press(key)
    assert opened.page.locator("#panel h2").inner_text() == "寻梅坞五金制品有限公司"
    opened.page.keyboard.press("Escape")
    assert opened.page.locator("#panel h2").count() == 0


@pytest.mark.browser
def test_both_languages_and_dark(opened: OpenPage) -> None:
    english = opened.page.locator("#headline").inner_text()
    opened.page.locator("#language").click()
    assert opened.page.locator("#headline").inner_text() != english
    assert opened.page.evaluate("document.documentElement.lang") == "zh-Hans"
    opened.page.locator("#theme").click()
    assert opened.page.evaluate("document.documentElement.dataset.theme") == "dark"
    unnamed = """() => [...document.querySelectorAll('button, input, select, canvas, aside')]
      .filter(e => e.checkVisibility() && !(e.getAttribute('aria-label') || e.textContent.trim()
        || e.closest('label')?.textContent.trim())).map(e => e.id)"""
    assert opened.page.evaluate(unnamed) == []
    opened.assert_no_errors_or_requests()


@pytest.mark.browser
def test_hostile_names_stay_text(chromium: Any, tmp_path: Path) -> None:
    evil = [*NASTY, "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "😀" * 9]
    people = {
        f"{k:03}": {"name": name.replace("\0", ""), "sector": name.replace("\0", "")}
        for k, name in enumerate(evil)
    }
    engine = OfflineEngine(toys.company(people, [("000", id) for id in people if id != "000"]))
    opened = open_page(chromium, tmp_path, build_explorer(engine, "en"))
    for id in people:
        search(opened, id)
    with opened.page.expect_download() as saving:
        opened.page.locator("#export").click()
    ElementTree.parse(saving.value.path())
    opened.assert_no_errors_or_requests()
