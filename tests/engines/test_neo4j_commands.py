"""The command line with a database: ask, draw, check; the password is never printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.neo4j_program import Program
from support.stores import run_cypher

pytestmark = pytest.mark.neo4j
SAMPLE = "sample_data/l96"
COMMANDS = [
    (("effect",), "en"),
    (("recommenders", "--count", "staff"), "zh"),
    (("report",), "zh"),
    (("check",), "zh"),
    (("draw", "C020"), "zh"),
]
"""Commands that take a source, and the language of their answer."""
HOW_COMPUTED = [
    ((), "kept"),
    (("--compute", "columns"), "columns"),
    (("--value", "profit"), "columns"),
]
"""Options, and how the answer is computed with them."""


@pytest.fixture
def program(neo4j_empty: Any, tmp_path: Path) -> Program:
    return Program(neo4j_empty, tmp_path)


def test_commands_print_the_same_from_a_database_as_from_files(program: Program) -> None:
    program("load", SAMPLE, "--into", "neo4j://")
    for words, lang in COMMANDS:
        files, database = (program(*words, s, "--lang", lang) for s in (SAMPLE, "neo4j://"))
        assert files.returncode == database.returncode == 0, (words, database.stderr)
        assert files.stdout == database.stdout, words
        assert len(files.stdout) > 300, words


def test_command_empty_database_exits_3(program: Program) -> None:
    assert program("effect", "neo4j://").returncode == 3


def test_command_json_names_the_engine_and_how_it_was_computed(
    program: Program, neo4j_empty: Any
) -> None:
    program("load", SAMPLE, "--into", "neo4j://")
    for words, computed in HOW_COMPUTED:
        printed = program("effect", "neo4j://", "--format", "json", *words).stdout
        assert f'"computed": "{computed}"' in printed
        assert f'"engine": "neo4j", "source": "{neo4j_empty.uri}"' in " ".join(printed.split())


def test_command_compute_columns_prints_the_same(program: Program) -> None:
    program("load", SAMPLE, "--into", "neo4j://")
    words = ("recommenders", "neo4j://", "--format", "csv")
    computed = program(*words, "--compute", "columns")
    assert computed.returncode == 0
    assert computed.stdout == program(*words).stdout


def test_command_with_a_key_prints_the_same_and_loads_no_name(
    program: Program, neo4j_empty: Any, tmp_path: Path
) -> None:
    (tmp_path / "key").write_bytes(bytes(range(40)))
    key = ("--pseudonymize", str(tmp_path / "key"))
    program("load", SAMPLE, "--into", "neo4j://")
    for words in (("effect",), ("recommenders",), ("draw", "C020"), ("check",)):
        files, database = (program(*words, s, *key) for s in (SAMPLE, "neo4j://"))
        assert files.returncode == database.returncode == 0, (words, database.stderr)
        assert files.stdout == database.stdout and "河北钢铁" not in files.stdout, words
    assert program("effect", "neo4j://", *key, "--snapshot").returncode == 2
    program("load", SAMPLE, "--into", "neo4j://", "--replace", "--yes", *key)
    texts = str(run_cypher(neo4j_empty, "MATCH (n) RETURN properties(n)"))
    assert "河北钢铁" not in texts and "caigou" not in texts and "钢铁冶炼" in texts
    assert program("recommenders", "neo4j://").stdout != program("recommenders", SAMPLE).stdout


@pytest.mark.parametrize("name", ["ragged-rows", "loops"])
def test_command_dirty_source_check_prints_the_same_as_from_files(
    name: str, program: Program
) -> None:
    source = f"sample_data/dirty/{name}"
    loaded = program("load", source, "--into", "neo4j://")
    files, database = (
        program("check", source, "--format", "md") for source in (source, "neo4j://")
    )
    code = 3 if name == "ragged-rows" else 0
    assert loaded.returncode == files.returncode == database.returncode == code
    assert files.stdout == database.stdout


@pytest.mark.parametrize(
    ("words", "code", "remedy"),
    [
        (("effect", "http://127.0.0.1:7474"), 2, "bolt+s"),
        (("effect", "bolt://example.com"), 2, "--insecure"),
        (("effect", "bolt://ann:canary-77@localhost"), 2, "NEO4J_PASSWORD"),
        (("effect", "bolt://127.0.0.1:1"), 4, "host"),
        (("effect", "neo4j://", "--database", "nothere"), 4, "--database"),
        (("load", SAMPLE), 2, "--into"),
        (("effect", "neo4j://", "--password", "x"), 2, "--password"),
        (("effect", "neo4j://", "--node-label", "X"), 3, "--node-label"),
        (("effect", "neo4j://", "--customers", "x.csv"), 2, "Load it"),
        (("load", "nowhere", "--into", "neo4j://"), 5, "nowhere"),
    ],
)
def test_command_error_is_printed_in_two_lines(
    words: tuple[str, ...], code: int, remedy: str, program: Program
) -> None:
    completed = program(*words, "--lang", "en")
    assert completed.returncode == code, completed.stderr
    assert not completed.stdout
    assert len(completed.stderr.strip().splitlines()) == 2
    assert remedy in completed.stderr
    assert "canary-77" not in completed.stderr


def test_command_wrong_password_exits_4_without_printing_it(program: Program) -> None:
    wrong = {"NEO4J_PASSWORD": "canary-wrong-1"}
    completed = program("effect", "neo4j://", env=program.server_variables | wrong)
    assert completed.returncode == 4
    assert "canary" not in completed.stderr + completed.stdout


def test_command_env_file_is_read(program: Program, tmp_path: Path) -> None:
    program("load", SAMPLE, "--into", "neo4j://")
    file = tmp_path / "env"
    lines = [f"{name}={value}" for name, value in program.server_variables.items()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    completed = program("effect", "neo4j://", "--env-file", str(file), env={})
    assert completed.returncode == 0
    assert "30" in completed.stdout


def test_doctor_command_empty_database_is_good(program: Program) -> None:
    completed = program("doctor", "neo4j://", "--lang", "en")
    assert completed.returncode == 0
    assert "the database is empty" in completed.stdout


def test_doctor_command_loaded_database_lists_every_fact(
    program: Program, neo4j_empty: Any
) -> None:
    program("load", SAMPLE, "--into", "neo4j://")
    loaded = program("doctor", "neo4j://", "--lang", "en")
    assert loaded.returncode == 0, loaded.stdout
    for text in (
        "Neo4j/5",
        "community",
        "signed in",
        "round trip",
        "clocks",
        "constraints",
        "indexes",
        "129 customers and 58 referrals",
        "APOC",
    ):
        assert text in loaded.stdout
    run_cypher(neo4j_empty, "MATCH (n:Customer {id: 'C020'}) SET n.revenue = 1.0")
    changed = program("doctor", "neo4j://", "--lang", "en")
    assert changed.returncode == 0
    assert set(changed.stdout.splitlines()) != set(loaded.stdout.splitlines())


def test_doctor_command_damaged_database_exits_3(program: Program, neo4j_empty: Any) -> None:
    program("load", SAMPLE, "--into", "neo4j://")
    run_cypher(neo4j_empty, "DROP CONSTRAINT refgraph_Order_refgraph_row")
    run_cypher(neo4j_empty, "CREATE (:Customer {id: 'new'})")
    damaged = program("doctor", "neo4j://", "--lang", "en")
    faults = [line for line in damaged.stdout.splitlines() if line.startswith("!!")]
    assert damaged.returncode == 3
    assert len(faults) == 1
    assert "Order" in faults[0]
    assert "rows were added or deleted" in damaged.stdout
    assert program("doctor", "neo4j://", "--lang", "zh").stdout.count("!!") == 1
    program("load", SAMPLE, "--into", "neo4j://", "--replace", "--yes")
    assert program("doctor", "neo4j://").returncode == 0


def test_snapshot_command_lists_and_clears(program: Program) -> None:
    program("load", SAMPLE, "--into", "neo4j://")
    expected = program("effect", "neo4j://").stdout
    for _ in range(2):
        assert program("effect", "neo4j://", "--snapshot").stdout == expected
    files = [f for f in Path(program.base["REFGRAPH_CACHE"]).rglob("*") if f.is_file()]
    assert not any(program.password.encode() in file.read_bytes() for file in files)
    header, row = program("snapshot", "list", "--format", "csv").stdout.splitlines()
    assert "neo4j" in row
    cleared = program("snapshot", "clear", "--lang", "en")
    assert cleared.stdout.startswith("1 snapshot")
    assert program("snapshot", "list", "--format", "csv").stdout.splitlines() == [header]
