"""docs/adding.md is true: what it adds works in a copy of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|diff)\n(.*?)```", PAGE, re.S)
TEXTS = re.findall(r"^\| `(\w+\.toml)` \| (.*?) \| (.*?) \|$", PAGE, re.M)


def apply_diff(folder: Path, diff: str) -> None:
    """Insert the added lines behind the context line of a diff of one hunk."""
    path = folder / re.findall(r"^\+\+\+ b/(\S+)$", diff, re.M)[0]
    lines = diff.splitlines()[diff.splitlines().index("@@") + 1 :]
    context = [line[1:] for line in lines if line.startswith(" ")]
    added = [line[1:] for line in lines if line.startswith("+")]
    text = path.read_text(encoding="utf-8")
    before, after = context[0] + "\n", "".join(f"{line}\n" for line in context[1:])
    assert text.count(before + after) == 1, f"{path.name} has no lines {context}"
    new = before + "".join(f"{line}\n" for line in added) + after
    path.write_text(text.replace(before + after, new), encoding="utf-8")


def add_texts(folder: Path) -> None:
    """The texts that the table of the page names, where the languages lack them."""
    sentences = {"headlines": re.findall(r'`busiest-days = "(.*?)"`', PAGE)[0]}
    assert len(TEXTS) == 4
    for lang in ("en", "zh"):
        for file, tables, keys in TEXTS:
            path = folder / "refgraph" / "texts" / lang / file
            for table in re.findall(r"\[(\w+)\]", tables):
                for key in re.findall(r"`([\w-]+)(?: = .*?)?`", keys):
                    sentence = sentences.get(path.stem, "日期 day")
                    add_text(path, table, key, sentence)


def add_text(path: Path, table: str, key: str, sentence: str) -> None:
    text = path.read_text(encoding="utf-8")
    section = re.search(rf"^\[{table}\]\n(.*?)(?=^\[|\Z)", text, re.M | re.S)
    assert section, f"{path.name} has no table {table}"
    if not re.search(rf'^"?{key}"? = ', section[1], re.M):
        at = section.start(1)
        path.write_text(f'{text[:at]}{key} = "{sentence}"\n{text[at:]}', encoding="utf-8")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with everything that the page adds."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "refgraph", folder / "refgraph", ignore=ignored)
    shutil.copytree(ROOT / "sample_data" / "five-en", folder / "five", ignore=ignored)
    programs = [block for kind, block in BLOCKS if kind == "python"]
    diffs = [block for kind, block in BLOCKS if kind == "diff"]
    assert (len(programs), len(diffs)) == (2, 3)
    package = folder / "refgraph"
    (package / "analyses" / "busiest_days.py").write_text(programs[0], encoding="utf-8")
    (package / "sources" / "bars.py").write_text(programs[1], encoding="utf-8")
    (package / "renderers" / "latex.py").write_text(
        textwrap.dedent(
            """
            from refgraph.model.result import Result
            from refgraph.renderers.view import View


            def render(subject: Result, view: View) -> bytes:
                return f"% {view.say(subject.headline)}".encode()
            """
        ),
        encoding="utf-8",
    )
    for diff in diffs:
        apply_diff(folder, diff)
    add_texts(folder)
    return folder


def run(folder: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_added_analysis_reads_the_added_format_and_writes_the_added_one(package: Path) -> None:
    (package / "customers.psv").write_text("id|name\na|Ada\nb|Bo\nc|Cy\n")
    (package / "referrals.csv").write_text(
        "referrer,referred,at\na,b,2024-05-01\nb,c,2024-05-01\na,c,2024-05-02\n"
    )
    files = ["--customers", "customers.psv", "--referrals", "referrals.csv"]
    table = run(package, "-m", "refgraph", "busiest-days", *files, "--format", "csv")
    assert table.splitlines()[1:] == ["2024-05-01,2", "2024-05-02,1"]
    page = run(package, "-m", "refgraph", "busiest-days", *files, "--format", "latex")
    assert page.startswith("% 3 referrals on 2 days")


def test_added_analysis_is_a_function_of_ask(package: Path) -> None:
    program = (
        "import refgraph; data = refgraph.read('five')\n"
        "print(refgraph.ask.busiest_days(data).frame.columns)"
    )
    assert run(package, "-c", program).strip() == "['day', 'referrals']"
