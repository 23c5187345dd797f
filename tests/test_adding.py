"""docs/adding.md is true: what it adds works in a copy of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|diff)\n(.*?)```", PAGE, re.S)
FILES = (
    "analyses/busiest_days.py",
    "sources/bars.py",
    "renderers/latex.py",
    "renderers/charts/day_bars.py",
    "engines/arrow/factory.py",
)
"""The programs of the page, in order."""
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
    assert len(TEXTS) == 5
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
    assert (len(programs), len(diffs)) == (len(FILES), 5)
    for file, program in zip(FILES, programs, strict=True):
        path = folder / "refgraph" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(program, encoding="utf-8")
    for diff in diffs:
        apply_diff(folder, diff)
    add_texts(folder)
    (folder / "shop").mkdir()
    (folder / "shop" / "customers.psv").write_text("id|name\na|Ada\nb|Bo\nc|Cy\n")
    (folder / "shop" / "referrals.csv").write_text(
        "referrer,referred,at\na,b,2024-05-01\nb,c,2024-05-01\na,c,2024-05-02\n"
    )
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
    table = run(package, "-m", "refgraph", "busiest-days", "shop", "--format", "csv")
    assert table.splitlines()[1:] == ["2024-05-01,2", "2024-05-02,1"]
    page = run(package, "-m", "refgraph", "busiest-days", "shop", "--format", "latex")
    assert page.startswith("% 3 referrals on 2 days")
    assert page.endswith("2024-05-01 & 2 \\\\\n2024-05-02 & 1 \\\\\n\\end{tabular}\n")


def test_added_engine_answers_as_files_do(package: Path) -> None:
    (package / "arrow").mkdir()
    frame = pl.read_csv(package / "five" / "customers.csv", infer_schema=False)
    frame.write_ipc(package / "arrow" / "customers.arrow")
    question = ("-m", "refgraph", "effect", "--format", "csv")
    assert run(package, *question, "arrow://arrow") == run(package, *question, "five")


def test_added_chart_draws_the_added_analysis(package: Path) -> None:
    picture = run(package, "-m", "refgraph", "chart", "busiest-days", "shop")
    assert "2024-05-01" in picture
    assert "2024-05-02" in picture


def test_added_analysis_is_a_function_of_ask(package: Path) -> None:
    program = (
        "import refgraph; data = refgraph.read('five')\n"
        "print(refgraph.ask.busiest_days(data).frame.columns)"
    )
    assert run(package, "-c", program).strip() == "['day', 'referrals']"
