"""`result.chart()`: in a notebook, in a file, in axes of matplotlib."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from support.program import CASE

import refgraph
from refgraph import pipeline
from refgraph.errors import UsageError
from refgraph.model.result import Result


def run(name: str, **parameters: object) -> Result:
    return pipeline.run(pipeline.open_source(CASE), name, parameters)


def test_chart_of_an_answer_is_the_one_that_the_command_writes(tmp_path: Path) -> None:
    chart = run("growth").chart(lang="zh", paper="a4", theme="print")
    assert repr(chart).startswith("<ChartPicture: share-by-year")
    svg = chart._repr_svg_()
    assert svg.startswith("<svg") and "d7263d" not in svg and "2025" in svg
    chart.save(tmp_path / "share.pdf")
    assert (tmp_path / "share.pdf").read_bytes().startswith(b"%PDF")


def test_chart_is_chosen_by_name_and_by_the_parameters_of_the_answer() -> None:
    assert run("growth").chart("joins-by-year").name == "joins-by-year"
    assert run("segments", by="region").chart().name == "regions"
    assert run("concentration", curve=True).chart().name == "whale-curve"


@pytest.mark.parametrize(
    ("analysis", "name", "id"),
    [
        ("concentration", None, "chart-needs"),
        ("growth", "whale-curve", "no-chart"),
        ("growth", "whale", "unknown-chart"),
        ("effect", None, "no-chart"),
    ],
)
def test_chart_that_cannot_be_drawn_is_refused(analysis: str, name: str | None, id: str) -> None:
    with pytest.raises(UsageError) as fault:
        run(analysis).chart(name)
    assert fault.value.id == id and str(fault.value)


def test_only_an_answer_is_drawn() -> None:
    with pytest.raises(UsageError):
        refgraph.draw_chart("growth")  # type: ignore[arg-type]


def paint(figure: Figure) -> np.ndarray:
    out = io.BytesIO()
    canvas = FigureCanvasAgg(figure)
    canvas.print_raw(out)
    width, height = canvas.get_width_height()
    pixels = np.frombuffer(out.getvalue(), np.uint8).reshape(height, width, 4)
    return pixels[:, :, :3].astype(int)


def test_chart_in_axes_stays_inside_them_and_leaves_the_others_alone() -> None:
    figure = Figure(figsize=(14, 6), dpi=100)
    left, right = figure.subplots(1, 2)
    right.plot([0, 1], [0, 1])
    before = paint(figure)
    run("recommenders").chart(ax=left)
    after = paint(figure)
    box = left.get_window_extent()
    changed = (before != after).any(axis=2)
    assert changed.any()
    columns = np.flatnonzero(changed.any(axis=0))
    assert columns.max() <= box.x1 + 25 and columns.min() >= box.x0 - 60
    red = (after[:, :, 0] > 180) & (after[:, :, 1] < 80)
    assert red.sum() > 1000
    assert right.get_xlim() != left.get_xlim() and not left.axison
