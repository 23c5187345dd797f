"""Outlines as numbers: rows keep apart, columns keep apart, lines run through no row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.layout_trees import chain, star, trees
from support.random_cases import cases

from refgraph.layouts.outline import compute_levels, connect_outline, lay_out_outline

ROW, INDENT, GAP, MARK = 20.0, 26.0, 44.0, 8.0
shapes = st.tuples(st.sampled_from([100.0, 800.0, 1920.0]), st.sampled_from([300.0, 1080.0]))


def lay_out(parent: np.ndarray, width: np.ndarray, page: tuple[float, float]):
    nobody = np.zeros(len(parent), bool)
    return lay_out_outline(parent, width, nobody, row_height=ROW, indent=INDENT, gap=GAP, page=page)


@settings(max_examples=cases(200), deadline=None)
@given(trees(60), shapes, st.integers(0, 9))
def test_rows_of_any_outline_keep_apart_and_no_line_runs_through_one(
    parent: np.ndarray, page: tuple[float, float], seed: int
) -> None:
    width = np.random.default_rng(seed).uniform(40, 240, len(parent))
    outline = lay_out(parent, width, page)
    assert len(set(zip(outline.column.tolist(), outline.y.tolist(), strict=True))) == len(parent)
    assert (outline.x >= 0).all() and (outline.x + width <= outline.width + 1e-6).all()
    assert (outline.y - ROW / 2 >= 0).all() and (outline.y <= outline.height - ROW / 2).all()
    for column in range(int(outline.column.max())):
        end = (outline.x + width)[outline.column == column].max()
        assert outline.x[outline.column == column + 1].min() >= end + GAP - 1e-6
    order = np.lexsort((outline.y, outline.column))
    assert (order == np.arange(len(parent))).all(), "read column by column, it is the preorder"
    lines = np.concatenate(connect_outline(outline, MARK))
    t = np.linspace(0, 1, 40)[None, :, None]
    dots = (lines[:, :1] * (1 - t) + lines[:, 1:] * t).reshape(-1, 1, 2)
    text = outline.x + 2 * MARK
    inside = (dots[..., 0] > text) & (dots[..., 0] < outline.x + width)
    inside &= np.abs(dots[..., 1] - outline.y) < ROW / 2 - 1
    assert not inside.any()


def test_twigs_end_at_the_marks_and_begin_below_the_parents() -> None:
    parent = np.array([-1, 0, 1, 1, 0], np.int32)
    outline = lay_out(parent, np.full(5, 100.0), (100.0, 1000.0))
    twigs, rails = connect_outline(outline, MARK)
    assert (twigs[:, 1] == np.stack((outline.x + MARK, outline.y), axis=1)[1:]).all()
    assert rails[:, 0, 0].tolist() == [8.0, 34.0, 34.0, 8.0]
    assert rails[:, :, 1].tolist() == [[10.0, 30.0], [30.0, 50.0], [50.0, 70.0], [30.0, 90.0]]


def test_chain_is_not_indented_and_wraps_star_fills_columns() -> None:
    assert compute_levels(chain(50), np.zeros(50, bool)).tolist() == [0] * 50
    for parent in (chain(500), star(500)):
        outline = lay_out(parent, np.full(500, 150.0), (1920.0, 1080.0))
        assert 0.5 < outline.width / outline.height / (1920 / 1080) < 2


@pytest.mark.parametrize("shape", [star, chain])
def test_outline_of_100000_rows_is_finite(shape) -> None:
    outline = lay_out(shape(100_000), np.full(100_000, 90.0), (1920.0, 1080.0))
    assert np.isfinite(outline.x).all() and outline.column.max() > 0
    assert np.isfinite(connect_outline(outline, MARK)[1]).all()


def test_outline_of_other_lengths_or_no_tree_is_refused() -> None:
    for parent, n in ((chain(3), 2), (chain(0), 0), (np.array([-1, 2, 0], np.int32), 3)):
        with pytest.raises(ValueError):
            lay_out(parent, np.full(n, 50.0), (100.0, 100.0))
