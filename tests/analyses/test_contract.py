"""What every registered analysis must keep, on every toy and on the classic case."""

from __future__ import annotations

import csv
import io
import random
import shutil
from pathlib import Path

import pytest

import examples
import toys
from refgraph import analyses, flow, renderers
from refgraph.engines.offline import Offline
from refgraph.errors import UsageError
from refgraph.model.result import Result
from refgraph.model.units import Unit
from refgraph.renderers import html
from refgraph.texts import LANGUAGES, meaning, say, title

CASE = Path(__file__).parent.parent.parent / "sample_data" / "l96"
EACH = pytest.mark.parametrize("name", analyses.NAMES)


@EACH
@pytest.mark.parametrize("toy", toys.TOYS)
def test_columns_order_and_sentences(name: str, toy: str) -> None:
    what, engine = analyses.load(name), Offline(toys.TOYS[toy]())
    asked = examples.given(name, engine)
    if asked is None:
        with pytest.raises(UsageError):
            flow.run(engine, name)
        return
    result = flow.run(engine, name, asked)
    assert result.frame.columns == [c.name for c in what.asked(what.settle(asked))]
    assert not [c.name for c in result.columns if c.unit is Unit.VALUE]
    for lang in LANGUAGES:
        assert say(result.headline, lang)
        assert all(say(note, lang) for note in result.notes)
        assert all(title(c.text, lang) and meaning(c.text, lang) for c in result.columns)
    keys = [k for k, _ in what.order]
    if keys:
        by = [d for _, d in what.order]
        assert result.frame.equals(result.frame.sort(keys, descending=by, maintain_order=True))


@EACH
@pytest.mark.parametrize("form", renderers.FORMATS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_bytes_twice(name: str, form: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "_with_font", lambda page: page)  # the font has its own test
    engines = [flow.open_source(CASE) for _ in range(2)]
    first, second = (renderers.render(flow.run(e, name, examples.given(name, e)), form, lang) for e in engines)
    assert first == second


def answers(folder: Path, *, place: bool = False) -> dict[str, bytes]:
    """The CSV of every analysis; without file and line, which shuffled rows may change."""
    engine = flow.open_source(folder)
    answered = {name: flow.run(engine, name, examples.given(name, engine)) for name in analyses.NAMES}
    return {name: renderers.render(_placeless(result, place), "csv", "en") for name, result in answered.items()}


def _placeless(result: Result, place: bool) -> Result:
    from dataclasses import replace

    gone = [] if place else [c for c in ("file", "line", "rows") if c in result.frame.columns]
    return replace(result, frame=result.frame.drop(gone), columns=tuple(c for c in result.columns if c.name not in gone))


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def save(path: Path, table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE, tmp_path / "case"))


def test_shuffled_rows_change_nothing(copy: Path) -> None:
    for path in copy.glob("*.csv"):
        head, *body = rows(path)
        random.Random(7).shuffle(body)
        save(path, [head, *body])
    assert answers(copy) == answers(CASE)
    assert flow.open_source(copy).dataset().fingerprint == flow.open_source(CASE).dataset().fingerprint


def test_split_files_change_nothing(copy: Path) -> None:
    for path in list(copy.glob("*.csv")):
        head, *body = rows(path)
        third = len(body) // 3
        for k, part in enumerate((body[:third], body[third:2 * third], body[2 * third:]), 1):
            save(copy / f"{path.stem}-{k}.csv", [head, *part])
        path.unlink()
    assert answers(copy) == answers(CASE)


def test_ids_renamed_in_the_same_order_change_only_ids(copy: Path) -> None:
    ids = [r[0] for r in rows(copy / "customers.csv")[1:]]
    new = {old: f"X{k:05d}" for k, old in enumerate(sorted(ids))}
    for path in copy.glob("*.csv"):
        save(path, [[new.get(cell, cell) for cell in row] for row in rows(path)])
    back = {v.encode(): k.encode() for k, v in new.items()}
    found = answers(copy, place=True)
    for name, content in answers(CASE, place=True).items():
        renamed = found[name]
        for later, earlier in back.items():
            renamed = renamed.replace(later, earlier)
        assert renamed == content


def test_an_added_isolated_customer_changes_only_the_counts(copy: Path) -> None:
    head, *body = rows(copy / "customers.csv")
    extra = [""] * len(head)
    extra[0], extra[2], extra[4], extra[5] = "ZZZ", "客户", "已成交", "2010-01-01"
    save(copy / "customers.csv", [head, *body, extra])
    before, after = answers(CASE), answers(copy)
    assert after["recommenders"] == before["recommenders"]
    assert after["referred"] == before["referred"]
    assert after["effect"] != before["effect"]


@EACH
def test_a_column_that_must_be_asked_for_names_its_option(name: str) -> None:
    what = analyses.load(name)
    options = {p.name: p.default for p in what.parameters}
    for column in what.columns:
        assert not column.asked or not options[column.asked]
    assert what.asked(dict.fromkeys(options, True)) == what.columns
    assert [c for c in what.asked(what.settle({})) if c.asked] == []
