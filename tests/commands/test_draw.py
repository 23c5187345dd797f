"""``refgraph draw``: files by suffix, and all trees into a folder.

Whatever goes wrong is said in one sentence.
"""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from support.program import CASE, ROOT, call

import refgraph

pytestmark = pytest.mark.usefixtures("clean_environment")


@pytest.mark.parametrize(
    ("suffix", "head"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_draw_output_format_follows_suffix(tmp_path: Path, suffix: str, head: bytes) -> None:
    path = tmp_path / f"tree.{suffix}"
    done = call("draw", "河北钢铁", CASE, "-o", str(path), "--lang", "zh")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert path.read_bytes().startswith(head)


def test_draw_prints_svg_with_source_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFGRAPH_SOURCE", CASE)
    done = call("draw", "C001", "--no-embed-font", "--depth", "1")
    assert done.code == 0
    assert "2 more · 2 closed" not in done.out and "3 more · 3 closed" in done.out
    assert (
        "Shown: 3 of 6 parties (down to 1 referral below the root); the other 3 (3 closed)"
        in done.out
    )
    assert "<style" not in done.out


def test_draw_options_reach_the_picture() -> None:
    many = call(
        "draw",
        "C001",
        CASE,
        "--max-names",
        "2",
        "--lang",
        "zh",
        "--value",
        "volume",
        "--size-by",
        "downstream",
    ).out
    assert "画出 6 家中的 2 家" in many and "订单销量" in many and "面积：下游家数" in many
    assert "红名红线" in call("draw", "C001", CASE, "--color-by", "region", "--lang", "zh").out


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("draw", "Nobody", CASE), 2, "no party with the ID or name Nobody"),
        (("draw", CASE), 2, "No SOURCE"),
        (("draw",), 2, "draw needs a customer"),
        (("draw", "a", "b", "c"), 2, "draw needs a customer"),
        (("draw", "--all", CASE), 2, "needs a folder"),
        (("draw", "C001", CASE, "-o", "x.jpg"), 2, "x.jpg"),
        (("draw", "C001", CASE, "-o", "no/such/x.svg"), 5, "no/such/x.svg"),
        (("draw", "--all", CASE, "-o", "no/such/folder"), 5, "no/such/folder"),
        (("draw", "C001", CASE, "--font", "no.ttf"), 5, "no.ttf"),
        (("draw", "C001", CASE, "--style", "round"), 2, "round"),
        (("draw", "C001", CASE, "--paper", "b9"), 2, "Paper b9"),
        (("draw", "--largest", "--top-recommender", CASE), 2, "draw needs a customer"),
        (("draw", "--largest", "C001", CASE, "x"), 2, "draw needs a customer"),
    ],
)
def test_draw_with_bad_arguments_prints_cause_and_remedy(
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(*words)
    assert (done.code, done.out) == (code, "")
    assert expected in done.err.splitlines()[0] and len(done.err.splitlines()) == 2
    assert not list(tmp_path.iterdir())


def test_draw_that_fails_keeps_the_old_file(tmp_path: Path) -> None:
    old = tmp_path / "tree.svg"
    old.write_text("old")
    assert call("draw", "Nobody", CASE, "-o", str(old)).code == 2
    assert call("draw", "C001", CASE, "-o", str(old), "--font", "no.ttf").code == 5
    (tmp_path / "folder.svg").mkdir()
    assert call("draw", "C001", CASE, "-o", str(tmp_path / "folder.svg")).code == 5
    assert old.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.svg", "tree.svg"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_draw_to_full_disk_prints_two_lines() -> None:
    done = call("draw", "C001", CASE, "-o", "/dev/full/x.svg")
    assert done.code == 5 and len(done.err.splitlines()) == 2


class Page(HTMLParser):
    """Links, pictures and elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def files(self, tag: str, key: str) -> list[str]:
        return [unquote(a[key] or "") for t, a in self.seen if t == tag]


def test_draw_all_writes_every_tree_and_an_index_page(tmp_path: Path) -> None:
    folder = tmp_path / "trees"
    assert (
        call("draw", "--all", CASE, "-o", str(folder), "--lang", "zh", "--no-embed-font").code == 0
    )
    trees = call("trees", CASE, "--format", "tsv").out.splitlines()[1:]
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    files = sorted(p.name for p in folder.iterdir() if p.suffix == ".svg")
    assert len(files) == len(trees) == 21
    assert page.files("a", "href") == page.files("img", "src") == files
    for file, row in zip(files, trees, strict=True):
        title = ElementTree.parse(folder / file).getroot()[0].text or ""
        assert row.split("\t")[1] in title and f"{int(row.split(chr(9))[2]) - 1} 家" in title
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == draw_again(tmp_path)


def draw_again(tmp_path: Path) -> dict[str, bytes]:
    """The same once more, into a folder that is there already."""
    folder = tmp_path / "more"
    folder.mkdir()
    assert (
        call("draw", "--all", CASE, "-o", str(folder), "--lang", "zh", "--no-embed-font").code == 0
    )
    return {p.name: p.read_bytes() for p in folder.iterdir()}


HOSTILE_NAMES = [
    "../../evil",
    "/etc/passwd",
    "CON",
    "a\\b",
    "</title><script>alert(1)</script>",
    "\u202egpj.exe",
    ".",
    "长" * 300,
    "same",
    "SAME",
]


def test_draw_all_with_hostile_names_stays_in_the_folder(tmp_path: Path) -> None:
    rows = [f'r{k},"{name}",\nc{k},child,r{k}' for k, name in enumerate(HOSTILE_NAMES)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "customers.csv").write_text(
        "id,name,referred_by\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    done = call(
        "draw", "--all", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--no-embed-font"
    )
    assert (done.code, done.err) == (0, "")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]
    files = [p.name for p in (tmp_path / "out").iterdir()]
    assert len({f.lower() for f in files}) == len(HOSTILE_NAMES) + 1
    assert all(
        re.fullmatch(r"index\.html|\d{4}(-[\w-]+)?\.svg", f) and len(os.fsencode(f)) < 200
        for f in files
    )
    text = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert "script" not in [t for t, _ in page.seen]
    policy = next(
        a["content"] or ""
        for t, a in page.seen
        if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert (
        policy.startswith("default-src 'none'; img-src 'self' file:; style-src 'sha256-")
        and "unsafe" not in policy
    )
    assert not re.search("https?:", text) and "\u202e" not in text


def test_picture_of_the_readme_equals_output_of_its_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    words, picture = (
        re.search(r"scripts/refgraph (draw .*) -o tree.svg", readme),
        re.search(r"!\[.{80,}\]\((.*\.svg)\)", readme),
    )
    assert words and picture
    monkeypatch.chdir(ROOT)
    drawn = call(*words[1].split()).out
    kept = (ROOT / picture[1]).read_text(encoding="utf-8")
    bare = [
        re.sub(r"<style>.*?</style>", "", text) for text in (drawn, kept)
    ]  # compressed fonts differ by version
    assert bare[0] == bare[1] and "@font-face" in kept


def test_python_drawing_shows_and_saves_itself(tmp_path: Path) -> None:
    drawing = refgraph.draw("河北钢铁", refgraph.read(CASE), lang="zh", max_names=3)
    title = ElementTree.fromstring(drawing._repr_svg_())[0].text or ""
    assert title.startswith("河北钢铁带来 5 家：成交 4 家")
    drawing.save(tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(refgraph.errors.UsageError):
        refgraph.draw("河北钢铁", refgraph.read(CASE), style="round")
