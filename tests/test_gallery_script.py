"""scripts/gallery lists every layout and chart, draws them, and measures their smallest texts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from gallery_tools import __main__ as program  # noqa: E402
from gallery_tools.drawings import Drawing, draw, list_drawings  # noqa: E402
from gallery_tools.page import format_table  # noqa: E402
from gallery_tools.sizes import SmallestText, measure_texts  # noqa: E402

from refgraph.renderers.charts import CHARTS  # noqa: E402
from refgraph.renderers.style import StyleName  # noqa: E402


def test_gallery_lists_every_layout_and_chart_once() -> None:
    drawings = list(list_drawings())
    assert len({drawing.name for drawing in drawings}) == len(drawings)
    layouts = {d.layout for d in drawings if d.kind == "tree"}
    assert layouts == set(get_args(StyleName))
    assert {d.layout for d in drawings if d.kind == "chart"} == set(CHARTS)


def test_gallery_draws_small_trees_with_names_that_are_large_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main([str(tmp_path), "--only", "13 slide zh light"]) == 0
    pages = sorted(page.stem for page in tmp_path.glob("*.svg"))
    assert "star-13-auto-slide-zh-light" in pages and len(pages) == 10
    table = capsys.readouterr().out
    assert table == (tmp_path / "sizes.md").read_text("utf-8") and "!" not in table
    assert all(f'src="{page}.svg"' in (tmp_path / "index.html").read_text() for page in pages)


def test_gallery_measures_points_on_paper_and_marks_names_that_are_too_small() -> None:
    drawing = Drawing(kind="tree", parties=13, layout="tidy", paper="a4", lang="en", theme="print")
    found = measure_texts(drawing, draw(drawing))
    assert found.name is not None and found.name >= found.least == pytest.approx(7.0)
    assert found.names == 13
    small = SmallestText(name=6.0, any_text=5.0, least=7.0, names=13)
    assert "| 13, 6.0 !, 5.0 |" in format_table([(drawing, small)])
