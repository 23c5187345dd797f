"""The page of `draw --all` in a real Chromium: styled, every picture shown, no complaint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.browser import OpenPage

from refgraph import pipeline
from refgraph.pipeline import drawing

pytestmark = pytest.mark.browser
LOOK = """() => {
  const style = s => getComputedStyle(document.querySelector(s));
  return {
    columns: style('ol').gridTemplateColumns.split(' ').length,
    bullets: style('ol').listStyleType,
    font: style('body').fontFamily,
    heading: style('h1').fontWeight,
    border: style('li').borderTopWidth,
    shown: [...document.images].every(i => i.complete && i.naturalWidth > 0),
    scroll: document.documentElement.scrollWidth,
  };
}"""


def test_gallery_in_browser_has_its_style_its_pictures_and_an_empty_console(
    chromium: Any, tmp_path: Path
) -> None:
    trees = drawing.write_gallery(pipeline.open_source("sample_data/l96"), tmp_path, "zh")
    index = tmp_path / "index.html"
    opened = OpenPage(chromium, index, index.read_bytes())
    for image in opened.page.locator("img").all():
        image.scroll_into_view_if_needed()
    opened.page.wait_for_function("[...document.images].every(i => i.complete)")
    look = opened.page.evaluate(LOOK)
    font = look.pop("font")
    assert font.startswith('"Noto Sans SC"')
    assert look == {
        "columns": 3,
        "bullets": "none",
        "heading": "500",
        "border": "1px",
        "shown": True,
        "scroll": 1280,
    }
    assert opened.page.locator("img").count() == trees > 3
    assert opened.errors == []
    assert all(url.startswith(tmp_path.as_uri()) for url in opened.asked)
