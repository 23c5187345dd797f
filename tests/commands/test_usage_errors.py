"""Mistakes in a call: the nearest names, two lines, and the help of the command that ran."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from support.program import CASE, call

from refgraph.commands.cli import cli

MISTAKES = [
    (("efect", CASE), "effect", "refgraph --help"),
    (("effect", CASE, "--tpo", "3"), "--top", "refgraph effect --help"),
    (("timeline", "efect", CASE), "effect", "refgraph timeline --help"),
    (("snapshot", "lst"), "list", "refgraph snapshot --help"),
    (("effect", CASE, "--top"), "--top", "refgraph effect --help"),
    (("effect", CASE, "--top", "x"), "20", "refgraph effect --help"),
    (("effect", CASE, "--top", "9" * 30), "2147483647", "refgraph effect --help"),
    (("effect", CASE, "--strict=3"), "--strict", "refgraph effect --help"),
    (("credit", CASE, "--delta", "nan"), "nan", "refgraph credit --help"),
    (("recommenders", CASE, "--by", "luv"), "direct_value", "refgraph recommenders --help"),
    (("recommenders", CASE, "--by", "money"), "for --by.", "refgraph recommenders --help"),
    (("credit", CASE, "--split", "mixture"), "conjunctive", "refgraph credit --help"),
    (
        ("credit", CASE, "--delta", "2"),
        "Give --delta a number from 0 to 1",
        "refgraph credit --help",
    ),
    (("communities", CASE, "--resolution", "0"), "above 0", "refgraph communities --help"),
    (("effect", CASE, "--value", "revenues"), "Did you mean revenue?", "refgraph effect --help"),
    (("effect", CASE, "--count", "staff,authority"), "authority", "refgraph effect --help"),
    (("effect", CASE, "--exclude", "alias-farms"), "alias-farm", "refgraph effect --help"),
    (("effect", CASE, "--as-of", "2024-13-01"), "for --as-of.", "refgraph effect --help"),
    (("changes", "effect", CASE, "--then", "2024"), "--now", "refgraph changes effect --help"),
    (
        ("effect", "neo4j://", "--orders-label", "A", "--orders-label", "B"),
        "--orders-label is given more than once",
        "refgraph effect --help",
    ),
    (
        ("effect", CASE, "--as-of", "2024-01-01", "--as-of", "2020-01-01"),
        "--as-of is given more than once",
        "refgraph effect --help",
    ),
    (
        ("credit", CASE, "--split", "direct", "--split", "decay"),
        "--split is given more than once",
        "refgraph credit --help",
    ),
    (("timeline",), "ANALYSIS", "refgraph timeline --help"),
    (("effect", CASE, "-o", "x.pdf"), ".html", "refgraph effect --help"),
    (("report", CASE, "-o", "x.docx"), ".html", "refgraph report --help"),
]


@pytest.mark.parametrize(("words", "hint", "help_command"), MISTAKES, ids=lambda x: str(x)[-40:])
def test_usage_error_names_hint_and_help(
    words: tuple[str, ...], hint: str, help_command: str, clean_environment: Path
) -> None:
    done = call(*words)
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 2)
    assert hint in done.err
    assert done.err.rstrip().endswith(f"See '{help_command}'.")


def test_errors_follow_language_of_settings_next_to_source(clean_environment: Path) -> None:
    (clean_environment / "customers.csv").write_text("id\nA\n")
    (clean_environment / "refgraph.toml").write_text('[options]\nlang = "zh"\n')
    done = call("accounts", str(clean_environment), "--value", "volume")
    assert done.code == 3
    assert "数据没有记录" in done.err


def test_usage_errors_follow_language_of_settings_next_to_source(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id\nA\n")
    (tmp_path / "refgraph.toml").write_text('[options]\nlang = "zh"\n')
    mistaken = ("recommenders", str(tmp_path), "--by", "nothing")
    assert "参见" in call(*mistaken).err
    assert "See" in call(*mistaken, "--lang", "en").err


def test_language_of_two_calls_in_one_process_differs() -> None:
    pages = [
        CliRunner().invoke(cli, ["effect", "--help", "--lang", x]).output for x in ("zh", "en")
    ]
    assert pages[0].startswith("用法")
    assert pages[1].startswith("Usage")


def test_output_dash_writes_to_stdout(clean_environment: Path) -> None:
    words = ["effect", CASE, "--format", "csv"]
    assert call(*words, "-o", "-") == call(*words)


def test_log_is_printed_to_stderr_only_with_debug(clean_environment: Path) -> None:
    words = ["effect", CASE, "--format", "csv"]
    assert "refgraph.commands.session: source" in call(*words, "--debug").err
    assert call(*words).err == ""


def test_suffixes_of_a_report_are_those_of_formats_that_hold_several_tables() -> None:
    assert ".csv" not in call("report", CASE, "-o", "x.docx").err
    assert ".csv" in call("effect", CASE, "-o", "x.docx").err
