"""Arabic and Hebrew among other letters: parts, runs and the order of words on the page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from support.picture_trees import picture

from refgraph.renderers import fonts
from refgraph.renderers.pictures import render_picture
from refgraph.renderers.text_runs import split_by_direction, split_text

FONT = fonts.load_font()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Acme 河北", [("Acme 河北", False)]),
        ("שלום עולם", [("שלום עולם", True)]),
        ("A שלום, עולם B", [("A ", False), ("שלום, עולם", True), (" B", False)]),
        ("שלום 12%", [("שלום 12%", True)]),
        ("7 שלום!", [("7 ", False), ("שלום", True), ("!", False)]),
        ("שלום ABC עולם", [("שלום", True), (" ABC ", False), ("עולם", True)]),
        ("", []),
    ],
)
def test_text_of_two_directions_is_split_where_the_direction_changes(
    text: str, parts: list[tuple[str, bool]]
) -> None:
    assert split_by_direction(text) == (parts or [(text, False)])


def test_right_to_left_part_of_two_fonts_begins_at_the_right() -> None:
    assert list(split_text("שלום עולם", FONT)) == [("שלום עולם", False)]
    runs = [run for run, _ in split_text("שלום、עולם", FONT)]
    assert runs == ["עולם", "、", "שלום"]


def test_words_of_hebrew_and_arabic_stand_from_right_to_left_in_pdf(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftotext (poppler-utils) is missing")
        pytest.skip("pdftotext (poppler-utils) is missing")
    parent = np.array([-1, 0], np.int32)
    shown = picture(parent, 1, name=["שלום טוב עולם", "Alpha Beta"], channel=[None] * 2)
    (tmp_path / "x.pdf").write_bytes(render_picture(shown, "pdf", "en"))
    words = ["pdftotext", "-bbox", str(tmp_path / "x.pdf"), "-"]
    page = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]+)</word>', page)
    rows: dict[str, list[tuple[float, float]]] = {}
    for left, top, word in found:
        for name in ("שלום", "עולם", "Alpha", "Beta"):
            if name in word or name[::-1] in word:
                rows.setdefault(name, []).append((float(left), float(top)))
    in_tree = {name: max(places, key=lambda place: place[1])[0] for name, places in rows.items()}
    assert in_tree["שלום"] > in_tree["עולם"] and in_tree["Alpha"] < in_tree["Beta"]
