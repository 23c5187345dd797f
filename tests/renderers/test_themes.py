"""Themes: legible or refused, gray in print, nothing of the default palette left in a brand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.program import CASE, call
from support.random_cases import cases

from refgraph import pipeline
from refgraph.errors import RefgraphError
from refgraph.renderers import fonts, palette
from refgraph.renderers.charts import CHARTS, build_chart_scene, render_chart
from refgraph.renderers.contrast import compute_contrast, mix_colors, turn_gray
from refgraph.renderers.scene import Texts
from refgraph.renderers.style import PictureStyle
from refgraph.renderers.themes import LIGHT_CELLS, apply_theme, load_theme

BRAND = 'closed = "#0055a4"\ntext = "#10243a"\nmuted = "#4a5a6a"\nbackground = "#fbfbf8"\n'
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def save(folder: Path, text: str) -> str:
    path = folder / "brand.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("one", "other", "contrast"),
    [("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 4.0), ("#0000ff", "#ffff00", 8.0)],
)
def test_contrast_equals_published_ratios(one: str, other: str, contrast: float) -> None:
    assert compute_contrast(one, other) == pytest.approx(contrast, abs=0.01)


@settings(max_examples=cases(300))
@given(COLORS)
def test_gray_is_as_light_as_its_color(color: str) -> None:
    gray = turn_gray(color)
    assert gray[1:3] == gray[3:5] == gray[5:7]
    assert compute_contrast(gray, color) < 1.06


@settings(max_examples=cases(300), deadline=None)
@given(COLORS)
def test_any_brand_color_gives_legible_cells_and_names(
    tmp_path_factory: pytest.TempPathFactory, color: str
) -> None:
    theme = load_theme(save(tmp_path_factory.mktemp("theme"), f'closed = "{color}"'))
    assert theme
    assert compute_contrast(theme.recolor(palette.CLOSED_TEXT), "#ffffff") >= 4.5
    tints = (palette.CUSTOMER_INKS["former"].fill, palette.CLOSED_EDGE, palette.CLOSED_BAND)
    for tint in map(theme.recolor, tints):
        assert re.fullmatch("#[0-9a-f]{6}", tint)
        assert all(tint[k : k + 2] >= color[k : k + 2] for k in (1, 3, 5))
    for k, cell in enumerate(palette.SHARE_COLORS):
        text = palette.TEXT if k < LIGHT_CELLS else palette.BACKGROUND
        assert compute_contrast(theme.recolor(cell), theme.recolor(text)) >= 4.5


@pytest.mark.parametrize("name", CHARTS)
def test_print_is_gray_and_every_text_keeps_its_contrast(name: str) -> None:
    chart = CHARTS[name]
    result = pipeline.run(pipeline.open_source(CASE), chart.analysis, dict(chart.parameters))
    svg = render_chart(name, result, "svg", "en", PictureStyle(theme="print")).decode()
    colors = set(re.findall(r'"(#[0-9a-f]{6})"', svg))
    assert colors and all(c[1:3] == c[3:5] == c[5:7] for c in colors)
    scene = build_chart_scene(name, result, "en", PictureStyle(), fonts.load_font())
    gray = apply_theme(scene, load_theme("print"))
    on_page = [g for g in gray.groups if isinstance(g, Texts) and g.name in ("title", "legend")]
    assert all(compute_contrast(g.color, gray.background) >= 4.5 for g in on_page)


def test_brand_file_colors_the_tree_and_the_chart(tmp_path: Path) -> None:
    brand = save(tmp_path, BRAND)
    for words in (["draw", "--largest"], ["chart", "top-recommenders"]):
        done = call(*words, CASE, "--theme", brand, "--no-embed-font")
        assert done.code == 0 and "#0055a4" in done.out and 'fill="#fbfbf8"' in done.out
        assert palette.CUSTOMER_INKS["closed"].fill not in done.out


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ('text = "#999999"', "low-contrast"),
        ('background = "#303030"', "low-contrast"),
        ('closed_text = "#ff8888"', "low-contrast"),
        ('closed = "red"', "theme-color"),
        ('accents = ["#12345"]', "theme-color"),
        ("closed = 3", "theme-color"),
        ('colour = "#000000"', "config-unknown"),
        ("font = 3", "config-type"),
        ("closed = ", "config-not-toml"),
    ],
)
def test_theme_that_cannot_be_used_is_refused(tmp_path: Path, text: str, id: str) -> None:
    path = save(tmp_path, text)
    with pytest.raises(RefgraphError) as fault:
        load_theme(path)
    assert fault.value.id == id
    done = call("chart", "top-recommenders", CASE, "--theme", path)
    assert done.code in (2, 3) and not done.out and len(done.err.splitlines()) >= 2


def test_contrast_of_a_refused_text_is_reported() -> None:
    contrast = round(compute_contrast("#999999", "#ffffff"), 2)
    assert contrast == 2.85 and mix_colors("#999999", "#ffffff", 1.0) == "#ffffff"


def test_unknown_theme_and_missing_file_are_refused(tmp_path: Path) -> None:
    assert "Did you mean print?" in call("draw", "--largest", CASE, "--theme", "prin").err
    assert call("draw", "--largest", CASE, "--theme", str(tmp_path / "no.toml")).code == 5
