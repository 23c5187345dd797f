"""sample_data/dirty: every folder gets the codes and the exit code that its README names, and never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from refgraph import flow
from refgraph.errors import RefgraphError
from refgraph.flow.reading import Reading
from refgraph.texts import explain_error

ROOT = Path(__file__).parent.parent
DIRTY = ROOT / "sample_data" / "dirty"
CLEAN = DIRTY / "cr-only"
NAMES = ("bad-byte", "bad-dates", "bad-numbers", "bad-words", "cr-only", "duplicate-headers", "duplicate-ids", "early-referral", "empty-file",
         "gb18030", "loops", "missing-column", "nul", "ragged-rows", "self-referral", "similar-ids", "unclosed-quote", "unknown-id", "unknown-party")  # fmt: skip
FILES = {"README.md", "customers.csv", "referrals.csv", "orders.csv"}


def check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from refgraph.commands import main; main()", "check", str(folder), "--format", "json", *options]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", env=os.environ | {"REFGRAPH_LANG": "en"}, timeout=120)


def expected(folder: Path) -> tuple[set[str], int]:
    """Codes and exit code that the README names."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    line = re.search(r"^`refgraph check` (?:tells (.*)|finds no fault); exit code (\d)\.$", text, re.MULTILINE)
    assert line
    return set(re.findall(r"`([a-z0-9-]+)`", line[1] or "")), int(line[2])


def told(stdout: str) -> set[str]:
    """Codes of rejects and findings in the page."""
    sections = [s for s in json.loads(stdout) if s["analysis"] in ("check-rejects", "check-findings")]
    return {row["code"] for section in sections for row in section["rows"]}


def faults(folder: Path) -> list[RefgraphError]:
    """What reading the folder raises."""
    with pytest.raises(RefgraphError) as caught:
        flow.open_source(folder)
    return [caught.value, *caught.value.others]


def test_every_family_has_its_folder() -> None:
    assert sorted(p.name for p in DIRTY.iterdir()) == sorted(NAMES)
    assert all({p.name for p in (DIRTY / name).iterdir()} == FILES for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_codes_and_exit_code_are_those_of_the_readme(name: str) -> None:
    codes, leave = expected(DIRTY / name)
    done = check(DIRTY / name)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == leave
    if done.stdout:
        assert told(done.stdout) == codes
        return
    found = faults(DIRTY / name)
    assert {fault.id for fault in found} == codes
    lines = done.stderr.splitlines()  # a line of cause and a line of remedy each
    sentences = [part for fault in found for part in explain_error(fault, "en")]
    assert [line.removeprefix("refgraph: ").strip() for line in lines] == sentences


@pytest.mark.parametrize(("name", "options", "codes", "leave"), [
    ("gb18030", ["--encoding", "gb18030"], set(), 0), ("missing-column", ["--delimiter", ";"], set(), 0),
    ("similar-ids", ["--trim"], {"similar-ids"}, 0), ("unknown-party", ["--strict"], {"unknown-party"}, 3),
    ("duplicate-ids", ["--duplicates", "first"], {"conflicting-duplicate"}, 3), ("bad-numbers", ["--loose-numbers"], {"bad-number", "value-mismatch"}, 3),
    ("bad-numbers", ["--allow-rejects"], {"bad-number"}, 0),
])  # fmt: skip
def test_the_options_that_readmes_name(name: str, options: list[str], codes: set[str], leave: int) -> None:
    done = check(DIRTY / name, *options)
    assert (told(done.stdout), done.returncode) == (codes, leave)


def test_readable_another_way_is_the_same_data() -> None:
    clean = flow.open_source(CLEAN).dataset().fingerprint
    assert flow.open_source(DIRTY / "gb18030", Reading(encoding="gb18030")).dataset().fingerprint == clean
    assert flow.open_source(DIRTY / "missing-column", Reading(delimiter=";")).dataset().fingerprint == clean


@pytest.mark.parametrize("name", NAMES)
def test_the_rejects_file_has_the_place_and_the_raw_text(name: str, tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    done = check(DIRTY / name, "--rejects", str(file))
    if not done.stdout:
        assert not file.exists()
        return
    assert file.stat().st_mode & 0o777 == 0o600
    rejects = flow.open_source(DIRTY / name).dataset().rejects
    assert file.read_bytes() == rejects.write_csv().encode()
    for where, line, raw in rejects.select("file", "line", "raw").iter_rows():
        written = (DIRTY / name / where).read_text(encoding="utf-8").splitlines()[line - 1]
        assert raw.replace('"', "") == written.replace('"', "")


def test_the_maker_writes_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("0", "1"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        subprocess.run([sys.executable, ROOT / "scripts" / "make_dirty_data", tmp_path / seed], check=True, env=env)
        made = {p.relative_to(tmp_path / seed): p.read_bytes() for p in (tmp_path / seed).rglob("*") if p.is_file()}
        assert made == {p.relative_to(DIRTY): p.read_bytes() for p in DIRTY.rglob("*") if p.is_file()}
