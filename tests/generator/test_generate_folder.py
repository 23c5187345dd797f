"""The folder of ``generate``: same plan same bytes, all or nothing, other data untouched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from support import companies

from refgraph import generator, pipeline
from refgraph.commands.generate import command
from refgraph.errors import FileError, UsageError
from refgraph.generator import FILE_NAMES, Plan, make_plain_plan, tables
from refgraph.pipeline import generate
from refgraph.texts import look_up

SCRIPT = (
    "import sys; from refgraph.pipeline import generate; from refgraph.generator import Plan; "
    "generate.write_company(Plan(size=600), sys.argv[1])"
)


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def write_folder(folder: Path, **knobs: Any) -> dict[str, bytes]:
    """A small company, written and read back."""
    generate.write_company(Plan(size=600, **knobs), folder)
    return read_folder(folder)


def read_truth(folder: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return truth


def call(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def test_write_company_with_same_seed_gives_same_bytes(tmp_path: Path) -> None:
    first, again = (write_folder(tmp_path / name, seed=3) for name in "ab")
    assert first == again
    assert set(first) == set(FILE_NAMES)


def test_write_company_with_another_seed_gives_other_bytes(tmp_path: Path) -> None:
    first, other = (write_folder(tmp_path / str(seed), seed=seed) for seed in (3, 4))
    assert all(first[name] != other[name] for name in FILE_NAMES if name != "refgraph.toml")


@pytest.mark.parametrize("threads", ["1", "7"])
def test_write_company_does_not_depend_on_threads_or_locale(tmp_path: Path, threads: str) -> None:
    environment = os.environ | {
        "POLARS_MAX_THREADS": threads,
        "OMP_NUM_THREADS": threads,
        "LC_ALL": "C",
        "PYTHONHASHSEED": threads,
    }
    there = tmp_path / "there"
    subprocess.run([sys.executable, "-c", SCRIPT, str(there)], check=True, env=environment)
    assert read_folder(there) == write_folder(tmp_path / "here")


def test_write_company_in_blocks_equals_the_frames_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BLOCK", 100)
    monkeypatch.setattr("refgraph.generator.orders.BLOCK", 70)
    company = generator.build_company(Plan(size=600))
    generate.write_company(Plan(size=600), tmp_path / "x")
    frames = generator.build_frames(company)
    for name, frame in frames.items():
        written = pl.read_csv(tmp_path / "x" / f"{name}.csv", infer_schema=False)
        assert written.equals(frame)
        assert frame[frame.columns[0]].null_count() == 0
    assert frames["orders"]["order_id"].is_unique().all()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    """A plan with planted faults and its folder."""
    plan = Plan(
        size=2000,
        seed=8,
        loops=3,
        loop_length=10,
        self_referrals=4,
        strangers=0.1,
        referral_share=0.5,
    )
    folder = tmp_path_factory.mktemp("faulty") / "x"
    generate.write_company(plan, folder)
    return plan, folder


def test_effect_of_the_folder_equals_its_truth(faulty: tuple[Plan, Path]) -> None:
    _, folder = faulty
    truth = read_truth(folder)
    effect = pipeline.run(pipeline.open_source(folder), "effect").frame.row(0, named=True)
    counts = truth["counts"]
    assert effect["customers"] == counts["existing"]
    assert effect["referred"] == counts["referred"]
    assert effect["unknown"] == counts["unknown"]
    assert [effect["bound_low"], effect["bound_high"]] == pytest.approx(truth["share"]["bounds"])


def test_dataset_of_the_folder_has_its_faults_and_settings(faulty: tuple[Plan, Path]) -> None:
    plan, folder = faulty
    truth, data = read_truth(folder), pipeline.open_source(folder).dataset()
    rejected = dict(data.rejects["code"].value_counts().iter_rows())
    assert rejected == truth["expected"]["rejected"] == {"self-referral": 4}
    assert data.settings.key_account is not None
    assert dict(data.units) == {"money": "元", "volume": "t"}
    assert Plan(**truth["plan"]) == plan
    assert not data.ignored


def test_dataset_of_the_folder_equals_that_in_memory(faulty: tuple[Plan, Path]) -> None:
    plan, folder = faulty
    files = pipeline.open_source(folder).dataset()
    memory = companies.dataset(generator.build_company(plan))
    assert files.fingerprint == memory.fingerprint


def test_write_company_without_order_years_has_no_orders(tmp_path: Path) -> None:
    generate.write_company(Plan(size=600, order_years=0), tmp_path / "x")
    assert not (tmp_path / "x" / "orders.csv").exists()
    assert pipeline.run(pipeline.open_source(tmp_path / "x"), "recommenders").frame.height > 50


def test_write_company_into_a_used_folder_needs_replace(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    first = write_folder(folder)
    with pytest.raises(FileError, match="not empty"):
        write_folder(folder)
    assert read_folder(folder) == first
    generate.write_company(Plan(size=700), folder, replace=True)
    assert read_folder(folder) != first
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_write_company_into_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    write_folder(folder)
    (folder / "notes.csv").write_text("customer,note\n")
    before = read_folder(folder)
    with pytest.raises(FileError, match="other files"):
        generate.write_company(Plan(size=600), folder, replace=True)
    assert read_folder(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_write_company_into_an_empty_folder_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert set(write_folder(tmp_path / "empty")) == set(FILE_NAMES)


def test_write_company_over_a_file_or_below_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "no" / "such" / "place"):
        with pytest.raises(FileError):
            write_folder(place)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), KeyboardInterrupt(), UsageError("usage", what="x")],
)
def test_write_company_that_fails_midway_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    before = write_folder(tmp_path / "x")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("refgraph.generator.company_files.describe_truth", fail)
    for folder, replace in ((tmp_path / "x", True), (tmp_path / "y", False)):
        with pytest.raises((FileError, KeyboardInterrupt, UsageError)):
            generate.write_company(Plan(size=700), folder, replace=replace)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert read_folder(tmp_path / "x") == before


def test_generate_command_sums_up_in_both_languages_and_writes_the_same(tmp_path: Path) -> None:
    knobs = ("--size", "600", "--referral-share", "0.4", "--seed", "5")
    english = call(str(tmp_path / "en"), *knobs)
    assert english.exit_code == 0, english.output
    assert "600 parties" in english.output
    assert "(seed 5)" in english.output
    chinese = call(str(tmp_path / "zh"), *knobs, "--lang", "zh")
    assert "600" in chinese.output
    assert "种子 5" in chinese.output
    assert read_folder(tmp_path / "en") == read_folder(tmp_path / "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_settings_of_the_folder_say_that_it_is_synthetic(tmp_path: Path, lang: str) -> None:
    settings = write_folder(tmp_path / "x")["refgraph.toml"].decode()
    assert look_up("generate", "notice", lang) in settings


def test_generate_plain_plants_only_the_knobs_given(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    call(str(folder), "--plain", "--size", "800", "--loops", "2", "--referral-share", "0.3")
    assert Plan(**read_truth(folder)["plan"]) == make_plain_plan(size=800, loops=2)


@pytest.mark.parametrize(
    "words", [("--size", "9"), ("--size", "10000001"), ("--referral-share", "1.5")]
)
def test_generate_with_a_knob_out_of_range_is_a_usage_error(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    error = call(str(tmp_path / "x"), *words).exception
    assert isinstance(error, UsageError)
    assert error.exit_code == 2
    assert not (tmp_path / "x").exists()


def test_generate_help_names_every_knob_and_the_sources_of_the_laws() -> None:
    help_text = call("--help").output
    for knob in vars(Plan()):
        assert "--" + knob.replace("_", "-") in help_text
    assert "Ehrenberg" in help_text
