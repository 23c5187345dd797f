"""The contract of every registered analysis, on every toy and on the classic case."""

from __future__ import annotations

import csv
import io
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support import examples, toys

from refgraph import analyses, pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.errors import UsageError
from refgraph.model.result import Result
from refgraph.model.units import Unit
from refgraph.renderers import html
from refgraph.texts import LANGUAGES, format_message, get_column_meaning, get_column_title

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
EACH = pytest.mark.parametrize("name", analyses.NAMES)


@EACH
@pytest.mark.parametrize("toy", toys.TOYS)
def test_analysis_on_toys_keeps_columns_order_and_texts(name: str, toy: str) -> None:
    analysis, engine = analyses.load(name), toys.open_toy(toy)
    parameters = examples.get_parameters(name, engine)
    if parameters is None:
        with pytest.raises(UsageError):
            pipeline.run(engine, name)
        return
    result = pipeline.run(engine, name, parameters)
    columns = analysis.select_columns(analysis.fill_defaults(parameters))
    assert result.frame.columns == [column.name for column in columns]
    assert Unit.VALUE not in {column.unit for column in result.columns}
    for lang in LANGUAGES:
        for text in (result.headline, *result.notes):
            assert format_message(text, lang)
        for column in result.columns:
            assert get_column_title(column.text, lang)
            assert get_column_meaning(column.text, lang)
    if analysis.order:
        keys, descending = zip(*analysis.order, strict=True)
        ordered = result.frame.sort(keys, descending=descending, maintain_order=True)
        assert result.frame.equals(ordered)


@pytest.fixture(scope="module")
def engines() -> tuple[Engine, Engine]:
    """The classic case, read twice."""
    return pipeline.open_source(CASE), pipeline.open_source(CASE)


@EACH
def test_analysis_on_the_same_data_gives_the_same_bytes(
    name: str, engines: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "_embed_font", lambda page, packed: page)  # the font has its own test
    first, second = (
        pipeline.run(engine, name, examples.get_parameters(name, engine)) for engine in engines
    )
    for form in renderers.FORMATS:
        for lang in LANGUAGES:
            page = renderers.render(first, form, lang)
            assert page == renderers.render(second, form, lang), (form, lang)


def compute_answers(folder: Path, *, with_location: bool = False) -> dict[str, bytes]:
    """The CSV of every analysis, by default without file and line, which shuffled rows change."""
    engine = pipeline.open_source(folder)
    pages = {}
    for name in analyses.NAMES:
        result = pipeline.run(engine, name, examples.get_parameters(name, engine))
        if not with_location:
            result = drop_location(result)
        pages[name] = renderers.render(result, "csv", "en")
    return pages


def drop_location(result: Result) -> Result:
    dropped = [name for name in ("file", "line", "rows") if name in result.frame.columns]
    columns = tuple(column for column in result.columns if column.name not in dropped)
    return replace(result, frame=result.frame.drop(dropped), columns=columns)


@pytest.fixture(scope="module")
def classic_answers() -> dict[str, bytes]:
    """Those of the classic case."""
    return compute_answers(CASE)


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the classic case that may be changed."""
    return Path(shutil.copytree(CASE, tmp_path / "case"))


def test_answers_with_shuffled_rows_stay_the_same(
    copy: Path, classic_answers: dict[str, bytes]
) -> None:
    for path in copy.glob("*.csv"):
        header, *body = read_rows(path)
        random.Random(7).shuffle(body)
        write_rows(path, [header, *body])
    assert compute_answers(copy) == classic_answers
    shuffled, original = (pipeline.open_source(folder).dataset() for folder in (copy, CASE))
    assert shuffled.fingerprint == original.fingerprint


def test_answers_with_split_files_stay_the_same(
    copy: Path, classic_answers: dict[str, bytes]
) -> None:
    for path in list(copy.glob("*.csv")):
        header, *body = read_rows(path)
        third = len(body) // 3
        parts = (body[:third], body[third : 2 * third], body[2 * third :])
        for number, part in enumerate(parts, 1):
            write_rows(copy / f"{path.stem}-{number}.csv", [header, *part])
        path.unlink()
    assert compute_answers(copy) == classic_answers


def test_answers_with_renamed_ids_change_only_ids(copy: Path) -> None:
    old_ids = sorted(row[0] for row in read_rows(copy / "customers.csv")[1:])
    new_ids = {old: f"X{number:05d}" for number, old in enumerate(old_ids)}
    for path in copy.glob("*.csv"):
        rows = [[new_ids.get(cell, cell) for cell in row] for row in read_rows(path)]
        write_rows(path, rows)
    renamed = compute_answers(copy, with_location=True)
    for name, content in compute_answers(CASE, with_location=True).items():
        for old, new in new_ids.items():
            renamed[name] = renamed[name].replace(new.encode(), old.encode())
        assert renamed[name] == content, name


def test_answers_with_isolated_customer_change_only_counts(
    copy: Path, classic_answers: dict[str, bytes]
) -> None:
    header, *body = read_rows(copy / "customers.csv")
    extra = [""] * len(header)
    extra[0], extra[2], extra[4], extra[5] = "ZZZ", "客户", "已成交", "2010-01-01"
    write_rows(copy / "customers.csv", [header, *body, extra])
    changed = compute_answers(copy)
    assert changed["recommenders"] == classic_answers["recommenders"]
    assert changed["referred"] == classic_answers["referred"]
    assert changed["effect"] != classic_answers["effect"]


@EACH
def test_optional_columns_name_an_option_that_is_off(name: str) -> None:
    analysis = analyses.load(name)
    defaults = {p.name: p.default for p in analysis.parameters}
    for column in analysis.columns:
        assert not column.asked or not defaults[column.asked]
    assert analysis.select_columns(dict.fromkeys(defaults, True)) == analysis.columns
    assert not [c for c in analysis.select_columns(defaults) if c.asked]
