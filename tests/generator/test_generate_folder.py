"""The folder: same plan same bytes, as a whole or not at all, other data left alone; the command speaks both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import companies
import polars as pl
import pytest
from click.testing import CliRunner, Result

from refgraph import flow, generator
from refgraph.commands.generate import command
from refgraph.errors import FileError, UsageError
from refgraph.flow import generating
from refgraph.generator import FILES, Plan, plain, tables
from refgraph.texts import lookup


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def made(folder: Path, **knobs: Any) -> dict[str, bytes]:
    generating.write(Plan(size=600, **knobs), folder)
    return content(folder)


def call(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def test_same_plan_same_bytes_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (made(tmp_path / name, seed=seed) for name, seed in (("a", 3), ("b", 3), ("c", 4)))
    assert first == again
    assert set(first) == set(FILES)
    assert all(first[name] != other[name] for name in FILES if name != "refgraph.toml")


def test_bytes_depend_neither_on_threads_nor_on_blocks_written_before(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    code = "import sys; from refgraph.flow import generating; from refgraph.generator import Plan; " \
           "generating.write(Plan(size=600), sys.argv[1])"  # fmt: skip
    for threads in ("1", "7"):
        there = tmp_path / threads
        env = os.environ | {"POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads, "LC_ALL": "C", "PYTHONHASHSEED": threads}
        subprocess.run([sys.executable, "-c", code, str(there)], check=True, env=env)
        assert content(there) == here


def test_several_blocks_are_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BLOCK", 100)
    monkeypatch.setattr("refgraph.generator.orders.BLOCK", 70)
    company = generator.build(Plan(size=600))
    generating.write(Plan(size=600), tmp_path / "x")
    for name, frame in generator.frames(company).items():
        read = pl.read_csv(tmp_path / "x" / f"{name}.csv", infer_schema=False)
        assert read.equals(frame)
        assert frame[frame.columns[0]].null_count() == 0
    assert generator.frames(company)["orders"]["order_id"].is_unique().all()


def test_the_folder_reads_back_with_the_counts_of_its_truth(tmp_path: Path) -> None:
    plan = Plan(size=2000, seed=8, loops=3, loop_length=10, self_referrals=4, strangers=0.1, referral_share=0.5)
    generating.write(plan, tmp_path / "x")
    truth = json.loads((tmp_path / "x" / "truth.json").read_text(encoding="utf-8"))
    engine = flow.open_source(tmp_path / "x")
    effect = flow.run(engine, "effect").frame.row(0, named=True)
    counts = truth["counts"]
    planted = tuple(counts[name] for name in ("existing", "referred", "unknown"))
    assert (effect["customers"], effect["referred"], effect["unknown"]) == planted
    assert [effect["bound_low"], effect["bound_high"]] == pytest.approx(truth["share"]["bounds"])
    data = engine.dataset()
    assert dict(data.rejects["code"].value_counts().iter_rows()) == truth["expected"]["set_aside"] == {"self-referral": 4}
    assert data.settings.key_account is not None
    assert dict(data.units) == {"money": "元", "volume": "t"}
    assert Plan(**truth["plan"]) == plan
    assert not data.ignored
    files, memory = data, companies.dataset(generator.build(plan))
    assert files.fingerprint == memory.fingerprint


def test_a_company_without_orders(tmp_path: Path) -> None:
    generating.write(Plan(size=600, order_years=0), tmp_path / "x")
    assert not (tmp_path / "x" / "orders.csv").exists()
    assert flow.run(flow.open_source(tmp_path / "x"), "recommenders").frame.height > 50


def test_other_data_are_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "x"
    first = made(place)
    with pytest.raises(FileError, match="not empty"):
        made(place)
    assert content(place) == first
    generating.write(Plan(size=700), place, replace=True)
    assert content(place) != first
    (place / "notes.csv").write_text("customer,note\n")
    now = content(place)
    with pytest.raises(FileError, match="other files"):
        generating.write(Plan(size=600), place, replace=True)
    assert content(place) == now
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_an_empty_folder_is_taken_and_a_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    made(tmp_path / "empty")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileError):
        made(tmp_path / "file")
    with pytest.raises(FileError):
        made(tmp_path / "no" / "such" / "place")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), UsageError("usage", what="x")])
def test_what_fails_on_the_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    old = made(tmp_path / "x")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("refgraph.generator.writing.truth", fail)
    with pytest.raises((FileError, KeyboardInterrupt, UsageError)):
        generating.write(Plan(size=700), tmp_path / "x", replace=True)
    with pytest.raises((FileError, KeyboardInterrupt, UsageError)):
        generating.write(Plan(size=700), tmp_path / "y")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert content(tmp_path / "x") == old


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    done = call(str(tmp_path / "en"), "--size", "600", "--referral-share", "0.4", "--seed", "5")
    assert done.exit_code == 0, done.output
    assert "600 parties" in done.output
    assert "(seed 5)" in done.output
    chinese = call(str(tmp_path / "zh"), "--size", "600", "--referral-share", "0.4", "--seed", "5", "--lang", "zh")
    assert "共 600 个对象" in chinese.output
    assert content(tmp_path / "en") == content(tmp_path / "zh")
    for lang in ("en", "zh"):
        assert lookup("generate", "notice", lang) in (tmp_path / "en" / "refgraph.toml").read_text(encoding="utf-8")


def test_plain_keeps_what_is_named(tmp_path: Path) -> None:
    call(str(tmp_path / "x"), "--plain", "--size", "800", "--loops", "2", "--referral-share", "0.3")
    plan = json.loads((tmp_path / "x" / "truth.json").read_text(encoding="utf-8"))["plan"]
    assert plan == vars(plain(size=800, loops=2))


def test_faults_of_the_call_are_usage_errors(tmp_path: Path) -> None:
    for words in (["--size", "9"], ["--size", "10000001"], ["--referral-share", "1.5"]):
        error = call(str(tmp_path / "x"), *words).exception
        assert isinstance(error, UsageError)
        assert error.exit_code == 2
    assert not (tmp_path / "x").exists()


def test_help_explains_every_knob_and_law() -> None:
    shown = call("--help").output
    for knob in vars(Plan()):
        assert "--" + knob.replace("_", "-") in shown
    assert "Ehrenberg" in shown
