"""sample_data/dirty: every folder gives the codes and exit code of its README."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from support.program import Done, call

from refgraph import pipeline
from refgraph.errors import RefgraphError
from refgraph.pipeline.options import SourceOptions
from refgraph.texts import explain_error, get_label

ROOT = Path(__file__).parent.parent
DIRTY = ROOT / "sample_data" / "dirty"
CLEAN = DIRTY / "cr-only"
NAMES = (
    "bad-byte",
    "bad-dates",
    "bad-numbers",
    "bad-words",
    "cr-only",
    "duplicate-headers",
    "duplicate-ids",
    "early-referral",
    "empty-file",
    "gb18030",
    "loops",
    "missing-column",
    "nul",
    "ragged-rows",
    "self-referral",
    "similar-ids",
    "unclosed-quote",
    "unknown-id",
    "unknown-party",
)
FILES = {"README.md", "customers.csv", "referrals.csv", "orders.csv"}


def check(folder: Path, *options: str) -> Done:
    return call("check", str(folder), "--format", "json", "--lang", "en", *options)


def read_expected(folder: Path) -> tuple[set[str], int]:
    """Codes and exit code that the README names."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    line = re.search(
        r"^`refgraph check` (?:reports (.*)|finds no fault); exit code (\d)\.$", text, re.MULTILINE
    )
    assert line
    return set(re.findall(r"`([a-z0-9-]+)`", line[1] or "")), int(line[2])


def read_codes(stdout: str) -> set[str]:
    """Codes of rejects and findings in the page."""
    sections = [
        s for s in json.loads(stdout) if s["analysis"] in ("check-rejects", "check-findings")
    ]
    return {row["code"] for section in sections for row in section["rows"]}


def collect_faults(folder: Path) -> list[RefgraphError]:
    """What reading the folder raises."""
    with pytest.raises(RefgraphError) as caught:
        pipeline.open_source(folder)
    return [caught.value, *caught.value.others]


def test_dirty_data_has_one_complete_folder_per_case() -> None:
    assert sorted(p.name for p in DIRTY.iterdir()) == sorted(NAMES)
    assert all({p.name for p in (DIRTY / name).iterdir()} == FILES for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_check_dirty_folder_gives_codes_and_exit_code_of_readme(name: str) -> None:
    codes, exit_code = read_expected(DIRTY / name)
    done = check(DIRTY / name)
    assert "Traceback" not in done.out + done.err
    assert done.code == exit_code
    if done.out:
        assert read_codes(done.out) == codes
        return
    found = collect_faults(DIRTY / name)
    assert {fault.id for fault in found} == codes
    lines = done.err.splitlines()  # a line of cause and a line of remedy each
    sentences = [part for fault in found for part in explain_error(fault, "en")]
    assert [line.removeprefix("refgraph: ").strip() for line in lines] == sentences


@pytest.mark.parametrize(
    ("name", "options", "codes", "exit_code"),
    [
        ("gb18030", ["--encoding", "gb18030"], set(), 0),
        ("missing-column", ["--delimiter", ":"], set(), 0),
        ("similar-ids", ["--trim"], {"similar-ids"}, 0),
        ("unknown-party", ["--strict"], {"unknown-party"}, 3),
        ("duplicate-ids", ["--duplicates", "first"], {"conflicting-duplicate"}, 3),
        ("bad-numbers", ["--loose-numbers"], {"bad-number", "value-mismatch"}, 3),
        ("bad-numbers", ["--allow-rejects"], {"bad-number", "ambiguous-number"}, 0),
    ],
)
def test_check_dirty_folder_with_option_of_readme_gives_other_codes(
    name: str, options: list[str], codes: set[str], exit_code: int
) -> None:
    done = check(DIRTY / name, *options)
    assert (read_codes(done.out), done.code) == (codes, exit_code)


def test_open_source_with_dialect_of_readme_gives_clean_data() -> None:
    clean = pipeline.open_source(CLEAN).dataset().fingerprint
    assert (
        pipeline.open_source(DIRTY / "gb18030", SourceOptions(encoding="gb18030"))
        .dataset()
        .fingerprint
        == clean
    )
    assert (
        pipeline.open_source(DIRTY / "missing-column", SourceOptions(delimiter=":"))
        .dataset()
        .fingerprint
        == clean
    )


@pytest.mark.parametrize("name", NAMES)
def test_check_with_rejects_writes_lines_and_raw_text(name: str, tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    done = check(DIRTY / name, "--rejects", str(file))
    if not done.out:
        assert not file.exists()
        return
    assert file.stat().st_mode & 0o777 == 0o600
    rejects = pipeline.open_source(DIRTY / name).dataset().rejects
    reasons = [get_label(code, "en") for code in rejects["code"]]
    expected = rejects.with_columns(pl.Series("reason", reasons, dtype=pl.String))
    assert file.read_bytes() == expected.write_csv().encode()
    for where, line, raw in rejects.select("file", "line", "raw").iter_rows():
        written = (DIRTY / name / where).read_text(encoding="utf-8").splitlines()[line - 1]
        assert raw.replace('"', "") == written.replace('"', "")


def test_make_dirty_data_again_writes_same_bytes(tmp_path: Path) -> None:
    for seed in ("0", "1"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        subprocess.run(
            [sys.executable, ROOT / "scripts" / "make_dirty_data", tmp_path / seed],
            check=True,
            env=env,
        )
        made = {
            p.relative_to(tmp_path / seed): p.read_bytes()
            for p in (tmp_path / seed).rglob("*")
            if p.is_file()
        }
        assert made == {
            p.relative_to(DIRTY): p.read_bytes() for p in DIRTY.rglob("*") if p.is_file()
        }
