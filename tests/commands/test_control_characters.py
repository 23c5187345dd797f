"""Ids, names and file names that act on terminals and pages reach neither."""

from __future__ import annotations

import csv
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.program import ROOT, call

sys.path.insert(0, str(ROOT / "scripts"))

from soak_tools.calls import FORBIDDEN_IN_MARKUP, UNPRINTABLE  # noqa: E402

ESCAPE = "\x1b[31m"
ODD = ["A\x01" + ESCAPE, "B\ufffe\x7f", "C\x85\u2028", "D]]>&<\u202e", "E\x0b\x0c", "\x08\uffff"]
LENIENT = ["--allow-rejects", "--allow-missing-glyphs"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A company whose ids, names and words are odd, in a folder and files with odd names."""
    folder = tmp_path / f"x{ESCAPE}red"
    folder.mkdir()
    rows = [["id", "name", "sector", "referred_by", "source", "role", "status"]]
    odd_words = zip(ODD, ["", *ODD[1:]], strict=True)
    rows += [[x, x, x, ODD[0] if k else "", x, w, w] for k, (x, w) in enumerate(odd_words)]
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    (folder / f"other{ESCAPE}.csv").write_text("q,w\n1,2\n")
    return folder


@pytest.mark.parametrize("command", ["report", "customer", "check", "referred", "influence"])
def test_pages_hold_no_control_characters(source: Path, command: str) -> None:
    words = [command, *([ODD[0]] if command == "customer" else []), str(source), LENIENT[0]]
    for form in ("html", "md", "table"):
        done = call(*words, "--format", form)
        assert done.code == 0
        assert not FORBIDDEN_IN_MARKUP.search(done.out), form
        assert not UNPRINTABLE.search(done.err)
        if form == "html":
            HTMLParser().feed(done.out)


def test_pictures_and_galleries_are_well_formed(source: Path, tmp_path: Path) -> None:
    for suffix in ("svg", "pdf"):
        target = tmp_path / f"tree.{suffix}"
        assert call("draw", ODD[0], str(source), "-o", str(target), *LENIENT).code == 0
    ElementTree.fromstring((tmp_path / "tree.svg").read_bytes())
    assert (tmp_path / "tree.pdf").read_bytes().rstrip().endswith(b"%%EOF")
    gallery = tmp_path / "gallery"
    assert call("draw", "--all", str(source), "-o", str(gallery), *LENIENT).code == 0
    for file in gallery.iterdir():
        assert file.name.isprintable()
        text = file.read_text(encoding="utf-8")
        assert not FORBIDDEN_IN_MARKUP.search(text)
        if file.suffix == ".svg":
            ElementTree.fromstring(text)


def test_file_names_with_escapes_are_printed_without(source: Path, tmp_path: Path) -> None:
    name = str(source)
    calls = [
        ["effect", name],
        ["effect", name, "--verbose"],
        ["effect", f"{name}/none"],
        ["effect", name, "-o", f"{name}/customers.csv"],
        ["effect", name, "-o", f"{name}/none/x.csv"],
        ["effect", name, "--config", f"{name}/none.toml"],
        ["effect", *["--customers", f"{name}/customers.csv"] * 2],
        ["generate", name],
        ["generate", f"{tmp_path}/{ESCAPE}", "--size", "20"],
        ["draw", ESCAPE, name],
        ["doctor", "--config", f"{name}/none.toml"],
        [ESCAPE],
        ["effect", name, f"--{ESCAPE}"],
        ["effect", name, "--value", ESCAPE],
        ["load", name, "--into", f"neo4j://{ESCAPE}"],
    ]
    for words in calls:
        done = call(*words)
        for stream in (done.out.replace("\t", " "), done.err):
            assert not UNPRINTABLE.search(stream), (words[0], words[-1], stream)
